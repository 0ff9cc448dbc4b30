package clientsync

import (
	"context"
	"errors"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	"github.com/daylight-npm/daylight/internal/vault"
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

// explain says to a person why a save did not succeed.
func explain(err error) error {
	var known *Error
	var problem *record.Problem
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case errors.As(err, &problem):
		text := problem.Text
		if problem.Field != "" {
			text = problem.Field + ": " + text
		}
		return rpcerr.E(Invalid, text+"; nothing was saved", problem.Hint, err)
	case errors.Is(err, journal.ErrTooLarge):
		return rpcerr.E(TooLarge, "this is more than one change can hold (512 KiB); nothing was saved, the text is still on the screen",
			"Save it in several steps, or put long texts into attachments.", err)
	case errors.Is(err, errNotApplied):
		return rpcerr.E(Unavailable, "the disk failed; the change is not saved, the text is still on the screen",
			"Save again. If it fails again, copy the text elsewhere.", err)
	case errors.Is(err, sqlitedb.ErrFull):
		return rpcerr.E(Unavailable, "the disk is full; the change is not saved, the text is still on the screen; everything saved before is safe",
			"Free some space and save again.", err)
	}
	return explainDisk(err)
}

// explainDisk is for everything that reads or writes.
func explainDisk(err error) error {
	var known *Error
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case errors.Is(err, sqlitedb.ErrUnsure):
		return rpcerr.E(Unavailable, "the disk failed, and it is not certain what was saved last",
			"Keep what is on the screen, close the program, open it again and look.", err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return rpcerr.E(Unavailable, "this was broken off; nothing was changed", "Try again.", err)
	case errors.Is(err, sqlitedb.ErrFull):
		return rpcerr.E(Unavailable, "the disk is full; everything saved before is safe", "Free some space and try again.", err)
	case errors.Is(err, sqlitedb.ErrDamaged):
		return rpcerr.E(Internal, "a part of the device's file cannot be read",
			"Do not write anything more here: rescue the unsent changes and open a new folder.", err)
	case errors.Is(err, vault.ErrAltered):
		return rpcerr.E(Internal, vault.ErrAltered.Message, vault.ErrAltered.Hint, err)
	case errors.Is(err, sqlitedb.ErrBusy):
		return rpcerr.E(Unavailable, "another program is using the device's file; nothing was changed", "Close that program and try again.", err)
	}
	return rpcerr.E(Internal, "something went wrong on this device; what was saved before is safe", "Try again, and report it if it stays.", err)
}

// explainOpen says why a folder was not opened.
func explainOpen(err error) error {
	var held *sqlitedb.HeldError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, localdb.ErrKeyless):
		return rpcerr.E(Invalid, "the folder has records, but its key file vault.key is gone, so nobody can open them here; they were not changed",
			"Put a copy of vault.key back, or rescue the unsent changes with the office's recovery key.", err)
	case errors.Is(err, localdb.ErrUnsealed):
		return rpcerr.E(Invalid, "this folder was made by a version that did not encrypt; it was not changed",
			"Sync it with that version, and begin a new folder with this one.", err)
	case errors.As(err, &held):
		return rpcerr.E(Unavailable, held.Error(), "", err)
	case errors.Is(err, sqlitedb.ErrNewer):
		return rpcerr.E(Invalid, "this folder was written by a newer version of the program; it was not changed",
			"Install the newer version again, or rescue the unsent changes.", err)
	case errors.Is(err, sqlitedb.ErrForeign):
		return rpcerr.E(Invalid, "the file in this folder belongs to another program; it was not changed", "Choose another folder.", err)
	case errors.Is(err, sqlitedb.ErrDamaged):
		return rpcerr.E(Internal, "the device's file is damaged; it was not changed",
			"Keep the folder, rescue the unsent changes, and open a new folder.", err)
	}
	return explainDisk(err)
}

// explainTake says why an answer was not taken.
func explainTake(err error) error {
	if errors.Is(err, exchange.ErrAnswer) {
		return rpcerr.E(Internal, "the office's answer cannot be read; nothing was changed here", "Report it to the office.", err)
	}
	if errors.Is(err, sqlitedb.ErrUnsure) {
		return rpcerr.E(Unavailable, "the disk failed while the office's answer was stored; everything that was written here is kept", "Sync again.", err)
	}
	return explainDisk(err)
}
