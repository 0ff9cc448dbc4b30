package clientsync

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"net/http"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/enrol"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/wirezip"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
)

// door is an office that lets a team's devices in, tells them of each other, and takes
// all that they bring.
type door struct {
	t    *testing.T
	key  ed25519.PrivateKey
	url  string
	team daylightv1.Directory
}

func newDoor(t *testing.T) *door {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	d := &door{t: t, key: key}
	mux := http.NewServeMux()
	mux.Handle(daylightv1connect.NewEnrolmentServiceHandler(d))
	mux.Handle(daylightv1connect.NewSyncServiceHandler(&script{answer: takesAllChains}, wirezip.Handler()...))
	d.url, _ = listen(t, mux)
	return d
}

// takesAllChains answers for each chain that is sent or asked after.
func takesAllChains(_ context.Context, r *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
	answer := &daylightv1.SyncResponse{Epoch: []byte("epoch"), Cursor: []byte("cursor"), More: r.MoreOwn}
	heads := append([]*daylightv1.Head{r.Own}, r.Ask...)
	for _, b := range r.Batches {
		links := linksOf(b)
		heads = append(heads, &daylightv1.Head{Writer: b.Writer, Seq: b.FirstSeq + uint64(len(links)) - 1, Link: links[len(links)-1]})
	}
	for _, h := range heads {
		answer.Writers = append(answer.Writers, &daylightv1.WriterAnswer{Writer: h.Writer, Seq: h.Seq, Link: h.Link, Position: h.Seq})
	}
	return answer, nil
}

func (d *door) Enrol(_ context.Context, r *daylightv1.EnrolRequest) (*daylightv1.EnrolResponse, error) {
	// In these tests, a device's label says whose it is too.
	n := byte(len(d.team.People) + 1)
	person := record.ID{n}
	c := journal.Issue(d.key, journal.Subject{
		Serial: journal.Serial{n}, Key: r.Key, Person: "Person of " + r.Label, Device: r.Label,
		NotAfter: 1 << 60, Recipient: r.Recipient, PersonID: person.String(),
	})
	d.team.Revision++
	d.team.People = append(d.team.People, &daylightv1.Colleague{
		Id: person.String(), Name: c.Person, Grants: []*daylightv1.Grant{{Role: daylightv1.OfficeRole_OFFICE_ROLE_NPM_HEAD}},
		Devices: []*daylightv1.ColleagueDevice{{Id: r.Label, Label: r.Label, Recipient: r.Recipient}},
	})
	token, err := enrol.NewToken(rand.Reader)
	return &daylightv1.EnrolResponse{
		Certificate: c.ToProto(), Token: token.Text(), Device: r.Label, State: daylightv1.DeviceState_DEVICE_STATE_ACTIVE,
		Person: &daylightv1.Person{Id: person.String(), Name: c.Person, Grants: []*daylightv1.Grant{{Role: daylightv1.OfficeRole_OFFICE_ROLE_NPM_HEAD}}},
		Office: &daylightv1.Office{Name: "Office", EnrolmentKey: d.key.Public().(ed25519.PublicKey)},
	}, err
}

func (d *door) Renew(context.Context, *daylightv1.RenewRequest) (*daylightv1.RenewResponse, error) {
	panic("no certificate ends in these tests")
}

// device is one of somebody of the team.
func (d *door) device(label string) *device {
	d.t.Helper()
	out := newDevice(d.t, func(c *Config) { c.HTTP = http.DefaultClient })
	code, err := enrol.NewCode(rand.Reader, []string{d.url}, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := out.Enrol(d.t.Context(), code.Encode(), label); err != nil {
		d.t.Fatal(err)
	}
	return out
}

// hands gives what one device has to another in a bundle.
func (d *door) hands(from, to *device) {
	d.t.Helper()
	err := from.db.Write(d.t.Context(), func(b *localdb.Book) error { return putDirectory(b, true, &d.team) })
	if err != nil {
		d.t.Fatal(err)
	}
	var file bytes.Buffer
	if _, err := from.Export(d.t.Context(), &file, To{Devices: []string{to.status().Device}}); err != nil {
		d.t.Fatal(err)
	}
	if _, err := to.Import(d.t.Context(), bytes.NewReader(file.Bytes())); err != nil {
		d.t.Fatal(err)
	}
}

func (d *device) history(m Message) History {
	d.t.Helper()
	kind, _, err := nameOf(m)
	if err != nil {
		d.t.Fatal(err)
	}
	h, err := d.History(d.t.Context(), kind, m.GetId())
	if err != nil {
		d.t.Fatal(err)
	}
	return h
}

// summary saves another summary of a visit.
func (d *device) summary(v *daylightv1.Visit, text string) {
	d.t.Helper()
	m := d.get(v).Message.(*daylightv1.Visit)
	m.Summary = proto.String(text)
	d.save(m)
}

// valueOf is how the history tells of the field.
func (h History) valueOf(t *testing.T, field string) Value {
	t.Helper()
	i := slices.IndexFunc(h.Current, func(o Origin) bool { return o.Field == field })
	if i < 0 {
		t.Fatalf("nobody has set %s", field)
	}
	return h.Current[i].Value
}

// author is what a Value says of who set it.
type author struct {
	person, device string
	own, pending   bool
}

func (v Value) author() author { return author{v.Person, v.Device, v.Own, v.Pending} }

func TestAChangeOfATeamMateIsToldAsTheirs(t *testing.T) {
	office := newDoor(t)
	a, b := office.device("phone"), office.device("tablet")
	v := &daylightv1.Visit{Id: record.ID{0x70}.String(), Title: proto.String("Night visit")}
	f := &daylightv1.Finding{VisitId: &v.Id, Title: proto.String("No window")}
	b.save(v, f) // one change, to two records
	office.hands(b, a)
	own := finding("mine")
	a.save(own)

	for _, m := range []Message{v, f} {
		if item := a.get(m); !item.Sent || !item.Passing {
			t.Errorf("%v: sent %v, passing %v", item.Kind, item.Sent, item.Passing)
		}
	}
	if item := a.get(own); item.Sent || item.Passing {
		t.Errorf("an own one: sent %v, passing %v", item.Sent, item.Passing)
	}
	if n := len(a.list(Filter{OnlyUnsent: true})); n != 3 {
		t.Errorf("%d records are listed as unsent", n)
	}
	if s := a.status(); s.Unsent != 1 || s.UnsentRecords != 1 || s.Passing != 1 || s.PassingFrom != 1 {
		t.Errorf("%+v", s)
	}
	h := a.history(f)
	if got, want := h.valueOf(t, "title").author(), (author{"Person of tablet", "tablet", false, true}); got != want {
		t.Errorf("the value is of %+v", got)
	}
	if h.AtOffice {
		t.Error("more is said to be at the office, which has nothing of it")
	}
	if len(h.Changes) != 1 || h.Changes[0].Person != "Person of tablet" || h.Changes[0].Device != "tablet" || h.Changes[0].Decision != "" {
		t.Errorf("%v", h.Changes)
	}
	if writer := fold.WriterID(h.Changes[0].Writer).String(); writer != b.status().Writer {
		t.Errorf("it is signed by %s", writer)
	}
	h = a.history(own)
	if got, want := h.valueOf(t, "title").author(), (author{"Person of phone", "phone", true, true}); got != want {
		t.Errorf("the own value is of %+v", got)
	}
	if len(h.Changes) != 1 || h.Changes[0].Person != "Person of phone" {
		t.Errorf("%v", h.Changes)
	}

	// What is typed on top of it is one's own, and both wait.
	a.summary(v, "quiet")
	if item := a.get(v); item.Sent || !item.Passing {
		t.Errorf("sent %v, passing %v", item.Sent, item.Passing)
	}
	if h := a.history(v); len(h.Changes) != 2 || h.Changes[0].Person != "Person of phone" || h.Changes[1].Person != "Person of tablet" {
		t.Errorf("%v", h.Changes)
	}
}

func TestWhatTheOfficeHasAnsweredForIsNoLongerPassing(t *testing.T) {
	office := newDoor(t)
	a, b := office.device("phone"), office.device("tablet")
	v := &daylightv1.Visit{Id: record.ID{0x70}.String(), Title: proto.String("Night visit")}
	a.save(v)
	a.sync()
	office.hands(a, b)
	b.summary(v, "quiet")
	office.hands(b, a)
	if item := a.get(v); !item.Sent || !item.Passing {
		t.Errorf("sent %v, passing %v", item.Sent, item.Passing)
	}
	h := a.history(v)
	if title, summary := h.valueOf(t, "title"), h.valueOf(t, "summary"); title.Pending || !summary.Pending || summary.Person != "Person of tablet" {
		t.Errorf("title %+v, summary %+v", title.author(), summary.author())
	}
	if len(h.Changes) != 2 || h.Changes[0].Decision != "" || h.Changes[1].Decision == "" {
		t.Errorf("%v", h.Changes)
	}
	if r := a.sync(); r.Passed != 1 || r.ToPass != 1 || r.Pushed != 0 {
		t.Errorf("%+v", r)
	}
	if item := a.get(v); !item.Sent || item.Passing {
		t.Errorf("after a sync: sent %v, passing %v", item.Sent, item.Passing)
	}
	h = a.history(v)
	for _, o := range h.Current {
		if o.Pending {
			t.Errorf("%s is said to be pending", o.Field)
		}
	}
	if len(h.Changes) != 1 || h.Changes[0].Person != "Person of phone" {
		t.Errorf("%v", h.Changes)
	}
	if s := a.status(); s.Unsent != 0 || s.Passing != 0 || s.PassingFrom != 0 {
		t.Errorf("%+v", s)
	}
	if n := len(a.list(Filter{OnlyUnsent: true})); n != 0 {
		t.Errorf("%d records are listed as unsent", n)
	}
}

func TestAConflictNamesTheTeamMate(t *testing.T) {
	office := newDoor(t)
	a, b := office.device("phone"), office.device("tablet")
	v := &daylightv1.Visit{Id: record.ID{0x70}.String(), Title: proto.String("Night visit")}
	b.save(v)
	office.hands(b, a)
	a.summary(v, "the staff were open")
	b.summary(v, "the staff hid two cells")
	office.hands(b, a)
	item := a.get(v)
	if len(item.Conflicts) != 1 || item.Conflicts[0].Field != "summary" {
		t.Fatalf("%+v", item.Conflicts)
	}
	var got []author
	for _, v := range item.Conflicts[0].Values {
		got = append(got, v.author())
	}
	for _, want := range []author{{"Person of tablet", "tablet", false, true}, {"Person of phone", "phone", true, true}} {
		if !slices.Contains(got, want) {
			t.Errorf("%+v is not among %+v", want, got)
		}
	}
	// The other device has only its own word, which nobody has answered for.
	if got, want := b.history(v).valueOf(t, "summary").author(), (author{"Person of tablet", "tablet", true, true}); got != want {
		t.Errorf("there, the value is of %+v", got)
	}
}

// What the office may have answered for already is kept for it and not shown: it is
// neither told nor counted with the record.
func TestWhatIsHiddenIsNotTold(t *testing.T) {
	office := newDoor(t)
	a, b := office.device("phone"), office.device("tablet")
	v := &daylightv1.Visit{Id: record.ID{0x70}.String(), Title: proto.String("Night visit")}
	a.save(v)
	a.sync()
	office.hands(a, b)
	b.summary(v, "quiet")
	err := a.db.Write(t.Context(), func(book *localdb.Book) error {
		return book.PutKnown(fold.WriterID(b.history(v).Changes[0].Writer), 1)
	})
	if err != nil {
		t.Fatal(err)
	}
	office.hands(b, a)
	if item := a.get(v); !item.Sent || item.Passing || item.Message.(*daylightv1.Visit).Summary != nil {
		t.Errorf("sent %v, passing %v: %v", item.Sent, item.Passing, item.Message)
	}
	if h := a.history(v); len(h.Changes) != 1 || h.Changes[0].Person != "Person of phone" {
		t.Errorf("%v", h.Changes)
	}
	if s := a.status(); s.Passing != 1 {
		t.Errorf("%+v", s)
	}
}

// The office has answered for one of two, and a person there has to admit it.
func TestWhatIsHeldIsNotPending(t *testing.T) {
	office := newDoor(t)
	a, b := office.device("phone"), office.device("tablet")
	v := &daylightv1.Visit{Id: record.ID{0x70}.String(), Title: proto.String("Night visit")}
	b.save(v)
	office.hands(b, a)
	b.summary(v, "quiet")
	office.hands(b, a)
	err := a.db.Write(t.Context(), func(book *localdb.Book) error {
		all, err := book.Changes(record.ID{0x70})
		if err != nil || len(all) != 2 {
			t.Fatalf("%v, %v", all, err)
		}
		all[1].Decision = exchange.Held // the newest stands first
		return book.Replace(all[1])
	})
	if err != nil {
		t.Fatal(err)
	}
	h := a.history(v)
	if len(h.Changes) != 1 || h.Changes[0].Edits[0].Field != "summary" {
		t.Errorf("%v", h.Changes)
	}
	if h.valueOf(t, "title").Pending || !h.valueOf(t, "summary").Pending {
		t.Error("one is said to stand as the other does")
	}
	if item := a.get(v); !item.Passing {
		t.Error("the other is said to be answered for")
	}
}
