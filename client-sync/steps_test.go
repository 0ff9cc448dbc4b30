package clientsync

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func TestStepsThatAVisitMayTake(t *testing.T) {
	c := newDevice(t)
	v := &daylightv1.Visit{State: daylightv1.VisitState_VISIT_STATE_IN_PROGRESS.Enum()}
	if err := c.Save(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	steps, err := c.VisitSteps(t.Context(), v.GetId())
	if err != nil {
		t.Fatal(err)
	}
	var to []daylightv1.VisitState
	for _, s := range steps {
		to = append(to, s.To)
		if !s.Next || !s.Mine || !s.Team {
			t.Errorf("%+v", s)
		}
	}
	if want := []daylightv1.VisitState{7, 5, 6}; !slices.Equal(to, want) {
		t.Errorf("it may be taken to %v, want %v", to, want)
	}
	if _, err := c.VisitSteps(t.Context(), c.NewID(KindVisit)); CodeOf(err) != NotFound {
		t.Errorf("a visit that is not here: %v", err)
	}
}

func TestPlacesAreFoundAsTheyStand(t *testing.T) {
	c := newDevice(t)
	named := func(name string) *daylightv1.Facility {
		f := &daylightv1.Facility{Names: map[string]string{"ru": name}}
		if err := c.Save(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		return f
	}
	found := func(typed string, most int) (ids []string) {
		t.Helper()
		all, err := c.FindPlaces(t.Context(), typed, most)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range all {
			ids = append(ids, item.ID)
		}
		return ids
	}
	a, b := named("Колония Берёзка"), named("Колония Берёзка северная")
	if got := found("berezka", 9); len(got) != 2 {
		t.Errorf("%v were found", got)
	}
	if got := found("Берёзка", 1); len(got) != 1 {
		t.Errorf("%v were found", got)
	}
	b.Names["ru"] = "Изолятор Дуб"
	if err := c.Save(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if got := found("berezka", 9); !slices.Equal(got, []string{a.GetId()}) {
		t.Errorf("after a change %v were found", got)
	}
	if _, err := c.Merge(t.Context(), KindFacility, b.GetId(), a.GetId(), nil); err != nil {
		t.Fatal(err)
	}
	if got := found("дуб", 9); len(got) != 0 {
		t.Errorf("a merged place was found: %v", got)
	}
	if err := c.Remove(t.Context(), proto.CloneOf(a)); err != nil {
		t.Fatal(err)
	}
	if got := found("berezka", 9); len(got) != 0 {
		t.Errorf("a removed place was found: %v", got)
	}
	if got := found("", 9); len(got) != 0 {
		t.Errorf("nothing typed finds %v", got)
	}
}
