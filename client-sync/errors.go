package clientsync

import (
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
)

// How errors are told apart.
type (
	// Error is what the methods of Client give: what happened and what was kept in
	// Message, what to do next in Hint, and a Code.
	Error = rpcerr.Error
	// Code says what kind of failure it is.
	Code = rpcerr.Code
	// Problem says which field of a message cannot be saved as it is; find it in an
	// error with errors.As.
	Problem = record.Problem
)

// The codes.
const (
	Invalid         = rpcerr.Invalid
	NotFound        = rpcerr.NotFound
	Conflicting     = rpcerr.Conflict
	Unauthenticated = rpcerr.Unauthenticated
	Denied          = rpcerr.Denied
	TooLarge        = rpcerr.TooLarge
	Unavailable     = rpcerr.Unavailable
	Internal        = rpcerr.Internal
)

// CodeOf is the code of an error, 0 for nil.
func CodeOf(err error) Code { return rpcerr.CodeOf(err) }

// StaleError is in the chain of an error of Save, Remove or Resolve when the same
// person changed a field in another window after the message was read. Present is
// the record as it is now; find it with errors.As.
type StaleError struct {
	Field   string
	Present Item
}

// Error says it in one line.
func (e *StaleError) Error() string {
	return e.Field + ": changed in another window after this one was opened"
}
