package localdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/vault"
)

// The tests start this binary again as a second process, which wipes FOLDER and dies at
// the step DIES.
func TestMain(m *testing.M) {
	dir, dies := os.Getenv("WIPES"), os.Getenv("DIES")
	if dir == "" {
		os.Exit(m.Run())
	}
	o := options(dir)
	o.OnWipe = func(step string) {
		if step == dies {
			if self, err := os.FindProcess(os.Getpid()); err == nil {
				_ = self.Kill()
			}
			select {}
		}
	}
	d, err := openFolder(context.Background(), o)
	if err == nil {
		err = errors.Join(d.DB.Close(), d.folder.Wipe())
	}
	fmt.Println("it was not killed:", err)
}

// wipeSteps are the steps of a wipe, in their order.
var wipeSteps = []string{"mark", "keys", "vault.db-wal", "vault.db-shm", "vault.db-journal", "vault.db", "bundle-1.part", "unmark"}

// toWipe is a folder with all that a wipe has to take away. The brackets are what a
// pattern would stumble over.
func toWipe(t *testing.T) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "tablet [3]")
	d := open(t, dir)
	filling(t, d)
	if err := d.folder.Recoverable(d.DB, fixtureRecipient); err != nil {
		t.Fatal(err)
	}
	d.Close()
	for _, name := range []string{"bundle-1.part", "vault.key.new"} {
		copyFile(t, filepath.Join(dir, "vault.key"), filepath.Join(dir, name))
	}
	return dir
}

// wantNew fails unless a folder is as if nobody had used it.
func wantNew(t *testing.T, dir string) {
	t.Helper()
	f, err := Take(options(dir))
	if err != nil {
		t.Fatal(err)
	}
	if s, err := f.State(); err != nil || s != (vault.State{}) {
		t.Errorf("%+v, %v", s, err)
	}
	if n, err := f.Unsent(t.Context()); n != 0 || err != nil {
		t.Errorf("%d unsent, %v", n, err)
	}
	d, err := f.Create(t.Context(), passphrase)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(d.Close(), f.Wipe(), f.Close()); err != nil {
		t.Fatal(err)
	}
	wantEmpty(t, dir)
}

func wantEmpty(t *testing.T, dir string) {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		if !strings.HasPrefix(e.Name(), "folder.lock") {
			t.Errorf("%s is left", e.Name())
		}
	}
}

func TestAWipeLeavesNothing(t *testing.T) {
	dir := toWipe(t)
	var steps []string
	o := options(dir)
	o.OnWipe = func(step string) { steps = append(steps, step) }
	f, err := Take(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Wipe(), f.Close()); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(steps, wipeSteps) {
		t.Errorf("its steps are %q", steps)
	}
	wantEmpty(t, dir)
	wantNew(t, dir)
}

// begun fails unless a folder whose wipe has passed the keys opens for nobody.
func begun(t *testing.T, dir, diedAt string) {
	t.Helper()
	v := &vault.Vault{Dir: dir, Cost: vault.ForTests}
	if i := slices.Index(wipeSteps, diedAt); i <= slices.Index(wipeSteps, "keys") {
		return
	}
	if _, err := v.Unlock(passphrase); !errors.Is(err, vault.ErrNone) {
		t.Errorf("the passphrase: %v", err)
	}
	if _, err := v.Recover(fixtureRecovery); !errors.Is(err, vault.ErrNoRecovery) {
		t.Errorf("the recovery key: %v", err)
	}
}

func TestAWipeThatWasBrokenOffIsBroughtToItsEnd(t *testing.T) {
	for _, step := range wipeSteps[1:] {
		t.Run("at "+step, func(t *testing.T) {
			dir := toWipe(t)
			o := options(dir)
			o.OnWipe = func(now string) {
				if now == step {
					panic("broken off")
				}
			}
			f, err := Take(o)
			if err != nil {
				t.Fatal(err)
			}
			func() {
				defer func() {
					if recover() == nil {
						t.Error("it was not broken off")
					}
				}()
				_ = f.Wipe()
			}()
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			begun(t, dir, step)
			wantNew(t, dir)
		})
	}
}

func TestAWipeWhoseProcessWasKilledIsBroughtToItsEnd(t *testing.T) {
	for _, step := range wipeSteps {
		t.Run("at "+step, func(t *testing.T) {
			dir := toWipe(t)
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), "WIPES="+dir, "DIES="+step)
			out, err := cmd.CombinedOutput()
			if err == nil || len(out) > 0 {
				t.Fatalf("the process was not killed: %s, %v", out, err)
			}
			if step == "mark" { // nothing had happened yet
				open(t, dir).Close()
				return
			}
			begun(t, dir, step)
			wantNew(t, dir)
		})
	}
}

// A disk that fails keeps nobody from destroying the keys; the rest is for the next time.
func TestAWipeThatCannotRemoveEverythingDestroysTheKeys(t *testing.T) {
	dir := toWipe(t)
	path := filepath.Join(dir, "vault.db")
	if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700), os.WriteFile(filepath.Join(path, "x"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	f, err := Take(options(dir))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Wipe(); err == nil {
		t.Error("it says that everything is gone")
	}
	begun(t, dir, "unmark")
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Take(options(dir)); err == nil {
		t.Error("a folder that is half wiped was opened")
	}
	if err := os.Remove(filepath.Join(path, "x")); err != nil {
		t.Fatal(err)
	}
	wantNew(t, dir)
}
