package recordpage

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
)

func TopField(kind record.Kind, field string) protoreflect.FieldDescriptor {
	m := record.New(kind)
	if m == nil {
		return nil
	}
	return m.ProtoReflect().Descriptor().Fields().ByName(protoreflect.Name(field))
}

// Parsed reads a value as histories and conflicts give it: a message with that one field, or
// with that one element of it.
func Parsed(kind record.Kind, field, key, value string) (record.Message, protoreflect.FieldDescriptor) {
	m, fd := record.New(kind), TopField(kind, field)
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

func Unquoted(value string) string {
	var s string
	if json.Unmarshal([]byte(value), &s) == nil {
		return s
	}
	return value
}

// Quoted is the counterpart of Unquoted: a text as histories give it.
func Quoted(s string) string {
	if s == "" {
		return ""
	}
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string can be Written
	}
	return string(b)
}

// LayValue puts a value, as histories give it, into a message.
func LayValue(m record.Message, kind record.Kind, field, key, value string) error {
	fd := TopField(kind, field)
	if fd == nil || fd.Number() <= 5 {
		return ErrPath
	}
	r := m.ProtoReflect()
	from, _ := Parsed(kind, field, key, value)
	if value != "" && from == nil {
		return fmt.Errorf("%s: %w", field, ErrPath)
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
func layElement(r protoreflect.Message, fd protoreflect.FieldDescriptor, key string, from record.Message) {
	keyOf := func(v protoreflect.Value) string {
		if fd.Message() == nil {
			return Written(fd, v)
		}
		first := fd.Message().Fields().ByNumber(1)
		return Written(first, v.Message().Get(first))
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

// SameValue reports whether two values say the same, however they are written.
func SameValue(a, b string) bool {
	if a == b {
		return true
	}
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && reflect.DeepEqual(x, y)
}

// CalledBy are the words of a record that tell it from others.
func CalledBy(m record.Message) string {
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

// FirstWords shortens words to what a line has room for.
func FirstWords(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most])) + "…"
	}
	return s
}
