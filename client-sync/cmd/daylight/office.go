package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func officeCommand() command {
	return command{
		name: "office", args: "sign|words|new-key|test ...", least: 1, most: 3,
		line: "use, make and test the office's own keys, at a desk that is not its server",
		long: `Who may read what is sealed is a list that the office's root key signs: the server only
proposes it, and no device believes one that is not signed.

  daylight office sign --root-key-file KEY [--yes] [--out FILE] [--force] LIST
  daylight office words --root-key-file KEY
  daylight office new-key recovery --out FILE [--hybrid]
  daylight office new-key root --out FILE
  daylight office test recovery --key-file KEY [--against FILE]
  daylight office test root --root-key-file KEY SIGNED

sign shows the list and asks for a yes; --yes goes without. It writes the signed list to
FILE, or to standard output. A list that names a next root key shows its six words:
compare them with the paper of that key. words shows those of a root key: a device that
shows the same words knows this office's key, and not one that its server made up.

new-key makes a recovery key or a root key, writes the secret half to FILE, which must
not be there, and shows the public half only. --hybrid makes a recovery key that is to
withstand quantum computers too; its public half fills a page.

test shows that a key still does what it is kept for. A recovery key opens FILE, which
may be the folder of a device, or else a probe. A root key has signed the list SIGNED.

KEY is a file with the key as daylightd init showed it or new-key wrote it; lines that
begin with # are remarks. Keep it on a medium that is put away again, and never on the
server. No secret half is ever shown.`,
		prepare: prepareOffice,
	}
}

// signing is what "office" was told.
type signing struct {
	keyFile, recoveryFile, against, out string
	yes, force, hybrid                  bool
}

func prepareOffice(fs *flag.FlagSet) action {
	var s signing
	fs.StringVar(&s.keyFile, "root-key-file", "", "`KEY` is a file with the office's root key")
	fs.StringVar(&s.recoveryFile, "key-file", "", "test recovery: `KEY` is a file with the office's recovery key")
	fs.StringVar(&s.against, "against", "", "test recovery: open `FILE`, or what a device keeps in the folder FILE")
	fs.StringVar(&s.out, "out", "", "sign, new-key: write to `FILE`, which only you may read")
	fs.BoolVar(&s.yes, "yes", false, "sign: do not ask")
	fs.BoolVar(&s.force, "force", false, "sign: write over a file that is there")
	fs.BoolVar(&s.hybrid, "hybrid", false, "new-key recovery: one against quantum computers too")
	return func(ctx context.Context, c *call, args []string) error {
		switch {
		case args[0] == "sign" && len(args) == 2:
			return c.sign(ctx, s, args[1])
		case args[0] == "words" && len(args) == 1:
			return c.rootWords(s)
		case args[0] == "new-key" && len(args) == 2:
			return c.newKey(s, args[1])
		case args[0] == "test" && len(args) > 1:
			return c.testKey(s, args[1:])
		}
		return wrongUse("office: say sign LIST, words, new-key recovery or root, or test recovery or root", "Use: daylight office sign --root-key-file KEY LIST")
	}
}

func (c *call) rootWords(s signing) error {
	key, err := rootKey(s.keyFile)
	if err != nil {
		return err
	}
	words, err := clientsync.RootWords(key)
	if err != nil {
		return err
	}
	if c.json {
		return writeJSON(c.out, map[string]any{"words": words})
	}
	fmt.Fprintln(c.out, words)
	return nil
}

func (c *call) sign(ctx context.Context, s signing, name string) error {
	switch {
	case c.json && s.out == "":
		return wrongUse("--json needs --out FILE here: a signed list is not JSON", "Use: daylight office sign --root-key-file KEY --out FILE LIST")
	case !s.yes && (name == "-" || !isTerminal(c.in)):
		return wrongUse("nobody can be asked here whether the list is right", "Use a terminal and a file, or say --yes when somebody has read it.")
	}
	key, err := rootKey(s.keyFile)
	if err != nil {
		return err
	}
	words, err := clientsync.RootWords(key)
	if err != nil {
		return err
	}
	list, err := c.listToSign(ctx, name)
	if err != nil {
		return err
	}
	text, err := clientsync.DescribeReaders(list)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.err, "%s\nThe root key's words: %s\n\n", clean(text), words)
	if !s.yes {
		if err := c.agreed(ctx); err != nil {
			return err
		}
	}
	signed, err := clientsync.SignReaders(list, key)
	if err != nil {
		return err
	}
	return c.putSigned(s, signed)
}

// longestList bounds what is read of a list: one that can be signed is smaller.
const longestList = 1 << 20

func (c *call) listToSign(ctx context.Context, name string) ([]byte, error) {
	if name == "-" {
		return c.input(ctx, name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fail(clientsync.NotFound, name+" cannot be read; nothing was signed", "Look at the name and whether you may read it.")
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, longestList))
	if err != nil {
		return nil, fail(0, name+" could not be read to its end; nothing was signed", "Copy it to this device, and sign the copy.")
	}
	return b, nil
}

// agreed asks whoever sits there. Only the whole word will do. A Ctrl-C ends the wait.
func (c *call) agreed(ctx context.Context) error {
	fmt.Fprint(c.err, "Is this who may read, and nobody else? Type yes to sign: ")
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(io.LimitReader(c.in, 100)).ReadString('\n')
		answer <- strings.TrimSpace(line)
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case a := <-answer:
		if !strings.EqualFold(a, "yes") {
			return fail(clientsync.Invalid, "nothing was signed", "Have roles changed at the office, and a list written again: daylightd readers propose.")
		}
		return nil
	}
}

func (c *call) putSigned(s signing, signed []byte) error {
	if s.out == "" {
		_, err := c.out.Write(signed)
		return err
	}
	err := writeWhole(s.out, s.force, func(w io.Writer) error {
		_, err := w.Write(signed)
		return err
	})
	switch {
	case err != nil:
		return err
	case c.json:
		return writeJSON(c.out, map[string]any{"file": s.out})
	}
	fmt.Fprintf(c.out, "Wrote the signed list to %s. Take it to the server: daylightd readers take\n", s.out)
	return nil
}

func rootKey(name string) (string, error) {
	return secretIn(name, "--root-key-file", "the office's root key", "nothing was signed")
}
