package checklist

import (
	"github.com/daylight-npm/daylight/internal/checklist/expr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// node is a place in a response: the root, a group, a question, a repeat, a turn of a
// repeat. It is what expressions read.
type node struct {
	x    *Filling
	q    *Question // nil: the root
	up   *node     // of a turn: its repeat; nil: the root
	turn string    // the innermost turn around it, its own for a turn

	// kids are one for each child of the question, in order; of a repeat: its turns.
	kids []*node
	// instance is a turn's element in the response; nil for all else.
	instance *daylightv1.RepeatInstance
	// answer is what the response has for the question.
	answer *daylightv1.Answer

	relevance, value, count *cell
	views                   *[viewCount]*cell

	// readers have read its text; members have read which turns it has.
	readers, members source
	// below caches Children.
	below []expr.Node

	// was is what the last change left it at; touched: it may have changed since.
	was     state
	touched bool
	gone    bool
	// told is the value that triggers knew last; counted: turns were made to count.
	told    string
	counted bool
}

type state struct {
	shown   bool
	text    string
	answers daylightv1.AnswerState
}

func (n *node) isTurn() bool   { return n.instance != nil }
func (n *node) isRepeat() bool { return n.q != nil && n.q.Type == TypeRepeat && n.instance == nil }
func (n *node) isField() bool  { return n.q != nil && n.q.role != contains }

func (n *node) key() Key { return Key{n.q.Name, n.turn} }

// Name is what paths call it.
func (n *node) Name() string {
	if n.q == nil {
		return "data"
	}
	return n.q.Called
}

// Kind is what it is to an expression.
func (n *node) Kind() expr.Kind {
	switch {
	case n.isTurn():
		return expr.Turn
	case n.isField():
		return expr.Answer
	}
	return expr.Group
}

// Parent passes over the repeat: a turn stands in what the repeat stands in.
func (n *node) Parent() expr.Node {
	up := n.up
	if n.isTurn() {
		up = up.up
	}
	if up == nil {
		return nil
	}
	return up
}

// Children are what stands in it, the turns of a repeat in the repeat's place.
func (n *node) Children() []expr.Node {
	if n.isField() || n.isRepeat() {
		return nil
	}
	for _, k := range n.kids {
		if k.isRepeat() {
			n.x.readMembers(k)
		}
	}
	if n.below == nil {
		n.below = make([]expr.Node, 0, len(n.kids))
		for _, k := range n.kids {
			if !k.isRepeat() {
				n.below = append(n.below, k)
				continue
			}
			for _, t := range k.kids {
				n.below = append(n.below, t)
			}
		}
	}
	return n.below
}

// Text is its value to others.
func (n *node) Text() string {
	if !n.isField() {
		return ""
	}
	n.x.readText(n)
	return n.text()
}

// text is the value that others read: empty while it is not relevant.
func (n *node) text() string {
	if !n.isField() || !n.visible() {
		return ""
	}
	switch {
	case n.q.StateOf != nil:
		return n.explained()
	case n.q.Type == TypeEnd:
		return n.x.ended()
	case n.q.rules.calculation != nil && !n.q.stored():
		return n.x.ensure(n.value).text
	case n.q.rules.once && len(n.q.rules.trigger) == 0 && n.answer.GetValue() == "":
		return n.x.ensure(n.value).text
	}
	return n.given()
}

// given is the answer as expressions read it: a state as the choice of that name in a
// list that has them all, else as empty.
func (n *node) given() string {
	if s := n.answer.GetState(); s > answered {
		if n.q.list != nil && n.q.list.states {
			return StateName(s)
		}
		return ""
	}
	return n.answer.GetValue()
}

const answered = daylightv1.AnswerState_ANSWER_STATE_ANSWERED

// explained is the state of the question that it is about.
func (n *node) explained() string {
	all, _ := n.x.find(n.q.StateOf, n)
	if len(all) != 1 {
		return ""
	}
	n.x.readText(all[0])
	if !all[0].visible() {
		return ""
	}
	return StateName(all[0].answer.GetState())
}

// visible reports whether it and all around it are relevant.
func (n *node) visible() bool {
	if n.up != nil && !n.up.visible() {
		return false
	}
	return n.relevance == nil || n.x.ensure(n.relevance).truth
}

// now is the state that the node is in.
func (n *node) now() state {
	s := state{shown: n.visible()}
	if n.isField() && s.shown {
		s.text, s.answers = n.text(), n.answer.GetState()
	}
	return s
}

// each visits the node and all below it, in the order of the form.
func (n *node) each(visit func(*node)) {
	visit(n)
	for _, k := range n.kids {
		k.each(visit)
	}
}

// find gives the nodes of a question as another node sees them: from the innermost thing
// that holds both. One: there can only be one.
func (x *Filling) find(q *Question, from *node) (out []*node, one bool) {
	at := from
	for at.q != nil && (at.isRepeat() || at.isField() || q == at.q || !q.within(at.q)) {
		at = at.up
	}
	var path [MaxDepth + 2]*Question
	steps := 0
	for p := q; p != at.q; p = p.Parent {
		path[steps] = p
		steps++
	}
	out, one = []*node{at}, true
	for i := steps - 1; i >= 0; i-- {
		next := out[:0]
		if len(out) > 1 {
			next = make([]*node, 0, len(out))
		}
		repeats := path[i].Type == TypeRepeat
		for _, n := range out {
			k := n.kids[path[i].slot]
			if !repeats {
				next = append(next, k)
				continue
			}
			x.readMembers(k)
			x.readText(k)
			if k.visible() {
				next = append(next, k.kids...)
			}
		}
		one = one && !repeats
		out = next
	}
	return out, one
}

// everywhere are all nodes of a question.
func (x *Filling) everywhere(q *Question) []*node {
	out, _ := x.find(q, x.root)
	return out
}

// nodesOf makes the nodes of one question below a node.
func (x *Filling) nodesOf(q *Question, up *node) *node {
	n := &node{x: x, q: q, up: up, turn: up.turn}
	if q.rules.relevant != nil {
		n.relevance = &cell{n: n, f: q.rules.relevant, kind: truthOf}
	}
	switch {
	case q.Type == TypeGroup:
		x.fill(n, q.Children)
	case q.Type == TypeRepeat:
		if q.rules.count != nil {
			n.count = &cell{n: n, f: q.rules.count, kind: textOf}
			x.counted = append(x.counted, n)
		}
	default:
		n.answer = x.answers[n.key().String()]
		if q.rules.calculation != nil {
			n.value = &cell{n: n, f: q.rules.calculation, kind: textOf}
		}
		if q.rules.once && len(q.rules.trigger) == 0 {
			x.kept = append(x.kept, n)
		}
		x.fields[n.key()] = n
	}
	return n
}

func (x *Filling) fill(n *node, children []*Question) {
	n.kids = make([]*node, len(children))
	for i, c := range children {
		n.kids[i] = x.nodesOf(c, n)
	}
}
