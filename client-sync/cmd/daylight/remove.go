package main

import (
	"context"
	"flag"
	"fmt"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func removeCommand() command {
	return command{
		name: "remove", args: "ID", least: 1, most: 1,
		line: "remove a record, or bring it back with --undo",
		long: `A removed record is out of the lists and stays readable: nothing is erased. When
somebody else wrote to it meanwhile, it stays in the lists with a conflict.
Prints the id.`,
		prepare: func(fs *flag.FlagSet) action {
			undo := fs.Bool("undo", false, "bring a removed record back")
			return func(ctx context.Context, c *call, args []string) error {
				return remove(ctx, c, args[0], *undo)
			}
		},
	}
}

func remove(ctx context.Context, c *call, id string, undo bool) error {
	client, err := c.open(ctx)
	if err != nil {
		return err
	}
	item, err := c.find(ctx, 0, id)
	if err != nil {
		return err
	}
	m := item.Message
	switch {
	case !undo && item.Removed:
		fmt.Fprintf(c.err, "%v %s was already removed.\n", item.Kind, short(item.ID))
	case !undo:
		err = client.Remove(ctx, m)
	case m.GetRemoved() == nil:
		fmt.Fprintf(c.err, "%v %s is not removed.\n", item.Kind, short(item.ID))
	default:
		clearField(m, "removed")
		err = client.Save(ctx, m)
	}
	if err != nil {
		return c.stale(err)
	}
	return c.answerItem(ctx, item.Kind, item.ID, item.ID)
}

func clearField(m clientsync.Message, name string) {
	r := m.ProtoReflect()
	r.Clear(fieldNamed(r.Descriptor(), name))
}

// answerItem prints a line, or with --json the record as it is now.
func (c *call) answerItem(ctx context.Context, kind clientsync.Kind, id, line string) error {
	if !c.json {
		fmt.Fprintln(c.out, line)
		return nil
	}
	item, err := c.client.Get(ctx, kind, id)
	if err != nil {
		return err
	}
	return writeJSON(c.out, c.itemJSON(item))
}
