package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/archive"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// written is a file that is there whole or not at all, and never over another. A file that
// is cut off stays under its name and .part.
func written(path string, write func(io.Writer) error) (n int64, err error) {
	if exists(path) {
		return 0, failed(path+" is there already; nothing was written", "Name another file.")
	}
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return 0, failed(part+" is there already: another export is running, or was cut off", "Remove it if none is running.")
	}
	if err != nil {
		return 0, failed("the file cannot be written: "+err.Error(), "")
	}
	err = write(f)
	if err == nil {
		n, err = f.Seek(0, io.SeekCurrent)
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		var told *failure
		if errors.As(err, &told) {
			return 0, errors.Join(told, os.Remove(part))
		}
		return 0, errors.Join(fmt.Errorf("nothing was written: %w", err), os.Remove(part))
	}
	return n, nil
}

// exported leaves its line in the access log: nothing goes out without one. The note is
// one of a few fixed texts.
func exported(ctx context.Context, d *directory.Directory, subject record.ID, note, command string) error {
	if err := d.Log(ctx, directory.Exported, subject, note, directory.By{Call: "daylightd " + command}); err != nil {
		return fmt.Errorf("the access log cannot be written: %w", err)
	}
	return nil
}

// toRecovery is the word for the office's recovery key in --to.
const toRecovery = "recovery"

// exportAll writes everything that the office holds.
func exportAll(ctx context.Context, c *call) (err error) {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	data := flags.String("data", "", "the `folder` of the office's data")
	keys := flags.Bool("with-keys", false, "take the office's private keys along, so that the office moves; only with --to")
	var to []string
	flags.Func("to", "encrypt it to this public `key`, age1..., or to recovery, the office's own recovery key, for a file that is put away; may be given again", func(s string) error {
		to = append(to, s)
		return nil
	})
	rest, err := c.parse(flags, 1)
	switch {
	case err != nil:
		return err
	case len(rest) == 0:
		return misused("which file to write is missing", c.how())
	case *keys && len(to) == 0:
		return misused("the keys go into an encrypted file only; nothing was written", "Add --to age1..., the public half of a key that was made where the file goes to: age-keygen -o new.key")
	}
	s, _, err := c.open(ctx, *data, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	d := directory.New(s.File(), time.Now, rand.Reader)
	recipients, err := recipientsOf(ctx, d, to)
	if err != nil {
		return err
	}
	opts := archive.Options{Keys: *keys, NowMS: time.Now().UnixMilli()}
	if *keys {
		opts.TLSKey, err = os.ReadFile(filepath.Join(*data, tlsKeyFile))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return failed("the server's TLS key cannot be read: "+err.Error(), "Nothing was written.")
		}
	}
	var sum archive.Summary
	n, err := written(rest[0], func(w io.Writer) error {
		note := "everything was taken out"
		if *keys {
			note = "everything was taken out, with the office's keys"
		}
		if err := exported(ctx, d, record.ID{}, note, c.name); err != nil {
			return err
		}
		sum, err = encrypted(w, recipients, func(w io.Writer) (archive.Summary, error) {
			return archive.Write(ctx, w, archive.Office{Store: s, Directory: d}, opts)
		})
		return err
	})
	if err != nil {
		return err
	}
	c.sayExported(rest[0], n, sum, len(recipients) > 0)
	return nil
}

func (c *call) sayExported(path string, n int64, sum archive.Summary, sealed bool) {
	if c.json {
		out := digestJSON(sum.Digest)
		out["file"], out["bytes"], out["encrypted"], out["with_keys"], out["tls_key"] = path, n, sealed, sum.Keys, len(sum.TLSKey) > 0
		out["people"], out["devices"], out["accesses"] = sum.People, sum.Devices, sum.Accesses
		c.print(out)
		return
	}
	c.say("Wrote everything to %s (%d bytes): %d changes that make %d records, %d people, %d devices, %d lines of the access log.",
		path, n, sum.Digest.Position, sum.Digest.Records, sum.People, sum.Devices, sum.Accesses)
	c.say("digest %x", sum.Digest.Sum)
	if !sealed {
		c.say("It is not encrypted: whoever has it reads everything but what is sealed.")
	}
	switch {
	case !sum.Keys:
		c.say("The office's keys are not in it: what is read from it is a copy, with which no device or program goes on.")
	case len(sum.TLSKey) == 0:
		c.say("The office's keys are in it, but no key for TLS: take the files of --cert and --key along.\nFrom now on let nothing be written here: devices go on with the server that it is read into.")
	default:
		c.say("The office's keys are in it. From now on let nothing be written here: devices go on with the server that it is read into.")
	}
}

// recipientsOf reads what --to names.
func recipientsOf(ctx context.Context, d *directory.Directory, to []string) (out []age.Recipient, err error) {
	for _, s := range to {
		if s == toRecovery {
			o, err := d.Office(ctx)
			if err != nil {
				return nil, explainOurs(err)
			}
			if s = o.GetRecoveryRecipient(); s == "" {
				return nil, failed("this office has no recovery key; nothing was written", "Name a key: --to age1...")
			}
		}
		err := compartment.CheckRecipient(s)
		var parsed []age.Recipient
		if err == nil {
			parsed, err = age.ParseRecipients(strings.NewReader(s))
		}
		if err != nil {
			return nil, failed("what --to names is not the public half of a key; nothing was written",
				"It begins with age1 or age1pq1. If you gave the secret half, make another key: it was on this machine.")
		}
		out = append(out, parsed...)
	}
	return out, nil
}

// encrypted writes through age where there are recipients.
func encrypted[T any](w io.Writer, to []age.Recipient, write func(io.Writer) (T, error)) (out T, err error) {
	if len(to) == 0 {
		return write(w)
	}
	sealed, err := age.Encrypt(w, to...)
	if err != nil {
		return out, err
	}
	if out, err = write(sealed); err != nil {
		return out, err
	}
	return out, sealed.Close()
}

// digest says what stands for all records.
func digest(ctx context.Context, c *call) error {
	return c.onStore(ctx, 0, func(s *store.Store, _ []string) error {
		d, err := s.Digest(ctx)
		if err != nil {
			return err
		}
		if c.json {
			c.print(digestJSON(d))
			return nil
		}
		c.say("digest   %x", d.Sum)
		c.say("changes  %d", d.Position)
		c.say("records  %d", d.Records)
		for _, k := range kindsOf(d) {
			c.say("  %-22s %d", k, d.Kinds[k])
		}
		return nil
	})
}

func kindsOf(d store.Digest) (out []record.Kind) {
	for k := range d.Kinds {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func digestJSON(d store.Digest) map[string]any {
	kinds := map[string]uint64{}
	for k, n := range d.Kinds {
		kinds[k.String()] = n
	}
	return map[string]any{"digest": fmt.Sprintf("%x", d.Sum), "position": uint64(d.Position), "records": d.Records, "kinds": kinds}
}
