package vault

import "errors"

// Keystore is a key that the phone's hardware holds and never gives out: the host app
// supplies it (Android Keystore, iOS Secure Enclave, a TPM). Mark its key as bound to
// this device, and keep it out of the system's backups.
type Keystore interface {
	// Wrap encrypts 32 bytes under the hardware's key of that name, and makes the key
	// if there is none.
	Wrap(name string, secret []byte) (wrapped []byte, err error)
	// Unwrap undoes it. An error whose chain has ErrNoKey: the hardware has no such key,
	// or has lost it; any other error: try again.
	Unwrap(name string, wrapped []byte) (secret []byte, err error)
	// Delete destroys the key at once; one that is not there is no error.
	Delete(name string) error
	// Info says what the hardware promises.
	Info() KeystoreInfo
}

// ErrNoKey is what Keystore.Unwrap gives when the hardware does not have the key.
var ErrNoKey = errors.New("the hardware has no such key")

// KeystoreInfo is what the hardware promises.
type KeystoreInfo struct {
	// Hardware: the key is in a chip of its own, not only in the system's software.
	Hardware bool
	// UserBound: it answers only after the person has shown who they are.
	UserBound bool
	// AttemptLimited: it slows down or destroys itself after wrong tries.
	AttemptLimited bool
}
