package record

import (
	"slices"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

type recommendation = *daylightv1.Recommendation

func recommendationRules() []FlagRule {
	const (
		closed     = daylightv1.RecommendationState_RECOMMENDATION_STATE_CLOSED
		superseded = daylightv1.RecommendationState_RECOMMENDATION_STATE_SUPERSEDED
	)
	return []FlagRule{
		is("recommendation-without-state", "state", WeightMissing, "It is not said where the recommendation stands.",
			func(m recommendation) bool { return m.GetState() == 0 }),
		is("recommendation-without-text", "texts", WeightMissing, "The recommendation has no wording in any language.",
			func(m recommendation) bool { return len(m.GetTexts()) == 0 }),
		is("recommendation-without-addressee", "addressees", WeightMissing, "It is not said to whom the recommendation goes.",
			func(m recommendation) bool { return len(m.GetAddressees()) == 0 }),
		is("recommendation-without-horizon", "horizon", WeightMissing, "It is not said how soon the recommendation is to be carried out.",
			func(m recommendation) bool { return m.GetHorizon() == 0 }),
		is("recommendation-without-standard", "standards", WeightRemark, "No legal standard is named.",
			func(m recommendation) bool { return len(m.GetStandards()) == 0 }),
		is("recommendation-without-visit", "visit_id", WeightMissing, "It follows from a visit, and the visit is not named.",
			func(m recommendation) bool {
				return m.GetType() == daylightv1.RecommendationType_RECOMMENDATION_TYPE_VISIT && m.GetVisitId() == ""
			}),
		is("overdue-stored", "state", WeightDoubt, "Overdue is computed from the dates and never a state: the state before it is lost.",
			func(m recommendation) bool {
				return m.GetState() == daylightv1.RecommendationState_RECOMMENDATION_STATE_OVERDUE
			}),
		is("issued-without-date", "issued_on", WeightMissing, "The recommendation is issued, and the day is not said.",
			func(m recommendation) bool { return wasIssued(m.GetState()) && m.GetIssuedOn() == "" }),
		is("own-predecessor", "predecessor_id", WeightDoubt, "The recommendation is named as its own earlier one.",
			func(m recommendation) bool { return m.GetId() != "" && m.GetPredecessorId() == m.GetId() }),
		is("superseded-by-itself", "superseded_by_id", WeightDoubt, "The recommendation is named as superseding itself.",
			func(m recommendation) bool { return m.GetId() != "" && m.GetSupersededById() == m.GetId() }),
		is("superseded-by-nothing", "superseded_by_id", WeightMissing, "The recommendation is superseded, and it is not said by which.",
			func(m recommendation) bool { return m.GetState() == superseded && m.GetSupersededById() == "" }),
		is("closed-without-date", "closed_on", WeightMissing, "The recommendation is closed, and the day is not said.",
			func(m recommendation) bool { return m.GetState() == closed && m.GetClosedOn() == "" }),
		is("closed-but-running", "closed_on", WeightDoubt, "The recommendation has a day of closing and is still running.",
			func(m recommendation) bool { return Open(m) && m.GetClosedOn() != "" }),
		is("closed-before-issued", "closed_on", WeightDoubt, "The recommendation was closed before it was issued.",
			func(m recommendation) bool { return before(m.GetClosedOn(), m.GetIssuedOn()) }),
		each("assessment-line-unknown", "assessments", WeightDoubt, "An assessment is about an addressee line that the recommendation does not have.",
			func(m recommendation, at hit) {
				for _, a := range m.GetAssessments() {
					if a.GetLineId() != "" && lineOf(m, a.GetLineId()) == nil {
						at(a.GetId())
					}
				}
			}),
		each("assessed-before-issued", "assessments", WeightDoubt, "An assessment is older than the recommendation.",
			func(m recommendation, at hit) {
				for _, a := range m.GetAssessments() {
					if before(a.GetOn(), m.GetIssuedOn()) {
						at(a.GetId())
					}
				}
			}),
	}
}

// RecommendationOpen reports whether a recommendation in this state has left the office and
// something is still asked for by it.
func RecommendationOpen(s daylightv1.RecommendationState) bool {
	return wasIssued(s) && s != daylightv1.RecommendationState_RECOMMENDATION_STATE_CLOSED
}

// wasIssued reports whether a recommendation in this state has left the office and is
// still asked for.
func wasIssued(s daylightv1.RecommendationState) bool {
	return s >= daylightv1.RecommendationState_RECOMMENDATION_STATE_ISSUED && s <= daylightv1.RecommendationState_RECOMMENDATION_STATE_CLOSED
}

// lineOf finds an addressee line; nil when there is none.
func lineOf(m recommendation, id string) *daylightv1.AddresseeLine {
	i := slices.IndexFunc(m.GetAddressees(), func(l *daylightv1.AddresseeLine) bool { return l.GetId() == id })
	if i < 0 {
		return nil
	}
	return m.GetAddressees()[i]
}

// urgentDays is how long an urgent recommendation may wait, 24 to 72 hours.
const urgentDays = 3

func addresseeRules() []FlagRule {
	every := func(code string, w Weight, text string, wrong func(recommendation, *daylightv1.AddresseeLine) bool) FlagRule {
		return each(code, "addressees", w, text, func(m recommendation, at hit) {
			for _, l := range m.GetAddressees() {
				if wrong(m, l) {
					at(l.GetId())
				}
			}
		})
	}
	type line = *daylightv1.AddresseeLine
	return []FlagRule{
		every("line-without-authority", WeightMissing, "An addressee line names no authority.",
			func(_ recommendation, l line) bool { return l.GetAuthority() == "" }),
		every("line-without-sending-date", WeightMissing, "The recommendation is issued, and it is not said when it was sent.",
			func(m recommendation, l line) bool { return wasIssued(m.GetState()) && l.GetSentOn() == "" }),
		every("line-without-due-date", WeightMissing, "The recommendation is issued, and no day is set for the answer.",
			func(m recommendation, l line) bool { return wasIssued(m.GetState()) && l.GetDueOn() == "" }),
		every("sent-before-issued", WeightDoubt, "The recommendation was sent before it was issued.",
			func(m recommendation, l line) bool { return before(l.GetSentOn(), m.GetIssuedOn()) }),
		every("received-before-sent", WeightDoubt, "The recommendation was received before it was sent.",
			func(_ recommendation, l line) bool { return before(l.GetReceivedOn(), l.GetSentOn()) }),
		every("due-before-sent", WeightDoubt, "The answer was due before the recommendation was sent.",
			func(_ recommendation, l line) bool { return before(l.GetDueOn(), l.GetSentOn()) }),
		every("implement-before-sent", WeightDoubt, "It was to be done before the recommendation was sent.",
			func(_ recommendation, l line) bool { return before(l.GetImplementBy(), l.GetSentOn()) }),
		every("urgent-due-late", WeightDoubt, "The recommendation is urgent, and the answer is due more than three days after it was sent.",
			func(m recommendation, l line) bool {
				days, ok := daysBetween(l.GetSentOn(), l.GetDueOn())
				return ok && m.GetHorizon() == daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_URGENT && days > urgentDays
			}),
	}
}
