package store

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/daylight-npm/daylight/internal/sqlitedb"
)

// Config says where the store is and what it takes from outside. Only Dir is
// needed.
type Config struct {
	// Dir is the folder that holds everything; it is made when missing. One process
	// has it at a time.
	Dir string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Random gives keys, ids and salts; nil means crypto/rand.
	Random io.Reader
	// Log takes what an operator needs to know, never content; nil is silent.
	Log *slog.Logger
	// Waiting bounds the pushes and saves that wait for a commit; 0 means 256.
	Waiting int
	// QuickCheck reads the whole file when it is opened and refuses a damaged one.
	QuickCheck bool

	// MaxPages bounds the file in pages of 4 KiB, so that a test sees a full disk.
	MaxPages int
	// OnCommit stands between a transaction and its COMMIT, so that a test can let
	// it fail, or fail after it was applied.
	OnCommit func(commit func() error) error
}

// Store is an open store. Its methods may be called from any goroutine.
type Store struct {
	config Config
	lock   *sqlitedb.FolderLock
	db     *sqlitedb.DB
}

// Open opens the store in the folder and makes one when there is none. A folder
// that another process has gives a *sqlitedb.HeldError; a file that is foreign,
// newer or damaged the errors of sqlitedb, and is left as it is.
func Open(ctx context.Context, c Config) (*Store, error) { return nil, nil }

// Close lets what is being written finish, answers what still waits with ErrClosed
// and closes the file.
func (s *Store) Close() error { return nil }
