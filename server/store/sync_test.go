package store

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func TestWhatOneDevicePushesAnotherPulls(t *testing.T) {
	w := newWorld(t)
	a, b := newDevice(1), newDevice(2)
	facility := a.save(t, aFacility("Central prison", "CP-1"))
	visit := a.save(t, aVisit(facility))
	finding := a.save(t, aFinding(visit, "Six persons share 12 m2."))
	a.push(w)
	if got := b.pull(w); len(got) != 3 {
		t.Fatalf("%d states, want 3", len(got))
	}
	if got := a.pull(w); len(got) != 3 { // the first page of an empty cursor
		t.Logf("%d states to the author", len(got))
	}
	item := must(w.Get(t.Context(), record.Finding, finding))(t)
	got := item.Message.(*daylightv1.Finding)
	if got.GetNarrative() != "Six persons share 12 m2." || len(item.Status.Conflicts) != 0 || len(item.Status.WaitingFor) != 0 {
		t.Error(item)
	}
	want := b.show(t, record.Finding, finding)
	if !proto.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
	page := must(w.List(t.Context(), record.Finding, Query{Filter: FindingFilter{Visit: visit, Facility: facility, Area: "MAT", Severity: 3}}))(t)
	if len(page.Items) != 1 || page.Next != "" {
		t.Error(page)
	}
}
