package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func rescueCommand() command {
	return command{
		name: "rescue", line: "write out what the office does not have yet",
		long: `Writes every change that the office has not answered for, as it was signed, to a file
or to standard output. It reads damaged folders and those of a newer program, and
alters nothing. Give the file to the office, which takes it with "daylightd rescue take".
It is in the clear, but for what was sealed. An existing file is not written over, and
none is made when the office has everything.

The passphrase opens the folder, or, when it is lost or the hardware key is gone, the
office's recovery key in a file: --recovery-key-file.`,
		prepare: func(fs *flag.FlagSet) action {
			to := fs.String("to", "", "write to `FILE`, which must not be there")
			recovery := fs.String("recovery-key-file", "", "`FILE` with the office's recovery key")
			return func(ctx context.Context, c *call, _ []string) error { return c.rescue(ctx, *to, *recovery) }
		},
	}
}

func (c *call) rescue(ctx context.Context, to, recoveryFile string) error {
	dir, err := c.folder()
	if err != nil {
		return err
	}
	if _, err := os.Stat(dir); err != nil {
		return fail(clientsync.NotFound, "there are no records in "+dir, "Say where they are with --dir.")
	}
	if to == "" && c.json {
		return wrongUse("--json needs --to FILE here: what is rescued is not JSON", "Use: daylight rescue --to FILE")
	}
	if to == "" && c.atTerminal {
		return wrongUse("what is rescued is not for reading on a terminal", "Use: daylight rescue --to FILE")
	}
	var b bytes.Buffer
	config, recovery := c.config(dir), ""
	if recoveryFile != "" {
		recovery, err = secretIn(recoveryFile, "--recovery-key-file", "the office's recovery key", "nothing was rescued")
	} else {
		config.Passphrase, err = c.passphrase()
	}
	if err != nil {
		return err
	}
	r, err := clientsync.Rescue(ctx, config, recovery, &b)
	if err != nil {
		return err
	}
	n := r.Changes
	if n == 0 {
		if c.json {
			return writeJSON(c.out, map[string]any{"changes": 0, "file": ""})
		}
		fmt.Fprintln(c.err, "The office has everything that was written here: there is nothing to rescue.")
		return nil
	}
	if to == "" {
		_, err := c.out.Write(b.Bytes())
		return err
	}
	if err := writeNew(to, b.Bytes()); err != nil {
		return err
	}
	if c.json {
		return writeJSON(c.out, map[string]any{"changes": n, "file": to, "encrypted": r.Encrypted})
	}
	how := "It opens at the office alone."
	if !r.Encrypted {
		how = "It is in the clear: carry it to the office yourself."
	}
	fmt.Fprintf(c.out, "Wrote %s to %s. %s\nThere: daylightd rescue take\n", count(n, "change", "changes"), to, how)
	return nil
}

// writeNew writes a file that only its owner may read, down to the disk.
func writeNew(name string, b []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if os.IsExist(err) {
		return fail(clientsync.Conflicting, name+" is there already; nothing was written", "Choose another name.")
	} else if err != nil {
		return fail(clientsync.Denied, name+" cannot be made; nothing was written", "Look at the folder's name and whether you may write there.")
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fail(0, name+" could not be written to its end; the records are untouched", "Look whether the disk is full, and write to another one.")
	}
	return nil
}
