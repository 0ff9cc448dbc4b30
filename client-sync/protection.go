package clientsync

import (
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/daylight-npm/daylight/internal/enrol"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	"github.com/daylight-npm/daylight/internal/vault"
)

// What a host app and its pages need to know of the vault.
type (
	// Keystore is a key of the phone's hardware, which the host app supplies.
	Keystore = vault.Keystore
	// KeystoreInfo is what the hardware promises.
	KeystoreInfo = vault.KeystoreInfo
	// PassphraseError says how often a passphrase may still be tried.
	PassphraseError = vault.PassphraseError
	// WeakError says what is wrong with a new passphrase.
	WeakError = vault.WeakError
)

// ErrNoKey is what Keystore.Unwrap gives when the hardware does not have the key.
var ErrNoKey = vault.ErrNoKey

// Protection says how well the folder is protected, as told without opening it.
type Protection struct {
	// New: the folder has no passphrase yet, see SetPassphrase. Locked: it has to be
	// unlocked.
	New, Locked bool
	// Destroyed: no passphrase opens it any more. TriesLeft: so many wrong ones may
	// still be given.
	Destroyed bool
	TriesLeft int
	// Hardware: a key of the phone's hardware is needed besides the passphrase. Without
	// one the strength is Weak: whoever copies the folder can guess at leisure, and only
	// the six words stand in the way.
	Hardware, Weak bool
	// Recoverable: the office can open it with its recovery key.
	Recoverable bool
	// Cost of one guess, as the key file has it.
	Cost string
}

// Protection says how well the folder is protected.
func (c *Client) Protection() (Protection, error) {
	s, err := c.folder.State()
	if err != nil {
		return Protection{}, explainVault(err)
	}
	hardware := s.Hardware || !s.Exists && c.config.Keystore != nil
	return Protection{
		New: !s.Exists, Locked: s.Exists && c.Locked(), Destroyed: s.Destroyed, TriesLeft: s.TriesLeft,
		Hardware: hardware, Weak: !hardware, Recoverable: s.Recoverable, Cost: s.Cost,
	}, nil
}

// SuggestPassphrase gives six words that this device has chosen at random, of a list of
// 7,776: 77 bits.
func SuggestPassphrase() string {
	return enrol.RandomWords(func(b []byte) { _, _ = rand.Read(b) }) // never fails
}

// CheckPassphrase says what is too weak about a new passphrase, a *WeakError; nil when
// nothing is.
func (c *Client) CheckPassphrase(passphrase string) error {
	return vault.CheckPassphrase(passphrase, c.config.Keystore != nil)
}

// CheckCode says what is wrong with a code for Enrol as it stands, with code Invalid; nil
// when nothing can be seen to be. Whether the office still takes it, Enrol finds out.
func (c *Client) CheckCode(code string) error {
	if _, err := enrol.Parse(code); err != nil {
		return explainEnrol(err)
	}
	return nil
}

// explainVault says to a person why a folder does not open.
func explainVault(err error) error {
	var known *Error
	var weak *vault.WeakError
	var tried *vault.PassphraseError
	var e *vault.Error
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case errors.As(err, &weak):
		return rpcerr.E(Invalid, weak.Reason+"; nothing was changed", vault.ErrWeak.Hint, err)
	case errors.As(err, &tried):
		return rpcerr.E(Unauthenticated, tried.Error(), triesLeft(tried.TriesLeft), err)
	case errors.As(err, &e):
		return rpcerr.E(codeOfVault(e), e.Message, e.Hint, err)
	}
	return explainOpen(err)
}

func triesLeft(n int) string {
	if n == 1 {
		return "One try is left. After that only the office's recovery key opens this folder."
	}
	return fmt.Sprintf("%s %d tries are left; after that only the office's recovery key opens this folder.", vault.ErrPassphrase.Hint, n)
}

func codeOfVault(e *vault.Error) Code {
	switch e {
	case vault.ErrDestroyed, vault.ErrKeystore, vault.ErrKeystoreGone, vault.ErrRecovery:
		return Unauthenticated
	case vault.ErrNone:
		return NotFound
	case vault.ErrThere:
		return Conflicting
	case vault.ErrNewer, vault.ErrRecoveryKey, vault.ErrNoRecovery:
		return Invalid
	}
	return Internal
}
