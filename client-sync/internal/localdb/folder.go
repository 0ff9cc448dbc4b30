package localdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/daylight-npm/daylight/internal/sqlitedb"
	"github.com/daylight-npm/daylight/internal/vault"
)

// Options says how a folder is taken.
type Options struct {
	// Dir is the folder, made if it is not there.
	Dir string
	// What names the program to the next one that wants the folder.
	What string

	// Keystore is the host's hardware key, nil for none; Cost that of a new wrap, see
	// vault.Vault. Memory is how much the process may have, in bytes.
	Keystore vault.Keystore
	Cost     vault.Cost
	Memory   int64
	// Now and Random are the clock and the source of keys and nonces.
	Now    func() time.Time
	Random func([]byte)

	// MaxPages and OnCommit are for tests, see sqlitedb.Options; so is OnWipe, which is
	// called before each step of a wipe.
	MaxPages int
	OnCommit func(commit func() error) error
	OnWipe   func(step string)
}

// ErrKeyless: there are records and no key file.
var ErrKeyless = errors.New("the folder has records and no key file")

// ErrUnsealed: the folder is of a program that did not encrypt.
var ErrUnsealed = errors.New("the folder was made by a program that did not encrypt")

// Folder is a folder that this process has, locked or not. Its methods are for one
// goroutine at a time.
type Folder struct {
	options Options
	lock    *sqlitedb.FolderLock
	vault   vault.Vault
}

// Take takes the folder for this process: a *sqlitedb.HeldError when another has it. A
// wipe that was broken off is brought to its end first.
func Take(o Options) (*Folder, error) {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, sqlitedb.Classify(fmt.Errorf("make the folder: %w", err))
	}
	lock, err := sqlitedb.Lock(o.Dir, o.What)
	if err != nil {
		return nil, err
	}
	f := &Folder{options: o, lock: lock, vault: vaultOf(o)}
	if f.has(wipingFile) {
		err = f.wipe()
	} else if f.has(unsealedFile) {
		err = ErrUnsealed
	}
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return f, nil
}

// unsealedFile is what a program before encryption kept. Its format was never promised.
const unsealedFile = "device.db"

func vaultOf(o Options) vault.Vault {
	return vault.Vault{Dir: o.Dir, Keystore: o.Keystore, Cost: o.Cost, Memory: o.Memory, Now: o.Now, Random: o.Random}
}

func (f *Folder) has(name string) bool {
	_, err := os.Lstat(filepath.Join(f.options.Dir, name))
	return !errors.Is(err, fs.ErrNotExist)
}

// Close gives the folder back. Its DB is to be closed before.
func (f *Folder) Close() error { return f.lock.Close() }

// State is what can be said without opening it. ErrKeyless when the key file is gone.
func (f *Folder) State() (vault.State, error) {
	s, err := f.vault.State()
	if err == nil && !s.Exists && f.has(fileName) {
		err = ErrKeyless
	}
	return s, err
}

// Create makes the vault and its file, in a folder without.
func (f *Folder) Create(ctx context.Context, passphrase string) (*DB, error) {
	if _, err := f.State(); err != nil {
		return nil, err
	}
	keys, err := f.vault.Create(passphrase)
	if err != nil {
		return nil, err
	}
	return f.open(ctx, keys)
}

// Unlock opens the file with the passphrase. The errors are those of vault.Vault.Unlock
// and of sqlitedb.
func (f *Folder) Unlock(ctx context.Context, passphrase string) (*DB, error) {
	keys, err := f.vault.Unlock(passphrase)
	if err != nil {
		return nil, err
	}
	return f.open(ctx, keys)
}

// Rewrap changes the passphrase. No row changes.
func (f *Folder) Rewrap(old, passphrase string) error { return f.vault.Rewrap(old, passphrase) }

// Unsent counts own changes that the office has not answered for, without the keys: it
// is asked before a wipe.
func (f *Folder) Unsent(ctx context.Context) (n int, err error) {
	if !f.has(fileName) {
		return 0, nil
	}
	file, err := sqlitedb.Open(ctx, filepath.Join(f.options.Dir, fileName), sqlitedb.Options{Application: application, ReadOnly: true, Readers: 1})
	if err != nil {
		return 0, err
	}
	defer file.Close()
	err = file.Read(ctx, func(tx *sqlitedb.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM entries WHERE decision = 0 AND peer = 0`).Scan(&n)
	})
	return n, err
}
