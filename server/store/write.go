package store

import (
	"context"
	"io"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Sync takes the batches, then answers ask from what is committed. When it
// returns without an error, everything that the answer acknowledges is on the
// disk. ErrOverloaded, ErrClosed, sqlitedb.ErrFull: nothing was saved.
// sqlitedb.ErrUnsure: nobody knows; sending again is right in each case.
// exchange.ErrCursor: the cursor is not one of ours; what was pushed is saved.
func (s *Store) Sync(ctx context.Context, batches []journal.Batch, ask exchange.Ask) (*daylightv1.SyncResponse, error) {
	return nil, nil
}

// OfficeWriter is a person at the office, by the name that the office calls them.
type OfficeWriter string

// Save writes what the messages change against what their tokens showed, all or
// nothing, and gives the records as they are then, in the same order. Ids that are
// missing are filled in. A value that the token did not show stays, as a conflict.
// *record.Problem, *record.StaleError, *GuardedError, ErrTooLarge: nothing was
// saved.
func (s *Store) Save(ctx context.Context, as OfficeWriter, messages ...record.Message) ([]Item, error) {
	return nil, nil
}

// Remove removes what the token showed of a record and gives the record as it is
// then: it is not Removed when it holds something that the token did not show.
// ErrNotFound and the errors of Save.
func (s *Store) Remove(ctx context.Context, as OfficeWriter, kind record.Kind, id record.ID, token []byte) (Item, error) {
	return Item{}, nil
}

// Finding is one deviation that Check found. It names no content.
type Finding struct {
	// What is wrong, in plain words.
	What string
	// Where: a position, a writer, a record, a table.
	Where string
}

// String is "where: what".
func (f Finding) String() string { return f.Where + ": " + f.What }

// Check reads everything and derives it again: the database's own structure, the
// positions, each writer's chain and seals, each record's state from its accepted
// entries, each projection from its state. It reports every deviation; the error
// says only that it could not go on.
func (s *Store) Check(ctx context.Context, report func(Finding)) error { return nil }

// Export writes the whole log as a stream of daylight.v1.Batch messages, each with
// its length in front as a varint: the entries in the order of their positions,
// as they were signed. Certificates stand with the first batch that needs them.
// Keys are not in it.
func (s *Store) Export(ctx context.Context, w io.Writer) error { return nil }

// Import ingests what Export wrote into an empty store. Each entry is verified and
// judged as if it came now. ErrNotEmpty, ErrBadExport; what was read before an
// error stays, so begin again with a new store.
func (s *Store) Import(ctx context.Context, r io.Reader) error { return nil }

// NewEpoch begins a new log identity after a restore from a backup: devices then
// start again from an empty cursor and send what is missing. Writers whose keys
// the store holds get new ids, because what they wrote after the backup is
// unknown here and their numbers must not be given twice.
func (s *Store) NewEpoch(ctx context.Context) error { return nil }

// Index brings the search forward by one bounded step. more: there is more to do.
func (s *Store) Index(ctx context.Context) (more bool, err error) { return false, nil }

// Run keeps the search up to date until ctx ends, and returns nil then.
func (s *Store) Run(ctx context.Context) error { return nil }

// Head is the position of the last entry in the log, 0 before the first.
func (s *Store) Head(ctx context.Context) (exchange.Position, error) { return 0, nil }
