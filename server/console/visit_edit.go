package console

import (
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// What the office writes of a visit itself. The team, the place and the state have pages of
// their own; what the team found out is for the team to write.

// visitPaths are the fields that the page asks for.
var visitPaths = []string{"code", "title", "type", "announcement", "joint", "planned_start", "planned_end", "aims", "summary", "ended_because", "confidentiality"}

// visitTitle is the number of a field that asks for no more than to write the visit.
const visitTitle = 33

func (v *visited) mayEdit() bool {
	return !v.item.Removed && v.mayWrite(v.writes(v.Visit, visitTitle))
}

// showVisitEdit asks for them. f, wrong and failed are those of a form that was not taken.
func (t *turn) showVisitEdit(f *look.Form, wrong map[string]look.Text, failed []look.Part) error {
	item, err := t.item(record.Visit)
	if err != nil {
		return err
	}
	v := &visited{turn: t, item: item, Visit: item.Message.(*daylightv1.Visit)}
	if !v.mayEdit() {
		return errNotFound
	}
	e := t.edit(item, f, wrong)
	body := []look.Part{
		look.Side{Body: []look.Part{
			e.line(ask{path: "code", hint: "office-visit.code-hint"}),
			e.line(ask{path: "title", label: "field-visit.title", hint: "office-visit.title-hint"})}},
		e.one(ask{path: "type", label: "field-visit.type"}),
		e.one(ask{path: "announcement", label: "field-visit.announcement"}),
		e.yesNo(ask{path: "joint", label: "field-visit.joint"}),
		look.Side{Body: []look.Part{
			e.dayOf(ask{path: "planned_start", label: "field-visit.planned-start"}),
			e.dayOf(ask{path: "planned_end", label: "field-visit.planned-end"})}},
		e.line(ask{path: "aims", label: "field-visit.aims", rows: 4}),
		e.line(ask{path: "summary", label: "field-visit.summary", hint: "field-visit.summary-hint", rows: 6}),
		e.line(ask{path: "ended_because", label: "field-visit.ended-because", hint: "field-visit.ended-hint", rows: 3}),
		e.one(ask{path: "confidentiality"}),
		look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-visit.save"), Kind: look.ButtonMain}, look.Button{Text: t.say("office-visit.leave"), Href: v.address("")}}},
	}
	form := look.Questions{Action: v.address("/edit"), Body: body, Hidden: e.hidden()}
	return t.show(sheet{title: t.say("office-visit.edit-title"), here: "/visits", crumbs: v.crumbs(t.say("office-visit.edit")), lede: t.say("office-visit.edit-lede"),
		body: append(append(failed, t.wrongIn(wrong)...), look.Leaf{Body: []look.Part{form}})})
}

// saveVisit saves what was typed against what was shown.
func (t *turn) saveVisit(f *look.Form) error {
	item, err := t.item(record.Visit)
	if err != nil {
		return err
	}
	laid, err := t.lay(record.Visit, item.Message.GetId(), f, visitPaths...)
	if err != nil {
		return err
	}
	if len(laid.wrong) > 0 {
		return t.showVisitEdit(f, laid.wrong, nil)
	}
	if _, err := t.records().Save(t.ctx(), laid.message); err != nil {
		why, ok := t.notSaved(err)
		if !ok {
			return err
		}
		return t.showVisitEdit(f, nil, t.failure(why))
	}
	return t.to("/visits/" + item.Message.GetId() + "?done=edit")
}
