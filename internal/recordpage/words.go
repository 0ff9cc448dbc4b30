package recordpage

import (
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Words says records in words.
type Words struct {
	Locale *look.Locale
	// Code is the label of a code, known or not. Values of enums are given by their names.
	Code func(list vocabulary.List, value string) look.Text
	// Named names another record by its kind, as an option refers spells it, and its id.
	Named func(kind, id string) look.Text
}

// Field is what a field is called.
func (w Words) Field(field string) look.Text {
	k := look.Key("field-history.f-" + strings.ReplaceAll(field, "_", "-"))
	if w.Locale.Words().Has(k) {
		return w.Locale.Say(k)
	}
	return look.Code(field)
}

// Kind is what a kind of record is called.
func (w Words) Kind(kind record.Kind) look.Text {
	return w.Locale.Say(look.Key("field-history.k-" + strings.ReplaceAll(kind.String(), "_", "-")))
}

// Path names a field, or one element of it.
func (w Words) Path(kind record.Kind, field, key string) look.Text {
	name := w.Field(field)
	if key == "" {
		return name
	}
	fd := TopField(kind, field)
	if fd == nil {
		return name
	}
	var one look.Text
	switch {
	case fd.IsMap():
		one = look.LanguageName(key)
		if len(one) == 0 {
			one = look.Typed(key)
		}
	case fd.Message() != nil && fd.Message().Fields().ByNumber(1).Enum() != nil:
		one = w.Code(vocabulary.ListOf(fd.Message().Fields().ByNumber(1).Enum()), key)
	case fd.Message() == nil && fd.Enum() != nil:
		one = w.Code(vocabulary.ListOf(fd.Enum()), key)
	case fd.Message() == nil:
		one = w.String(fd, key)
	}
	if len(one) == 0 { // an element whose id says nothing
		return name
	}
	return w.Locale.Say("field-history.of-element", "field", name, "element", one)
}

// Value says a value of a field or element.
func (w Words) Value(kind record.Kind, field, key, value string) look.Text {
	m, fd := Parsed(kind, field, key, value)
	switch {
	case value == "":
		return w.Locale.Say("field-history.nothing")
	case field == "removed":
		return w.Locale.Say("field-history.was-removed")
	case m == nil && record.Sealed(kind) && field == "sealed":
		return w.Locale.Say("field-history.sealed")
	case m == nil:
		return look.Typed(Unquoted(value))
	}
	v := m.ProtoReflect().Get(fd)
	switch {
	case fd.IsMap():
		return look.Foreign(key, v.Map().Get(protoreflect.ValueOfString(key).MapKey()).String())
	case fd.IsList() && v.List().Len() == 1:
		return w.One(fd, v.List().Get(0))
	case fd.IsList():
		return look.Typed(Unquoted(value))
	}
	return w.One(fd, v)
}

// One says one value.
func (w Words) One(fd protoreflect.FieldDescriptor, v protoreflect.Value) look.Text {
	switch {
	case fd.Message() != nil:
		return w.Inside(v.Message(), fd.IsList())
	case fd.Enum() != nil:
		return w.Code(vocabulary.ListOf(fd.Enum()), Written(fd, v))
	}
	switch fd.Kind() {
	case protoreflect.BoolKind:
		if v.Bool() {
			return w.Locale.Say("field-edit.yes")
		}
		return w.Locale.Say("field-edit.no")
	case protoreflect.DoubleKind:
		return w.Locale.Decimal(v.Float(), -1)
	case protoreflect.Uint32Kind:
		return w.Locale.Number(int(v.Uint()))
	case protoreflect.Int32Kind:
		return w.Locale.Number(int(v.Int()))
	case protoreflect.BytesKind:
		return w.Locale.Say("field-history.bytes", "size", w.Locale.Bytes(int64(len(v.Bytes()))))
	}
	return w.String(fd, v.String())
}

// String says a text by what it holds.
func (w Words) String(fd protoreflect.FieldDescriptor, s string) look.Text {
	o, _ := proto.GetExtension(fd.Options(), daylightv1.E_Field).(*daylightv1.Field)
	switch o.GetFormat() {
	case daylightv1.Format_FORMAT_UUID:
		return w.Named(o.GetRefers(), s)
	case daylightv1.Format_FORMAT_CODE:
		if o.GetList() != "" {
			return w.Code(vocabulary.List(o.GetList()), s)
		}
		return look.Code(s)
	case daylightv1.Format_FORMAT_DATE, daylightv1.Format_FORMAT_MOMENT:
		return w.Date(s)
	}
	return look.Typed(s)
}

// Date says a date, or a time by the clock of its place.
func (w Words) Date(s string) look.Text {
	if at, err := time.ParseInLocation(time.DateOnly, s, w.Locale.Zone); err == nil {
		return w.Locale.Day(at)
	}
	if local, _, ok := ClockOf(s); ok {
		if at, err := time.ParseInLocation(LocalMinute, local, w.Locale.Zone); err == nil {
			return w.Locale.Moment(at)
		}
	}
	return look.Code(s)
}

// Inside says what a message within a record holds. The key of an element is not among
// it: whoever names the element has said it.
func (w Words) Inside(m protoreflect.Message, element bool) (out look.Text) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		fd := fields.Get(i)
		if !m.Has(fd) || element && fd.Number() == 1 || fd.Name() == "order" {
			continue
		}
		value := w.Inner(m, fd)
		out = look.Dotted(out, w.Locale.Say("field-history.pair", "field", w.Field(string(fd.Name())), "value", value))
	}
	if len(out) == 0 {
		return w.Locale.Say("field-history.added-empty")
	}
	return out
}

// Inner says one field of an element.
func (w Words) Inner(m protoreflect.Message, fd protoreflect.FieldDescriptor) look.Text {
	switch {
	case !m.Has(fd) || fd.IsMap():
		return w.Locale.Say("field-edit.no-answer")
	case !fd.IsList():
		return w.One(fd, m.Get(fd))
	}
	var all []look.Text
	for i := range m.Get(fd).List().Len() {
		all = append(all, w.One(fd, m.Get(fd).List().Get(i)))
	}
	return w.Locale.List(all...)
}
