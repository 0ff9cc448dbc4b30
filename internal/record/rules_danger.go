package record

import (
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func obstructionRules() []FlagRule {
	type incident = *daylightv1.ObstructionIncident
	return []FlagRule{
		is("obstruction-without-type", "type", WeightMissing, "It is not said how the team was hindered.",
			func(m incident) bool { return m.GetType() == "" }),
		is("obstruction-without-right", "right", WeightMissing, "It is not said which right was not honoured.",
			func(m incident) bool { return m.GetRight() == 0 }),
		is("obstruction-without-time", "at", WeightMissing, "It is not said when the team was hindered.",
			func(m incident) bool { return m.GetAt() == "" }),
		is("obstruction-without-account", "account", WeightMissing, "It is not said what happened, or which reason was given.",
			func(m incident) bool { return m.GetAccount() == "" && m.GetReasonGiven() == "" && m.GetEffect() == "" }),
	}
}

type reprisal = *daylightv1.ReprisalCase

func reprisalRules() []FlagRule {
	return []FlagRule{
		is("reprisal-without-risk", "risk", WeightMissing, "Nobody judged how likely harm is, and how soon.",
			func(m reprisal) bool { return m.GetRisk() <= daylightv1.ReprisalRisk_REPRISAL_RISK_NOT_ASSESSED }),
		is("reprisal-without-state", "state", WeightMissing, "It is not said where the case stands.",
			func(m reprisal) bool { return m.GetState() == 0 }),
		is("imminent-not-urgent", "urgent", WeightDoubt, "Harm is expected within days, and the case is not marked as urgent.",
			func(m reprisal) bool {
				return running(m) && m.GetRisk() == daylightv1.ReprisalRisk_REPRISAL_RISK_IMMINENT && !m.GetUrgent()
			}),
		is("urgent-without-date", "action_due_on", WeightMissing, "The case cannot wait, and it is not said by when somebody acts.",
			func(m reprisal) bool { return running(m) && pressing(m) && m.GetActionDueOn() == "" }),
		is("urgent-without-responsible", "responsible", WeightMissing, "The case cannot wait, and nobody answers for it.",
			func(m reprisal) bool { return running(m) && pressing(m) && m.GetResponsible() == "" }),
		is("reported-without-date", "reported_on", WeightMissing, "A reprisal was reported, and the day is not said.",
			func(m reprisal) bool {
				return m.GetState() >= daylightv1.ReprisalState_REPRISAL_STATE_REPORTED && m.GetReportedOn() == ""
			}),
		is("confirmed-without-type", "types", WeightMissing, "A reprisal is confirmed, and it is not said of which kind it was.",
			func(m reprisal) bool {
				return m.GetState() == daylightv1.ReprisalState_REPRISAL_STATE_CONFIRMED && len(m.GetTypes()) == 0
			}),
		is("action-before-report", "action_due_on", WeightDoubt, "Somebody was to act before the reprisal was reported.",
			func(m reprisal) bool { return before(m.GetActionDueOn(), m.GetReportedOn()) }),
		is("asked-before-report", "checked_on", WeightDoubt, "Somebody asked after the person before the reprisal was reported.",
			func(m reprisal) bool { return before(m.GetCheckedOn(), m.GetReportedOn()) }),
	}
}

// running reports whether something may still happen to the person.
func running(m reprisal) bool {
	return m.GetState() != daylightv1.ReprisalState_REPRISAL_STATE_NOT_CONFIRMED &&
		m.GetState() != daylightv1.ReprisalState_REPRISAL_STATE_REMEDIED && m.GetState() != daylightv1.ReprisalState_REPRISAL_STATE_CLOSED
}

// pressing reports whether the case cannot wait for the report.
func pressing(m reprisal) bool {
	return m.GetUrgent() || m.GetRisk() >= daylightv1.ReprisalRisk_REPRISAL_RISK_HIGH
}
