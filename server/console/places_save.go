package console

import (
	"strings"

	"golang.org/x/text/language"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// Making and changing a place. Adding and taking out an element of a list, and looking for a
// successor, send the form and give it back with all that was typed: only Save saves.

func (t *turn) newPlace() error {
	m := &daylightv1.Facility{State: daylightv1.FacilityState_FACILITY_STATE_ACTIVE.Enum()}
	return t.showPlaceForm(store.Item{Message: m}, placeAsked{})
}

func (t *turn) editPlace() error {
	item, err := t.item(record.Facility)
	if err != nil {
		return err
	}
	if !t.writesPlace(item.Message.(*daylightv1.Facility)) || item.Removed {
		return errNotFound
	}
	return t.showPlaceForm(item, placeAsked{})
}

// placeAsked is what is wrong with a form that comes again, and what it asked for.
type placeAsked struct {
	form  *look.Form
	wrong map[string]look.Text
	notes []look.Part
	found []look.Option
}

func (t *turn) showPlaceForm(item store.Item, a placeAsked) error {
	m := item.Message.(*daylightv1.Facility)
	bodies, err := t.bodyCodes()
	if err != nil {
		return err
	}
	e := &placeForm{editor: t.edit(item, a.form, a.wrong), place: m, found: a.found, bodies: bodies}
	at, title, crumbs := "/places/new", t.say("office-places.new"), []look.Link{{Href: "/places", Text: t.say("office-places.title")}}
	back := "/places"
	if m.GetId() != "" {
		back = "/places/" + m.GetId()
		at, title = back+"/edit", t.say("field-place.edit")
		crumbs = append(crumbs, look.Link{Href: back, Text: t.name(m)})
	}
	fields := append(e.fields(), look.Cluster{Body: []look.Part{
		look.Button{Text: t.say("field-edit.save"), Icon: look.IconCheck, Kind: look.ButtonMain}, look.Button{Text: t.say("office-places.leave"), Kind: look.ButtonQuiet, Href: back}}})
	hidden := append(e.hidden(), look.Hidden{Name: foundField, Value: typed(a.form, successorField, "")})
	return t.show(sheet{title: title, here: "/places", crumbs: append(crumbs, look.Link{Text: title}), body: append(a.notes, look.Questions{ID: "place", Action: at, Enter: true, Hidden: hidden, Body: fields})})
}

func (t *turn) makePlace(f *look.Form) error { return t.takePlace("", f) }

func (t *turn) savePlace(f *look.Form) error {
	id, err := t.id("id")
	if err != nil {
		return err
	}
	return t.takePlace(id.String(), f)
}

// takePlace saves what was typed, or gives it back with why not.
func (t *turn) takePlace(id string, f *look.Form) error {
	as, err := recordpage.Unpack(record.Facility, id, f.Value(recordpage.AsField))
	if err != nil {
		return look.ErrForm
	}
	out, err := t.layOver(as, f, placePaths(as.(*daylightv1.Facility))...)
	if err != nil {
		return err
	}
	m := out.message.(*daylightv1.Facility)
	t.otherName(m, f, out.wrong)
	f.Put(recordpage.AsField, carriedOf(m))
	a := placeAsked{form: f, wrong: out.wrong}
	switch looking := f.Value("find") != "" || f.Trimmed(successorField) != strings.TrimSpace(f.Value(foundField)); {
	case f.Has(recordpage.AddField), f.Has(recordpage.DropField):
		if err := changeList(m, f); err != nil {
			return err
		}
		f.Put(recordpage.AsField, carriedOf(m))
		a.notes = []look.Part{look.Note{Status: true, Text: t.say("office-places.not-yet")}}
	case looking && f.Trimmed(successorField) != "":
		return t.findSuccessor(m, a)
	case len(out.wrong) > 0:
		a.notes = t.wrongIn(out.wrong)
	default:
		return t.keepPlace(m, a)
	}
	return t.showPlaceForm(store.Item{Message: m}, a)
}

// keepPlace saves a place and leads to it.
func (t *turn) keepPlace(m *daylightv1.Facility, a placeAsked) error {
	items, err := t.records().Save(t.ctx(), savable(m))
	if err == nil {
		what := "saved"
		if m.GetId() == "" {
			what = "made"
		}
		return t.to(with("/places/"+items[0].Message.GetId(), "done", what))
	}
	why, ok := t.notSaved(err)
	if !ok {
		return err
	}
	a.notes = t.failure(why)
	return t.showPlaceForm(store.Item{Message: m}, a)
}

// findSuccessor gives the form back with the places that are called so.
func (t *turn) findSuccessor(m *daylightv1.Facility, a placeAsked) (err error) {
	if a.found, err = t.successorOptions(a.form.Trimmed(successorField), m.GetId()); err != nil {
		return err
	}
	a.notes = []look.Part{look.Note{Status: true, Text: t.say("office-places.found-n", "n", len(a.found))}}
	if len(a.found) == 0 {
		a.wrong[successorField] = t.say("office-places.found-n", "n", 0)
	}
	return t.showPlaceForm(store.Item{Message: m}, a)
}

// placePaths are what the form of a place may set: its fields, and the elements that the
// form was made with.
func placePaths(m *daylightv1.Facility) []string {
	paths := []string{"main_type", "code", "types", "responsible_body", "operator", "sexes_held", "ages_held", "security_level", "connectivity",
		"region", "district", "town", "postcode", "address", "location.latitude", "location.longitude", "location.precision_m",
		"state", "opened_on", "closed_on", "successor_id", "note", "confidentiality", "body"}
	for _, tag := range placeNameTags(m) {
		paths = append(paths, recordpage.At("names", tag))
	}
	add := func(field, id string, inside ...string) {
		for _, name := range inside {
			paths = append(paths, recordpage.At(field, id, name))
		}
	}
	for _, n := range m.GetFormerNames() {
		add("former_names", n.GetId(), "name", "language", "until")
	}
	for _, c := range m.GetCapacities() {
		add("capacities", c.GetId(), "kind", "persons", "source", "as_of", "note")
	}
	for _, c := range m.GetPopulation() {
		add("population", c.GetId(), "category", "sex", "persons", "source", "as_of", "counted_by", "note")
	}
	return paths
}

// otherName lays a name in a language that the form had no control for.
func (t *turn) otherName(m *daylightv1.Facility, f *look.Form, wrong map[string]look.Text) {
	tag, name := f.Trimmed(tagField), f.Trimmed(tagNameField)
	if tag == "" && name == "" {
		return
	}
	if known, err := language.Parse(tag); err != nil || name == "" || len(f.Error(tagNameField)) > 0 {
		wrong[tagField] = t.say("office-places.bad-tag")
		return
	} else if tag = known.String(); m.Names == nil {
		m.Names = map[string]string{}
	}
	m.Names[tag] = name
	f.Put(tagField, "")
	f.Put(tagNameField, "")
	f.Put(recordpage.At("names", tag), name)
}

// changeList adds an empty element to a list, or takes one out.
func changeList(m *daylightv1.Facility, f *look.Form) error {
	switch field := f.Value(recordpage.AddField); field {
	case "former_names":
		m.FormerNames = append(m.FormerNames, &daylightv1.FormerName{Id: freshKey(m)})
	case "capacities":
		m.Capacities = append(m.Capacities, &daylightv1.Capacity{Id: freshKey(m)})
	case "population":
		m.Population = append(m.Population, &daylightv1.PopulationCount{Id: freshKey(m)})
	case "":
		return dropElement(m, f.Value(recordpage.DropField))
	default:
		return look.ErrForm
	}
	return nil
}

// dropElement takes out the element that a path names.
func dropElement(m *daylightv1.Facility, at string) error {
	steps, err := recordpage.ParsePath(at)
	if err != nil || len(steps) != 1 || !steps[0].Keyed {
		return look.ErrForm
	}
	switch steps[0].Field {
	case "former_names", "capacities", "population":
	default:
		return look.ErrForm
	}
	r := m.ProtoReflect()
	fd := r.Descriptor().Fields().ByName(steps[0].Field)
	old, kept := r.Get(fd).List(), r.NewField(fd).List()
	for i := range old.Len() {
		if e := old.Get(i).Message(); e.Get(fd.Message().Fields().ByNumber(1)).String() != steps[0].Key {
			kept.Append(old.Get(i))
		}
	}
	r.Set(fd, protoreflect.ValueOfList(kept))
	return nil
}

// savable is the place as it is saved: elements that are new have no id yet, and those that
// hold nothing are left out.
func savable(m *daylightv1.Facility) *daylightv1.Facility {
	m = proto.Clone(m).(*daylightv1.Facility)
	for _, field := range []protoreflect.Name{"former_names", "capacities", "population"} {
		r := m.ProtoReflect()
		fd := r.Descriptor().Fields().ByName(field)
		key := fd.Message().Fields().ByNumber(1)
		old, kept := r.Get(fd).List(), r.NewField(fd).List()
		for i := range old.Len() {
			e := old.Get(i).Message()
			if strings.HasPrefix(e.Get(key).String(), unsavedKey) {
				if e.Clear(key); proto.Size(e.Interface()) == 0 {
					continue
				}
			}
			kept.Append(old.Get(i))
		}
		r.Set(fd, protoreflect.ValueOfList(kept))
	}
	return m
}
