package record_test

import (
	"slices"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The cases of what the office records, and of lists and forms.

func anAssessment(id string, s daylightv1.ImplementationStatus, b daylightv1.ImplementationBasis, on string) *daylightv1.Assessment {
	return &daylightv1.Assessment{Id: id, Status: s.Enum(), Basis: b.Enum(), On: proto.String(on)}
}

const (
	fully      = daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_FULLY
	partly     = daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_PARTLY
	regressed  = daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_REGRESSED
	documents  = daylightv1.ImplementationBasis_IMPLEMENTATION_BASIS_DOCUMENTS
	statement  = daylightv1.ImplementationBasis_IMPLEMENTATION_BASIS_AUTHORITY_STATEMENT
	seenOnSite = daylightv1.ImplementationBasis_IMPLEMENTATION_BASIS_FOLLOW_UP_VISIT
)

func soundUndertaking() *daylightv1.Undertaking {
	return &daylightv1.Undertaking{
		Id: anID, VisitId: proto.String(anotherID), Text: proto.String("Lamps"), By: proto.String("deputy director"),
		MadeAt: proto.String(day1), DueOn: proto.String("2026-12-24"),
		Assessments: []*daylightv1.Assessment{anAssessment(thirdID, partly, documents, day2)},
	}
}

func undertakingCases() []ruleCase {
	return cases(soundUndertaking, map[string]func(*daylightv1.Undertaking){
		"undertaking-without-text":     func(m *daylightv1.Undertaking) { m.Text = nil },
		"undertaking-without-due-date": func(m *daylightv1.Undertaking) { m.DueOn = nil },
		"undertaking-without-person":   func(m *daylightv1.Undertaking) { m.By = nil },
		"due-before-made":              func(m *daylightv1.Undertaking) { m.DueOn = proto.String("2026-11-23") },
		"assessment-without-status":    func(m *daylightv1.Undertaking) { m.Assessments[0].Status = nil },
		"assessment-without-basis":     func(m *daylightv1.Undertaking) { m.Assessments[0].Basis = nil },
		"assessment-without-date":      func(m *daylightv1.Undertaking) { m.Assessments[0].On = nil },
		"assessment-without-visit":     func(m *daylightv1.Undertaking) { m.Assessments[0].Basis = seenOnSite.Enum() },
		"claimed-not-verified": func(m *daylightv1.Undertaking) {
			m.Assessments = append(m.Assessments, anAssessment(anID, fully, statement, "2026-12"))
		},
		"regressed-from-nothing": func(m *daylightv1.Undertaking) {
			m.Assessments = []*daylightv1.Assessment{anAssessment(anID, regressed, documents, day1), anAssessment(thirdID, fully, documents, day2)}
		},
	})
}

func soundRecommendation() *daylightv1.Recommendation {
	return &daylightv1.Recommendation{
		Id: anID, VisitId: proto.String(anotherID), State: daylightv1.RecommendationState_RECOMMENDATION_STATE_ISSUED.Enum(),
		Type: daylightv1.RecommendationType_RECOMMENDATION_TYPE_VISIT.Enum(), Texts: map[string]string{"en": "Give light."},
		Horizon:   daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_SHORT.Enum(),
		Standards: []string{"NMR-14"}, IssuedOn: proto.String("2026-12-01"),
		Addressees: []*daylightv1.AddresseeLine{{
			Id: thirdID, Authority: proto.String("JUSTICE"), SentOn: proto.String("2026-12-02"), ReceivedOn: proto.String("2026-12-03"),
			DueOn: proto.String("2027-01-02"), ImplementBy: proto.String("2027-03"),
		}},
	}
}

func recommendationCases() []ruleCase {
	state := func(m *daylightv1.Recommendation, s daylightv1.RecommendationState) { m.State = s.Enum() }
	return cases(soundRecommendation, map[string]func(*daylightv1.Recommendation){
		"recommendation-without-state":     func(m *daylightv1.Recommendation) { m.State = nil },
		"recommendation-without-text":      func(m *daylightv1.Recommendation) { m.Texts = nil },
		"recommendation-without-addressee": func(m *daylightv1.Recommendation) { m.Addressees = nil },
		"recommendation-without-horizon":   func(m *daylightv1.Recommendation) { m.Horizon = nil },
		"recommendation-without-standard":  func(m *daylightv1.Recommendation) { m.Standards = nil },
		"recommendation-without-visit":     func(m *daylightv1.Recommendation) { m.VisitId = nil },
		"overdue-stored":                   func(m *daylightv1.Recommendation) { state(m, 7) },
		"issued-without-date":              func(m *daylightv1.Recommendation) { m.IssuedOn = nil },
		"own-predecessor":                  func(m *daylightv1.Recommendation) { m.PredecessorId = proto.String(anID) },
		"superseded-by-itself":             func(m *daylightv1.Recommendation) { m.SupersededById = proto.String(anID) },
		"superseded-by-nothing":            func(m *daylightv1.Recommendation) { state(m, 10) },
		"closed-without-date":              func(m *daylightv1.Recommendation) { state(m, 9) },
		"closed-but-running":               func(m *daylightv1.Recommendation) { m.ClosedOn = proto.String("2027-05") },
		"closed-before-issued":             func(m *daylightv1.Recommendation) { state(m, 9); m.ClosedOn = proto.String("2026-11") },
		"assessment-line-unknown": func(m *daylightv1.Recommendation) {
			a := anAssessment(anID, partly, documents, "2027-02-01")
			a.LineId = proto.String(anotherID)
			m.Assessments = append(m.Assessments, a)
		},
		"assessed-before-issued": func(m *daylightv1.Recommendation) {
			m.Assessments = append(m.Assessments, anAssessment(anID, partly, documents, "2026-11-30"))
		},
	})
}

func addresseeCases() []ruleCase {
	line := func(change func(*daylightv1.AddresseeLine)) func(*daylightv1.Recommendation) {
		return func(m *daylightv1.Recommendation) { change(m.Addressees[0]) }
	}
	return cases(soundRecommendation, map[string]func(*daylightv1.Recommendation){
		"line-without-authority":    line(func(l *daylightv1.AddresseeLine) { l.Authority = nil }),
		"line-without-sending-date": line(func(l *daylightv1.AddresseeLine) { l.SentOn = nil }),
		"line-without-due-date":     line(func(l *daylightv1.AddresseeLine) { l.DueOn = nil }),
		"sent-before-issued":        line(func(l *daylightv1.AddresseeLine) { l.SentOn = proto.String("2026-11-30") }),
		"received-before-sent":      line(func(l *daylightv1.AddresseeLine) { l.ReceivedOn = proto.String("2026-12-01") }),
		"due-before-sent":           line(func(l *daylightv1.AddresseeLine) { l.DueOn = proto.String("2026-12-01") }),
		"implement-before-sent":     line(func(l *daylightv1.AddresseeLine) { l.ImplementBy = proto.String("2026-11") }),
		"urgent-due-late": func(m *daylightv1.Recommendation) {
			m.Horizon = daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_URGENT.Enum()
			m.Addressees[0].DueOn = proto.String("2026-12-06")
		},
	})
}

func soundReply() *daylightv1.AuthorityReply {
	return &daylightv1.AuthorityReply{
		Id: anotherID, VisitId: proto.String(thirdID), RecommendationId: proto.String(anID), LineId: proto.String(thirdID),
		Response: daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_ACCEPTED.Enum(), ReceivedOn: proto.String("2026-12-20"),
		Dated: proto.String("2026-12-18"), Text: proto.String("Lamps are ordered."),
	}
}

func replyCases() []ruleCase {
	says := func(m *daylightv1.AuthorityReply, r daylightv1.AuthorityResponse) { m.Response = r.Enum() }
	return cases(soundReply, map[string]func(*daylightv1.AuthorityReply){
		"reply-without-recommendation": func(m *daylightv1.AuthorityReply) { m.RecommendationId = nil },
		"reply-without-line":           func(m *daylightv1.AuthorityReply) { m.LineId = nil },
		"reply-without-response":       func(m *daylightv1.AuthorityReply) { m.Response = nil },
		"reply-without-date":           func(m *daylightv1.AuthorityReply) { m.ReceivedOn = nil },
		"received-before-dated":        func(m *daylightv1.AuthorityReply) { m.ReceivedOn = proto.String("2026-12-17") },
		"no-response-with-text":        func(m *daylightv1.AuthorityReply) { says(m, 1) },
		"claimed-without-evidence":     func(m *daylightv1.AuthorityReply) { says(m, 7) },
		"extension-without-date":       func(m *daylightv1.AuthorityReply) { says(m, 9) },
		"extension-not-asked":          func(m *daylightv1.AuthorityReply) { m.ExtensionUntil = proto.String("2027-02") },
		"extension-before-received":    func(m *daylightv1.AuthorityReply) { says(m, 9); m.ExtensionUntil = proto.String("2026-12-19") },
	})
}

func commentCases() []ruleCase {
	sound := func() *daylightv1.ReviewComment {
		return &daylightv1.ReviewComment{Id: anID, AboutKind: proto.String("finding"), AboutId: proto.String(anotherID),
			AboutField: proto.String("narrative"), Text: proto.String("Which wing?")}
	}
	return cases(sound, map[string]func(*daylightv1.ReviewComment){
		"comment-without-text":        func(m *daylightv1.ReviewComment) { m.Text = nil },
		"comment-about-nothing":       func(m *daylightv1.ReviewComment) { m.AboutId = nil },
		"comment-about-unknown-kind":  func(m *daylightv1.ReviewComment) { m.AboutKind = proto.String("planet") },
		"comment-about-unknown-field": func(m *daylightv1.ReviewComment) { m.AboutField = proto.String("colour") },
		"comment-replies-to-itself":   func(m *daylightv1.ReviewComment) { m.ReplyTo = proto.String(anID) },
	})
}

func planCases() []ruleCase {
	sound := func() *daylightv1.VisitPlan {
		return &daylightv1.VisitPlan{Id: anID, FacilityId: proto.String(anotherID), Year: proto.Uint32(2027),
			PlannedFrom: proto.String("2027-03"), PlannedTo: proto.String("2027-04"), Reasons: proto.String("never visited")}
	}
	return cases(sound, map[string]func(*daylightv1.VisitPlan){
		"plan-without-facility": func(m *daylightv1.VisitPlan) { m.FacilityId = nil },
		"plan-without-year":     func(m *daylightv1.VisitPlan) { m.Year = nil },
		"plan-without-reason":   func(m *daylightv1.VisitPlan) { m.Reasons = nil },
		"plan-reversed":         func(m *daylightv1.VisitPlan) { m.PlannedTo = proto.String("2027-02") },
		"plan-outside-year":     func(m *daylightv1.VisitPlan) { m.Year = proto.Uint32(2026) },
		"plan-priority-zero":    func(m *daylightv1.VisitPlan) { m.Priority = proto.Uint32(0) },
	})
}

func termCases() []ruleCase {
	term := func() *daylightv1.Term {
		return &daylightv1.Term{Id: anID, List: proto.String("L"), Code: proto.String("C"), Labels: map[string]string{"en": "c"}}
	}
	standard := func() *daylightv1.Standard {
		return &daylightv1.Standard{Id: anID, Ref: proto.String("TKM-PEC-1"), Titles: map[string]string{"en": "x"}, AppliesFrom: proto.String("2020"),
			Binding: daylightv1.StandardBinding_STANDARD_BINDING_NATIONAL.Enum(), Checked: daylightv1.StandardCheck_STANDARD_CHECK_TEXT.Enum()}
	}
	return slices.Concat(cases(term, map[string]func(*daylightv1.Term){
		"term-without-code":  func(m *daylightv1.Term) { m.Code = nil },
		"term-without-label": func(m *daylightv1.Term) { m.Labels = nil },
		"term-own-parent":    func(m *daylightv1.Term) { m.Parent = proto.String("C") },
	}), cases(standard, map[string]func(*daylightv1.Standard){
		"standard-without-ref":               func(m *daylightv1.Standard) { m.Ref = nil },
		"standard-without-title":             func(m *daylightv1.Standard) { m.Titles = nil },
		"standard-without-binding":           func(m *daylightv1.Standard) { m.Binding = nil },
		"standard-to-look-up":                func(m *daylightv1.Standard) { m.Checked = daylightv1.StandardCheck_STANDARD_CHECK_UNSURE.Enum() },
		"standard-retired-before-it-applies": func(m *daylightv1.Standard) { m.RetiredOn = proto.String("2019") },
	}))
}

func sealedCases() []ruleCase {
	return slices.Concat(
		cases(func() *daylightv1.PersonIdentity {
			return &daylightv1.PersonIdentity{Id: anID, VisitId: proto.String(anotherID), Pseudonym: proto.String("V17-K3F9")}
		}, map[string]func(*daylightv1.PersonIdentity){
			"person-without-pseudonym": func(m *daylightv1.PersonIdentity) { m.Pseudonym = nil },
		}),
		cases(func() *daylightv1.InterviewNote {
			return &daylightv1.InterviewNote{Id: anID, VisitId: proto.String(anotherID), InterviewId: proto.String(thirdID)}
		}, map[string]func(*daylightv1.InterviewNote){
			"interview-note-without-interview": func(m *daylightv1.InterviewNote) { m.InterviewId = nil },
		}),
		cases(func() *daylightv1.MedicalNote {
			return &daylightv1.MedicalNote{Id: anID, VisitId: proto.String(anotherID), PersonId: proto.String(thirdID)}
		}, map[string]func(*daylightv1.MedicalNote){
			"medical-note-without-person": func(m *daylightv1.MedicalNote) { m.PersonId = nil },
		}),
		cases(func() *daylightv1.ReprisalDetail {
			return &daylightv1.ReprisalDetail{Id: anID, VisitId: proto.String(anotherID), CaseId: proto.String(thirdID)}
		}, map[string]func(*daylightv1.ReprisalDetail){
			"reprisal-detail-without-case": func(m *daylightv1.ReprisalDetail) { m.CaseId = nil },
		}))
}

func checklistCases() []ruleCase {
	sound := func() *daylightv1.Checklist {
		return &daylightv1.Checklist{Id: anID, Code: proto.String("prison"), Version: proto.String("1"), Titles: map[string]string{"en": "Prison"},
			Questions: []*daylightv1.ChecklistQuestion{
				{Name: "light", Type: proto.String("begin_group")},
				{Name: "lamp", Type: proto.String("select_one"), List: proto.String("yes_no"), Parent: proto.String("light")},
			},
			Choices: []*daylightv1.ChecklistChoice{{Key: "yes_no/yes"}}}
	}
	return cases(sound, map[string]func(*daylightv1.Checklist){
		"checklist-without-code":     func(m *daylightv1.Checklist) { m.Code = nil },
		"checklist-without-version":  func(m *daylightv1.Checklist) { m.Version = nil },
		"checklist-without-title":    func(m *daylightv1.Checklist) { m.Titles = nil },
		"checklist-without-question": func(m *daylightv1.Checklist) { m.Questions = nil },
		"question-without-type":      func(m *daylightv1.Checklist) { m.Questions[1].Type = nil },
		"question-without-choices":   func(m *daylightv1.Checklist) { m.Choices = nil },
		"question-in-unknown-group":  func(m *daylightv1.Checklist) { m.Questions[1].Parent = proto.String("dark") },
	})
}

func soundResponse() *daylightv1.ChecklistResponse {
	return &daylightv1.ChecklistResponse{Id: anID, VisitId: proto.String(anotherID), ChecklistCode: proto.String("prison"), FinishedAt: proto.String(day1),
		Answers: []*daylightv1.Answer{
			{Key: "lamp", State: daylightv1.AnswerState_ANSWER_STATE_ANSWERED.Enum(), Value: proto.String("yes"), AnsweredAt: proto.String(day1)},
			{Key: "window/" + thirdID, State: daylightv1.AnswerState_ANSWER_STATE_REFUSED.Enum()},
		},
		Instances: []*daylightv1.RepeatInstance{{Id: thirdID, Repeat: proto.String("rooms")}}}
}

func responseCases() []ruleCase {
	return cases(soundResponse, map[string]func(*daylightv1.ChecklistResponse){
		"response-without-checklist": func(m *daylightv1.ChecklistResponse) { m.ChecklistCode = nil },
		"response-without-answers":   func(m *daylightv1.ChecklistResponse) { m.Answers = nil },
		"continues-itself":           func(m *daylightv1.ChecklistResponse) { m.ContinuesId = proto.String(anID) },
		"answered-without-value":     func(m *daylightv1.ChecklistResponse) { m.Answers[0].Value = nil },
		"value-without-answer":       func(m *daylightv1.ChecklistResponse) { m.Answers[1].Value = proto.String("no") },
		"answered-after-end":         func(m *daylightv1.ChecklistResponse) { m.Answers[0].AnsweredAt = proto.String(day2) },
		"answer-in-unknown-turn":     func(m *daylightv1.ChecklistResponse) { m.Instances = nil },
	})
}

func sharedCases() []ruleCase {
	return slices.Concat(cases(soundNote, map[string]func(*daylightv1.Note){
		"record-without-visit": func(m *daylightv1.Note) { m.VisitId = nil },
		"merged-into-itself":   func(m *daylightv1.Note) { m.MergedInto = proto.String(anID) },
	}), cases(soundInterview, map[string]func(*daylightv1.Interview){
		"too-open": func(m *daylightv1.Interview) {
			m.Confidentiality = daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_AUTHORITY.Enum()
		},
		"unknown-value": func(m *daylightv1.Interview) { m.Sex = daylightv1.Sex(9).Enum() },
		"unknown-value#inside an element": func(m *daylightv1.Interview) {
			m.Consents = append(m.Consents, consent(99, yes))
		},
	}), cases(soundFinding, map[string]func(*daylightv1.Finding){
		"unknown-value#of a set": func(m *daylightv1.Finding) { m.Sources = append(m.Sources, 99) },
	}))
}
