package report

import (
	"encoding/base64"
	"strconv"
	"strings"
	"unicode"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
)

// A cell is nil for none, a bool, an int64, uint64 or float64, or a string. Only strings
// may come from people.

// listOf is the vocabulary's list of an enum: FindingSeverity, FINDING_SEVERITY.
func listOf(e protoreflect.EnumDescriptor) string {
	var b strings.Builder
	for i, r := range string(e.Name()) {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

// codeOf is an enum's value as the vocabulary writes it, SERIOUS; the number of one that
// this program does not know.
func codeOf(e protoreflect.EnumDescriptor, n protoreflect.EnumNumber) string {
	v := e.Values().ByNumber(n)
	if v == nil {
		return strconv.Itoa(int(n))
	}
	return strings.TrimPrefix(string(v.Name()), listOf(e)+"_")
}

// cell reads the column's value out of a message; nil for none.
func (c column) cell(m protoreflect.Message, l *labels) any {
	for i, fd := range c.path {
		if !m.Has(fd) {
			return nil
		}
		if i == len(c.path)-1 {
			return c.of.cell(m.Get(fd), l)
		}
		m = m.Get(fd).Message()
	}
	return nil
}

// cell is a single value.
func (f leaf) cell(v protoreflect.Value, l *labels) any {
	switch f.fd.Kind() {
	case protoreflect.EnumKind:
		return f.coded(codeOf(f.fd.Enum(), v.Enum()), l)
	case protoreflect.StringKind:
		return f.coded(v.String(), l)
	case protoreflect.BytesKind:
		if f.sealed {
			return record.SealedWords(len(v.Bytes()))
		}
		return base64.StdEncoding.EncodeToString(v.Bytes())
	case protoreflect.BoolKind:
		return v.Bool()
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		return v.Float()
	case protoreflect.Uint32Kind, protoreflect.Uint64Kind, protoreflect.Fixed32Kind, protoreflect.Fixed64Kind:
		return v.Uint()
	}
	return v.Int()
}

// coded is a code, or the word for it.
func (f leaf) coded(code string, l *labels) any {
	if f.label {
		return l.of(f.list, code)
	}
	return code
}

// rows calls put for each row that the message makes in the table and in those of its
// parts. keys are the cells in front, own what stands behind the columns of the first row.
func (t *table) rows(m protoreflect.Message, l *labels, keys, own []any, put func(*table, []any) error) error {
	row := append([]any(nil), keys...)
	for _, c := range t.columns {
		row = append(row, c.cell(m, l))
	}
	if err := put(t, append(row, own...)); err != nil {
		return err
	}
	for _, p := range t.parts {
		at := m
		for _, fd := range p.path[:len(p.path)-1] {
			at = at.Get(fd).Message()
		}
		keys := append(keys[:len(keys):len(keys)], leaf{fd: p.key}.cell(m.Get(p.key), l))
		if err := p.rows(at.Get(p.path[len(p.path)-1]), l, keys, put); err != nil {
			return err
		}
	}
	return nil
}

// rows are those of the field's elements.
func (p part) rows(v protoreflect.Value, l *labels, keys []any, put func(*table, []any) error) (err error) {
	fd := p.path[len(p.path)-1]
	single := func(values ...protoreflect.Value) error {
		row := append([]any(nil), keys...)
		for _, c := range p.table.columns {
			row = append(row, c.of.cell(values[min(len(values)-1, valueOf(fd, c))], l))
		}
		return put(p.table, row)
	}
	switch {
	case fd.IsMap():
		for _, k := range sortedKeys(v.Map()) {
			if err = single(k.Value(), v.Map().Get(k)); err != nil {
				return err
			}
		}
	case fd.Message() == nil:
		for i := 0; i < v.List().Len() && err == nil; i++ {
			err = single(v.List().Get(i))
		}
	default:
		for i := 0; i < v.List().Len() && err == nil; i++ {
			err = p.table.rows(v.List().Get(i).Message(), l, keys, nil, put)
		}
	}
	return err
}

// valueOf is 0 for a map's key, 1 for its value.
func valueOf(fd protoreflect.FieldDescriptor, c column) int {
	if fd.IsMap() && c.of.fd == fd.MapValue() {
		return 1
	}
	return 0
}
