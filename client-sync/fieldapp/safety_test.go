package fieldapp

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

const ourHost = "daylight-0011aabb.localhost:4000"

func request(method, path string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, "http://"+ourHost+path, nil)
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		} else {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	return r
}

func TestOnlyOurOwnPagesComeIn(t *testing.T) {
	g := newGate(ourHost, time.Now)
	own := "http://" + ourHost
	for _, c := range []struct {
		shows   string
		r       *http.Request
		refused int
	}{
		{"an address that a person opens", request("GET", "/", "Sec-Fetch-Site", "none"), 0},
		{"a link of our own", request("GET", "/r/x", "Sec-Fetch-Site", "same-origin"), 0},
		{"a browser that says nothing", request("GET", "/"), 0},
		{"our own form", request("POST", "/r/x/save", "Sec-Fetch-Site", "same-origin", "Origin", own), 0},
		{"our own form in an old browser", request("POST", "/r/x/save", "Origin", own), 0},
		{"our own form, from a page that tells nobody where it is", request("POST", "/r/x/save", "Sec-Fetch-Site", "same-origin", "Origin", "null"), 0},
		{"a form from nowhere that the browser does not vouch for", request("POST", "/r/x/save", "Origin", "null"), 403},

		{"a name that was bound to this machine", request("GET", "/", "Host", "evil.example:4000"), 421},
		{"our address by number", request("GET", "/", "Host", "127.0.0.1:4000"), 421},
		{"another port's name", request("GET", "/", "Host", "daylight-0011aabb.localhost:4001"), 421},
		{"a name in capitals", request("GET", "/", "Host", "DAYLIGHT-0011aabb.localhost:4000"), 421},
		{"another site's form", request("POST", "/r/x/save", "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"), 403},
		{"another port's form", request("POST", "/r/x/save", "Sec-Fetch-Site", "same-site", "Origin", "http://127.0.0.1:9999"), 403},
		{"a form from nowhere", request("POST", "/r/x/save"), 403},
		{"a form of a sandboxed page", request("POST", "/r/x/save", "Origin", "null", "Sec-Fetch-Site", "cross-site"), 403},
		{"a form that the browser calls ours under another origin", request("POST", "/r/x/save", "Sec-Fetch-Site", "same-origin", "Origin", "http://evil.example"), 403},
		{"an image on another site", request("GET", "/r/x", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "image"), 403},
		{"a link on another site", request("GET", "/r/x", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"), 403},
		{"a frame on another site", request("GET", "/start/x", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe"), 403},
		{"a way in that another program opens", request("GET", "/start/x", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"), 0},
		{"a method that we do not have", request("PUT", "/r/x", "Sec-Fetch-Site", "same-origin", "Origin", own), 405},
		{"a preflight", request("OPTIONS", "/r/x", "Origin", "https://evil.example"), 405},
	} {
		if got := g.closed(c.r); got != c.refused {
			t.Errorf("%s: %d, want %d", c.shows, got, c.refused)
		}
	}
}

func TestATicketOpensOneSessionOnce(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	g := newGate(ourHost, func() time.Time { return now })
	admitted := func(token string) *http.Cookie {
		w := httptest.NewRecorder()
		if !g.admit(w, request("GET", "/start/"+token), token) {
			return nil
		}
		return w.Result().Cookies()[0]
	}
	with := func(c *http.Cookie) *http.Request {
		r := request("GET", "/")
		r.AddCookie(c)
		return r
	}
	token := g.ticket()
	c := admitted(token)
	if c == nil || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Domain != "" {
		t.Fatalf("the cookie is %v", c)
	}
	if g.session(with(c)) == "" {
		t.Error("its session is not known")
	}
	if w := httptest.NewRecorder(); !g.admit(w, with(c), token) || len(w.Result().Cookies()) > 0 {
		t.Error("the browser that a ticket let in is not led on when it comes again")
	}
	if admitted(token) != nil {
		t.Error("a ticket was taken twice")
	}
	if g.session(with(c)) != "" || g.admit(httptest.NewRecorder(), with(c), token) {
		t.Error("who came first with a ticket that two had is still let in")
	}
	if c = admitted(g.ticket()); c == nil || g.session(with(c)) == "" {
		t.Fatal("another ticket lets nobody in")
	}
	if admitted("") != nil || admitted("x") != nil {
		t.Error("no ticket was taken for one")
	}
	late := g.ticket()
	now = now.Add(ticketLasts + time.Second)
	if admitted(late) != nil {
		t.Error("a late ticket was taken")
	}
	if g.session(with(&http.Cookie{Name: cookieName, Value: "x"})) != "" || g.session(request("GET", "/")) != "" {
		t.Error("a stranger has a session")
	}
	for range mostSessions {
		if admitted(g.ticket()) == nil {
			t.Fatal("a ticket was not taken")
		}
	}
	if g.session(with(c)) != "" {
		t.Error("the oldest session of too many still counts")
	}
}

func TestHandlesSayNothingAndEndWithTheRun(t *testing.T) {
	h := newHandles(filler(nil))
	const id = "01890a5d-ac96-774b-bcce-b302099a8057"
	name := h.name(clientsync.KindVisit, id)
	if name != h.name(clientsync.KindVisit, id) {
		t.Error("a record has two handles")
	}
	if name == h.name(clientsync.KindFinding, id) || name == newHandles(filler(nil)).name(clientsync.KindVisit, id) {
		t.Error("another kind, or another run, has the same handle")
	}
	if got, ok := h.find(name); !ok || got != (target{clientsync.KindVisit, id}) {
		t.Errorf("it leads to %v", got)
	}
	if _, ok := h.find("aaaaaaaaaaaaaaaa"); ok {
		t.Error("a guess leads somewhere")
	}
	h.most = 3
	for i := range 10 {
		h.name(clientsync.KindVisit, fmt.Sprint(i))
	}
	if len(h.of) > 3 {
		t.Errorf("%d handles are kept", len(h.of))
	}
	h.forget()
	if _, ok := h.find(name); ok {
		t.Error("a handle outlives the lock")
	}
}

// TestAMistakeInAPageIsAnswered: the log says where it was made, and nothing of what it says.
func TestAMistakeInAPageIsAnswered(t *testing.T) {
	var log bytes.Buffer
	a, err := New(Config{Client: openClient(t), Host: ourHost, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, app: a}
	b.cookie = b.get(a.StartPath()).Result().Cookies()[0]
	a.page("/mistake", func(*turn) error { panic("the name of somebody") })
	if w := b.get("/mistake"); w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "What was saved before is safe") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if text := log.String(); strings.Contains(text, "somebody") || !strings.Contains(text, "safety_test.go") {
		t.Errorf("the log says %s", text)
	}
}

// TestAWindowThatWentWithoutAWordIsNotInSight: a browser that was killed keeps nothing open.
func TestAWindowThatWentWithoutAWordIsNotInSight(t *testing.T) {
	w, now, locked := newWindows(), time.Now(), make(chan bool, 1)
	w.here("killed", now)
	w.here("read", now.Add(stale))
	w.gone("read", now.Add(stale), time.Nanosecond, func() { locked <- true })
	w.mu.Lock()
	if w.timer != nil {
		t.Error("it locks while a window was in sight a moment ago")
	}
	w.mu.Unlock()
	w.gone("read", now.Add(stale+time.Second), time.Nanosecond, func() { locked <- true })
	w.mu.Lock()
	waits := w.timer != nil
	w.mu.Unlock()
	if !waits {
		t.Fatal("a window that is gone keeps the folder open")
	}
	<-locked
}
