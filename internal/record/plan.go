package record

import (
	"cmp"
	"slices"
	"sync"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Rule says how concurrent edits of a field meet, see options.proto.
type Rule = daylightv1.MergeRule

// The rules.
const (
	Register = daylightv1.MergeRule_MERGE_RULE_REGISTER
	Keyed    = daylightv1.MergeRule_MERGE_RULE_KEYED
	Set      = daylightv1.MergeRule_MERGE_RULE_SET
	Guarded  = daylightv1.MergeRule_MERGE_RULE_GUARDED
	Fixed    = daylightv1.MergeRule_MERGE_RULE_FIXED
)

// Field is one top-level field of a record.
type Field struct {
	Number      int32
	Name        string
	Rule        Rule
	Sensitivity daylightv1.Sensitivity
	Format      daylightv1.Format
	// Key is the name of field 1 of a KEYED message; empty for a map.
	Key string
	// Refers is the kind that the field's ids name; 0 for none.
	Refers Kind
	// List is the Term list of the field's codes; empty for none.
	List       string
	Descriptor protoreflect.FieldDescriptor

	order protoreflect.FieldDescriptor // of a KEYED message's position; nil for none
}

// Element reports whether the field's paths are elements, each with a key.
func (f Field) Element() bool { return f.Rule == Keyed || f.Rule == Set }

// plan is what the descriptor of a record says, read once.
type plan struct {
	kind   Kind
	typ    protoreflect.MessageType
	fields []Field // sorted by number, without seen
	index  map[protowire.Number]int
	shape  *shape
}

// field finds a field by number; nil when the descriptor does not know it.
func (p *plan) field(n int32) *Field {
	if i, ok := p.index[protowire.Number(n)]; ok {
		return &p.fields[i]
	}
	return nil
}

// plans remembers plans by descriptor. It holds a handful of entries for the life
// of the program.
var plans sync.Map // protoreflect.MessageDescriptor -> *plan

func planOf(m proto.Message) (*plan, error) {
	r := m.ProtoReflect()
	return planFor(r.Type(), r.Descriptor())
}

func planFor(typ protoreflect.MessageType, md protoreflect.MessageDescriptor) (*plan, error) {
	if p, ok := plans.Load(md); ok {
		return p.(*plan), nil
	}
	kind, err := kindOf(md)
	if err != nil {
		return nil, err
	}
	p, _ := plans.LoadOrStore(md, newPlan(kind, typ, md))
	return p.(*plan), nil
}

// planOfKind is the plan of this program's own message; nil for an invalid kind.
func planOfKind(k Kind) *plan { return ownPlans()[k] }

var ownPlans = sync.OnceValue(func() map[Kind]*plan {
	own := map[Kind]*plan{}
	for _, k := range kinds {
		if p, err := planOf(New(k)); err == nil {
			own[k] = p
		}
	}
	return own
})

func newPlan(kind Kind, typ protoreflect.MessageType, md protoreflect.MessageDescriptor) *plan {
	p := &plan{kind: kind, typ: typ, index: map[protowire.Number]int{}, shape: shapeOf(md)}
	all := md.Fields()
	for i := range all.Len() {
		if fd := all.Get(i); fd.Number() != protowire.Number(fieldSeen) {
			p.fields = append(p.fields, newField(fd))
		}
	}
	slices.SortFunc(p.fields, func(a, b Field) int { return cmp.Compare(a.Number, b.Number) })
	for i, f := range p.fields {
		p.index[protowire.Number(f.Number)] = i
	}
	return p
}

func newField(fd protoreflect.FieldDescriptor) Field {
	o := optionsOf(fd)
	f := Field{
		Number: int32(fd.Number()), Name: string(fd.Name()), Rule: o.GetRule(),
		Sensitivity: o.GetSensitivity(), Format: o.GetFormat(), Key: o.GetKey(),
		List: o.GetList(), Descriptor: fd,
	}
	if o.GetRefers() != "" {
		f.Refers, _ = ParseKind(o.GetRefers())
	}
	if f.Rule == Keyed && fd.IsList() {
		f.order = fd.Message().Fields().ByName("order")
	}
	return f
}

// optionsOf reads what the schema says about a field; never nil.
func optionsOf(fd protoreflect.FieldDescriptor) *daylightv1.Field {
	if o, ok := proto.GetExtension(fd.Options(), daylightv1.E_Field).(*daylightv1.Field); ok && o != nil {
		return o
	}
	return &daylightv1.Field{}
}

// Fields lists the top-level fields of a kind in the order of their numbers,
// without seen, which is never stored; nil for a kind that is not valid.
func Fields(k Kind) []Field {
	if p := planOfKind(k); p != nil {
		return slices.Clone(p.fields)
	}
	return nil
}

// RuleOf tells how a field merges; false for a field that this program does not
// know, and for seen.
func RuleOf(k Kind, field int32) (Rule, bool) {
	if p := planOfKind(k); p != nil {
		if f := p.field(field); f != nil {
			return f.Rule, true
		}
	}
	return 0, false
}
