package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func syncCommand() command {
	return command{
		name: "sync", line: "send what was written here and bring what is true now",
		long: `Sends the changes that wait here and brings what others wrote. It may be stopped at
any time, and started again: nothing is lost and nothing is sent twice. On a terminal
it shows how far it is. Exit code 3 says that something waits for a person:
conflicts, changes that the office did not accept, or a list of readers that it has not
signed. What came in bundles of team-mates goes to the office with it.`,
		prepare: func(fs *flag.FlagSet) action {
			verify := fs.Bool("verify", false, "compare every record here with the office's at the end")
			return func(ctx context.Context, c *call, _ []string) error { return sync(ctx, c, *verify) }
		},
	}
}

// knowsOffice reports whether the command line names the office, or the folder is
// enrolled with one. It makes no folder.
func (c *call) knowsOffice(ctx context.Context) (bool, error) {
	dir, err := c.folder()
	if c.office() != "" || err != nil {
		return err == nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, database)); err != nil {
		return false, nil
	}
	client, err := c.openOrMake(ctx)
	if err != nil {
		return false, err
	}
	s, err := client.Status(ctx)
	return s.Server != "", err
}

func sync(ctx context.Context, c *call, verify bool) error {
	if knows, err := c.knowsOffice(ctx); err != nil {
		return err
	} else if !knows {
		return wrongUse("it is not clear with which office to sync; everything is kept here",
			"Say it with --server URL or in DAYLIGHT_SERVER.")
	}
	client, err := c.openOrMake(ctx)
	if err != nil {
		return err
	}
	p := newProgress(c.err)
	report, err := client.SyncWith(ctx, clientsync.SyncOptions{OnProgress: p.show, Verify: verify})
	p.end()
	if err != nil {
		return c.syncFailed(err, report)
	}
	status, err := client.Status(ctx)
	if err != nil {
		return err
	}
	if err := c.synced(report, status); err != nil {
		return err
	}
	return attention(report, status)
}

// attention is errAttention where something of a sync, or left by it, waits for a person.
func attention(r clientsync.Report, s clientsync.Status) error {
	if needsAttention(s) || r.Fault != "" || r.Gap || r.ReadersRefused != "" || r.Verified == "different" {
		return errAttention
	}
	return nil
}

// syncFailed adds which office was asked and, for a sync that got somewhere, how far
// it came.
func (c *call) syncFailed(err error, report clientsync.Report) error {
	var ours *clientsync.Error
	if !errors.As(err, &ours) || ours.Code != clientsync.Unavailable {
		return err
	}
	hint := ours.Hint
	if at := c.office(); at != "" {
		hint = strings.TrimSpace(hint + " The address asked was " + at + ".")
	}
	if report.Pushed > 0 || report.Pulled > 0 {
		hint += fmt.Sprintf("\nBefore that, sent %s and received %s; the next sync goes on from there.",
			count(report.Pushed, "change", "changes"), count(report.Pulled, "record", "records"))
	}
	return fail(ours.Code, ours.Message, hint)
}

// reportJSON is a sync for scripts.
type reportJSON struct {
	Sent         int    `json:"sent"`
	Passed       int    `json:"passed"`
	TurnedAway   int    `json:"turned_away"`
	Received     int    `json:"received"`
	Refused      int    `json:"refused"`
	Unsent       int    `json:"unsent"`
	Passing      int    `json:"passing"`
	RefusedInAll int    `json:"refused_in_all"`
	Conflicts    int    `json:"conflicts"`
	Held         int    `json:"held"`
	Fault        string `json:"fault"`
	Gap          bool   `json:"gap"`
	Restored     bool   `json:"restored"`
	Copied       bool   `json:"copied"`
	// Readers is the version of a list of readers that came, 0 for none; ReadersRefused
	// why one was not taken.
	Readers        uint64 `json:"readers"`
	ReadersRefused string `json:"readers_refused"`
	Verified       string `json:"verified"`
	Requests       int    `json:"requests"`
	BytesUp        int64  `json:"bytes_up"`
	BytesDown      int64  `json:"bytes_down"`
	Milliseconds   int64  `json:"milliseconds"`
}

func toReportJSON(r clientsync.Report, s clientsync.Status) reportJSON {
	return reportJSON{
		Sent: r.Pushed, Passed: r.Passed, TurnedAway: r.TurnedAway, Received: r.Pulled, Refused: r.Refused,
		Unsent: s.Unsent, Passing: s.Passing, RefusedInAll: s.Refused, Conflicts: s.Conflicts, Held: s.Held,
		Fault: r.Fault, Gap: r.Gap, Restored: r.Restored, Copied: r.Copied,
		Readers: r.Readers, ReadersRefused: r.ReadersRefused, Verified: r.Verified,
		Requests: r.Requests, BytesUp: r.BytesUp, BytesDown: r.BytesDown, Milliseconds: r.Took.Milliseconds(),
	}
}

func (c *call) synced(r clientsync.Report, s clientsync.Status) error {
	if c.json {
		return writeJSON(c.out, toReportJSON(r, s))
	}
	c.showSynced(r, s)
	return nil
}

func (c *call) showSynced(r clientsync.Report, s clientsync.Status) {
	fmt.Fprintf(c.out, "Sent %s, received %s.\n", count(r.Pushed, "change", "changes"), count(r.Pulled, "record", "records"))
	for _, line := range notices(r) {
		fmt.Fprintln(c.out, line)
	}
	fmt.Fprintln(c.out, standing(s)+".")
	for _, line := range waits(s) {
		fmt.Fprintln(c.out, line)
	}
}

// notices say in plain words what was unusual about a sync, and what to do.
func notices(r clientsync.Report) (lines []string) {
	if r.Passed > 0 {
		lines = append(lines, "Passed on "+count(r.Passed, "change of a team-mate", "changes of team-mates")+".")
	}
	if r.TurnedAway > 0 {
		lines = append(lines, "The office did not take what "+count(r.TurnedAway, "device of a team-mate", "devices of team-mates")+
			" wrote. It is kept here, and the next sync tries again; if it stays so, tell the office.")
	}
	if r.Restored {
		lines = append(lines, "The office was restored from a backup; what it lacked was sent again. There is nothing to do.")
	}
	if r.Copied {
		lines = append(lines, "This folder is a copy of another device's, or an older state of its own; it goes on under a new id. Nothing was lost. If the other one is in use, both may go on.")
	}
	if r.Fault != "" {
		lines = append(lines, "The office turned this device's changes away as a whole: "+clean(r.Fault)+". They are kept here; tell the office.")
	}
	if r.Gap {
		lines = append(lines, "The office asks for changes that are no longer on this device. Tell the office: it has to be set right there.")
	}
	if r.Readers > 0 {
		lines = append(lines, fmt.Sprintf(`List %d of readers came, signed by the office: "daylight readers" shows who may read what is sealed.`, r.Readers))
	}
	if r.ReadersRefused != "" {
		lines = append(lines, "A list of readers came and was not taken: "+strings.TrimRight(clean(r.ReadersRefused), ".")+". Nobody reads by it; tell the office, and not through its server.")
	}
	switch r.Verified {
	case "same":
		lines = append(lines, "Compared: this device and the office hold the same, byte for byte.")
	case "different":
		lines = append(lines, "Compared: this device and the office do not hold the same. Sync again; if it stays so, tell the office.")
	}
	return lines
}
