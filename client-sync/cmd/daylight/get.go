package main

import (
	"context"
	"flag"
	"fmt"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func getCommand() command {
	return command{
		name: "get", args: "ID", least: 1, most: 1,
		line: "print one record as JSON",
		long: `ID is the whole id, or its beginning or end where only one record has it, as the
tables show. The JSON holds the token "seen": change what it holds, and save it.
With --json the record comes with how it stands: sent, passing, removed, incomplete,
its conflicts, what it waits for and remarks.

What is sealed stands under "content" where this device can open it. Where it cannot,
its size is printed, and saved again, that stands for what is here; standard error says
why, and who can read it. With --json all values of it, and readers, are lists.

  daylight get 8f3a1b2c > finding.json
  daylight save finding --file finding.json

--export writes what is sealed into a folder, as it is, with its keys: the office's
recovery key and the age program open it. It needs nothing that this device can open.`,
		prepare: func(fs *flag.FlagSet) action {
			dir := fs.String("export", "", "write what is sealed into the folder `DIR`, which is made if need be")
			return func(ctx context.Context, c *call, args []string) error { return c.get(ctx, args[0], *dir) }
		},
	}
}

func (c *call) get(ctx context.Context, id, export string) error {
	if _, err := c.open(ctx); err != nil {
		return err
	}
	item, err := c.find(ctx, 0, id)
	if err != nil {
		return err
	}
	if export != "" {
		return c.export(ctx, item, export)
	}
	o, err := c.opened(ctx, item)
	switch {
	case err != nil:
		return err
	case c.json && clientsync.Sealed(item.Kind):
		return writeJSON(c.out, c.openedJSON(item, o))
	case c.json:
		return writeJSON(c.out, c.itemJSON(item))
	}
	c.showStanding(item, o)
	return writeJSON(c.out, o.messageJSON(item.Message))
}

// showStanding says beside a record how it stands.
func (c *call) showStanding(item clientsync.Item, o opened) {
	which := fmt.Sprintf("%v %s: ", item.Kind, short(item.ID))
	for _, m := range marks(item) {
		if m != "unsent" {
			fmt.Fprintln(c.err, which+markMeans[m])
		}
	}
	for _, problem := range o.problems() {
		fmt.Fprintln(c.err, which+problem)
	}
	if len(o.values) > 0 {
		fmt.Fprintf(c.err, "Can be read by: %s\n", o.canRead())
	}
}

// marks are the words beside a record that does not stand like most of them.
func marks(item clientsync.Item) (out []string) {
	for _, m := range []struct {
		word string
		set  bool
	}{
		{"removed", item.Removed},
		{"incomplete", item.Incomplete},
		{"merged", item.JoinedTo != ""},
		{"circular", item.Circular},
		{"conflict", len(item.Conflicts) > 0},
		{"waiting", len(item.Waiting) > 0},
		{"unsent", !item.Sent},
		{"passing", item.Passing},
	} {
		if m.set {
			out = append(out, m.word)
		}
	}
	return out
}

// markMeans explains the marks.
var markMeans = map[string]string{
	"removed":    "this record was removed",
	"incomplete": "only a part of this record has come yet; the next sync may bring the rest",
	"merged":     `it was merged into another record, under which it is shown; "daylight unmerge" undoes that`,
	"circular":   `it was merged into a record that was merged into it; "daylight unmerge" one of the two`,
	"conflict":   `two people wrote the same field; "daylight conflicts" shows both texts`,
	"waiting":    "it refers to a record that is not on this device yet",
	"unsent":     "the office does not have all of it yet",
	"passing":    `a team-mate's change to it is not yet at the office; "daylight history" says whose`,
}
