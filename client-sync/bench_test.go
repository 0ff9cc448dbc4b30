package clientsync

import (
	"fmt"
	"github.com/daylight-npm/daylight/internal/vault"
	"path/filepath"
	"testing"
	"testing/fstest"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/sqlitedb"
)

// A durable save of a new finding, beside the barest durable commit of the same
// driver: one row into one table, synchronous FULL.
func BenchmarkSave(b *testing.B) {
	text := make([]byte, 400)
	for i := range text {
		text[i] = byte('a' + i*7%26)
	}
	b.Run("floor", func(b *testing.B) {
		d, err := sqlitedb.Open(b.Context(), filepath.Join(b.TempDir(), "bare.db"), sqlitedb.Options{
			Migrations: fstest.MapFS{"00001_bare.sql": {Data: []byte("-- +goose Up\nCREATE TABLE row (id INTEGER PRIMARY KEY, text BLOB) STRICT;")}},
		})
		if err != nil {
			b.Fatal(err)
		}
		defer d.Close()
		for b.Loop() {
			err := d.Write(b.Context(), func(tx *sqlitedb.Tx) error {
				_, err := tx.Exec(`INSERT INTO row (text) VALUES (?)`, text)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("new finding", func(b *testing.B) {
		c := benchClient(b)
		for i := 0; b.Loop(); i++ {
			f := finding(fmt.Sprint("title ", i))
			f.Narrative = proto.String(string(text))
			if err := c.Save(b.Context(), f); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("autosave", func(b *testing.B) {
		c := benchClient(b)
		f := finding("n")
		for i := 0; b.Loop(); i++ {
			f.Narrative = proto.String(fmt.Sprint(i, string(text)))
			if err := c.Save(b.Context(), f); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func benchClient(b *testing.B) *Client {
	b.Helper()
	c, err := Open(b.Context(), Config{Dir: b.TempDir(), Passphrase: passphrase, Cost: vault.ForTests})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close() })
	return c
}
