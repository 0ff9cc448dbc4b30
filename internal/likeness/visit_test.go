package likeness

import (
	"fmt"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// to is a visit to a place.
func to(n, place int, change ...func(*daylightv1.Visit)) *daylightv1.Visit {
	v := &daylightv1.Visit{Id: number(n), FacilityId: proto.String(number(place))}
	for _, c := range change {
		c(v)
	}
	return v
}

func inside(from, until string) func(*daylightv1.Visit) {
	return func(v *daylightv1.Visit) {
		v.Sessions = append(v.Sessions, &daylightv1.VisitSession{EnteredAt: proto.String(from), LeftAt: proto.String(until)})
	}
}

func planned(from, until string) func(*daylightv1.Visit) {
	return func(v *daylightv1.Visit) { v.PlannedStart, v.PlannedEnd = proto.String(from), proto.String(until) }
}

func team(people ...int) func(*daylightv1.Visit) {
	return func(v *daylightv1.Visit) {
		for _, n := range people {
			v.Team = append(v.Team, &daylightv1.TeamMember{Id: number(n)})
		}
	}
}

func coded(code string) func(*daylightv1.Visit) {
	return func(v *daylightv1.Visit) { v.Code = proto.String(code) }
}

func TestVisitsThatMayBeOne(t *testing.T) {
	joined := func(id record.ID) record.ID { // place 8 is shown under place 1
		if id.String() == number(8) {
			id, _ = record.ParseID(number(1))
		}
		return id
	}
	p1, _ := record.ParseID(number(1))
	p9, _ := record.ParseID(number(9))
	follows := func(v *daylightv1.Visit) { v.FollowsId = proto.String(number(100)) }
	cancelled := func(v *daylightv1.Visit) { v.State = daylightv1.VisitState_VISIT_STATE_CANCELLED.Enum() }
	arrived := func(v *daylightv1.Visit) { v.ArrivedAt = proto.String("2026-03-05T08:00:00+05:00") }
	day := inside("2026-03-05T09:00:00+05:00", "2026-03-05T17:00:00+05:00")
	first := to(100, 1, day, team(50))
	for _, c := range []struct {
		shows string
		other *daylightv1.Visit
		want  string
	}{
		{"a place on a day", to(101, 1, day, team(51)), "80 [same-facility same-day]"},
		{"with somebody in both teams", to(101, 1, day, team(51, 50)), "95 [same-facility same-day same-team]"},
		{"arrived on the day, by its calendar", to(101, 1, arrived), "80 [same-facility same-day]"},
		{"a visit of several days", to(101, 1, inside("2026-03-03T09:00:00+05:00", "2026-03-07T17:00:00+05:00")), "80 [same-facility same-day]"},
		{"planned for the day", to(101, 1, planned("2026-03-04", "2026-03-06")), "70 [same-facility same-day]"},
		{"planned for the month", to(101, 1, planned("2026-03", "2026-03")), ""},
		{"another day", to(101, 1, inside("2026-03-06T09:00:00+05:00", "")), ""},
		{"another place", to(101, 2, day, team(50)), ""},
		{"a place that was joined to it", to(101, 8, day), "80 [same-facility same-day]"},
		{"a place that may be it", to(101, 9, day), "70 [alike-facility same-day]"},
		{"no place yet, and nobody in both teams", &daylightv1.Visit{Id: number(101), ArrivedAt: proto.String("2026-03-05")}, ""},
		{"its follow-up", to(101, 1, day, team(50), follows), ""},
		{"put off, and made after all", to(101, 1, day, cancelled), ""},
		{"a code, though nobody has said when", to(101, 1, coded("V-7")), "100 [same-code same-facility]"},
	} {
		mine := proto.CloneOf(first)
		mine.Code = proto.String("v-7")
		set := NewVisits([]*daylightv1.Visit{mine, c.other}, joined, []Pair{{A: p9, B: p1}})
		got := ""
		for _, p := range set.Pairs() {
			got += fmt.Sprint(p.Score, " ", p.Reasons)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.shows, got, c.want)
		}
		one, other := set.Of(mine), set.Of(c.other)
		if want := c.want != ""; (len(one) == 1) != want || (len(other) == 1) != want {
			t.Errorf("%s: one by one %v, %v", c.shows, one, other)
		}
	}
}

func TestDaysOfAVisit(t *testing.T) {
	for _, c := range []struct{ from, until, want string }{
		{"2026-03-05", "", "[2026-03-05]"}, {"", "2026-03-05", "[2026-03-05]"}, {"", "", "[]"},
		{"2026-02-27T23:00:00+05:00", "2026-03-01T01:00:00+05:00", "[2026-02-27 2026-02-28 2026-03-01]"},
		{"2026-03-05", "2026-03-04", "[2026-03-05]"}, {"2026-03", "2026-03", "[]"}, {"2026-13-40", "nonsense", "[]"},
	} {
		if got := fmt.Sprint(daysBetween(nil, c.from, c.until)); got != c.want {
			t.Errorf("%s to %s: %s, want %s", c.from, c.until, got, c.want)
		}
	}
	if n := len(daysBetween(nil, "0001-01-01", "9999-12-31")); n != maxDays {
		t.Errorf("%d days", n)
	}
}
