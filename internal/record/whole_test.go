package record_test

import (
	"fmt"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const visitID, placeID = "0190a6e2-7c1b-7000-8000-0000000000a1", "0190a6e2-7c1b-7000-8000-0000000000a2"

// numbered gives ids of records of a visit.
func numbered(n int) string { return fmt.Sprintf("0190a6e2-7c1b-7000-8000-0000000001%02d", n) }

// aWhole is a visit of which nothing is missing and that nothing is remarked about.
func aWhole() *record.Whole {
	v := &daylightv1.Visit{
		Id: visitID, FacilityId: proto.String(placeID), State: daylightv1.VisitState_VISIT_STATE_CONSOLIDATED.Enum(),
		ArrivedAt: proto.String("2026-11-24T09:00+05:00"), Checklists: []string{"prison"},
		Sessions:      []*daylightv1.VisitSession{{Id: anID, EnteredAt: proto.String("2026-11-24T10:00+05:00")}},
		Team:          []*daylightv1.TeamMember{{Id: anID, Roles: []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_HEAD}}},
		Population:    []*daylightv1.PopulationCount{{Id: anID, Category: proto.String("TOTAL"), Persons: proto.Uint32(100), Source: daylightv1.CountSource_COUNT_SOURCE_REGISTER.Enum()}},
		ClosingPoints: []*daylightv1.ClosingPoint{{Id: anID, Point: proto.String("Light")}},
	}
	for right := range daylightv1.AccessRight(9) {
		v.Access = append(v.Access, &daylightv1.AccessRecord{Right: right + 1, Rating: daylightv1.AccessRating_ACCESS_RATING_FULL.Enum()})
	}
	w := &record.Whole{Today: "2026-12-10"}
	f, i, m, r := soundFinding(), soundInterview(), soundMeasurement(), soundRegister()
	c, u, n, a := soundReprisal(), soundUndertaking(), soundNote(), soundResponse()
	rec, reply := soundRecommendation(), soundReply()
	c.ActionDueOn, c.PersonId, i.PersonId = proto.String("2026-12-11"), proto.String(thirdID), proto.String(thirdID)
	rec.Id, reply.RecommendationId = numbered(9), proto.String(numbered(9))
	u.ClosingPointId = proto.String(anID)
	n.ObservedAt, n.RecordedAt = proto.String("2026-11-24"), proto.String("2026-11-24")
	for n, x := range []record.Message{soundFacility(), v, f, i, m, r, c, u, n, a, rec, reply} {
		if n > 1 {
			x.ProtoReflect().Set(x.ProtoReflect().Descriptor().Fields().ByName("id"), protoString(numbered(n-1)))
		}
		w.Add(x)
	}
	reply.RecommendationId = proto.String(rec.Id)
	return w
}

func brief(all []record.Remark) (out []string) {
	for _, r := range all {
		out = append(out, fmt.Sprintf("%s %s %s[%s]", r.Kind, r.Code, r.Field, r.Key))
	}
	return out
}

func TestNothingIsSaidOfASoundVisit(t *testing.T) {
	w := aWhole()
	if got := brief(w.Flags()); got != nil {
		t.Errorf("flags: %q", got)
	}
	if got := brief(w.Missing()); got != nil {
		t.Errorf("missing: %q", got)
	}
	if got := brief(w.Urgent()); got != nil {
		t.Errorf("urgent: %q", got)
	}
}

// wholeCases are changes of a sound visit with the flags that they bring.
var wholeCases = map[string]func(*record.Whole){
	"arrival-not-recorded":  func(w *record.Whole) { w.Visit.ArrivedAt = nil },
	"sessions-not-recorded": func(w *record.Whole) { w.Visit.Sessions, w.Visit.State = nil, daylightv1.VisitState(4).Enum() },
	"right-not-rated":       func(w *record.Whole) { w.Visit.Access = w.Visit.Access[1:] },
	"population-not-counted": func(w *record.Whole) {
		w.Visit.Population[0].Category = proto.String("ADULT_MEN")
	},
	"refused-without-obstruction": func(w *record.Whole) { w.Visit.Access[4].Rating = daylightv1.AccessRating(4).Enum() },
	"obstructed-without-incident": func(w *record.Whole) {
		w.Visit.State, w.Visit.Sessions, w.Visit.EndedBecause = daylightv1.VisitState(6).Enum(), nil, proto.String("quarantine")
	},
	"closing-talk-not-recorded": func(w *record.Whole) { w.Visit.ClosingPoints, w.Undertakings = nil, nil },
	"checklist-not-started":     func(w *record.Whole) { w.Responses = nil },
	"counts-differ": func(w *record.Whole) {
		w.Visit.Population = append(w.Visit.Population, &daylightv1.PopulationCount{Id: thirdID, Category: proto.String("TOTAL"), Persons: proto.Uint32(103)})
	},
	"risk-without-case": func(w *record.Whole) {
		w.Interviews[0].ReprisalRisk, w.Reprisals = daylightv1.ReprisalRisk_REPRISAL_RISK_HIGH.Enum(), nil
	},
	"risk-without-case#that of another person": func(w *record.Whole) {
		w.Interviews[0].ReprisalRisk, w.Interviews[0].PersonId = daylightv1.ReprisalRisk_REPRISAL_RISK_HIGH.Enum(), proto.String(anotherID)
	},
	"action-late": func(w *record.Whole) { w.Today = "2026-12-12" },
	"links-do-not-corroborate": func(w *record.Whole) {
		other := soundInterview()
		other.Id = numbered(50)
		w.Add(other)
		judged(w.Findings[0], daylightv1.EvidenceStatus_EVIDENCE_STATUS_CORROBORATED)
		w.Findings[0].InterviewIds = []string{w.Interviews[0].Id, other.Id} // two persons, one kind
	},
	"finding-before-arrival":     func(w *record.Whole) { w.Findings[0].ObservedAt = proto.String("2026-11-24T08:59+05:00") },
	"note-before-arrival":        func(w *record.Whole) { w.Notes[0].ObservedAt = proto.String("2026-11-23") },
	"interview-before-arrival":   func(w *record.Whole) { w.Interviews[0].HeldOn = proto.String("2026-11-23") },
	"measurement-before-arrival": func(w *record.Whole) { w.Measurements[0].MeasuredAt = proto.String("2025") },
	"register-before-arrival":    func(w *record.Whole) { w.RegisterChecks[0].CheckedAt = proto.String("2026-11-01") },
	"incident-before-arrival": func(w *record.Whole) {
		i := soundIncident()
		i.At = proto.String("2026-11-24T08:00+05:00")
		w.Add(i)
	},
	"undertaking-overdue":   func(w *record.Whole) { w.Undertakings[0].DueOn = proto.String("2026-12-09") },
	"closing-point-unknown": func(w *record.Whole) { w.Undertakings[0].ClosingPointId = proto.String(anotherID) },
	"answer-overdue": func(w *record.Whole) {
		w.Replies, w.Recommendations[0].Addressees[0].DueOn = nil, proto.String("2026-12-09")
	},
	"implementation-overdue": func(w *record.Whole) { w.Recommendations[0].Addressees[0].ImplementBy = proto.String("2026-12-09") },
	"claim-disproved": func(w *record.Whole) {
		w.Replies[0].Response, w.Replies[0].Evidence = daylightv1.AuthorityResponse(7).Enum(), proto.String("a photo")
		a := anAssessment(anID, 2, seenOnSite, "2027-02-01")
		a.VisitId = proto.String(visitID)
		w.Recommendations[0].Assessments = append(w.Recommendations[0].Assessments, a)
	},
	"answered-without-reply": func(w *record.Whole) {
		w.Replies, w.Recommendations[0].State = nil, daylightv1.RecommendationState(6).Enum()
	},
	"reply-line-unknown": func(w *record.Whole) { w.Replies[0].LineId = proto.String(anotherID) },
	"reply-before-sent": func(w *record.Whole) {
		w.Replies[0].Dated, w.Replies[0].ReceivedOn = nil, proto.String("2026-12-01")
	},
	"open-conflict": func(w *record.Whole) {
		w.Conflicts = []record.Place{{Kind: record.Finding, ID: w.Findings[0].Id, Field: "narrative"}}
	},
}

func TestEveryRuleOfAWholeVisitIsShown(t *testing.T) {
	elsewhere := []string{"unknown-code", "step-skips", "urgent-refusal", "urgent-critical-finding", "urgent-individual-case", "urgent-speaker", "urgent-allegation", "urgent-reprisal"}
	shown := map[string]bool{}
	for name, change := range wholeCases {
		code, _, _ := cutName(name)
		shown[code] = true
		t.Run(name, func(t *testing.T) {
			w := aWhole()
			change(w)
			got := w.Flags()
			if len(got) != 1 || got[0].Code != code {
				t.Fatalf("got %q", brief(got))
			}
			if missing := w.Missing(); (len(missing) == 1) != (got[0].Weight == record.WeightMissing) {
				t.Errorf("missing: %q", brief(missing))
			}
		})
	}
	for _, r := range record.FlagRules() {
		if r.WholeVisit() && !shown[r.Code] && !slices.Contains(elsewhere, r.Code) {
			t.Errorf("%s is not shown", r.Code)
		}
	}
}

// A visit refused at the gate still counts, and is asked for other things.
func TestVisitTurnedAway(t *testing.T) {
	w := &record.Whole{}
	w.Add(&daylightv1.Visit{Id: visitID, FacilityId: proto.String(placeID), State: daylightv1.VisitState_VISIT_STATE_OBSTRUCTED.Enum(),
		Team:       []*daylightv1.TeamMember{{Id: anID, Roles: []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_HEAD}}},
		Checklists: []string{"prison"}})
	want := []string{
		"visit ended-without-reason ended_because[]", "visit arrival-not-recorded arrived_at[]",
		"visit right-not-rated access[ACCESS_RIGHT_A20C_ALL_PREMISES]", "visit obstructed-without-incident state[]",
	}
	if got := brief(w.Missing()); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	w.Visit.State = daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum() // it is still the same visit
	w.Add(&daylightv1.ObstructionIncident{Id: anID, VisitId: proto.String(visitID), Type: proto.String("ENTRY_REFUSED"), At: proto.String(day1),
		Account: proto.String("The gate stayed shut."), Right: daylightv1.AccessRight_ACCESS_RIGHT_A20C_ALL_PREMISES.Enum()})
	w.Visit.ArrivedAt, w.Visit.EndedBecause = proto.String("2026-11-24T09:00+05:00"), proto.String("quarantine")
	w.Visit.Access = []*daylightv1.AccessRecord{{Right: 3, Rating: daylightv1.AccessRating_ACCESS_RATING_REFUSED.Enum()}}
	if got := brief(w.Missing()); got != nil {
		t.Errorf("a complete refusal lacks %q", got)
	}
	if got := brief(w.Urgent()); !slices.Equal(got, []string{"visit urgent-refusal access[]"}) {
		t.Errorf("urgent: %q", got)
	}
}

// Sent away in the middle of the visit, the team was inside: what is inside is asked for.
func TestVisitEndedInsideIsNotTurnedAway(t *testing.T) {
	w := aWhole()
	w.Visit.State, w.Visit.EndedBecause = daylightv1.VisitState_VISIT_STATE_OBSTRUCTED.Enum(), proto.String("a riot was named")
	w.Visit.Population = nil
	if got := brief(w.Missing()); w.TurnedAway() || !slices.Equal(got, []string{"visit population-not-counted population[]"}) {
		t.Errorf("turned away %v, misses %q", w.TurnedAway(), got)
	}
	w.Visit.Sessions, w.Visit.EnteredAt = nil, proto.String("2026-11-24T10:00+05:00")
	if w.TurnedAway() {
		t.Error("a team that entered was turned away")
	}
}

func TestMissingIsInAFixedOrder(t *testing.T) {
	w := aWhole()
	w.Visit.Team, w.Visit.ClosingPoints, w.Undertakings[0].ClosingPointId = nil, nil, nil
	w.Findings[0].Topic, w.Interviews[0].Consents, w.Undertakings[0].DueOn = nil, nil, nil
	w.Notes[0].Text = nil
	w.Conflicts = []record.Place{
		{Kind: record.Finding, ID: w.Findings[0].Id, Field: "title"}, {Kind: record.Visit, ID: visitID, Field: "summary"},
		{Kind: record.Finding, ID: w.Findings[0].Id, Field: "narrative"}, {Kind: record.Visit, ID: visitID, Field: "summary"},
	}
	want := []string{
		"visit visit-without-head team[]", "visit closing-talk-not-recorded closing_points[]",
		"finding finding-without-topic topic[]", "interview interview-without-consents consents[]",
		"undertaking undertaking-without-due-date due_on[]", "note paper-not-typed text[]",
		"visit open-conflict summary[]", "finding open-conflict narrative[]", "finding open-conflict title[]",
	}
	if got := brief(w.Missing()); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestWholeLeavesOutWhatIsGone(t *testing.T) {
	w := &record.Whole{}
	for _, m := range []*daylightv1.Finding{
		{Id: anID, Removed: &daylightv1.Removed{}}, {Id: anotherID, MergedInto: proto.String(anID)}, {Id: thirdID, MergedInto: proto.String(thirdID)},
	} {
		w.Add(m)
	}
	if len(w.Findings) != 1 || w.Findings[0].Id != thirdID {
		t.Errorf("%v", w.Findings)
	}
}

func TestUrgent(t *testing.T) {
	imminent := daylightv1.ReprisalRisk_REPRISAL_RISK_IMMINENT.Enum()
	for want, change := range map[string]func(*record.Whole){
		"finding urgent-critical-finding severity_proposed[]": func(w *record.Whole) { w.Findings[0].SeverityDecided = daylightv1.FindingSeverity(4).Enum() },
		"interview urgent-allegation allegation[]":            func(w *record.Whole) { w.Interviews[0].Allegation = proto.Bool(true) },
		"interview urgent-speaker reprisal_risk[]":            func(w *record.Whole) { w.Interviews[0].ReprisalRisk = imminent },
		"reprisal_case urgent-reprisal risk[]":                func(w *record.Whole) { w.Reprisals[0].Urgent = proto.Bool(true) },
		"finding urgent-individual-case kind[]": func(w *record.Whole) {
			w.Findings[0].Kind, w.Interviews[0].ReprisalRisk = daylightv1.FindingKind(6).Enum(), imminent
			w.Findings[0].InterviewIds = []string{w.Interviews[0].Id}
		},
	} {
		t.Run(want, func(t *testing.T) {
			w := aWhole()
			change(w)
			if got := brief(w.Urgent()); len(got) == 0 || !slices.Contains(got, want) {
				t.Errorf("got %q", got)
			}
		})
	}
	w := aWhole()
	w.Findings[0].SeverityProposed, w.Findings[0].SeverityDecided = daylightv1.FindingSeverity(4).Enum(), daylightv1.FindingSeverity(2).Enum()
	w.Reprisals[0].Risk, w.Reprisals[0].State = imminent, daylightv1.ReprisalState_REPRISAL_STATE_CLOSED.Enum()
	if got := brief(w.Urgent()); got != nil {
		t.Errorf("what the office decided, and a closed case, are not urgent: %q", got)
	}
}
