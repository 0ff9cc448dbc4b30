package checklist

import (
	"fmt"
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/internal/checklist/expr"
)

// What the static graph is made of: for every question whether it is relevant, what its
// value is, and which turns it has.
const (
	shownPart = iota
	valuePart
	turnsPart
	parts
)

// need is one edge: a part needs another since an expression in a column reads it.
type need struct {
	part   int
	column string
}

// needs are the edges from every part.
type needs [][]need

func partOf(q *Question, part int) int { return q.index*parts + part }

// findLoops refuses a form in which what is relevant or calculated needs itself.
func (b *builder) findLoops() {
	all := make(needs, len(b.form.questions)*parts)
	for _, q := range b.form.questions {
		b.needsOf(all, q)
	}
	const (
		fresh = iota
		open
		done
	)
	marks := make([]uint8, len(all))
	var path []int
	var walk func(part int) bool
	walk = func(part int) bool {
		marks[part] = open
		path = append(path, part)
		for _, n := range all[part] {
			if marks[n.part] == open {
				b.reportLoop(all, path[slices.Index(path, n.part):])
				return true
			}
			if marks[n.part] == fresh && walk(n.part) {
				return true
			}
		}
		path = path[:len(path)-1]
		marks[part] = done
		return false
	}
	for part := range all {
		if marks[part] == fresh {
			path = path[:0]
			walk(part)
			for _, p := range path {
				marks[p] = done
			}
		}
	}
	if !b.fatal {
		b.findGrowing(all)
	}
}

// findGrowing marks the repeats that are counted by what stands in them, as in "one more
// while the last answer says yes": no circle of values, but one that could grow for ever.
func (b *builder) findGrowing(all needs) {
	for _, q := range b.form.questions {
		for _, to := range b.reads(q, q.rules.count) {
			all[partOf(q, turnsPart)] = append(all[partOf(q, turnsPart)], need{to, "repeat_count"})
		}
	}
	for _, q := range b.form.questions {
		q.growing = q.Counted && reaches(all, partOf(q, turnsPart))
	}
}

// reaches reports whether a part needs itself.
func reaches(all needs, part int) bool {
	seen := map[int]bool{}
	next := []int{part}
	for len(next) > 0 {
		at := next[len(next)-1]
		next = next[:len(next)-1]
		for _, n := range all[at] {
			if n.part == part {
				return true
			}
			if !seen[n.part] {
				seen[n.part] = true
				next = append(next, n.part)
			}
		}
	}
	return false
}

// needsOf adds the edges of one question.
func (b *builder) needsOf(all needs, q *Question) {
	add := func(part int, to int, column string) {
		from := partOf(q, part)
		all[from] = append(all[from], need{to, column})
	}
	add(valuePart, partOf(q, shownPart), "")
	add(turnsPart, partOf(q, shownPart), "")
	if q.Parent != nil {
		add(shownPart, partOf(q.Parent, shownPart), "")
	}
	if q.StateOf != nil {
		add(valuePart, partOf(q.StateOf, shownPart), "state_of")
		return
	}
	for _, to := range b.reads(q, q.rules.relevant) {
		add(shownPart, to, "relevant")
	}
	if len(q.rules.trigger) > 0 {
		for _, t := range q.rules.trigger {
			add(valuePart, partOf(t, valuePart), "trigger")
		}
		return
	}
	for _, to := range b.reads(q, q.rules.calculation) {
		add(valuePart, to, "calculation")
	}
}

// reads are the parts that an expression reads.
func (b *builder) reads(q *Question, f *formula) (out []int) {
	if f == nil || f.expr == nil {
		return nil
	}
	for _, r := range f.expr.References() {
		if to, _ := b.form.resolve(q, r.Name); to != nil && !r.LastSaved && !r.Label {
			out = append(out, reading(q, to, r)...)
		}
	}
	for _, name := range f.expr.Names() {
		// Of several of the name the path alone says which, when it is walked: a circle by
		// such a one is stopped then.
		if all := b.form.byCalled[name]; len(all) == 1 && all[0].role != contains {
			out = append(out, partOf(all[0], valuePart))
		}
	}
	for _, to := range b.anyOf(q, f.expr) {
		out = append(out, partOf(to, valuePart))
	}
	if f.expr.Uses().Self && !(f == q.rules.calculation && q.stored()) && q.role != contains {
		out = append(out, partOf(q, valuePart))
	}
	return out
}

// anyOf are the questions that a * in a path may stand for: all in the groups and repeats
// that the expression names, and, where it walks from its own place, all around that.
func (b *builder) anyOf(q *Question, e *expr.Expr) (out []*Question) {
	uses := e.Uses()
	if !uses.Any {
		return nil
	}
	var from []*Question
	for _, r := range e.References() {
		if to, _ := b.form.resolve(q, r.Name); to != nil && to.role == contains {
			from = append(from, to)
		}
	}
	own := uses.Parent || uses.Current || uses.Root
	for _, to := range b.form.questions {
		if to.role != contains && (own && to.Parent == q.Parent || slices.ContainsFunc(from, to.within)) {
			out = append(out, to)
		}
	}
	return out
}

// reading is what reading one question is: its value, and the turns of the repeats that
// lie between.
func reading(from, to *Question, r expr.Reference) (out []int) {
	if to.role != contains {
		out = append(out, partOf(to, valuePart))
	}
	for p := to; p != nil; p = p.Parent {
		if p.Type == TypeRepeat && (p == to || r.All || !from.within(p)) {
			out = append(out, partOf(p, turnsPart))
		}
	}
	return out
}

// reportLoop prints the circle, from its first question in the order of the form.
func (b *builder) reportLoop(all needs, circle []int) {
	type link struct {
		q      *Question
		column string
	}
	var links []link
	for i, part := range circle {
		next := circle[(i+1)%len(circle)]
		for _, n := range all[part] {
			if n.part == next && n.column != "" {
				links = append(links, link{b.form.questions[part/parts], n.column})
				break
			}
		}
	}
	if len(links) == 0 {
		return
	}
	first := 0
	for i, l := range links {
		if l.q.index < links[first].q.index {
			first = i
		}
	}
	links = append(links[first:], links[:first]...)
	names := make([]string, 0, len(links)+1)
	for _, l := range links {
		names = append(names, fmt.Sprintf("%s (%s)", l.q.Called, l.column))
	}
	names = append(names, links[0].q.Called)
	circleText := strings.Join(names, " → ")
	b.report(Problem{Question: links[0].q.Name, Column: links[0].column, Code: "loop", Fatal: true, Params: map[string]string{"circle": circleText},
		Text: "questions need each other in a circle: " + circleText, Cure: "take one of these references away"})
}
