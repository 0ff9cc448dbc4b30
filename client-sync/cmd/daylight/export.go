package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// export writes what a record seals into a folder, for the age program.
func (c *call) export(ctx context.Context, item clientsync.Item, dir string) error {
	if !clientsync.Sealed(item.Kind) {
		return fail(clientsync.Invalid, fmt.Sprintf("%v %s seals nothing; nothing was written", item.Kind, short(item.ID)),
			"Print it with daylight get.")
	}
	files, err := c.client.SealedFiles(ctx, item.Kind, item.ID)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fail(clientsync.Denied, "the folder "+dir+" cannot be made or is a file; nothing was written", "Name another folder with --export.")
	}
	names := []string{}
	for _, f := range files { // all are looked for before the first is written
		name := filepath.Join(dir, f.Name)
		if _, err := os.Lstat(name); err == nil {
			return fail(clientsync.Conflicting, name+" is there already; nothing was written", "Name another folder with --export.")
		}
		names = append(names, name)
	}
	for i, f := range files {
		if err := writeNew(names[i], f.Content); err != nil {
			return err
		}
	}
	if c.json {
		return writeJSON(c.out, map[string][]string{"files": names})
	}
	fmt.Fprintf(c.out, "Wrote %d files to %s. README.txt there says how the office's recovery key opens them.\n", len(names), dir)
	return nil
}
