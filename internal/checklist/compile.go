package checklist

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/checklist/expr"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// mostProblems bounds what is said of one form.
const mostProblems = 500

// builder makes a form, and collects what is wrong with it.
type builder struct {
	form     *Form
	problems []Problem
	fatal    bool
}

// Compile makes a form ready to be filled. The form is nil where one of the problems is
// fatal; others leave it usable. The message is not changed, and may be changed after.
func Compile(c *daylightv1.Checklist) (*Form, []Problem) {
	b := &builder{}
	if b.bounds(c); b.fatal {
		return nil, b.problems
	}
	b.form = &Form{
		message: proto.Clone(c).(*daylightv1.Checklist), language: c.GetDefaultLanguage(),
		byName: map[string]*Question{}, byCalled: map[string][]*Question{}, lists: map[string]*list{}, resolved: map[reference]*Question{},
	}
	b.form.id, _ = record.ParseID(c.GetId())
	b.readLists()
	b.readQuestions()
	if !b.fatal {
		b.arrange()
	}
	if !b.fatal {
		b.readRules()
		b.offerStates()
	}
	if !b.fatal {
		b.findLoops()
	}
	if b.fatal {
		return nil, b.problems
	}
	return b.form, b.problems
}

func (b *builder) report(p Problem) {
	b.fatal = b.fatal || p.Fatal
	if len(b.problems) < mostProblems {
		b.problems = append(b.problems, p)
	}
}

func (b *builder) bounds(c *daylightv1.Checklist) {
	questions, choices := len(c.GetQuestions()), len(c.GetChoices())
	if have := questions + choices; have < int(c.GetRows()) {
		b.report(Problem{Code: "not-whole", Fatal: true, Params: map[string]string{"have": strconv.Itoa(have), "rows": strconv.Itoa(int(c.GetRows()))},
			Text: fmt.Sprintf("of the %d questions and choices of the form %d have arrived", c.GetRows(), have), Cure: "sync again"})
	}
	tooMany := func(have, most int, what string) {
		if have > most {
			b.report(Problem{Code: "too-large", Fatal: true, Params: map[string]string{"have": strconv.Itoa(have), "most": strconv.Itoa(most)},
				Text: fmt.Sprintf("the form has %d %s; it may have %d", have, what, most), Cure: "divide it into several forms"})
		}
	}
	tooMany(questions, MaxQuestions, "questions")
	tooMany(choices, MaxChoices, "choices")
}

func (b *builder) readLists() {
	choices := slices.Clone(b.form.message.GetChoices())
	slices.SortStableFunc(choices, func(x, y *daylightv1.ChecklistChoice) int {
		return cmp.Or(cmp.Compare(x.GetOrder(), y.GetOrder()), cmp.Compare(x.GetKey(), y.GetKey()))
	})
	for _, m := range choices {
		name, called, ok := strings.Cut(m.GetKey(), "/")
		if m.GetCalled() != "" {
			called = m.GetCalled()
		}
		if !ok || called == "" {
			b.report(Problem{Choice: m.GetKey(), Code: "choice-without-list", Text: "a choice has no list or no name"})
			continue
		}
		b.form.list(name).add(m, called)
	}
	for _, l := range b.form.lists {
		l.findStates()
	}
}

// list gives the list of that name, made where there is none.
func (f *Form) list(name string) *list {
	l := f.lists[name]
	if l == nil {
		l = &list{name: name, byName: map[string]*choice{}}
		f.lists[name] = l
	}
	return l
}

func (l *list) add(m *daylightv1.ChecklistChoice, called string) {
	c := &choice{name: called, key: m.GetKey(), place: len(l.choices), labels: m.GetLabels(), retired: m.GetRetired()}
	for _, a := range m.GetAttributes() {
		c.columns = append(c.columns, column{a.GetName(), a.GetValue()})
	}
	for _, t := range m.GetLabels() {
		if strings.Contains(t.GetText(), "${") {
			l.speaking = append(l.speaking, t.GetText())
		}
	}
	l.choices = append(l.choices, c)
	if l.byName[called] == nil {
		l.byName[called] = c
	}
}

// findStates marks the choices that are states, in a list that has them all.
func (l *list) findStates() {
	for _, name := range stateNames {
		if l.byName[name] == nil {
			return
		}
	}
	l.states = true
	for _, c := range l.choices {
		c.state = StateNamed(c.name)
	}
}

func (b *builder) readQuestions() {
	rows := slices.Clone(b.form.message.GetQuestions())
	slices.SortStableFunc(rows, func(x, y *daylightv1.ChecklistQuestion) int {
		return cmp.Or(cmp.Compare(x.GetOrder(), y.GetOrder()), cmp.Compare(x.GetName(), y.GetName()))
	})
	for _, m := range rows {
		q := &Question{
			form: b.form, row: m, Name: m.GetName(), Called: cmp.Or(m.GetCalled(), m.GetName()), Type: Type(m.GetType()), List: m.GetList(),
			Appearance: m.GetAppearance(), Parameters: parameters(m.GetParameters()), Topic: m.GetTopic(), Method: m.GetMethod(),
			Standards: slices.Clone(m.GetStandards()),
		}
		q.role = roles[q.Type]
		q.Later = q.role == attaches
		switch {
		case q.Name == "":
			b.report(Problem{Code: "no-name", Fatal: true, Text: "a question has no name"})
		case b.form.byName[q.Name] != nil:
			b.report(Problem{Question: q.Name, Column: "name", Code: "duplicate-name", Fatal: true,
				Text: fmt.Sprintf("two questions are called %q", clipped(q.Name)), Cure: "call one of them something else"})
		case q.role == 0:
			b.report(Problem{Question: q.Name, Column: "type", Code: "unknown-type", Fatal: true, Params: map[string]string{"type": clipped(string(q.Type))},
				Text: fmt.Sprintf("%q is not a type of question that this program knows", clipped(string(q.Type)))})
		default:
			b.form.byName[q.Name] = q
			b.form.questions = append(b.form.questions, q)
		}
	}
}

// arrange puts the questions into their groups, and gives them their lists.
func (b *builder) arrange() {
	for _, q := range b.form.questions {
		name := q.row.GetParent()
		if name == "" {
			b.form.top = append(b.form.top, q)
			continue
		}
		up := b.form.byName[name]
		if up == nil || up.role != contains {
			b.report(Problem{Question: q.Name, Code: "no-group", Fatal: true, Params: map[string]string{"group": clipped(name)},
				Text: fmt.Sprintf("it stands in %q, which is no group or repeat of the form", clipped(name))})
			continue
		}
		q.Parent = up
		up.Children = append(up.Children, q)
	}
	all := b.form.questions
	b.form.questions = make([]*Question, 0, len(all))
	b.number(b.form.top, nil, nil, 0)
	if !b.fatal && len(b.form.questions) < len(all) {
		b.report(Problem{Code: "no-group", Fatal: true, Text: "groups of the form stand in each other in a circle"})
	}
}

// number walks down the tree: places, depths, lists.
func (b *builder) number(all []*Question, up, repeat *Question, depth int) {
	if depth > MaxDepth {
		b.report(Problem{Question: up.Name, Code: "nested-too-deep", Fatal: true, Params: map[string]string{"most": strconv.Itoa(MaxDepth)},
			Text: fmt.Sprintf("groups stand in each other more than %d deep", MaxDepth), Cure: "take some of the groups away"})
		return
	}
	for i, q := range all {
		q.index, q.slot, q.depth, q.Repeat = len(b.form.questions), i, depth, repeat
		b.form.questions = append(b.form.questions, q)
		b.form.byCalled[q.Called] = append(b.form.byCalled[q.Called], q)
		b.giveList(q)
		inside := repeat
		if q.Type == TypeRepeat {
			inside = q
		}
		b.number(q.Children, q, inside, depth+1)
	}
}

func (b *builder) giveList(q *Question) {
	if !q.Type.Select() {
		return
	}
	q.list = b.form.lists[q.List]
	if q.list != nil {
		return
	}
	b.report(Problem{Question: q.Name, Column: "type", Code: "no-list", Params: map[string]string{"list": clipped(q.List)},
		Text: fmt.Sprintf("the form has no list of choices called %q", clipped(q.List)), Cure: "write its choices on the choices sheet"})
	q.list = b.form.list(q.List)
}

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
	_, bad := q.lexical(text, time.Unix(0, 0).UTC())
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
		for _, text := range q.list.speaking {
			for _, m := range mentioned.FindAllStringSubmatch(text, -1) {
				b.refer(q, "choices", m[1], 0)
			}
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
