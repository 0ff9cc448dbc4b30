package clientsync

import (
	"context"
	"fmt"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/rpcerr"
)

// What Remember takes.
const (
	// MaxRemembered bounds one value, in bytes.
	MaxRemembered = 16 << 10
	// MaxRememberedNames bounds how many there are.
	MaxRememberedNames = 64
)

// Remember keeps something small for the app under a name, in the place of what was there:
// on which page a person was, which language they read. It is sealed as everything in the
// folder, is no record, never leaves the device, and goes with Travel and Wipe. A value
// without bytes is forgotten.
func (c *Client) Remember(ctx context.Context, name string, value []byte) error {
	if len(name) == 0 || len(name) > 64 || len(value) > MaxRemembered {
		return rpcerr.E(TooLarge, fmt.Sprintf("the app wanted to remember %d bytes; nothing was changed", len(value)),
			fmt.Sprintf("Up to %d bytes can be, under a name of 1 to 64 bytes.", MaxRemembered), nil)
	}
	return explainDisk(c.db.Write(ctx, func(b *localdb.Book) error {
		all, err := b.App()
		if err != nil {
			return err
		}
		if len(value) == 0 {
			delete(all, name)
		} else {
			all[name] = value
		}
		if len(all) > MaxRememberedNames {
			return rpcerr.E(TooLarge, fmt.Sprintf("the app remembers %d things already; nothing was changed", MaxRememberedNames), "Forget one.", nil)
		}
		return b.PutApp(all)
	}))
}

// Remembered gives what Remember keeps under a name, nil for nothing.
func (c *Client) Remembered(ctx context.Context, name string) (value []byte, err error) {
	err = c.db.Read(Quietly(ctx), func(b *localdb.Book) error {
		all, err := b.App()
		value = all[name]
		return err
	})
	return value, explainDisk(err)
}
