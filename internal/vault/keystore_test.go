package vault

import (
	"bytes"
	"errors"
	"testing"
)

func TestAVaultOfAPhoneOpensOnThatPhoneOnly(t *testing.T) {
	v := newVault(t)
	store := newKeystore()
	v.Keystore = store
	k := created(t, v)
	v.unlocks(t, passphrase, k)
	if s, err := v.State(); err != nil || !s.Hardware {
		t.Errorf("%+v, %v", s, err)
	}

	for shows, c := range map[string]struct {
		phone Keystore
		want  error
	}{
		"a machine without a keystore": {nil, ErrKeystore},
		"another phone, or a reset":    {newKeystore(), ErrKeystoreGone},
	} {
		t.Run(shows, func(t *testing.T) {
			copied := &Vault{Dir: v.Dir, Cost: ForTests, Keystore: c.phone}
			for range 2 * mostTries {
				if _, err := copied.Unlock(passphrase); !errors.Is(err, c.want) {
					t.Fatal(err)
				}
			}
			if s, err := copied.State(); err != nil || s.TriesLeft != mostTries || !s.Hardware {
				t.Errorf("it was counted as a try: %+v, %v", s, err)
			}
		})
	}

	t.Run("without the keystore's line it is another wrap", func(t *testing.T) {
		whole := get(t, v, keyFile)
		lines := bytes.SplitAfter(whole, []byte("\n"))
		lines[4] = []byte("keystore -\n")
		put(t, v, keyFile, sum(bytes.Join(lines, nil)))
		if _, err := v.Unlock(passphrase); !errors.Is(err, ErrPassphrase) {
			t.Error(err)
		}
		put(t, v, keyFile, whole)
		v.unlocks(t, passphrase, k)
	})

	t.Run("another passphrase asks for another secret", func(t *testing.T) {
		before := get(t, v, keyFile)
		if err := v.Rewrap(passphrase, "another passphrase"); err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(bytes.Split(before, []byte("\n"))[4], bytes.Split(get(t, v, keyFile), []byte("\n"))[4]) {
			t.Error("it is the same one")
		}
		v.unlocks(t, "another passphrase", k)
	})
}

func TestHardwareThatDoesNotAnswerIsNoTry(t *testing.T) {
	v := newVault(t)
	store := newKeystore()
	v.Keystore = store
	k := created(t, v)
	for range mostTries + 1 {
		store.busy = errors.New("the fingerprint was not read")
		_, err := v.Unlock(passphrase)
		if !errors.Is(err, store.busy) || isOneOf(err, ErrKeystoreGone, ErrPassphrase) {
			t.Fatalf("busy: %v", err)
		}
		store.busy, store.short = nil, true
		if _, err := v.Unlock(passphrase); err == nil || isOneOf(err, ErrKeystoreGone, ErrPassphrase) {
			t.Fatalf("it says nothing: %v", err)
		}
		store.short = false
	}
	if s, err := v.State(); err != nil || s.TriesLeft != mostTries {
		t.Errorf("%+v, %v", s, err)
	}
	v.unlocks(t, passphrase, k)
}

func TestTenWrongTriesTakeTheHardwaresKeyToo(t *testing.T) {
	v := newVault(t)
	store := newKeystore()
	v.Keystore = store
	k := created(t, v)
	paper := recoverable(t, v, k)
	wrong(t, v, mostTries)
	if len(store.keys) != 0 {
		t.Error("the hardware still has its key")
	}
	if _, err := v.Unlock(passphrase); !errors.Is(err, ErrDestroyed) {
		t.Error(err)
	}
	v.recovers(t, paper, k)
}

func TestDestroyingLeavesNothing(t *testing.T) {
	v := newVault(t)
	store := newKeystore()
	v.Keystore = store
	k := created(t, v)
	paper := recoverable(t, v, k)
	put(t, v, keyFile+newEnd, get(t, v, keyFile))
	put(t, v, recoveryFile+newEnd, get(t, v, recoveryFile))
	for range 2 {
		if err := v.Destroy(); err != nil {
			t.Fatal(err)
		}
		if got := there(t, v); len(got) != 0 || len(store.keys) != 0 {
			t.Fatalf("left are %v and %d keys", got, len(store.keys))
		}
	}
	if _, err := v.Unlock(passphrase); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
	if _, err := v.Recover(paper); !errors.Is(err, ErrNoRecovery) {
		t.Error(err)
	}
	created(t, v) // the folder is new
}

func TestDestroyingIsBroughtToItsEnd(t *testing.T) {
	t.Run("where the hardware did not delete its key", func(t *testing.T) {
		v := newVault(t)
		store := newKeystore()
		v.Keystore = store
		paper := recoverable(t, v, created(t, v))
		store.broken = errors.New("the chip is busy")
		if err := v.Destroy(); !errors.Is(err, store.broken) {
			t.Fatalf("got %v", err)
		}
		if _, err := v.Unlock(passphrase); !errors.Is(err, ErrDestroyed) {
			t.Errorf("meanwhile it opens: %v", err)
		}
		if _, err := v.Recover(paper); !errors.Is(err, ErrNoRecovery) {
			t.Errorf("meanwhile the office opens it: %v", err)
		}
		store.broken = nil
		if err := v.Destroy(); err != nil || len(store.keys) != 0 || len(there(t, v)) != 0 {
			t.Errorf("%v; left are %v and %d keys", err, there(t, v), len(store.keys))
		}
	})
	t.Run("wherever it was killed", func(t *testing.T) {
		for step := range 6 {
			v := newVault(t)
			store := newKeystore()
			v.Keystore = store
			recoverable(t, v, created(t, v))
			h, err := v.header()
			if err != nil {
				t.Fatal(err)
			}
			whole := get(t, v, keyFile)
			for i, do := range []func(){
				func() { err = store.Delete(nameOf(h.id)) },
				func() { put(t, v, keyFile, append(make([]byte, len(whole)/2), whole[len(whole)/2:]...)) },
				func() { err = destroy(v.file(keyFile)) },
				func() { put(t, v, recoveryFile, make([]byte, 50)) },
				func() { err = destroy(v.file(recoveryFile)) },
			} {
				if i < step {
					do()
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := v.Destroy(); err != nil || len(there(t, v)) != 0 || len(store.keys) != 0 {
				t.Errorf("after step %d: %v; left are %v and %d keys", step, err, there(t, v), len(store.keys))
			}
		}
	})
}
