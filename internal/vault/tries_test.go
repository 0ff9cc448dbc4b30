package vault

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"filippo.io/age"
)

// recoverable wraps a vault for an office, and gives its recovery key.
func recoverable(t *testing.T, v *Vault, k *Keys) string {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Recoverable(k, id.Recipient().String()); err != nil {
		t.Fatal(err)
	}
	return id.String()
}

func (v *Vault) recovers(t *testing.T, identity string, want *Keys) {
	t.Helper()
	k, err := v.Recover(identity)
	if err != nil || !bytes.Equal(k.raw, want.raw) {
		t.Fatalf("the recovery key does not open it: %v", err)
	}
}

func TestTenWrongTriesDestroyThePersonsWrapOnly(t *testing.T) {
	v := newVault(t)
	k := created(t, v)
	paper := recoverable(t, v, k)
	wrapped := get(t, v, keyFile)
	for left := 9; left > 0; left-- {
		again := &Vault{Dir: v.Dir, Cost: ForTests} // after the program was closed, it counts on
		var bad *PassphraseError
		if err := wrong(t, again, 1); !errors.As(err, &bad) || bad.TriesLeft != left {
			t.Fatalf("with %d left: %v", left, err)
		}
		if s, err := again.State(); err != nil || s.TriesLeft != left || s.Destroyed {
			t.Fatalf("with %d left: %+v, %v", left, s, err)
		}
	}
	if err := wrong(t, v, 1); !errors.Is(err, ErrDestroyed) {
		t.Errorf("the tenth: %v", err)
	}
	for range 2 {
		if _, err := v.Unlock(passphrase); !errors.Is(err, ErrDestroyed) {
			t.Errorf("afterwards the right one: %v", err)
		}
	}
	if err := v.Rewrap(passphrase, "another"); !errors.Is(err, ErrDestroyed) {
		t.Errorf("rewrapped: %v", err)
	}
	if s, err := v.State(); err != nil || !s.Exists || !s.Destroyed || s.TriesLeft != 0 || !s.Recoverable {
		t.Errorf("%+v, %v", s, err)
	}
	if b := get(t, v, keyFile); bytes.Contains(b, wrapped[len(wrapped)-60:len(wrapped)-30]) {
		t.Error("the wrap is still in the file")
	}
	v.recovers(t, paper, k)
}

func TestTheRightPassphraseForgetsTheWrongOnes(t *testing.T) {
	v := newVault(t)
	k := created(t, v)
	for range 3 {
		wrong(t, v, 9)
		v.unlocks(t, passphrase, k)
	}
	if s, err := v.State(); err != nil || s.TriesLeft != 10 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestWhoIsKilledAtTheTenthTryFindsItDestroyed(t *testing.T) {
	v := newVault(t)
	k := created(t, v)
	paper := recoverable(t, v, k)
	put(t, v, triesFile, []byte("xxxxxxxxxx"))
	if _, err := v.Unlock(passphrase); !errors.Is(err, ErrDestroyed) {
		t.Errorf("got %v", err)
	}
	if h, err := v.header(); err != nil || h.wrapped != nil {
		t.Errorf("the wrap is there, %v", err)
	}
	// Killed after the wrap was overwritten, and before the file said so.
	for _, left := range [][]byte{make([]byte, 300), nil} {
		if put(t, v, keyFile, left); left == nil {
			if err := os.Remove(v.file(keyFile)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := v.Unlock(passphrase); !isOneOf(err, ErrHeader, ErrNone) {
			t.Errorf("got %v", err)
		}
		v.recovers(t, paper, k)
	}
}

// The full disk, and the one that cannot be read: a folder in the file's place does both,
// for whoever runs the test.
func TestWhereTriesCannotBeCountedTheRightOneOpens(t *testing.T) {
	v := newVault(t)
	k := created(t, v)
	paper := recoverable(t, v, k)
	if err := errors.Join(os.Remove(v.file(triesFile)), os.Mkdir(v.file(triesFile), 0o700)); err != nil {
		t.Fatal(err)
	}
	var bad *PassphraseError
	if err := wrong(t, v, 12); !errors.As(err, &bad) {
		t.Errorf("a wrong one: %v", err)
	}
	v.unlocks(t, passphrase, k)
	if s, err := v.State(); err != nil || !s.Exists {
		t.Errorf("%+v, %v", s, err)
	}
	v.recovers(t, paper, k)
	if err := os.Remove(v.file(triesFile)); err != nil {
		t.Fatal(err)
	}
	wrong(t, v, 1) // the file was lost: it is made again
	if s, err := v.State(); err != nil || s.TriesLeft != 9 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestACountOfAnotherLengthIsRead(t *testing.T) {
	v := newVault(t)
	created(t, v)
	for text, left := range map[string]int{"": 10, "x": 9, "xx........": 8, "xxxxxxxxxxxxxxxx": 0, "??????????": 10, "x.x.x.": 7} {
		put(t, v, triesFile, []byte(text))
		if s, err := v.State(); err != nil || s.TriesLeft != left {
			t.Errorf("%q: %+v, %v", text, s, err)
		}
	}
}

func TestAnotherPassphraseOpensTheSameKey(t *testing.T) {
	v := newVault(t)
	k := created(t, v)
	before := get(t, v, keyFile)
	var bad *PassphraseError
	if err := v.Rewrap("not the passphrase", "another passphrase"); !errors.As(err, &bad) || bad.TriesLeft != 9 {
		t.Errorf("with a wrong one: %v", err)
	}
	if !bytes.Equal(get(t, v, keyFile), before) {
		t.Error("a wrong one changed something")
	}
	if s, err := v.State(); err != nil || s.TriesLeft != 9 {
		t.Errorf("it was not counted: %+v, %v", s, err)
	}
	if err := v.Rewrap(passphrase, "another passphrase"); err != nil {
		t.Fatal(err)
	}
	v.unlocks(t, "another passphrase", k)
	if _, err := v.Unlock(passphrase); !errors.Is(err, ErrPassphrase) {
		t.Errorf("the old one: %v", err)
	}
	v.Cost = Least
	was := get(t, v, keyFile)
	if err := v.Rewrap("another passphrase", "weak"); err == nil || !bytes.Equal(get(t, v, keyFile), was) {
		t.Errorf("a weak one: %v", err)
	}
}

func TestARewrapThatWasKilledLeavesTheOldOne(t *testing.T) {
	v := newVault(t)
	k := created(t, v)
	other := newVault(t)
	created(t, other)
	for _, left := range [][]byte{nil, []byte("daylight vau"), get(t, other, keyFile)} {
		put(t, v, keyFile+newEnd, left)
		v.unlocks(t, passphrase, k)
	}
	if err := v.Rewrap(passphrase, "another passphrase"); err != nil {
		t.Fatal(err)
	}
	v.unlocks(t, "another passphrase", k)
	if got := there(t, v); len(got) != 2 {
		t.Errorf("in the folder are %v", got)
	}
	// A wrap that was left there is taken away with the person's.
	put(t, v, keyFile+newEnd, get(t, v, keyFile))
	wrong(t, v, 10)
	if got := there(t, v); len(got) != 2 {
		t.Errorf("after ten wrong tries there are %v", got)
	}
}
