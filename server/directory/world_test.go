package directory

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"testing"
	"time"

	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// world is an office with a clock that stands still until it is told.
type world struct {
	*Directory
	t       *testing.T
	time    time.Time
	numbers uint64
	admin   *daylightv1.Person
}

// counted is a source of bytes that never repeats itself.
type counted struct{ n *uint64 }

func (c counted) Read(b []byte) (int, error) {
	for i := 0; i < len(b); i += 32 {
		*c.n++
		sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, *c.n))
		copy(b[i:], sum[:])
	}
	return len(b), nil
}

// recovery is the office's recovery recipient; nobody has its other half.
const recovery = "age16hjlxt3ewv95908xffpxy7sjnydq7tqsnz692a3r39jm346499fqtcrtsd"

func newWorld(t *testing.T) *world { return newWorldOf(t, recovery) }

// newWorldOf is an office with that recovery recipient.
func newWorldOf(t *testing.T, recovery string) *world {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	w := &world{t: t, time: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)}
	w.Directory = New(s.File(), func() time.Time { return w.time }, counted{&w.numbers})
	root := ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey)
	_, w.admin, err = w.Make(t.Context(), Setup{
		Office: &daylightv1.Office{Name: "Office of the Ombudsperson", Model: daylightv1.NpmModel_NPM_MODEL_OMBUDSMAN_PLUS, RootKey: root, RecoveryRecipient: recovery},
		Admin:  &daylightv1.Person{Name: "Administrator"},
	}, By{Call: "daylightd init"})
	w.must(err)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// wants fails unless the error has the code.
func (w *world) wants(err error, code rpcerr.Code) {
	w.t.Helper()
	if err == nil || rpcerr.CodeOf(err) != code {
		w.t.Fatalf("got %v, want an error of the code %q", err, code)
	}
}

func (w *world) ctx() context.Context { return w.t.Context() }

func idOf(t *testing.T, s string) record.ID {
	t.Helper()
	id, err := record.ParseID(s)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (w *world) person(name string, roles ...daylightv1.OfficeRole) *daylightv1.Person {
	w.t.Helper()
	p := &daylightv1.Person{Name: name}
	for _, r := range roles {
		p.Grants = append(p.Grants, &daylightv1.Grant{Role: r})
	}
	p, err := w.SavePerson(w.ctx(), p, By{})
	w.must(err)
	return p
}

func hashOf(words string) Hash { return sha256.Sum256([]byte(words)) }

func keyOf(words string) ed25519.PublicKey {
	seed := sha256.Sum256([]byte(words))
	return ed25519.NewKeyFromSeed(seed[:]).Public().(ed25519.PublicKey)
}

// enrolling is the phone of that name, which uses the code of that name.
func enrolling(code, phone, token string) Enrolling {
	h := hashOf(token)
	return Enrolling{
		Secret: hashOf(code), Key: keyOf(phone), Label: phone, Words: "six words of " + phone,
		Token: h, Serial: journal.Serial(h[:16]),
	}
}

// enrolled invites a device of the person and enrols it.
func (w *world) enrolled(p *daylightv1.Person, phone string) *daylightv1.Device {
	w.t.Helper()
	_, err := w.Invite(w.ctx(), idOf(w.t, p.Id), hashOf("code of "+phone), By{Person: idOf(w.t, w.admin.Id)})
	w.must(err)
	e, err := w.Enrol(w.ctx(), enrolling("code of "+phone, phone, "token of "+phone), By{})
	w.must(err)
	return e.Device
}

func (w *world) knows(token string) bool {
	w.t.Helper()
	_, err := w.Authenticate(w.ctx(), hashOf(token), "/x")
	if err != nil && rpcerr.CodeOf(err) != rpcerr.Unauthenticated {
		w.t.Fatal(err)
	}
	return err == nil
}

// notes are those of the access log, oldest first.
func (w *world) notes() (out []string) {
	w.t.Helper()
	r, err := w.Accesses(w.ctx(), &daylightv1.ListAccessesRequest{PageSize: 500})
	w.must(err)
	for i := range r.Accesses {
		out = append(out, r.Accesses[len(r.Accesses)-1-i].Note)
	}
	return out
}
