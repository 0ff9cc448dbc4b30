package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/daylight-npm/daylight/internal/checklist"
)

// answersPlan is the tables that the answers to a form go into: one of the responses, and one
// for each repeat. Where the form has several versions, a table has the columns of all: those
// of the newest in their order, then those that only older ones have.
type answersPlan struct {
	tables []*answersTable
	byName map[string]*answersTable // by the repeat's name; empty: the responses
	taken  map[string]bool          // names of tables, in lower case
}

// answersTable is one of them.
type answersTable struct {
	name      string
	keys      []string
	questions []*asked
	byName    map[string]*asked
	at        int // the column behind the last one
}

// asked is a question with its columns. Those that it does not have are -1.
type asked struct {
	name                string
	value, label, state int
	choices             []choiceColumn
	byChoice            map[string]int
}

type choiceColumn struct {
	name string
	at   int
}

// The columns that are no questions have a point in their names, which hardly a question has.
var (
	responseColumns = []string{"response.id"}
	aboutColumns    = []string{"checklist.version", "response.language", "response.finished_at", "response.contested", "response.contested_answers"}
	turnColumns     = []string{"response.id", "visit.id", "checklist.version", "instance.id", "instance.parent", "instance.position", "instance.title"}
)

// planAnswers plans the tables of a form, whose versions stand newest first.
func planAnswers(versions []*checklist.Form) *answersPlan {
	p := &answersPlan{byName: map[string]*answersTable{}, taken: map[string]bool{about: true, contestedTable: true, notesTable: true}}
	p.table("", answersName, slices.Concat(responseColumns, visitColumns, aboutColumns))
	for _, f := range versions {
		p.level(f, nil, "")
		for _, q := range f.Questions() {
			if !q.IsRepeat() {
				continue
			}
			if p.byName[q.Name] == nil {
				p.table(q.Name, q.Name, turnColumns)
			}
			p.level(f, q, q.Name)
		}
	}
	for _, t := range p.tables {
		t.number()
	}
	return p
}

// table adds one, under a name that no other has: on some systems, and in workbooks, names
// are the same that differ in capitals only.
func (p *answersPlan) table(repeat, name string, keys []string) {
	name = strings.ReplaceAll(name, "/", "_")
	unique := name
	for n := 2; p.taken[strings.ToLower(unique)]; n++ {
		unique = name + "~" + strconv.Itoa(n)
	}
	p.taken[strings.ToLower(unique)] = true
	t := &answersTable{name: unique, keys: keys, byName: map[string]*asked{}}
	p.tables, p.byName[repeat] = append(p.tables, t), t
}

// level adds the questions of one level of a version: of a repeat, or of the top.
func (p *answersPlan) level(f *checklist.Form, repeat *checklist.Question, name string) {
	for _, q := range f.Columns(repeat) {
		p.byName[name].add(q)
	}
}

func (t *answersTable) add(q *checklist.Question) {
	a := t.byName[q.Name]
	if a == nil {
		a = &asked{name: q.Name, value: 1, label: -1, state: -1, byChoice: map[string]int{}}
		t.questions, t.byName[q.Name] = append(t.questions, a), a
	}
	if q.Answerable() || q.Later {
		a.state = 1
	}
	if !q.Type.Select() {
		return
	}
	a.label = 1
	if q.Type != checklist.TypeSelectMultiple {
		return
	}
	for _, c := range q.Choices("") {
		if _, has := a.byChoice[c.Name]; !has && (!q.States || checklist.StateNamed(c.Name) == 0) {
			a.byChoice[c.Name] = 0
			a.choices = append(a.choices, choiceColumn{name: c.Name})
		}
	}
}

// number gives the columns their places.
func (t *answersTable) number() {
	t.at = len(t.keys)
	next := func(at *int) {
		if *at >= 0 {
			*at = t.at
			t.at++
		}
	}
	for _, a := range t.questions {
		for _, at := range []*int{&a.value, &a.label, &a.state} {
			next(at)
		}
		for i := range a.choices {
			next(&a.choices[i].at)
			a.byChoice[a.choices[i].name] = a.choices[i].at
		}
	}
}

// header names the columns: NAME, NAME.label, NAME.state, and NAME/CHOICE for each choice of
// a question that takes several. No two have one name.
func (t *answersTable) header() []string {
	out, taken := make([]string, t.at), map[string]bool{}
	name := func(at int, name string) {
		if at < 0 {
			return
		}
		unique := name
		for n := 2; taken[unique]; n++ {
			unique = name + "~" + strconv.Itoa(n)
		}
		out[at], taken[unique] = unique, true
	}
	for i, key := range t.keys {
		name(i, key)
	}
	for _, a := range t.questions {
		name(a.value, a.name)
	}
	for _, a := range t.questions {
		name(a.label, a.name+".label")
		name(a.state, a.name+".state")
		for _, c := range a.choices {
			name(c.at, a.name+"/"+c.name)
		}
	}
	return out
}
