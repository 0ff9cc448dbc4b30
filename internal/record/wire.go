package record

import (
	"crypto/sha256"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/fold"
)

const (
	fieldID      = fold.FieldID
	fieldSeen    = fold.FieldSeen
	fieldRemoved = fold.FieldRemoved
)

// shape is what is known of a message's encoding, with all that it holds.
type shape struct {
	fields map[protowire.Number]fieldShape
}

type fieldShape struct {
	wire protowire.Type
	list bool   // repeated numbers, which a message may hold packed
	sub  *shape // of a message; nil for others
}

// shapeOf reads a descriptor. Messages that hold themselves share one shape.
func shapeOf(md protoreflect.MessageDescriptor) *shape {
	return shapeIn(md, map[protoreflect.FullName]*shape{})
}

func shapeIn(md protoreflect.MessageDescriptor, known map[protoreflect.FullName]*shape) *shape {
	if s := known[md.FullName()]; s != nil {
		return s
	}
	s := &shape{fields: map[protowire.Number]fieldShape{}}
	known[md.FullName()] = s
	all := md.Fields()
	for i := range all.Len() {
		fd := all.Get(i)
		f := fieldShape{wire: wireType(fd.Kind())}
		f.list = fd.IsList() && f.wire != protowire.BytesType
		if fd.Kind() == protoreflect.MessageKind {
			f.sub = shapeIn(fd.Message(), known)
		}
		s.fields[fd.Number()] = f
	}
	return s
}

func wireType(k protoreflect.Kind) protowire.Type {
	switch k {
	case protoreflect.Fixed32Kind, protoreflect.Sfixed32Kind, protoreflect.FloatKind:
		return protowire.Fixed32Type
	case protoreflect.Fixed64Kind, protoreflect.Sfixed64Kind, protoreflect.DoubleKind:
		return protowire.Fixed64Type
	case protoreflect.StringKind, protoreflect.BytesKind, protoreflect.MessageKind:
		return protowire.BytesType
	case protoreflect.GroupKind:
		return protowire.StartGroupType
	}
	return protowire.VarintType
}

// fits reports whether an occurrence is in a form that the field decodes.
func (f fieldShape) fits(typ protowire.Type) bool {
	return typ == f.wire || f.list && typ == protowire.BytesType
}

// strip leaves out, at every depth, what the shape does not know. b is returned as
// it is when there is nothing to leave out or when it is not well formed.
func (s *shape) strip(b []byte) []byte {
	var out []byte
	changed := false
	for at := 0; at < len(b); {
		num, typ, n := protowire.ConsumeTag(b[at:])
		if n < 0 {
			return b
		}
		m := protowire.ConsumeFieldValue(num, typ, b[at+n:])
		if m < 0 {
			return b
		}
		occurrence := b[at : at+n+m]
		kept := s.keep(num, typ, occurrence, n)
		if !changed && len(kept) != len(occurrence) {
			out, changed = append(make([]byte, 0, len(b)), b[:at]...), true
		}
		if changed {
			out = append(out, kept...)
		}
		at += n + m
	}
	if !changed {
		return b
	}
	return out
}

// keep is what is left of one occurrence whose tag takes n bytes.
func (s *shape) keep(num protowire.Number, typ protowire.Type, b []byte, n int) []byte {
	f, ok := s.fields[num]
	if !ok || !f.fits(typ) {
		return nil
	}
	if f.sub == nil || typ != protowire.BytesType {
		return b
	}
	content, _ := protowire.ConsumeBytes(b[n:])
	if kept := f.sub.strip(content); len(kept) != len(content) {
		return protowire.AppendBytes(append([]byte(nil), b[:n]...), kept)
	}
	return b
}

// part is the value of one path.
type part struct {
	path  fold.Path
	value []byte // normalised: as this program writes it, nothing unknown in it
}

var deterministic = proto.MarshalOptions{Deterministic: true}

// parts takes a message apart into its paths, sorted. What the descriptor does
// not know is left out, and so is seen. Elements without a key or with the same
// key are a *Problem.
func (p *plan) parts(m protoreflect.Message) ([]part, error) {
	parts, err := p.scan(m)
	if err != nil {
		return nil, err
	}
	return p.tidy(parts)
}

// scan is parts without the check of keys: of two with one key the first counts.
func (p *plan) scan(m protoreflect.Message) ([]part, error) {
	b, err := deterministic.Marshal(m.Interface())
	if err != nil {
		return nil, err
	}
	out := make([]part, 0, len(p.fields))
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			return nil, protowire.ParseError(n)
		}
		size := protowire.ConsumeFieldValue(num, typ, b[n:])
		if size < 0 {
			return nil, protowire.ParseError(size)
		}
		if f := p.field(int32(num)); f != nil && p.shape.fields[num].fits(typ) {
			out = p.add(out, f, typ, b[:n+size:n+size], n)
		}
		b = b[n+size:]
	}
	slices.SortStableFunc(out, func(a, b part) int { return a.path.Compare(b.path) })
	return out, nil
}

// add appends what one occurrence, whose tag takes n bytes, holds.
func (p *plan) add(out []part, f *Field, typ protowire.Type, b []byte, n int) []part {
	path := fold.Path{Field: f.Number, Element: f.Element()}
	sh := p.shape.fields[protowire.Number(f.Number)]
	switch {
	case f.Rule == Set && sh.list && typ == protowire.BytesType:
		return unpack(out, path, sh.wire, b[n:])
	case f.Rule == Set:
		_, key, _ := fold.KeyOf(b)
		path.Key = string(key)
	case f.Rule == Keyed:
		b = p.shape.keep(protowire.Number(f.Number), typ, b, n)
		key, _, _ := fold.KeyOf(b)
		path.Key = string(key)
	default:
		b = p.shape.keep(protowire.Number(f.Number), typ, b, n)
	}
	return append(out, part{path, b})
}

// unpack writes each value of a packed list as an occurrence of its own.
func unpack(out []part, path fold.Path, wire protowire.Type, packed []byte) []part {
	list, _ := protowire.ConsumeBytes(packed)
	for len(list) > 0 {
		n := protowire.ConsumeFieldValue(protowire.Number(path.Field), wire, list)
		if n < 0 {
			return out
		}
		value := protowire.AppendTag(nil, protowire.Number(path.Field), wire)
		path.Key = string(list[:n])
		out = append(out, part{path, append(value, list[:n]...)})
		list = list[n:]
	}
	return out
}

// tidy checks the keys of sorted parts. A value that is twice in a set is there
// once; two elements with one key, or one without a key, are a problem.
func (p *plan) tidy(parts []part) ([]part, error) {
	out := parts[:0]
	for _, x := range parts {
		if x.path.Element {
			f := p.field(x.path.Field)
			twice := len(out) > 0 && out[len(out)-1].path == x.path
			switch {
			case f.emptyKey(x.path.Key):
				return nil, noKey(f)
			case twice && f.Rule == Set:
				continue
			case twice:
				return nil, fault(f.Name, "one key is there twice", "each element needs a key of its own")
			}
		} else if n := len(out); n > 0 && out[n-1].path == x.path {
			out[n-1].value = append(out[n-1].value, x.value...)
			continue
		}
		out = append(out, x)
	}
	return out, nil
}

// emptyKey reports whether a key says nothing: no bytes, or the number 0.
func (f *Field) emptyKey(key string) bool {
	if key == "" {
		return true
	}
	fd := f.keyDescriptor()
	return fd != nil && wireType(fd.Kind()) == protowire.VarintType && key == "\x00"
}

// keyDescriptor describes the content of the field's keys; nil for a field
// without any.
func (f *Field) keyDescriptor() protoreflect.FieldDescriptor {
	switch {
	case f.Rule == Set:
		return f.Descriptor
	case f.Rule == Keyed && f.Descriptor.Message() != nil:
		return f.Descriptor.Message().Fields().ByNumber(1)
	}
	return nil
}

func noKey(f *Field) *Problem {
	if f.Rule == Set {
		return fault(f.Name, "holds an empty value", "leave it out")
	}
	name := f.Key
	if name == "" {
		name = "key"
	}
	return fault(f.Name, "an element has no "+name, "give it one, or leave the element out")
}

// find looks up a path in sorted parts.
func find(parts []part, path fold.Path) (value []byte) {
	i, ok := slices.BinarySearchFunc(parts, path, func(x part, p fold.Path) int { return x.path.Compare(p) })
	if !ok {
		return nil
	}
	return parts[i].value
}

// normal is a value as this program writes it: decoded, encoded, nothing unknown
// in it. Nil for one that it cannot show.
func (p *plan) normal(path fold.Path, value []byte) []byte {
	if len(value) == 0 || p.field(path.Field) == nil {
		return nil
	}
	m := p.typ.New()
	if (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(value, m.Interface()) != nil {
		return nil
	}
	parts, err := p.scan(m)
	if err != nil {
		return nil
	}
	return find(parts, path)
}

// Hash is the first 8 bytes of the SHA-256 of a value as this program writes it.
type Hash [8]byte

func hashOf(value []byte) (h Hash) {
	sum := sha256.Sum256(value)
	copy(h[:], sum[:])
	return h
}

var emptyHash = hashOf(nil)
