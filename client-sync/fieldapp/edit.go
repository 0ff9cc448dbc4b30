package fieldapp

import (
	"cmp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/terms"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// editor makes the controls of one page of a record. What the rules say about a field, two
// versions of it, and why it was refused stand beside its control.
type editor struct {
	*turn
	item clientsync.Item
	page string
	set  *terms.Set
	// flags are what the rules say, by field and key.
	flags map[string][]clientsync.Flag
	has   []string // paths whose controls send nothing when nothing is chosen
	// open are the comments about the record that nobody has settled; drawn are those that
	// stand beside a control already.
	open  []thread
	drawn map[string]bool
}

// edit begins the form of a page of a record.
func (t *turn) edit(item clientsync.Item, page string) (*editor, error) {
	set, err := t.terms()
	if err != nil {
		return nil, err
	}
	e := &editor{turn: t, item: item, page: page, set: set, flags: map[string][]clientsync.Flag{}, open: t.openAbout(item), drawn: map[string]bool{}}
	for _, f := range t.client.Check(item.Message) {
		at := f.Field
		if f.Key != "" {
			at = recordpage.At(f.Field, f.Key)
		}
		e.flags[at] = append(e.flags[at], f)
	}
	return e, nil
}

// ask is one question about the record.
type ask struct {
	// path names what is asked for, see path.go.
	path string
	// label and hint are of the catalogue; text instead of the label.
	label, hint look.Key
	text        look.Text
	// rows makes it a field of several lines; unit stands behind a number.
	rows int
	unit look.Key
	// list is the list of codes, where it is not that of the field; parent narrows it.
	list   terms.List
	parent terms.Code
	// only are the values on offer, in this order; empty: all of the list.
	only []string
	// two sets few answers in two columns; many shows a long list as choices all the same.
	two, many bool
	// pick offers even few answers as a list to choose from: where many are asked for under
	// each other.
	pick bool
}

func (e *editor) label(q ask) look.Text {
	if len(q.text) > 0 {
		return q.text
	}
	return e.say(q.label)
}

func (e *editor) hint(q ask) look.Text {
	if q.hint == "" {
		return nil
	}
	return e.say(q.hint)
}

// value is what the control shows: what was typed and refused, else what is saved.
func (e *editor) value(path string) string {
	if e.again != nil && e.again.Has(path) {
		return e.again.Value(path)
	}
	value, err := recordpage.Control(e.item.Message, path)
	if err != nil {
		panic("fieldapp: a page asks for " + path + ": " + err.Error()) // a mistake in a page; every page is tested
	}
	return value
}

// missing reports whether a rule lists the field as missing.
func (e *editor) missing(path string) bool {
	return slices.ContainsFunc(e.flags[path], func(f clientsync.Flag) bool { return f.Weight == clientsync.WeightMissing })
}

// beside is what stands under a control: two versions, and what the rules say.
func (e *editor) beside(path string) (out []look.Part) {
	for i, c := range e.item.Conflicts {
		if at := recordpage.At(c.Field, c.Key); path == c.Field && c.Key == "" || path == at || strings.HasPrefix(path, at+".") || c.Key == "" && strings.HasPrefix(path, c.Field+".") {
			out = append(out, look.Note{Kind: look.NoteTwo, Text: e.say("field-edit.two"), Body: []look.Part{
				look.Button{Text: e.say("field-edit.compare"), Href: e.versionsHref(e.item, i), Kind: look.ButtonQuiet}}})
			break
		}
	}
	for _, f := range e.flags[path] {
		if f.Weight != clientsync.WeightMissing {
			out = append(out, look.Para{Small: true, Live: true, Text: e.flagSays(f)})
		}
	}
	return append(out, e.commentsBeside(path)...)
}

// line asks for a line or, with rows, for text.
func (e *editor) line(q ask) look.Part {
	return look.Input{Name: q.path, Label: e.label(q), Hint: e.hint(q), Value: e.value(q.path), Rows: q.rows,
		Error: e.refused[q.path], Missing: e.missing(q.path), Beside: e.beside(q.path)}
}

// number asks for a number.
func (e *editor) number(q ask) look.Part {
	in := e.line(q).(look.Input)
	in.Numeric = true
	if q.unit != "" {
		in.Unit = e.say(q.unit)
	}
	return in
}

// day asks for a date. One that is known in part, as 2026-11, is typed.
func (e *editor) day(q ask) look.Part {
	in := e.line(q).(look.Input)
	if len(in.Value) == len("2026-11-24") || in.Value == "" {
		in.Type = "date"
	}
	return in
}

// moment asks for a date with its time; see moments.go for the offset.
func (e *editor) moment(q ask) look.Part {
	in := e.line(q).(look.Input)
	if len(in.Value) == len(recordpage.LocalMinute) || in.Value == "" {
		in.Type = "datetime-local"
	}
	return in
}

// yesNo asks for yes, no, or no answer.
func (e *editor) yesNo(q ask) look.Part {
	return e.choices(q, []look.Option{{Value: "yes", Text: e.say("field-edit.yes")}, {Value: "no", Text: e.say("field-edit.no")}})
}

// one asks for one code of a list, or one value of an enum: few as choices all in sight,
// many as a list to choose from.
func (e *editor) one(q ask) look.Part {
	options := e.options(q)
	if len(options) <= 6 && !q.pick || q.many {
		return e.choices(q, options)
	}
	now := e.value(q.path)
	for i := range options {
		options[i].Selected = options[i].Value == now
	}
	return look.Select{Name: q.path, Label: e.label(q), Hint: e.hint(q), Options: options, Choose: true,
		Error: e.refused[q.path], Missing: e.missing(q.path), Beside: e.beside(q.path)}
}

func (e *editor) choices(q ask, options []look.Option) look.Part {
	now := e.value(q.path)
	e.has = append(e.has, q.path)
	all := []look.Choice{}
	for _, o := range options {
		all = append(all, look.Choice{Value: o.Value, Text: o.Text, Checked: o.Value == now})
	}
	if all = append(all, look.Choice{Text: e.say("field-edit.no-answer"), Checked: now == ""}); len(options) == 0 {
		all = nil
	}
	return look.Choices{Name: q.path, Legend: e.label(q), Hint: e.hint(q), Options: all, Two: q.two,
		Error: e.refused[q.path], Missing: e.missing(q.path), Beside: e.beside(q.path)}
}

// listOf is the list that a field's codes are of.
func (e *editor) listOf(q ask) terms.List {
	fd := recordpage.FieldAt(e.item.Message, q.path)
	if q.list != "" || fd == nil {
		return q.list
	}
	if fd.Enum() != nil {
		return terms.ListOf(fd.Enum())
	}
	o, _ := proto.GetExtension(fd.Options(), daylightv1.E_Field).(*daylightv1.Field)
	return terms.List(o.GetList())
}

// options are the codes on offer today, and the one that is set, whatever became of it.
func (e *editor) options(q ask) (out []look.Option) {
	list := e.listOf(q)
	fd := recordpage.FieldAt(e.item.Message, q.path)
	offered := e.set.Offered(list, e.locale.Now)
	if q.parent != "" {
		offered = e.set.OfferedIn(list, q.parent, e.locale.Now)
	}
	groups := terms.ParentList(list)
	for _, term := range offered {
		o := look.Option{Value: string(term.Code), Text: e.locale.Labelled(term.Label(e.locale.Tag))}
		if fd != nil && fd.Enum() != nil {
			o.Value = enumValue(fd.Enum(), term.Number)
		}
		if groups != "" && q.parent == "" {
			o.Group = e.locale.Labelled(e.set.Label(groups, term.Parent, e.locale.Tag))
		}
		if len(q.only) == 0 || slices.Contains(q.only, o.Value) {
			out = append(out, o)
		}
	}
	if len(q.only) > 0 {
		slices.SortStableFunc(out, func(a, b look.Option) int {
			return cmp.Compare(slices.Index(q.only, a.Value), slices.Index(q.only, b.Value))
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

// enumValue is the name of an enum's value by its number, as controls carry it.
func enumValue(d protoreflect.EnumDescriptor, n uint32) string {
	if v := d.Values().ByNumber(protoreflect.EnumNumber(n)); v != nil {
		return string(v.Name())
	}
	return ""
}

// code is the label of a code, known or not. Values of enums are given by their names.
func (t *turn) code(list terms.List, value string) look.Text {
	set, err := t.terms()
	if err != nil {
		return look.Code(value)
	}
	code := terms.Code(strings.TrimPrefix(value, string(list)+"_"))
	return t.locale.Labelled(set.Label(list, code, t.locale.Tag))
}

// form wraps the controls: the record as it was shown goes along.
func (e *editor) form(body ...look.Part) look.Part {
	shown := e.item.Message
	if e.shown != nil { // what is shown again was typed over this
		shown = e.shown
	}
	as, err := recordpage.Pack(shown)
	if err != nil {
		panic(err) // a message that was read can be written
	}
	hidden := []look.Hidden{{Name: recordpage.AsField, Value: as}, {Name: pageField, Value: e.page}}
	for _, path := range e.has {
		hidden = append(hidden, look.Hidden{Name: recordpage.HasField, Value: path})
	}
	action := e.href(e.item.Kind, e.item.ID, "save")
	foot := []look.Part{look.Saved{For: "form", At: e.savedAt()}, look.Button{Text: e.say("field-edit.save"), Data: map[string]string{"plain": "1"}}}
	return look.Questions{ID: "form", Action: action, Enter: true, Hidden: hidden, Data: map[string]string{"save": action}, Body: append(body, foot...)}
}

// savedAt is when the page was saved, where it comes from saving.
func (e *editor) savedAt() look.Text {
	if e.r.URL.Query().Get("saved") == "" && !(e.again == nil && e.undo != "") {
		return nil
	}
	return e.locale.Clock(e.locale.Now)
}

// addTo is the button that adds an element to a list of the record, and dropOf the one that
// takes one out; both save what else was typed.
func (e *editor) addTo(field string, label look.Key) look.Part {
	return look.Button{Text: e.say(label), Icon: look.IconPlus, Name: recordpage.AddField, Value: field, NoCheck: true}
}

func (e *editor) dropOf(field, key string, label look.Key) look.Part {
	return look.Button{Text: e.say(label), Kind: look.ButtonQuiet, Name: recordpage.DropField, Value: recordpage.At(field, key), NoCheck: true}
}

// notices are the banners at the head of the page: why nothing was saved, what can be put
// back, and that the record was removed.
func (e *editor) notices() (out []look.Part) {
	if len(e.failed) > 0 {
		out = append(out, look.Note{Kind: look.NoteUrgent, Status: true, Heading: e.say("field-edit.not-saved"), Text: e.failed})
	}
	if e.undo != "" {
		as, err := recordpage.Pack(e.item.Message)
		if err == nil {
			out = append(out, look.Note{Kind: look.NoteSettled, Status: true, Text: e.say("field-edit.taken-out"), Body: []look.Part{
				look.Button{Text: e.say("field-edit.put-back"), Action: e.href(e.item.Kind, e.item.ID, "save"),
					Hidden: []look.Hidden{{Name: recordpage.AsField, Value: as}, {Name: pageField, Value: e.page}, {Name: recordpage.AgainField, Value: e.undo}}}}})
		}
	}
	if e.item.Removed {
		out = append(out, look.Note{Kind: look.NoteWatch, Text: e.say("field-edit.is-removed"), Body: []look.Part{
			look.Button{Text: e.say("field-edit.bring-back"), Action: e.href(e.item.Kind, e.item.ID, "back")}}})
	}
	out = append(out, e.twoNotice(e.item)...)
	return append(out, e.reviewNotice()...)
}

// removal is the way to remove the record; it can be brought back.
func (e *editor) removal(label look.Key, back string) look.Part {
	as, err := recordpage.Pack(e.item.Message)
	if err != nil || len(e.item.Message.GetSeen()) == 0 {
		return look.Flow{}
	}
	return look.Button{Text: e.say(label), Kind: look.ButtonQuiet, Action: e.href(e.item.Kind, e.item.ID, "remove"),
		Hidden: []look.Hidden{{Name: recordpage.AsField, Value: as}, {Name: "_back", Value: back}}}
}
