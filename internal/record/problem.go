package record

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/daylight-npm/daylight/internal/fold"
)

// Problem says why a message or an edit cannot be taken as it is. Nothing was
// changed when one is returned. It says where, and quotes nothing of what was typed: an
// error ends in logs.
type Problem struct {
	// Field is where: a dotted name as sessions[2].entered_at, counted from 1 as
	// people count; empty for the record as a whole.
	Field string
	// Text says what is wrong.
	Text string
	// Hint says what to do; may be empty.
	Hint string
	// TooLarge is set when a bound of size is what is broken.
	TooLarge bool
}

func fault(field, text, hint string) *Problem {
	return &Problem{Field: field, Text: text, Hint: hint}
}

// Error is one line for a person.
func (p *Problem) Error() string {
	var b strings.Builder
	if p.Field != "" {
		b.WriteString(p.Field + ": ")
	}
	b.WriteString(p.Text)
	if p.Hint != "" {
		b.WriteString("; " + p.Hint)
	}
	return b.String()
}

// StaleError says that the same person has changed a field, in another window or
// tab, after this message was read. Read the record again and repeat the edit.
type StaleError struct {
	Path fold.Path
	// Field is the field's name.
	Field string
}

// Error is one line for a person.
func (e *StaleError) Error() string {
	return fmt.Sprintf("%s: you changed this in another window after this one was opened; nothing was saved, look at the present record and enter it again", e.Field)
}

// clip shortens foreign text for an error.
func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	s = s[:most]
	for len(s) > 0 && !utf8.ValidString(s) && len(s) > most-utf8.UTFMax {
		s = s[:len(s)-1]
	}
	return s + "..."
}
