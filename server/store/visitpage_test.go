package store

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func severe(visit record.ID, s daylightv1.FindingSeverity) *daylightv1.Finding {
	f := aFinding(visit, "x")
	f.SeverityProposed = s.Enum()
	return f
}

func TestSumsOfVisits(t *testing.T) {
	const minor, serious = daylightv1.FindingSeverity_FINDING_SEVERITY_MINOR, daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS
	w, ctx := newWorld(t), t.Context()
	place := w.save("A", aFacility("North", "N-1"))
	v, other, twin := w.save("A", aVisit(place)), w.save("A", aVisit(place)), w.save("A", aVisit(place))
	w.save("A", severe(v, serious))
	w.save("A", severe(v, minor))
	gone := w.save("A", severe(v, minor))
	w.remove(record.Finding, gone)
	w.save("A", severe(twin, serious))
	w.save("A", &daylightv1.ReviewComment{VisitId: proto.String(v.String()), AboutId: proto.String(v.String()), Text: proto.String("?")})
	w.save("A", &daylightv1.ReviewComment{VisitId: proto.String(v.String()), AboutId: proto.String(v.String()), Settled: proto.Bool(true)})
	note := w.save("A", &daylightv1.Note{VisitId: proto.String(v.String()), Text: proto.String("before")})
	a, b := must(w.Get(ctx, record.Note, note))(t).Message.(*daylightv1.Note), must(w.Get(ctx, record.Note, note))(t).Message.(*daylightv1.Note)
	a.Text, b.Text = proto.String("a"), proto.String("b")
	w.save("A", a)
	w.save("B", b) // without having seen a
	w.merge(record.Visit, twin, v)
	d := w.For(Caller{})
	sums := must(d.VisitSums(ctx, []record.ID{v, other}))(t)
	if s := sums[v]; s.Findings[serious] != 2 || s.Findings[minor] != 1 || s.Comments != 1 || s.Two != 1 {
		t.Errorf("%+v", s)
	}
	if s, is := sums[other]; !is || len(s.Findings) != 0 || s.Two != 0 || s.Comments != 0 {
		t.Errorf("%+v", s)
	}
	if got := must(d.VisitSums(ctx, nil))(t); len(got) != 0 {
		t.Error(got)
	}
	blind := &Sight{Mark: 1, Kinds: map[record.Kind]Reach{record.Visit: {All: true}, record.Finding: {Holders: []Holder{RegionHolder("TM-Z")}}}}
	if s := must(w.For(Caller{Sight: blind}).VisitSums(ctx, []record.ID{v}))(t)[v]; len(s.Findings) != 0 || s.Two != 0 || s.Comments != 0 {
		t.Errorf("who sees none is told of %+v", s)
	}
	regional := &Sight{Mark: 1, Kinds: map[record.Kind]Reach{record.Visit: {All: true}, record.Finding: {Holders: []Holder{RegionHolder("TM-A")}}}}
	if s := must(w.For(Caller{Sight: regional}).VisitSums(ctx, []record.ID{v}))(t)[v]; s.Findings[serious] == 0 || s.Comments != 0 {
		t.Errorf("a region is told of %+v", s)
	}
}

func TestSealedRecordsAreCountedInSight(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	v := w.save("A", aVisit(w.save("A", aFacility("North", "N-1"))))
	w.save("A", &daylightv1.InterviewNote{VisitId: proto.String(v.String())})
	w.save("A", &daylightv1.InterviewNote{VisitId: proto.String(v.String())})
	w.save("A", &daylightv1.MedicalNote{VisitId: proto.String(v.String())})
	w.remove(record.InterviewNote, w.save("A", &daylightv1.InterviewNote{VisitId: proto.String(v.String())}))
	if got := must(w.For(Caller{}).SealedOf(ctx, v))(t); got[record.InterviewNote] != 2 || got[record.MedicalNote] != 1 || len(got) != 2 {
		t.Error(got)
	}
	doctor := &Sight{Mark: 1, Kinds: map[record.Kind]Reach{record.Visit: {All: true}, record.MedicalNote: {All: true}}}
	if got := must(w.For(Caller{Sight: doctor}).SealedOf(ctx, v))(t); got[record.MedicalNote] != 1 || len(got) != 1 {
		t.Error(got)
	}
}

func TestWhatTheTeamSendsAfterSubmissionIsLate(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	d := newDevice(1)
	place := d.save(t, aFacility("North", "N-1"))
	v := d.save(t, aVisit(place))
	early, both := d.save(t, aFinding(v, "early")), d.save(t, aFinding(v, "both"))
	d.push(w)
	if late := must(w.For(Caller{}).LateOf(ctx, v))(t); late.At != 0 || len(late.Changes) != 0 {
		t.Errorf("nothing was submitted: %+v", late)
	}
	take := func(s daylightv1.VisitState) {
		m := d.show(t, record.Visit, v).(*daylightv1.Visit)
		m.State = s.Enum()
		d.save(t, m)
		d.push(w)
	}
	take(daylightv1.VisitState_VISIT_STATE_SUBMITTED)
	office := must(w.Get(ctx, record.Finding, early))(t).Message.(*daylightv1.Finding)
	office.Narrative = proto.String("the office's")
	w.save("Reviewer", office)
	change := func(id record.ID, says string) {
		m := d.show(t, record.Finding, id).(*daylightv1.Finding)
		m.Narrative = proto.String(says)
		d.save(t, m)
	}
	change(both, "late")
	change(both, "later")
	added := d.save(t, aFinding(v, "added"))
	d.push(w)
	late := must(w.For(Caller{}).LateOf(ctx, v))(t)
	if late.At == 0 || late.ReceivedAt != start.UnixMilli() || len(late.Changes) != 2 || late.Changes[both] != 2 || late.Changes[added] != 1 {
		t.Errorf("%+v", late)
	}
	// Taken back and handed in again, the later time counts.
	take(daylightv1.VisitState_VISIT_STATE_CONSOLIDATED)
	take(daylightv1.VisitState_VISIT_STATE_SUBMITTED)
	if late := must(w.For(Caller{}).LateOf(ctx, v))(t); len(late.Changes) != 0 {
		t.Errorf("handed in again: %+v", late)
	}
	if _, err := w.For(Caller{Sight: &Sight{Mark: 1}}).LateOf(ctx, v); err != ErrNotFound {
		t.Errorf("to somebody who does not see it: %v", err)
	}
}

func TestVisitsAreFoundByWordsOfTheirPlace(t *testing.T) {
	w := newWorld(t)
	north, south := aFacility("North House", "N-1"), aFacility("South House", "S-1")
	south.Names["ru"] = "Колония Гараёл"
	a, b := aVisit(w.save("A", north)), aVisit(w.save("A", south))
	a.Title, b.Title = proto.String("first"), proto.String("second")
	w.save("A", a)
	w.save("A", b)
	w.indexed()
	for words, want := range map[string][]string{"north": {"first"}, "house": {"first", "second"}, "гараёл": {"second"}, "second": {"second"}, "sec": {"second"}, "north second": nil, "none": nil, "...": nil} {
		if got := w.titles(record.Visit, Query{Filter: VisitFilter{Words: words}}); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", words, got, want)
		}
	}
	if got := w.titles(record.Visit, Query{Filter: VisitFilter{Words: "house", State: daylightv1.VisitState_VISIT_STATE_CLOSED}}); len(got) != 0 {
		t.Error("words widen a filter")
	}
}

func TestRegionsAreNamedOnce(t *testing.T) {
	w := newWorld(t)
	for _, region := range []string{"TM-L", "TM-A", "", "TM-L", "TM-S"} {
		f := aFacility("x", "")
		f.Code, f.Region = nil, proto.String(region)
		w.save("A", f)
	}
	if got := must(w.Regions(t.Context()))(t); !slices.Equal(got, []string{"TM-A", "TM-L", "TM-S"}) {
		t.Error(got)
	}
	empty := newWorld(t)
	if got := must(empty.Regions(t.Context()))(t); len(got) != 0 {
		t.Error(got)
	}
}

func TestVisitsInTwoVersionsAreFoundByWhatHangsOnThem(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	place := w.save("A", aFacility("North", "N-1"))
	v := w.save("A", aVisit(place))
	w.save("A", aVisit(place))
	f := w.save("A", aFinding(v, "before"))
	a, b := must(w.Get(ctx, record.Finding, f))(t).Message.(*daylightv1.Finding), must(w.Get(ctx, record.Finding, f))(t).Message.(*daylightv1.Finding)
	a.Narrative, b.Narrative = proto.String("a"), proto.String("b")
	w.save("A", a)
	w.save("B", b)
	for shows, c := range map[string]struct {
		kinds []record.Kind
		n     int
	}{"all": {record.Kinds(), 1}, "findings": {[]record.Kind{record.Visit, record.Finding}, 1}, "nothing that is read": {[]record.Kind{record.Visit, record.Note}, 0}, "not asked": {nil, 2}} {
		if got := must(w.For(Caller{}).List(ctx, record.Visit, Query{Filter: VisitFilter{Two: c.kinds}}))(t); len(got.Items) != c.n {
			t.Errorf("%s: %d visits", shows, len(got.Items))
		}
	}
}
