package server

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"connectrpc.com/connect"

	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/enrol"
	"github.com/daylight-npm/daylight/internal/wirezip"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server/console"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/signin"
	"github.com/daylight-npm/daylight/server/store"
)

// The bounds of a request.
const (
	// MaxMessage is how many bytes a message may have, unpacked.
	MaxMessage = 4 << 20
	// maxBody is how many bytes may come in one body: a message that does not press
	// and its frame.
	maxBody = MaxMessage + 64<<10
)

// Config says what a server serves and within which bounds. Only Store is needed.
type Config struct {
	// Store is where everything is kept. The caller closes it after the server.
	Store *store.Store
	// Log takes one line for each request, never content; nil is silent.
	Log *slog.Logger
	// Now is the clock of the log; nil means time.Now.
	Now func() time.Time
	// Writer is the name under which the record services write; empty means
	// "Office".
	Writer store.OfficeWriter

	// Random is the source of codes, tokens and ids; nil means that of crypto/rand.
	Random io.Reader
	// Endpoints are the addresses at which devices and browsers reach this server, and Pins
	// name the keys that it may have: both stand in the codes that devices enrol with. The
	// office's pages answer to the names of the endpoints, and to this machine's own.
	Endpoints []string
	Pins      []enrol.Pin

	// Cost is that of the hash of a passphrase; the zero Cost means the usual.
	Cost signin.Cost

	// Timeout bounds the work on one request, from the moment when it has been read;
	// 0 means 30 seconds.
	Timeout time.Duration
	// Concurrent bounds the requests at a time, those being read included; what is
	// beyond is turned away at once. 0 means 128.
	Concurrent int
	// Drain bounds how long Serve waits for the requests that run when its context
	// ends; 0 means 10 seconds.
	Drain time.Duration
}

// Server answers for one store. Its methods may be called from any goroutine.
type Server struct {
	config  Config
	store   *store.Store
	log     *slog.Logger
	handler http.Handler

	directory *directory.Directory
	// signins and pages are those of an office that has been made, else nil.
	signins *signin.Signins
	pages   *console.Console
	// made: the office has been made, so that callers have to be known.
	made bool
	pace pace
	// lastTold are the ends of their own chains that devices told last, by record.ID.
	lastTold sync.Map
	// shelf has compiled checklists.
	shelf formShelf
	// uploads lets one bundle be put aside at a time, of at most so many bytes.
	uploads   chan struct{}
	maxUpload int64
}

// New makes a server of an open store.
func New(c Config) (*Server, error) {
	if c.Store == nil {
		return nil, errors.New("the server needs a store")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Writer == "" {
		c.Writer = "Office"
	}
	if c.Timeout <= 0 {
		c.Timeout = 30 * time.Second
	}
	if c.Concurrent <= 0 {
		c.Concurrent = 128
	}
	if c.Drain <= 0 {
		c.Drain = 10 * time.Second
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	s := &Server{config: c, store: c.Store, log: c.Log, directory: directory.New(c.Store.File(), c.Now, c.Random), uploads: make(chan struct{}, 1), maxUpload: maxUpload}
	var err error
	if s.made, err = s.directory.Made(context.Background()); err != nil {
		return nil, err
	}
	if s.made { // offices that were made before there were bundles have no key for them
		if err := s.directory.EnsureBundleKey(context.Background(), newBundleKey, directory.By{Call: "start of the server"}); err != nil {
			return nil, err
		}
	}
	if s.made {
		if err := s.openConsole(); err != nil {
			return nil, err
		}
	}
	bundle.SweepAside(s.store.Dir())
	sweepExports(s.store.Dir())
	s.handler = s.build()
	return s, nil
}

func newBundleKey() (secret, recipient string, err error) {
	i, err := bundle.NewIdentity()
	return i.Secret(), i.Recipient(), err
}

// Handler answers every service under Connect's paths, in the protocols Connect,
// gRPC and gRPC-Web, GET /healthz, and the office's pages. In an office that has been made, callers show
// a token; in one that has not, whoever reaches it may do everything: see Serve.
func (s *Server) Handler() http.Handler { return s.handler }

func (s *Server) build() http.Handler {
	options := append(wirezip.Handler(),
		connect.WithReadMaxBytes(MaxMessage),
		connect.WithInterceptors(connect.UnaryInterceptorFunc(s.guard)),
		connect.WithRecover(s.recovered),
	)
	mux := http.NewServeMux()
	mux.Handle(daylightv1connect.NewSyncServiceHandler(syncService{s}, options...))
	mux.Handle(daylightv1connect.NewFacilityServiceHandler(facilityService{s}, options...))
	mux.Handle(daylightv1connect.NewVisitServiceHandler(visitService{s}, options...))
	mux.Handle(daylightv1connect.NewFindingServiceHandler(findingService{s}, options...))
	mux.Handle(daylightv1connect.NewRecordServiceHandler(recordService{s}, options...))
	mux.Handle(daylightv1connect.NewDirectoryServiceHandler(directoryService{s}, options...))
	mux.Handle(daylightv1connect.NewEnrolmentServiceHandler(enrolmentService{s}, options...))
	mux.HandleFunc("GET /healthz", s.health)
	mux.HandleFunc("/", s.serveConsole) // what is nothing else's
	deny := connect.NewErrorWriter(options...)
	known := http.MaxBytesHandler(s.identified(s.bounded(mux, deny), deny), maxBody)
	return s.logged(secured(http.NewCrossOriginProtection().Handler(known)))
}

// health answers whether the store can be read.
func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if _, err := s.store.Head(r.Context()); err != nil {
		s.log.ErrorContext(r.Context(), "the store cannot be read", "error", err)
		http.Error(w, "the store cannot be read", http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ok\n"))
}
