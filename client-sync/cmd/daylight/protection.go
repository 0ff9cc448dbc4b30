package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// protectionJSON is how well the folder is protected, for scripts.
type protectionJSON struct {
	Hardware    bool `json:"hardware"`
	Weak        bool `json:"weak"`
	Recoverable bool `json:"recoverable"`
	TriesLeft   int  `json:"tries_left"`
	Destroyed   bool `json:"destroyed"`
}

func toProtectionJSON(p clientsync.Protection) protectionJSON {
	return protectionJSON{p.Hardware, p.Weak, p.Recoverable, p.TriesLeft, p.Destroyed}
}

func protectionWords(p clientsync.Protection) string {
	switch {
	case p.Destroyed:
		return "no passphrase opens the folder any more: it was tried too often"
	case p.New:
		return "the folder has no passphrase yet"
	case p.Weak:
		return "weak: no hardware key, only the six words of the passphrase"
	}
	return "a hardware key, and the passphrase"
}

func recoveryWords(p clientsync.Protection) string {
	switch {
	case p.Recoverable && p.Destroyed:
		return "the office's recovery key opens the folder"
	case p.Recoverable:
		return "the office's recovery key opens the folder too"
	case p.Destroyed:
		return "nothing opens the folder any more"
	}
	return "only the passphrase opens the folder: it is lost with it"
}

// lockedStatusJSON is what can be told without the passphrase.
type lockedStatusJSON struct {
	Unsent     int            `json:"unsent"`
	Dir        string         `json:"dir"`
	Protection protectionJSON `json:"protection"`
}

// lockedStatus unlocks nothing.
func (c *call) lockedStatus(ctx context.Context) error {
	dir, err := c.folder()
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, database)); err != nil {
		return noRecords(dir)
	}
	if c.client, err = c.openLocked(ctx, dir); err != nil {
		return err
	}
	p, err := c.client.Protection()
	if err != nil {
		return err
	}
	n, err := c.client.Unsent(ctx)
	if err != nil {
		return err
	}
	if c.json {
		err = writeJSON(c.out, lockedStatusJSON{n, dir, toProtectionJSON(p)})
	} else {
		err = c.showLocked(p, n, dir)
	}
	if err == nil && p.Destroyed {
		err = errAttention
	}
	return err
}

func (c *call) showLocked(p clientsync.Protection, unsent int, dir string) error {
	if unsent == 0 {
		fmt.Fprintln(c.out, "All sent")
	} else {
		fmt.Fprintln(c.out, count(unsent, "change", "changes")+" to send")
	}
	t := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "Folder\t%s\n", dir)
	fmt.Fprintf(t, "Protection\t%s\n", protectionWords(p))
	if !p.Destroyed {
		fmt.Fprintf(t, "Tries\t%d left, until no passphrase opens the folder\n", p.TriesLeft)
	}
	fmt.Fprintf(t, "Recovery\t%s\n", recoveryWords(p))
	return t.Flush()
}
