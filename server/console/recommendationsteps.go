package console

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// The steps of a recommendation's paper. Those that need nothing said are buttons of its page;
// to issue, close, withdraw and replace have pages of their own.

const (
	paperIssued     = daylightv1.RecommendationState_RECOMMENDATION_STATE_ISSUED
	paperReceived   = daylightv1.RecommendationState_RECOMMENDATION_STATE_RECEIVED
	paperAnswered   = daylightv1.RecommendationState_RECOMMENDATION_STATE_RESPONSE_RECEIVED
	paperClosed     = daylightv1.RecommendationState_RECOMMENDATION_STATE_CLOSED
	paperSuperseded = daylightv1.RecommendationState_RECOMMENDATION_STATE_SUPERSEDED
	paperWithdrawn  = daylightv1.RecommendationState_RECOMMENDATION_STATE_WITHDRAWN
)

// askedSteps have a page that asks for what belongs to them.
var askedSteps = []daylightv1.RecommendationState{paperIssued, paperClosed, paperSuperseded, paperWithdrawn}

// codeOfStep is a state as addresses and forms name it.
func codeOfStep(s daylightv1.RecommendationState) string {
	return strings.TrimPrefix(s.String(), "RECOMMENDATION_STATE_")
}

// stepName is what a person does by a step, where they stand.
func (t *turn) stepName(from, to daylightv1.RecommendationState) look.Text {
	if from == daylightv1.RecommendationState_RECOMMENDATION_STATE_IN_REVIEW && to == daylightv1.RecommendationState_RECOMMENDATION_STATE_DRAFT {
		return t.say("office-recs.step-return")
	}
	return t.say(map[daylightv1.RecommendationState]look.Key{
		daylightv1.RecommendationState_RECOMMENDATION_STATE_DRAFT:     "office-recs.step-draft",
		daylightv1.RecommendationState_RECOMMENDATION_STATE_IN_REVIEW: "office-recs.step-review",
		daylightv1.RecommendationState_RECOMMENDATION_STATE_APPROVED:  "office-recs.step-approve",
		paperIssued:   "office-recs.step-issue",
		paperReceived: "office-recs.step-received",
		paperAnswered: "office-recs.step-answered",
		daylightv1.RecommendationState_RECOMMENDATION_STATE_UNDER_VERIFICATION: "office-recs.step-verify",
		paperClosed:     "office-recs.step-close",
		paperSuperseded: "office-recs.step-replace",
		paperWithdrawn:  "office-recs.step-withdraw",
	}[to])
}

// stepsForm are the steps that this person may take: the usual next one first, what leaves the
// order behind a fold.
func (t *turn) stepsForm(p *paper) []look.Part {
	steps := p.steps(t)
	if len(steps) == 0 || p.item.Removed {
		return nil
	}
	usual := record.NextRecommendationStates(p.r.GetState())
	var first, rest []look.Part
	for _, s := range steps {
		b := t.stepButton(p, s)
		switch {
		case !slices.Contains(usual, s):
			rest = append(rest, b)
		case len(first) == 0 && b.Kind != look.ButtonGrave:
			b.Kind = look.ButtonMain
			fallthrough
		default:
			first = append(first, b)
		}
	}
	body := []look.Part{look.Cluster{Body: first}}
	if len(rest) > 0 {
		body = append(body, look.Unfold{Summary: t.say("office-recs.other-steps"), Plain: true, Body: []look.Part{look.Cluster{Body: rest}}})
	}
	return []look.Part{look.Questions{Action: p.href("/step"), Hidden: []look.Hidden{{Name: recordpage.AsField, Value: carriedOf(p.r)}}, Body: body}}
}

func (t *turn) stepButton(p *paper, s daylightv1.RecommendationState) look.Button {
	b := look.Button{Text: t.stepName(p.r.GetState(), s), Name: "to", Value: codeOfStep(s)}
	if slices.Contains(askedSteps, s) {
		b = look.Button{Text: b.Text, Href: p.href("/step/" + codeOfStep(s))}
	}
	if s == paperWithdrawn {
		b.Kind = look.ButtonGrave
	}
	return b
}

// stepOf reads a step; 0 for what is none, or one that is not offered in that way.
func stepOf(code string, asked bool) daylightv1.RecommendationState {
	s := daylightv1.RecommendationState(daylightv1.RecommendationState_value["RECOMMENDATION_STATE_"+code])
	if s == daylightv1.RecommendationState_RECOMMENDATION_STATE_OVERDUE || slices.Contains(askedSteps, s) != asked {
		return 0
	}
	return s
}

// stepPaper takes a step that asks for nothing.
func (t *turn) stepPaper(f *look.Form) error {
	to := stepOf(f.Value("to"), false)
	if to == 0 {
		return errNotFound
	}
	return t.savePaper(f, "step", func(r *daylightv1.Recommendation, _ map[string]look.Text) error { take(r, to); return nil },
		func(_ *look.Form, _ map[string]look.Text, why look.Text) error { return t.showPaper(why) },
		func(*daylightv1.Recommendation) []string { return nil })
}

// take takes a step; one that opens again what was closed clears the day of closing.
func take(r *daylightv1.Recommendation, to daylightv1.RecommendationState) {
	if r.GetState() == paperClosed && to != paperClosed {
		r.ClosedOn = nil
	}
	r.State = to.Enum()
}

// stepPaths are what the page of a step may set.
func stepPaths(to daylightv1.RecommendationState) []string {
	switch to {
	case paperIssued:
		return []string{"code", "issued_on"}
	case paperClosed:
		return []string{"closed_on"}
	case paperSuperseded:
		return []string{"superseded_by_id"}
	}
	return nil
}

func (t *turn) showPaperStep(f *look.Form, wrong map[string]look.Text, why look.Text) error {
	p, err := t.paper()
	if err != nil {
		return err
	}
	to := stepOf(t.r.PathValue("to"), true)
	if to == 0 || !slices.Contains(p.steps(t), to) && f == nil {
		return errNotFound
	}
	e := t.edit(p.item, f, wrong)
	form, err := t.stepQuestions(p, e, to)
	if err != nil {
		return err
	}
	title := t.stepName(p.r.GetState(), to)
	return t.showPaperForm(p, title, p.href("/step/"+codeOfStep(to)), e, why, form, title)
}

// stepQuestions ask for what belongs to a step, and say what it does.
func (t *turn) stepQuestions(p *paper, e *editor, to daylightv1.RecommendationState) ([]look.Part, error) {
	switch to {
	case paperIssued:
		return t.issueQuestions(p, e)
	case paperClosed:
		on := e.input(ask{path: "closed_on", required: true})
		on.Type, on.Value = "date", orToday(on.Value, t.today())
		return []look.Part{look.Para{Text: t.say("office-recs.close-body")}, on}, nil
	case paperSuperseded:
		return t.replaceQuestions(p, e)
	}
	return []look.Part{look.Note{Kind: look.NoteAttend, Heading: t.say("office-recs.withdraw-lost"), Text: t.say("office-recs.withdraw-body")}}, nil
}

func orToday(day, today string) string {
	if day == "" {
		return today
	}
	return day
}

func (t *turn) issueQuestions(p *paper, e *editor) ([]look.Part, error) {
	office, err := t.directory.Office(t.ctx())
	if err != nil {
		return nil, err
	}
	code := e.input(ask{path: "code", label: "office-recs.number", hint: "office-recs.number-hint", required: true})
	if code.Value == "" && e.form == nil {
		if code.Value, err = t.nextCode(); err != nil {
			return nil, err
		}
	}
	on := e.input(ask{path: "issued_on", hint: "office-recs.issued-hint", required: true})
	on.Type, on.Value = "date", orToday(on.Value, t.today())
	out := t.missingNote(p.r)
	table := look.Ledger{Stack: true, Caption: t.say("office-recs.terms"), Head: []look.Column{{Text: t.saying().Field("authority")}, {Text: t.say("office-recs.answer-due")}, {Text: t.saying().Field("implement_by")}}}
	for _, l := range p.r.GetAddressees() {
		c := record.ClockFor(office.GetClocks(), p.r.GetHorizon(), l.GetAuthority())
		table.Rows = append(table.Rows, look.Line{Cells: []look.Cell{{Text: t.authority(l), Under: look.Typed(l.GetOffice())},
			t.termCell(l.GetDueOn(), c.GetAnswerMonths(), c.GetAnswerDays()), t.termCell(l.GetImplementBy(), c.GetDoneMonths(), c.GetDoneDays())}})
	}
	out = append(out, code, on)
	if len(table.Rows) > 0 {
		out = append(out, table)
	}
	return out, nil
}

// termCell is the day that is set, else the term that the office's clock gives.
func (t *turn) termCell(day string, months, days uint32) look.Cell {
	if day != "" {
		return look.Cell{Text: t.day(day)}
	}
	return look.Cell{Text: t.term(months, days), Under: t.say("office-recs.from-sending")}
}

// nextCode proposes a number: of this year, the next one.
func (t *turn) nextCode() (string, error) {
	prefix := "R-" + t.today()[:4] + "-"
	n, err := t.records().Desk().LastNumber(t.ctx(), prefix)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s%04d", prefix, n+1), nil
}

func (t *turn) replaceQuestions(p *paper, e *editor) ([]look.Part, error) {
	id, err := record.ParseID(p.r.GetId())
	if err != nil {
		return nil, err
	}
	page, err := t.records().List(t.ctx(), record.Recommendation, store.Query{Filter: store.RecommendationFilter{Predecessor: id}, PageSize: mostChain})
	if err != nil {
		return nil, err
	}
	again := look.Button{Text: t.say("office-recs.repeat"), Href: with("/recommendations/new", "repeats", p.r.GetId())}
	if len(page.Items) == 0 {
		return []look.Part{look.Para{Text: t.say("office-recs.replace-none")}, look.Cluster{Body: []look.Part{again}}}, nil
	}
	var options []look.Choice
	now := e.value("superseded_by_id")
	for _, i := range page.Items {
		m := i.Message.(*daylightv1.Recommendation)
		options = append(options, look.Choice{Value: m.GetId(), Text: look.Dotted(t.paperTitle(m), t.textOf(m, 90)), Checked: m.GetId() == now || len(page.Items) == 1})
	}
	return []look.Part{look.Para{Text: t.say("office-recs.replace-body")},
		look.Choices{Name: "superseded_by_id", Legend: t.say("office-recs.replace-which"), Options: options, Error: e.wrong["superseded_by_id"]}}, nil
}

// stepPaperAsked takes a step with what its page asked for.
func (t *turn) stepPaperAsked(f *look.Form) error {
	to := stepOf(t.r.PathValue("to"), true)
	if to == 0 {
		return errNotFound
	}
	office, err := t.directory.Office(t.ctx())
	if err != nil {
		return err
	}
	done := "step"
	if to == paperIssued {
		done = "issued"
	}
	return t.savePaper(f, done, func(r *daylightv1.Recommendation, wrong map[string]look.Text) error {
		take(r, to)
		if to == paperIssued {
			send(r, office.GetClocks())
		}
		return t.checkStep(r, f, to, wrong)
	}, t.showPaperStep, func(*daylightv1.Recommendation) []string { return stepPaths(to) })
}

// send writes the day of sending, where none is said, and the days that the clocks give.
func send(r *daylightv1.Recommendation, clocks []*daylightv1.Clock) {
	for _, l := range r.GetAddressees() {
		if l.GetSentOn() == "" && r.GetIssuedOn() != "" {
			l.SentOn = proto.String(r.GetIssuedOn())
		}
	}
	record.SetDue(r, clocks)
}

// checkStep refuses a step without what it cannot be without.
func (t *turn) checkStep(r *daylightv1.Recommendation, f *look.Form, to daylightv1.RecommendationState, wrong map[string]look.Text) error {
	for _, path := range stepPaths(to) {
		if f.Trimmed(path) == "" && wrong[path] == nil {
			wrong[path] = t.say("office-recs.needed")
		}
	}
	if to != paperIssued || r.GetCode() == "" || wrong["code"] != nil {
		return nil
	}
	page, err := t.records().List(t.ctx(), record.Recommendation, store.Query{Filter: store.RecommendationFilter{Code: r.GetCode()}, PageSize: 2})
	if err != nil {
		return err
	}
	for _, i := range page.Items {
		if i.Message.GetId() != r.GetId() {
			wrong["code"] = t.say("office-recs.number-taken")
		}
	}
	return nil
}
