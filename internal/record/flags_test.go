package record_test

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func codes(m record.Message) (out []string) {
	for _, f := range record.Flags(m) {
		out = append(out, f.Code)
	}
	return out
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

func soundTerm() *daylightv1.Term {
	return &daylightv1.Term{Id: anID, List: proto.String("L"), Code: proto.String("C"), Labels: map[string]string{"en": "c"}}
}

func TestSoundRecordsHaveNoFlags(t *testing.T) {
	for _, m := range []record.Message{soundFinding(), soundVisit(), soundFacility(), soundTerm()} {
		if got := codes(m); got != nil {
			t.Errorf("%T: %v", m, got)
		}
	}
}

func TestFlagsOfFacilities(t *testing.T) {
	checkFlags(t, soundFacility, map[string]func(*daylightv1.Facility){
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
	})
}

func TestFlagsOfVisits(t *testing.T) {
	checkFlags(t, soundVisit, map[string]func(*daylightv1.Visit){
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
	})
}

func TestFlagsOfFindings(t *testing.T) {
	individual := func(m *daylightv1.Finding) {
		m.Kind, m.SeverityProposed = daylightv1.FindingKind_FINDING_KIND_INDIVIDUAL_CASE.Enum(), nil
		m.Confidentiality = daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_SEALED.Enum()
	}
	checkFlags(t, soundFinding, map[string]func(*daylightv1.Finding){
		"finding-without-visit":    func(m *daylightv1.Finding) { m.VisitId = nil },
		"finding-without-kind":     func(m *daylightv1.Finding) { m.Kind = nil },
		"finding-without-text":     func(m *daylightv1.Finding) { m.Narrative = nil },
		"severity-on-non-concern":  func(m *daylightv1.Finding) { m.Kind = daylightv1.FindingKind_FINDING_KIND_NEUTRAL.Enum() },
		"concern-without-severity": func(m *daylightv1.Finding) { m.SeverityProposed = nil },
		"finding-without-area":     func(m *daylightv1.Finding) { m.Area, m.Topic = nil, nil },
		"topic-not-in-area":        func(m *daylightv1.Finding) { m.Area = proto.String("MATERIAL") },
		"corroborated-needs-two-sources": func(m *daylightv1.Finding) {
			m.EvidenceStatus = daylightv1.EvidenceStatus_EVIDENCE_STATUS_CORROBORATED.Enum()
			m.Sources = []daylightv1.EvidenceSource{1, 1}
		},
		"evidence-without-source": func(m *daylightv1.Finding) {
			m.EvidenceStatus, m.Sources = daylightv1.EvidenceStatus_EVIDENCE_STATUS_ALLEGED.Enum(), nil
		},
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
		"repeats-itself":     func(m *daylightv1.Finding) { m.RepeatsId = proto.String(anID) },
		"contradicts-itself": func(m *daylightv1.Finding) { m.Contradicts = []string{anID} },
	})
}

func TestFlagsOfTerms(t *testing.T) {
	checkFlags(t, soundTerm, map[string]func(*daylightv1.Term){
		"term-without-code":  func(m *daylightv1.Term) { m.Code = nil },
		"term-without-label": func(m *daylightv1.Term) { m.Labels = nil },
	})
}

// checkFlags shows that each change to a sound record brings its flag alone, on a
// field of the schema and in one sentence, and that a removed record has none.
func checkFlags[M record.Message](t *testing.T, sound func() M, changes map[string]func(M)) {
	for code, change := range changes {
		t.Run(code, func(t *testing.T) {
			m := sound()
			change(m)
			flags := record.Flags(m)
			if len(flags) != 1 || flags[0].Code != code {
				t.Fatalf("got %+v", flags)
			}
			f := flags[0]
			name, _, _ := strings.Cut(f.Field, "[")
			if m.ProtoReflect().Descriptor().Fields().ByTextName(name) == nil {
				t.Errorf("is about %q, which is no field", f.Field)
			}
			if strings.Count(f.Text, ".") != 1 || !strings.HasSuffix(f.Text, ".") {
				t.Errorf("%q is not one sentence", f.Text)
			}
			fields := m.ProtoReflect().Descriptor().Fields()
			m.ProtoReflect().Mutable(fields.ByName("removed"))
			if m.GetRemoved() == nil || slices.Contains(codes(m), code) {
				t.Error("a removed record is flagged")
			}
		})
	}
}
