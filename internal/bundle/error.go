package bundle

import (
	"errors"
	"fmt"
	"strings"
)

// What an [Error] is about; test with errors.Is.
var (
	// ErrNotBundle: the file is something else.
	ErrNotBundle = errors.New("not a bundle")
	// ErrElse: none of the identities opens it.
	ErrElse = errors.New("a bundle for somebody else")
	// ErrNewer: its version is greater than the one that this program writes.
	ErrNewer = errors.New("a bundle of a newer version")
	// ErrDamaged: it was cut off or altered on its way, or was made wrongly.
	ErrDamaged = errors.New("a damaged bundle")
	// ErrSignature: it is whole and readable, but not signed by the key.
	ErrSignature = errors.New("a bundle that somebody else made")
	// ErrUnread: the file could not be read; the bundle itself may be sound.
	ErrUnread = errors.New("a bundle that could not be read")
	// ErrRecipient: this is not the text of a recipient.
	ErrRecipient = errors.New("not a recipient")
	// ErrIdentity: this is not the text of an identity.
	ErrIdentity = errors.New("not an identity")
)

// Error is for a person. It repeats nothing of the bundle and no key.
type Error struct {
	// Kind is one of the Err variables of this package.
	Kind error
	// Message is what happened and what was kept, in a sentence.
	Message string
	// Hint is what to do next.
	Hint string
	// Offset and Until are where in the file it cannot be read: from byte Offset,
	// counted from 0, to before byte Until. They are equal, and the file's length,
	// where it is certain that it was cut off there; equal too, and how far the file
	// had been read, where it was made wrongly. Set for ErrDamaged and ErrUnread.
	Offset, Until int64
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

const (
	taken = "; nothing of it was taken"
	// partlyTaken is what holds once parts have been given out.
	partlyTaken = "; what came before that may have been taken, and taking it again changes nothing"

	copyAgain = "Copy the file again, and let that end before the stick is pulled out. If it stays so, have the bundle made again."
)

// whileTaking is the error as it has to be said in the second pass.
func whileTaking(err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	c := *e
	c.Message = strings.TrimSuffix(c.Message, taken) + partlyTaken
	return &c
}

func notBundle() error {
	return &Error{
		Kind:    ErrNotBundle,
		Message: "this file is not a bundle of Daylight" + taken,
		Hint:    "Choose the file that the office, or whoever brought the stick, named to you.",
	}
}

func forSomebodyElse(cause error) error {
	return &Error{
		Kind:    ErrElse,
		Message: "this bundle is for somebody else, or its first lines are damaged" + taken,
		Hint:    "Ask whoever made it to make one for you; if it is meant for you, copy the file again.",
		Cause:   cause,
	}
}

func newer(version byte) error {
	return &Error{
		Kind:    ErrNewer,
		Message: fmt.Sprintf("this bundle was made by a newer program (its format is %d, and this one reads %d)", version, formatVersion) + taken,
		Hint:    "Update this program, and keep the file until then.",
	}
}

// cutOff is for a file that certainly ends too early.
func cutOff(at int64, cause error) error {
	return &Error{
		Kind:    ErrDamaged,
		Message: fmt.Sprintf("the file was cut off: it ends at byte %d and should go on", at) + taken,
		Hint:    copyAgain, Offset: at, Until: at, Cause: cause,
	}
}

// altered is for bytes that do not authenticate.
func altered(from, until int64, cause error) error {
	return &Error{
		Kind:    ErrDamaged,
		Message: fmt.Sprintf("the file was altered between byte %d and byte %d", from, until) + taken,
		Hint:    copyAgain, Offset: from, Until: until, Cause: cause,
	}
}

// alteredOrCut is altered where the file may as well end too early or too late.
func alteredOrCut(from, until int64, cause error) error {
	return &Error{
		Kind:    ErrDamaged,
		Message: fmt.Sprintf("the file was cut off or altered between byte %d and byte %d", from, until) + taken,
		Hint:    copyAgain, Offset: from, Until: until, Cause: cause,
	}
}

// wrong is for what arrived as it was made, and was never a bundle.
func wrong(at int64, why string, cause error) error {
	return &Error{
		Kind:    ErrDamaged,
		Message: fmt.Sprintf("this bundle was made wrongly: %s (found up to byte %d of the file)", why, at) + taken,
		Hint:    "Have it made again with a program that is up to date. If nobody you know made it, show it to the office.",
		Offset:  at, Until: at, Cause: cause,
	}
}

// exchanged is for a file that changes under the reader.
func exchanged() error {
	return &Error{
		Kind:    ErrDamaged,
		Message: "the file became another one while it was read" + taken,
		Hint:    "Copy it to this device, take out the stick, and take the copy.",
	}
}

func notSigned() error {
	return &Error{
		Kind:    ErrSignature,
		Message: "this bundle was not made by whom it names, or was changed after it was made" + taken,
		Hint:    "Do not use it. Ask whom it names, by another way, and have it made again.",
	}
}

func unread(at int64, cause error) error {
	return &Error{
		Kind:    ErrUnread,
		Message: fmt.Sprintf("the file could not be read from byte %d on", at) + taken,
		Hint:    "Copy it to this device, and take the copy. If it cannot be copied, the stick is failing: have the bundle made again on another.",
		Offset:  at, Until: at, Cause: cause,
	}
}
