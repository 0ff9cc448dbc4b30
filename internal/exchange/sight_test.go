package exchange

import (
	"bytes"
	"crypto/ed25519"
	"testing"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// only is what somebody may see: these records, or all.
type only struct {
	all     bool
	records map[record.ID]bool
	// version is another one after each change, also after one that was taken back:
	// what was seen in between has to go.
	version uint64
}

// sees makes the sight of those records.
func (w *world) sees(ids ...record.ID) only {
	w.sightings++
	o := only{records: map[record.ID]bool{}, version: w.sightings}
	for _, id := range ids {
		o.records[id] = true
	}
	return o
}

func (o only) Sees(r Record) (bool, error) { return o.all || o.records[r.ID], nil }

func (o only) Mark() (uint64, error) { return o.version, nil }

func (o only) Lost(Position) ([]record.ID, error) { return nil, nil }

// guard lets the owner of one key change only these records.
type guard struct {
	key ed25519.PublicKey
	may only
}

func (g guard) May(c Case) (Decision, Reason, error) {
	for _, r := range c.Change.Records {
		if g.key.Equal(c.Key) && !g.may.records[r.ID] {
			return Held, Denied, nil
		}
	}
	return Accepted, NoReason, nil
}

// asSeen holds what a phone changes that its person may not see.
type asSeen struct{ *world }

func gateOf(w *world) Gate { return asSeen{w} }

func (g asSeen) May(c Case) (Decision, Reason, error) {
	for _, p := range g.phones {
		if !p.cert.Key.Equal(c.Key) {
			continue
		}
		for _, r := range c.Change.Records {
			if p.blind(r.ID) {
				return Held, Denied, nil
			}
		}
	}
	return Accepted, NoReason, nil
}

// whole fails unless the phone and the office hold the same of what the phone's
// person may see, and nothing else is on the phone.
func (p *phone) whole(t *testing.T) {
	t.Helper()
	got := p.sync(1 << 20)
	here, err := DigestOf(p.book.States)
	p.must(err)
	if got.Digest == nil || !bytes.Equal(here.Sum, got.Digest.Sum) {
		t.Errorf("%d records here, %v at the office for its person", here.Records, got.Digest)
	}
}

func TestAPhoneIsSentWhatItsPersonMaySee(t *testing.T) {
	for _, page := range []int{1, MaxPage} {
		w, a, b := stage(t, 2)
		w.maxPage = page
		b.sight = w.sees(noteElse.id)
		a.set(note, "not for B")
		a.set(noteElse, "for B")
		a.set(step1, "a")
		a.sync(1 << 20)
		b.whole(t)
		b.wants(note)
		b.wants(noteElse, "for B")
		a.set(note, "still not")
		a.sync(1 << 20)
		b.whole(t)
		b.wants(note)

		t.Log("more")
		b.sight = w.sees(noteElse.id, note.id)
		b.whole(t)
		b.wants(note, "still not")

		t.Log("other")
		b.sight = w.sees(step1.id)
		b.whole(t)
		b.wants(note)
		b.wants(noteElse)
		if len(b.book.views) != 1 {
			t.Errorf("%d records are on the phone", len(b.book.views))
		}

		t.Log("nothing")
		b.sight = w.sees()
		b.whole(t)
		if len(b.book.views) != 0 {
			t.Errorf("%d records are on the phone", len(b.book.views))
		}
	}
}

// B changes what it no longer may, offline.
func TestWhatIsHeldIsNotShown(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(note, "common")
	w.syncAll()
	b.set(note, "late")
	b.set(noteElse, "of B")
	b.sight = w.sees(noteElse.id)
	w.gate = guard{b.cert.Key, w.sees(noteElse.id)}
	b.whole(t)
	b.wantsAnswer(1, Held, Denied)
	b.wantsAnswer(2, Accepted, NoReason)
	b.wants(note)
	b.wants(noteElse, "of B")
	a.sync(1 << 20)
	a.wants(note, "common")

	t.Log("somebody who never saw it is told the same")
	w.gate = guard{b.cert.Key, w.sees()}
	c := w.addPhone()
	c.sight = w.sees()
	w.gate = guard{c.cert.Key, w.sees()}
	c.whole(t)
	c.set(note, "a guess")
	c.whole(t)
	c.wantsAnswer(1, Held, Denied)
	c.wants(note)
	w.checkLog()
}

// B  1 (elsewhere) ── 2 (a place) ── 3 (elsewhere) ── bundle with 2 alone ──> A
//
// B is taken off the team before the office has any of it: it holds 2, which A brings, and
// waits for 1 and 3, as long as B's phone lies in a drawer. A writes to the same place, which
// is accepted. However often A syncs: what A has written stays, A goes on under its name,
// and nothing comes twice.
func TestWhatIsHeldIsTakenAwayOnce(t *testing.T) {
	for _, page := range []int{1, MaxPage} {
		w, a, b := stage(t, 3)
		c := w.phones[2]
		w.gate, w.maxPage = gateOf(w), page
		b.set(noteElse, "not for A")
		b.set(note, "held")
		b.set(noteElse, "nor this")
		made := b.handOver(onlyNew, func(id record.ID) bool { return id != noteElse.id })
		if missing := a.takeOver(made); missing != nil {
			t.Fatal(missing)
		}
		a.wants(note, "held")
		b.sight = w.sees()
		a.sync(1 << 20)
		a.wants(note)
		if waits := a.peers(); len(waits) != 2 {
			t.Fatalf("%d wait for their answer", len(waits))
		}

		c.set(step1, "\x01") // so that there is another page
		c.set(noteElse, "by C")
		c.sync(1 << 20)
		a.set(note, "by A")
		id := a.book.self.ID
		a.begin(1 << 20)
		for a.turn != nil {
			a.ask()
			a.deliver()
			a.take()
			a.wants(note, "by A")
		}
		a.wantsAnswer(4, Accepted, NoReason)
		for range 3 {
			if got := a.sync(1 << 20); got.Pulled > 0 {
				t.Errorf("%d records came again", got.Pulled)
			}
			a.wants(note, "by A")
		}
		if a.book.self.ID != id {
			t.Error("it goes on under another id, though it has lost nothing")
		}

		t.Log("the drawer is opened")
		b.sync(1 << 20)
		a.sync(1 << 20)
		if waits := a.peers(); len(waits) > 0 {
			t.Errorf("%d still wait", len(waits))
		}
		a.wants(note, "by A")
		w.settle()
	}
}

// An office that is asked after a whole chain says again what it holds of it.
func TestWhatIsSaidAgainToBeHeldIsNoNews(t *testing.T) {
	w, a, b := stage(t, 2)
	w.gate = gateOf(w)
	b.set(note, "held")
	b.set(noteElse, "not for A")
	if missing := a.takeOver(b.handOver(onlyNew, func(id record.ID) bool { return id != noteElse.id })); missing != nil {
		t.Fatal(missing)
	}
	b.sight = w.sees()
	a.sync(1 << 20)
	a.wantsAnswer(1, Held, Denied)
	a.set(note, "by A")
	a.sync(1 << 20)
	id := a.book.self.ID
	again := a.book.entries[0]
	answer := &daylightv1.SyncResponse{
		Epoch: w.epoch.ID, Cursor: a.book.self.Cursor, More: true,
		Verdicts: []*daylightv1.Verdict{verdict(again.Link, Known{again.Dot, Held, Denied, again.Position, false}, false)},
	}
	a.must(a.tx(func(d *Device) error {
		_, err := d.Take(Sent{}, answer)
		return err
	}))
	a.wants(note, "by A")
	if a.book.self.ID != id {
		t.Error("it goes on under another id, though it has lost nothing")
	}
}

// A  letter ── "by A" ── sync, the answer is lost
//
// A is taken off the record. The office answers the letter: A is told of the new sight, and
// still shows what has no answer. Once that has come too, it goes, as all else did.
func TestWhatTheOfficeHasAndDoesNotSendGoesWithItsAnswer(t *testing.T) {
	w, a, b := stage(t, 2)
	w.gate = gateOf(w)
	a.sight = w.sees(note.id)
	l := a.letter(1 << 20)
	a.set(note, "by A")
	a.begin(1 << 20)
	a.ask()
	a.deliver()
	a.turn = nil
	a.sight = w.sees()
	w.answer(l)
	if !a.takeAnswer(l) {
		t.Fatal("the answer was not taken")
	}
	a.wants(note, "by A")
	a.whole(t)
	a.wantsAnswer(1, Accepted, NoReason)
	a.wants(note)
	b.whole(t)
	b.wants(note, "by A")

	t.Log("and comes back")
	a.sight = w.sees(note.id)
	a.whole(t)
	a.wants(note, "by A")
	w.settle()
}

// A  letter ── 1 "by A" ── 2 ── bundle with 2 alone ──> B ── sync ──> office
//
// The office has no more than the hash of 1 when it answers the letter, with all that A may
// see now. That 1 is not among it says nothing: A shows it also when it is accepted.
func TestWhatTheOfficeWaitsForStays(t *testing.T) {
	w, a, b := stage(t, 2)
	w.gate = gateOf(w)
	a.sight = w.sees(note.id, noteElse.id)
	l := a.letter(1 << 20)
	a.set(note, "by A")
	a.set(noteElse, "for B too")
	if missing := b.takeOver(a.handOver(onlyNew, func(id record.ID) bool { return id != note.id })); missing != nil {
		t.Fatal(missing)
	}
	b.sync(1 << 20)
	w.wantsLog(1)
	a.sight = w.sees(note.id, noteElse.id)
	w.answer(l)
	if !a.takeAnswer(l) {
		t.Fatal("the answer was not taken")
	}
	a.wants(note, "by A")
	a.whole(t)
	a.wantsAnswer(1, Accepted, NoReason)
	a.wants(note, "by A")
	w.settle()
}

// B   opens a form of "one", amends that to "two", loses the record, and saves the form
func TestAFormOfARecordThatWasTakenAwayCoversNothing(t *testing.T) {
	w, a, b := stage(t, 2)
	b.sight = w.sees(note.id)
	b.set(note, "created")
	b.set(note, "one")
	f := b.open(note.kind, note.id)
	b.set(note, "two")
	b.whole(t)
	b.sight = w.sees()
	b.whole(t)
	b.wants(note)
	if !b.save(f, func(m record.Message) { note.edit(m, "three") }) {
		t.Fatal("nothing tells the phone that the form is stale")
	}
	b.sight = w.sees(note.id)
	b.whole(t)
	a.sync(1 << 20)
	a.wants(note, "three", "two")
}

// C   sets a type of place ── clears it          A sees neither, and removes the place
//
// The office is restored to before the clearing, and holds it now: C is no longer to see
// the place. What A removed had no such type, as A was shown; it stays removed.
func TestARemovalCoversWhatItsAuthorWasShownAsCleared(t *testing.T) {
	w, a, c := stage(t, 2)
	w.gate = gateOf(w)
	a.sight, c.sight = only{all: true, version: 1}, only{all: true, version: 1}
	prison := target{note.kind, note.id, typesField, "PRISON"}
	c.set(prison, "x")
	c.sync(1 << 20)
	backup := w.backup()
	c.set(prison, "")
	w.syncAll()
	a.wants(prison)
	a.remove(a.open(prison.kind, prison.id))
	w.restoreOffice(backup, true)
	c.sight = only{version: 2}
	w.syncAll()
	c.wantsAnswer(2, Held, Denied)
	if !a.state(prison.id).Removed() {
		t.Fatal("it came back")
	}
	w.settle()
}
