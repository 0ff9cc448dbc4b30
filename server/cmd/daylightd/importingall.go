package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/daylight-npm/daylight/server/archive"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// unfinishedFile marks a folder into which an archive is being read: it is no office yet.
const unfinishedFile = "unfinished"

// importEverything reads an archive into an office that is not there yet. It comes to be
// in a folder beside, and gets its name when it is whole.
func importEverything(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	data := flags.String("data", "", "the `folder` of the new office's data, which is not there yet or is empty")
	identity := flags.String("identity", "", "a `file` with the key that opens it, where it is encrypted: the office's recovery key, or the one that it was encrypted to")
	rest, err := c.parse(flags, 1)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return misused("which archive to read is missing", c.how())
	}
	if *data == "" {
		return misused("--data says in which folder the office's data is to be, and is missing", c.how())
	}
	dir, err := filepath.Abs(*data)
	if err != nil {
		return err
	}
	if err := c.vacant(dir); err != nil {
		return err
	}
	f, err := c.file(rest, "archive")
	if err != nil {
		return err
	}
	defer f.Close()
	plain, err := opened(f, *identity)
	if err != nil {
		return err
	}
	part := dir + ".part"
	if err := os.Mkdir(part, 0o700); errors.Is(err, os.ErrExist) {
		return failed(part+" is there already: another import is running, or was cut off; nothing was read", "Remove it if none is running.")
	} else if err != nil {
		return failed("the folder cannot be made: "+err.Error(), "")
	}
	sum, err := c.readInto(ctx, part, plain)
	if err == nil {
		err = settle(part, dir)
	}
	if err != nil {
		return errors.Join(explainArchive(rest[0], err), os.RemoveAll(part))
	}
	c.sayImported(dir, sum)
	return nil
}

// vacant reports why an office cannot come to be in the folder.
func (c *call) vacant(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case err == nil && !info.IsDir():
		return failed(dir+" is a file and not a folder; nothing was read", "Name a folder that is not there yet.")
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return err
	case err == nil:
		if there, err := os.ReadDir(dir); err != nil {
			return err
		} else if len(there) > 0 {
			return failed("the folder "+dir+" holds something already; nothing was read", "Name a folder that is not there yet.")
		}
	}
	return c.mayCreate(dir, info, true)
}

// opened is the archive, decrypted where it is encrypted.
func opened(f io.Reader, identity string) (io.Reader, error) {
	const sealed = "age-encryption.org/"
	in := bufio.NewReaderSize(f, 1<<16)
	begins, err := in.Peek(len(sealed))
	if string(begins) != sealed {
		if err != nil && err != io.EOF {
			return nil, failed("the archive cannot be read: "+err.Error(), "")
		}
		return in, nil
	}
	if identity == "" {
		return nil, failed("the archive is encrypted; nothing was read", "Name the file with the key that opens it: --identity FILE")
	}
	key, err := identityIn(identity)
	if err != nil {
		return nil, err
	}
	keys, err := age.ParseIdentities(strings.NewReader(key))
	if err != nil { // whose text would repeat the key
		return nil, failed(identity+" holds no key that can be read; nothing was read", "It is a file with a line AGE-SECRET-KEY-1... or AGE-SECRET-KEY-PQ-1...")
	}
	plain, err := age.Decrypt(in, keys...)
	if err != nil {
		return nil, failed("the archive does not open with this key, or its beginning is damaged; nothing was read", "Look which key it was encrypted to.")
	}
	return plain, nil
}

// readInto makes an office of the archive in a folder that is marked as unfinished.
func (c *call) readInto(ctx context.Context, part string, from io.Reader) (sum archive.Summary, err error) {
	if err := os.WriteFile(filepath.Join(part, unfinishedFile), nil, 0o600); err != nil {
		return sum, err
	}
	s, err := store.Open(ctx, store.Config{Dir: part})
	if err != nil {
		return sum, err
	}
	o := archive.Office{Store: s, Directory: directory.New(s.File(), time.Now, rand.Reader)}
	sum, err = archive.Read(ctx, from, o, directory.By{Call: "daylightd " + c.name})
	if err = errors.Join(err, s.Close()); err != nil || len(sum.TLSKey) == 0 {
		return sum, err
	}
	f, err := os.OpenFile(filepath.Join(part, tlsKeyFile), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return sum, err
	}
	_, err = io.Copy(f, bytes.NewReader(sum.TLSKey))
	return sum, errors.Join(err, f.Sync(), f.Close())
}

// settle gives the whole office its name.
func settle(part, dir string) error {
	if err := os.Remove(filepath.Join(part, unfinishedFile)); err != nil {
		return err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, os.ErrNotExist) { // it is empty
		return err
	}
	if err := os.Rename(part, dir); err != nil {
		return err
	}
	parent, err := os.Open(filepath.Dir(dir))
	if err != nil {
		return nil // not every system lets a folder be read; the rename stands
	}
	return errors.Join(parent.Sync(), parent.Close())
}

// explainArchive says what is wrong with a file that was not read.
func explainArchive(path string, err error) error {
	switch {
	case errors.Is(err, archive.ErrBad):
		return failed(path+": "+err.Error(), "Nothing of it was kept. Copy the file again, or have it written again.")
	case errors.Is(err, context.Canceled):
		return failed("it was stopped; nothing of it was kept", "Run it again.")
	}
	return fmt.Errorf("nothing was kept: %w", err)
}

func (c *call) sayImported(dir string, sum archive.Summary) {
	if c.json {
		out := digestJSON(sum.Digest)
		out["data"], out["with_keys"], out["tls_key"] = dir, sum.Keys, len(sum.TLSKey) > 0
		out["people"], out["devices"], out["accesses"] = sum.People, sum.Devices, sum.Accesses
		c.print(out)
		return
	}
	c.say("Read %d changes that make %d records, %d people, %d devices, %d lines of the access log. The digest is the one that was written:",
		sum.Digest.Position, sum.Digest.Records, sum.People, sum.Devices, sum.Accesses)
	c.say("digest %x", sum.Digest.Sum)
	if sum.Keys {
		c.say("It is the same office: devices and programs go on with it, from the beginning of the log, once it answers at\n" +
			"the address that they know. Never let the earlier one serve again. Start daylightd serve now.")
		return
	}
	c.say("It is a copy with keys of its own: the devices and programs in it are shut out, and are invited anew if they are\n" +
		"to come here. Run daylightd check to verify all of it.")
}
