package localdb

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// wipingFile says that a wipe has begun: whoever takes the folder ends it first.
const wipingFile = "vault.wiping"

// Wipe destroys the keys and then the records, for everybody and for ever. The DB is to
// be closed before. Broken off at any moment, it is ended by the next Take; what it
// needs first is the keys' destruction, after which the rest is noise.
func (f *Folder) Wipe() error {
	f.step("mark")
	mark, err := os.OpenFile(filepath.Join(f.options.Dir, wipingFile), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		// A full disk shall not keep anybody from it.
		return errors.Join(f.wipe(), err)
	}
	return errors.Join(mark.Sync(), mark.Close(), f.syncDir(), f.wipe())
}

// syncDir makes what was made or removed in the folder last. Not every system offers that.
func (f *Folder) syncDir() error {
	d, err := os.Open(f.options.Dir)
	if err != nil {
		return err
	}
	_ = d.Sync()
	return d.Close()
}

// wipe goes on where one step fails: each takes something away.
func (f *Folder) wipe() error {
	f.step("keys")
	errs := []error{f.vault.Destroy()}
	names := []string{fileName + "-wal", fileName + "-shm", fileName + "-journal", fileName}
	all, err := os.ReadDir(f.options.Dir)
	errs = append(errs, err)
	for _, e := range all {
		if filepath.Ext(e.Name()) == ".part" { // a bundle that was put aside
			names = append(names, e.Name())
		}
	}
	for _, name := range names {
		f.step(name)
		errs = append(errs, f.remove(name))
	}
	errs = append(errs, f.syncDir()) // before the mark goes
	if err := errors.Join(errs...); err != nil {
		return err
	}
	f.step("unmark")
	return f.remove(wipingFile)
}

func (f *Folder) step(name string) {
	if f.options.OnWipe != nil {
		f.options.OnWipe(name)
	}
}

func (f *Folder) remove(name string) error {
	err := os.Remove(filepath.Join(f.options.Dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
