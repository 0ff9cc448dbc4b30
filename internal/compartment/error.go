package compartment

import (
	"errors"
	"fmt"
)

// What an [Error] is about; test with errors.Is.
var (
	// ErrCompartment: there is no compartment of that name.
	ErrCompartment = errors.New("not a compartment")
	// ErrKey: this is not the text of a compartment's key, or of its public half.
	ErrKey = errors.New("not a key")
	// ErrRecipient: nothing can be wrapped for this.
	ErrRecipient = errors.New("not a recipient")
	// ErrIdentity: this is not the text of an identity.
	ErrIdentity = errors.New("not an identity")
	// ErrRootKey: this is not the text of a root key.
	ErrRootKey = errors.New("not a root key")

	// ErrTooLarge: there is more of it than anybody has to take.
	ErrTooLarge = errors.New("too large")
	// ErrNotForKey: it was sealed or wrapped for another key.
	ErrNotForKey = errors.New("for another key")
	// ErrAltered: it was damaged or altered on its way, or was made wrongly.
	ErrAltered = errors.New("altered")
	// ErrOtherKey: a wrap is whole, and the key in it is not the one that was named.
	ErrOtherKey = errors.New("another key than the one named")

	// ErrList: this is not the text of a list of readers.
	ErrList = errors.New("not a list of readers")
	// ErrUnsigned: no signature of the office's root key is on the list.
	ErrUnsigned = errors.New("a list that the office did not sign")
	// ErrOlder: the list is older than one that is known.
	ErrOlder = errors.New("an older list")
)

// Error is for a person. It repeats no key, and nothing of what was sealed.
type Error struct {
	// Kind is one of the Err variables of this package.
	Kind error
	// Message is what happened and what was kept, in a sentence.
	Message string
	// Hint is what to do next.
	Hint string
	// Line is where in a list of readers it is wrong, counted from 1; 0 where that
	// says nothing.
	Line int
	// Cause is for a log; it may be nil.
	Cause error
}

// Error is the message, then the hint.
func (e *Error) Error() string { return e.Message + "\n" + e.Hint }

// Unwrap gives the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Cause}
}

// what names a file of age in messages.
type what string

const (
	aBody what = "what was sealed"
	aWrap what = "the wrapped key"
)

func (w what) altered(cause error) error {
	return &Error{
		Kind:    ErrAltered,
		Message: string(w) + " is damaged or was altered; it stays as it came, and nothing of it was taken",
		Hint:    "Sync again. If it stays so, show it to the office: whoever wrote it may still have it.",
		Cause:   cause,
	}
}

func (w what) notForKey(cause error) error {
	return &Error{
		Kind:    ErrNotForKey,
		Message: string(w) + " is for another key, or its first lines are damaged; it stays as it came",
		Hint:    "Ask the office whether you are meant to read it, and whoever may read it to let you.",
		Cause:   cause,
	}
}

func (w what) tooLarge(size, most int) error {
	return &Error{
		Kind:    ErrTooLarge,
		Message: fmt.Sprintf("%s has %d bytes, and at most %d are read; it stays as it came", w, size, most),
		Hint:    "No program of Daylight writes that much. Show it to the office.",
	}
}

func tooLong(size int) error {
	return &Error{
		Kind:    ErrTooLarge,
		Message: fmt.Sprintf("this text has %d bytes, and at most %d can be sealed together; nothing was sealed, and the text is where it was", size, MaxContent),
		Hint:    "Divide it into two records.",
	}
}

func otherKey() error {
	return &Error{
		Kind:    ErrOtherKey,
		Message: "the wrapped key is another one than the record names, or one for another visit or compartment; it was not taken, and nothing was opened with it",
		Hint:    "Somebody may have exchanged it. Show it to the office, and have the key wrapped again by somebody who may read the record.",
	}
}
