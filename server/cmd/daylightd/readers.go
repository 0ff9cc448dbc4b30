package main

import (
	"bytes"
	"context"
	"flag"
	"io"
	"os"
	"strings"

	"github.com/daylight-npm/daylight/internal/compartment"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// readersPropose writes the next list of readers for somebody to sign elsewhere.
func readersPropose(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	after := flags.Uint64("after", 0, "the `version` that devices have, where it is greater than the one here: after a restore")
	root := flags.String("next-root", "", "the `public` half of the root key by which devices know the office from this list on")
	return c.onDirectory(ctx, flags, 1, func(o operator, rest []string) error {
		q := &daylightv1.ProposeReadersRequest{After: *after}
		if *root != "" {
			next, err := compartment.ParsePublicRoot(*root)
			if err != nil {
				return failed("--next-root is not the public half of a root key; nothing was proposed",
					"It has 44 characters and ends with =, as daylight office new-key root showed it. If you gave the secret half, make another key: it was on this machine.")
			}
			q.NextRoot = next
		}
		r, err := o.ProposeReaders(ctx, q)
		if err != nil {
			return err
		}
		toFile := len(rest) == 1 && rest[0] != "-"
		if toFile {
			if err := writeNew(rest[0], r.List); err != nil {
				return err
			}
		}
		switch {
		case c.json:
			leftOut := append([]string{}, r.LeftOut...)
			c.print(map[string]any{"version": r.Version, "list": string(r.List), "left_out": leftOut})
		case !toFile:
			_, _ = c.stdout.Write(r.List) // a closed pipe is nothing that could be told to anybody
			c.stdout = c.stderr           // the list alone is on the standard output
		}
		if toFile {
			c.say("Wrote version %d of the list of readers to %s.", r.Version, rest[0])
		}
		c.say("Nobody reads by it yet. Take it to the desk that has the root key, read it there and sign it:\n" +
			"  daylight office sign --root-key-file KEY --out SIGNED LIST\nthen bring it back: daylightd readers take --data DIR SIGNED")
		if len(r.LeftOut) > 0 {
			for _, id := range r.LeftOut {
				c.say("left out: %s", id)
			}
			return problems(numbered(len(r.LeftOut), "device of somebody who may read is", "devices of people who may read are")+" not in the list: nothing can be wrapped for it",
				"Let each sync once with a program that is up to date, and propose again. A device whose key is another's is not one to trust: look at daylightd device list.")
		}
		return nil
	})
}

// readersTake keeps a list that the root key has signed.
func readersTake(ctx context.Context, c *call) error {
	return c.onDirectory(ctx, flag.NewFlagSet(c.name, flag.ContinueOnError), 1, func(o operator, rest []string) error {
		if len(rest) == 0 {
			return misused("which signed list is missing", c.how())
		}
		signed, err := c.signedList(rest[0])
		if err != nil {
			return err
		}
		r, err := o.TakeReaders(ctx, &daylightv1.TakeReadersRequest{Signed: signed})
		if err != nil {
			return err
		}
		if c.json {
			out := map[string]any{"version": r.Version, "readers": r.Readers}
			if len(r.NextRoot) > 0 {
				out["root_key"] = compartment.PublicRoot(r.NextRoot)
			}
			c.print(out)
		}
		c.say("Version %d of the list of readers is taken, with %s. Devices get it with their next sync.",
			r.Version, numbered(int(r.Readers), "reader", "readers"))
		if len(r.NextRoot) > 0 {
			words := compartment.RootWords(r.NextRoot)
			c.say("From now on the office has another root key: %s\nThe next lists are signed with that. Keep this signed list as long as you keep backups of before: a server that\n"+
				"is restored from one takes it first. Put the earlier key away as long as that, and destroy it then.", strings.Join(words[:], " "))
		}
		return nil
	})
}

// signedList reads no more than a list can have, and one byte.
func (c *call) signedList(name string) ([]byte, error) {
	from := c.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, failed("the list cannot be read: "+err.Error(), "Look at the name, and whether you may read it.")
		}
		defer f.Close()
		from = f
	}
	b, err := io.ReadAll(io.LimitReader(from, compartment.MaxList+1))
	if err != nil {
		return nil, failed("the list could not be read to its end: "+err.Error()+"; nothing was taken", "Copy it to this machine, and take the copy.")
	}
	return b, nil
}

// readersShow prints the list that is kept, as it was signed.
func readersShow(ctx context.Context, c *call) error {
	return c.onDirectory(ctx, flag.NewFlagSet(c.name, flag.ContinueOnError), 0, func(o operator, _ []string) error {
		r, err := o.GetReaders(ctx, &daylightv1.GetReadersRequest{})
		if err != nil {
			return err
		}
		switch {
		case c.json:
			c.print(map[string]any{"version": r.Version, "signed": string(r.Signed)})
		case r.Version == 0:
			c.say("No list of readers has been taken yet: nobody can be let read what devices seal.\nBegin with: daylightd readers propose")
		default:
			c.say("%s", bytes.TrimSuffix(r.Signed, []byte("\n")))
		}
		return nil
	})
}

// writeNew writes a file that only its owner may read, and never over another.
func writeNew(name string, b []byte) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if os.IsExist(err) {
		return failed(name+" is there already; nothing was written", "Name another file.")
	}
	if err != nil {
		return failed("the file cannot be written: "+err.Error(), "Name a file in a folder where you may write.")
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = os.Remove(name) // half a file is none
		return failed("the file could not be written to its end: "+err.Error(), "Make room, or name a file elsewhere.")
	}
	return nil
}
