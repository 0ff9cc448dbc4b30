package checklist

import (
	"time"

	"github.com/daylight-npm/daylight/internal/checklist/expr"
)

// kind is what of an expression's value is kept.
type kind uint8

const (
	textOf kind = iota
	truthOf
	picksOf // the places of the choices that a filter lets through
)

// fault is what became of an evaluation that did not end well.
type fault uint8

const (
	fine     fault = iota
	ranAway        // the budget of steps was used up, or it needs itself
	failed         // an error of the expression
	doubtful       // it went on, with a note
)

// cell is one expression of one node, with the value that it had last.
type cell struct {
	n    *node
	f    *formula
	kind kind

	clean, running bool
	// version is counted up at each evaluation: what was read by an older one no longer
	// concerns the cell.
	version uint32
	// clocked: the last evaluation asked for the time.
	clocked bool

	text  string
	truth bool
	picks []int
	fault fault
	why   string

	// reads counts what this evaluation has read one by one; wide are the questions of
	// which it reads so many that all of their nodes concern it.
	reads int
	wide  []*source
	draws *stream
}

// source is who read something.
type source struct {
	readers []reader
	// purge is the length at which readers of older evaluations are dropped.
	purge int
}

type reader struct {
	c       *cell
	version uint32
}

func (r reader) stale() bool { return r.c.version != r.version || r.c.n.gone }

func (s *source) add(c *cell) {
	if k := len(s.readers); k > 0 && s.readers[k-1] == (reader{c, c.version}) {
		return
	}
	if len(s.readers) >= max(s.purge, 8) {
		kept := s.readers[:0]
		for _, r := range s.readers {
			if !r.stale() {
				kept = append(kept, r)
			}
		}
		clear(s.readers[len(kept):])
		s.readers, s.purge = kept, 2*len(kept)
	}
	s.readers = append(s.readers, reader{c, c.version})
}

// narrow is how many nodes an evaluation reads one by one. Whoever reads more, as a sum
// over a thousand turns, is told of every change of the question anywhere: so memory
// grows with the cells and not with their square.
const narrow = 64

func (x *Filling) readText(n *node) {
	if c := x.current; c != nil {
		c.read(&n.readers, &x.wide[n.q.index].readers)
	}
}

func (x *Filling) readMembers(n *node) {
	if c := x.current; c != nil {
		c.read(&n.members, &x.wide[n.q.index].members)
	}
}

func (c *cell) read(one, all *source) {
	if c.reads++; c.reads <= narrow {
		one.add(c)
		return
	}
	for _, s := range c.wide {
		if s == all {
			return
		}
	}
	c.wide = append(c.wide, all)
	all.add(c)
}

// wide are the sources of one question as a whole.
type wide struct{ readers, members source }

// stir marks what has read the source as to be evaluated anew, and what depends on that.
func (x *Filling) stir(s *source) {
	readers := s.readers
	s.readers = nil
	for _, r := range readers {
		if !r.stale() && r.c.clean {
			x.soil(r.c)
		}
	}
	if s.readers == nil {
		clear(readers)
		s.readers = readers[:0]
	}
}

// soil marks a cell, and all that may change with it.
func (x *Filling) soil(c *cell) {
	if !c.clean {
		return
	}
	c.clean = false
	switch c {
	case c.n.relevance:
		c.n.each(x.stirText)
	case c.n.value:
		x.stirText(c.n)
	case c.n.count:
	default:
		x.touch(c.n)
	}
}

// stirText says that the node's text or relevance may have changed.
func (x *Filling) stirText(n *node) {
	x.touch(n)
	x.stir(&n.readers)
	x.stir(&x.wide[n.q.index].readers)
}

// stirMembers says that a repeat has other turns.
func (x *Filling) stirMembers(n *node) {
	x.touch(n)
	n.up.below = nil
	x.stir(&n.members)
	x.stir(&x.wide[n.q.index].members)
}

// stirClock has what asked for the time asked again.
func (x *Filling) stirClock() {
	all := x.clocked
	x.clocked = nil
	for _, c := range all {
		if c.clean && c.clocked && !c.n.gone {
			x.soil(c)
		}
	}
}

func (x *Filling) touch(n *node) {
	if !n.touched {
		n.touched = true
		x.touched = append(x.touched, n)
	}
}

// ensure evaluates the cell if something that it read has changed.
func (x *Filling) ensure(c *cell) *cell {
	if c.clean {
		return c
	}
	if c.running {
		// It needs itself by a way that could not be seen when the form was compiled: all
		// on that way give up, whoever asked first.
		for i := len(x.running) - 1; x.running[i] != c; i-- {
			x.running[i].fault, x.running[i].why = ranAway, "it needs itself"
		}
		c.text, c.truth, c.fault, c.why = "", false, ranAway, "it needs itself"
		return c
	}
	before := x.current
	x.current = c
	c.running, c.version, c.reads, c.wide, c.draws = true, c.version+1, 0, c.wide[:0], nil
	c.clocked, c.fault, c.why = false, fine, ""
	x.running = append(x.running, c)
	x.evaluate(c)
	x.running = x.running[:len(x.running)-1]
	c.clean, c.running = true, false
	x.current = before
	return c
}

func (x *Filling) evaluate(c *cell) {
	if c.kind == picksOf {
		x.pick(c)
		return
	}
	var own *string
	if c == c.n.value {
		given := c.n.given()
		own = &given
	}
	v := x.value(c, nil, own)
	if c.fault == ranAway {
		v = outcome{}
	}
	c.text, c.truth = v.text, v.truth
	if c.kind == truthOf {
		c.text = ""
	}
}

// pick asks the filter of every choice.
func (x *Filling) pick(c *cell) {
	c.picks = c.picks[:0]
	rows := x.rowsOf(c.n.q.list)
	for i, row := range rows.items {
		v := x.value(c, row, nil)
		if c.fault == ranAway {
			c.picks = c.picks[:0]
			return
		}
		if v.truth {
			c.picks = append(c.picks, i)
		}
	}
}

type outcome struct {
	text  string
	truth bool
}

// value evaluates a cell's expression once.
func (x *Filling) value(c *cell, item expr.Node, own *string) outcome {
	if c.f.word != "" {
		return outcome{c.f.word, c.f.word == "true"}
	}
	w := world{x, c}
	v, err := c.f.expr.Eval(expr.Scope{World: w, Node: c.n, Item: item, Own: own, Note: func(n expr.Note) { c.doubt(n) }})
	if err != nil {
		c.fail(err)
		return outcome{}
	}
	if c.kind == textOf {
		return outcome{text: v.Stored()}
	}
	return outcome{truth: v.Bool()}
}

// world is the response as one cell's expression sees it.
type world struct {
	x *Filling
	c *cell
}

// Find resolves a name, from the node that says it.
func (w world) Find(name string, from expr.Node) ([]expr.Node, bool) {
	n, ok := from.(*node)
	if !ok {
		n = w.c.n
	}
	q := w.x.meant(n, name)
	if q == nil {
		return nil, true
	}
	all, one := w.x.find(q, n)
	return asNodes(all), one
}

// All are the nodes of that name, whatever stands around who asks.
func (w world) All(name string) []expr.Node {
	q := w.x.meant(w.c.n, name)
	if q == nil {
		return nil
	}
	return asNodes(w.x.everywhere(q))
}

// Instance is a list of choices or an attached file.
func (w world) Instance(id string) expr.Node {
	if l := w.x.form.lists[id]; l != nil {
		return w.x.rowsOf(l)
	}
	return nil
}

// LastSaved is the answer of the response before this one.
func (w world) LastSaved(name string) string {
	q := w.x.meant(w.c.n, name)
	if q == nil {
		return ""
	}
	return w.x.lastSaved(q)
}

// ChoiceName is the label of a choice in the language shown.
func (w world) ChoiceName(question string, from expr.Node, value string) string {
	n, ok := from.(*node)
	if !ok {
		n = w.c.n
	}
	q := w.x.meant(n, question)
	if q == nil || q.list == nil || q.list.byName[value] == nil {
		return ""
	}
	return q.list.byName[value].in(w.x.form, w.x.language).Label.Text
}

// Language is the language shown.
func (w world) Language() string { return w.x.language }

// Now is the moment of the change that the evaluation follows.
func (w world) Now() time.Time {
	if !w.c.clocked {
		w.c.clocked = true
		w.x.clocked = append(w.x.clocked, w.c)
	}
	return w.x.moment
}

// Random draws from the cell's own stream.
func (w world) Random() float64 {
	if w.c.draws == nil {
		w.c.draws = w.x.stream(w.c)
	}
	return w.c.draws.next()
}

func asNodes(all []*node) []expr.Node {
	out := make([]expr.Node, len(all))
	for i, n := range all {
		out[i] = n
	}
	return out
}

// meant is the question that a name means to a node.
func (x *Filling) meant(n *node, name string) *Question {
	if n.q == nil {
		if all := x.form.byCalled[name]; len(all) == 1 {
			return all[0]
		}
		return nil
	}
	q, _ := x.form.resolve(n.q, name)
	return q
}
