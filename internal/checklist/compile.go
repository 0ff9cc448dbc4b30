package checklist

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

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
		for _, name := range mentioned.FindAllStringSubmatch(t.GetText(), -1) {
			l.mentions = append(l.mentions, name[1])
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
