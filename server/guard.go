package server

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"connectrpc.com/connect"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/rpcerr"
)

// bodyTime bounds how long one body may take: 4 MiB over a link of 14 kB/s. Somebody
// who is not known has a code to send, and no more.
const (
	bodyTime         = 5 * time.Minute
	strangerBodyTime = 10 * time.Second
	strangerBody     = 64 << 10
)

// How many strangers are heard at a time, and how many from one address: whoever
// comes with many connections keeps nobody else out.
const (
	strangersMost    = 64
	strangersFromOne = 4
	// The style and the script of a page come at once, and cost nothing to give: whoever
	// asks for them takes no place of those who have something to say.
	filesMost    = 256
	filesFromOne = 32
)

// secured sets the headers that an answer needs should it ever be opened in a
// browser. A call is a POST, which no link opens; its answer is spared what only a
// page needs, because each byte of a small sync counts on a slow link.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		if r.Method != http.MethodPost {
			h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
			h.Set("Cross-Origin-Resource-Policy", "same-origin")
			h.Set("Referrer-Policy", "no-referrer")
		}
		next.ServeHTTP(w, r)
	})
}

// bounded lets so many requests in at a time and turns the others away at once,
// before their body is read: what waits here would hold memory and time out. Those who
// are not known have places of their own, so that they take nobody's.
func (s *Server) bounded(next http.Handler, deny *connect.ErrorWriter) http.Handler {
	slots := make(chan struct{}, s.config.Concurrent)
	strangers, readers := strangers{most: strangersMost, fromOne: strangersFromOne}, strangers{most: filesMost, fromOne: filesFromOne}
	busy := rpcerr.E(rpcerr.Unavailable, "the office is busy; nothing was saved", "Send it again in a moment.", nil)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		patience, in := bodyTime, false
		if c := callerOf(r.Context()); c.Caller == nil && !c.local && !c.everybody && !c.seated {
			count := &strangers
			if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, look.AssetPrefix) {
				count = &readers
			}
			patience, in = strangerBodyTime, count.enter(r.RemoteAddr)
			defer count.leave(r.RemoteAddr, in)
			r.Body = http.MaxBytesReader(w, r.Body, strangerBody)
		} else {
			select {
			case slots <- struct{}{}:
				in = true
				defer func() { <-slots }()
			default:
			}
		}
		if !in {
			s.say(r.Context(), rpcerr.Unavailable)
			turnAway(w)
			err := rpcerr.ToConnect(r.Context(), s.log, busy)
			if !deny.IsSupported(r) || deny.Write(w, r, err) != nil {
				http.Error(w, busy.Error(), http.StatusServiceUnavailable)
			}
			return
		}
		// In-memory connections of tests have no deadlines; nothing is lost by that.
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(patience))
		next.ServeHTTP(w, r)
	})
}

// turnAway ends the connection behind the answer: what is still to come of the body is
// not waited for.
func turnAway(w http.ResponseWriter) {
	w.Header().Set("Connection", "close")
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(strangerBodyTime))
}

// strangers counts those who are being heard, by address.
type strangers struct {
	most, fromOne int

	mu   sync.Mutex
	all  int
	from map[string]int
}

func addressOf(remote string) string {
	if host, _, err := net.SplitHostPort(remote); err == nil {
		return host
	}
	return remote
}

func (s *strangers) enter(remote string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := addressOf(remote)
	if s.all >= s.most || s.from[at] >= s.fromOne {
		return false
	}
	if s.from == nil {
		s.from = map[string]int{}
	}
	s.all++
	s.from[at]++
	return true
}

func (s *strangers) leave(remote string, entered bool) {
	if !entered {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	at := addressOf(remote)
	s.all--
	if s.from[at]--; s.from[at] == 0 {
		delete(s.from, at)
	}
}

// guard gives each call its deadline and puts its error into the caller's words.
func (s *Server) guard(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, r connect.AnyRequest) (connect.AnyResponse, error) {
		ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
		defer cancel()
		answer, err := next(ctx, r)
		if err == nil {
			return answer, nil
		}
		err = forCaller(err)
		s.say(ctx, rpcerr.CodeOf(err))
		return nil, rpcerr.ToConnect(ctx, s.log, err)
	}
}

// recovered answers a panic as our mistake. What was thrown may hold content and
// is not logged, unless it is the runtime's.
func (s *Server) recovered(ctx context.Context, _ connect.Spec, _ http.Header, thrown any) error {
	s.say(ctx, rpcerr.Internal)
	return rpcerr.ToConnect(ctx, s.log, panicked(thrown, debug.Stack()))
}

func panicked(thrown any, stack []byte) error {
	what := fmt.Sprintf("a panic with a %T", thrown)
	if e, ok := thrown.(runtime.Error); ok {
		what = "a panic: " + e.Error()
	}
	return rpcerr.E(rpcerr.Internal, "panic", "", fmt.Errorf("%s\n%s", what, stack))
}

// call is what the line of log about a request needs to know from inside.
type call struct {
	code   rpcerr.Code // 0: answered, or refused before a service saw it
	route  string      // of a page, as its pattern
	writer string
}

type callKey struct{}

func (s *Server) say(ctx context.Context, code rpcerr.Code) {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		c.code = code
	}
}

// logged writes one line for each request: what was called, how it ended, how long
// it took, how many bytes went each way, and the beginning of the writer's id.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, began := &call{}, s.config.Now()
		r = r.WithContext(context.WithValue(r.Context(), callKey{}, c))
		in := &counted{ReadCloser: r.Body}
		r.Body = in
		out := &counting{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			attrs := []any{"call", cmp.Or(c.route, procedure(r)), "status", out.status, "took", s.config.Now().Sub(began),
				"in", in.n, "out", out.n}
			if c.code != 0 {
				attrs = append(attrs, "code", c.code.String())
			}
			if c.writer != "" {
				attrs = append(attrs, "writer", c.writer)
			}
			s.log.InfoContext(r.Context(), "request", attrs...)
		}()
		next.ServeHTTP(out, r)
	})
}

// procedure is the request's path where it is one of ours: another may hold
// anything.
func procedure(r *http.Request) string {
	if _, ok := procedures[r.URL.Path]; ok || r.URL.Path == "/healthz" || r.URL.Path == BundlePath || r.URL.Path == RescuePath ||
		r.URL.Path == DuplicatesPath || r.URL.Path == MergePath || r.URL.Path == SignInPath {
		return r.URL.Path
	}
	return "(unknown)"
}

// counted counts the bytes of a request's body.
type counted struct {
	io.ReadCloser
	n int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	c.n += int64(n)
	return n, err
}

// counting counts the bytes of an answer and keeps its status.
type counting struct {
	http.ResponseWriter
	status int
	n      int64
}

func (c *counting) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

func (c *counting) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.n += int64(n)
	return n, err
}

// Unwrap lets deadlines and flushing through.
func (c *counting) Unwrap() http.ResponseWriter { return c.ResponseWriter }
