package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func peopleCommand() command {
	return command{
		name: "people", line: "list who there is at the office, for a visit's team",
		long: `One line for each person: name, roles, id. The id is that of their element in the team
of a visit: {"team": [{"id": "...", "roles": ["TEAM_ROLE_MONITOR"]}]}. The list comes
with a sync, to those who put people into teams. Below each person are their devices
that take bundles, by label and the first 8 characters of the id.`,
		prepare: func(*flag.FlagSet) action { return people },
	}
}

// personJSON is somebody at the office, for scripts.
type personJSON struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Body  string   `json:"body,omitempty"`
	Roles []string `json:"roles"`
	// Devices are those that take bundles.
	Devices []deviceJSON `json:"devices,omitempty"`
}

type deviceJSON struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

func personOf(p clientsync.Colleague) personJSON {
	out := personJSON{ID: p.ID, Name: p.Name, Body: p.Body, Roles: append([]string{}, p.Roles...)}
	for _, d := range p.Devices {
		out.Devices = append(out.Devices, deviceJSON{d.ID, d.Label})
	}
	return out
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
			out = append(out, personOf(p))
		}
		return writeJSON(c.out, out)
	}
	if len(d.People) == 0 {
		fmt.Fprintln(c.err, "The office has told this device of nobody: sync first; not every role is told.")
		return nil
	}
	return listPeople(c.out, d.People)
}

// listPeople puts each person's devices below them.
func listPeople(to io.Writer, people []clientsync.Colleague) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	for _, p := range people {
		fmt.Fprintf(w, "%s\t%s\t%s\n", clean(p.Name), strings.Join(p.Roles, " "), p.ID)
		for _, d := range p.Devices {
			fmt.Fprintf(w, "  %s\tdevice\t%.8s\n", clean(d.Label), d.ID)
		}
	}
	return w.Flush()
}
