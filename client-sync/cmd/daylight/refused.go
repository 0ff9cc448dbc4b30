package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func refusedCommand() command {
	return command{
		name: "refused", line: "show what the office did not accept, and put it away",
		long: `What the office does not accept stays here with the reason and all that was written,
until you put it away with --dismiss. To send it once more, write it again: save it over
the record as it is now. Exit code 3 when there is any.`,
		prepare: func(fs *flag.FlagSet) action {
			number := fs.Uint64("dismiss", 0, "put away number `N`")
			return func(ctx context.Context, c *call, _ []string) error {
				if given(fs)["dismiss"] {
					return c.dismiss(ctx, *number)
				}
				return c.refused(ctx)
			}
		},
	}
}

// refusalJSON is a refusal for scripts.
type refusalJSON struct {
	Number  uint64      `json:"number"`
	Kind    string      `json:"kind"`
	ID      string      `json:"id"`
	Reason  string      `json:"reason"`
	Text    string      `json:"text"`
	Changes []entryJSON `json:"changes"`
}

func (c *call) refused(ctx context.Context) error {
	client, err := c.open(ctx)
	if err != nil {
		return err
	}
	all, err := client.Refused(ctx)
	if err != nil {
		return err
	}
	if c.json {
		err = c.refusedJSON(all)
	}
	switch {
	case err != nil:
		return err
	case len(all) == 0:
		fmt.Fprintln(c.err, "The office has accepted everything that it answered for.")
		return nil
	case !c.json:
		c.showRefused(all)
	}
	return errAttention
}

func (c *call) showRefused(all []clientsync.Refusal) {
	for _, r := range all {
		fmt.Fprintf(c.out, "%d  %v %s: %s (%s)\n", r.Number, r.Kind, short(r.ID), clean(r.Text), clean(r.Reason))
		for _, e := range r.Changes {
			showEntry(c.out, "   ", "", e)
		}
	}
	fmt.Fprintln(c.out, "Put one away with: daylight refused --dismiss N")
}

func (c *call) refusedJSON(all []clientsync.Refusal) error {
	out := []refusalJSON{}
	for _, r := range all {
		out = append(out, refusalJSON{r.Number, r.Kind.String(), r.ID, r.Reason, r.Text, toEntriesJSON(r.Changes)})
	}
	return writeJSON(c.out, out)
}

func (c *call) dismiss(ctx context.Context, number uint64) error {
	client, err := c.open(ctx)
	if err != nil {
		return err
	}
	err = client.Dismiss(ctx, number)
	var ours *clientsync.Error
	if errors.As(err, &ours) && ours.Code == clientsync.NotFound {
		return fail(clientsync.NotFound, fmt.Sprintf("there is no refused change number %d", number), `"daylight refused" shows them with their numbers.`)
	} else if err != nil {
		return err
	}
	if c.json {
		return writeJSON(c.out, map[string]uint64{"dismissed": number})
	}
	fmt.Fprintf(c.out, "Put away number %d.\n", number)
	return nil
}
