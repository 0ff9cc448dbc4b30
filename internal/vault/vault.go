package vault

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"golang.org/x/crypto/chacha20poly1305"
)

// Vault is the key material of one folder. Its methods are for one goroutine at a time,
// of the process that has the folder.
type Vault struct {
	// Dir is the folder.
	Dir string
	// Keystore is nil where the host has no hardware key.
	Keystore Keystore
	// Cost of a new wrap; the zero Cost is calibrated, for Memory bytes by the clock Now.
	Cost   Cost
	Memory int64
	Now    func() time.Time
	// Random fills a slice with random bytes; nil: the system's.
	Random func([]byte)
}

func (v *Vault) file(name string) string { return filepath.Join(v.Dir, name) }

func (v *Vault) random(b []byte) {
	if v.Random != nil {
		v.Random(b)
		return
	}
	_, _ = rand.Read(b) // never fails
}

// State is what can be said of a vault without opening it.
type State struct {
	// Exists: there is one. Destroyed: no passphrase opens it any more.
	Exists, Destroyed bool
	// TriesLeft of a passphrase.
	TriesLeft int
	// Hardware: a key of the hardware is needed as well.
	Hardware bool
	// Recoverable: the office's recovery key opens it.
	Recoverable bool
	// Cost of one try, as the key file spells it.
	Cost string
}

// State reads the files.
func (v *Vault) State() (s State, err error) {
	h, err := v.header()
	if errors.Is(err, ErrNone) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	tries, _ := triesIn(v.file(triesFile)) // what cannot be read is no reason to refuse
	recovery, bad := read(v.file(recoveryFile))
	return State{
		Exists: true, Destroyed: h.wrapped == nil, TriesLeft: mostTries - tries,
		Hardware: h.hardware != nil, Recoverable: len(recovery) > 0, Cost: h.cost.String(),
	}, bad
}

func (v *Vault) header() (header, error) {
	b, err := read(v.file(keyFile))
	if err != nil {
		return header{}, fmt.Errorf("read the key file: %w", err)
	}
	if b == nil {
		return header{}, ErrNone
	}
	h, err := parseHeader(b)
	if err == nil && h.cost == ForTests && v.Cost != ForTests {
		return header{}, ErrCost
	}
	return h, err
}

// Create makes a vault in a folder that has none. A passphrase that is too weak is a
// *WeakError.
func (v *Vault) Create(passphrase string) (*Keys, error) {
	if _, err := v.header(); !errors.Is(err, ErrNone) {
		return nil, errors.Join(ErrThere, err)
	}
	if err := CheckPassphrase(passphrase, v.Keystore != nil); err != nil && v.Cost != ForTests {
		return nil, err
	}
	// Before the key, so that there is no vault when this fails.
	if err := markTries(v.file(triesFile), 0); err != nil {
		return nil, fmt.Errorf("make room to count the tries: %w", err)
	}
	raw := make([]byte, keySize)
	v.random(raw)
	h := header{}
	v.random(h.id[:])
	if err := v.wrap(h, raw, passphrase); err != nil {
		clear(raw)
		return nil, err
	}
	return newKeys(raw, v.random)
}

// wrap writes the key file anew, with the vault's key under that passphrase.
func (v *Vault) wrap(h header, raw []byte, passphrase string) error {
	if err := CheckPassphrase(passphrase, v.Keystore != nil); err != nil && v.Cost != ForTests {
		return err
	}
	if h.cost = v.Cost; h.cost == (Cost{}) {
		h.cost = Calibrate(v.Memory, v.Now)
	}
	if h.cost != ForTests {
		if err := h.cost.Check(); err != nil {
			return err
		}
	}
	v.random(h.salt[:])
	h.hardware = nil
	var secret []byte
	if v.Keystore != nil {
		secret = make([]byte, keySize)
		defer clear(secret)
		v.random(secret)
		wrapped, err := v.Keystore.Wrap(nameOf(h.id), secret)
		if err != nil {
			return fmt.Errorf("ask the hardware for its key: %w", err)
		}
		if len(wrapped) == 0 || len(wrapped) > largestHardware {
			return fmt.Errorf("ask the hardware for its key: %d bytes came back", len(wrapped))
		}
		h.hardware = wrapped
	}
	aead := h.wrapping(passphrase, secret)
	nonce := make([]byte, aead.NonceSize(), wrappedSize)
	v.random(nonce)
	h.wrapped = aead.Seal(nonce, nonce, raw, h.bound())
	return replace(v.file(keyFile), h.encode())
}

// nameOf is the name of a vault's key in the hardware.
func nameOf(id [16]byte) string { return "daylight-" + hex.EncodeToString(id[:]) }

// wrapping is the cipher that wraps the vault's key: of the passphrase and the
// hardware's secret, each of which is worth nothing without the other.
func (h header) wrapping(passphrase string, secret []byte) interface {
	NonceSize() int
	Seal(dst, nonce, text, bound []byte) []byte
	Open(dst, nonce, text, bound []byte) ([]byte, error)
} {
	phrase := plain(passphrase)
	defer clear(phrase)
	slow := h.cost.derive(phrase, h.salt[:])
	defer clear(slow)
	both := append(append(make([]byte, 0, 2*keySize), slow...), secret...)
	defer clear(both)
	key, err := hkdf.Key(sha256.New, both, h.salt[:], "daylight/v1 vault wrap", keySize)
	if err != nil {
		panic(err) // for lengths that are not ours
	}
	defer clear(key)
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		panic(err)
	}
	return aead
}

// Unlock opens the vault: a *PassphraseError for a wrong passphrase, and the Err values.
func (v *Vault) Unlock(passphrase string) (*Keys, error) {
	h, err := v.header()
	if err != nil {
		return nil, err
	}
	raw, err := v.unwrap(h, passphrase)
	if err != nil {
		return nil, err
	}
	return newKeys(raw, v.random)
}

func (v *Vault) unwrap(h header, passphrase string) ([]byte, error) {
	tries, unknown := triesIn(v.file(triesFile))
	if tries >= mostTries && h.wrapped != nil { // killed before it could be destroyed
		if err := v.destroyWrap(h); err != nil {
			return nil, err
		}
		h.wrapped = nil
	}
	if h.wrapped == nil {
		return nil, ErrDestroyed
	}
	secret, err := v.hardware(h)
	if err != nil {
		return nil, err
	}
	defer clear(secret)
	if unknown == nil {
		_ = countTry(v.file(triesFile), tries)
	}
	aead := h.wrapping(passphrase, secret)
	raw, err := aead.Open(nil, h.wrapped[:aead.NonceSize()], h.wrapped[aead.NonceSize():], h.bound())
	if err == nil {
		_ = forgetTries(v.file(triesFile))
		return raw, nil
	}
	if tries++; tries < mostTries {
		return nil, &PassphraseError{TriesLeft: mostTries - tries}
	}
	if err := v.destroyWrap(h); err != nil {
		return nil, err
	}
	return nil, ErrDestroyed
}

// hardware asks for the hardware's secret, nil where none is needed.
func (v *Vault) hardware(h header) ([]byte, error) {
	if h.hardware == nil {
		return nil, nil
	}
	if v.Keystore == nil {
		return nil, ErrKeystore
	}
	secret, err := v.Keystore.Unwrap(nameOf(h.id), h.hardware)
	if errors.Is(err, ErrNoKey) {
		return nil, ErrKeystoreGone
	}
	if err != nil {
		return nil, fmt.Errorf("ask the hardware for its key: %w", err)
	}
	if len(secret) != keySize { // the passphrase is not to blame, and no try is counted
		return nil, fmt.Errorf("ask the hardware for its key: %d bytes came back", len(secret))
	}
	return secret, nil
}

// destroyWrap takes the person's wrap away, and leaves the office's. The hardware's key
// goes first: without it, what flash still holds of the wrap is worthless.
func (v *Vault) destroyWrap(h header) error {
	_ = v.deleteHardware(h) // Destroy tries again
	return v.emptyHeader(h)
}

// deleteHardware is no error when there is nothing to delete, or nobody to ask.
func (v *Vault) deleteHardware(h header) error {
	if h.hardware == nil || v.Keystore == nil {
		return nil
	}
	if err := v.Keystore.Delete(nameOf(h.id)); err != nil {
		return fmt.Errorf("ask the hardware to delete its key: %w", err)
	}
	return nil
}

// emptyHeader leaves a key file that says how things were, without the key.
func (v *Vault) emptyHeader(h header) error {
	h.wrapped = nil
	return errors.Join(destroy(v.file(keyFile)+newEnd), destroy(v.file(keyFile)), replace(v.file(keyFile), h.encode()))
}

// Rewrap wraps the key under another passphrase, and a new secret of the hardware where
// there is one. The rows stay as they are. old is asked for again: whoever finds an open
// device shall not take it over.
func (v *Vault) Rewrap(old, passphrase string) error {
	h, err := v.header()
	if err != nil {
		return err
	}
	raw, err := v.unwrap(h, old)
	if err != nil {
		return err
	}
	defer clear(raw)
	return v.wrap(h, raw, passphrase)
}
