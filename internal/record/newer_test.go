package record_test

import (
	"bytes"
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// newer is a record of a program that knows more than this one: it has a field 40
// (REGISTER) and 41 (SET), and text in field 90 of every sub-message.
type newer struct{ *dynamicpb.Message }

func (n newer) text(name protoreflect.Name) string {
	return n.Get(n.Descriptor().Fields().ByName(name)).String()
}
func (n newer) set(name protoreflect.Name, v any) {
	n.Set(n.Descriptor().Fields().ByName(name), protoreflect.ValueOf(v))
}
func (n newer) GetId() string { return n.text("id") }
func (n newer) GetSeen() []byte {
	return n.Get(n.Descriptor().Fields().ByName("seen")).Bytes()
}
func (n newer) GetRemoved() *daylightv1.Removed { return nil }

// fileOf is the schema file of a kind, to be changed and built again.
func fileOf(k record.Kind) *descriptorpb.FileDescriptorProto {
	return protodesc.ToFileDescriptorProto(record.New(k).ProtoReflect().Descriptor().ParentFile())
}

func build(t interface{ Fatal(...any) }, f *descriptorpb.FileDescriptorProto, k record.Kind) protoreflect.MessageDescriptor {
	fd, err := protodesc.NewFile(f, protoregistry.GlobalFiles)
	if err != nil {
		t.Fatal(err)
	}
	return fd.Messages().ByName(record.New(k).ProtoReflect().Descriptor().Name())
}

func ruled(rule record.Rule) *descriptorpb.FieldOptions {
	o := &descriptorpb.FieldOptions{}
	proto.SetExtension(o, daylightv1.E_Field, &daylightv1.Field{
		Rule: rule, Sensitivity: daylightv1.Sensitivity_SENSITIVITY_TEXT,
	})
	return o
}

func addText(m *descriptorpb.DescriptorProto, name string, n int32, rule record.Rule) {
	f := &descriptorpb.FieldDescriptorProto{
		Name: proto.String(name), Number: proto.Int32(n), Options: ruled(rule),
		Type:  descriptorpb.FieldDescriptorProto_TYPE_STRING.Enum(),
		Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
	}
	if rule == record.Set {
		f.Label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
	} else {
		f.Proto3Optional = proto.Bool(true)
		f.OneofIndex = proto.Int32(int32(len(m.OneofDecl)))
		m.OneofDecl = append(m.OneofDecl, &descriptorpb.OneofDescriptorProto{Name: proto.String("_" + name)})
	}
	m.Field = append(m.Field, f)
}

var newerSchemas = map[record.Kind]protoreflect.MessageDescriptor{}

func newNewer(t interface{ Fatal(...any) }, k record.Kind) newer {
	if newerSchemas[k] == nil {
		f := fileOf(k)
		for i, m := range f.MessageType {
			if i == 0 {
				addText(m, "added", 40, record.Register)
				addText(m, "added_set", 41, record.Set)
			} else {
				addText(m, "added_inside", 90, 0)
			}
		}
		newerSchemas[k] = build(t, f, k)
	}
	return newer{dynamicpb.NewMessage(newerSchemas[k])}
}

func (d *device) showNewer(t interface{ Fatal(...any) }, k record.Kind) newer {
	n := newNewer(t, k)
	if err := record.ShowIn(n, parseID(t, anID), d.state, record.Naming{}); err != nil {
		t.Fatal(err)
	}
	return n
}

// element makes a sub-message of a newer schema, in a list or alone.
func (n newer) element(name protoreflect.Name, set map[protoreflect.Name]any) protoreflect.Message {
	fd := n.Descriptor().Fields().ByName(name)
	var m protoreflect.Message
	if fd.IsList() {
		m = n.Mutable(fd).List().AppendMutable().Message()
	} else {
		m = n.Mutable(fd).Message()
	}
	for k, v := range set {
		m.Set(m.Descriptor().Fields().ByName(k), protoreflect.ValueOf(v))
	}
	return m
}

func TestOlderProgramKeepsFieldsThatItDoesNotKnow(t *testing.T) {
	a, b := newDevice(1), newDevice(2)
	n := newNewer(t, record.Finding)
	n.set("id", anID)
	n.set("narrative", "first")
	n.set("added", "a newer word")
	l := n.Mutable(n.Descriptor().Fields().ByName("added_set")).List()
	l.Append(protoreflect.ValueOfString("x"))
	l.Append(protoreflect.ValueOfString("y"))
	n.element("number_affected", map[protoreflect.Name]any{"exact": uint32(3), "added_inside": "about three"})
	a.save(t, n)

	b.pull(a)
	m := b.finding(t)
	m.Narrative = proto.String("second")
	m.NumberAffected.Exact = proto.Uint32(4)
	edits := b.save(t, m)
	for _, e := range edits {
		if e.Field != 23 && e.Field != 27 {
			t.Errorf("the older program edited %v", e.Path)
		}
	}

	a.pull(b)
	after := a.showNewer(t, record.Finding)
	if got := after.text("added"); got != "a newer word" {
		t.Errorf("the added field is now %q", got)
	}
	if got := after.Get(after.Descriptor().Fields().ByName("added_set")).List().Len(); got != 2 {
		t.Errorf("the added set holds %d values, want 2", got)
	}
	number := after.Get(after.Descriptor().Fields().ByName("number_affected")).Message()
	inside := number.Descriptor().Fields()
	if got := number.Get(inside.ByName("added_inside")).String(); got != "about three" {
		t.Errorf("the added sub-field is now %q", got)
	}
	if got := number.Get(inside.ByName("exact")).Uint(); got != 4 {
		t.Errorf("the edit arrived as %d, want 4", got)
	}
}

func TestOlderProgramDropsUnknownFieldsFromItsMessage(t *testing.T) {
	a, b := newDevice(1), newDevice(2)
	n := newNewer(t, record.Finding)
	n.set("id", anID)
	n.set("added", "a newer word")
	a.save(t, n)
	b.pull(a)
	m := b.finding(t)
	m.ProtoReflect().SetUnknown(nil)
	if edits := b.save(t, m); len(edits) != 0 {
		t.Errorf("leaving out what is not known is no edit, got %v", edits)
	}
}

func TestUnknownSubFieldsOfElementsAreCarriedByKey(t *testing.T) {
	a, b := newDevice(1), newDevice(2)
	n := newNewer(t, record.Visit)
	n.set("id", anID)
	n.element("sessions", map[protoreflect.Name]any{"id": anotherID, "added_inside": "one"})
	n.element("sessions", map[protoreflect.Name]any{"id": thirdID, "added_inside": "two"})
	a.save(t, n)

	b.pull(a)
	m := b.visit(t)
	slices.Reverse(m.Sessions)
	for _, s := range m.Sessions {
		s.Note = proto.String("noted")
		s.ProtoReflect().SetUnknown(nil) // a form that rebuilds its elements
	}
	if got := len(b.save(t, m)); got != 2 {
		t.Errorf("%d edits, want 2", got)
	}

	a.pull(b)
	after := a.showNewer(t, record.Visit)
	l := after.Get(after.Descriptor().Fields().ByName("sessions")).List()
	want := map[string]string{anotherID: "one", thirdID: "two"}
	for i := range l.Len() {
		s := l.Get(i).Message()
		fields := s.Descriptor().Fields()
		id := s.Get(fields.ByName("id")).String()
		if got := s.Get(fields.ByName("added_inside")).String(); got != want[id] {
			t.Errorf("element %s carries %q, want %q", id, got, want[id])
		}
		if s.Get(fields.ByName("note")).String() != "noted" {
			t.Errorf("element %s lost its edit", id)
		}
	}
}

func TestValueThatDiffersOnlyInUnknownPartsIsNoEdit(t *testing.T) {
	a, b := newDevice(1), newDevice(2)
	n := newNewer(t, record.Visit)
	n.set("id", anID)
	n.element("sessions", map[protoreflect.Name]any{"id": anotherID, "added_inside": "one"})
	a.save(t, n)
	b.pull(a)
	m := b.visit(t)
	m.Sessions[0].ProtoReflect().SetUnknown(nil)
	if edits := b.save(t, m); len(edits) != 0 {
		t.Errorf("got %v", edits)
	}
}

func TestOlderProgramWithANewerTokenClearsNothing(t *testing.T) {
	d := newDevice(1)
	n := newNewer(t, record.Finding)
	n.set("id", anID)
	n.set("added", "a newer word")
	n.set("title", "a title")
	d.save(t, n)
	m := &daylightv1.Finding{Id: anID, Seen: d.showNewer(t, record.Finding).GetSeen(), Title: proto.String("a title")}
	if edits := d.save(t, m); len(edits) != 0 {
		t.Errorf("got %v", edits)
	}
}

func TestWhatIsCarriedComesFromTheValueThatWasShown(t *testing.T) {
	a, b, c := newDevice(1), newDevice(2), newDevice(3)
	n := newNewer(t, record.Finding)
	n.set("id", anID)
	n.element("number_affected", map[protoreflect.Name]any{"exact": uint32(1), "added_inside": "shown"})
	a.save(t, n)
	b.pull(a)
	form := b.finding(t)

	other := newNewer(t, record.Finding)
	other.set("id", anID)
	other.element("number_affected", map[protoreflect.Name]any{"exact": uint32(2), "added_inside": "came later"})
	c.clock = 10
	c.save(t, other)
	b.pull(c) // in front now

	form.NumberAffected.Exact = proto.Uint32(3)
	form.NumberAffected.ProtoReflect().SetUnknown(nil)
	edits := b.save(t, form)
	if len(edits) != 1 || !bytes.Contains(edits[0].Value, []byte("shown")) {
		t.Errorf("got %v", edits)
	}
}

// rowsSchema is a finding with rows in number_affected, in a list and in a map.
// extra adds to the row what an older program does not know.
func rowsSchema(t *testing.T, extra bool) protoreflect.MessageDescriptor {
	f := fileOf(record.Finding)
	text := func(name string, n int32) *descriptorpb.FieldDescriptorProto {
		return &descriptorpb.FieldDescriptorProto{Name: proto.String(name), Number: proto.Int32(n),
			Type:  descriptorpb.FieldDescriptorProto_TYPE_STRING.Enum(),
			Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum()}
	}
	rows := func(name string, n int32, typ string) *descriptorpb.FieldDescriptorProto {
		return &descriptorpb.FieldDescriptorProto{Name: proto.String(name), Number: proto.Int32(n), TypeName: proto.String(typ),
			Type:  descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum(),
			Label: descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()}
	}
	row := &descriptorpb.DescriptorProto{Name: proto.String("Row"), Field: []*descriptorpb.FieldDescriptorProto{text("id", 1), text("name", 2)}}
	line := &descriptorpb.DescriptorProto{Name: proto.String("Line"), Field: []*descriptorpb.FieldDescriptorProto{text("name", 2)}}
	if extra {
		row.Field = append(row.Field, text("extra", 9))
		line.Field = append(line.Field, text("extra", 9))
	}
	value := text("value", 2)
	value.Type, value.TypeName = descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum(), proto.String(".daylight.v1.Line")
	count := f.MessageType[1]
	count.NestedType = append(count.NestedType, &descriptorpb.DescriptorProto{
		Name: proto.String("ByNameEntry"), Options: &descriptorpb.MessageOptions{MapEntry: proto.Bool(true)},
		Field: []*descriptorpb.FieldDescriptorProto{text("key", 1), value},
	})
	count.Field = append(count.Field, rows("rows", 50, ".daylight.v1.Row"), rows("lines", 51, ".daylight.v1.Line"),
		rows("by_name", 52, ".daylight.v1.CountRange.ByNameEntry"))
	f.MessageType = append(f.MessageType, row, line)
	return build(t, f, record.Finding)
}

func TestUnknownPartsOfRowsWithinAreCarriedByIDPlaceOrKey(t *testing.T) {
	fill := func(n newer, ids []string, word string) {
		n.set("id", anID)
		number := n.element("number_affected", nil)
		fields := number.Descriptor().Fields()
		put := func(m protoreflect.Message, name, v string) {
			if fd := m.Descriptor().Fields().ByName(protoreflect.Name(name)); fd != nil {
				m.Set(fd, protoreflect.ValueOfString(v))
			}
		}
		for _, id := range ids {
			r := number.Mutable(fields.ByName("rows")).List().AppendMutable().Message()
			put(r, "id", id)
			put(r, "name", word)
			put(r, "extra", "row "+id[35:])
		}
		l := number.Mutable(fields.ByName("lines")).List().AppendMutable().Message()
		put(l, "name", word)
		put(l, "extra", "line")
		e := number.Mutable(fields.ByName("by_name")).Map()
		v := e.NewValue()
		put(v.Message(), "name", word)
		put(v.Message(), "extra", "entry")
		e.Set(protoreflect.ValueOfString("k").MapKey(), v)
	}
	d := newDevice(1)
	n := newer{dynamicpb.NewMessage(rowsSchema(t, true))}
	fill(n, []string{anID, anotherID}, "old")
	d.save(t, n)

	older := newer{dynamicpb.NewMessage(rowsSchema(t, false))}
	if err := record.ShowIn(older, parseID(t, anID), d.state, record.Naming{}); err != nil {
		t.Fatal(err)
	}
	seen := older.GetSeen()
	older = newer{dynamicpb.NewMessage(older.Descriptor())}
	older.set("seen", seen)
	fill(older, []string{thirdID, anotherID}, "new")
	d.save(t, older)

	want := newer{dynamicpb.NewMessage(n.Descriptor())}
	fill(want, []string{thirdID, anotherID}, "new")
	number := want.Get(want.Descriptor().Fields().ByName("number_affected")).Message()
	third := number.Get(number.Descriptor().Fields().ByName("rows")).List().Get(0).Message()
	third.Clear(third.Descriptor().Fields().ByName("extra")) // a new row
	got := newer{dynamicpb.NewMessage(n.Descriptor())}
	if err := record.ShowIn(got, parseID(t, anID), d.state, record.Naming{}); err != nil {
		t.Fatal(err)
	}
	got.Clear(got.Descriptor().Fields().ByName("seen"))
	if !proto.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestUnknownEnumValueSurvives(t *testing.T) {
	a, b := newDevice(1), newDevice(2)
	m := aFinding()
	m.Kind = daylightv1.FindingKind(77).Enum()
	m.Sources = append(m.Sources, 99)
	a.save(t, m)
	b.pull(a)
	got := b.finding(t)
	got.Title = proto.String("titled")
	b.save(t, got)
	m.Title = proto.String("titled")
	equal(t, b.finding(t), m)
}

func TestValueThatDoesNotDecodeLeavesTheRestReadable(t *testing.T) {
	d := newDevice(1)
	d.save(t, aFinding())
	bad := fold.Edit{Path: fold.Path{Field: 26}, Value: protowire.AppendString(protowire.AppendTag(nil, 26, protowire.BytesType), "\xff")}
	d.apply([]fold.Edit{bad})
	equal(t, d.finding(t), aFinding())
	m := d.finding(t)
	m.Narrative = proto.String("goes on")
	if edits := d.save(t, m); len(edits) != 1 || edits[0].Field != 27 {
		t.Errorf("got %v, want the narrative alone", edits)
	}
}
