package likeness

import (
	"bytes"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Value is one value that the loser of a merge has: a whole field, or one element.
type Value struct {
	// Field is the field's name in the winner, Key names the element, as
	// record.PathName spells it; empty for a whole field.
	Field, Key string
	// Own is the field of the loser, where that is another: a name in a language in which
	// the winner has another one goes among the former names.
	Own string
}

// String names it as people type it: names, names[ru].
func (v Value) String() string {
	if v.Key == "" {
		return v.Field
	}
	return fmt.Sprintf("%s[%s]", v.Field, v.Key)
}

// Named reports whether a person means the value by a name: its own, that of its field for
// all elements, or all.
func (v Value) Named(name string) bool { return name == "all" || name == v.Field || name == v.String() }

// shared is the first field that is of this kind of record alone. What comes before
// (confidentiality, body, merged_into) is never carried: it is about the record, and
// not about what it records.
const shared = 10

// Carry lists what the loser says and the winner does not: fields that are empty there,
// and elements that are missing there, in the order of the fields. A field in which the
// two differ is not among them, nor is one that is GUARDED or FIXED: a merge decides
// nothing. Both are of one kind; what is not gives nothing.
func Carry(winner, loser record.Message) (out []Value) {
	c, ok := carrying(winner, loser)
	if !ok {
		return nil
	}
	for _, f := range c.fields {
		out = append(out, c.missing(f)...)
	}
	return out
}

// Shared lists what both say alike, in the order of the fields: after a merge is undone,
// what was taken over stays with the winner and is among these.
func Shared(winner, loser record.Message) (out []Value) {
	c, ok := carrying(winner, loser)
	if !ok {
		return nil
	}
	for _, f := range c.fields {
		out = append(out, c.alike(f)...)
	}
	return out
}

// Take puts those values of the loser into the winner that want, asked with each that
// Carry lists, and gives them. Nothing that the winner says is touched.
func Take(winner, loser record.Message, want func(Value) bool) (taken []Value) {
	c, ok := carrying(winner, loser)
	if !ok {
		return nil
	}
	for _, f := range c.fields {
		for _, v := range c.missing(f) {
			if want(v) {
				c.take(f, v)
				taken = append(taken, v)
			}
		}
	}
	return taken
}

// carry is two records of one kind, and the fields that may be carried from one to the
// other.
type carry struct {
	winner, loser protoreflect.Message
	kind          record.Kind
	fields        []record.Field
}

func carrying(winner, loser record.Message) (c carry, ok bool) {
	kind, err := record.KindOf(winner)
	other, err2 := record.KindOf(loser)
	if err != nil || err2 != nil || kind != other || winner.ProtoReflect().Descriptor() != loser.ProtoReflect().Descriptor() {
		return c, false
	}
	c = carry{winner.ProtoReflect(), loser.ProtoReflect(), kind, record.Fields(kind)}
	c.fields = slices.DeleteFunc(c.fields, func(f record.Field) bool {
		return f.Number < shared || f.Rule == record.Guarded || f.Rule == record.Fixed || record.SealedField(kind) == f.Number
	})
	return c, true
}

// element is one element of a field: its key in words, and what it is without its id.
type element struct {
	key   string
	value protoreflect.Value
	bare  []byte
}

func (c carry) missing(f record.Field) (out []Value) {
	fd := f.Descriptor
	if !fd.IsMap() && !fd.IsList() {
		if c.loser.Has(fd) && !c.winner.Has(fd) {
			out = append(out, Value{Field: f.Name})
		}
		return out
	}
	there := elementsOf(c.winner, fd)
	for _, e := range elementsOf(c.loser, fd) {
		switch same := slices.IndexFunc(there, func(x element) bool { return x.key == e.key }); {
		case same >= 0 && fd.IsMap() && f.Name == "names" && !bytes.Equal(there[same].bare, e.bare):
			if !c.named(e.value.String()) {
				out = append(out, Value{Field: formerNames, Key: e.key, Own: f.Name})
			}
		case same < 0 && !slices.ContainsFunc(there, func(x element) bool { return !fd.IsMap() && bytes.Equal(x.bare, e.bare) }):
			out = append(out, Value{Field: f.Name, Key: e.key})
		}
	}
	return out
}

// formerNames is where names of a place go that the winner has otherwise. The schema has
// no other place for a second name.
const formerNames = "former_names"

// named reports whether the winner bears the name already.
func (c carry) named(s string) bool {
	m, ok := c.winner.Interface().(*daylightv1.Facility)
	if !ok {
		return true // only places have a field for it
	}
	for _, n := range m.GetNames() {
		if n == s {
			return true
		}
	}
	return slices.ContainsFunc(m.GetFormerNames(), func(n *daylightv1.FormerName) bool { return n.GetName() == s })
}

func (c carry) alike(f record.Field) (out []Value) {
	fd := f.Descriptor
	if !fd.IsMap() && !fd.IsList() {
		if c.loser.Has(fd) && c.winner.Has(fd) && c.winner.Get(fd).Equal(c.loser.Get(fd)) {
			out = append(out, Value{Field: f.Name})
		}
		return out
	}
	there := elementsOf(c.winner, fd)
	for _, e := range elementsOf(c.loser, fd) {
		if slices.ContainsFunc(there, func(x element) bool { return x.key == e.key && bytes.Equal(x.bare, e.bare) }) {
			out = append(out, Value{Field: f.Name, Key: e.key})
		} else if f.Name == "names" && c.formerly(e.value.String()) {
			out = append(out, Value{Field: formerNames, Key: e.key, Own: f.Name})
		}
	}
	return out
}

func (c carry) formerly(s string) bool {
	m, ok := c.winner.Interface().(*daylightv1.Facility)
	return ok && slices.ContainsFunc(m.GetFormerNames(), func(n *daylightv1.FormerName) bool { return n.GetName() == s })
}

func elementsOf(m protoreflect.Message, fd protoreflect.FieldDescriptor) (out []element) {
	if fd.IsMap() {
		m.Get(fd).Map().Range(func(k protoreflect.MapKey, v protoreflect.Value) bool {
			out = append(out, element{k.String(), v, []byte(v.String())})
			return true
		})
		slices.SortFunc(out, func(x, y element) int { return bytes.Compare([]byte(x.key), []byte(y.key)) })
		return out
	}
	l := m.Get(fd).List()
	for i := range l.Len() {
		out = append(out, elementOf(fd, l.Get(i)))
	}
	return out
}

func elementOf(fd protoreflect.FieldDescriptor, v protoreflect.Value) element {
	if fd.Message() == nil {
		key := v.String()
		if fd.Enum() != nil {
			key = fmt.Sprint(v.Enum())
			if e := fd.Enum().Values().ByNumber(v.Enum()); e != nil {
				key = string(e.Name())
			}
		}
		return element{key, v, []byte(key)}
	}
	first := fd.Message().Fields().ByNumber(1)
	key := v.Message().Get(first).String()
	if first.Enum() != nil {
		if e := first.Enum().Values().ByNumber(v.Message().Get(first).Enum()); e != nil {
			key = string(e.Name())
		}
	}
	bare := proto.Clone(v.Message().Interface())
	if first.Name() == "id" {
		bare.ProtoReflect().Clear(first)
	}
	b, _ := proto.MarshalOptions{Deterministic: true}.Marshal(bare) // what was read a moment ago can be written
	return element{key, v, b}
}

// take puts one value over.
func (c carry) take(f record.Field, v Value) {
	fd := f.Descriptor
	switch {
	case v.Own != "":
		c.alias(v.Key)
	case !fd.IsMap() && !fd.IsList():
		c.winner.Set(fd, clone(fd, c.loser.Get(fd)))
	default:
		c.element(fd, v.Key)
	}
}

func (c carry) element(fd protoreflect.FieldDescriptor, key string) {
	if fd.IsMap() {
		k := protoreflect.ValueOfString(key).MapKey()
		c.winner.Mutable(fd).Map().Set(k, c.loser.Get(fd).Map().Get(k))
		return
	}
	for _, e := range elementsOf(c.loser, fd) {
		if e.key == key {
			c.winner.Mutable(fd).List().Append(clone(fd, e.value))
			return
		}
	}
}

// alias adds the loser's name in a language to the winner's former names. It has no date:
// nobody says that it was given up.
func (c carry) alias(language string) {
	winner, ok := c.winner.Interface().(*daylightv1.Facility)
	loser, ok2 := c.loser.Interface().(*daylightv1.Facility)
	if ok && ok2 {
		winner.FormerNames = append(winner.FormerNames, &daylightv1.FormerName{
			Name: proto.String(loser.GetNames()[language]), Language: proto.String(language),
		})
	}
}

func clone(fd protoreflect.FieldDescriptor, v protoreflect.Value) protoreflect.Value {
	switch {
	case fd.Message() != nil && !fd.IsMap():
		return protoreflect.ValueOfMessage(proto.Clone(v.Message().Interface()).ProtoReflect())
	case fd.Kind() == protoreflect.BytesKind:
		return protoreflect.ValueOfBytes(bytes.Clone(v.Bytes()))
	}
	return v
}
