package server

import (
	"context"
	"errors"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	"github.com/daylight-npm/daylight/server/store"
)

// told says for an error of the rooms below what a caller is told.
type told struct {
	err  error
	code rpcerr.Code
	msg  string
	hint string
}

// sendAgain: what has an id, and every sync, is saved once however often it comes.
const sendAgain = "Send it again; a record that was to be new may be there already, so look first."

// denyHint: what somebody may not do, another may.
const denyHint = "Ask the office for a role that does, or whoever may do it."

// plainly are the errors whose words do not depend on the record.
var plainly = []told{
	{store.ErrNotFound, rpcerr.NotFound, "there is no such record at the office", "Look at the id; a record that was made on a device is here only after that device has synced."},
	{store.ErrDenied, rpcerr.Denied, "your roles at the office do not allow this; nothing was saved", denyHint},
	{store.ErrBadToken, rpcerr.Invalid, "this page token does not belong to this list", "Start again from the first page."},
	{store.ErrBadFilter, rpcerr.Invalid, "this filter does not belong to this list", "Leave it out."},
	{store.ErrNoList, rpcerr.Invalid, "records of this kind are not listed", ""},
	{store.ErrBadSpan, rpcerr.Invalid, "figures are of a time from one day to another, of at most 30 years", "Give both days, as 2026-01-01."},
	{store.ErrBadAxis, rpcerr.Invalid, "these figures are not broken down by that", "Leave it out."},
	{store.ErrTooMany, rpcerr.TooLarge, "these would be too many figures", "Choose a shorter time, or break them down by less."},
	{store.ErrTooLarge, rpcerr.TooLarge, "the record would be too large; nothing was saved", "Put a part of it into another record."},
	{exchange.ErrCursor, rpcerr.Invalid, "the cursor was not made by this server; what was sent with it is saved", "Sync again with an empty cursor."},
	{store.ErrOverloaded, rpcerr.Unavailable, "the office is busy; nothing was saved", "Send it again in a moment."},
	{store.ErrClosed, rpcerr.Unavailable, "the office is shutting down; nothing was saved", "Send it again in a moment."},
	{sqlitedb.ErrFull, rpcerr.Unavailable, "the server's disk is full; nothing was saved, and everything saved before is safe", "Tell whoever runs the server to make room, then send it again."},
	{sqlitedb.ErrUnsure, rpcerr.Unavailable, "the server is not sure that it was saved", sendAgain},
	{sqlitedb.ErrBusy, rpcerr.Unavailable, "another program holds the server's database; nothing was saved", "Send it again in a moment."},
	{context.DeadlineExceeded, rpcerr.Unavailable, "the office took too long; it may have been saved or not", sendAgain},
}

// forCaller is the one map from the errors of the rooms below to what a caller is
// told. What it does not know is our mistake and stays as it is.
func forCaller(err error) error {
	err = sqlitedb.Classify(err)
	var ours *rpcerr.Error
	var problem *record.Problem
	var stale *record.StaleError
	var guarded *store.GuardedError
	var denied *deniedError
	switch {
	case errors.As(err, &ours):
		return err
	case errors.As(err, &problem):
		p := *problem
		p.Hint = ""
		return rpcerr.E(rpcerr.Invalid, "nothing was saved: "+p.Error(), sentence(problem.Hint), err)
	case errors.As(err, &stale):
		return rpcerr.E(rpcerr.Conflict, stale.Error(), "", err)
	case errors.As(err, &guarded):
		return rpcerr.E(rpcerr.Conflict, guarded.Error(), guardedHint(guarded.Reason), err)
	case errors.As(err, &denied):
		return rpcerr.E(rpcerr.Denied, denied.Error()+"; nothing was saved", denyHint, err)
	}
	for _, t := range plainly {
		if errors.Is(err, t.err) {
			return rpcerr.E(t.code, t.msg, t.hint, err)
		}
	}
	return err
}

func guardedHint(r exchange.Reason) string {
	if r == exchange.Fixed || r == exchange.OtherKind {
		return "Make a new record."
	}
	return "Read it again and decide anew."
}

// sentence begins with a capital letter and ends with a full stop.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return string(s[0]&^0x20) + s[1:] + "."
}

func invalid(msg, hint string) error { return rpcerr.E(rpcerr.Invalid, msg, hint, nil) }
