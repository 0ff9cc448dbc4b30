package console

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// everybodyHeld is the category of everybody who is held.
const everybodyHeld = "TOTAL"

// placeCount is how many were held at one time, and how many may be.
type placeCount struct {
	at      time.Time
	visit   *placeVisit // nil: of the place's own record
	persons int
	source  daylightv1.CountSource
	// capacity is the official one at that time; 0 where none is known.
	capacity int
}

func (c placeCount) over() bool { return c.capacity > 0 && c.persons > c.capacity }

// trustedSources orders sources: what the team counted itself before what it read and was told.
var trustedSources = []daylightv1.CountSource{daylightv1.CountSource_COUNT_SOURCE_TEAM_COUNT, daylightv1.CountSource_COUNT_SOURCE_REGISTER,
	daylightv1.CountSource_COUNT_SOURCE_OFFICIAL_STATISTICS, daylightv1.CountSource_COUNT_SOURCE_MANAGEMENT_STATEMENT, daylightv1.CountSource_COUNT_SOURCE_UNSPECIFIED}

// placeCountOf chooses among the counts of all persons held, of which none tells sexes apart.
func placeCountOf(all []*daylightv1.PopulationCount) *daylightv1.PopulationCount {
	for _, source := range trustedSources {
		for _, c := range all {
			if c.GetCategory() == everybodyHeld && c.GetSex() == 0 && c.Persons != nil && c.GetSource() == source {
				return c
			}
		}
	}
	return nil
}

// official are the official capacities, each with the day from which it is known.
func (p *placeTime) official(zone *time.Location) (out []look.Limit) {
	add := func(all []*daylightv1.Capacity, day string) {
		for _, c := range all {
			if at, ok := placeDayIn(cmp.Or(placeWholeDay(c.GetAsOf()), day), zone); c.GetKind() == daylightv1.CapacityKind_CAPACITY_KIND_OFFICIAL && c.GetPersons() > 0 && (ok || c.GetAsOf() == "") {
				out = append(out, look.Limit{From: at, Value: int(c.GetPersons())})
			}
		}
	}
	add(p.place.GetCapacities(), "")
	for _, v := range p.visits {
		if v.day != "" {
			add(v.GetCapacities(), v.day)
		}
	}
	slices.SortStableFunc(out, func(a, b look.Limit) int { return a.From.Compare(b.From) })
	return slices.CompactFunc(out, func(a, b look.Limit) bool { return a.Value == b.Value })
}

func placeDayIn(day string, zone *time.Location) (time.Time, bool) {
	at, err := time.ParseInLocation(time.DateOnly, day, zone)
	return at, err == nil
}

// counts are the counts through time, oldest first.
func (p *placeTime) counts(zone *time.Location) (out []placeCount, limits []look.Limit) {
	limits = p.official(zone)
	add := func(c *daylightv1.PopulationCount, day string, v *placeVisit) {
		if at, ok := placeDayIn(day, zone); ok {
			out = append(out, placeCount{at: at, visit: v, persons: int(c.GetPersons()), source: c.GetSource(), capacity: placeLimitAt(limits, at)})
		}
	}
	for i, v := range p.visits {
		if c := placeCountOf(v.GetPopulation()); c != nil && v.made {
			add(c, v.day, &p.visits[i])
		}
	}
	for _, c := range p.place.GetPopulation() {
		if c.GetCategory() == everybodyHeld && c.GetSex() == 0 && c.Persons != nil {
			add(c, placeWholeDay(c.GetAsOf()), nil)
		}
	}
	slices.SortStableFunc(out, func(a, b placeCount) int { return a.at.Compare(b.at) })
	return out, limits
}

func placeLimitAt(limits []look.Limit, at time.Time) int {
	n := 0
	for i, l := range limits {
		if i == 0 || !l.From.After(at) {
			n = l.Value
		}
	}
	return n
}

// placeOccupancy draws how many were held against the official capacity.
func (t *turn) placeOccupancy(p *placeTime) []look.Part {
	all, limits := p.counts(t.locale.Zone)
	if len(all) == 0 {
		return nil
	}
	last := all[len(all)-1]
	finding := t.say("office-places.held-only", "n", last.persons, "day", t.locale.ShortDay(last.at))
	if last.capacity > 0 {
		key := look.Key("office-places.held-within")
		if last.over() {
			key = "office-places.held-over"
		}
		finding = t.say(key, "share", t.locale.Percent(float64(last.persons)/float64(last.capacity)), "day", t.locale.ShortDay(last.at), "persons", t.locale.Number(last.persons), "capacity", t.locale.Number(last.capacity))
	}
	course := look.Course{Told: finding, Limits: limits, LimitName: t.enum(daylightv1.CapacityKind_CAPACITY_KIND_OFFICIAL)}
	table := look.Ledger{Slim: true, Caption: t.say("office-places.occupancy"), Head: []look.Column{{Text: t.saying().Field("as_of"), Whole: true}, {Text: t.saying().Field("visit_id")}, {Text: t.saying().Field("source")},
		{Text: t.say("field-counts.persons"), Right: true}, {Text: course.LimitName, Right: true}, {Text: t.say("field-counts.occupied"), Right: true}}}
	for _, c := range all {
		course.Marks = append(course.Marks, look.Mark{At: c.at, Value: c.persons, Over: c.over(), Label: t.locale.Number(c.persons)})
		table.Rows = append(table.Rows, look.Line{Cells: t.placeCountCells(c)})
	}
	return []look.Part{look.Figure{Full: true, Finding: finding, Caption: t.say("office-places.occupancy-caption"), Drawing: course.Drawing(t.locale), Table: table}}
}

func (t *turn) placeCountCells(c placeCount) []look.Cell {
	visit, capacity, share := t.say("field-counts.of-place"), look.Plain("—"), look.Plain("—")
	if c.visit != nil {
		visit = look.To("/visits/"+c.visit.GetId(), t.placeVisitKind(c.visit.Visit))
	}
	if c.capacity > 0 {
		capacity, share = t.locale.Number(c.capacity), t.locale.Percent(float64(c.persons)/float64(c.capacity))
	}
	source := t.say("field-counts.no-source")
	if c.source != 0 {
		source = t.enum(c.source)
	}
	return []look.Cell{{Text: t.locale.ShortDay(c.at)}, {Text: visit}, {Text: source}, {Text: t.locale.Number(c.persons)}, {Text: capacity}, {Text: share}}
}

func (t *turn) placeVisitKind(v *daylightv1.Visit) look.Text {
	if v.GetType() == 0 {
		return t.saying().Kind(record.Visit)
	}
	return t.enum(v.GetType())
}

// gravely reports whether findings of a kind speak against a place.
func gravely(k daylightv1.FindingKind) bool {
	switch k {
	case daylightv1.FindingKind_FINDING_KIND_GOOD_PRACTICE, daylightv1.FindingKind_FINDING_KIND_PROGRESS, daylightv1.FindingKind_FINDING_KIND_NEUTRAL:
		return false
	}
	return true
}

// placeSeverities are those of findings, and none where it is not said.
var placeSeverities = []daylightv1.FindingSeverity{1, 2, 3, 4, 0}

// mostPlaceBars is how many visits a chart sets side by side.
const mostPlaceBars = 10

// withFindings are the latest visits that something was found on, newest first, and what: by
// visit, severity or area, as key says.
func (p *placeTime) withFindings(key func(store.PlaceFinding) string) (visits []placeVisit, counts map[string]map[string]int) {
	counts = map[string]map[string]int{}
	for _, f := range p.found {
		if id := f.Visit.String(); gravely(f.Kind) {
			if counts[id] == nil {
				counts[id] = map[string]int{}
			}
			counts[id][key(f)] += int(f.Findings)
		}
	}
	for _, v := range p.visits {
		if counts[v.GetId()] != nil && len(visits) < mostPlaceBars {
			visits = append(visits, v)
		}
	}
	return visits, counts
}

// placeFindings draws the findings of each visit by how grave they are.
func (t *turn) placeFindings(p *placeTime) []look.Part {
	bySeverity := func(f store.PlaceFinding) string { return strconv.Itoa(int(f.Severity)) }
	visits, counts := p.withFindings(bySeverity)
	if len(visits) == 0 {
		return nil
	}
	names := []look.Text{}
	for _, s := range placeSeverities {
		if names = append(names, t.say("office-places.not-rated")); s != 0 {
			names[len(names)-1] = t.placeTag("FINDING_SEVERITY", s.String()).Text
		}
	}
	bars := look.Bars{Series: placeSeries(names, "g2", "c1", "c3", "c-over", "c4")}
	for _, v := range visits {
		bar := look.Bar{Name: t.placeDay(v.day)}
		for _, s := range placeSeverities {
			bar.Values = append(bar.Values, counts[v.GetId()][strconv.Itoa(int(s))])
		}
		bars.Rows = append(bars.Rows, bar)
	}
	last := bars.Rows[0]
	bars.Told = t.say("office-places.found-last", "n", last.Sum(), "grave", t.locale.Number(last.Values[2]+last.Values[3]), "day", last.Name)
	return []look.Part{t.placeBars(bars, t.say("office-places.found-caption"), t.saying().Field("visit_id"))}
}

func placeSeries(names []look.Text, classes ...string) (out []look.KeyItem) {
	for i, class := range classes {
		out = append(out, look.KeyItem{Class: class, Text: names[i]})
	}
	return out
}

// placeBars is the figure of bars, with the same as a table.
func (t *turn) placeBars(b look.Bars, caption, name look.Text) look.Figure {
	table := look.Ledger{Slim: true, Caption: caption, Head: []look.Column{{Text: name}}}
	for _, s := range b.Series {
		table.Head = append(table.Head, look.Column{Text: s.Text, Right: true})
	}
	for _, row := range b.Rows {
		line := look.Line{Cells: []look.Cell{{Text: row.Name}}}
		for _, n := range row.Values {
			line.Cells = append(line.Cells, look.Cell{Text: t.locale.Number(n)})
		}
		table.Rows = append(table.Rows, line)
	}
	return look.Figure{Finding: b.Told, Caption: caption, Key: b.Series, Drawing: b.Drawing(t.locale), Table: table}
}

// placeAreas shows the findings by area, visit by visit.
func (t *turn) placeAreas(p *placeTime) []look.Part {
	visits, counts := p.withFindings(func(f store.PlaceFinding) string { return f.Area })
	if len(visits) == 0 {
		return nil
	}
	slices.Reverse(visits) // from left to right as time goes
	sums := map[string]int{}
	h := look.Heat{Caption: t.say("office-places.areas-caption"), Head: []look.Text{t.saying().Field("area")}}
	for _, v := range visits {
		h.Head = append(h.Head, look.To("/visits/"+v.GetId(), t.placeDay(v.day)))
		for area, n := range counts[v.GetId()] {
			sums[area] += n
		}
	}
	for _, area := range slices.SortedFunc(maps.Keys(sums), func(a, b string) int { return cmp.Or(sums[b]-sums[a], cmp.Compare(a, b)) }) {
		row := look.HeatRow{Name: t.say("office-places.no-area")}
		if area != "" {
			row.Name = t.code(vocabulary.FindingArea, area)
		}
		for _, v := range visits {
			row.Values = append(row.Values, counts[v.GetId()][area])
		}
		h.Rows = append(h.Rows, row)
	}
	return []look.Part{look.Section{Heading: t.say("office-places.areas"), Body: []look.Part{h}}}
}
