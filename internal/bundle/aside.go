package bundle

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// asidePattern names what is put aside.
const asidePattern = "bundle-*.part"

// Aside is a bundle that is put aside while it is worked on: it is read twice, and what
// brings it may be a stream. It is encrypted, as it came or as it will go.
type Aside struct{ *os.File }

// PutAside copies r into a file of its own in dir. Drop removes it.
func PutAside(dir string, r io.Reader) (Aside, error) {
	f, err := os.CreateTemp(dir, asidePattern)
	if err != nil {
		return Aside{}, err
	}
	a := Aside{f}
	if _, err := io.Copy(f, r); err != nil {
		a.Drop()
		return Aside{}, err
	}
	return a, nil
}

// Drop removes the file. Where that fails, SweepAside tries again.
func (a Aside) Drop() { _ = errors.Join(a.Close(), os.Remove(a.Name())) }

// SweepAside removes what a process that was killed had put aside in dir.
func SweepAside(dir string) {
	files, _ := os.ReadDir(dir) // a folder's own name may hold what a pattern means
	for _, f := range files {
		if aside, _ := filepath.Match(asidePattern, f.Name()); aside {
			_ = os.Remove(filepath.Join(dir, f.Name())) // ciphertext; the next start tries again
		}
	}
}
