package sqlitedb

import (
	"strings"
	"testing"
)

// A durable save as a device makes it: one row replaced, one row added. The
// difference between the two is what SecureDelete costs.
func BenchmarkSave(b *testing.B) {
	for name, o := range map[string]Options{"plain": {}, "secure delete": {SecureDelete: true}} {
		b.Run(name, func(b *testing.B) {
			o.Migrations = steps(`CREATE TABLE view (id INTEGER PRIMARY KEY, state BLOB) STRICT;
				CREATE TABLE entry (seq INTEGER PRIMARY KEY, payload BLOB) STRICT;`)
			d, err := Open(b.Context(), b.TempDir()+"/a.db", o)
			if err != nil {
				b.Fatal(err)
			}
			defer d.Close()
			state := []byte(strings.Repeat("x", 1000))
			for i := 0; b.Loop(); i++ {
				err := d.Write(b.Context(), func(tx *Tx) error {
					if _, err := tx.Exec(`REPLACE INTO view VALUES (?, ?)`, i*7919%500, state[:500+i%500]); err != nil {
						return err
					}
					_, err := tx.Exec(`INSERT INTO entry (payload) VALUES (?)`, state[:200])
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The cost of a transaction around one point read.
func BenchmarkRead(b *testing.B) {
	d, err := Open(b.Context(), b.TempDir()+"/a.db", Options{Migrations: notes})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	if err := d.Write(b.Context(), add("a")); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		err := d.Read(b.Context(), func(tx *Tx) error {
			var text string
			return tx.QueryRow(`SELECT text FROM note WHERE id = 1`).Scan(&text)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// Opening a file whose schema is up to date.
func BenchmarkOpen(b *testing.B) {
	path := b.TempDir() + "/a.db"
	for b.Loop() {
		d, err := Open(b.Context(), path, Options{Migrations: notes})
		if err != nil {
			b.Fatal(err)
		}
		d.Close()
	}
}
