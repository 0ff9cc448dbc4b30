package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func checkCommand() command {
	return command{
		name: "check", args: "VISIT", least: 1, most: 1,
		line: "tell what is missing of a visit, in doubt or urgent",
		long: `Looks at a visit and all that hangs on it, as it is here: what is missing before it
is handed in, conflicts among it; what may not wait; what is in doubt or unusual; which
records may not be shown or used, because whoever spoke did not allow it; counts of several
sources side by side; how far its checklists are; and findings that measurements and
answers suggest. Nothing of it stops anything. Exit code 3 when something is missing.`,
		prepare: func(*flag.FlagSet) action { return check },
	}
}

func check(ctx context.Context, c *call, args []string) error {
	if _, err := c.open(ctx); err != nil {
		return err
	}
	id, err := c.named(ctx, clientsync.KindVisit, args[0])
	if err != nil {
		return err
	}
	report, err := c.client.CheckVisit(ctx, id)
	if err != nil {
		return err
	}
	if c.json {
		err = writeJSON(c.out, toCheckedJSON(report))
	} else {
		c.showReport(report)
	}
	if err == nil && len(report.Missing) > 0 {
		return errAttention
	}
	return err
}

func (c *call) showReport(r clientsync.VisitReport) {
	fmt.Fprintf(c.out, "visit %s  %s\n", short(r.Visit), oneLine(r.Title))
	if r.TurnedAway {
		fmt.Fprintln(c.out, "The team was turned away at the gate: the visit counts all the same.")
	}
	if len(r.Missing) == 0 {
		fmt.Fprintln(c.out, "Nothing is missing.")
	}
	c.remarks("Missing", r.Missing)
	c.remarks("Urgent", r.Urgent)
	c.remarks("To look at", r.Remarks)
	section(c, "Not allowed by whoever spoke", r.Withheld, func(g clientsync.Gated) {
		fmt.Fprintf(c.out, "  %v %s  not to %s\n", g.Kind, short(g.ID), strings.Join(usesOf(g), ", "))
	})
	section(c, "Counts", r.Counts, func(row clientsync.CountRow) {
		fmt.Fprintf(c.out, "  %s  %s\n", categoryOf(row), strings.Join(countsOf(row), ", "))
	})
	section(c, "Occupancy", r.Occupancy, func(o clientsync.OccupancyRow) {
		fmt.Fprintf(c.out, "  %d on %d %s places  %.0f %%\n", o.Count.Persons, o.Places, wordOf(o.Capacity), o.Ratio*100)
	})
	section(c, "Checklists", r.Checklists, c.checklistLine)
	section(c, "Suggested findings", r.Suggestions, func(s clientsync.Suggestion) {
		fmt.Fprintf(c.out, "  measurement %s  %s: %s\n", short(s.Measurement), s.Finding.GetTopic(), s.Text)
	})
}

func (c *call) checklistLine(r clientsync.ChecklistReport) {
	far := farOf(r.Progress.All)
	if r.Problem != nil {
		far = clean(r.Problem.Error())
	}
	fmt.Fprintf(c.out, "  response %s  %s: %s\n", short(r.Response), clean(r.Code), far)
	for _, o := range r.Suggested {
		fmt.Fprintf(c.out, "    suggests a finding: %s %s, %s: %s\n", clean(o.Key.String()), clean(o.Finding.GetTopic()), oneLine(o.Question.Text), oneLine(o.Answer))
	}
}

// section writes a heading with a number and a line for each, or nothing for none.
func section[T any](c *call, head string, all []T, line func(T)) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(c.out, "%s (%d):\n", head, len(all))
	for _, x := range all {
		line(x)
	}
}

func (c *call) remarks(head string, all []clientsync.Remark) {
	section(c, head, all, func(r clientsync.Remark) {
		where := r.Field
		if r.Key != "" {
			where += " " + clean(r.Key)
		}
		fmt.Fprintf(c.out, "  %v %s  %s: %s\n", r.Kind, short(r.ID), where, clean(r.Text))
	})
}

// usesOf are the uses that are closed, each once.
func usesOf(g clientsync.Gated) (out []string) {
	for _, use := range clientsync.Uses() {
		for _, x := range g.Closed {
			if x.Use == use {
				out = append(out, use.String())
				break
			}
		}
	}
	return out
}

func categoryOf(row clientsync.CountRow) string {
	category := dash(clean(row.Category))
	if row.Sex != 0 {
		category += " " + wordOf(row.Sex)
	}
	return category
}

func countsOf(row clientsync.CountRow) (out []string) {
	for _, n := range row.Counts {
		out = append(out, fmt.Sprintf("%d (%s %v%s)", n.Persons, wordOf(n.Source), n.Of, after(n.AsOf)))
	}
	if row.Differ {
		out = append(out, fmt.Sprintf("%d apart", row.Most-row.Least))
	}
	return out
}

func after(when string) string {
	if when == "" {
		return ""
	}
	return ", " + clean(when)
}
