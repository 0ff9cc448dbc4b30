package vault

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

const passphrase = "what opens the folder"

// newVault is one in a folder of its own that costs nothing.
func newVault(t *testing.T) *Vault {
	t.Helper()
	return &Vault{Dir: t.TempDir(), Cost: ForTests}
}

func created(t *testing.T, v *Vault) *Keys {
	t.Helper()
	k, err := v.Create(passphrase)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// wrong tries n passphrases that are not the vault's.
func wrong(t *testing.T, v *Vault, n int) (last error) {
	t.Helper()
	for range n {
		k, err := v.Unlock("not the passphrase")
		if k != nil || err == nil {
			t.Fatal("a wrong passphrase opened it")
		}
		last = err
	}
	return last
}

func (v *Vault) unlocks(t *testing.T, passphrase string, want *Keys) {
	t.Helper()
	k, err := v.Unlock(passphrase)
	if err != nil {
		t.Fatalf("it does not open: %v", err)
	}
	if !bytes.Equal(k.raw, want.raw) {
		t.Fatal("it opened with another key")
	}
}

func put(t *testing.T, v *Vault, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(v.file(name), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, v *Vault, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(v.file(name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func there(t *testing.T, v *Vault) (out []string) {
	t.Helper()
	all, err := os.ReadDir(v.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		out = append(out, e.Name())
	}
	return out
}

// keystore is hardware in memory: named keys of AES-256-GCM that it does not give out.
type keystore struct {
	keys map[string][]byte
	// asked counts calls of Unwrap; busy fails them, broken fails Delete; short makes
	// Unwrap forget what it should say.
	asked  int
	busy   error
	broken error
	short  bool
}

func newKeystore() *keystore { return &keystore{keys: map[string][]byte{}} }

func (k *keystore) cipher(name string) cipher.AEAD {
	b, err := aes.NewCipher(k.keys[name])
	if err != nil {
		panic(err)
	}
	a, err := cipher.NewGCMWithRandomNonce(b)
	if err != nil {
		panic(err)
	}
	return a
}

func (k *keystore) Wrap(name string, secret []byte) ([]byte, error) {
	if k.keys[name] == nil {
		k.keys[name] = make([]byte, 32)
		_, _ = rand.Read(k.keys[name])
	}
	return k.cipher(name).Seal(nil, nil, secret, []byte(name)), nil
}

func (k *keystore) Unwrap(name string, wrapped []byte) ([]byte, error) {
	k.asked++
	switch {
	case k.busy != nil:
		return nil, k.busy
	case k.short:
		return nil, nil
	case k.keys[name] == nil:
		return nil, errors.Join(errors.New("key not found"), ErrNoKey)
	}
	return k.cipher(name).Open(nil, nil, wrapped, []byte(name))
}

func (k *keystore) Delete(name string) error {
	if k.broken != nil {
		return k.broken
	}
	delete(k.keys, name)
	return nil
}

func (k *keystore) Info() KeystoreInfo { return KeystoreInfo{Hardware: true} }

func TestAVaultOpensWithItsPassphraseAlone(t *testing.T) {
	v := newVault(t)
	if s, err := v.State(); err != nil || s.Exists {
		t.Errorf("before there is one: %+v, %v", s, err)
	}
	if _, err := v.Unlock(passphrase); !errors.Is(err, ErrNone) {
		t.Errorf("before there is one, it opens with %v", err)
	}
	k := created(t, v)
	v.unlocks(t, passphrase, k)
	v.unlocks(t, "  what opens the\u00a0folder ", k) // as another keyboard writes it
	var bad *PassphraseError
	if err := wrong(t, v, 1); !errors.As(err, &bad) || !errors.Is(err, ErrPassphrase) || bad.TriesLeft != 9 {
		t.Errorf("a wrong one: %v", err)
	}
	if _, err := v.Create(passphrase); !errors.Is(err, ErrThere) {
		t.Errorf("made a second time: %v", err)
	}
	v.unlocks(t, passphrase, k)
	if s, err := v.State(); err != nil || s != (State{Exists: true, TriesLeft: 10, Cost: "none, for tests"}) {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestACalibratedVaultOpens(t *testing.T) {
	v := &Vault{Dir: t.TempDir(), Cost: Least}
	k, err := v.Create("lantern orbit maple quiet ribbon stove")
	if err != nil {
		t.Fatal(err)
	}
	v.unlocks(t, "lantern orbit maple quiet ribbon stove", k)
	if b := get(t, v, keyFile); bytes.Contains(b, k.raw) || bytes.Contains(b, []byte("lantern")) {
		t.Error("the key file says what it is to keep")
	}
}

func TestForgottenKeysAreOverwritten(t *testing.T) {
	k := created(t, newVault(t))
	raw := k.raw
	k.Forget()
	if !bytes.Equal(raw, make([]byte, keySize)) || k.aead != nil {
		t.Error("something is left")
	}
}

func TestAVaultThatCannotBeMadeIsNotThere(t *testing.T) {
	v := &Vault{Dir: filepath.Join(t.TempDir(), "none"), Cost: ForTests}
	if _, err := v.Create(passphrase); err == nil {
		t.Fatal("made in a folder that is not there")
	}
	v.Dir = t.TempDir()
	if err := os.Mkdir(v.file(keyFile)+newEnd, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Create(passphrase); err == nil {
		t.Fatal("made where it cannot be written")
	}
	if s, err := v.State(); err != nil || s.Exists {
		t.Errorf("%+v, %v", s, err)
	}
	v.Cost = Least
	if _, err := v.Create("too weak"); !errors.Is(err, ErrWeak) {
		t.Errorf("a weak passphrase: %v", err)
	}
}
