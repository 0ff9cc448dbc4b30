package fold

import (
	"bytes"
	"slices"
)

// vector is a version vector: per writer the highest seq that is covered,
// sorted by writer.
type vector []Dot

func compareWriters(d Dot, w WriterID) int { return bytes.Compare(d.Writer[:], w[:]) }

func (v vector) of(w WriterID) Seq {
	if i, ok := slices.BinarySearchFunc(v, w, compareWriters); ok {
		return v[i].Seq
	}
	return 0
}

func (v vector) covers(d Dot) bool { return d.Seq <= v.of(d.Writer) }

// add covers d and everything of its writer before it.
func (v *vector) add(d Dot) {
	i, ok := slices.BinarySearchFunc(*v, d.Writer, compareWriters)
	switch {
	case d.Seq == 0:
	case !ok:
		*v = slices.Insert(*v, i, d)
	default:
		(*v)[i].Seq = max((*v)[i].Seq, d.Seq)
	}
}

// rename moves what is covered of from beyond above to the writer to.
func (v *vector) rename(from WriterID, above Seq, to WriterID) {
	i, ok := slices.BinarySearchFunc(*v, from, compareWriters)
	if !ok || (*v)[i].Seq <= above {
		return
	}
	moved := Dot{to, (*v)[i].Seq}
	if (*v)[i].Seq = above; above == 0 {
		*v = slices.Delete(*v, i, i+1)
	}
	v.add(moved)
}

// cell is what one path holds.
type cell struct {
	path    Path
	entries []Entry // the one shown first in front
	context vector  // covers the dots of entries too
	links   []Link  // sorted: superseded, but not known here yet
}

func compareLinks(a, b Link) int { return bytes.Compare(a[:], b[:]) }

func (c *cell) addLink(l Link) {
	if i, ok := slices.BinarySearchFunc(c.links, l, compareLinks); !ok {
		c.links = slices.Insert(c.links, i, l)
	}
}

// learn says which dot an entry has that was so far known by its link only.
func (c *cell) learn(l Link, d Dot) {
	if i, ok := slices.BinarySearchFunc(c.links, l, compareLinks); ok {
		c.links = slices.Delete(c.links, i, i+1)
		c.context.add(d)
		// Whoever named it had seen that it stands over its writer's earlier ones.
		c.entries = slices.DeleteFunc(c.entries, func(e Entry) bool { return e.Writer == d.Writer && e.Seq <= d.Seq })
	}
}

// join merges d into c; see the package comment. d is left as it is.
func (c *cell) join(d *cell) {
	kept := make([]Entry, 0, len(c.entries)+len(d.entries))
	for _, e := range c.entries {
		if i := indexOf(d.entries, e.Dot); i >= 0 {
			kept = append(kept, both(e, d.entries[i]))
		} else if !d.context.covers(e.Dot) {
			kept = append(kept, e)
		}
	}
	for _, e := range d.entries {
		if !c.context.covers(e.Dot) && indexOf(c.entries, e.Dot) < 0 {
			kept = append(kept, e)
		}
	}
	c.entries = kept
	for _, dot := range d.context {
		c.context.add(dot)
	}
	for _, l := range d.links {
		c.addLink(l)
	}
	c.sort()
}

func (c *cell) sort() {
	if len(c.entries) < 2 {
		return
	}
	slices.SortFunc(c.entries, func(a, b Entry) int {
		if a.Before(b) {
			return -1
		}
		return 1
	})
}

func indexOf(entries []Entry, d Dot) int {
	return slices.IndexFunc(entries, func(e Entry) bool { return e.Dot == d })
}

// both is one entry that came twice. A writer that amends what it has shown, or
// a server that marks it, must not make the order of arrival matter.
func both(a, b Entry) Entry {
	if bytes.Compare(b.Value, a.Value) > 0 {
		a.Value = b.Value
	}
	a.Time = max(a.Time, b.Time)
	a.Suspect = a.Suspect || b.Suspect
	return a
}

// shown is the entry whose value the record shows, nil for none.
func (c *cell) shown() *Entry {
	if len(c.entries) == 0 || len(c.entries[0].Value) == 0 {
		return nil
	}
	return &c.entries[0]
}

// distinct reports whether there is more than one value.
func (c *cell) distinct() bool {
	return len(c.entries) > 1 && slices.ContainsFunc(c.entries[1:], func(e Entry) bool {
		return !bytes.Equal(e.Value, c.entries[0].Value)
	})
}

// beyond lists what the context covers besides the dots of the entries.
func (c *cell) beyond() (out []Dot) {
	for _, d := range c.context {
		if indexOf(c.entries, d) < 0 {
			out = append(out, d)
		}
	}
	return out
}

func (c *cell) empty() bool {
	return len(c.entries) == 0 && len(c.context) == 0 && len(c.links) == 0
}

func (c *cell) clone() *cell {
	return &cell{c.path, slices.Clone(c.entries), slices.Clone(c.context), slices.Clone(c.links)}
}
