package record

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/fold"
)

// Show decodes a record for a person: of each path the value in front, elements
// in the order of their position field, then of their key, and in seen the token
// of all that the record holds. A record of which nothing is known shows as a
// message that has only its id.
func Show(kind Kind, id ID, s *fold.State, names Naming) (Message, error) {
	m := New(kind)
	if m == nil {
		return nil, fmt.Errorf("%s is not a kind of record that this program knows", kind)
	}
	return m, ShowIn(m, id, s, names)
}

// ShowIn is Show into a message of the caller's, which may be of another version
// of the schema. What it held is dropped.
func ShowIn(m Message, id ID, s *fold.State, names Naming) error {
	p, err := planOf(m)
	if err != nil {
		return err
	}
	r := m.ProtoReflect()
	parts := p.decode(r, s)
	all := r.Descriptor().Fields()
	r.Set(all.ByNumber(protoreflect.FieldNumber(fieldID)), protoreflect.ValueOfString(id.String()))
	r.Set(all.ByNumber(protoreflect.FieldNumber(fieldSeen)), protoreflect.ValueOfBytes(p.token(id, s, parts, names)))
	p.sortElements(r)
	return nil
}

// decode fills m with what the state shows and takes that apart again. A path
// whose value does not decode, which only a newer program's server could have let
// through, is left out: the rest of the record must stay readable.
func (p *plan) decode(m protoreflect.Message, s *fold.State) []part {
	if proto.Unmarshal(s.Shown(), m.Interface()) != nil {
		proto.Reset(m.Interface())
		for _, path := range s.Paths() {
			value := s.Entries(path)[0].Value
			if proto.Unmarshal(value, m.New().Interface()) == nil {
				_ = proto.UnmarshalOptions{Merge: true}.Unmarshal(value, m.Interface())
			}
		}
	}
	parts, err := p.scan(m)
	if err != nil {
		return nil
	}
	return parts
}

// sortElements puts keyed elements in the order that people gave them.
func (p *plan) sortElements(m protoreflect.Message) {
	for _, f := range p.fields {
		if f.order == nil {
			continue
		}
		if l := m.Get(f.Descriptor).List(); l.Len() > 1 {
			sortList(l, f.order, f.keyDescriptor())
		}
	}
}

func sortList(l protoreflect.List, order, key protoreflect.FieldDescriptor) {
	elements := make([]protoreflect.Value, l.Len())
	for i := range elements {
		elements[i] = l.Get(i)
	}
	slices.SortStableFunc(elements, func(a, b protoreflect.Value) int {
		x, y := a.Message(), b.Message()
		if c := comparePosition(x, y, order); c != 0 {
			return c
		}
		return compareKeys(x.Get(key), y.Get(key))
	})
	for i, e := range elements {
		l.Set(i, e)
	}
}

// comparePosition puts elements without a position last.
func comparePosition(x, y protoreflect.Message, order protoreflect.FieldDescriptor) int {
	if a, b := x.Has(order), y.Has(order); a != b {
		if a {
			return -1
		}
		return 1
	}
	a, b := x.Get(order).Interface(), y.Get(order).Interface()
	if a, ok := a.(uint32); ok {
		return cmp.Compare(a, b.(uint32))
	}
	return 0
}

func compareKeys(a, b protoreflect.Value) int {
	return bytes.Compare([]byte(a.String()), []byte(b.String()))
}
