package record

import (
	"slices"
	"time"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Horizons are how soon a recommendation can be asked to be carried out, the most urgent
// first.
func Horizons() []daylightv1.RecommendationHorizon {
	return []daylightv1.RecommendationHorizon{
		daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_URGENT, daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_SHORT,
		daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_MEDIUM, daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_LONG,
	}
}

// ShippedClock is the clock of an office that has set none: three days for what is urgent,
// else a month to answer, and to carry it out what the horizon says at most; what is to take
// over a year, two years. It is nil for what is no horizon.
func ShippedClock(h daylightv1.RecommendationHorizon) *daylightv1.Clock {
	c := &daylightv1.Clock{Horizon: h, AnswerMonths: 1}
	switch h {
	case daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_URGENT:
		return &daylightv1.Clock{Horizon: h, AnswerDays: urgentDays, DoneDays: urgentDays}
	case daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_SHORT:
		c.DoneMonths = 3
	case daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_MEDIUM:
		c.DoneMonths = 12
	case daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_LONG:
		c.DoneMonths = 24
	default:
		return nil
	}
	return c
}

// ClockFor is the clock by which an authority is asked: its own, else the one for every
// authority, else the shipped one. Nil where the horizon is not known.
func ClockFor(all []*daylightv1.Clock, h daylightv1.RecommendationHorizon, authority string) *daylightv1.Clock {
	for _, whose := range []string{authority, ""} {
		i := slices.IndexFunc(all, func(c *daylightv1.Clock) bool { return h != 0 && c.GetHorizon() == h && c.GetAuthority() == whose })
		if i >= 0 {
			return all[i]
		}
	}
	return ShippedClock(h)
}

// Due gives the days by which an answer is due, and by which it is to be carried out, of what
// was sent on a day; empty where the clock sets none, and where the day is not known. A month
// goes to the same day of a later one, or to its last where it is shorter.
func Due(c *daylightv1.Clock, sentOn string) (answer, done string) {
	sent, ok := dayOf(sentOn)
	if !ok {
		return "", ""
	}
	return termEnd(sent, c.GetAnswerMonths(), c.GetAnswerDays()), termEnd(sent, c.GetDoneMonths(), c.GetDoneDays())
}

func termEnd(from time.Time, months, days uint32) string {
	if months == 0 && days == 0 {
		return ""
	}
	first := time.Date(from.Year(), from.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(from.Day(), last)-1+int(days)).Format(time.DateOnly)
}

// SetDue writes into every addressee line that has been sent the days which the clocks give,
// where none is set, and reports whether it wrote any.
func SetDue(r *daylightv1.Recommendation, clocks []*daylightv1.Clock) (set bool) {
	for _, l := range r.GetAddressees() {
		answer, done := Due(ClockFor(clocks, r.GetHorizon(), l.GetAuthority()), l.GetSentOn())
		if answer != "" && l.GetDueOn() == "" {
			l.DueOn, set = &answer, true
		}
		if done != "" && l.GetImplementBy() == "" {
			l.ImplementBy, set = &done, true
		}
	}
	return set
}
