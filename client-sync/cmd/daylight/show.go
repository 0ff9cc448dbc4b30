package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"google.golang.org/protobuf/encoding/protojson"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// writeJSON writes one value, indented, the same bytes for the same value.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// messageJSON is protobuf JSON with the names of the schema. The library's spaces
// differ from build to build on purpose; writeJSON sets them anew. A ciphertext is
// not printed but its size.
func messageJSON(m clientsync.Message) json.RawMessage {
	words, _ := json.Marshal(clientsync.SealedWords(m))
	return messageWith(m, sealedField, words)
}

// messageWith is messageJSON with a member where the ciphertext, if there is one, would
// have stood.
func messageWith(m clientsync.Message, name string, value json.RawMessage) json.RawMessage {
	m, words := withoutSealed(m)
	b, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(m)
	if err != nil {
		return json.RawMessage("null")
	}
	if words != "" {
		b = withMember(b, name, value)
	}
	return b
}

// rawJSON is a value that the library gave as JSON; empty is null.
func rawJSON(s string) json.RawMessage {
	if s == "" {
		return json.RawMessage("null")
	}
	return json.RawMessage(s)
}

// itemJSON is a record for scripts.
type itemJSON struct {
	Kind       string          `json:"kind"`
	ID         string          `json:"id"`
	Sent       bool            `json:"sent"`
	Passing    bool            `json:"passing"`
	Removed    bool            `json:"removed"`
	Incomplete bool            `json:"incomplete"`
	JoinedTo   string          `json:"joined_to,omitempty"`
	Circular   bool            `json:"circular,omitempty"`
	Conflicts  []conflictJSON  `json:"conflicts"`
	Waiting    []referenceJSON `json:"waiting"`
	Flags      []flagJSON      `json:"flags"`
	Message    json.RawMessage `json:"message"`
}

type conflictJSON struct {
	Field  string      `json:"field"`
	Key    string      `json:"key,omitempty"`
	Values []valueJSON `json:"values"`
}

type valueJSON struct {
	Take  int             `json:"take"`
	Value json.RawMessage `json:"value"`
	// Content is what is sealed, where this device can open it.
	Content      json.RawMessage `json:"content,omitempty"`
	Writer       string          `json:"writer"`
	Own          bool            `json:"own"`
	Person       string          `json:"person,omitempty"`
	Device       string          `json:"device,omitempty"`
	Pending      bool            `json:"pending"`
	Written      string          `json:"written"`
	ClockSuspect bool            `json:"clock_suspect"`
}

type referenceJSON struct {
	Field string `json:"field"`
	Kind  string `json:"kind"`
	ID    string `json:"id"`
}

type flagJSON struct {
	Code       string            `json:"code"`
	Field      string            `json:"field"`
	Key        string            `json:"key,omitempty"`
	Text       string            `json:"text"`
	MessageKey string            `json:"message_key,omitempty"`
	Params     map[string]string `json:"params,omitempty"`
	Weight     string            `json:"weight"`
}

func toFlagJSON(f clientsync.Flag) flagJSON {
	return flagJSON{f.Code, f.Field, f.Key, f.Text, f.MessageKey, f.Params, f.Weight.String()}
}

func (c *call) itemJSON(item clientsync.Item) itemJSON {
	out := itemJSON{
		Kind: item.Kind.String(), ID: item.ID,
		Sent: item.Sent, Passing: item.Passing, Removed: item.Removed, Incomplete: item.Incomplete, JoinedTo: item.JoinedTo, Circular: item.Circular,
		Conflicts: []conflictJSON{}, Waiting: []referenceJSON{}, Flags: []flagJSON{},
		Message: messageJSON(item.Message),
	}
	for _, conflict := range item.Conflicts {
		out.Conflicts = append(out.Conflicts, toConflictJSON(conflict))
	}
	for _, w := range item.Waiting {
		out.Waiting = append(out.Waiting, referenceJSON{w.Field, w.Kind.String(), w.ID.String()})
	}
	for _, f := range c.client.Check(item.Message) {
		out.Flags = append(out.Flags, toFlagJSON(f))
	}
	return out
}

func toConflictJSON(conflict clientsync.Conflict) conflictJSON {
	out := conflictJSON{Field: conflict.Field, Key: conflict.Key, Values: []valueJSON{}}
	for i, v := range conflict.Values {
		out.Values = append(out.Values, valueJSON{
			i + 1, rawJSON(v.JSON), nil, v.Writer, v.Own, v.Person, v.Device, v.Pending, stamp(v.Written), v.ClockSuspect,
		})
	}
	return out
}

// stamp is a time for scripts: RFC 3339 in the local zone; empty for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("2006-01-02T15:04:05.000Z07:00")
}

// clock is a time for people, in the local zone with its offset.
func clock(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Local().Format("2006-01-02 15:04 -07:00")
}

// words shows a value to a person: a text as it was written, another value as JSON.
func words(value string) string {
	if value == "" {
		return "(cleared)"
	}
	var text string
	if json.Unmarshal([]byte(value), &text) == nil {
		return clean(text)
	}
	return clean(value)
}

// indented puts a text of several lines under a heading.
func indented(by, text string) string {
	return by + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n"+by) + "\n"
}

// clean keeps other people's words from steering the terminal or from turning
// around what stands beside them.
func clean(s string) string {
	var b strings.Builder
	for _, r := range s {
		turns := r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
		if unicode.IsControl(r) && r != '\n' && r != '\t' || turns {
			fmt.Fprintf(&b, "\\u%04x", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// count says "1 change" or "3 changes".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// size says how many bytes in the unit that people read.
func size(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d bytes", n)
	case n < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}
