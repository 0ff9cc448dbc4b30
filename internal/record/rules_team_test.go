package record_test

import (
	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The cases of what a team records beside findings.

const day1, day2 = "2026-11-24", "2026-11-25"

func consent(scope daylightv1.ConsentScope, state daylightv1.ConsentState) *daylightv1.Consent {
	return &daylightv1.Consent{Scope: scope, State: state.Enum(), On: proto.String(day1)}
}

const (
	takePart     = daylightv1.ConsentScope_CONSENT_SCOPE_TAKE_PART
	notes        = daylightv1.ConsentScope_CONSENT_SCOPE_NOTES
	useAnonymous = daylightv1.ConsentScope_CONSENT_SCOPE_USE_ANONYMOUS
	publish      = daylightv1.ConsentScope_CONSENT_SCOPE_PUBLISH_PERSONAL

	yes = daylightv1.ConsentState_CONSENT_STATE_GIVEN
	no  = daylightv1.ConsentState_CONSENT_STATE_REFUSED
)

func soundInterview() *daylightv1.Interview {
	return &daylightv1.Interview{
		Id: anID, VisitId: proto.String(anotherID), HeldOn: proto.String(day1), IntervieweeType: proto.String("DETAINEE"),
		Mode: proto.String("INDIVIDUAL_PRIVATE"), Privacy: proto.String("PRIVATE"), Selection: proto.String("TEAM_CHOICE"),
		Minutes: proto.Uint32(30), Consents: []*daylightv1.Consent{consent(takePart, yes), consent(useAnonymous, yes)},
	}
}

func interviewCases() []ruleCase {
	return cases(soundInterview, map[string]func(*daylightv1.Interview){
		"interview-without-type":      func(m *daylightv1.Interview) { m.IntervieweeType = nil },
		"interview-without-date":      func(m *daylightv1.Interview) { m.HeldOn = nil },
		"interview-without-privacy":   func(m *daylightv1.Interview) { m.Privacy = nil },
		"interview-not-private":       func(m *daylightv1.Interview) { m.Privacy, m.Mode = proto.String("IN_SIGHT"), proto.String("INFORMAL") },
		"private-mode-not-private":    func(m *daylightv1.Interview) { m.Privacy = proto.String("IN_HEARING") },
		"interview-proposed-by-staff": func(m *daylightv1.Interview) { m.Selection = proto.String("PROPOSED_BY_STAFF") },
		"interview-of-nobody":         func(m *daylightv1.Interview) { m.Persons = proto.Uint32(0) },
		"individual-of-several":       func(m *daylightv1.Interview) { m.Persons = proto.Uint32(2) },
		"group-of-one":                func(m *daylightv1.Interview) { m.Mode, m.Persons = proto.String("GROUP"), proto.Uint32(1) },
		"group-with-pseudonym": func(m *daylightv1.Interview) {
			m.Mode, m.Persons, m.PersonId = proto.String("GROUP"), proto.Uint32(3), proto.String(thirdID)
		},
		"interview-over-a-day":    func(m *daylightv1.Interview) { m.Minutes = proto.Uint32(1441) },
		"allegation-without-risk": func(m *daylightv1.Interview) { m.Allegation = proto.Bool(true) },
	})
}

func consentCases() []ruleCase {
	return cases(soundInterview, map[string]func(*daylightv1.Interview){
		"interview-without-consents": func(m *daylightv1.Interview) { m.Consents = nil },
		"consent-without-state":      func(m *daylightv1.Interview) { m.Consents[1].State = nil },
		"took-part-against-will":     func(m *daylightv1.Interview) { m.Consents[0].State = no.Enum() },
		"publish-personal-not-express": func(m *daylightv1.Interview) {
			m.Consents = append(m.Consents, &daylightv1.Consent{Scope: publish, State: yes.Enum()})
		},
		"child-without-consent-giver": func(m *daylightv1.Interview) { m.AgeGroup = daylightv1.AgeGroup_AGE_GROUP_CHILD.Enum() },
		"child-without-consent-giver#the child alone": func(m *daylightv1.Interview) {
			m.AgeGroup, m.ConsentedBy = daylightv1.AgeGroup_AGE_GROUP_CHILD.Enum(), daylightv1.ConsentGiver_CONSENT_GIVER_PERSON.Enum()
		},
		"consent-withdrawn": func(m *daylightv1.Interview) {
			m.Withdrawals = []*daylightv1.ConsentWithdrawal{{Scope: useAnonymous, On: proto.String(day2)}}
		},
	})
}

func soundRegister() *daylightv1.RegisterCheck {
	return &daylightv1.RegisterCheck{
		Id: anID, VisitId: proto.String(anotherID), RegisterType: proto.String("CUSTODY"),
		PeriodFrom: proto.String("2026-10-01"), PeriodTo: proto.String("2026-10-31"), CheckedAt: proto.String(day1),
		EntriesInPeriod: proto.Uint32(40), EntriesSeen: proto.Uint32(20), EntriesComplete: proto.Uint32(20),
		Gaps: []*daylightv1.RegisterGap{{Id: thirdID, From: proto.String("2026-10-05"), To: proto.String("2026-10-07")}},
	}
}

func registerCases() []ruleCase {
	return cases(soundRegister, map[string]func(*daylightv1.RegisterCheck){
		"register-without-type":   func(m *daylightv1.RegisterCheck) { m.RegisterType = nil },
		"register-without-period": func(m *daylightv1.RegisterCheck) { m.PeriodFrom, m.PeriodTo = nil, nil },
		"register-without-sample": func(m *daylightv1.RegisterCheck) { m.EntriesSeen = nil },
		"refused-but-read": func(m *daylightv1.RegisterCheck) {
			m.Access = daylightv1.AccessRating_ACCESS_RATING_REFUSED.Enum()
		},
		"period-reversed":           func(m *daylightv1.RegisterCheck) { m.PeriodTo, m.Gaps = proto.String("2026-09"), nil },
		"checked-before-period-end": func(m *daylightv1.RegisterCheck) { m.CheckedAt = proto.String("2026-10-30") },
		"seen-above-entries":        func(m *daylightv1.RegisterCheck) { m.EntriesSeen = proto.Uint32(41) },
		"complete-above-seen":       func(m *daylightv1.RegisterCheck) { m.EntriesComplete = proto.Uint32(21) },
		"gap-reversed":              func(m *daylightv1.RegisterCheck) { m.Gaps[0].To = proto.String("2026-10-04") },
		"gap-outside-period":        func(m *daylightv1.RegisterCheck) { m.Gaps[0].From = proto.String("2026-09-30") },
		"gap-above-entries":         func(m *daylightv1.RegisterCheck) { m.Gaps[0].Entries = proto.Uint32(41) },
		"gap-without-content":       func(m *daylightv1.RegisterCheck) { m.Gaps[0].From, m.Gaps[0].To = nil, nil },
	})
}

func soundMeasurement() *daylightv1.Measurement {
	return &daylightv1.Measurement{
		Id: anID, VisitId: proto.String(anotherID), Type: daylightv1.MeasurementType_MEASUREMENT_TYPE_LIVING_SPACE.Enum(),
		Value: proto.Float64(5), AreaM2: proto.Float64(20), Persons: proto.Uint32(4),
		Method: daylightv1.MeasurementMethod_MEASUREMENT_METHOD_MEASURED.Enum(),
	}
}

func measurementCases() []ruleCase {
	be := func(typ daylightv1.MeasurementType, v float64) func(*daylightv1.Measurement) {
		return func(m *daylightv1.Measurement) { m.Type, m.Value = typ.Enum(), proto.Float64(v) }
	}
	const (
		temperature = daylightv1.MeasurementType_MEASUREMENT_TYPE_TEMPERATURE
		width       = daylightv1.MeasurementType_MEASUREMENT_TYPE_ROOM_WIDTH
	)
	return cases(soundMeasurement, map[string]func(*daylightv1.Measurement){
		"measurement-without-type":   func(m *daylightv1.Measurement) { m.Type = nil },
		"measurement-without-value":  func(m *daylightv1.Measurement) { m.Value, m.AreaM2 = nil, nil },
		"measurement-without-method": func(m *daylightv1.Measurement) { m.Method = nil },
		"other-without-unit":         func(m *daylightv1.Measurement) { m.Type = daylightv1.MeasurementType_MEASUREMENT_TYPE_OTHER.Enum() },
		"unit-not-used":              func(m *daylightv1.Measurement) { m.Unit = proto.String("feet") },
		"measurement-negative":       be(width, -0.1),
		"temperature-impossible#hot": be(temperature, 70.5), "temperature-impossible#cold": be(temperature, -60.5),
		"more-than-a-day#minutes": be(daylightv1.MeasurementType_MEASUREMENT_TYPE_OPEN_AIR, 1441),
		"more-than-a-day#hours":   be(daylightv1.MeasurementType_MEASUREMENT_TYPE_SOLITARY_HOURS, 24.5),
		"area-impossible":         func(m *daylightv1.Measurement) { m.AreaM2 = proto.Float64(0) },
		"shared-by-nobody":        func(m *daylightv1.Measurement) { m.Persons = proto.Uint32(0) },
		"living-space-disagrees":  func(m *daylightv1.Measurement) { m.Persons = proto.Uint32(5) },
	})
}

func soundIncident() *daylightv1.ObstructionIncident {
	return &daylightv1.ObstructionIncident{
		Id: anID, VisitId: proto.String(anotherID), Type: proto.String("AREA_REFUSED"), At: proto.String(day1),
		Right: daylightv1.AccessRight_ACCESS_RIGHT_A20C_ALL_PREMISES.Enum(), ReasonGiven: proto.String("quarantine"),
	}
}

func incidentCases() []ruleCase {
	return cases(soundIncident, map[string]func(*daylightv1.ObstructionIncident){
		"obstruction-without-type":    func(m *daylightv1.ObstructionIncident) { m.Type = nil },
		"obstruction-without-right":   func(m *daylightv1.ObstructionIncident) { m.Right = nil },
		"obstruction-without-time":    func(m *daylightv1.ObstructionIncident) { m.At = nil },
		"obstruction-without-account": func(m *daylightv1.ObstructionIncident) { m.ReasonGiven = nil },
	})
}

func soundReprisal() *daylightv1.ReprisalCase {
	return &daylightv1.ReprisalCase{
		Id: anID, VisitId: proto.String(anotherID), Risk: daylightv1.ReprisalRisk_REPRISAL_RISK_HIGH.Enum(),
		State: daylightv1.ReprisalState_REPRISAL_STATE_REPORTED.Enum(), ReportedOn: proto.String(day1),
		ActionDueOn: proto.String(day2), Responsible: proto.String("the focal point"),
	}
}

func reprisalCases() []ruleCase {
	return cases(soundReprisal, map[string]func(*daylightv1.ReprisalCase){
		"reprisal-without-risk":      func(m *daylightv1.ReprisalCase) { m.Risk = daylightv1.ReprisalRisk_REPRISAL_RISK_NOT_ASSESSED.Enum() },
		"reprisal-without-state":     func(m *daylightv1.ReprisalCase) { m.State = nil },
		"imminent-not-urgent":        func(m *daylightv1.ReprisalCase) { m.Risk = daylightv1.ReprisalRisk_REPRISAL_RISK_IMMINENT.Enum() },
		"urgent-without-date":        func(m *daylightv1.ReprisalCase) { m.ActionDueOn = nil },
		"urgent-without-responsible": func(m *daylightv1.ReprisalCase) { m.Responsible = nil },
		"reported-without-date":      func(m *daylightv1.ReprisalCase) { m.ReportedOn = nil },
		"confirmed-without-type":     func(m *daylightv1.ReprisalCase) { m.State = daylightv1.ReprisalState_REPRISAL_STATE_CONFIRMED.Enum() },
		"action-before-report":       func(m *daylightv1.ReprisalCase) { m.ActionDueOn = proto.String("2026-11-23") },
		"asked-before-report":        func(m *daylightv1.ReprisalCase) { m.CheckedOn = proto.String("2026-11-23") },
	})
}

func soundNote() *daylightv1.Note {
	return &daylightv1.Note{
		Id: anID, VisitId: proto.String(anotherID), Text: proto.String("No light in the corridor."),
		OnPaper: proto.Bool(true), PaperState: daylightv1.PaperState_PAPER_STATE_ARCHIVED.Enum(),
		ObservedAt: proto.String(day1), RecordedAt: proto.String(day1), NotedBy: proto.String("monitor"), TypedBy: proto.String("note taker"),
	}
}

func noteCases() []ruleCase {
	paper := func(s daylightv1.PaperState) func(*daylightv1.Note) {
		return func(m *daylightv1.Note) { m.PaperState = s.Enum() }
	}
	return cases(soundNote, map[string]func(*daylightv1.Note){
		"note-without-text":              func(m *daylightv1.Note) { m.Text, m.OnPaper, m.PaperState = nil, nil, nil },
		"paper-not-typed":                func(m *daylightv1.Note) { m.Text = nil },
		"paper-without-state":            func(m *daylightv1.Note) { m.PaperState = nil },
		"paper-without-author":           func(m *daylightv1.Note) { m.NotedBy = nil },
		"paper-without-typist":           func(m *daylightv1.Note) { m.TypedBy = nil },
		"paper-without-observation-time": func(m *daylightv1.Note) { m.ObservedAt = nil },
		"paper-out-of-hand#lost":         paper(daylightv1.PaperState_PAPER_STATE_LOST),
		"paper-out-of-hand#seized":       paper(daylightv1.PaperState_PAPER_STATE_SEIZED),
		"paper-state-without-paper":      func(m *daylightv1.Note) { m.OnPaper = nil },
		"recorded-before-observed":       func(m *daylightv1.Note) { m.RecordedAt = proto.String("2026-11-23") },
	})
}
