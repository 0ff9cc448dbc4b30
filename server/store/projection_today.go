package store

import (
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The columns that say what cannot wait: record.Whole.Urgent, as far as one record tells.

// Values of a visit's gate.
const (
	gateEntered = iota
	gateOutside // what happened there, an incident may tell
	gateRefused
)

// gateOf says whether the team came in.
func gateOf(s *fold.State) int64 {
	v := holding(s, &daylightv1.Visit{}, 19, 21, 24)
	v.State = daylightv1.VisitState(record.NumberIn(s, record.VisitState)).Enum()
	switch w := (&record.Whole{Visit: v}); {
	case w.TurnedAway():
		return gateRefused
	case len(v.GetSessions()) > 0 || v.GetEnteredAt() != "":
		return gateEntered
	}
	return gateOutside
}

// Bits of a finding's pressing.
const (
	pressingCritical = 1 << iota
	pressingAllegation
)

// illTreatment are the topics of allegations that the law gives a day for.
var illTreatment = map[string]bool{"TREAT.TORTURE": true, "TREAT.ILLTREAT": true, "TREAT.SEXUAL": true}

// pressingOf says why a finding cannot wait for the report. What was looked into and not
// confirmed can, and so can what is no concern.
func pressingOf(s *fold.State, severity int64) (set int64) {
	if daylightv1.FindingSeverity(severity) == daylightv1.FindingSeverity_FINDING_SEVERITY_CRITICAL {
		set |= pressingCritical
	}
	kind := daylightv1.FindingKind(record.NumberIn(s, 11))
	evidence := daylightv1.EvidenceStatus(record.NumberIn(s, 16))
	if illTreatment[record.TextIn(s, 13)] && evidence != daylightv1.EvidenceStatus_EVIDENCE_STATUS_NOT_CONFIRMED &&
		(kind == daylightv1.FindingKind_FINDING_KIND_CONCERN || kind == daylightv1.FindingKind_FINDING_KIND_INDIVIDUAL_CASE) {
		set |= pressingAllegation
	}
	return set
}
