package checklist

import "fmt"

// Problem is what is wrong with a form, for the one who wrote it.
type Problem struct {
	// Question is the unique name of the row that it is about, Column the field of it as
	// XLSForm calls it, Choice the key of a choice. Each may be empty.
	Question, Column, Choice string
	// At is the place in the expression, in characters from 0.
	At int
	// Code is stable: loop, unknown-reference and so on.
	Code string
	// Fatal: such a form cannot be filled.
	Fatal bool
	// Text says what is wrong in one sentence without the full stop, Cure what to do.
	Text, Cure string
	// Params are the names and numbers in the text.
	Params map[string]string
}

// Error is the problem in one line.
func (p Problem) Error() string {
	where := ""
	switch {
	case p.Question != "" && p.Column != "":
		where = p.Question + ", " + p.Column + ": "
	case p.Question != "":
		where = p.Question + ": "
	case p.Choice != "":
		where = p.Choice + ": "
	}
	return where + joined(p.Text, p.Cure)
}

func joined(text, cure string) string {
	if cure == "" {
		return text
	}
	return text + ": " + cure
}

// Error says why a value was not taken. Nothing was changed.
type Error struct {
	// Code is stable: not-a-number, unknown-choice and so on.
	Code string
	// Text says what is wrong, Cure what to write instead.
	Text, Cure string
}

// Error is the text with the cure.
func (e *Error) Error() string { return joined(e.Text, e.Cure) }

func refused(code, cure, text string, args ...any) *Error {
	return &Error{Code: code, Text: fmt.Sprintf(text, args...), Cure: cure}
}

// clipped shortens a text for a message.
func clipped(s string) string {
	r := []rune(s)
	if len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
