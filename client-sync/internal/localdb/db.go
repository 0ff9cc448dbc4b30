package localdb

import (
	"context"
	"embed"
	"io/fs"
	"path/filepath"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	"github.com/daylight-npm/daylight/internal/vault"
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
	fileName = "vault.db"
	// application marks our files: "DayV".
	application = 0x44617956
)

// DB is the open file of an unlocked folder. Its methods may be called from any
// goroutine.
type DB struct {
	file *sqlitedb.DB
	keys *vault.Keys
}

// open opens the file that these keys are for. The errors are those of sqlitedb:
// ErrDamaged, ErrNewer and ErrForeign for a file that was left as it was.
func (f *Folder) open(ctx context.Context, keys *vault.Keys) (*DB, error) {
	file, err := sqlitedb.Open(ctx, filepath.Join(f.options.Dir, fileName), sqlitedb.Options{
		Migrations: migrations(), Application: application,
		SecureDelete: true, QuickCheck: true,
		MaxPages: f.options.MaxPages, OnCommit: f.options.OnCommit,
	})
	if err != nil {
		keys.Forget()
		return nil, err
	}
	return &DB{file: file, keys: keys}, nil
}

// Close closes the file, with nothing left beside it, and forgets the keys.
func (d *DB) Close() error {
	err := d.file.Close()
	d.keys.Forget()
	return err
}

// Recoverable wraps the keys for the office, see vault.Vault.
func (f *Folder) Recoverable(d *DB, recipient string) error {
	return f.vault.Recoverable(d.keys, recipient)
}

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
	keys *vault.Keys

	self *exchange.Self // as last read or put; nil before

	asked      int                // how often Unaccepted was asked
	unaccepted map[record.ID]bool // records that have some or had; nil when not known
}

func (d *DB) book(tx *sqlitedb.Tx) *Book { return &Book{Tx: tx, keys: d.keys} }
