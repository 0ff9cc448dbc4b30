package fieldapp

import (
	"context"
	"errors"
	"slices"
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func (a *App) checklistRoutes() {
	a.ofRecord(clientsync.KindVisit, "checklists", (*turn).checklists)
	a.onRecord(clientsync.KindVisit, "checklists", (*turn).beginChecklist)
	const kind = clientsync.KindChecklistResponse
	a.ofRecord(kind, "", (*turn).checklist)
	a.ofRecord(kind, "fill", (*turn).fill)
	a.ofRecord(kind, "next", (*turn).nextUnanswered)
	a.onRecord(kind, "answer", (*turn).answerChecklist)
	a.onRecord(kind, "turn", (*turn).turnBack)
	a.onRecord(kind, "finish", (*turn).finishChecklist)
	a.onRecord(kind, "carry", (*turn).carryChecklist)
}

// checklists are those that were begun on a visit, and the forms that may be begun at its
// place.
func (t *turn) checklists(visit clientsync.Item) error {
	t.inVisit(visit.ID)
	report, err := t.client.CheckVisit(t.ctx(), visit.ID)
	if err != nil {
		return err
	}
	catalogue, err := t.client.Forms(t.ctx())
	if err != nil {
		return err
	}
	offered, err := t.client.Checklists(t.ctx(), t.placeTypeOf(visit.ID))
	if err != nil {
		return err
	}
	body := []look.Part{look.Heading{Text: t.say("field-checklist.list-title")}}
	begun := look.Rows{}
	for _, c := range report.Checklists {
		begun.Items = append(begun.Items, t.begunRow(catalogue, c))
	}
	if len(begun.Items) > 0 {
		body = append(body, look.Section{Heading: t.say("field-checklist.begun"), Body: []look.Part{begun}})
	}
	along, err := t.takenAlong(visit, offered)
	if err != nil {
		return err
	}
	return t.show(sheet{title: "field-checklist.list-title", tab: tabVisit, back: t.href(visit.Kind, visit.ID),
		body: append(body, t.offeredForms(visit, offered, report.Checklists), along)})
}

// takenAlong asks which checklists the team means to go through.
func (t *turn) takenAlong(visit clientsync.Item, offered []forms.Offered) (look.Part, error) {
	e, err := t.edit(visit, "checklists")
	if err != nil {
		return nil, err
	}
	taken, all := visit.Message.(*daylightv1.Visit).GetChecklists(), []offer{}
	for _, o := range offered {
		if !slices.ContainsFunc(all, func(a offer) bool { return a.Value == o.Code }) {
			all = append(all, offer{Choice: look.Choice{Value: o.Code, Text: t.formText(titled(o, t.locale.Tag))}})
		}
	}
	for _, code := range taken {
		if !slices.ContainsFunc(all, func(a offer) bool { return a.Value == code }) {
			title, err := t.formTitle(code, "")
			if err != nil {
				return nil, err
			}
			all = append(all, offer{Choice: look.Choice{Value: code, Text: title}})
		}
	}
	body := e.notices()
	if len(all) > 0 {
		body = append(body, e.form(e.offers(ask{path: "checklists", label: "field-checklist.take-along", hint: "field-checklist.take-along-hint"}, all, nil)))
	}
	return look.Flow{Body: body}, nil
}

// begunRow is one checklist of the visit, with how far it is.
func (t *turn) begunRow(catalogue *forms.Catalogue, c clientsync.ChecklistReport) look.Row {
	row := look.Row{Href: t.href(clientsync.KindChecklistResponse, c.Response), Text: t.titleOf(catalogue, c.Code), Lead: look.Symbol{Icon: look.IconJump}}
	if c.Problem != nil {
		row.Under = t.say("field-checklist.form-away")
		return row
	}
	row.Lead = look.Pane{State: paneOf(c.Progress.All)}
	row.Count = t.locale.Of(c.Progress.All.Done, c.Progress.All.Asked)
	row.Under = t.openWords(c.Progress.All)
	if c.Finished {
		row.Tags = []look.Tag{{Kind: look.TagSettled, Icon: look.IconCheck, Text: t.say("field-checklist.finished")}}
	}
	return row
}

// titleOf is what a form is called.
func (t *turn) titleOf(catalogue *forms.Catalogue, code string) look.Text {
	for _, o := range catalogue.Versions(code) {
		return t.formText(titled(o, t.locale.Tag))
	}
	return look.Code(code)
}

func titled(o forms.Offered, tag string) (out forms.Text) {
	out.Text, out.Language = o.Title(tag)
	return out
}

// formText is a text of a form, in the language that it is written in.
func (t *turn) formText(text forms.Text) look.Text {
	if text.Text == "" {
		return nil
	}
	if text.Language != "" && text.Language != t.locale.Tag {
		return look.Foreign(text.Language, text.Text)
	}
	return look.Typed(text.Text)
}

// Names of the controls with which a checklist is begun.
const (
	formField  = "_form"
	againOfOne = "_again" // once more beside the first
)

func (t *turn) offeredForms(visit clientsync.Item, offered []forms.Offered, begun []clientsync.ChecklistReport) look.Part {
	rows := look.Rows{}
	for _, o := range offered {
		id := o.ID.String()
		b := look.Button{Text: t.say("field-checklist.begin"), Action: t.href(visit.Kind, visit.ID, "checklists"), Hidden: []look.Hidden{{Name: formField, Value: id}}}
		if slices.ContainsFunc(begun, func(c clientsync.ChecklistReport) bool { return c.Code == o.Code }) {
			b.Text, b.Kind = t.say("field-checklist.begin-again"), look.ButtonQuiet
			b.Hidden = append(b.Hidden, look.Hidden{Name: againOfOne, Value: "yes"})
		}
		under := []look.Text{t.say("field-checklist.questions", "n", o.Questions)}
		if o.Coming != "" {
			under = append(under, t.say("field-checklist.coming"))
		}
		rows.Items = append(rows.Items, look.Row{Text: t.formText(titled(o, t.locale.Tag)), Under: look.Dotted(under...), Actions: []look.Part{b}})
	}
	if len(rows.Items) == 0 {
		return look.Empty{Text: t.say("field-checklist.no-forms"), Under: t.say("field-checklist.no-forms-body")}
	}
	return look.Section{Heading: t.say("field-checklist.offered"), Body: []look.Part{
		look.Para{Small: true, Soft: true, Text: t.say("field-checklist.offered-body")}, rows}}
}

func (t *turn) beginChecklist(visit clientsync.Item, f *look.Form) error {
	begin := t.client.BeginChecklist
	if f.Value(againOfOne) != "" {
		begin = t.client.BeginAnotherChecklist
	}
	x, err := begin(t.ctx(), visit.ID, f.Value(formField))
	if err != nil {
		return err
	}
	return t.to(t.href(clientsync.KindChecklistResponse, x.Response().GetId(), "fill"))
}

// filling opens a response in the language of the pages.
func (t *turn) filling(ctx context.Context, id string) (*forms.Filling, error) {
	x, err := t.client.OpenChecklist(ctx, id)
	if err != nil {
		return nil, err
	}
	x.ReadIn(t.locale.Tag)
	return x, nil
}

// checklist is a response as a whole: how far it is, and where to go on.
func (t *turn) checklist(item clientsync.Item) error {
	x, err := t.filling(t.ctx(), item.ID)
	if err != nil {
		return t.checklistAway(item, err)
	}
	t.here(item.Kind, item.ID, "", "")
	visit := x.Response().GetVisitId()
	t.inVisit(visit)
	all, out := x.Progress().All, layOut(x)
	title := t.formText(x.Form().Title(t.locale.Tag))
	heading := look.Heading{Over: t.say("field-checklist.title"), Text: title, Under: t.nameOf(x)}
	body := []look.Part{heading}
	e, err := t.edit(item, "")
	if err != nil {
		return err
	}
	body = append(body, e.notices()...)
	newer, err := t.newerForm(item, x)
	if err != nil {
		return err
	}
	body = append(body, newer...)
	body = append(body,
		look.Counts{Items: []look.Count{
			{Name: t.say("field-checklist.done"), Value: t.locale.Of(all.Done, all.Asked)},
			{Name: t.say("field-checklist.missing"), Value: t.locale.Number(all.Missing), Zero: all.Missing == 0, Attend: all.Missing > 0 && item.Message.(*daylightv1.ChecklistResponse).GetFinishedAt() != ""},
			{Name: t.say("field-checklist.contested"), Value: t.locale.Number(all.Contested), Zero: all.Contested == 0, Attend: all.Contested > 0},
		}},
		look.Progress{Value: all.Done, Max: max(1, all.Asked), Label: t.say("field-checklist.progress")},
		look.Section{Heading: t.say("field-checklist.parts"), Body: []look.Part{t.jumpRows(item, out, nil)}},
	)
	offers, err := t.offersOf(item, x)
	if err != nil {
		return err
	}
	body = append(body, offers...)
	body = append(body, t.finishing(item, x), look.Cluster{Body: []look.Part{
		look.Button{Kind: look.ButtonQuiet, Icon: look.IconHistory, Text: t.say("field-checklist.history"), Href: t.href(item.Kind, item.ID, "history")},
		e.removal("field-checklist.remove", t.href(clientsync.KindVisit, visit, "checklists")),
	}})
	return t.show(sheet{title: "field-checklist.title", name: title, back: t.href(clientsync.KindVisit, visit, "checklists"), tab: tabVisit, body: body,
		foot: []look.Button{{Kind: look.ButtonMain, Further: true, Text: t.say("field-checklist.next"), Href: t.href(item.Kind, item.ID, "next")}}})
}

// nameOf is what the form calls this response.
func (t *turn) nameOf(x *forms.Filling) look.Text {
	if name := x.InstanceName(); name != "" {
		return look.Typed(name)
	}
	return nil
}

// finishing says whether it is finished, and changes that.
func (t *turn) finishing(item clientsync.Item, x *forms.Filling) look.Part {
	action, open := t.href(item.Kind, item.ID, "finish"), x.Progress().All.Open()
	if at := x.Response().GetFinishedAt(); at != "" {
		return look.Note{Kind: look.NoteSettled, Text: t.say("field-checklist.finished-at", "when", t.momentText(at)), Body: []look.Part{
			look.Button{Text: t.say("field-checklist.reopen"), Action: action, Hidden: []look.Hidden{{Name: "_end", Value: "no"}}}}}
	}
	text := t.say("field-checklist.finish")
	if open > 0 {
		text = t.say("field-checklist.finish-open", "n", open)
	}
	return look.Section{Heading: t.say("field-checklist.end"), Body: []look.Part{
		look.Para{Small: true, Soft: true, Text: t.say("field-checklist.finish-body")},
		look.Button{Text: text, Icon: look.IconCheck, Action: action, Hidden: []look.Hidden{{Name: "_end", Value: "yes"}}}}}
}

// momentText is a moment of a record as people say it.
func (t *turn) momentText(at string) look.Text {
	for _, l := range []string{time.RFC3339, "2006-01-02T15:04-07:00"} {
		if when, err := time.Parse(l, at); err == nil {
			return t.locale.When(when)
		}
	}
	return look.Code(at)
}

func (t *turn) finishChecklist(item clientsync.Item, f *look.Form) error {
	x, err := t.filling(t.ctx(), item.ID)
	if err != nil {
		return err
	}
	if f.Value("_end") == "yes" {
		x.Finish(t.now())
	} else {
		x.Reopen()
	}
	if err := t.client.SaveChecklist(t.ctx(), x); err != nil {
		return err
	}
	return t.to(t.href(item.Kind, item.ID))
}

// checklistAway is for a response whose form this device does not have, or not wholly: what
// was answered stands there as it is.
func (t *turn) checklistAway(item clientsync.Item, why error) error {
	var known *clientsync.Error
	if !errors.As(why, &known) || known.Code != clientsync.NotFound && known.Code != clientsync.Unavailable && known.Code != clientsync.Invalid {
		return why
	}
	r := item.Message.(*daylightv1.ChecklistResponse)
	rows := []look.Fact{}
	for _, a := range r.GetAnswers() {
		value := look.Typed(a.GetValue())
		if name := forms.StateName(a.GetState()); name != "" {
			value = t.stateWords(a.GetState())
		}
		rows = append(rows, look.Fact{Name: look.Code(forms.ParseKey(a.GetKey()).Question), Value: look.Dotted(value, typedOrNone(a.GetNote()))})
	}
	body := []look.Part{
		look.Heading{Over: t.say("field-checklist.title"), Text: t.say("field-checklist.form-away")},
		look.Note{Text: t.say("field-checklist.away-body", "code", look.Code(r.GetChecklistCode()), "version", look.Code(r.GetChecklistVersion())),
			Body: []look.Part{look.Button{Text: t.say("field-edit.tab-send"), Href: "/send"}}},
	}
	if len(rows) > 0 {
		body = append(body, look.Section{Heading: t.say("field-checklist.as-given"), Body: []look.Part{look.Pairs{Items: rows}}})
	}
	return t.show(sheet{title: "field-checklist.title", back: t.href(clientsync.KindVisit, r.GetVisitId(), "checklists"), tab: tabVisit, body: body})
}

func typedOrNone(s string) look.Text {
	if s == "" {
		return nil
	}
	return look.Typed(s)
}

// newerForm offers to carry the answers over, where a newer version of the form is here.
func (t *turn) newerForm(item clientsync.Item, x *forms.Filling) ([]look.Part, error) {
	catalogue, err := t.client.Forms(t.ctx())
	if err != nil {
		return nil, err
	}
	newest, ok := catalogue.Newest(x.Form().Code(), t.now().Format(time.DateOnly))
	if !ok || forms.CompareVersions(newest.Version, x.Form().Version()) <= 0 {
		return nil, nil
	}
	return []look.Part{look.Note{Kind: look.NoteWatch, Icon: look.IconJump, Heading: t.say("field-checklist.newer"),
		Text: t.say("field-checklist.newer-body"), Body: []look.Part{
			look.Button{Text: t.say("field-checklist.carry"), Action: t.href(item.Kind, item.ID, "carry"), Hidden: []look.Hidden{{Name: formField, Value: newest.ID.String()}}}}}}, nil
}

// carryChecklist carries the answers over and lists what does not fit.
func (t *turn) carryChecklist(item clientsync.Item, f *look.Form) error {
	x, misfits, err := t.client.CarryChecklist(t.ctx(), item.ID, f.Value(formField))
	if err != nil {
		return err
	}
	id := x.Response().GetId()
	left, look2 := look.Rows{}, look.Rows{}
	for _, m := range misfits {
		row := look.Row{Text: t.formText(m.Question), Under: t.misfitWords(m)}
		if m.Question.Text == "" {
			row.Text = look.Code(m.Key.Question)
		}
		if m.Carried {
			row.Href = t.fillHref(id, m.To.String())
			look2.Items = append(look2.Items, row)
		} else {
			left.Items = append(left.Items, row)
		}
	}
	body := []look.Part{
		look.Heading{Over: t.say("field-checklist.title"), Text: t.say("field-checklist.carried"), Under: t.say("field-checklist.carried-body")},
	}
	if len(left.Items) > 0 {
		body = append(body, look.Section{Heading: t.say("field-checklist.misfits-left", "n", len(left.Items)), Body: []look.Part{look.Para{Small: true, Soft: true, Text: t.say("field-checklist.misfits-left-body")}, left}})
	}
	if len(look2.Items) > 0 {
		body = append(body, look.Section{Heading: t.say("field-checklist.misfits-look", "n", len(look2.Items)), Body: []look.Part{look2}})
	}
	if len(misfits) == 0 {
		body = append(body, look.Note{Kind: look.NoteSettled, Text: t.say("field-checklist.all-fit")})
	}
	return t.show(sheet{title: "field-checklist.title", back: t.href(item.Kind, item.ID), tab: tabVisit, body: body,
		foot: []look.Button{{Kind: look.ButtonMain, Further: true, Text: t.say("field-checklist.to-newer"), Href: t.href(item.Kind, id)}}})
}

// misfitWords say why an answer does not fit.
func (t *turn) misfitWords(m forms.Misfit) look.Text {
	return t.locale.Sentence("field-checklist.misfit-"+string(m.Code), m.Text, m.Params)
}
