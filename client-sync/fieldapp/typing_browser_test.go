package fieldapp

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/browsertest"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// writing is an app with one finding, open in a browser, whose saves can be held up.
type writing struct {
	t   *testing.T
	c   *clientsync.Client
	app *App
	*browsertest.Page
	url, page, id string
	// door is asked before each save is answered; nil lets it through.
	door atomic.Pointer[func(http.ResponseWriter) (answered bool)]
}

func openWriting(t *testing.T) *writing {
	t.Helper()
	w := &writing{t: t, c: openClient(t)}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if do := w.door.Load(); do != nil && strings.HasSuffix(r.URL.Path, "/save") && (*do)(rw) {
			return
		}
		w.app.ServeHTTP(rw, r)
	}))
	host := s.Listener.Addr().String()
	var err error
	if w.app, err = New(Config{Client: w.c, Host: host}); err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(s.Close)
	onePage(&browser{t: t, app: w.app})
	w.id = saved(t, w.c, &daylightv1.Finding{Title: proto.String("Cell 4")}).GetId()
	w.url = "http://" + host
	w.page = w.url + "/r/" + w.app.handles.name(clientsync.KindFinding, w.id)
	w.Page = browsertest.Open(t, browsertest.Setup{})
	w.Visit(w.url + w.app.StartPath())
	w.Visit(w.page)
	return w
}

// hold holds saves up until the function that it gives is called; come has a value when the
// first is here.
func (w *writing) hold() (come <-chan struct{}, release func()) {
	at, gate := make(chan struct{}, 1), make(chan struct{})
	do := func(http.ResponseWriter) bool {
		select {
		case at <- struct{}{}:
		default:
		}
		<-gate
		return false
	}
	w.door.Store(&do)
	return at, func() { w.door.Store(nil); close(gate) }
}

// says waits until the record says so.
func (w *writing) says(title, narrative string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 30*time.Second) // never reached by what works
	defer cancel()
	changed := w.c.Watch(ctx)
	for {
		f := findingOf(w.t, w.c, w.id)
		if f.GetTitle() == title && f.GetNarrative() == narrative {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			w.t.Fatalf("it says %q and %q", f.GetTitle(), f.GetNarrative())
		}
	}
}

func (w *writing) run(script string) { browsertest.Eval[any](w.Page, "(() => {"+script+"})()") }

// input replaces what stands in a field, whose author goes on typing.
func (w *writing) input(selector, text string) {
	w.run(fmt.Sprintf(`const e = document.querySelector(%q); e.value = %q; e.dispatchEvent(new Event("input", {bubbles: true}))`, selector, text))
}

// TestWordsOfAPageThatGoesAreSaved: while nothing was sent, and while a save is under way
// that nobody has answered.
func TestWordsOfAPageThatGoesAreSaved(t *testing.T) {
	w := openWriting(t)
	w.Type("#f-narrative", "ten people")
	w.run(`location.href = "/settings"`)
	w.WaitFor(`location.pathname === "/settings"`)
	w.says("Cell 4", "ten people")

	w.Visit(w.page)
	come, release := w.hold()
	w.Fill("#f-title", "Cell 14")
	<-come
	w.input("#f-title", "Cell 142")
	w.input("#f-narrative", "ten people, two on the floor")
	w.run(`location.href = "/settings"`)
	w.WaitFor(`location.pathname === "/settings"`)
	release()
	w.says("Cell 142", "ten people, two on the floor")
}

// TestALongTextOfAPageThatGoesIsSaved: in a script whose letters are two bytes long.
func TestALongTextOfAPageThatGoesIsSaved(t *testing.T) {
	w := openWriting(t)
	long := strings.Repeat("слово ", 4000) // 44 KB, and 136 KB as most forms write it
	w.input("#f-narrative", long)
	w.run(`location.href = "/settings"`)
	w.says("Cell 4", long)
}

// TestALinkWaitsForWhatWasTyped: the page that comes shows it.
func TestALinkWaitsForWhatWasTyped(t *testing.T) {
	w := openWriting(t)
	come, release := w.hold()
	w.Type("#f-narrative", "ten people")
	w.run(`document.querySelector('a[href="/send"]').click()`)
	<-come
	if got := browsertest.Eval[string](w.Page, "location.pathname"); got == "/send" {
		t.Error("the page went before its words were saved")
	}
	release()
	w.WaitFor(`location.pathname === "/send"`)
	w.says("Cell 4", "ten people")
}

// TestWhatCannotBeSentIsToldAndSentAgain: while the app does not answer, and in words of its
// own while it cannot save.
func TestWhatCannotBeSentIsToldAndSentAgain(t *testing.T) {
	w := openWriting(t)
	w.Allow("ERR_|503|Failed to load")
	gone := func(rw http.ResponseWriter) bool {
		conn, _, err := rw.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return false
		}
		_ = conn.Close()
		return true
	}
	w.door.Store(&gone)
	w.Type("#f-narrative", "ten people")
	w.WaitFor(`document.querySelector(".saved").textContent.startsWith("Not saved yet. What you typed is still here")`)
	full := func(rw http.ResponseWriter) bool {
		rw.Header().Set("Content-Type", "application/json")
		rw.WriteHeader(http.StatusServiceUnavailable)
		_, _ = rw.Write([]byte(`{"failed": "The disk is full."}`))
		return true
	}
	w.door.Store(&full)
	w.WaitFor(`document.querySelector(".saved").textContent === "The disk is full."`)
	if lost := browsertest.Eval[bool](w.Page, `!dispatchEvent(new Event("beforeunload", {cancelable: true}))`); !lost {
		t.Error("nobody asks before the page goes with what was typed")
	}
	w.door.Store(nil)
	w.WaitFor(`document.querySelector(".saved").textContent.startsWith("Saved on this device")`)
	w.says("Cell 4", "ten people")
	if lost := browsertest.Eval[bool](w.Page, `!dispatchEvent(new Event("beforeunload", {cancelable: true}))`); lost {
		t.Error("somebody is asked for nothing")
	}
}

// TestTheLockOfOneWindowIsThatOfAll: each saves what was typed in it, and shows nothing.
func TestTheLockOfOneWindowIsThatOfAll(t *testing.T) {
	w := openWriting(t)
	w.Type("#f-narrative", "ten people")
	come, release := w.hold()
	w.run(`window.other = window.open("/settings")`)
	w.WaitFor(`other.document.readyState === "complete" && other.document.querySelector("form[data-lock] button")`)
	w.run(`other.document.querySelector("form[data-lock] button").click()`)
	<-come
	if w.c.Locked() {
		t.Error("it is locked while another window saves")
	}
	w.WaitFor(`document.documentElement.style.display === "none"`)
	release()
	waitLocked(t, w.c)
	w.WaitFor(`location.pathname === "/away"`)
	if err := w.c.Unlock(t.Context(), passphrase); err != nil {
		t.Fatal(err)
	}
	w.says("Cell 4", "ten people")
}
