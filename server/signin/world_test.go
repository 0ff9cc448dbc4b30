package signin

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// cheap costs nearly nothing.
var cheap = Cost{Passes: 1, KiB: 8, Lanes: 1}

// world is an office with a clock that stands still until it is told.
type world struct {
	*Signins
	testing.TB
	directory *directory.Directory
	time      time.Time
	numbers   uint64
	admin     *daylightv1.Person
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

func newWorld(t testing.TB) *world {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	w := &world{TB: t, time: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)}
	now := func() time.Time { return w.time }
	w.directory = directory.New(s.File(), now, counted{&w.numbers})
	root := ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey)
	_, w.admin, err = w.directory.Make(t.Context(), directory.Setup{
		Office: &daylightv1.Office{Name: "Office", Model: daylightv1.NpmModel_NPM_MODEL_OMBUDSMAN_PLUS, RootKey: root},
		Admin:  &daylightv1.Person{Name: "Administrator"},
	}, directory.By{})
	w.must(err)
	w.Signins, err = New(Config{DB: s.File(), Key: Key{1}, Now: now, Random: counted{&w.numbers}, Cost: cheap})
	w.must(err)
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// wants fails unless the error is the one.
func (w *world) wants(err, want error) {
	w.Helper()
	if !errors.Is(err, want) {
		w.Fatalf("got %v, want %v", err, want)
	}
}

// waits fails unless it has to wait, and says how long.
func (w *world) waits(err error) time.Duration {
	w.Helper()
	var wait *WaitError
	if !errors.As(err, &wait) {
		w.Fatalf("got %v, want a wait", err)
	}
	return wait.For
}

func (w *world) person(name string, roles ...daylightv1.OfficeRole) *daylightv1.Person {
	w.Helper()
	p := &daylightv1.Person{Name: name}
	for _, r := range roles {
		p.Grants = append(p.Grants, &daylightv1.Grant{Role: r})
	}
	p, err := w.directory.SavePerson(w.Context(), p, directory.By{})
	w.must(err)
	return p
}

func idOf(t testing.TB, p *daylightv1.Person) record.ID {
	t.Helper()
	id, err := record.ParseID(p.GetId())
	if err != nil {
		t.Fatal(err)
	}
	return id
}

const good = "seven grey herons on ice"

// here is a visitor; from elsewhere is another one.
func from(address string) Visitor {
	return Visitor{Address: address, Agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
}

var here = from("192.0.2.1")

// member is somebody who has set up a passphrase.
type member struct {
	*world
	person *daylightv1.Person
	id     record.ID
	secret []byte
	codes  []string
	now    Entered
}

func (w *world) arrive(p *daylightv1.Person) *Session {
	w.Helper()
	code, _, err := w.Issue(w.Context(), idOf(w, p), time.Hour, directory.By{})
	w.must(err)
	e, err := w.Enter(w.Context(), here, code)
	w.must(err)
	return e.Session
}

func (w *world) member(p *daylightv1.Person) *member {
	w.Helper()
	s := w.arrive(p)
	m := &member{world: w, person: p, id: idOf(w, p)}
	m.setPassphrase(s, p.GetName())
	var err error
	m.codes, err = w.NewCodes(w.Context(), s)
	w.must(err)
	m.now, err = w.ConfirmCodes(w.Context(), s, here, m.codes[3])
	w.must(err)
	return m
}

func (m *member) setPassphrase(s *Session, name string) {
	m.Helper()
	offer, err := m.Offer(m.Context(), s, "Office", name)
	m.must(err)
	m.secret, err = base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(offer.Secret)
	m.must(err)
	m.must(m.SetPassphrase(m.Context(), s, name, good, m.code()))
}

// code is the one-time code of a step that was not used before.
func (m *member) code() string {
	m.time = m.time.Add(31 * time.Second)
	return codeAt(m.secret, m.time.UnixMilli()/stepMS)
}

func (m *member) signIn(v Visitor) (Entered, error) {
	return m.ByPassphrase(m.Context(), v, m.person.GetName(), good, m.code())
}

// notes are those of the access log, oldest first.
func (w *world) notes() (out []string) {
	w.Helper()
	r, err := w.directory.Accesses(w.Context(), &daylightv1.ListAccessesRequest{PageSize: 500})
	w.must(err)
	for _, a := range slices.Backward(r.Accesses) {
		out = append(out, a.Note)
	}
	return out
}

func (w *world) noted(note string) {
	w.Helper()
	if !slices.Contains(w.notes(), note) {
		w.Errorf("the log does not say %q: %s", note, strings.Join(w.notes(), "; "))
	}
}

func base32Bytes(s string) ([]byte, error) {
	return base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(s)
}
