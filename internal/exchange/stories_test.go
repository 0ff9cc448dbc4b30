package exchange

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
)

var (
	note     = target{record.Facility, nthID(record.Facility, 1), noteField, ""}
	nameEn   = target{record.Facility, nthID(record.Facility, 1), namesField, "en"}
	noteElse = target{record.Facility, nthID(record.Facility, 2), noteField, ""}
	step1    = target{record.Visit, nthID(record.Visit, 1), stateField, ""}
	visitOf  = target{record.Finding, nthID(record.Finding, 1), visitField, ""}
)

const aDay = 24 * 3600 * 1000

// set opens, edits and saves.
func (p *phone) set(x target, value string) bool {
	p.now += 1000
	return p.save(p.open(x.kind, x.id), func(m record.Message) { x.edit(m, value) })
}

// values are what a phone shows of a whole field, the one in front first: texts,
// and numbers as one letter. A cleared field shows "".
func (p *phone) values(x target) (out []string) {
	for _, e := range p.state(x.id).Entries(fold.Path{Field: x.field}) {
		v := ""
		if _, typ, n := protowire.ConsumeTag(e.Value); n > 0 && typ == protowire.BytesType {
			v, _ = protowire.ConsumeString(e.Value[n:])
		} else if n > 0 {
			v = string(e.Value[n:])
		}
		out = append(out, v)
	}
	return out
}

func (p *phone) wants(x target, values ...string) {
	p.t.Helper()
	if got := p.values(x); !slices.Equal(got, values) {
		p.t.Fatalf("phone %s shows %q, want %q", p.name, got, values)
	}
}

func (p *phone) wantsAnswer(number int, d Decision, r Reason) {
	p.t.Helper()
	if e := p.book.entries[number-1]; e.Decision != d || e.Reason != r {
		p.t.Fatalf("phone %s: entry %d is %v %v, want %v %v", p.name, number, e.Decision, e.Reason, d, r)
	}
}

func (w *world) wantsLog(n int) {
	w.t.Helper()
	if len(w.ledger.log) != n {
		w.t.Fatalf("the office's log has %d entries, want %d", len(w.ledger.log), n)
	}
}

// syncAll syncs each phone in turn, twice.
func (w *world) syncAll() {
	for range 2 {
		for _, p := range w.phones {
			p.sync(1 << 20)
		}
	}
}

func stage(t *testing.T, phones int) (*world, *phone, *phone) {
	w := newWorld(t, phones)
	a := w.phones[0]
	if phones == 1 {
		return w, a, nil
	}
	return w, a, w.phones[1]
}

// A  save ── ask ──> office        one entry, accepted
//
//	   <── lost ──
//	ask again ────> known         still one
func TestALostAnswerCostsOnlyAResend(t *testing.T) {
	w, a, _ := stage(t, 1)
	a.set(note, "a")
	a.begin(1 << 20)
	a.ask()
	a.deliver()
	a.turn = nil // the phone was switched off
	a.wantsAnswer(1, 0, 0)
	a.sync(1 << 20)
	w.wantsLog(1)
	a.wantsAnswer(1, Accepted, NoReason)
	w.settle()
}

// A   1 ── 2 "mine"
//
//	└─── 2' "theirs"   A', a copy
func TestACopiedPhoneBecomesABranch(t *testing.T) {
	w, a, _ := stage(t, 1)
	a.set(note, "common")
	a.sync(1 << 20)
	b := a.copy()
	a.set(note, "mine")
	b.set(note, "theirs")
	w.syncAll()
	first := b.book.entries[1].Link
	if id := journal.BranchID(w.epoch.ID, first); b.book.self.ID != id || b.book.entries[1].Writer != id {
		t.Fatal("the copy does not go on under the branch's id")
	}
	a.wants(note, "theirs", "mine")
	b.wants(note, "theirs", "mine")
	b.set(note, "settled")
	w.syncAll()
	a.wants(note, "settled")
	w.settle()
}

// A   1 ── 2 ── 3
//
//	└─ back to here, knows nothing of 2 and 3
func TestAnOlderCopyTakesANewIDAndPullsAgain(t *testing.T) {
	w, a, _ := stage(t, 1)
	a.set(note, "one")
	a.sync(1 << 20)
	image, id := a.book.clone(), a.book.self.ID
	a.set(note, "two")
	a.set(nameEn, "three")
	a.sync(1 << 20)
	a.restore(image)
	if got := a.sync(1 << 20); !got.Copied {
		t.Fatal("the phone did not notice that it is an older copy")
	}
	if a.book.self.ID == id || !slices.Contains(a.book.self.Former, id) {
		t.Fatal("the phone kept its id")
	}
	a.wants(note, "two")
	a.set(note, "after")
	w.syncAll()
	a.wants(note, "after")
	w.settle()
}

// A   1 ── 2 ── 3     the office is back to 1
//
//	"I was restored", and nothing is taken
//	1 2 3 under A, and 4, never answered for, as a branch
func TestARestoredOfficeGetsEverythingBack(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(note, "one")
	w.syncAll()
	backup := w.backup()
	for _, v := range []string{"two", "three"} {
		a.set(nameEn, v)
		w.syncAll()
	}
	w.restoreOffice(backup, true)
	a.set(note, "four")
	a.begin(1 << 20)
	a.ask()
	a.deliver()
	id := a.book.self.ID
	if r := a.turn.answer; !r.Restored || len(r.Writers)+len(r.Verdicts)+len(r.States) > 0 || len(w.ledger.log) != 1 {
		t.Fatalf("the office takes or tells what it must not: %v", r)
	}
	if got := a.take(); !got.Restored || got.Gap || !got.More {
		t.Fatalf("the phone does not send it again: %+v", got)
	}
	w.syncAll()
	w.wantsLog(4)
	for i, e := range a.book.entries {
		if left := e.Writer != id; left != (i == 3) || left && e.Writer != journal.BranchID(w.epoch.ID, e.Link) {
			t.Errorf("entry %d is now %x:%d", i+1, e.Writer, e.Seq)
		}
	}
	a.wants(note, "four")
	b.wants(note, "four")
	w.settle()
}

// A   1 ── 2          A' ── 2'            the office is back to 1
// B         sees A:2 = 2' and saves over it
// A     sends 2 first: it must not become A:2
func TestANameOfALostLogIsNotGivenAgain(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(note, "one")
	w.syncAll()
	backup := w.backup()
	copied := a.copy()
	copied.set(note, "two of the copy")
	copied.sync(1 << 20)
	b.sync(1 << 20)
	b.wants(note, "two of the copy")
	a.set(note, "two")
	w.restoreOffice(backup, true)
	b.set(note, "over what B saw")
	a.sync(1 << 20)
	w.syncAll()
	w.settle()
	b.wants(note, "over what B saw", "two")
}

// The same, but A writes only after it has heard of the restore.
func TestAPhoneWithNothingToSendLeavesItsNameToo(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(note, "one")
	w.syncAll()
	backup := w.backup()
	copied := a.copy()
	copied.set(note, "two of the copy")
	copied.sync(1 << 20)
	b.sync(1 << 20)
	w.restoreOffice(backup, true)
	b.set(note, "over what B saw")
	a.sync(1 << 20)
	a.set(note, "two")
	w.syncAll()
	w.settle()
	b.wants(note, "two", "over what B saw")
}

// A   1 ── 2 ── 3          A' ── 3'
//
// The office has 2, but A was never told, and loses 3', which B has seen. A calls 2
// a branch then; 3 must not become A:3 when 2 turns out to be A:2.
func TestABranchThatWasNoneDoesNotGoOn(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(note, "one")
	w.syncAll()
	a.set(note, "two")
	a.begin(1 << 20)
	a.ask()
	a.deliver() // the answer is lost
	backup := w.backup()
	copied := a.copy()
	copied.turn = nil
	copied.sync(1 << 20)
	copied.set(note, "three of the copy")
	copied.sync(1 << 20)
	b.sync(1 << 20)
	b.wants(note, "three of the copy")
	a.turn = nil
	a.set(note, "three")
	w.restoreOffice(backup, true)
	b.set(note, "over what B saw")
	a.sync(1 << 20)
	w.syncAll()
	w.settle()
	b.wants(note, "over what B saw", "three")
}

// B   1 ── 2          B' ── 2'
//
// B' leaves its name in a restored log, which is lost again: B leaves the same one
// for another, so that its 2 is not taken for 2'.
func TestEachLogNamesABranchAnew(t *testing.T) {
	w, a, b := stage(t, 2)
	empty := w.backup()
	w.restoreOffice(empty, true)
	b.set(note, "one")
	copied := b.copy()
	copied.set(note, "two of the copy")
	b.set(note, "two")
	copied.sync(1 << 20)
	a.sync(1 << 20)
	a.wants(note, "two of the copy")
	w.restoreOffice(empty, true)
	a.set(note, "over what A saw")
	b.sync(1 << 20)
	w.syncAll()
	w.settle()
	a.wants(note, "over what A saw", "two")
}

// B   1 ── 2          B' ── 2'          B" ── 2"
//
// 2" is lost with the log. B and B' leave their name for the same one; when B has
// been told that its 1 is known by the old name, 2' must not go on there.
func TestTwoCopiesThatLeaveTogetherDoNotGoBack(t *testing.T) {
	w, a, b := stage(t, 2)
	b.set(note, "one")
	b.begin(1 << 20)
	b.ask()
	b.deliver() // the answer is lost
	b.turn = nil
	backup := w.backup()
	second, third := b.copy(), b.copy()
	third.set(note, "two of the third")
	third.sync(1 << 20)
	a.sync(1 << 20)
	a.wants(note, "two of the third")
	b.set(note, "two")
	second.set(note, "two of the second")
	w.restoreOffice(backup, true)
	a.set(note, "over what A saw")
	b.sync(1 << 20)
	second.sync(1 << 20)
	w.syncAll()
	w.settle()
	a.wants(note, "over what A saw", "two of the second", "two")
}

// A  is copied before it has ever synced; one of the two writes, the office loses
// it, and the other writes
func TestANameOfALostLogIsNotGivenToANewPhone(t *testing.T) {
	w, a, b := stage(t, 2)
	backup := w.backup()
	copied := a.copy()
	copied.set(note, "of the copy")
	copied.sync(1 << 20)
	b.sync(1 << 20)
	a.set(note, "of A")
	w.restoreOffice(backup, true)
	b.set(note, "over what B saw")
	if got := a.sync(1 << 20); got.Restored || got.Copied {
		t.Fatalf("a new phone has nothing to tell: %+v", got)
	}
	w.syncAll()
	w.settle()
	b.wants(note, "over what B saw", "of A")
}

// A  writes, is lost          the office is restored to before
// B  has it on screen only    and B's screen follows
func TestWhatARestoredOfficeLostLeavesThePhones(t *testing.T) {
	w, a, b := stage(t, 2)
	empty := w.backup()
	a.set(note, "lost with the phone that wrote it")
	a.sync(1 << 20)
	b.sync(1 << 20)
	b.wants(note, "lost with the phone that wrote it")
	w.restoreOffice(empty, true)
	w.phones = w.phones[1:]
	b.set(noteElse, "mine")
	b.sync(1 << 20)
	b.wants(note)
	b.wants(noteElse, "mine")
	w.settle()
}

// A   state 1 ── 2          a window is still open that shows 1
// B   sees 2, state := 3    A pulls it, and types 3 into the old window
//
// The office loses B's step. A's would stand over 2, which its window did not show, and
// B's come too late: 2 gone, and nobody who saw it in its history.
func TestAnOldWindowIsStaleAlsoWhereSomebodyElseWroteSince(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(step1, "\x01")
	old := a.open(step1.kind, step1.id)
	a.set(step1, "\x02")
	w.syncAll()
	backup := w.backup()
	b.set(step1, "\x03")
	w.syncAll()
	a.wants(step1, "\x03")
	saved := a.save(old, func(m record.Message) { step1.edit(m, "\x03") })
	w.restoreOffice(backup, true)
	w.syncAll()
	w.settle()
	if saved {
		t.Fatal("the old window was saved")
	}
	b.wants(step1, "\x03")
}

// A   state 2 ──> accepted      B  state 1 ──> late; removes what they saw ──> accepted
// C   sees A's 2, and that B removed; removes that too
//
// The office is restored to nothing, and B comes first: now 1 stands, which C never saw.
// It is removed all the same: by B, who saw it, and C's removal stands in the place of B's.
func TestARemovalOverARemovalCoversWhatThatHadSeen(t *testing.T) {
	w, a, b := stage(t, 3)
	c := w.phones[2]
	empty := w.backup()
	a.set(step1, "\x02")
	b.set(step1, "\x01")
	b.remove(b.open(step1.kind, step1.id))
	a.sync(1 << 20)
	b.sync(1 << 20)
	b.wantsAnswer(2, Refused, Stale)
	c.sync(1 << 20)
	c.wants(step1, "\x02")
	c.remove(c.open(step1.kind, step1.id))
	c.sync(1 << 20)
	w.restoreOffice(empty, true)
	b.sync(1 << 20)
	w.syncAll()
	a.wants(step1, "\x01")
	if !a.state(step1.id).Removed() {
		t.Fatal("it came back")
	}
	w.settle()
}

// office knows 1 2, is restored to 1 and does not say so
func TestAnOfficeRestoredUnnoticedGetsAnsweredEntriesBack(t *testing.T) {
	w, a, _ := stage(t, 1)
	a.set(note, "one")
	a.sync(1 << 20)
	old := w.backup()
	a.set(nameEn, "two")
	a.sync(1 << 20)
	w.restoreOffice(old, false)
	if got := a.sync(1 << 20); got.Restored {
		t.Fatal("nobody said so")
	}
	w.wantsLog(2)
	w.settle()
}

// A's clock is years ahead: its value stands, but behind B's
func TestASuspectClockNeverComesFirst(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(note, "common")
	w.syncAll()
	a.offset = 1000 * aDay
	a.set(note, "from the future")
	b.set(note, "of today")
	w.syncAll()
	a.wants(note, "of today", "from the future")
	b.wants(note, "of today", "from the future")
	if !a.book.entries[1].Suspect {
		t.Fatal("the phone does not know that its clock is suspect")
	}
	if journal.Ahead(b.book.self.Clock, w.now) {
		t.Fatal("the other phone's clock followed")
	}
	w.settle()
}

// A  creates a record that nobody can read: refused, and gone
func TestARefusedCreationLeavesNothing(t *testing.T) {
	w, a, _ := stage(t, 1)
	a.write(screen{}, func(d *Device) error {
		bad := fold.Edit{Path: fold.Path{Field: noteField}, Value: occurrence(noteField, "\xff")}
		r := journal.RecordEdits{Kind: note.kind, ID: note.id, Edits: []fold.Edit{journal.Creation(note.id), bad}}
		if err := d.append([]journal.RecordEdits{r}, false); err != nil {
			return err
		}
		return d.book.PutSelf(d.self)
	})
	a.set(noteElse, "behind it")
	if got := a.sync(1 << 20); got.Refused != 1 {
		t.Fatalf("%d entries were refused, want 1", got.Refused)
	}
	a.wantsAnswer(1, Refused, Unreadable)
	a.wantsAnswer(2, Accepted, NoReason)
	if v, _ := a.book.View(note.id); v != nil {
		t.Fatal("the phone still shows the record")
	}
	if _, sum := w.ledger.records[note.id], 0; len(w.ledger.records[note.id].State) != sum {
		t.Fatal("the office still has the record")
	}
	w.settle()
}

// A  state := 2 ──> accepted      B  state := 2 ──> already so
func TestTheSameStepTwiceIsDroppedSilently(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(step1, "\x01")
	w.syncAll()
	a.set(step1, "\x02")
	b.set(step1, "\x02")
	a.sync(1 << 20)
	if got := b.sync(1 << 20); got.Refused != 0 {
		t.Fatal("a person is told of a step that somebody else had taken already")
	}
	b.wantsAnswer(1, Refused, Already)
	b.wants(step1, "\x02")
	w.settle()
}

// A  state := 2 ──> accepted      B  state := 3, 4 ──> both late, shown as refused
func TestALostRaceIsRefusedStepByStep(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(step1, "\x01")
	w.syncAll()
	a.set(step1, "\x02")
	b.set(step1, "\x03")
	b.set(step1, "\x04")
	a.sync(1 << 20)
	if got := b.sync(1 << 20); got.Refused != 2 {
		t.Fatalf("%d entries were refused, want 2", got.Refused)
	}
	b.wants(step1, "\x02")
	w.settle()
}

// A  creates X ─┐
// B  creates X ─┴─> one record, both notes stand
func TestTwoCreationsOfOneIDAreOneRecord(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(note, "a")
	b.set(note, "b")
	w.syncAll()
	a.wants(note, "b", "a")
	b.wants(note, "b", "a")
	w.settle()
}

// A fixed field that two phones set differently at creation: the first one stands,
// the other's whole change is refused.
func TestAFixedFieldStands(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(visitOf, "")
	b.set(visitOf, "x")
	w.syncAll()
	b.wantsAnswer(1, Refused, Fixed)
	b.wants(visitOf, a.values(visitOf)...)
	w.settle()
}

// one change, two records, a page of one: the cursor stands inside the position
func TestAPageEndsInsideOnePosition(t *testing.T) {
	w, a, b := stage(t, 2)
	f, g := a.open(note.kind, note.id), a.open(noteElse.kind, noteElse.id)
	note.edit(f.msg, "x")
	noteElse.edit(g.msg, "y")
	a.write(screen{}, func(d *Device) error { return d.Save(f.msg, g.msg) })
	a.sync(1 << 20)
	w.maxPage = 1
	b.begin(1)
	b.ask()
	b.deliver()
	if got := b.take(); got.Pulled != 1 || !got.More {
		t.Fatalf("the first page brought %d records, more %v", got.Pulled, got.More)
	}
	c, err := DecodeCursor(b.book.self.Cursor)
	w.must(err)
	if head, _ := w.ledger.Head(); c.Position != head {
		t.Fatalf("the cursor stands at %d, not inside %d", c.Position, head)
	}
	b.turn = nil // switched off
	b.sync(1)
	b.wants(note, "x")
	b.wants(noteElse, "y")
	w.settle()
}

// While B reads pages, A's record that B needs moves on by B's own entry.
//
//	page of B:  ... [5] | cut                 note by A at 6
//	            B pushes note: it moves to 8, behind what B has read
//	next page:  ... [7] [8] must come
func TestARecordThatItsReaderMovesComes(t *testing.T) {
	w, a, b := stage(t, 3)
	c := w.phones[2]
	w.maxPage = 1
	c.set(noteElse, "first")
	c.sync(1)
	a.set(note, "unseen by B")
	a.sync(1)
	c.set(step1, "\x01")
	c.sync(1)
	b.set(nameEn, "of B") // moves A's record behind C's
	b.sync(1)
	b.wants(note, "unseen by B")
	w.settle()
}
