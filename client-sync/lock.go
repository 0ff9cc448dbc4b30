package clientsync

import (
	"context"
	"crypto/ed25519"
	"errors"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	"github.com/daylight-npm/daylight/internal/vault"
)

var errBusy = rpcerr.E(Unavailable, "a sync is running; nothing was changed", "Wait until it ends.", nil)

// Unlock opens the folder with its passphrase. Ten wrong ones in a row destroy the
// person's way in: then only the office's recovery key opens the folder. An error of
// code Unauthenticated has a *PassphraseError in its chain while tries are left.
func (c *Client) Unlock(ctx context.Context, passphrase string) error {
	_, done, ok := c.turn.try(ctx)
	if !ok {
		return errBusy
	}
	defer done()
	if c.db.isOpen() {
		return nil
	}
	s, err := c.folder.State()
	if err == nil && !s.Exists {
		err = vault.ErrNone
	}
	if err != nil {
		return explainVault(err)
	}
	db, err := c.folder.Unlock(ctx, passphrase)
	if err != nil {
		return explainVault(err)
	}
	return c.admit(ctx, db)
}

// SetPassphrase makes the vault of a new folder, old being empty, and unlocks it; or
// gives an unlocked folder another passphrase, and asks for the old one. No record is
// written anew for it. A passphrase that is too weak is refused with code Invalid.
func (c *Client) SetPassphrase(ctx context.Context, old, passphrase string) error {
	_, done, ok := c.turn.try(ctx)
	if !ok {
		return errBusy
	}
	defer done()
	s, err := c.folder.State()
	switch {
	case err != nil:
		return explainVault(err)
	case s.Exists && !c.db.isOpen():
		return errLocked
	case s.Exists:
		return explainVault(c.folder.Rewrap(old, passphrase))
	}
	db, err := c.folder.Create(ctx, passphrase)
	if err != nil {
		return explainVault(err)
	}
	return c.admit(ctx, db)
}

// admit goes on with a file that was just opened; the turn is held.
func (c *Client) admit(ctx context.Context, db *localdb.DB) error {
	if err := c.setUp(ctx, db); err != nil {
		c.forget()
		return errors.Join(explainVault(err), db.Close())
	}
	c.db.open(db)
	c.idle.begin()
	bundle.SweepAside(c.config.Dir)
	if err := c.sweep(Quietly(ctx)); err != nil { // the last process may have been killed before it could
		return errors.Join(err, c.shut())
	}
	if err := c.tendSealed(ctx, false); err != nil {
		return errors.Join(err, c.shut())
	}
	c.watchers.tell()
	return nil
}

// Locked reports whether the folder is locked, or new and without a passphrase.
func (c *Client) Locked() bool { return !c.db.isOpen() }

// Lock drops the keys and everything that was read with them, and empties the file's
// log. A sync ends with the request that is under way, which is finished first: until
// ctx ends, and then it is cut off, with nothing lost. What waits to be sent is sealed
// with the device's key before. A locked folder stays locked.
func (c *Client) Lock(ctx context.Context) error {
	done := c.turn.demand(ctx)
	defer done()
	return c.shut()
}

// shut locks; the turn is held.
func (c *Client) shut() error {
	c.idle.end()
	if c.db.isOpen() {
		// What fails here was saved all the same, and is sealed with the next sync.
		if err := c.sealTail(); err != nil {
			c.config.Log.Warn("what waits to be sent could not be sealed before locking", "error", err)
		}
	}
	db := c.db.shut()
	c.forget()
	if db == nil {
		return nil
	}
	err := db.Close()
	c.watchers.tell()
	if err != nil {
		return rpcerr.E(Internal, "the folder is locked, but its file could not be closed; what was saved is safe", "", err)
	}
	return nil
}

// forget drops what was read with the keys.
func (c *Client) forget() {
	c.enrolment.Store(nil)
	c.signer.Store(nil)
	c.office = nil
	c.words.drop()
	c.places.drop()
	c.visits.drop()
	c.forms.drop()
}

// sealTail closes the open change, and vouches for everything up to it: whoever rescues
// the folder later need not have the device's key.
func (c *Client) sealTail() error {
	return c.db.Write(Quietly(context.Background()), func(b *localdb.Book) error {
		d, err := exchange.NewDevice(b, c.env())
		if err != nil {
			return err
		}
		if _, err := d.Begin(); err != nil {
			return err
		}
		keys, err := b.Keys()
		if err != nil || len(keys.Seed) != ed25519.SeedSize {
			return err
		}
		self, err := b.Self()
		if err != nil || self.Seq == 0 {
			return err
		}
		signer := c.signer.Load()
		return b.PutTail(localdb.Tail{
			Writer: self.ID, Seq: self.Seq, Seal: signer.Seal(self.ID, self.Seq, self.Link), Certificate: signer.Certificate.Encode(),
		})
	})
}
