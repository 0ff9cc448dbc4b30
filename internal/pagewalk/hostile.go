package pagewalk

import (
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Marker is in all hostile text; no page of ours says it by itself.
const Marker = "q7xv"

// Hostile is what somebody types who means harm, or pastes without knowing.
const Hostile = Marker + ` <script>alert("` + Marker + `")</script> "><img src=x onerror=alert(1)> ' & {{.}} {field} ` +
	"\u202e" + Marker + "\u202c \u2067\u2066 👩🏽‍⚕️ عربي https://" + Marker + ".example/?a=b\n\n\t" + Marker

// Came are the traces in a page of hostile text that was not shown as text.
func Came(body string) (out []string) {
	for _, bad := range []string{"<script>alert", "<img src=x", "{{.}}</", `href="https://` + Marker} {
		if strings.Contains(body, bad) {
			out = append(out, bad)
		}
	}
	return out
}

// Fill puts hostile words into every field of a record that takes words.
func Fill(m proto.Message) { fill(m.ProtoReflect(), 0) }

func fill(m protoreflect.Message, depth int) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		fd := fields.Get(i)
		switch {
		case depth == 0 && fd.Number() <= 7, fd.Name() == "id":
		case fd.IsMap():
			for _, lang := range []string{"en", "ru", "ar"} {
				m.Mutable(fd).Map().Set(protoreflect.ValueOfString(lang).MapKey(), protoreflect.ValueOfString(Hostile))
			}
		case fd.IsList() && fd.Message() != nil && depth < 2:
			v := m.NewField(fd).List().NewElement()
			fill(v.Message(), depth+1)
			switch first := fd.Message().Fields().ByNumber(1); { // its key, which nobody types
			case first.Enum() != nil:
				v.Message().Set(first, protoreflect.ValueOfEnum(1))
			case first.Name() != "id":
				v.Message().Set(first, protoreflect.ValueOfString("key"))
			}
			m.Mutable(fd).List().Append(v)
		case fd.IsList():
		case fd.Message() != nil:
			fill(m.Mutable(fd).Message(), depth+1)
		case fd.Kind() == protoreflect.StringKind && takesWords(fd):
			m.Set(fd, protoreflect.ValueOfString(Hostile))
		}
	}
}

// takesWords: it holds neither a code nor a date nor an id.
func takesWords(fd protoreflect.FieldDescriptor) bool {
	o, _ := proto.GetExtension(fd.Options(), daylightv1.E_Field).(*daylightv1.Field)
	return o.GetFormat() == daylightv1.Format_FORMAT_UNSPECIFIED
}
