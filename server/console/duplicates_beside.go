package console

import (
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// pairedField is one field, or one entry of it, of two records of a kind.
type pairedField struct {
	name, first, second look.Text
	same                bool
}

// firstOwn is the first field that is of one kind of record alone: those before are about the
// record and not about what it records.
const firstOwn = 10

// besides sets two records side by side, field by field, in the order of their fields; what
// neither says is left out.
func (t *turn) besides(a, b record.Message) (out []pairedField) {
	kind, err := record.KindOf(a)
	if err != nil {
		return nil
	}
	first, second := a.ProtoReflect(), b.ProtoReflect()
	fields := first.Descriptor().Fields()
	for i := range fields.Len() {
		fd := fields.Get(i)
		switch {
		case fd.Number() < firstOwn || !first.Has(fd) && !second.Has(fd):
		case fd.IsMap():
			out = append(out, t.entriesBeside(kind, fd, first, second)...)
		default:
			d := pairedField{name: t.saying().Field(string(fd.Name())), first: t.fieldIn(first, fd), second: t.fieldIn(second, fd)}
			d.same = first.Has(fd) == second.Has(fd) && first.Get(fd).Equal(second.Get(fd))
			out = append(out, d)
		}
	}
	return out
}

// differing are those in which the two differ; where a place came from in a register is not
// among them.
func (t *turn) differing(a, b record.Message) (out []pairedField) {
	registers := t.saying().Field("registers").String()
	for _, d := range t.besides(a, b) {
		if !d.same && d.name.String() != registers {
			out = append(out, d)
		}
	}
	return out
}

func (t *turn) entriesBeside(kind record.Kind, fd protoreflect.FieldDescriptor, first, second protoreflect.Message) (out []pairedField) {
	var keys []string
	for _, m := range []protoreflect.Message{first, second} {
		m.Get(fd).Map().Range(func(k protoreflect.MapKey, _ protoreflect.Value) bool {
			if !slices.Contains(keys, k.String()) {
				keys = append(keys, k.String())
			}
			return true
		})
	}
	slices.Sort(keys)
	for _, k := range keys {
		key := protoreflect.ValueOfString(k).MapKey()
		a, b := first.Get(fd).Map().Get(key), second.Get(fd).Map().Get(key)
		d := pairedField{name: t.saying().Path(kind, string(fd.Name()), k), first: t.nothing(), second: t.nothing()}
		if a.IsValid() {
			d.first = look.Foreign(k, a.String())
		}
		if b.IsValid() {
			d.second = look.Foreign(k, b.String())
		}
		d.same = a.IsValid() && b.IsValid() && a.Equal(b)
		out = append(out, d)
	}
	return out
}

func (t *turn) nothing() look.Text { return look.Soft(t.say("field-edit.no-answer")) }

// fieldIn says what stands in a field.
func (t *turn) fieldIn(m protoreflect.Message, fd protoreflect.FieldDescriptor) look.Text {
	switch {
	case !m.Has(fd):
		return t.nothing()
	case !fd.IsList():
		return t.saying().One(fd, m.Get(fd))
	}
	var lines []look.Text
	for i := range m.Get(fd).List().Len() {
		v := m.Get(fd).List().Get(i)
		if fd.Message() != nil {
			if ref, is := v.Message().Interface().(*daylightv1.RegisterRef); is { // its row is for programs
				lines = append(lines, look.Dotted(look.Code(ref.GetSource()), look.Code(ref.GetCode())))
				continue
			}
		}
		lines = append(lines, t.saying().One(fd, v))
	}
	return look.Lines(lines...)
}
