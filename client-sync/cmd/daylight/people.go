package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"
)

func peopleCommand() command {
	return command{
		name: "people", line: "list who there is at the office, for a visit's team",
		long: `One line for each person: name, roles, id. The id is that of their element in the team
of a visit: {"team": [{"id": "...", "roles": ["TEAM_ROLE_MONITOR"]}]}. The list comes
with a sync, to those who put people into teams.`,
		prepare: func(*flag.FlagSet) action { return people },
	}
}

// personJSON is somebody at the office, for scripts.
type personJSON struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Body  string   `json:"body,omitempty"`
	Roles []string `json:"roles"`
}

func people(ctx context.Context, c *call, _ []string) error {
	client, err := c.open(ctx)
	if err != nil {
		return err
	}
	d, err := client.Directory(ctx)
	if err != nil {
		return err
	}
	if c.json {
		out := []personJSON{}
		for _, p := range d.People {
			out = append(out, personJSON{p.ID, p.Name, p.Body, append([]string{}, p.Roles...)})
		}
		return writeJSON(c.out, out)
	}
	if len(d.People) == 0 {
		fmt.Fprintln(c.err, "The office has told this device of nobody: sync first; not every role is told.")
		return nil
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, p := range d.People {
		fmt.Fprintf(w, "%s\t%s\t%s\n", clean(p.Name), strings.Join(p.Roles, " "), p.ID)
	}
	return w.Flush()
}
