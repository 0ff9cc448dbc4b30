package main

import (
	"context"
	"fmt"
	"io"
	"os"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// takenJSON is a bundle that was taken, for scripts. Sync is set for the office's answer.
type takenJSON struct {
	Office    bool        `json:"office"`
	Person    string      `json:"person"`
	Device    string      `json:"device"`
	Made      string      `json:"made"`
	New       int         `json:"new"`
	Known     int         `json:"known"`
	LeftOut   int         `json:"left_out"`
	Hidden    int         `json:"hidden"`
	Records   int         `json:"records"`
	Conflicts int         `json:"conflicts"`
	Stale     bool        `json:"stale"`
	Sync      *reportJSON `json:"sync,omitempty"`
}

func (c *call) takeBundle(ctx context.Context, file string) error {
	r, done, err := c.reading(ctx, file)
	if err != nil {
		return err
	}
	defer done()
	client, err := c.open(ctx)
	if err != nil {
		return err
	}
	got, err := client.Import(ctx, r)
	if err != nil {
		return err
	}
	s, err := client.Status(ctx)
	if err != nil {
		return err
	}
	if c.json {
		if err := writeJSON(c.out, toTakenJSON(got, s)); err != nil {
			return err
		}
	} else {
		c.showTaken(got, s)
	}
	if got.Stale {
		return errAttention
	}
	return attention(got.Answer, s)
}

func toTakenJSON(got clientsync.Imported, s clientsync.Status) takenJSON {
	out := takenJSON{
		Office: got.Office, Person: got.Person, Device: got.Device, Made: stamp(got.Made),
		New: got.New, Known: got.Known, LeftOut: got.LeftOut, Hidden: got.Hidden, Records: got.Records,
		Conflicts: s.Conflicts, Stale: got.Stale,
	}
	if got.Office && !got.Stale {
		r := toReportJSON(got.Answer, s)
		out.Sync = &r
	}
	return out
}

func (c *call) showTaken(got clientsync.Imported, s clientsync.Status) {
	if got.Office {
		fmt.Fprintf(c.out, "The office's answer to this device, made %s.\n", clock(got.Made))
		if got.Stale {
			fmt.Fprintln(c.out, "It was made for an earlier state of this device, which has heard from the office since: nothing of it was taken. Make a new bundle for the office: daylight bundle make --to office")
			return
		}
		c.showSynced(got.Answer, s)
		return
	}
	fmt.Fprintf(c.out, "A bundle of %s, made %s by the clock of that device.\n", nameOf(got.Person, got.Device), clock(got.Made))
	for _, line := range brought(got) {
		fmt.Fprintln(c.out, line)
	}
	for _, line := range waits(s) {
		fmt.Fprintln(c.out, line)
	}
}

// brought says what a team-mate's bundle held.
func brought(got clientsync.Imported) (lines []string) {
	first := count(got.New, "new change", "new changes") + " to " + count(got.Records, "record", "records")
	if got.New == 0 {
		first = "Nothing in it is new"
	}
	if got.Known > 0 {
		first += "; " + count(got.Known, "was known", "were known") + " already"
	}
	lines = append(lines, first+".")
	if got.LeftOut > 0 {
		lines = append(lines, fmt.Sprintf("%d more came without content: not everybody whom the bundle is for may read that.", got.LeftOut))
	}
	if got.Hidden > 0 {
		lines = append(lines, count(got.Hidden, "of the new ones is", "of the new ones are")+
			" kept for the office and not shown: it may have answered already, or will not take that.")
	}
	return lines
}

// reading opens the file, or standard input for "-". A Ctrl-C ends the wait for somebody
// who never sends anything.
func (c *call) reading(ctx context.Context, file string) (io.Reader, func(), error) {
	if file == "-" {
		if isTerminal(c.in) {
			return nil, nil, wrongUse("a bundle cannot be typed", "Give the name of its file.")
		}
		r, w := io.Pipe()
		go func() {
			_, err := io.Copy(w, c.in)
			w.CloseWithError(err)
		}()
		stop := context.AfterFunc(ctx, func() { r.CloseWithError(ctx.Err()) })
		return r, func() { stop() }, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, nil, unreadableBundle(file)
	}
	if i, err := f.Stat(); err != nil || i.IsDir() {
		_ = f.Close()
		return nil, nil, unreadableBundle(file)
	}
	return f, func() { _ = f.Close() }, nil
}

func unreadableBundle(file string) error {
	return fail(clientsync.NotFound, file+" cannot be read; nothing was taken", "Look at the name and whether you may read it.")
}
