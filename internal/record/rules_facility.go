package record

import (
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func facilityRules() []FlagRule {
	type place = *daylightv1.Facility
	active := func(m place) bool { return m.GetState() == daylightv1.FacilityState_FACILITY_STATE_ACTIVE }
	return []FlagRule{
		is("facility-without-name", "names", WeightMissing, "The place has no name in any language.",
			func(m place) bool { return len(m.GetNames()) == 0 }),
		is("facility-without-type", "main_type", WeightMissing, "The type of the place is not said.",
			func(m place) bool { return m.GetMainType() == "" }),
		is("facility-without-region", "region", WeightMissing, "The region is not said, so the place is missing from figures by region.",
			func(m place) bool { return m.GetRegion() == "" }),
		is("closed-but-active", "state", WeightDoubt, "The place has a closing date and is still marked as in use.",
			func(m place) bool { return active(m) && m.GetClosedOn() != "" }),
		is("closed-before-opened", "closed_on", WeightDoubt, "The place was closed before it was opened.",
			func(m place) bool { return before(m.GetClosedOn(), m.GetOpenedOn()) }),
		is("own-successor", "successor_id", WeightDoubt, "The place is named as its own successor.",
			func(m place) bool { return m.GetSuccessorId() != "" && m.GetSuccessorId() == m.GetId() }),
		is("succeeded-but-active", "state", WeightDoubt, "Another place took over and this one is still marked as in use.",
			func(m place) bool { return active(m) && m.GetSuccessorId() != "" }),
		is("half-a-location", "location", WeightDoubt, "Only one of latitude and longitude is given.",
			func(m place) bool {
				l := m.GetLocation()
				return l != nil && (l.Latitude == nil) != (l.Longitude == nil)
			}),
	}
}
