package directory

import (
	"context"
	"errors"
	"sync"

	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
)

// Readers gives the list of readers as it was signed, and its version; nothing and 0
// where none has been taken.
func (d *Directory) Readers(ctx context.Context) (signed []byte, version uint64, err error) {
	err = d.read(ctx, func(t *tx) error {
		signed, version, err = t.readers()
		return err
	})
	return signed, version, err
}

func (t *tx) readers() (signed []byte, version uint64, err error) {
	_, err = t.one(`
		SELECT version, signed
		FROM readers`, nil, &version, &signed)
	return signed, version, err
}

// signedReaders is the list that is kept, as long as nothing has changed.
type signedReaders struct {
	mu         sync.Mutex
	signed     []byte
	version    uint64
	generation uint64 // of the directory that has it
	read       bool
}

// NewerReaders gives the list of readers where it is later than the one that a device
// has, by its version; nil otherwise. It is remembered: every sync asks for it.
func (d *Directory) NewerReaders(ctx context.Context, has uint64) (signed []byte, err error) {
	_, generation := d.callers.get(Hash{})
	r := &d.signedReaders
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.read || r.generation != generation {
		r.signed, r.version, err = d.Readers(ctx)
		r.read, r.generation = err == nil, generation
	}
	if err != nil || r.version <= has {
		return nil, err
	}
	return r.signed, nil
}

// TakeReaders keeps a list that the office's root key has signed. A later one takes the
// place of an earlier, whatever lies between their versions; the same again changes
// nothing. Conflict where it is older, and where it says something else than the one of
// the same version that is kept; Invalid where the root key did not sign it.
func (d *Directory) TakeReaders(ctx context.Context, signed []byte, by By) (l compartment.List, err error) {
	err = d.write(ctx, by, func(t *tx) error {
		l, err = t.takeReaders(signed)
		return err
	})
	return l, err
}

func (t *tx) takeReaders(signed []byte) (compartment.List, error) {
	o, _, err := t.office()
	if err != nil {
		return compartment.List{}, err
	}
	kept, version, err := t.readers()
	if err != nil {
		return compartment.List{}, err
	}
	l, err := compartment.Verify(signed, o.GetRootKey(), o.GetName(), version)
	switch {
	case err != nil:
		return compartment.List{}, aboutReaders(err)
	case l.Version == version && compartment.Same(kept, signed):
		return l, nil
	case l.Version == version:
		return compartment.List{}, errTwoLists
	}
	if _, err := t.Exec(`
		INSERT INTO readers (id, version, signed)
		VALUES (1, $1, $2)
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, signed = excluded.signed`, int64(l.Version), signed); err != nil {
		return compartment.List{}, err
	}
	return l, t.log(directoryChanged, record.ID{}, "a list of readers was taken")
}

var errTwoLists = rpcerr.E(rpcerr.Conflict, "the office has signed two lists of readers of this version that say different things; the first one stays",
	"Have the next list written, and sign that. If nobody at the office signed twice, the root key is in other hands: tell the office's head.", nil)

// aboutReaders is an error of a list as callers are told it.
func aboutReaders(err error) error {
	var e *compartment.Error
	if !errors.As(err, &e) {
		return err
	}
	code := rpcerr.Invalid
	switch {
	case errors.Is(err, compartment.ErrOlder):
		code = rpcerr.Conflict
	case errors.Is(err, compartment.ErrTooLarge):
		code = rpcerr.TooLarge
	}
	return rpcerr.E(code, e.Message, e.Hint, err)
}
