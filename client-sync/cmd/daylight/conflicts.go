package main

import (
	"context"
	"flag"
	"fmt"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func conflictsCommand() command {
	return command{
		name: "conflicts", args: "[ID]", most: 1,
		line: "show what two people wrote in the same place",
		long: `Shows every conflict, or those of one record: all values with who wrote them and
when, by the clock of that device. The first is the one that is shown everywhere until
somebody settles it. Nothing is lost meanwhile. Of what is sealed, the content is shown
that this device can open, and the size of the rest. Exit code 3 when there are any.`,
		prepare: func(*flag.FlagSet) action { return conflicts },
	}
}

func conflicts(ctx context.Context, c *call, args []string) error {
	if _, err := c.open(ctx); err != nil {
		return err
	}
	items, err := c.conflicting(ctx, args)
	if err != nil {
		return err
	}
	out := []itemJSON{}
	for _, item := range items {
		o, err := c.opened(ctx, item)
		if err != nil {
			return err
		}
		if !c.json {
			c.showConflicts(item, o)
			continue
		}
		out = append(out, c.itemJSON(item))
		o.addTo(out[len(out)-1].Conflicts)
	}
	if c.json {
		if err := writeJSON(c.out, out); err != nil {
			return err
		}
	}
	if len(items) == 0 {
		fmt.Fprintln(c.err, "There are no conflicts.")
		return nil
	}
	return errAttention
}

// conflicting gives the records to show: those with a conflict.
func (c *call) conflicting(ctx context.Context, args []string) (items []clientsync.Item, err error) {
	if len(args) > 0 {
		item, err := c.find(ctx, 0, args[0])
		if err != nil || len(item.Conflicts) == 0 {
			return nil, err
		}
		return []clientsync.Item{item}, nil
	}
	for item, err := range c.client.Conflicts(ctx) {
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

func (c *call) showConflicts(item clientsync.Item, o opened) {
	fmt.Fprintf(c.out, "%v %s  %s\n", item.Kind, short(item.ID), titleOf(item.Message))
	for _, conflict := range item.Conflicts {
		where := conflict.Field
		if conflict.Key != "" {
			where += " " + clean(conflict.Key)
		}
		fmt.Fprintf(c.out, "  %s\n", where)
		for i, v := range conflict.Values {
			fmt.Fprintf(c.out, "    %d  %s%s\n", i+1, author(v), shown(i))
			text := valueWords(conflict.Field, v.JSON)
			if content := o.values[i+1].Content; ofSealed(conflict) && content != nil {
				text = contentWords(content)
			}
			fmt.Fprint(c.out, indented("       ", text))
		}
		fmt.Fprintf(c.out, "    Settle it: daylight resolve %s %s --take N\n", short(item.ID), where)
	}
}

func shown(i int) string {
	if i == 0 {
		return ", shown until this is settled"
	}
	return ""
}

// valueWords is the value in words; a removal is not shown as its version vector.
func valueWords(field, value string) string {
	switch {
	case field == "removed" && value == "":
		return "(keep the record)"
	case field == "removed":
		return "(remove the record)"
	}
	return words(value)
}

// author says who wrote a value and when, by which clock, and whether the office has it.
func author(v clientsync.Value) string {
	who := "device " + short(v.Writer)
	if v.Own {
		who = "this device"
	} else if v.Person != "" || v.Device != "" {
		who = nameOf(v.Person, v.Device)
	}
	when := clock(v.Written)
	if v.ClockSuspect {
		when += " by its clock, which is in doubt"
	}
	if v.Pending {
		when += ", not yet at the office"
	}
	return who + ", " + when
}

// nameOf says who writes on what, as far as it is known: "Monitor A (tablet 3)".
func nameOf(person, device string) string {
	switch {
	case person == "":
		return clean(device)
	case device == "":
		return clean(person)
	}
	return clean(person + " (" + device + ")")
}
