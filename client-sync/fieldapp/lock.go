package fieldapp

import (
	"context"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
)

// The folder is locked by the button in the bar, which is the way out as well: it leads to
// a page that says nothing; by the library, when nobody has done anything for a while; and
// when no window of the app has been in sight for a while. Pages say every few seconds
// that they are in sight, and learn so that the folder was locked.

func (a *App) lockRoutes() {
	a.openPost("/lock", (*turn).lockNow)
	a.openPage("/away", (*turn).showAway)
	a.openPost("/here", (*turn).isHere)
}

// patience is how long locking waits for a request of a sync that is under way; it is cut
// off then, with nothing lost.
const patience = 2 * time.Second

// lock drops the keys, and what this program holds of records.
func (a *App) lock(ctx context.Context) error {
	a.windows.locked(a.now())
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	defer a.forget() // a page that was under way may have named something
	a.forget()
	return a.client.Lock(ctx)
}

// forgetLocked forgets when the folder was locked by whoever did it, as by idleness; it ends
// with the client.
func (a *App) forgetLocked(changed <-chan struct{}) {
	for range changed {
		if a.client.Locked() {
			a.forget()
		}
	}
}

// forget drops what names records.
func (a *App) forget() {
	a.handles.forget()
	a.drafts.forget()
	a.follow.forget()
}

// lockNow is the button. Even when the file could not be closed the keys are gone, and the
// person who leaves is not stopped to read about it.
func (t *turn) lockNow(*look.Form) error {
	if err := t.lock(t.ctx()); err != nil {
		t.log.Error("the folder was not locked cleanly", "code", clientsync.CodeOf(err))
		if !t.client.Locked() {
			return err
		}
	}
	return t.to("/away")
}

// showAway is the page to which the way out leads. It says nothing.
func (t *turn) showAway() error {
	return t.showBare(http.StatusOK, "field-start.away", look.Heading{Text: t.say("field-start.away")},
		look.Button{Text: t.say("field-start.away-on"), Href: "/unlock", Kind: look.ButtonQuiet})
}

// isHere takes a window's word that it is in sight, or no longer.
func (t *turn) isHere(f *look.Form) error {
	if locked := t.client.Locked(); locked || f.Value("state") != "visible" {
		t.windows.gone(f.Value("window"), t.now(), t.hideAfter(), t.lockHidden)
		return t.json(http.StatusOK, map[string]bool{"locked": locked})
	}
	t.windows.here(f.Value("window"), t.now())
	t.sendBySelf()
	return t.json(http.StatusOK, map[string]bool{"locked": false})
}

// lockHidden locks because nobody sees a page.
func (a *App) lockHidden() {
	if err := a.lock(context.Background()); err != nil {
		a.log.Error("the folder was not locked cleanly", "code", clientsync.CodeOf(err))
	}
}

const (
	rememberedHide = "hide-lock"
	// usualHide is after how long without a window in sight the folder is locked.
	usualHide = time.Minute
)

// hideChoices are in seconds; 0 leaves it to the lock that idleness brings. The shortest is
// longer than the way from one page to the next.
var hideChoices = []int{5, 60, 300, 0}

// hideAfter is what a person has chosen.
func (t *turn) hideAfter() time.Duration {
	b, err := t.client.Remembered(clientsync.Quietly(t.ctx()), rememberedHide)
	n, bad := strconv.Atoi(string(b))
	if err != nil || bad != nil {
		return usualHide
	}
	return time.Duration(n) * time.Second
}

// windows are those of the app that somebody can see.
type windows struct {
	mu      sync.Mutex
	inSight map[string]time.Time // when each said so last
	timer   *time.Timer

	// since is when the folder was locked, as far as this program has done it; open when it
	// was unlocked, or where it was from the start, when the first was in sight.
	since, open time.Time
}

const (
	mostWindows = 64
	// stale is after how long without a word a window has gone without one.
	stale = time.Minute
)

func newWindows() *windows { return &windows{inSight: map[string]time.Time{}} }

func (w *windows) here(name string, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.forget(now)
	if w.open.IsZero() {
		w.open = now
	}
	if len(w.inSight) < mostWindows {
		w.inSight[name] = now
	}
	w.rest()
}

// forget drops those that have gone without a word; mu is held.
func (w *windows) forget(now time.Time) {
	maps.DeleteFunc(w.inSight, func(_ string, at time.Time) bool { return now.Sub(at) > stale })
}

// gone begins to wait when it was the last.
func (w *windows) gone(name string, now time.Time, after time.Duration, lock func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.inSight, name)
	w.forget(now)
	if len(w.inSight) > 0 || after <= 0 {
		return
	}
	w.rest()
	w.timer = time.AfterFunc(after, lock)
}

func (w *windows) rest() {
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
}

func (w *windows) locked(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rest()
	w.since = now
}

func (w *windows) unlocked(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open = now
}

func (w *windows) openSince() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.open
}

// lockedSince is zero where this program has not locked it itself.
func (w *windows) lockedSince() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.since
}
