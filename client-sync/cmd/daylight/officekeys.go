package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// What is written beside a secret, for whoever finds the paper in ten years.
const (
	recoveryRemarks = `# The recovery key of an office that uses Daylight.
# It opens what every device and every reader of the office seals, whatever passphrase or
# phone is lost. Whoever has it and a device's folder, or the server's disk, reads that.
# Keep it on paper, twice, in two places, and away from every computer that is in use.
# Keep it also when the office has a later one: what was sealed before opens with this.
`
	rootRemarks = `# The root key of an office that uses Daylight.
# It signs who may read what is sealed, and the office's next root key. Whoever has it, and
# the server, can let others read.
# Keep it on paper, twice, in two places, and never on the server.
`
)

// newKey makes a key of the office, and shows the half that is no secret.
func (c *call) newKey(s signing, which string) error {
	switch {
	case which != "recovery" && which != "root":
		return wrongUse("there is no "+quoted(which)+" key", "It is recovery or root.")
	case s.hybrid && which == "root":
		return wrongUse("--hybrid is for a recovery key: a root key is Ed25519", "Leave it out.")
	case s.out == "":
		return wrongUse("--out says where the secret is written, and is missing", "Use: daylight office new-key "+which+" --out FILE")
	}
	if _, err := os.Lstat(s.out); err == nil {
		return fail(clientsync.Conflicting, s.out+" is there already; no key was made", "Name another file: a key is never written over.")
	}
	secret, public, words, err := makeKey(which, s.hybrid)
	if err != nil {
		return err
	}
	remarks, called := recoveryRemarks, "# Its public half: "
	if which == "root" {
		remarks = rootRemarks
		called = "# Its six words: " + words + "\n" + called
	}
	if err := writeWhole(s.out, false, func(w io.Writer) error {
		_, err := io.WriteString(w, remarks+called+public+"\n"+secret+"\n")
		return err
	}); err != nil {
		return err
	}
	if c.json {
		out := map[string]any{"file": s.out, "public": public}
		if words != "" {
			out["words"] = words
		}
		return writeJSON(c.out, out)
	}
	fmt.Fprintf(c.out, "Wrote the secret half to %s, which only you may read. The public half is\n\n  %s\n\n", s.out, public)
	if which == "root" {
		fmt.Fprintf(c.out, "and its words are: %s\n\n", words)
	}
	fmt.Fprintln(c.out, "Copy the file to paper twice, compare both with it, put them into two places, and only\nthen use the public half:")
	if which == "root" {
		fmt.Fprintln(c.out, "  daylightd readers propose --data DIR --next-root PUBLIC LIST")
	} else {
		fmt.Fprintln(c.out, "  daylightd office recovery --data DIR PUBLIC")
	}
	return nil
}

func makeKey(which string, hybrid bool) (secret, public, words string, err error) {
	if which == "recovery" {
		secret, public, err = clientsync.NewRecoveryKey(hybrid)
		return secret, public, "", err
	}
	if secret, public, err = clientsync.NewRootKey(); err != nil {
		return "", "", "", err
	}
	words, err = clientsync.RootWords(secret)
	return secret, public, words, err
}

// testKey shows that a key on paper is still the office's.
func (c *call) testKey(s signing, args []string) error {
	switch {
	case args[0] == "root" && len(args) == 2:
		return c.testRoot(s, args[1])
	case args[0] == "recovery" && len(args) == 1:
		return c.testRecovery(s)
	}
	return wrongUse("office: say test root SIGNED, or test recovery", "Use: daylight office test recovery --key-file KEY [--against FILE]")
}

func (c *call) testRoot(s signing, name string) error {
	key, err := rootKey(s.keyFile)
	if err != nil {
		return err
	}
	signed, err := fileOf(name, longestList)
	if err != nil {
		return err
	}
	version, err := clientsync.TryRootKey(key, signed)
	if err != nil {
		return err
	}
	words, err := clientsync.RootWords(key)
	if err != nil {
		return err
	}
	if c.json {
		return writeJSON(c.out, map[string]any{"version": version, "words": words})
	}
	fmt.Fprintf(c.out, "This root key has signed version %d of the list of readers. Its words are: %s\n", version, words)
	return nil
}

// openedWords say what a recovery key has opened.
var openedWords = map[clientsync.Opened]string{
	clientsync.OpenedProbe:       "a probe that was made for it just now",
	clientsync.OpenedDevice:      "what a device keeps for the office: the key of its folder",
	clientsync.OpenedCompartment: "the key of a compartment of a visit",
	clientsync.OpenedOther:       "the file, in which there is something else than a key of a device or of a compartment",
}

func (c *call) testRecovery(s signing) error {
	key, err := secretIn(s.recoveryFile, "--key-file", "the office's recovery key", "nothing was opened")
	if err != nil {
		return err
	}
	var against []byte
	if s.against != "" {
		if against, err = madeFor(s.against); err != nil {
			return err
		}
	}
	recipient, opened, err := clientsync.TryRecoveryKey(key, against)
	if err != nil {
		return err
	}
	if c.json {
		return writeJSON(c.out, map[string]any{"recipient": recipient, "opened": opened})
	}
	fmt.Fprintf(c.out, "This recovery key opens %s.\nIts public half is\n\n  %s\n\n", openedWords[opened], recipient)
	if s.against == "" {
		fmt.Fprintln(c.out, "Compare it with the office's: daylightd office show. If it is the same, the office still has\nits recovery key. What a device keeps shows more: --against DIR, the folder of a device.")
	}
	return nil
}

// madeFor reads what may have been made for the recovery key: a file, or that of a
// device's folder.
func madeFor(name string) ([]byte, error) {
	const most = 1 << 20
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		file := filepath.Join(name, clientsync.RecoveryFile)
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return nil, fail(clientsync.NotFound, "in "+name+" there is nothing for the office to open: no "+clientsync.RecoveryFile,
				"A device has it once it is enrolled with an office that has a recovery key.")
		}
		name = file
	}
	return fileOf(name, most)
}

// fileOf reads a file that is no secret.
func fileOf(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fail(clientsync.NotFound, name+" cannot be read; nothing was done", "Look at the name and whether you may read it.")
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil, fail(0, name+" could not be read to its end; nothing was done", "Copy it to this device, and use the copy.")
	}
	return b, nil
}

// secretIn reads the file of a key; what is in it is the library's to judge. Errors name
// the file and nothing of it.
func secretIn(name, flag, what, kept string) (string, error) {
	const most = 4<<10 + 1
	if name == "" {
		return "", wrongUse(flag+" says where "+what+" is, and is missing", "It is a file with the key as it was shown or written when it was made.")
	}
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fail(clientsync.NotFound, "there is no file "+name+"; "+kept, "Put the medium with the key in, and look at the name.")
	} else if err != nil {
		return "", fail(clientsync.Denied, name+" cannot be read; "+kept, "Look whether you may read it.")
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return "", fail(0, name+" could not be read; "+kept, "Look whether it is a file, and whether its medium is sound.")
	}
	return strings.TrimPrefix(string(b), "\ufeff"), nil // as some editors begin a file
}
