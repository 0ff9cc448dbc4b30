package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func wipeCommand() command {
	return command{
		name: "wipe", line: "destroy the folder's keys and records, for everybody",
		long: `Says first how many changes the office does not have, and then does nothing until it
is called with --destroy. The keys go first: from then on nobody can read the folder, the
office neither. No passphrase is needed. Broken off at any moment, the next command brings
it to its end. Destroying records may be an offence where you are: ask the office before.`,
		prepare: func(fs *flag.FlagSet) action {
			destroy := fs.Bool("destroy", false, "yes, also what the office does not have")
			return func(ctx context.Context, c *call, _ []string) error { return c.wipe(ctx, *destroy) }
		},
	}
}

func (c *call) wipe(ctx context.Context, destroy bool) error {
	dir, err := c.folder()
	if err != nil {
		return err
	}
	if _, err := os.Stat(dir); err != nil {
		return fail(clientsync.NotFound, "there are no records in "+dir, "Say where they are with --dir.")
	}
	if c.client, err = c.openLocked(ctx, dir); err != nil {
		return err
	}
	n, err := c.client.Unsent(ctx)
	if err != nil && !destroy {
		return err
	}
	if !destroy {
		return fail(clientsync.Conflicting, fmt.Sprintf("%s would be destroyed that the office does not have; nothing was done", count(n, "change", "changes")),
			"Sync first, or make a bundle for the office. To destroy everything all the same: daylight wipe --destroy")
	}
	if err := c.client.Wipe(ctx); err != nil {
		return err
	}
	if c.json {
		return writeJSON(c.out, map[string]int{"unsent": n})
	}
	fmt.Fprintf(c.out, "The keys and the records are destroyed, with %s that the office did not have.\n", count(n, "change", "changes"))
	return nil
}
