package localdb

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vault"
)

// column is one that is sealed or blinded, as the schema has it.
type column struct{ table, name string }

func columnsOf(t *testing.T, b *Book) (out []column) {
	t.Helper()
	err := b.Each(`
		SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND c.type = 'BLOB' ORDER BY 1, 2`, nil, func(scan func(...any) error) (bool, error) {
		var c column
		err := scan(&c.table, &c.name)
		out = append(out, c)
		return true, err
	})
	if err != nil || len(out) < 20 {
		t.Fatalf("%v, %v", out, err)
	}
	return out
}

// cells are the values of a column, different ones once.
func cells(t *testing.T, b *Book, c column) (out [][]byte) {
	t.Helper()
	err := b.Each(`SELECT DISTINCT `+c.name+` FROM `+c.table+` WHERE length(`+c.name+`) > 0`, nil, func(scan func(...any) error) (bool, error) {
		var v []byte
		err := scan(&v)
		out = append(out, bytes.Clone(v))
		return true, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var errUndo = errors.New("undone")

// altered runs an alteration in a transaction that is undone, and fails unless reading
// refuses something or misses it, and shows nothing that was not there.
func altered(t *testing.T, d opened, f *filled, what string, alter func(*Book) error) {
	t.Helper()
	err := d.Write(t.Context(), func(b *Book) error {
		before := f.read(b)
		for name, was := range before {
			if was.err != nil {
				t.Fatalf("%s: %v", name, was.err)
			}
		}
		if err := alter(b); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		b.self, b.unaccepted = nil, nil
		noticed := false
		for name, now := range f.read(b) {
			if now.err != nil {
				noticed = true
				if !errors.Is(now.err, vault.ErrAltered) && !errors.Is(now.err, errNoCertificate) {
					t.Errorf("%s: read by %s: %v", what, name, now.err)
				}
				continue
			}
			noticed = noticed || !slices.Equal(now.lines, before[name].lines)
			for _, line := range now.lines {
				if !slices.Contains(before[name].lines, line) {
					t.Errorf("%s: %s shows\n%s", what, name, line)
				}
			}
		}
		if !noticed {
			t.Errorf("%s: nobody has noticed", what)
		}
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		t.Fatal(err)
	}
}

func TestWhatWasAlteredIsNeverShown(t *testing.T) {
	d := open(t, t.TempDir())
	f := filling(t, d)
	write(t, d, f.merged)
	var all []column
	values := map[column][][]byte{}
	if err := d.Read(t.Context(), func(b *Book) error {
		all = columnsOf(t, b)
		for _, c := range all {
			values[c] = cells(t, b, c)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if len(values[c]) == 0 {
			t.Errorf("%s.%s is empty: it was not filled", c.table, c.name)
		}
		put := `UPDATE ` + c.table + ` SET ` + c.name + ` = ?2 WHERE ` + c.name + ` = ?1`
		t.Run(c.table+"."+c.name+" flipped", func(t *testing.T) {
			for i, v := range values[c] {
				for _, at := range []int{0, len(v) / 2, len(v) - 1} {
					bad := bytes.Clone(v)
					bad[at] ^= 0x10
					altered(t, d, f, fmt.Sprintf("value %d, byte %d", i, at), func(b *Book) error {
						_, err := b.Exec(put, v, bad)
						return err
					})
				}
			}
		})
		t.Run(c.table+"."+c.name+" cut", func(t *testing.T) {
			altered(t, d, f, "cut", func(b *Book) error {
				_, err := b.Exec(put, values[c][0], values[c][0][:len(values[c][0])-1])
				return err
			})
		})
		if c == (column{"entries", "position"}) {
			continue // how far the office is with an entry is not bound to it, see doc.go
		}
		if len(values[c]) < 2 {
			continue
		}
		t.Run(c.table+"."+c.name+" of two rows exchanged", func(t *testing.T) {
			x, y, between := values[c][0], values[c][len(values[c])-1], []byte("in between")
			if c.table == "touches" { // two of one entry may stand either way
				x, y = touched(t, d, 2), touched(t, d, 3)
			}
			altered(t, d, f, "exchanged", func(b *Book) error {
				var errs []error
				for _, step := range [][2][]byte{{x, between}, {y, x}, {between, y}} {
					_, err := b.Exec(put, step[0], step[1])
					errs = append(errs, err)
				}
				return errors.Join(errs...)
			})
		})
	}
}

// touched is a record behind the first of an entry, as it is stored.
func touched(t *testing.T, d opened, number int) (stored []byte) {
	t.Helper()
	err := d.Read(t.Context(), func(b *Book) error {
		return b.QueryRow(`SELECT record FROM touches WHERE number = ? LIMIT 1`, number).Scan(&stored)
	})
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

func TestWhatStandsBesideASealIsBoundToIt(t *testing.T) {
	d := open(t, t.TempDir())
	f := filling(t, d)
	for shows, text := range map[string]string{
		"a view under another parent":             `UPDATE views SET parent = (SELECT id FROM views WHERE number = 3) WHERE number = 4`,
		"a view without a parent":                 `UPDATE views SET parent = NULL WHERE number = 4`,
		"a view of another kind":                  `UPDATE views SET kind = (SELECT kind FROM views WHERE number = 2) WHERE number = 4`,
		"a view that is marked as removed":        `UPDATE views SET removed = 1 WHERE number = 4`,
		"as complete":                             `UPDATE views SET complete = 1 - complete WHERE number = 4`,
		"as in conflict":                          `UPDATE views SET conflict = 1 WHERE number = 4`,
		"as sent in another round":                `UPDATE views SET round = 99 WHERE number = 4`,
		"an entry with another number":            `UPDATE entries SET seq = 9 WHERE number = 2`,
		"an own entry as somebody else's":         `UPDATE entries SET peer = 1 WHERE number = 2`,
		"somebody else's as an own one":           `UPDATE entries SET peer = 0 WHERE number = 5`,
		"an entry of which a record was hidden":   `UPDATE entries SET more = 0 WHERE number = 2`,
		"or taken away":                           `DELETE FROM touches WHERE number = 2 AND record = (SELECT min(record) FROM touches WHERE number = 2)`,
		"or added":                                `INSERT INTO touches (number, record) SELECT 2, id FROM views WHERE number = 3`,
		"a key of another visit":                  `UPDATE sealers SET parent = (SELECT max(parent) FROM sealers) WHERE parent = (SELECT min(parent) FROM sealers)`,
		"an entry with another's seal and signer": `UPDATE peers SET signed = (SELECT writer FROM entries WHERE number = 1) WHERE number = 5`,
	} {
		t.Run(shows, func(t *testing.T) {
			altered(t, d, f, shows, func(b *Book) error {
				_, err := b.Exec(text)
				return err
			})
		})
	}
	singles := []string{"head", "self", "image", "keys", "tail", "enrolment", "directory", "note", "readers", "app"}
	for _, from := range singles {
		for _, to := range singles {
			if from != to {
				altered(t, d, f, from+" in the place of "+to, func(b *Book) error {
					_, err := b.Exec(`UPDATE ` + to + ` SET sealed = (SELECT sealed FROM ` + from + `)`)
					return err
				})
			}
		}
	}
}

func TestNothingStandsInTheClear(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir)
	f := filling(t, d)
	needles := map[string][]byte{}
	for _, text := range append(f.said, "Cell", "Bahar", "Farid", passphrase) {
		needles[fmt.Sprintf("the text %q", text)] = []byte(text)
	}
	for name, b := range f.named {
		needles[name] = b
		needles[name+" in hexadecimal"] = []byte(hex.EncodeToString(b))
	}
	for _, id := range f.records {
		needles["the id "+id.String()] = []byte(id.String())
	}
	for _, k := range record.Kinds() {
		if k != record.Note { // a table of the schema is called so
			needles["the kind "+k.String()] = []byte(k.String())
		}
	}
	search := func(when string, want ...string) {
		t.Helper()
		var seen []string
		all, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			b, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			if len(b) > 0 {
				seen = append(seen, e.Name())
			}
			for name, needle := range needles {
				if bytes.Contains(b, needle) {
					t.Errorf("%s: %s stands in %s", when, name, e.Name())
				}
			}
		}
		for _, name := range want {
			if !slices.Contains(seen, name) {
				t.Errorf("%s: there is nothing in %s, only in %v", when, name, seen)
			}
		}
	}
	search("while it is open", "vault.db", "vault.db-wal", "vault.key")
	kinds := 0
	if err := d.Read(t.Context(), func(b *Book) error {
		return b.Each(`SELECT kind FROM views`, nil, func(scan func(...any) error) (bool, error) {
			var n int64
			err := scan(&n)
			if n>>32 == 0 {
				t.Errorf("a kind is stored as %d", n)
			}
			kinds++
			return true, err
		})
	}); err != nil || kinds == 0 {
		t.Errorf("%d kinds, %v", kinds, err)
	}
	write(t, d, func(b *Book) error { return b.DropView(f.records[3]) })
	d.Close()
	search("when it is closed", "vault.db", "vault.key")
	for _, e := range []string{"vault.db-wal", "vault.db-shm"} {
		if _, err := os.Stat(filepath.Join(dir, e)); err == nil {
			t.Errorf("%s is left", e)
		}
	}
	if len(needles) < 80 || !strings.Contains(strings.Join(f.said, ""), "Cell 6") {
		t.Errorf("only %d things were looked for", len(needles))
	}
}
