package store

import (
	"context"
	"io"
)

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
