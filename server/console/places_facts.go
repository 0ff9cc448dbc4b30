package console

import (
	"slices"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// placeFactList gathers labels and values, without those that hold nothing.
type placeFactList struct {
	*turn
	all []look.Fact
}

func (f *placeFactList) add(name, value look.Text) {
	if len(value) > 0 {
		f.all = append(f.all, look.Fact{Name: name, Value: value})
	}
}

// field adds a field under the name that it has anywhere.
func (f *placeFactList) field(field string, value look.Text) { f.add(f.saying().Field(field), value) }

// placeFacts are the particulars of a place.
func (t *turn) placeFacts(p *placeTime) look.Part {
	m, f := p.place, &placeFactList{turn: t}
	f.field("main_type", t.placeCode(vocabulary.PlaceType, m.GetMainType()))
	var types []look.Text
	for _, c := range m.GetTypes() {
		types = append(types, t.code(vocabulary.PlaceType, c))
	}
	f.add(t.say("field-place.further-types"), look.Dotted(types...))
	f.field("responsible_body", t.placeCode("RESPONSIBLE_BODY", m.GetResponsibleBody()))
	f.field("operator", look.Typed(m.GetOperator()))
	f.field("region", look.Code(m.GetRegion()))
	f.field("town", look.Dotted(look.Typed(m.GetDistrict()), look.Typed(m.GetTown())))
	f.field("address", look.Dotted(look.Typed(m.GetAddress()), look.Code(m.GetPostcode())))
	f.field("location", t.placePoint(m.GetLocation()))
	for _, c := range m.GetCapacities() {
		if c.Persons != nil {
			f.add(t.placeCapacityName(c), t.placeCapacity(c))
		}
	}
	f.add(t.say("field-place.sexes"), look.Dotted(append(enumLabels(t, m.GetSexesHeld()), enumLabels(t, m.GetAgesHeld())...)...))
	f.field("security_level", look.Typed(m.GetSecurityLevel()))
	f.add(t.say("field-place.connectivity"), look.Dotted(enumLabels(t, m.GetConnectivity())...))
	if s := m.GetState(); s != 0 {
		f.field("state", t.enum(s))
	}
	f.field("opened_on", t.placeDate(m.GetOpenedOn()))
	f.field("closed_on", t.placeDate(m.GetClosedOn()))
	if id := m.GetSuccessorId(); id != "" {
		f.field("successor_id", look.To("/places/"+id, t.named(record.Facility.String(), id)))
	}
	for _, r := range m.GetRegisters() {
		f.field("registers", look.Dotted(look.Code(r.GetSource()), look.Typed(r.GetCode())))
	}
	if c := m.GetConfidentiality(); c != 0 {
		f.field("confidentiality", t.enum(c))
	}
	t.placeVisitFacts(p, f)
	f.field("note", look.Typed(m.GetNote()))
	return look.Facts{Leaf: true, Items: f.all}
}

func (t *turn) placeCode(list vocabulary.List, code string) look.Text {
	if code == "" {
		return nil
	}
	return t.code(list, code)
}

func (t *turn) placeDate(s string) look.Text {
	if s == "" {
		return nil
	}
	return t.day(s)
}

// enumLabels are the labels of some values.
func enumLabels[E protoreflect.Enum](t *turn, all []E) (out []look.Text) {
	for _, e := range all {
		out = append(out, t.enum(e))
	}
	return out
}

func (t *turn) placeCapacityName(c *daylightv1.Capacity) look.Text {
	if c.GetKind() == 0 {
		return t.saying().Field("capacities")
	}
	return t.enum(c.GetKind())
}

func (t *turn) placeCapacity(c *daylightv1.Capacity) look.Text {
	out := t.locale.Number(int(c.GetPersons()))
	if c.GetAsOf() != "" {
		out = t.say("office-places.since", "what", out, "day", t.day(c.GetAsOf()))
	}
	return out
}

// placePoint say where a place lies on a map, without one.
func (t *turn) placePoint(c *daylightv1.Coordinates) look.Text {
	if c == nil || c.Latitude == nil || c.Longitude == nil {
		return nil
	}
	at := look.Spaced(t.locale.Decimal(c.GetLatitude(), -1), look.Plain("/"), t.locale.Decimal(c.GetLongitude(), -1))
	if c.PrecisionM == nil {
		return at
	}
	return t.say("office-places.within", "point", at, "span", t.locale.Measure(c.GetPrecisionM(), "m"))
}

// placeVisitFacts say when somebody was there, and when nobody was for longest.
func (t *turn) placeVisitFacts(p *placeTime, f *placeFactList) {
	if !t.seesAtPlaces(record.Visit) {
		return
	}
	last, ok := p.lastMade()
	if !ok {
		f.add(t.say("office-places.last-visit"), t.say("office-places.never"))
		return
	}
	f.add(t.say("office-places.last-visit"), look.To("/visits/"+last.GetId(), t.placeDay(last.day)))
	if months, from, to := p.longestGap(t.today()); months > 1 && !p.more {
		f.add(t.say("office-places.longest-gap"), t.say("office-places.gap", "n", months, "first", t.placeDay(from), "last", t.placeDay(to)))
	}
}

// longestGap is the longest time without a visit since the first one, until today.
func (p *placeTime) longestGap(today string) (months int, from, to string) {
	days := []string{today}
	for _, v := range p.visits {
		if v.made && v.day != "" && v.day <= today {
			days = append(days, v.day)
		}
	}
	slices.Sort(days)
	for i := 1; i < len(days); i++ {
		if n := placeMonthsBetween(days[i-1], days[i]); n > months {
			months, from, to = n, days[i-1], days[i]
		}
	}
	return months, from, to
}

// placeMonthsBetween counts whole months between two days.
func placeMonthsBetween(from, to string) int {
	a, err := time.Parse(time.DateOnly, from)
	b, err2 := time.Parse(time.DateOnly, to)
	if err != nil || err2 != nil {
		return 0
	}
	n := (b.Year()-a.Year())*12 + int(b.Month()-a.Month())
	if b.Day() < a.Day() {
		n--
	}
	return n
}
