package record

import (
	"slices"
	"time"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// How many earlier visits to the same place the dossier of a visit has: the last, and
// with those that have something open.
const (
	DossierLast = 3
	DossierMost = 10
)

// dossierKinds tell the next team of a place what was seen and promised there. None of
// them holds what somebody said in confidence.
var dossierKinds = []Kind{Visit, Finding, RegisterCheck, Measurement, ObstructionIncident, Undertaking, Recommendation, AuthorityReply}

// InDossier reports whether records of the kind may be shown to the next team that goes to
// a place: what earlier visits found there, and what became of it. Interviews, notes, what
// is sealed, reprisals, comments and answers to checklists never are.
func InDossier(k Kind) bool { return slices.Contains(dossierKinds, k) }

// DossierDue reports whether the team of a visit has a dossier: from the mandate until the
// visit is handed in. One that is only planned has time.
func DossierDue(s daylightv1.VisitState) bool {
	return s >= daylightv1.VisitState_VISIT_STATE_AUTHORISED && s <= daylightv1.VisitState_VISIT_STATE_CONSOLIDATED
}

// DossierHas reports whether a visit may be in the dossier of another: its field work has
// ended, at the gate too. What another team is still writing is not for others.
func DossierHas(s daylightv1.VisitState) bool {
	return s >= daylightv1.VisitState_VISIT_STATE_OBSTRUCTED && s <= daylightv1.VisitState_VISIT_STATE_CLOSED
}

// DossierDay is the day on which a visit began, or was to, as 2026-03-12, by which a
// dossier orders visits: the first of its moments that says one, empty for none. The
// moments are when the team entered, arrived and planned to come.
func DossierDay(entered, arrived, planned string) string {
	for _, moment := range []string{entered, arrived, planned} {
		if day := moment[:min(len(moment), len(time.DateOnly))]; isDate(day) {
			return day
		}
	}
	return ""
}

// DossierTells reports whether a recommendation in this state is for a dossier: it has left
// the office, or was put in the place of one that had. What is still being drafted is the
// office's own.
func DossierTells(s daylightv1.RecommendationState) bool {
	return wasIssued(s) || s == daylightv1.RecommendationState_RECOMMENDATION_STATE_SUPERSEDED
}
