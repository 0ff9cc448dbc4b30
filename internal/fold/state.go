package fold

import (
	"maps"
	"slices"
)

// State is one record folded: what every path holds. The zero State and New are
// a record of which nothing is known.
type State struct {
	cells []*cell // sorted by path
}

// New gives an empty state.
func New() *State { return &State{} }

func comparePath(c *cell, p Path) int { return c.path.Compare(p) }

func (s *State) find(p Path) *cell {
	if i, ok := slices.BinarySearchFunc(s.cells, p, comparePath); ok {
		return s.cells[i]
	}
	return nil
}

func (s *State) at(p Path) *cell {
	i, ok := slices.BinarySearchFunc(s.cells, p, comparePath)
	if !ok {
		s.cells = slices.Insert(s.cells, i, &cell{path: p})
	}
	return s.cells[i]
}

// Apply folds the edits of one change to this record. Applying a change that is
// already folded changes nothing. Values are kept, not copied.
func (s *State) Apply(at Stamp, edits []Edit) {
	s.Learn(at.Link, at.Dot)
	for _, e := range edits {
		if e.Field == FieldSeen {
			continue
		}
		s.at(e.Path).join(delta(at, e))
	}
}

// Learn replaces a link by the dot that its entry turns out to have. Apply does so for
// what it applies; an entry that is not applied may have been named too.
func (s *State) Learn(l Link, d Dot) {
	for _, c := range s.cells {
		if len(c.links) > 0 {
			c.learn(l, d)
		}
	}
	if c := s.find(Path{Field: FieldRemoved}); c != nil {
		for i := range c.entries {
			c.entries[i].Value = learnRemoved(c.entries[i].Value, l, d)
		}
	}
}

// delta is the cell that holds one edit and nothing else. Clearing an element
// leaves only context; clearing a field leaves an empty entry, so that a value
// set at the same time shows as a conflict.
func delta(at Stamp, e Edit) *cell {
	d := &cell{path: e.Path}
	for _, x := range e.Supersedes {
		if !x.ByLink() {
			d.context.add(x.Dot)
		} else if dot, ok := at.resolve(x.Link); ok {
			d.context.add(dot)
		} else {
			d.addLink(x.Link)
		}
	}
	for _, a := range at.Ancestors {
		d.context.add(a)
	}
	d.context.add(at.Dot)
	value := e.Value
	if e.Path == (Path{Field: FieldRemoved}) {
		value = translateRemoved(at, value)
	}
	if len(value) > 0 || !e.Element {
		d.entries = []Entry{{at.Dot, at.Time, at.Suspect, value}}
	}
	return d
}

func (at Stamp) resolve(l Link) (Dot, bool) {
	if at.Resolve == nil {
		return Dot{}, false
	}
	return at.Resolve(l)
}

// Join is the state that knows what a or b knows. It is commutative, associative
// and idempotent. a and b are left as they are.
func Join(a, b *State) *State {
	out := a.Clone()
	for _, c := range b.cells {
		out.at(c.path).join(c)
	}
	return out
}

// Clone is a copy that shares the values' bytes.
func (s *State) Clone() *State {
	out := &State{cells: make([]*cell, len(s.cells))}
	for i, c := range s.cells {
		out.cells[i] = c.clone()
	}
	return out
}

// Rename gives the dots of from beyond above to the writer to: a device has
// learned that its entries are a branch.
func (s *State) Rename(from WriterID, above Seq, to WriterID) {
	for _, c := range s.cells {
		for i, e := range c.entries {
			if e.Writer == from && e.Seq > above {
				c.entries[i].Writer = to
			}
		}
		c.context.rename(from, above, to)
		if c.path.Field == FieldRemoved {
			for i := range c.entries {
				c.entries[i].Value = renameRemoved(c.entries[i].Value, from, above, to)
			}
		}
		c.sort()
	}
}

// Mark sets the server's mark on every entry of the dot.
func (s *State) Mark(d Dot) {
	for _, c := range s.cells {
		if i := indexOf(c.entries, d); i >= 0 {
			c.entries[i].Suspect = true
			c.sort()
		}
	}
}

// Paths lists the paths that have entries, sorted.
func (s *State) Paths() []Path {
	out := make([]Path, 0, len(s.cells))
	for _, c := range s.cells {
		if len(c.entries) > 0 {
			out = append(out, c.path)
		}
	}
	return out
}

// Touched reports whether anybody has written the field, or an element of it, also where
// nothing of that stands any more.
func (s *State) Touched(field int32) bool {
	return slices.ContainsFunc(s.cells, func(c *cell) bool { return c.path.Field == field && !c.empty() })
}

// Entries are the values of a path, the one shown first in front; nil for none.
// An entry with an empty value says that the field was cleared.
func (s *State) Entries(p Path) []Entry {
	if c := s.find(p); c != nil {
		return c.entries
	}
	return nil
}

// Context is what a path knows to be superseded, its entries' own dots included:
// per writer the highest seq, and entries known by their link only.
func (s *State) Context(p Path) (map[WriterID]Seq, []Link) {
	c := s.find(p)
	if c == nil {
		return nil, nil
	}
	return maps.Collect(func(yield func(WriterID, Seq) bool) {
		for _, d := range c.context {
			if !yield(d.Writer, d.Seq) {
				return
			}
		}
	}), c.links
}

// Knows reports whether the path has that dot's value, or knows it to be superseded.
func (s *State) Knows(p Path, d Dot) bool {
	c := s.find(p)
	return c != nil && c.context.covers(d)
}

// Dots calls do for the last dot of each writer that any path has or knows to be
// superseded; for one writer perhaps several times.
func (s *State) Dots(do func(Dot)) {
	for _, c := range s.cells {
		for _, d := range c.context {
			do(d)
		}
	}
	for _, d := range s.removal() {
		do(d)
	}
}

// Conflicts lists the paths that hold more than one distinct value, sorted.
// FieldRemoved is one when the record was removed by somebody who had not seen
// all that it holds.
func (s *State) Conflicts() []Path {
	var out []Path
	for _, c := range s.cells {
		if c.path.Field == FieldRemoved {
			if len(s.removal()) > 0 && !s.Removed() {
				out = append(out, c.path)
			}
		} else if c.distinct() {
			out = append(out, c.path)
		}
	}
	return out
}

// Complete reports whether the change that creates the record has come.
func (s *State) Complete() bool { return s.shown(FieldID) != nil }

// Empty reports whether nothing is known of the record.
func (s *State) Empty() bool {
	return !slices.ContainsFunc(s.cells, func(c *cell) bool { return !c.empty() })
}

func (s *State) shown(field int32) *Entry {
	if c := s.find(Path{Field: field}); c != nil {
		return c.shown()
	}
	return nil
}

// Shown is the record as shown: of each path the value in front, in the order of
// the paths. It decodes as the record's message.
func (s *State) Shown() []byte {
	size := 0
	for _, c := range s.cells {
		if e := c.shown(); e != nil {
			size += len(e.Value)
		}
	}
	out := make([]byte, 0, size)
	for _, c := range s.cells {
		if e := c.shown(); e != nil {
			out = append(out, e.Value...)
		}
	}
	return out
}
