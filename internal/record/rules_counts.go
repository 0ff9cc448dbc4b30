package record

import (
	"strconv"
	"strings"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// counting is a record that holds counts and capacities: a place, or a visit to it.
type counting interface {
	Message
	GetCapacities() []*daylightv1.Capacity
	GetPopulation() []*daylightv1.PopulationCount
}

// occupancyMost is the occupancy, in per cent, beyond which a figure is pointed
// out. Real registers show seventeen times the capacity: nothing is refused.
const occupancyMost = 300

// totalHeld is the category of POPULATION_CATEGORY that counts everybody held.
const totalHeld = "TOTAL"

func countRules() []FlagRule {
	return []FlagRule{
		each("capacity-zero", "capacities", WeightDoubt, "A capacity of 0 is given, and {persons} persons are held.",
			func(m counting, at hit) {
				crowded(m, func(places, held uint64) bool { return places == 0 && held > 0 }, at)
			}),
		each("occupancy-high", "population", WeightRemark, "{persons} persons on {places} places is more than {percent} % occupancy.",
			func(m counting, at hit) {
				crowded(m, func(places, held uint64) bool { return places > 0 && held*100 > places*occupancyMost }, at)
			}),
		each("count-above-total", "population", WeightDoubt, "{persons} persons of one category are more than the {total} that the same source counts in all.",
			countAboveTotal),
	}
}

// crowded compares the largest count with each capacity, and stops at the first for
// which too much holds. Rows overlap and are never summed: at least that many persons
// are held.
func crowded(m counting, tooMuch func(places, held uint64) bool, at hit) {
	held, sure := largest(m.GetPopulation())
	for _, c := range m.GetCapacities() {
		if c.Persons != nil && sure && tooMuch(uint64(c.GetPersons()), uint64(held)) {
			at("", "persons", number(held), "places", number(c.GetPersons()), "percent", number(occupancyMost))
			return
		}
	}
}

// largest is the largest count of one row of persons held; false when nobody counted.
func largest(counts []*daylightv1.PopulationCount) (most uint32, ok bool) {
	for _, c := range counts {
		if c.Persons != nil && !countsStaff(c.GetCategory()) {
			most, ok = max(most, c.GetPersons()), true
		}
	}
	return most, ok
}

// countsStaff reports whether the category counts people who work there.
func countsStaff(category string) bool {
	return strings.HasPrefix(category, "STAFF_") || strings.HasPrefix(category, "HEALTH_STAFF")
}

// countAboveTotal: a part is not larger than the whole, in the same words of the same
// source at the same time.
func countAboveTotal(m counting, at hit) {
	for _, total := range m.GetPopulation() {
		if total.GetCategory() != totalHeld || total.Persons == nil || total.GetSex() != 0 {
			continue
		}
		for _, c := range m.GetPopulation() {
			same := c.GetSource() == total.GetSource() && c.GetAsOf() == total.GetAsOf()
			part := c.GetCategory() != totalHeld && !countsStaff(c.GetCategory()) || c.GetSex() != 0
			if same && part && c.GetPersons() > total.GetPersons() {
				at(c.GetId(), "persons", number(c.GetPersons()), "total", number(total.GetPersons()))
			}
		}
	}
}

func number(n uint32) string { return strconv.FormatUint(uint64(n), 10) }
