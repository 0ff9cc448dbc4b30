package expr

import (
	"math"
	"slices"
)

func callCount(m *machine, c *call) (Value, error) {
	nodes, err := m.nodesAt(c, 0)
	return numberValue(float64(len(nodes))), err
}

func callCountNonEmpty(m *machine, c *call) (Value, error) {
	nodes, err := m.nodesAt(c, 0)
	if err != nil {
		return Value{}, err
	}
	n := 0.0
	for _, node := range nodes {
		s := nodeText(node)
		if s != "" {
			n++
		}
		if err := m.spend(1 + len(s)/16); err != nil {
			return Value{}, err
		}
	}
	return numberValue(n), nil
}

func callPosition(m *machine, c *call) (Value, error) {
	if len(c.args) == 0 {
		switch {
		case m.position > 0:
			return numberValue(float64(m.position)), nil
		case m.context != nil && m.context != m.bearer:
			at, err := m.place(m.context) // a choice_filter asks about one row
			return numberValue(float64(at)), err
		}
		return numberValue(1), nil
	}
	nodes, err := m.nodesAt(c, 0)
	if err != nil {
		return Value{}, err
	}
	switch {
	case len(nodes) == 0:
		return numberValue(math.NaN()), nil
	case len(nodes) > 1:
		return Value{}, c.failure("needs one repeat instance, not several: write position(..)")
	}
	at, err := m.place(nodes[0])
	return numberValue(float64(at)), err
}

func callLast(m *machine, _ *call) (Value, error) { return numberValue(float64(max(m.size, 1))), nil }

func callCurrent(m *machine, _ *call) (Value, error) {
	return Value{kind: Nodes, nodes: m.here(m.bearer), one: true}, nil
}

func callInstance(m *machine, c *call) (Value, error) {
	id, err := m.textOf(c, 0)
	if err != nil {
		return Value{}, err
	}
	root := m.world.Instance(listName(id))
	if root == nil {
		return nodesValue(nil), nil
	}
	return nodesValue([]Node{document{root}}), nil
}

// callPulldata looks a value up: the first row whose column has the key.
func callPulldata(m *machine, c *call) (Value, error) {
	var words [4]string
	for i := range words {
		var err error
		if words[i], err = m.textOf(c, i); err != nil {
			return Value{}, err
		}
	}
	root := m.world.Instance(listName(words[0]))
	if root == nil {
		m.remark(c, "the list or file is not there")
		return textValue(""), nil
	}
	for _, row := range root.Children() {
		columns := row.Children()
		if err := m.spend(1 + len(columns)/8); err != nil {
			return Value{}, err
		}
		if column(columns, words[2]) == words[3] && words[3] != "" {
			s := column(columns, words[1])
			return textValue(s), m.spendText(len(s))
		}
	}
	return textValue(""), nil
}

func column(columns []Node, name string) string {
	for _, c := range columns {
		if c.Name() == name {
			return nodeText(c)
		}
	}
	return ""
}

// callIndexedRepeat narrows the instances of each repeat to those with the index that
// stand in an instance of the repeat before, and takes the question's node in them.
func callIndexedRepeat(m *machine, c *call) (Value, error) {
	var turns []Node
	for i := 1; i+1 < len(c.args); i += 2 {
		all, err := m.nodesAt(c, i)
		if err != nil {
			return Value{}, err
		}
		index, err := m.numberAt(c, i+1)
		if err != nil {
			return Value{}, err
		}
		if i > 1 {
			if all, err = m.in(all, turns); err != nil {
				return Value{}, err
			}
		}
		if turns, err = m.placed(all, index); err != nil || len(turns) == 0 {
			return textValue(""), err
		}
	}
	all, err := m.nodesAt(c, 0)
	if err != nil {
		return Value{}, err
	}
	if all, err = m.in(all, turns); err != nil {
		return Value{}, err
	}
	s := firstText(all)
	return textValue(s), m.spendText(len(s))
}

// placed keeps the nodes that stand at the index among their brothers. They come in
// document order, so brothers follow each other.
func (m *machine) placed(nodes []Node, index float64) (out []Node, err error) {
	index = math.Trunc(index)
	if err := m.spend(len(nodes)); err != nil {
		return nil, err
	}
	for len(nodes) > 0 {
		run := brothers(nodes)
		if index >= 1 && index <= float64(run) {
			out = append(out, nodes[int(index)-1])
		}
		nodes = nodes[run:]
	}
	return out, nil
}

// in keeps the nodes that stand in one of those above.
func (m *machine) in(nodes, above []Node) (out []Node, err error) {
	for _, n := range nodes {
		depth := 1
		for at := n; at != nil; at = at.Parent() {
			if depth++; slices.Contains(above, at) {
				out = append(out, n)
				break
			}
		}
		if err := m.spend(depth * (1 + len(above)/8)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func callRandomize(m *machine, c *call) (Value, error) {
	nodes, err := m.nodesAt(c, 0)
	if err != nil {
		return Value{}, err
	}
	if err := m.spend(len(nodes)); err != nil {
		return Value{}, err
	}
	draw := m.world.Random
	if len(c.args) == 2 {
		seed, err := m.numberAt(c, 1)
		if err != nil {
			return Value{}, err
		}
		draw = generator(seed)
	}
	out := make([]Node, len(nodes))
	for i, from := range order(len(nodes), draw) {
		out[i] = nodes[from]
	}
	return nodesValue(out), nil
}

// Order is the order in which randomize() with a seed puts n things: the i-th is the
// one that stood at Order(n, seed)[i]. It serves `randomize=true, seed=…` in the
// column parameters.
func Order(n int, seed float64) []int { return order(n, generator(seed)) }

// order is the inside-out shuffle of Fisher and Yates, as the specification names it.
func order(n int, draw func() float64) []int {
	out := make([]int, n)
	for i := range out {
		j := int(draw() * float64(i+1))
		out[i] = out[j]
		out[j] = i
	}
	return out
}

// generator is Park and Miller's, with the multiplier 16807. A seed is cut to an
// integer; one that is no number is 0.
func generator(seed float64) func() float64 {
	const modulus, multiplier = math.MaxInt32, 16807
	if math.IsNaN(seed) || math.IsInf(seed, 0) {
		seed = 0
	}
	state := int64(math.Mod(math.Trunc(seed), modulus))
	if state <= 0 {
		state += modulus - 1
	}
	return func() float64 {
		state = state * multiplier % modulus
		return float64(state-1) / (modulus - 1)
	}
}
