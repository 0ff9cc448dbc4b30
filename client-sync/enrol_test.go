package clientsync

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/enrol"
	"github.com/daylight-npm/daylight/internal/journal"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
)

// frontDesk is an office that lets devices in, with a wire that loses answers.
type frontDesk struct {
	t   *testing.T
	key ed25519.PrivateKey
	url string
	// recovery opens what no passphrase does; root signs who may read; office answers syncs.
	recovery bundle.Identity
	root     compartment.RootKey
	office   *script
	// told is what devices hear of it.
	told *daylightv1.Office
	// lose is how many answers get lost from now on.
	lose int
	// sent are the recipients that came, oldest first.
	sent []string
	// device is the key that was enrolled.
	device ed25519.PublicKey
}

func newFrontDesk(t *testing.T) *frontDesk {
	t.Helper()
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	recovery, err := bundle.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	rootText, _, err := NewRootKey()
	if err != nil {
		t.Fatal(err)
	}
	root, err := compartment.ParseRootKey(rootText)
	if err != nil {
		t.Fatal(err)
	}
	g := &frontDesk{t: t, key: key, recovery: recovery, root: root, office: &script{answer: takesAll}, told: &daylightv1.Office{
		Name: "Office", EnrolmentKey: public, BundleRecipient: "age1bundles", RecoveryRecipient: recovery.Recipient(), RootKey: root.Public(),
	}}
	mux := http.NewServeMux()
	mux.Handle(daylightv1connect.NewEnrolmentServiceHandler(g))
	mux.Handle(daylightv1connect.NewSyncServiceHandler(g.office))
	g.url, _ = listen(t, mux)
	return g
}

func (g *frontDesk) certificate(recipient string) *daylightv1.Certificate {
	serial := journal.Serial{1, byte(len(g.sent))}
	return journal.Issue(g.key, journal.Subject{Serial: serial, Key: g.device, Person: "Monitor A", NotAfter: 1 << 60, Recipient: recipient}).ToProto()
}

// answered takes a recipient, and says whether the answer arrives, with a token.
func (g *frontDesk) answered(recipient string) (string, error) {
	g.sent = append(g.sent, recipient)
	if g.lose > 0 {
		g.lose--
		return "", connect.NewError(connect.CodeUnavailable, errors.New("lost"))
	}
	token, err := enrol.NewToken(rand.Reader)
	return token.Text(), err
}

func (g *frontDesk) Enrol(_ context.Context, r *daylightv1.EnrolRequest) (*daylightv1.EnrolResponse, error) {
	g.device = r.Key
	token, err := g.answered(r.Recipient)
	return &daylightv1.EnrolResponse{
		Certificate: g.certificate(r.Recipient), Token: token, Person: &daylightv1.Person{Id: "p", Name: "Monitor A"}, Office: g.told,
		Device: "d", State: daylightv1.DeviceState_DEVICE_STATE_ACTIVE,
	}, err
}

func (g *frontDesk) Renew(_ context.Context, r *daylightv1.RenewRequest) (*daylightv1.RenewResponse, error) {
	token, err := g.answered(r.Recipient)
	return &daylightv1.RenewResponse{Certificate: g.certificate(r.Recipient), Token: token, State: daylightv1.DeviceState_DEVICE_STATE_ACTIVE, Office: g.told}, err
}

func (g *frontDesk) code() string {
	g.t.Helper()
	c, err := enrol.NewCode(rand.Reader, []string{g.url}, nil)
	if err != nil {
		g.t.Fatal(err)
	}
	return c.Encode()
}

// enrolled is a device that the front desk has let in.
func (g *frontDesk) enrolled() *device {
	g.t.Helper()
	d := newDevice(g.t, func(c *Config) { c.HTTP = g.client() })
	if _, err := d.Enrol(g.t.Context(), g.code(), "tablet"); err != nil {
		g.t.Fatal(err)
	}
	return d
}

// stored is the enrolment in the file.
func (d *device) stored() (e localdb.Enrolment) {
	d.t.Helper()
	err := d.db.Read(d.t.Context(), func(b *localdb.Book) error {
		got, err := b.Enrolment()
		e = *got
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return e
}

// ready fails unless the device can make bundles for the office and open its own, and
// the office knows to whom to make them.
func (g *frontDesk) ready(d *device) {
	g.t.Helper()
	e := d.stored()
	_, i, err := d.keys(g.t.Context())
	if err != nil || i.Recipient() != g.sent[len(g.sent)-1] {
		g.t.Errorf("it opens what is for %s, and the office was sent %v (%v)", i.Recipient(), g.sent, err)
	}
	if !slices.Equal(e.OfficeRecipients, []string{"age1bundles", g.recovery.Recipient()}) || !bytes.Equal(e.Issuer, g.told.EnrolmentKey) {
		g.t.Errorf("of the office it knows %v", e.OfficeRecipients)
	}
	if c := d.signer.Load().Certificate; c.Recipient != i.Recipient() {
		g.t.Errorf("its certificate says %q", c.Recipient)
	}
}

func (g *frontDesk) heard(n int) {
	g.t.Helper()
	if len(g.sent) != n || slices.ContainsFunc(g.sent, func(s string) bool { return s != g.sent[0] || s == "" }) {
		g.t.Errorf("the office heard %q, want one recipient %d times", g.sent, n)
	}
}

func TestADeviceTellsWhereItsBundlesGo(t *testing.T) {
	g := newFrontDesk(t)
	d := g.enrolled()
	g.ready(d)
	d.reopen()
	d.sync()
	g.ready(d)
	g.heard(1)
	if _, err := d.Enrol(t.Context(), g.code(), "tablet"); err != nil {
		t.Fatal(err)
	}
	g.ready(d)
	g.heard(2)
}

func TestALostEnrolmentIsRepeatedWithTheSameRecipient(t *testing.T) {
	g := newFrontDesk(t)
	g.lose = 2
	d := newDevice(t, func(c *Config) { c.HTTP = g.client() })
	code := g.code()
	for range 2 {
		if _, err := d.Enrol(t.Context(), code, "tablet"); CodeOf(err) != Unavailable {
			t.Fatal(err)
		}
	}
	if _, err := d.Enrol(t.Context(), code, "tablet"); err != nil {
		t.Fatal(err)
	}
	g.heard(3)
	g.ready(d)
}

// An office that is older than the device says nothing of bundles; once it does, the
// device asks.
func TestADeviceAsksAgainWhereTheOfficeHasNoRecipient(t *testing.T) {
	g := newFrontDesk(t)
	now := g.told
	g.told = &daylightv1.Office{Name: "Office", EnrolmentKey: now.EnrolmentKey}
	d := g.enrolled()
	d.sync()
	g.heard(1)
	g.told = now
	d.reopen()
	d.sync()
	g.heard(2)
	g.ready(d)
	g.told = nil // of an answer that does not say, nothing is taken
	if err := d.renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	g.told = now
	g.ready(d)
}

// The six words stood for the key that issues: another one is another office.
func TestNobodyElseRenews(t *testing.T) {
	g := newFrontDesk(t)
	d := g.enrolled()
	before := d.stored()
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	g.key = key
	g.told = &daylightv1.Office{EnrolmentKey: public, BundleRecipient: "age1mine"}
	if err := d.renew(t.Context()); CodeOf(err) != Internal {
		t.Errorf("got %v", err)
	}
	if after := d.stored(); !slices.Equal(after.OfficeRecipients, before.OfficeRecipients) || !bytes.Equal(after.Token, before.Token) {
		t.Error("something of it was kept")
	}
}

func TestColleaguesDevicesAreShownWithoutTheirKeys(t *testing.T) {
	d := newDevice(t)
	told := &daylightv1.Directory{Revision: 7, People: []*daylightv1.Colleague{{
		Id: "p", Name: "Monitor A", Grants: []*daylightv1.Grant{{Role: daylightv1.OfficeRole_OFFICE_ROLE_MONITOR}},
		Devices: []*daylightv1.ColleagueDevice{{Id: "d", Label: "tablet 3", Recipient: "age1tablet"}},
	}}}
	err := d.db.Write(t.Context(), func(b *localdb.Book) error {
		if all, err := d.colleagues(b); err != nil || len(all) != 0 {
			t.Errorf("before anything was told: %v, %v", all, err)
		}
		if err := putDirectory(b, true, told); err != nil {
			return err
		}
		all, err := d.colleagues(b)
		if err == nil && (len(all) != 1 || !proto.Equal(all[0], told.People[0])) {
			t.Errorf("%v", all)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	shown, err := d.Directory(t.Context())
	if err != nil || len(shown.People) != 1 || !slices.Equal(shown.People[0].Devices, []ColleagueDevice{{ID: "d", Label: "tablet 3"}}) {
		t.Errorf("%+v, %v", shown, err)
	}
}

// list has the office hand out a list without readers, signed by the root key.
func (g *frontDesk) list(version uint64, recovery string) {
	g.t.Helper()
	signed, err := compartment.Sign(compartment.List{
		Office: "Office", Version: version, Issued: time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC), Recovery: recovery,
	}, g.root)
	if err != nil {
		g.t.Fatal(err)
	}
	g.office.answer = func(ctx context.Context, r *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
		answer, err := takesAll(ctx, r)
		if r.ReadersVersion < version {
			answer.Readers = signed
		}
		return answer, err
	}
}

func (g *frontDesk) client() *http.Client { return http.DefaultClient }

func TestWhatADeviceKeepsForTheOfficeOpens(t *testing.T) {
	g := newFrontDesk(t)
	d := g.enrolled()
	file, err := os.ReadFile(filepath.Join(d.config.Dir, RecoveryFile))
	if err != nil {
		t.Fatal(err)
	}
	if to, opened, err := TryRecoveryKey(g.recovery.Secret(), file); err != nil || opened != OpenedDevice || to != g.recovery.Recipient() {
		t.Errorf("it opens %q: %v", opened, err)
	}
	other, _, err := NewRecoveryKey(false)
	if err != nil {
		t.Fatal(err)
	}
	if _, opened, err := TryRecoveryKey(other, file); CodeOf(err) != Unauthenticated || opened != "" {
		t.Errorf("another office's key opens %q: %v", opened, err)
	}
}
