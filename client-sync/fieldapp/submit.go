package fieldapp

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func (a *App) submitRoutes() {
	a.ofRecord(clientsync.KindVisit, "submit", func(t *turn, item clientsync.Item) error { return t.showSubmit(item, nil) })
	a.onRecord(clientsync.KindVisit, "submit", (*turn).submit)
}

// twoVersions is the code of a conflict among what is missing.
const twoVersions = "open-conflict"

// gaps are the rows of a submission: what is needed, and where two versions stand.
type gaps struct{ needed, two []look.Row }

// gaps leads to the very field of everything that is missing or contested.
func (t *turn) gaps(o *outing) (g gaps, err error) {
	for _, r := range o.report.Missing {
		row := look.Row{Href: t.hrefOf(r), Lead: look.Pane{State: look.PaneEmpty}, Text: t.flagSays(r.Flag), Under: t.kindName(r.Kind)}
		switch {
		case r.Code == twoVersions:
			row.Lead, row.Href = look.Symbol{Icon: look.IconTwo}, t.twoHref(r)
			g.two = append(g.two, row)
		case r.Kind == clientsync.KindChecklistResponse: // by question, below
		default:
			g.needed = append(g.needed, row)
		}
	}
	for _, c := range o.report.Checklists {
		if err := t.checklistGaps(&g, c); err != nil {
			return g, err
		}
	}
	return g, nil
}

func (t *turn) twoHref(r clientsync.Remark) string {
	if t.hasPage(0, "two") || t.hasPage(r.Kind, "two") {
		return t.href(r.Kind, r.ID, "two")
	}
	return t.hrefOf(r)
}

// checklistGaps lists the questions of one checklist, by their labels.
func (t *turn) checklistGaps(g *gaps, c clientsync.ChecklistReport) error {
	if len(c.Missing)+len(c.Contested) == 0 {
		return nil
	}
	title, err := t.formTitle(c.Code, c.Version)
	if err != nil {
		return err
	}
	filling, err := t.client.OpenChecklist(t.ctx(), c.Response)
	label := func(k forms.Key) look.Text {
		if err == nil {
			if item, ok := filling.Item(k); ok && item.Label.Text != "" {
				return look.Foreign(item.Label.Language, item.Label.Text)
			}
		}
		return look.Code(k.String())
	}
	for _, k := range c.Missing {
		g.needed = append(g.needed, look.Row{Href: t.fillHref(c.Response, k.String()), Lead: look.Pane{State: look.PaneEmpty}, Text: label(k), Under: title})
	}
	for _, k := range c.Contested {
		g.two = append(g.two, look.Row{Href: t.fillHref(c.Response, k.String()), Lead: look.Symbol{Icon: look.IconTwo}, Text: label(k), Under: title})
	}
	return nil
}

// showSubmit is everything to look at before a visit is handed in, and the button. Nothing
// of it stops anything.
func (t *turn) showSubmit(item clientsync.Item, f *look.Form) error {
	o, err := t.outing(item)
	if err != nil {
		return err
	}
	g, err := t.gaps(o)
	if err != nil {
		return err
	}
	heading := look.Heading{Text: t.say("field-submit.nothing-missing"), Under: t.say("field-submit.nothing-missing-under")}
	if n := len(g.needed); n > 0 {
		heading = look.Heading{Text: t.say("field-submit.missing", "n", n), Under: t.say("field-submit.missing-under")}
	}
	body := []look.Part{heading}
	if len(g.needed) > 0 {
		body = append(body, look.Section{Heading: t.say("field-submit.needed", "of", t.locale.Number(len(g.needed))), Body: []look.Part{look.Rows{Items: g.needed}}})
	}
	if len(g.two) > 0 {
		body = append(body, look.Section{Heading: t.say("field-submit.two", "of", t.locale.Number(len(g.two))), ID: "two", Body: []look.Part{
			look.Para{Text: t.say("field-submit.two-under"), Small: true, Soft: true}, look.Rows{Items: g.two}}})
	}
	if rows := t.worthALook(o); len(rows) > 0 {
		body = append(body, look.Section{Heading: t.say("field-submit.look", "of", t.locale.Number(len(rows))), Body: []look.Part{look.Rows{Items: rows}}})
	}
	if rows := t.withheldRows(o); len(rows) > 0 {
		body = append(body, look.Section{Heading: t.say("field-submit.withheld", "of", t.locale.Number(len(rows))), Body: []look.Part{
			look.Para{Text: t.say("field-submit.withheld-under"), Small: true, Soft: true}, look.Rows{Items: rows}}})
	}
	body = append(body, t.whatGoes(o))
	return t.submitSheet(o, g, body, f)
}

func (t *turn) submitSheet(o *outing, g gaps, body []look.Part, f *look.Form) error {
	s := sheet{title: "field-submit.title", back: t.href(o.item.Kind, o.item.ID)}
	steps, err := t.client.VisitSteps(t.ctx(), o.item.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(steps, func(s clientsync.VisitStep) bool { return s.To == daylightv1.VisitState_VISIT_STATE_SUBMITTED })
	switch {
	case atOffice(o.visit.GetState()):
		body = append(body, look.Note{Kind: look.NoteSettled, Text: t.say("field-submit.is-handed-in", "state", t.labelOf(o.visit.GetState()))})
	case i >= 0 && !steps[i].Mine:
		body = append(body, look.Note{Text: t.say("field-visit.step-of-others", "state", t.labelOf(steps[i].To), "who", t.takers(steps[i]))})
	case i < 0 && !o.handedInNext(steps):
		body = append(body, look.Note{Text: t.say("field-submit.not-yet-step", "state", t.labelOf(o.visit.GetState()))})
	default:
		body = append(body, t.submitForm(o, g, f))
		s.foot = []look.Button{{Text: t.say("field-submit.not-yet"), Href: s.back, Tall: true},
			{Text: t.submitWords(len(g.needed)), Kind: look.ButtonMain, Tall: true, Form: "submit"}}
	}
	s.body = body
	return t.visitTab(o.item, "submit", s)
}

// handedInNext reports whether this device's person can hand the visit in all the same: one
// that belongs to no office yet says nothing of who may.
func (o *outing) handedInNext(steps []clientsync.VisitStep) bool {
	return slices.ContainsFunc(steps, func(s clientsync.VisitStep) bool {
		return s.Mine && (s.To == daylightv1.VisitState_VISIT_STATE_CONSOLIDATED || s.To == daylightv1.VisitState_VISIT_STATE_FIELD_COMPLETE)
	})
}

func (t *turn) submitWords(n int) look.Text {
	if n == 0 {
		return t.say("field-submit.submit")
	}
	return t.say("field-submit.submit-gaps", "n", n)
}

func (t *turn) submitForm(o *outing, g gaps, f *look.Form) look.Part {
	var body []look.Part
	gap, ticked, refused := "", false, look.Text(nil)
	if f != nil {
		gap, ticked, refused = f.Value("gap"), f.Value("sealed") != "", f.Error("sealed")
	}
	if len(g.needed) > 0 {
		body = append(body, look.Input{Name: "gap", Rows: 3, Label: t.say("field-submit.why"), Hint: t.say("field-submit.why-hint"), Value: gap})
	}
	if f != nil && len(refused) == 0 {
		refused = f.Error("gap")
	}
	body = append(body, look.Check{Name: "sealed", Text: t.say("field-submit.sealed"), Checked: ticked, Required: true, Error: refused})
	return look.Questions{ID: "submit", Action: t.href(o.item.Kind, o.item.ID, "submit"), Body: body}
}

// worthALook are the doubts and remarks, each leading to its field.
func (t *turn) worthALook(o *outing) (rows []look.Row) {
	for _, r := range o.report.Remarks {
		rows = append(rows, look.Row{Href: t.hrefOf(r), Lead: look.Symbol{Icon: look.IconAlert}, Text: t.flagSays(r.Flag), Under: t.kindName(r.Kind)})
	}
	return rows
}

// withheldRows are the records that somebody's consent keeps from some use.
func (t *turn) withheldRows(o *outing) (rows []look.Row) {
	for _, g := range o.report.Withheld {
		var scopes []look.Text
		seen := map[daylightv1.ConsentScope]bool{}
		for _, c := range g.Closed {
			if !seen[c.Scope] {
				seen[c.Scope] = true
				scopes = append(scopes, t.labelOf(c.Scope))
			}
		}
		rows = append(rows, look.Row{Href: t.href(g.Kind, g.ID), Lead: look.Symbol{Icon: look.IconSealed}, Text: t.kindName(g.Kind), Under: look.Dotted(scopes...)})
	}
	return rows
}

// whatGoes counts what is handed in.
func (t *turn) whatGoes(o *outing) look.Part {
	facts := []look.Fact{{Name: t.say("field-visit.findings-name"), Value: t.locale.Number(len(o.of[clientsync.KindFinding]))},
		{Name: t.say("field-visit.interviews"), Value: t.locale.Number(len(o.of[clientsync.KindInterview]))},
		{Name: t.say("field-visit.checklists"), Value: t.locale.Number(len(o.report.Checklists))}}
	for _, k := range keptKinds {
		facts = append(facts, look.Fact{Name: t.say(k.title), Value: t.locale.Number(len(o.of[k.kind]))})
	}
	return look.Leaf{Heading: t.say("field-submit.goes"), Body: []look.Part{look.Pairs{Items: facts}}}
}

// submit hands a visit in, with its gaps and with why. Who wrote why is in the history of
// the note that says it.
func (t *turn) submit(item clientsync.Item, f *look.Form) error {
	if f.Value("sealed") == "" {
		f.Refuse("sealed", t.say("field-submit.tick"))
	}
	if !f.OK() {
		t.status = 422
		return t.showSubmit(item, f)
	}
	v := item.Message.(*daylightv1.Visit)
	v.State = daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum()
	save := []clientsync.Message{v}
	if gap := strings.TrimSpace(f.Value("gap")); gap != "" {
		now := t.nowHere()
		save = append(save, &daylightv1.Note{VisitId: proto.String(item.ID), Text: proto.String(t.say("field-submit.gap-note", "why", look.Plain(gap)).String()), ObservedAt: proto.String(now), RecordedAt: proto.String(now)})
	}
	if err := t.client.Save(t.ctx(), save...); err != nil {
		return err
	}
	return t.show(sheet{title: "field-submit.title", back: t.href(item.Kind, item.ID), tab: tabVisit, body: []look.Part{
		look.Heading{Text: t.say("field-submit.done")},
		look.Note{Kind: look.NoteSettled, Status: true, Text: t.say("field-submit.done-body")},
		look.Button{Text: t.say("field-submit.to-send"), Href: "/send", Kind: look.ButtonMain, Wide: true, Further: true},
		look.Button{Text: t.say("field-visit.visit"), Href: t.href(item.Kind, item.ID), Wide: true}}})
}
