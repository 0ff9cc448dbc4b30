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
changes that the office did not accept.

--locked asks for no passphrase: how the folder is protected, how often a passphrase may
still be tried, and how many changes the office does not have. Exit code 3 when no
passphrase opens it any more.`,
		prepare: func(fs *flag.FlagSet) action {
			locked := fs.Bool("locked", false, "only what can be told without the passphrase")
			return func(ctx context.Context, c *call, _ []string) error {
				if *locked {
					return c.lockedStatus(ctx)
				}
				return c.status(ctx)
			}
		},
	}
}

func (c *call) status(ctx context.Context) error {
	client, err := c.open(ctx)
	if err != nil {
		return err
	}
	s, err := client.Status(ctx)
	if err != nil {
		return err
	}
	p, err := client.Protection()
	if err != nil {
		return err
	}
	readers, err := client.Readers(ctx)
	if err != nil {
		return err
	}
	if err := c.showStatus(s, p, readers); err != nil {
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

	Roles      []string       `json:"roles"`
	Protection protectionJSON `json:"protection"`
	// ReaderList is the version of the list of readers, 0 for none; RootWords are those of
	// the office's root key, empty where it is not known.
	ReaderList uint64 `json:"reader_list"`
	RootWords  string `json:"root_words"`
}

func (c *call) showStatus(s clientsync.Status, p clientsync.Protection, readers clientsync.ReaderList) error {
	dir, err := c.folder()
	if err != nil {
		return err
	}
	problem, _, _ := strings.Cut(s.Problem, "\n")
	if c.json {
		return writeJSON(c.out, statusJSON{
			s.Unsent, s.UnsentRecords, s.UnsentBytes, s.Passing, s.PassingFrom, s.Held, s.Refused, s.Conflicts, s.Records,
			stamp(s.LastSync), stamp(s.LastTry), problem, dir, s.Server, s.Person, s.Device, s.Writer,
			append([]string{}, s.Roles...), toProtectionJSON(p), readers.Version, readers.RootWords,
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
	fmt.Fprintf(t, "Roles\t%s\n", dash(clean(listed(s.Roles))))
	fmt.Fprintf(t, "Device\t%s\n", dash(clean(s.Device)))
	fmt.Fprintf(t, "Writer\t%s\n", s.Writer)
	fmt.Fprintf(t, "Protection\t%s\n", protectionWords(p))
	fmt.Fprintf(t, "Recovery\t%s\n", recoveryWords(p))
	fmt.Fprintf(t, "Root key\t%s\n", rootKeyWords(readers))
	return t.Flush()
}

// rootKeyWords says whether this device can tell the office's lists from a server's.
func rootKeyWords(l clientsync.ReaderList) string {
	switch {
	case l.RootWords == "":
		return "not known: this device is not enrolled"
	case l.Version == 0:
		return `known, no list of readers yet: "daylight readers" shows its six words`
	}
	return fmt.Sprintf(`known, and list %d of readers: "daylight readers" shows its six words`, l.Version)
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
