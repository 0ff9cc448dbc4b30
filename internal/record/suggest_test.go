package record_test

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func TestThresholdsSuggest(t *testing.T) {
	const (
		space    = daylightv1.MeasurementType_MEASUREMENT_TYPE_LIVING_SPACE
		area     = daylightv1.MeasurementType_MEASUREMENT_TYPE_ROOM_AREA
		width    = daylightv1.MeasurementType_MEASUREMENT_TYPE_ROOM_WIDTH
		height   = daylightv1.MeasurementType_MEASUREMENT_TYPE_ROOM_HEIGHT
		openAir  = daylightv1.MeasurementType_MEASUREMENT_TYPE_OPEN_AIR
		solitary = daylightv1.MeasurementType_MEASUREMENT_TYPE_SOLITARY_HOURS
		days     = daylightv1.MeasurementType_MEASUREMENT_TYPE_SOLITARY_DAYS
		heat     = daylightv1.MeasurementType_MEASUREMENT_TYPE_TEMPERATURE
	)
	for name, c := range map[string]struct {
		typ     daylightv1.MeasurementType
		value   float64
		persons uint32
		place   string
		want    string
	}{
		"alone with enough":            {space, 6, 1, "PEN_OPEN", ""},
		"alone with too little":        {space, 5.99, 1, "PEN_OPEN", "space-single"},
		"alone with next to nothing":   {space, 3.9, 1, "PEN_OPEN", "space-single"},
		"together with enough":         {space, 4, 3, "", ""},
		"together with too little":     {space, 3.9, 3, "", "space-shared"},
		"nobody said how many":         {space, 3.9, 0, "", "space-shared"},
		"alone with the police":        {space, 6.5, 1, "POL_IVS", "space-single-police"},
		"together with the police":     {space, 3, 2, "POL_IVS", "space-shared"},
		"a ward has its national norm": {space, 3, 2, "HLT_PSY_GENERAL", ""},
		"a home has its national norm": {space, 3, 2, "SOC_OLDER", ""},
		"the area of a shared room":    {area, 11, 3, "", "space-shared"},
		"the area of a room":           {area, 3, 0, "", ""},
		"narrow":                       {width, 1.99, 0, "", "room-width"},
		"low":                          {height, 2.49, 0, "", "room-height"},
		"an hour outside":              {openAir, 60, 0, "", ""},
		"less than an hour outside":    {openAir, 59, 0, "", "open-air"},
		"no time outside":              {openAir, 0, 0, "", "open-air"},
		"a day has not that many":      {solitary, 25, 0, "", ""},
		"solitary":                     {solitary, 22, 0, "", "solitary-hours"},
		"not solitary":                 {solitary, 21.9, 0, "", ""},
		"prolonged":                    {days, 16, 0, "", "solitary-days"},
		"not prolonged":                {days, 15, 0, "", ""},
		"no number in any standard":    {heat, -20, 0, "", ""},
		"less than nothing":            {width, -1, 0, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := &daylightv1.Measurement{Id: anID, Type: c.typ.Enum(), Value: proto.Float64(c.value), Persons: proto.Uint32(c.persons)}
			got := ""
			for _, s := range record.Suggest(m, c.place) {
				got += s.Threshold.Code
			}
			if got != c.want {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestSuggestedFindingHoldsWhatFollows(t *testing.T) {
	m := soundMeasurement()
	m.Value, m.AreaM2, m.Wing, m.Room, m.MeasuredAt = nil, proto.Float64(12), proto.String("B"), proto.String("7"), proto.String(day1)
	got := record.Suggest(m, "PEN_REMAND")
	if len(got) != 1 {
		t.Fatalf("%v", got)
	}
	want := &daylightv1.Finding{
		VisitId: m.VisitId, Kind: daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(), Area: proto.String("MAT"), Topic: proto.String("MAT.SPACE"),
		Standards: []string{"CPT-CPT_Inf_2015_44", "NMR-13"}, Unit: m.Wing, Room: m.Room, ObservedAt: m.MeasuredAt,
		MeasurementIds: []string{anID}, Sources: []daylightv1.EvidenceSource{measured}, NumberAffected: &daylightv1.CountRange{Exact: proto.Uint32(4)},
	}
	if !proto.Equal(got[0].Finding, want) {
		t.Errorf("got  %v\nwant %v", got[0].Finding, want)
	}
	if got[0].Text != "3 m2 of living space for each person is less than 4 m2." || got[0].Threshold.MessageKey() != "threshold.space-shared" {
		t.Errorf("%q", got[0].Text)
	}
	m.Room = proto.String("8")
	if got[0].Finding.GetRoom() != "7" {
		t.Error("the suggestion changes with the measurement")
	}
}

func TestThresholdsAreWellFormed(t *testing.T) {
	var seen []string
	for _, l := range record.Thresholds() {
		if l.Code == "" || slices.Contains(seen, l.Code) || l.Topic == "" || l.Unit == "" || l.Text == "" || l.Comparison < record.Below || l.Comparison > record.Above {
			t.Errorf("%+v", l)
		}
		seen = append(seen, l.Code)
	}
}

func TestLivingSpaceFollowsFromTheArea(t *testing.T) {
	m := soundMeasurement()
	m.Value = nil
	if v, ok := record.ValueOf(m); !ok || v != 5 {
		t.Errorf("%v %v", v, ok)
	}
	m.Persons = nil
	if _, ok := record.ValueOf(m); ok {
		t.Error("nobody shares it, and there is a value for each")
	}
}

func counted(id, category string, n uint32, source daylightv1.CountSource, asOf string) *daylightv1.PopulationCount {
	return &daylightv1.PopulationCount{Id: id, Category: proto.String(category), Persons: proto.Uint32(n), Source: source.Enum(), AsOf: proto.String(asOf)}
}

func TestCountsStandSideBySide(t *testing.T) {
	f := &daylightv1.Facility{Population: []*daylightv1.PopulationCount{counted(anID, "TOTAL", 500, 4, "2025-01-01")}}
	v := &daylightv1.Visit{Population: []*daylightv1.PopulationCount{
		counted(anID, "TOTAL", 310, 3, "2026-11-24T15:00+05:00"), counted(anotherID, "TOTAL", 290, 1, "2026-11-24T10:00+05:00"),
		counted(thirdID, "BOYS", 7, 1, ""), {Id: visitID, Category: proto.String("GIRLS")},
	}}
	rows := record.SideBySide(f, v)
	if len(rows) != 2 || rows[0].Category != "BOYS" || rows[0].Differ {
		t.Fatalf("%+v", rows)
	}
	r := rows[1]
	if !r.Differ || r.Least != 290 || r.Most != 310 {
		t.Errorf("only counts of the same day contradict each other: %+v", r)
	}
	var order []uint32
	for _, c := range r.Counts {
		order = append(order, c.Persons)
	}
	if !slices.Equal(order, []uint32{500, 290, 310}) || r.Counts[0].Of != record.Facility || r.Counts[2].Key != anID {
		t.Errorf("%+v", r.Counts)
	}
	if got := record.SideBySide(nil, nil); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

func TestOccupancy(t *testing.T) {
	const official, beds = daylightv1.CapacityKind_CAPACITY_KIND_OFFICIAL, daylightv1.CapacityKind_CAPACITY_KIND_BEDS
	f := &daylightv1.Facility{
		Capacities: []*daylightv1.Capacity{{Id: anID, Kind: beds.Enum(), Persons: proto.Uint32(40)}, {Id: anotherID, Kind: official.Enum(), Persons: proto.Uint32(20)}, {Id: thirdID}},
		Population: []*daylightv1.PopulationCount{counted(anID, "TOTAL", 340, 4, "2026-11-01"), counted(anotherID, "ADULT_MEN", 900, 4, "2026-11-01"), counted(thirdID, "TOTAL", 20, 4, "2026-10")},
	}
	got := record.Occupancy(f, nil)
	if len(got) != 2 || got[0].Capacity != official || got[0].Ratio != 17 || got[1].Ratio != 8.5 {
		t.Errorf("%+v", got)
	}
	v := &daylightv1.Visit{Population: []*daylightv1.PopulationCount{counted(anID, "TOTAL", 30, 1, day1), counted(anotherID, "TOTAL", 32, 3, day1)}}
	got = record.Occupancy(f, v)
	if len(got) != 4 || got[0].Ratio != 1.5 || got[1].Ratio != 1.6 {
		t.Errorf("each source by itself, and the visit before the place: %+v", got)
	}
	if got := record.Occupancy(nil, nil); got != nil {
		t.Errorf("of nothing: %v", got)
	}
}

func TestSuggestionsAreOfValuesThatCanBe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMessage(t, record.Measurement).(*daylightv1.Measurement)
		for _, s := range record.Suggest(m, rapid.SampledFrom([]string{"", "POL_IVS", "HLT_TB"}).Draw(t, "place")) {
			if s.Finding.Id != "" || s.Finding.SeverityProposed != nil || s.Finding.SeverityDecided != nil || s.Value < 0 || m.GetRemoved() != nil {
				t.Fatalf("%+v", s)
			}
		}
	})
}
