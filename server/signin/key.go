package signin

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/daylight-npm/daylight/internal/record"
)

// Key seals what has to be read back of an account.
type Key [chacha20poly1305.KeySize]byte

// LoadKey reads the key from a file, and makes it where there is none, for its owner alone.
// The file belongs into no copy of the database: whoever has both can make one-time codes.
// Without it, one-time codes are made anew and nothing else is lost.
func LoadKey(path string) (k Key, err error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return newKey(path)
	}
	if err != nil {
		return k, err
	}
	if len(b) != len(k) {
		return k, fmt.Errorf("%s is not the key of the office's sign-ins: restore it from a backup, or move it away and let people set up their one-time codes anew", path)
	}
	return Key(b), nil
}

func newKey(path string) (k Key, err error) {
	if _, err := rand.Read(k[:]); err != nil {
		return k, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return k, err
	}
	_, err = f.Write(k[:])
	return k, errors.Join(err, f.Sync(), f.Close())
}

// seal hides a secret of a person's.
func (s *Signins) seal(person record.ID, secret []byte) ([]byte, error) {
	box, err := chacha20poly1305.NewX(s.key[:])
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, chacha20poly1305.NonceSizeX)
	if err := s.fill(nonce); err != nil {
		return nil, err
	}
	return box.Seal(nonce, nonce, secret, person[:]), nil
}

// open gives a secret back; nil for what was not sealed for that person under this key, as
// in a database that was restored without it: then no code is right.
func (s *Signins) open(person record.ID, sealed []byte) []byte {
	box, err := chacha20poly1305.NewX(s.key[:])
	if err != nil || len(sealed) < chacha20poly1305.NonceSizeX {
		return nil
	}
	secret, err := box.Open(nil, sealed[:chacha20poly1305.NonceSizeX], sealed[chacha20poly1305.NonceSizeX:], person[:])
	if err != nil {
		return nil
	}
	return secret
}
