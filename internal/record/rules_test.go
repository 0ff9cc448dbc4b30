package record_test

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// ruleCase is a sound record and a change of it that brings one flag.
type ruleCase struct {
	code           string
	sound, changed record.Message
}

// cases makes one of each change; what stands behind a # tells cases of one code apart.
func cases[M record.Message](sound func() M, changes map[string]func(M)) (out []ruleCase) {
	for code, change := range changes {
		m := sound()
		change(m)
		code, _, _ = strings.Cut(code, "#")
		out = append(out, ruleCase{code, sound(), m})
	}
	return out
}

// ruleCases shows every rule about one record.
func ruleCases() []ruleCase {
	return slices.Concat(facilityCases(), visitCases(), findingCases(), evidenceCases(), termCases(), sealedCases(),
		interviewCases(), consentCases(), registerCases(), measurementCases(), incidentCases(), reprisalCases(),
		undertakingCases(), noteCases(), recommendationCases(), addresseeCases(), replyCases(), commentCases(),
		planCases(), checklistCases(), responseCases(), sharedCases())
}

func codes(m record.Message) (out []string) {
	for _, f := range record.Flags(m) {
		out = append(out, f.Code)
	}
	return out
}

// TestEveryRuleIsShown: each change to a sound record brings its flag alone, on a field
// of the schema and in one sentence; the sound record has none, a removed one neither;
// and no rule is without a case.
func TestEveryRuleIsShown(t *testing.T) {
	shown := map[string]bool{"consent-after-withdrawal": true} // see TestConsentAfterItsWithdrawal
	for _, c := range ruleCases() {
		shown[c.code] = true
		t.Run(c.code, func(t *testing.T) {
			if got := codes(c.sound); got != nil {
				t.Errorf("what is sound has %v", got)
			}
			flags := record.Flags(c.changed)
			if len(flags) != 1 || flags[0].Code != c.code {
				t.Fatalf("got %+v", flags)
			}
			f := flags[0]
			fd := c.changed.ProtoReflect().Descriptor().Fields().ByName(protoreflect.Name(f.Field))
			if fd == nil {
				t.Fatalf("is about %q, which is no field", f.Field)
			}
			if _, err := record.ParsePath(kindOf(c.changed), f.Field, f.Key); err != nil && f.Key != "" {
				t.Errorf("is about the element %q, which is none: %v", f.Key, err)
			}
			if strings.ContainsAny(f.Text, "{}") || f.MessageKey != "rule."+c.code || f.Weight.String() == "no weight" {
				t.Errorf("is not complete: %+v", f)
			}
			m := proto.Clone(c.changed).(record.Message)
			m.ProtoReflect().Mutable(m.ProtoReflect().Descriptor().Fields().ByName("removed"))
			if m.GetRemoved() == nil || codes(m) != nil {
				t.Error("a removed record is flagged")
			}
		})
	}
	for _, r := range record.FlagRules() {
		if !r.WholeVisit() && !shown[r.Code] {
			t.Errorf("%s is not shown", r.Code)
		}
	}
}

func TestRulesAreWellFormed(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range record.FlagRules() {
		if seen[r.Code] {
			t.Errorf("%s is there twice", r.Code)
		}
		seen[r.Code] = true
		if r.Code == "" || strings.ToLower(r.Code) != r.Code || strings.ContainsAny(r.Code, " _.") {
			t.Errorf("%q is no code", r.Code)
		}
		if r.MessageKey() != "rule."+r.Code || r.Weight < record.WeightRemark || r.Weight > record.WeightMissing || len(r.Kinds) == 0 {
			t.Errorf("%s is not complete: %+v", r.Code, r)
		}
		if strings.Count(r.Text, ".") != 1 || !strings.HasSuffix(r.Text, ".") {
			t.Errorf("%s: %q is not one sentence", r.Code, r.Text)
		}
		for _, k := range r.Kinds {
			if r.Field != "" && record.New(k).ProtoReflect().Descriptor().Fields().ByName(protoreflect.Name(r.Field)) == nil {
				t.Errorf("%s is about %s, which a %s does not have", r.Code, r.Field, k)
			}
		}
	}
	if len(seen) < 150 {
		t.Errorf("%d rules only", len(seen))
	}
}

func TestStaffAreNotHeld(t *testing.T) {
	m := soundFacility()
	for _, category := range []string{"STAFF_TOTAL", "HEALTH_STAFF", "HEALTH_STAFF_ESTABLISHED"} {
		m.Population = append(m.Population, &daylightv1.PopulationCount{Id: thirdID, Category: proto.String(category), Persons: proto.Uint32(900)})
	}
	if got := codes(m); got != nil {
		t.Errorf("%v", got)
	}
}

func TestOneRuleIsBounded(t *testing.T) {
	m := soundVisit()
	for range 500 {
		m.Sessions = append(m.Sessions, &daylightv1.VisitSession{Id: anID, EnteredAt: proto.String("2026-11-25"), LeftAt: proto.String("2026-11-24")})
	}
	if n := len(record.Flags(m)); n != 20 {
		t.Errorf("%d flags of one rule", n)
	}
}

func soundFinding() *daylightv1.Finding {
	f := aFinding()
	f.SeverityProposed = daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS.Enum()
	return f
}

func soundVisit() *daylightv1.Visit {
	v := aVisit()
	v.Team = []*daylightv1.TeamMember{{Id: anID, Roles: []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_HEAD}}}
	v.Joint = proto.Bool(true)
	v.ArrivedAt, v.EnteredAt = proto.String("2026-11-24T09:30+05:00"), proto.String("2026-11-24T05:00Z")
	v.DelayMinutes = proto.Uint32(30)
	return v
}

func soundFacility() *daylightv1.Facility {
	return &daylightv1.Facility{
		Id: anID, Names: map[string]string{"en": "Place"}, MainType: proto.String("PEN_OPEN"), Region: proto.String("TM-A"),
		State:      daylightv1.FacilityState_FACILITY_STATE_ACTIVE.Enum(),
		Capacities: []*daylightv1.Capacity{{Id: anID, Persons: proto.Uint32(100)}},
		Population: []*daylightv1.PopulationCount{{Id: anID, Persons: proto.Uint32(300)}, {Id: anotherID, Persons: proto.Uint32(20)}},
	}
}

func facilityCases() []ruleCase {
	return cases(soundFacility, map[string]func(*daylightv1.Facility){
		"facility-without-name":   func(m *daylightv1.Facility) { m.Names = nil },
		"facility-without-type":   func(m *daylightv1.Facility) { m.MainType = nil },
		"facility-without-region": func(m *daylightv1.Facility) { m.Region = nil },
		"closed-but-active":       func(m *daylightv1.Facility) { m.ClosedOn = proto.String("2020") },
		"closed-before-opened": func(m *daylightv1.Facility) {
			m.State = daylightv1.FacilityState_FACILITY_STATE_CLOSED.Enum()
			m.OpenedOn, m.ClosedOn = proto.String("2021-03"), proto.String("2021-02-28")
		},
		"own-successor": func(m *daylightv1.Facility) {
			m.State = daylightv1.FacilityState_FACILITY_STATE_CLOSED.Enum()
			m.SuccessorId = proto.String(anID)
		},
		"succeeded-but-active": func(m *daylightv1.Facility) { m.SuccessorId = proto.String(anotherID) },
		"half-a-location":      func(m *daylightv1.Facility) { m.Location = &daylightv1.Coordinates{Latitude: proto.Float64(1)} },
		"capacity-zero":        func(m *daylightv1.Facility) { m.Capacities[0].Persons = proto.Uint32(0) },
		"occupancy-high":       func(m *daylightv1.Facility) { m.Population[0].Persons = proto.Uint32(301) },
		"occupancy-high#staff are not held": func(m *daylightv1.Facility) {
			m.Population = append(m.Population, &daylightv1.PopulationCount{Id: thirdID, Category: proto.String("STAFF_TOTAL"), Persons: proto.Uint32(900)})
			m.Population[0].Persons = proto.Uint32(1700)
		},
		"count-above-total": func(m *daylightv1.Facility) {
			m.Population[0].Category = proto.String("TOTAL")
			m.Population[1].Category, m.Population[1].Persons = proto.String("ADULT_WOMEN"), proto.Uint32(301)
			m.Capacities = nil
		},
	})
}

func visitCases() []ruleCase {
	return cases(soundVisit, map[string]func(*daylightv1.Visit){
		"visit-without-facility":   func(m *daylightv1.Visit) { m.FacilityId = nil },
		"visit-without-state":      func(m *daylightv1.Visit) { m.State = nil },
		"visit-without-head":       func(m *daylightv1.Visit) { m.Team = nil },
		"visit-with-several-heads": func(m *daylightv1.Visit) { m.Team = append(m.Team, m.Team[0]) },
		"planned-end-before-start": func(m *daylightv1.Visit) {
			m.PlannedStart, m.PlannedEnd = proto.String("2026-11-24"), proto.String("2026-11-23")
		},
		"entered-before-arrived": func(m *daylightv1.Visit) { m.EnteredAt = proto.String("2026-11-24T09:29+05:00") },
		"delay-disagrees":        func(m *daylightv1.Visit) { m.DelayMinutes = proto.Uint32(32) },
		"left-before-entered":    func(m *daylightv1.Visit) { m.Sessions[0].LeftAt = proto.String("2026-11-24T09:00+05:00") },
		"visit-without-session": func(m *daylightv1.Visit) {
			m.State, m.Sessions = daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum(), nil
			m.Access[0].Rating = daylightv1.AccessRating_ACCESS_RATING_FULL.Enum()
		},
		"access-without-rating": func(m *daylightv1.Visit) { m.Access[0].Rating = nil },
		"answered-before-requested": func(m *daylightv1.Visit) {
			m.Access[0].RequestedAt, m.Access[0].AnsweredAt = proto.String("2026-11-24"), proto.String("2026-11-23T23:00+05:00")
		},
		"joint-without-partner": func(m *daylightv1.Visit) { m.PartnerBodies = nil },
		"partner-without-joint": func(m *daylightv1.Visit) { m.Joint = nil },
		"ended-without-reason":  func(m *daylightv1.Visit) { m.State = daylightv1.VisitState_VISIT_STATE_OBSTRUCTED.Enum() },
		"follow-up-of-nothing":  func(m *daylightv1.Visit) { m.Type = daylightv1.VisitType_VISIT_TYPE_FOLLOW_UP.Enum() },
		"follows-itself":        func(m *daylightv1.Visit) { m.FollowsId = proto.String(anID) },
		"session-before-arrival": func(m *daylightv1.Visit) {
			m.Sessions[0].EnteredAt = proto.String("2026-11-24T09:00+05:00")
		},
		"session-over-a-day": func(m *daylightv1.Visit) { m.Sessions[0].LeftAt = proto.String("2026-11-25T10:01+05:00") },
	})
}

func findingCases() []ruleCase {
	individual := func(m *daylightv1.Finding) {
		m.Kind, m.SeverityProposed = daylightv1.FindingKind_FINDING_KIND_INDIVIDUAL_CASE.Enum(), nil
		m.Confidentiality = daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_SEALED.Enum()
	}
	return cases(soundFinding, map[string]func(*daylightv1.Finding){
		"finding-without-visit":    func(m *daylightv1.Finding) { m.VisitId = nil },
		"finding-without-kind":     func(m *daylightv1.Finding) { m.Kind = nil },
		"finding-without-text":     func(m *daylightv1.Finding) { m.Narrative = nil },
		"severity-on-non-concern":  func(m *daylightv1.Finding) { m.Kind = daylightv1.FindingKind_FINDING_KIND_NEUTRAL.Enum() },
		"concern-without-severity": func(m *daylightv1.Finding) { m.SeverityProposed = nil },
		"finding-without-area":     func(m *daylightv1.Finding) { m.Area, m.Topic = nil, nil },
		"topic-not-in-area":        func(m *daylightv1.Finding) { m.Area = proto.String("MATERIAL") },
		"individual-case-scope": func(m *daylightv1.Finding) {
			individual(m)
			m.Scope = daylightv1.FindingScope_FINDING_SCOPE_UNIT.Enum()
		},
		"individual-case-open":            func(m *daylightv1.Finding) { individual(m); m.Confidentiality = nil },
		"individual-case-in-closing-talk": func(m *daylightv1.Finding) { individual(m); m.InClosingTalk = proto.Bool(true) },
		"number-range-reversed":           func(m *daylightv1.Finding) { m.NumberAffected.AtMost = proto.Uint32(5) },
		"number-outside-range":            func(m *daylightv1.Finding) { m.NumberAffected.Exact = proto.Uint32(5) },
		"number-known-and-unknown":        func(m *daylightv1.Finding) { m.NumberAffected.Unknown = proto.Bool(true) },
		"recorded-before-observed": func(m *daylightv1.Finding) {
			m.ObservedAt, m.RecordedAt = proto.String("2026-11-24T10:00Z"), proto.String("2026-11-24T10:00+01:00")
		},
		"repeats-itself":        func(m *daylightv1.Finding) { m.RepeatsId = proto.String(anID) },
		"contradicts-itself":    func(m *daylightv1.Finding) { m.Contradicts = []string{anID} },
		"finding-without-topic": func(m *daylightv1.Finding) { m.Topic = nil },
		"closing-talk-shows-source": func(m *daylightv1.Finding) {
			m.InClosingTalk, m.InterviewIds, m.Sources = proto.Bool(true), []string{anotherID}, nil
		},
		"check-without-result": func(m *daylightv1.Finding) { m.ChecksId = proto.String(anotherID) },
		"result-without-check": func(m *daylightv1.Finding) {
			m.ImplementationSeen = daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_PARTLY.Enum()
		},
	})
}
