package expr

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// place is a node of the invented record.
type place struct {
	name     string
	kind     Kind
	parent   *place
	children []Node
	text     string
	hidden   bool // not relevant
}

func (p *place) Name() string     { return p.name }
func (p *place) Kind() Kind       { return p.kind }
func (p *place) Children() []Node { return p.children }

func (p *place) Parent() Node {
	if p.parent == nil {
		return nil
	}
	return p.parent
}

func (p *place) Text() string {
	for at := p; at != nil; at = at.parent {
		if at.hidden {
			return ""
		}
	}
	return p.text
}

// with puts places under p.
func (p *place) with(children ...*place) *place {
	for _, c := range children {
		c.parent = p
		p.children = append(p.children, c)
	}
	return p
}

func answer(name, text string) *place { return &place{name: name, kind: Answer, text: text} }
func group(name string) *place        { return &place{name: name, kind: Group} }
func turn(name string) *place         { return &place{name: name, kind: Turn} }

// country is a World: the record, the lists, and the form's structure.
type country struct {
	root    *place
	lists   map[string]*place
	labels  map[string]string // by language, question and choice
	repeats map[string][]string
	saved   map[string]string
	tongue  string
	clock   time.Time
	draws   []float64
	drawn   int
}

func (w *country) named(under *place, name string) (out []Node) {
	for _, c := range under.children {
		if c.Name() == name {
			out = append(out, c)
		}
		out = append(out, w.named(c.(*place), name)...)
	}
	return out
}

// Find goes up from the asker to the nearest instance that the question stands in, too.
func (w *country) Find(name string, from Node) ([]Node, bool) {
	around := w.repeats[name]
	for at, _ := from.(*place); at != nil; at = at.parent {
		if i := slices.Index(around, at.name); at.kind == Turn && i >= 0 {
			return w.named(at, name), i == len(around)-1 && !w.isRepeat(name)
		}
	}
	return w.named(w.root, name), len(around) == 0 && !w.isRepeat(name)
}

func (w *country) isRepeat(name string) bool {
	return slices.Contains([]string{"cell", "defect", "visitor"}, name)
}

func (w *country) All(name string) []Node { return w.named(w.root, name) }

func (w *country) Instance(id string) Node {
	if l := w.lists[id]; l != nil {
		return l
	}
	return nil
}

func (w *country) LastSaved(name string) string { return w.saved[name] }

func (w *country) ChoiceName(question string, _ Node, value string) string {
	return w.labels[w.tongue+"/"+question+"/"+value]
}

func (w *country) Language() string { return w.tongue }
func (w *country) Now() time.Time   { return w.clock }

func (w *country) Random() float64 {
	w.drawn++
	return w.draws[(w.drawn-1)%len(w.draws)]
}

// garayol is the record of the worked examples: Monday 2026-11-23, 14:30 at UTC+5.
func garayol() *country {
	cell := func(name, persons, area, beds string, grades ...string) *place {
		c := turn("cell").with(answer("name", name), answer("persons", persons), answer("area", area), answer("beds", beds),
			group("chk").with(answer("q", "")))
		for _, g := range grades {
			c.with(turn("defect").with(answer("grade", g)))
		}
		return c
	}
	row := func(name, label, region, population string) *place {
		return turn("item").with(answer("name", name), answer("label", label), answer("region", region), answer("population", population))
	}
	root := group("data").with(
		answer("place", "Garaýol"), answer("code", "TM-0042"),
		answer("capacity", "120"), answer("held", "150"), answer("held_women", ""), answer("over", "false"),
		answer("note_text", "  cell   14  "),
		answer("visit_date", "2026-11-20"), answer("last_visit", "2024-02-29"),
		answer("started", "2026-11-23T06:00:00.000+05:00"), answer("arrival", "09:15:00.000+05:00"),
		answer("issues", "water heat light"), answer("harm", ""), answer("access", "partial"),
		cell("A1", "4", "12.5", "4", "2", "3"), cell("A2", "6", "18", ""), cell("B1", "5", "15", "5", "1"),
	)
	in := map[string][]string{"age": {"visitor"}, "defect": {"cell"}, "grade": {"cell", "defect"}}
	for _, q := range []string{"name", "persons", "area", "beds", "chk", "q"} {
		in[q] = []string{"cell"}
	}
	return &country{
		root: root,
		lists: map[string]*place{"places": group("root").with(
			row("p1", "Alma", "north", "300"), row("p2", "Bedre", "south", "120"), row("p3", "Ceker", "north", "80"))},
		labels: map[string]string{
			"en/issues/water": "Water", "en/issues/heat": "Heating", "en/issues/light": "Light",
			"ru/issues/water": "Вода", "ru/issues/heat": "Отопление", "ru/issues/light": "Свет"},
		repeats: in,
		saved:   map[string]string{"place": "Ceker"},
		tongue:  "en",
		clock:   time.Date(2026, 11, 23, 14, 30, 0, 0, time.FixedZone("", 5*3600)),
		draws:   []float64{0.25},
	}
}

// at finds a node by a path like "cell[2]/chk/q"; "" is the question `place`.
func (w *country) at(path string) *place {
	if path == "" {
		path = "place"
	}
	here := w.root
	for part := range strings.SplitSeq(path, "/") {
		name, index, _ := strings.Cut(strings.TrimSuffix(part, "]"), "[")
		left := 1
		if index != "" {
			left = int(index[0] - '0')
		}
		for _, c := range here.children {
			if c.Name() == name {
				if left--; left == 0 {
					here = c.(*place)
					break
				}
			}
		}
		if left > 0 {
			panic("no place " + path)
		}
	}
	return here
}

// eval compiles and evaluates on a question.
func (w *country) eval(t testing.TB, source, on string) Value {
	t.Helper()
	v, err := compiled(t, source).Eval(Scope{World: w, Node: w.at(on)})
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return v
}

func compiled(t testing.TB, source string) *Expr {
	t.Helper()
	e, err := Compile(source)
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return e
}
