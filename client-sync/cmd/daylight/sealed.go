package main

import (
	"bytes"
	"context"
	"encoding/json"
	"regexp"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// What is sealed is ciphertext: printed, it would be a hundred thousand letters that
// nobody can read. Its size stands for it, or its content where this device can open it;
// and where a record that was printed comes back to be saved, these stand for what is
// there.

const sealedField = "sealed"

var sealedWords = regexp.MustCompile(`^"\(sealed, [0-9]+ bytes\)"$`)

// withoutSealed gives the message to print without its ciphertext, and the words for
// that; empty when it has none.
func withoutSealed(m clientsync.Message) (clientsync.Message, string) {
	words := clientsync.SealedWords(m)
	if words == "" {
		return m, ""
	}
	m = proto.Clone(m).(clientsync.Message)
	r := m.ProtoReflect()
	r.Clear(r.Descriptor().Fields().ByName(sealedField))
	return m, words
}

// withMember adds a member to a printed message, behind its fields, where the
// ciphertext would have stood.
func withMember(b []byte, name string, value json.RawMessage) []byte {
	b = bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimSpace(b), []byte("}")))
	if !bytes.HasSuffix(b, []byte("{")) {
		b = append(b, ',')
	}
	return append(append(append(b, `"`+name+`":`...), value...), '}')
}

// typedSealed is what a record as it was typed says of its sealed part, which is in no
// schema.
type typedSealed struct {
	// words: those for a ciphertext stood in its place.
	words bool
	// contents are what stood under "content", each time that it was there.
	contents []json.RawMessage
}

// takeSealed takes that out of the JSON of a record.
func takeSealed(kind clientsync.Kind, text json.RawMessage) (rest json.RawMessage, out typedSealed) {
	values, names, ok := object(text)
	if !ok || !clientsync.Sealed(kind) {
		return text, out
	}
	b := []byte("{}")
	for i, name := range names {
		switch {
		case name == sealedField && sealedWords.Match(bytes.TrimSpace(values[i])):
			out.words = true
		case name == contentName:
			out.contents = append(out.contents, bytes.TrimSpace(values[i]))
		default:
			quoted, _ := json.Marshal(name)
			b = withMember(b, string(quoted[1:len(quoted)-1]), values[i])
		}
	}
	if !out.words && len(out.contents) == 0 {
		return text, out // as it was typed: errors name the line
	}
	return b, out
}

// keepSealed puts the ciphertext that is here into a draft that has the words for it, or
// its content. Over a record that has changed since it was printed that could be another
// one than its author saw.
func (c *call) keepSealed(ctx context.Context, kind clientsync.Kind, d draft) error {
	if d.message.GetId() == "" {
		return unreadable(sealedField+": a new record has nothing sealed yet", "Leave the field out.")
	}
	item, err := c.find(ctx, kind, d.message.GetId())
	if err != nil {
		return err
	}
	if seen := d.message.GetSeen(); len(seen) > 0 && !bytes.Equal(seen, item.Message.GetSeen()) {
		return fail(clientsync.Conflicting, "this record has changed since it was printed; nothing was saved",
			"Read it again with daylight get "+short(item.ID)+" and repeat the change.")
	}
	if clientsync.SealedWords(item.Message) != "" {
		setField(d.message, sealedField, valueOf(item.Message, sealedField))
	}
	return nil
}

func valueOf(m clientsync.Message, name protoreflect.Name) protoreflect.Value {
	r := m.ProtoReflect()
	return r.Get(r.Descriptor().Fields().ByName(name))
}
