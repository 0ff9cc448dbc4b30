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
// nobody can read. Its size stands for it, and where a record that was printed comes
// back to be saved, the size stands for what is there.

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

// withWords adds the words to a printed message, behind its other fields, where the
// ciphertext would have stood.
func withWords(b []byte, words string) []byte {
	quoted, _ := json.Marshal(words)
	b = bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimSpace(b), []byte("}")))
	if !bytes.HasSuffix(b, []byte("{")) {
		b = append(b, ',')
	}
	return append(append(append(b, `"`+sealedField+`":`...), quoted...), '}')
}

// takeWords takes the words for a ciphertext out of a record as it was typed. kept
// says that they were there.
func takeWords(kind clientsync.Kind, text json.RawMessage) (rest json.RawMessage, kept bool) {
	values, names, ok := object(text)
	if !ok || !clientsync.Sealed(kind) {
		return text, false
	}
	var b bytes.Buffer
	b.WriteByte('{')
	for i, name := range names {
		if name == sealedField && sealedWords.Match(bytes.TrimSpace(values[i])) {
			kept = true
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		quoted, _ := json.Marshal(name)
		b.Write(quoted)
		b.WriteByte(':')
		b.Write(values[i])
	}
	b.WriteByte('}')
	if !kept {
		return text, false // as it was typed: errors name the line
	}
	return b.Bytes(), true
}

// keepSealed puts the ciphertext that is here into a draft that has the words for it.
// Over a record that has changed since it was printed that could be another one than
// its author saw.
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
	setField(d.message, sealedField, valueOf(item.Message, sealedField))
	return nil
}

func valueOf(m clientsync.Message, name protoreflect.Name) protoreflect.Value {
	r := m.ProtoReflect()
	return r.Get(r.Descriptor().Fields().ByName(name))
}
