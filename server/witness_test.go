package server

import (
	"crypto/ed25519"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server/store"
)

// The words of restricted records, none of which may be in the access log.
const secret = "Words that only the record holds"

func (o *office) visit(t *testing.T, class daylightv1.ConfidentialityClass) *daylightv1.Visit {
	t.Helper()
	v := &daylightv1.Visit{Title: proto.String(secret), Summary: proto.String(secret)}
	if class != 0 {
		v.Confidentiality = class.Enum()
	}
	items := must(o.store.Save(t.Context(), "Office", v))(t)
	return items[0].Message.(*daylightv1.Visit)
}

// officer is a case officer's device, and what it calls.
type officer struct {
	*phone
	visits daylightv1connect.VisitServiceClient
	sync   daylightv1connect.SyncServiceClient
}

func (o *office) officer(t *testing.T) officer {
	t.Helper()
	p := o.enrolled(t, o.person(t, "Officer", daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER).Id)
	return officer{p, daylightv1connect.NewVisitServiceClient(http.DefaultClient, o.url, as(p.token)),
		daylightv1connect.NewSyncServiceClient(http.DefaultClient, o.url, as(p.token))}
}

// reads are the lines about restricted records, oldest first, as note and subject; none
// of them may hold content.
func (o *office) reads(t *testing.T) (out []string) {
	t.Helper()
	r := must(o.server.directory.Accesses(t.Context(), &daylightv1.ListAccessesRequest{PageSize: 500}))(t)
	for _, a := range slices.Backward(r.Accesses) {
		if strings.Contains(a.String(), secret) {
			t.Errorf("content is in the access log: %v", a)
		}
		if a.Kind == daylightv1.AccessKind_ACCESS_KIND_READ {
			if a.Person == "" || a.Device == "" || a.Call == "" {
				t.Errorf("the line does not say who or what: %v", a)
			}
			out = append(out, strings.TrimSpace(a.Note+" "+a.Subject))
		}
	}
	return out
}

const (
	internal     = daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_INTERNAL
	isRestricted = daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED
	isSealed     = daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_SEALED
)

func TestWhoeverIsShownARestrictedRecordLeavesALine(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	a := o.officer(t)
	sealed, other := o.visit(t, isSealed).Id, o.visit(t, isRestricted).Id
	for _, open := range []string{o.visit(t, 0).Id, o.visit(t, internal).Id} {
		must(a.visits.GetVisit(ctx, &daylightv1.GetVisitRequest{Id: open}))(t)
		must(a.visits.GetVisitHistory(ctx, &daylightv1.GetVisitHistoryRequest{Id: open}))(t)
	}
	if got := o.reads(t); len(got) != 0 {
		t.Fatalf("open records leave lines: %q", got)
	}
	must(a.visits.GetVisit(ctx, &daylightv1.GetVisitRequest{Id: sealed}))(t)
	must(a.visits.GetVisitHistory(ctx, &daylightv1.GetVisitHistoryRequest{Id: other}))(t)
	must(a.visits.ListVisits(ctx, &daylightv1.ListVisitsRequest{}))(t)
	must(a.visits.ListVisits(ctx, &daylightv1.ListVisitsRequest{State: daylightv1.VisitState_VISIT_STATE_CLOSED}))(t) // an empty page
	must(a.visits.SaveVisit(ctx, &daylightv1.SaveVisitRequest{Visit: &daylightv1.Visit{Id: sealed}}))(t)              // saves nothing, and shows it
	now := must(a.visits.GetVisit(ctx, &daylightv1.GetVisitRequest{Id: other}))(t)
	must(a.visits.RemoveVisit(ctx, &daylightv1.RemoveVisitRequest{Id: other, Seen: now.Visit.Seen}))(t)
	want := []string{
		"a restricted record was read " + sealed,
		"the history of a restricted record was read " + other,
		"2 restricted records were listed",
		"a restricted record was saved, and shown as it is now " + sealed,
		"a restricted record was read " + other,
		"a restricted record was removed " + other,
	}
	if got := o.reads(t); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestADeviceThatIsSentRestrictedRecordsLeavesOneLine(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	a := o.officer(t)
	for _, class := range []daylightv1.ConfidentialityClass{0, internal, isRestricted, isSealed, isRestricted} {
		o.visit(t, class)
	}
	ask := newDevice(1).ask()
	for range 3 { // the second and third are sent nothing
		r := must(a.sync.Sync(ctx, ask))(t)
		ask.Epoch, ask.Cursor = r.Epoch, r.Cursor
	}
	o.visit(t, internal)
	r := must(a.sync.Sync(ctx, ask))(t)
	ask.Cursor = r.Cursor
	o.visit(t, isRestricted)
	must(a.sync.Sync(ctx, ask))(t)
	want := []string{"3 restricted records were sent", "1 restricted record was sent"}
	if got := o.reads(t); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What is not written down is not shown.
func TestNothingRestrictedIsShownWhenTheLogCannotBeWritten(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	a := o.officer(t)
	id, open := o.visit(t, isRestricted).Id, o.visit(t, internal).Id
	must(a.visits.GetVisit(ctx, &daylightv1.GetVisitRequest{Id: open}))(t) // signed in before
	if err := o.store.File().Write(ctx, func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec(`CREATE TRIGGER broken BEFORE INSERT ON accesses BEGIN SELECT RAISE(ABORT, 'broken'); END`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	must(a.visits.GetVisit(ctx, &daylightv1.GetVisitRequest{Id: open}))(t)
	_, err := a.visits.GetVisit(ctx, &daylightv1.GetVisitRequest{Id: id})
	wantError(t, err, connect.CodeUnavailable, "access log")
	_, err = a.visits.GetVisitHistory(ctx, &daylightv1.GetVisitHistoryRequest{Id: id})
	wantError(t, err, connect.CodeUnavailable, "access log")
	_, err = a.visits.ListVisits(ctx, &daylightv1.ListVisitsRequest{})
	wantError(t, err, connect.CodeUnavailable, "access log")
	_, err = a.sync.Sync(ctx, newDevice(1).ask())
	wantError(t, err, connect.CodeUnavailable, "access log")
}

// Nobody is known in an office that has not been made: there is nobody to name.
func TestAnOfficeThatIsNotMadeLeavesNoLines(t *testing.T) {
	w, ctx := newWorld(t, nil), t.Context()
	v := &daylightv1.Visit{Title: proto.String(secret), Confidentiality: isSealed.Enum()}
	id := must(w.visits.SaveVisit(ctx, &daylightv1.SaveVisitRequest{Visit: v}))(t).Visit.Id
	must(w.visits.GetVisit(ctx, &daylightv1.GetVisitRequest{Id: id}))(t)
	must(w.visits.ListVisits(ctx, &daylightv1.ListVisitsRequest{}))(t)
	must(w.sync.Sync(ctx, newDevice(1).ask()))(t)
	if r := must(w.server.directory.Accesses(ctx, &daylightv1.ListAccessesRequest{}))(t); len(r.Accesses) != 0 {
		t.Errorf("%v", r)
	}
}

// What a device is sent and what a caller is shown are classed alike, in every kind.
func TestARecordIsRestrictedHoweverItIsRead(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	class := func(n int32) *daylightv1.ConfidentialityClass {
		return daylightv1.ConfidentialityClass(n).Enum()
	}
	want := map[string]bool{}
	for n := range int32(8) { // 6 and 7 are of a newer program
		for _, m := range []record.Message{
			&daylightv1.Facility{Names: map[string]string{"en": "North House"}, Confidentiality: class(n)},
			&daylightv1.Visit{Title: proto.String("x"), Confidentiality: class(n)},
			&daylightv1.Finding{Title: proto.String("x"), Confidentiality: class(n)},
			&daylightv1.Term{Confidentiality: class(n)},
			&daylightv1.SealingKey{Confidentiality: class(n)},
			&daylightv1.PersonIdentity{Confidentiality: class(n)}, // sealed kinds whatever they say
			&daylightv1.InterviewNote{Confidentiality: class(n)},
			&daylightv1.MedicalNote{Confidentiality: class(n)},
			&daylightv1.ReprisalDetail{Confidentiality: class(n)},
		} {
			kind := must(record.KindOf(m))(t)
			item := must(o.store.Save(ctx, "Office", m))(t)[0]
			if want[item.Message.GetId()] = n >= 4 || record.Sealed(kind); record.Restricted(item.Message) != want[item.Message.GetId()] {
				t.Errorf("%v", item.Message)
			}
		}
	}
	r := must(o.store.Sync(ctx, nil, exchange.Ask{}))(t)
	for _, s := range r.States {
		if got := must(restrictedState(record.Kind(s.Kind), s.State))(t); got != want[record.ID(s.Id).String()] {
			t.Errorf("kind %d: %v", s.Kind, got)
		}
		delete(want, record.ID(s.Id).String())
	}
	if len(want) != 0 {
		t.Errorf("%d were not sent", len(want))
	}
}

// What a lost device may hold: what its person may read, not what there is.
func TestARevokedDeviceIsTakenStockOf(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	mine := o.person(t, "Monitor A", daylightv1.OfficeRole_OFFICE_ROLE_MONITOR)
	p := o.enrolled(t, mine.Id)
	sync := daylightv1connect.NewSyncServiceClient(http.DefaultClient, o.url, as(p.token))
	team := []*daylightv1.TeamMember{{Id: mine.Id, Person: proto.String("Monitor A")}}
	visit := must(o.store.Save(ctx, "Office", &daylightv1.Visit{Title: proto.String("mine"), Team: team}))(t)[0].Message.GetId()
	must(o.store.Save(ctx, "Office", &daylightv1.Finding{Title: proto.String("mine"), VisitId: &visit}))(t)
	o.visit(t, internal) // somebody else's
	head := uint64(must(o.store.Head(ctx))(t))

	position := func() uint64 {
		t.Helper()
		return must(o.operator.ListDevices(ctx, &daylightv1.ListDevicesRequest{Person: mine.Id}))(t).Devices[0].LastPosition
	}
	known := &caller{Caller: must(o.server.directory.Writer(ctx, p.key.Public().(ed25519.PublicKey)))(t)}
	page := &daylightv1.SyncResponse{More: true, Cursor: exchange.Cursor{Position: 1}.Encode()}
	if err := o.server.sent(ctx, known, nil, page); err != nil || position() != 0 {
		t.Errorf("after a page with more behind it, it is at %d: %v", position(), err)
	}
	d := newDevice(1)
	r := must(sync.Sync(ctx, d.ask()))(t)
	if got := position(); got == 0 || got > head {
		t.Errorf("at %d of %d", got, head)
	}
	was := position()
	again := d.ask()
	again.Epoch, again.Cursor = r.Epoch, r.Cursor
	must(sync.Sync(ctx, again))(t)
	if got := position(); got != was {
		t.Errorf("nothing came, and it went from %d to %d", was, got)
	}
	out := must(o.operator.RevokeDevice(ctx, &daylightv1.RevokeDeviceRequest{Device: p.answer.Device}))(t)
	if out.ReadableRecords != 2 || out.Device.LastPosition != was || out.Device.EnrolledAt != o.time.UnixMilli() {
		t.Errorf("%v", out)
	}
}

// A device names the end of its own chain in each sync: where the office has less of it, the
// list of devices says how much has not come, until it has.
func TestWhatADeviceHasNotSentIsKnown(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.carrier(t, 7, aMonitor)
	client := daylightv1connect.NewSyncServiceClient(http.DefaultClient, o.url, as(c.in.Token))
	unsent := func() (n uint64, h store.Heard) {
		t.Helper()
		k := must(o.server.directory.KnownDevice(ctx, must(record.ParseID(c.in.Device))(t)))(t)
		h = must(o.store.Heard(ctx, store.Asked{Key: k.GetKey(), Writer: k.Writer}))(t)[0]
		return max(k.Seq, h.Seq) - h.Seq, h
	}
	if n, h := unsent(); n != 0 || h != (store.Heard{}) {
		t.Errorf("%d, %+v before anything was sent", n, h)
	}
	q := c.ask()
	q.Batches = []*daylightv1.Batch{c.writes(t, 1)}
	q.Own = c.ask().Own
	must(client.Sync(ctx, q))(t)
	if n, h := unsent(); n != 0 || h.Changes != uint64(c.head.Seq) {
		t.Errorf("%d, %+v of a device that never had more", n, h)
	}
	first, after := c.writes(t, 2), uint64(c.head.Seq)
	rest := c.writes(t, 3)
	q = c.ask()
	q.Batches, q.MoreOwn = []*daylightv1.Batch{first}, true
	must(client.Sync(ctx, q))(t)
	if n, h := unsent(); n != uint64(c.head.Seq)-after || n == 0 || h.Changes != after || h.Ahead != 0 || h.Last != o.time.UnixMilli() {
		t.Errorf("%d of %d, %+v", n, c.head.Seq, h)
	}
	q.Batches, q.MoreOwn = []*daylightv1.Batch{rest}, false
	must(client.Sync(ctx, q))(t)
	if n, h := unsent(); n != 0 || h.Changes != uint64(c.head.Seq) {
		t.Errorf("%d, %+v after all has come", n, h)
	}
	c.clock.Next(o.time.Add(3 * time.Hour).UnixMilli()) // its clock is that far ahead
	q = c.ask()
	q.Batches = []*daylightv1.Batch{c.writes(t, 1)}
	q.Own = c.ask().Own
	must(client.Sync(ctx, q))(t)
	if _, h := unsent(); h.Ahead < (3*time.Hour-time.Minute).Milliseconds() || h.Ahead > (3*time.Hour+time.Minute).Milliseconds() {
		t.Errorf("its clock is %d ms ahead", h.Ahead)
	}
}
