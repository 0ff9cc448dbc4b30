package fieldapp

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"time"
)

// OwnHost is the name and port under which one run is served on loopback. Cookies are not
// kept apart by port: a name that no other program on this machine knows keeps them from it.
func OwnHost(port int) string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	return net.JoinHostPort("daylight-"+hex.EncodeToString(b[:])+".localhost", strconv.Itoa(port))
}

// lastSaves is how long what is being saved may take once the app ends.
const lastSaves = 10 * time.Second

// Serve serves the app on a listener until ctx ends; what is being saved is finished first.
// It closes the listener, and not the client.
func (a *App) Serve(ctx context.Context, l net.Listener) error {
	s := &http.Server{Handler: a, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastSaves)
	defer cancel()
	return s.Shutdown(last)
}
