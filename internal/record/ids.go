package record

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// FillIDs gives an id to the record and to each keyed element that has none.
// newID gives a fresh one of a record of the kind, or of an element in it, each time:
// a UUID v7, or v4 where the kind is Undated.
func FillIDs(msg Message, newID func(Kind) ID) error {
	p, err := planOf(msg)
	if err != nil {
		return err
	}
	fresh := func() ID { return newID(p.kind) }
	m := msg.ProtoReflect()
	fillID(m, m.Descriptor().Fields().ByNumber(1), fresh)
	for _, f := range p.fields {
		if f.Rule != Keyed || !f.Descriptor.IsList() || !m.Has(f.Descriptor) {
			continue
		}
		key := f.keyDescriptor()
		if key == nil || optionsOf(key).GetFormat() != daylightv1.Format_FORMAT_UUID {
			continue
		}
		l := m.Mutable(f.Descriptor).List()
		for i := range l.Len() {
			fillID(l.Get(i).Message(), key, fresh)
		}
	}
	return nil
}

func fillID(m protoreflect.Message, fd protoreflect.FieldDescriptor, fresh func() ID) {
	if m.IsValid() && m.Get(fd).String() == "" {
		m.Set(fd, protoreflect.ValueOfString(fresh().String()))
	}
}

// Reference is one id of another record that a message holds.
type Reference struct {
	// Field is the field's name, with its place in a list: contradicts[1].
	Field string
	Kind  Kind
	ID    ID
}

// References lists what a message refers to, in the order of its fields. What is
// not an id is left out; Validate speaks of it.
func References(msg Message) (out []Reference) {
	p, err := planOf(msg)
	if err != nil {
		return nil
	}
	m := msg.ProtoReflect()
	for _, f := range p.fields {
		if f.Refers == 0 || !m.Has(f.Descriptor) {
			continue
		}
		if !f.Descriptor.IsList() {
			out = appendReference(out, f.Name, f.Refers, m.Get(f.Descriptor).String())
			continue
		}
		l := m.Get(f.Descriptor).List()
		for i := range l.Len() {
			out = appendReference(out, fmt.Sprintf("%s[%d]", f.Name, i+1), f.Refers, l.Get(i).String())
		}
	}
	return out
}

func appendReference(out []Reference, name string, kind Kind, s string) []Reference {
	if id, err := ParseID(s); err == nil {
		out = append(out, Reference{name, kind, id})
	}
	return out
}
