package clientsync

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func remarkCodes(all []Remark) (out []string) {
	for _, r := range all {
		out = append(out, r.Code)
	}
	return out
}

func TestCheckOfAnUnsavedRecord(t *testing.T) {
	d := newDevice(t)
	flags := d.Check(&daylightv1.Measurement{VisitId: proto.String("x"), Value: proto.Float64(-1), Type: daylightv1.MeasurementType(3).Enum()})
	if len(flags) != 2 || flags[0].Code != "measurement-without-method" || flags[1].Params["value"] != "-1" {
		t.Errorf("%+v", flags)
	}
}

func TestStepOutOfOrderIsRemarkedBeforeItIsSaved(t *testing.T) {
	d := newDevice(t)
	v := &daylightv1.Visit{FacilityId: proto.String("0190a6e2-7c1b-7000-8000-000000000001"), State: daylightv1.VisitState_VISIT_STATE_PLANNED.Enum(),
		Team: []*daylightv1.TeamMember{{Roles: []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_HEAD}}}}
	if flags := d.Check(v); len(flags) != 0 {
		t.Errorf("of a new visit: %+v", flags)
	}
	d.save(v)
	v = d.get(v).Message.(*daylightv1.Visit)
	v.State = daylightv1.VisitState_VISIT_STATE_CONSOLIDATED.Enum()
	flags := slices.DeleteFunc(d.Check(v), func(f Flag) bool { return f.Code == "visit-without-session" })
	if len(flags) != 1 || flags[0].Code != "step-skips" || flags[0].Params["from"] != "VISIT_STATE_PLANNED" {
		t.Errorf("%+v", flags)
	}
}

// Two that were merged crosswise both stand, and are checked.
func TestCheckVisitOfACircle(t *testing.T) {
	d := newDevice(t)
	a, b := &daylightv1.Visit{Title: proto.String("a")}, &daylightv1.Visit{Title: proto.String("b")}
	d.save(a, b)
	a.MergedInto, b.MergedInto = &b.Id, &a.Id
	d.save(a, b)
	d.save(&daylightv1.Finding{VisitId: &a.Id}, &daylightv1.Finding{VisitId: &b.Id})
	for _, v := range []*daylightv1.Visit{a, b} {
		r, err := d.CheckVisit(t.Context(), v.Id)
		if err != nil || r.Title != v.GetTitle() || !slices.Contains(remarkCodes(r.Missing), "finding-without-text") {
			t.Errorf("%s: %q %v %v", v.GetTitle(), r.Title, remarkCodes(r.Missing), err)
		}
	}
}

func TestCheckVisitLooksAtAllThatHangsOnIt(t *testing.T) {
	d := newDevice(t)
	place := &daylightv1.Facility{MainType: proto.String("HLT_TB")}
	d.save(place)
	v, other := &daylightv1.Visit{FacilityId: &place.Id, Title: proto.String("Here")}, &daylightv1.Visit{}
	d.save(v, other)
	space := func(visit string) *daylightv1.Measurement {
		return &daylightv1.Measurement{VisitId: &visit, Type: daylightv1.MeasurementType(6).Enum(), Value: proto.Float64(20)} // minutes outside
	}
	here, there := space(v.Id), space(other.Id)
	gone := &daylightv1.Note{VisitId: &v.Id}
	d.save(here, there, gone)
	if err := d.Remove(t.Context(), d.get(gone).Message); err != nil {
		t.Fatal(err)
	}
	r, err := d.CheckVisit(t.Context(), v.Id)
	if err != nil {
		t.Fatal(err)
	}
	missing := remarkCodes(r.Missing)
	if r.Title != "Here" || !slices.Contains(missing, "measurement-without-method") || slices.Contains(missing, "note-without-text") {
		t.Errorf("%q misses %v", r.Title, missing)
	}
	if len(r.Suggestions) != 1 || r.Suggestions[0].Measurement != here.Id {
		t.Errorf("suggestions: %+v", r.Suggestions)
	}
	d.save(&daylightv1.Finding{VisitId: &v.Id, MeasurementIds: []string{here.Id}})
	if r, _ = d.CheckVisit(t.Context(), v.Id); len(r.Suggestions) != 0 {
		t.Errorf("a finding rests on it already: %+v", r.Suggestions)
	}
	_, err = d.CheckVisit(t.Context(), place.Id)
	wantCode(t, err, NotFound, "no visit")
	_, err = d.CheckVisit(t.Context(), "x")
	wantCode(t, err, Invalid, "id")
	// What was joined to another is checked as that one, and a place that is not here is
	// no error.
	joined := &daylightv1.Visit{MergedInto: &v.Id}
	lone := &daylightv1.Visit{FacilityId: proto.String("0190a6e2-7c1b-7000-8000-000000000001")}
	d.save(joined, lone)
	for checked, want := range map[string]string{joined.Id: v.Id, lone.Id: lone.Id} {
		if r, err = d.CheckVisit(t.Context(), checked); err != nil || r.Visit != want {
			t.Errorf("%+v %v", r, err)
		}
	}
}
