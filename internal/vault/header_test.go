package vault

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// sum gives a key file the check that belongs to it.
func sum(b []byte) []byte {
	at := len(b) - len("check 0123456789abcdef\n")
	return fmt.Appendf(bytes.Clone(b[:at]), "check %x\n", checkOf(b[:at]))
}

func isOneOf(err error, some ...error) bool {
	return slices.ContainsFunc(some, func(one error) bool { return errors.Is(err, one) })
}

func TestEveryFlippedByteOfAKeyFileIsRefused(t *testing.T) {
	v := newVault(t)
	v.Keystore = newKeystore()
	k := created(t, v)
	whole := get(t, v, keyFile)
	for i := range whole {
		bad := bytes.Clone(whole)
		bad[i] ^= 1
		put(t, v, keyFile, bad)
		if _, err := v.Unlock(passphrase); !isOneOf(err, ErrHeader, ErrCost, ErrNewer) {
			t.Fatalf("byte %d, %q: %v", i, bad[i], err)
		}
		// Whoever knows the format makes the check anew.
		put(t, v, keyFile, sum(bad))
		if got, err := v.Unlock(passphrase); err == nil && !bytes.Equal(sum(bad), whole) {
			t.Fatalf("byte %d, %q: it opens with %x", i, bad[i], got.raw)
		}
		if err := forgetTries(v.file(triesFile)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range whole {
		put(t, v, keyFile, whole[:i])
		if _, err := v.Unlock(passphrase); !isOneOf(err, ErrHeader, ErrNewer) {
			t.Fatalf("cut after %d: %v", i, err)
		}
	}
	put(t, v, keyFile, whole)
	v.unlocks(t, passphrase, k)
	if s, err := v.State(); err != nil || s.TriesLeft != mostTries {
		t.Errorf("what could not be read was counted as a try: %+v, %v", s, err)
	}
}

func TestACostIsJudgedBeforeAnyWork(t *testing.T) {
	v := newVault(t)
	created(t, v)
	whole := string(get(t, v, keyFile))
	// With these there would be no end of it, or no memory for it.
	for _, cost := range []string{
		"argon2id t=4294967294 m=65536 p=4", "argon2id t=3 m=4294967295 p=4",
		"argon2id t=1 m=65536 p=4", "argon2id t=3 m=19455 p=4", "argon2id t=3 m=65536 p=0",
		"argon2id t=65 m=65536 p=4", "argon2id t=3 m=1048577 p=4", "argon2id t=3 m=65536 p=17",
		"argon2id t=99999999999 m=65536 p=4", "argon2id t=3 m=1099511627776 p=4", "argon2id t=3 m=65536 p=256",
		"argon2id t=-3 m=65536 p=4", "argon2id t=4294967295 m=0 p=0",
	} {
		put(t, v, keyFile, sum([]byte(strings.Replace(whole, "none, for tests", cost, 1))))
		if _, err := v.Unlock(passphrase); !errors.Is(err, ErrCost) {
			t.Errorf("%s: %v", cost, err)
		}
		if _, err := v.State(); !errors.Is(err, ErrCost) {
			t.Errorf("%s: the state is %v", cost, err)
		}
	}
	for _, cost := range []string{"argon2i t=3 m=65536 p=4", "argon2id t=03 m=65536 p=4", "argon2id t=3 m=65536 p=4 ", "none", ""} {
		put(t, v, keyFile, sum([]byte(strings.Replace(whole, "none, for tests", cost, 1))))
		if _, err := v.Unlock(passphrase); !isOneOf(err, ErrHeader, ErrCost) {
			t.Errorf("%q: %v", cost, err)
		}
	}
	if n, err := triesIn(v.file(triesFile)); n != 0 || err != nil {
		t.Errorf("%d tries were counted, %v", n, err)
	}
}

func TestALowerCostDoesNotOpen(t *testing.T) {
	v := &Vault{Dir: t.TempDir(), Cost: Cost{Passes: 3, MemoryKiB: Least.MemoryKiB, Threads: 1}}
	const phrase = "lantern orbit maple quiet ribbon stove"
	k, err := v.Create(phrase)
	if err != nil {
		t.Fatal(err)
	}
	whole := get(t, v, keyFile)
	put(t, v, keyFile, sum(bytes.Replace(whole, []byte("t=3"), []byte("t=2"), 1)))
	if _, err := v.Unlock(phrase); !errors.Is(err, ErrPassphrase) {
		t.Errorf("got %v", err)
	}
	put(t, v, keyFile, whole)
	v.unlocks(t, phrase, k)
}

func TestWhatIsMadeForTestsOpensForTestsOnly(t *testing.T) {
	v := newVault(t)
	created(t, v)
	for _, cost := range []Cost{{}, Least, usual} {
		program := &Vault{Dir: v.Dir, Cost: cost, Now: time.Now}
		if _, err := program.Unlock(passphrase); !errors.Is(err, ErrCost) {
			t.Errorf("with %+v: %v", cost, err)
		}
		if _, err := program.State(); !errors.Is(err, ErrCost) {
			t.Errorf("with %+v the state is %v", cost, err)
		}
	}
}

func TestKeyFilesOfOthersAreToldApart(t *testing.T) {
	v := newVault(t)
	created(t, v)
	whole := get(t, v, keyFile)
	for shows, c := range map[string]struct {
		file []byte
		want error
	}{
		"of a newer version":       {sum(bytes.Replace(whole, []byte("v1"), []byte("v2"), 1)), ErrNewer},
		"of one that is far newer": {[]byte("daylight vault v77\nwho knows"), ErrNewer},
		"of no version":            {sum(bytes.Replace(whole, []byte("v1"), []byte("v0"), 1)), ErrHeader},
		"of something else":        {[]byte("-----BEGIN KEY-----\n"), ErrHeader},
		"empty":                    {nil, ErrHeader},
		"a mebibyte":               {bytes.Repeat([]byte("x"), 1<<20), ErrHeader},
		"with a mebibyte added":    {append(bytes.Clone(whole), make([]byte, 1<<20)...), ErrHeader},
		"all zeros":                {make([]byte, len(whole)), ErrHeader},
		"with other line ends":     {bytes.ReplaceAll(whole, []byte("\n"), []byte("\r\n")), ErrHeader},
	} {
		t.Run(shows, func(t *testing.T) {
			put(t, v, keyFile, c.file)
			if _, err := v.Unlock(passphrase); !errors.Is(err, c.want) {
				t.Errorf("opened: %v", err)
			}
			if _, err := v.Create(passphrase); !errors.Is(err, ErrThere) {
				t.Errorf("made anew: %v", err)
			}
			if !bytes.Equal(get(t, v, keyFile), c.file) {
				t.Error("it was not left as it was")
			}
		})
	}
}

func FuzzHeader(f *testing.F) {
	v := &Vault{Dir: f.TempDir(), Cost: ForTests}
	if _, err := v.Create(passphrase); err != nil {
		f.Fatal(err)
	}
	b, err := read(v.file(keyFile))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(sum(bytes.Replace(b, []byte("none, for tests"), []byte("argon2id t=3 m=65536 p=4"), 1)))
	f.Add([]byte("daylight vault v2\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := parseHeader(b)
		if err != nil {
			if !isOneOf(err, ErrHeader, ErrNewer, ErrCost) {
				t.Errorf("an error of its own: %v", err)
			}
			return
		}
		if !bytes.Equal(h.encode(), b) {
			t.Error("two files say the same")
		}
		if h.cost != ForTests && h.cost.Check() != nil {
			t.Errorf("a cost of %+v is taken", h.cost)
		}
	})
}

func TestCalibratingAsksForAtLeastSevenTenthsOfASecond(t *testing.T) {
	for took, want := range map[time.Duration]uint32{time.Second: 3, 100 * time.Millisecond: 21, 0: Most.Passes} {
		now := time.Unix(0, 0)
		c := Calibrate(1<<30, func() time.Time { now = now.Add(took); return now })
		if c.Passes != want || c.MemoryKiB != usual.MemoryKiB || c.Check() != nil {
			t.Errorf("on a machine that takes %s: %s", took, c)
		}
	}
	if c := Calibrate(100<<20, time.Now); c.MemoryKiB != modest.MemoryKiB || c.Check() != nil {
		t.Errorf("with little memory: %s", c)
	}
}
