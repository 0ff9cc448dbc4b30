// Package sqlitedb promises that what a committed transaction wrote is still
// there after a power cut, and that no file is altered before we know that it
// is ours, whole, and not from a newer program.
//
// A database has one writer connection and a few read connections. Writers
// wait for each other inside the process; readers see the last commit and
// never wait for the writer. It runs in WAL mode with synchronous=FULL: a
// commit returns after the log has reached the disk.
//
// While a file is open here, the same process must not open it in another way,
// not even to copy it: on POSIX systems, closing any descriptor of a file drops
// all locks that the process has on it. DB.Copy makes a copy.
//
// This is the only room that imports the SQLite driver. Errors of the driver
// leave it classified: test them with errors.Is against the Err values here.
package sqlitedb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Options says how a file is opened. The zero value opens an ordinary file
// without a schema of its own.
type Options struct {
	// Migrations holds numbered goose SQL files at its top; each is one
	// transaction. Nil means that the schema is left as it is.
	Migrations fs.FS

	// Application is written to a new file (PRAGMA application_id) and asked
	// for in an old one, so that one program cannot open the other's file.
	Application uint32

	// Readers is the number of read connections; 0 means 4.
	Readers int

	// ReadCache is how much of the file each read connection keeps in memory, in
	// KiB; 0 means SQLite's own 2 MB.
	ReadCache int

	// SecureDelete overwrites deleted rows with zeros in the file; the log
	// beside it keeps them until it is written over. It costs a small durable
	// save about a tenth of its time (BenchmarkSave), so only a device, which
	// can be seized, asks for it.
	SecureDelete bool

	// QuickCheck reads the whole file before opening it and refuses a damaged
	// one. It takes about a second per gigabyte; without it, damage shows when
	// the damaged page is read.
	QuickCheck bool

	// ReadOnly opens a damaged or newer file to rescue what can be read. The
	// schema is not migrated and Write answers ErrReadOnly.
	ReadOnly bool

	// MaxPages bounds the file's size in pages of 4 KiB, so that a test sees a
	// full disk (ErrFull) with real SQLite. 0 means no bound.
	MaxPages int

	// OnCommit stands between Write and each COMMIT, so that a test can let a
	// commit fail (an error without calling commit) or fail after it was
	// applied (an error after calling it). Nil commits.
	OnCommit func(commit func() error) error
}

// DB is an open database file. Its methods may be called from any goroutine.
type DB struct {
	path    string
	options Options

	writer *sql.DB // one connection; nil when opened for reading only
	reader *sql.DB

	writing, reading *statements // writing is nil when opened for reading only

	// turns has a place for each reader. Who waits for one gets it in the order of asking:
	// the pool of database/sql gives connections out at random, and of twenty callers
	// somebody would wait several times as long as the others.
	turns chan struct{}
}

// Open opens the file at path, makes it if there is none, and brings its
// schema up to date. A file that is refused (ErrForeign, ErrNewer, ErrDamaged)
// has not been altered. The folder must exist; in-memory databases are not
// offered, because they behave differently.
func Open(ctx context.Context, path string, o Options) (*DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find the database file: %w", err)
	}
	if err := examine(ctx, path, o); err != nil {
		return nil, err
	}
	if o.Readers <= 0 {
		o.Readers = 4
	}
	d := &DB{path: path, options: o, turns: make(chan struct{}, o.Readers)}
	if o.ReadOnly {
		d.reader = connect(readOnlySource(path, queryOnly), o.Readers)
		d.reading = newStatements(d.reader)
		return d, nil
	}
	if err := d.openForWriting(ctx, path); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

func (d *DB) openForWriting(ctx context.Context, path string) error {
	if err := create(path); err != nil {
		return Classify(fmt.Errorf("make the database file: %w", err))
	}
	d.writer = connect(writeSource(path, d.options), 1)
	d.reader = connect(readSource(path, d.options), d.options.Readers)
	var mode string
	if err := d.writer.QueryRowContext(ctx, `PRAGMA journal_mode`).Scan(&mode); err != nil {
		return Classify(fmt.Errorf("open the database: %w", err))
	}
	if mode != "wal" { // SQLite does not say why; network file systems are the usual reason
		return fmt.Errorf("open the database: this file system cannot hold it (no shared memory beside %s)", filepath.Base(path))
	}
	d.writing, d.reading = newStatements(d.writer), newStatements(d.reader)
	return migrate(ctx, d.writer, d.options)
}

// create makes an empty file, unless there is one, that only its owner may
// read; SQLite gives the files that it adds beside it the same mode. It must
// not open a file that is there, see the package comment.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// Write runs do in a transaction that no other writer can overlap, and commits
// it. An error or a panic of do rolls it back. When Write returns nil, the
// change survives a power cut; on ErrUnsure nobody knows, and the caller has to
// read again what it believes; on any other error nothing was saved.
//
// do must return the first error that the transaction gives: SQLite may have
// ended the transaction by itself then. do must not use the handles of d.
func (d *DB) Write(ctx context.Context, do func(*Tx) error) error {
	if d.options.ReadOnly {
		return ErrReadOnly
	}
	err := d.write(ctx, do)
	if err == nil {
		d.writing.learn(ctx)
	}
	return err
}

func (d *DB) write(ctx context.Context, do func(*Tx) error) error {
	conn, err := d.writer.Conn(ctx)
	if err != nil {
		return Classify(fmt.Errorf("begin: %w", err))
	}
	defer conn.Close()
	// A context that ends must not end the transaction behind do's back, nor
	// leave it open whether a COMMIT took effect.
	inside := context.WithoutCancel(ctx)
	tx, err := conn.BeginTx(inside, nil)
	if err != nil {
		return Classify(fmt.Errorf("begin: %w", err))
	}
	defer tx.Rollback()
	if err := do(d.writing.bind(inside, tx)); err != nil {
		return Classify(err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return d.commit(conn, tx)
}

// commit tells a commit that certainly did not happen from one that may have.
func (d *DB) commit(conn *sql.Conn, tx *sql.Tx) error {
	do := d.options.OnCommit
	if do == nil {
		do = func(commit func() error) error { return commit() }
	}
	err := do(tx.Commit)
	if err == nil {
		return nil
	}
	if refused(err) {
		return Classify(fmt.Errorf("commit: %w", err))
	}
	// What this connection remembers may differ from the disk: drop it, so that
	// the next writer starts from what the file says.
	tx.Rollback()
	conn.Raw(func(any) error { return driver.ErrBadConn })
	return fmt.Errorf("%w: %w", ErrUnsure, Classify(err))
}

// Read runs do in a transaction that sees one commit from its first query on,
// whatever is written meanwhile. It holds the log back while it runs, so do
// should be short. An attempt to write fails.
func (d *DB) Read(ctx context.Context, do func(*Tx) error) error {
	select {
	case d.turns <- struct{}{}:
	case <-ctx.Done():
		return Classify(fmt.Errorf("begin reading: %w", ctx.Err()))
	}
	defer func() { <-d.turns }()
	err := d.read(ctx, do)
	if err == nil {
		d.reading.learn(ctx)
	}
	return err
}

func (d *DB) read(ctx context.Context, do func(*Tx) error) error {
	tx, err := d.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return Classify(fmt.Errorf("begin reading: %w", err))
	}
	defer tx.Rollback()
	return Classify(do(d.reading.bind(ctx, tx)))
}

// Copy writes one commit of d into a new file at to, which must not exist or be
// empty, and returns when it is on the disk. Writing goes on meanwhile. What
// was deleted is not in the copy. After an error the copy is worthless.
func (d *DB) Copy(ctx context.Context, to string) error {
	if err := create(to); err != nil {
		return Classify(fmt.Errorf("make the copy's file: %w", err))
	}
	h := connect(copySource(d.path, d.options), 1) // SQLite forbids this to the readers
	defer h.Close()
	if _, err := h.ExecContext(ctx, `VACUUM INTO ?`, to); err != nil {
		return Classify(fmt.Errorf("copy the database: %w", err))
	}
	f, err := os.OpenFile(to, os.O_RDWR, 0) // SQLite leaves the copy to the system's cache
	if err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	return Classify(errors.Join(f.Sync(), f.Close()))
}

// Sweep leaves no copy of rows that were deleted: it writes the whole file anew (rows
// that were moved leave copies behind, also with SecureDelete) and empties the log
// beside it. It takes about a second for 100 MB, and as much room on the disk. It waits
// for readers for as long as a transaction would, then gives ErrBusy.
func (d *DB) Sweep(ctx context.Context) error {
	if d.writer == nil {
		return ErrReadOnly
	}
	if _, err := d.writer.ExecContext(ctx, `VACUUM`); err != nil {
		return Classify(fmt.Errorf("write the database anew: %w", err))
	}
	var busy, frames, moved int
	err := d.writer.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &moved)
	if err == nil && busy != 0 {
		err = ErrBusy
	}
	if err != nil {
		return Classify(fmt.Errorf("empty the database's log: %w", err))
	}
	return nil
}

// Close closes the file, readers first: the last connection to close moves the
// log into the file, and a reader may not write.
func (d *DB) Close() error {
	var errs []error
	for _, h := range []*sql.DB{d.reader, d.writer} {
		if h != nil {
			errs = append(errs, h.Close())
		}
	}
	return Classify(errors.Join(errs...))
}
