package record

import (
	"strconv"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func planRules() []FlagRule {
	type plan = *daylightv1.VisitPlan
	return []FlagRule{
		is("plan-without-facility", "facility_id", WeightMissing, "It is not said which place is to be visited.",
			func(m plan) bool { return m.GetFacilityId() == "" }),
		is("plan-without-year", "year", WeightMissing, "The line belongs to the plan of no year.",
			func(m plan) bool { return m.GetYear() == 0 }),
		is("plan-without-reason", "reasons", WeightMissing, "It is not said why this place is chosen.",
			func(m plan) bool { return m.GetReasons() == "" && m.GetAims() == "" }),
		is("plan-reversed", "planned_to", WeightDoubt, "The plan ends before it begins.",
			func(m plan) bool { return before(m.GetPlannedTo(), m.GetPlannedFrom()) }),
		is("plan-outside-year", "planned_from", WeightDoubt, "The visit is planned for another year than that of the plan.",
			func(m plan) bool {
				from := m.GetPlannedFrom()
				return m.GetYear() != 0 && isDate(from) && from[:4] != strconv.FormatUint(uint64(m.GetYear()), 10)
			}),
		is("plan-priority-zero", "priority", WeightDoubt, "The priority is 0, and the first one is 1.",
			func(m plan) bool { return m.Priority != nil && m.GetPriority() == 0 }),
	}
}
