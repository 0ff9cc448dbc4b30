package xlsform

import (
	"fmt"
	"strings"

	"github.com/daylight-npm/daylight/internal/checklist"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// loopEnd finds the row that ends a loop, and how many stand before it.
func (r *reader) loopEnd(rows []Row) (n int, ok bool) {
	depth := 0
	for i, row := range rows {
		switch typeOf(words(r.survey.text(row, "type"))).name {
		case beginLoop:
			depth++
		case endLoop:
			if depth == 0 {
				return i, true
			}
			depth--
		}
	}
	return len(rows), false
}

// loop writes begin loop over LIST out, which asks the same questions for each choice:
// a group for the loop, in it one for each choice, and in that the questions, with
// %(name)s, %(label)s and %(column)s filled in. So the old tools did.
func (r *reader) loop(row Row, t typed, inside []Row) {
	l := r.lists[t.list]
	if l == nil {
		r.refuse(r.survey, row, "type", Remark{Code: "no-list", Text: fmt.Sprintf("there is no list %q to loop over", shown(t.list)), Cure: "write its choices into the sheet choices"})
		return
	}
	r.note(r.survey, row, "type", Remark{Code: "loop-written-out", Text: fmt.Sprintf("begin loop over was written out: a group for each of the %d choices of %s", len(l.choices), shown(l.written)), Cure: "write a repeat, or the questions themselves, if it should be otherwise"})
	group, depth, floor := typeOf("begin_group"), len(r.open), r.floor
	if r.take(row, group) == nil {
		r.cut = true
		return
	}
	for _, c := range l.choices {
		if r.count >= checklist.MaxQuestions {
			r.count, r.cut = checklist.MaxQuestions+1, true
			break
		}
		r.turn(row, c, group, inside)
	}
	r.open, r.floor = r.open[:min(depth, len(r.open))], floor
}

// turn writes the questions of one choice.
func (r *reader) turn(row Row, c *daylightv1.ChecklistChoice, group typed, inside []Row) {
	name, parent := asName(nameOf(c)), r.open[len(r.open)-1]
	r.count++
	q := &question{ChecklistQuestion: &daylightv1.ChecklistQuestion{Name: name, Type: &group.name, Labels: c.GetLabels()}, row: row, typed: group, parent: parent, called: name}
	r.rows = append(r.rows, q)
	r.open = append(r.open, q)
	r.floor = len(r.open)
	filled := make([]Row, len(inside))
	for i, x := range inside {
		filled[i] = r.filled(x, c)
	}
	r.walk(filled)
	r.unclosed(r.floor)
	r.open = r.open[:len(r.open)-1]
}

// filled is a row with what stands for the choice replaced: a label in the language of
// its column.
func (r *reader) filled(row Row, c *daylightv1.ChecklistChoice) Row {
	out := Row{At: row.At, Cells: append([]Cell(nil), row.Cells...)}
	for _, col := range r.survey.columns {
		if col.at >= len(out.Cells) || !strings.Contains(out.Cells[col.at].Text, "%(") {
			continue
		}
		with := []string{"%(name)s", nameOf(c), "%(label)s", textIn(c.GetLabels(), r.language(col))}
		for _, a := range c.GetAttributes() {
			with = append(with, "%("+a.GetName()+")s", a.GetValue())
		}
		out.Cells[col.at].Text = strings.NewReplacer(with...).Replace(out.Cells[col.at].Text)
	}
	return out
}
