package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"net/http"
	"slices"
	"strings"

	"connectrpc.com/connect"

	"github.com/daylight-npm/daylight/server"
)

// twice are the kinds of which people make one record twice.
var twice = []string{"facility", "visit"}

// duplicates lists what may be there twice. The operator is shown no record: the ids are
// for whoever may look at them.
func duplicates(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	kind := flags.String("kind", "", "only `facility` or visit")
	return c.onDirectory(ctx, flags, 0, func(o operator, _ []string) error {
		kinds := twice
		if *kind != "" {
			kinds = []string{*kind}
		}
		if !slices.Contains(twice, kinds[0]) {
			return misused("duplicates are looked for among places and visits", "Say --kind facility, or --kind visit.")
		}
		all := map[string]server.Duplicates{}
		n := 0
		for _, k := range kinds {
			var d server.Duplicates
			if err := o.ask(ctx, server.DuplicatesPath, server.DuplicatesAsked{Kind: k}, &d); err != nil {
				return err
			}
			all[k] = d
			n += len(d.Pairs) + len(d.Circular)
			c.showDuplicates(k, d)
		}
		if c.json {
			c.print(all)
		}
		if n == 0 {
			c.say("Nothing looks like it is there twice.")
			return nil
		}
		return problems(numbered(n, "thing is", "things are")+" for a person to look at", "Nothing was changed. daylightd merge LOSER WINNER joins two.")
	})
}

func (c *call) showDuplicates(kind string, d server.Duplicates) {
	for _, p := range d.Pairs {
		c.say("%3d  %-8s  %s  %s  %s", p.Score, kind, p.First, p.Second, strings.Join(p.Reasons, ","))
	}
	for _, id := range d.Circular {
		c.say("     %-8s  %s was merged into a record that was merged into it: undo one of the two", kind, id)
	}
}

func merge(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	var order server.MergeAsked
	carry := flags.String("carry", "", "take over `all` that the loser says and the winner does not, or these fields and elements, with commas")
	flags.BoolVar(&order.Try, "dry-run", false, "say what could be taken over, and change nothing")
	return c.onDirectory(ctx, flags, 2, func(o operator, rest []string) error {
		if len(rest) < 2 {
			return misused("say which record is to be merged, and into which one", c.how())
		}
		order.Loser, order.Winner = rest[0], rest[1]
		for name := range strings.SplitSeq(*carry, ",") {
			if name = strings.TrimSpace(name); name != "" {
				order.Carry = append(order.Carry, name)
			}
		}
		var done server.MergeDone
		if err := o.ask(ctx, server.MergePath, order, &done); err != nil {
			return err
		}
		if c.json {
			c.print(done)
			return nil
		}
		if order.Try {
			c.say("Nothing was changed. Only the first has: %s.", namesOr(done.Left))
			return nil
		}
		c.say("The %s %s is shown under %s from now on. Taken over: %s. Only the first has: %s.", done.Kind, done.Loser, done.Winner, namesOr(done.Taken), namesOr(done.Left))
		c.say("daylightd unmerge undoes it.")
		return nil
	})
}

func namesOr(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}

func unmerge(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	return c.onDirectory(ctx, flags, 1, func(o operator, rest []string) error {
		if len(rest) == 0 {
			return misused("say which record's merge is to be undone", c.how())
		}
		var done server.MergeDone
		if err := o.ask(ctx, server.MergePath, server.MergeAsked{Loser: rest[0], Undo: true}, &done); err != nil {
			return err
		}
		if c.json {
			c.print(done)
			return nil
		}
		c.say("The %s %s stands for itself again.", done.Kind, done.Loser)
		if len(done.Shared) > 0 {
			c.say("Both say alike, in %s as well: %s.", done.Winner, strings.Join(done.Shared, ", "))
		}
		return nil
	})
}

// ask posts a question in JSON, and reads the answer.
func (o operator) ask(ctx context.Context, path string, question, answer any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return err
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, localURL+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	q.Header.Set("Content-Type", "application/json")
	r, err := o.http.Do(q)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return connect.NewError(connect.CodeUnavailable, err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		return refusal(r.Body)
	}
	return json.NewDecoder(r.Body).Decode(answer)
}
