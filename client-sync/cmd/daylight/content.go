package main

import (
	"bytes"
	"encoding/json"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// contentName is the name under which the JSON of a record has what it seals, in the
// clear. It is no field of the record: it goes to SaveSealed, and nowhere else.
const contentName = "content"

// typedContent is content as it was typed.
type typedContent struct {
	// message is nil for null: nothing is to be sealed any more.
	message proto.Message
	given   []protoreflect.FieldDescriptor
}

// readContent reads it; nil when there was none. Errors name the field, as
// content.text, and never repeat what stands there.
func readContent(kind clientsync.Kind, texts []json.RawMessage, where string) (*typedContent, error) {
	switch {
	case len(texts) == 0:
		return nil, nil
	case len(texts) > 1:
		return nil, unreadable(where+contentName+": it is given twice", "")
	case bytes.Equal(texts[0], []byte("null")):
		return &typedContent{}, nil
	}
	m := clientsync.NewContent(kind)
	if problem := checkMessage(m.ProtoReflect().Descriptor(), texts[0], contentName+"."); problem != nil {
		problem.message = where + problem.message
		return nil, problem.failure()
	}
	if err := protojson.Unmarshal(texts[0], m); err != nil {
		message := ": this cannot be read"
		if strings.Contains(err.Error(), "duplicate") {
			message = ": a field is given twice"
		}
		return nil, unreadable(where+contentName+message, "")
	}
	return &typedContent{m, fieldsGiven(m.ProtoReflect().Descriptor(), texts[0])}, nil
}

// contentJSON is content in protobuf JSON; null for what could not be opened.
func contentJSON(m proto.Message) json.RawMessage {
	if m == nil {
		return json.RawMessage("null")
	}
	b, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(m)
	if err != nil {
		return json.RawMessage("null")
	}
	return b
}

// contentWords shows content to a person, one field after the other.
func contentWords(m proto.Message) string {
	var b strings.Builder
	r := m.ProtoReflect()
	for i := range r.Descriptor().Fields().Len() {
		if f := r.Descriptor().Fields().Get(i); r.Has(f) {
			showValue(&b, "", string(f.Name()), clean(r.Get(f).String()))
		}
	}
	if b.Len() == 0 {
		return "(empty)"
	}
	return b.String()
}

// firstLine is the first line of what content says first; empty for nothing.
func firstLine(m proto.Message) string {
	r := m.ProtoReflect()
	for i := range r.Descriptor().Fields().Len() {
		text := strings.TrimSpace(r.Get(r.Descriptor().Fields().Get(i)).String())
		if text != "" {
			line, _, _ := strings.Cut(text, "\n")
			return oneLine(line)
		}
	}
	return ""
}

// overlay puts the given fields over those of another message of the same kind: what
// has no value is cleared.
func overlay(given []protoreflect.FieldDescriptor, from, to protoreflect.Message) {
	for _, f := range given {
		if from.Has(f) {
			to.Set(f, from.Get(f))
		} else {
			to.Clear(f)
		}
	}
}

// fieldsGiven are those that the JSON of a message names, which checkMessage has seen.
func fieldsGiven(desc protoreflect.MessageDescriptor, text []byte) (given []protoreflect.FieldDescriptor) {
	_, names, _ := object(text)
	for _, name := range names {
		given = append(given, fieldNamed(desc, name))
	}
	return given
}
