package fieldapp

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/browsertest"
	"github.com/daylight-npm/daylight/internal/scenario"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// onPort is the app on a port of its own, and the address that opens it.
func onPort(t testing.TB, c *clientsync.Client) (app *App, url string) {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	host := "daylight-0011aabb.localhost" + s.Listener.Addr().String()[strings.LastIndex(s.Listener.Addr().String(), ":"):]
	app, err := New(Config{Client: c, Host: host, Quit: func() {}})
	if err != nil {
		t.Fatal(err)
	}
	s.Config.Handler = app
	s.Start()
	t.Cleanup(s.Close)
	return app, "http://" + host
}

func waitLocked(t testing.TB, c *clientsync.Client) {
	t.Helper()
	for !c.Locked() {
		if t.Context().Err() != nil {
			t.Fatal("it is not locked")
		}
		time.Sleep(time.Millisecond)
	}
}

// TestADeviceIsBegunByKeyboard goes from a new folder to the home page, locks, and
// unlocks, without a finger.
func TestADeviceIsBegunByKeyboard(t *testing.T) {
	c := newFolder(t)
	app, url := onPort(t, c)
	p := browsertest.Open(t, browsertest.Setup{Device: browsertest.Phone})
	p.Allow("422")
	p.Visit(url + app.StartPath())
	p.Accessible()
	p.Fits()
	p.Shot("start-new")
	p.TabTo("#f-passphrase")
	p.Press("too short")
	p.TabTo("#f-again")
	p.Press("too short")
	p.Enter()
	p.Accessible()
	p.Shot("start-weak")
	p.Fill("#f-passphrase", passphrase)
	p.Fill("#f-again", passphrase)
	p.Tap("input[type=checkbox]")
	if got := browsertest.Eval[string](p, `document.querySelector("#f-passphrase").type`); got != "text" {
		t.Errorf("the words do not show: %s", got)
	}
	p.TabTo("#f-again")
	p.Enter()
	p.Accessible()
	p.Fits()
	p.Shot("start-enrol")
	p.Follow("a.btn-quiet")
	p.Accessible()
	p.Shot("home-empty")

	p.TabTo("form[data-lock] button")
	p.Enter()
	if !c.Locked() {
		t.Error("the way out did not lock")
	}
	if got := p.Title(); got != "Empty page" {
		t.Errorf("the page is called %q", got)
	}
	p.Accessible()
	p.Back()
	p.WaitFor(`location.pathname == "/unlock"`)
	p.TabTo("#f-passphrase")
	p.Press(passphrase)
	p.Enter()
	if p.Text("h1") != "Home" {
		t.Errorf("it leads to %s", p.URL())
	}
}

// TestTheLockKeepsWhatWasTyped: the way out saves first.
func TestTheLockKeepsWhatWasTyped(t *testing.T) {
	c := openClient(t)
	app, url := onPort(t, c)
	onePage(&browser{t: t, app: app})
	f := saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 4")})
	p := browsertest.Open(t, browsertest.Setup{})
	p.Visit(url + app.StartPath())
	p.Visit(url + "/r/" + app.handles.name(clientsync.KindFinding, f.GetId()))
	p.Type("#f-narrative", "ten people")
	p.Follow("form[data-lock] button")
	waitLocked(t, c)
	if err := c.Unlock(t.Context(), passphrase); err != nil {
		t.Fatal(err)
	}
	if got := findingOf(t, c, f.GetId()).GetNarrative(); got != "ten people" {
		t.Errorf("it says %q", got)
	}
}

// TestTheStartInEverySetup looks at the pages as people have them.
func TestTheStartInEverySetup(t *testing.T) {
	for _, s := range []browsertest.Setup{
		{Device: browsertest.Phone}, {Device: browsertest.SmallPhone, Dark: true, Language: "ru"}, {Device: browsertest.Phone, Language: "ar"},
		{Device: browsertest.Desk, Dark: true}, {Device: browsertest.Phone, NoScript: true, Language: "ru"},
	} {
		t.Run(s.Name(), func(t *testing.T) {
			c := openClient(t)
			if _, err := c.Enrol(t.Context(), (&scenario.Door{}).Code(t, "Office"), "tablet 3"); err != nil {
				t.Fatal(err)
			}
			day := func(n int) string { return time.Now().AddDate(0, 0, n).Format(time.DateOnly) }
			visitTo(t, c, "Täze Bulak police holding facility", daylightv1.VisitState_VISIT_STATE_PREPARED, day(2))
			v := visitTo(t, c, "Ak Derýa remand prison", daylightv1.VisitState_VISIT_STATE_IN_PROGRESS, day(0))
			f := saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 12, wing B: living space"), VisitId: proto.String(v.GetId())})
			saved(t, c, &daylightv1.ReviewComment{AboutKind: proto.String("finding"), AboutId: proto.String(f.GetId()),
				Kind: daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_QUESTION.Enum(), Text: proto.String("Which months were seen?")})
			app, url := onPort(t, c)
			(&turn{App: app, r: request("POST", "/")}).here(clientsync.KindFinding, f.GetId(), "", "narrative")
			p := browsertest.Open(t, s)
			p.Visit(url + app.StartPath())
			for name, path := range map[string]string{
				"home": "/", "send": "/send", "settings": "/settings", "travel": "/travel", "wipe": "/wipe", "wipe-sure": "/wipe/sure", "device": "/enrol",
				"ready": "/r/" + app.handles.name(clientsync.KindVisit, v.GetId()) + "/ready",
			} {
				if status := p.Visit(url + path); status != http.StatusOK {
					t.Errorf("%s: %d", name, status)
				}
				if !s.NoScript {
					p.Accessible()
				}
				p.Fits()
				p.Shot("start-" + name)
			}
			p.Visit(url + "/")
			p.Follow("form[data-lock] button")
			waitLocked(t, c)
			p.Visit(url + "/unlock")
			if !s.NoScript {
				p.Accessible()
			}
			p.Fits()
			p.Shot("start-unlock")
		})
	}
}

// TestASyncIsFollowed: the page counts along by itself, and comes anew when the sync has
// ended.
func TestASyncIsFollowed(t *testing.T) {
	c := openClient(t)
	app, url := onPort(t, c)
	s := app.sending
	set := func(do func()) {
		s.mu.Lock()
		defer s.mu.Unlock()
		do()
	}
	set(func() { s.cancel, s.report.ToPush, s.report.Pushed = func() {}, 58, 7 })
	p := browsertest.Open(t, browsertest.Setup{Device: browsertest.Phone})
	p.Visit(url + app.StartPath())
	p.Visit(url + "/send")
	p.Accessible()
	set(func() { s.report.Pushed = 41 })
	p.Wait(`progress[value="41"]`)
	p.Shot("start-sending")
	set(func() { s.cancel, s.ended, s.report.Pushed = nil, time.Now(), 58 })
	p.Wait(".n-settled")
	if text := p.Text(".n-settled"); !strings.Contains(text, "58") {
		t.Errorf("it says %q", text)
	}
}

// TestAHiddenPageLocks: what was typed is saved, and what was read is gone when the page
// comes into sight again.
func TestAHiddenPageLocks(t *testing.T) {
	c := openClient(t)
	app, url := onPort(t, c)
	onePage(&browser{t: t, app: app})
	f := saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 4")})
	p := browsertest.Open(t, browsertest.Setup{})
	p.Visit(url + app.StartPath())
	p.Visit(url + "/r/" + app.handles.name(clientsync.KindFinding, f.GetId()))
	p.Type("#f-narrative", "ten people")
	hide := func(hidden string) {
		browsertest.Eval[bool](p, `(Object.defineProperty(document, "hidden", { configurable: true, get: () => `+hidden+` }), dispatchEvent(new Event("visibilitychange")))`)
	}
	hide("true")
	p.WaitFor(`document.documentElement.style.opacity === "0"`)
	for findingOf(t, c, f.GetId()).GetNarrative() != "ten people" {
		time.Sleep(time.Millisecond)
	}
	app.windows.gone("", time.Now(), time.Nanosecond, app.lockHidden)
	waitLocked(t, c)
	hide("false")
	p.Wait("#f-passphrase")
}
