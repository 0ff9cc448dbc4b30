package record

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// Validate checks the structure of a message before it is saved: ids, UTF-8,
// formats, keys, sizes. Rules of the domain are Flags. The error is a *Problem and
// names the first field, in the order of the schema, that is wrong.
func Validate(msg Message) error {
	p, err := planOf(msg)
	if err != nil {
		return err
	}
	if _, err := IDOf(msg); err != nil {
		return err
	}
	m := msg.ProtoReflect()
	if err := checkMessage(m, ""); err != nil {
		return err
	}
	parts, err := p.parts(m)
	if err != nil {
		return err
	}
	return p.checkSizes(parts)
}

func (p *plan) checkSizes(parts []part) error {
	all := 0
	for _, x := range parts {
		all += len(x.value)
		if len(x.value) > MaxField {
			problem := p.problem(x.path, fmt.Sprintf("holds %d KiB; one field may hold %d KiB", len(x.value)>>10, MaxField>>10))
			problem.Hint, problem.TooLarge = "shorten it, or put the rest into another record", true
			return problem
		}
	}
	if all > MaxRecord {
		return &Problem{
			Text:     fmt.Sprintf("the record holds %d KiB; it may hold %d KiB", all>>10, MaxRecord>>10),
			Hint:     "put a part of it into another record",
			TooLarge: true,
		}
	}
	return nil
}

// checkMessage checks the fields that are set, in the order of the schema.
func checkMessage(m protoreflect.Message, at string) error {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		fd := fields.Get(i)
		if !m.Has(fd) || at == "" && int32(fd.Number()) == fieldSeen {
			continue
		}
		if err := checkField(fd, m.Get(fd), at+string(fd.Name())); err != nil {
			return err
		}
	}
	return nil
}

func checkField(fd protoreflect.FieldDescriptor, v protoreflect.Value, at string) (err error) {
	switch {
	case fd.IsMap():
		for _, k := range sortedKeys(v.Map()) {
			name := fmt.Sprintf("%s[%s]", at, clip(strings.ToValidUTF8(k.String(), "?")))
			if err = checkValue(fd.MapKey(), k.Value(), name); err == nil {
				err = checkValue(fd.MapValue(), v.Map().Get(k), name)
			}
			if err != nil {
				return err
			}
		}
	case fd.IsList():
		for i := 0; i < v.List().Len() && err == nil; i++ {
			err = checkValue(fd, v.List().Get(i), fmt.Sprintf("%s[%d]", at, i+1))
		}
	default:
		err = checkValue(fd, v, at)
	}
	return err
}

func sortedKeys(m protoreflect.Map) (keys []protoreflect.MapKey) {
	m.Range(func(k protoreflect.MapKey, _ protoreflect.Value) bool {
		keys = append(keys, k)
		return true
	})
	slices.SortFunc(keys, func(a, b protoreflect.MapKey) int { return strings.Compare(a.String(), b.String()) })
	return keys
}

func checkValue(fd protoreflect.FieldDescriptor, v protoreflect.Value, at string) error {
	switch fd.Kind() {
	case protoreflect.MessageKind:
		return checkMessage(v.Message(), at+".")
	case protoreflect.BytesKind:
		if isSealed(optionsOf(fd).GetSensitivity()) {
			return checkSealed(v.Bytes(), at)
		}
	case protoreflect.StringKind:
		return checkString(fd, v.String(), at)
	case protoreflect.DoubleKind, protoreflect.FloatKind:
		return checkFloat(fd, v.Float(), at)
	}
	return nil
}

func checkString(fd protoreflect.FieldDescriptor, s, at string) error {
	switch {
	case !utf8.ValidString(s):
		return fault(at, "holds bytes that are not text (UTF-8)", "type it again, or paste it as plain text")
	case strings.ContainsRune(s, 0):
		return fault(at, "holds a NUL character", "type it again, or paste it as plain text")
	case s == "":
		return nil
	}
	want := formatOf(optionsOf(fd).GetFormat())
	if want.ok != nil && !want.ok(s) {
		return fault(at, "what was given "+want.text, want.hint)
	}
	return nil
}

// degrees bounds the numbers that stand for a place on Earth, by field name.
var degrees = map[protoreflect.Name]float64{"latitude": 90, "longitude": 180}

func checkFloat(fd protoreflect.FieldDescriptor, f float64, at string) error {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return fault(at, "is not a number", "leave it empty where it is not known")
	}
	if most, ok := degrees[fd.Name()]; ok && math.Abs(f) > most {
		return fault(at, "what was given is not on Earth", fmt.Sprintf("write degrees from -%g to %g", most, most))
	}
	if fd.Name() == "precision_m" && f < 0 {
		return fault(at, "is less than nothing", "write metres, 0 or more")
	}
	return nil
}
