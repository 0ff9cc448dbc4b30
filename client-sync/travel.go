package clientsync

import (
	"context"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/exchange"
)

// Travelled says what a device has put away before a border.
type Travelled struct {
	// Records and Changes that are no longer here.
	Records, Changes int
	// Kept counts own changes that stay, with their records: the office has not answered
	// for them, or has not said that a backup covers them.
	Kept int
}

// Travel puts away what the office has, so that less is here to be seen by whoever makes
// the person unlock: records that nothing written here is needed for, own changes that a
// backup of the office covers, the keys to sealed notes of these, who there is at the
// office, and what the app remembers. Nothing that the office lacks is touched. Syncs bring what is new from then on;
// Return brings everything back.
func (c *Client) Travel(ctx context.Context) (out Travelled, err error) {
	ctx, done, ok := c.turn.try(ctx)
	if !ok {
		return out, errBusy
	}
	defer done()
	err = c.writeSurely(ctx, func(b *localdb.Book, d *exchange.Device) error {
		gone, err := d.Depart()
		if err != nil {
			return err
		}
		out = Travelled{Records: gone.Records, Changes: gone.Changes, Kept: gone.KeptChanges}
		due, err := toDrop(b, func(s localdb.Sealer) (bool, error) {
			here, err := b.Has(s.Key)
			return !here, err
		})
		if err != nil {
			return err
		}
		if err := dropSecrets(b, due); err != nil {
			return err
		}
		if err := b.PutDirectory(0, nil); err != nil {
			return err
		}
		if err := b.DropMates(); err != nil {
			return err
		}
		if err := b.PutApp(nil); err != nil {
			return err
		}
		return unswept(b)
	})
	if err != nil {
		return Travelled{}, explainDisk(err)
	}
	return out, c.sweep(ctx)
}

// Return has the next sync bring everything back that Travel has put away.
func (c *Client) Return(ctx context.Context) error {
	ctx, done, ok := c.turn.try(ctx)
	if !ok {
		return errBusy
	}
	defer done()
	return explainDisk(c.writeSurely(ctx, func(_ *localdb.Book, d *exchange.Device) error { return d.Return() }))
}

// writeSurely is write for what need not move the newest link: when the commit cannot tell
// whether it was applied, nothing shows it, and the error says so.
func (c *Client) writeSurely(ctx context.Context, do func(*localdb.Book, *exchange.Device) error) error {
	err := c.db.Write(ctx, func(b *localdb.Book) error {
		d, err := exchange.NewDevice(b, c.env())
		if err != nil {
			return err
		}
		return do(b, d)
	})
	if err == nil {
		c.watchers.tell()
	}
	return err
}
