package sqlitedb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// The lock is SQLite's own on an empty file, because SQLite knows how to lock
// on every system that we run on, and the system lets go of it when the
// process dies. The note beside it is for people only.
const (
	lockFile = "folder.lock"
	lockNote = "folder.lock.json"
)

// FolderLock keeps a folder for one opener: while it is held, Lock fails for
// every other process and for every other caller in this one.
type FolderLock struct {
	note string
	db   *sql.DB
	conn *sql.Conn // inside a transaction that is never committed
}

// HeldError says who has the folder. PID is 0 when the holder's note could not
// be read, as in the moment between taking the lock and writing the note.
type HeldError struct {
	Dir   string    `json:"-"`
	PID   int       `json:"pid"`
	What  string    `json:"what"`
	Since time.Time `json:"since"`
}

// Error names the holder and says what to do.
func (e *HeldError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("the folder %s is in use by another program; close that one first", e.Dir)
	}
	return fmt.Sprintf("the folder %s is in use by %s (process %d) since %s; close that one first",
		e.Dir, e.What, e.PID, e.Since.Format("2006-01-02 15:04:05 -0700"))
}

// Lock takes the folder for this opener; what names the program in the error
// that the next one gets, a *HeldError. The folder must exist. The lock ends
// with Close, or with the process, however that dies.
func Lock(dir, what string) (*FolderLock, error) {
	path, err := filepath.Abs(filepath.Join(dir, lockFile))
	if err != nil {
		return nil, fmt.Errorf("lock the folder: %w", err)
	}
	if err := create(path); err != nil {
		return nil, Classify(fmt.Errorf("lock the folder: %w", err))
	}
	l := &FolderLock{note: filepath.Join(dir, lockNote)}
	l.db = connect(source(path, "rw", []string{"busy_timeout(0)"})+"&_txlock=immediate", 1)
	if err := l.take(); err != nil {
		l.release()
		if errors.Is(err, ErrBusy) {
			return nil, holder(dir)
		}
		return nil, fmt.Errorf("lock the folder: %w", err)
	}
	if err := l.sign(what); err != nil {
		l.Close()
		return nil, Classify(fmt.Errorf("sign the folder's lock: %w", err))
	}
	return l, nil
}

// take begins a transaction that holds the file's write lock. Nothing is ever
// written in it: a crash leaves no journal, only the empty file.
func (l *FolderLock) take() error {
	conn, err := l.db.Conn(context.Background())
	if err != nil {
		return Classify(err)
	}
	l.conn = conn
	_, err = conn.ExecContext(context.Background(), `BEGIN IMMEDIATE`)
	return Classify(err)
}

// sign writes who holds the folder, whole or not at all.
func (l *FolderLock) sign(what string) error {
	note, err := json.Marshal(HeldError{PID: os.Getpid(), What: what, Since: time.Now()})
	if err != nil {
		return err
	}
	if err := os.WriteFile(l.note+".new", note, 0o600); err != nil {
		return err
	}
	return os.Rename(l.note+".new", l.note)
}

// holder reads the note of whoever has the folder.
func holder(dir string) *HeldError {
	held := &HeldError{}
	if note, err := os.ReadFile(filepath.Join(dir, lockNote)); err == nil {
		if json.Unmarshal(note, held) != nil {
			held = &HeldError{}
		}
	}
	held.Dir = dir
	return held
}

// Close gives the folder back. The lock's file stays: removing it would let a
// second opener lock a new file while a third waits at the old one.
func (l *FolderLock) Close() error {
	noted := os.Remove(l.note)
	if errors.Is(noted, os.ErrNotExist) {
		noted = nil
	}
	return errors.Join(noted, l.release())
}

// release closes the connection, and with it ends the transaction.
func (l *FolderLock) release() error {
	if l.conn == nil {
		return l.db.Close()
	}
	return errors.Join(l.conn.Close(), l.db.Close())
}
