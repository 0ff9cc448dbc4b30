package record

import (
	"fmt"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/fold"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// CheckEdits is what a server checks of edits whose bytes a foreign device made.
// Every value must be well-formed occurrences of the edit's own field, an element
// exactly one whose key is the edit's; what this program's descriptor knows must
// follow the field's rule and decode. A field that it does not know passes.
//
// It judges structure only: a device that was away for weeks is not refused for a
// rule that changed meanwhile. The error is a *Problem.
func CheckEdits(kind Kind, edits []fold.Edit) error {
	p := planOfKind(kind)
	if p == nil {
		return &Problem{Text: fmt.Sprintf("%s is not a kind of record that this program knows", kind)}
	}
	seen := make(map[fold.Path]bool, len(edits))
	for _, e := range edits {
		if seen[e.Path] {
			return p.problem(e.Path, "is edited twice in one change")
		}
		seen[e.Path] = true
		if err := p.checkEdit(e); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) problem(path fold.Path, text string) *Problem {
	name, key := p.pathName(path)
	if path.Element {
		name += "[" + clip(key) + "]"
	}
	return &Problem{Field: name, Text: text}
}

func (p *plan) checkEdit(e fold.Edit) error {
	switch {
	case e.Field <= 0 || e.Field > int32(protowire.MaxValidNumber):
		return p.problem(e.Path, "is not a field number")
	case e.Field == fieldSeen:
		return p.problem(e.Path, "is never written")
	case len(e.Value) > MaxField || len(e.Key) > MaxField:
		problem := p.problem(e.Path, fmt.Sprintf("is larger than %d KiB", MaxField>>10))
		problem.TooLarge = true
		return problem
	case e.Element && e.Key == "", !e.Element && e.Key != "":
		return p.problem(e.Path, "has no proper key")
	}
	for _, x := range e.Supersedes {
		if x.ByLink() == (x.Dot.Seq > 0) {
			return p.problem(e.Path, "supersedes something that is neither a dot nor a link")
		}
	}
	if text := checkOccurrences(e); text != "" {
		return p.problem(e.Path, text)
	}
	if f := p.field(e.Field); f != nil {
		if text := p.checkKnown(f, e); text != "" {
			return p.problem(e.Path, text)
		}
	}
	return nil
}

// checkOccurrences walks the value without knowing the field; it says what is
// wrong, or nothing.
func checkOccurrences(e fold.Edit) string {
	n := 0
	for b := e.Value; len(b) > 0; n++ {
		num, typ, tag := protowire.ConsumeTag(b)
		switch {
		case tag < 0 || tag != protowire.SizeTag(num):
			return "is not well formed"
		case int32(num) != e.Field:
			return "holds another field"
		case typ == protowire.StartGroupType || typ == protowire.EndGroupType:
			return "holds a group"
		}
		size := protowire.ConsumeFieldValue(num, typ, b[tag:])
		if size < 0 {
			return "is not well formed"
		}
		b = b[tag+size:]
	}
	if !e.Element || n == 0 {
		return ""
	}
	inside, whole, ok := fold.KeyOf(e.Value)
	if n != 1 || !ok {
		return "is not one element"
	}
	if string(inside) != e.Key && string(whole) != e.Key {
		return "has another key than its element"
	}
	return ""
}

// checkKnown checks an edit against the field's descriptor.
func (p *plan) checkKnown(f *Field, e fold.Edit) string {
	switch {
	case f.Element() != e.Element:
		return fmt.Sprintf("does not follow the rule %s", f.Rule)
	case e.Element && !f.goodKey(e.Key):
		return "has no proper key"
	case len(e.Value) == 0 && e.Field == fieldID:
		return "cannot be cleared"
	case len(e.Value) == 0:
		return ""
	}
	if e.Field != fieldID && isPlain(f.Descriptor, e) {
		return ""
	}
	m := p.typ.New()
	if proto.Unmarshal(e.Value, m.Interface()) != nil || len(m.GetUnknown()) > 0 {
		return "does not decode"
	}
	switch e.Field {
	case fieldID:
		return checkID(m.Get(f.Descriptor).String())
	case fieldRemoved:
		return checkRemoved(m.Get(f.Descriptor).Message())
	}
	if e.Element {
		_, typ, _ := protowire.ConsumeTag(e.Value)
		if typ != p.shape.fields[protowire.Number(e.Field)].wire {
			return "is packed" // one value has one form
		}
		if parts, err := p.parts(m); err != nil || len(parts) != 1 || parts[0].path != e.Path {
			return "has another key than its element"
		}
	}
	return ""
}

// isPlain reports whether a well-formed value is one occurrence of a field that
// needs no decoding to be sure that it decodes: bytes, a string, or a number or enum
// in a varint. Most edits are, and a server checks every edit of every device.
func isPlain(fd protoreflect.FieldDescriptor, e fold.Edit) bool {
	_, typ, tag := protowire.ConsumeTag(e.Value)
	if fd.IsMap() || typ != wireType(fd.Kind()) || fd.IsList() && fd.Kind() != protoreflect.StringKind {
		return false
	}
	content := e.Value[tag:]
	switch typ {
	case protowire.VarintType:
		_, n := protowire.ConsumeVarint(content)
		return n == len(content)
	case protowire.BytesType:
		text, n := protowire.ConsumeBytes(content)
		if fd.Kind() == protoreflect.BytesKind {
			return n == len(content)
		}
		plain := n == len(content) && fd.Kind() == protoreflect.StringKind && utf8.Valid(text)
		return plain && (!e.Element || string(text) == e.Key)
	}
	return false
}

// goodKey reports whether a key is one that an element of the field can have. It
// is asked for cleared elements too, which have no value to compare with.
func (f *Field) goodKey(key string) bool {
	if f.emptyKey(key) {
		return false
	}
	fd := f.keyDescriptor()
	switch {
	case fd == nil:
		return false
	case fd.Kind() == protoreflect.StringKind:
		return utf8.ValidString(key)
	case wireType(fd.Kind()) != protowire.VarintType:
		return true
	}
	v, n := protowire.ConsumeVarint([]byte(key))
	narrow := fd.Enum() == nil || uint64(int64(int32(v))) == v
	return n == len(key) && n == protowire.SizeVarint(v) && narrow
}

func checkID(s string) string {
	if !isUUID(s) {
		return "is not a record's id"
	}
	return ""
}

func checkRemoved(m protoreflect.Message) string {
	r, ok := m.Interface().(*daylightv1.Removed)
	if !ok {
		return ""
	}
	for _, d := range r.GetSeen() {
		if len(d.GetWriter()) != len(fold.WriterID{}) || d.GetSeq() == 0 {
			return "names something that is not a dot"
		}
	}
	for _, l := range r.GetLinks() {
		if len(l) != len(fold.Link{}) {
			return "names something that is not a link"
		}
	}
	return ""
}
