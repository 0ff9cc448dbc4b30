package fieldapp

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/scenario"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// newFolder is one that nobody has used yet.
func newFolder(t testing.TB) *clientsync.Client {
	t.Helper()
	config := scenario.Cheap(clientsync.Config{Dir: t.TempDir(), Person: "Monitor A", Device: "tablet"})
	config.Passphrase = ""
	c, err := clientsync.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// pageSays fails unless the page has the status and the words.
func pageSays(t testing.TB, w *httptest.ResponseRecorder, status int, words ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("the status is %d, not %d: %s", w.Code, status, w.Body)
	}
	for _, s := range words {
		if !strings.Contains(w.Body.String(), s) {
			t.Errorf("the page does not say %q: %s", s, w.Body)
		}
	}
}

func goesTo(t testing.TB, w *httptest.ResponseRecorder, to string) {
	t.Helper()
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != to {
		t.Errorf("it does not lead to %s: %d %s %s", to, w.Code, w.Header(), w.Body)
	}
}

func TestANewFolderGetsAPassphrase(t *testing.T) {
	c := newFolder(t)
	b := openApp(t, c)
	goesTo(t, b.get("/"), "/unlock")
	pageSays(t, b.get("/unlock"), 200, "Choose a passphrase", "Six words, chosen at random", "no key in its hardware")
	for _, bad := range []struct{ phrase, again, why string }{
		{"short", "short", "needs six different words"},
		{"one two three four five", "one two three four five", "this has 5"},
		{strings.Repeat("long ", 300), strings.Repeat("long ", 300), "too long to be remembered"},
		{passphrase, passphrase + "s", "The two are not the same"},
	} {
		w := b.post("/unlock/begin", form("passphrase", bad.phrase, "again", bad.again, "words", "six suggested words are shown again"))
		pageSays(t, w, 422, bad.why, "six suggested words are shown again")
		if strings.Contains(w.Body.String(), `value="`+bad.phrase) {
			t.Error("the page carries the passphrase")
		}
	}
	if p, err := c.Protection(); err != nil || !p.New {
		t.Fatal("a weak passphrase was taken")
	}
	goesTo(t, b.post("/unlock/begin", form("passphrase", passphrase, "again", passphrase)), "/enrol")
	if c.Locked() {
		t.Error("the folder is not open")
	}
	goesTo(t, b.post("/unlock/begin", form("passphrase", passphrase, "again", passphrase)), "/unlock")
	goesTo(t, b.get("/unlock"), "/")
}

func TestUnlock(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 4")})
	goesTo(t, b.post("/lock", form()), "/away")
	if !c.Locked() {
		t.Fatal("the folder is open")
	}
	pageSays(t, b.get("/away"), 200, "Empty page")
	pageSays(t, b.get("/unlock"), 200, "1 to send", "10 of 10 tries", "I lost my passphrase", "never enrolled with an office", "Locked ")
	pageSays(t, b.post("/unlock", form("passphrase", "not these words")), 422, "Tries left: 9")
	pageSays(t, b.get("/unlock"), 200, "9 of 10 tries")
	b.post("/unlock/language", form("language", "ru"))
	goesTo(t, b.post("/unlock", form("passphrase", "  "+passphrase)), "/")
	if c.Locked() {
		t.Error("the folder is locked")
	}
	goesTo(t, b.post("/unlock", form("passphrase", "x")), "/")
}

func TestTooManyWrongPassphrases(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	b.post("/lock", form())
	for range 10 {
		b.post("/unlock", form("passphrase", "not these words"))
	}
	pageSays(t, b.get("/unlock"), 200, "No passphrase opens this device any more", "only the passphrase opens it")
	goesTo(t, b.post("/unlock", form("passphrase", passphrase)), "/unlock")
}

func TestEnrolment(t *testing.T) {
	d := &scenario.Door{Waiting: true}
	code := d.Code(t, "Office <i>")
	c := openClient(t)
	b := openApp(t, c)
	pageSays(t, b.get("/enrol"), 200, "Enrol this device", "Code of the office")
	pageSays(t, b.post("/enrol", form("code", "no <code>")), 422, "no &lt;code&gt;")
	pageSays(t, b.post("/enrol", form("code", code, "label", strings.Repeat("x", 61))), 422, "At most 60 characters")
	goesTo(t, b.post("/enrol", form("code", code, "label", "tablet 3")), "/enrol")
	pageSays(t, b.get("/enrol"), 200, "Compare six words", "Office &lt;i&gt;", "They are the same")
	pageSays(t, b.get("/"), 200, "Nobody has compared the six words")
	goesTo(t, b.post("/send/start", form()), "/enrol")
	if b.app.sending.running() {
		t.Error("something is sent to an office that nobody has compared words with")
	}

	goesTo(t, b.post("/enrol/other", form()), "/enrol")
	pageSays(t, b.get("/enrol"), 200, "Somebody may stand in between", "Nothing is sent from here")
	b.post("/enrol/same", form())
	goesTo(t, b.post("/send/start", form()), "/enrol")
	pageSays(t, b.post("/enrol", form("code", "wrong")), 422)
	goesTo(t, b.post("/send/start", form()), "/enrol")

	goesTo(t, b.post("/enrol", form("code", code, "label", "tablet 3")), "/enrol")
	goesTo(t, b.post("/enrol/same", form()), "/enrol")
	pageSays(t, b.get("/enrol"), 200, "Waiting for the office", "Monitor &lt;b&gt;")
	pageSays(t, b.get("/"), 200, "A second person at the office")
	b.post("/lock", form())
	pageSays(t, b.get("/unlock"), 200, "with its recovery key")
}

func TestTheWayOutAndHiddenWindows(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	name := b.app.handles.name(clientsync.KindFinding, "x")
	here := func(window, state string) string {
		return b.post("/here", form("window", window, "state", state), "Accept", "application/json").Body.String()
	}
	if got := here("a", "visible"); !strings.Contains(got, `"locked":false`) {
		t.Error(got)
	}
	here("b", "visible")
	here("a", "hidden")
	if b.app.windows.timer != nil {
		t.Error("one window is still in sight")
	}
	here("b", "hidden")
	if b.app.windows.timer == nil {
		t.Fatal("nothing waits, and no window is in sight")
	}
	here("c", "visible")
	if b.app.windows.timer != nil {
		t.Error("a window came into sight, and it is locked all the same")
	}
	done := make(chan struct{})
	b.app.windows.gone("c", time.Now(), time.Nanosecond, func() { b.app.lockHidden(); close(done) })
	<-done
	if got := here("c", "visible"); !c.Locked() || !strings.Contains(got, `"locked":true`) {
		t.Error(got)
	}
	if _, ok := b.app.handles.find(name); ok {
		t.Error("handles outlive the lock")
	}
	b.cookie = nil
	if w := b.post("/here", form()); w.Code != http.StatusForbidden {
		t.Errorf("a stranger is told: %d", w.Code)
	}
}

func TestAskingWhetherItIsLockedIsNoUse(t *testing.T) {
	config := scenario.Cheap(clientsync.Config{Dir: t.TempDir(), Passphrase: passphrase, LockAfter: 300 * time.Millisecond})
	c, err := clientsync.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	b := openApp(t, c)
	for !c.Locked() { // ends with the idle lock, which none of these puts off
		b.post("/here", form("window", "a", "state", "visible"))
		b.get("/send/progress")
	}
}

func TestTravel(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 4")})
	b.post("/settings/hide", form("after", "300"))
	pageSays(t, b.get("/travel"), 200, "What goes", "What stays", "that would stay: 1")
	pageSays(t, b.post("/travel", form()), 200, "Put away", "no backup there covers them: 1")
	pageSays(t, b.get("/"), 200, "put away for a journey")
	if got := (&turn{App: b.app, r: request("GET", "/")}).hideAfter(); got != 5*time.Minute {
		t.Errorf("the lock was changed to %v", got)
	}
	goesTo(t, b.post("/travel/back", form()), "/send")
	if strings.Contains(b.get("/").Body.String(), "put away for a journey") {
		t.Error("it is still away")
	}
}

func TestWipeTakesTwoSteps(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 4")})
	pageSays(t, b.get("/wipe"), 200, "would be lost: 1", "Do not erase", "/wipe/sure")
	b.post("/lock", form())
	pageSays(t, b.get("/wipe"), 200, "would be lost: 1")
	pageSays(t, b.get("/wipe/sure"), 200, "ERASE", "would be lost: 1")
	for _, word := range []string{"", "yes", "ERAS"} {
		pageSays(t, b.post("/wipe", form("word", word)), 422, "Nothing was erased")
	}
	if p, _ := c.Protection(); p.New {
		t.Fatal("it was erased")
	}
	pageSays(t, b.post("/wipe", form("word", " erase ")), 200, "Erased")
	if p, _ := c.Protection(); !p.New {
		t.Error("it is still there")
	}
	pageSays(t, b.get("/unlock"), 200, "Choose a passphrase")
	pageSays(t, b.get("/wipe"), 200, "Nothing would be lost")
	b.language = "ru"
	pageSays(t, b.get("/wipe/sure"), 200, "СТЕРЕТЬ")
}

func TestSettings(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	pageSays(t, b.get("/settings"), 200, "After 1 min", "Travel", "no sounds")
	goesTo(t, b.post("/settings/language", form("language", "ar")), "/settings")
	pageSays(t, b.get("/settings"), 200, `dir="rtl"`)
	b.post("/settings/language", form("language", "<xx>"))
	pageSays(t, b.get("/settings"), 200, `dir="rtl"`)
	b.post("/settings/language", form("language", "en"))
	b.post("/settings/hide", form("after", "7"))
	pageSays(t, b.get("/settings"), 200, `value="60" checked`)
	b.post("/settings/hide", form("after", "0"))
	pageSays(t, b.get("/settings"), 200, `value="0" checked`)

	const other = "copper window marble anchor velvet lantern"
	pageSays(t, b.post("/settings/passphrase", form("old", passphrase, "passphrase", "x", "again", "x")), 422, "six different words")
	pageSays(t, b.post("/settings/passphrase", form("old", "wrong", "passphrase", other, "again", other)), 422, "This is not the passphrase")
	pageSays(t, b.post("/settings/passphrase", form("old", passphrase, "passphrase", other, "again", other)), 200, "From now on the new passphrase")
	b.post("/lock", form())
	goesTo(t, b.post("/unlock", form("passphrase", other)), "/")
	if w := b.post("/settings/quit", form()); w.Code != http.StatusNotFound {
		t.Errorf("there is nothing to end: %d", w.Code)
	}
	ended := false
	b.app.quit = func() { ended = true }
	pageSays(t, b.get("/settings"), 200, "Lock and end the app")
	pageSays(t, b.post("/settings/quit", form()), 200, "You can close this window")
	if !ended || !c.Locked() {
		t.Errorf("ended: %v, locked: %v", ended, c.Locked())
	}
}
