package scenario

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/daylight-npm/daylight/internal/enrol"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	"github.com/daylight-npm/daylight/internal/vault"
)

// key plants a key by its halves: half of one is too much already.
func (w *canaries) key(what string, k []byte) {
	for i := 0; i+16 <= len(k); i += 16 {
		w.plant(canary{secret, what, bytes.Clone(k[i : i+16]), false})
	}
}

// age plants an identity of age as text, and as the key that it spells.
func (w *canaries) age(what, text string) {
	w.plant(canary{secret, what + " as text", []byte(text), true})
	w.key(what, ageKey(text))
}

// ageKey reads Bech32 (BIP 173) without checking it: 32 bytes.
func ageKey(text string) (key []byte) {
	_, data, _ := strings.Cut(strings.ToLower(text), "1")
	var bits, n uint
	for _, r := range data[:len(data)-6] {
		bits, n = bits<<5|uint(strings.IndexRune("qpzry9x8gf2tvdw0s3jn54khce6mua7l", r)), n+5
		if n >= 8 {
			n -= 8
			key = append(key, byte(bits>>n))
		}
	}
	return key[:32]
}

// id plants the id of a record, a person or a device.
func (w *canaries) id(what, id string) {
	parsed, err := record.ParseID(id)
	if err != nil {
		w.t.Fatal(what, err)
	}
	w.plant(canary{identifier, what, parsed[:], false})
	w.plant(canary{identifier, what + " as text", []byte(id), true})
}

// wraps plants what a vault's key is wrapped in now.
func (w *canaries) wraps(dir string) {
	w.t.Helper()
	for _, name := range []string{"vault.key", "vault.recovery"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			w.t.Fatal(err)
		}
		if _, line, ok := strings.Cut(string(b), "\nkey "); ok {
			line, _, _ = strings.Cut(line, "\n")
			if b, err = hex.DecodeString(line); err != nil {
				w.t.Fatal(err)
			}
		}
		for i := 0; i+16 <= len(b); i += 16 {
			w.plant(canary{wrapped, "what " + name + " wraps", b[i : i+16], false})
		}
	}
}

// drawn is what a device draws at random. Nothing but keys has 32 bytes.
type drawn struct{ w *canaries }

func (d drawn) Read(b []byte) (int, error) {
	n, err := rand.Read(b)
	if len(b) == 32 {
		d.w.key("a key that a device has drawn", b)
		// As internal/vault derives the keys of a vault's rows from it.
		for _, label := range []string{"rows0", "blind0", "blind1", "blind2", "blind3", "blind4", "blind5", "digest0"} {
			k, err := hkdf.Expand(sha256.New, b, "daylight/v1 vault "+label, 32)
			if err != nil {
				panic(err)
			}
			d.w.key("a key of a vault's rows", k)
		}
	}
	return n, err
}

// opens is what a thief with the passphrase would read in a closed folder: the device's
// keys and its token. It shows as well that they are there.
func (w *canaries) opens(dir string) {
	w.t.Helper()
	copied := w.t.TempDir()
	w.copies(copied, dir)
	v := vault.Vault{Dir: copied, Cost: vault.ForTests}
	keys, err := v.Unlock(w.passphrases[dir])
	if err != nil {
		w.t.Fatal(err)
	}
	file, err := sqlitedb.Open(w.t.Context(), filepath.Join(copied, "vault.db"), sqlitedb.Options{Application: 0x44617956, ReadOnly: true})
	if err != nil {
		w.t.Fatal(err)
	}
	defer file.Close()
	var has struct {
		Seed, Token    []byte
		BundleIdentity string
		Device, Person string
		Words          string
	}
	err = file.Read(w.t.Context(), func(tx *sqlitedb.Tx) error {
		for _, table := range []string{"keys", "enrolment"} {
			var b []byte
			if err := tx.QueryRow(`SELECT sealed FROM ` + table).Scan(&b); err != nil {
				return err
			}
			b, err := keys.Open(vault.Place{Table: table, Column: "sealed"}, b)
			if err == nil {
				err = json.Unmarshal(b, &has)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || len(has.Seed) != 32 || len(has.Token) != 32 {
		w.t.Fatalf("the keys of %s cannot be read: %v", dir, err)
	}
	w.key("a device's key", has.Seed)
	w.key("a device's token", has.Token)
	w.plant(canary{secret, "a device's token as text", []byte(enrol.Token(has.Token).Text()), true})
	w.age("what opens a device's bundles", has.BundleIdentity)
	w.id("a person's id", has.Person)
	w.id("a device's id", has.Device)
	w.plant(canary{address, "the six words", []byte(has.Words), true})
}
