package vault

import (
	"bytes"
	"errors"
	"os"
)

// mostTries of wrong passphrases destroy the person's wrap. They are counted in a file of
// that many bytes, which are marked one by one where they stand, so that a full disk does
// not keep the person out. It keeps a finder from trying on the device itself. Who copies
// the folder counts for himself, and is up against the cost of each try; so a count that
// cannot be read or written is no reason to refuse the right passphrase.
const mostTries = 10

const (
	notTried = '.'
	tried    = 'x'
)

func triesIn(name string) (int, error) {
	b, err := read(name)
	return bytes.Count(b[:min(len(b), mostTries)], []byte{tried}), err
}

// countTry reaches the disk before the try is made.
func countTry(name string, n int) error { return markTries(name, n+1) }

func forgetTries(name string) error {
	if n, err := triesIn(name); n == 0 || err != nil {
		return err
	}
	return markTries(name, 0)
}

func markTries(name string, n int) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	marks := append(bytes.Repeat([]byte{tried}, n), bytes.Repeat([]byte{notTried}, mostTries-n)...)
	_, err = f.WriteAt(marks, 0)
	return errors.Join(err, f.Sync(), f.Close())
}
