package journal

import (
	"errors"
	"fmt"
)

// What an [Error] is about; test with errors.Is. They follow the reasons and
// faults of the protocol.
var (
	// ErrUnreadable: the bytes are not what they claim to be.
	ErrUnreadable = errors.New("not readable")
	// ErrTooLarge: a bound is passed.
	ErrTooLarge = errors.New("too large")
	// ErrCertificate: the certificate is malformed, or not signed by the issuer
	// that it names, or not the one that the batch names.
	ErrCertificate = errors.New("certificate not valid")
)

// Error says what is wrong with bytes that somebody else wrote, and where. It
// never repeats content.
type Error struct {
	// Kind is one of the Err variables of this package.
	Kind error
	// Text is for a person who looks into it: "record 2: edit 5: no such writer".
	// Counting begins at 1.
	Text string
}

// Error is "<kind>: <text>".
func (e *Error) Error() string { return e.Kind.Error() + ": " + e.Text }

// Unwrap is the kind.
func (e *Error) Unwrap() error { return e.Kind }

func unreadable(format string, args ...any) error {
	return &Error{ErrUnreadable, fmt.Sprintf(format, args...)}
}

func tooLarge(format string, args ...any) error {
	return &Error{ErrTooLarge, fmt.Sprintf(format, args...)}
}

func badCertificate(text string) error { return &Error{ErrCertificate, text} }

// within puts the place before an Error's text.
func within(place string, index int, err error) error {
	var e *Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	return &Error{e.Kind, fmt.Sprintf("%s %d: %s", place, index+1, e.Text)}
}
