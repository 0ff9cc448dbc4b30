package fieldapp

import (
	"slices"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// stepsPart says where a visit stands, and who may take it further.
func (t *turn) stepsPart(o *outing) (look.Part, error) {
	all, err := t.client.VisitSteps(t.ctx(), o.item.ID)
	if err != nil {
		return nil, err
	}
	var mine, others []look.Part
	submits := false // by the button below, which first says what is missing
	var told []look.Text
	for _, s := range all {
		switch {
		case s.To == daylightv1.VisitState_VISIT_STATE_SUBMITTED && s.Mine:
			submits = true
		case s.Mine && s.Next:
			mine = append(mine, t.stepButton(o.item, s.To, look.ButtonOther))
		case s.Mine:
			others = append(others, t.stepButton(o.item, s.To, look.ButtonQuiet))
		default:
			told = append(told, t.say("field-visit.step-of-others", "state", t.labelOf(s.To), "who", t.takers(s)))
		}
	}
	body := []look.Part{}
	if len(mine) > 0 {
		body = append(body, look.Cluster{Body: mine})
	}
	if len(told) > 0 {
		body = append(body, look.Points{Items: told, Small: true})
	}
	if len(others) > 0 {
		body = append(body, look.Unfold{Summary: t.say("field-visit.other-steps"), Plain: true, Body: []look.Part{
			look.Para{Text: t.say("field-visit.other-steps-under"), Small: true, Soft: true}, look.Cluster{Body: others}}})
	}
	if len(body) == 0 && !submits {
		body = append(body, look.Para{Text: t.say("field-visit.no-step"), Soft: true, Small: true})
	}
	now := t.labelOf(o.visit.GetState())
	if len(now) == 0 {
		now = t.say("field-visit.no-state")
	}
	return look.Section{Heading: t.say("field-visit.stands", "state", now), ID: look.FieldID("state"), Body: body}, nil
}

func (t *turn) stepButton(item clientsync.Item, to daylightv1.VisitState, kind look.ButtonKind) look.Part {
	return look.Button{Text: t.labelOf(to), Kind: kind, Action: t.href(item.Kind, item.ID, "step"), Hidden: []look.Hidden{{Name: "to", Value: to.String()}}}
}

// takers are those who may take a step.
func (t *turn) takers(s clientsync.VisitStep) look.Text {
	var who []look.Text
	for _, r := range s.Roles {
		who = append(who, t.labelOf(r))
	}
	if s.Team {
		who = append(who, t.say("field-visit.its-team"))
	} else if s.Head {
		who = append(who, t.say("field-visit.its-head"))
	}
	if len(who) == 0 {
		return t.say("field-visit.nobody")
	}
	return t.locale.List(who...)
}

// takeStep takes a visit to another state, and offers to take it back.
func (t *turn) takeStep(item clientsync.Item, f *look.Form) error {
	to, ok := daylightv1.VisitState_value[f.Value("to")]
	steps, err := t.client.VisitSteps(t.ctx(), item.ID)
	if err != nil {
		return err
	}
	allowed := slices.ContainsFunc(steps, func(s clientsync.VisitStep) bool { return s.To == daylightv1.VisitState(to) })
	v := item.Message.(*daylightv1.Visit)
	before := v.GetState()
	if !ok || to == 0 || !allowed && f.Value("back") == "" {
		return recordpage.ErrForm
	}
	v.State = daylightv1.VisitState(to).Enum()
	if err := t.client.Save(t.ctx(), v); err != nil {
		return err
	}
	now, err := t.item(target{item.Kind, item.ID})
	if err != nil {
		return err
	}
	note := look.Note{Kind: look.NoteSettled, Status: true, Text: t.say("field-visit.step-taken", "state", t.labelOf(v.GetState()))}
	if before != 0 && f.Value("back") == "" {
		note.Body = []look.Part{look.Button{Text: t.say("field-visit.step-back", "state", t.labelOf(before)), Action: t.href(item.Kind, item.ID, "step"), Kind: look.ButtonQuiet,
			Hidden: []look.Hidden{{Name: "to", Value: before.String()}, {Name: "back", Value: "1"}}}}
	}
	return t.showVisit(now, note)
}
