package clientsync

import (
	"errors"

	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	"github.com/daylight-npm/daylight/internal/vault"
)

// RecoveryFile is the name, in a device's folder, of the file that the office's recovery
// key opens.
const RecoveryFile = vault.RecoveryFile

// NewRootKey makes a root key for an office, at a desk that is not its server: the secret
// half, "DAYLIGHT-ROOT-KEY-...", to be kept on paper, and the public half, which a list of
// readers names as the office's next.
func NewRootKey() (secret, public string, err error) {
	root, err := compartment.NewRootKey()
	if err != nil {
		return "", "", err
	}
	return root.Secret(), compartment.PublicRoot(root.Public()), nil
}

// NewRecoveryKey makes a recovery key for an office, at a desk that is not its server: the
// secret half, "AGE-SECRET-KEY-...", to be kept on paper, and the recipient, for which the
// office's devices wrap keys. A hybrid one is to withstand quantum computers too.
func NewRecoveryKey(hybrid bool) (secret, recipient string, err error) {
	key, err := compartment.NewRecoveryKey(hybrid)
	if err != nil {
		return "", "", err
	}
	return key.Secret(), key.Recipient(), nil
}

// Opened says what a recovery key has opened.
type Opened string

// What there is to open.
const (
	OpenedProbe       Opened = "probe"       // made for the test
	OpenedDevice      Opened = "device"      // the key of a device's folder
	OpenedCompartment Opened = "compartment" // the key of a compartment of a visit
	OpenedOther       Opened = "other"       // something else
)

// TryRecoveryKey shows that an office's recovery key opens what was wrapped for it: file,
// a device's RecoveryFile or the wrap of a compartment's key, or with nil a probe. It gives
// the recipient that belongs to the key, to be compared with the office's. key is the text
// of its file. Errors have the code Invalid or TooLarge, or Unauthenticated where the file
// is for another key; they repeat nothing of the key, nor of what is in the file.
func TryRecoveryKey(key string, file []byte) (recipient string, opened Opened, err error) {
	k, err := compartment.ParseRecoveryKey(key)
	if err != nil {
		return "", "", rpcerr.E(Invalid, "this is not a recovery key; nothing was opened",
			"Its file has one line that begins with AGE-SECRET-KEY-1 or AGE-SECRET-KEY-PQ-1, in capitals: compare it with the paper.", err)
	}
	if file == nil {
		return k.Recipient(), OpenedProbe, explainKey(k.Test())
	}
	content, err := k.Opens(file)
	if err != nil {
		return k.Recipient(), "", explainKey(err)
	}
	defer clear(content)
	switch {
	case vault.HoldsKey(content):
		opened = OpenedDevice
	case compartment.HoldsKey(content):
		opened = OpenedCompartment
	default:
		opened = OpenedOther
	}
	return k.Recipient(), opened, nil
}

// TryRootKey shows that an office's root key has signed a list of readers, and gives the
// list's version. rootKey is as for SignReaders, and so are the errors.
func TryRootKey(rootKey string, signed []byte) (version uint64, err error) {
	root, err := compartment.ParseRootKey(rootKey)
	if err != nil {
		return 0, explainReaders(err)
	}
	l, err := compartment.Verify(signed, root.Public(), 0)
	if errors.Is(err, compartment.ErrUnsigned) {
		return 0, rpcerr.E(Invalid, "this root key has not signed the list",
			"Look whether it is the key of this office, and the one that it has now: an earlier one has signed earlier lists.", err)
	}
	return l.Version, explainReaders(err)
}

// explainKey is an error of a recovery key in the library's form.
func explainKey(err error) error {
	switch {
	case errors.Is(err, compartment.ErrNotForKey):
		return rpcerr.E(Unauthenticated, "the file was made for another key, or its first lines are damaged; nothing was opened",
			"Look whether it was made before the office had this key: then an earlier one opens it.", err)
	case errors.Is(err, compartment.ErrAltered):
		return rpcerr.E(Invalid, "this is not a whole file of age; nothing was opened",
			"Name the "+RecoveryFile+" of a device's folder, or the folder.", err)
	}
	return explainReaders(err)
}
