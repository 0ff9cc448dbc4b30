package console

import (
	"cmp"
	"slices"
	"time"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// What is said of a visit wherever it is named.

// visitSpan are the first and the last day of a visit, YYYY-MM-DD; came is false where they are
// those of the plan.
func visitSpan(v *daylightv1.Visit) (from, to string, came bool) {
	for _, s := range v.GetSessions() {
		if d := dayOfMoment(s.GetEnteredAt()); d != "" && (from == "" || d < from) {
			from = d
		}
		to = max(to, dayOfMoment(cmp.Or(s.GetLeftAt(), s.GetEnteredAt())))
	}
	from = cmp.Or(from, dayOfMoment(v.GetEnteredAt()), dayOfMoment(v.GetArrivedAt()))
	if from == "" {
		return dayOfMoment(v.GetPlannedStart()), dayOfMoment(v.GetPlannedEnd()), false
	}
	return from, max(to, from), true
}

// dayOfMoment is the day on the calendar of its place; nothing where less is known.
func dayOfMoment(s string) string {
	if len(s) < len(time.DateOnly) {
		return ""
	}
	return s[:len(time.DateOnly)]
}

// visitDays says when a visit was, or will be.
func (t *turn) visitDays(v *daylightv1.Visit) look.Text {
	from, to, _ := visitSpan(v)
	a, err := time.ParseInLocation(time.DateOnly, from, t.locale.Zone)
	if err != nil {
		return t.saying().Date(v.GetPlannedStart())
	}
	b, err := time.ParseInLocation(time.DateOnly, to, t.locale.Zone)
	if err != nil {
		b = a
	}
	return t.locale.Period(a, b)
}

// plannedOnly says that the days are those of the plan.
func (t *turn) plannedOnly(v *daylightv1.Visit) look.Text {
	if from, _, came := visitSpan(v); came || from == "" {
		return nil
	}
	return t.say("office-visits.planned")
}

func (t *turn) visitState(v *daylightv1.Visit) look.Part {
	if v.GetState() == 0 {
		return look.Tag{Text: t.say("field-visit.no-state")}
	}
	return t.tag(visitStates, v.GetState().String())
}

// teamSize says how many visit.
func (t *turn) teamSize(v *daylightv1.Visit) look.Text {
	if len(v.GetTeam()) == 0 {
		return nil
	}
	return t.say("office-visits.team-of", "n", len(v.GetTeam()))
}

// ledBy says who leads.
func (t *turn) ledBy(v *daylightv1.Visit) look.Text {
	i := slices.IndexFunc(v.GetTeam(), func(m *daylightv1.TeamMember) bool {
		return slices.Contains(m.GetRoles(), daylightv1.TeamRole_TEAM_ROLE_HEAD)
	})
	if i < 0 || v.GetTeam()[i].GetPerson() == "" {
		return nil
	}
	return t.say("field-visit.led-by", "who", look.Typed(v.GetTeam()[i].GetPerson()))
}

// severities are those of findings, the gravest first; 0: of findings that have none.
var severities = []daylightv1.FindingSeverity{
	daylightv1.FindingSeverity_FINDING_SEVERITY_CRITICAL, daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS,
	daylightv1.FindingSeverity_FINDING_SEVERITY_MODERATE, daylightv1.FindingSeverity_FINDING_SEVERITY_MINOR, 0,
}

// severityTags count findings by how severe they are.
func (t *turn) severityTags(n map[daylightv1.FindingSeverity]int) (out []look.Part) {
	for _, s := range severities {
		switch {
		case n[s] == 0:
		case s == 0:
			out = append(out, look.Tag{Text: t.say("office-visits.unweighed", "n", n[s])})
		default:
			tag := t.tag("FINDING_SEVERITY", s.String())
			tag.Text = look.Spaced(t.locale.Number(n[s]), tag.Text)
			out = append(out, tag)
		}
	}
	return out
}

// ratings of access, the worst first.
var ratings = []daylightv1.AccessRating{
	daylightv1.AccessRating_ACCESS_RATING_REFUSED, daylightv1.AccessRating_ACCESS_RATING_PARTIAL,
	daylightv1.AccessRating_ACCESS_RATING_DELAYED, daylightv1.AccessRating_ACCESS_RATING_FULL,
}

// accessTag says how far the team was let in, by the worst that was rated.
func (t *turn) accessTag(v *daylightv1.Visit) []look.Part {
	for _, r := range ratings {
		if slices.ContainsFunc(v.GetAccess(), func(a *daylightv1.AccessRecord) bool { return a.GetRating() == r }) {
			return []look.Part{t.tag("ACCESS_RATING", r.String())}
		}
	}
	return nil
}

// delay says how long the team waited at the gate.
func (t *turn) delay(v *daylightv1.Visit) look.Text {
	if v.GetDelayMinutes() == 0 {
		return nil
	}
	return t.say("office-visits.delay", "n", v.GetDelayMinutes())
}

// clock is the time on the wall of the place, of a moment as records have it; nothing where it
// has none.
func (t *turn) clock(moment string) look.Text {
	local, _, ok := recordpage.ClockOf(moment)
	if !ok {
		return nil
	}
	return look.Code(local[len("2026-11-24T"):])
}
