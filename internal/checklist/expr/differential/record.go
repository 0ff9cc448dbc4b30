package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A Node is an element of the record: a question's answer, a group, an instance of a
// repeat, a row of the attached file or a column of one.
type Node struct {
	Named  string  `json:"n"`
	Value  string  `json:"t,omitempty"`
	Within []*Node `json:"c,omitempty"`

	parent *Node
}

// A Record is the one of EXPRESSIONS.md, part 7, or another with the same questions. Its
// root holds data, the answers, and places, the rows of the attached file.
type Record struct {
	Root *Node `json:"root"`
}

func leaf(name, value string) *Node { return &Node{Named: name, Value: value} }

func element(name string, within ...*Node) *Node { return &Node{Named: name, Within: within} }

// repeats are the names whose elements are instances.
var repeats = map[string]bool{"cell": true, "defect": true, "visitor": true}

// link tells every node what it stands in.
func (n *Node) link() *Node {
	for _, c := range n.Within {
		c.parent = n
		c.link()
	}
	return n
}

// at is the place of an instance among those of its repeat, from 1.
func (n *Node) at() int {
	at := 0
	for _, sibling := range n.parent.Within {
		if sibling.Named == n.Named {
			at++
		}
		if sibling == n {
			break
		}
	}
	return at
}

// path is the node's own in the oracle's document.
func (n *Node) path() string {
	if n.parent == nil {
		return "/" + n.Named
	}
	if repeats[n.Named] {
		return fmt.Sprintf("%s/%s[%d]", n.parent.path(), n.Named, n.at())
	}
	return n.parent.path() + "/" + n.Named
}

// ancestors are the repeats that a question stands in, from the outermost, and the groups.
var ancestors = map[string][]string{
	"name": {"cell"}, "persons": {"cell"}, "area": {"cell"}, "beds": {"cell"}, "chk": {"cell"},
	"q": {"cell", "chk"}, "defect": {"cell"}, "grade": {"cell", "defect"}, "age": {"visitor"},
}

// documented is the record as part 7 writes it.
func documented() *Record {
	cell := func(name, persons, area, beds string, grades ...string) *Node {
		c := element("cell", leaf("name", name), leaf("persons", persons), leaf("area", area), leaf("beds", beds), element("chk", leaf("q", "")))
		for _, g := range grades {
			c.Within = append(c.Within, element("defect", leaf("grade", g)))
		}
		return c
	}
	data := element("data",
		leaf("place", "Garaýol"), leaf("code", "TM-0042"), leaf("capacity", "120"), leaf("held", "150"), leaf("held_women", ""),
		leaf("over", "false"), leaf("note_text", "  cell   14  "), leaf("visit_date", "2026-11-20"), leaf("last_visit", "2024-02-29"),
		leaf("started", "2026-11-23T06:00:00.000+05:00"), leaf("arrival", "09:15:00.000+05:00"), leaf("issues", "water heat light"),
		leaf("harm", ""), leaf("access", "partial"),
		cell("A1", "4", "12.5", "4", "2", "3"), cell("A2", "6", "18", ""), cell("B1", "5", "15", "5", "1"))
	row := func(name, label, region, population string) *Node {
		return element("item", leaf("name", name), leaf("label", label), leaf("region", region), leaf("population", population))
	}
	places := element("places", element("root", row("p1", "Alma", "north", "300"), row("p2", "Bedre", "south", "120"), row("p3", "Ceker", "north", "80")))
	r := &Record{element("x", data, places)}
	r.Root.link()
	return r
}

// What the answers of the other records are drawn from: the edges of each type.
var (
	numbers = strings.Split("|0|1|-1|2|4|7|10|120|150|-3|0.1|0.5|-0.5|2.5|-2.5|1.005|12.50|007|1000000|0.000001|123456789012|-0", "|")
	odd     = strings.Split("abc| 7 |1e3|NaN|Infinity|-Infinity|+5|.5|5.|0x10|1,5|9007199254740993|100000000000000000000000|0.00000012", "|")
	texts   = strings.Split("|Garaýol|TM-0042|no|yes|true|false|0|1|  cell   14  |O'Reilly|a-b-c|Ёлка и ёж|سجن مركزي|abcabc|-|water|partial|tab\there|2026-11-20|42", "|")
	astral  = []string{"🏚 Garaýol", "a😀b😀c", "ok 𝒳"}
	dates   = strings.Split("2026-11-20|2024-02-29|2026-11-23|1969-12-31|1970-01-01|2000-02-29|1987-02-28|2026-12-31|2026-01-01|", "|")
	odddate = strings.Split("2026-02-30|2023-02-29|2026-13-01|2026-00-10|soon|20.11.2026|2026-11-20x", "|")
	moments = strings.Split("2026-11-23T06:00:00.000+05:00|2026-11-20T00:00:00.000+05:00|2024-02-29T23:59:59.999+05:00|1999-12-31T19:00:00.000Z|2026-06-01T12:30:15.250-03:00|", "|")
	times   = strings.Split("09:15:00.000+05:00|00:00:00.000+05:00|23:59:00.000+05:00|12:30:30.000Z|", "|")
	choices = strings.Split("|water|heat|water heat light|light water|none|none water|water  light|hea", "|")
)

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// drawn is a record of its own, with as many instances and the same questions.
func drawn(r *rand.Rand) *Record {
	rec := documented()
	data := rec.Root.Within[0]
	for _, c := range data.Within {
		fill(r, c)
	}
	for range r.IntN(4) {
		data.Within = append(data.Within, element("visitor", leaf("age", draw(r, "age"))))
	}
	rec.Root.link()
	return rec
}

func fill(r *rand.Rand, n *Node) {
	for _, c := range n.Within {
		fill(r, c)
	}
	if len(n.Within) == 0 && !repeats[n.Named] && r.IntN(4) > 0 {
		n.Value = draw(r, n.Named)
	}
}

func draw(r *rand.Rand, name string) string {
	switch name {
	case "capacity", "held", "held_women", "persons", "area", "beds", "grade", "age", "q":
		if r.IntN(8) == 0 {
			return pick(r, odd)
		}
		return pick(r, numbers)
	case "visit_date", "last_visit":
		if r.IntN(8) == 0 {
			return pick(r, odddate)
		}
		return pick(r, dates)
	case "started":
		return pick(r, moments)
	case "arrival":
		return pick(r, times)
	case "issues", "harm":
		return pick(r, choices)
	}
	if r.IntN(16) == 0 {
		return pick(r, astral)
	}
	return pick(r, texts)
}
