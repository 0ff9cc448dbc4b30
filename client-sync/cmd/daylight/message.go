package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// draft is a message as it was typed: the fields that the JSON names, and their
// values.
type draft struct {
	message clientsync.Message
	given   []protoreflect.FieldDescriptor
	// keeps: the words for a ciphertext stood in its place.
	keeps bool
	// content is what is to be sealed; nil where none was given.
	content *typedContent
}

// readDrafts reads one message or an array of them. Errors name the place and the
// field; they never repeat what stands there.
func readDrafts(kind clientsync.Kind, text []byte) (drafts []draft, array bool, err error) {
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return nil, false, unreadable("nothing was given", `Give the record as JSON, as {"title": "..."}.`)
	}
	if err := wellFormed(text); err != nil {
		return nil, false, err
	}
	if text[0] != '[' {
		d, err := readDraft(kind, text, "")
		return []draft{d}, false, err
	}
	var parts []json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil {
		return nil, true, unreadable("the array cannot be read", "")
	}
	for i, part := range parts {
		d, err := readDraft(kind, part, fmt.Sprintf("record %d: ", i+1))
		if err != nil {
			return nil, true, err
		}
		drafts = append(drafts, d)
	}
	return drafts, true, nil
}

func readDraft(kind clientsync.Kind, text []byte, where string) (draft, error) {
	rest, sealed := takeSealed(kind, text)
	whole := !sealed.words && len(sealed.contents) == 0
	text = rest
	m := clientsync.New(kind)
	desc := m.ProtoReflect().Descriptor()
	if problem := checkMessage(desc, text, ""); problem != nil {
		problem.message = where + problem.message
		return draft{}, problem.failure()
	}
	if err := protojson.Unmarshal(text, m); err != nil {
		message := where + "this cannot be read as a " + kind.String()
		if strings.Contains(err.Error(), "duplicate") {
			message = where + "a field is given twice"
		}
		if whole { // else the line is another than the one that was typed
			message += place(err.Error())
		}
		return draft{}, unreadable(message, "Look at numbers, dates and repeated fields there.")
	}
	given := slices.DeleteFunc(fieldsGiven(desc, text), func(f protoreflect.FieldDescriptor) bool { return f.Name() == "id" || f.Name() == "seen" })
	content, err := readContent(kind, sealed.contents, where)
	return draft{message: m, given: given, keeps: sealed.words, content: content}, err
}

// over puts the draft's fields over a record that is there: given ones replace what
// is there, null clears, the others stay.
func (d draft) over(present clientsync.Message) clientsync.Message {
	overlay(d.given, d.message.ProtoReflect(), present.ProtoReflect())
	return present
}

// unreadable is an error about what was typed in; nothing was saved.
func unreadable(message, hint string) error {
	return fail(clientsync.Invalid, message+"; nothing was saved", hint)
}

// wellFormed finds the place where the text stops being one JSON value.
func wellFormed(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	var v json.RawMessage
	err := d.Decode(&v)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return unreadable("this is not JSON"+lineOf(text, syntax.Offset), `Texts and names stand in "double quotes", fields are parted by commas.`)
	case err != nil:
		return unreadable("the JSON ends too early", "A bracket or quote is not closed.")
	}
	if _, err := d.Token(); err != io.EOF {
		return unreadable("there is more after the JSON"+lineOf(text, d.InputOffset()), "Give several records as one array: [{...}, {...}].")
	}
	return nil
}

// lineOf says where an offset is, as people count.
func lineOf(text []byte, offset int64) string {
	before := text[:min(int(max(offset-1, 0)), len(text))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len([]rune(string(before[bytes.LastIndexByte(before, '\n')+1:]))) + 1
	return fmt.Sprintf(", line %d, column %d", line, column)
}

// place takes the place, and nothing else, out of an error of protojson.
func place(text string) string {
	_, rest, ok := strings.Cut(text, "(line ")
	at, _, closed := strings.Cut(rest, ")")
	line, column, pair := strings.Cut(at, ":")
	if !ok || !closed || !pair {
		return ""
	}
	return ", line " + clean(line) + ", column " + clean(column)
}
