package server

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/wirezip"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server/store"
)

// recordsOf is the service as a stranger has it in an office that has not been made.
func (w *world) recordsOf() daylightv1connect.RecordServiceClient {
	return daylightv1connect.NewRecordServiceClient(http.DefaultClient, w.url, wirezip.Client()...)
}

func TestTheEnvelopeHoldsEveryKindThatIsListed(t *testing.T) {
	for _, k := range record.Kinds() {
		fd := envelope.Fields().ByNumber(protoreflect.FieldNumber(k))
		if (fd != nil) != store.Lists(k) {
			t.Errorf("%v: in the envelope %v, listed %v", k, fd != nil, store.Lists(k))
		}
		if fd == nil {
			continue
		}
		m := record.New(k)
		if got := fromEnvelope(inEnvelope(k, m)); got == nil || string(fd.Name()) != k.String() || !proto.Equal(got, m) {
			t.Errorf("%v comes back as %v by the name of %s", k, got, fd.Name())
		}
	}
	if got := fromEnvelope(&daylightv1.Record{}); got != nil {
		t.Errorf("an empty one holds %v", got)
	}
	if got := fromEnvelope(nil); got != nil {
		t.Errorf("none holds %v", got)
	}
}

// The journey of a record of each kind through every method.
func TestRecordService(t *testing.T) {
	w, ctx := newWorld(t, nil), t.Context()
	c := w.recordsOf()
	for _, k := range record.Kinds() {
		if !store.Lists(k) {
			continue
		}
		made := must(c.SaveRecord(ctx, &daylightv1.SaveRecordRequest{Record: inEnvelope(k, classed(k, internal))}))(t)
		m := fromEnvelope(made.Record)
		if m.GetId() == "" || len(m.GetSeen()) == 0 || made.Status.GetPosition() == 0 {
			t.Fatalf("%v: made %v", k, made)
		}
		got := must(c.GetRecord(ctx, &daylightv1.GetRecordRequest{Kind: k.String(), Id: m.GetId()}))(t)
		if !proto.Equal(got.Record, made.Record) {
			t.Errorf("%v: got %v", k, got.Record)
		}
		page := must(c.ListRecords(ctx, &daylightv1.ListRecordsRequest{Kind: k.String(), NewestFirst: true}))(t)
		if len(page.Records) != 1 || !proto.Equal(page.Records[0], got) {
			t.Errorf("%v: listed %v", k, page)
		}
		past := must(c.GetRecordHistory(ctx, &daylightv1.GetRecordHistoryRequest{Kind: k.String(), Id: m.GetId()}))(t)
		if len(past.Changes) == 0 {
			t.Errorf("%v has no past", k)
		}
		gone := must(c.RemoveRecord(ctx, &daylightv1.RemoveRecordRequest{Kind: k.String(), Id: m.GetId(), Seen: m.GetSeen()}))(t)
		page = must(c.ListRecords(ctx, &daylightv1.ListRecordsRequest{Kind: k.String()}))(t)
		if !gone.Removed || len(page.Records) != 0 {
			t.Errorf("%v: removed %v, listed %v", k, gone, page)
		}
	}
}

// classed is a record of the kind that says how far it may travel.
func classed(k record.Kind, class daylightv1.ConfidentialityClass) record.Message {
	m := record.New(k)
	fields := m.ProtoReflect().Descriptor().Fields()
	m.ProtoReflect().Set(fields.ByNumber(fieldConfidentiality), protoreflect.ValueOfEnum(class.Number()))
	return m
}

// Each filter is known to some kind, and narrows a list of it.
func TestListRecordsNarrows(t *testing.T) {
	w, ctx := newWorld(t, nil), t.Context()
	c := w.recordsOf()
	known := map[protoreflect.Name]bool{}
	for _, f := range filters {
		for _, name := range f.fields {
			known[name] = true
		}
	}
	fields := (&daylightv1.ListRecordsRequest{}).ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		if fd := fields.Get(i); fd.Number() >= firstFilterField && !known[fd.Name()] {
			t.Errorf("no kind is narrowed by %s", fd.Name())
		}
	}
	save := func(m record.Message) string {
		k := must(record.KindOf(m))(t)
		return fromEnvelope(must(c.SaveRecord(ctx, &daylightv1.SaveRecordRequest{Record: inEnvelope(k, m)}))(t).Record).GetId()
	}
	place := save(aFacility("North House", "N-1"))
	visit := save(&daylightv1.Visit{FacilityId: &place, Code: proto.String("V-1"), PlannedStart: proto.String("2026-03-01"), Type: daylightv1.VisitType_VISIT_TYPE_RAPID.Enum()})
	about := save(&daylightv1.Finding{VisitId: &visit, Topic: proto.String("MAT.SPACE"), Standards: []string{"NMR-12"}})
	asked := save(&daylightv1.Recommendation{VisitId: &visit, State: daylightv1.RecommendationState_RECOMMENDATION_STATE_ISSUED.Enum(), IssuedOn: proto.String("2026-04-01"),
		Addressees: []*daylightv1.AddresseeLine{{Authority: proto.String("INTERIOR"), DueOn: proto.String("2026-05-01")}}})
	save(&daylightv1.AuthorityReply{VisitId: &visit, RecommendationId: &asked})
	save(&daylightv1.ReviewComment{VisitId: &visit, AboutId: &about})
	save(&daylightv1.Undertaking{VisitId: &visit, DueOn: proto.String("2026-05-01")})
	save(&daylightv1.ReprisalCase{VisitId: &visit, Urgent: proto.Bool(true)})
	save(&daylightv1.VisitPlan{FacilityId: &place, Year: proto.Uint32(2026)})
	save(&daylightv1.Interview{VisitId: &visit})
	save(&daylightv1.Standard{Ref: proto.String("NMR-12"), Instrument: proto.String("NMR")})
	save(&daylightv1.Checklist{Code: proto.String("PRISON"), Version: proto.String("2")})
	save(&daylightv1.Term{List: proto.String("PLACE_TYPE"), Code: proto.String("PEN_WOMEN")})
	type asks = daylightv1.ListRecordsRequest
	for _, r := range []struct{ finds, misses *asks }{
		{&asks{Kind: "facility", Region: "TM-A", PlaceType: "PEN_WOMEN", FacilityState: 1, Code: "N-1"}, &asks{Kind: "facility", ResponsibleBody: "HEALTH"}},
		{&asks{Kind: "visit", FacilityId: place, Region: "TM-A", From: "2026-03-01", To: "2026-03-01", VisitType: 5, Code: "V-1"}, &asks{Kind: "visit", PersonId: place}},
		{&asks{Kind: "finding", VisitId: visit, PlaceType: "PEN_WOMEN", Topic: "MAT.SPACE", Standard: "NMR-12"}, &asks{Kind: "finding", Repeated: true}},
		{&asks{Kind: "recommendation", FacilityId: place, Authority: "INTERIOR", Open: true, OverdueOn: "2026-06-01", From: "2026-04-01"}, &asks{Kind: "recommendation", OverdueOn: "2026-05-01"}},
		{&asks{Kind: "authority_reply", RecommendationId: asked}, &asks{Kind: "authority_reply", Response: 3}},
		{&asks{Kind: "review_comment", AboutId: about, Unsettled: true}, &asks{Kind: "review_comment", ReplyTo: about}},
		{&asks{Kind: "undertaking", Open: true, DueBefore: "2026-05-02"}, &asks{Kind: "undertaking", DueBefore: "2026-05-01"}},
		{&asks{Kind: "reprisal_case", Urgent: true, Open: true}, &asks{Kind: "reprisal_case", ReprisalState: 3}},
		{&asks{Kind: "visit_plan", Year: 2026, Open: true}, &asks{Kind: "visit_plan", FacilityId: visit}},
		{&asks{Kind: "interview", VisitId: visit, Region: "TM-A"}, &asks{Kind: "interview", Region: "TM-B"}},
		{&asks{Kind: "standard", Instrument: "NMR", Code: "NMR-12"}, &asks{Kind: "standard", Code: "NMR-1"}},
		{&asks{Kind: "checklist", Code: "PRISON", Version: "2"}, &asks{Kind: "checklist", Version: "1"}},
		{&asks{Kind: "term", List: "PLACE_TYPE", Code: "PEN_WOMEN"}, &asks{Kind: "term", List: "SEX"}},
	} {
		if got := must(c.ListRecords(ctx, r.finds))(t); len(got.Records) != 1 {
			t.Errorf("%v finds %d", r.finds, len(got.Records))
		}
		if got := must(c.ListRecords(ctx, r.misses))(t); len(got.Records) != 0 {
			t.Errorf("%v finds %d", r.misses, len(got.Records))
		}
	}
}

func TestRecordServiceRefuses(t *testing.T) {
	w, ctx := newWorld(t, nil), t.Context()
	c := w.recordsOf()
	list := func(r *daylightv1.ListRecordsRequest) error { _, err := c.ListRecords(ctx, r); return err }
	get := func(kind string) error {
		_, err := c.GetRecord(ctx, &daylightv1.GetRecordRequest{Kind: kind, Id: "0190a6e2-7c1b-7000-8000-000000000001"})
		return err
	}
	save := func(r *daylightv1.Record) error {
		_, err := c.SaveRecord(ctx, &daylightv1.SaveRecordRequest{Record: r})
		return err
	}
	const bad = connect.CodeInvalidArgument
	wantError(t, get(""), bad, "kind", "the kinds are facility, visit")
	wantError(t, get("interview_note"), bad, "interview_note", "sealed", "not served here")
	wantError(t, get("sealing_key"), bad, "sealing_key")
	wantError(t, get("note"), connect.CodeNotFound)
	wantError(t, save(nil), bad, "no record", "nothing was saved")
	wantError(t, save(&daylightv1.Record{}), bad, "no record")
	wantError(t, save(inEnvelope(record.Note, &daylightv1.Note{Text: proto.String("a\x00b")})), bad, "NUL")
	wantError(t, list(&daylightv1.ListRecordsRequest{Kind: "medical_note"}), bad, "medical_note")
	wantError(t, list(&daylightv1.ListRecordsRequest{Kind: "visit", Topic: "MAT.SPACE"}), bad, "a list of visit is not narrowed by topic")
	wantError(t, list(&daylightv1.ListRecordsRequest{Kind: "note", Urgent: true}), bad, "a list of note is not narrowed by urgent")
	wantError(t, list(&daylightv1.ListRecordsRequest{Kind: "note", VisitId: "7"}), bad, "visit_id")
	wantError(t, list(&daylightv1.ListRecordsRequest{Kind: "visit", From: "March"}), bad, "from is no day")
	wantError(t, list(&daylightv1.ListRecordsRequest{Kind: "note", PageToken: "x"}), bad, "page token")
	_, err := c.RemoveRecord(ctx, &daylightv1.RemoveRecordRequest{Kind: "note", Id: "0190a6e2-7c1b-7000-8000-000000000001"})
	wantError(t, err, bad, "what was seen", "nothing was removed")
	made := fromEnvelope(must(c.SaveRecord(ctx, &daylightv1.SaveRecordRequest{Record: inEnvelope(record.Note, &daylightv1.Note{})}))(t).Record)
	_, err = c.GetRecord(ctx, &daylightv1.GetRecordRequest{Kind: "interview", Id: made.GetId()})
	wantError(t, err, connect.CodeNotFound)
	wantError(t, save(inEnvelope(record.Interview, &daylightv1.Interview{Id: made.GetId(), Mode: proto.String("GROUP")})), connect.CodeAborted, "another kind")
}

// What the table of access says of each kind is so for this service: whom no role lets at a
// kind is turned away with a line in the access log, and what is another team's is not there.
func TestRecordServiceAsksForTheKind(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	as := func(name string, role daylightv1.OfficeRole) (daylightv1connect.RecordServiceClient, string) {
		p := o.person(t, name, role)
		return daylightv1connect.NewRecordServiceClient(http.DefaultClient, o.url, as(o.enrolled(t, p.Id).token)), p.Id
	}
	monitor, me := as("Monitor", daylightv1.OfficeRole_OFFICE_ROLE_MONITOR)
	data, _ := as("Data", daylightv1.OfficeRole_OFFICE_ROLE_DATA_OFFICER)
	officer, _ := as("Officer", daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER)
	put := func(m record.Message) string { return must(o.store.Save(ctx, "Office", m))(t)[0].Message.GetId() }
	mine := put(&daylightv1.Visit{Team: []*daylightv1.TeamMember{{Id: me}}})
	other := put(&daylightv1.Visit{Team: []*daylightv1.TeamMember{{Id: o.admin.Id}}})
	own, foreign := put(&daylightv1.Note{VisitId: &mine}), put(&daylightv1.Note{VisitId: &other})
	plan := put(&daylightv1.VisitPlan{Year: proto.Uint32(2026)})
	get := func(c daylightv1connect.RecordServiceClient, kind, id string) error {
		_, err := c.GetRecord(ctx, &daylightv1.GetRecordRequest{Kind: kind, Id: id})
		return err
	}
	if err := get(monitor, "note", own); err != nil {
		t.Error(err)
	}
	wantError(t, get(monitor, "note", foreign), connect.CodeNotFound)
	page := must(monitor.ListRecords(ctx, &daylightv1.ListRecordsRequest{Kind: "note"}))(t)
	if len(page.Records) != 1 || page.Records[0].Record.GetNote().GetId() != own {
		t.Errorf("listed %v", page)
	}
	_, err := monitor.SaveRecord(ctx, &daylightv1.SaveRecordRequest{Record: inEnvelope(record.Note, &daylightv1.Note{VisitId: &other})})
	if err == nil {
		t.Error("a note on another team's visit was taken")
	}
	if _, err := monitor.SaveRecord(ctx, &daylightv1.SaveRecordRequest{Record: inEnvelope(record.Note, &daylightv1.Note{VisitId: &mine})}); err != nil {
		t.Error(err)
	}
	if n := o.denied(t); n != 0 {
		t.Errorf("%d denials before any", n)
	}
	wantError(t, get(monitor, "visit_plan", plan), connect.CodePermissionDenied)
	wantError(t, get(data, "note", own), connect.CodePermissionDenied)
	_, err = data.ListRecords(ctx, &daylightv1.ListRecordsRequest{Kind: "finding"})
	wantError(t, err, connect.CodePermissionDenied)
	_, err = officer.SaveRecord(ctx, &daylightv1.SaveRecordRequest{Record: inEnvelope(record.ReprisalCase, &daylightv1.ReprisalCase{VisitId: &mine})})
	wantError(t, err, connect.CodePermissionDenied)
	if n := o.denied(t); n < 3 {
		t.Errorf("%d denials left a line", n)
	}
	if err := get(officer, "visit_plan", plan); err != nil {
		t.Error(err)
	}
}

func (o *office) denied(t *testing.T) (n int) {
	t.Helper()
	r := must(o.server.directory.Accesses(t.Context(), &daylightv1.ListAccessesRequest{PageSize: 500}))(t)
	for _, a := range r.Accesses {
		if a.Kind == daylightv1.AccessKind_ACCESS_KIND_DENIED {
			n++
		}
	}
	return n
}

// Restricted records of the new kinds leave the same lines as those of the first three.
func TestRecordServiceLeavesLines(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	a := o.officer(t)
	c := daylightv1connect.NewRecordServiceClient(http.DefaultClient, o.url, as(a.token))
	note := must(o.store.Save(ctx, "Office", &daylightv1.Note{Text: proto.String(secret), Confidentiality: isRestricted.Enum()}))(t)[0].Message
	must(c.GetRecord(ctx, &daylightv1.GetRecordRequest{Kind: "note", Id: note.GetId()}))(t)
	must(c.ListRecords(ctx, &daylightv1.ListRecordsRequest{Kind: "note"}))(t)
	must(c.GetRecordHistory(ctx, &daylightv1.GetRecordHistoryRequest{Kind: "note", Id: note.GetId()}))(t)
	must(c.RemoveRecord(ctx, &daylightv1.RemoveRecordRequest{Kind: "note", Id: note.GetId(), Seen: note.GetSeen()}))(t)
	want := []string{
		"a restricted record was read " + note.GetId(),
		"1 restricted record was listed",
		"the history of a restricted record was read " + note.GetId(),
		"a restricted record was removed " + note.GetId(),
	}
	if got := o.reads(t); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if strings.Contains(o.log.String(), secret) {
		t.Error("content is in the log")
	}
}
