package main

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// call is one command line being done.
type call struct {
	// What every command may be given.
	dir, server, person, device, passphraseFile string
	json                                        bool
	// language is what checklists are shown in, where the command asks for one.
	language string

	// The streams and the environment.
	in  io.Reader
	out *bufio.Writer
	err io.Writer
	env func(string) string
	// atTerminal: a person reads what is written out.
	atTerminal bool

	// The folder, once it is open, and what opens it, once that was asked for.
	client *clientsync.Client
	opens  string

	// adjust, where it is not nil, changes how folders are opened, and browse opens a
	// browser; for tests.
	adjust func(*clientsync.Config)
	browse func(ctx context.Context, address string) error
}

// database is the file by which a folder of records is known before it is opened.
const database = "vault.db"

// open opens the folder for a command that reads what is there; it makes none, so
// that a mistyped folder is not answered with "nothing here".
func (c *call) open(ctx context.Context) (*clientsync.Client, error) {
	dir, err := c.folder()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, database)); os.IsNotExist(err) {
		return nil, noRecords(dir)
	}
	return c.openOrMake(ctx)
}

func noRecords(dir string) error {
	return fail(clientsync.NotFound, "there are no records in "+dir+" yet",
		"The first save or sync makes the folder. If they are elsewhere, say where with --dir.")
}

// openOrMake opens the folder and makes it on first use. Nothing may be wrong with
// the command line any more when it is called.
func (c *call) openOrMake(ctx context.Context) (*clientsync.Client, error) {
	if c.client != nil {
		return c.client, nil
	}
	dir, err := c.folder()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fail(clientsync.Denied, "the folder "+dir+" cannot be made or is a file; nothing was changed",
			"Say where the records are with --dir.")
	}
	if c.client, err = c.openLocked(ctx, dir); err != nil {
		return nil, err
	}
	return c.client, c.unlock(ctx)
}

func (c *call) openLocked(ctx context.Context, dir string) (*clientsync.Client, error) {
	return clientsync.Open(ctx, c.config(dir))
}

func (c *call) config(dir string) clientsync.Config {
	config := clientsync.Config{
		Dir:    dir,
		Server: c.office(),
		Person: c.person, Device: c.device, Language: c.language,
		Log: c.log(),
	}
	if c.adjust != nil {
		c.adjust(&config)
	}
	return config
}

// unlock asks for the passphrase, and for a new one where the folder has none.
func (c *call) unlock(ctx context.Context) (err error) {
	p, err := c.client.Protection()
	if err != nil {
		return err
	}
	if !p.New {
		opens, err := c.passphrase()
		if err != nil {
			return err
		}
		return c.client.Unlock(ctx, opens)
	}
	if c.namedFile() != "" {
		c.opens, err = c.passphrase()
	} else {
		c.opens, err = c.chosen()
	}
	if err != nil {
		return err
	}
	return c.client.SetPassphrase(ctx, "", c.opens)
}

func (c *call) close() error {
	if c.client == nil {
		return nil
	}
	return c.client.Close()
}

// folder is --dir, then DAYLIGHT_DIR, then a folder among the person's settings.
func (c *call) folder() (string, error) {
	if c.dir != "" {
		return c.dir, nil
	}
	if dir := c.env("DAYLIGHT_DIR"); dir != "" {
		return dir, nil
	}
	base, err := os.UserConfigDir()
	if err != nil {
		return "", wrongUse("it is not clear where the records are", "Say it with --dir DIR or in DAYLIGHT_DIR.")
	}
	return filepath.Join(base, "daylight"), nil
}

// office is --server, then DAYLIGHT_SERVER; empty for none.
func (c *call) office() string {
	if c.server != "" {
		return c.server
	}
	return c.env("DAYLIGHT_SERVER")
}

// log is for whoever looks for a fault: silent unless DAYLIGHT_LOG is set.
func (c *call) log() *slog.Logger {
	if c.env("DAYLIGHT_LOG") == "" {
		return nil
	}
	return slog.New(slog.NewTextHandler(c.err, nil))
}

// input reads all of a file, or of standard input for "" and "-". A Ctrl-C ends the
// wait for somebody who types.
func (c *call) input(ctx context.Context, file string) ([]byte, error) {
	const most = 64 << 20
	if file != "" && file != "-" {
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, fail(clientsync.NotFound, file+" cannot be read; nothing was saved", "Look at the name and whether you may read it.")
		}
		return b, nil
	}
	type answer struct {
		b   []byte
		err error
	}
	read := make(chan answer, 1)
	go func() {
		b, err := io.ReadAll(io.LimitReader(c.in, most+1))
		read <- answer{b, err}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case a := <-read:
		if a.err != nil {
			return nil, fail(0, "standard input could not be read to its end; nothing was saved", "")
		}
		if len(a.b) > most {
			return nil, fail(clientsync.TooLarge, "more than 64 MiB were given at once; nothing was saved", "Save in several steps.")
		}
		return a.b, nil
	}
}
