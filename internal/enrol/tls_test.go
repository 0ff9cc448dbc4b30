package enrol

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

// The day of these tests.
var today = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func at(t time.Time) func() int64 { return t.UnixMilli }

func newKey(t *testing.T, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// server is a certificate of its own key, good for a year around today.
func server(t *testing.T, key *ecdsa.PrivateKey) tls.Certificate {
	t.Helper()
	return serverFor(t, key, today.AddDate(0, -6, 0), today.AddDate(0, 6, 0))
}

func serverFor(t *testing.T, key *ecdsa.PrivateKey, from, to time.Time) tls.Certificate {
	t.Helper()
	cert, err := SelfSigned(rand.Reader, key, []string{"office.example", "127.0.0.1"}, from, to)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// heard is what a server got of its one connection.
type heard struct {
	mu        sync.Mutex
	handshake error
	words     string
}

// listen answers connections until the test ends: each with "ok" to what it said.
func listen(t *testing.T, config *tls.Config) (address string, h *heard) {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	h = &heard{}
	var all sync.WaitGroup
	t.Cleanup(func() { l.Close(); all.Wait() })
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { h.answer(c.(*tls.Conn)) })
		}
	})
	return l.Addr().String(), h
}

func (h *heard) answer(c *tls.Conn) {
	defer c.Close()
	err := c.Handshake()
	b := make([]byte, 5)
	n, _ := io.ReadFull(c, b)
	_, _ = c.Write([]byte("ok"))
	h.mu.Lock()
	defer h.mu.Unlock()
	h.handshake, h.words = err, h.words+string(b[:n])
}

// talk says "words" and hears "ok".
func talk(t *testing.T, address string, config *tls.Config) (tls.ConnectionState, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	raw, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	c := tls.Client(raw, config)
	if err := c.HandshakeContext(ctx); err != nil {
		return tls.ConnectionState{}, err
	}
	if _, err := c.Write([]byte("words")); err != nil {
		return tls.ConnectionState{}, err
	}
	if b, err := io.ReadAll(c); err != nil || string(b) != "ok" {
		t.Fatalf("heard %q, %v", b, err)
	}
	return c.ConnectionState(), nil
}

func TestClientTakesTheKeyOfItsPin(t *testing.T) {
	key := newKey(t, elliptic.P256())
	cert := server(t, key)
	pin := PinOf(cert.Leaf)
	address, _ := listen(t, ServerTLS(cert))
	expired, _ := listen(t, ServerTLS(serverFor(t, key, today.AddDate(-3, 0, 0), today.AddDate(-2, 0, 0))))
	future, _ := listen(t, ServerTLS(serverFor(t, key, today.AddDate(2, 0, 0), today.AddDate(3, 0, 0))))
	for _, tt := range []struct {
		name, address string
		config        *tls.Config
	}{
		{"today", address, ClientTLS([]Pin{pin}, at(today))},
		{"by the system's clock", address, ClientTLS([]Pin{pin}, nil)},
		{"on a device that was never set", address, ClientTLS([]Pin{pin}, at(time.UnixMilli(0)))},
		{"on a device thirty years ahead", address, ClientTLS([]Pin{pin}, at(today.AddDate(30, 0, 0)))},
		{"with an expired certificate", expired, ClientTLS([]Pin{pin}, at(today))},
		{"with a certificate from the future", future, ClientTLS([]Pin{pin}, at(today))},
		{"named by the spare pin", address, ClientTLS([]Pin{pinNumber(1), pin}, at(today))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			state, err := talk(t, tt.address, tt.config)
			if err != nil {
				t.Fatal(err)
			}
			if state.Version != tls.VersionTLS13 {
				t.Errorf("it is version %x", state.Version)
			}
		})
	}
	t.Run("whatever becomes of the caller's pins", func(t *testing.T) {
		pins := []Pin{pin}
		config := ClientTLS(pins, at(today))
		pins[0] = Pin{}
		if _, err := talk(t, address, config); err != nil {
			t.Error(err)
		}
	})
}

func TestClientRefusesEveryOtherKey(t *testing.T) {
	mine, theirs := server(t, newKey(t, elliptic.P256())), server(t, newKey(t, elliptic.P256()))
	pin := PinOf(mine.Leaf)
	for _, tt := range []struct {
		name   string
		served tls.Certificate
		pins   []Pin
	}{
		{"another key", theirs, []Pin{pin}},
		{"another key, with ours behind it", tls.Certificate{
			Certificate: [][]byte{theirs.Certificate[0], mine.Certificate[0]}, PrivateKey: theirs.PrivateKey}, []Pin{pin}},
		{"no pin", mine, nil},
		{"an empty pin", mine, []Pin{{}}},
		{"two pins of others", mine, []Pin{pinNumber(1), pinNumber(2)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			address, h := listen(t, ServerTLS(tt.served))
			_, err := talk(t, address, ClientTLS(tt.pins, at(today)))
			if !errors.Is(err, ErrPin) {
				t.Fatalf("got %v, want ErrPin", err)
			}
			h.mu.Lock()
			defer h.mu.Unlock()
			if h.words != "" {
				t.Errorf("the server heard %q", h.words)
			}
		})
	}
	wantError(t, ErrPin, "nothing was sent")
}

// TestClientWantsTheOtherHalf: somebody in between can copy the certificate.
func TestClientWantsTheOtherHalf(t *testing.T) {
	mine := server(t, newKey(t, elliptic.P256()))
	copied := tls.Certificate{Certificate: mine.Certificate, PrivateKey: newKey(t, elliptic.P256())}
	address, h := listen(t, ServerTLS(copied))
	if _, err := talk(t, address, ClientTLS([]Pin{PinOf(mine.Leaf)}, at(today))); err == nil {
		t.Error("a copied certificate is enough")
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.words != "" {
		t.Errorf("the server heard %q", h.words)
	}
}

// TestClientTrustsNoAuthority: a certificate for the right name, on the right day,
// from an authority that the device trusts.
func TestClientTrustsNoAuthority(t *testing.T) {
	authority := &x509.Certificate{
		NotBefore: today.AddDate(-1, 0, 0), NotAfter: today.AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	caKey, key := newKey(t, elliptic.P256()), newKey(t, elliptic.P256())
	ca := sign(t, authority, authority, caKey, caKey)
	leaf := sign(t, serverTemplate([]string{"127.0.0.1"}, authority.NotBefore, authority.NotAfter), ca, key, caKey)
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	address, _ := listen(t, ServerTLS(tls.Certificate{Certificate: [][]byte{leaf.Raw, ca.Raw}, PrivateKey: key}))

	trusting := &tls.Config{RootCAs: roots, ServerName: "127.0.0.1", Time: func() time.Time { return today }}
	if _, err := talk(t, address, trusting); err != nil {
		t.Fatalf("a client that trusts the authority: %v", err)
	}
	ours := ClientTLS([]Pin{PinOf(server(t, newKey(t, elliptic.P256())).Leaf)}, at(today))
	ours.RootCAs, ours.ServerName = roots, "127.0.0.1"
	if _, err := talk(t, address, ours); !errors.Is(err, ErrPin) {
		t.Errorf("got %v, want ErrPin", err)
	}
	t.Run("unless the pin is its own", func(t *testing.T) {
		if _, err := talk(t, address, ClientTLS([]Pin{PinOf(leaf)}, at(today))); err != nil {
			t.Error(err)
		}
	})
	t.Run("nor the pin of the authority", func(t *testing.T) {
		if _, err := talk(t, address, ClientTLS([]Pin{PinOf(ca)}, at(today))); !errors.Is(err, ErrPin) {
			t.Errorf("got %v, want ErrPin", err)
		}
	})
}

func sign(t *testing.T, template, parent *x509.Certificate, key, by *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), by)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestResumedSessionsAreCheckedToo: a session with the old key, resumed after the
// pin was changed.
func TestResumedSessionsAreCheckedToo(t *testing.T) {
	cert := server(t, newKey(t, elliptic.P256()))
	generous := ServerTLS(cert)
	generous.SessionTicketsDisabled = false
	address, _ := listen(t, generous)
	cache := tls.NewLRUClientSessionCache(4)
	before := ClientTLS([]Pin{PinOf(cert.Leaf)}, at(today)) // an expired certificate's session is not resumed
	after := ClientTLS([]Pin{pinNumber(1)}, at(today))
	for _, c := range []*tls.Config{before, after} {
		c.ClientSessionCache, c.ServerName = cache, "office.example"
	}
	for _, resumed := range []bool{false, true} {
		state, err := talk(t, address, before)
		if err != nil || state.DidResume != resumed {
			t.Fatalf("resumed: got %v, %v, want %v", state.DidResume, err, resumed)
		}
	}
	if _, err := talk(t, address, after); !errors.Is(err, ErrPin) {
		t.Errorf("got %v, want ErrPin", err)
	}
	t.Run("ours gives no tickets", func(t *testing.T) {
		address, _ := listen(t, ServerTLS(cert))
		again := before.Clone()
		again.ClientSessionCache = tls.NewLRUClientSessionCache(4)
		for range 2 {
			if state, err := talk(t, address, again); err != nil || state.DidResume {
				t.Errorf("resumed: %v, %v", state.DidResume, err)
			}
		}
	})
}

func TestBothSidesWantTLS13(t *testing.T) {
	cert := server(t, newKey(t, elliptic.P256()))
	old := &tls.Config{MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12}
	oldServer := old.Clone()
	oldServer.Certificates = []tls.Certificate{cert}
	address, _ := listen(t, oldServer)
	lenient := old.Clone()
	lenient.InsecureSkipVerify = true
	if _, err := talk(t, address, lenient); err != nil {
		t.Fatalf("the old server does not answer: %v", err)
	}
	if _, err := talk(t, address, ClientTLS([]Pin{PinOf(cert.Leaf)}, at(today))); err == nil || errors.Is(err, ErrPin) {
		t.Errorf("our client with an old server: got %v", err)
	}
	address, _ = listen(t, ServerTLS(cert))
	if _, err := talk(t, address, lenient); err == nil {
		t.Error("our server talks to an old client")
	}
}

// TestOverHTTP shows that the error comes through what callers use, and that HTTP/2
// works.
func TestOverHTTP(t *testing.T) {
	cert := server(t, newKey(t, elliptic.P256()))
	office := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Proto)
	}))
	office.TLS, office.EnableHTTP2 = ServerTLS(cert), true
	office.Config.ErrorLog = log.New(io.Discard, "", 0) // one handshake is meant to fail
	office.StartTLS()
	t.Cleanup(office.Close)
	get := func(pin Pin) (string, error) {
		transport := &http.Transport{TLSClientConfig: ClientTLS([]Pin{pin}, at(time.UnixMilli(0))), ForceAttemptHTTP2: true}
		defer transport.CloseIdleConnections()
		answer, err := (&http.Client{Transport: transport}).Get(office.URL)
		if err != nil {
			return "", err
		}
		defer answer.Body.Close()
		b, err := io.ReadAll(answer.Body)
		return string(b), err
	}
	if got, err := get(PinOf(cert.Leaf)); err != nil || got != "HTTP/2.0" {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := get(pinNumber(1)); !errors.Is(err, ErrPin) {
		t.Errorf("got %q, %v, want ErrPin", got, err)
	}
}

func TestSelfSigned(t *testing.T) {
	key := newKey(t, elliptic.P256())
	from, to := today.AddDate(0, -1, 0), today.AddDate(10, 0, 0)
	hosts := []string{"office.example", "sync.office.example", "192.0.2.7", "2001:db8::1"}
	cert, err := SelfSigned(rand.Reader, key, hosts, from, to)
	if err != nil {
		t.Fatal(err)
	}
	c := cert.Leaf
	roots := x509.NewCertPool()
	roots.AddCert(c)
	for _, host := range hosts {
		if _, err := c.Verify(x509.VerifyOptions{Roots: roots, DNSName: host, CurrentTime: today}); err != nil {
			t.Errorf("a browser that was told to trust it, at %s: %v", host, err)
		}
	}
	if c.VerifyHostname("elsewhere.example") == nil {
		t.Error("it is good for any host")
	}
	if c.IsCA || c.KeyUsage != x509.KeyUsageDigitalSignature || !slices.Equal(c.ExtKeyUsage, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}) {
		t.Errorf("it is good for more than a server: %v %v %v", c.IsCA, c.KeyUsage, c.ExtKeyUsage)
	}
	if !c.NotBefore.Equal(from) || !c.NotAfter.Equal(to) || c.SerialNumber.BitLen() < 64 {
		t.Errorf("got %v to %v, serial %v", c.NotBefore, c.NotAfter, c.SerialNumber)
	}
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	if PinOf(c) != sha256.Sum256(spki) {
		t.Error("the pin is not that of the key")
	}
	if renewed := serverFor(t, key, to, to.AddDate(1, 0, 0)); PinOf(renewed.Leaf) != PinOf(c) {
		t.Error("the pin of a renewed certificate is another")
	}
}

func TestSelfSignedRefuses(t *testing.T) {
	good, hosts := newKey(t, elliptic.P256()), []string{"office.example"}
	for name, do := range map[string]func() (tls.Certificate, error){
		"no key": func() (tls.Certificate, error) {
			return SelfSigned(rand.Reader, nil, hosts, today, today.AddDate(1, 0, 0))
		},
		"another curve": func() (tls.Certificate, error) {
			return SelfSigned(rand.Reader, newKey(t, elliptic.P384()), hosts, today, today.AddDate(1, 0, 0))
		},
		"no host": func() (tls.Certificate, error) {
			return SelfSigned(rand.Reader, good, nil, today, today.AddDate(1, 0, 0))
		},
		"no time": func() (tls.Certificate, error) { return SelfSigned(rand.Reader, good, hosts, today, today) },
		"no name": func() (tls.Certificate, error) {
			return SelfSigned(rand.Reader, good, []string{"офис"}, today, today.AddDate(1, 0, 0))
		},
	} {
		if _, err := do(); err == nil {
			t.Errorf("%s: it makes one", name)
		}
	}
}
