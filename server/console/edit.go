package console

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// editor makes the controls of one form about a record. What was typed and not taken stays in
// its control, with why beside it.
type editor struct {
	*turn
	item store.Item
	// form is what was posted and not taken, nil for a page that comes the first time; wrong
	// says why, by path.
	form  *look.Form
	wrong map[string]look.Text
	has   []string // paths whose controls send nothing when nothing is chosen
}

// edit begins a form about a record. f and wrong are those of a form that comes again, else nil.
func (t *turn) edit(item store.Item, f *look.Form, wrong map[string]look.Text) *editor {
	return &editor{turn: t, item: item, form: f, wrong: wrong}
}

// ask is one question about the record.
type ask struct {
	// path names what is asked for, see recordpage.
	path string
	// label is of the catalogue; empty: what the field is called anywhere. Hint may be empty.
	label, hint look.Key
	// rows makes it a field of several lines.
	rows int
	// list is the list of codes, where it is not that of the field; parent narrows it.
	list   vocabulary.List
	parent vocabulary.Code
	// only are the values on offer, in this order; empty: all of the list.
	only     []string
	required bool
}

func (e *editor) labelOf(q ask) look.Text {
	if q.label != "" {
		return e.say(q.label)
	}
	field, _, _ := strings.Cut(q.path[strings.LastIndex(q.path, ".")+1:], "[")
	return e.saying().Field(field)
}

func (e *editor) hintOf(q ask) look.Text {
	if q.hint == "" {
		return nil
	}
	return e.say(q.hint)
}

// value is what the control shows: what was typed, else what is saved.
func (e *editor) value(path string) string {
	if e.form != nil && e.form.Has(path) {
		return e.form.Value(path)
	}
	value, err := recordpage.Control(e.item.Message, path)
	if err != nil {
		panic("console: a page asks for " + path + ": " + err.Error()) // a mistake in a page; every page is tested
	}
	return value
}

// line asks for a line or, with rows, for text.
func (e *editor) line(q ask) look.Part { return e.input(q) }

func (e *editor) input(q ask) look.Input {
	return look.Input{Name: q.path, Label: e.labelOf(q), Hint: e.hintOf(q), Value: e.value(q.path), Rows: q.rows, Error: e.wrong[q.path], Required: q.required}
}

// number asks for a number.
func (e *editor) number(q ask) look.Part {
	in := e.input(q)
	in.Numeric = true
	return in
}

// dayOf asks for a date. One that is known in part, as 2026-11, is typed.
func (e *editor) dayOf(q ask) look.Part {
	in := e.input(q)
	if len(in.Value) == len("2026-11-24") || in.Value == "" {
		in.Type = "date"
	}
	return in
}

// yesNo asks for yes, no, or no answer.
func (e *editor) yesNo(q ask) look.Part {
	return e.choices(q, []look.Option{{Value: "yes", Text: e.say("field-edit.yes")}, {Value: "no", Text: e.say("field-edit.no")}})
}

// one asks for one code of a list, or one value of an enum: few as choices all in sight, many
// as a list to choose from.
func (e *editor) one(q ask) look.Part {
	options := e.options(q)
	if len(options) <= 6 {
		return e.choices(q, options)
	}
	now := e.value(q.path)
	for i := range options {
		options[i].Selected = options[i].Value == now
	}
	return look.Select{Name: q.path, Label: e.labelOf(q), Hint: e.hintOf(q), Options: options, Choose: true, Error: e.wrong[q.path], Required: q.required}
}

func (e *editor) choices(q ask, options []look.Option) look.Part {
	now := e.value(q.path)
	e.has = append(e.has, q.path)
	all := []look.Choice{}
	for _, o := range options {
		all = append(all, look.Choice{Value: o.Value, Text: o.Text, Checked: o.Value == now})
	}
	if !q.required {
		all = append(all, look.Choice{Text: e.say("field-edit.no-answer"), Checked: now == ""})
	}
	return look.Choices{Name: q.path, Legend: e.labelOf(q), Hint: e.hintOf(q), Options: all, Error: e.wrong[q.path]}
}

// mostInSight is how many answers of any number stand in sight before they unfold by groups.
const mostInSight = 12

// several asks for any number of codes of a list.
func (e *editor) several(q ask) look.Part {
	now, err := recordpage.ReadSet(e.item.Message, q.path)
	if err != nil {
		panic("console: a page asks for " + q.path + ": " + err.Error())
	}
	if e.form != nil && (e.form.Has(q.path) || e.form.Ticked(recordpage.HasField, q.path)) {
		now = e.form.Values(q.path)
	}
	options := e.options(q)
	for _, value := range now { // what is set and on offer no more stays, and can be taken out
		if !slices.ContainsFunc(options, func(o look.Option) bool { return o.Value == value }) {
			options = append(options, look.Option{Value: value, Text: e.code(e.listOf(q), value)})
		}
	}
	return e.offers(q, now, options)
}

// offers asks for any number of what is on offer.
func (e *editor) offers(q ask, now []string, options []look.Option) look.Part {
	e.has = append(e.has, q.path)
	chosen := look.PickGroup{Text: e.say("field-edit.pick-chosen"), InSight: true}
	var groups []look.PickGroup
	var all []look.Choice
	for _, o := range options {
		c := look.Choice{Value: o.Value, Text: o.Text, Checked: slices.Contains(now, o.Value)}
		all = append(all, c)
		if c.Checked {
			chosen.Options = append(chosen.Options, c)
			continue
		}
		if len(o.Group) == 0 {
			o.Group = e.say("field-edit.pick-rest")
		}
		i := slices.IndexFunc(groups, func(g look.PickGroup) bool { return g.Text.String() == o.Group.String() })
		if i < 0 {
			i, groups = len(groups), append(groups, look.PickGroup{Text: o.Group})
		}
		groups[i].Options = append(groups[i].Options, c)
	}
	if len(all) <= mostInSight {
		return look.Choices{Name: q.path, Legend: e.labelOf(q), Hint: e.hintOf(q), Options: all, Many: true, Error: e.wrong[q.path]}
	}
	return look.Pick{Name: q.path, Legend: e.labelOf(q), Hint: e.hintOf(q), Groups: append([]look.PickGroup{chosen}, groups...),
		Find: e.say("field-edit.pick-find"), None: e.say("field-edit.pick-none"), Error: e.wrong[q.path]}
}

// listOf is the list that a field's codes are of.
func (e *editor) listOf(q ask) vocabulary.List {
	fd := recordpage.FieldAt(e.item.Message, q.path)
	if q.list != "" || fd == nil {
		return q.list
	}
	if fd.Enum() != nil {
		return vocabulary.ListOf(fd.Enum())
	}
	o, _ := proto.GetExtension(fd.Options(), daylightv1.E_Field).(*daylightv1.Field)
	return vocabulary.List(o.GetList())
}

// options are the codes on offer today, and the one that is set, whatever became of it.
func (e *editor) options(q ask) (out []look.Option) {
	list := e.listOf(q)
	fd := recordpage.FieldAt(e.item.Message, q.path)
	out = e.optionsOf(list, q.parent)
	for i := range out {
		if fd != nil && fd.Enum() != nil {
			out[i].Value = enumName(fd.Enum(), list, out[i].Value)
		}
	}
	if len(q.only) > 0 {
		out = slices.DeleteFunc(out, func(o look.Option) bool { return !slices.Contains(q.only, o.Value) })
		slices.SortStableFunc(out, func(a, b look.Option) int {
			return slices.Index(q.only, a.Value) - slices.Index(q.only, b.Value)
		})
	}
	if fd == nil || fd.IsList() {
		return out
	}
	if now := e.value(q.path); now != "" && !slices.ContainsFunc(out, func(o look.Option) bool { return o.Value == now }) {
		out = append(out, look.Option{Value: now, Text: e.code(list, now)})
	}
	return out
}

// optionsOf are the codes of a list that are on offer today; parent narrows them.
func (t *turn) optionsOf(list vocabulary.List, parent vocabulary.Code) (out []look.Option) {
	set := t.terms()
	offered := set.Offered(list, t.locale.Now)
	if parent != "" {
		offered = set.OfferedIn(list, parent, t.locale.Now)
	}
	groups := vocabulary.ParentList(list)
	for _, term := range offered {
		o := look.Option{Value: string(term.Code), Text: t.locale.Labelled(term.Label(t.locale.Tag))}
		if groups != "" && parent == "" {
			o.Group = t.locale.Labelled(set.Label(groups, term.Parent, t.locale.Tag))
		}
		out = append(out, o)
	}
	return out
}

// enumName is the name of an enum's value, as controls carry it, by its code.
func enumName(d protoreflect.EnumDescriptor, list vocabulary.List, code string) string {
	if v := d.Values().ByName(protoreflect.Name(string(list) + "_" + code)); v != nil {
		return string(v.Name())
	}
	return code
}

// hidden is what the form carries: the record as it is shown, and which controls it has.
func (e *editor) hidden() []look.Hidden {
	out := []look.Hidden{{Name: recordpage.AsField, Value: e.carried()}}
	for _, path := range e.has {
		out = append(out, look.Hidden{Name: recordpage.HasField, Value: path})
	}
	return out
}

// carried is the record as the form was made from it: of a form that comes again, what it
// carried the first time, so that what was typed is still typed over that.
func (e *editor) carried() string {
	if e.form != nil && e.form.Has(recordpage.AsField) {
		return e.form.Value(recordpage.AsField)
	}
	return carriedOf(e.item.Message)
}

func carriedOf(m record.Message) string {
	as, err := recordpage.Pack(m)
	if err != nil {
		panic(err) // a message that was read can be written
	}
	return as
}
