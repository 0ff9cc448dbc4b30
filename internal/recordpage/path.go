package recordpage

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// A path names one value in a message; it is the name of its control on a page:
//
//	narrative                       a field
//	number_affected.exact           a field of a message in it
//	titles[ru]                      an entry of a map
//	access[ACCESS_RIGHT_EQUIPMENT].rating   of the element with that key
//	types                           all values of a set
//
// A key stands between brackets as url.PathEscape writes it, so that it can hold anything.

// At names a value inside the element of a list: At("counts", id, "number").
func At(field, key string, inside ...string) string {
	return strings.Join(append([]string{field + "[" + escapeKey(key) + "]"}, inside...), ".")
}

// escapeKey also escapes what url.PathEscape leaves and a path means something by.
func escapeKey(key string) string {
	return strings.NewReplacer("[", "%5B", "]", "%5D", ".", "%2E").Replace(url.PathEscape(key))
}

// Step is one part of a path.
type Step struct {
	Field protoreflect.Name
	Key   string
	Keyed bool
}

var ErrPath = errors.New("no such field")

func ParsePath(path string) (steps []Step, err error) {
	for _, part := range strings.Split(path, ".") {
		name, rest, keyed := strings.Cut(part, "[")
		s := Step{Field: protoreflect.Name(name), Keyed: keyed}
		if keyed {
			escaped, closed := strings.CutSuffix(rest, "]")
			if s.Key, err = url.PathUnescape(escaped); err != nil || !closed {
				return nil, ErrPath
			}
		}
		steps = append(steps, s)
	}
	return steps, nil
}

// BadValue says why something typed is no value of its field. Word is the key of the
// sentence, see internal/look.
type BadValue struct {
	Word   string
	Params map[string]string
}

// Error is for tests and never shown.
func (e *BadValue) Error() string { return e.Word }

// leads reports whether a path can lead somewhere in messages of that type, before anything
// is made on the way.
func leads(d protoreflect.MessageDescriptor, steps []Step) bool {
	for i, s := range steps {
		if d == nil {
			return false
		}
		fd := d.Fields().ByName(s.Field)
		switch {
		case fd == nil, s.Keyed && !fd.IsList() && !fd.IsMap(), s.Keyed && fd.IsList() && fd.Message() == nil:
			return false
		case fd.IsMap():
			return s.Keyed && i == len(steps)-1
		case !s.Keyed && fd.IsList() && i < len(steps)-1:
			return false
		}
		d = fd.Message()
	}
	return len(steps) > 0
}

// walk finds what a path names: the message, the field in it, and for an entry of a map
// its key. Elements that are not there are made when grow is set, else the message is nil.
func walk(m protoreflect.Message, path string, grow bool) (protoreflect.Message, protoreflect.FieldDescriptor, *Step, error) {
	steps, err := ParsePath(path)
	if err != nil {
		return nil, nil, nil, err
	}
	if !leads(m.Descriptor(), steps) {
		return nil, nil, nil, ErrPath
	}
	for i := range steps[:len(steps)-1] {
		s, fd := steps[i], m.Descriptor().Fields().ByName(steps[i].Field)
		switch {
		case s.Keyed:
			m = element(m, fd, s.Key, grow)
		case grow || m.Has(fd):
			m = m.Mutable(fd).Message()
		default:
			m = nil
		}
		if m == nil {
			return nil, nil, nil, nil
		}
	}
	last := &steps[len(steps)-1]
	fd := m.Descriptor().Fields().ByName(last.Field)
	if !last.Keyed {
		last = nil
	}
	return m, fd, last, nil
}

// element finds an element of a list by its first field, which is its key, and adds one
// when add is set.
func element(m protoreflect.Message, fd protoreflect.FieldDescriptor, key string, add bool) protoreflect.Message {
	first := fd.Message().Fields().ByNumber(1)
	list := m.Get(fd).List()
	for i := range list.Len() {
		if e := list.Get(i).Message(); Written(first, e.Get(first)) == key {
			return e
		}
	}
	if !add {
		return nil
	}
	v, err := scalar(first, key)
	if err != nil {
		return nil
	}
	e := list.NewElement().Message()
	if key != "" {
		e.Set(first, v)
	}
	m.Mutable(fd).List().Append(protoreflect.ValueOfMessage(e))
	return e
}

// Read gives what a path names as its control shows it; "" for nothing. A path that does
// not exist is a mistake in a template, and an error.
func Read(m proto.Message, path string) (string, error) {
	in, fd, s, err := walk(m.ProtoReflect(), path, false)
	switch {
	case err != nil || in == nil:
		return "", err
	case s != nil && fd.IsMap():
		if k := protoreflect.ValueOfString(s.Key).MapKey(); in.Get(fd).Map().Has(k) {
			return in.Get(fd).Map().Get(k).String(), nil
		}
		return "", nil
	case s != nil || fd.IsList() || fd.IsMap() || fd.Message() != nil:
		return "", ErrPath
	case !in.Has(fd):
		return "", nil
	}
	return Written(fd, in.Get(fd)), nil
}

// ReadSet gives the values of a set.
func ReadSet(m proto.Message, path string) (out []string, err error) {
	in, fd, s, err := walk(m.ProtoReflect(), path, false)
	if err != nil || in == nil {
		return nil, err
	}
	if s != nil || !fd.IsList() || fd.Message() != nil {
		return nil, ErrPath
	}
	list := in.Get(fd).List()
	for i := range list.Len() {
		out = append(out, Written(fd, list.Get(i)))
	}
	return out, nil
}

// Written is a scalar as a control has it: enums by name, true as yes.
func Written(fd protoreflect.FieldDescriptor, v protoreflect.Value) string {
	switch fd.Kind() {
	case protoreflect.EnumKind:
		if e := fd.Enum().Values().ByNumber(v.Enum()); e != nil {
			return string(e.Name())
		}
		return strconv.Itoa(int(v.Enum()))
	case protoreflect.BoolKind:
		if v.Bool() {
			return "yes"
		}
		return "no"
	case protoreflect.DoubleKind:
		return strconv.FormatFloat(v.Float(), 'f', -1, 64)
	}
	return v.String()
}

// Assign puts what was typed where a path leads. Nothing typed clears it. The error is a
// *BadValue when it is no value of the field, and ErrPath for a path that is none, or that
// no page may set.
func Assign(m proto.Message, path string, typed []string) error {
	if Untouchable(m, path) {
		return ErrPath
	}
	in, fd, s, err := walk(m.ProtoReflect(), path, !isNothing(typed))
	if err != nil {
		return err
	}
	if in == nil {
		return nil // nothing was there and nothing was typed
	}
	switch {
	case s != nil && !fd.IsMap():
		return ErrPath
	case s != nil:
		return assignEntry(in.Mutable(fd).Map(), s.Key, typed)
	case fd.IsList() && fd.Message() == nil:
		return assignSet(in, fd, typed)
	case fd.IsList() || fd.IsMap() || fd.Message() != nil || fd.Kind() == protoreflect.BytesKind:
		return ErrPath
	case isNothing(typed):
		in.Clear(fd)
		return nil
	case len(typed) > 1:
		return ErrPath
	}
	v, err := scalar(fd, typed[0])
	if err == nil {
		in.Set(fd, v)
	}
	return err
}

func isNothing(typed []string) bool {
	return !slices.ContainsFunc(typed, func(s string) bool { return s != "" })
}

// Untouchable reports whether no page may set what a path leads to: the id, the token,
// removal and the merge of a record have steps of their own, and an element keeps its key.
func Untouchable(m proto.Message, path string) bool {
	d := m.ProtoReflect().Descriptor()
	steps, err := ParsePath(path)
	if err != nil || !leads(d, steps) {
		return true
	}
	switch steps[0].Field {
	case "id", "seen", "removed", "merged_into":
		return true
	}
	for _, s := range steps[:len(steps)-1] {
		fd := d.Fields().ByName(s.Field)
		d = fd.Message()
		if last := steps[len(steps)-1]; s.Keyed && last.Field == d.Fields().ByNumber(1).Name() {
			return true
		}
	}
	return false
}

func assignEntry(entries protoreflect.Map, key string, typed []string) error {
	k := protoreflect.ValueOfString(key).MapKey()
	if isNothing(typed) {
		entries.Clear(k)
		return nil
	}
	entries.Set(k, protoreflect.ValueOfString(typed[0]))
	return nil
}

func assignSet(in protoreflect.Message, fd protoreflect.FieldDescriptor, typed []string) error {
	list := in.NewField(fd).List()
	for _, t := range typed {
		for _, one := range elementsOf(fd, t) {
			v, err := scalar(fd, one)
			if err != nil {
				return err
			}
			list.Append(v)
		}
	}
	in.Set(fd, protoreflect.ValueOfList(list))
	return nil
}

// scalar reads one value as it was typed.
func scalar(fd protoreflect.FieldDescriptor, typed string) (v protoreflect.Value, err error) {
	switch fd.Kind() {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(text(fd, typed)), nil
	case protoreflect.BoolKind:
		if typed != "yes" && typed != "no" {
			return v, &BadValue{Word: "field-edit.bad-choice"}
		}
		return protoreflect.ValueOfBool(typed == "yes"), nil
	case protoreflect.EnumKind:
		if e := fd.Enum().Values().ByName(protoreflect.Name(typed)); e != nil {
			return protoreflect.ValueOfEnum(e.Number()), nil
		}
		n, err := strconv.ParseInt(typed, 10, 32) // one that a newer program knows
		if err != nil {
			return v, &BadValue{Word: "field-edit.bad-choice"}
		}
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(n)), nil
	case protoreflect.Uint32Kind:
		n, err := strconv.ParseUint(plainNumber(typed), 10, 32)
		if err != nil {
			return v, &BadValue{Word: "field-edit.bad-count"}
		}
		return protoreflect.ValueOfUint32(uint32(n)), nil
	case protoreflect.Int32Kind:
		n, err := strconv.ParseInt(plainNumber(typed), 10, 32)
		if err != nil {
			return v, &BadValue{Word: "field-edit.bad-whole"}
		}
		return protoreflect.ValueOfInt32(int32(n)), nil
	case protoreflect.DoubleKind:
		n, err := strconv.ParseFloat(plainNumber(typed), 64)
		if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
			return v, &BadValue{Word: "field-edit.bad-number"}
		}
		return protoreflect.ValueOfFloat64(n), nil
	}
	return v, fmt.Errorf("%s: %w", fd.Name(), ErrPath)
}

// text leaves words as they were typed, but for the line ends of HTML forms, and for
// codes and dates, around which a phone's keyboard leaves a blank.
func text(fd protoreflect.FieldDescriptor, typed string) string {
	typed = strings.ReplaceAll(typed, "\r\n", "\n")
	if Format(fd) != daylightv1.Format_FORMAT_UNSPECIFIED {
		return strings.TrimSpace(typed)
	}
	return typed
}

func Format(fd protoreflect.FieldDescriptor) daylightv1.Format {
	o, _ := proto.GetExtension(fd.Options(), daylightv1.E_Field).(*daylightv1.Field)
	return o.GetFormat()
}

// plainNumber reads the digits of other scripts, a comma before the decimals and the blanks
// between thousands as what they mean.
func plainNumber(typed string) string {
	var b strings.Builder
	for _, r := range strings.TrimSpace(typed) {
		switch {
		case '٠' <= r && r <= '٩':
			r = r - '٠' + '0'
		case '۰' <= r && r <= '۹':
			r = r - '۰' + '0'
		case r == ',' || r == '٫':
			r = '.'
		case r == ' ' || r == '\u00a0' || r == '\u202f' || r == '٬':
			continue
		case r == '−':
			r = '-'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// without takes an element out of a list or a set, or an entry out of a map, and gives the
// element's bytes to bring it back with; nil where it was not there.
func without(m proto.Message, field, key string) []byte {
	r := m.ProtoReflect()
	fd := r.Descriptor().Fields().ByName(protoreflect.Name(field))
	if fd == nil || !fd.IsList() || fd.Message() == nil {
		return nil
	}
	first := fd.Message().Fields().ByNumber(1)
	old, list := r.Get(fd).List(), r.NewField(fd).List()
	var gone []byte
	for i := range old.Len() {
		e := old.Get(i).Message()
		if Written(first, e.Get(first)) != key {
			list.Append(old.Get(i))
		} else if b, err := proto.Marshal(e.Interface()); err == nil {
			gone = b
		}
	}
	r.Set(fd, protoreflect.ValueOfList(list))
	return gone
}

// with puts an element back that without took out.
func with(m proto.Message, field string, element []byte) error {
	r := m.ProtoReflect()
	fd := r.Descriptor().Fields().ByName(protoreflect.Name(field))
	if fd == nil || !fd.IsList() || fd.Message() == nil {
		return ErrPath
	}
	list := r.Mutable(fd).List()
	e := list.NewElement()
	if err := proto.Unmarshal(element, e.Message().Interface()); err != nil {
		return ErrPath
	}
	list.Append(e)
	return nil
}

// add puts a new element without a key at the end of a list: Save gives it its id.
func add(m proto.Message, field string) error { return with(m, field, nil) }

// elementsOf are the values that one control of a set holds: names are typed one a line,
// and each once.
func elementsOf(fd protoreflect.FieldDescriptor, typed string) (out []string) {
	if fd.Kind() != protoreflect.StringKind || Format(fd) != daylightv1.Format_FORMAT_UNSPECIFIED {
		if typed != "" {
			out = append(out, typed)
		}
		return out
	}
	for _, line := range strings.Split(strings.ReplaceAll(typed, "\r", "\n"), "\n") {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(out, line) {
			out = append(out, line)
		}
	}
	return out
}

// FieldAt is the field that a path leads to.
func FieldAt(m proto.Message, path string) protoreflect.FieldDescriptor {
	steps, err := ParsePath(path)
	d := m.ProtoReflect().Descriptor()
	if err != nil || !leads(d, steps) {
		return nil
	}
	var fd protoreflect.FieldDescriptor
	for _, s := range steps {
		fd = d.Fields().ByName(s.Field)
		d = fd.Message()
	}
	return fd
}
