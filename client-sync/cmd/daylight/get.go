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
its conflicts, what it waits for and remarks. Of what is sealed only the size is
printed; saved again, that stands for what is here.

  daylight get 8f3a1b2c > finding.json
  daylight save finding --file finding.json`,
		prepare: func(*flag.FlagSet) action { return get },
	}
}

func get(ctx context.Context, c *call, args []string) error {
	if _, err := c.open(ctx); err != nil {
		return err
	}
	item, err := c.find(ctx, 0, args[0])
	if err != nil {
		return err
	}
	if c.json {
		return writeJSON(c.out, c.itemJSON(item))
	}
	for _, m := range marks(item) {
		if m != "unsent" {
			fmt.Fprintf(c.err, "%v %s: %s\n", item.Kind, short(item.ID), markMeans[m])
		}
	}
	return writeJSON(c.out, messageJSON(item.Message))
}

// marks are the words beside a record that does not stand like most of them.
func marks(item clientsync.Item) (out []string) {
	for _, m := range []struct {
		word string
		set  bool
	}{
		{"removed", item.Removed},
		{"incomplete", item.Incomplete},
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
	"conflict":   `two people wrote the same field; "daylight conflicts" shows both texts`,
	"waiting":    "it refers to a record that is not on this device yet",
	"unsent":     "the office does not have all of it yet",
	"passing":    `a team-mate's change to it is not yet at the office; "daylight history" says whose`,
}
