package fieldapp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// asScript sends a form as the script does.
func (b *browser) asScript(path string, form url.Values) (a scriptAnswer) {
	b.t.Helper()
	w := b.post(path, form, "Accept", "application/json")
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		b.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return a
}

// TestWhatFollowsASaveUnderWayIsNoOtherWindow: the page sends the rest of its words without
// the answer to the first.
func TestWhatFollowsASaveUnderWayIsNoOtherWindow(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	onePage(b)
	f := saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 4")})
	href := "/r/" + b.app.handles.name(clientsync.KindFinding, f.GetId()) + "/save"
	first := as(t, b.get(strings.TrimSuffix(href, "/save")))
	send := func(window, as string, n int, pairs ...string) scriptAnswer {
		t.Helper()
		return b.asScript(href, form(append([]string{"as", as, "_page", "", "_window", window, "_n", fmt.Sprint(n)}, pairs...)...))
	}
	says := func(title string) {
		t.Helper()
		if got := findingOf(t, c, f.GetId()).GetTitle(); got != title {
			t.Errorf("it says %q, want %q", got, title)
		}
	}
	one := send("w", first, 1, "title", "Cell 14")
	if a := send("w", first, 2, "title", "Cell 145"); len(a.Refused) > 0 || a.As == "" {
		t.Errorf("what follows is refused: %+v", a)
	}
	says("Cell 145")
	three := send("w", one.As, 3, "title", "Cell 1456") // the answer to the second was lost
	says("Cell 1456")
	if a := send("w", first, 2, "title", "Cell 145"); !a.Late || a.As != "" {
		t.Errorf("what comes late is not passed over: %+v", a)
	}
	says("Cell 1456")
	if a := send("another", first, 1, "title", "Cell 9"); a.Refused["title"] == "" {
		t.Errorf("another window writes over it: %+v", a)
	}
	// What another window has refused it does not follow either.
	if a := send("another", first, 2, "title", "Cell 9"); a.Refused["title"] == "" {
		t.Errorf("another window writes over it the second time: %+v", a)
	}
	says("Cell 1456")
	if a := send("w", three.As, 4, "title", "Cell 5"); len(a.Refused) > 0 {
		t.Errorf("%+v", a)
	}
	says("Cell 5")
	if err := c.Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.get("/unlock")
	if len(b.app.follow.last) > 0 {
		t.Error("what was saved last outlives the lock")
	}
	for i := range 3 * mostFollowed {
		b.app.follow.note(fmt.Sprint(i), 1, "a", "b")
		b.app.follow.note("one", i, fmt.Sprint("a", i), "b")
	}
	if n := len(b.app.follow.last); n > mostFollowed || len(b.app.follow.order) != n {
		t.Errorf("%d windows are followed", n)
	}
	if last := b.app.follow.last["one"]; last != nil && len(last.over) > mostOver {
		t.Errorf("%d earlier records are known of one", len(last.over))
	}
}

// TestWhatWasSentIsSavedWithoutTheWindow: the browser breaks a request off when its page goes.
func TestWhatWasSentIsSavedWithoutTheWindow(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	onePage(b)
	f := saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 4")})
	href := "/r/" + b.app.handles.name(clientsync.KindFinding, f.GetId())
	body := form("as", as(t, b.get(href)), "_page", "", "title", "Cell 14").Encode()
	r := httptest.NewRequest("POST", "http://"+ourHost+href+"/save", strings.NewReader(body))
	for name, value := range map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin", "Accept": "application/json"} {
		r.Header.Set(name, value)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	b.send(r.WithContext(gone))
	if got := findingOf(t, c, f.GetId()).GetTitle(); got != "Cell 14" {
		t.Errorf("it says %q", got)
	}
}

// TestTheScriptIsToldWhatWentWrong: in place of a page, which it could not show.
func TestTheScriptIsToldWhatWentWrong(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	onePage(b)
	f := saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 4")})
	href := "/r/" + b.app.handles.name(clientsync.KindFinding, f.GetId()) + "/save"
	if a := b.asScript(href, form("as", "%", "title", "x")); !strings.HasPrefix(a.Failed, "This form cannot be read. ") {
		t.Errorf("%+v", a)
	}
	if a := b.asScript("/r/aaaaaaaaaaaaaaaa/save", form()); !strings.HasPrefix(a.Failed, "This address has ended. ") {
		t.Errorf("%+v", a)
	}
	b.cookie = &http.Cookie{Name: cookieName, Value: "x"}
	if a := b.asScript(href, form()); !strings.HasPrefix(a.Failed, "Open Daylight on this device. ") {
		t.Errorf("%+v", a)
	}
}

// goneWindow is a window that does not take an answer any more.
type goneWindow struct {
	http.ResponseWriter
	heads int
}

func (g *goneWindow) WriteHeader(int)           { g.heads++ }
func (g *goneWindow) Write([]byte) (int, error) { return 0, errors.New("nobody is there") }

// TestAWindowThatIsGoneGetsOneAnswer: what does not arrive is no failure, of which another
// page would have to tell.
func TestAWindowThatIsGoneGetsOneAnswer(t *testing.T) {
	b := openApp(t, openClient(t))
	for _, accept := range []string{"text/html", "application/json"} {
		r := request("GET", "/send", "Accept", accept)
		if accept == "application/json" {
			r.URL.Path = "/send/progress"
		}
		r.AddCookie(b.cookie)
		w := &goneWindow{ResponseWriter: httptest.NewRecorder()}
		b.app.ServeHTTP(w, r)
		if w.heads != 1 {
			t.Errorf("%s: it is answered %d times", r.URL.Path, w.heads)
		}
	}
}
