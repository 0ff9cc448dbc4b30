package console

import (
	"net/http"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Where a visit stands, and the steps that somebody may take it further by. Who may take which
// is the access table's to say; whether one skips another is not asked here.

// usual are the states in their usual order, without the side ways.
var usual = []daylightv1.VisitState{
	daylightv1.VisitState_VISIT_STATE_PLANNED, daylightv1.VisitState_VISIT_STATE_AUTHORISED, daylightv1.VisitState_VISIT_STATE_PREPARED,
	daylightv1.VisitState_VISIT_STATE_IN_PROGRESS, daylightv1.VisitState_VISIT_STATE_FIELD_COMPLETE, daylightv1.VisitState_VISIT_STATE_CONSOLIDATED,
	daylightv1.VisitState_VISIT_STATE_SUBMITTED, daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW, daylightv1.VisitState_VISIT_STATE_REPORT_DRAFTED,
	daylightv1.VisitState_VISIT_STATE_SENT_FOR_COMMENT, daylightv1.VisitState_VISIT_STATE_FINAL, daylightv1.VisitState_VISIT_STATE_PUBLISHED,
	daylightv1.VisitState_VISIT_STATE_IN_FOLLOW_UP, daylightv1.VisitState_VISIT_STATE_CLOSED,
}

// ending are the states for which the visit itself has a field that says why.
var ending = []daylightv1.VisitState{daylightv1.VisitState_VISIT_STATE_SUSPENDED, daylightv1.VisitState_VISIT_STATE_OBSTRUCTED, daylightv1.VisitState_VISIT_STATE_CANCELLED}

// triedStep is a step that was asked for and not taken.
type triedStep struct {
	form   *look.Form
	failed []look.Part
	wrong  look.Text
}

// stepsLeaf says where the visit stands and offers the steps of this person.
func (v *visited) stepsLeaf(tried *triedStep) look.Part {
	state := v.GetState()
	now := slices.Index(usual, state) + 1
	words := v.say("field-visit.no-state")
	if state != 0 {
		words = v.enum(state)
	}
	body := []look.Part{}
	if now > 0 {
		body = append(body, look.Cluster{Body: []look.Part{look.Track{Now: now, Of: len(usual)}}}, look.Para{Text: look.Strong(words)})
	} else {
		body = append(body, look.Cluster{Body: []look.Part{v.visitState(v.Visit)}})
	}
	if steps := v.rights.VisitSteps(v.subject(v.Visit, record.Visit)); len(steps) > 0 && !v.item.Removed {
		body = append(body, v.stepForm(steps, tried))
	}
	return look.Leaf{ID: "steps", Heading: v.say("office-visit.stands"), Body: body}
}

// stepForm asks for a step, with a reason where this person may write one.
func (v *visited) stepForm(steps []daylightv1.VisitState, tried *triedStep) look.Part {
	question := look.Choices{Name: "state", Legend: v.say("office-visit.step")}
	reason := look.Input{Name: "reason", Label: v.say("office-visit.reason"), Hint: v.say("office-visit.reason-hint"), Rows: 2}
	as := carriedOf(v.Visit)
	if tried != nil {
		question.Error, reason.Value = tried.wrong, tried.form.Value("reason")
		if tried.form.Has("as") {
			as = tried.form.Value("as")
		}
	}
	for _, s := range v.ordered(steps) {
		c := look.Choice{Value: s.String(), Text: v.enum(s), Checked: tried != nil && tried.form.Value("state") == s.String()}
		if !v.isNext(s) {
			c.Under = v.say("office-visit.other-way")
		}
		question.Options = append(question.Options, c)
	}
	body := []look.Part{question}
	if v.mayExplain() {
		body = append(body, reason)
	}
	body = append(body, look.Cluster{Body: []look.Part{look.Button{Text: v.say("office-visit.take-step"), Kind: look.ButtonMain}}})
	return look.Questions{Action: v.address("/step"), Hidden: []look.Hidden{{Name: "as", Value: as}}, Body: body}
}

// ordered puts the next step of the usual order first, then those further on, then the others.
func (v *visited) ordered(steps []daylightv1.VisitState) []daylightv1.VisitState {
	now := slices.Index(usual, v.GetState())
	rank := func(s daylightv1.VisitState) int {
		at := slices.Index(usual, s)
		if at > now {
			return at
		}
		return len(usual) + int(s)
	}
	out := slices.Clone(steps)
	slices.SortFunc(out, func(a, b daylightv1.VisitState) int { return rank(a) - rank(b) })
	return out
}

// isNext reports whether a step goes one further in the usual order.
func (v *visited) isNext(s daylightv1.VisitState) bool {
	now, at := slices.Index(usual, v.GetState()), slices.Index(usual, s)
	return at == now+1 || v.GetState() == 0
}

// writes is an edit of fields of the visit by this person.
func (t *turn) writes(v *daylightv1.Visit, fields ...int32) access.Write {
	return access.Write{Subject: t.subject(v, record.Visit), Fields: fields}
}

func (t *turn) mayWrite(w access.Write) bool {
	may, _ := t.rights.MayWrite(w)
	return may
}

// mayLead reports whether the team, the place and the removal of the visit are for this person.
func (v *visited) mayLead() bool { return v.mayWrite(v.writes(v.Visit, record.VisitTeam)) }

// mayExplain reports whether a reason can be kept: as a comment, which stands for itself.
func (v *visited) mayExplain() bool {
	return v.mayWrite(access.Write{Subject: v.subject(v.Visit, record.ReviewComment), Creates: true, Fields: []int32{1, record.CommentSettled}})
}

// endedBecause is the visit's field for why it ended early.
const endedBecause = 36

// stepVisit takes a step, as a change of this person's; the reason stands in the visit where it
// has a field for it, else in a comment about the state.
func (t *turn) stepVisit(f *look.Form) error {
	item, err := t.item(record.Visit)
	if err != nil {
		return err
	}
	laid, err := t.lay(record.Visit, item.Message.GetId(), f, "state")
	if err != nil {
		return err
	}
	v := laid.message.(*daylightv1.Visit)
	why := f.Error("reason")
	if f.Value("state") == "" || len(laid.wrong) > 0 {
		t.status = http.StatusUnprocessableEntity
		return t.showVisit(&triedStep{form: f, wrong: t.say("office-visit.no-step")})
	}
	if len(why) > 0 {
		t.status = http.StatusUnprocessableEntity
		return t.showVisit(&triedStep{form: f, failed: t.failure(why)})
	}
	messages := []record.Message{v}
	if reason := f.Trimmed("reason"); reason != "" {
		if slices.Contains(ending, v.GetState()) && t.mayWrite(t.writes(item.Message.(*daylightv1.Visit), endedBecause)) {
			v.EndedBecause = proto.String(reason)
		} else {
			messages = append(messages, t.stepComment(v, reason))
		}
	}
	if _, err := t.records().Save(t.ctx(), messages...); err != nil {
		why, ok := t.notSaved(err)
		if !ok {
			return err
		}
		return t.showVisit(&triedStep{form: f, failed: t.failure(why)})
	}
	return t.to("/visits/" + v.GetId() + "?done=step")
}

// stepComment keeps a reason beside the visit. Nothing is left to be done about it.
func (t *turn) stepComment(v *daylightv1.Visit, reason string) *daylightv1.ReviewComment {
	return &daylightv1.ReviewComment{VisitId: proto.String(v.GetId()), AboutKind: proto.String(record.Visit.String()), AboutId: proto.String(v.GetId()), AboutField: proto.String("state"),
		Text: proto.String(reason), Kind: daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REMARK.Enum(), Settled: proto.Bool(true), Author: proto.String(t.session.Person.GetName())}
}

// compartments are those that records of a kind are sealed in.
var compartments = map[record.Kind]compartment.Compartment{
	record.PersonIdentity: compartment.Identity, record.InterviewNote: compartment.Interview, record.MedicalNote: compartment.Medical, record.ReprisalDetail: compartment.Reprisal,
}

// readersLeaf says who can open what is sealed on the visit, as the office's root key has
// signed it: of the kinds alone that there are, and that this person sees are there.
func (v *visited) readersLeaf() []look.Part {
	var pairs []look.Fact
	for _, k := range record.Kinds() {
		if v.sealed[k] > 0 {
			pairs = append(pairs, look.Fact{Name: v.saying().Kind(k), Value: v.readers(compartments[k])})
		}
	}
	if len(pairs) == 0 {
		return nil
	}
	return []look.Part{look.Leaf{Heading: v.say("office-visit.readers"), Body: []look.Part{look.Pairs{Items: pairs, Small: true}, look.Para{Small: true, Soft: true, Text: v.say("office-visit.readers-under")}}}}
}

// readers are who can open a compartment, by the names in the signed list.
func (t *turn) readers(c compartment.Compartment) look.Text {
	list, ok := t.signedReaders()
	if !ok {
		return t.say("office-visit.readers-unsigned")
	}
	var names []look.Text
	for _, r := range list.For(c) {
		names = append(names, look.Typed(r.Name))
	}
	if len(names) == 0 {
		return t.say("office-visit.readers-nobody")
	}
	return look.Lines(names...)
}

// signedReaders is the list that the office's root key has signed; false where there is none,
// or none that this key has signed.
func (t *turn) signedReaders() (list compartment.List, ok bool) {
	signed, _, err := t.directory.Readers(t.ctx())
	if err != nil || len(signed) == 0 {
		return list, false
	}
	office, err := t.directory.Office(t.ctx())
	if err != nil {
		return list, false
	}
	list, err = compartment.Verify(signed, office.GetRootKey(), 0)
	return list, err == nil
}
