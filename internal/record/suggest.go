package record

import (
	"strings"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Comparison says on which side of a limit a value suggests a finding.
type Comparison uint8

// The comparisons.
const (
	Below   Comparison = 1 // less than the limit
	AtLeast Comparison = 2 // the limit or more
	Above   Comparison = 3 // more than the limit
)

// Threshold is a limit that a standard names for one type of measurement. It suggests a
// finding and decides nothing.
type Threshold struct {
	// Code is stable and unique; the sentence's key is "threshold." and the code.
	Code string
	Type daylightv1.MeasurementType
	Unit string
	// Comparison and Limit say which values suggest.
	Comparison Comparison
	Limit      float64
	// Single: asked of one person alone; Shared: asked of several, or where it is not
	// said how many. Neither: asked of all.
	Single, Shared bool
	// Places are the beginnings of the place types that it holds for; none: all. Not are
	// those that it does not hold for.
	Places, Not []string
	Topic       string
	// Standards are references that speak of it, as NMR-44.
	Standards []string
	// Text is a sentence with {value} and {limit}.
	Text string
}

// MessageKey names the threshold's sentence in a catalogue.
func (t Threshold) MessageKey() string { return "threshold." + t.Code }

// Thresholds lists all of them. Where an instrument names no number there is none: how
// warm a cell must be, or how soon a doctor must come, people judge.
//
// Sources: living space CPT/Inf(2015)44 (6 m2 in a single cell, 4 m2 for each person in a
// shared one, the sanitary annexe left out; walls 2 m apart, 2.5 m high); for one person in
// police custody about 7 m2, which the CPT calls desirable and no standard that is listed
// names; for places of health and social care the national norm, which is not in here; open air NMR 23 and EPR 27;
// solitary confinement NMR 44 (22 hours a day; over 15 days it is prolonged) and 43,
// which forbids prolonged solitary.
func Thresholds() []Threshold {
	const (
		space = "CPT-CPT_Inf_2015_44"
		each  = daylightv1.MeasurementType_MEASUREMENT_TYPE_LIVING_SPACE
	)
	care := []string{"HLT_", "SOC_"}
	return []Threshold{
		{Code: "space-single", Type: each, Unit: "m2", Comparison: Below, Limit: 6, Single: true, Not: append([]string{"POL_"}, care...),
			Topic: "MAT.SPACE", Standards: []string{space, "NMR-13"}, Text: "{value} m2 of living space for one person alone is less than {limit} m2."},
		{Code: "space-single-police", Type: each, Unit: "m2", Comparison: Below, Limit: 7, Single: true, Places: []string{"POL_"},
			Topic: "MAT.SPACE", Text: "{value} m2 for one person in police custody is less than the {limit} m2 that are desirable."},
		{Code: "space-shared", Type: each, Unit: "m2", Comparison: Below, Limit: 4, Shared: true, Not: care,
			Topic: "MAT.SPACE", Standards: []string{space, "NMR-13"}, Text: "{value} m2 of living space for each person is less than {limit} m2."},
		{Code: "room-width", Type: daylightv1.MeasurementType_MEASUREMENT_TYPE_ROOM_WIDTH, Unit: "m", Comparison: Below, Limit: 2, Not: care,
			Topic: "MAT.SPACE", Standards: []string{space}, Text: "{value} m between the walls is less than {limit} m."},
		{Code: "room-height", Type: daylightv1.MeasurementType_MEASUREMENT_TYPE_ROOM_HEIGHT, Unit: "m", Comparison: Below, Limit: 2.5, Not: care,
			Topic: "MAT.SPACE", Standards: []string{space}, Text: "{value} m from floor to ceiling is less than {limit} m."},
		{Code: "open-air", Type: daylightv1.MeasurementType_MEASUREMENT_TYPE_OPEN_AIR, Unit: "min", Comparison: Below, Limit: 60,
			Topic: "REGIME.OPEN_AIR", Standards: []string{"NMR-23", "EPR-27"}, Text: "{value} minutes a day in the open air is less than {limit}."},
		{Code: "solitary-hours", Type: daylightv1.MeasurementType_MEASUREMENT_TYPE_SOLITARY_HOURS, Unit: "h", Comparison: AtLeast, Limit: 22,
			Topic: "DISC.SOLITARY", Standards: []string{"NMR-44", "NMR-45"}, Text: "{value} hours a day without meaningful contact, {limit} or more, is solitary confinement."},
		{Code: "solitary-days", Type: daylightv1.MeasurementType_MEASUREMENT_TYPE_SOLITARY_DAYS, Unit: "d", Comparison: Above, Limit: 15,
			Topic: "DISC.SOLITARY", Standards: []string{"NMR-43", "NMR-44"}, Text: "{value} days in a row, more than {limit}, is prolonged solitary confinement."},
	}
}

// Suggestion is a finding that a measurement suggests.
type Suggestion struct {
	// Finding is not saved, has no id and no severity: a person decides whether it is one.
	Finding *daylightv1.Finding
	// Measurement is the id of what suggests it.
	Measurement string
	Threshold   Threshold
	// Value is what was compared.
	Value float64
	// Text is the sentence, filled with Params.
	Text   string
	Params map[string]string
}

// Suggest says which findings a measurement suggests at a place of that main type, empty
// where it is not known: none, or one for each threshold that it is beyond. Values that
// cannot be, and removed measurements, suggest nothing.
func Suggest(m *daylightv1.Measurement, placeType string) (out []Suggestion) {
	typ, value, ok := compared(m)
	if !ok || value < 0 || m.GetRemoved() != nil {
		return nil
	}
	if limit, bound := most[typ]; bound && value > limit {
		return nil
	}
	for _, t := range Thresholds() {
		if t.Type == typ && t.asks(m.GetPersons(), placeType) && t.beyond(value) {
			params := Paired([]string{"value", decimal(value), "limit", decimal(t.Limit)})
			out = append(out, Suggestion{suggested(m, t), m.GetId(), t, value, Filled(t.Text, params), params})
		}
	}
	return out
}

// compared is what a measurement is compared as: the area of a room that people share is
// also the space for each of them.
func compared(m measurement) (daylightv1.MeasurementType, float64, bool) {
	if m.GetType() == daylightv1.MeasurementType_MEASUREMENT_TYPE_ROOM_AREA && m.GetPersons() > 0 && m.Value != nil {
		return daylightv1.MeasurementType_MEASUREMENT_TYPE_LIVING_SPACE, m.GetValue() / float64(m.GetPersons()), true
	}
	value, ok := ValueOf(m)
	return m.GetType(), value, ok
}

func (t Threshold) asks(persons uint32, place string) bool {
	begins := func(all []string) bool {
		for _, p := range all {
			if strings.HasPrefix(place, p) {
				return true
			}
		}
		return false
	}
	alone := persons == 1
	return (!t.Single || alone) && (!t.Shared || !alone) && (len(t.Places) == 0 || begins(t.Places)) && !begins(t.Not)
}

func (t Threshold) beyond(value float64) bool {
	switch t.Comparison {
	case Below:
		return value < t.Limit
	case AtLeast:
		return value >= t.Limit
	case Above:
		return value > t.Limit
	}
	return false
}

// suggested is the finding, with all that follows from the measurement and nothing else.
func suggested(m measurement, t Threshold) *daylightv1.Finding {
	area, _, _ := strings.Cut(t.Topic, ".")
	f := &daylightv1.Finding{
		VisitId: m.VisitId, Kind: daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(),
		Area: proto.String(area), Topic: proto.String(t.Topic), Standards: t.Standards,
		Unit: m.Wing, Room: m.Room, ObservedAt: m.MeasuredAt,
	}
	if m.GetId() != "" {
		f.MeasurementIds = []string{m.GetId()}
	}
	if source := sourceOfMeasurement(m); source != 0 {
		f.Sources = []daylightv1.EvidenceSource{source}
	}
	if m.GetPersons() > 0 {
		f.NumberAffected = &daylightv1.CountRange{Exact: m.Persons}
	}
	return proto.Clone(f).(*daylightv1.Finding)
}
