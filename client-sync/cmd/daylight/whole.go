package main

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// fileName is how a bundle is called where nobody said it: by its device and its moment,
// in letters that every file system takes.
func fileName(device string, now time.Time) string {
	const most = 32
	name := strings.Join(strings.FieldsFunc(strings.ToLower(device), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), "-")
	if r := []rune(name); len(r) > most {
		name = strings.TrimRight(string(r[:most]), "-")
	}
	if name == "" {
		name = "device"
	}
	return "daylight-" + name + "-" + now.Format("2006-01-02-150405") + ".age"
}

// writeWhole makes a file that only its owner may read. It has its name once it is
// whole and on the disk; when write fails, nothing is left. Without force, what is there
// stays.
func writeWhole(name string, force bool, write func(io.Writer) error) error {
	if _, err := os.Lstat(name); err == nil && !force {
		return thereAlready(name)
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".daylight-*.part")
	if err != nil {
		return fail(clientsync.Denied, name+" cannot be made; nothing was written", "Look at the folder's name and whether you may write there.")
	}
	placed := false
	defer func() {
		if !placed {
			_ = errors.Join(f.Close(), os.Remove(f.Name()))
		}
	}()
	w := bufio.NewWriterSize(onDisk{f}, 64<<10)
	if err := write(w); err != nil {
		return notWhole(name, err)
	}
	if err := errors.Join(w.Flush(), f.Sync(), f.Close()); err != nil {
		return notWhole(name, errDisk)
	}
	if !force {
		// A rename writes over what is there: the name is taken first, by whoever is first.
		hold, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return thereAlready(name)
		} else if err != nil {
			return notWhole(name, errDisk)
		}
		_ = hold.Close()
	}
	if err := os.Rename(f.Name(), name); err != nil {
		if !force {
			_ = os.Remove(name)
		}
		return notWhole(name, errDisk)
	}
	placed = true
	return nil
}

// errDisk says that the file's own disk failed, and not what is written to it.
var errDisk = errors.New("the file could not be written")

type onDisk struct{ f *os.File }

func (d onDisk) Write(b []byte) (int, error) {
	n, err := d.f.Write(b)
	if err != nil {
		err = errDisk
	}
	return n, err
}

// notWhole says that the file's disk failed; another error stays as it is.
func notWhole(name string, err error) error {
	if !errors.Is(err, errDisk) {
		return err
	}
	return fail(clientsync.Unavailable, name+" could not be written to its end, so nothing is there; the records are untouched",
		"Look whether the disk is full or the stick was pulled out.")
}

func thereAlready(name string) error {
	return fail(clientsync.Conflicting, name+" is there already; nothing was written", "Choose another name with --out, or write over it with --force.")
}
