package store

import (
	"errors"
	"fmt"
	"testing"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// all is the desk of somebody who sees everything, region that of one region, and team of
// the visits of a person.
func (f *followed) all() *Desk { return f.For(Caller{}) }

func (f *followed) of(h ...Holder) *Desk {
	s := &Sight{Mark: 1, Kinds: map[record.Kind]Reach{}}
	for _, k := range record.Kinds() {
		s.Kinds[k] = Reach{Holders: h}
	}
	return f.For(Caller{Sight: s})
}

var always = Span{"2020-01-01", "2026-12-31"}

// told is what figures say, a line each.
func told[F any](t *testing.T, say func(F) string) func([]F, error) string {
	return func(all []F, err error) (out string) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
		for _, f := range all {
			out += say(f) + "; "
		}
		return out
	}
}

func want(t *testing.T, shows, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\ngot  %s\nwant %s", shows, got, want)
	}
}

func TestVisitFigures(t *testing.T) {
	f, ctx := newFollowed(t), t.Context()
	by := func(v VisitFigure) string {
		return fmt.Sprintf("%d %s %s %s %d %d: %d/%d/%d/%d", v.Year, v.PlaceType, v.Region, v.Body, v.VisitType, v.Announcement, v.Visits, v.Obstructed, v.Joint, v.Places)
	}
	tell := told(t, by)
	const axes = ByYear | ByPlaceType | ByRegion | ByBody | ByVisitType | ByAnnouncement
	want(t, "all axes", tell(f.all().VisitFigures(ctx, always, axes)),
		"2025 PRISON TM-A INTERIOR 1 1: 1/0/1/1; 2026 HOME TM-B HEALTH 4 0: 1/1/0/1; ") // what was planned only does not count
	want(t, "no axis", tell(f.all().VisitFigures(ctx, always, 0)), "0    0 0: 2/1/1/2; ")
	want(t, "a year", tell(f.all().VisitFigures(ctx, Span{"2025-01-01", "2025-12-31"}, ByYear)), "2025    0 0: 1/0/1/1; ")
	want(t, "the day before", tell(f.all().VisitFigures(ctx, Span{"2025-01-01", "2025-02-28"}, ByYear)), "")
	want(t, "a region", tell(f.of(RegionHolder("TM-B")).VisitFigures(ctx, always, ByRegion)), "0  TM-B  0 0: 1/1/0/1; ")
	want(t, "a person", tell(f.of(PersonHolder(f.ids["bo"])).VisitFigures(ctx, always, 0)), "0    0 0: 1/1/0/1; ")
	want(t, "nobody", tell(f.of().VisitFigures(ctx, always, 0)), "0    0 0: 0/0/0/0; ")
	want(t, "nobody, by year", tell(f.of().VisitFigures(ctx, always, ByYear)), "")
}

func TestFindingFigures(t *testing.T) {
	f, ctx := newFollowed(t), t.Context()
	tell := told(t, func(x FindingFigure) string {
		return fmt.Sprintf("%d %s %s %s %d %d: %d/%d", x.Year, x.PlaceType, x.Area, x.Topic, x.Kind, x.Severity, x.Findings, x.Repeated)
	})
	want(t, "all", tell(f.all().FindingFigures(ctx, always, ByYear|ByPlaceType|ByArea|ByTopic|ByKind|BySeverity)),
		"2026 HOME COOP COOP.ACCESS 1 3: 1/1; 2025 PRISON MAT MAT.SPACE 1 3: 1/0; 2025 PRISON MAT MAT.FOOD 2 0: 1/0; ")
	want(t, "by area", tell(f.all().FindingFigures(ctx, always, ByArea)), "0  COOP  0 0: 1/1; 0  MAT  0 0: 2/0; ")
	want(t, "a region, by place type", tell(f.of(RegionHolder("TM-A")).FindingFigures(ctx, always, ByPlaceType)), "0 PRISON   0 0: 2/0; ")
	m := must(f.Get(ctx, record.Finding, f.ids["food"]))(t).Message
	must(f.Remove(ctx, "Office", record.Finding, f.ids["food"], m.GetSeen()))(t)
	want(t, "after a removal", tell(f.all().FindingFigures(ctx, always, ByArea)), "0  COOP  0 0: 1/1; 0  MAT  0 0: 1/0; ")
	joined := must(f.Get(ctx, record.Visit, f.ids["old"]))(t).Message.(*daylightv1.Visit)
	gate := f.ids["gate"].String()
	joined.MergedInto = &gate
	f.save("Office", joined)
	want(t, "of a visit that was joined to another", tell(f.all().FindingFigures(ctx, always, ByArea)), "0  COOP  0 0: 1/1; 0  MAT  0 0: 1/0; ")
	m = must(f.Get(ctx, record.Visit, f.ids["gate"]))(t).Message
	must(f.Remove(ctx, "Office", record.Visit, f.ids["gate"], m.GetSeen()))(t)
	want(t, "of a removed visit", tell(f.all().FindingFigures(ctx, always, ByArea)), "0  MAT  0 0: 1/0; ")
}

func TestRecommendationFigures(t *testing.T) {
	f, ctx := newFollowed(t), t.Context()
	tell := told(t, func(x RecommendationFigure) string {
		return fmt.Sprintf("%d %s %s %d %d %d: %d %d/%d/%d/%d", x.Year, x.Authority, x.PlaceType, x.State, x.Status, x.Response, x.Recommendations, x.Lines, x.Repeated, x.Answered, x.Overdue)
	})
	const axes = ByYear | ByAuthority | ByStatus | ByState | ByResponse
	want(t, "before any answer", tell(f.all().RecommendationFigures(ctx, always, "2025-09-30", axes)),
		"2025 HEALTH  4 2 0: 1 1/0/0/0; 2025 INTERIOR  4 2 9: 1 1/0/0/1; 2026 INTERIOR  9 0 0: 1 1/1/0/0; ")
	want(t, "after it", tell(f.all().RecommendationFigures(ctx, always, "2025-10-05", axes)),
		"2025 HEALTH  4 2 3: 1 1/0/1/0; 2025 INTERIOR  4 2 3: 1 1/0/1/0; 2026 INTERIOR  9 0 0: 1 1/1/0/0; ")
	want(t, "by place type", tell(f.all().RecommendationFigures(ctx, always, "2025-10-01", ByPlaceType)),
		"0  HOME 0 0 0: 1 1/1/0/0; 0  PRISON 0 0 0: 1 2/0/0/2; ") // both are late by then
	want(t, "a region", tell(f.of(RegionHolder("TM-B")).RecommendationFigures(ctx, always, "2025-10-05", ByAuthority)), "0 INTERIOR  0 0 0: 1 1/1/0/0; ")
	want(t, "a cohort", tell(f.all().RecommendationFigures(ctx, Span{"2025-01-01", "2025-12-31"}, "2025-10-05", 0)), "0   0 0 0: 1 2/0/2/0; ")
}

func TestPlaceFigures(t *testing.T) {
	f, ctx := newFollowed(t), t.Context()
	tell := told(t, func(x PlaceFigure) string {
		return fmt.Sprintf("%s %s: %d/%d/%d", x.PlaceType, x.Region, x.Places, x.Visited, x.Never)
	})
	want(t, "2025", tell(f.all().PlaceFigures(ctx, Span{"2025-01-01", "2025-12-31"}, ByPlaceType)), "HOME : 1/0/1; PRISON : 1/1/0; ")
	want(t, "2026", tell(f.all().PlaceFigures(ctx, Span{"2026-01-01", "2026-12-31"}, ByPlaceType)), "HOME : 1/1/0; PRISON : 1/0/0; ")
	want(t, "a region", tell(f.of(RegionHolder("TM-A")).PlaceFigures(ctx, always, ByRegion)), " TM-A: 1/1/0; ")
}

func TestLastVisitsAndOccupancy(t *testing.T) {
	f, ctx := newFollowed(t), t.Context()
	byID := map[record.ID]string{{}: "none"}
	for n, id := range f.ids {
		byID[id] = n
	}
	last := told(t, func(v LastVisit) string {
		return fmt.Sprintf("%s %s %s %d", byID[v.Facility], byID[v.Visit], v.Day, v.Visits)
	})
	want(t, "last visits", last(f.all().LastVisits(ctx, FacilityFilter{})), "prison old 2025-03-01 1; home gate 2026-01-10 1; shut none  0; ")
	want(t, "of a region", last(f.all().LastVisits(ctx, FacilityFilter{Region: "TM-A"})), "prison old 2025-03-01 1; ")
	want(t, "in a region's sight", last(f.of(RegionHolder("TM-B")).LastVisits(ctx, FacilityFilter{})), "home gate 2026-01-10 1; shut none  0; ")
	occupied := told(t, func(o Occupancy) string {
		return fmt.Sprintf("%s %d %s %d of %d %s %v", byID[o.Facility], o.Persons, o.AsOf, o.Source, o.Capacity, o.CapacityAsOf, o.Known)
	})
	const official, beds, operational = daylightv1.CapacityKind_CAPACITY_KIND_OFFICIAL, daylightv1.CapacityKind_CAPACITY_KIND_BEDS, daylightv1.CapacityKind_CAPACITY_KIND_OPERATIONAL
	want(t, "occupancy", occupied(f.all().OccupancyFigures(ctx, official, FacilityFilter{})), "prison 170 2025-03-01 3 of 100 2020-01-01 true; ")
	want(t, "by what a visit was told", occupied(f.all().OccupancyFigures(ctx, operational, FacilityFilter{Type: "REMAND"})), "prison 170 2025-03-01 3 of 80 2025-03-01 true; ")
	want(t, "by a kind that is not known", occupied(f.all().OccupancyFigures(ctx, beds, FacilityFilter{})), "prison 170 2025-03-01 3 of 0  false; ")
	want(t, "elsewhere", occupied(f.all().OccupancyFigures(ctx, official, FacilityFilter{Region: "TM-B"})), "")
	places := f.of()
	places.caller.Sight.Kinds[record.Facility] = Reach{All: true}
	want(t, "for whoever sees places alone", occupied(places.OccupancyFigures(ctx, official, FacilityFilter{})), "prison 90 2021-05-01 2 of 100 2020-01-01 true; ")
	want(t, "and their visits", last(places.LastVisits(ctx, FacilityFilter{Code: "A"})), "prison none  0; ")
}

func TestFiguresAreBounded(t *testing.T) {
	f := newFollowed(t)
	for _, s := range []Span{{}, {From: "2025-01-01"}, {"2025", "2026"}, {"2026-01-01", "2025-01-01"}, {"1990-01-01", "2026-01-01"}, {"2025-02-30", "2025-03-01"}} {
		if _, err := f.all().VisitFigures(t.Context(), s, 0); !errors.Is(err, ErrBadSpan) {
			t.Errorf("%v: %v", s, err)
		}
	}
	if _, err := f.all().RecommendationFigures(t.Context(), always, "soon", 0); !errors.Is(err, ErrBadSpan) {
		t.Errorf("%v, want that it is no day", err)
	}
	if _, err := f.all().VisitFigures(t.Context(), always, ByTopic); !errors.Is(err, ErrBadAxis) {
		t.Errorf("%v, want that visits have no topic", err)
	}
}
