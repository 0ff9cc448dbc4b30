package record

import (
	"testing"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func TestATermEndsByMonthsAndThenDays(t *testing.T) {
	for _, c := range []struct {
		sent         string
		months, days uint32
		want         string
	}{
		{"2026-10-09", 1, 0, "2026-11-09"},
		{"2026-10-09", 0, 30, "2026-11-08"},
		{"2026-01-31", 1, 0, "2026-02-28"},
		{"2028-01-31", 1, 0, "2028-02-29"},
		{"2026-12-31", 2, 0, "2027-02-28"},
		{"2026-01-31", 1, 1, "2026-03-01"},
		{"2026-11-30", 3, 0, "2027-02-28"},
		{"2026-11-25", 0, 1, "2026-11-26"},
		{"2026-05-15", 24, 0, "2028-05-15"},
		{"2026-05-15", 0, 0, ""},
		{"2026-05", 1, 0, ""},
		{"", 1, 0, ""},
	} {
		got, _ := Due(&daylightv1.Clock{AnswerMonths: c.months, AnswerDays: c.days}, c.sent)
		if got != c.want {
			t.Errorf("%d months and %d days after %s end %s, not %s", c.months, c.days, c.sent, got, c.want)
		}
	}
}

func TestTheShippedClocksKeepToTheirHorizon(t *testing.T) {
	want := map[daylightv1.RecommendationHorizon][2]string{
		daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_URGENT: {"2026-11-28", "2026-11-28"},
		daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_SHORT:  {"2026-12-25", "2027-02-25"},
		daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_MEDIUM: {"2026-12-25", "2027-11-25"},
		daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_LONG:   {"2026-12-25", "2028-11-25"},
	}
	for _, h := range Horizons() {
		if answer, done := Due(ShippedClock(h), "2026-11-25"); [2]string{answer, done} != want[h] {
			t.Errorf("%s: %s and %s", h, answer, done)
		}
	}
	if ShippedClock(0) != nil || ClockFor(nil, 0, "HEALTH") != nil {
		t.Error("a recommendation without a horizon has a clock")
	}
}

func TestAnAuthoritysOwnClockGoesFirst(t *testing.T) {
	const urgent, short = daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_URGENT, daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_SHORT
	all := []*daylightv1.Clock{{Horizon: urgent, AnswerDays: 2}, {Horizon: urgent, Authority: "INTERIOR", AnswerDays: 1}, {AnswerDays: 9}}
	for _, c := range []struct {
		h         daylightv1.RecommendationHorizon
		authority string
		want      string
	}{
		{urgent, "INTERIOR", "2026-11-26"}, {urgent, "HEALTH", "2026-11-27"}, {urgent, "", "2026-11-27"}, {short, "INTERIOR", "2026-12-25"}, {0, "HEALTH", ""},
	} {
		if got, _ := Due(ClockFor(all, c.h, c.authority), "2026-11-25"); got != c.want {
			t.Errorf("%s to %q: %s, not %s", c.h, c.authority, got, c.want)
		}
	}
}

func TestDaysThatAreSetStay(t *testing.T) {
	said := "2026-12-01"
	sent := "2026-11-25"
	r := &daylightv1.Recommendation{Horizon: daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_SHORT.Enum(),
		Addressees: []*daylightv1.AddresseeLine{{SentOn: &sent, DueOn: &said}, {SentOn: &sent}, {}}}
	if !SetDue(r, nil) {
		t.Fatal("nothing was set")
	}
	if l := r.Addressees[0]; l.GetDueOn() != said || l.GetImplementBy() != "2027-02-25" {
		t.Errorf("the line with a day: %v", l)
	}
	if l := r.Addressees[1]; l.GetDueOn() != "2026-12-25" {
		t.Errorf("the line without: %v", l)
	}
	if l := r.Addressees[2]; l.DueOn != nil || l.ImplementBy != nil {
		t.Errorf("the line that was not sent: %v", l)
	}
	if SetDue(r, nil) {
		t.Error("it is set twice")
	}
}
