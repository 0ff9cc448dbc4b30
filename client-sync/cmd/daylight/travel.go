package main

import (
	"context"
	"flag"
	"fmt"
)

func travelCommand() command {
	return command{
		name: "travel", line: "put away what the office has, before a border",
		long: `Removes from this device the records that nothing written here is needed for, own
changes that a backup of the office covers, the keys to their sealed notes, and who there
is at the office. What the office does not have stays, and is counted. Sync before.
--back has the next sync bring everything back.`,
		prepare: func(fs *flag.FlagSet) action {
			back := fs.Bool("back", false, "bring everything back with the next sync")
			return func(ctx context.Context, c *call, _ []string) error { return c.travel(ctx, *back) }
		},
	}
}

func (c *call) travel(ctx context.Context, back bool) error {
	client, err := c.open(ctx)
	if err != nil {
		return err
	}
	if back {
		if err := client.Return(ctx); err != nil {
			return err
		}
		if c.json {
			return writeJSON(c.out, map[string]bool{"back": true})
		}
		_, err := fmt.Fprintln(c.out, "The next sync brings everything back.")
		return err
	}
	t, err := client.Travel(ctx)
	if err != nil {
		return err
	}
	if c.json {
		return writeJSON(c.out, map[string]int{"records": t.Records, "changes": t.Changes, "kept": t.Kept})
	}
	fmt.Fprintf(c.out, "Put away: %s, %s of this device. ", count(t.Records, "record", "records"), count(t.Changes, "change", "changes"))
	if t.Kept > 0 {
		fmt.Fprintf(c.out, "%s with their records, because the office does not have them or no backup there covers them.\n", count(t.Kept, "change stays", "changes stay"))
		return nil
	}
	fmt.Fprintln(c.out, "Nothing is left here.")
	return nil
}
