package clientsync

import (
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/daylight-npm/daylight/internal/vault"
)

// Config says where a device keeps its records and whom it syncs with. Only Dir
// is needed.
type Config struct {
	// Dir is the folder, made if it is not there. It belongs to one process at a
	// time, which Open sees to.
	Dir string

	// Passphrase opens the folder at once, and is set in a new one. Empty: the folder
	// stays locked until Unlock or SetPassphrase. It is not kept.
	Passphrase string

	// Keystore is the host app's key in the phone's hardware, nil where there is none:
	// then a passphrase of six words is asked for, and the protection is weak.
	Keystore Keystore

	// LockAfter locks the folder when no person has done anything for so long; a sync
	// does not count. 0: the host sees to it with Lock.
	LockAfter time.Duration

	// Person and Device are named in the certificate that the first Open makes, as
	// "Monitor A" and "tablet 3". Later they are not read: the folder knows them.
	Person, Device string

	// Server is the office's address, as https://office.example. Empty: Sync
	// answers that there is none, everything else works. An enrolled device goes to
	// the addresses in its code, and does not read this.
	Server string

	// Language is the tag of the language that checklists are shown in, as uk. Empty: each
	// in the one that it was begun in. A text that is not there in it is shown in another.
	Language string

	// HTTP carries the calls. Nil means a client of this package's own, which, once
	// enrolled, talks to the keys in the code alone; another has to see to that itself.
	HTTP *http.Client

	// Timeout is what one call may take at least; a call that carries much gets
	// more. 0 means 30 seconds.
	Timeout time.Duration

	// Log gets what went wrong, never content. Nil: nobody is told.
	Log *slog.Logger

	// Now and Random replace the clock and the source of ids, keys and salts in
	// tests. Nil: the system's.
	Now    func() time.Time
	Random io.Reader

	// MaxPages bounds the database in pages of 4 KiB, so that a test sees a full
	// disk. 0 means no bound.
	MaxPages int
	// OnCommit stands between each transaction and its COMMIT, so that a test can
	// let it fail before or after it was applied. Nil commits.
	OnCommit func(commit func() error) error
	// OnWipe is called before each step of a wipe, so that a test can end there.
	OnWipe func(step string)
	// Cost of guessing a passphrase; the zero value fits it to this machine. Only tests
	// of this module can set another.
	Cost vault.Cost
}
