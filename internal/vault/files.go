package vault

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// The files of a vault, beside the database.
const (
	keyFile      = "vault.key"
	recoveryFile = "vault.recovery"
	triesFile    = "vault.tries"
	// newEnd ends the name of what is about to replace one of them.
	newEnd = ".new"
)

// read gives a small file, nil when there is none.
func read(name string) ([]byte, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, largestHeader+1))
}

// replace puts content in the place of a file, whole or not at all, down to the disk; then
// it overwrites what was there: an old wrap opens with the old passphrase.
func replace(name string, content []byte) error {
	if runtime.GOOS == "windows" { // which does not rename over a file that is open
		return write(name, content)
	}
	old, err := os.OpenFile(name, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return write(name, content)
	}
	if err != nil {
		return err
	}
	defer old.Close()
	if err := write(name, content); err != nil {
		return err
	}
	return blank(old)
}

// blank overwrites an open file, where it stands, with zeros.
func blank(f *os.File) error {
	info, err := f.Stat()
	if err == nil {
		_, err = f.WriteAt(make([]byte, info.Size()), 0)
	}
	return errors.Join(err, f.Sync())
}

// write does that without looking back.
func write(name string, content []byte) error {
	f, err := os.OpenFile(name+newEnd, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(name+newEnd))
	}
	if err := os.Rename(name+newEnd, name); err != nil {
		return errors.Join(err, destroy(name+newEnd))
	}
	return syncDir(filepath.Dir(name))
}

// destroy overwrites a file before it removes it. Flash may keep an older copy for a
// while; the hardware's key, where there is one, makes that worthless. What cannot be
// overwritten is removed all the same.
func destroy(name string) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return errors.Join(err, remove(name))
	}
	return errors.Join(blank(f), f.Close(), remove(name))
}

// remove is no error when there is nothing.
func remove(name string) error {
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// syncDir makes what was renamed or removed in it last. Not every system offers that.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = d.Sync()
	return d.Close()
}
