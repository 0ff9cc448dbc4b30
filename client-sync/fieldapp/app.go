package fieldapp

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
)

// Config says for which device the pages are, and under which name.
type Config struct {
	// Client is the device's folder, opened, and locked or not. The app does not close it.
	Client *clientsync.Client
	// Host is how the browser names this app, with its port, as
	// daylight-3f9a2c71.localhost:40123. Requests under any other name are turned away.
	Host string
	// Quit ends the program after the answer was sent. Nil: pages offer no end.
	Quit func()

	// Log gets what went wrong, never content. Nil: nobody is told.
	Log *slog.Logger
	// Now replaces the clock in tests. Its zone is that of the pages. Nil: the system's.
	Now func() time.Time
	// Random replaces the source of handles in tests. Nil: the system's.
	Random io.Reader
}

// App serves the pages of one device.
type App struct {
	client  *clientsync.Client
	gate    *gate
	handles *handles
	drafts  *drafts
	windows *windows
	sending *sending
	looking sync.Mutex // at a picture of a code
	follow  *following
	log     *slog.Logger
	now     func() time.Time
	quit    func()
	mux     *http.ServeMux
	// pages and posts are what can be asked of a record, filled while the app is made.
	pages map[route]recordPage
	posts map[route]recordPost
	// live are the parts of pages that change with what is saved.
	live map[route]livePart
	// addresses are those of the pages that are of no record.
	addresses []string
	// tidy are what goes along with a posted field, by kind.
	tidy map[clientsync.Kind]func(url.Values)
}

// New makes the app.
func New(c Config) (*App, error) {
	if c.Client == nil || c.Host == "" {
		return nil, errors.New("fieldapp: Config wants Client and Host")
	}
	a := &App{
		client: c.Client, log: c.Log, now: c.Now, quit: c.Quit,
		mux: http.NewServeMux(), pages: map[route]recordPage{}, posts: map[route]recordPost{}, live: map[route]livePart{},
		tidy: map[clientsync.Kind]func(url.Values){},
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if a.now == nil {
		a.now = time.Now
	}
	a.drafts = &drafts{of: map[string]clientsync.Message{}}
	a.windows, a.sending, a.follow = newWindows(), &sending{}, newFollowing()
	a.gate, a.handles = newGate(c.Host, a.now), newHandles(filler(c.Random))
	a.routes()
	go a.forgetLocked(c.Client.Watch(context.Background()))
	return a, nil
}

// routes are all addresses. A page is read with GET and changed with POST.
func (a *App) routes() {
	a.mux.Handle("GET "+look.AssetPrefix, look.Assets())
	a.mux.HandleFunc("GET /start/{token}", a.start)
	a.mux.HandleFunc("GET /r/{handle}", a.unlocked((*turn).recordPage))
	a.mux.HandleFunc("GET /r/{handle}/{page}", a.unlocked((*turn).recordPage))
	a.mux.HandleFunc("POST /r/{handle}/{page}", a.unlocked((*turn).recordPost))
	a.mux.HandleFunc("/", a.unlocked(func(*turn) error { return errEnded }))
	a.savingRoutes()
	a.areas()
}

// StartPath is the address, within the app, that opens it for one browser: it counts once,
// for two minutes.
func (a *App) StartPath() string { return "/start/" + a.gate.ticket() }

// maxBody bounds what a page may post: more than a form may bring, so that what is too long
// can be told beside its control.
const maxBody = 9 << 20

// ServeHTTP lets in what our own pages ask.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	look.SecurityHeaders(w.Header())
	if status := a.gate.closed(r); status != 0 {
		http.Error(w, "Not here.", status)
		return
	}
	if r.Method == http.MethodPost && !fileUpload(r) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	}
	a.mux.ServeHTTP(w, r)
}

// fileUpload: a bundle, or a picture of a code, is read as it comes, and bounded by what
// reads it.
func fileUpload(r *http.Request) bool {
	return r.URL.Path == "/send/take" || r.URL.Path == "/enrol/picture"
}

// start exchanges a ticket for the cookie of a session.
func (a *App) start(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && a.gate.admit(w, r, r.PathValue("token")) {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	t := a.turn(w, r)
	t.answer(t.showStranger())
}

// anybody lets in who has a session, whether the folder is locked or not.
func (a *App) anybody(do func(*turn) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		t := a.turn(w, r)
		if a.gate.session(r) == "" {
			t.answer(t.showStranger())
			return
		}
		t.answer(t.whole(do))
		if t.after != nil {
			_ = http.NewResponseController(w).Flush() // one that cannot is sent when this ends
			t.after()
		}
	}
}

// unlocked lets in who has a session, once the folder is unlocked.
func (a *App) unlocked(do func(*turn) error) http.HandlerFunc {
	return a.anybody(func(t *turn) error {
		if t.client.Locked() {
			return t.toUnlock()
		}
		return do(t)
	})
}

// page and post mount an address of the unlocked app. A post gets its form read.
func (a *App) page(path string, do func(*turn) error) {
	a.addresses = append(a.addresses, path)
	a.mux.HandleFunc("GET "+path, a.unlocked(do))
}

func (a *App) post(path string, do func(*turn, *look.Form) error) {
	a.mux.HandleFunc("POST "+path, a.unlocked(reading(do)))
}

// openPage and openPost are page and post for what is there while the folder is locked too.
func (a *App) openPage(path string, do func(*turn) error) {
	a.addresses = append(a.addresses, path)
	a.mux.HandleFunc("GET "+path, a.anybody(do))
}

func (a *App) openPost(path string, do func(*turn, *look.Form) error) {
	a.mux.HandleFunc("POST "+path, a.anybody(reading(do)))
}

func reading(do func(*turn, *look.Form) error) func(*turn) error {
	return func(t *turn) error {
		f, err := look.ReadForm(t.locale, t.r)
		if err != nil {
			return err
		}
		// What was asked for is done, also when the window that asked is gone.
		t.r = t.r.WithContext(context.WithoutCancel(t.r.Context()))
		return do(t, f)
	}
}

// filler reads random bytes, from the system where no source is given.
func filler(r io.Reader) func([]byte) {
	if r == nil {
		r = rand.Reader
	}
	return func(b []byte) {
		if _, err := io.ReadFull(r, b); err != nil {
			panic(err) // a source without bytes is a mistake of whoever gave it
		}
	}
}
