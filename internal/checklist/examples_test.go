package checklist

import (
	"fmt"
	"testing"
)

// The record of the worked examples: a place that is invented. Numbers in the table below
// are those of the examples; here they show that names, turns, lists and labels reach an
// expression as it must see them.
func exampleRows(own map[string]string) []row {
	at := func(place string, rows []row) []row {
		if own[place] != "" {
			rows = append(rows, row{"calculate", "result", "calculation", own[place]})
		}
		return rows
	}
	rows := []row{
		{"text", "place"}, {"text", "code"}, {"integer", "capacity"}, {"integer", "held"}, {"integer", "held_women"}, {"hidden", "over", "default", "false"},
		{"date", "visit_date"}, {"select_multiple issues", "issues"}, {"select_multiple issues", "harm"}, {"text", "access"},
		{"begin_repeat", "cell"}, {"text", "name"}, {"integer", "persons"}, {"decimal", "area"}, {"integer", "beds"},
		{"begin_group", "chk"}, {"text", "q"},
	}
	rows = at("chk", rows)
	rows = append(rows, row{"end"}, row{"begin_repeat", "defect"}, row{"integer", "grade"}, row{"end"})
	rows = at("cell", rows)
	rows = append(rows, row{"end"}, row{"begin_repeat", "visitor"}, row{"integer", "age"}, row{"end"}, row{"select_one places", "from"})
	return at("top", rows)
}

var exampleChoices = []choiceRow{
	{"issues", "water", "Water", "ru", "Вода"}, {"issues", "heat", "Heating", "ru", "Отопление"}, {"issues", "light", "Light", "ru", "Свет"},
	{"places", "p1", "Alma", "region", "north", "population", "300"}, {"places", "p2", "Bedre", "region", "south", "population", "120"},
	{"places", "p3", "Ceker", "region", "north", "population", "80"},
}

// example fills the record and gives the filling with the ids of its three cells.
func example(t *testing.T, own map[string]string) (*Filling, []string) {
	x := filling(t, exampleRows(own), exampleChoices...)
	for _, a := range [][2]string{{"place", "Garaýol"}, {"code", "TM-0042"}, {"capacity", "120"}, {"held", "150"}, {"visit_date", "2026-11-20"}, {"issues", "water heat light"}, {"access", "partial"}} {
		x.set(t, a[0], a[1])
	}
	var cells []string
	for _, c := range [][]string{{"A1", "4", "12.5", "4", "2", "3"}, {"A2", "6", "18", ""}, {"B1", "5", "15", "5", "1"}} {
		id := x.add(t, "cell", "")
		cells = append(cells, id)
		for i, q := range []string{"name", "persons", "area", "beds"} {
			x.set(t, q+"/"+id, c[i])
		}
		for _, g := range c[4:] {
			x.set(t, "grade/"+x.add(t, "defect", id), g)
		}
	}
	return x, cells
}

func TestWorkedExamplesThroughAForm(t *testing.T) {
	for _, c := range []struct {
		number     int
		expression string
		where      string // top, cell or chk
		cell       int    // which cell reads it, from 1
		want       string
	}{
		{4, "${held} + ${held_women}", "top", 0, ""},
		{5, "${held} + coalesce(${held_women}, 0)", "top", 0, "150"},
		{16, "boolean(${over})", "top", 0, "true"},
		{19, "concat(${place}, ' (', ${held}, ')')", "top", 0, "Garaýol (150)"},
		{20, "concat(${name})", "top", 0, "A1A2B1"},
		{21, "join(', ', ${name})", "top", 0, "A1, A2, B1"},
		{30, "selected(${issues}, 'heat')", "top", 0, "true"},
		{32, "selected(${harm}, 'water')", "top", 0, "false"},
		{38, "jr:choice-name(selected-at(${issues}, 1), '${issues}')", "top", 0, "Heating"},
		{39, "count(${cell})", "top", 0, "3"},
		{39, "count(${cell})", "cell", 2, "3"},
		{40, "sum(${persons})", "top", 0, "15"},
		{41, "sum(${age})", "top", 0, "0"},
		{42, "sum(${beds})", "top", 0, ""},
		{43, "max(${persons}) - min(${persons})", "top", 0, "2"},
		{44, "count-non-empty(${beds})", "top", 0, "2"},
		{45, "position(..)", "cell", 2, "2"},
		{46, "position(..)", "chk", 2, "1"},
		{47, "position(../..)", "chk", 2, "2"},
		{48, "indexed-repeat(${name}, ${cell}, 3)", "top", 0, "B1"},
		{48, "indexed-repeat(${name}, ${cell}, position(..) - 1)", "cell", 2, "A1"},
		{49, "indexed-repeat(${name}, ${cell}, 9)", "top", 0, ""},
		{50, "sum(${cell}[persons > 4]/area)", "top", 0, "33"},
		{51, "count(${defect})", "top", 0, "3"},
		{51, "count(${defect})", "cell", 1, "2"},
		{51, "count(${defect})", "chk", 2, "0"},
		{52, "${cell}[position() = position(current()/..) - 1]/persons", "cell", 3, "6"},
		{53, "today() - ${visit_date}", "top", 0, "3"},
		{56, "${persons} = 6", "top", 0, "true"},
		{56, "${persons} = 6", "cell", 1, "false"},
		{57, "${persons} != 6", "top", 0, "true"},
		{58, "format-date(${visit_date}, '%a %e %b %Y')", "top", 0, "Fri 20 Nov 2026"},
		{59, "pulldata('places', 'label', 'name', 'p2')", "top", 0, "Bedre"},
		{60, "sum(instance('places')/root/item[region = 'north']/population)", "top", 0, "380"},
		{0, "count(${cell}[defect/grade >= 2])", "top", 0, "1"},
		{0, "not(${persons} = 6)", "top", 0, "false"},
		{0, "if(${held_women}, 'a', 'b')", "top", 0, "b"},
		{0, "${name}", "chk", 3, "B1"},
		{0, "/data/held + 1", "cell", 1, "151"},
		{0, "../persons * 2", "cell", 2, "12"},
		{0, "current()/../../persons * 2", "chk", 2, "12"},
	} {
		t.Run(fmt.Sprint(c.number, " ", c.expression, " in ", c.where), func(t *testing.T) {
			x, cells := example(t, map[string]string{c.where: c.expression})
			key := "result"
			if c.cell > 0 {
				key += "/" + cells[c.cell-1]
			}
			x.wants(t, key, c.want)
		})
	}
}

// Example 33: a constraint reads the answer that is being given.
func TestAConstraintReadsTheAnswer(t *testing.T) {
	x := filling(t, []row{{"select_multiple l", "a", "constraint", "not(selected(., 'none') and count-selected(.) > 1)"}}, choiceRow{"l", "none"}, choiceRow{"l", "water"})
	x.set(t, "a", "none water")
	if !x.get(t, "a").Broken {
		t.Error("the constraint holds")
	}
	x.set(t, "a", "none")
	if x.get(t, "a").Broken {
		t.Error("the constraint is broken")
	}
}

// Example 52 as the default that it is: a new turn begins with the answer of the last.
func TestADefaultFromTheTurnBefore(t *testing.T) {
	x := filling(t, []row{{"begin_repeat", "cell"}, {"integer", "persons", "default", "${cell}[position() = position(current()/..) - 1]/persons"}, {"end"}})
	a := x.add(t, "cell", "")
	x.wants(t, "persons/"+a, "")
	x.set(t, "persons/"+a, "6")
	b := x.add(t, "cell", "")
	x.set(t, "persons/"+a, "7")
	x.wants(t, "persons/"+b, "6")
}
