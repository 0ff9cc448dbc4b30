package fold

import (
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// removal is the value of FieldRemoved read: what the remover saw of the whole
// record.
type removal struct {
	seen  vector
	links []Link // sorted
}

// The field numbers of daylight.v1.Removed and WriterSeq.
const (
	removedSeen  = 1
	removedLinks = 2
	seqWriter    = 1
	seqSeq       = 2
)

// Removal encodes a value of FieldRemoved: everything that was on screen.
func Removal(seen []Dot, links []Link) []byte {
	r := removal{}
	for _, d := range seen {
		r.seen.add(d)
	}
	r.links = slices.Clone(links)
	slices.SortFunc(r.links, compareLinks)
	r.links = slices.Compact(r.links)
	return r.encode()
}

func (r removal) encode() []byte {
	var body []byte
	for _, d := range r.seen {
		var one []byte
		one = protowire.AppendTag(one, seqWriter, protowire.BytesType)
		one = protowire.AppendBytes(one, d.Writer[:])
		one = protowire.AppendTag(one, seqSeq, protowire.VarintType)
		one = protowire.AppendVarint(one, uint64(d.Seq))
		body = protowire.AppendTag(body, removedSeen, protowire.BytesType)
		body = protowire.AppendBytes(body, one)
	}
	for _, l := range r.links {
		body = protowire.AppendTag(body, removedLinks, protowire.BytesType)
		body = protowire.AppendBytes(body, l[:])
	}
	out := protowire.AppendTag(nil, protowire.Number(FieldRemoved), protowire.BytesType)
	return protowire.AppendBytes(out, body)
}

// decodeRemoval reads a value; false for an empty one and for one that is not in
// the form that encode gives.
func decodeRemoval(value []byte) (r removal, ok bool) {
	if len(value) == 0 {
		return r, false
	}
	for num, content := range fieldsOf(value) {
		if num != protowire.Number(FieldRemoved) || content == nil {
			return r, false
		}
		for num, content := range fieldsOf(content) {
			switch {
			case num == removedSeen && content != nil:
				d, ok := decodeWriterSeq(content)
				if !ok {
					return r, false
				}
				r.seen.add(d)
			case num == removedLinks && len(content) == len(Link{}):
				r.links = append(r.links, Link(content))
			}
		}
	}
	slices.SortFunc(r.links, compareLinks)
	r.links = slices.Compact(r.links)
	return r, true
}

func decodeWriterSeq(b []byte) (d Dot, ok bool) {
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			return d, false
		}
		b = b[n:]
		switch {
		case num == seqWriter && typ == protowire.BytesType:
			w, n := protowire.ConsumeBytes(b)
			if n < 0 || len(w) != len(d.Writer) {
				return d, false
			}
			d.Writer = WriterID(w)
			b = b[n:]
		case num == seqSeq && typ == protowire.VarintType:
			v, n := protowire.ConsumeVarint(b)
			if n < 0 {
				return d, false
			}
			d.Seq = Seq(v)
			b = b[n:]
		default:
			n := protowire.ConsumeFieldValue(num, typ, b)
			if n < 0 {
				return d, false
			}
			b = b[n:]
		}
	}
	return d, true
}

// fieldsOf walks the fields of a message; content is nil for one that is not
// length-delimited. A damaged rest ends the walk.
func fieldsOf(b []byte) func(yield func(protowire.Number, []byte) bool) {
	return func(yield func(protowire.Number, []byte) bool) {
		for len(b) > 0 {
			num, typ, n := protowire.ConsumeTag(b)
			if n < 0 {
				return
			}
			m := protowire.ConsumeFieldValue(num, typ, b[n:])
			if m < 0 {
				return
			}
			var content []byte
			if typ == protowire.BytesType {
				content, _ = protowire.ConsumeBytes(b[n:])
				if content == nil {
					content = []byte{}
				}
			}
			if !yield(num, content) {
				return
			}
			b = b[n+m:]
		}
	}
}

// translateRemoved does for a removal what delta does for superseded dots, and
// writes in what the remover's own dots imply. What cannot be read removes
// nothing.
func translateRemoved(at Stamp, value []byte) []byte {
	r, ok := decodeRemoval(value)
	if !ok {
		return nil
	}
	var unknown []Link
	for _, l := range r.links {
		if d, ok := at.resolve(l); ok {
			r.seen.add(d)
		} else {
			unknown = append(unknown, l)
		}
	}
	r.links = unknown
	for _, a := range at.Ancestors {
		r.seen.add(a)
	}
	r.seen.add(at.Dot)
	return r.encode()
}

func learnRemoved(value []byte, l Link, d Dot) []byte {
	r, ok := decodeRemoval(value)
	if !ok {
		return value
	}
	i, ok := slices.BinarySearchFunc(r.links, l, compareLinks)
	if !ok {
		return value
	}
	r.links = slices.Delete(r.links, i, i+1)
	r.seen.add(d)
	return r.encode()
}

func renameRemoved(value []byte, from WriterID, above Seq, to WriterID) []byte {
	r, ok := decodeRemoval(value)
	if !ok {
		return value
	}
	r.seen.rename(from, above, to)
	return r.encode()
}

// RemovalDots are the dots that a value of FieldRemoved names: what its author had seen
// answered.
func RemovalDots(value []byte) []Dot {
	r, _ := decodeRemoval(value)
	return r.seen
}

// removal is the maximum of all removals of the record; empty for none.
func (s *State) removal() vector {
	var all vector
	for _, e := range s.Entries(Path{Field: FieldRemoved}) {
		if r, ok := decodeRemoval(e.Value); ok {
			for _, d := range r.seen {
				all.add(d)
			}
		}
	}
	return all
}

// Removed reports whether somebody who had seen all that the record holds
// removed it.
func (s *State) Removed() bool {
	seen := s.removal()
	if len(seen) == 0 {
		return false
	}
	for _, c := range s.cells {
		if c.path.Field == FieldRemoved {
			continue
		}
		for _, e := range c.entries {
			if !seen.covers(e.Dot) {
				return false
			}
		}
	}
	return true
}
