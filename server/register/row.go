package register

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The figures beyond which a number is pointed out.
const (
	occupancyMost = 300     // per cent
	personsMost   = 100_000 // no place holds more
)

// builder makes a place of one line.
type builder struct {
	line    line
	mapping Mapping
	options Options
	// coined is shared by all lines of a file.
	coined map[string]*coinage
	words  map[string]*TypeWord

	place    *daylightv1.Facility
	warnings []Warning
}

func (b *builder) warn(text, done string) {
	b.warnings = append(b.warnings, Warning{Line: b.line.number, Text: text, Done: done})
}

func (b *builder) reject(text string) {
	b.warnings = append(b.warnings, Warning{Line: b.line.number, Text: text, Done: "the row was not imported", Rejected: true})
}

// cells gives what the row has for a field, in the order of the columns.
func (b *builder) cells(f Field) (out []string) {
	for i, c := range b.mapping {
		if c.Field != f {
			continue
		}
		if s := clean(b.line.cells[i]); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (b *builder) cell(f Field) string { return strings.Join(b.cells(f), ", ") }

// row builds the place; false when it cannot be stored.
func (b *builder) row() (Row, bool) {
	b.names()
	b.code()
	b.types()
	b.whereabouts()
	b.location()
	b.figures()
	b.sexes()
	b.state()
	b.place.SecurityLevel = text(b.cell(Security))
	b.place.Operator = text(b.cell(Operator))
	if note := b.cell(Note); note != "" {
		b.addNote(note)
	}
	row := Row{Line: b.line.number, Code: b.cell(Code), Name: b.firstName(), jurisdiction: b.cell(Jurisdiction),
		kind: b.cell(Type), place: b.place}
	if row.Name == "" && row.Code == "" {
		b.reject("the row has neither a name nor a code")
		return row, false
	}
	if err := b.storable(); err != nil {
		b.reject(err.Error())
		return row, false
	}
	return row, true
}

// text is an optional field: not set when empty.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// storable asks what a save would ask, with an id in place.
func (b *builder) storable() error {
	try := proto.CloneOf(b.place)
	try.Id = namespace.String()
	for _, c := range try.Capacities {
		c.Id = namespace.String()
	}
	for _, c := range try.Population {
		c.Id = namespace.String()
	}
	return record.Validate(try)
}

func (b *builder) names() {
	for i, c := range b.mapping {
		in := namesField.FindStringSubmatch(string(c.Field))
		if in == nil {
			continue
		}
		name := clean(b.line.cells[i])
		if name == "" {
			continue
		}
		if b.place.Names == nil {
			b.place.Names = map[string]string{}
		}
		b.place.Names[in[1]] = name
		if pseudo.MatchString(name) {
			b.warn(fmt.Sprintf("%q looks like a line of a table and not like a place", name), "it was imported; remove it if it is none")
		}
	}
	if len(b.place.Names) == 0 && b.cell(Code) != "" {
		b.warn("the name is missing", "the place was imported by its code")
	}
}

// firstName is the name in the first column that has one.
func (b *builder) firstName() string {
	for i, c := range b.mapping {
		if namesField.MatchString(string(c.Field)) && clean(b.line.cells[i]) != "" {
			return clean(b.line.cells[i])
		}
	}
	return ""
}

func (b *builder) code() {
	code := b.cell(Code)
	if mangled.MatchString(code) {
		b.warn(fmt.Sprintf("the code %q looks as if a spreadsheet had changed it", code), "it was kept as it is")
	}
	if isCode(code) {
		b.place.Code = &code
	} else if code != "" {
		b.warn(fmt.Sprintf("%q is not a code of letters, digits, dot, dash, underscore and slash", code),
			"it is known by it all the same, and the field code stays empty")
	}
}

func (b *builder) types() {
	for _, word := range parts(strings.Join(b.cells(Type), "|")) {
		code := b.typeCode(word)
		b.met(word, code)
		switch {
		case code == "":
			b.addNote(word)
		case b.place.MainType == nil:
			b.place.MainType = &code
		case code != *b.place.MainType && !slices.Contains(b.place.Types, code):
			b.place.Types = append(b.place.Types, code)
		}
	}
}

// met counts a word of the file's for a type.
func (b *builder) met(word, code string) {
	if b.words[word] == nil {
		b.words[word] = &TypeWord{Word: word, Code: code}
	}
	b.words[word].Rows++
}

func (b *builder) typeCode(word string) string {
	for w, code := range b.options.Types {
		if foldText(w) == foldText(word) {
			return code
		}
	}
	if isCode(word) {
		return word
	}
	c := b.coined[word]
	if c == nil {
		c = &coinage{first: b.line.number, code: codify(word)}
		b.coined[word] = c
	}
	c.rows++
	return c.code
}

func (b *builder) addNote(s string) {
	b.place.Note = text(strings.TrimPrefix(b.place.GetNote()+"\n"+s, "\n"))
}

// whereabouts: a region that is no ISO 3166-2 code is kept as a part of the
// district, where people can read it.
func (b *builder) whereabouts() {
	region, district := b.cell(Region), b.cell(District)
	if isCode(region) {
		b.place.Region = &region
	} else if region != "" {
		district = strings.Trim(district+", "+region, ", ")
	}
	b.place.District = text(district)
	b.place.Town = text(b.cell(Town))
	b.place.Address = text(b.cell(Address))
	b.place.Postcode = text(b.cell(Postcode))
}

func (b *builder) location() {
	north, east := b.cell(Latitude), b.cell(Longitude)
	if north == "" && east == "" {
		return
	}
	lat, ok := degrees(north)
	lng, fine := degrees(east)
	at := fmt.Sprintf("the coordinates %q, %q ", north, east)
	switch {
	case !ok || !fine:
		b.warn(at+"are not two numbers", "they were left out")
	case lat == 0 && lng == 0:
		b.warn(at+"lie in the Gulf of Guinea", "they were left out")
	case (lat < -90 || lat > 90) && lat >= -180 && lat <= 180 && lng >= -90 && lng <= 90:
		b.warn(at+"are not on Earth; perhaps the columns are the wrong way round", "they were left out")
	case lat < -90 || lat > 90 || lng < -180 || lng > 180:
		b.warn(at+"are not on Earth", "they were left out")
	default:
		b.place.Location = &daylightv1.Coordinates{Latitude: &lat, Longitude: &lng}
	}
}

func (b *builder) figures() {
	places, hasPlaces := b.number(CapacityOf)
	held, hasHeld := b.number(Population)
	asOf := b.date(AsOf)
	source := daylightv1.CountSource_COUNT_SOURCE_OFFICIAL_STATISTICS.Enum()
	if hasPlaces {
		b.place.Capacities = []*daylightv1.Capacity{{Kind: daylightv1.CapacityKind_CAPACITY_KIND_OFFICIAL.Enum(),
			Persons: &places, Source: source, AsOf: asOf}}
	}
	if hasHeld {
		b.place.Population = []*daylightv1.PopulationCount{{Category: proto.String("TOTAL"), Persons: &held, Source: source, AsOf: asOf}}
	}
	switch {
	case hasPlaces && places == 0:
		b.warn("the capacity is 0", "it was kept")
	case hasPlaces && hasHeld && uint64(held)*100 > uint64(places)*occupancyMost:
		b.warn(fmt.Sprintf("%d persons on %d places is an occupancy of %d %%", held, places, uint64(held)*100/uint64(places)), "it was kept")
	}
}

func (b *builder) number(f Field) (uint32, bool) {
	s := b.cell(f)
	if s == "" {
		return 0, false
	}
	n, ok := count(s)
	if !ok {
		b.warn(fmt.Sprintf("the %s %q is not a number of persons", f, s), "it was left out")
	} else if n > personsMost {
		b.warn(fmt.Sprintf("the %s %d is more than any place holds", f, n), "it was kept")
	}
	return n, ok
}

func (b *builder) date(f Field) *string {
	s := b.cell(f)
	if s == "" {
		return nil
	}
	d, doubt := date(s)
	switch {
	case d == "":
		b.warn(fmt.Sprintf("%s: %q is not a date", f, s), "it was left out")
	case doubt != "":
		b.warn(fmt.Sprintf("%s: %q is not plainly a date", f, s), string(doubt))
	}
	return text(d)
}

func (b *builder) sexes() {
	for _, column := range []struct {
		Field
		sex daylightv1.Sex
	}{{Male, daylightv1.Sex_SEX_MALE}, {Female, daylightv1.Sex_SEX_FEMALE}} {
		f, sex := column.Field, column.sex
		s := b.cell(f)
		is, ok := truth(s)
		if s != "" && !ok {
			b.warn(fmt.Sprintf("%s: %q is neither yes nor no", f, s), "it was left out")
		}
		if is {
			b.place.SexesHeld = append(b.place.SexesHeld, sex)
		}
	}
	if s := b.cell(Sexes); s != "" {
		found, ok := sexes(s)
		if !ok {
			b.warn(fmt.Sprintf("%q does not say which sex is held", s), "it was left out")
		}
		b.place.SexesHeld = append(b.place.SexesHeld, found...)
	}
	slices.Sort(b.place.SexesHeld)
	b.place.SexesHeld = slices.Compact(b.place.SexesHeld)
}

func (b *builder) state() {
	b.place.OpenedOn, b.place.ClosedOn = b.date(Opened), b.date(Closed)
	if s := b.cell(State); s != "" {
		v, ok := stateOf(s)
		if ok {
			b.place.State = &v
		} else {
			b.warn(fmt.Sprintf("%q does not say whether the place is in use", s), "it was left out")
		}
	}
	if b.place.State == nil && b.place.ClosedOn != nil {
		b.place.State = daylightv1.FacilityState_FACILITY_STATE_CLOSED.Enum()
	}
}
