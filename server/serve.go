package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// ErrReachable: other machines could reach the listener.
var ErrReachable = errors.New("until what each person may see is kept apart, the server listens on this machine alone: " +
	"whoever is known to it could read every record. Use 127.0.0.1, and a tunnel where another machine has to reach it")

// Serve answers on the listener until ctx ends, and keeps the search up to date
// meanwhile. Then it takes no more, lets what runs finish for at most
// Config.Drain, and returns nil. It closes the listener in each case, refuses one
// that other machines can reach (ErrReachable), and any request whose Host names
// another machine, so that no web page can reach it by a name of its own.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	if err := Reachable(l.Addr()); err != nil {
		return errors.Join(err, l.Close())
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	h := s.httpServer()
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
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.handler.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, &caller{local: true})))
	})
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

func (s *Server) httpServer() *http.Server {
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true) // gRPC needs it, and no packet leaves this machine
	return &http.Server{
		Handler:           local(s.handler),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug), // strangers who speak no TLS
		Protocols:         protocols,
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: 64},
	}
}

// Reachable gives ErrReachable for an address that other machines can reach, as
// Serve would.
func Reachable(a net.Addr) error {
	switch t := a.(type) {
	case *net.TCPAddr:
		if t.IP.IsLoopback() {
			return nil
		}
	case *net.UnixAddr:
		return nil
	}
	return fmt.Errorf("%s: %w", a, ErrReachable)
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
