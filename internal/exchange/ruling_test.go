package exchange

import (
	"crypto/ed25519"
	"crypto/sha256"
	"slices"
	"testing"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
)

// rule lets a person at the office decide about an entry, and gives what became of that.
func (w *world) rule(link fold.Link, kind journal.RulingKind) (Decision, Reason) {
	seed := sha256.Sum256([]byte("the office's own"))
	key := ed25519.NewKeyFromSeed(seed[:])
	if w.desk == (fold.WriterID{}) {
		w.fill(w.desk[:])
	}
	l := w.ledger.clone()
	head, known, _ := l.Writer(w.desk)
	if !known {
		head = Writer{ID: w.desk, Link: journal.Genesis(w.desk)}
	}
	c := journal.Change{Time: journal.At(w.now), Ruling: &journal.Ruling{Link: link, Kind: kind}, Reason: "seen on paper"}
	w.fill(c.Salt[:])
	b := journal.Batch{Writer: w.desk, FirstSeq: head.Seq + 1, Previous: head.Link, Payloads: [][]byte{c.Encode()}}
	b.Certificate = journal.NewDevelopment(key, journal.Serial(seed[:16]), "Case officer", "office")
	b.Serial = b.Certificate.Serial
	b.Seal = journal.Seal(key, w.desk, b.LastSeq(), b.Links()[0])
	o := NewOffice(l, Terms{Epoch: w.epoch.ID, NowMS: w.now, Gate: w.gate})
	out, err := o.Ingest(b)
	w.must(err)
	w.must(o.Flush())
	l.finish()
	if len(out.Tallies) != 1 || out.Tallies[0].New != 1 {
		w.fail("the ruling did not come in: %v", out.Writers)
	}
	w.ledger = l
	w.dots[Ruled{Link: link}.Admitted()] = link
	for _, v := range out.Verdicts {
		return v.Decision, v.Reason
	}
	return Accepted, NoReason
}

// held are the entries that are, in the order of the log.
func (w *world) held() (out []Logged) {
	for _, e := range w.ledger.log {
		if e.Decision == Held {
			out = append(out, e)
		}
	}
	return out
}

// shut is a phone whose person may see nothing and one whose may see all.
func shut(t *testing.T) (w *world, a, b *phone) {
	w, a, b = stage(t, 2)
	w.gate = gateOf(w)
	a.set(note, "common")
	w.syncAll()
	a.set(note, "of A")
	b.sight = w.sees()
	b.set(note, "of B")
	w.syncAll()
	return w, a, b
}

func TestAnAdmittedChangeStandsBesideWhatCameSince(t *testing.T) {
	w, a, b := shut(t)
	all := w.held()
	if len(all) != 1 {
		t.Fatalf("%d entries are held, want B's", len(all))
	}
	a.wants(note, "of A")
	if d, r := w.rule(all[0].Link, journal.Admit); d != Accepted {
		t.Fatalf("the ruling is %v for %v", d, r)
	}
	w.syncAll()
	got := a.state(note.id).Entries(fold.Path{Field: noteField})
	if len(got) != 2 || !slices.ContainsFunc(got, func(e fold.Entry) bool {
		return e.Dot == Ruled{Link: all[0].Link}.Admitted() && e.Time == all[0].Time
	}) {
		t.Fatalf("A sees %v, want both values, B's under a name of its own", got)
	}
	own, err := b.book.Find(all[0].Link)
	w.must(err)
	if own.Decision != Accepted || own.Reason != NoReason {
		t.Errorf("B's phone has heard %v %v, want that it was admitted", own.Decision, own.Reason)
	}
	w.settle()
}

// The first answer that B's phone hears says that the entry was admitted: the one that
// said it was held is lost. What it shows then is what the office has.
func TestAPhoneThatMissedTheHoldHearsOfTheAdmission(t *testing.T) {
	for _, blind := range []bool{false, true} {
		w, a, b := stage(t, 2)
		b.set(note, "common")
		w.syncAll()
		w.gate = guard{b.cert.Key, w.sees()}
		if blind {
			w.gate, b.sight = gateOf(w), w.sees()
		}
		b.set(note, "of B")
		b.begin(1 << 20)
		b.ask()
		b.deliver()
		b.turn = nil
		w.rule(w.held()[0].Link, journal.Admit)
		if !blind {
			w.gate = nil
		}
		a.set(noteElse, "so that the log goes on")
		w.syncAll()
		if blind {
			b.wants(note)
			b.sight = nil
		}
		w.syncAll()
		b.wants(note, "of B")
		w.settle()
	}
}

// What B wrote is here by A's hands, held and admitted, while B's phone is being sent a
// long page: it hears of that before the record comes, and shows it as the office does.
func TestAPhoneHearsOfAnAdmissionBeforeTheRecordComes(t *testing.T) {
	w, a, b := stage(t, 2)
	b.set(note, "common")
	w.syncAll()
	w.gate, w.maxPage = guard{b.cert.Key, w.sees()}, 1
	b.begin(1 << 20)
	b.ask()
	b.set(note, "of B")
	b.gives(a)
	a.sync(1 << 20)
	w.rule(w.held()[0].Link, journal.Admit)
	w.gate = nil
	a.set(noteElse, "more than a page")
	a.sync(1 << 20)
	for b.deliver(); b.take().More; b.deliver() {
		b.ask()
	}
	b.wants(note, "of B")
	b.wants(noteElse, "more than a page")
	w.settle()
}

// A record that nobody but B knows of, and that B may not see: its creation is held.
func TestWhatIsAdmittedAndNotToBeSeenLeavesItsWritersPhone(t *testing.T) {
	w, a, b := stage(t, 2)
	w.gate, b.sight = gateOf(w), w.sees()
	b.sync(1 << 20)
	b.set(note, "of B")
	b.begin(1 << 20)
	b.ask()
	b.deliver()
	b.turn = nil
	w.rule(w.held()[0].Link, journal.Admit)
	w.syncAll()
	b.wants(note)
	a.wants(note, "of B")
	w.settle()
}

func TestARulingIsMadeOnceAndOnlyAboutWhatIsHeld(t *testing.T) {
	w, a, _ := shut(t)
	link := w.held()[0].Link
	accepted := w.ledger.log[0].Link
	for _, x := range []struct {
		link fold.Link
		kind journal.RulingKind
		want Reason
	}{
		{accepted, journal.Admit, Unreadable},
		{fold.Link{1}, journal.Admit, Unreadable},
		{link, journal.Reopen, Already},
		{link, journal.Leave, NoReason},
		{link, journal.Leave, Already},
		{link, journal.Reopen, NoReason},
		{link, journal.Reopen, Already},
		{link, journal.Leave, NoReason},
		{link, journal.Admit, NoReason},
		{link, journal.Admit, Already},
		{link, journal.Leave, Already},
		{link, journal.Reopen, Already},
	} {
		w.now++
		if d, got := w.rule(x.link, x.kind); got != x.want || (d == Accepted) != (x.want == NoReason) {
			t.Errorf("%v about %x: %v for %v, want %v", x.kind, x.link[:2], d, got, x.want)
		}
	}
	// A ruling is not itself something to rule about.
	w.gate = guard{a.cert.Key, w.sees()}
	w.settle()
}

// What is admitted is judged for GUARDED then: the visit has moved on.
func TestAnAdmissionIsRefusedWhereTheStepWasTaken(t *testing.T) {
	w, a, b := stage(t, 2)
	w.gate = gateOf(w)
	a.set(step1, "\x01")
	w.syncAll()
	b.sight = w.sees()
	b.set(step1, "\x03")
	b.sync(1 << 20)
	held := w.held()
	a.set(step1, "\x02")
	a.sync(1 << 20)
	if d, r := w.rule(held[0].Link, journal.Admit); d != Refused || r != Stale {
		t.Errorf("%v for %v, want refused as stale", d, r)
	}
	if e := w.ledger.log[len(w.ledger.log)-1]; len(e.Records) > 0 {
		t.Error("a ruling that was refused is in the history of a record")
	}
	w.settle()
}

// A phone cannot rule, whatever its person may write.
func TestOnlyTheOfficeRules(t *testing.T) {
	w, _, _ := shut(t)
	held := w.held()[0]
	d, r, _, err := Author{}.May(Case{Change: journal.Change{}, Ruling: journal.Admit})
	if err != nil || d != Refused || r != Denied {
		t.Errorf("a device's ruling: %v for %v, want refused", d, r)
	}
	w.gate = ruledBy{func(c Case) bool { return c.Ruling == 0 }}
	if d, r := w.rule(held.Link, journal.Admit); d != Held || r != Denied {
		t.Errorf("%v for %v", d, r)
	}
	ruling := w.ledger.log[len(w.ledger.log)-1]
	w.gate = nil
	if d, r := w.rule(ruling.Link, journal.Admit); d != Refused || r != Unreadable {
		t.Errorf("a ruling about a ruling: %v for %v", d, r)
	}
	w.settle()
}

// ruledBy holds what it does not let through.
type ruledBy struct{ lets func(Case) bool }

func (g ruledBy) May(c Case) (Decision, Reason, error) {
	if g.lets(c) {
		return Accepted, NoReason, nil
	}
	return Held, Denied, nil
}

// A team-mate who had the held words on the screen, and saved over them.
func TestWhoNamesAnAdmittedEntrySavesOverIt(t *testing.T) {
	w, a, b := stage(t, 2)
	w.gate = gateOf(w)
	a.set(note, "common")
	w.syncAll()
	b.sight = w.sees()
	b.set(note, "of B")
	b.gives(a)
	a.wants(note, "of B")
	a.set(note, "over B's")
	b.sync(1 << 20)
	w.rule(w.held()[0].Link, journal.Admit)
	w.syncAll()
	a.wants(note, "over B's")
	w.settle()
}
