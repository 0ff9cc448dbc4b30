package exchange

import (
	"math"
	"slices"
	"testing"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
)

const onlyNew = fold.Time(math.MaxUint64)

func everything(record.ID) bool { return true }

// gives hands over what the office has not answered for.
func (p *phone) gives(to ...*phone) bundle {
	p.t.Helper()
	b := p.handOver(onlyNew, everything)
	for _, q := range to {
		if missing := q.takeOver(b); missing != nil {
			p.t.Fatalf("phone %s: %v", q.name, missing)
		}
	}
	return b
}

// peer is an entry of somebody else's that the phone has not been answered for.
func (p *phone) peers() (out []Noted) {
	for e := range p.book.all {
		if e.Peer != nil && e.Decision == 0 {
			out = append(out, e)
		}
	}
	return out
}

// A  "a" ── bundle ──> B saves over it ── bundle ──> C ── sync ──> office
func TestABundleShowsAtOnceAndOneBringsItForAll(t *testing.T) {
	w, a, b := stage(t, 3)
	c := w.phones[2]
	a.set(note, "a")
	a.gives(b)
	b.wants(note, "a")
	b.set(note, "b, who saw a")
	b.gives(c)
	c.wants(note, "b, who saw a")
	c.sync(1 << 20)
	w.wantsLog(2)
	b.sync(1)
	a.sync(1)
	w.wantsLog(2) // nobody sent it again
	for _, p := range w.phones {
		p.wants(note, "b, who saw a")
		if n := len(p.peers()); n > 0 {
			t.Errorf("phone %s still waits for %d", p.name, n)
		}
	}
	w.settle()
}

// A   1 ── 2 "lost"          the office has 2; B saw it, and saved over it
//
//	└── back to here ── 2' "again"      A takes B's bundle before it has synced
func TestAnEntryThatNamesAnUnansweredOneShowsAnOlderCopy(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(note, "one")
	w.syncAll()
	image := a.book.clone()
	a.set(note, "lost")
	w.syncAll()
	b.set(note, "over what A lost")
	a.restore(image)
	a.set(note, "again")
	id, again := a.book.self.ID, a.book.entries[1].Link
	b.gives(a)
	if a.book.self.ID == id || a.book.entries[1].Writer != journal.BranchID(w.epoch.ID, again) {
		t.Error("what has no answer did not become a branch")
	}
	a.wants(note, "again", "over what A lost")
	w.syncAll()
	b.wants(note, "again", "over what A lost")
	w.settle()
}

// The same, seen by C, which has A's second 2 from A itself.
func TestAThirdPhoneHoldsWhatAnOlderCopyWrote(t *testing.T) {
	w, a, b := stage(t, 3)
	c := w.phones[2]
	a.set(note, "one")
	w.syncAll()
	image := a.book.clone()
	a.set(note, "lost")
	a.sync(1)
	b.sync(1)
	b.set(note, "over what A lost")
	a.restore(image)
	a.set(note, "again")
	a.gives(c)
	c.wants(note, "again")
	b.gives(c)
	c.wants(note, "again", "over what A lost")
	c.set(nameEn, "by C")
	w.syncAll()
	a.wants(note, "again", "over what A lost")
	w.settle()
}

// A   1 ── 2 ── bundle ──> B
//
//	└── back to here: B gives A its own words back
func TestAnOlderCopyGetsItsWordsBackFromATeamMate(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(note, "one")
	image := a.book.clone()
	a.book.self.Open = nil
	a.set(noteElse, "two")
	a.gives(b)
	a.restore(image)
	id := a.book.self.ID
	b.gives(a)
	a.wants(noteElse, "two")
	if a.book.self.ID == id {
		t.Error("it goes on under an id under which it may write what it wrote before")
	}
	a.set(noteElse, "three")
	w.syncAll()
	b.wants(noteElse, "three")
	w.settle()
}

// A   1 ── 2 "mine"     both give a bundle to C, which has synced with neither
//
//	└─── 2' "theirs"  A', a copy
func TestTwoBranchesMeetOnADevice(t *testing.T) {
	w, a, _ := stage(t, 3)
	c := w.phones[2]
	a.set(note, "common")
	a.sync(1)
	c.sync(1)
	b := a.copy()
	a.set(note, "mine")
	b.set(note, "theirs")
	a.gives(c)
	b.gives(c)
	c.wants(note, "theirs", "mine")
	c.set(note, "settled by C")
	c.sync(1)
	w.syncAll()
	a.wants(note, "settled by C")
	b.wants(note, "settled by C")
	w.settle()
}

// A   1 "mine"
//
//	1' "theirs" ── 2' unreadable ── 3' "theirs, later"   A', a copy, gives all to A
//
// What nobody can read is not shown, and stands between A and nothing: 3' goes on from 1'.
func TestABranchGoesOnBehindWhatIsNotShown(t *testing.T) {
	w, a, _ := stage(t, 1)
	b := a.copy()
	a.set(note, "mine")
	form := a.open(note.kind, note.id)
	a.set(note, "mine, later")
	b.set(note, "theirs")
	b.poison()
	b.set(note, "theirs, later")
	b.gives(a)
	a.wants(note, "theirs, later", "mine, later")
	if a.typed(form, note, "over what it did not show") {
		t.Error("it was saved")
	}
	w.syncAll()
	a.wants(note, "theirs, later", "mine, later")
	w.settle()
}

// C has heard from the office of A:2. A's copy wrote another 2, and gives it to C.
func TestWhatTheOfficeMayHaveAnsweredForIsNotShown(t *testing.T) {
	w, a, _ := stage(t, 3)
	c := w.phones[2]
	a.set(note, "one")
	a.sync(1)
	b := a.copy()
	b.set(note, "another two")
	a.set(note, "two")
	a.sync(1)
	c.sync(1)
	b.gives(c)
	c.wants(note, "two")
	if got := c.peers(); len(got) != 1 || !got[0].Peer.Hidden {
		t.Fatalf("%+v", got)
	}
	c.set(note, "over two")
	c.sync(1)
	c.wants(note, "over two", "another two")
	if n := len(c.peers()); n > 0 {
		t.Errorf("%d still have no answer", n)
	}
	w.settle()
}

// A  "x" in the log ── B saves over it, refused with the rest of that change
//
//	C saw only B's value, and saves over it: x stays gone
func TestARefusalOfATeamMateRaisesNoDead(t *testing.T) {
	w, a, b := stage(t, 3)
	c := w.phones[2]
	a.set(note, "x")
	w.syncAll()
	bad := fold.Edit{Path: fold.Path{Field: 16}, Value: occurrence(16, "\xff")}
	b.newer(b.open(note.kind, note.id), fold.Path{Field: note.field}, occurrence(noteField, "y"), bad)
	b.gives(c)
	if got := c.values(note); !slices.Equal(got, []string{"x"}) {
		t.Errorf("what cannot be taken is shown: %q", got)
	}
	c.set(note, "z")
	w.syncAll()
	a.wants(note, "z")
	w.settle()
}

// A  1 (visit) ── 2 (place) ── 3 (visit)      B may not read places
//
//	B brings 1, #2, 3: the office waits for 2, and tells A so
func TestTheOfficeWaitsForWhatIsLeftOut(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(step1, "\x01")
	a.set(note, "B may not read this")
	a.set(step1, "\x02")
	n := len(a.book.entries)
	made := a.handOver(onlyNew, func(id record.ID) bool { return id != note.id })
	if missing := b.takeOver(made); missing != nil {
		t.Fatal(missing)
	}
	b.wants(note)
	b.sync(1)
	w.wantsLog(n - 1)
	if got, _ := w.ledger.AwaitedOf(a.book.self.ID); len(got) != 1 {
		t.Fatalf("the office waits for %v", got)
	}
	if got := b.peers(); len(got) != 1 || len(got[0].Payload) > 0 {
		t.Errorf("B still has %+v", got)
	}
	b.sync(1) // asks, and sends nothing
	w.wantsLog(n - 1)
	a.sync(1)
	w.wantsLog(n)
	a.wants(note, "B may not read this")
	if e := w.ledger.log[n-1]; e.Position != Position(n) || e.Decision != Accepted {
		t.Errorf("it is %v at %d", e.Decision, e.Position)
	}
	b.sync(1)
	if got := b.peers(); len(got) > 0 {
		t.Errorf("B still has %+v", got)
	}
	w.settle()
}

// The second bundle without the first.
func TestABundleThatBeginsTooLateSaysWhatIsMissing(t *testing.T) {
	w, a, b := stage(t, 3)
	c := w.phones[2]
	a.set(note, "one")
	a.set(noteElse, "two")
	first := a.handOver(onlyNew, everything)
	a.set(step1, "\x01")
	second := a.handOver(onlyNew, everything)
	for i, x := range second.batches { // as a program would that remembers what it gave
		if x.FirstSeq == 1 {
			second.batches[i].Entries = x.Entries[2:]
			second.batches[i].FirstSeq = 3
			second.batches[i].PreviousLink = a.book.entries[1].Link[:]
		}
	}
	missing := b.takeOver(second)
	if missing == nil || missing.From != 1 || missing.To != 2 {
		t.Fatalf("%+v", missing)
	}
	if len(b.peers()) > 0 {
		t.Error("a part of it was taken")
	}
	for range 2 {
		if missing := b.takeOver(first); missing != nil {
			t.Fatal(missing)
		}
		if missing := b.takeOver(second); missing != nil {
			t.Fatal(missing)
		}
	}
	b.wants(note, "one")
	b.wants(noteElse, "two")
	c.sync(1)
	w.settle()
}

// A ── letter 1 ──> office ── answer 1 ──> A
//
//	└ letter 2 ───> office ── answer 2 ──> A, before answer 1 and after
func TestAnswersComeInAnyOrder(t *testing.T) {
	w, a, b := stage(t, 2)
	b.set(noteElse, "by B")
	b.sync(1)
	a.sync(1)
	a.set(note, "first")
	one := a.letter(1)
	a.set(nameEn, "second")
	two := a.letter(1)
	w.answer(one)
	b.set(noteElse, "by B, later")
	b.sync(1)
	w.answer(two)
	if !a.takeAnswer(two) {
		t.Fatal("the later answer was not taken")
	}
	a.wants(noteElse, "by B, later")
	a.wantsAnswer(1, Accepted, NoReason)
	log := len(w.ledger.log)
	if a.takeAnswer(one) {
		t.Error("an answer that is older than what is known was taken")
	}
	a.wants(noteElse, "by B, later")
	if !a.takeAnswer(two) {
		t.Error("the same answer cannot be taken again")
	}
	w.answer(one)
	a.sync(1)
	w.wantsLog(log)
	w.settle()
}

// The office was restored after A had made its letter.
func TestALetterFromBeforeARestore(t *testing.T) {
	w, a, b := stage(t, 2)
	b.set(note, "by B")
	w.syncAll()
	backup := w.backup()
	a.set(noteElse, "by A")
	l := a.letter(1 << 20)
	w.restoreOffice(backup, true)
	w.answer(l)
	w.wantsLog(len(backup.log))
	a.takeAnswer(l)
	next := a.letter(1 << 20)
	w.answer(next)
	if !a.takeAnswer(next) {
		t.Fatal("the answer after the restore was not taken")
	}
	a.wants(noteElse, "by A")
	w.settle()
}

// C writes under A's name, with a key and certificate of its own, and gives it to B
// before A does.
func TestWhoeverWritesUnderAnothersNameIsFoundOut(t *testing.T) {
	w, a, b := stage(t, 3)
	c := w.phones[2]
	a.set(note, "by A")
	made := a.handOver(onlyNew, everything)
	a.sync(1)
	c.book.self.ID, c.book.self.Link = a.book.self.ID, journal.Genesis(a.book.self.ID)
	c.set(noteElse, "by somebody who says to be A")
	forged := c.handOver(onlyNew, everything)
	w.phones = w.phones[:2]
	if missing := b.takeOver(forged); missing != nil {
		t.Fatal(missing)
	}
	b.wants(noteElse, "by somebody who says to be A")
	b.sync(1)
	b.wants(noteElse)
	b.wants(note, "by A")
	if missing := b.takeOver(made); missing != nil {
		t.Fatal(missing)
	}
	b.sync(1)
	w.wantsLog(1)
	w.settle()
}

// C  1 ── sync ── 2 ── bundle with 2 alone ──> B, who removes what it has on screen
//
//	the office has 1, which B has not seen: it must not go with the rest
func TestARemovalCoversNothingThatCameWithoutItsPast(t *testing.T) {
	for _, answered := range []bool{false, true} {
		w, a, b := stage(t, 3)
		c := w.phones[2]
		a.set(note, "made by A")
		w.syncAll()
		c.set(nameEn, "one")
		c.sync(1)
		c.set(note, "two")
		c.gives(b)
		b.wants(note, "two")
		f := b.open(note.kind, note.id)
		if answered { // the form was opened before
			b.sync(1)
		}
		b.remove(f)
		w.syncAll()
		if a.state(note.id).Removed() {
			t.Errorf("answered before %v: what B had not seen was removed", answered)
		}
		w.settle()
	}
}

// A  opens a window        B  "b"        C  "c" over it ── bundle ──> A
//
// A types into the old window, and the office holds what C wrote: C is no longer in the
// team. A has seen neither, so "b" must not go with "c".
func TestAnOldWindowCoversNothingThatSomebodyElseReplaced(t *testing.T) {
	w, a, b := stage(t, 3)
	c := w.phones[2]
	w.gate = gateOf(w)
	for _, p := range w.phones {
		p.sight = only{all: true, version: 1}
	}
	b.set(nameEn, "Tower")
	w.syncAll()
	window := a.open(note.kind, note.id)
	b.set(note, "b")
	w.syncAll()
	c.set(note, "c, who saw b")
	c.gives(a)
	a.wants(note, "c, who saw b")
	a.typed(window, note, "a, who saw neither")
	a.wants(note, "a, who saw neither", "c, who saw b")
	c.sight = only{version: 2}
	w.syncAll()
	w.settle()
	b.wants(note, "a, who saw neither", "b")
}

// C  1 ── 2 ── bundle with 2 alone, as if the office had 1 ──> B
//
//	the office cannot take 2 yet; B's roles change meanwhile, and B may not see it
func TestWhatIsLentGoesAlsoWhereTheOfficeHadToWait(t *testing.T) {
	w, a, b := stage(t, 3)
	c := w.phones[2]
	a.set(note, "seen by all")
	b.sight = only{all: true, version: 1}
	w.syncAll()
	c.set(noteElse, "one")
	c.set(note, "two")
	made := c.handOver(onlyNew, everything)
	for _, x := range made.batches {
		x.Entries, x.FirstSeq, x.Answered = x.Entries[1:], 2, 1
		x.PreviousLink = c.book.entries[0].Link[:]
	}
	if missing := b.takeOver(made); missing != nil {
		t.Fatal(missing)
	}
	b.sight = only{records: map[record.ID]bool{}, version: 2}
	if got := b.sync(1 << 20); got.Pulled != 0 || len(b.peers()) != 1 {
		t.Fatalf("%+v, and %d wait", got, len(b.peers()))
	}
	b.wants(note, "two")
	c.sync(1 << 20)
	b.sync(1 << 20)
	b.wants(note)
	w.settle()
}

// C  1 ── 2 ── bundle with 2 alone, as if the office had 1 ──> B
//
//	the office cannot take 2 yet, and holds what B, who may not see it, wrote to the
//	same record: what it sends of that is empty
func TestWhatTheOfficeHasNothingOfStaysLent(t *testing.T) {
	w, _, b := stage(t, 3)
	c := w.phones[2]
	w.gate = gateOf(w)
	b.sight = w.sees()
	w.syncAll()
	c.set(noteElse, "one")
	c.set(note, "two")
	made := c.handOver(onlyNew, everything)
	for _, x := range made.batches {
		x.Entries, x.FirstSeq, x.Answered = x.Entries[1:], 2, 1
		x.PreviousLink = c.book.entries[0].Link[:]
	}
	b.set(note, "held")
	if missing := b.takeOver(made); missing != nil {
		t.Fatal(missing)
	}
	if got := b.sync(1 << 20); got.Pulled != 1 || len(b.peers()) != 1 {
		t.Fatalf("%+v, and %d wait", got, len(b.peers()))
	}
	b.wants(note, "two")
	c.sync(1 << 20)
	b.sync(1 << 20)
	b.wants(note)
	w.settle()
}

// A  1 ── 2 ── bundle with 2 alone, since the office has 1 ── back to before 1
//
//	the office is restored to before 1 as well: nobody has it any more. A takes its own
//	bundle, which says that 1 was there.
func TestWhatFollowsALostEntryWaitsInSight(t *testing.T) {
	w, a, b := stage(t, 2)
	image, backup := a.book.clone(), w.backup()
	a.set(note, "lost")
	a.sync(1 << 20)
	a.set(note, "kept")
	made := a.handOver(onlyNew, everything)
	a.restore(image)
	if missing := a.takeOver(made); missing != nil {
		t.Fatal(missing)
	}
	w.restoreOffice(backup, true)
	a.wants(note, "kept")
	w.settle()
	a.wants(note, "kept")
	b.wants(note)
	if len(a.peers()) != 1 {
		t.Errorf("%d wait", len(a.peers()))
	}
}
