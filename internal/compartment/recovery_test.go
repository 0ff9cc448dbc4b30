package compartment

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

func newRecovery(t testing.TB, hybrid bool) RecoveryKey {
	t.Helper()
	r, err := NewRecoveryKey(hybrid)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestARecoveryKeyOpensWhatWasWrappedForIt(t *testing.T) {
	for _, hybrid := range []bool{false, true} {
		t.Run(fmt.Sprintf("hybrid %v", hybrid), func(t *testing.T) {
			r, k := newRecovery(t, hybrid), newKey(t)
			if err := r.Test(); err != nil {
				t.Error(err)
			}
			if strings.HasPrefix(r.Recipient(), "age1pq1") != hybrid {
				t.Errorf("it is for %s", r.Recipient())
			}
			file := wrap(t, k, r.Recipient())
			if got, err := r.Opens(file); err != nil || string(got) != here.line()+k.Secret()+"\n" {
				t.Errorf("got %d bytes, %v", len(got), err)
			}
			_, err := newRecovery(t, hybrid).Opens(file)
			wantError(t, err, ErrNotForKey)
			_, err = r.Opens(file[:len(file)-1])
			wantError(t, err, ErrAltered)
			_, err = r.Opens(make([]byte, maxWrap+1))
			wantError(t, err, ErrTooLarge)
			_, err = RecoveryKey{}.Opens(file)
			wantError(t, err, ErrNotForKey)
		})
	}
}

func TestARecoveryKeyIsReadAsItWasWrittenDown(t *testing.T) {
	r := newRecovery(t, false)
	for _, text := range []string{r.Secret(), r.Secret() + "\r\n", "# the office's\n\n" + r.Secret() + "\n# two copies\n"} {
		if got, err := ParseRecoveryKey(text); err != nil || got.Recipient() != r.Recipient() {
			t.Errorf("%v", err)
		}
	}
	for name, bad := range map[string]string{
		"nothing": "", "its public half": r.Recipient(), "small letters": strings.ToLower(r.Secret()), "a remark": "# " + r.Secret(),
		"two keys": r.Secret() + "\n" + r.Secret(), "a root key": rootNumber(t, 1).Secret(), "very much": strings.Repeat("#\n", maxKeyFile) + r.Secret(),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseRecoveryKey(bad)
			wantError(t, err, ErrIdentity)
			if bad != "" && strings.Contains(err.Error(), bad) {
				t.Error("the error repeats it")
			}
		})
	}
}

// The file in testdata is as age-keygen wrote it.
func TestStockAgeOpensWithTheFileThatWeRead(t *testing.T) {
	run := stock(t) // or skips
	r, err := ParseRecoveryKey(string(fixture(t, "x25519", "recovery.txt")))
	if err != nil {
		t.Fatal(err)
	}
	k := newKey(t)
	got := run(wrap(t, k, r.Recipient()), "-d", "-i", filepath.Join("testdata", "x25519", "recovery.txt"))
	if string(got) != here.line()+k.Secret()+"\n" {
		t.Errorf("it gives %d bytes", len(got))
	}
}
