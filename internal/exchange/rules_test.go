package exchange

import (
	"testing"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// Each test here goes red when the rule that it names is taken out.

func TestAFormSavedAfterASyncKeepsWhatItsAuthorDidNotSee(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(note, "common")
	w.syncAll()
	f := b.open(note.kind, note.id)
	a.set(note, "of A")
	w.syncAll()
	b.wants(note, "of A")
	w.now += 1000
	b.save(f, func(m record.Message) { note.edit(m, "of B") })
	w.syncAll()
	a.wants(note, "of B", "of A")
	w.settle()
}

func TestTwoWindowsOfOnePersonAreStale(t *testing.T) {
	w, a, _ := stage(t, 1)
	a.set(note, "one")
	f := a.open(note.kind, note.id)
	a.set(note, "two")
	if a.save(f, func(m record.Message) { note.edit(m, "three") }) {
		t.Fatal("an older window saved over a newer one")
	}
	a.wants(note, "two")
	w.settle()
}

// A branch's form from before it knew: the token is read through the renaming.
func TestATokenIsReadThroughARenaming(t *testing.T) {
	w, a, _ := stage(t, 1)
	a.set(note, "common")
	a.sync(1 << 20)
	b := a.copy()
	a.set(nameEn, "go on")
	a.sync(1 << 20)
	b.set(note, "of the copy")
	f := b.open(note.kind, note.id)
	b.sync(1 << 20)
	if !b.save(f, func(m record.Message) { note.edit(m, "later") }) {
		t.Fatal("the copy's own form became stale by its new name")
	}
	b.wants(note, "later")
	w.settle()
}

// B saves over A's value and again over its own. The office refuses B's first
// entry; A's value must not come back.
func TestARefusalDoesNotRaiseTheDead(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(note, "of A")
	w.syncAll()
	bad := fold.Edit{Path: fold.Path{Field: 16}, Value: occurrence(16, "\xff")}
	b.newer(b.open(note.kind, note.id), fold.Path{Field: noteField}, occurrence(noteField, "over A"), bad)
	b.set(note, "over both")
	b.sync(1 << 20)
	b.wantsAnswer(1, Refused, Unreadable)
	b.wants(note, "over both")
}

// 300 saves of one field leave one change, until it is shown to anyone.
func TestSavesOfOneRecordAmendOneChange(t *testing.T) {
	w, a, _ := stage(t, 1)
	a.set(note, "created")
	for range 300 {
		a.set(note, "x")
		a.set(nameEn, "y")
		a.set(note, "z")
	}
	if n := len(a.book.entries); n != 2 {
		t.Fatalf("there are %d changes, want the creation and one", n)
	}
	a.begin(1 << 20)
	a.set(note, "while it is sent")
	if n := len(a.book.entries); n != 3 {
		t.Fatal("a change was amended that had been shown")
	}
	w.settle()
}

func TestAGuardedStepIsAChangeOfItsOwnAndClosed(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(step1, "\x01")
	w.syncAll()
	a.set(step1, "\x02")
	a.sync(1 << 20)
	title := target{record.Visit, step1.id, titleField, ""}
	b.save(b.open(step1.kind, step1.id), func(m record.Message) {
		step1.edit(m, "\x03")
		title.edit(m, "kept")
	})
	b.sync(1 << 20)
	b.wants(step1, "\x02")
	b.wants(title, "kept")
	w.settle()
}

// B removes what it saw; what A wrote meanwhile keeps the record visible.
func TestARemovalCoversOnlyWhatWasSeen(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(note, "seen")
	w.syncAll()
	f := b.open(note.kind, note.id)
	a.set(nameEn, "unseen")
	w.syncAll()
	b.remove(f)
	w.syncAll()
	s := a.state(note.id)
	if s.Removed() || len(s.Conflicts()) != 1 {
		t.Fatal("a removal took away what the remover had not seen")
	}
	a.remove(a.open(note.kind, note.id))
	w.syncAll()
	if !b.state(note.id).Removed() {
		t.Fatal("a removal of everything removes nothing")
	}
	w.settle()
}

func TestNothingIsPulledBeforeTheLastOwnEntryIsPushed(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(note, "of A")
	a.sync(1 << 20)
	b.set(noteElse, "one")
	b.set(noteElse, "two")
	b.set(note, "three")
	b.begin(1)
	for b.turn != nil {
		b.ask()
		b.deliver()
		if b.turn.request.MoreOwn && len(b.turn.answer.States) > 0 {
			t.Fatal("states came while own entries were still to be pushed")
		}
		b.take()
	}
	w.settle()
}

func TestAFirstUploadInManyRequestsIsNotSentBack(t *testing.T) {
	w, a, _ := stage(t, 2)
	a.set(note, "one")
	a.set(noteElse, "two")
	a.set(note, "three")
	if got := a.sync(1); got.Pulled > 0 {
		t.Fatalf("%d records came back that nobody else changed", got.Pulled)
	}
	w.settle()
}

func TestWhatIsPendingStaysOnTopOfWhatIsPulled(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(note, "common")
	w.syncAll()
	a.set(nameEn, "of A")
	a.sync(1 << 20)
	b.begin(1 << 20)
	b.ask()
	b.set(note, "while it travels")
	b.deliver()
	b.take()
	b.wants(note, "while it travels")
	w.settle()
}

// The copy's unanswered value is superseded by link: the office learns of it as a
// branch, under a name that the copy could not know.
func TestAnUnansweredValueIsNamedByItsLink(t *testing.T) {
	w, a, _ := stage(t, 1)
	a.set(note, "common")
	a.sync(1 << 20)
	b := a.copy()
	a.set(nameEn, "go on")
	a.sync(1 << 20)
	b.begin(1 << 20)
	b.ask()
	b.set(note, "of the copy") // goes next time, under the former id
	b.deliver()
	if got := b.take(); !got.Copied {
		t.Fatal("the copy did not notice")
	}
	b.set(note, "of its new id")
	w.syncAll()
	a.wants(note, "of its new id")
	w.settle()
}

// What the copy wrote under its former id does not mix with what the first phone
// wrote under the same name.
func TestAFormerIDsEntriesAreNotTakenForAnothers(t *testing.T) {
	w, a, _ := stage(t, 1)
	a.set(note, "common")
	a.sync(1 << 20)
	b := a.copy()
	a.set(note, "of A")
	a.sync(1 << 20)
	b.begin(1 << 20)
	b.ask()
	b.set(note, "of the copy")
	b.deliver()
	b.take()
	b.wants(note, "of the copy")
	for b.turn != nil {
		b.ask()
		b.deliver()
		b.take()
	}
	b.wants(note, "of the copy", "of A")
	w.settle()
}

// A head says that the office has an entry, not what it made of it.
func TestAHeadDoesNotAcceptWhatWasNotPushed(t *testing.T) {
	w, a, _ := stage(t, 1)
	a.poison()
	a.poison()
	b := a.copy()
	a.sync(1 << 20)
	b.sync(1)
	b.wantsAnswer(1, Refused, Unreadable)
	b.wantsAnswer(2, Refused, Unreadable)
	w.settle()
}

// A   1 ── 2 elsewhere
//
//	└─── 2' ── 3'    A' knows "2" and "3", but not that 2
func TestACopyIsSentWhatTheOtherWroteUnderItsNames(t *testing.T) {
	w, a, _ := stage(t, 1)
	a.set(note, "common")
	a.sync(1 << 20)
	b := a.copy()
	a.set(noteElse, "of A")
	a.sync(1 << 20)
	b.set(note, "of the copy")
	b.set(step1, "\x01")
	b.sync(1 << 20)
	b.wants(noteElse, "of A")
	w.settle()
}

// A record that only the phone itself changed is not sent back, also when more was
// saved meanwhile.
func TestOwnRecordsAreNotSentBack(t *testing.T) {
	w, a, _ := stage(t, 1)
	a.set(note, "one")
	a.begin(1 << 20)
	a.set(note, "two")
	a.ask()
	a.deliver()
	if n := len(a.turn.answer.States); n != 0 {
		t.Fatalf("%d records were sent back to their author", n)
	}
	a.take()
	a.wants(note, "two")
	w.settle()
}

// W 1 ── 2                  the phone is taken back to 1, and is N now
//
//	└─ N 1                  the office is restored to nothing: W 1 comes again
func TestARestoredOfficeGetsWhatFormerIDsWrote(t *testing.T) {
	w, a, _ := stage(t, 1)
	empty := w.backup()
	a.set(note, "one")
	a.sync(1 << 20)
	image := a.book.clone()
	a.set(nameEn, "lost with the phone")
	a.sync(1 << 20)
	a.restore(image)
	a.sync(1 << 20)
	a.set(noteElse, "of the new id")
	a.sync(1 << 20)
	w.restoreOffice(empty, true)
	a.sync(1 << 20)
	w.wantsLog(2)
	w.settle()
}

// A   1 asked ── 2 refused later
//
//	A' brings 1 and 2    A is sent the record before it hears of 2's verdict
func TestAVerdictBringsItsRecordsThoughTheyWereSentBefore(t *testing.T) {
	w, a, _ := stage(t, 1)
	a.set(note, "one")
	a.begin(1 << 20)
	a.ask()
	bad := fold.Edit{Path: fold.Path{Field: 16}, Value: occurrence(16, "\xff")}
	a.newer(a.open(note.kind, note.id), fold.Path{Field: noteField}, occurrence(noteField, "two"), bad)
	b := a.copy()
	b.sync(1 << 20)
	a.deliver()
	a.take()
	a.wants(note, "two")
	a.sync(1 << 20)
	a.wantsAnswer(2, Refused, Unreadable)
	a.wants(note, "one")
	w.settle()
}

func TestAFormOfARecordThatTheOfficeLostCanBeSaved(t *testing.T) {
	w, a, b := stage(t, 2)
	empty := w.backup()
	a.set(note, "of A")
	w.syncAll()
	f := b.open(note.kind, note.id)
	w.restoreOffice(empty, true)
	b.sync(1 << 20)
	b.save(f, func(m record.Message) { note.edit(m, "of B") })
	w.syncAll()
	b.wants(note, "of B")
	w.settle()
}

// The branch's edits imply the common part: an older form that does not show it is
// stale under the new id as it was under the old one.
func TestAnOlderFormIsStaleAfterARenaming(t *testing.T) {
	w, a, _ := stage(t, 1)
	a.set(note, "")
	f := a.open(note.kind, note.id)
	a.set(note, "common")
	a.sync(1 << 20)
	b := a.copy()
	a.set(nameEn, "go on")
	a.sync(1 << 20)
	b.set(nameEn, "of the copy")
	b.sync(1 << 20)
	if b.save(f, func(m record.Message) { note.edit(m, "over what it does not show") }) {
		t.Fatal("an older window saved over a newer one")
	}
	w.settle()
}
