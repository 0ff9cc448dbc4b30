package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func duplicatesCommand() command {
	return command{
		name: "duplicates", args: "[KIND | ID]", most: 1,
		line: "show places and visits that may be there twice",
		long: `Two people without a network make the same place, or the same visit, twice. This shows
which records may be one, the surest first, with a score of 60 to 100 and the reasons.
Names are compared across Russian, Ukrainian, Turkmen and Latin letters; a number that
differs makes two places. KIND is facility or visit, else both; with ID only what may be
the same as that record. With KIND and --file, what may be the same as the record in
FILE, which need not be saved. It changes nothing: look at both, then "daylight merge".

Records that were merged crosswise by two people stand for themselves, and are shown
below: undo one of the two with "daylight unmerge". Exit code 3 when there are any.`,
		prepare: func(fs *flag.FlagSet) action {
			file := fs.String("file", "", "read a record of KIND as JSON from `FILE`; - is standard input")
			return func(ctx context.Context, c *call, args []string) error { return c.duplicates(ctx, args, *file) }
		},
	}
}

// twice is two records that may be one, for scripts; First is left out for a record that
// is not saved.
type twice struct {
	Score   int       `json:"score"`
	Reasons []string  `json:"reasons"`
	First   *itemJSON `json:"first,omitempty"`
	Second  itemJSON  `json:"second"`

	first, second clientsync.Item
}

// madeTwice are the kinds of which people make one record twice.
var madeTwice = []clientsync.Kind{clientsync.KindFacility, clientsync.KindVisit}

func (c *call) duplicates(ctx context.Context, args []string, file string) error {
	kinds := madeTwice
	kind, named := clientsync.Kind(0), false
	if len(args) > 0 {
		if kind, named = kindNamed(args[0]); named {
			kinds = []clientsync.Kind{kind}
		}
	}
	if file != "" && !named {
		return wrongUse("duplicates: of which kind the record in --file is, is missing", "Use: daylight duplicates KIND --file FILE")
	}
	if file != "" {
		return c.duplicatesIn(ctx, kind, file)
	}
	if _, err := c.open(ctx); err != nil {
		return err
	}
	if len(args) > 0 && !named {
		item, err := c.find(ctx, 0, args[0])
		if err != nil {
			return err
		}
		return c.duplicatesOf(ctx, item, item.Message)
	}
	var all []twice
	for _, k := range kinds {
		pairs, err := c.client.Duplicates(ctx, k)
		if err != nil {
			return err
		}
		for _, p := range pairs {
			all = append(all, twice{Score: p.Score, Reasons: p.Reasons, first: p.First, second: p.Second})
		}
	}
	return c.showTwice(ctx, all, kinds)
}

// duplicatesIn looks for what may be the same as a record that is not saved.
func (c *call) duplicatesIn(ctx context.Context, kind clientsync.Kind, file string) error {
	text, err := c.input(ctx, file)
	if err != nil {
		return err
	}
	drafts, array, err := readDrafts(kind, text)
	if err != nil {
		return err
	}
	if array {
		return wrongUse("duplicates: --file holds more than one record", "Give one.")
	}
	if _, err := c.open(ctx); err != nil {
		return err
	}
	return c.duplicatesOf(ctx, clientsync.Item{}, drafts[0].message)
}

func (c *call) duplicatesOf(ctx context.Context, item clientsync.Item, m clientsync.Message) error {
	found, err := c.client.DuplicatesOf(ctx, m)
	if err != nil {
		return err
	}
	var all []twice
	for _, f := range found {
		all = append(all, twice{Score: f.Score, Reasons: f.Reasons, first: item, second: f.Item})
	}
	return c.showTwice(ctx, all, nil)
}

// showTwice answers with the pairs, and with what stands in a circle among the kinds.
func (c *call) showTwice(ctx context.Context, all []twice, kinds []clientsync.Kind) error {
	circles, err := c.circles(ctx, kinds)
	if err != nil {
		return err
	}
	if c.json {
		return c.twiceJSON(all, circles)
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for i, t := range all {
		if i == 0 {
			fmt.Fprintln(table, "SCORE\tKIND\tFIRST\tTITLE\tSECOND\tTITLE\tREASONS")
		}
		first, title := "-", "(what was given)"
		if t.first.ID != "" {
			first, title = short(t.first.ID), dash(titleOf(t.first.Message))
		}
		fmt.Fprintf(table, "%d\t%v\t%s\t%s\t%s\t%s\t%s\n", t.Score, t.second.Kind, first, title,
			short(t.second.ID), dash(titleOf(t.second.Message)), strings.Join(t.Reasons, ","))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, item := range circles {
		fmt.Fprintf(c.err, "%v %s  %s: %s\n", item.Kind, short(item.ID), titleOf(item.Message), markMeans["circular"])
	}
	if len(all)+len(circles) == 0 {
		fmt.Fprintln(c.err, "Nothing here looks like it is there twice.")
		return nil
	}
	return errAttention
}

// circles are the records that were merged crosswise.
func (c *call) circles(ctx context.Context, kinds []clientsync.Kind) (out []clientsync.Item, err error) {
	for _, k := range kinds {
		for item, err := range c.client.List(ctx, clientsync.Filter{Kind: k}) {
			if err != nil {
				return nil, err
			}
			if item.Circular {
				out = append(out, item)
			}
		}
	}
	return out, nil
}

func (c *call) twiceJSON(all []twice, circles []clientsync.Item) error {
	out := struct {
		Pairs    []twice    `json:"pairs"`
		Circular []itemJSON `json:"circular"`
	}{[]twice{}, []itemJSON{}}
	for _, t := range all {
		if t.first.ID != "" {
			first := c.itemJSON(t.first)
			t.First = &first
		}
		t.Second = c.itemJSON(t.second)
		out.Pairs = append(out.Pairs, t)
	}
	for _, item := range circles {
		out.Circular = append(out.Circular, c.itemJSON(item))
	}
	if err := writeJSON(c.out, out); err != nil || len(all)+len(circles) == 0 {
		return err
	}
	return errAttention
}
