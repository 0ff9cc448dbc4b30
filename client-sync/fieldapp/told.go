package fieldapp

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/terms"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Records in words: what a field is called, what a value says, what a record is called. It
// works for every field of every kind; what this program does not know is shown as it is.

// fieldWords is what a field is called.
func (t *turn) fieldWords(field string) look.Text {
	k := look.Key("field-history.f-" + strings.ReplaceAll(field, "_", "-"))
	if t.locale.Words().Has(k) {
		return t.say(k)
	}
	return look.Code(field)
}

// kindWords is what a kind of record is called.
func (t *turn) kindWords(kind clientsync.Kind) look.Text {
	return t.say(look.Key("field-history.k-" + strings.ReplaceAll(kind.String(), "_", "-")))
}

// pathWords names a field, or one element of it.
func (t *turn) pathWords(kind clientsync.Kind, field, key string) look.Text {
	name := t.fieldWords(field)
	if key == "" {
		return name
	}
	fd := topField(kind, field)
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
		one = t.code(terms.ListOf(fd.Message().Fields().ByNumber(1).Enum()), key)
	case fd.Message() == nil && fd.Enum() != nil:
		one = t.code(terms.ListOf(fd.Enum()), key)
	case fd.Message() == nil:
		one = t.stringWords(fd, key)
	}
	if len(one) == 0 { // an element whose id says nothing
		return name
	}
	return t.say("field-history.of-element", "field", name, "element", one)
}

func topField(kind clientsync.Kind, field string) protoreflect.FieldDescriptor {
	m := clientsync.New(kind)
	if m == nil {
		return nil
	}
	return m.ProtoReflect().Descriptor().Fields().ByName(protoreflect.Name(field))
}

// parsed reads a value as histories and conflicts give it: a message with that one field, or
// with that one element of it.
func parsed(kind clientsync.Kind, field, key, value string) (clientsync.Message, protoreflect.FieldDescriptor) {
	m, fd := clientsync.New(kind), topField(kind, field)
	if fd == nil || value == "" {
		return nil, nil
	}
	var whole any = json.RawMessage(value)
	switch {
	case fd.IsMap():
		whole = map[string]any{key: whole}
	case fd.IsList():
		whole = []any{whole}
	}
	b, err := json.Marshal(map[string]any{field: whole})
	if err != nil || (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(b, m) != nil {
		return nil, nil
	}
	return m, fd
}

// valueWords says a value of a field or element.
func (t *turn) valueWords(kind clientsync.Kind, field, key, value string) look.Text {
	m, fd := parsed(kind, field, key, value)
	switch {
	case value == "":
		return t.say("field-history.nothing")
	case field == "removed":
		return t.say("field-history.was-removed")
	case m == nil && clientsync.Sealed(kind) && field == "sealed":
		return t.say("field-history.sealed")
	case m == nil:
		return look.Typed(unquoted(value))
	}
	v := m.ProtoReflect().Get(fd)
	switch {
	case fd.IsMap():
		return look.Foreign(key, v.Map().Get(protoreflect.ValueOfString(key).MapKey()).String())
	case fd.IsList() && v.List().Len() == 1:
		return t.oneValue(fd, v.List().Get(0))
	case fd.IsList():
		return look.Typed(unquoted(value))
	}
	return t.oneValue(fd, v)
}

func unquoted(value string) string {
	var s string
	if json.Unmarshal([]byte(value), &s) == nil {
		return s
	}
	return value
}

// quoted is the counterpart of unquoted: a text as histories give it.
func quoted(s string) string {
	if s == "" {
		return ""
	}
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string can be written
	}
	return string(b)
}

// oneValue says one value.
func (t *turn) oneValue(fd protoreflect.FieldDescriptor, v protoreflect.Value) look.Text {
	switch {
	case fd.Message() != nil:
		return t.insideWords(v.Message(), fd.IsList())
	case fd.Enum() != nil:
		return t.code(terms.ListOf(fd.Enum()), written(fd, v))
	}
	switch fd.Kind() {
	case protoreflect.BoolKind:
		if v.Bool() {
			return t.say("field-edit.yes")
		}
		return t.say("field-edit.no")
	case protoreflect.DoubleKind:
		return t.locale.Decimal(v.Float(), -1)
	case protoreflect.Uint32Kind:
		return t.locale.Number(int(v.Uint()))
	case protoreflect.Int32Kind:
		return t.locale.Number(int(v.Int()))
	case protoreflect.BytesKind:
		return t.say("field-history.bytes", "size", t.locale.Bytes(int64(len(v.Bytes()))))
	}
	return t.stringWords(fd, v.String())
}

// stringWords says a text by what it holds.
func (t *turn) stringWords(fd protoreflect.FieldDescriptor, s string) look.Text {
	o, _ := proto.GetExtension(fd.Options(), daylightv1.E_Field).(*daylightv1.Field)
	switch o.GetFormat() {
	case daylightv1.Format_FORMAT_UUID:
		return t.referredWords(o.GetRefers(), s)
	case daylightv1.Format_FORMAT_CODE:
		if o.GetList() != "" {
			return t.code(terms.List(o.GetList()), s)
		}
		return look.Code(s)
	case daylightv1.Format_FORMAT_DATE, daylightv1.Format_FORMAT_MOMENT:
		return t.dateWords(s)
	}
	return look.Typed(s)
}

// dateWords says a date, or a time by the clock of its place.
func (t *turn) dateWords(s string) look.Text {
	if at, err := time.ParseInLocation(time.DateOnly, s, t.locale.Zone); err == nil {
		return t.locale.Day(at)
	}
	if local, _, ok := clockOf(s); ok {
		if at, err := time.ParseInLocation(localMinute, local, t.locale.Zone); err == nil {
			return t.locale.Moment(at)
		}
	}
	return look.Code(s)
}

// noPlace stands for the name of a visit's place: it has none yet, or travel put the place
// away.
func (t *turn) noPlace(id string) look.Text {
	if id == "" {
		return t.say("field-home.no-place")
	}
	return t.say("field-history.not-here", "kind", t.kindWords(clientsync.KindFacility))
}

// referredWords names another record, if it is here.
func (t *turn) referredWords(refers, id string) look.Text {
	kind, err := clientsync.ParseKind(refers)
	if err != nil {
		return look.Mono(id)
	}
	item, err := t.client.Get(t.ctx(), kind, id)
	if err != nil {
		return t.say("field-history.not-here", "kind", t.kindWords(kind))
	}
	return t.nameWords(item)
}

// insideWords says what a message within a record holds. The key of an element is not among
// it: whoever names the element has said it.
func (t *turn) insideWords(m protoreflect.Message, element bool) (out look.Text) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		fd := fields.Get(i)
		if !m.Has(fd) || element && fd.Number() == 1 || fd.Name() == "order" {
			continue
		}
		value := t.innerWords(m, fd)
		out = look.Dotted(out, t.say("field-history.pair", "field", t.fieldWords(string(fd.Name())), "value", value))
	}
	if len(out) == 0 {
		return t.say("field-history.added-empty")
	}
	return out
}

// innerWords says one field of an element.
func (t *turn) innerWords(m protoreflect.Message, fd protoreflect.FieldDescriptor) look.Text {
	switch {
	case !m.Has(fd) || fd.IsMap():
		return t.say("field-edit.no-answer")
	case !fd.IsList():
		return t.oneValue(fd, m.Get(fd))
	}
	var all []look.Text
	for i := range m.Get(fd).List().Len() {
		all = append(all, t.oneValue(fd, m.Get(fd).List().Get(i)))
	}
	return t.locale.List(all...)
}

// mostOfName is how much of a record's words name it.
const mostOfName = 60

// nameWords is what a record is called: its title or its first words, else its kind.
func (t *turn) nameWords(item clientsync.Item) look.Text {
	if words := calledBy(item.Message); words != "" {
		return t.say("field-history.record", "kind", t.kindWords(item.Kind), "name", look.Typed(firstWords(words, mostOfName)))
	}
	return t.kindWords(item.Kind)
}

// calledBy are the words of a record that tell it from others.
func calledBy(m clientsync.Message) string {
	r := m.ProtoReflect()
	for _, name := range []protoreflect.Name{"names", "titles", "texts", "title", "label", "code", "narrative", "text", "account", "pseudonym", "room", "checklist_code", "ref"} {
		fd := r.Descriptor().Fields().ByName(name)
		if fd == nil || !r.Has(fd) {
			continue
		}
		if !fd.IsMap() {
			return r.Get(fd).String()
		}
		first, words := "", ""
		r.Get(fd).Map().Range(func(k protoreflect.MapKey, v protoreflect.Value) bool {
			if first == "" || k.String() < first {
				first, words = k.String(), v.String()
			}
			return true
		})
		if words != "" {
			return words
		}
	}
	return ""
}

// firstWords shortens words to what a line has room for.
func firstWords(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most])) + "…"
	}
	return s
}

// person names who wrote something, as far as this device knows.
func (t *turn) person(own bool, name string) look.Text {
	switch {
	case own:
		return t.say("field-two.you")
	case name != "":
		return look.Typed(name)
	}
	return t.say("field-two.team-mate")
}

// deviceName names the device that something was written on.
func (t *turn) deviceName(own bool, name string) look.Text {
	if own {
		return t.say("field-two.this-device")
	}
	return look.Typed(name)
}

// visitBehind is the visit that a record belongs to; empty for none.
func visitBehind(item clientsync.Item) string {
	if item.Kind == clientsync.KindVisit {
		return item.ID
	}
	r := item.Message.ProtoReflect()
	if fd := r.Descriptor().Fields().ByName("visit_id"); fd != nil {
		return r.Get(fd).String()
	}
	return ""
}

// laid puts a value, as histories give it, into a message.
func laid(m clientsync.Message, kind clientsync.Kind, field, key, value string) error {
	fd := topField(kind, field)
	if fd == nil || fd.Number() <= 5 {
		return errPath
	}
	r := m.ProtoReflect()
	from, _ := parsed(kind, field, key, value)
	if value != "" && from == nil {
		return fmt.Errorf("%s: %w", field, errPath)
	}
	switch {
	case fd.IsMap() && value == "":
		r.Mutable(fd).Map().Clear(protoreflect.ValueOfString(key).MapKey())
	case fd.IsMap():
		k := protoreflect.ValueOfString(key).MapKey()
		r.Mutable(fd).Map().Set(k, from.ProtoReflect().Get(fd).Map().Get(k))
	case fd.IsList():
		layElement(r, fd, key, from)
	case value == "":
		r.Clear(fd)
	default:
		r.Set(fd, from.ProtoReflect().Get(fd))
	}
	return nil
}

// layElement puts an element in the place of the one with its key; with none, that one goes.
func layElement(r protoreflect.Message, fd protoreflect.FieldDescriptor, key string, from clientsync.Message) {
	keyOf := func(v protoreflect.Value) string {
		if fd.Message() == nil {
			return written(fd, v)
		}
		first := fd.Message().Fields().ByNumber(1)
		return written(first, v.Message().Get(first))
	}
	list, old, found := r.NewField(fd).List(), r.Get(fd).List(), false
	for i := range old.Len() {
		switch v := old.Get(i); {
		case keyOf(v) != key:
			list.Append(v)
		case from != nil && !found:
			found = true
			list.Append(from.ProtoReflect().Get(fd).List().Get(0))
		}
	}
	if from != nil && !found {
		list.Append(from.ProtoReflect().Get(fd).List().Get(0))
	}
	r.Set(fd, protoreflect.ValueOfList(list))
}
