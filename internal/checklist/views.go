package checklist

import (
	"slices"
	"strconv"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// What only a page or a report asks of a question is evaluated when they ask, and kept
// until something that it read changes.

type viewName uint8

const (
	constraintView viewName = iota
	requiredView
	readOnlyView
	filterView
	suggestView
	viewCount
)

// view is the cell of one of them; nil where the form has no expression.
func (n *node) view(v viewName) *cell {
	var f *formula
	k := truthOf
	switch r := &n.q.rules; v {
	case constraintView:
		f = r.constraint
	case requiredView:
		f = r.required
	case readOnlyView:
		f = r.readOnly
	case filterView:
		f, k = r.filter, picksOf
	case suggestView:
		f = r.suggest
	}
	if f == nil {
		return nil
	}
	if n.views == nil {
		n.views = new([viewCount]*cell)
	}
	if n.views[v] == nil {
		n.views[v] = &cell{n: n, f: f, kind: k}
	}
	return n.views[v]
}

// holds is a view's truth; without an expression it is otherwise.
func (n *node) holds(v viewName, otherwise bool) bool {
	if c := n.view(v); c != nil {
		return n.x.ensure(c).truth
	}
	return otherwise
}

// says is what is stored of it, or what was calculated, and why there is none.
func (n *node) says() (string, daylightv1.AnswerState) {
	value := n.answer.GetValue()
	if n.q.derived() || n.q.rules.once && value == "" {
		return n.text(), 0
	}
	return value, n.answer.GetState()
}

// position is a turn's place in its repeat, from 1.
func (n *node) position() int { return slices.Index(n.up.kids, n) + 1 }

// asked reports whether a person is to answer it: what is read only is not asked.
func (n *node) asked() bool { return n.isField() && n.q.Answerable() && !n.readOnly() }

// done: an answer, or a state that says why there is none.
func (n *node) done() bool { return n.answer.GetValue() != "" || n.answer.GetState() > answered }

func (n *node) readOnly() bool { return n.q.Computed || n.holds(readOnlyView, false) }

// required: the form wants an answer, or wants to know why there is none.
func (n *node) required() bool {
	if n.holds(requiredView, false) {
		return true
	}
	for _, q := range n.q.explained {
		all, _ := n.x.find(q, n)
		for _, k := range all {
			if k.holds(requiredView, false) && (n.done() || k.visible()) {
				return true
			}
		}
	}
	return false
}

func (n *node) missing() bool { return n.asked() && !n.done() && n.required() }

// broken: there is a value, and the form's constraint does not hold of it.
func (n *node) broken() bool {
	if n.text() == "" || n.answer.GetState() > answered {
		return false
	}
	return n.outOfRange() || !n.holds(constraintView, true)
}

// outOfRange reports whether a number lies beyond what a range goes from and to.
func (n *node) outOfRange() bool {
	if n.q.Type != TypeRange {
		return false
	}
	v, err := strconv.ParseFloat(n.text(), 64)
	if err != nil {
		return false
	}
	start, hasStart := n.q.number("start")
	end, hasEnd := n.q.number("end")
	return hasStart && v < min(start, end) && hasEnd || hasStart && !hasEnd && v < start || hasEnd && v > max(start, end)
}

// suggests: the form's own expression suggests a finding.
func (n *node) suggests() bool { return n.visible() && n.holds(suggestView, false) }
