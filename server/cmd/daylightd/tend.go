package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// onStore opens the store of a command that has no other flags.
func (c *call) onStore(ctx context.Context, most int, do func(s *store.Store, rest []string) error) (err error) {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	data := flags.String("data", "", "the `folder` of the office's data")
	rest, err := c.parse(flags, most)
	if err != nil {
		return err
	}
	s, _, err := c.open(ctx, *data, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return do(s, rest)
}

func export(ctx context.Context, c *call) error {
	return c.onStore(ctx, 1, func(s *store.Store, rest []string) error {
		if len(rest) == 0 || rest[0] == "-" {
			c.told = true // the bytes alone are on the standard output
			if terminal(c.stdout) {
				return misused("the log is not text: it was not written to the screen", "Name a file, or send it to one with >.")
			}
			return exportInto(ctx, s, c.stdout)
		}
		n, err := exportTo(ctx, s, rest[0])
		if err != nil {
			return err
		}
		if c.json {
			c.print(map[string]any{"file": rest[0], "bytes": n})
		}
		c.say("Wrote the whole log to %s (%d bytes). It is not encrypted.", rest[0], n)
		return nil
	})
}

// exportInto leaves its line in the access log first: nothing goes out without one.
func exportInto(ctx context.Context, s *store.Store, w io.Writer) error {
	d := directory.New(s.File(), time.Now, rand.Reader)
	if err := exported(ctx, d, record.ID{}, "the whole log was taken out", "export"); err != nil {
		return err
	}
	return s.Export(ctx, w)
}

// importLog reads an export into an office that has nothing yet.
func importLog(ctx context.Context, c *call) (err error) {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	data := flags.String("data", "", "the `folder` of the new office's data; made when missing")
	rest, err := c.parse(flags, 1)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return misused("which export to read is missing", c.how())
	}
	f, err := os.Open(rest[0])
	if err != nil {
		return failed("the file cannot be read: "+err.Error(), "")
	}
	defer f.Close()
	s, _, err := c.open(ctx, *data, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	switch err := s.Import(ctx, f); {
	case errors.Is(err, store.ErrNotEmpty):
		return failed("the office in "+*data+" holds something already; nothing was read", "Read the export into a new folder.")
	case errors.Is(err, store.ErrBadExport):
		return failed(rest[0]+" is not a whole export: "+err.Error(), "What was read until there is in "+*data+"; begin again with a whole file and a new folder.")
	case err != nil:
		return err
	}
	head, err := s.Head(ctx)
	if err != nil {
		return err
	}
	if c.json {
		c.print(map[string]any{"position": uint64(head)})
	}
	c.say("Read %d changes. Run daylightd check to verify all of them.", head)
	return nil
}

// exportTo writes the file whole or not at all, and never over another.
func exportTo(ctx context.Context, s *store.Store, path string) (n int64, err error) {
	return written(path, func(w io.Writer) error { return exportInto(ctx, s, w) })
}

// terminal reports whether a person would see the bytes.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func check(ctx context.Context, c *call) error {
	return c.onStore(ctx, 0, func(s *store.Store, _ []string) error {
		type found struct {
			Where string `json:"where"`
			What  string `json:"what"`
		}
		all := []found{}
		err := s.Check(ctx, func(f store.Finding) {
			all = append(all, found{f.Where, f.What})
			c.say("%s", f)
		})
		if err != nil {
			return err
		}
		head, err := s.Head(ctx)
		if err != nil {
			return err
		}
		if c.json {
			c.print(map[string]any{"position": uint64(head), "findings": all})
		}
		if len(all) > 0 {
			return problems(fmt.Sprintf("%d things do not fit", len(all)),
				"Nothing was changed. Keep a copy of the folder, restore the last backup that checks well, and run daylightd restored on it.")
		}
		c.say("Checked %d changes: chains, seals, records and lists all fit.", head)
		return nil
	})
}

func restored(ctx context.Context, c *call) error {
	return c.onStore(ctx, 0, func(s *store.Store, _ []string) error {
		if err := s.NewEpoch(ctx); err != nil {
			return err
		}
		if c.json {
			c.print(map[string]any{"restored": true})
		}
		c.say("The log has a new identity. At its next sync each device starts again from the beginning:\n" +
			"it sends what it wrote after the backup was made, and fetches everything. Nothing on a device is lost.\n" +
			"What was written at the office itself after the backup is gone. Start daylightd serve now.")
		return nil
	})
}

func version(_ context.Context, c *call) error {
	if _, err := c.parse(flag.NewFlagSet(c.name, flag.ContinueOnError), 0); err != nil {
		return err
	}
	number, revision, built := "(development)", "", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		built = info.GoVersion
		if v := info.Main.Version; v != "" && v != "(devel)" {
			number = v
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = s.Value
			}
		}
	}
	if c.json {
		c.print(map[string]any{"version": number, "revision": revision, "go": built})
	}
	c.say("daylightd %s %s (%s)", number, revision, built)
	return nil
}
