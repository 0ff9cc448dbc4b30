package fieldapp

import (
	"slices"
	"strings"
	"unicode"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func (a *App) placeRoutes() {
	a.page("/places", func(t *turn) error { return t.findPlaces("", t.r.URL.Query().Get("for")) })
	a.post("/places", func(t *turn, f *look.Form) error { return t.findPlaces(f.Value("q"), f.Value("for")) })
	a.post("/places/new", (*turn).newPlace)
	a.ofRecord(clientsync.KindFacility, "", (*turn).showPlace)
	a.ofRecord(clientsync.KindFacility, "edit", (*turn).editPlace)
	a.onRecord(clientsync.KindVisit, "place", (*turn).takePlace)
	a.live[route{clientsync.KindFacility, "edit"}] = func(t *turn, item clientsync.Item) (map[string]look.Part, error) {
		part, err := t.alike(item.Message.(*daylightv1.Facility))
		return map[string]look.Part{"alike": part}, err
	}
}

// mostPlaces bounds a list of places: who gets so many types more of the name.
const mostPlaces = 40

// forVisit says that a place is looked for to visit it; else "for" is the handle of the
// visit that gets it, or empty to look at one.
const forVisit = "visit"

// findPlaces finds a place by what was typed, and offers to make one that is missing. What
// was typed comes by POST: it stands in no address.
func (t *turn) findPlaces(typed, to string) error {
	back := "/visits"
	if at, ok := t.handles.find(to); ok {
		back = t.href(at.kind, at.id, "about")
	}
	body := []look.Part{look.Heading{Text: t.say("field-place.find"), Under: t.say("field-place.find-under")},
		look.Questions{ID: "find", Action: "/places", Hidden: []look.Hidden{{Name: "for", Value: to}}, Body: []look.Part{
			look.Input{Name: "q", Type: "search", Label: t.say("field-place.asked"), Hint: t.say("field-place.asked-hint"), Value: typed},
			look.Button{Text: t.say("field-place.search"), Icon: look.IconSearch, Kind: look.ButtonMain, Wide: true}}}}
	if strings.TrimSpace(typed) != "" {
		found, err := t.client.FindPlaces(t.ctx(), typed, mostPlaces)
		if err != nil {
			return err
		}
		body = append(body, t.foundPart(found, to), t.newPart(typed, to))
	} else if to != "" {
		body = append(body, t.newPart("", to))
	}
	return t.show(sheet{title: "field-place.find", back: back, tab: tabVisit, body: body})
}

func (t *turn) foundPart(found []clientsync.Item, to string) look.Part {
	if len(found) == 0 {
		return look.Empty{Text: t.say("field-place.none"), Under: t.say("field-place.none-under")}
	}
	rows := []look.Row{}
	for _, item := range found {
		rows = append(rows, t.placeRow(item.Message.(*daylightv1.Facility), to))
	}
	heading := t.say("field-place.found", "of", t.locale.Number(len(rows)))
	if len(rows) == mostPlaces {
		heading = t.say("field-place.found-first", "of", t.locale.Number(len(rows)))
	}
	return look.Section{Heading: heading, Body: []look.Part{look.Rows{Items: rows}}}
}

// placeRow is one place; with to it is taken by a button.
func (t *turn) placeRow(f *daylightv1.Facility, to string) look.Row {
	href := t.href(clientsync.KindFacility, f.GetId())
	row := look.Row{Lead: look.Symbol{Icon: look.IconPlace}, Text: t.placeName(f), Words: true, Under: t.placeLine(f)}
	if f.GetState() > daylightv1.FacilityState_FACILITY_STATE_ACTIVE {
		row.Tags = t.enumTag(f.GetState())
	}
	handle := t.handles.name(clientsync.KindFacility, f.GetId())
	label := func(k look.Key) look.Text { return t.say(k, "place", row.Text) }
	switch {
	case to == forVisit:
		row.Actions = []look.Part{look.Button{Text: t.say("field-place.visit-it"), Label: label("field-place.visit-which"), Action: "/visits/begin", Hidden: []look.Hidden{{Name: "place", Value: handle}}}}
	case to != "":
		row.Actions = []look.Part{look.Button{Text: t.say("field-place.take"), Label: label("field-place.take-which"), Action: "/r/" + to + "/place", Hidden: []look.Hidden{{Name: "place", Value: handle}}}}
	default:
		row.Href = href
	}
	return row
}

// placeLine tells a place from others of its name.
func (t *turn) placeLine(f *daylightv1.Facility) look.Text {
	parts := []look.Text{}
	if f.GetCode() != "" {
		parts = append(parts, look.Code(f.GetCode()))
	}
	if f.GetMainType() != "" {
		parts = append(parts, t.code("PLACE_TYPE", f.GetMainType()))
	}
	if f.GetTown() != "" {
		parts = append(parts, look.Typed(f.GetTown()))
	}
	if f.GetRegion() != "" {
		parts = append(parts, look.Code(f.GetRegion()))
	}
	return look.Dotted(parts...)
}

func (t *turn) newPart(typed, to string) look.Part {
	return look.Leaf{Heading: t.say("field-place.missing"), Body: []look.Part{look.Para{Text: t.say("field-place.missing-under"), Small: true, Soft: true},
		look.Button{Text: t.say("field-place.new"), Icon: look.IconPlus, Action: "/places/new", Hidden: []look.Hidden{{Name: "q", Value: typed}, {Name: "for", Value: to}}}}}
}

// newPlace makes a place that is on no list, by the name that was looked for, and gives it to
// the visit that it was looked for.
func (t *turn) newPlace(f *look.Form) error {
	place := &daylightv1.Facility{State: daylightv1.FacilityState_FACILITY_STATE_UNCONFIRMED.Enum()}
	if name := strings.TrimSpace(f.Value("q")); name != "" {
		place.Names = map[string]string{t.scriptOf(name): name}
	}
	var visit *daylightv1.Visit
	if to := f.Value("for"); to != "" && to != forVisit {
		at, ok := t.handles.find(to)
		if !ok || at.kind != clientsync.KindVisit {
			return errEnded
		}
		item, err := t.item(at)
		if err != nil {
			return err
		}
		visit = item.Message.(*daylightv1.Visit)
	}
	if err := t.client.Save(t.ctx(), place); err != nil {
		return err
	}
	if visit != nil {
		visit.FacilityId = proto.String(place.GetId())
		if err := t.client.Save(t.ctx(), visit); err != nil {
			return err
		}
	} else if f.Value("for") == forVisit {
		if _, err := t.openVisit(place.GetId()); err != nil {
			return err
		}
	}
	return t.to(t.href(clientsync.KindFacility, place.GetId(), "edit"))
}

// scriptOf is the language under which a new name is kept, by its letters: the reader's
// where these can be of it.
func (t *turn) scriptOf(name string) string {
	cyrillic, arabic := 0, 0
	for _, r := range name {
		if unicode.Is(unicode.Cyrillic, r) {
			cyrillic++
		} else if unicode.Is(unicode.Arabic, r) {
			arabic++
		}
	}
	switch tag := t.locale.Tag; {
	case arabic > 0:
		return "ar"
	case cyrillic > 0 && tag == "uk":
		return tag
	case cyrillic > 0:
		return "ru"
	case tag == "tk":
		return tag
	}
	return "en"
}

// takePlace gives a visit another place: the wrong one was named.
func (t *turn) takePlace(item clientsync.Item, f *look.Form) error {
	at, ok := t.handles.find(f.Value("place"))
	if !ok || at.kind != clientsync.KindFacility {
		return errEnded
	}
	v := item.Message.(*daylightv1.Visit)
	before := v.GetFacilityId()
	v.FacilityId = proto.String(at.id)
	if err := t.client.Save(t.ctx(), v); err != nil {
		return err
	}
	now, err := t.item(target{item.Kind, item.ID})
	if err != nil {
		return err
	}
	note := look.Note{Kind: look.NoteSettled, Status: true, Text: t.say("field-place.taken")}
	if before != "" && before != at.id {
		note.Body = []look.Part{look.Button{Text: t.say("field-place.take-back"), Kind: look.ButtonQuiet, Action: t.href(item.Kind, item.ID, "place"),
			Hidden: []look.Hidden{{Name: "place", Value: t.handles.name(clientsync.KindFacility, before)}}}}
	}
	return t.showVisit(now, note)
}

// alike are the places that may be the same.
func (t *turn) alike(f *daylightv1.Facility) (look.Part, error) {
	all, err := t.client.DuplicatesOf(t.ctx(), f)
	if err != nil || len(all) == 0 {
		return look.Flow{}, err
	}
	rows := []look.Row{}
	for _, d := range all[:min(len(all), 5)] {
		row := t.placeRow(d.Message.(*daylightv1.Facility), "")
		var why []look.Text
		for _, r := range d.Reasons {
			if key := look.Key("field-place.why-" + r); t.locale.Words().Has(key) {
				why = append(why, t.say(key))
			}
		}
		row.Under = look.Dotted(row.Under, look.Dotted(why...))
		rows = append(rows, row)
	}
	return look.Note{Kind: look.NoteWatch, Heading: t.say("field-place.alike"), Under: t.say("field-place.alike-under"), Body: []look.Part{look.Rows{Items: rows}}}, nil
}

// editPlace is where a place is written.
func (t *turn) editPlace(item clientsync.Item) error {
	e, err := t.edit(item, "edit")
	if err != nil {
		return err
	}
	f := item.Message.(*daylightv1.Facility)
	alike, err := t.alike(f)
	if err != nil {
		return err
	}
	body := append([]look.Part{look.Heading{Text: t.say("field-place.edit"), Unseen: true}}, e.notices()...)
	body = append(body, look.Flow{ID: "alike", Body: []look.Part{alike}}, e.form(e.placeControls(f)...))
	if visit, ok := t.visit(); ok && visit.Message.(*daylightv1.Visit).GetFacilityId() == item.ID {
		body = append(body, look.Button{Text: t.say("field-place.to-visit"), Href: t.href(visit.Kind, visit.ID), Kind: look.ButtonMain, Wide: true, Further: true})
	}
	body = append(body, t.ends(item, e.removal("field-visit.remove", "/visits")))
	return t.visitTab(item, "edit", sheet{title: "field-place.edit", back: t.href(item.Kind, item.ID), body: body})
}

func (e *editor) placeControls(f *daylightv1.Facility) []look.Part {
	tags := slices.Clone(look.Languages)
	for _, tag := range sortedKeys(f.GetNames()) {
		if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	names := e.beside("names")
	for _, tag := range tags {
		names = append(names, e.line(ask{path: recordpage.At("names", tag), text: e.say("field-place.name-in", "language", look.LanguageName(tag))}))
	}
	return []look.Part{
		look.Section{Heading: e.say("field-place.names"), ID: look.FieldID("names"), Body: names},
		e.formerNames(f),
		e.one(ask{path: "main_type", label: "field-place.type"}),
		e.several(ask{path: "types", label: "field-place.further-types", hint: "field-place.further-types-hint"}),
		look.Side{Body: []look.Part{e.line(ask{path: "region", label: "field-place.region", hint: "field-place.region-hint"}), e.line(ask{path: "code", label: "field-place.code"})}},
		look.Side{Body: []look.Part{e.line(ask{path: "town", label: "field-place.town"}), e.line(ask{path: "district", label: "field-place.district"})}},
		e.line(ask{path: "address", label: "field-place.address", rows: 2}),
		e.line(ask{path: "postcode", label: "field-place.postcode"}),
		e.one(ask{path: "responsible_body", label: "field-place.responsible"}),
		e.line(ask{path: "operator", label: "field-place.operator"}),
		e.several(ask{path: "sexes_held", label: "field-place.sexes", two: true}),
		e.several(ask{path: "ages_held", label: "field-place.ages", two: true}),
		e.line(ask{path: "security_level", label: "field-place.security"}),
		e.one(ask{path: "state", label: "field-place.state", two: true}),
		look.Side{Body: []look.Part{e.day(ask{path: "opened_on", label: "field-place.opened-on"}), e.day(ask{path: "closed_on", label: "field-place.closed-on"})}},
		e.several(ask{path: "connectivity", label: "field-place.connectivity"}),
		look.Unfold{Summary: e.say("field-place.point"), Plain: true, Body: []look.Part{
			look.Side{Body: []look.Part{e.number(ask{path: "location.latitude", label: "field-place.latitude"}), e.number(ask{path: "location.longitude", label: "field-place.longitude"})}},
			e.number(ask{path: "location.precision_m", label: "field-place.precision", unit: "unit.m"})}},
		e.line(ask{path: "note", label: "field-notes.remark", rows: 3}),
	}
}

// formerNames are the names that a place had.
func (e *editor) formerNames(f *daylightv1.Facility) look.Part {
	out := e.beside("former_names")
	for i, n := range f.GetFormerNames() {
		at := func(field string) string { return recordpage.At("former_names", n.GetId(), field) }
		out = append(out, e.element("former_names", n.GetId(), e.numbered("field-place.former-one", i), "field-place.former-drop",
			e.line(ask{path: at("name"), label: "field-place.former-name"}),
			look.Side{Body: []look.Part{e.language(ask{path: at("language"), label: "field-place.former-language"}), e.day(ask{path: at("until"), label: "field-place.former-until"})}}))
	}
	out = append(out, e.addTo("former_names", "field-place.former-add"))
	return look.Unfold{Summary: e.counted("field-place.former", len(f.GetFormerNames())), Plain: true, Open: len(f.GetFormerNames()) > 0, Body: []look.Part{look.Flow{ID: look.FieldID("former_names"), Body: out}}}
}

// language asks for one language: those of the product, and what is set already.
func (e *editor) language(q ask) look.Part {
	var options []look.Option
	for _, tag := range look.Languages {
		options = append(options, look.Option{Value: tag, Text: look.LanguageName(tag)})
	}
	if now := e.value(q.path); now != "" && !slices.Contains(look.Languages, now) {
		options = append(options, look.Option{Value: now, Text: look.LanguageName(now)})
	}
	return e.chosen(q, options)
}

// showPlace is a place through time, as far as this device knows.
func (t *turn) showPlace(item clientsync.Item) error {
	f := item.Message.(*daylightv1.Facility)
	if len(f.GetSeen()) == 0 {
		return t.editPlace(item)
	}
	e, err := t.edit(item, "")
	if err != nil {
		return err
	}
	alike, err := t.alike(f)
	if err != nil {
		return err
	}
	head := look.Heading{Over: t.placeLine(f), Text: t.placeName(f)}
	if f.GetState() > daylightv1.FacilityState_FACILITY_STATE_ACTIVE {
		head.Tags = t.enumTag(f.GetState())
	}
	body := append([]look.Part{head}, e.notices()...)
	body = append(body, alike, look.Facts{Leaf: true, Items: t.placeFacts(f)}, look.Cluster{Body: []look.Part{
		look.Button{Text: t.say("field-place.change"), Icon: look.IconPen, Href: t.href(item.Kind, item.ID, "edit")},
		look.Button{Text: t.say("field-place.visit-here"), Icon: look.IconPlus, Action: "/visits/begin", Hidden: []look.Hidden{{Name: "place", Value: t.handles.name(item.Kind, item.ID)}}}}})
	earlier, err := t.earlier(item.ID)
	if err != nil {
		return err
	}
	return t.visitTab(item, "", sheet{title: "field-place.place", back: "/visit", body: append(append(body, earlier...), t.ends(item))})
}

func (t *turn) placeFacts(f *daylightv1.Facility) (out []look.Fact) {
	fact := func(name look.Key, value look.Text) {
		if len(value) > 0 {
			out = append(out, look.Fact{Name: t.say(name), Value: value})
		}
	}
	var names []look.Text
	for _, tag := range sortedKeys(f.GetNames()) {
		names = append(names, look.Foreign(tag, f.GetNames()[tag]))
	}
	fact("field-place.names", look.Lines(names...))
	if f.GetResponsibleBody() != "" {
		fact("field-place.responsible", t.code("RESPONSIBLE_BODY", f.GetResponsibleBody()))
	}
	fact("field-place.address", shortened(f.GetAddress()))
	for _, c := range f.GetCapacities() {
		if c.Persons != nil {
			fact("field-counts.capacities", look.Spaced(t.locale.Number(int(c.GetPersons())), look.Small(t.labelOf(c.GetKind()))))
		}
	}
	var without []look.Text
	for _, c := range f.GetConnectivity() {
		without = append(without, t.labelOf(c))
	}
	fact("field-place.connectivity", look.Dotted(without...))
	fact("field-notes.remark", shortened(f.GetNote()))
	return out
}
