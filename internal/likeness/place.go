package likeness

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// place is what is compared of a facility.
type place struct {
	id           record.ID
	names        []name
	code, region string
	types        []string
	town         name
	rows         []string // ids of rows of registers
	sources      []string // the registers
	at           *point
}

// point is where a place is, and within how many metres that is known.
type point struct{ lat, lon, within float64 }

const (
	// pointPrecision stands for a precision that is not given: a pin that was set on a map
	// on a phone, by somebody who stood at the gate or in the yard.
	pointPrecision = 500
	// pointMost bounds a precision: what is known less well says nothing of a place.
	pointMost = 2000
	// farBeyond: places that far apart, in metres, over what is not known of either, are
	// two. Below, a wrong point is likelier than two places of one name.
	farBeyond = 5000
)

func readPlace(f *daylightv1.Facility) place {
	p := place{code: strings.TrimSpace(f.GetCode()), region: f.GetRegion(), town: readName(f.GetTown()), at: pointOf(f.GetLocation())}
	p.id, _ = record.ParseID(f.GetId())
	for _, language := range slices.Sorted(maps.Keys(f.GetNames())) {
		p.names = append(p.names, readName(f.GetNames()[language]))
	}
	for _, x := range f.GetFormerNames() {
		n := readName(x.GetName())
		n.former = true
		p.names = append(p.names, n)
	}
	p.names = p.names[:min(len(p.names), maxNames)]
	if f.GetMainType() != "" {
		p.types = append(p.types, f.GetMainType())
	}
	p.types = append(p.types, f.GetTypes()...)
	for _, r := range f.GetRegisters() {
		p.rows, p.sources = append(p.rows, r.GetId()), append(p.sources, r.GetSource())
	}
	return p
}

func pointOf(c *daylightv1.Coordinates) *point {
	if c == nil || c.Latitude == nil || c.Longitude == nil {
		return nil
	}
	p := &point{c.GetLatitude(), c.GetLongitude(), c.GetPrecisionM()}
	if !(math.Abs(p.lat) <= 90 && math.Abs(p.lon) <= 180) || p.lat == 0 && p.lon == 0 { // not a number is not within
		return nil
	}
	if !(p.within > 0) {
		p.within = pointPrecision
	}
	p.within = min(p.within, pointMost)
	return p
}

// earth is its mean radius in metres.
const earth = 6371008.8

// metres between two points, by the haversine.
func metres(a, b point) float64 {
	rad := func(deg float64) float64 { return deg * math.Pi / 180 }
	dLat, dLon := rad(b.lat-a.lat)/2, rad(b.lon-a.lon)/2
	h := math.Sin(dLat)*math.Sin(dLat) + math.Cos(rad(a.lat))*math.Cos(rad(b.lat))*math.Sin(dLon)*math.Sin(dLon)
	return 2 * earth * math.Asin(math.Sqrt(min(1, h)))
}

// judge compares two places.
func judge(a, b *place) (v verdict) {
	row := common(a.rows, b.rows)
	if !row && elsewhere(a.region, b.region) { // all the rest would not outweigh it
		v.never = true
		return v
	}
	v.code(a, b)
	if v.names(a, b); v.never && !row {
		return v
	}
	v.ground(a, b)
	v.town(a, b)
	v.region(a, b)
	v.types(a, b)
	switch {
	case row: // one row of a register is one place, whatever has been written since
		v.never, v.score = false, 0
		v.add(most, SameRegisterRow)
	case common(a.sources, b.sources):
		v.score -= apart // the register itself says that they are two, though registers err
	}
	return v
}

// apart is what one register's having two rows takes off: then name and place on the map,
// or name and everything else, have to be the same.
const apart = 20

// code: an office gives each code once, but two people may number in their own ways.
func (v *verdict) code(a, b *place) {
	if a.code != "" && strings.EqualFold(a.code, b.code) && !elsewhere(a.region, b.region) {
		v.add(50, SameCode)
	}
}

func elsewhere(a, b string) bool { return a != "" && b != "" && a != b }

// names takes the pair of names that speaks most for it. Where every pair that could be
// compared has another number or mark, the places are two, unless code or register say
// otherwise.
func (v *verdict) names(a, b *place) {
	best, compared, parted, clash := 0, 0, 0, false
	var why Reason
	for _, x := range a.names {
		for _, y := range b.names {
			m := meet(x, y)
			if m.apart {
				if !x.former && !y.former {
					parted++
				}
				continue
			}
			compared++
			clash = clash || m.clash
			if points, reason := m.points(x.former || y.former); points > best {
				best, why = points, reason
			}
		}
	}
	switch {
	case best > 0:
		v.add(best, why)
	case parted > 0 && compared == 0 && len(v.reasons) == 0:
		v.never = true
	case parted > 0 || clash:
		v.score -= against
	}
}

// against is what names take off that speak of two places.
const against = 40

// points: the same words are as good as likely; similar ones need region and type beside
// them. A number or a mark with its class is a name of its own within a region; a class
// alone ("the police station") is one within a town, or on one spot of the map.
func (m meeting) points(former bool) (int, Reason) {
	points, why := 0, SimilarName
	switch {
	case m.clash, m.alike < similar:
		return 0, ""
	case m.plain:
		points = 30
	case m.bare && m.doubt:
		points = 35
	case m.bare:
		points, why = 45, SameName
	case m.alike == 1:
		points, why = 60, SameName
	default: // 40 to 50
		points = 40 + int(10*(m.alike-similar)/(1-similar))
	}
	if m.doubt && !m.bare {
		points -= 15
	}
	if former {
		points, why = points-5, SimilarName
	}
	return points, why
}

// ground: 25 for one spot. Prisons have neighbours, so that it never suffices alone.
func (v *verdict) ground(a, b *place) {
	if a.at == nil || b.at == nil {
		return
	}
	d := metres(*a.at, *b.at)
	switch known := a.at.within + b.at.within; {
	case d <= max(a.at.within, b.at.within):
		v.add(25, Near)
	case d > known+farBeyond:
		v.score -= 50
	}
}

// town: the same one supports, another one of one region makes two places of a name.
func (v *verdict) town(a, b *place) {
	if len(a.town.words) == 0 || len(b.town.words) == 0 {
		return
	}
	switch s := alike(a.town, b.town); {
	case s >= similar:
		v.add(10, SameTown)
	case s == 0:
		v.score -= 30
	}
}

// region: another one is the end of it, see judge. Not known is not different.
func (v *verdict) region(a, b *place) {
	if a.region != "" && a.region == b.region {
		v.add(10, SameRegion)
	}
}

// types: the code before its first underscore is the family: PEN, POL, HLT. Within one,
// people choose differently; across, it is another place.
func (v *verdict) types(a, b *place) {
	if len(a.types) == 0 || len(b.types) == 0 {
		return
	}
	family := func(s string) string { f, _, _ := strings.Cut(s, "_"); return f }
	related := slices.ContainsFunc(a.types, func(x string) bool {
		return slices.ContainsFunc(b.types, func(y string) bool { return family(x) == family(y) })
	})
	switch {
	case common(a.types, b.types):
		v.add(10, SameType)
	case !related:
		v.score -= 25
	}
}

// order of the reasons: see their list.
var order = []Reason{SameRegisterRow, SameCode, SameName, SimilarName, SameFacility, AlikeFacility, SameDay, SameTeam, Near, SameTown, SameRegion, SameType}

func (v *verdict) sorted() []Reason {
	slices.SortStableFunc(v.reasons, func(x, y Reason) int { return cmp.Compare(slices.Index(order, x), slices.Index(order, y)) })
	return v.reasons
}
