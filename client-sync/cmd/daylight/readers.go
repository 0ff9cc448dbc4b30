package main

import (
	"context"
	"flag"
	"fmt"
	"text/tabwriter"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func readersCommand() command {
	return command{
		name: "readers", args: "[rewrap]", most: 1,
		line: "say who may read what is sealed",
		long: `Shows the list of readers that the office's root key has signed, as it came with a sync:
for each compartment the people and devices that may open it. Besides them the office's
recovery key opens everything, and the device that wrote, until the visit is handed in.
Then six words of the root key: they are to be the same as at the desk that signs.

rewrap gives the keys that this device can use to readers who lack them. A sync that
brings a list does so by itself.`,
		prepare: func(*flag.FlagSet) action { return readers },
	}
}

func readers(ctx context.Context, c *call, args []string) error {
	if len(args) > 0 && args[0] != "rewrap" {
		return wrongUse("readers: there is no "+quoted(args[0]), didYouMean("daylight readers ", args[0], []string{"rewrap"}, "Use: daylight readers [rewrap]"))
	}
	client, err := c.open(ctx)
	if err != nil {
		return err
	}
	if len(args) > 0 {
		return c.rewrap(ctx)
	}
	list, err := client.Readers(ctx)
	if err != nil {
		return err
	}
	if c.json {
		return writeJSON(c.out, toListJSON(list))
	}
	return c.showReaders(list)
}

func (c *call) rewrap(ctx context.Context) error {
	n, err := c.client.Rewrap(ctx)
	switch {
	case err != nil:
		return err
	case c.json:
		return writeJSON(c.out, map[string]int{"added": n})
	case n == 0:
		fmt.Fprintln(c.out, "No reader lacks a key that this device could give.")
		return nil
	}
	fmt.Fprintf(c.out, "Wrapped %s for readers who lacked them. The next sync sends that.\n", count(n, "key", "keys"))
	return nil
}

// listJSON is a list of readers for scripts.
type listJSON struct {
	Version   uint64           `json:"version"`
	Office    string           `json:"office"`
	Issued    string           `json:"issued"`
	RootWords string           `json:"root_words"`
	Readers   []listReaderJSON `json:"readers"`
}

type listReaderJSON struct {
	Compartment string `json:"compartment"`
	Name        string `json:"name"`
	Device      string `json:"device"`
	Own         bool   `json:"own"`
}

func toListJSON(l clientsync.ReaderList) listJSON {
	out := listJSON{l.Version, l.Office, stamp(l.Issued), l.RootWords, []listReaderJSON{}}
	for _, r := range l.Readers {
		out.Readers = append(out.Readers, listReaderJSON{r.Compartment, r.Name, r.Device, r.Own})
	}
	return out
}

// compartments are all that there are, by the kind that each seals.
var compartments = []string{"identity", "interview", "medical", "reprisal"}

func (c *call) showReaders(l clientsync.ReaderList) error {
	if l.Version == 0 {
		fmt.Fprintln(c.out, "No list of readers has come yet. Until then the office's recovery key opens what is sealed\nhere, and this device, until the visit is handed in.")
	} else {
		fmt.Fprintf(c.out, "List %d of %s, written %s\n\n", l.Version, clean(l.Office), clock(l.Issued))
		t := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		for _, name := range compartments {
			rows := 0
			for _, r := range l.Readers {
				if r.Compartment == name {
					rows++
					own := ""
					if r.Own {
						own = " (this device)"
					}
					fmt.Fprintf(t, "%s\t%s%s\t%.8s\n", name, clean(r.Name), own, r.Device)
				}
			}
			if rows == 0 {
				fmt.Fprintf(t, "%s\tnobody\t-\n", name)
			}
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	if l.RootWords == "" {
		fmt.Fprintln(c.out, "\nThis device knows no root key of an office, so it believes no list.")
		return nil
	}
	fmt.Fprintf(c.out, "\nThe office's root key: %s\nCompare these words with those that \"daylight office words\" shows where lists are signed:\nif they are not the same, somebody stands in between; seal nothing more, and tell the office.\n", l.RootWords)
	return nil
}
