package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func mergeCommand() command {
	return command{
		name: "merge", args: "LOSER WINNER", least: 2, most: 2,
		line: "say that a record is the same as another one",
		long: `LOSER is shown under WINNER from then on: lists leave it out, and what belongs to it is
listed with what belongs to WINNER. Both keep what they say, and their history; whoever
writes in one of them meanwhile loses nothing. "daylight unmerge LOSER" undoes it.

What LOSER says and WINNER does not is printed. --carry takes it over into WINNER, all of
it or the fields and elements that are named, in the same change; nothing that WINNER
says is replaced. Another name of a place goes among its former names. Look first with
--dry-run, which changes nothing.

  daylight merge 8f3a1b2c 0c5d7e9f --dry-run
  daylight merge 8f3a1b2c 0c5d7e9f --carry 'code,names[ru]'`,
		prepare: func(fs *flag.FlagSet) action {
			carry := fs.String("carry", "", "take over `all`, or these fields and elements, with commas")
			dry := fs.Bool("dry-run", false, "say what could be taken over, and change nothing")
			return func(ctx context.Context, c *call, args []string) error {
				return c.merge(ctx, args[0], args[1], wanted(*carry), *dry)
			}
		},
	}
}

// wanted are the names after --carry.
func wanted(carry string) (out []string) {
	for name := range strings.SplitSeq(carry, ",") {
		if name = strings.TrimSpace(name); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// wants: a field's name stands for all its elements.
func wants(names []string, v clientsync.Carried) bool {
	return slices.ContainsFunc(names, v.Named)
}

func (c *call) merge(ctx context.Context, loser, winner string, carry []string, dry bool) error {
	if _, err := c.open(ctx); err != nil {
		return err
	}
	from, err := c.find(ctx, 0, loser)
	if err != nil {
		return err
	}
	into, err := c.find(ctx, 0, winner)
	if err != nil {
		return err
	}
	if from.Kind != into.Kind {
		return fail(clientsync.Invalid, fmt.Sprintf("%s is a %v and %s is a %v; nothing was changed", quoted(loser), from.Kind, quoted(winner), into.Kind),
			"Give two records of one kind.")
	}
	could, err := c.client.Carry(ctx, from.Kind, from.ID, into.ID)
	if err != nil {
		return err
	}
	for _, name := range carry {
		if name != "all" && !slices.ContainsFunc(could, func(v clientsync.Carried) bool { return v.Named(name) }) {
			return fail(clientsync.Invalid, quoted(name)+" is nothing that could be taken over; nothing was changed", "What can be is: "+carriedWords(could)+".")
		}
	}
	if dry {
		return c.couldMerge(could)
	}
	done, err := c.client.Merge(ctx, from.Kind, from.ID, into.ID, func(v clientsync.Carried) bool { return wants(carry, v) })
	if err != nil {
		return c.stale(err)
	}
	return c.merged(done)
}

// carriedWords names values for a person.
func carriedWords(all []clientsync.Carried) string {
	var names []string
	for _, v := range all {
		names = append(names, clean(v.String()))
	}
	if len(names) == 0 {
		return "nothing"
	}
	return listed(names)
}

// carriedJSON names values for scripts, as --carry takes them.
func carriedJSON(all []clientsync.Carried) []string {
	out := []string{}
	for _, v := range all {
		out = append(out, v.String())
	}
	return out
}

func (c *call) couldMerge(could []clientsync.Carried) error {
	if c.json {
		return writeJSON(c.out, map[string]any{"dry_run": true, "left": carriedJSON(could)})
	}
	for _, v := range could {
		fmt.Fprintln(c.out, clean(v.String()))
	}
	fmt.Fprintln(c.err, "Nothing was changed. Only the first record has: "+carriedWords(could)+".")
	return nil
}

func (c *call) merged(done clientsync.Merged) error {
	if c.json {
		return writeJSON(c.out, map[string]any{"loser": c.itemJSON(done.Loser), "winner": c.itemJSON(done.Winner),
			"taken": carriedJSON(done.Taken), "left": carriedJSON(done.Left), "flags": flagsJSON(done.Flags)})
	}
	fmt.Fprintln(c.out, done.Winner.ID)
	if len(done.Taken) > 0 {
		fmt.Fprintln(c.err, "Taken over: "+carriedWords(done.Taken)+".")
	}
	if len(done.Left) > 0 {
		fmt.Fprintln(c.err, "Only the merged record has: "+carriedWords(done.Left)+". It stays readable there.")
	}
	c.flags(done.Flags)
	fmt.Fprintf(c.err, "daylight unmerge %s undoes it.\n", short(done.Loser.ID))
	return nil
}

func (c *call) flags(all []clientsync.Flag) {
	for _, f := range all {
		fmt.Fprintf(c.err, "remark: %s: %s\n", f.Field, clean(f.Text))
	}
}

func flagsJSON(all []clientsync.Flag) []flagJSON {
	out := []flagJSON{}
	for _, f := range all {
		out = append(out, toFlagJSON(f))
	}
	return out
}

func unmergeCommand() command {
	return command{
		name: "unmerge", args: "ID", least: 1, most: 1,
		line: "undo a merge",
		long: `The record stands for itself again: it is listed, with what belongs to it. What was
taken over into the other record stays there; it is among what both say alike, which is
printed, to be cleared there by hand if it does not belong there.`,
		prepare: func(*flag.FlagSet) action {
			return func(ctx context.Context, c *call, args []string) error { return c.unmerge(ctx, args[0]) }
		},
	}
}

func (c *call) unmerge(ctx context.Context, id string) error {
	if _, err := c.open(ctx); err != nil {
		return err
	}
	item, err := c.find(ctx, 0, id)
	if err != nil {
		return err
	}
	done, err := c.client.Unmerge(ctx, item.Kind, item.ID)
	if err != nil {
		return c.stale(err)
	}
	if c.json {
		return writeJSON(c.out, map[string]any{"record": c.itemJSON(done.Record), "shared": carriedJSON(done.Shared), "flags": flagsJSON(done.Flags)})
	}
	fmt.Fprintln(c.out, done.Record.ID)
	if len(done.Shared) > 0 {
		fmt.Fprintf(c.err, "Both say alike, in %s as well: %s.\n", short(done.Winner.ID), carriedWords(done.Shared))
	}
	c.flags(done.Flags)
	return nil
}
