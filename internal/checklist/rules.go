package checklist

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/internal/checklist/expr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// readRules compiles the expressions of every row.
func (b *builder) readRules() {
	for _, q := range b.form.questions {
		m := q.row
		r := &q.rules
		r.relevant = b.compileFormula(q, "relevant", m.GetRelevant(), true)
		r.constraint = b.compileFormula(q, "constraint", m.GetConstraint(), false)
		r.required = b.compileFormula(q, "required", m.GetRequired(), true)
		r.readOnly = b.compileFormula(q, "read_only", m.GetReadOnly(), true)
		r.filter = b.compileFormula(q, "choice_filter", m.GetChoiceFilter(), false)
		r.suggest = b.compileFormula(q, "suggest", m.GetSuggest(), true)
		if q.role != contains {
			r.calculation = b.compileFormula(q, "calculation", m.GetCalculation(), false)
		}
		if q.Type == TypeRepeat {
			r.count = b.compileFormula(q, "repeat_count", m.GetRepeatCount(), false)
			q.Counted = r.count != nil
		}
		b.readTrigger(q)
		b.readDefault(q)
		b.readStateOf(q)
		b.readTexts(q)
		r.once = r.calculation != nil && r.calculation.expr.Uses().Once
		q.Computed = q.role == computes || q.role == remembers || q.derived()
	}
	b.form.instanceName = b.compileFormula(nil, "instance_name", b.form.Setting("instance_name"), false)
}

// refer checks that a name that a row says means one row.
func (b *builder) refer(q *Question, column, name string, at int) *Question {
	p := Problem{Column: column, At: at, Fatal: true, Params: map[string]string{"name": clipped(name)}}
	var to *Question
	ambiguous := false
	if q != nil {
		p.Question = q.Name
		to, ambiguous = b.form.resolve(q, name)
	} else if all := b.form.byCalled[name]; len(all) > 0 {
		to, ambiguous = all[0], len(all) > 1
	}
	switch {
	case ambiguous:
		p.Code, p.Text = "ambiguous-reference", fmt.Sprintf("several questions are called %q, and none is the nearest", clipped(name))
		p.Cure = "give them different names"
		b.report(p)
		return nil
	case to == nil:
		p.Code, p.Text = "unknown-reference", fmt.Sprintf("no question is called %q", clipped(name))
		p.Cure = "write the name of a question of this form"
		if near := b.nearName(name); near != "" {
			p.Cure, p.Params["near"] = fmt.Sprintf("did you mean ${%s}?", near), near
		}
		b.report(p)
		return nil
	}
	if q != nil {
		b.form.resolved[reference{q, name}] = to
	}
	return to
}

// nearName is a question's name that differs in case, or in one letter; empty for none.
func (b *builder) nearName(name string) string {
	best := ""
	for _, q := range b.form.questions {
		if strings.EqualFold(q.Called, name) {
			return q.Called
		}
		if best == "" && oneApart(q.Called, name) {
			best = q.Called
		}
	}
	return best
}

// oneApart reports whether one letter more, less or changed makes one of the other.
func oneApart(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y)-len(x) > 1 || len(x) < 2 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(x) == len(y) {
		return slices.Equal(x[min(i+1, len(x)):], y[min(i+1, len(y)):])
	}
	return slices.Equal(x[i:], y[i+1:])
}

var mentioned = regexp.MustCompile(`\$\{\s*([^{}]*?)\s*\}`)

// readTrigger reads the questions whose change has the calculation made.
func (b *builder) readTrigger(q *Question) {
	for _, m := range mentioned.FindAllStringSubmatchIndex(q.row.GetTrigger(), -1) {
		text := q.row.GetTrigger()
		to := b.refer(q, "trigger", text[m[2]:m[3]], len([]rune(text[:m[0]])))
		if to == nil || q.rules.calculation == nil {
			continue
		}
		q.rules.trigger = append(q.rules.trigger, to)
		if len(to.triggered) == 0 {
			b.form.watched = append(b.form.watched, to)
		}
		to.triggered = append(to.triggered, q)
	}
}

// readDefault tells a text that is meant as it is from an expression: an expression
// calls a function or names a question, or reckons where a text would be no answer.
func (b *builder) readDefault(q *Question) {
	text := q.row.GetDefault()
	if text == "" || q.role == contains || q.role == tells {
		return
	}
	_, bad := q.lexical(text, Options{}.clock())
	e, err := expr.Compile(text)
	reckoned := bad != nil && (q.Type == TypeInteger || q.Type == TypeDecimal || q.Type == TypeRange)
	expression := err == nil && (len(e.References())+len(e.Calls()) > 0 || reckoned && len(e.Bare()) == 0)
	switch {
	case expression, err != nil && strings.Contains(text, "${"):
		q.rules.initial = b.compileFormula(q, "default", text, false)
	case bad != nil:
		b.report(Problem{Question: q.Name, Column: "default", Code: "bad-default", Text: "the default cannot be an answer: " + bad.Error()})
	default:
		q.rules.literal = text
	}
}

// readStateOf finds the question that a "why blank?" row is about.
func (b *builder) readStateOf(q *Question) {
	name := q.row.GetStateOf()
	if name == "" {
		return
	}
	to := b.form.byName[name]
	if to == nil {
		to = b.refer(q, "state_of", name, 0)
	}
	if to == nil {
		return
	}
	if to.role != asks || to == q || to.Repeat != q.Repeat {
		b.report(Problem{Question: q.Name, Column: "state_of", Code: "bad-state-of", Fatal: true, Params: map[string]string{"name": clipped(name)},
			Text: fmt.Sprintf("it cannot tell why %q is blank", clipped(name)), Cure: "name a question that is asked beside it"})
		return
	}
	q.StateOf = to
	to.explained = append(to.explained, q)
}

// readTexts checks the names in labels and hints.
func (b *builder) readTexts(q *Question) {
	check := func(column string, texts []*daylightv1.LocalText) {
		for _, t := range texts {
			if !strings.Contains(t.GetText(), "${") {
				continue
			}
			for _, m := range mentioned.FindAllStringSubmatchIndex(t.GetText(), -1) {
				b.refer(q, column, t.GetText()[m[2]:m[3]], len([]rune(t.GetText()[:m[0]])))
			}
		}
	}
	check("label", q.row.GetLabels())
	check("hint", q.row.GetHints())
	check("guidance_hint", q.row.GetGuidance())
	check("constraint_message", q.row.GetConstraintMessages())
	check("required_message", q.row.GetRequiredMessages())
	if q.list != nil {
		for _, name := range q.list.mentions {
			b.refer(q, "choices", name, 0)
		}
	}
}

// offerStates says of which questions the states are offered.
func (b *builder) offerStates() {
	any := false
	for _, q := range b.form.questions {
		any = any || q.list != nil && q.list.states
	}
	for _, q := range b.form.questions {
		q.States = (q.Answerable() || q.Later) && (!q.Type.Select() || !any || q.list.states)
	}
}
