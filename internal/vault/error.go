package vault

// Error says to a person what happened, what was kept, and what to do. Compare with
// errors.Is.
type Error struct{ Message, Hint string }

// Error is the message.
func (e *Error) Error() string { return e.Message }

// What can be wrong.
var (
	// ErrPassphrase is in the chain of a *PassphraseError.
	ErrPassphrase = &Error{"the passphrase does not open this folder; nothing was changed", "Look at the keyboard's language and capitals, and try again."}
	// ErrDestroyed: too many wrong tries, or the wrap was taken away.
	ErrDestroyed = &Error{"no passphrase opens this folder any more: it was tried too often; everything in it is kept",
		"Bring the device to the office: its recovery key opens the folder."}
	// ErrWeak is in the chain of what Check says against a passphrase.
	ErrWeak = &Error{"the passphrase is too weak", "Take six words that a machine has chosen."}

	// ErrNone: there is no vault in the folder.
	ErrNone = &Error{"there is no key in this folder", ""}
	// ErrThere: there is one already.
	ErrThere = &Error{"there is a key in this folder already; nothing was changed", "Unlock it, or choose another folder."}
	// ErrHeader: vault.key cannot be read.
	ErrHeader = &Error{"the folder's key file is damaged or was altered; it was left as it is",
		"Put an older copy of vault.key back, or bring the device to the office: its recovery key opens the folder."}
	// ErrNewer: vault.key is of a newer program.
	ErrNewer = &Error{"the folder's key file was written by a newer version of the program; it was left as it is", "Install the newer version again."}
	// ErrCost: vault.key asks for less work than protects, or for more than any device does.
	ErrCost = &Error{"the folder's key file asks for an amount of work that no version of this program asks for: somebody has altered it; nothing was tried",
		"Put an older copy of vault.key back, or bring the device to the office: its recovery key opens the folder."}

	// ErrKeystore: the folder was made with a hardware key, and the host has none to offer.
	ErrKeystore = &Error{"this folder opens only with the hardware key of the phone it was made on; nothing was tried",
		"Open it on that phone, or bring it to the office: its recovery key opens the folder."}
	// ErrKeystoreGone: the hardware has lost its key, as after a reset.
	ErrKeystoreGone = &Error{"the phone has lost its hardware key, so no passphrase opens this folder any more; everything in it is kept",
		"Bring the device to the office: its recovery key opens the folder."}

	// ErrNoRecovery: nobody but the person can open the folder.
	ErrNoRecovery = &Error{"this folder has no wrap for the office: it was never enrolled, or was wiped", "Only the passphrase opens it."}
	// ErrRecovery: vault.recovery is for another key, or damaged.
	ErrRecovery = &Error{"the recovery key does not open this folder; nothing was changed",
		"Use the recovery key of the office that this device was enrolled with, as it was then."}
	// ErrRecoveryKey: what was given is no such key.
	ErrRecoveryKey = &Error{"this is not a recovery key", "It is one line that begins with AGE-SECRET-KEY-, as it was shown when the office was made."}

	// ErrAltered: a row does not open: it was altered, or moved from another place.
	ErrAltered = &Error{"a stored record was altered or put in the place of another; it is not shown",
		"Keep the folder as it is, rescue the unsent changes, and tell the office."}
)

// PassphraseError says how often it may still be tried.
type PassphraseError struct{ TriesLeft int }

// Error is ErrPassphrase's message.
func (e *PassphraseError) Error() string { return ErrPassphrase.Message }

// Unwrap gives ErrPassphrase.
func (e *PassphraseError) Unwrap() error { return ErrPassphrase }

// WeakError says what is wrong with a passphrase.
type WeakError struct{ Reason string }

// Error is the reason.
func (e *WeakError) Error() string { return e.Reason }

// Unwrap gives ErrWeak.
func (e *WeakError) Unwrap() error { return ErrWeak }
