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

// gaps are the rows of a submission: what is needed, by where in the visit it stands, and
// where two versions stand.
type gaps struct {
	needed []gapsIn
	two    []look.Row
}

// gapsIn is what is needed in one part of the visit.
type gapsIn struct {
	part look.Text
	rows []look.Row
}

func (g *gaps) need(part look.Text, row look.Row) {
	i := slices.IndexFunc(g.needed, func(in gapsIn) bool { return in.part.String() == part.String() })
	if i < 0 {
		i = len(g.needed)
		g.needed = append(g.needed, gapsIn{part: part})
	}
	g.needed[i].rows = append(g.needed[i].rows, row)
}

// count is how much is needed.
func (g *gaps) count() (n int) {
	for _, in := range g.needed {
		n += len(in.rows)
	}
	return n
}

// mostTogether is of how much that is needed in one part each line is in sight; more unfolds
// under the name of the part, so that a visit in its first hour is no wall of lines.
const mostTogether = 3

// parts are the lines of what is needed: the single ones together, each with its part, and
// below them the parts with many.
func (g *gaps) parts(l *look.Locale) (out []look.Part) {
	var single look.Rows
	for _, in := range g.needed {
		if len(in.rows) > mostTogether {
			out = append(out, look.Unfold{Summary: look.Dotted(in.part, l.Number(len(in.rows))), Body: []look.Part{look.Rows{Items: in.rows}}})
			continue
		}
		for _, row := range in.rows {
			row.Under = look.Dotted(in.part, row.Under)
			single.Items = append(single.Items, row)
		}
	}
	if len(single.Items) > 0 {
		out = append([]look.Part{single}, out...)
	}
	return out
}

// pageTitles are the parts of a visit by their page.
var pageTitles = map[string]look.Key{
	"about": "field-visit.about", "team": "field-visit.team", "arrival": "field-access.arrival", "access": "field-access.rights",
	"counts": "field-counts.title", "closing": "field-submit.closing", "checklists": "field-visit.checklists",
}

// partOf names where in a visit something is missing.
func (t *turn) partOf(r clientsync.Remark) look.Text {
	if title := pageTitles[visitPage(r.Field)]; r.Kind == clientsync.KindVisit && title != "" {
		return t.say(title)
	}
	return t.kindWords(r.Kind)
}

// gaps leads to the very field of everything that is missing or contested.
func (t *turn) gaps(o *outing) (g gaps, err error) {
	for _, r := range o.report.Missing {
		row := look.Row{Href: t.hrefOf(r), Lead: look.Pane{State: look.PaneEmpty}, Text: t.flagSays(r.Flag)}
		switch {
		case r.Code == twoVersions:
			row.Lead, row.Href, row.Under = look.Symbol{Icon: look.IconTwo}, t.twoHref(r), t.kindWords(r.Kind)
			g.two = append(g.two, row)
		case r.Kind == clientsync.KindChecklistResponse: // by question, below
		default:
			g.need(t.partOf(r), row)
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
	x, err := t.filling(t.ctx(), c.Response)
	if err != nil {
		x = nil // its form is not here: the questions stand by their names
	}
	for _, k := range c.Missing {
		label, section := t.questionWords(x, k)
		g.need(title, look.Row{Href: t.fillHref(c.Response, k.String()), Lead: look.Pane{State: look.PaneEmpty}, Text: label, Under: section})
	}
	for _, k := range c.Contested {
		label, section := t.questionWords(x, k)
		g.two = append(g.two, look.Row{Href: t.fillHref(c.Response, k.String()), Lead: look.Symbol{Icon: look.IconTwo}, Text: label, Under: look.Dotted(title, section)})
	}
	return nil
}

// questionWords are a question and the section that it stands in: one is asked in many.
func (t *turn) questionWords(x *forms.Filling, k forms.Key) (label, section look.Text) {
	if x == nil {
		return look.Code(k.String()), nil
	}
	item, ok := x.Item(k)
	if !ok || item.Label.Text == "" {
		return look.Code(k.String()), nil
	}
	if in, ok := x.Item(forms.Key{Question: item.Question.Section().Name}); ok && in.Key != k {
		section = t.formText(in.Label)
	}
	return t.formText(item.Label), section
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
	if n := g.count(); n > 0 {
		heading = look.Heading{Text: t.say("field-submit.missing", "n", n), Under: t.say("field-submit.missing-under")}
	}
	body := []look.Part{heading}
	if n := g.count(); n > 0 {
		body = append(body, look.Section{Heading: t.say("field-submit.needed", "of", t.locale.Number(n)), Body: g.parts(t.locale)})
	}
	if len(g.two) > 0 {
		body = append(body, look.Section{Heading: t.say("field-submit.two", "of", t.locale.Number(len(g.two))), ID: "two", Body: []look.Part{
			look.Para{Text: t.say("field-submit.two-under"), Small: true, Soft: true}, look.Rows{Items: g.two}}})
	}
	if rows := t.worthALook(o); len(rows) > 0 {
		body = append(body, look.Section{Heading: t.say("field-submit.look", "of", t.locale.Number(len(rows))), Body: []look.Part{look.Rows{Items: rows}}})
	}
	if n := len(o.report.Withheld); n > 0 {
		body = append(body, look.Section{Heading: t.say("field-submit.withheld", "of", t.locale.Number(n)), Body: append([]look.Part{
			look.Para{Text: t.say("field-submit.withheld-under"), Small: true, Soft: true}}, t.withheldParts(o)...)})
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
			{Text: t.submitWords(g.count()), Kind: look.ButtonMain, Tall: true, Form: "submit"}}
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
		rows = append(rows, look.Row{Href: t.hrefOf(r), Lead: look.Symbol{Icon: look.IconAlert}, Text: t.flagSays(r.Flag), Under: t.remarkedOn(r)})
	}
	return rows
}

// remarkedOn tells the record of a remark from others of its kind: the same is said of many.
func (t *turn) remarkedOn(r clientsync.Remark) look.Text {
	item, err := t.client.Get(t.ctx(), r.Kind, r.ID)
	if err != nil || r.Kind == clientsync.KindVisit {
		return t.partOf(r)
	}
	return t.nameWords(item)
}

// pageFor leads to the page of a record, and for a kind that has none to its history.
func (t *turn) pageFor(kind clientsync.Kind, id string) string {
	if !t.hasPage(kind, "") {
		return t.href(kind, id, "history")
	}
	return t.href(kind, id)
}

// withheldParts are the records that somebody's consent keeps from some use, those of the
// same uses together.
func (t *turn) withheldParts(o *outing) (out []look.Part) {
	by, uses := map[string]int{}, []look.Text{}
	var lists []look.Rows
	for _, g := range o.report.Withheld {
		if !t.hasPage(g.Kind, "") { // a key, which follows what it opens
			continue
		}
		var scopes []look.Text
		seen := map[daylightv1.ConsentScope]bool{}
		for _, c := range g.Closed {
			if !seen[c.Scope] {
				seen[c.Scope] = true
				scopes = append(scopes, t.labelOf(c.Scope))
			}
		}
		of := look.Dotted(scopes...)
		i, ok := by[of.String()]
		if !ok {
			i = len(lists)
			by[of.String()], uses, lists = i, append(uses, of), append(lists, look.Rows{})
		}
		lists[i].Items = append(lists[i].Items, look.Row{Href: t.pageFor(g.Kind, g.ID), Lead: look.Symbol{Icon: look.IconSealed}, Text: t.kindWords(g.Kind)})
	}
	for i, rows := range lists {
		out = append(out, look.Para{Small: true, Soft: true, Text: uses[i]}, rows)
	}
	return out
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
