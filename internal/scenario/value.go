package scenario

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// A place names a value inside a record, as a story writes it:
//
//	narrative            a field
//	number_affected.exact a field of a sub-message
//	sessions[s1].note    a field of the element whose id is that of the name s1
//	access[ACCESS_RIGHT_PLACES].note   of the element with that key
//	names[ru]            an entry of a map
//	types[prison]        whether a value is in a set; of ids: finding_ids[@f1]

// step is one part of a place.
type step struct {
	field, key string
	keyed      bool
}

func parsePlace(place string) (steps []step, err error) {
	for rest := place; rest != ""; {
		var s step
		end := strings.IndexAny(rest, ".[")
		if end < 0 {
			end = len(rest)
		}
		s.field, rest = rest[:end], rest[end:]
		if strings.HasPrefix(rest, "[") {
			var ok bool
			if s.key, rest, ok = strings.Cut(rest[1:], "]"); !ok {
				return nil, fmt.Errorf("%s: the bracket is not closed", place)
			}
			s.keyed = true
		}
		rest = strings.TrimPrefix(rest, ".")
		steps = append(steps, s)
	}
	return steps, nil
}

// parseValue reads a value as a story writes it: a word, a "string with Go's
// escapes", @NAME (the id of a name), <FILE (a file of the story), ~SIZE (that many
// bytes of text, always the same), none.
func (s *Story) parseValue(text string) (value string, set bool, err error) {
	switch {
	case text == "none":
		return "", false, nil
	case strings.HasPrefix(text, `"`):
		value, err = strconv.Unquote(text)
	case strings.HasPrefix(text, "@"):
		value = s.id(text[1:]).String()
	case strings.HasPrefix(text, "<"):
		file, ok := s.files[text[1:]]
		if !ok {
			err = fmt.Errorf("the story has no file %s", text[1:])
		}
		value = strings.TrimSuffix(file, "\n")
	case strings.HasPrefix(text, "~"):
		var size int
		size, err = strconv.Atoi(text[1:])
		value = longText(size)
	default:
		value = text
	}
	return value, true, err
}

// longText is text that does not compress well.
func longText(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		h := sha256.Sum256(strconv.AppendInt(nil, int64(i), 10))
		b.WriteString(hex.EncodeToString(h[:]))
	}
	return b.String()[:size]
}

// assign sets or clears the value at a place.
func assign(m protoreflect.Message, place, value string, set bool) error {
	steps, err := parsePlace(place)
	if err != nil {
		return err
	}
	for i, s := range steps {
		fd := m.Descriptor().Fields().ByName(protoreflect.Name(s.field))
		if fd == nil {
			return fmt.Errorf("%s has no field %q", m.Descriptor().Name(), s.field)
		}
		last := i == len(steps)-1
		switch {
		case s.keyed && fd.IsMap():
			return assignEntry(m.Mutable(fd).Map(), s.key, value, set)
		case s.keyed && fd.Message() == nil:
			return assignSet(m, fd, s.key, value)
		case s.keyed:
			n := element(m, fd, s.key, !last || set)
			if last {
				if !set {
					dropElement(m, fd, s.key)
				}
				return nil
			}
			m = n
		case !last:
			m = m.Mutable(fd).Message()
		case !set:
			m.Clear(fd)
		default:
			v, err := scalar(fd, value)
			if err != nil {
				return err
			}
			m.Set(fd, v)
		}
	}
	return nil
}

func assignEntry(m protoreflect.Map, key, value string, set bool) error {
	k := protoreflect.ValueOfString(key).MapKey()
	if set {
		m.Set(k, protoreflect.ValueOfString(value))
	} else {
		m.Clear(k)
	}
	return nil
}

// assignSet puts a value into a set (yes) or takes it out (no).
func assignSet(m protoreflect.Message, fd protoreflect.FieldDescriptor, key, value string) error {
	v, err := member(fd, key)
	if err != nil {
		return err
	}
	old := m.Get(fd).List()
	list := m.NewField(fd).List()
	for i := range old.Len() {
		if !old.Get(i).Equal(v) {
			list.Append(old.Get(i))
		}
	}
	if value == "yes" {
		list.Append(v)
	}
	m.Set(fd, protoreflect.ValueOfList(list))
	return nil
}

// member is a value of a set; @NAME is the id of a name.
func member(fd protoreflect.FieldDescriptor, key string) (protoreflect.Value, error) {
	if name, is := strings.CutPrefix(key, "@"); is {
		key = IDOf(name).String()
	}
	return scalar(fd, key)
}

// keyValue is an element's key: the id of a name where the key is an id.
func keyValue(fd protoreflect.FieldDescriptor, key string) (protoreflect.Value, error) {
	k := fd.Message().Fields().ByNumber(1)
	if k.Kind() == protoreflect.StringKind && k.Name() == "id" {
		return protoreflect.ValueOfString(IDOf(key).String()), nil
	}
	return scalar(k, key)
}

// element finds an element by its key, and adds it when add is set.
func element(m protoreflect.Message, fd protoreflect.FieldDescriptor, key string, add bool) protoreflect.Message {
	k, err := keyValue(fd, key)
	if err != nil {
		return nil
	}
	first := fd.Message().Fields().ByNumber(1)
	list := m.Get(fd).List()
	for i := range list.Len() {
		if e := list.Get(i).Message(); e.Get(first).Equal(k) {
			return e
		}
	}
	if !add {
		return nil
	}
	e := m.Mutable(fd).List().AppendMutable().Message()
	e.Set(first, k)
	return e
}

func dropElement(m protoreflect.Message, fd protoreflect.FieldDescriptor, key string) {
	k, err := keyValue(fd, key)
	if err != nil {
		return
	}
	first := fd.Message().Fields().ByNumber(1)
	old := m.Get(fd).List()
	list := m.NewField(fd).List()
	for i := range old.Len() {
		if !old.Get(i).Message().Get(first).Equal(k) {
			list.Append(old.Get(i))
		}
	}
	m.Set(fd, protoreflect.ValueOfList(list))
}

func scalar(fd protoreflect.FieldDescriptor, text string) (v protoreflect.Value, err error) {
	switch fd.Kind() {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(text), nil
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes([]byte(text)), nil
	case protoreflect.BoolKind:
		b, err := strconv.ParseBool(text)
		return protoreflect.ValueOfBool(b), err
	case protoreflect.Uint32Kind:
		n, err := strconv.ParseUint(text, 10, 32)
		return protoreflect.ValueOfUint32(uint32(n)), err
	case protoreflect.DoubleKind:
		f, err := strconv.ParseFloat(text, 64)
		return protoreflect.ValueOfFloat64(f), err
	case protoreflect.EnumKind:
		if e := fd.Enum().Values().ByName(protoreflect.Name(text)); e != nil {
			return protoreflect.ValueOfEnum(e.Number()), nil
		}
		n, err := strconv.ParseInt(text, 10, 32)
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(n)), err
	}
	return v, fmt.Errorf("a story cannot write a value of %s", fd.FullName())
}

// lookup reads the value at a place as text; "none" for what is not there.
func lookup(m protoreflect.Message, place string) (string, error) {
	steps, err := parsePlace(place)
	if err != nil {
		return "", err
	}
	for i, s := range steps {
		fd := m.Descriptor().Fields().ByName(protoreflect.Name(s.field))
		switch {
		case fd == nil:
			return "", fmt.Errorf("%s has no field %q", m.Descriptor().Name(), s.field)
		case s.keyed && fd.IsMap():
			return shown(fd.MapValue(), m.Get(fd).Map().Get(protoreflect.ValueOfString(s.key).MapKey())), nil
		case s.keyed && fd.Message() == nil:
			return inSet(m.Get(fd).List(), fd, s.key)
		case s.keyed:
			if m = element(m, fd, s.key, false); m == nil {
				return "none", nil
			}
			if i == len(steps)-1 {
				return "there", nil
			}
		case i < len(steps)-1:
			m = m.Get(fd).Message()
		case !m.Has(fd):
			return "none", nil
		default:
			return shown(fd, m.Get(fd)), nil
		}
	}
	return "none", nil
}

func inSet(list protoreflect.List, fd protoreflect.FieldDescriptor, key string) (string, error) {
	v, err := member(fd, key)
	if err != nil {
		return "", err
	}
	for i := range list.Len() {
		if list.Get(i).Equal(v) {
			return "yes", nil
		}
	}
	return "no", nil
}

func shown(fd protoreflect.FieldDescriptor, v protoreflect.Value) string {
	if !v.IsValid() {
		return "none"
	}
	if fd.Kind() == protoreflect.EnumKind {
		if e := fd.Enum().Values().ByNumber(v.Enum()); e != nil {
			return string(e.Name())
		}
		return strconv.Itoa(int(v.Enum()))
	}
	if fd.Kind() == protoreflect.BytesKind {
		return string(v.Bytes())
	}
	return v.String()
}
