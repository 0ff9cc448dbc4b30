package record_test

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// drawInto fills a message by its descriptor with values that are valid.
func drawInto(t *rapid.T, m protoreflect.Message, depth int) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		fd := fields.Get(i)
		name := string(fd.Name())
		if depth == 0 && fd.Number() <= 3 || rapid.IntRange(0, 2).Draw(t, name+"?") == 0 {
			continue
		}
		switch {
		case fd.IsMap():
			for range rapid.IntRange(1, 2).Draw(t, name) {
				key := rapid.SampledFrom([]string{"en", "ru", "tk"}).Draw(t, name+" key")
				m.Mutable(fd).Map().Set(protoreflect.ValueOfString(key).MapKey(), drawScalar(t, fd.MapValue(), false))
			}
		case fd.IsList() && fd.Message() != nil:
			drawElements(t, m.Mutable(fd).List(), depth)
		case fd.IsList():
			for range rapid.IntRange(1, 3).Draw(t, name) {
				m.Mutable(fd).List().Append(drawScalar(t, fd, true))
			}
		case fd.Message() != nil:
			drawInto(t, m.Mutable(fd).Message(), depth+1)
		default:
			m.Set(fd, drawScalar(t, fd, false))
		}
	}
}

// drawElements draws elements with keys of their own.
func drawElements(t *rapid.T, l protoreflect.List, depth int) {
	for i := range rapid.IntRange(1, 3).Draw(t, "elements") {
		e := l.AppendMutable().Message()
		drawInto(t, e, depth+1)
		key := e.Descriptor().Fields().ByNumber(1)
		if key.Kind() == protoreflect.EnumKind {
			e.Set(key, protoreflect.ValueOfEnum(protoreflect.EnumNumber(i+1)))
		} else {
			e.Set(key, protoreflect.ValueOfString([]string{anID, anotherID, thirdID}[i]))
		}
	}
}

func drawScalar(t *rapid.T, fd protoreflect.FieldDescriptor, full bool) protoreflect.Value {
	name := string(fd.Name())
	switch fd.Kind() {
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(rapid.Bool().Draw(t, name))
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(rapid.SampledFrom([]int32{1, 2, 77, -1}).Draw(t, name)))
	case protoreflect.Uint32Kind:
		return protoreflect.ValueOfUint32(rapid.SampledFrom([]uint32{0, 1, 300}).Draw(t, name))
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(rapid.Float64Range(0, 90).Draw(t, name))
	case protoreflect.BytesKind:
		b := rapid.SliceOf(rapid.Byte()).Draw(t, name)
		if options(fd).GetSensitivity() == daylightv1.Sensitivity_SENSITIVITY_SEALED {
			b = append([]byte(record.SealedHeader), b...)
		}
		return protoreflect.ValueOfBytes(b)
	}
	texts := map[daylightv1.Format][]string{
		daylightv1.Format_FORMAT_UUID:   {anID, anotherID, thirdID},
		daylightv1.Format_FORMAT_DATE:   {"2026", "2026-02", "2024-02-29"},
		daylightv1.Format_FORMAT_MOMENT: {"2026-11-24T14:02+05:00", "2026-11", "1999-12-31T23:59:59Z"},
		daylightv1.Format_FORMAT_CODE:   {"MAT.SPACE", "a-b_c/d"},

		daylightv1.Format_FORMAT_RECIPIENT: {"age1qx", "age1pq1q9"},
	}[options(fd).GetFormat()]
	if texts == nil {
		texts = []string{"words", "других слов", "\u0301x", "longer words of a person"}
	}
	if !full {
		texts = append(texts, "")
	}
	return protoreflect.ValueOfString(rapid.SampledFrom(texts).Draw(t, name))
}

func drawMessage(t *rapid.T, k record.Kind) record.Message {
	m := record.New(k)
	drawInto(t, m.ProtoReflect(), 0)
	m.ProtoReflect().Set(m.ProtoReflect().Descriptor().Fields().ByName("id"), protoreflect.ValueOfString(anID))
	return m
}

// orderless sorts what has no order of its own and drops what is twice in a set.
func orderless(m record.Message) record.Message {
	m = bare(m)
	for _, f := range record.Fields(kindOf(m)) {
		if !f.Descriptor.IsList() || !m.ProtoReflect().Has(f.Descriptor) {
			continue
		}
		l := m.ProtoReflect().Mutable(f.Descriptor).List()
		var all []protoreflect.Value
		for i := range l.Len() {
			all = append(all, l.Get(i))
		}
		slices.SortFunc(all, func(a, b protoreflect.Value) int { return cmp.Compare(plain(a), plain(b)) })
		all = slices.CompactFunc(all, func(a, b protoreflect.Value) bool { return f.Rule == record.Set && plain(a) == plain(b) })
		l.Truncate(0)
		for _, v := range all {
			l.Append(v)
		}
	}
	return m
}

func plain(v protoreflect.Value) string {
	if m, ok := v.Interface().(protoreflect.Message); ok {
		b, _ := proto.MarshalOptions{Deterministic: true}.Marshal(m.Interface())
		return string(b)
	}
	return fmt.Sprint(v.Interface())
}

func kindOf(m record.Message) record.Kind {
	k, err := record.KindOf(m)
	if err != nil {
		panic(err)
	}
	return k
}

func TestWhatIsSavedIsShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(record.Kinds()).Draw(t, "kind")
		d := newDevice(1)
		for range 3 {
			want := drawMessage(t, k)
			if seen := d.show(t, k).GetSeen(); len(d.state.Paths()) > 0 {
				want.ProtoReflect().Set(want.ProtoReflect().Descriptor().Fields().ByName("seen"), protoreflect.ValueOfBytes(seen))
			}
			if err := record.Validate(want); err != nil {
				t.Fatal(err)
			}
			edits := d.save(t, want)
			if err := record.CheckEdits(k, edits); err != nil {
				t.Fatal(err)
			}
			got := d.show(t, k)
			if !proto.Equal(orderless(got), orderless(want)) {
				t.Fatalf("got  %v\nwant %v", orderless(got), orderless(want))
			}
			if again, err := d.diff(got); err != nil || len(again) != 0 {
				t.Fatalf("saving what is shown edits %v, %v", again, err)
			}
		}
	})
}

// Whatever one device writes while another has a form open, the form's author
// overwrites nothing that the form did not show.
func TestFormNeverOverwritesWhatItDidNotShow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(record.Kinds()).Draw(t, "kind")
		a, b := newDevice(1), newDevice(2)
		a.save(t, drawMessage(t, k))
		b.pull(a)
		seen := b.show(t, k).GetSeen()
		save := func(d *device, seen []byte) []fold.Edit {
			m := drawMessage(t, k)
			m.ProtoReflect().Set(m.ProtoReflect().Descriptor().Fields().ByName("seen"), protoreflect.ValueOfBytes(seen))
			return d.save(t, m)
		}
		theirs := save(a, a.show(t, k).GetSeen())
		b.pull(a)
		save(b, seen)
		for _, e := range theirs {
			entries := b.state.Entries(e.Path)
			kept := slices.ContainsFunc(entries, func(x fold.Entry) bool { return x.Dot == dot(1, 2) })
			if len(e.Value) > 0 && !kept {
				t.Fatalf("%+v is gone, only %v is left", e.Path, entries)
			}
		}
	})
}

// An older program that edits anything leaves alone what it does not know.
func TestOlderProgramNeverTouchesWhatItDoesNotKnow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(record.Kinds()).Draw(t, "kind")
		a, b := newDevice(1), newDevice(2)
		n := newNewer(t, k)
		drawInto(t, n, 0)
		n.set("id", anID)
		a.save(t, n)
		b.pull(a)
		before := a.state.Clone()

		m := drawMessage(t, k)
		m.ProtoReflect().Set(m.ProtoReflect().Descriptor().Fields().ByName("seen"), protoreflect.ValueOfBytes(b.show(t, k).GetSeen()))
		for _, e := range b.save(t, m) {
			if _, known := record.RuleOf(k, e.Field); !known {
				t.Fatalf("edited the unknown %+v", e.Path)
			}
			if was := before.Entries(e.Path); len(e.Value) > 0 && len(was) > 0 {
				if !bytes.Equal(unknownInside(t, k, e.Value), unknownInside(t, k, was[0].Value)) {
					t.Fatalf("%+v: what is unknown inside changed from %q to %q", e.Path, was[0].Value, e.Value)
				}
			}
		}
		for _, p := range before.Paths() {
			if _, known := record.RuleOf(k, p.Field); !known && !bytes.Equal(before.Entries(p)[0].Value, b.state.Entries(p)[0].Value) {
				t.Fatalf("the unknown %+v changed", p)
			}
		}
	})
}

// unknownInside is what this program does not know in the sub-message of a value.
func unknownInside(t *rapid.T, k record.Kind, value []byte) (out []byte) {
	m := record.New(k)
	if err := proto.Unmarshal(value, m); err != nil {
		t.Fatal(err)
	}
	m.ProtoReflect().Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case fd.IsMap() || fd.Message() == nil:
		case fd.IsList():
			out = v.List().Get(0).Message().GetUnknown()
		default:
			out = v.Message().GetUnknown()
		}
		return true
	})
	return out
}
