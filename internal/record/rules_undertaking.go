package record

import (
	"slices"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func undertakingRules() []FlagRule {
	type undertaking = *daylightv1.Undertaking
	return []FlagRule{
		is("undertaking-without-text", "text", WeightMissing, "It is not said what was promised.",
			func(m undertaking) bool { return m.GetText() == "" }),
		is("undertaking-without-due-date", "due_on", WeightMissing, "It is not said by when it was promised.",
			func(m undertaking) bool { return m.GetDueOn() == "" }),
		is("undertaking-without-person", "by", WeightMissing, "It is not said who promised it.",
			func(m undertaking) bool { return m.GetBy() == "" }),
		is("due-before-made", "due_on", WeightDoubt, "It was promised for a day before it was promised.",
			func(m undertaking) bool { return before(m.GetDueOn(), m.GetMadeAt()) }),
	}
}

// assessed is what the body assesses: a recommendation or an undertaking.
type assessed interface {
	Message
	GetAssessments() []*daylightv1.Assessment
}

func assessmentRules() []FlagRule {
	every := func(code string, w Weight, text string, wrong func(assessed, *daylightv1.Assessment) bool) FlagRule {
		return each(code, "assessments", w, text, func(m assessed, at hit) {
			for _, a := range m.GetAssessments() {
				if wrong(m, a) {
					at(a.GetId())
				}
			}
		})
	}
	const fully, regressed = daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_FULLY, daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_REGRESSED
	return []FlagRule{
		every("assessment-without-status", WeightMissing, "An assessment does not say what became of it.",
			func(_ assessed, a *daylightv1.Assessment) bool { return a.GetStatus() == 0 }),
		every("assessment-without-basis", WeightMissing, "An assessment does not say what it rests on.",
			func(_ assessed, a *daylightv1.Assessment) bool {
				return a.GetBasis() == 0 && a.GetStatus() > daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_NOT_ASSESSED
			}),
		every("assessment-without-date", WeightMissing, "An assessment has no date, so it counts as the oldest.",
			func(_ assessed, a *daylightv1.Assessment) bool { return a.GetOn() == "" }),
		every("assessment-without-visit", WeightMissing, "An assessment rests on a follow-up visit and does not name it.",
			func(_ assessed, a *daylightv1.Assessment) bool {
				return a.GetBasis() == daylightv1.ImplementationBasis_IMPLEMENTATION_BASIS_FOLLOW_UP_VISIT && a.GetVisitId() == ""
			}),
		every("claimed-not-verified", WeightDoubt, "It counts as fully implemented, and only the authority says so: claimed, not verified.",
			func(_ assessed, a *daylightv1.Assessment) bool {
				return a.GetStatus() == fully && a.GetBasis() == daylightv1.ImplementationBasis_IMPLEMENTATION_BASIS_AUTHORITY_STATEMENT
			}),
		every("regressed-from-nothing", WeightDoubt, "It counts as implemented and lost again, and no earlier assessment says that it was implemented.",
			func(m assessed, a *daylightv1.Assessment) bool {
				return a.GetStatus() == regressed && !slices.ContainsFunc(m.GetAssessments(), func(e *daylightv1.Assessment) bool {
					return wasImplemented(e.GetStatus()) && sameLine(e.GetLineId(), a.GetLineId()) && !before(a.GetOn(), e.GetOn())
				})
			}),
	}
}

func wasImplemented(s daylightv1.ImplementationStatus) bool {
	return s >= daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_IN_PROGRESS && s <= daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_FULLY
}

// sameLine reports whether two assessments can be of one addressee line: one without a
// line is of all.
func sameLine(a, b string) bool { return a == b || a == "" || b == "" }
