package store

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// titles reads all pages of a list and gives the records' titles, names or codes.
func (w *world) titles(kind record.Kind, q Query) (out []string) {
	w.Helper()
	for {
		page := must(w.List(w.Context(), kind, q))(w)
		for _, item := range page.Items {
			switch m := item.Message.(type) {
			case *daylightv1.Facility:
				out = append(out, m.GetCode())
			case *daylightv1.Visit:
				out = append(out, m.GetTitle())
			case *daylightv1.Finding:
				out = append(out, m.GetTitle())
			case *daylightv1.Term:
				out = append(out, m.GetCode())
			}
		}
		if q.PageToken = page.Next; page.Next == "" {
			return out
		}
	}
}

func TestFiltersNarrowLists(t *testing.T) {
	w := newWorld(t)
	one, two := aFacility("Central prison", "A"), aFacility("Remand centre", "B")
	two.Region, two.MainType, two.Types = proto.String("TM-B"), proto.String("REMAND"), []string{"PRISON", "HOSPITAL"}
	two.State = daylightv1.FacilityState_FACILITY_STATE_CLOSED.Enum()
	a, b := w.save("Reviewer", one), w.save("Reviewer", two)
	first, second := aVisit(a), aVisit(b)
	first.Title, second.Title = proto.String("first"), proto.String("second")
	second.Type, second.State = daylightv1.VisitType_VISIT_TYPE_RAPID.Enum(), daylightv1.VisitState_VISIT_STATE_CLOSED.Enum()
	v, u := w.save("Reviewer", first), w.save("Reviewer", second)
	x, y := aFinding(v, "x"), aFinding(u, "y")
	x.Title, y.Title = proto.String("x"), proto.String("y")
	y.Area, y.Topic = proto.String("HLT"), proto.String("HLT.ACCESS")
	y.Kind = daylightv1.FindingKind_FINDING_KIND_PROGRESS.Enum()
	y.SeverityDecided = daylightv1.FindingSeverity_FINDING_SEVERITY_MINOR.Enum()
	w.save("Reviewer", x)
	w.save("Reviewer", y)
	for code, list := range map[string]string{"PRISON": "PLACE_TYPE", "OTHER": "AFFECTED_GROUP"} {
		w.save("Reviewer", &daylightv1.Term{List: proto.String(list), Code: proto.String(code)})
	}
	for _, c := range []struct {
		kind   record.Kind
		filter Filter
		want   string
	}{
		{record.Facility, nil, "[A B]"},
		{record.Facility, FacilityFilter{Region: "TM-B"}, "[B]"},
		{record.Facility, FacilityFilter{Type: "PRISON"}, "[A B]"},
		{record.Facility, FacilityFilter{Type: "REMAND"}, "[B]"},
		{record.Facility, FacilityFilter{Type: "HOSPITAL", Code: "A"}, "[]"},
		{record.Facility, FacilityFilter{Code: "A"}, "[A]"},
		{record.Facility, FacilityFilter{State: daylightv1.FacilityState_FACILITY_STATE_CLOSED}, "[B]"},
		{record.Visit, VisitFilter{Visits: Visits{Facility: a}}, "[first]"},
		{record.Visit, VisitFilter{State: daylightv1.VisitState_VISIT_STATE_CLOSED}, "[second]"},
		{record.Visit, VisitFilter{Type: daylightv1.VisitType_VISIT_TYPE_IN_DEPTH}, "[first]"},
		{record.Finding, FindingFilter{Visit: v}, "[x]"},
		{record.Finding, FindingFilter{Visits: Visits{Facility: b}}, "[y]"},
		{record.Finding, FindingFilter{Visit: v, Visits: Visits{Facility: b}}, "[]"},
		{record.Finding, FindingFilter{Kind: daylightv1.FindingKind_FINDING_KIND_PROGRESS}, "[y]"},
		{record.Finding, FindingFilter{Area: "MAT"}, "[x]"},
		{record.Finding, FindingFilter{Topic: "HLT.ACCESS"}, "[y]"},
		{record.Finding, FindingFilter{Severity: daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS}, "[x]"},
		{record.Finding, FindingFilter{Severity: daylightv1.FindingSeverity_FINDING_SEVERITY_MINOR}, "[y]"},
		{record.Term, TermFilter{List: "PLACE_TYPE"}, "[PRISON]"},
		{record.Term, TermFilter{List: "PLACE_TYPE", Code: "OTHER"}, "[]"},
		{record.Term, TermFilter{Code: "OTHER"}, "[OTHER]"},
	} {
		if got := fmt.Sprint(w.titles(c.kind, Query{Filter: c.filter})); got != c.want {
			t.Errorf("%v %#v: %s, want %s", c.kind, c.filter, got, c.want)
		}
	}
	if _, err := w.List(t.Context(), record.Visit, Query{Filter: TermFilter{}}); !errors.Is(err, ErrBadFilter) {
		t.Errorf("%v, want that the filter does not fit", err)
	}
	w.whole()
}

func TestListsLeaveOutWhatIsNotWhole(t *testing.T) {
	w := newWorld(t)
	a := w.save("Reviewer", aFacility("Central prison", "A"))
	joined := aFacility("Central prison again", "B")
	joined.MergedInto = proto.String(a.String())
	w.save("Reviewer", joined)
	d := newDevice(1)
	id := d.newID()
	d.write(t, journal.RecordEdits{Kind: record.Facility, ID: id, Edits: []fold.Edit{{
		Path: fold.Path{Field: 10}, Value: append([]byte{0x52, 1}, 'C'),
	}}})
	d.push(w)
	for _, c := range []struct {
		q    Query
		want string
	}{
		{Query{}, "[A]"},
		{Query{IncludeRemoved: true}, "[A B]"},
		{Query{IncludeIncomplete: true}, "[A C]"},
		{Query{OnlyConflicts: true}, "[]"},
	} {
		if got := fmt.Sprint(w.titles(record.Facility, c.q)); got != c.want {
			t.Errorf("%+v: %s, want %s", c.q, got, c.want)
		}
	}
	if item := must(w.Get(t.Context(), record.Facility, id))(t); !item.Status.Incomplete {
		t.Error("it is not said to be incomplete")
	}
	w.whole()
}

func TestOnlyConflicts(t *testing.T) {
	w := newWorld(t)
	busy(t, w)
	if got := w.titles(record.Finding, Query{OnlyConflicts: true}); len(got) != 1 {
		t.Errorf("%v, want the one finding", got)
	}
	if got := w.titles(record.Visit, Query{OnlyConflicts: true}); len(got) != 0 {
		t.Errorf("%v, want none", got)
	}
}

// While one person pages, others add: every record that was there comes once, in
// order, and nothing comes twice.
func TestPagesNeitherShiftNorRepeat(t *testing.T) {
	w := newWorld(t)
	add := func(title string) {
		f := aFinding(record.ID{1}, "x")
		f.Title = &title
		w.save("Clerk", f)
	}
	const before = 25
	for i := range before {
		add(fmt.Sprint(i))
	}
	var adding sync.WaitGroup
	adding.Go(func() {
		for range 20 {
			add("late")
		}
	})
	got := w.titles(record.Finding, Query{PageSize: 4})
	adding.Wait()
	for i, title := range got {
		if i < before && title != fmt.Sprint(i) || i >= before && title != "late" {
			t.Errorf("%q at %d", title, i)
		}
	}
	if len(got) < before {
		t.Errorf("%d records, want at least %d", len(got), before)
	}
}

func TestPageTokenFitsItsOwnQueryOnly(t *testing.T) {
	w := newWorld(t)
	for range 3 {
		w.save("Clerk", aFinding(record.ID{1}, "x"))
	}
	page := must(w.List(t.Context(), record.Finding, Query{PageSize: 1, Filter: FindingFilter{Area: "MAT"}}))(t)
	for _, q := range []Query{
		{PageToken: page.Next},
		{PageToken: page.Next, Filter: FindingFilter{Area: "HLT"}},
		{PageToken: page.Next, Filter: FindingFilter{Area: "MAT"}, IncludeRemoved: true},
		{PageToken: page.Next, Filter: FindingFilter{Area: "MAT"}, Text: "x"},
		{PageToken: page.Next + "A", Filter: FindingFilter{Area: "MAT"}},
		{PageToken: "not a token"},
	} {
		if _, err := w.List(t.Context(), record.Finding, q); !errors.Is(err, ErrBadToken) {
			t.Errorf("%+v: %v, want that the token does not fit", q, err)
		}
	}
	if _, err := w.List(t.Context(), record.Finding, Query{PageToken: page.Next, Filter: FindingFilter{Area: "MAT"}}); err != nil {
		t.Error(err)
	}
}

func TestWhatARecordWaitsFor(t *testing.T) {
	w := newWorld(t)
	id := w.save("Clerk", aVisit(record.ID{1}))
	item := must(w.Get(t.Context(), record.Visit, id))(t)
	if got := fmt.Sprint(item.Status.WaitingFor); got != "["+(record.ID{1}).String()+"]" {
		t.Errorf("it waits for %s", got)
	}
	if _, err := w.Get(t.Context(), record.Finding, id); !errors.Is(err, ErrNotFound) {
		t.Errorf("%v, want that there is no such finding", err)
	}
}

func TestHistoryIsNewestFirst(t *testing.T) {
	w := newWorld(t)
	_, visit, finding := busy(t, w)
	entries, next, err := w.History(t.Context(), record.Visit, visit, 3, "")
	if err != nil || len(entries) != 3 || next == "" {
		t.Fatal(entries, next, err)
	}
	if e := entries[0]; e.Decision != "REFUSED" || e.Reason != "ALREADY" || e.Person != "Monitor 2" || e.Device != "laptop" {
		t.Errorf("%v", e)
	}
	if e := entries[1]; e.Decision != "ACCEPTED" || len(e.Edits) != 1 || e.Edits[0].Field != "state" || e.Edits[0].Json != `"VISIT_STATE_AUTHORISED"` {
		t.Errorf("%v", e)
	}
	rest, last, err := w.History(t.Context(), record.Visit, visit, 3, next)
	if err != nil || last != "" || len(rest) != 2 || rest[1].Position > rest[0].Position {
		t.Errorf("%v %q %v", rest, last, err)
	}
	if _, _, err := w.History(t.Context(), record.Finding, finding, 3, next); !errors.Is(err, ErrBadToken) {
		t.Errorf("%v, want that the token does not fit", err)
	}
	if _, _, err := w.History(t.Context(), record.Finding, record.ID{9}, 3, ""); !errors.Is(err, ErrNotFound) {
		t.Errorf("%v, want that there is none", err)
	}
}
