package record

import (
	"fmt"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func (f *flags) facility(m *daylightv1.Facility) {
	f.when(len(m.GetNames()) == 0, "facility-without-name", "names", "The place has no name in any language.")
	f.when(m.GetMainType() == "", "facility-without-type", "main_type", "The type of the place is not said.")
	f.when(m.GetRegion() == "", "facility-without-region", "region", "The region is not said, so the place is missing from figures by region.")
	f.when(m.GetState() == daylightv1.FacilityState_FACILITY_STATE_ACTIVE && m.GetClosedOn() != "",
		"closed-but-active", "state", "The place has a closing date and is still marked as in use.")
	f.when(before(m.GetClosedOn(), m.GetOpenedOn()), "closed-before-opened", "closed_on", "The place was closed before it was opened.")
	f.when(m.GetSuccessorId() != "" && m.GetSuccessorId() == m.GetId(), "own-successor", "successor_id", "The place is named as its own successor.")
	f.when(m.GetState() == daylightv1.FacilityState_FACILITY_STATE_ACTIVE && m.GetSuccessorId() != "",
		"succeeded-but-active", "state", "Another place took over and this one is still marked as in use.")
	l := m.GetLocation()
	f.when(l != nil && (l.Latitude == nil) != (l.Longitude == nil), "half-a-location", "location", "Only one of latitude and longitude is given.")
	f.occupancy(m.GetCapacities(), m.GetPopulation())
}

// occupancyMost is the occupancy, in per cent, beyond which a figure is pointed
// out. Real registers show seventeen times the capacity: nothing is refused.
const occupancyMost = 300

// occupancy compares the largest count with each capacity. Rows overlap and are
// never summed: at least that many persons are held.
func (f *flags) occupancy(capacities []*daylightv1.Capacity, counts []*daylightv1.PopulationCount) {
	held, sure := largest(counts)
	for _, c := range capacities {
		switch persons := c.GetPersons(); {
		case c.Persons == nil || !sure:
		case persons == 0 && held > 0:
			f.when(true, "capacity-zero", "capacities", fmt.Sprintf("A capacity of 0 is given, and %d persons are held.", held))
			return
		case persons > 0 && uint64(held)*100 > uint64(persons)*occupancyMost:
			f.when(true, "occupancy-high", "population", fmt.Sprintf("%d persons on %d places is more than %d %% occupancy.", held, persons, occupancyMost))
			return
		}
	}
}

// largest is the largest count of one row; false when nobody counted.
func largest(counts []*daylightv1.PopulationCount) (most uint32, ok bool) {
	for _, c := range counts {
		if c.Persons != nil {
			most, ok = max(most, c.GetPersons()), true
		}
	}
	return most, ok
}
