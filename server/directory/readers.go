package directory

import (
	"context"
	"crypto/ed25519"
	"errors"
	"sync"

	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
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

// handover is a list that has changed the office's root key.
type handover struct {
	version uint64
	at      int64             // when it was taken, milliseconds since 1970 UTC
	root    ed25519.PublicKey // that signed it: devices that know the office by it take no later list
	signed  []byte
}

// handovers are all that there were, the first one first.
func (t *tx) handovers() (out []handover, err error) {
	err = t.Each(`
		SELECT version, at, root, signed
		FROM handovers
		ORDER BY version`, nil, func(scan func(...any) error) (bool, error) {
		var h handover
		var root []byte
		err := scan(&h.version, &h.at, &root, &h.signed)
		h.root = root
		out = append(out, h)
		return err == nil, err
	})
	return out, err
}

// signedReaders is what is kept, as long as nothing has changed.
type signedReaders struct {
	mu         sync.Mutex
	signed     []byte
	version    uint64
	handovers  []handover
	generation uint64 // of the directory that has it
	read       bool
}

// NewerReaders gives the list of readers where it is later than the one that a device
// has, by its version; nil otherwise. A device that was enrolled, in milliseconds since
// 1970 UTC, before the office changed its root key is given the list that says so first.
// All of it is remembered: every sync asks for it.
func (d *Directory) NewerReaders(ctx context.Context, has uint64, enrolled int64) ([]byte, error) {
	_, generation := d.callers.get(Hash{})
	r := &d.signedReaders
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.read || r.generation != generation {
		err := d.read(ctx, func(t *tx) (err error) {
			if r.signed, r.version, err = t.readers(); err == nil {
				r.handovers, err = t.handovers()
			}
			return err
		})
		if r.read, r.generation = err == nil, generation; err != nil {
			return nil, err
		}
	}
	if r.version <= has {
		return nil, nil
	}
	for _, h := range r.handovers {
		if h.version > has && h.at > enrolled {
			return h.signed, nil
		}
	}
	return r.signed, nil
}

// TakeReaders keeps a list that the office's root key has signed. A later one takes the
// place of an earlier, whatever lies between their versions; the same again changes
// nothing. After one with a next root key, the office has that one. Conflict where it is
// older, and where it says something else than the one of the same version that is kept;
// Invalid where the root key did not sign it.
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
	root, err := t.rootOf(o, kept, version, signed)
	if err != nil {
		return compartment.List{}, err
	}
	l, err := compartment.Verify(signed, root, version)
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
	if err := t.handOver(o, l, signed); err != nil {
		return compartment.List{}, err
	}
	return l, t.log(directoryChanged, record.ID{}, "a list of readers was taken")
}

// rootOf is the key that a list has to be signed with: the office's, and for the list that
// is kept the one that it was taken with.
func (t *tx) rootOf(o *daylightv1.Office, kept []byte, version uint64, signed []byte) (ed25519.PublicKey, error) {
	all, err := t.handovers()
	if n := len(all); err == nil && n > 0 && all[n-1].version == version && compartment.Same(kept, signed) {
		return all[n-1].root, nil
	}
	return o.GetRootKey(), err
}

// handOver gives the office the next root key that a list names.
func (t *tx) handOver(o *daylightv1.Office, l compartment.List, signed []byte) error {
	if l.NextRoot == nil {
		return nil
	}
	if _, err := t.Exec(`
		INSERT INTO handovers (version, at, root, signed)
		VALUES ($1, $2, $3, $4)`, int64(l.Version), t.now, o.GetRootKey(), signed); err != nil {
		return err
	}
	o.RootKey = l.NextRoot
	if err := t.putOffice(o); err != nil {
		return err
	}
	return t.log(directoryChanged, record.ID{}, "the office has another root key")
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
