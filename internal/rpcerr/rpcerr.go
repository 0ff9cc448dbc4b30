// Package rpcerr promises that a caller learns what happened, what was kept
// and what to do, and never what only we should know: the text of an internal
// error stays in our log, and the caller gets a reference to it.
//
// Every room makes its errors for callers with E; only the edge of the server
// turns them into Connect's (ToConnect), and only the edge of the client turns
// Connect's back (FromConnect). On the wire an error is a Connect code and a
// message of one or two lines: what happened, then what to do.
package rpcerr

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"connectrpc.com/connect"
)

// Code says what kind of failure it is. The numbers are part of the wire
// format and of stored logs: add at the end, never reorder, never reuse.
type Code int

// The codes. The zero Code is not one of them.
const (
	Invalid         Code = 1 // the request makes no sense; sending it again will not help
	NotFound        Code = 2 // it is not there, or not for this caller to see
	Conflict        Code = 3 // it has changed since the caller read it
	Unauthenticated Code = 4 // we do not know who is calling
	Denied          Code = 5 // we know, and the caller may not do this
	TooLarge        Code = 6 // over a limit of size, number or rate
	Unavailable     Code = 7 // not now; the same request may succeed later
	Internal        Code = 8 // our mistake
)

// wire pairs each code with its name in logs and its code in Connect.
var wire = map[Code]struct {
	name    string
	connect connect.Code
}{
	Invalid:         {"invalid", connect.CodeInvalidArgument},
	NotFound:        {"not found", connect.CodeNotFound},
	Conflict:        {"conflict", connect.CodeAborted},
	Unauthenticated: {"unauthenticated", connect.CodeUnauthenticated},
	Denied:          {"denied", connect.CodePermissionDenied},
	TooLarge:        {"too large", connect.CodeResourceExhausted},
	Unavailable:     {"unavailable", connect.CodeUnavailable},
	Internal:        {"internal", connect.CodeInternal},
}

// fromWire reads a Connect code, including those that other servers and
// Connect itself may send in addition to ours.
func fromWire(code connect.Code) Code {
	for ours, w := range wire {
		if w.connect == code {
			return ours
		}
	}
	switch code {
	case connect.CodeOutOfRange, connect.CodeUnimplemented:
		return Invalid
	case connect.CodeAlreadyExists, connect.CodeFailedPrecondition:
		return Conflict
	case connect.CodeCanceled, connect.CodeDeadlineExceeded:
		return Unavailable
	}
	return Internal
}

// String is the code's name, as in a log.
func (c Code) String() string {
	if w, ok := wire[c]; ok {
		return w.name
	}
	return fmt.Sprintf("code %d", int(c))
}

// Error is what E makes. Read it with errors.As when Message or Hint is wanted
// by itself, as a page does.
type Error struct {
	Code    Code
	Message string // what happened and what was kept, in a sentence
	Hint    string // what to do next; may be empty
	Cause   error  // for our log only; may be nil
}

// E makes an error for a caller. msg and hint are shown to a person, each in
// one line; err is the cause, which stays with us, and may be nil.
func E(code Code, msg, hint string, err error) error {
	return &Error{Code: code, Message: oneLine(msg), Hint: oneLine(hint), Cause: err}
}

// Error is what happened, then what to do; the cause is left out, so that
// printing the error anywhere is as safe as sending it.
func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + "\n" + e.Hint
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// CodeOf is the code of the outermost Error in err's chain; Unavailable for a
// call that its caller or a deadline ended; Internal for any other error and
// for a number that is not a code; and 0 for nil.
func CodeOf(err error) Code {
	var e *Error
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e) && wire[e.Code].name != "":
		return e.Code
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return Unavailable
	}
	return Internal
}

// ToConnect cuts err to what a caller may see and gives a *connect.Error; nil
// stays nil. The whole of an internal or unavailable error goes to log, an
// internal one under the reference that the caller is shown.
func ToConnect(ctx context.Context, log *slog.Logger, err error) error {
	if err == nil {
		return nil
	}
	code := CodeOf(err)
	switch code {
	case Internal:
		id := reference()
		log.ErrorContext(ctx, "internal error", "reference", id, "error", whole(err))
		return wired(code, "internal error, reference "+id)
	case Unavailable:
		log.WarnContext(ctx, "unavailable", "error", whole(err))
	}
	var e *Error
	if !errors.As(err, &e) {
		return wired(code, "the call ended before its answer was ready")
	}
	return wired(code, e.Error())
}

func wired(code Code, text string) error {
	return connect.NewError(wire[code].connect, errors.New(text))
}

// whole is the error's text with the causes that Error leaves out.
func whole(err error) string {
	text := err.Error()
	for e := (*Error)(nil); errors.As(err, &e) && e.Cause != nil; err = e.Cause {
		text += ": " + e.Cause.Error()
	}
	return oneLine(text)
}

// reference is short enough to be read out on the telephone.
func reference() string { return strings.ToLower(rand.Text()[:10]) }

// FromConnect reads an error that a call gave, as an *Error whose cause is
// err; nil stays nil. What did not come from a Daylight server is Unavailable,
// whatever its code: the login page of a hotel's network answers 200, 302 or
// 403, and must neither log a person off nor look like a refusal.
func FromConnect(err error) error {
	if err == nil {
		return nil
	}
	var c *connect.Error
	if !errors.As(err, &c) {
		return E(CodeOf(err), "the call failed on this device", "", err)
	}
	if c.Code() == connect.CodeResourceExhausted && !connect.IsWireError(err) {
		return E(TooLarge, "the answer is larger than this program accepts", "Update the program.", err)
	}
	if !connect.IsWireError(err) {
		return E(Unavailable, "the office could not be reached; everything is kept here", "Try again when there is a network.", err)
	}
	msg, hint, _ := strings.Cut(c.Message(), "\n")
	return E(fromWire(c.Code()), msg, hint, err)
}

// oneLine keeps a text from looking like two fields on the wire or two lines in
// a log.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
