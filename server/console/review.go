package console

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// Review: what a team has handed in is read and decided here. A reviewer takes a visit, asks
// the team, decides how severe each finding is, sends it back or on. No field of a visit
// names its reviewer: it is whoever took it under review, and the history tells who that was.

func (c *Console) reviewRoutes() {
	c.rail = append(c.rail, way{href: "/review", icon: look.IconCheck, name: "office-review.title", allow: takesReview},
		way{href: "/two", icon: look.IconTwo, name: "field-two.title", allow: reads(record.Kinds()...)})
	c.page("/review", reads(record.Visit), (*turn).listReview)
	c.page("/visits/{id}/review", reads(record.Visit), func(t *turn) error { return t.showReview(nil, nil) })
	c.post("/visits/{id}/review", reads(record.Visit), (*turn).stepReview)
	c.page("/findings/{id}", reads(record.Finding), func(t *turn) error { return t.showFinding(nil, nil, nil) })
	c.post("/findings/{id}", reads(record.Finding), (*turn).decideFinding)
	c.page("/comments/new", reads(record.ReviewComment), func(t *turn) error { return t.showNewComment(nil, nil) })
	c.post("/comments/new", reads(record.ReviewComment), (*turn).saveNewComment)
	c.page("/comments/{id}", reads(record.ReviewComment), func(t *turn) error { return t.showComment(nil, nil) })
	c.post("/comments/{id}", reads(record.ReviewComment), (*turn).answerComment)
	c.page("/two", reads(record.Kinds()...), (*turn).listTwo)
	c.page("/records/{kind}/{id}/two", reads(record.Kinds()...), (*turn).showTwo)
	c.post("/records/{kind}/{id}/two", reads(record.Kinds()...), (*turn).settleTwo)
}

// takesReview allows whoever takes steps of visits, or says something about them.
func takesReview(r access.Rights) bool {
	return r.Reads(record.Visit) != access.None && (r.TakesSteps(record.Visit) || r.WritesKind(record.ReviewComment))
}

// mostReview is how many visits of one state the list holds.
const mostReview = 50

// listReview lists what waits for a reviewer, and what is being reviewed.
func (t *turn) listReview() error {
	var body []look.Part
	for _, s := range []struct {
		state daylightv1.VisitState
		key   look.Key
	}{{daylightv1.VisitState_VISIT_STATE_SUBMITTED, "office-review.waiting"}, {daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW, "office-review.taken"}} {
		token := s.state.String()
		page, err := t.records().List(t.ctx(), record.Visit, store.Query{Filter: store.VisitFilter{State: s.state}, PageSize: mostReview, PageToken: t.r.URL.Query().Get(token)})
		if err != nil {
			return err
		}
		if len(page.Items) == 0 {
			continue
		}
		section := look.Section{Heading: t.say(s.key), Body: []look.Part{t.visitRows(page.Items)}}
		if page.Next != "" {
			section.Body = append(section.Body, look.Pager{From: 1, To: len(page.Items), N: -1, Later: with("/review", token, page.Next)})
		}
		body = append(body, section)
	}
	if len(body) == 0 {
		body = []look.Part{look.Empty{Text: t.say("office-review.none"), Under: t.say("office-review.none-under")}}
	}
	return t.show(sheet{title: t.say("office-review.title"), here: "/review", lede: t.say("office-review.list-lede"), body: body})
}

func (t *turn) visitRows(items []store.Item) look.Part {
	rows := look.Rows{}
	for _, item := range items {
		v := item.Message.(*daylightv1.Visit)
		row := look.Row{Href: "/visits/" + v.GetId() + "/review", Lead: look.Symbol{Icon: look.IconVisit}, Text: t.named(record.Facility.String(), v.GetFacilityId()), Words: true,
			Under: t.locale.When(atMS(item.Status.GetReceivedAt())), Tags: t.standTags(item)}
		if v.GetCode() != "" {
			row.Under = look.Dotted(look.Code(v.GetCode()), row.Under)
		}
		rows.Items = append(rows.Items, row)
	}
	return rows
}

// standTags say what waits for a person in a record.
func (t *turn) standTags(item store.Item) (out []look.Tag) {
	if n := len(item.Status.GetConflicts()); n > 0 {
		out = append(out, look.Tag{Kind: look.TagWatch, Icon: look.IconTwo, Text: t.say("field-two.title")})
	}
	return out
}

// showReview is the reviewer's desk for one visit. f and failed are those of a step that was
// not taken.
func (t *turn) showReview(f *look.Form, failed []look.Part) error {
	b, err := t.besideVisit(t.r.PathValue("id"))
	if err != nil {
		return err
	}
	o, err := b.open()
	if err != nil {
		return err
	}
	notes := t.doneNote(map[string]look.Key{"taken": "office-review.done-taken", "returned": "office-review.done-returned", "step": "office-review.done-step", "said": "office-review.said"})
	body := slices.Concat(failed, notes, b.standing(o), o.sections())
	aside := b.stepForms(o, f)
	if b.mayMake(record.ReviewComment) {
		aside = append(aside, look.Leaf{Heading: t.say("office-review.say"), Body: []look.Part{
			look.Para{Small: true, Soft: true, Text: t.say("office-review.say-visit")},
			look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-review.write"), Icon: look.IconPen, Href: aboutHref(record.Visit, b.visitID(), "")}}}}})
	}
	return t.show(sheet{title: t.say("office-review.title"), here: "/review", crumbs: b.crumbs(), heading: t.say("office-review.heading"), lede: b.place, body: body, aside: aside,
		actions: []look.Part{t.shapeOf(b.visit.GetState())}})
}

// crumbs lead to the visit.
func (b *beside) crumbs(more ...look.Link) []look.Link {
	return append([]look.Link{{Href: "/review", Text: b.say("office-review.title")}, {Href: "/visits/" + b.visitID(), Text: b.ref()}}, more...)
}

// steps are those that come next and that whoever sits there may take. back: to the team.
func (b *beside) steps() (next []daylightv1.VisitState, back bool) {
	may := b.rights.VisitSteps(b.subject(record.Visit))
	for _, s := range record.NextVisitStates(b.visit.GetState()) {
		if s != returned && slices.Contains(may, s) {
			next = append(next, s)
		}
	}
	if final := daylightv1.VisitState_VISIT_STATE_FINAL; b.visit.GetState() == daylightv1.VisitState_VISIT_STATE_REPORT_DRAFTED && slices.Contains(may, final) {
		next = append(next, final) // approved without being sent for comment
	}
	inside := b.visit.GetState() >= daylightv1.VisitState_VISIT_STATE_SUBMITTED
	return next, inside && slices.Contains(may, returned)
}

// returned is where a visit stands that was sent back to its team.
const returned = daylightv1.VisitState_VISIT_STATE_CONSOLIDATED

// names of the form's own controls.
const (
	toField  = "_to"
	backWhy  = "_back"
	sayField = "_say"
)

// stepForms send the visit on, or back.
func (b *beside) stepForms(o *openness, f *look.Form) (out []look.Part) {
	next, back := b.steps()
	as := []look.Hidden{{Name: recordpage.AsField, Value: carriedOf(b.item.Message)}}
	if f != nil && f.Has(recordpage.AsField) {
		as[0].Value = f.Value(recordpage.AsField)
	}
	action := "/visits/" + b.visitID() + "/review"
	if len(next) > 0 {
		body := []look.Part{}
		if n := o.undecided; n > 0 && next[0] != daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW {
			body = append(body, look.Para{Small: true, Text: b.say("office-review.still-undecided", "n", n)})
		}
		buttons := look.Cluster{}
		for i, s := range next {
			button := look.Button{Text: b.stepName(s), Name: toField, Value: s.String()}
			if i == 0 {
				button.Kind = look.ButtonMain
			}
			buttons.Body = append(buttons.Body, button)
		}
		out = append(out, look.Leaf{Heading: b.say("office-review.on"), Body: append(body, look.Questions{Action: action, Hidden: as, Body: []look.Part{buttons}})})
	}
	if back {
		out = append(out, look.Leaf{Heading: b.say("office-review.back"), Body: []look.Part{look.Questions{Action: action, Hidden: as, Body: []look.Part{
			look.Input{Name: backWhy, Label: b.say("office-review.back-why"), Hint: b.say("office-review.back-hint"), Rows: 3, Required: true, Value: typed(f, backWhy, ""), Error: wrong(f, backWhy)},
			look.Cluster{Body: []look.Part{look.Button{Text: b.say("office-review.back-do"), Icon: look.IconBack, Name: toField, Value: returned.String()}}}}}}})
	}
	return out
}

// stepName is what a step is called that is taken here.
func (b *beside) stepName(s daylightv1.VisitState) look.Text {
	switch s {
	case daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW:
		return b.say("office-review.take")
	case daylightv1.VisitState_VISIT_STATE_FINAL:
		return b.say("office-review.approve")
	}
	return look.Plain(b.enum(s).String()) // a button sets its parts apart: one piece
}

// stepReview takes the visit on, or back to its team with what is asked for.
func (t *turn) stepReview(f *look.Form) error {
	b, err := t.besideVisit(t.r.PathValue("id"))
	if err != nil {
		return err
	}
	m, err := recordpage.Unpack(record.Visit, b.visitID(), f.Value(recordpage.AsField))
	to, known := daylightv1.VisitState_value[f.Value(toField)]
	if err != nil || !known || to == 0 {
		return look.ErrForm
	}
	as, state := m.(*daylightv1.Visit), daylightv1.VisitState(to)
	as.State = state.Enum()
	messages, done := []record.Message{as}, "step"
	switch state {
	case daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW:
		done = "taken"
	case returned:
		done = "returned"
		why := strings.TrimSpace(f.Value(backWhy))
		if why == "" {
			f.Refuse(backWhy, t.say("office-review.back-needed"))
		}
		messages = append(messages, &daylightv1.ReviewComment{VisitId: proto.String(b.visitID()), Text: proto.String(why), Author: proto.String(t.session.Person.GetName()),
			Kind: daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REQUEST.Enum()})
	}
	if t.refused(f); !f.OK() {
		return t.showReview(f, t.problems(f, map[string]look.Text{backWhy: t.say("office-review.back-why")}))
	}
	if _, err := t.records().Save(t.ctx(), messages...); err != nil {
		why, known := t.notSaved(err)
		if !known {
			return err
		}
		t.anew(f, b.item)
		return t.showReview(f, t.failure(why))
	}
	return t.to(with("/visits/"+b.visitID()+"/review", "done", done))
}
