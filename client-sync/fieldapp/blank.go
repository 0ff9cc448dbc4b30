package fieldapp

import (
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func (a *App) blankRoutes() {
	a.ofRecord(clientsync.KindVisit, "blank", func(t *turn, item clientsync.Item) error { return t.showBlanks(item, nil) })
	a.ofRecord(clientsync.KindVisit, "blank-visit", (*turn).blankVisit)
	a.ofRecord(clientsync.KindVisit, "blank-note", (*turn).blankNote)
	a.ofRecord(clientsync.KindVisit, "blank-interview", (*turn).blankInterview)
	a.ofRecord(clientsync.KindVisit, "blank-form", (*turn).blankForm)
	a.onRecord(clientsync.KindVisit, "typed", (*turn).typeSheet)
}

// The sheets whose number is that of the record which is typed from them, by the letter
// before it.
var sheetKinds = []struct {
	letter string
	kind   clientsync.Kind
}{{"N", clientsync.KindNote}, {"I", clientsync.KindInterview}}

// sheetNumber is what is printed on a sheet: a new record's id, so that typing it later
// joins up whoever does it.
func (t *turn) sheetNumber(letter string, kind clientsync.Kind) look.Text {
	return look.Mono(letter + "-" + t.client.NewID(kind))
}

// showBlanks lists the sheets to print, and takes one that comes back filled in.
func (t *turn) showBlanks(item clientsync.Item, f *look.Form) error {
	href := func(page string) string { return t.href(item.Kind, item.ID, page) }
	print := look.Symbol{Icon: look.IconPrint}
	rows := []look.Row{
		{Href: href("blank-visit"), Lead: print, Text: t.say("field-submit.blank-visit"), Under: t.say("field-submit.blank-visit-under")},
		{Href: href("blank-interview"), Lead: print, Text: t.say("field-submit.blank-interview"), Under: t.say("field-submit.blank-interview-under")},
		{Href: href("blank-note"), Lead: print, Text: t.say("field-submit.blank-note"), Under: t.say("field-submit.blank-note-under")},
	}
	place, err := t.placeVisited(item.Message.(*daylightv1.Visit))
	if err != nil {
		return err
	}
	offered, err := t.client.Checklists(t.ctx(), place.GetMainType())
	if err != nil {
		return err
	}
	for _, o := range offered {
		title, err := t.formTitle(o.Code, o.Version)
		if err != nil {
			return err
		}
		rows = append(rows, look.Row{Href: href("blank-form") + "?form=" + o.Code, Lead: print, Text: title, Under: t.say("field-submit.questions", "n", o.Questions)})
	}
	number, refused := "", look.Text(nil)
	if f != nil {
		number, refused = f.Value("number"), f.Error("number")
	}
	return t.visitTab(item, "blank", sheet{title: "field-visit.blanks", body: []look.Part{
		look.Heading{Text: t.say("field-visit.blanks"), Under: t.say("field-submit.blanks-under")},
		look.Rows{Items: rows},
		look.Section{Heading: t.say("field-submit.type-sheet"), Body: []look.Part{look.Questions{ID: "typed", Action: href("typed"), Body: []look.Part{
			look.Input{Name: "number", Label: t.say("field-submit.sheet-number"), Hint: t.say("field-submit.sheet-number-hint"), Value: number, Error: refused, Mono: true, Sensitive: true},
			look.Button{Text: t.say("field-submit.type-it"), Wide: true}}}}},
	}})
}

// typeSheet opens the record of a sheet, begun under its number where nobody has.
func (t *turn) typeSheet(item clientsync.Item, f *look.Form) error {
	typed := strings.ToLower(strings.Join(strings.Fields(f.Value("number")), ""))
	for _, s := range sheetKinds {
		id, ok := strings.CutPrefix(typed, strings.ToLower(s.letter)+"-")
		if !ok {
			continue
		}
		_, err := t.client.Get(t.ctx(), s.kind, id)
		if clientsync.CodeOf(err) == clientsync.NotFound {
			t.drafts.add(id, t.fromSheet(s.kind, id, item.ID))
			err = nil
		}
		if err == nil {
			return t.to(t.href(s.kind, id))
		}
	}
	f.Refuse("number", t.say("field-submit.bad-number"))
	t.status = 422
	return t.showBlanks(item, f)
}

// fromSheet is a record that is typed from its sheet.
func (t *turn) fromSheet(kind clientsync.Kind, id, visit string) clientsync.Message {
	m := clientsync.New(kind)
	r := m.ProtoReflect()
	r.Set(r.Descriptor().Fields().ByName("id"), protoreflect.ValueOfString(id))
	r.Set(r.Descriptor().Fields().ByName("visit_id"), protoreflect.ValueOfString(visit))
	if n, ok := m.(*daylightv1.Note); ok {
		n.OnPaper, n.PaperId = proto.Bool(true), proto.String("N-"+id)
		n.PaperState = daylightv1.PaperState_PAPER_STATE_WITH_AUTHOR.Enum()
	}
	return m
}

// blank is a printed sheet: lines to write on under what is asked. It names no place: who
// finds one learns nothing.
func (t *turn) blank(item clientsync.Item, page string, title look.Key, number look.Text, body ...look.Part) error {
	return t.visitTab(item, page, sheet{title: "field-visit.blanks", name: t.say(title), back: t.href(item.Kind, item.ID, "blank"), body: []look.Part{
		look.Heading{Text: t.say(title), Unseen: true},
		look.Para{Text: t.say("field-submit.print-how"), Small: true, Soft: true},
		look.Button{Text: t.say("field-submit.all-blanks"), Href: t.href(item.Kind, item.ID, "blank"), Kind: look.ButtonQuiet, Icon: look.IconPrint},
		look.Sheet{Class: t.say(title), Beside: number, Body: append([]look.Part{look.Para{Text: t.say("field-submit.sheet-head")}}, body...)}}})
}

// line is what is asked, with room to write.
func (t *turn) line(what look.Text, lines int) look.Part { return look.Ruled{Text: what, Lines: lines} }

// ticks are boxes for what is chosen from.
func (t *turn) ticks(what look.Text, answers []look.Text) look.Part {
	return look.Ruled{Text: what, Boxes: answers}
}

// labels are the answers of a field of a kind, as they are offered today.
func (t *turn) labels(m clientsync.Message, path string) (out []look.Text, err error) {
	e, err := t.edit(clientsync.Item{Message: m}, "")
	if err != nil {
		return nil, err
	}
	for _, o := range e.options(ask{path: path}) {
		out = append(out, o.Text)
	}
	return out, nil
}

func (t *turn) blankVisit(item clientsync.Item) error {
	v := &daylightv1.Visit{}
	ratings, err := t.labels(v, recordpage.At("access", accessRights[0].String(), "rating"))
	if err != nil {
		return err
	}
	sources, err := t.labels(&daylightv1.Visit{}, recordpage.At("population", "", "source"))
	if err != nil {
		return err
	}
	body := []look.Part{t.line(t.say("field-access.arrived"), 1), t.line(t.say("field-access.entered"), 1), t.line(t.say("field-visit.members"), 3), t.line(t.say("field-access.people-met"), 2)}
	for _, right := range accessRights {
		body = append(body, t.ticks(t.labelOf(right), ratings))
	}
	body = append(body, t.line(t.say("field-access.obstructions"), 4))
	for _, s := range sources {
		body = append(body, t.line(look.Dotted(t.code("POPULATION_CATEGORY", totalHeld), s), 1))
	}
	body = append(body, t.line(t.say("field-submit.points"), 5), t.line(t.say("field-notes.undertakings"), 4))
	return t.blank(item, "blank-visit", "field-submit.blank-visit", look.Mono("V-"+item.ID), body...)
}

func (t *turn) blankNote(item clientsync.Item) error {
	return t.blank(item, "blank-note", "field-submit.blank-note", t.sheetNumber("N", clientsync.KindNote),
		t.line(t.say("field-notes.noted-by"), 1), t.line(t.say("field-notes.observed"), 1), t.line(look.Dotted(t.say("field-notes.wing"), t.say("field-notes.room")), 1), t.line(t.say("field-notes.text"), 22))
}

func (t *turn) blankInterview(item clientsync.Item) error {
	m := &daylightv1.Interview{}
	body := []look.Part{look.Para{Text: t.say("field-submit.no-names")}, t.line(t.say("field-submit.held-on"), 1)}
	for _, q := range []struct {
		path  string
		label look.Key
	}{{"interviewee_type", "field-submit.interviewee"}, {"mode", "field-submit.mode"}, {"privacy", "field-submit.privacy"}, {"selection", "field-submit.selection"}} {
		answers, err := t.labels(m, q.path)
		if err != nil {
			return err
		}
		body = append(body, t.ticks(t.say(q.label), answers))
	}
	scopes, err := t.scopes()
	if err != nil {
		return err
	}
	for _, s := range scopes {
		body = append(body, t.ticks(s, []look.Text{t.say("field-edit.yes"), t.say("field-edit.no"), t.say("field-submit.not-asked")}))
	}
	return t.blank(item, "blank-interview", "field-submit.blank-interview", t.sheetNumber("I", clientsync.KindInterview), append(body, t.line(t.say("field-notes.text"), 18))...)
}

// scopes are the uses that a person is asked about.
func (t *turn) scopes() (out []look.Text, err error) {
	set, err := t.terms()
	if err != nil {
		return nil, err
	}
	for _, term := range set.Offered("CONSENT_SCOPE", t.locale.Now) {
		out = append(out, t.locale.Labelled(term.Label(t.locale.Tag)))
	}
	return out, nil
}

// blankForm prints a checklist. It bears the number of the visit: a team fills one checklist
// of a form, whoever begins it.
func (t *turn) blankForm(item clientsync.Item) error {
	all, err := t.client.Forms(t.ctx())
	if err != nil {
		return err
	}
	offered, ok := all.Newest(t.r.URL.Query().Get("form"), t.today())
	if !ok {
		return errEnded
	}
	message, ok := all.Form(offered.ID)
	if !ok {
		return errEnded
	}
	form, _ := forms.Compile(message)
	if form == nil {
		return errEnded
	}
	number := look.Mono("V-" + item.ID)
	body := []look.Part{}
	for _, q := range form.Questions() {
		body = append(body, t.printed(q)...)
	}
	return t.visitTab(item, "blank", sheet{title: "field-visit.blanks", back: t.href(item.Kind, item.ID, "blank"), body: []look.Part{
		look.Heading{Text: t.say("field-visit.blanks"), Unseen: true},
		look.Para{Text: t.say("field-submit.print-how"), Small: true, Soft: true},
		look.Button{Text: t.say("field-submit.all-blanks"), Href: t.href(item.Kind, item.ID, "blank"), Kind: look.ButtonQuiet, Icon: look.IconPrint},
		look.Sheet{Class: formText(form.Title(t.locale.Tag)), Beside: number, Body: append([]look.Part{look.Para{Text: look.Dotted(t.say("field-submit.sheet-head"), look.Code(offered.Code+" "+offered.Version))}}, body...)}}})
}

// mostBoxes: a longer list is written out by hand.
const mostBoxes = 12

func (t *turn) printed(q *forms.Question) []look.Part {
	label := formText(q.Label(t.locale.Tag))
	switch {
	case q.Group() || q.IsRepeat():
		if len(label) == 0 {
			return nil
		}
		if q.IsRepeat() {
			label = look.Dotted(label, t.say("field-submit.once-each"))
		}
		return []look.Part{look.Para{Text: look.Strong(label)}}
	case !q.Answerable() || q.StateOf != nil || len(label) == 0:
		return nil
	}
	choices := q.Choices(t.locale.Tag)
	if len(choices) == 0 || len(choices) > mostBoxes {
		lines := 1
		if q.Appearance == "multiline" {
			lines = 3
		}
		return []look.Part{t.line(label, lines)}
	}
	var boxes []look.Text
	for _, c := range choices {
		if !c.Retired {
			boxes = append(boxes, formText(c.Label))
		}
	}
	return []look.Part{t.ticks(label, boxes)}
}

func formText(x forms.Text) look.Text {
	if x.Text == "" {
		return nil
	}
	if x.Language == "" {
		return look.Typed(x.Text)
	}
	return look.Foreign(x.Language, x.Text)
}
