package record

import (
	"slices"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// What makes a visit urgent. Each is a rule, so that its sentence has its key.
var (
	urgentSeverity = FlagRule{Code: "urgent-critical-finding", Kinds: []Kind{Finding}, Field: "severity_proposed", Weight: WeightRemark,
		Text: "A finding is critical: it may not wait for the report."}
	urgentIndividual = FlagRule{Code: "urgent-individual-case", Kinds: []Kind{Finding}, Field: "kind", Weight: WeightRemark,
		Text: "An individual case rests on somebody who is in danger within days: it may not wait for the report."}
	urgentReprisal = FlagRule{Code: "urgent-reprisal", Kinds: []Kind{ReprisalCase}, Field: "risk", Weight: WeightRemark,
		Text: "A reprisal is expected within days, or marked as urgent."}
	urgentSpeaker = FlagRule{Code: "urgent-speaker", Kinds: []Kind{Interview}, Field: "reprisal_risk", Weight: WeightRemark,
		Text: "Somebody who spoke is in danger within days."}
	urgentAllegation = FlagRule{Code: "urgent-allegation", Kinds: []Kind{Interview}, Field: "allegation", Weight: WeightRemark,
		Text: "Somebody alleged ill-treatment."}
	urgentRefusal = FlagRule{Code: "urgent-refusal", Kinds: []Kind{Visit}, Field: "access", Weight: WeightRemark,
		Text: "The team was turned away at the gate."}
)

func urgentRules() []FlagRule {
	return []FlagRule{urgentRefusal, urgentSeverity, urgentIndividual, urgentSpeaker, urgentAllegation, urgentReprisal}
}

// Urgent lists why a visit may not wait its turn, by what is about the visit, its
// findings, its interviews and its reprisal cases, each by id. Empty for a visit that can
// wait.
func (w *Whole) Urgent() (out []Remark) {
	for _, m := range w.records() {
		for _, r := range w.urgencies(m) {
			out = append(out, Remark{kindIn(m), m.GetId(), r.flag(Flag{})})
		}
	}
	return out
}

func (w *Whole) urgencies(m Message) (out []FlagRule) {
	when := func(holds bool, r FlagRule) {
		if holds {
			out = append(out, r)
		}
	}
	const imminent = daylightv1.ReprisalRisk_REPRISAL_RISK_IMMINENT
	switch m := m.(type) {
	case *daylightv1.Visit:
		when(w.TurnedAway(), urgentRefusal)
	case *daylightv1.Finding:
		when(severityOf(m) == daylightv1.FindingSeverity_FINDING_SEVERITY_CRITICAL, urgentSeverity)
		when(m.GetKind() == daylightv1.FindingKind_FINDING_KIND_INDIVIDUAL_CASE && w.inDanger(m), urgentIndividual)
	case *daylightv1.Interview:
		when(m.GetReprisalRisk() == imminent, urgentSpeaker)
		when(m.GetAllegation(), urgentAllegation)
	case *daylightv1.ReprisalCase:
		when(running(m) && (m.GetUrgent() || m.GetRisk() == imminent), urgentReprisal)
	}
	return out
}

// severityOf is what the office decided, or else what the team proposes.
func severityOf(m finding) daylightv1.FindingSeverity {
	if m.GetSeverityDecided() != 0 {
		return m.GetSeverityDecided()
	}
	return m.GetSeverityProposed()
}

// inDanger reports whether a finding rests on somebody who is in danger within days; one
// that names no interview is taken with any imminent case of the visit.
func (w *Whole) inDanger(f finding) bool {
	const imminent = daylightv1.ReprisalRisk_REPRISAL_RISK_IMMINENT
	persons := map[string]bool{}
	for _, i := range w.Interviews {
		if !slices.Contains(f.GetInterviewIds(), i.GetId()) {
			continue
		}
		if i.GetReprisalRisk() == imminent {
			return true
		}
		persons[i.GetPersonId()] = true
	}
	return slices.ContainsFunc(w.Reprisals, func(c *daylightv1.ReprisalCase) bool {
		about := len(f.GetInterviewIds()) == 0 || c.GetPersonId() != "" && persons[c.GetPersonId()]
		return running(c) && c.GetRisk() == imminent && about
	})
}
