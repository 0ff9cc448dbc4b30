package console

import (
	"errors"
	"time"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// A filled checklist to read: the form's questions with what was answered. Without its form the
// answers stand as they were given.

// showAnswers shows the response of the address, if it hangs on the visit of the address.
func (t *turn) showAnswers() error {
	visit, err := t.item(record.Visit)
	if err != nil {
		return err
	}
	item, err := t.itemOf(record.ChecklistResponse, t.r.PathValue("response"))
	if err != nil {
		return err
	}
	v := &visited{turn: t, item: visit, Visit: visit.Message.(*daylightv1.Visit)}
	r := item.Message.(*daylightv1.ChecklistResponse)
	if r.GetVisitId() != v.GetId() {
		return errNotFound
	}
	form, err := t.formOf(r)
	if err != nil {
		return err
	}
	heading := look.Spaced(look.Code(r.GetChecklistCode()), look.Code(r.GetChecklistVersion()))
	body := []look.Part{}
	if form == nil {
		body = append(body, look.Note{Kind: look.NoteWatch, Text: t.say("office-visit.form-away")}, t.rawAnswers(r))
	} else {
		x := checklist.Open(form, r, checklist.Options{Now: func() time.Time { return t.locale.Now }, Language: t.locale.Tag, Contested: checklist.ContestedIn(item.Status)})
		heading = t.formText(form.Title(t.locale.Tag))
		body = append(body, t.progressLeaf(x, r))
		body = append(body, t.answered(x)...)
	}
	return t.show(sheet{title: t.say("field-checklist.title"), heading: heading, crumbs: v.crumbs(t.say("field-checklist.title")), here: "/visits", body: body,
		actions: []look.Part{look.Button{Text: t.say("field-visit.history"), Icon: look.IconHistory, Href: inWords(record.ChecklistResponse, r.GetId()) + "/history"}}})
}

// formOf is the form that a response was filled by; nil where the office does not have it, or
// it cannot be filled.
func (t *turn) formOf(r *daylightv1.ChecklistResponse) (*checklist.Form, error) {
	var own []*daylightv1.Checklist
	item, err := t.itemOf(record.Checklist, r.GetChecklistId())
	if err == nil {
		own = append(own, item.Message.(*daylightv1.Checklist))
	} else if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	id, err := record.ParseID(r.GetChecklistId())
	if err != nil {
		return nil, nil
	}
	m, ok := checklist.NewCatalogue(own).Form(id)
	if !ok {
		return nil, nil
	}
	form, _ := checklist.Compile(m)
	return form, nil
}

// formText is a text of a form, in the language that it has.
func (t *turn) formText(s checklist.Text) look.Text {
	if s.Language != "" && s.Language != t.locale.Tag {
		return look.Foreign(s.Language, s.Text)
	}
	return look.Typed(s.Text)
}

// progressLeaf says how far the team came, section by section.
func (t *turn) progressLeaf(x *checklist.Filling, r *daylightv1.ChecklistResponse) look.Part {
	p := x.Progress()
	body := []look.Part{look.Progress{Value: p.All.Done, Max: max(1, p.All.Asked), Label: t.say("field-checklist.progress")},
		look.Para{Text: look.Dotted(t.say("field-checklist.of", "done", p.All.Done, "n", p.All.Asked), t.missing(p.All.Missing))}}
	if r.GetFinishedAt() != "" {
		body = append(body, look.Para{Small: true, Soft: true, Text: t.say("field-checklist.finished-at", "when", t.saying().Date(r.GetFinishedAt()))})
	}
	return look.Leaf{Body: body}
}

func (t *turn) missing(n int) look.Text {
	if n == 0 {
		return nil
	}
	return t.say("field-visit.missing", "n", n)
}

// answered are the questions with what was answered, under the headings of the form. A heading
// under which nothing was answered is left out.
func (t *turn) answered(x *checklist.Filling) (out []look.Part) {
	section, heading, table, n := look.Section{}, look.Text(nil), look.Ledger{}, 0
	closeTable := func() {
		if len(table.Rows) > 0 {
			n++ // frames are told apart by their names
			table.Stack, table.Caption = true, look.Dotted(t.say("office-visit.answers-caption"), t.locale.Number(n))
			table.Head = []look.Column{{Text: t.say("office-visit.question")}, {Text: t.say("office-visit.answer")}}
			section.Body = append(section.Body, table)
		}
		table = look.Ledger{}
	}
	closeSection := func() {
		if closeTable(); len(section.Body) > 0 {
			out = append(out, section)
		}
		section, heading = look.Section{}, nil
	}
	for _, it := range x.Items() {
		switch {
		case it.Kind == checklist.ItemNote:
		case it.Kind == checklist.ItemQuestion && (it.Done || it.Display != "" || it.Required):
			if len(heading) > 0 {
				closeTable()
				section.Body, heading = append(section.Body, look.Para{Label: true, Text: heading}), nil
			}
			table.Rows = append(table.Rows, t.answerLine(it))
		case it.Kind == checklist.ItemQuestion:
		case it.Depth == 0:
			closeSection()
			section.Heading = t.formText(it.Label)
		default:
			heading = t.formText(it.Label)
		}
	}
	closeSection()
	return out
}

// answerLine is one question and its answer, or why there is none.
func (t *turn) answerLine(it checklist.Item) look.Line {
	answer := look.Cell{Text: look.Typed(it.Display), Under: look.Typed(it.Note)}
	if it.Display == "" {
		answer.Text = look.Typed(it.Value)
	}
	if it.State > daylightv1.AnswerState_ANSWER_STATE_ANSWERED {
		answer.Body = append(answer.Body, t.tag("ANSWER_STATE", it.State.String()))
	}
	if it.Missing {
		answer.Body = append(answer.Body, look.Tag{Kind: look.TagAttend, Text: t.say("field-checklist.missing")})
	}
	for _, c := range it.Contested {
		answer.Body = append(answer.Body, look.Tag{Kind: look.TagAttend, Icon: look.IconTwo, Text: look.Dotted(t.say("field-checklist.contested"), look.Typed(c.Display))})
	}
	return look.Line{Cells: []look.Cell{{Text: t.formText(it.Label)}, answer}}
}

// rawAnswers are the answers by the names of their questions.
func (t *turn) rawAnswers(r *daylightv1.ChecklistResponse) look.Part {
	table := look.Ledger{Stack: true, Caption: t.say("field-checklist.as-given"), CaptionSeen: true, Head: []look.Column{{Text: t.say("office-visit.question")}, {Text: t.say("office-visit.answer")}}}
	for _, a := range r.GetAnswers() {
		cell := look.Cell{Text: look.Typed(a.GetValue()), Under: look.Typed(a.GetNote())}
		if a.GetState() > daylightv1.AnswerState_ANSWER_STATE_ANSWERED {
			cell.Body = append(cell.Body, t.tag("ANSWER_STATE", a.GetState().String()))
		}
		table.Rows = append(table.Rows, look.Line{Cells: []look.Cell{{Text: look.Code(a.GetKey())}, cell}})
	}
	return table
}
