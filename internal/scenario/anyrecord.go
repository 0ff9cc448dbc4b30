package scenario

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// AnyRecord is a record of the kind with random content in every kind of field that it
// has, nested ones too: what an office would take, and nothing that makes sense. About
// three in four fields are set. What it refers to is most often not there. Its id is
// missing, as in one that was never saved.
func AnyRecord(r *rand.Rand, k record.Kind) record.Message {
	m := record.New(k)
	for _, f := range record.Fields(k) {
		switch f.Name {
		case "id", "removed", "merged_into":
			continue
		}
		if r.IntN(4) > 0 {
			anyField(r, m.ProtoReflect(), f.Descriptor)
		}
	}
	return m
}

func anyField(r *rand.Rand, m protoreflect.Message, fd protoreflect.FieldDescriptor) {
	switch {
	case fd.IsMap():
		for i := range r.IntN(3) {
			m.Mutable(fd).Map().Set(protoreflect.ValueOfString([]string{"en", "ru", "tk"}[i]).MapKey(), anyValue(r, fd.MapValue()))
		}
	case fd.IsList():
		l := m.Mutable(fd).List()
		seen := map[string]bool{}
		for range r.IntN(4) {
			v := anyElement(r, fd, l)
			if key := keyOf(fd, v); key == "" || !seen[key] {
				seen[key] = true
				l.Append(v)
			}
		}
	case fd.Message() != nil:
		anyFields(r, m.Mutable(fd).Message())
	default:
		m.Set(fd, anyValue(r, fd))
	}
}

func anyElement(r *rand.Rand, fd protoreflect.FieldDescriptor, l protoreflect.List) protoreflect.Value {
	if fd.Message() == nil {
		return anyValue(r, fd)
	}
	v := l.NewElement()
	anyFields(r, v.Message())
	return v
}

// anyFields always fills field 1, which is the key where the message is an element.
func anyFields(r *rand.Rand, m protoreflect.Message) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		if fd := fields.Get(i); fd.Number() == 1 || r.IntN(4) > 0 {
			anyField(r, m, fd)
		}
	}
}

// keyOf tells elements apart: by their value, or their field 1.
func keyOf(fd protoreflect.FieldDescriptor, v protoreflect.Value) string {
	if fd.Message() == nil {
		return v.String()
	}
	return v.Message().Get(fd.Message().Fields().ByNumber(1)).String()
}

func anyValue(r *rand.Rand, fd protoreflect.FieldDescriptor) protoreflect.Value {
	switch fd.Kind() {
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(r.IntN(2) == 0)
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(1 + r.IntN(fd.Enum().Values().Len()+1))) // one more than there are
	case protoreflect.Uint32Kind:
		return protoreflect.ValueOfUint32(r.Uint32N(1000))
	case protoreflect.Uint64Kind:
		return protoreflect.ValueOfUint64(r.Uint64N(1000))
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(r.Int64N(1000) - 500)
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(r.Int32N(1000) - 500)
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(float64(r.IntN(800)) / 10)
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes([]byte(record.SealedHeader + strings.Repeat("x", r.IntN(50))))
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(anyString(r, fd))
	}
	panic(fmt.Sprintf("no value for %s", fd.FullName()))
}

func anyString(r *rand.Rand, fd protoreflect.FieldDescriptor) string {
	o, _ := proto.GetExtension(fd.Options(), daylightv1.E_Field).(*daylightv1.Field)
	day := fmt.Sprintf("20%02d-%02d-%02d", 15+r.IntN(12), 1+r.IntN(12), 1+r.IntN(28))
	switch o.GetFormat() {
	case daylightv1.Format_FORMAT_UUID:
		var id uuid.UUID
		for i := range id {
			id[i] = byte(r.Uint32())
		}
		id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
		return id.String()
	case daylightv1.Format_FORMAT_DATE:
		return day[:[]int{4, 7, 10}[r.IntN(3)]]
	case daylightv1.Format_FORMAT_MOMENT:
		return day + fmt.Sprintf("T%02d:%02d+05:00", r.IntN(24), r.IntN(60))
	case daylightv1.Format_FORMAT_CODE:
		return fmt.Sprintf("%c%d.CODE", 'A'+r.IntN(26), r.IntN(50))
	case daylightv1.Format_FORMAT_RECIPIENT:
		return fmt.Sprintf("age1%d", r.IntN(1e9))
	}
	return words[r.IntN(len(words))] + fmt.Sprint(r.IntN(100))
}

// words are what people write, and what programs that read it may stumble over.
var words = []string{
	"Six persons share 12 m2. ", "Свет не выключается ночью; ", "Gijesi yşyk öçürilmeýär ", "two\nlines, and \"quotes\" ",
	"=1+1", "+7 993 ", "-", "@SUM(A1)", "\ttab ", "=HYPERLINK(\"http://x\")", "\u202eright to left ", "_x0041_ ", " spaces ", "<b>&amp;",
}
