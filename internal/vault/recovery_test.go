package vault

import (
	"bytes"
	"encoding/hex"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
)

func TestTheOfficeOpensWhatNoPassphraseDoes(t *testing.T) {
	v := newVault(t)
	v.Keystore = newKeystore()
	k := created(t, v)
	if _, err := v.Recover("AGE-SECRET-KEY-1"); !errors.Is(err, ErrRecoveryKey) {
		t.Errorf("what is no key: %v", err)
	}
	strange, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Recover(strange.String()); !errors.Is(err, ErrNoRecovery) {
		t.Errorf("before it was enrolled: %v", err)
	}
	paper := recoverable(t, v, k)
	if s, err := v.State(); err != nil || !s.Recoverable {
		t.Errorf("%+v, %v", s, err)
	}
	v.recovers(t, paper, k)
	v.recovers(t, "# typed from paper\n"+paper+"\n", k)
	for shows, typed := range map[string]string{
		"nothing": "", "a recipient": strange.Recipient().String(), "a letter missing": paper[:len(paper)-1], "words": "what opens the folder",
	} {
		if _, err := v.Recover(typed); !errors.Is(err, ErrRecoveryKey) {
			t.Errorf("%s: %v", shows, err)
		}
	}
	if _, err := v.Recover(strange.String()); !errors.Is(err, ErrRecovery) {
		t.Errorf("another office's key: %v", err)
	}
	gone := &Vault{Dir: v.Dir, Cost: ForTests}
	put(t, gone, keyFile, nil)
	gone.recovers(t, paper, k)

	t.Run("and another key of the office takes its place", func(t *testing.T) {
		next := recoverable(t, v, k)
		v.recovers(t, next, k)
		if _, err := v.Recover(paper); !errors.Is(err, ErrRecovery) {
			t.Errorf("the old one: %v", err)
		}
	})
	t.Run("but not what is no recipient", func(t *testing.T) {
		before := get(t, v, recoveryFile)
		for _, to := range []string{"", "age1bundles", paper, strange.Recipient().String() + "\n" + strange.Recipient().String()} {
			if err := v.Recoverable(k, to); err == nil {
				t.Errorf("wrapped for %q", to)
			}
		}
		if !bytes.Equal(get(t, v, recoveryFile), before) {
			t.Error("the wrap was altered")
		}
	})
}

func TestADamagedWrapForTheOfficeIsRefused(t *testing.T) {
	v := newVault(t)
	k := created(t, v)
	paper := recoverable(t, v, k)
	whole := get(t, v, recoveryFile)
	for i := range whole {
		bad := bytes.Clone(whole)
		bad[i] ^= 1
		for _, b := range [][]byte{bad, whole[:i]} {
			put(t, v, recoveryFile, b)
			if _, err := v.Recover(paper); !errors.Is(err, ErrRecovery) {
				t.Fatalf("byte %d: %v", i, err)
			}
		}
	}
	// Of the right key, but not what we wrote.
	id, err := age.ParseX25519Identity(paper)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", recoveryBegin, "daylight vault key v2\n" + strings.Repeat("00", 32), recoveryBegin + strings.Repeat("00", 31) + "\n", recoveryBegin + strings.Repeat("zz", 32)} {
		var out bytes.Buffer
		w, err := age.Encrypt(&out, id.Recipient())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte(text))
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		put(t, v, recoveryFile, out.Bytes())
		if _, err := v.Recover(paper); !errors.Is(err, ErrRecovery) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Whoever keeps the office's key for twenty years may have a better one by then.
func TestARecoveryKeyThatOutlastsQuantumComputersWorks(t *testing.T) {
	v := newVault(t)
	k := created(t, v)
	id, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Recoverable(k, id.Recipient().String()); err != nil {
		t.Fatal(err)
	}
	v.recovers(t, id.String(), k)
}

// Nobody depends on this program to get at what is theirs.
func TestStockAgePrintsTheKey(t *testing.T) {
	program, err := exec.LookPath("age")
	if err != nil {
		t.Skip("NOT CHECKED: there is no age program here (on Debian: apt-get install age)")
	}
	v := newVault(t)
	k := created(t, v)
	put(t, v, "key.txt", []byte(recoverable(t, v, k)+"\n"))
	out, err := exec.Command(program, "-d", "-i", filepath.Join(v.Dir, "key.txt"), v.file(recoveryFile)).Output()
	if want := "daylight vault key v1\n" + hex.EncodeToString(k.raw) + "\n"; err != nil || string(out) != want {
		t.Errorf("it prints %q, %v", out, err)
	}
}
