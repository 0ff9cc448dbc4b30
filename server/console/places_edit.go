package console

import (
	"slices"
	"strconv"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// placeForm is the form of a place, as it is shown: for the first time, or again with what
// was typed.
type placeForm struct {
	*editor
	place *daylightv1.Facility
	// found are the places that the successor may be, after it was looked for.
	found []look.Option
	// bodies are the bodies of the office, where it is several.
	bodies []look.Option
}

// The page's own controls, beside those of the record.
const (
	successorField = "_successor" // what the successor is looked for by
	foundField     = "_found"     // what it was looked for by last
	tagField       = "_tag"       // the language of a name that no control is there for
	tagNameField   = "_name"      // that name
)

// fields are the controls in the order of a register's sheet.
func (e *placeForm) fields() []look.Part {
	section := func(heading look.Text, body ...look.Part) look.Part {
		return look.Section{Heading: heading, Body: body}
	}
	return []look.Part{
		section(e.saying().Field("names"), e.names()...),
		section(e.saying().Field("former_names"), e.formerNames()...),
		section(e.say("office-places.what"),
			look.Side{Body: []look.Part{e.one(ask{path: "main_type"}), e.line(ask{path: "code"})}},
			e.several(ask{path: "types", label: "field-place.further-types", hint: "field-place.further-types-hint"}),
			look.Side{Body: []look.Part{e.one(ask{path: "responsible_body"}), e.line(ask{path: "operator", label: "field-place.operator"})}},
			e.several(ask{path: "sexes_held", label: "field-place.sexes"}), e.several(ask{path: "ages_held"}),
			e.line(ask{path: "security_level"}), e.several(ask{path: "connectivity", label: "field-place.connectivity"})),
		section(e.say("office-places.where"),
			look.Side{Body: []look.Part{e.region(), e.line(ask{path: "district"})}},
			look.Side{Body: []look.Part{e.line(ask{path: "town"}), e.line(ask{path: "postcode"})}},
			e.line(ask{path: "address", rows: 2}),
			look.Side{Body: []look.Part{e.number(ask{path: "location.latitude", hint: "office-places.degrees"}), e.number(ask{path: "location.longitude", hint: "office-places.degrees"}), e.number(ask{path: "location.precision_m", label: "field-place.precision", hint: "office-places.metres"})}}),
		section(e.saying().Field("capacities"), e.capacities()...),
		section(e.saying().Field("population"), e.population()...),
		section(e.say("office-places.life"), slices.Concat([]look.Part{e.one(ask{path: "state"}),
			look.Side{Body: []look.Part{e.dayOf(ask{path: "opened_on"}), e.dayOf(ask{path: "closed_on"})}}}, e.successor(),
			[]look.Part{e.line(ask{path: "note", rows: 3}), e.one(ask{path: "confidentiality", only: placeClasses})}, e.belongs())...),
	}
}

// names asks for a name in each language of the pages and in those that the place has, and
// in one more.
func (e *placeForm) names() (out []look.Part) {
	for _, tag := range placeNameTags(e.place) {
		path := recordpage.At("names", tag)
		in := e.input(ask{path: path})
		in.Label, in.Tag = e.say("field-place.name-in", "language", languageOf(tag)), tag
		out = append(out, in)
	}
	other := look.Input{Name: tagField, Label: e.say("office-places.other-tag"), Hint: e.say("office-places.other-tag-hint"), Value: typed(e.form, tagField, ""), Error: e.wrong[tagField], Mono: true}
	return append(out, look.Unfold{Plain: true, Summary: e.say("office-places.other-language"), Open: other.Value != "" || len(other.Error) > 0,
		Body: []look.Part{look.Side{Body: []look.Part{other, look.Input{Name: tagNameField, Label: e.saying().Field("name"), Value: typed(e.form, tagNameField, "")}}}}})
}

func languageOf(tag string) look.Text {
	if name := look.LanguageName(tag); len(name) > 0 {
		return name
	}
	return look.Typed(tag)
}

// element is one element of a list, with the button that takes it out.
func (e *placeForm) element(field, id string, name, drop look.Text, controls ...look.Part) look.Part {
	controls = append(controls, look.Cluster{Body: []look.Part{look.Button{Text: drop, Kind: look.ButtonQuiet, Icon: look.IconBin, Name: recordpage.DropField, Value: recordpage.At(field, id), NoCheck: true}}})
	return look.Leaf{Heading: name, ID: look.FieldID(recordpage.At(field, id)), Body: controls}
}

// adder is the button that adds an element.
func (e *placeForm) adder(field string, name look.Key) look.Part {
	return look.Cluster{Body: []look.Part{look.Button{Text: e.say(name), Icon: look.IconPlus, Name: recordpage.AddField, Value: field, NoCheck: true}}}
}

func (e *placeForm) formerNames() (out []look.Part) {
	for i, n := range e.place.GetFormerNames() {
		at := func(field string) string { return recordpage.At("former_names", n.GetId(), field) }
		out = append(out, e.element("former_names", n.GetId(), e.say("field-place.former-one", "i", i+1), e.say("field-place.former-drop"),
			e.line(ask{path: at("name")}), look.Side{Body: []look.Part{e.language(at("language")), e.dayOf(ask{path: at("until")})}}))
	}
	return append(out, e.adder("former_names", "field-place.former-add"))
}

// language asks for one of the languages of the pages, or the one that is set.
func (e *placeForm) language(path string) look.Part {
	now := e.value(path)
	tags := slices.Clone(look.Languages)
	if now != "" && !slices.Contains(tags, now) {
		tags = append(tags, now)
	}
	var options []look.Option
	for _, tag := range tags {
		options = append(options, look.Option{Value: tag, Text: languageOf(tag), Selected: tag == now})
	}
	return look.Select{Name: path, Label: e.saying().Field("language"), Options: options, Choose: true, Error: e.wrong[path]}
}

func (e *placeForm) capacities() (out []look.Part) {
	for i, c := range e.place.GetCapacities() {
		at := func(field string) string { return recordpage.At("capacities", c.GetId(), field) }
		out = append(out, e.element("capacities", c.GetId(), e.say("field-counts.capacity", "i", i+1), e.say("field-counts.drop-capacity"),
			look.Side{Body: []look.Part{e.oneOf(ask{path: at("kind")}), e.number(ask{path: at("persons")})}},
			look.Side{Body: []look.Part{e.oneOf(ask{path: at("source")}), e.dayOf(ask{path: at("as_of")})}}, e.line(ask{path: at("note")})))
	}
	return append(out, e.adder("capacities", "field-counts.add-capacity"))
}

func (e *placeForm) population() (out []look.Part) {
	for i, c := range e.place.GetPopulation() {
		at := func(field string) string { return recordpage.At("population", c.GetId(), field) }
		out = append(out, e.element("population", c.GetId(), e.say("field-counts.count", "i", i+1), e.say("field-counts.drop-count"),
			look.Side{Body: []look.Part{e.oneOf(ask{path: at("category")}), e.oneOf(ask{path: at("sex")}), e.number(ask{path: at("persons")})}},
			look.Side{Body: []look.Part{e.oneOf(ask{path: at("source")}), e.momentOf(ask{path: at("as_of")})}}, e.line(ask{path: at("counted_by")}), e.line(ask{path: at("note")})))
	}
	return append(out, e.adder("population", "field-counts.add-count"))
}

// oneOf asks for one of a list to choose from, however few there are: it stands beside others.
func (e *placeForm) oneOf(q ask) look.Part {
	options, now := e.options(q), e.value(q.path)
	for i := range options {
		options[i].Selected = options[i].Value == now
	}
	return look.Select{Name: q.path, Label: e.labelOf(q), Options: options, Choose: true, Error: e.wrong[q.path]}
}

// momentOf asks for a time; one that is known by its day alone is typed.
func (e *placeForm) momentOf(q ask) look.Part {
	in := e.input(q)
	if len(in.Value) == len(recordpage.LocalMinute) || in.Value == "" {
		in.Type = "datetime-local"
	}
	return in
}

// region offers the regions that other places lie in.
func (e *placeForm) region() look.Part {
	in := e.input(ask{path: "region", hint: "field-place.region-hint"})
	in.Suggestions, _ = e.records().Desk().PlaceRegions(e.ctx()) // without them it is typed
	return in
}

// successor asks for the place that took over: it is looked for, then chosen.
func (e *placeForm) successor() []look.Part {
	now := e.value("successor_id")
	options := slices.Clone(e.found)
	if now != "" && !slices.ContainsFunc(options, func(o look.Option) bool { return o.Value == now }) {
		options = append([]look.Option{{Value: now, Text: e.named(record.Facility.String(), now)}}, options...)
	}
	find := typed(e.form, successorField, "")
	out := []look.Part{
		look.Input{Name: successorField, Type: "search", Label: e.say("office-places.successor"), Hint: e.say("office-places.successor-hint"), Value: find, Error: e.wrong[successorField]},
		look.Cluster{Body: []look.Part{look.Button{Text: e.say("field-place.search"), Icon: look.IconSearch, Name: "find", Value: "successor", NoCheck: true}}}}
	if len(options) > 0 {
		out = append(out, e.choices(ask{path: "successor_id"}, options))
	}
	return out
}

// belongs asks for the body that the place belongs to, where the office is of several.
func (e *placeForm) belongs() []look.Part {
	if len(e.bodies) < 2 {
		return nil
	}
	now := e.value("body")
	options := slices.Clone(e.bodies)
	for i := range options {
		options[i].Selected = options[i].Value == now
	}
	return []look.Part{look.Select{Name: "body", Label: e.saying().Field("body"), Options: options, Choose: true, Error: e.wrong["body"]}}
}

// bodyCodes are the bodies of the office, by their codes.
func (t *turn) bodyCodes() (out []look.Option, err error) {
	bodies, err := t.directory.Bodies(t.ctx())
	for _, b := range bodies {
		out = append(out, look.Option{Value: b.GetCode(), Text: firstSaid(look.Typed(b.GetName()), look.Code(b.GetCode()))})
	}
	return out, err
}

// successorOptions are the places that were found by what was typed, but for the place itself.
func (t *turn) successorOptions(typed, self string) (out []look.Option, err error) {
	page, err := t.records().List(t.ctx(), record.Facility, store.Query{Text: typed, PageSize: mostFound})
	for _, i := range page.Items {
		if p := i.Message.(*daylightv1.Facility); p.GetId() != self {
			out = append(out, look.Option{Value: p.GetId(), Text: look.Dotted(t.name(p), t.placeLine(p), t.placeRegion(p))})
		}
	}
	return out, err
}

// placeClasses are how far a place may travel: there is no sealed part in it.
var placeClasses = []string{"CONFIDENTIALITY_CLASS_PUBLIC", "CONFIDENTIALITY_CLASS_AUTHORITY", "CONFIDENTIALITY_CLASS_INTERNAL", "CONFIDENTIALITY_CLASS_RESTRICTED"}

// mostFound is how many places are offered as a successor.
const mostFound = 12

// freshKey is the key of an element that is not saved yet; Save gives it its id.
func freshKey(m *daylightv1.Facility) string {
	n := len(m.GetFormerNames()) + len(m.GetCapacities()) + len(m.GetPopulation())
	for ; ; n++ {
		key := unsavedKey + strconv.Itoa(n)
		if !slices.Contains(elementIDs(m), key) {
			return key
		}
	}
}

// unsavedKey begins the key of an element that the store has not seen.
const unsavedKey = "new-"

func elementIDs(m *daylightv1.Facility) (out []string) {
	for _, n := range m.GetFormerNames() {
		out = append(out, n.GetId())
	}
	for _, c := range m.GetCapacities() {
		out = append(out, c.GetId())
	}
	for _, c := range m.GetPopulation() {
		out = append(out, c.GetId())
	}
	return out
}
