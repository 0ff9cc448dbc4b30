package scenario

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"connectrpc.com/connect"

	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/enrol"
	"github.com/daylight-npm/daylight/internal/journal"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
)

// Door is an office that lets in every device which comes with its code, and does nothing
// else: for the pages of enrolment.
type Door struct {
	// Waiting: a second person has to approve the devices.
	Waiting bool

	key  ed25519.PrivateKey
	told *daylightv1.Office
}

// Code opens the door under the office's name, and gives the code for it.
func (d *Door) Code(t testing.TB, office string) string {
	t.Helper()
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	recovery, err := bundle.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	d.key = key
	d.told = &daylightv1.Office{Name: office, EnrolmentKey: public, BundleRecipient: recovery.Recipient(), RecoveryRecipient: recovery.Recipient()}
	mux := http.NewServeMux()
	mux.Handle(daylightv1connect.NewEnrolmentServiceHandler(d))
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	code, err := enrol.NewCode(rand.Reader, []string{s.URL}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return code.Encode()
}

// Enrol lets a device in.
func (d *Door) Enrol(_ context.Context, r *daylightv1.EnrolRequest) (*daylightv1.EnrolResponse, error) {
	token, err := enrol.NewToken(rand.Reader)
	state := daylightv1.DeviceState_DEVICE_STATE_ACTIVE
	if d.Waiting {
		state = daylightv1.DeviceState_DEVICE_STATE_WAITING
	}
	const person = "Monitor <b>" // as whoever means harm would be called
	c := journal.Issue(d.key, journal.Subject{Serial: journal.Serial{1}, Key: r.Key, Person: person, Device: r.Label, NotAfter: 1 << 60, Recipient: r.Recipient}).ToProto()
	return &daylightv1.EnrolResponse{Certificate: c, Token: token.Text(), Person: &daylightv1.Person{Id: "p", Name: person}, Office: d.told, Device: "d", State: state}, err
}

// Renew is not done here.
func (d *Door) Renew(context.Context, *daylightv1.RenewRequest) (*daylightv1.RenewResponse, error) {
	return nil, connect.NewError(connect.CodeUnavailable, errors.New("this door only lets devices in"))
}
