package record_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The rules that a record's schema must keep so that the merge is safe. Numbers
// that are used again for something else are found by buf against the baseline.

func options(fd protoreflect.FieldDescriptor) *daylightv1.Field {
	return proto.GetExtension(fd.Options(), daylightv1.E_Field).(*daylightv1.Field)
}

// schemaFaults says what breaks the rules in a record's message.
func schemaFaults(md protoreflect.MessageDescriptor) (faults []string) {
	say := func(d protoreflect.Descriptor, text string) {
		faults = append(faults, fmt.Sprintf("%s: %s", d.FullName(), text))
	}
	header := (&daylightv1.Facility{}).ProtoReflect().Descriptor().Fields()
	for n := protoreflect.FieldNumber(1); n <= 7; n++ {
		want, got := header.ByNumber(n), md.Fields().ByNumber(n)
		if got == nil || got.Name() != want.Name() || got.Kind() != want.Kind() || options(got).GetRule() != options(want).GetRule() {
			say(md, fmt.Sprintf("field %d is not the %s that every record has", n, want.Name()))
		}
	}
	for i := range md.Fields().Len() {
		fd := md.Fields().Get(i)
		if fd.Name() != "seen" {
			topFaults(fd, say)
		}
	}
	messageFaults(md, map[protoreflect.FullName]bool{}, say)
	return faults
}

// topFaults: a top-level field has a rule that suits it.
func topFaults(fd protoreflect.FieldDescriptor, say func(protoreflect.Descriptor, string)) {
	o := options(fd)
	if o.GetSensitivity() == 0 {
		say(fd, "no sensitivity")
	}
	switch o.GetRule() {
	case record.Register, record.Guarded, record.Fixed:
		if fd.IsList() || fd.IsMap() {
			say(fd, "one value by its rule, and repeated")
		}
	case record.Set:
		if !fd.IsList() || fd.Message() != nil {
			say(fd, "a SET that is not repeated scalars")
		}
	case record.Keyed:
		keyedFaults(fd, o, say)
	default:
		say(fd, "no rule")
	}
	if fd.Message() != nil && fd.Message().FullName() == "daylight.v1.PopulationCount" && o.GetRule() != record.Keyed {
		say(fd, "counts that are not KEYED rows")
	}
}

func keyedFaults(fd protoreflect.FieldDescriptor, o *daylightv1.Field, say func(protoreflect.Descriptor, string)) {
	switch {
	case fd.IsMap():
		if o.GetKey() != "" {
			say(fd, "a map names no key")
		}
		if k := fd.MapKey().Kind(); k != protoreflect.StringKind {
			say(fd, "a map whose key is not a string")
		}
	case !fd.IsList() || fd.Message() == nil:
		say(fd, "KEYED and neither repeated messages nor a map")
	default:
		key := fd.Message().Fields().ByNumber(1)
		switch {
		case key == nil || string(key.Name()) != o.GetKey():
			say(fd, "field 1 of the element is not its key")
		case key.Name() == "id" && options(key).GetFormat() != daylightv1.Format_FORMAT_UUID:
			say(fd, "an id that is not a UUID")
		case key.Kind() != protoreflect.StringKind && key.Kind() != protoreflect.EnumKind:
			say(fd, "a key that is neither a string nor an enum")
		}
	}
}

// messageFaults: what holds for a record and for all that it holds.
func messageFaults(md protoreflect.MessageDescriptor, above map[protoreflect.FullName]bool, say func(protoreflect.Descriptor, string)) {
	if above[md.FullName()] {
		say(md, "holds itself: nesting has no bound")
		return
	}
	above[md.FullName()] = true
	defer delete(above, md.FullName())
	for i := range md.Oneofs().Len() {
		if o := md.Oneofs().Get(i); !o.IsSynthetic() {
			say(o, "a oneof: two edits of it would not meet")
		}
	}
	isKey := func(fd protoreflect.FieldDescriptor) bool { return fd.Number() == 1 }
	for i := range md.Fields().Len() {
		fd := md.Fields().Get(i)
		_, known := record.ParseKind(options(fd).GetRefers())
		switch {
		case !fd.IsList() && !fd.IsMap() && !fd.HasPresence() && fd.Name() != "seen" && !isKey(fd):
			say(fd, "0 and not set are the same")
		case options(fd).GetRefers() != "" && (known != nil || options(fd).GetFormat() != daylightv1.Format_FORMAT_UUID):
			say(fd, "refers to what is no kind, or is not a UUID")
		case fd.Kind() == protoreflect.GroupKind:
			say(fd, "a group")
		}
		if fd.Message() != nil && !fd.IsMap() && fd.Message().FullName() != "daylight.v1.Removed" {
			messageFaults(fd.Message(), above, say)
		}
	}
}

func TestSchemaKeepsTheRulesOfTheMerge(t *testing.T) {
	for _, k := range record.Kinds() {
		for _, fault := range schemaFaults(record.New(k).ProtoReflect().Descriptor()) {
			t.Error(fault)
		}
	}
}

func TestFaultySchemaIsFound(t *testing.T) {
	field := func(f *descriptorpb.FileDescriptorProto, name string) *descriptorpb.FieldDescriptorProto {
		fields := f.MessageType[0].Field
		return fields[slices.IndexFunc(fields, func(fd *descriptorpb.FieldDescriptorProto) bool { return fd.GetName() == name })]
	}
	for want, change := range map[string]func(*descriptorpb.FileDescriptorProto){
		"no rule": func(f *descriptorpb.FileDescriptorProto) { field(f, "title").Options = ruled(0) },
		"no sensitivity": func(f *descriptorpb.FileDescriptorProto) {
			proto.GetExtension(field(f, "title").Options, daylightv1.E_Field).(*daylightv1.Field).Sensitivity = 0
		},
		"one value by its rule":          func(f *descriptorpb.FileDescriptorProto) { field(f, "sessions").Options = ruled(record.Register) },
		"not repeated scalars":           func(f *descriptorpb.FileDescriptorProto) { field(f, "sessions").Options = ruled(record.Set) },
		"neither repeated messages":      func(f *descriptorpb.FileDescriptorProto) { field(f, "title").Options = ruled(record.Keyed) },
		"not its key":                    func(f *descriptorpb.FileDescriptorProto) { field(f, "team").Options = ruled(record.Keyed) },
		"counts that are not KEYED rows": func(f *descriptorpb.FileDescriptorProto) { field(f, "population").Options = ruled(record.Set) },
		"0 and not set are the same": func(f *descriptorpb.FileDescriptorProto) {
			fd := field(f, "joint")
			fd.Proto3Optional = nil
			i := fd.GetOneofIndex()
			fd.OneofIndex = nil
			for _, other := range f.MessageType[0].Field {
				if other.OneofIndex != nil && other.GetOneofIndex() > i {
					other.OneofIndex = proto.Int32(other.GetOneofIndex() - 1)
				}
			}
			f.MessageType[0].OneofDecl = slices.Delete(f.MessageType[0].OneofDecl, int(i), int(i)+1)
		},
		"a oneof": func(f *descriptorpb.FileDescriptorProto) {
			m := f.MessageType[0]
			for _, fd := range m.Field {
				if fd.OneofIndex != nil {
					fd.OneofIndex = proto.Int32(fd.GetOneofIndex() + 1)
				}
			}
			m.OneofDecl = append([]*descriptorpb.OneofDescriptorProto{{Name: proto.String("real")}}, m.OneofDecl...)
			m.Field = append(m.Field, &descriptorpb.FieldDescriptorProto{
				Name: proto.String("one_of"), Number: proto.Int32(50), OneofIndex: proto.Int32(0), Options: ruled(record.Register),
				Type:  descriptorpb.FieldDescriptorProto_TYPE_STRING.Enum(),
				Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
			})
		},
		"no kind": func(f *descriptorpb.FileDescriptorProto) {
			proto.GetExtension(field(f, "facility_id").Options, daylightv1.E_Field).(*daylightv1.Field).Refers = "planet"
		},
		"that every record has": func(f *descriptorpb.FileDescriptorProto) { field(f, "confidentiality").Name = proto.String("secrecy") },
		"an id that is not a UUID": func(f *descriptorpb.FileDescriptorProto) {
			for _, m := range f.MessageType {
				if m.GetName() == "ClosingPoint" {
					m.Field[0].Options = ruled(0)
				}
			}
		},
		"holds itself": func(f *descriptorpb.FileDescriptorProto) {
			for _, m := range f.MessageType {
				if m.GetName() == "ClosingPoint" {
					m.Field = append(m.Field, &descriptorpb.FieldDescriptorProto{
						Name: proto.String("under"), Number: proto.Int32(30), TypeName: proto.String(".daylight.v1.ClosingPoint"),
						Type:  descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum(),
						Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
					})
				}
			}
		},
	} {
		t.Run(strings.ReplaceAll(want, " ", "-"), func(t *testing.T) {
			f := fileOf(record.Visit)
			change(f)
			faults := schemaFaults(build(t, f, record.Visit))
			if !slices.ContainsFunc(faults, func(s string) bool { return strings.Contains(s, want) }) {
				t.Errorf("found only %q", faults)
			}
		})
	}
}
