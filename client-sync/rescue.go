package clientsync

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	"github.com/daylight-npm/daylight/internal/vault"
)

// Rescued says what a rescue has written.
type Rescued struct {
	// Changes that the office has not accepted.
	Changes int
	// Encrypted: the file opens at the office alone. Not where the device was never
	// enrolled, or no longer knows with which office: then guard it.
	Encrypted bool
}

// Rescue writes every change in a folder that the office has not accepted to w, as
// length-delimited daylight.v1.Batch messages, encrypted for the office with age. It is for a folder that
// Open refuses, or that its person can no longer unlock: it reads a damaged one, and one of
// a newer program, as far as that can be read, and alters nothing in them.
//
// The folder is config.Dir. It is unlocked with config.Passphrase (and config.Keystore), or
// with the office's recovery key (AGE-SECRET-KEY-...), which opens it whatever became of
// these.
//
// With an error, what could be read is written all the same.
func Rescue(ctx context.Context, config Config, recovery string, w io.Writer) (out Rescued, err error) {
	config.fill()
	unlock := func(v *vault.Vault) (*vault.Keys, error) { return v.Unlock(config.Passphrase) }
	if recovery != "" {
		unlock = func(v *vault.Vault) (*vault.Keys, error) { return v.Recover(recovery) }
	}
	o := localdb.Options{Dir: config.Dir, What: program + "'s rescue", Keystore: config.Keystore, Cost: config.Cost, Now: config.Now}
	encrypted := false
	r, err := localdb.Rescue(ctx, o, unlock, func(to []string) (io.WriteCloser, error) {
		known := slices.DeleteFunc(slices.Clone(to), func(r string) bool { return bundle.CheckRecipient(r) != nil })
		if len(known) == 0 {
			return unclosed{w}, nil
		}
		encrypted = true
		return bundle.Encrypt(w, known)
	})
	var held *sqlitedb.HeldError
	var closed *vault.Error
	var tried *vault.PassphraseError
	switch {
	case errors.As(err, &closed), errors.As(err, &tried):
		err = explainVault(err)
	case errors.Is(err, sqlitedb.ErrForeign), errors.As(err, &held):
		err = explainOpen(err)
	case err != nil:
		err = rpcerr.E(Unavailable, "the rescue did not come to its end",
			"Keep the folder as it is: copy all of it to another disk and try there.", err)
	case r.Unreadable > 0:
		err = rpcerr.E(Internal, fmt.Sprintf("%d changes could not be read; the others are written", r.Unreadable),
			"Keep the folder as it is.", nil)
	case r.Changes > 0 && !r.Sealed:
		err = rpcerr.E(Internal, "the device's key could not be read; the changes are written, but nothing vouches for them",
			"Keep the folder as it is, and tell the office.", nil)
	}
	return Rescued{Changes: r.Changes, Encrypted: encrypted}, err
}

// unclosed leaves it to the caller to close.
type unclosed struct{ io.Writer }

// Close does nothing.
func (unclosed) Close() error { return nil }
