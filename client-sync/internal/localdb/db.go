package localdb

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
)

//go:embed sql/*.sql
var files embed.FS

// migrations holds the numbered steps of the schema at its top.
func migrations() fs.FS {
	steps, err := fs.Sub(files, "sql")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return steps
}

const (
	fileName = "device.db"
	// application marks our files: "DayD".
	application = 0x44617944
)

// Options says how a folder is opened.
type Options struct {
	// Dir is the folder, made if it is not there.
	Dir string
	// What names the program to the next one that wants the folder.
	What string

	// MaxPages and OnCommit are for tests, see sqlitedb.Options.
	MaxPages int
	OnCommit func(commit func() error) error
}

// DB is an open folder. Its methods may be called from any goroutine.
type DB struct {
	file *sqlitedb.DB
	lock *sqlitedb.FolderLock

	shield shield
}

// Open takes the folder for this process and opens its file. The errors are those
// of sqlitedb: a *HeldError when another process has the folder, ErrDamaged,
// ErrNewer and ErrForeign for a file that was left as it was.
func Open(ctx context.Context, o Options) (*DB, error) {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, sqlitedb.Classify(fmt.Errorf("make the folder: %w", err))
	}
	lock, err := sqlitedb.Lock(o.Dir, o.What)
	if err != nil {
		return nil, err
	}
	file, err := sqlitedb.Open(ctx, filepath.Join(o.Dir, fileName), sqlitedb.Options{
		Migrations: migrations(), Application: application,
		SecureDelete: true, QuickCheck: true,
		MaxPages: o.MaxPages, OnCommit: o.OnCommit,
	})
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return &DB{file: file, lock: lock}, nil
}

// Close gives the folder back.
func (d *DB) Close() error { return errors.Join(d.file.Close(), d.lock.Close()) }

// Sweep leaves nothing in the folder of what was deleted, see sqlitedb.DB.Sweep.
func (d *DB) Sweep(ctx context.Context) error { return d.file.Sweep(ctx) }

// Write runs do in a transaction and commits it, see sqlitedb.DB.Write: nil means
// that it survives a power cut, ErrUnsure that nobody knows.
func (d *DB) Write(ctx context.Context, do func(*Book) error) error {
	return d.file.Write(ctx, func(tx *sqlitedb.Tx) error { return do(d.book(tx)) })
}

// Read runs do on what the last commit left. do should be short.
func (d *DB) Read(ctx context.Context, do func(*Book) error) error {
	return d.file.Read(ctx, func(tx *sqlitedb.Tx) error { return do(d.book(tx)) })
}

// Book is one transaction, and the exchange.Notebook of the device.
type Book struct {
	*sqlitedb.Tx
	shield shield

	self *exchange.Self // as last read or put; nil before

	asked      int                // how often Unaccepted was asked
	unaccepted map[record.ID]bool // records that have some or had; nil when not known
}

func (d *DB) book(tx *sqlitedb.Tx) *Book { return &Book{Tx: tx, shield: d.shield} }
