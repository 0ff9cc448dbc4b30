package server

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"

	"github.com/daylight-npm/daylight/internal/enrol"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
)

// serve starts the server on a port of its own. stop ends it and gives what Serve
// returned.
func serve(t *testing.T, w *world) (url string, stop func() error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	end := make(chan error, 1)
	go func() { end <- w.server.Serve(ctx, l) }()
	return "http://" + l.Addr().String(), func() error { cancel(); return <-end }
}

func TestServeAnswersUntilItsContextEnds(t *testing.T) {
	w := newWorld(t, nil)
	url, stop := serve(t, w)
	c := daylightv1connect.NewFacilityServiceClient(http.DefaultClient, url)
	must(c.SaveFacility(t.Context(), &daylightv1.SaveFacilityRequest{Facility: aFacility("North House", "N-1")}))(t)
	if err := stop(); err != nil {
		t.Errorf("stopped with %v", err)
	}
	if _, err := c.GetFacility(t.Context(), &daylightv1.GetFacilityRequest{}); err == nil {
		t.Error("it still answers")
	}
}

// gRPC comes over HTTP/2 without TLS.
func TestServeSpeaksHTTP2(t *testing.T) {
	w := newWorld(t, nil)
	url, stop := serve(t, w)
	p := &http.Protocols{}
	p.SetUnencryptedHTTP2(true)
	h := &http.Client{Transport: &http.Transport{Protocols: p}}
	c := daylightv1connect.NewFacilityServiceClient(h, url, connect.WithGRPC())
	must(c.ListFacilities(t.Context(), &daylightv1.ListFacilitiesRequest{}))(t)
	h.CloseIdleConnections()
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestWhatRunsWhenItStopsMayFinish(t *testing.T) {
	w := newWorld(t, nil)
	slow := waiting{came: make(chan struct{}), goOn: make(chan struct{})}
	_, w.server.handler = daylightv1connect.NewFacilityServiceHandler(slow)
	url, stop := serve(t, w)
	c := daylightv1connect.NewFacilityServiceClient(http.DefaultClient, url)
	done := make(chan error, 1)
	go func() {
		_, err := c.GetFacility(context.Background(), &daylightv1.GetFacilityRequest{})
		done <- err
	}()
	<-slow.came
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	for { // until it takes no more
		conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			break
		}
		conn.Close()
	}
	close(slow.goOn)
	if err := <-done; err != nil {
		t.Errorf("the call: %v", err)
	}
	if err := <-stopped; err != nil {
		t.Errorf("the server: %v", err)
	}
}

func TestWhatDoesNotEndIsCutOff(t *testing.T) {
	w := newWorld(t, nil)
	w.server.config.Drain = time.Millisecond
	slow := waiting{came: make(chan struct{}), goOn: make(chan struct{})}
	_, w.server.handler = daylightv1connect.NewFacilityServiceHandler(slow)
	url, stop := serve(t, w)
	c := daylightv1connect.NewFacilityServiceClient(http.DefaultClient, url)
	done := make(chan error, 1)
	go func() {
		_, err := c.GetFacility(context.Background(), &daylightv1.GetFacilityRequest{})
		done <- err
	}()
	<-slow.came
	if err := stop(); err != nil {
		t.Errorf("the server: %v", err)
	}
	if err := <-done; err == nil {
		t.Error("the call was answered")
	}
}

// elsewhere is a listener that says that it is reached from everywhere.
type elsewhere struct {
	net.Listener
	at     net.Addr
	closed bool
}

func (l *elsewhere) Addr() net.Addr { return l.at }
func (l *elsewhere) Close() error   { l.closed = true; return nil }

func TestOtherMachinesCannotReachAnOfficeThatKnowsNobody(t *testing.T) {
	w := newWorld(t, nil)
	for _, at := range []string{"0.0.0.0", "192.0.2.1", "::", "10.0.0.5", "2001:db8::1"} {
		l := &elsewhere{at: &net.TCPAddr{IP: net.ParseIP(at), Port: 8420}}
		if err := w.server.Serve(t.Context(), l); !errors.Is(err, ErrPlain) || !l.closed {
			t.Errorf("%s: %v, closed %v", at, err, l.closed)
		}
		l.closed = false
		if err := w.server.ServeTLS(t.Context(), l, &tls.Config{}); !errors.Is(err, ErrNobodyKnown) || !l.closed {
			t.Errorf("%s with TLS: %v, closed %v", at, err, l.closed)
		}
	}
}

// A page whose name was made to lead here must not read the register.
func TestOtherNamesAreTurnedAway(t *testing.T) {
	w := newWorld(t, nil)
	url, stop := serve(t, w)
	defer stop()
	for host, want := range map[string]int{
		"localhost:8420": 200, "127.0.0.1": 200, "[::1]:1": 200, "daylight.localhost": 200,
		"evil.example": 421, "evil.example:8420": 421, "127.0.0.1.evil.example": 421, "192.0.2.1": 421, "localhost.": 421,
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/healthz", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		if a.StatusCode != want {
			t.Errorf("%s: %d", host, a.StatusCode)
		}
	}
}

func TestAServerNeedsAStore(t *testing.T) {
	if _, err := New(Config{}); err == nil {
		t.Error("made without a store")
	}
}

// A made office answers the world, over TLS, to whoever it knows.
func TestAMadeOfficeIsReachedByItsDevices(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled(t, o.admin.Id)
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	cert := must(enrol.SelfSigned(rand.Reader, key, []string{"office.example"}, time.Now().Add(-time.Hour), time.Now().Add(time.Hour)))(t)
	real := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	plain := &elsewhere{Listener: real, at: &net.TCPAddr{IP: net.ParseIP("192.0.2.1"), Port: 443}}
	if err := o.server.Serve(t.Context(), plain); !errors.Is(err, ErrPlain) {
		t.Error("without TLS:", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	end := make(chan error, 1)
	go func() { end <- o.server.ServeTLS(ctx, &seenFrom{real, plain.at}, enrol.ServerTLS(cert)) }()
	pinned := enrol.ClientTLS([]enrol.Pin{enrol.PinOf(cert.Leaf)}, func() int64 { return time.Now().UnixMilli() })
	h := &http.Client{Transport: &http.Transport{DialTLSContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&tls.Dialer{Config: pinned}).DialContext(ctx, network, real.Addr().String())
	}}}
	const url = "https://office.example"
	me := must(daylightv1connect.NewDirectoryServiceClient(h, url, as(p.token)).GetMe(ctx, &daylightv1.GetMeRequest{}))(t)
	if me.Person.Name != "Administrator" {
		t.Error(me)
	}
	if _, err := daylightv1connect.NewSyncServiceClient(h, url).Sync(ctx, &daylightv1.SyncRequest{}); connect.CodeOf(err) != connect.CodeUnauthenticated {
		t.Error("a stranger:", err)
	}
	h.CloseIdleConnections()
	stop()
	if err := <-end; err != nil {
		t.Error(err)
	}
}

// seenFrom is a listener with another address.
type seenFrom struct {
	net.Listener
	at net.Addr
}

func (l *seenFrom) Addr() net.Addr { return l.at }
