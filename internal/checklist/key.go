package checklist

import "strings"

// Key names one answer of a response, or one turn of a repeat: a question, and in a
// repeat the id of the innermost turn that it stands in.
type Key struct {
	Question string
	// Turn is a UUID; empty outside repeats.
	Turn string
}

// String is the key as an answer carries it.
func (k Key) String() string {
	if k.Turn == "" {
		return k.Question
	}
	return k.Question + "/" + k.Turn
}

// ParseKey reads what String writes. Any text is a key, perhaps one of a question that
// nobody knows.
func ParseKey(s string) Key {
	question, turn, _ := strings.Cut(s, "/")
	return Key{question, turn}
}
