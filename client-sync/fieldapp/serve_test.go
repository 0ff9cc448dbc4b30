package fieldapp

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
)

func TestARunIsServedUntilItEnds(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := OwnHost(l.Addr().(*net.TCPAddr).Port)
	if other := OwnHost(1); strings.HasPrefix(host, strings.TrimSuffix(other, ":1")) || !strings.HasSuffix(other, ".localhost:1") {
		t.Errorf("two runs are called %s and %s", host, other)
	}
	a, err := New(Config{Client: openClient(t), Host: host})
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Serve(ctx, l) }()
	ask := func() (int, error) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.Addr().String()+a.StartPath(), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		w, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
		if err != nil {
			return 0, err
		}
		return w.StatusCode, w.Body.Close()
	}
	if code, err := ask(); code != http.StatusSeeOther || err != nil {
		t.Errorf("the browser is let in with %d %v", code, err)
	}
	end()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if code, err := ask(); err == nil {
		t.Errorf("after its end it answers %d", code)
	}
	if err := a.Serve(t.Context(), l); err == nil {
		t.Error("a listener that is closed is served")
	}
}
