package server

import (
	"fmt"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The journey of one facility through every method.
func TestFacilityService(t *testing.T) {
	w, ctx := newWorld(t, nil), t.Context()
	made := must(w.facilities.SaveFacility(ctx, &daylightv1.SaveFacilityRequest{Facility: aFacility("North House", "N-1")}))(t)
	id := made.Facility.GetId()
	if id == "" || len(made.Facility.Seen) == 0 || made.Status.GetPosition() == 0 {
		t.Fatalf("made %v", made)
	}
	made.Facility.Town = proto.String("Northton")
	changed := must(w.facilities.SaveFacility(ctx, &daylightv1.SaveFacilityRequest{Facility: made.Facility}))(t)
	got := must(w.facilities.GetFacility(ctx, &daylightv1.GetFacilityRequest{Id: id}))(t)
	if got.Facility.GetTown() != "Northton" || got.Facility.GetNames()["en"] != "North House" || !proto.Equal(got.Facility, changed.Facility) {
		t.Errorf("got %v", got)
	}
	for shows, r := range map[string]*daylightv1.ListFacilitiesRequest{
		"all":    {},
		"region": {Region: "TM-A"}, "type": {Type: "PEN_WOMEN"}, "state": {State: 1}, "code": {Code: "N-1"},
	} {
		if page := must(w.facilities.ListFacilities(ctx, r))(t); len(page.Facilities) != 1 || page.NextPageToken != "" {
			t.Errorf("%s gives %d", shows, len(page.Facilities))
		}
		if r.Region != "" || r.Code != "" {
			r.Region, r.Code = "TM-B", "N-2"
			if page := must(w.facilities.ListFacilities(ctx, r))(t); len(page.Facilities) != 0 {
				t.Errorf("another %s gives %d", shows, len(page.Facilities))
			}
		}
	}
	past := must(w.facilities.GetFacilityHistory(ctx, &daylightv1.GetFacilityHistoryRequest{Id: id}))(t)
	if len(past.Changes) != 2 || past.Changes[0].GetPosition() < past.Changes[1].GetPosition() || past.Changes[0].Edits[0].GetField() != "town" {
		t.Errorf("history: %v", past)
	}
	gone := must(w.facilities.RemoveFacility(ctx, &daylightv1.RemoveFacilityRequest{Id: id, Seen: changed.Facility.Seen}))(t)
	if !gone.Removed {
		t.Error("not removed")
	}
	if page := must(w.facilities.ListFacilities(ctx, &daylightv1.ListFacilitiesRequest{}))(t); len(page.Facilities) != 0 {
		t.Error("a removed one is listed")
	}
	if page := must(w.facilities.ListFacilities(ctx, &daylightv1.ListFacilitiesRequest{IncludeRemoved: true}))(t); len(page.Facilities) != 1 {
		t.Error("a removed one is not listed when asked for")
	}
	if got := must(w.facilities.GetFacility(ctx, &daylightv1.GetFacilityRequest{Id: id}))(t); got.Facility.Removed == nil {
		t.Error("a removed one does not say so")
	}
}

func TestVisitAndFindingServices(t *testing.T) {
	w, ctx := newWorld(t, nil), t.Context()
	place := must(w.facilities.SaveFacility(ctx, &daylightv1.SaveFacilityRequest{Facility: aFacility("North House", "N-1")}))(t).Facility.GetId()
	visit := must(w.visits.SaveVisit(ctx, &daylightv1.SaveVisitRequest{Visit: &daylightv1.Visit{
		FacilityId: &place, State: daylightv1.VisitState_VISIT_STATE_PLANNED.Enum(), Type: daylightv1.VisitType_VISIT_TYPE_RAPID.Enum(),
	}}))(t).Visit
	finding := must(w.findings.SaveFinding(ctx, &daylightv1.SaveFindingRequest{Finding: &daylightv1.Finding{
		VisitId: proto.String(visit.GetId()), Kind: daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(), Area: proto.String("MAT"),
		Topic: proto.String("MAT.SPACE"), SeverityProposed: daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS.Enum(),
	}}))(t).Finding
	for facility, want := range map[string]int{place: 1, visit.GetId(): 0} {
		visits := must(w.visits.ListVisits(ctx, &daylightv1.ListVisitsRequest{FacilityId: facility, State: 1, Type: 5}))(t)
		findings := must(w.findings.ListFindings(ctx, &daylightv1.ListFindingsRequest{FacilityId: facility, Kind: 1, Severity: 3}))(t)
		if len(visits.Visits) != want || len(findings.Findings) != want {
			t.Errorf("of %s: %d visits, %d findings", facility, len(visits.Visits), len(findings.Findings))
		}
	}
	if got := must(w.findings.ListFindings(ctx, &daylightv1.ListFindingsRequest{VisitId: visit.GetId(), Area: "MAT", Topic: "MAT.SPACE"}))(t); len(got.Findings) != 1 {
		t.Errorf("%d findings of the visit", len(got.Findings))
	}
	if got := must(w.visits.GetVisit(ctx, &daylightv1.GetVisitRequest{Id: visit.GetId()}))(t); !proto.Equal(got.Visit, visit) {
		t.Errorf("got %v", got.Visit)
	}
	if got := must(w.findings.GetFinding(ctx, &daylightv1.GetFindingRequest{Id: finding.GetId()}))(t); !proto.Equal(got.Finding, finding) {
		t.Errorf("got %v", got.Finding)
	}
	if past := must(w.visits.GetVisitHistory(ctx, &daylightv1.GetVisitHistoryRequest{Id: visit.GetId()}))(t); len(past.Changes) == 0 {
		t.Error("a visit without a past")
	}
	if past := must(w.findings.GetFindingHistory(ctx, &daylightv1.GetFindingHistoryRequest{Id: finding.GetId()}))(t); len(past.Changes) == 0 {
		t.Error("a finding without a past")
	}
	if r := must(w.findings.RemoveFinding(ctx, &daylightv1.RemoveFindingRequest{Id: finding.GetId(), Seen: finding.Seen}))(t); !r.Removed {
		t.Error("the finding is not removed")
	}
	if r := must(w.visits.RemoveVisit(ctx, &daylightv1.RemoveVisitRequest{Id: visit.GetId(), Seen: visit.Seen}))(t); !r.Removed {
		t.Error("the visit is not removed")
	}
}

// Two windows on one visit's state: the later one is told, and nothing is lost.
func TestAGuardedFieldThatMovedOnIsAConflict(t *testing.T) {
	w, ctx := newWorld(t, nil), t.Context()
	place := must(w.facilities.SaveFacility(ctx, &daylightv1.SaveFacilityRequest{Facility: aFacility("North House", "N-1")}))(t).Facility.GetId()
	first := must(w.visits.SaveVisit(ctx, &daylightv1.SaveVisitRequest{Visit: &daylightv1.Visit{
		FacilityId: &place, State: daylightv1.VisitState_VISIT_STATE_PLANNED.Enum()}}))(t).Visit
	second := proto.CloneOf(first)
	first.State = daylightv1.VisitState_VISIT_STATE_AUTHORISED.Enum()
	must(w.visits.SaveVisit(ctx, &daylightv1.SaveVisitRequest{Visit: first}))(t)
	second.State = daylightv1.VisitState_VISIT_STATE_CANCELLED.Enum()
	before := w.digest()
	_, err := w.visits.SaveVisit(ctx, &daylightv1.SaveVisitRequest{Visit: second})
	wantError(t, err, connect.CodeAborted)
	if w.digest() != before {
		t.Error("something was saved")
	}
}

func TestPagesHoldEveryRecordOnce(t *testing.T) {
	w, ctx := newWorld(t, nil), t.Context()
	for i := range 7 {
		must(w.facilities.SaveFacility(ctx, &daylightv1.SaveFacilityRequest{Facility: aFacility(fmt.Sprint("House ", i), fmt.Sprint(i))}))(t)
	}
	seen, r := map[string]bool{}, &daylightv1.ListFacilitiesRequest{PageSize: 3}
	for pages := 0; ; pages++ {
		page := must(w.facilities.ListFacilities(ctx, r))(t)
		for _, f := range page.Facilities {
			seen[f.Facility.GetCode()] = true
		}
		if r.PageToken = page.NextPageToken; r.PageToken == "" {
			break
		}
		if pages > 7 {
			t.Fatal("there is always another page")
		}
	}
	if len(seen) != 7 {
		t.Errorf("%d of 7", len(seen))
	}
}

// Large records come in pages that every client takes.
func TestAPageIsNeverTooLargeToSend(t *testing.T) {
	w, ctx := newWorld(t, nil), t.Context()
	for i := range 40 {
		f := aFacility(fmt.Sprint("House ", i), fmt.Sprint(i))
		f.Note = proto.String(strings.Repeat("long ", 25_000))
		must(w.facilities.SaveFacility(ctx, &daylightv1.SaveFacilityRequest{Facility: f}))(t)
	}
	n, r := 0, &daylightv1.ListFacilitiesRequest{PageSize: 500}
	for {
		page := must(w.facilities.ListFacilities(ctx, r))(t)
		if size := proto.Size(page); size > MaxMessage {
			t.Errorf("a page of %d bytes", size)
		}
		n += len(page.Facilities)
		if r.PageToken = page.NextPageToken; r.PageToken == "" {
			break
		}
	}
	if n != 40 {
		t.Errorf("%d of 40", n)
	}
}

func TestSearchFollows(t *testing.T) {
	w, ctx := newWorld(t, nil), t.Context()
	must(w.facilities.SaveFacility(ctx, &daylightv1.SaveFacilityRequest{Facility: aFacility("North House", "N-1")}))(t)
	for more := true; more; {
		more = must(w.store.Index(ctx))(t)
	}
	page := must(w.facilities.ListFacilities(ctx, &daylightv1.ListFacilitiesRequest{Text: "nor hou"}))(t)
	none := must(w.facilities.ListFacilities(ctx, &daylightv1.ListFacilitiesRequest{Text: "south"}))(t)
	if len(page.Facilities) > 1 || len(none.Facilities) != 0 || page.SearchedUpTo == 0 {
		t.Errorf("found %v and %v", page, none)
	}
	if page := must(w.facilities.ListFacilities(ctx, &daylightv1.ListFacilitiesRequest{Text: "north hou"}))(t); len(page.Facilities) != 1 {
		t.Errorf("found %d", len(page.Facilities))
	}
}
