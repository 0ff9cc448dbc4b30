package record

import (
	"strconv"

	"google.golang.org/protobuf/reflect/protoreflect"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// sharedRules are asked of many kinds, after those of their own.
func sharedRules() []FlagRule {
	type ofVisit interface {
		Message
		GetVisitId() string
	}
	type joined interface {
		Message
		GetMergedInto() string
	}
	type classed interface {
		Message
		GetConfidentiality() daylightv1.ConfidentialityClass
	}
	// These speak of one person, or of who spoke.
	ofPersons := []Kind{PersonIdentity, InterviewNote, MedicalNote, ReprisalDetail, Interview, ReprisalCase}
	return []FlagRule{
		observedRule(),
		is("record-without-visit", "visit_id", WeightMissing, "The record belongs to no visit.",
			func(m ofVisit) bool { return m.GetVisitId() == "" }).
			only(append(ofPersons, RegisterCheck, Measurement, ObstructionIncident, Undertaking, Note, ChecklistResponse)...),
		is("merged-into-itself", "merged_into", WeightDoubt, "The record is named as the duplicate of itself.",
			func(m joined) bool { return m.GetId() != "" && m.GetMergedInto() == m.GetId() }),
		is("too-open", "confidentiality", WeightDoubt, "What speaks of one person should never go to the authority or be published.",
			func(m classed) bool {
				c := m.GetConfidentiality()
				return c == daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_PUBLIC || c == daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_AUTHORITY
			}).only(ofPersons...),
		unknownValue(),
	}
}

// unknownValue: a number of a list that drives behaviour, from a newer program. It is
// kept and sent on; this program can only say that it does not know it.
func unknownValue() FlagRule {
	return FlagRule{
		Code: "unknown-value", Kinds: Kinds(), Weight: WeightRemark,
		Text: "The value {number} is not known here: it comes from a newer program, and is kept.",
		of: func(m Message, say func(Flag)) {
			r := m.ProtoReflect()
			walkFields(r, func(field, key string, fd protoreflect.FieldDescriptor, v protoreflect.Value) {
				if fd.Enum() != nil && fd.Enum().Values().ByNumber(v.Enum()) == nil {
					say(Flag{Field: field, Key: key, Params: Paired([]string{"number", strconv.Itoa(int(v.Enum()))})})
				}
			})
		},
	}
}

// Known says whether a list of the vocabulary has a code. A list that it does not know
// has every code.
type Known func(list, code string) bool

// unknownCode is asked with the vocabulary, which is not known here.
var unknownCode = FlagRule{
	Code: "unknown-code", Kinds: Kinds(), Weight: WeightRemark,
	Text: "The code {code} is not in the list {list}: it is kept as it is.",
}

// UnknownCodes says which codes of a record no list has, in the order of the schema.
// They are kept, and shown as unknown. A removed record has none.
func UnknownCodes(msg Message, known Known) (out []Flag) {
	if msg.GetRemoved() != nil {
		return nil
	}
	walkFields(msg.ProtoReflect(), func(field, key string, fd protoreflect.FieldDescriptor, v protoreflect.Value) {
		list := optionsOf(fd).GetList()
		if list != "" && fd.Kind() == protoreflect.StringKind && v.String() != "" && !known(list, v.String()) && len(out) < mostOfOneRule {
			out = append(out, unknownCode.flag(Flag{Field: field, Key: key, Params: Paired([]string{"code", clip(v.String()), "list", list})}))
		}
	})
	return out
}

// walkFields visits every single value that is set: of the record, of its elements, and
// inside both, in the order of the schema. field and key say the path that it is part of.
func walkFields(m protoreflect.Message, visit func(field, key string, fd protoreflect.FieldDescriptor, v protoreflect.Value)) {
	p, err := planOf(m.Interface())
	if err != nil {
		return
	}
	for i := range p.fields {
		f := &p.fields[i]
		if f.Number == fieldRemoved || !m.Has(f.Descriptor) {
			continue
		}
		v := m.Get(f.Descriptor)
		switch {
		case f.Descriptor.IsMap():
		case f.Descriptor.IsList() && f.Descriptor.Message() != nil:
			for i := range v.List().Len() {
				e := v.List().Get(i).Message()
				walkInside(f.Name, elementKey(f, e), e, visit)
			}
		case f.Descriptor.IsList():
			for i := range v.List().Len() {
				e := v.List().Get(i)
				visit(f.Name, scalarKey(f.Descriptor, e), f.Descriptor, e)
			}
		case f.Descriptor.Message() != nil:
			walkInside(f.Name, "", v.Message(), visit)
		default:
			visit(f.Name, "", f.Descriptor, v)
		}
	}
}

// walkInside visits the values of a message inside a record.
func walkInside(field, key string, m protoreflect.Message, visit func(string, string, protoreflect.FieldDescriptor, protoreflect.Value)) {
	all := m.Descriptor().Fields()
	for i := range all.Len() {
		fd := all.Get(i)
		if !m.Has(fd) || fd.IsMap() {
			continue
		}
		v := m.Get(fd)
		switch {
		case fd.IsList():
			for i := range v.List().Len() {
				if e := v.List().Get(i); fd.Message() != nil {
					walkInside(field, key, e.Message(), visit)
				} else {
					visit(field, key, fd, e)
				}
			}
		case fd.Message() != nil:
			walkInside(field, key, v.Message(), visit)
		default:
			visit(field, key, fd, v)
		}
	}
}

// elementKey is the key of an element as PathName says it.
func elementKey(f *Field, e protoreflect.Message) string {
	fd := e.Descriptor().Fields().ByNumber(1)
	return scalarKey(fd, e.Get(fd))
}

func scalarKey(fd protoreflect.FieldDescriptor, v protoreflect.Value) string {
	switch fd.Kind() {
	case protoreflect.StringKind:
		return plainText(v.String())
	case protoreflect.EnumKind:
		if e := fd.Enum().Values().ByNumber(v.Enum()); e != nil {
			return string(e.Name())
		}
		return strconv.Itoa(int(v.Enum()))
	}
	return ""
}
