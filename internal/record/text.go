package record

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/fold"
)

// PathName says a path in words: the field's name, and the key as text, which is
// empty for a whole field. A field that this program does not know is "field 40".
func PathName(kind Kind, path fold.Path) (field, key string) {
	if p := planOfKind(kind); p != nil {
		return p.pathName(path)
	}
	return unknownName(path)
}

func (p *plan) pathName(path fold.Path) (field, key string) {
	f := p.field(path.Field)
	if f == nil {
		return unknownName(path)
	}
	if !path.Element {
		return f.Name, ""
	}
	return f.Name, keyText(f, path.Key)
}

func unknownName(path fold.Path) (field, key string) {
	field = fmt.Sprintf("field %d", path.Field)
	if path.Element {
		key = plainText(path.Key)
	}
	return field, key
}

// plainText is a key as it is when it can be read, else in hexadecimal.
func plainText(key string) string {
	unreadable := func(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) }
	if key == "" || !utf8.ValidString(key) || strings.IndexFunc(key, unreadable) >= 0 {
		return "0x" + hex.EncodeToString([]byte(key))
	}
	return key
}

// keyText is a key as text: the name of an enum's value, a number, a string.
func keyText(f *Field, key string) string {
	fd := f.keyDescriptor()
	if fd == nil || fd.Kind() == protoreflect.StringKind {
		return plainText(key)
	}
	v, n := protowire.ConsumeVarint([]byte(key))
	if n != len(key) || wireType(fd.Kind()) != protowire.VarintType {
		return plainText(key)
	}
	if fd.Enum() != nil {
		if e := fd.Enum().Values().ByNumber(protoreflect.EnumNumber(int32(v))); e != nil {
			return string(e.Name())
		}
	}
	return strconv.FormatInt(int64(v), 10)
}

// ParsePath reads what PathName writes.
func ParsePath(kind Kind, field, key string) (fold.Path, error) {
	p := planOfKind(kind)
	if p == nil {
		return fold.Path{}, fmt.Errorf("%s is not a kind of record that this program knows", kind)
	}
	for i := range p.fields {
		if f := &p.fields[i]; f.Name == field {
			return f.path(key)
		}
	}
	return fold.Path{}, fault(clip(field), "a "+kind.String()+" has no such field", "use a field's name as the schema has it")
}

func (f *Field) path(key string) (fold.Path, error) {
	if !f.Element() {
		if key != "" {
			return fold.Path{}, fault(f.Name, "the field has no elements", "leave the key out")
		}
		return fold.Path{Field: f.Number}, nil
	}
	inside, ok := f.keyBytes(key)
	if !ok || f.emptyKey(inside) {
		return fold.Path{}, fault(f.Name, "what was given is not a key of one of its elements", "")
	}
	return fold.Path{Field: f.Number, Element: true, Key: inside}, nil
}

func (f *Field) keyBytes(text string) (string, bool) {
	fd := f.keyDescriptor()
	if fd == nil || fd.Kind() == protoreflect.StringKind {
		if hexed, ok := strings.CutPrefix(text, "0x"); ok {
			if b, err := hex.DecodeString(hexed); err == nil && plainText(string(b)) == text {
				return string(b), true
			}
		}
		return text, true
	}
	if fd.Enum() != nil {
		if e := fd.Enum().Values().ByName(protoreflect.Name(text)); e != nil {
			return string(protowire.AppendVarint(nil, uint64(int64(e.Number())))), true
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return string(protowire.AppendVarint(nil, uint64(n))), err == nil && wireType(fd.Kind()) == protowire.VarintType
}

// FieldJSON is one value of a path in protobuf JSON with the field names of the
// schema: the value of a field, one element of a list, the text of a map's entry.
// It is empty for an empty value, and SealedWords for a ciphertext; a value that this program does not know or
// cannot read is its bytes in base64, as a JSON string.
func FieldJSON(kind Kind, path fold.Path, value []byte) string {
	if len(value) == 0 {
		return ""
	}
	if p := planOfKind(kind); p != nil {
		if f := p.field(path.Field); f != nil {
			if out, ok := p.fieldJSON(f, value); ok {
				return out
			}
		}
	}
	return strconv.Quote(base64.StdEncoding.EncodeToString(value))
}

func (p *plan) fieldJSON(f *Field, value []byte) (string, bool) {
	if f.sealed() {
		content, _ := Content(value)
		return strconv.Quote(SealedWords(len(content))), true
	}
	m := p.typ.New()
	if proto.Unmarshal(value, m.Interface()) != nil || !m.Has(f.Descriptor) {
		return "", false
	}
	b, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(m.Interface())
	if err != nil {
		return "", false
	}
	var all map[string]json.RawMessage
	if json.Unmarshal(b, &all) != nil {
		return "", false
	}
	var out bytes.Buffer
	if json.Compact(&out, f.inner(all[f.Name])) != nil {
		return "", false
	}
	return out.String(), true
}

// inner is the one element of a list or map; a field as it is.
func (f *Field) inner(b json.RawMessage) json.RawMessage {
	switch {
	case f.Descriptor.IsMap():
		var entries map[string]json.RawMessage
		if json.Unmarshal(b, &entries) == nil {
			for _, v := range entries {
				return v
			}
		}
	case f.Descriptor.IsList():
		var list []json.RawMessage
		if json.Unmarshal(b, &list) == nil && len(list) == 1 {
			return list[0]
		}
	}
	return b
}
