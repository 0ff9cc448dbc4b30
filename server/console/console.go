package console

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/signin"
	"github.com/daylight-npm/daylight/server/store"
)

// Config says whose pages these are. Signins, Directory, Store, Records and Office are needed.
type Config struct {
	Signins   *signin.Signins
	Directory *directory.Directory
	// Store is asked for what is nobody's in particular: the words, the position.
	Store *store.Store
	// Records gives the records as whoever sits there has them.
	Records func(*signin.Session) Records
	// Office does what the services do about people, devices and teams.
	Office func(*signin.Session) Office
	// Hosts are the names under which browsers reach the pages, as in their addresses, with
	// the port where there is one. This machine's own names count in any case.
	Hosts []string

	// Log gets what went wrong, never content. Nil: nobody is told.
	Log *slog.Logger
	// Route is told which route a request takes, as its pattern. Nil: nobody is told.
	Route func(ctx context.Context, pattern string)
	// Now replaces the clock in tests; its zone is that of the pages. Nil: the system's.
	Now func() time.Time
	// Random replaces the source of the key that keeps what was typed. Nil: the system's.
	Random io.Reader
}

// Console serves the pages. Its methods may be called from any goroutine.
type Console struct {
	signins   *signin.Signins
	directory *directory.Directory
	store     *store.Store
	recordsOf func(*signin.Session) Records
	officeOf  func(*signin.Session) Office
	shelf     shelf
	tray      tray
	likely    likely
	hosts     map[string]bool
	log       *slog.Logger
	route     func(context.Context, string)
	now       func() time.Time
	keeper    *keeper
	mux       *http.ServeMux
	// rail are the ways from anywhere, in order.
	rail []way
}

// way is a line of the rail.
type way struct {
	href  string
	icon  look.Icon
	name  look.Key
	allow allow
}

// allow says whether somebody may have a page, by their rights; nil: whoever has signed in.
type allow func(access.Rights) bool

// may allows whoever may do one of the actions.
func may(actions ...access.Action) allow {
	return func(r access.Rights) bool {
		for _, a := range actions {
			if r.May(a) {
				return true
			}
		}
		return false
	}
}

// reads allows whoever sees records of one of the kinds, however far.
func reads(kinds ...record.Kind) allow {
	return func(r access.Rights) bool {
		return slices.ContainsFunc(kinds, func(k record.Kind) bool { return r.Reads(k) != access.None })
	}
}

// New makes the pages of an office.
func New(c Config) (*Console, error) {
	if c.Signins == nil || c.Directory == nil || c.Store == nil || c.Records == nil || c.Office == nil {
		return nil, errors.New("console: Config wants Signins, Directory, Store, Records and Office")
	}
	k := &Console{signins: c.Signins, directory: c.Directory, store: c.Store, recordsOf: c.Records, officeOf: c.Office, hosts: map[string]bool{}, log: c.Log, route: c.Route, now: c.Now, mux: http.NewServeMux()}
	for _, h := range c.Hosts {
		k.hosts[h] = true
	}
	if k.log == nil {
		k.log = slog.New(slog.DiscardHandler)
	}
	if k.route == nil {
		k.route = func(context.Context, string) {}
	}
	if k.now == nil {
		k.now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	var err error
	if k.keeper, err = newKeeper(c.Random); err != nil {
		return nil, err
	}
	k.areas()
	return k, nil
}

// areas mounts the pages, area by area, in the order of the rail.
func (c *Console) areas() {
	c.mux.Handle("GET "+look.AssetPrefix, look.Assets())
	c.open("/", func(*turn) error { return errNotFound })
	c.signInRoutes()
	c.welcomeRoutes()
	c.confirmRoutes()
	c.keptRoutes()
	c.todayRoutes()
	c.visitRoutes()
	c.recordRoutes()
	c.reviewRoutes()
	c.heldRoutes()
	c.recommendationRoutes()
	c.placeRoutes()
	c.duplicateRoutes()
	c.peopleRoutes()
	c.deviceRoutes()
	c.wordRoutes()
	c.checklistRoutes()
	c.accessRoutes()
	c.exportRoutes()
	c.helpRoutes()
	c.resetRoutes()
	c.accountRoutes()
}

// open and openPost mount an address that anybody may have.
func (c *Console) open(path string, do func(*turn) error) { c.handle("GET "+path, do) }

func (c *Console) openPost(path string, do func(*turn, *look.Form) error) {
	c.handle("POST "+path, reading(do))
}

// page and post mount an address for whoever has signed in and has the rights.
func (c *Console) page(path string, who allow, do func(*turn) error) {
	c.handle("GET "+path, signedIn(who, do))
}

func (c *Console) post(path string, who allow, do func(*turn, *look.Form) error) {
	c.handle("POST "+path, signedIn(who, reading(do)))
}

// freshPage and freshPost are page and post for exports, roles and keys: whoever sits there
// has proved within five minutes who they are, else is asked first.
func (c *Console) freshPage(path string, who allow, do func(*turn) error) {
	c.page(path, who, fresh((*signin.Session).Fresh, do))
}

func (c *Console) freshPost(path string, who allow, do func(*turn, *look.Form) error) {
	c.handle("POST "+path, signedIn(who, fresh((*signin.Session).Fresh, reading(do))))
}

// ownPage and ownPost are the same for one's own ways to sign in, for which a recovery code
// is proof enough.
func (c *Console) ownPage(path string, do func(*turn) error) {
	c.page(path, nil, fresh((*signin.Session).OwnFresh, do))
}

func (c *Console) ownPost(path string, do func(*turn, *look.Form) error) {
	c.handle("POST "+path, signedIn(nil, fresh((*signin.Session).OwnFresh, reading(do))))
}

// handle mounts one route. A panic is our mistake; what was thrown may hold content and is
// not logged, unless it is the runtime's.
func (c *Console) handle(pattern string, do func(*turn) error) {
	c.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		c.route(r.Context(), pattern)
		t := c.turn(w, r)
		defer func() {
			if thrown := recover(); thrown != nil {
				t.answer(panicked(thrown))
			}
		}()
		if t.failed != nil { // not a stranger: it is not known who sits there
			t.answer(t.failed)
			return
		}
		t.answer(do(t))
	})
}

// reading gives a post its form.
func reading(do func(*turn, *look.Form) error) func(*turn) error {
	return func(t *turn) error {
		f, err := look.ReadForm(t.locale, t.r)
		if err != nil {
			return err
		}
		return do(t, f)
	}
}

// signedIn lets in who has a session and the rights. Whoever has none is led to the page
// that signs in; what they posted is kept.
func signedIn(who allow, do func(*turn) error) func(*turn) error {
	return func(t *turn) error {
		switch {
		case t.session == nil:
			return t.toSignIn()
		case t.session.Stage != signin.Full:
			return t.to("/welcome/set-up")
		case who != nil && !who(t.rights):
			return errNotFound
		}
		return do(t)
	}
}

// fresh asks first for a proof of who sits there.
func fresh(is func(*signin.Session) bool, do func(*turn) error) func(*turn) error {
	return func(t *turn) error {
		if is(t.session) {
			return do(t)
		}
		return t.toConfirm()
	}
}
