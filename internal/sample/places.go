package sample

import (
	"fmt"
	"math"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// place is what is remembered of a place.
type place struct {
	id string
	placeType
	region   region
	country  country
	number   int
	capacity int
	present  int // persons, at the last count
	lat, lng float64
	known    bool
	closed   bool
	twin     *place // the record of the same place that this one is joined to
	visited  time.Time
	// What the next visit goes back to: never more than a few.
	open     []*recommendation
	findings []found
}

// found is a finding that a later visit may repeat.
type found struct{ id, topic string }

// most is how much of the past a place remembers.
const most = 24

func (p *place) remember(f found) {
	if p.findings = append(p.findings, f); len(p.findings) > most {
		p.findings = p.findings[1:]
	}
}

// local is the time on a clock of the place.
func (p *place) local(at time.Time) time.Time {
	hours := p.country.hours
	if m := at.Month(); m > time.March && m < time.November {
		hours = p.country.summer
	}
	return at.In(time.FixedZone("", hours*3600))
}

// moment is a time as it is stored, with the offset of the place.
func (p *place) moment(at time.Time) string {
	return p.local(at).Format("2006-01-02T15:04-07:00")
}

// register makes the places and plans how they come into the register: most when the
// office opens, others as they are heard of, some from the field.
func (w *world) register() {
	at := w.From.Add(time.Hour)
	for n := 0; n < w.Places; {
		first, size := n, min(500, w.Places-n)
		for range size {
			w.places = append(w.places, w.newPlace())
			n++
		}
		of := w.places[first:n]
		at = at.Add(time.Minute)
		w.on(at, func(at time.Time) { w.registerAll(at, of) })
	}
	w.on(w.From.Add(2*time.Hour), w.ownTerms)
	for year := w.From.Year() + 1; year <= w.Until.Year(); year++ {
		w.on(time.Date(year, 2, 10, 9, 0, 0, 0, time.UTC), w.statistics)
	}
}

func (w *world) newPlace() *place {
	c := weighed(w.dice, w.Countries, func(code string) float64 { return countryOf(code).share })
	t := weighed(w.dice, placeTypes, func(t placeType) float64 { return t.share })
	p := &place{placeType: t, country: countryOf(c), capacity: w.between(t.least, t.most)}
	p.region = weighed(w.dice, p.country.regions, func(r region) float64 { return r.weight })
	if p.capacity > 20 {
		p.capacity -= p.capacity % 5
	}
	p.present = w.persons(p)
	return p
}

// persons is how many are held: mostly fewer than there is room for, in some places
// more, and once in a while a figure that cannot be.
func (w *world) persons(p *place) int {
	percent := w.between(45, 105)
	switch {
	case w.chance(0.3):
		percent = 1700
	case p.group == 2 && w.chance(25):
		percent = w.between(105, 190)
	}
	return max(p.capacity*percent/100, 1)
}

// registerAll is an import of a register, with a file for every 500 places.
func (w *world) registerAll(at time.Time, of []*place) {
	b := w.send(at)
	by := w.holder(caseOfficer)
	for i, p := range of {
		if i > 0 && w.chance(12) { // heard of later
			w.after(at, 20, w.span(), func(at time.Time) { w.discover(at, p) })
			continue
		}
		b.create(by, at, w.record(p, at))
	}
	b.emit()
}

// span is how many days the history has.
func (w *world) span() int { return int(w.Until.Sub(w.From).Hours() / 24) }

// discover adds a place of which the office hears later.
func (w *world) discover(at time.Time, p *place) {
	if p.known {
		return
	}
	b := w.send(at)
	b.create(w.holder(caseOfficer), at.Add(-10*time.Minute), w.record(p, at))
	b.emit()
}

// record is the place as a record, with a code of the office.
func (w *world) record(p *place, at time.Time) *daylightv1.Facility {
	w.codes++
	p.id, p.number, p.known = w.id(record.Facility, at), w.codes, true
	year := at.Year() - w.between(4, 60)
	f := &daylightv1.Facility{
		Id: p.id, Code: proto.String(fmt.Sprintf("P-%05d", p.number)), Names: p.names(),
		MainType: &p.placeType.code, ResponsibleBody: &p.placeType.body, Region: &p.region.code,
		District: proto.String(fmt.Sprintf("Район № %d", w.between(1, 24))), Town: proto.String(fmt.Sprintf("Посёлок № %d", w.between(1, 90))),
		Address: proto.String(fmt.Sprintf("ул. Учётная, %d", w.between(1, 140))), State: daylightv1.FacilityState_FACILITY_STATE_ACTIVE.Enum(),
		OpenedOn: proto.String(fmt.Sprint(year)), Location: w.location(p.region.lat, p.region.lng, 0.45), VocabularyVersion: proto.Uint32(1),
	}
	p.lat, p.lng = f.Location.GetLatitude(), f.Location.GetLongitude()
	f.SexesHeld, f.AgesHeld = p.placeType.held(w.dice)
	f.Capacities, f.Population = w.capacities(p, at), []*daylightv1.PopulationCount{w.count(p, at, "TOTAL", p.present, statisticsSource)}
	w.decorate(f, p, year, at)
	return f
}

// decorate adds what only some places have.
func (w *world) decorate(f *daylightv1.Facility, p *place, year int, at time.Time) {
	if w.chance(18) {
		f.FormerNames = []*daylightv1.FormerName{{
			Id: w.id(record.Facility, at), Name: proto.String(fmt.Sprintf("%s № %d", p.ru, p.number+500)), Language: proto.String("ru"),
			Until: proto.String(fmt.Sprint(year + w.between(1, 3))),
		}}
	}
	if p.group == 2 || p.group == 8 {
		f.Connectivity = append(f.Connectivity, daylightv1.Connectivity_CONNECTIVITY_NO_PHONE_ALLOWED)
	}
	if w.chance(25) {
		f.Connectivity = append(f.Connectivity, daylightv1.Connectivity_CONNECTIVITY_NO_SIGNAL)
	}
	if p.group == 2 {
		f.SecurityLevel = proto.String(one(w.dice, "минимальный", "средний", "максимальный"))
	}
	if p.body == "PRIVATE" {
		f.Operator = proto.String(fmt.Sprintf("Частный оператор № %d", w.between(1, 30)))
	}
	if p.code == "PEN_REMAND" && w.chance(30) {
		f.Types = []string{"PEN_TRANSIT"}
	}
}

// names of a place in the languages of its country.
func (p *place) names() map[string]string {
	out := map[string]string{"ru": fmt.Sprintf("%s № %d", p.ru, p.number), "en": fmt.Sprintf("%s No. %d", p.en, p.number)}
	switch p.country.code {
	case "UA":
		out["uk"] = fmt.Sprintf("%s № %d", p.uk, p.number)
	case "TM":
		out["tk"] = fmt.Sprintf("%s № %d", p.tk, p.number)
	}
	return out
}

// location is a point within so many degrees of another.
func (w *world) location(lat, lng, within float64) *daylightv1.Coordinates {
	near := func(middle float64) *float64 {
		return proto.Float64(math.Round((middle+(w.Float64()*2-1)*within)*1e4) / 1e4)
	}
	return &daylightv1.Coordinates{Latitude: near(lat), Longitude: near(lng), PrecisionM: proto.Float64(one(w.dice, 20., 50., 100., 500.))}
}

func (w *world) capacities(p *place, at time.Time) []*daylightv1.Capacity {
	persons := uint32(p.capacity)
	if w.chance(0.4) {
		persons = 0
	}
	out := []*daylightv1.Capacity{{
		Id: w.id(record.Facility, at), Kind: daylightv1.CapacityKind_CAPACITY_KIND_OFFICIAL.Enum(), Persons: &persons,
		Source: statisticsSource.Enum(), AsOf: proto.String(day(at)),
	}}
	if w.chance(15) {
		out = append(out, &daylightv1.Capacity{
			Id: w.id(record.Facility, at), Kind: daylightv1.CapacityKind_CAPACITY_KIND_STANDARD_BASED.Enum(), Persons: proto.Uint32(max(persons*7/10, 1)),
			Source: daylightv1.CountSource_COUNT_SOURCE_TEAM_COUNT.Enum(), AsOf: proto.String(day(at)),
		})
	}
	return out
}

const statisticsSource = daylightv1.CountSource_COUNT_SOURCE_OFFICIAL_STATISTICS

func (w *world) count(p *place, at time.Time, category string, persons int, source daylightv1.CountSource) *daylightv1.PopulationCount {
	return &daylightv1.PopulationCount{
		Id: w.id(record.Facility, at), Category: proto.String(category), Persons: proto.Uint32(uint32(persons)),
		Source: source.Enum(), AsOf: proto.String(day(p.local(at))),
	}
}

// statistics are the figures of the year before, for one place in five. Some places
// are closed, and another takes over.
func (w *world) statistics(at time.Time) {
	b := w.send(at)
	by := w.holder(caseOfficer)
	for _, p := range w.places {
		if !p.known || p.closed || p.twin != nil || !w.chance(20) {
			continue
		}
		p.present = w.persons(p)
		b.set(by, at, &daylightv1.Facility{Id: p.id, Population: []*daylightv1.PopulationCount{w.count(p, at, "TOTAL", p.present, statisticsSource)}})
		if w.chance(1.5) {
			w.close(b, by, at, p)
		}
	}
	b.emit()
}

func (w *world) close(b *sending, by int, at time.Time, p *place) {
	p.closed = true
	closing := &daylightv1.Facility{Id: p.id, State: daylightv1.FacilityState_FACILITY_STATE_CLOSED.Enum(), ClosedOn: proto.String(day(at.AddDate(0, 0, -w.between(20, 200))))}
	for _, next := range w.places {
		if next != p && next.known && !next.closed && next.twin == nil && next.code == p.code && next.region.code == p.region.code {
			closing.SuccessorId = &next.id
			break
		}
	}
	b.set(by, at, closing)
}

// again is the same place, registered in the field by somebody who does not have it:
// near it, and by the name in another script.
func (w *world) again(p *place, at time.Time) (*place, *daylightv1.Facility) {
	twin := &place{placeType: p.placeType, region: p.region, country: p.country, capacity: p.capacity, present: p.present, known: true, twin: p, number: p.number}
	twin.id = w.id(record.Facility, at)
	name := map[string]string{"en": fmt.Sprintf("%s %d", p.en, p.number)}
	if p.country.code == "TM" {
		name = map[string]string{"tk": fmt.Sprintf("%s %d", p.tk, p.number)}
	}
	if w.chance(40) {
		name = map[string]string{"ru": fmt.Sprintf("%s N%d", p.ru, p.number)}
	}
	return twin, &daylightv1.Facility{
		Id: twin.id, Names: name, MainType: &p.placeType.code, Region: &p.region.code, State: daylightv1.FacilityState_FACILITY_STATE_UNCONFIRMED.Enum(),
		Location: w.location(p.lat, p.lng, 0.002), Note: proto.String("Создано на месте: в списке на планшете учреждение не нашлось."), VocabularyVersion: proto.Uint32(1),
	}
}
