package localdb

import (
	"database/sql"
	"errors"
)

// Keys are what the device's seals are made with.
type Keys struct {
	// Seed is that of the Ed25519 key, 32 bytes (RFC 8032).
	Seed []byte
	// Certificate is encoded, see journal.Certificate.
	Certificate []byte
}

// Keys gives what PutKeys stored; the zero Keys when nothing was.
func (b *Book) Keys() (k Keys, err error) {
	err = b.QueryRow(`SELECT seed, certificate FROM keys`).Scan(&k.Seed, &k.Certificate)
	if errors.Is(err, sql.ErrNoRows) {
		return Keys{}, nil
	}
	if err != nil {
		return k, err
	}
	if k.Seed, err = b.shield.open("keys", []byte("seed"), k.Seed); err != nil {
		return Keys{}, err
	}
	k.Certificate, err = b.shield.open("keys", []byte("certificate"), k.Certificate)
	return k, err
}

// PutKeys stores them in the place of any that were there.
func (b *Book) PutKeys(k Keys) error {
	_, err := b.Exec(`
		INSERT INTO keys (id, seed, certificate) VALUES (1, ?1, ?2)
		ON CONFLICT (id) DO UPDATE SET seed = ?1, certificate = ?2`,
		b.shield.seal("keys", []byte("seed"), k.Seed), b.shield.seal("keys", []byte("certificate"), k.Certificate))
	return err
}
