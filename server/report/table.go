package report

import (
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// maxDepth bounds how deep messages nest; ours nest three deep.
const maxDepth = 8

// table is what becomes of a message: columns, and tables of its repeated fields.
type table struct {
	name    string
	keys    []string // the columns in front: of what its rows hang on
	columns []column
	parts   []part
}

// column is one value of a row.
type column struct {
	name string
	path []protoreflect.FieldDescriptor // from the row's message
	of   leaf
}

// leaf is how a single value is read and labelled.
type leaf struct {
	fd     protoreflect.FieldDescriptor
	list   string // of its codes; empty for none
	label  bool   // the word for the code, not the code
	sealed bool
}

// part is a repeated field of the row's message, with the table of its elements.
type part struct {
	path  []protoreflect.FieldDescriptor
	table *table
	// key is the place of the field, within the row, that names it in the tables of its
	// elements: field 1.
	key protoreflect.FieldDescriptor
}

// tableOf plans the table of a kind.
func tableOf(k record.Kind) *table {
	t := &table{name: k.String()}
	all := record.New(k).ProtoReflect().Descriptor().Fields()
	id := all.ByNumber(1)
	for _, f := range record.Fields(k) {
		if f.Name != "removed" { // a vector of versions; whether it is, stands behind
			t.add(f.Descriptor, f.Name, nil, id, k.String()+"_id", 0)
		}
	}
	return t
}

// add plans one field. key and keyName say how tables of elements name the row.
func (t *table) add(fd protoreflect.FieldDescriptor, name string, path []protoreflect.FieldDescriptor, key protoreflect.FieldDescriptor, keyName string, depth int) {
	path = append(path[:len(path):len(path)], fd)
	switch {
	case depth > maxDepth:
	case fd.IsMap() || fd.IsList():
		t.parts = append(t.parts, part{path, t.elements(fd, name, keyName, depth), key})
	case fd.Message() != nil:
		inner := fd.Message().Fields()
		for i := range inner.Len() {
			t.add(inner.Get(i), name+"."+string(inner.Get(i).Name()), path, key, keyName, depth+1)
		}
	default:
		t.columns = append(t.columns, columnsOf(fd, name, path)...)
	}
}

// elements plans the table of a repeated field.
func (t *table) elements(fd protoreflect.FieldDescriptor, name, keyName string, depth int) *table {
	e := &table{name: t.name + "." + name, keys: append(t.keys[:len(t.keys):len(t.keys)], keyName)}
	switch {
	case fd.IsMap():
		e.columns = append(columnsOf(fd.MapKey(), "key", nil), columnsOf(fd.MapValue(), "value", nil)...)
	case fd.Message() == nil:
		e.columns = columnsOf(fd, "value", nil)
	default:
		inner := fd.Message().Fields()
		first := inner.ByNumber(1)
		for i := range inner.Len() {
			e.add(inner.Get(i), string(inner.Get(i).Name()), nil, first, string(fd.Name())+"_"+string(first.Name()), depth+1)
		}
	}
	return e
}

// columnsOf are the value's column and, for one that holds codes, that of their labels.
func columnsOf(fd protoreflect.FieldDescriptor, name string, path []protoreflect.FieldDescriptor) []column {
	o := optionsOf(fd)
	l := leaf{fd: fd, list: o.GetList(), sealed: o.GetSensitivity() == daylightv1.Sensitivity_SENSITIVITY_SEALED}
	if fd.Enum() != nil {
		l.list = listOf(fd.Enum())
	}
	out := []column{{name, path, l}}
	if l.list != "" {
		l.label = true
		out = append(out, column{name + "_label", path, l})
	}
	return out
}

// optionsOf is what the schema says about a field; never nil.
func optionsOf(fd protoreflect.FieldDescriptor) *daylightv1.Field {
	if o, ok := proto.GetExtension(fd.Options(), daylightv1.E_Field).(*daylightv1.Field); ok && o != nil {
		return o
	}
	return &daylightv1.Field{}
}

// header names the columns of a table.
func (t *table) header() []string {
	out := append([]string(nil), t.keys...)
	for _, c := range t.columns {
		out = append(out, c.name)
	}
	return out
}

// each calls do for the table and those of its parts.
func (t *table) each(do func(*table) error) error {
	if err := do(t); err != nil {
		return err
	}
	for _, p := range t.parts {
		if err := p.table.each(do); err != nil {
			return err
		}
	}
	return nil
}
