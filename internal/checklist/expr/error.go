package expr

import (
	"errors"
	"fmt"
)

// Code says what sort of mistake an Error is, for programs; its texts are for people.
type Code string

// The codes of Compile.
const (
	CodeSyntax          Code = "syntax"           // it cannot be read as an expression
	CodeUnknownFunction Code = "unknown-function" // a function that is not in Functions
	CodeArguments       Code = "arguments"        // too few, too many, or of the wrong sort
	CodePattern         Code = "pattern"          // a regular expression that cannot be used
	CodeDate            Code = "date"             // a literal that is no day of the calendar
	CodeTooLong         Code = "too-long"         // longer than MaxSource
	CodeTooDeep         Code = "too-deep"         // brackets in brackets beyond MaxDepth
)

// An Error says why Compile refused a source: where, what is wrong, and what to
// write instead. The texts speak to people who write forms.
type Error struct {
	At   int // place in the source, in characters (not bytes), from 0
	Code Code
	Word string // what stands at the place: a function's name, a sign, the words that are no expression
	Text string // what is wrong, one clause without a full stop
	Cure string // what to write instead, one clause without a full stop
}

func (e *Error) Error() string {
	return fmt.Sprintf("at character %d: %s: %s", e.At+1, e.Text, e.Cure)
}

// A Failure says why an expression that compiled could not be evaluated. It names
// the function and the cause and never quotes an answer.
type Failure struct {
	At       int    // place of the function or operator, as in Error
	Function string // "" for an operator
	Text     string
}

func (f *Failure) Error() string {
	if f.Function == "" {
		return fmt.Sprintf("at character %d: %s", f.At+1, f.Text)
	}
	return fmt.Sprintf("at character %d: %s(): %s", f.At+1, f.Function, f.Text)
}

// ErrSteps is returned by Eval when the budget of steps is used up: the
// calculation runs away.
var ErrSteps = errors.New("expr: the calculation takes too many steps and was stopped")

// A Note is something that went wrong in an evaluation without stopping it: a text
// that is no date, a pattern that cannot be read. The result was empty or false. It
// quotes no answer.
type Note struct {
	At       int // place of the function, as in Error
	Function string
	Text     string
}
