package expr

// document stands above the root of a record or list, so that a path can name the
// root: /data/q, instance('x')/root/item.
type document struct{ root Node }

func (d document) Name() string     { return "" }
func (d document) Kind() Kind       { return Group }
func (d document) Parent() Node     { return nil }
func (d document) Children() []Node { return []Node{d.root} }
func (d document) Text() string     { return "" }

func (p *path) eval(m *machine) (Value, error) {
	if err := m.spend(1); err != nil {
		return Value{}, err
	}
	if p.self && m.own != nil && m.context == m.bearer {
		return textValue(*m.own), nil
	}
	nodes, plain, err := p.begin(m)
	if err != nil {
		return Value{}, err
	}
	if len(p.own) > 0 {
		plain = false
		if nodes, err = m.choose(nodes, p.own, false); err != nil {
			return Value{}, err
		}
	}
	for i := range p.steps {
		s := &p.steps[i]
		var crossed bool
		if nodes, crossed, err = m.step(nodes, s); err != nil {
			return Value{}, err
		}
		plain = plain && !crossed && len(s.predicates) == 0
	}
	return Value{kind: Nodes, nodes: nodes, one: plain && len(nodes) == 1 && nodes[0].Kind() == Answer}, nil
}

// begin is where a path starts; plain says that it is one place and no choice among several.
func (p *path) begin(m *machine) (nodes []Node, plain bool, err error) {
	switch p.from {
	case fromContext:
		return m.here(m.context), true, nil
	case fromRoot:
		// The record's root, also from inside a list: as Collect reads /data/q there.
		root := m.bearer
		if root == nil {
			return nil, true, nil
		}
		for root.Parent() != nil {
			if err := m.spend(1); err != nil {
				return nil, false, err
			}
			root = root.Parent()
		}
		return []Node{document{root}}, true, nil
	}
	v, err := p.start.eval(m)
	if err != nil {
		return nil, false, err
	}
	if v.kind != Nodes {
		return nil, false, &Failure{At: p.at, Text: "a path goes on from a question or repeat, not from a text or number"}
	}
	return v.nodes, len(v.nodes) == 1 && (v.one || v.nodes[0].Kind() == Group), nil
}

// here is a node as a set; none when nobody bears the expression.
func (m *machine) here(n Node) []Node {
	if n == nil {
		return nil
	}
	return []Node{n}
}

// step goes one step from every node; crossed says that it went into one of several.
func (m *machine) step(from []Node, s *step) (out []Node, crossed bool, err error) {
	switch s.axis {
	case axisChild:
		out, crossed, err = m.children(from, s.name)
	case axisParent:
		out, err = m.parents(from, s.name)
	default:
		out, err = m.these(from, s.name)
	}
	if err != nil || len(s.predicates) == 0 {
		return out, crossed, err
	}
	out, err = m.choose(out, s.predicates, false)
	return out, crossed, err
}

// children are those of that name, or all. Where they stand beside each other, as
// the instances of one repeat do, the slice is a part of the parent's own.
func (m *machine) children(from []Node, name string) (out []Node, crossed bool, err error) {
	for _, n := range from {
		all := n.Children()
		if err := m.spend(1 + len(all)/8); err != nil {
			return nil, false, err
		}
		for i := 0; i < len(all); {
			if name != "" && all[i].Name() != name {
				i++
				continue
			}
			end := i + 1
			for end < len(all) && (name == "" || all[end].Name() == name) {
				end++
			}
			crossed = crossed || end > i+1 || all[i].Kind() == Turn
			if out == nil {
				out = all[i:end:end]
			} else {
				out = append(out, all[i:end]...)
			}
			i = end
		}
	}
	return out, crossed, m.spend(len(out) / 8)
}

func (m *machine) parents(from []Node, name string) ([]Node, error) {
	var out []Node
	for _, n := range from {
		up := n.Parent()
		if up != nil && (name == "" || up.Name() == name) && (len(out) == 0 || out[len(out)-1] != up) {
			out = append(out, up)
		}
	}
	if len(from) < 2 {
		return out, m.spend(1)
	}
	return m.distinct(out)
}

func (m *machine) these(from []Node, name string) ([]Node, error) {
	if name == "" {
		return from, nil
	}
	var out []Node
	for _, n := range from {
		if n.Name() == name {
			out = append(out, n)
		}
	}
	return out, m.spend(len(from))
}

func (f *filter) eval(m *machine) (Value, error) {
	v, err := f.base.eval(m)
	if err != nil {
		return v, err
	}
	if v.kind != Nodes {
		return v, &Failure{At: f.at, Text: "[ ] filters a repeat or a list, not a text or a number"}
	}
	nodes, err := m.choose(v.nodes, f.predicates, true)
	return nodesValue(nodes), err
}

// choose keeps the nodes for which the predicates hold. A number means a place:
// through the whole set, or within each parent.
func (m *machine) choose(nodes []Node, predicates []term, whole bool) ([]Node, error) {
	context, position, size := m.context, m.position, m.size
	defer func() { m.context, m.position, m.size = context, position, size }()
	for _, predicate := range predicates {
		var kept []Node
		for len(nodes) > 0 {
			run := len(nodes)
			if !whole {
				run = brothers(nodes)
			}
			for i, n := range nodes[:run] {
				m.context, m.position, m.size = n, i+1, run
				yes, err := m.holds(predicate)
				if err != nil {
					return nil, err
				}
				if yes {
					kept = append(kept, n)
				}
			}
			nodes = nodes[run:]
		}
		nodes = kept
	}
	return nodes, nil
}

// brothers counts how many nodes at the beginning have one parent.
func brothers(nodes []Node) int {
	parent, n := nodes[0].Parent(), 1
	for n < len(nodes) && nodes[n].Parent() == parent {
		n++
	}
	return n
}

func (m *machine) holds(predicate term) (bool, error) {
	v, err := predicate.eval(m)
	if err != nil {
		return false, err
	}
	if v.kind == Number {
		return v.number == float64(m.position), m.spend(1)
	}
	return v.Bool(), m.spend(1)
}

// place is the place of a node among its brothers of the same name, from 1.
func (m *machine) place(n Node) (int, error) {
	parent := n.Parent()
	if parent == nil {
		return 1, nil
	}
	all := parent.Children()
	if err := m.spend(1 + len(all)/8); err != nil {
		return 0, err
	}
	at, name := 0, n.Name()
	for _, c := range all {
		if c.Name() == name {
			at++
		}
		if c == n {
			return at, nil
		}
	}
	return 1, nil
}
