package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func passphraseCommand() command {
	return command{
		name: "passphrase", line: "change what opens the folder, or suggest six words",
		long: `Asks for the old passphrase and for the new one, twice. No record is written anew.
--suggest chooses six words at random and prints them; nothing else happens. A folder
without a hardware key takes nothing weaker. Nobody can tell you a forgotten passphrase:
the office can open the folder with its recovery key, see "daylight help rescue".`,
		prepare: func(fs *flag.FlagSet) action {
			suggest := fs.Bool("suggest", false, "print six words")
			to := fs.String("new-file", "", "read the new passphrase from `FILE`")
			return func(ctx context.Context, c *call, _ []string) error {
				if *suggest {
					return c.suggest()
				}
				return c.changePassphrase(ctx, *to)
			}
		},
	}
}

func (c *call) suggest() error {
	words := clientsync.SuggestPassphrase()
	if c.json {
		return writeJSON(c.out, map[string]string{"passphrase": words})
	}
	_, err := fmt.Fprintln(c.out, words)
	return err
}

func (c *call) changePassphrase(ctx context.Context, file string) error {
	client, err := c.open(ctx)
	if err != nil {
		return err
	}
	old, err := c.passphrase()
	if err != nil {
		return err
	}
	var now string
	if file != "" {
		now, err = passphraseIn(file)
	} else {
		now, err = c.chosen()
	}
	if err != nil {
		return err
	}
	if err := client.SetPassphrase(ctx, old, now); err != nil {
		return err
	}
	if c.json {
		return writeJSON(c.out, map[string]bool{"changed": true})
	}
	_, err = fmt.Fprintln(c.out, "From now on the new passphrase opens the folder, and the old one does not.")
	return err
}

// passphrase is what opens the folder: in the file of --passphrase-file or of
// DAYLIGHT_PASSPHRASE_FILE, else typed. It is asked for once.
func (c *call) passphrase() (string, error) {
	if c.opens != "" {
		return c.opens, nil
	}
	var err error
	if file := c.namedFile(); file != "" {
		c.opens, err = passphraseIn(file)
	} else {
		c.opens, err = c.typed("Passphrase: ")
	}
	return c.opens, err
}

func (c *call) namedFile() string {
	if c.passphraseFile != "" {
		return c.passphraseFile
	}
	return c.env("DAYLIGHT_PASSPHRASE_FILE")
}

// chosen asks for a new one, which a slip of a finger shall not make.
func (c *call) chosen() (string, error) {
	fmt.Fprintf(c.err, "Choose a passphrase of six words. At random, this device suggests:\n\n    %s\n\nWrite it down and keep it apart from this device.\n", clientsync.SuggestPassphrase())
	first, err := c.typed("New passphrase: ")
	if err != nil {
		return "", err
	}
	again, err := c.typed("Once more: ")
	if err != nil {
		return "", err
	}
	if first != again {
		return "", fail(clientsync.Invalid, "the two are not the same; nothing was changed", "Start again.")
	}
	return first, nil
}

// longestPassphrase bounds what is read of a file, in bytes.
const longestPassphrase = 4 << 10

func passphraseIn(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", fail(clientsync.NotFound, "the file of the passphrase cannot be read; nothing was changed", "Look at its name and whether you may read it.")
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, longestPassphrase))
	text := strings.TrimRight(string(b), "\r\n")
	if err != nil || text == "" {
		return "", fail(clientsync.Invalid, "there is no passphrase in its file; nothing was changed", "The file holds the passphrase and nothing else.")
	}
	return text, nil
}

var errNobodyTypes = wrongUse("the folder's passphrase is needed, and nobody is there to type it",
	"Put it into a file that only you may read, and say where with --passphrase-file FILE or in DAYLIGHT_PASSPHRASE_FILE.")

// typed asks the person at the terminal, who may have sent something else through
// standard input. What is typed does not show.
func (c *call) typed(prompt string) (string, error) {
	tty, err := os.OpenFile(terminalName, os.O_RDWR, 0)
	if err != nil {
		return "", errNobodyTypes
	}
	defer tty.Close()
	if !term.IsTerminal(int(tty.Fd())) {
		return "", errNobodyTypes
	}
	fmt.Fprint(tty, prompt)
	b, err := term.ReadPassword(int(tty.Fd()))
	fmt.Fprintln(tty)
	if err != nil {
		return "", errors.Join(errNobodyTypes, err)
	}
	return string(b), nil
}
