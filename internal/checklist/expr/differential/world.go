package main

import (
	"time"

	"github.com/daylight-npm/daylight/internal/checklist/expr"
)

// A world is a record as expressions see it.
type world struct {
	root  *Node // x, which holds data and places
	clock time.Time
}

// Name, Kind, Parent, Children and Text are an expr.Node's.
func (n *Node) Name() string { return n.Named }

// Kind is told by the names that are repeats.
func (n *Node) Kind() expr.Kind {
	switch {
	case repeats[n.Named] || n.Named == "item":
		return expr.Turn
	case len(n.Within) > 0:
		return expr.Group
	}
	return expr.Answer
}

// Parent is nil for the roots of the record and of the file.
func (n *Node) Parent() expr.Node {
	if n.parent == nil || n.Named == "data" || n.Named == "root" {
		return nil
	}
	return n.parent
}

// Children are the nodes within.
func (n *Node) Children() (all []expr.Node) {
	for _, c := range n.Within {
		all = append(all, c)
	}
	return all
}

// Text is the answer.
func (n *Node) Text() string { return n.Value }

// Find takes the nodes of that name under the innermost instance that it shares with from.
func (w *world) Find(name string, from expr.Node) (nodes []expr.Node, one bool) {
	base, shared := w.root.Within[0], 0
	above := ancestors[name]
	for n := from.(*Node); n != nil; n = n.parent {
		for i, repeat := range above {
			if n.Named == repeat && repeats[repeat] && i+1 > shared {
				base, shared = n, i+1
			}
		}
	}
	one = !repeats[name]
	for _, left := range above[shared:] {
		one = one && !repeats[left]
	}
	return under(base, above[shared:], name), one
}

// under are the nodes of the name below base, by the groups and repeats that it stands in.
func under(base *Node, path []string, name string) (nodes []expr.Node) {
	step := name
	if len(path) > 0 {
		step = path[0]
	}
	for _, c := range base.Within {
		switch {
		case c.Named != step:
		case len(path) > 0:
			nodes = append(nodes, under(c, path[1:], name)...)
		default:
			nodes = append(nodes, c)
		}
	}
	return nodes
}

// All are the nodes of the name wherever they stand.
func (w *world) All(name string) []expr.Node {
	return under(w.root.Within[0], ancestors[name], name)
}

// Instance is the attached file.
func (w *world) Instance(id string) expr.Node {
	if id != "places" {
		return nil
	}
	return w.root.Within[1].Within[0]
}

// LastSaved is empty: there was no record before.
func (w *world) LastSaved(string) string { return "" }

// ChoiceName is empty: the oracle knows no labels.
func (w *world) ChoiceName(string, expr.Node, string) string { return "" }

// Language is the one that the oracle writes months in.
func (w *world) Language() string { return "en" }

// Now is the record's clock.
func (w *world) Now() time.Time { return w.clock }

// Random is always the same: no expression asks for it.
func (w *world) Random() float64 { return 0.25 }
