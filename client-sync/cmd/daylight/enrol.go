package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
)

func enrolCommand() command {
	return command{
		name: "enrol", args: "[CODE]", most: 1,
		line: "make this device one of the office's, with a code",
		long: `Takes the code that the office has made, from the command line or from standard
input: dashes, spaces, and small or capital letters do not matter. Then it shows six
words. The office sees six words too: if they are not the same, somebody stands in
between; do not sync, and tell the office. What was written before goes to the office
with the next sync.`,
		prepare: func(fs *flag.FlagSet) action {
			label := fs.String("label", "", "what this device is, as `\"tablet 3\"`")
			return func(ctx context.Context, c *call, args []string) error { return c.enrol(ctx, *label, args) }
		},
	}
}

// longestCode bounds what is read of a code, in bytes.
const longestCode = 4 << 10

func (c *call) enrol(ctx context.Context, label string, args []string) error {
	code := strings.Join(args, " ")
	if code == "" {
		b, err := io.ReadAll(io.LimitReader(c.in, longestCode))
		if err != nil {
			return fail(0, "the code could not be read", "Give it on the command line.")
		}
		code = string(b)
	}
	if label == "" {
		label = c.device
	}
	if label == "" {
		label = "a computer"
	}
	client, err := c.openOrMake(ctx)
	if err != nil {
		return err
	}
	e, err := client.Enrol(ctx, code, label)
	if err != nil {
		return err
	}
	if c.json {
		return writeJSON(c.out, map[string]any{"office": e.Office, "person": e.Person, "words": e.Words, "waiting": e.Waiting})
	}
	fmt.Fprintf(c.out, "This device is now %s's at %s.\n\n    %s\n\nThe office must see the same six words. If it does not, do not sync: tell the office.\n", e.Person, e.Office, e.Words)
	if e.Waiting {
		fmt.Fprintln(c.out, "A second person there has to approve the device before it may sync.")
	}
	return nil
}
