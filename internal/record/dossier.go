package record

import (
	"cmp"
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

// DossierOpen reports whether a record keeps its visit in the dossiers of later ones: a
// recommendation until it is closed, superseded or withdrawn, and an undertaking until the
// latest that the body says of it is that it was kept, or matters no more.
func DossierOpen(m Message) bool {
	switch m := m.(type) {
	case *daylightv1.Recommendation:
		s := m.GetState()
		return s < daylightv1.RecommendationState_RECOMMENDATION_STATE_CLOSED || s > daylightv1.RecommendationState_RECOMMENDATION_STATE_WITHDRAWN
	case *daylightv1.Undertaking:
		s := lastAssessed(m.GetAssessments())
		return s != daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_FULLY && s != daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_NO_LONGER_RELEVANT
	}
	return false
}

// lastAssessed is the status by date, of one date by id.
func lastAssessed(all []*daylightv1.Assessment) daylightv1.ImplementationStatus {
	var last *daylightv1.Assessment
	for _, a := range all {
		if last == nil || cmp.Or(cmp.Compare(a.GetOn(), last.GetOn()), cmp.Compare(a.GetId(), last.GetId())) > 0 {
			last = a
		}
	}
	return last.GetStatus()
}
