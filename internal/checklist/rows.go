package checklist

import daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"

// Table is the answers of one level of a form: the top, or a repeat.
type Table struct {
	// Repeat is nil for the top.
	Repeat *Question
	// Columns are the questions and calculations of the level in order, all of the form's,
	// relevant or not: so every response has the same.
	Columns []*Question
	// Rows are one for the top, and one for each turn of a repeat.
	Rows []Row
}

// Row is one turn, or the top of a response.
type Row struct {
	// Turn is the turn's id, Parent that of the turn around it; both empty at the top.
	Turn, Parent string
	// Position is the turn's place in its repeat from 1; Title what it is called.
	Position int
	Title    Text
	// Cells are by the table's columns.
	Cells []Cell
}

// Cell is what an export shows of one answer.
type Cell struct {
	// Value is the code or text, Display what a person reads for it. Both are empty where
	// there is no answer and for what is not relevant.
	Value, Display string
	// State says why there is none.
	State daylightv1.AnswerState
	Note  string
	// Others is how many further answers are contested: Value is then not settled.
	Others int
	// Relevant: it was asked here.
	Relevant bool
}

// Rows are the relevant answers and calculations as tables: the top first, then the
// form's repeats in order. What is not relevant is in none of them.
func (x *Filling) Rows() []Table {
	tables := map[*Question]*Table{nil: {Columns: x.form.Columns(nil)}}
	order := []*Question{nil}
	for _, q := range x.form.questions {
		if q.Type == TypeRepeat {
			tables[q] = &Table{Repeat: q, Columns: x.form.Columns(q)}
			order = append(order, q)
		}
	}
	tables[nil].Rows = []Row{{Cells: x.cells(x.root, tables[nil].Columns)}}
	x.walk(x.root, 0, func(n *node, _ int) {
		if !n.isTurn() {
			return
		}
		t := tables[n.q]
		position := n.position()
		t.Rows = append(t.Rows, Row{Turn: n.turn, Parent: n.up.turn, Position: position, Title: x.title(n, position), Cells: x.cells(n, t.Columns)})
	})
	out := make([]Table, len(order))
	for i, q := range order {
		out[i] = *tables[q]
	}
	return out
}

// Columns are the questions of one level that have values: of a repeat, or with nil of
// the top. What stands for the state of another question is left out: that question's own
// cell says it.
func (f *Form) Columns(repeat *Question) (out []*Question) {
	for _, q := range f.questions {
		if q.Repeat == repeat && q.role != contains && q.role != tells && q.StateOf == nil {
			out = append(out, q)
		}
	}
	return out
}

func (x *Filling) cells(level *node, columns []*Question) []Cell {
	out := make([]Cell, len(columns))
	for i, q := range columns {
		n := x.fields[Key{q.Name, level.turn}]
		if n == nil || !n.visible() {
			continue
		}
		c := Cell{Relevant: true, Note: n.answer.GetNote()}
		c.Value, c.State = n.says()
		c.Display = x.display(q, c.Value, c.State)
		if all := x.contested(n); len(all) > 1 {
			c.Others = len(all) - 1
		}
		out[i] = c
	}
	return out
}
