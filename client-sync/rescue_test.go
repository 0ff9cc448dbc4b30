package clientsync

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/vault"
)

// phone is a keystore in memory, as a phone's hardware is one.
type phone map[string]cipher.AEAD

func (p phone) Wrap(name string, secret []byte) ([]byte, error) {
	if p[name] == nil {
		key := make([]byte, 32)
		_, _ = rand.Read(key)
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		if p[name], err = cipher.NewGCMWithRandomNonce(block); err != nil {
			return nil, err
		}
	}
	return p[name].Seal(nil, nil, secret, nil), nil
}

func (p phone) Unwrap(name string, wrapped []byte) ([]byte, error) {
	if p[name] == nil {
		return nil, ErrNoKey
	}
	return p[name].Open(nil, nil, wrapped, nil)
}

func (p phone) Delete(name string) error { delete(p, name); return nil }
func (p phone) Info() KeystoreInfo       { return KeystoreInfo{Hardware: true} }

// seized is an enrolled device of three unsent changes, closed.
func (g *frontDesk) seized(keys phone) *device {
	g.t.Helper()
	d := newDevice(g.t, func(c *Config) { c.HTTP, c.Keystore = http.DefaultClient, keys })
	if _, err := d.Enrol(g.t.Context(), g.code(), "tablet"); err != nil {
		g.t.Fatal(err)
	}
	d.save(finding("sent"))
	d.sync()
	for _, title := range []string{"one", "two", "three"} {
		d.save(finding(title))
	}
	if p, err := d.Protection(); err != nil || !p.Hardware || p.Weak || !p.Recoverable {
		g.t.Fatalf("%+v, %v", p, err)
	}
	if err := d.Close(); err != nil {
		g.t.Fatal(err)
	}
	return d
}

// vouched fails unless the batches hold what was not sent, and the office will believe it.
func (g *frontDesk) vouched(b []byte) {
	g.t.Helper()
	payloads := 0
	for _, one := range batches(g.t, b) {
		payloads += len(one.Payloads)
		if one.Certificate == nil || !one.Certificate.IssuedBy(g.key.Public().(ed25519.PublicKey)) || !one.Verify(one.Certificate.Key) {
			g.t.Errorf("nothing vouches for what begins with %d", one.FirstSeq)
		}
	}
	if payloads != 3 {
		g.t.Errorf("%d changes were rescued", payloads)
	}
}

func TestUnsentWorkIsRescuedWhateverWasLost(t *testing.T) {
	for shows, c := range map[string]struct {
		lose func(t *testing.T, d *device, keys phone)
		says error // what the person is told who tries
	}{
		"the passphrase": {
			func(_ *testing.T, d *device, _ phone) { d.config.Passphrase = "what was it again" },
			vault.ErrPassphrase,
		},
		"the phone's key, by a reset": {
			func(_ *testing.T, _ *device, keys phone) { clear(keys) },
			vault.ErrKeystoreGone,
		},
		"both": {
			func(_ *testing.T, d *device, keys phone) { d.config.Passphrase = "what was it again"; clear(keys) },
			vault.ErrKeystoreGone,
		},
		"the phone, of which the folder was copied": {
			func(_ *testing.T, d *device, _ phone) { d.config.Keystore = nil },
			vault.ErrKeystore,
		},
		"the way in, by ten wrong tries": {
			func(t *testing.T, d *device, _ phone) {
				c := d.config
				for range 10 {
					c.Passphrase = "what was it again"
					if _, err := Open(context.Background(), c); !errors.Is(err, vault.ErrPassphrase) && !errors.Is(err, vault.ErrDestroyed) {
						t.Fatal(err)
					}
				}
			},
			vault.ErrDestroyed,
		},
		"the key file": {
			func(t *testing.T, d *device, _ phone) {
				if err := os.Remove(filepath.Join(d.config.Dir, "vault.key")); err != nil {
					t.Fatal(err)
				}
			},
			nil,
		},
		"the key file, by an alteration": {
			func(t *testing.T, d *device, _ phone) {
				name := filepath.Join(d.config.Dir, "vault.key")
				b, err := os.ReadFile(name)
				if err == nil {
					err = os.WriteFile(name, bytes.Replace(b, []byte("salt "), []byte("salt 0"), 1), 0o600)
				}
				if err != nil {
					t.Fatal(err)
				}
			},
			vault.ErrHeader,
		},
	} {
		t.Run(shows, func(t *testing.T) {
			g := newFrontDesk(t)
			keys := phone{}
			d := g.seized(keys)
			c.lose(t, d, keys)
			_, err := Open(t.Context(), d.config)
			var told *Error
			if !errors.As(err, &told) || c.says != nil && !errors.Is(err, c.says) {
				t.Errorf("it is opened with %v", err)
			} else if told.Hint == "" {
				t.Errorf("nobody says what to do: %v", err)
			}
			var out bytes.Buffer
			if r, err := Rescue(t.Context(), d.config, "", &out); r.Changes != 0 || err == nil || out.Len() > 0 {
				t.Errorf("without the recovery key: %+v, %v", r, err)
			}
			r, err := Rescue(t.Context(), d.config, g.recovery.Secret(), &out)
			if r != (Rescued{Changes: 3, Encrypted: true}) || err != nil {
				t.Fatalf("rescued %+v, %v", r, err)
			}
			opened, err := bundle.Decrypt(&out, g.recovery)
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(opened)
			if err != nil {
				t.Fatal(err)
			}
			g.vouched(b)
		})
	}
}

func TestAnotherOfficesRecoveryKeyRescuesNothing(t *testing.T) {
	g, other := newFrontDesk(t), newFrontDesk(t)
	d := g.seized(phone{})
	for key, says := range map[string]string{other.recovery.Secret(): "does not open this folder", "AGE-SECRET-KEY-1": "not a recovery key"} {
		var out bytes.Buffer
		r, err := Rescue(t.Context(), d.config, key, &out)
		if r.Changes != 0 || out.Len() > 0 || err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("rescued %+v, %v", r, err)
		}
	}
	alone := newDevice(t)
	alone.Close()
	if _, err := Rescue(t.Context(), alone.config, g.recovery.Secret(), &bytes.Buffer{}); CodeOf(err) != Invalid || !errors.Is(err, vault.ErrNoRecovery) {
		t.Errorf("a device that was never enrolled: %v", err)
	}
}

// The office's own key is on its server, and may be misspelt there: that must not cost
// anybody their records.
func TestARecoveryKeyThatIsNoneKeepsNobodyOut(t *testing.T) {
	g := newFrontDesk(t)
	g.told.RecoveryRecipient = "age1misspelt"
	d := newDevice(t, func(c *Config) { c.HTTP = http.DefaultClient })
	f := finding("n")
	d.save(f)
	if _, err := d.Enrol(t.Context(), g.code(), "tablet"); err == nil {
		t.Error("it is enrolled without anybody who could rescue it")
	}
	if d.enrolment.Load() != nil {
		t.Error("half of the enrolment was kept")
	}
	d.reopen()
	d.get(f)
	g.told.RecoveryRecipient = g.recovery.Recipient()
	if _, err := d.Enrol(t.Context(), g.code(), "tablet"); err != nil {
		t.Fatal(err)
	}
	// Lost, and no place for a new one: it is said, and no more.
	name := filepath.Join(d.config.Dir, "vault.recovery")
	if err := errors.Join(os.Remove(name), os.Mkdir(name+".new", 0o700)); err != nil {
		t.Fatal(err)
	}
	d.reopen()
	d.get(f)
	if p, err := d.Protection(); err != nil || p.Recoverable {
		t.Errorf("%+v, %v", p, err)
	}
	if err := os.Remove(name + ".new"); err != nil {
		t.Fatal(err)
	}
	d.reopen()
	if p, err := d.Protection(); err != nil || !p.Recoverable {
		t.Errorf("it was not made again: %+v, %v", p, err)
	}
}

// Whoever has the server and then takes the phone would open it with a recovery key of
// their own. Another one comes in a list that the root key has signed, and not otherwise.
func TestANewRecoveryKeyComesUnderTheRootKeyAlone(t *testing.T) {
	var x disk
	g := newFrontDesk(t)
	d := newDevice(t, x.onCommit, func(c *Config) { c.HTTP = http.DefaultClient })
	if _, err := d.Enrol(t.Context(), g.code(), "tablet"); err != nil {
		t.Fatal(err)
	}
	d.save(finding("n"))
	next := newFrontDesk(t).recovery
	g.told.RecoveryRecipient = next.Recipient()
	if err := d.renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.rescues(g.recovery, next)
	g.list(1, next.Recipient())
	x.next = failed
	if _, err := d.Sync(t.Context()); err == nil {
		t.Fatal("a commit that failed is no sync")
	}
	d.sync()
	d.save(finding("another"))
	d.rescues(next, g.recovery)
	if e := d.stored(); e.Recovery != next.Recipient() {
		t.Errorf("it knows %s", e.Recovery)
	}
}

// rescues fails unless the one key opens the folder, and the other does not.
func (d *device) rescues(opens, not bundle.Identity) {
	d.t.Helper()
	d.Close()
	defer d.open()
	var out bytes.Buffer
	if r, err := Rescue(d.t.Context(), d.config, opens.Secret(), &out); r.Changes != 1 || err != nil {
		d.t.Errorf("rescued %+v, %v", r, err)
	}
	if _, err := Rescue(d.t.Context(), d.config, not.Secret(), &out); !errors.Is(err, vault.ErrRecovery) {
		d.t.Errorf("the other key: %v", err)
	}
}

func TestAWipedFolderIsNew(t *testing.T) {
	g := newFrontDesk(t)
	keys := phone{}
	d := g.seized(keys)
	d.config.Passphrase = ""
	d.open()
	if n, err := d.Unsent(t.Context()); n != 3 || err != nil {
		t.Errorf("%d are unsent, %v", n, err)
	}
	if err := d.Wipe(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p, err := d.Protection(); err != nil || !p.New || p.Recoverable || len(keys) != 0 {
		t.Errorf("%+v, %v, %d keys", p, err, len(keys))
	}
	if _, err := Rescue(t.Context(), d.config, g.recovery.Secret(), &bytes.Buffer{}); err == nil {
		t.Error("it was rescued")
	}
	if err := d.SetPassphrase(t.Context(), "", passphrase); err != nil {
		t.Fatal(err)
	}
	if s := d.status(); s.Records != 0 || s.Unsent != 0 || s.Office != "" {
		t.Errorf("%+v", s)
	}
	d.save(finding("n"))
	if s := d.signer.Load().Certificate; s.Serial == (journal.Serial{}) {
		t.Error("it has no key")
	}
}
