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
// backup of the office covers, the keys to sealed notes of these, and who there is at the
// office. Nothing that the office lacks is touched. Syncs bring what is new from then on;
// Return brings everything back.
func (c *Client) Travel(ctx context.Context) (out Travelled, err error) {
	ctx, done, ok := c.turn.try(ctx)
	if !ok {
		return out, errBusy
	}
	defer done()
	err = c.write(ctx, func(b *localdb.Book, d *exchange.Device) error {
		given, err := givenKeys(b)
		if err != nil {
			return err
		}
		gone, err := d.Depart()
		if err != nil {
			return err
		}
		out = Travelled{Records: gone.Records, Changes: gone.Changes, Kept: gone.KeptChanges}
		if err := dropGone(b, given); err != nil {
			return err
		}
		if err := b.PutDirectory(0, nil); err != nil {
			return err
		}
		if err := b.DropMates(); err != nil {
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
	return explainDisk(c.write(ctx, func(_ *localdb.Book, d *exchange.Device) error { return d.Return() }))
}

// givenKeys are the sealers whose private half somebody else has as well.
func givenKeys(b *localdb.Book) (out []localdb.Sealer, err error) {
	all, err := b.Sealers(nil)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		if s.Held() && s.Given {
			out = append(out, s)
		}
	}
	return out, nil
}

// dropGone drops private halves whose records are no longer here.
func dropGone(b *localdb.Book, given []localdb.Sealer) error {
	for _, s := range given {
		here, err := b.Has(s.Key)
		if err != nil {
			return err
		}
		if here {
			continue
		}
		s.Secret = ""
		if err := b.PutSealer(s); err != nil {
			return err
		}
	}
	return nil
}
