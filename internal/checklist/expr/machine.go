package expr

import (
	"math"
	"slices"
	"time"
)

// machine is one evaluation.
type machine struct {
	world  World
	bearer Node
	own    *string
	note   func(Note)
	steps  int
	clock  time.Time // set at the first use

	// where paths start, changed inside predicates
	context  Node
	position int // 0: not in a predicate
	size     int
}

// Eval evaluates the expression in the scope. The error is ErrSteps or a *Failure;
// one that names no answer either way.
func (e *Expr) Eval(s Scope) (Value, error) {
	m := &machine{world: s.World, bearer: s.Node, own: s.Own, note: s.Note, steps: DefaultSteps, context: s.Node}
	if s.Item != nil {
		m.context = s.Item
	}
	if s.Steps != nil {
		m.steps = *s.Steps
	}
	v, err := e.top.eval(m)
	if s.Steps != nil {
		*s.Steps = max(m.steps, 0)
	}
	if err != nil {
		return Value{}, err
	}
	return v, nil
}

func (m *machine) spend(n int) error {
	if m.steps -= n; m.steps < 0 {
		return ErrSteps
	}
	return nil
}

// spendText pays for reading or making a text.
func (m *machine) spendText(n int) error { return m.spend(n / 16) }

func (m *machine) now() time.Time {
	if m.clock.IsZero() {
		m.clock = m.world.Now()
	}
	return m.clock
}

func (m *machine) zone() *time.Location { return m.now().Location() }

func (m *machine) text(v Value) (string, error) {
	s := v.Text()
	return s, m.spendText(len(s))
}

func (m *machine) number(v Value) (float64, error) {
	if v.kind == Number || v.kind == Bool {
		return v.numberIn(nil), nil
	}
	s, err := m.text(v)
	return m.parse(s), err
}

// parse is numberOf with the local zone, which is only asked for when it is needed.
func (m *machine) parse(s string) float64 {
	if len(s) < len(dateForm) {
		return numberOf(s, nil)
	}
	return numberOf(s, m.zone())
}

func (l *literal) eval(m *machine) (Value, error) { return l.value, m.spend(1) }

func (r *reference) eval(m *machine) (Value, error) {
	if err := m.spend(1); err != nil {
		return Value{}, err
	}
	switch {
	case r.lastSaved:
		return textValue(m.world.LastSaved(r.name)), nil
	case r.all:
		return nodesValue(m.world.All(r.name)), nil
	}
	nodes, one := m.world.Find(r.name, m.bearer)
	return Value{kind: Nodes, nodes: nodes, one: one}, m.spend(len(nodes) / 8)
}

func (n *negation) eval(m *machine) (Value, error) {
	v, err := n.of.eval(m)
	if err != nil {
		return v, err
	}
	f, err := m.number(v)
	return numberValue(-f), err
}

func (l *logic) eval(m *machine) (Value, error) {
	for _, part := range l.parts {
		v, err := part.eval(m)
		if err != nil {
			return v, err
		}
		if err := m.spend(1); err != nil {
			return v, err
		}
		if v.Bool() == l.or {
			return boolValue(l.or), nil
		}
	}
	return boolValue(!l.or), nil
}

func (b *binary) eval(m *machine) (Value, error) {
	left, err := b.left.eval(m)
	if err != nil {
		return left, err
	}
	right, err := b.right.eval(m)
	if err != nil {
		return right, err
	}
	if err := m.spend(1); err != nil {
		return right, err
	}
	if b.op < opAdd {
		truth, err := m.compare(b.op, left, right)
		return boolValue(truth), err
	}
	x, err := m.number(left)
	if err != nil {
		return left, err
	}
	y, err := m.number(right)
	return numberValue(reckon(b.op, x, y)), err
}

func reckon(op operator, x, y float64) float64 {
	switch op {
	case opAdd:
		return x + y
	case opSubtract:
		return x - y
	case opMultiply:
		return x * y
	case opDivide:
		return x / y
	}
	return math.Mod(x, y)
}

// compare is XPath 1.0, 3.4: a set compares true if any node of it does.
func (m *machine) compare(op operator, left, right Value) (bool, error) {
	left, right = left.scalar(), right.scalar()
	if left.kind == Nodes && right.kind == Bool || left.kind == Bool && right.kind == Nodes {
		left, right = boolValue(left.Bool()), boolValue(right.Bool())
	}
	if left.kind != Nodes && right.kind != Nodes {
		return m.comparePair(op, left, right)
	}
	for i := range left.width() {
		l := left.item(i)
		for j := range right.width() {
			if err := m.spend(1); err != nil {
				return false, err
			}
			if yes, err := m.comparePair(op, l, right.item(j)); yes || err != nil {
				return yes, err
			}
		}
	}
	return false, nil
}

// width is how many values a comparison tries.
func (v Value) width() int {
	if v.kind != Nodes {
		return 1
	}
	return len(v.nodes)
}

// item is the i-th of them.
func (v Value) item(i int) Value {
	if v.kind != Nodes {
		return v
	}
	return textValue(nodeText(v.nodes[i]))
}

func (m *machine) comparePair(op operator, l, r Value) (bool, error) {
	if op == opEqual || op == opUnequal {
		switch {
		case l.kind == Bool || r.kind == Bool:
			return (l.Bool() == r.Bool()) == (op == opEqual), nil
		case l.kind == Text && r.kind == Text:
			return (l.text == r.text) == (op == opEqual), m.spendText(min(len(l.text), len(r.text)))
		}
	}
	x, err := m.number(l)
	if err != nil {
		return false, err
	}
	y, err := m.number(r)
	return compareNumbers(op, x, y), err
}

// compareNumbers takes differences below 1e-12 for none in = and != (ruling R13).
func compareNumbers(op operator, x, y float64) bool {
	switch op {
	case opEqual:
		return x == y || math.Abs(x-y) < 1e-12
	case opUnequal:
		return !(x == y || math.Abs(x-y) < 1e-12)
	case opLess:
		return x < y
	case opLessEqual:
		return x <= y
	case opMore:
		return x > y
	}
	return x >= y
}

func (u *union) eval(m *machine) (Value, error) {
	var all []Node
	for _, part := range u.parts {
		v, err := part.eval(m)
		if err != nil {
			return v, err
		}
		if v.kind != Nodes {
			return v, &Failure{At: u.at, Text: "| joins questions and repeats, not texts or numbers"}
		}
		all = append(all, v.nodes...)
	}
	all, err := m.distinct(all)
	if err != nil {
		return Value{}, err
	}
	return nodesValue(all), m.sortNodes(all)
}

// distinct drops what stands twice, in a slice of its own.
func (m *machine) distinct(nodes []Node) ([]Node, error) {
	if err := m.spend(len(nodes)); err != nil || len(nodes) < 2 {
		return nodes, err
	}
	seen := make(map[Node]bool, len(nodes))
	out := make([]Node, 0, len(nodes))
	for _, n := range nodes {
		if !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out, nil
}

// sortNodes puts nodes into document order.
func (m *machine) sortNodes(nodes []Node) error {
	if len(nodes) < 2 {
		return nil
	}
	places := make(map[Node][]int, len(nodes))
	for _, n := range nodes {
		var place []int
		for at := n; at.Parent() != nil; at = at.Parent() {
			brothers := at.Parent().Children()
			if err := m.spend(1 + len(brothers)/8); err != nil {
				return err
			}
			place = append(place, slices.Index(brothers, at))
		}
		slices.Reverse(place)
		places[n] = place
	}
	slices.SortStableFunc(nodes, func(a, b Node) int { return slices.Compare(places[a], places[b]) })
	return nil
}
