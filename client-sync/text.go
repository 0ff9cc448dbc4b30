package clientsync

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// needle is a text that is looked for, in whatever case and Unicode form it was
// typed.
type needle string

func newNeedle(s string) needle { return needle(plainForm(s)) }

func plainForm(s string) string { return strings.ToLower(norm.NFC.String(s)) }

// maybeIn rules most records out without decoding them: UTF-8 stands in the encoding of
// a state as it is.
func (n needle) maybeIn(encoded []byte) bool {
	if n == "" {
		return true
	}
	if n.isASCII() && !slices.ContainsFunc(becomeASCII, func(s string) bool { return bytes.Contains(encoded, []byte(s)) }) {
		lower := make([]byte, len(encoded))
		for i, b := range encoded {
			lower[i] = lowerASCII[b]
		}
		return bytes.Contains(lower, []byte(n))
	}
	return bytes.Contains(bytes.ToLower(norm.NFC.Bytes(encoded)), []byte(n))
}

func (n needle) isASCII() bool {
	return strings.IndexFunc(string(n), func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

// becomeASCII are the letters that plainForm makes ASCII of, besides ASCII itself: those
// of which NFC or lower case does (a test goes through all).
var becomeASCII = []string{"\u212a", "\u0130", "\u037e", "\u1fef"}

var lowerASCII = func() (table [256]byte) {
	for i := range table {
		table[i] = byte(i)
		if 'A' <= i && i <= 'Z' {
			table[i] += 'a' - 'A'
		}
	}
	return table
}()

// in reports whether some text of the message contains it; ids and keys do not count,
// and ciphertext is no text.
func (n needle) in(m Message) bool { return n == "" || n.inMessage(m.ProtoReflect()) }

func (n needle) inMessage(m protoreflect.Message) (found bool) {
	m.Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case fd.IsMap():
			v.Map().Range(func(_ protoreflect.MapKey, v protoreflect.Value) bool {
				found = n.inValue(fd.MapValue(), v)
				return !found
			})
		case fd.IsList():
			for i := range v.List().Len() {
				found = found || n.inValue(fd, v.List().Get(i))
			}
		default:
			found = n.inValue(fd, v)
		}
		return !found
	})
	return found
}

func (n needle) inValue(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
	switch fd.Kind() {
	case protoreflect.MessageKind:
		return n.inMessage(v.Message())
	case protoreflect.StringKind:
		_, notID := record.ParseID(v.String())
		return notID != nil && !isKey(fd) && strings.Contains(plainForm(v.String()), string(n))
	}
	return false
}

// isKey reports whether a text field holds a key.
func isKey(fd protoreflect.FieldDescriptor) bool {
	o, _ := proto.GetExtension(fd.Options(), daylightv1.E_Field).(*daylightv1.Field)
	return o.GetFormat() == daylightv1.Format_FORMAT_RECIPIENT
}
