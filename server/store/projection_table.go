package store

import (
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// projectionsVersion is another one whenever what a projection holds for the same state
// has changed: the store then fills all of them again.
const projectionsVersion = 10

// projections are what lists, filters and figures need of each kind. The numbers are those
// of the message's fields.
var projections = map[record.Kind]projection{
	record.Facility: project("facilities", []string{"id", "code", "region", "state", "main_type", "body"},
		func(id record.ID, s *fold.State) []any {
			return []any{id[:], record.TextIn(s, 10), record.TextIn(s, record.FacilityRegion), record.NumberIn(s, 28), record.TextIn(s, 13), record.TextIn(s, 15)}
		},
		childTable("facility_types", []string{"type"}, typesOf),
		childTable("capacities", capacityColumns, capacitiesOf(26, func(m *daylightv1.Facility) []*daylightv1.Capacity { return m.GetCapacities() })),
		childTable("populations", populationColumns, populationsOf(27, func(m *daylightv1.Facility) []*daylightv1.PopulationCount { return m.GetPopulation() })),
	),
	record.Visit: project("visits", []string{"id", "facility", "state", "type", "code", "announcement", "joint", "started", "made", "gate"},
		func(id record.ID, s *fold.State) []any {
			started, came := startOf(s)
			return []any{id[:], reference(s, record.VisitFacility), record.NumberIn(s, record.VisitState), record.NumberIn(s, 12), record.TextIn(s, 29),
				record.NumberIn(s, 15), record.NumberIn(s, 13), started, number(madeVisit(record.NumberIn(s, record.VisitState), came)), gateOf(s)}
		},
		childTable("capacities", capacityColumns, capacitiesOf(28, func(m *daylightv1.Visit) []*daylightv1.Capacity { return m.GetCapacities() })),
		childTable("populations", populationColumns, populationsOf(27, func(m *daylightv1.Visit) []*daylightv1.PopulationCount { return m.GetPopulation() })),
	),
	record.Finding: project("findings", []string{"visit", "kind", "area", "topic", "severity", "decided", "evidence", "repeated", "standards", "pressing"},
		func(_ record.ID, s *fold.State) []any {
			severity, decided := record.NumberIn(s, 15), number(record.NumberIn(s, 15) != 0)
			if severity == 0 {
				severity = record.NumberIn(s, 14)
			}
			return []any{reference(s, 10), record.NumberIn(s, 11), record.TextIn(s, 12), record.TextIn(s, 13), severity, decided,
				record.NumberIn(s, 16), number(len(reference(s, 24)) > 0), spaced(record.Keys(s, 19)), pressingOf(s, severity)}
		},
		childTable("finding_interviews", []string{"interview"}, referencesOf(37)),
	),
	record.Term: project("terms", []string{"list", "code"}, func(_ record.ID, s *fold.State) []any {
		return []any{record.TextIn(s, 10), record.TextIn(s, 11)}
	}),
	record.Interview: project("interviews", []string{"visit", "type", "mode", "privacy", "sex", "age_group", "persons", "minutes", "risk", "allegation", "person"},
		func(_ record.ID, s *fold.State) []any {
			return []any{reference(s, 10), record.TextIn(s, 13), record.TextIn(s, 14), record.TextIn(s, 15), record.NumberIn(s, 21), record.NumberIn(s, 22),
				personsIn(s, 20), count(s, 19), record.NumberIn(s, 23), record.NumberIn(s, 27), reference(s, 11)}
		}),
	record.RegisterCheck: project("register_checks", []string{"visit", "type", "access"}, func(_ record.ID, s *fold.State) []any {
		return []any{reference(s, 10), record.TextIn(s, 11), record.NumberIn(s, 13)}
	}),
	record.Measurement: project("measurements", []string{"visit", "type", "value", "topic"}, func(_ record.ID, s *fold.State) []any {
		return []any{reference(s, 10), record.NumberIn(s, 11), holding(s, &daylightv1.Measurement{}, 12).GetValue(), record.TextIn(s, 20)}
	}),
	record.ObstructionIncident: project("obstruction_incidents", []string{"visit", "type", "hindered"}, func(_ record.ID, s *fold.State) []any {
		return []any{reference(s, 10), record.TextIn(s, 11), record.NumberIn(s, 12)}
	}),
	record.ReprisalCase: project("reprisal_cases", []string{"visit", "risk", "state", "urgent", "open", "action_due_on", "person"},
		func(_ record.ID, s *fold.State) []any {
			state := record.NumberIn(s, 13)
			return []any{reference(s, 10), record.NumberIn(s, 12), state, record.NumberIn(s, 20),
				number(state != int64(daylightv1.ReprisalState_REPRISAL_STATE_CLOSED)), lastDay(record.TextIn(s, 17)), reference(s, 11)}
		}),
	record.Undertaking: project("undertakings", []string{"visit", "topic", "due_on", "status", "open"}, func(_ record.ID, s *fold.State) []any {
		m := holding(s, &daylightv1.Undertaking{}, 18)
		last := record.CurrentAssessment(m.GetAssessments(), "")
		return []any{reference(s, 10), record.TextIn(s, 15), lastDay(record.TextIn(s, 14)), int64(last.GetStatus()), number(record.Open(m))}
	}),
	record.Note: project("notes", []string{"visit", "topic", "on_paper", "paper_state"}, func(_ record.ID, s *fold.State) []any {
		return []any{reference(s, 10), record.TextIn(s, 12), record.NumberIn(s, 19), record.NumberIn(s, 20)}
	}),
	record.Recommendation: project("recommendations",
		[]string{"id", "visit", "code", "state", "type", "horizon", "level", "open", "predecessor", "issued_on", "closed_on", "due_on"},
		func(id record.ID, s *fold.State) []any {
			state := record.NumberIn(s, 11)
			return []any{id[:], reference(s, 10), record.TextIn(s, 13), state, record.NumberIn(s, 12), record.NumberIn(s, 15), record.TextIn(s, 16),
				number(record.RecommendationOpen(daylightv1.RecommendationState(state))), reference(s, 21), firstDay(record.TextIn(s, 26)), firstDay(record.TextIn(s, 31)), firstDue(s)}
		},
		childTable("recommendation_lines", []string{"line", "authority", "sent_on", "due_on", "implement_by", "status", "basis"}, linesOf),
		childTable("recommendation_topics", []string{"topic"}, codesOf(18)),
		childTable("recommendation_standards", []string{"standard"}, codesOf(19)),
		childTable("recommendation_findings", []string{"finding"}, referencesOf(20)),
		childTable("recommendation_places", []string{"facility"}, referencesOf(23)),
	),
	record.AuthorityReply: project("authority_replies", []string{"id", "visit", "recommendation", "line", "response", "received_on", "extension_until"},
		func(id record.ID, s *fold.State) []any {
			return []any{id[:], reference(s, 10), reference(s, 11), reference(s, 12), record.NumberIn(s, 13), firstDay(record.TextIn(s, 14)), lastDay(record.TextIn(s, 18))}
		}),
	record.ReviewComment: project("review_comments", []string{"visit", "about", "reply_to", "kind", "settled"}, func(_ record.ID, s *fold.State) []any {
		return []any{reference(s, 10), reference(s, 12), reference(s, 15), record.NumberIn(s, 17), record.NumberIn(s, 18)}
	}),
	record.VisitPlan: project("visit_plans", []string{"facility", "visit", "year", "type", "planned_from"}, func(_ record.ID, s *fold.State) []any {
		return []any{reference(s, 10), reference(s, 20), count(s, 11), record.NumberIn(s, 14), firstDay(record.TextIn(s, 12))}
	}),
	record.Checklist: project("checklists", []string{"code", "version"}, func(_ record.ID, s *fold.State) []any {
		return []any{record.TextIn(s, 10), record.TextIn(s, 11)}
	}),
	record.ChecklistResponse: project("checklist_responses", []string{"visit", "checklist", "code", "version", "finished"},
		func(_ record.ID, s *fold.State) []any {
			return []any{reference(s, 10), reference(s, 11), record.TextIn(s, 12), record.TextIn(s, 13), number(record.TextIn(s, 16) != "")}
		}),
	record.Standard: project("standards", []string{"ref", "instrument"}, func(_ record.ID, s *fold.State) []any {
		return []any{record.TextIn(s, 10), record.TextIn(s, 11)}
	}),
}

// Lists reports whether records of the kind are listed: all that are not sealed, and no
// sealing keys.
func Lists(k record.Kind) bool {
	_, ok := projections[k]
	return ok
}
