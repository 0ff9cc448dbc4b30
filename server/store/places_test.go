package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// called gives the name under which the test knows a record.
func (f *followed) called(id record.ID) string {
	for name, of := range f.ids {
		if of == id {
			return name
		}
	}
	return "-"
}

func TestPlacesNow(t *testing.T) {
	f, ctx := newFollowed(t), t.Context()
	all := []record.ID{f.ids["prison"], f.ids["home"], f.ids["shut"]}
	say := func(d *Desk, on string) (out string) {
		t.Helper()
		now := must(d.PlacesNow(ctx, on, all...))(t)
		for _, id := range all {
			if n, there := now[id]; there {
				out += fmt.Sprintf("%s: %s %s %d, %d open, %d overdue; ", f.called(id), f.called(n.Visit), n.Day, n.Visits, n.Open, n.Overdue)
			}
		}
		return out
	}
	const both = "prison: old 2025-03-01 1, 1 open, 1 overdue; home: gate 2026-01-10 1, 1 open, 1 overdue; "
	want(t, "everything", say(f.all(), "2025-10-04"), both)
	want(t, "after the answers", say(f.all(), "2025-10-05"), strings.ReplaceAll(both, "1 overdue", "0 overdue"))
	want(t, "a region", say(f.of(RegionHolder("TM-B")), "2025-10-04"), "home: gate 2026-01-10 1, 0 open, 0 overdue; ")
	want(t, "nobody", say(f.of(), "2025-10-04"), "")

	// A place that was joined to another brings its visits along.
	joined := must(f.Get(ctx, record.Facility, f.ids["prison"]))(t).Message.(*daylightv1.Facility)
	home := f.ids["home"].String()
	joined.MergedInto = &home
	f.save("Office", joined)
	want(t, "joined", say(f.all(), "2025-10-04"), "prison: old 2025-03-01 1, 1 open, 1 overdue; home: gate 2026-01-10 2, 1 open, 1 overdue; ")
	if _, err := f.all().PlacesNow(ctx, "2025-10-04", make([]record.ID, MaxPage+1)...); !errors.Is(err, ErrTooMany) {
		t.Errorf("too many places: %v", err)
	}
}

func TestPlaceFindings(t *testing.T) {
	f, ctx := newFollowed(t), t.Context()
	say := func(d *Desk, place string) (out string) {
		t.Helper()
		for _, x := range must(d.PlaceFindings(ctx, f.ids[place]))(t) {
			out += fmt.Sprintf("%s %d %s %d: %d; ", f.called(x.Visit), x.Kind, x.Area, x.Severity, x.Findings)
		}
		return out
	}
	want(t, "a place", say(f.all(), "prison"), "old 1 MAT 3: 1; old 2 MAT 0: 1; ")
	want(t, "another", say(f.all(), "home"), "gate 1 COOP 3: 1; ")
	want(t, "not in sight", say(f.of(RegionHolder("TM-B")), "prison"), "")
	joined := must(f.Get(ctx, record.Visit, f.ids["old"]))(t).Message.(*daylightv1.Visit)
	gate := f.ids["gate"].String()
	joined.MergedInto = &gate
	f.save("Office", joined)
	want(t, "a visit that was joined to another", say(f.all(), "home"), "gate 1 COOP 3: 1; gate 1 MAT 3: 1; gate 2 MAT 0: 1; ")
	want(t, "where it had gone", say(f.all(), "prison"), "")
}

func TestLongestUnvisited(t *testing.T) {
	f, ctx := newFollowed(t), t.Context()
	f.add("unseen", record.Facility, `{"code":"D","region":"TM-A","mainType":"PRISON"}`)
	f.add("new", record.Facility, `{"code":"E","region":"TM-B","mainType":"HOME"}`)
	pages := func(d *Desk, filter FacilityFilter, size int) (out []string) {
		t.Helper()
		for token := ""; ; {
			page, next, err := d.LongestUnvisited(ctx, filter, size, token)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range page {
				out = append(out, f.called(v.Facility)+" "+v.Day)
			}
			if token = next; token == "" {
				return out
			}
		}
	}
	order := []string{"unseen ", "new ", "prison 2025-03-01", "home 2026-01-10"} // what is closed is not waited for
	for size := 1; size <= 5; size++ {
		if got := pages(f.all(), FacilityFilter{}, size); !slices.Equal(got, order) {
			t.Errorf("pages of %d: %v", size, got)
		}
	}
	want(t, "a region", strings.Join(pages(f.all(), FacilityFilter{Region: "TM-B"}, 1), ", "), "new , home 2026-01-10")
	want(t, "in sight", strings.Join(pages(f.of(RegionHolder("TM-A")), FacilityFilter{}, 9), ", "), "unseen , prison 2025-03-01")
	_, token, err := f.all().LongestUnvisited(ctx, FacilityFilter{}, 2, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"x", token + "x", strings.Replace(token, ".", ".2025-03-01", 1)} {
		if _, _, err := f.all().LongestUnvisited(ctx, FacilityFilter{}, 2, bad); !errors.Is(err, ErrBadToken) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, _, err := f.all().LongestUnvisited(ctx, FacilityFilter{Region: "TM-A"}, 2, token); !errors.Is(err, ErrBadToken) {
		t.Errorf("a token of another filter: %v", err)
	}
}

func TestPlacesSeen(t *testing.T) {
	f, ctx := newFollowed(t), t.Context()
	f.add("unseen", record.Facility, `{"code":"D","region":"TM-A","mainType":"PRISON"}`)
	say := func(d *Desk, lately, once string) (out string) {
		t.Helper()
		for _, x := range must(d.PlacesSeen(ctx, lately, once))(t) {
			out += fmt.Sprintf("%s %s %d: %d/%d/%d; ", x.Region, x.Type, x.Places, x.Lately, x.Once, x.Never)
		}
		return out
	}
	want(t, "everything", say(f.all(), "2026-01-10", "2025-03-01"), "TM-A PRISON 2: 0/1/1; TM-B HOME 1: 1/1/0; ")
	want(t, "days later", say(f.all(), "2026-01-11", "2025-03-02"), "TM-A PRISON 2: 0/0/1; TM-B HOME 1: 0/1/0; ")
	want(t, "a region", say(f.of(RegionHolder("TM-B")), "2026-01-10", "2025-03-01"), "TM-B HOME 1: 1/1/0; ")
}

func TestOverdueAt(t *testing.T) {
	f, ctx := newFollowed(t), t.Context()
	say := func(d *Desk, place, on string) (out string) {
		t.Helper()
		for _, id := range must(d.OverdueAt(ctx, f.ids[place], on))(t) {
			out += f.called(id) + " "
		}
		return out
	}
	want(t, "before the answer", say(f.all(), "prison", "2025-10-04"), "asked ")
	want(t, "named as a place", say(f.all(), "home", "2025-10-04"), "asked ")
	want(t, "after it", say(f.all(), "prison", "2025-10-05"), "")
	want(t, "not in sight", say(f.of(RegionHolder("TM-B")), "home", "2025-10-04"), "")
}

func TestPlacesAreNarrowedByTheirVisits(t *testing.T) {
	f, ctx := newFollowed(t), t.Context()
	say := func(filter FacilityFilter) (out string) {
		t.Helper()
		for _, i := range must(f.List(ctx, record.Facility, Query{Filter: filter}))(t).Items {
			out += f.called(must(record.ParseID(i.Message.GetId()))(t)) + " "
		}
		return out
	}
	want(t, "never", say(FacilityFilter{Never: true}), "shut ")
	want(t, "not since", say(FacilityFilter{NotSince: "2026-01-10"}), "prison shut ")
	want(t, "not since the day after", say(FacilityFilter{NotSince: "2026-01-11"}), "prison home shut ")
	want(t, "not since the first", say(FacilityFilter{NotSince: "2025-03-01", Region: "TM-A"}), "")
	want(t, "regions", fmt.Sprint(must(f.all().PlaceRegions(ctx))(t)), "[TM-A TM-B]")
	want(t, "regions in sight", fmt.Sprint(must(f.of(RegionHolder("TM-B")).PlaceRegions(ctx))(t)), "[TM-B]")
}
