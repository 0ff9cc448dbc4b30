package exchange

import (
	"testing"

	"github.com/daylight-npm/daylight/internal/record"
)

// typed saves a value from a window that is open.
func (p *phone) typed(window *form, x target, value string) bool {
	return p.save(window, func(m record.Message) { x.edit(m, value) })
}

// A opens a window, writes in another one, and B replaces that: nothing of A's stands.
func TestAWindowThatDidNotShowWhatItsAuthorWroteSinceIsStale(t *testing.T) {
	for name, before := range map[string]func(w *world, a, b *phone){
		"of a record that was not there": func(*world, *phone, *phone) {},
		"where nothing stood":            func(w *world, a, _ *phone) { a.set(nameEn, "Tower"); w.syncAll() },
		"where somebody else's stood":    func(w *world, _, b *phone) { b.set(note, "of B"); w.syncAll() },
		"where the author's own stood":   func(w *world, a, _ *phone) { a.set(note, "of A"); w.syncAll() },
		"in a change that was amended":   func(_ *world, a, _ *phone) { a.set(nameEn, "Tower"); a.set(note, "begun") },
		"under a name that was left": func(w *world, a, _ *phone) {
			w.syncAll()
			w.restoreOffice(w.backup(), true)
			a.set(note, "of A")
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, a, b := stage(t, 2)
			before(w, a, b)
			window := a.open(note.kind, note.id)
			a.set(note, "in another window")
			w.syncAll()
			b.set(note, "of B, who saw it")
			w.syncAll()
			a.wants(note, "of B, who saw it")
			if a.typed(window, note, "over what it did not show") {
				t.Error("it was saved")
			}
			if !a.typed(window, nameEn, "elsewhere") {
				t.Error("another field was not saved")
			}
			w.settle()
		})
	}
}

// Typing goes on in a window from before B's words came: both stand.
func TestAWindowIsNotStaleForWhatItShowed(t *testing.T) {
	nothing := func(*phone) {}
	for name, around := range map[string]struct{ before, after func(*phone) }{
		"in a change that is still open": {nothing, nothing},
		"in a change that was sent":      {func(a *phone) { a.sync(1 << 20) }, nothing},
		"where another field is amended": {nothing, func(a *phone) { a.set(nameEn, "The tower") }},
		"before another record":          {nothing, func(a *phone) { a.set(noteElse, "elsewhere") }},
	} {
		t.Run(name, func(t *testing.T) {
			w, a, b := stage(t, 2)
			a.set(nameEn, "Tower") // creates the record, and is not amended
			a.set(note, "begun")
			around.before(a)
			window := a.open(note.kind, note.id)
			around.after(a)
			w.syncAll()
			b.set(note, "of B, who saw it")
			w.syncAll()
			a.wants(note, "of B, who saw it")
			if !a.typed(window, note, "begun and gone on") {
				t.Fatal("it is stale")
			}
			w.syncAll()
			a.wants(note, "begun and gone on", "of B, who saw it")
			w.settle()
		})
	}
}

// B replaced what A had written before the window was opened: it shows that.
func TestAWindowIsNotStaleForWhatWasReplacedBefore(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(note, "of A")
	w.syncAll()
	b.set(note, "of B")
	w.syncAll()
	window := a.open(note.kind, note.id)
	a.set(noteElse, "elsewhere")
	if !a.typed(window, note, "of A again") {
		t.Fatal("it is stale")
	}
	a.wants(note, "of A again")
	w.settle()
}

// A name that A gave in another window, and that B took away: no path shows it any more.
func TestARemovalThatDidNotShowWhatItsAuthorWroteSinceIsStale(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(note, "of A")
	w.syncAll()
	window := a.open(note.kind, note.id)
	a.set(nameEn, "Tower")
	w.syncAll()
	b.set(nameEn, "")
	w.syncAll()
	if a.remove(window) {
		t.Fatal("it removed the record")
	}
	if !a.remove(a.open(note.kind, note.id)) {
		t.Fatal("a window that shows all of it is stale")
	}
	w.settle()
}

// What the office refused is no longer there to be overwritten: A was told.
func TestAWindowIsNotStaleForWhatWasRefused(t *testing.T) {
	w, a, b := stage(t, 2)
	a.set(step1, "\x01")
	w.syncAll()
	b.set(step1, "\x02")
	b.sync(1 << 20)
	window := a.open(step1.kind, step1.id)
	a.set(step1, "\x03")
	a.sync(1 << 20)
	a.wantsAnswer(3, Refused, Stale)
	if !a.typed(window, step1, "\x04") {
		t.Fatal("it is stale")
	}
	w.settle()
}
