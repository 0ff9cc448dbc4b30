package clientsync

import (
	"context"

	"github.com/daylight-npm/daylight/internal/rpcerr"
)

// Unsent says how many changes of this device the office has not answered for. It can be
// asked while the folder is locked: before Wipe, show it.
func (c *Client) Unsent(ctx context.Context) (int, error) {
	if c.db.isOpen() {
		s, err := c.Status(ctx)
		return s.Unsent, err
	}
	_, done, ok := c.turn.try(ctx)
	if !ok {
		return 0, errBusy
	}
	defer done()
	n, err := c.folder.Unsent(ctx)
	return n, explainDisk(err)
}

// Wipe destroys the keys and then the records, for everybody, the office too, with what
// was not sent: let a person confirm it twice, and say how many changes go (Unsent). It
// needs no passphrase. A sync that runs is cut off. From the moment that the keys are
// gone nobody can read the folder; broken off at any point, the next Open ends it. The
// folder is new afterwards.
func (c *Client) Wipe(ctx context.Context) error {
	cut, cancel := context.WithCancel(ctx)
	cancel()
	done := c.turn.demand(cut)
	defer done()
	c.idle.end()
	db := c.db.shut()
	c.forget()
	if db != nil {
		_ = db.Close() // what it could not close is about to be destroyed
	}
	err := c.folder.Wipe()
	c.watchers.tell()
	if err != nil {
		return rpcerr.E(Internal, "not everything in the folder could be destroyed", "Try again. If it fails again, destroy the device.", err)
	}
	return nil
}
