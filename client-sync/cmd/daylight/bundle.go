package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func bundleCommand() command {
	return command{
		name: "bundle", args: "make|take|list [FILE]", least: 1, most: 2,
		line: "hand changes over in an encrypted file, and take such files",
		long: `Without a network, a team shares what it wrote in files, on a stick or by a cable.

  daylight bundle make --to WHO[,WHO...] [--since DATE] [--out FILE] [--force]
  daylight bundle make --to office       [--out FILE] [--force]
  daylight bundle take FILE
  daylight bundle list

make writes one file that only those devices can open. WHO is a person's name (all of
their devices), a device's label, or the first 8 or more characters of its id, as list
shows them; "office" is the office, which can answer with a file of its own. For
team-mates it holds what the office has not answered for, of this device and of those
whose bundles were taken here, and what this device wrote in the last two weeks, or
since DATE. Nothing changes here.

take reads one that was made for this device. Taken twice it changes nothing. FILE may
be -, for standard input. Exit code 3 says that something waits for a person:
conflicts, or an answer that came too late.`,
		prepare: prepareBundle,
	}
}

// making is what "bundle make" was told.
type making struct {
	to    []string
	since string
	out   string
	force bool
}

func prepareBundle(fs *flag.FlagSet) action {
	var m making
	fs.Func("to", "make: for `WHO`, with commas between several; office for the office", func(s string) error {
		for who := range strings.SplitSeq(s, ",") {
			if who = strings.TrimSpace(who); who != "" {
				m.to = append(m.to, who)
			}
		}
		return nil
	})
	fs.StringVar(&m.since, "since", "", "make: own changes from `DATE` on, 2026-11-24, that the office has too")
	fs.StringVar(&m.out, "out", "", "make: write to `FILE`; - is standard output")
	fs.BoolVar(&m.force, "force", false, "make: write over a file that is there")
	return func(ctx context.Context, c *call, args []string) error {
		if err := bundleUse(fs, args); err != nil {
			return err
		}
		switch args[0] {
		case "make":
			return c.makeBundle(ctx, m)
		case "take":
			return c.takeBundle(ctx, args[1])
		}
		return c.bundleDevices(ctx)
	}
}

// bundleUse checks what each of the three words takes.
func bundleUse(fs *flag.FlagSet, args []string) error {
	const hint = `"daylight help bundle" tells how it is used.`
	word, words := args[0], []string{"make", "take", "list"}
	if !slices.Contains(words, word) {
		return wrongUse("bundle: there is no "+quoted(word), didYouMean("daylight bundle ", word, words, "Say make, take or list."))
	}
	wants := 1
	if word == "take" {
		wants = 2
	}
	if len(args) < wants {
		return wrongUse("bundle take: say which file", "Use: daylight bundle take FILE")
	}
	if len(args) > wants {
		return wrongUse("bundle "+word+": too much was given, from "+quoted(args[wants])+" on", hint)
	}
	set := given(fs)
	for _, name := range []string{"to", "since", "out", "force"} {
		if word != "make" && set[name] {
			return wrongUse("bundle "+word+" has no --"+name, hint)
		}
	}
	return nil
}

// check reads what can be read of the line before the folder is opened.
func (m making) check(c *call) (since time.Time, err error) {
	if len(m.to) == 0 {
		return since, wrongUse("bundle make: say for whom it is", "With --to office, or --to WHO: \"daylight bundle list\" shows who there is.")
	}
	office := slices.ContainsFunc(m.to, isOffice)
	switch {
	case office && len(m.to) > 1:
		return since, wrongUse("a bundle is for the office or for team-mates, not for both", "Make two.")
	case office && m.since != "":
		return since, wrongUse("a bundle for the office has no --since: it holds what the office does not have", "Leave --since out.")
	case m.out == "-" && c.json:
		return since, wrongUse("--json needs a file here: a bundle is not JSON", "Say where with --out FILE.")
	case m.out == "-" && c.atTerminal:
		return since, wrongUse("a bundle is not for reading on a terminal", "Say where with --out FILE.")
	case m.since == "":
		return since, nil
	}
	for _, form := range []string{time.DateOnly, time.RFC3339} {
		if since, err = time.ParseInLocation(form, m.since, time.Local); err == nil {
			return since, nil
		}
	}
	return since, wrongUse("the value of --since cannot be read", "Give a day, as 2026-11-24, or a moment, as 2026-11-24T18:00:00+05:00.")
}

// toOffice is how the office is named among those that a bundle is for.
var toOffice = []string{"the office"}

func isOffice(who string) bool { return strings.EqualFold(who, "office") }

func (c *call) makeBundle(ctx context.Context, m making) error {
	since, err := m.check(c)
	if err != nil {
		return err
	}
	client, err := c.open(ctx)
	if err != nil {
		return err
	}
	to, names := clientsync.To{Office: true}, toOffice
	if !isOffice(m.to[0]) {
		devices, err := c.devicesNamed(ctx, m.to)
		if err != nil {
			return err
		}
		to, names = clientsync.To{Since: since}, nil
		for _, d := range devices {
			to.Devices = append(to.Devices, d.ID)
			names = append(names, nameOf(d.Person, d.Device))
		}
	}
	if m.out == "-" {
		made, err := client.Export(ctx, c.out, to)
		if err == nil {
			showMade(c.err, made, names, "standard output")
		}
		return err
	}
	if m.out == "" {
		s, err := client.Status(ctx)
		if err != nil {
			return err
		}
		m.out = fileName(s.Device, time.Now())
	}
	var made clientsync.Exported
	err = writeWhole(m.out, m.force, func(w io.Writer) (err error) {
		made, err = client.Export(ctx, w, to)
		return err
	})
	if err != nil {
		return err
	}
	if c.json {
		return writeJSON(c.out, madeJSON{m.out, names, made.Changes, made.LeftOut})
	}
	showMade(c.out, made, names, m.out)
	return nil
}

// madeJSON is a bundle that was made, for scripts.
type madeJSON struct {
	File    string   `json:"file"`
	To      []string `json:"to"`
	Changes int      `json:"changes"`
	LeftOut int      `json:"left_out"`
}

func showMade(w io.Writer, made clientsync.Exported, names []string, file string) {
	fmt.Fprintf(w, "Wrote %s for %s to %s.\n", count(made.Changes, "change", "changes"), strings.Join(names, ", "), file)
	if made.LeftOut > 0 {
		fmt.Fprintf(w, "%s without content: not everybody who can open this bundle may read that.\n",
			count(made.LeftOut, "of them goes", "of them go"))
	}
	if slices.Equal(names, toOffice) {
		fmt.Fprintln(w, `Give it to the office. What it gives back is taken here with "daylight bundle take".`)
	}
}

// bundleDeviceJSON is a device that bundles can be made for, for scripts.
type bundleDeviceJSON struct {
	Person string `json:"person"`
	Device string `json:"device"`
	ID     string `json:"id"`
}

func (c *call) bundleDevices(ctx context.Context) error {
	client, err := c.open(ctx)
	if err != nil {
		return err
	}
	all, err := client.BundleDevices(ctx)
	if err != nil {
		return err
	}
	if c.json {
		out := []bundleDeviceJSON{}
		for _, d := range all {
			out = append(out, bundleDeviceJSON{d.Person, d.Device, d.ID})
		}
		return writeJSON(c.out, out)
	}
	if len(all) == 0 {
		fmt.Fprintln(c.err, "No team-mate's device is known yet. A sync may tell of them, and so does a bundle that one of them made for this device.")
		return nil
	}
	t := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "PERSON\tDEVICE\tID")
	for _, d := range all {
		fmt.Fprintf(t, "%s\t%s\t%.8s\n", dash(clean(d.Person)), dash(clean(d.Device)), d.ID)
	}
	return t.Flush()
}
