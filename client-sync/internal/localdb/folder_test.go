package localdb

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/daylight-npm/daylight/internal/vault"
)

// What opens testdata/vault-v1, for ever.
const (
	fixturePassphrase = "lantern orbit maple quiet ribbon stove"
	fixtureRecovery   = "AGE-SECRET-KEY-1TASKJD5MQYS0SPCJUGSWR6TQP2SS58SF2NLADXKC7M3QSQAVDYLSHMCY62"
	fixtureRecipient  = "age1vvv7rmhd4dwj8r9vrcyzevaakdnn7d7aec6j9venpj895spx6aascwjv7e"
)

func fixtureOptions(dir string) Options {
	return Options{Dir: dir, What: "a test", Cost: vault.Least}
}

// makeFixture is for a format that was never handed out. What was, has to stay as it is.
func makeFixture(t *testing.T, to string) {
	t.Helper()
	dir := t.TempDir()
	f, err := Take(fixtureOptions(dir))
	if err != nil {
		t.Fatal(err)
	}
	db, err := f.Create(t.Context(), fixturePassphrase)
	if err != nil {
		t.Fatal(err)
	}
	d := opened{db, f}
	filling(t, d)
	if err := errors.Join(f.Recoverable(db, fixtureRecipient), d.Close(), os.MkdirAll(to, 0o755)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"vault.db", "vault.key", "vault.recovery"} {
		copyFile(t, filepath.Join(dir, name), filepath.Join(to, name))
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// copyFolder gives a folder of its own with what is in another, without its lock.
func copyFolder(t *testing.T, from string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"vault.db", "vault.key", "vault.recovery"} {
		if _, err := os.Stat(filepath.Join(from, name)); err == nil {
			copyFile(t, filepath.Join(from, name), filepath.Join(dir, name))
		}
	}
	return dir
}

// UPDATE_FIXTURE=1 makes the folder anew.
func TestAFolderOfTheFirstFormatOpensForEver(t *testing.T) {
	const fixture = "testdata/vault-v1"
	if os.Getenv("UPDATE_FIXTURE") == "1" {
		makeFixture(t, fixture)
	}
	now := open(t, t.TempDir())
	f := filling(t, now)
	want := readAll(t, now.DB, f)
	if err := now.Write(t.Context(), func(b *Book) error { return b.PutApp(nil) }); err != nil {
		t.Fatal(err)
	}
	want["app"] = readAll(t, now.DB, f)["app"] // which the first format did not have
	for shows, unlock := range map[string]func(*vault.Vault) (*vault.Keys, error){
		"with its passphrase":            func(v *vault.Vault) (*vault.Keys, error) { return v.Unlock(fixturePassphrase) },
		"with the office's recovery key": func(v *vault.Vault) (*vault.Keys, error) { return v.Recover(fixtureRecovery) },
	} {
		t.Run(shows, func(t *testing.T) {
			dir := copyFolder(t, fixture)
			folder, err := Take(fixtureOptions(dir))
			if err != nil {
				t.Fatal(err)
			}
			defer folder.Close()
			keys, err := unlock(&folder.vault)
			if err != nil {
				t.Fatal(err)
			}
			d, err := folder.open(t.Context(), keys)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if got := readAll(t, d, f); !reflect.DeepEqual(got, want) {
				t.Errorf("it says\n%v\nwant\n%v", got, want)
			}
		})
		t.Run("and is rescued "+shows, func(t *testing.T) {
			var out bytes.Buffer
			r, err := Rescue(t.Context(), fixtureOptions(copyFolder(t, fixture)), unlock, inTheClear(&out))
			if err != nil || r.Changes != 5 || r.Unreadable != 0 || !r.Sealed {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

func readAll(t *testing.T, d *DB, f *filled) (out map[string]told) {
	t.Helper()
	err := d.Read(t.Context(), func(b *Book) error {
		out = f.read(b)
		return nil
	})
	if err != nil || len(out) < 30 {
		t.Fatalf("%d things were read, %v", len(out), err)
	}
	for name, x := range out {
		if x.err != nil {
			t.Fatalf("%s: %v", name, x.err)
		}
	}
	return out
}

func TestAFolderWithoutItsKeyFileIsLeftAsItIs(t *testing.T) {
	dir := copyFolder(t, "testdata/vault-v1")
	if err := os.Remove(filepath.Join(dir, "vault.key")); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(dir, "vault.db"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := Take(fixtureOptions(dir))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.State(); !errors.Is(err, ErrKeyless) {
		t.Errorf("its state: %v", err)
	}
	if _, err := f.Create(t.Context(), fixturePassphrase); !errors.Is(err, ErrKeyless) {
		t.Errorf("made anew: %v", err)
	}
	if _, err := f.Unlock(t.Context(), fixturePassphrase); !errors.Is(err, vault.ErrNone) {
		t.Errorf("unlocked: %v", err)
	}
	if n, err := f.Unsent(t.Context()); n != 3 || err != nil {
		t.Errorf("unsent are %d, %v", n, err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	r, err := Rescue(t.Context(), fixtureOptions(dir), func(v *vault.Vault) (*vault.Keys, error) { return v.Recover(fixtureRecovery) }, inTheClear(&out))
	if err != nil || r.Changes != 5 || !r.Sealed {
		t.Errorf("rescued %+v, %v", r, err)
	}
	if after, err := os.ReadFile(filepath.Join(dir, "vault.db")); err != nil || !bytes.Equal(after, before) {
		t.Errorf("the records were altered, %v", err)
	}
}

func TestAFolderFromBeforeEncryptionIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "device.db"), []byte("SQLite format 3\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // and given back
		if _, err := Take(options(dir)); !errors.Is(err, ErrUnsealed) {
			t.Errorf("got %v", err)
		}
	}
}

func TestAnotherPassphraseChangesNoRecord(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir)
	filling(t, d)
	if err := d.DB.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(dir, "vault.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.folder.Rewrap(passphrase, "another one"); err != nil {
		t.Fatal(err)
	}
	if after, err := os.ReadFile(filepath.Join(dir, "vault.db")); err != nil || !bytes.Equal(after, before) {
		t.Errorf("a record was altered, %v", err)
	}
	if _, err := d.folder.Unlock(t.Context(), passphrase); !errors.Is(err, vault.ErrPassphrase) {
		t.Errorf("the old one: %v", err)
	}
	again, err := d.folder.Unlock(t.Context(), "another one")
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
}
