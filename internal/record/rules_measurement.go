package record

import (
	"math"
	"strconv"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

type measurement = *daylightv1.Measurement

// most is the greatest value that a day has room for, in the unit of the type.
var most = map[daylightv1.MeasurementType]float64{
	daylightv1.MeasurementType_MEASUREMENT_TYPE_OPEN_AIR:       minutesOfADay,
	daylightv1.MeasurementType_MEASUREMENT_TYPE_OUT_OF_CELL:    24,
	daylightv1.MeasurementType_MEASUREMENT_TYPE_SOLITARY_HOURS: 24,
	daylightv1.MeasurementType_MEASUREMENT_TYPE_LIGHT_HOURS:    24,
}

// Degrees Celsius beyond which no room is.
const coldest, hottest = -60, 70

func measurementRules() []FlagRule {
	const other, temperature = daylightv1.MeasurementType_MEASUREMENT_TYPE_OTHER, daylightv1.MeasurementType_MEASUREMENT_TYPE_TEMPERATURE
	return []FlagRule{
		is("measurement-without-type", "type", WeightMissing, "It is not said what was measured.",
			func(m measurement) bool { return m.GetType() == 0 }),
		is("measurement-without-value", "value", WeightMissing, "The value is not given and does not follow from the area.",
			func(m measurement) bool {
				_, ok := ValueOf(m)
				return !ok
			}),
		is("measurement-without-method", "method", WeightMissing, "It is not said whether the figure was measured, counted or told.",
			func(m measurement) bool { return m.GetMethod() == 0 }),
		is("other-without-unit", "label", WeightMissing, "Another quantity needs a name and a unit.",
			func(m measurement) bool { return m.GetType() == other && (m.GetLabel() == "" || m.GetUnit() == "") }),
		is("unit-not-used", "unit", WeightDoubt, "The type of measurement has its own unit: the one that is given is not read.",
			func(m measurement) bool { return m.GetType() != other && m.GetType() != 0 && m.GetUnit() != "" }),
		each("measurement-negative", "value", WeightDoubt, "{value} is less than nothing.",
			func(m measurement, at hit) {
				if m.GetType() != temperature && m.GetType() != other && m.GetValue() < 0 {
					at("", "value", decimal(m.GetValue()))
				}
			}),
		each("temperature-impossible", "value", WeightDoubt, "{value} degrees Celsius is no temperature of a room.",
			func(m measurement, at hit) {
				if v := m.GetValue(); m.GetType() == temperature && (v < coldest || v > hottest) {
					at("", "value", decimal(v))
				}
			}),
		each("more-than-a-day", "value", WeightDoubt, "{value} is more than a day has.",
			func(m measurement, at hit) {
				if limit, ok := most[m.GetType()]; ok && m.GetValue() > limit {
					at("", "value", decimal(m.GetValue()))
				}
			}),
		is("area-impossible", "area_m2", WeightDoubt, "The area is nothing or less.",
			func(m measurement) bool { return m.AreaM2 != nil && m.GetAreaM2() <= 0 }),
		is("shared-by-nobody", "persons", WeightDoubt, "Nobody shares what was measured.",
			func(m measurement) bool { return m.Persons != nil && m.GetPersons() == 0 }),
		each("living-space-disagrees", "value", WeightDoubt, "The living space is given as {value} and follows from area and persons as {computed}.",
			func(m measurement, at hit) {
				if computed, ok := spaceEach(m); ok && m.Value != nil && m.GetType() == daylightv1.MeasurementType_MEASUREMENT_TYPE_LIVING_SPACE &&
					math.Abs(computed-m.GetValue()) > max(0.1, computed/20) {
					at("", "value", decimal(m.GetValue()), "computed", decimal(computed))
				}
			}),
	}
}

// ValueOf is the value of a measurement in the unit of its type: the one that is given,
// or for living space, where none is, what follows from area and persons. False when
// there is none.
func ValueOf(m *daylightv1.Measurement) (float64, bool) {
	if m.Value != nil {
		return m.GetValue(), true
	}
	if m.GetType() == daylightv1.MeasurementType_MEASUREMENT_TYPE_LIVING_SPACE {
		return spaceEach(m)
	}
	return 0, false
}

// spaceEach is the area for each person, in square metres.
func spaceEach(m measurement) (float64, bool) {
	if m.GetPersons() == 0 || m.GetAreaM2() <= 0 {
		return 0, false
	}
	return m.GetAreaM2() / float64(m.GetPersons()), true
}

// decimal writes a number with at most two digits behind the point.
func decimal(f float64) string {
	return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64)
}
