package store

import (
	"errors"
	"fmt"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
)

// What a caller can do something about, besides the errors of internal/sqlitedb
// (ErrFull, ErrUnsure, ErrDamaged, ...), which pass through, and *record.Problem
// and *record.StaleError of a save. Test with errors.Is.
var (
	// ErrNotFound: there is no such record.
	ErrNotFound = errors.New("there is no such record")
	// ErrBadToken: a page token that was not given for this very query.
	ErrBadToken = errors.New("this page token does not belong to this list; start again from the first page")
	// ErrOverloaded: too many pushes are waiting. Nothing was saved; send again
	// after a while.
	ErrOverloaded = errors.New("the office is busy; nothing was saved, send again in a moment")
	// ErrClosed: the store is closed or closing. Nothing was saved.
	ErrClosed = errors.New("the store is closed")
	// ErrTooLarge: a change, or the record that it would make, passes its bound.
	// Nothing was saved.
	ErrTooLarge = errors.New("the record would be too large; nothing was saved")
	// ErrDenied: the caller's roles do not allow it. Nothing was saved.
	ErrDenied = errors.New("your roles do not allow this; nothing was saved")
	// ErrBadFilter: a filter of another kind than the list.
	ErrBadFilter = errors.New("this filter belongs to another kind of record")
	// ErrNoList: a list of a kind that is sealed, or of keys.
	ErrNoList = errors.New("records of this kind are not listed")
	// ErrBadSpan: figures of no time, or of more than 30 years.
	ErrBadSpan = errors.New("figures are of a time from one day to another, of at most 30 years")
	// ErrBadAxis: figures that are not broken down by that.
	ErrBadAxis = errors.New("these figures are not broken down by that")
	// ErrTooMany: figures with more than MaxFigures cells.
	ErrTooMany = errors.New("these would be too many figures; choose a shorter time, or break them down by less")
	// ErrNotEmpty: an import into a store that holds something.
	ErrNotEmpty = errors.New("the store is not empty; import into a new one")
	// ErrBadExport: a stream that is not an export, or not whole.
	ErrBadExport = errors.New("this is not a whole export")
)

// GuardedError says that a guarded or fixed field of a record was not saved, and
// with it nothing of the whole save. Read the record again.
type GuardedError struct {
	Kind record.Kind
	ID   record.ID
	// Field is the field's name.
	Field string
	// Reason is Stale: it has moved on since; Already: it has that value; Fixed: it
	// was set when the record was made; OtherKind: the id belongs to a record of
	// another kind.
	Reason exchange.Reason
}

// Error is one line for a person.
func (e *GuardedError) Error() string {
	switch e.Reason {
	case exchange.Already:
		return fmt.Sprintf("%s of this %s has that value already; nothing was saved", e.Field, e.Kind)
	case exchange.Fixed:
		return fmt.Sprintf("%s of a %s cannot be changed; nothing was saved", e.Field, e.Kind)
	case exchange.OtherKind:
		return "this id belongs to a record of another kind; nothing was saved"
	}
	return fmt.Sprintf("%s of this %s has moved on since it was read; nothing was saved, read it again", e.Field, e.Kind)
}
