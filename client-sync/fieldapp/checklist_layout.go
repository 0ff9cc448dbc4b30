package fieldapp

import (
	"slices"

	"github.com/daylight-npm/daylight/client-sync/forms"
)

// A checklist is filled chapter by chapter: a section of the form, or one turn of a repeat.
// A long chapter is cut into leaves, each a page. Where it is cut follows from the form
// alone, so that a page stays what it is while answers make questions come and go.

// chapter is a section, or one turn of a repeat, as far as it stands on pages now.
type chapter struct {
	// turn is its id; empty for a section.
	turn  string
	label forms.Text
	// depth is 0 for sections, 1 for the turns in them, and so on.
	depth  int
	leaves []*leaf
}

// leaf is one page.
type leaf struct {
	of    *chapter
	items []forms.Item
}

// key names a leaf: the first that stands on it.
func (l *leaf) key() forms.Key { return l.items[0].Key }

// mostOnLeaf is how many questions stand on one page.
const mostOnLeaf = 8

// layout is a response as pages.
type layout struct {
	chapters []*chapter
	leaves   []*leaf
}

// layOut lays a response out. Chapters without anything to show are left out.
func layOut(x *forms.Filling) *layout {
	cut, head := cuts(x.Form())
	var out layout
	type at struct {
		q    *forms.Question
		turn string
	}
	chapters := map[at]*chapter{}
	leaves := map[*chapter]map[int]*leaf{}
	for _, it := range x.Items() {
		where := at{turn: it.Key.Turn}
		if where.turn == "" {
			where.q = head[it.Question]
		}
		c := chapters[where]
		if c == nil {
			c = &chapter{turn: where.turn, label: it.Label}
			if where.q != nil && where.q.Parent == nil && !where.q.Group() && !where.q.IsRepeat() {
				c.label = x.Form().Title(x.Language())
			}
			for up := it.Question; where.turn != "" && up != nil; up = up.Parent {
				if up.IsRepeat() {
					c.depth++
				}
			}
			chapters[where], leaves[c] = c, map[int]*leaf{}
			out.chapters = append(out.chapters, c)
		}
		if it.Kind == forms.ItemTurn || it.Kind == forms.ItemGroup && it.Question.Parent == nil {
			continue
		}
		n := cut[it.Question]
		l := leaves[c][n]
		if l == nil {
			l = &leaf{of: c}
			leaves[c][n] = l
			c.leaves = append(c.leaves, l)
		}
		l.items = append(l.items, it)
	}
	out.chapters = slices.DeleteFunc(out.chapters, func(c *chapter) bool { return !c.shows() })
	for _, c := range out.chapters {
		c.leaves = slices.DeleteFunc(c.leaves, func(l *leaf) bool { return !l.shows() })
		out.leaves = append(out.leaves, c.leaves...)
	}
	return &out
}

// shows reports whether there is more on it than headings.
func (l *leaf) shows() bool {
	return slices.ContainsFunc(l.items, func(it forms.Item) bool { return it.Kind != forms.ItemGroup })
}

func (c *chapter) shows() bool { return slices.ContainsFunc(c.leaves, (*leaf).shows) }

// cuts says on which leaf of its chapter each row of a form stands, and under which row at
// the top. Rows at the top that are in no group stand together under the first of them.
func cuts(f *forms.Form) (cut map[*forms.Question]int, head map[*forms.Question]*forms.Question) {
	cut, head = map[*forms.Question]int{}, map[*forms.Question]*forms.Question{}
	var loose []*forms.Question
	for _, q := range f.Sections() {
		if q.Group() || q.IsRepeat() {
			cutLevel(cut, head, q, []*forms.Question{q})
			loose = nil
			continue
		}
		loose = append(loose, q)
		cutLevel(cut, head, loose[0], loose)
	}
	return cut, head
}

// cutLevel cuts the rows of one level, and each repeat in it as a level of its own.
func cutLevel(cut map[*forms.Question]int, head map[*forms.Question]*forms.Question, top *forms.Question, rows []*forms.Question) {
	var level []*forms.Question
	var down func(q *forms.Question)
	down = func(q *forms.Question) {
		head[q] = top
		level = append(level, q)
		if q.IsRepeat() {
			cutLevel(cut, head, top, q.Children)
			head[q] = top
			return
		}
		for _, k := range q.Children {
			down(k)
		}
	}
	for _, q := range rows {
		down(q)
	}
	asked := 0
	for _, q := range level {
		if q.Answerable() {
			asked++
		}
	}
	pages := max(1, (asked+mostOnLeaf-1)/mostOnLeaf)
	each := max(1, (asked+pages-1)/pages)
	n := 0
	for i, q := range level {
		cut[q] = n / each
		if q.Answerable() {
			n++
		} else if q.Group() && n < asked && i+1 < len(level) {
			cut[q] = n / each // a heading stands with what follows it
		} else if n > 0 {
			cut[q] = (n - 1) / each // notes and repeats stand with what is before them
		}
	}
}

// find gives the leaf on which a key stands, or that is nearest to it; nil where there are
// none at all.
func (l *layout) find(k forms.Key) *leaf {
	var near *leaf
	for _, p := range l.leaves {
		for _, it := range p.items {
			if it.Key == k {
				return p
			}
		}
		if near == nil && k.Turn != "" && p.of.turn == k.Turn {
			near = p
		}
	}
	if near == nil && len(l.leaves) > 0 {
		near = l.leaves[0]
	}
	return near
}

// beside gives the leaf before or after one; nil at the ends.
func (l *layout) beside(p *leaf, step int) *leaf {
	i := slices.Index(l.leaves, p) + step
	if i < 0 || i >= len(l.leaves) {
		return nil
	}
	return l.leaves[i]
}

// isAsked reports whether a person is to answer an item.
func isAsked(it forms.Item) bool {
	return it.Kind == forms.ItemQuestion && it.Question.Answerable() && !it.ReadOnly
}

// tally says how far some items are.
func tally(items ...forms.Item) (c forms.Count) {
	for _, it := range items {
		if !isAsked(it) {
			continue
		}
		c.Asked++
		if it.Done {
			c.Done++
		} else if it.Missing {
			c.Missing++
		}
		if len(it.Contested) > 0 {
			c.Contested++
		}
		if it.Broken {
			c.Broken++
		}
	}
	return c
}

// count says how far a chapter is.
func (c *chapter) count() forms.Count {
	var all []forms.Item
	for _, l := range c.leaves {
		all = append(all, l.items...)
	}
	return tally(all...)
}

// begin is where a chapter is gone on with: its first leaf with something open.
func (c *chapter) begin() *leaf {
	for _, l := range c.leaves {
		if n := tally(l.items...); n.Open() > 0 || n.Contested > 0 {
			return l
		}
	}
	return c.leaves[0]
}
