package console

import (
	"slices"
	"strconv"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// showForm shows how a version asks, part by part, as a team sees it; nothing is saved.
func (t *turn) showForm() error {
	f, err := t.forms()
	if err != nil {
		return err
	}
	code, version := t.r.PathValue("code"), t.r.PathValue("version")
	m, ok := f.Form(checklist.FormID(code, version))
	if !ok {
		return errNotFound
	}
	at := formAt(code, version)
	s := sheet{title: t.say("office-checklists.preview"), lede: t.say("office-checklists.preview-lede"), here: "/checklists",
		crumbs: []look.Link{{Href: "/checklists", Text: t.say("office-checklists.title")}, {Href: formAt(code, ""), Text: look.Code(code)}, {Text: look.Code(version)}}}
	s.body = t.formParts(at, m)
	return t.show(s)
}

// formParts are a form as its parts, the one that the address names, ?part=, opened.
func (t *turn) formParts(at string, m *daylightv1.Checklist) []look.Part {
	form, problems := checklist.Compile(m)
	if form == nil {
		return []look.Part{look.Note{Kind: look.NoteUrgent, Heading: t.say("office-checklists.broken"), Text: t.problemsOf(problems)}}
	}
	in := t.formLanguage(form)
	d := drawn{turn: t, form: form, in: in}
	sections := d.sections()
	open := number(t.r.URL.Query(), "part")
	if len(sections) == 0 {
		return []look.Part{look.Empty{Text: t.say("office-checklists.no-questions")}}
	}
	open = min(open, len(sections)-1)
	var out []look.Part
	if len(form.Languages()) > 1 {
		a := look.Anchors{Name: t.say("office-checklists.languages")}
		for _, tag := range form.Languages() {
			name := look.LanguageName(tag)
			if len(name) == 0 {
				name = look.Code(tag)
			}
			a.Links = append(a.Links, look.Link{Href: with(at, "in", tag, "part", strconv.Itoa(open)), Text: name, Current: tag == in})
		}
		out = append(out, a)
	}
	ways := look.Anchors{Name: t.say("office-checklists.parts")}
	if len(sections) == 1 {
		return append(out, d.section(sections[0]))
	}
	for i, q := range sections {
		ways.Links = append(ways.Links, look.Link{Href: with(at, "part", strconv.Itoa(i), "in", t.r.URL.Query().Get("in")), Text: d.sectionName(q[0]), Current: i == open})
	}
	out = append(out, ways, d.section(sections[open]))
	p := look.Pager{From: open + 1, To: open + 1, N: len(sections)}
	if open > 0 {
		p.Earlier = with(at, "part", strconv.Itoa(open-1), "in", t.r.URL.Query().Get("in"))
	}
	if open+1 < len(sections) {
		p.Later = with(at, "part", strconv.Itoa(open+1), "in", t.r.URL.Query().Get("in"))
	}
	return append(out, p)
}

func (t *turn) problemsOf(all []checklist.Problem) look.Text {
	var lines []look.Text
	for _, p := range all[:min(len(all), 20)] {
		if p.Fatal {
			lines = append(lines, look.Dotted(look.Code(p.Question), look.Foreign("en", p.Error())))
		}
	}
	return look.Lines(lines...)
}

// formLanguage is the language that the form is shown in: what was asked for, the reader's,
// the form's own.
func (t *turn) formLanguage(form *checklist.Form) string {
	for _, tag := range []string{t.r.URL.Query().Get("in"), t.locale.Tag} {
		if slices.Contains(form.Languages(), tag) {
			return tag
		}
	}
	return form.DefaultLanguage()
}

// drawn is a form being drawn.
type drawn struct {
	*turn
	form *checklist.Form
	in   string
}

// sections are the groups and repeats at the top; rows that stand in none are together. What
// nobody sees makes none.
func (d drawn) sections() (out [][]*checklist.Question) {
	loose := false
	for _, q := range d.form.Sections() {
		switch {
		case !d.shows(q):
		case q.Group() || q.IsRepeat():
			out, loose = append(out, []*checklist.Question{q}), false
		case loose:
			out[len(out)-1] = append(out[len(out)-1], q)
		default:
			out, loose = append(out, []*checklist.Question{q}), true
		}
	}
	return out
}

// shows reports whether a person sees the row, or something in it.
func (d drawn) shows(q *checklist.Question) bool {
	if q.Group() || q.IsRepeat() {
		return slices.ContainsFunc(q.Children, d.shows)
	}
	return q.Answerable() || q.Later || q.Type == checklist.TypeNote
}

// section is one part, opened.
func (d drawn) section(rows []*checklist.Question) look.Part {
	s := look.Section{Heading: d.sectionName(rows[0])}
	for _, q := range rows {
		s.Body = append(s.Body, d.draw(q)...)
	}
	return s
}

func (d drawn) sectionName(q *checklist.Question) look.Text {
	if !q.Group() && !q.IsRepeat() {
		return d.say("office-checklists.loose")
	}
	return d.called(q)
}

// called is a row's label, else its name.
func (d drawn) called(q *checklist.Question) look.Text {
	if x := q.Label(d.in); x.Text != "" {
		return labelOf(x)
	}
	return look.Code(q.Name)
}

// draw shows a row as a team has it: the control cannot be filled here, and when it is asked
// stands beside it in words.
func (d drawn) draw(q *checklist.Question) (out []look.Part) {
	switch {
	case !d.shows(q):
		return nil
	case q.Group() || q.IsRepeat():
		var inside []look.Part
		if q.Parent != nil || q.IsRepeat() {
			inside = append(inside, look.Para{Label: true, Text: d.called(q)})
		}
		if q.IsRepeat() {
			inside = append(inside, look.Para{Small: true, Soft: true, Text: d.say("office-checklists.repeats")})
		}
		inside = append(inside, d.beside(q)...)
		for _, c := range q.Children {
			inside = append(inside, d.draw(c)...)
		}
		if q.Parent == nil && !q.IsRepeat() {
			return inside
		}
		return []look.Part{look.Well{Body: []look.Part{look.Flow{Body: inside}}}}
	case q.Type == checklist.TypeNote:
		return append([]look.Part{look.Para{Text: d.called(q)}}, d.beside(q)...)
	}
	return []look.Part{d.control(q)}
}

// mostDrawn is how many choices stand in sight.
const mostDrawn = 12

func (d drawn) control(q *checklist.Question) look.Part {
	hint := look.Text(nil)
	if x := q.Hint(d.in); x.Text != "" {
		hint = labelOf(x)
	}
	choices := q.Choices(d.in)
	beside := append([]look.Part{look.Para{Small: true, Soft: true, Text: d.kindOf(q)}}, d.beside(q)...)
	switch {
	case q.Type.Select() && len(choices) <= mostDrawn && len(choices) > 0:
		c := look.Choices{Name: "q-" + q.Name, Legend: d.called(q), Hint: hint, Many: q.Type != checklist.TypeSelectOne, Two: len(choices) > 3, Off: true}
		for _, o := range choices {
			if !o.Retired {
				c.Options = append(c.Options, look.Choice{Value: o.Name, Text: labelOf(o.Label)})
			}
		}
		return look.Flow{Tight: true, Body: append([]look.Part{c}, beside...)}
	case q.Type.Select():
		s := look.Select{Name: "q-" + q.Name, Label: d.called(q), Hint: hint, Choose: true, Off: true, Beside: beside}
		for _, o := range choices[:min(len(choices), 200)] {
			s.Options = append(s.Options, look.Option{Value: o.Name, Text: labelOf(o.Label)})
		}
		return s
	}
	in := look.Input{Name: "q-" + q.Name, Label: d.called(q), Hint: hint, Off: true, Beside: beside}
	if q.Type == checklist.TypeText {
		in.Rows = 2
	}
	return in
}

// kindOf says what sort of answer is wanted, and how many choices there are.
func (d drawn) kindOf(q *checklist.Question) look.Text {
	kind := d.say(look.Key("office-checklists.type-" + typeWord(q)))
	if n := len(q.Choices(d.in)); n > mostDrawn {
		kind = look.Dotted(kind, d.say("office-checklists.choices", "n", n))
	}
	if q.Later {
		kind = look.Dotted(kind, d.say("office-checklists.later"))
	}
	return kind
}

// typeWord is the key of a type of answer.
func typeWord(q *checklist.Question) string {
	switch q.Type {
	case checklist.TypeInteger, checklist.TypeDecimal, checklist.TypeRange:
		return "number"
	case checklist.TypeDate, checklist.TypeTime, checklist.TypeDateTime:
		return "time"
	case checklist.TypeSelectOne:
		return "one"
	case checklist.TypeSelectMultiple:
		return "several"
	case checklist.TypeRank:
		return "rank"
	case checklist.TypeGeopoint, checklist.TypeGeotrace, checklist.TypeGeoshape:
		return "map"
	case checklist.TypeAcknowledge:
		return "tick"
	case checklist.TypeImage, checklist.TypeAudio, checklist.TypeVideo, checklist.TypeFile:
		return "file"
	}
	return "text"
}

// beside says when a row is asked, whether it is wanted, and what it is about.
func (d drawn) beside(q *checklist.Question) (out []look.Part) {
	small := func(x look.Text) { out = append(out, look.Para{Small: true, Text: x}) }
	row := q.Row()
	if s := row.GetRelevant(); s != "" {
		small(d.say("office-checklists.only-if", "rule", d.rule(s)))
	}
	switch s := row.GetRequired(); s {
	case "", "no", "false", "false()":
	case "yes", "true", "true()":
		small(d.say("office-checklists.required"))
	default:
		small(d.say("office-checklists.required-if", "rule", d.rule(s)))
	}
	if s := row.GetSuggest(); s != "" {
		small(d.say("office-checklists.suggests", "rule", d.rule(s)))
	}
	if q.Topic != "" {
		small(d.say("office-checklists.topic", "topic", d.code(vocabulary.FindingTopic, q.Topic)))
	}
	if len(q.Standards) > 0 {
		var refs []look.Text
		for _, r := range q.Standards {
			refs = append(refs, look.To(with("/vocabulary/standards", "q", r), look.Code(r)))
		}
		small(d.say("office-checklists.standards", "refs", d.locale.List(refs...)))
	}
	return out
}
