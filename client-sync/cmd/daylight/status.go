package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func statusCommand() command {
	return command{
		name: "status", line: "say what is sent, what waits and when the last sync was",
		long: `Needs no network. Exit code 3 says that something waits for a person: conflicts, or
changes that the office did not accept.`,
		prepare: func(*flag.FlagSet) action { return status },
	}
}

func status(ctx context.Context, c *call, _ []string) error {
	client, err := c.open(ctx)
	if err != nil {
		return err
	}
	s, err := client.Status(ctx)
	if err != nil {
		return err
	}
	if err := c.showStatus(s); err != nil {
		return err
	}
	if needsAttention(s) {
		return errAttention
	}
	return nil
}

func needsAttention(s clientsync.Status) bool { return s.Conflicts > 0 || s.Refused > 0 }

// statusJSON is how the device stands, for scripts.
type statusJSON struct {
	Unsent        int    `json:"unsent"`
	UnsentRecords int    `json:"unsent_records"`
	UnsentBytes   int64  `json:"unsent_bytes"`
	Passing       int    `json:"passing"`
	PassingFrom   int    `json:"passing_from"`
	Held          int    `json:"held"`
	Refused       int    `json:"refused"`
	Conflicts     int    `json:"conflicts"`
	Records       int    `json:"records"`
	LastSync      string `json:"last_sync"`
	LastTry       string `json:"last_try"`
	Problem       string `json:"problem"`
	Dir           string `json:"dir"`
	Server        string `json:"server"`
	Person        string `json:"person"`
	Device        string `json:"device"`
	Writer        string `json:"writer"`
}

func (c *call) showStatus(s clientsync.Status) error {
	dir, err := c.folder()
	if err != nil {
		return err
	}
	problem, _, _ := strings.Cut(s.Problem, "\n")
	if c.json {
		return writeJSON(c.out, statusJSON{
			s.Unsent, s.UnsentRecords, s.UnsentBytes, s.Passing, s.PassingFrom, s.Held, s.Refused, s.Conflicts, s.Records,
			stamp(s.LastSync), stamp(s.LastTry), problem, dir, s.Server, s.Person, s.Device, s.Writer,
		})
	}
	fmt.Fprintln(c.out, standing(s))
	for _, line := range waits(s) {
		fmt.Fprintln(c.out, line)
	}
	t := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "Last sync\t%s\n", clock(s.LastSync))
	if problem != "" {
		fmt.Fprintf(t, "Last try\t%s: %s\n", clock(s.LastTry), clean(problem))
	}
	fmt.Fprintf(t, "Records\t%d\n", s.Records)
	fmt.Fprintf(t, "Folder\t%s\n", dir)
	fmt.Fprintf(t, "Office\t%s\n", dash(s.Server))
	fmt.Fprintf(t, "Person\t%s\n", dash(clean(s.Person)))
	fmt.Fprintf(t, "Device\t%s\n", dash(clean(s.Device)))
	fmt.Fprintf(t, "Writer\t%s\n", s.Writer)
	return t.Flush()
}

// standing is the line that field workers look for first.
func standing(s clientsync.Status) string {
	if s.Unsent == 0 {
		return "All sent"
	}
	return fmt.Sprintf("%s to send (%s, %s)", count(s.Unsent, "change", "changes"),
		count(s.UnsentRecords, "record", "records"), size(s.UnsentBytes))
}

// waits says what is passed on with the next sync, and what waits for a person and how to
// see it.
func waits(s clientsync.Status) (lines []string) {
	if s.Passing > 0 {
		lines = append(lines, count(s.Passing, "change of a team-mate is", "changes of team-mates are")+
			" not yet at the office ("+count(s.PassingFrom, "device", "devices")+"): the next sync passes on what is here.")
	}
	if s.Conflicts > 0 {
		lines = append(lines, count(s.Conflicts, "record has a conflict", "records have conflicts")+`: "daylight conflicts" shows both texts.`)
	}
	if s.Refused > 0 {
		lines = append(lines, count(s.Refused, "change was", "changes were")+` not accepted by the office and kept here: "daylight refused" shows why.`)
	}
	if s.Held > 0 {
		lines = append(lines, count(s.Held, "change waits", "changes wait")+" for a person at the office; there is nothing to do here.")
	}
	return lines
}
