package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// Why a listener that other machines can reach is refused.
var (
	// ErrPlain: without TLS.
	ErrPlain = errors.New("other machines can reach this address, and without TLS everybody on the way could read every word: " +
		"serve with TLS, or at 127.0.0.1")
	// ErrNobodyKnown: in an office that has not been made.
	ErrNobodyKnown = errors.New("other machines can reach this address, and this office has not been made: nobody is known, " +
		"so whoever came could read and change everything. Make it first, or serve at 127.0.0.1")
)

// Serve answers without TLS on a listener that this machine alone can reach (else
// ErrPlain) until ctx ends, and keeps the search up to date meanwhile. Then it takes no
// more, lets what runs finish for at most Config.Drain, and returns nil. It closes the
// listener in each case, and turns away any request whose Host names another machine,
// so that no web page can reach it by a name of its own.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	if err := s.May(l.Addr(), false); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", l.Addr(), err), l.Close())
	}
	return s.serve(ctx, l, local(s.handler))
}

// ServeTLS is Serve with TLS. Other machines may reach it once the office has been made
// (else ErrNobodyKnown): then it answers to every name.
func (s *Server) ServeTLS(ctx context.Context, l net.Listener, c *tls.Config) error {
	if err := s.May(l.Addr(), true); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", l.Addr(), err), l.Close())
	}
	h := s.handler
	if !s.made {
		h = local(h)
	}
	return s.serve(ctx, tls.NewListener(l, c), h)
}

func (s *Server) serve(ctx context.Context, l net.Listener, handler http.Handler) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	h := s.httpServer(handler)
	var ended []<-chan error
	start := func(run func() error) {
		end := make(chan error, 1)
		ended = append(ended, end)
		go func() { defer stop(); end <- run() }()
	}
	start(func() error { return h.Serve(l) })
	start(func() error { return s.store.Run(ctx) })
	<-ctx.Done()
	err := s.drain(h)
	for _, end := range ended {
		if e := <-end; !errors.Is(e, http.ErrServerClosed) && !errors.Is(e, context.Canceled) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// Local answers whoever sits at the server: the whole directory, and no record. Serve
// it on a socket that only the operator's account can open.
func (s *Server) Local() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.handler.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, &caller{local: true})))
	}))
	// Nowhere else: files are as large as they are.
	mux.Handle("POST "+BundlePath, s.logged(http.HandlerFunc(s.takeUpload)))
	mux.Handle("POST "+DuplicatesPath, operated(s, s.Duplicates))
	mux.Handle("POST "+MergePath, operated(s, s.Merge))
	mux.Handle("POST "+SignInPath, operated(s, s.LetIn))
	mux.Handle("POST "+RescuePath, s.logged(http.HandlerFunc(s.takeRescued)))
	return mux
}

// drain lets what runs finish, then cuts off the rest.
func (s *Server) drain(h *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), s.config.Drain)
	defer cancel()
	err := h.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		s.log.Warn("requests were cut off: they did not end in time")
		return h.Close()
	}
	return err
}

func (s *Server) httpServer(h http.Handler) *http.Server {
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true) // gRPC needs it, and no packet leaves this machine
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug), // strangers who speak no TLS
		Protocols:         protocols,
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: 64},
	}
}

// reachable reports whether other machines can reach the address.
func reachable(a net.Addr) bool {
	switch t := a.(type) {
	case *net.TCPAddr:
		return !t.IP.IsLoopback()
	case *net.UnixAddr:
		return false
	}
	return true
}

// May says before anything is announced whether Serve, or with secure ServeTLS, would
// refuse the address: ErrPlain, ErrNobodyKnown.
func (s *Server) May(a net.Addr, secure bool) error {
	switch {
	case !reachable(a):
		return nil
	case !secure:
		return ErrPlain
	case !s.made:
		return ErrNobodyKnown
	}
	return nil
}

// local turns away what was sent to the name of another machine. A browser sends
// the name that its page uses, even if that leads here.
func local(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !ownName(r.Host) {
			http.Error(w, "this server answers to localhost only", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func ownName(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
