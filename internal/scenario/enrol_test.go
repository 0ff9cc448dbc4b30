package scenario

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/enrol"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// madeOffice is an office that has been made, behind TLS, with its operator.
type madeOffice struct {
	t        *testing.T
	operator daylightv1connect.DirectoryServiceClient
	url      string
	store    *store.Store
	server   *server.Server
	config   server.Config
	// now is the office's clock, away what devices' clocks are off.
	now  time.Time
	away time.Duration
	// dress changes how devices open their folders; nil changes nothing.
	dress func(*clientsync.Config)
}

// setup is what an office is made with.
type setup struct {
	name string
	// recovery is the recipient of the recovery key, root the root key.
	recovery string
	root     ed25519.PublicKey
	log      *slog.Logger
}

// ownKey is a server certificate around a key of its own.
func ownKey(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := enrol.SelfSigned(rand.Reader, key, []string{"127.0.0.1"}, time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// behindTLS answers on a loopback address until the test ends.
func behindTLS(t *testing.T, cert tls.Certificate, h http.Handler) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	go func() { _ = s.Serve(tls.NewListener(l, enrol.ServerTLS(cert))) }()
	t.Cleanup(func() { _ = s.Close() })
	return l.Addr().String()
}

func makeOffice(t *testing.T) *madeOffice {
	t.Helper()
	return makeOfficeFor(t, "")
}

// makeOfficeFor makes one whose recovery key has that recipient.
func makeOfficeFor(t *testing.T, recovery string) *madeOffice {
	t.Helper()
	root, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return makeOfficeWith(t, root, recovery)
}

// makeOfficeWith makes one with that root key.
func makeOfficeWith(t *testing.T, root ed25519.PublicKey, recovery string) *madeOffice {
	t.Helper()
	return makeOfficeOf(t, setup{name: "Office of the Ombudsperson", recovery: recovery, root: root})
}

func makeOfficeOf(t *testing.T, as setup) *madeOffice {
	t.Helper()
	o := &madeOffice{t: t, now: time.Now()}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	clock := func() time.Time { return o.now }
	s, err := store.Open(t.Context(), store.Config{Dir: t.TempDir(), Now: clock})
	must(err)
	t.Cleanup(func() { s.Close() })
	_, _, err = directory.New(s.File(), clock, rand.Reader).Make(t.Context(), directory.Setup{
		Office: &daylightv1.Office{Name: as.name, RootKey: as.root, RecoveryRecipient: as.recovery}, Admin: &daylightv1.Person{Name: "Administrator"},
	}, directory.By{})
	must(err)
	cert := ownKey(t)
	// The address is known only when it listens, and stands in the codes.
	address := behindTLS(t, cert, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { o.server.Handler().ServeHTTP(w, r) }))
	o.url = "https://" + address
	o.store = s
	o.config = server.Config{Store: s, Now: clock, Endpoints: []string{o.url}, Pins: []enrol.Pin{enrol.PinOf(cert.Leaf)}, Log: as.log}
	front, err := server.New(o.config)
	must(err)
	o.server = front
	local := &http.Client{Transport: inMemory{front.Local()}}
	o.operator = daylightv1connect.NewDirectoryServiceClient(local, "http://office")
	return o
}

// inMemory answers requests without a network.
type inMemory struct{ h http.Handler }

func (m inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	here, there := net.Pipe()
	s := &http.Server{Handler: m.h, ReadHeaderTimeout: time.Minute}
	go func() { _ = s.Serve(&once{conn: there}) }()
	t := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return here, nil }, DisableKeepAlives: true}
	return t.RoundTrip(r)
}

// once is a listener of one connection.
type once struct{ conn net.Conn }

func (o *once) Accept() (net.Conn, error) {
	if c := o.conn; c != nil {
		o.conn = nil
		return c, nil
	}
	return nil, net.ErrClosed
}
func (o *once) Close() error   { return nil }
func (o *once) Addr() net.Addr { return &net.UnixAddr{} }

func (o *madeOffice) person(name string, role daylightv1.OfficeRole) string {
	o.t.Helper()
	r, err := o.operator.SavePerson(o.t.Context(), &daylightv1.SavePersonRequest{Person: &daylightv1.Person{
		Name: name, Grants: []*daylightv1.Grant{{Role: role}},
	}})
	if err != nil {
		o.t.Fatal(err)
	}
	return r.Person.Id
}

func (o *madeOffice) code(person string) string {
	o.t.Helper()
	r, err := o.operator.InviteDevice(o.t.Context(), &daylightv1.InviteDeviceRequest{Person: person})
	if err != nil {
		o.t.Fatal(err)
	}
	return r.Code
}

// open opens a device's folder, with its clock.
func (o *madeOffice) open(dir string) *clientsync.Client {
	o.t.Helper()
	config := Cheap(clientsync.Config{Dir: dir, Now: func() time.Time { return o.now.Add(o.away) }, Timeout: 5 * time.Second})
	if o.dress != nil {
		o.dress(&config)
	}
	c, err := clientsync.Open(o.t.Context(), config)
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { c.Close() })
	return c
}

// enrolled is a device of a monitor, in a folder of its own.
func (o *madeOffice) enrolled(name string) (*clientsync.Client, string) {
	o.t.Helper()
	return o.device(o.person(name, daylightv1.OfficeRole_OFFICE_ROLE_MONITOR))
}

// officer is a device of somebody at the office who reads and writes everything.
func (o *madeOffice) officer(name string) (*clientsync.Client, string) {
	o.t.Helper()
	return o.device(o.person(name, daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER))
}

func (o *madeOffice) device(person string) (*clientsync.Client, string) {
	o.t.Helper()
	dir := o.t.TempDir()
	c := o.open(dir)
	if _, err := c.Enrol(o.t.Context(), o.code(person), "tablet"); err != nil {
		o.t.Fatal(err)
	}
	return c, dir
}

func (o *madeOffice) save(c *clientsync.Client, title string) *daylightv1.Visit {
	o.t.Helper()
	v := &daylightv1.Visit{Title: proto.String(title)}
	if err := c.Save(o.t.Context(), v); err != nil {
		o.t.Fatal(err)
	}
	return v
}

// synced fails unless everything went both ways.
func (o *madeOffice) synced(c *clientsync.Client) clientsync.Report {
	o.t.Helper()
	r, err := c.SyncWith(o.t.Context(), clientsync.SyncOptions{Verify: true})
	if err != nil || r.Verified != "same" || r.Pushed != r.ToPush {
		o.t.Fatalf("%+v, %v", r, err)
	}
	return r
}

// refuses fails unless the sync fails with such words, and everything is kept.
func (o *madeOffice) refuses(c *clientsync.Client, unsent int, words string) {
	o.t.Helper()
	_, err := c.Sync(o.t.Context())
	if err == nil || !strings.Contains(err.Error(), words) {
		o.t.Fatalf("got %v, want words about %q", err, words)
	}
	if s, err := c.Status(o.t.Context()); err != nil || s.Unsent != unsent {
		o.t.Fatalf("%d changes are kept, want %d (%v)", s.Unsent, unsent, err)
	}
}

func TestEnrolledDevicesSync(t *testing.T) {
	o := makeOffice(t)
	dir := t.TempDir()
	a := o.open(dir)
	o.save(a, "before it was enrolled")
	e, err := a.Enrol(t.Context(), o.code(o.person("Monitor A", daylightv1.OfficeRole_OFFICE_ROLE_MONITOR)), "tablet")
	if err != nil || e.Person != "Monitor A" || e.Office != "Office of the Ombudsperson" || len(strings.Fields(e.Words)) != 6 {
		t.Fatalf("%+v, %v", e, err)
	}
	devices, err := o.operator.ListDevices(t.Context(), &daylightv1.ListDevicesRequest{})
	if err != nil || devices.Devices[0].Words != e.Words {
		t.Errorf("the two sides show other words: %v", devices)
	}
	o.synced(a)
	b, _ := o.enrolled("Monitor B")
	if r := o.synced(b); r.Pulled != 0 {
		t.Errorf("a visit of others: %+v", r)
	}
	if r := o.synced(b); r.Requests != 1 || r.BytesUp+r.BytesDown > 1024 {
		t.Errorf("a sync with nothing to do: %+v", r)
	}
	t.Run("after opening again", func(t *testing.T) {
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		again := o.open(dir)
		o.save(again, "after")
		o.synced(again)
		if s, err := again.Status(t.Context()); err != nil || s.Person != "Monitor A" || s.Office != e.Office {
			t.Errorf("%+v, %v", s, err)
		}
	})
	t.Run("a code that was used", func(t *testing.T) {
		code := o.code(o.person("Monitor C", daylightv1.OfficeRole_OFFICE_ROLE_MONITOR))
		if _, err := o.open(t.TempDir()).Enrol(t.Context(), code, "one"); err != nil {
			t.Fatal(err)
		}
		if _, err := o.open(t.TempDir()).Enrol(t.Context(), code, "two"); err == nil || !strings.Contains(err.Error(), "used already") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a code that is late", func(t *testing.T) {
		code := o.code(o.person("Monitor D", daylightv1.OfficeRole_OFFICE_ROLE_MONITOR))
		o.now = o.now.Add(16 * time.Minute)
		if _, err := o.open(t.TempDir()).Enrol(t.Context(), code, "late"); err == nil || !strings.Contains(err.Error(), "15 minutes") {
			t.Errorf("got %v", err)
		}
	})
}

func TestARevokedDeviceKeepsItsWords(t *testing.T) {
	o := makeOffice(t)
	a, _ := o.enrolled("Monitor A")
	o.save(a, "sent")
	o.synced(a)
	o.save(a, "not sent")
	devices, err := o.operator.ListDevices(t.Context(), &daylightv1.ListDevicesRequest{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := o.operator.RevokeDevice(t.Context(), &daylightv1.RevokeDeviceRequest{Device: devices.Devices[0].Id})
	if err != nil || r.Changes != 1 {
		t.Fatalf("%v, %v", r, err)
	}
	o.refuses(a, 1, "may have been revoked")
}

// A device whose battery was empty believes that it is another year.
func TestAWrongClockKeepsNobodyOut(t *testing.T) {
	for _, away := range []time.Duration{-40 * 365 * 24 * time.Hour, 12 * 365 * 24 * time.Hour} {
		t.Run(fmt.Sprint(away), func(t *testing.T) {
			o := makeOffice(t)
			o.away = away
			a, _ := o.enrolled("Monitor A")
			o.save(a, "with a wrong clock")
			o.synced(a)
			b, _ := o.officer("Case officer B")
			if r := o.synced(b); r.Pulled != 1 {
				t.Errorf("%+v", r)
			}
		})
	}
}

// The certificate lasts 90 days; a device that syncs now and then never notices.
func TestCertificatesAreRenewedInTime(t *testing.T) {
	o := makeOffice(t)
	a, _ := o.enrolled("Monitor A")
	for n := range 5 {
		o.save(a, fmt.Sprint("visit ", n))
		if r := o.synced(a); r.Fault != "" {
			t.Fatalf("after %d days: %+v", n*70, r)
		}
		o.now = o.now.Add(70 * 24 * time.Hour)
	}
}

// A device that was away for longer renews first, and then sends.
func TestAnExpiredCertificateIsRenewedFirst(t *testing.T) {
	o := makeOffice(t)
	a, _ := o.enrolled("Monitor A")
	o.synced(a)
	o.save(a, "written far away")
	o.now = o.now.Add(400 * 24 * time.Hour)
	if r := o.synced(a); r.Pushed != 1 || r.Fault != "" {
		t.Errorf("%+v", r)
	}
}

// The device's clock was set back after it had been enrolled: it believes that there
// is time.
func TestACertificateThatEndedUnnoticedIsRenewed(t *testing.T) {
	o := makeOffice(t)
	a, _ := o.enrolled("Monitor A")
	o.save(a, "first")
	o.synced(a)
	o.now, o.away = o.now.Add(100*24*time.Hour), -100*24*time.Hour
	o.save(a, "second")
	if r := o.synced(a); r.Pushed != 1 || r.Fault != "" {
		t.Errorf("%+v", r)
	}
}

// A person's roles are changed while the device has everything, and something unsent:
// what no role reads any more leaves the device, what was written meanwhile is held.
func TestWhatARoleNoLongerReadsLeavesTheDevice(t *testing.T) {
	o := makeOffice(t)
	a, _ := o.enrolled("Monitor A")
	b, _ := o.enrolled("Monitor B")
	o.save(a, "a visit")
	if err := a.Save(t.Context(), &daylightv1.Facility{Names: map[string]string{"en": "North House"}}); err != nil {
		t.Fatal(err)
	}
	o.synced(a)
	o.synced(b)
	people, err := o.operator.ListPeople(t.Context(), &daylightv1.ListPeopleRequest{Role: daylightv1.OfficeRole_OFFICE_ROLE_MONITOR})
	if err != nil || len(people.People) != 2 {
		t.Fatal(people, err)
	}
	o.save(b, "late")
	p := people.People[1]
	change := func(role daylightv1.OfficeRole) {
		t.Helper()
		p.Grants = []*daylightv1.Grant{{Role: role}}
		r, err := o.operator.SavePerson(t.Context(), &daylightv1.SavePersonRequest{Person: p})
		if err != nil {
			t.Fatal(err)
		}
		p = r.Person
	}
	count := func(kind clientsync.Kind) (n int) {
		t.Helper()
		for _, err := range b.List(t.Context(), clientsync.Filter{Kind: kind}) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		return n
	}
	change(daylightv1.OfficeRole_OFFICE_ROLE_DATA_OFFICER)
	o.synced(b)
	if visits, places := count(clientsync.KindVisit), count(clientsync.KindFacility); visits != 0 || places != 1 {
		t.Errorf("a data officer has %d visits and %d places", visits, places)
	}
	if s, err := b.Status(t.Context()); err != nil || s.Held != 1 {
		t.Errorf("%+v, %v", s, err)
	}
	if held, err := b.Held(t.Context()); err != nil || len(held) != 1 || held[0].Reason != "held" || held[0].Kind != clientsync.KindVisit || len(held[0].Changes) != 1 || held[0].Written.IsZero() {
		t.Errorf("%+v, %v", held, err)
	}
	o.synced(a)
	if s, err := a.Status(t.Context()); err != nil || s.Records != 2 {
		t.Errorf("the late visit came through: %+v, %v", s, err)
	}
	change(daylightv1.OfficeRole_OFFICE_ROLE_REVIEWER)
	o.synced(b)
	if visits := count(clientsync.KindVisit); visits != 1 {
		t.Errorf("a reviewer has %d visits", visits)
	}
	change(daylightv1.OfficeRole_OFFICE_ROLE_FOLLOW_UP_OFFICER)
	o.save(b, "by somebody who only reads")
	r, err := b.Sync(t.Context())
	if err != nil || r.Refused != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

// The second phone has the first one's folder, key and token.
func TestAClonedDeviceLosesNothing(t *testing.T) {
	o := makeOffice(t)
	a, dir := o.enrolled("Monitor A")
	o.save(a, "common")
	o.synced(a)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil && !errors.Is(err, os.ErrExist) {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(copied, "vault.db")); err != nil {
		t.Fatal(err)
	}
	first, second := o.open(dir), o.open(copied)
	o.save(first, "of the first")
	o.save(second, "of the second")
	o.synced(first)
	if r := o.synced(second); !r.Copied || r.Pulled == 0 {
		t.Errorf("%+v", r)
	}
	o.synced(first)
	if s, err := first.Status(t.Context()); err != nil || s.Records != 3 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestWhoeverStandsInBetweenGetsNothing(t *testing.T) {
	o := makeOffice(t)
	a, _ := o.enrolled("Monitor A")
	o.save(a, "for the office only")
	heard := false
	spy := behindTLS(t, ownKey(t), http.HandlerFunc(func(http.ResponseWriter, *http.Request) { heard = true }))
	portal := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html>Please log in to this network</html>"))
	})
	code, err := enrol.Parse(o.code(o.person("Monitor B", daylightv1.OfficeRole_OFFICE_ROLE_MONITOR)))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("a man in the middle, whoever vouches for him", func(t *testing.T) {
		code := code
		code.Endpoints = []string{"https://" + spy}
		_, err := o.open(t.TempDir()).Enrol(t.Context(), code.Encode(), "phone")
		if err == nil || !strings.Contains(err.Error(), "does not have the office's key") || heard {
			t.Errorf("got %v, heard %v", err, heard)
		}
	})
	t.Run("the office behind him is reached at its other address", func(t *testing.T) {
		code := code
		code.Endpoints = []string{"https://" + spy, o.url}
		c := o.open(t.TempDir())
		if _, err := c.Enrol(t.Context(), code.Encode(), "phone"); err != nil || heard {
			t.Fatalf("got %v, heard %v", err, heard)
		}
		o.synced(c)
	})
	t.Run("a login page", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		s := &http.Server{Handler: portal, ReadHeaderTimeout: time.Minute}
		go func() { _ = s.Serve(l) }()
		t.Cleanup(func() { _ = s.Close() })
		c, err := clientsync.Open(t.Context(), Cheap(clientsync.Config{Dir: t.TempDir(), Server: "http://" + l.Addr().String()}))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		o.save(c, "kept")
		o.refuses(c, 1, "login page")
	})
}
