package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
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

func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Waiting <= 0 {
		c.Waiting = 256
	}
	return c
}

// Store is an open store. Its methods may be called from any goroutine.
type Store struct {
	config Config
	lock   *sqlitedb.FolderLock
	db     *sqlitedb.DB

	commits *committer

	// random guards config.Random.
	random sync.Mutex
	// indexing lets one step of the search run at a time.
	indexing sync.Mutex
	// wake says that there is something for the search.
	wake chan struct{}

	certificates certificates
	recalls      recalls
}

// certificates keeps what has been read of them, because reading one verifies its
// signature. Only committed ones come in; none is ever changed.
type certificates struct {
	mu sync.Mutex
	// read is replaced, never written to: transactions hold it.
	read map[journal.Serial]*journal.Certificate
}

// maxCertificates bounds the memory; beyond it reading begins anew.
const maxCertificates = 4096

func (c *certificates) get() map[journal.Serial]*journal.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read
}

func (c *certificates) add(more map[journal.Serial]*journal.Certificate) {
	if len(more) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make(map[journal.Serial]*journal.Certificate, len(c.read)+len(more))
	if len(c.read)+len(more) <= maxCertificates {
		maps.Copy(all, c.read)
	}
	maps.Copy(all, more)
	c.read = all
}

// Open opens the store in the folder and makes one when there is none. A folder
// that another process has gives a *sqlitedb.HeldError; a file that is foreign,
// newer or damaged the errors of sqlitedb, and is left as it is.
func Open(ctx context.Context, c Config) (*Store, error) {
	c = c.withDefaults()
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the store's folder: %w", err)
	}
	lock, err := sqlitedb.Lock(c.Dir, "the office's store")
	if err != nil {
		return nil, err
	}
	s := &Store{config: c, lock: lock, wake: make(chan struct{}, 1)}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.closeFiles())
	}
	s.commits = newCommitter(s, c.Waiting)
	return s, nil
}

// What readers keep in memory of the narrow tables and their indexes of a large office, in
// KiB, and how many there are: one more than can run at once, since each has a cache of its
// own, and the fewer share it the more of a large office is in each.
const readCache = 128 << 10

func readers() int { return min(max(runtime.GOMAXPROCS(0)+1, 3), 8) }

func (s *Store) open(ctx context.Context) (err error) {
	s.db, err = sqlitedb.Open(ctx, filepath.Join(s.config.Dir, "daylight.db"), sqlitedb.Options{
		Migrations:  migrations(),
		Application: application,
		QuickCheck:  s.config.QuickCheck,
		Readers:     readers(),
		ReadCache:   readCache / readers(),
		MaxPages:    s.config.MaxPages,
		OnCommit:    s.config.OnCommit,
	})
	if err != nil {
		return err
	}
	if err := s.refill(ctx); err != nil { // scopes are made of what is listed
		return err
	}
	if err := s.makeScopes(ctx); err != nil {
		return err
	}
	if err := s.makeMerges(ctx); err != nil {
		return err
	}
	if err := s.makeDossiers(ctx); err != nil {
		return err
	}
	return s.makeEpoch(ctx)
}

// Dir is the folder that holds everything.
func (s *Store) Dir() string { return s.config.Dir }

// File is the database, for what else the office keeps in it: see server/directory.
func (s *Store) File() *sqlitedb.DB { return s.db }

// Close lets what is being written finish, answers what still waits with ErrClosed
// and closes the file.
func (s *Store) Close() error {
	s.commits.close()
	return s.closeFiles()
}

func (s *Store) closeFiles() error {
	var err error
	if s.db != nil {
		err = s.db.Close()
	}
	return errors.Join(err, s.lock.Close())
}

// write runs do in a transaction of its own. Everything but the log's growth may
// use it directly; pushes and saves go through the committer.
func (s *Store) write(ctx context.Context, do func(*ledger) error) error {
	var l *ledger
	err := s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		l = s.ledger(tx)
		if err := do(l); err != nil {
			return err
		}
		return l.finish()
	})
	if l != nil { // also after an error, which may have come behind the commit
		s.recalls.moved(l.changed)
	}
	if err == nil {
		s.certificates.add(l.certificates)
	}
	return err
}

// read runs do in a transaction that sees one commit and cannot write.
func (s *Store) read(ctx context.Context, do func(*ledger) error) error {
	err := s.db.Read(ctx, func(tx *sqlitedb.Tx) error {
		return do(s.ledger(tx))
	})
	return err
}

func (s *Store) ledger(tx *sqlitedb.Tx) *ledger {
	l := &ledger{
		Tx: tx, now: s.config.Now().UnixMilli(), log: s.config.Log, known: s.certificates.get(),
	}
	l.forget()
	return l
}

// fill makes b random.
func (s *Store) fill(b []byte) error {
	s.random.Lock()
	defer s.random.Unlock()
	if _, err := io.ReadFull(s.config.Random, b); err != nil {
		return fmt.Errorf("get random bytes: %w", err)
	}
	return nil
}

// Head is the position of the last entry in the log, 0 before the first.
func (s *Store) Head(ctx context.Context) (at exchange.Position, err error) {
	err = s.read(ctx, func(l *ledger) error {
		at, err = l.Head()
		return err
	})
	return at, err
}
