package sqlitedb

import (
	"errors"
	"fmt"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// The kinds of failure that a caller can do something about. Test for them
// with errors.Is; the text around them says where it happened.
var (
	// ErrForeign: the file holds something else than this program's data.
	ErrForeign = errors.New("this file belongs to another program")

	// ErrNewer: the schema is newer than this program; going back is refused.
	ErrNewer = errors.New("this file was written by a newer version of the program")

	// ErrDamaged: the file is not a database, or not whole.
	ErrDamaged = errors.New("the database file is damaged")

	// ErrFull: no room on the disk. What was committed before is safe.
	ErrFull = errors.New("the disk is full")

	// ErrBusy: another process held the file for longer than we waited.
	ErrBusy = errors.New("another program is using the database file")

	// ErrUnsure: a commit failed in a way that may or may not have saved the
	// change. The caller has to read again what it believes.
	ErrUnsure = errors.New("not sure that it was saved")

	// ErrReadOnly: a write to a file that was opened for reading only.
	ErrReadOnly = errors.New("the database file is opened for reading only")

	// ErrExists: a row with this key is there already.
	ErrExists = errors.New("it is there already")
)

// kinds maps SQLite's primary result codes to what a caller can tell apart.
var kinds = map[int]error{
	sqlite3.SQLITE_CORRUPT:  ErrDamaged,
	sqlite3.SQLITE_NOTADB:   ErrDamaged,
	sqlite3.SQLITE_FULL:     ErrFull,
	sqlite3.SQLITE_BUSY:     ErrBusy,
	sqlite3.SQLITE_LOCKED:   ErrBusy,
	sqlite3.SQLITE_READONLY: ErrReadOnly,
}

// details maps those extended result codes whose primary code says too little.
// A full disk shows as SHMSIZE when the log's index cannot grow.
var details = map[int]error{
	sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY: ErrExists,
	sqlite3.SQLITE_CONSTRAINT_UNIQUE:     ErrExists,
	sqlite3.SQLITE_CONSTRAINT_ROWID:      ErrExists,
	sqlite3.SQLITE_IOERR_CORRUPTFS:       ErrDamaged,
	sqlite3.SQLITE_IOERR_SHMSIZE:         ErrFull,
}

// Classify puts in front of err which of this package's errors it is, if it is
// one, so that errors.Is finds it. It leaves any other error, an error that is
// classified already, and nil as they are.
func Classify(err error) error {
	kind := kindOf(err)
	if kind == nil || errors.Is(err, kind) {
		return err
	}
	return fmt.Errorf("%w: %w", kind, err)
}

func kindOf(err error) error {
	var e *sqlite.Error
	switch {
	case errors.As(err, &e):
		if kind := details[e.Code()]; kind != nil {
			return kind
		}
		return kinds[primary(e)]
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return ErrFull
	}
	return nil
}

// refused reports whether a failed COMMIT certainly saved nothing: it was
// turned away before a byte was written.
func refused(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	return primary(e) == sqlite3.SQLITE_BUSY || primary(e) == sqlite3.SQLITE_CONSTRAINT
}

func primary(e *sqlite.Error) int { return e.Code() & 0xff }
