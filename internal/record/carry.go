package record

import (
	"bytes"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/fold"
)

// carry adds to a sub-message what a newer program wrote into the value that was
// on screen and this one does not know.
func (d *saving) carry(path fold.Path, value []byte) []byte {
	f := d.plan.field(path.Field)
	sh := d.plan.shape.fields[protowire.Number(path.Field)]
	base := d.base(path)
	if sh.sub == nil || len(base) == 0 || len(d.plan.shape.strip(base)) == len(base) {
		return value
	}
	to, from := d.plan.typ.New(), d.plan.typ.New()
	if proto.Unmarshal(value, to.Interface()) != nil || proto.Unmarshal(base, from.Interface()) != nil {
		return value
	}
	carryField(to, from, f.Descriptor)
	out, err := deterministic.Marshal(to.Interface())
	if err != nil {
		return value
	}
	return out
}

// base is the value that the token showed in front, else what is in front now.
func (d *saving) base(path fold.Path) []byte {
	entries := d.state.Entries(path)
	if seen := d.token.at(path); len(seen) > 0 {
		for _, e := range entries {
			if e.Dot == seen[0].Dot {
				return e.Value
			}
		}
	}
	if len(entries) == 0 {
		return nil
	}
	return entries[0].Value
}

// carryUnknown copies the unknown fields of from into to, at every depth where
// both have the same sub-message.
func carryUnknown(to, from protoreflect.Message) {
	to.SetUnknown(bytes.Clone(from.GetUnknown()))
	to.Range(func(fd protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
		if fd.Message() != nil && from.Has(fd) {
			carryField(to, from, fd)
		}
		return true
	})
}

func carryField(to, from protoreflect.Message, fd protoreflect.FieldDescriptor) {
	switch {
	case fd.IsMap():
		carryMap(to.Get(fd).Map(), from.Get(fd).Map(), fd)
	case fd.IsList():
		carryList(to.Get(fd).List(), from.Get(fd).List())
	default:
		carryUnknown(to.Mutable(fd).Message(), from.Get(fd).Message())
	}
}

func carryMap(to, from protoreflect.Map, fd protoreflect.FieldDescriptor) {
	if fd.MapValue().Message() == nil {
		return
	}
	to.Range(func(k protoreflect.MapKey, v protoreflect.Value) bool {
		if from.Has(k) {
			carryUnknown(v.Message(), from.Get(k).Message())
		}
		return true
	})
}

// carryList pairs elements by their string id in field 1, by place without one.
func carryList(to, from protoreflect.List) {
	for i := range to.Len() {
		if j := partner(to.Get(i).Message(), from, i); j >= 0 {
			carryUnknown(to.Get(i).Message(), from.Get(j).Message())
		}
	}
}

func partner(m protoreflect.Message, in protoreflect.List, i int) int {
	key := m.Descriptor().Fields().ByNumber(1)
	if key != nil && key.Kind() == protoreflect.StringKind && key.Name() == "id" && !key.IsList() {
		for j := range in.Len() {
			if in.Get(j).Message().Get(key).String() == m.Get(key).String() {
				return j
			}
		}
		return -1
	}
	if i < in.Len() {
		return i
	}
	return -1
}
