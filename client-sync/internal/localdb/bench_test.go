package localdb

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"testing/fstest"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// states makes n records of about a kilobyte, as an office sends them.
func states(n int) (out []*daylightv1.RecordState) {
	text := make([]byte, 700)
	for i := range text {
		text[i] = byte('a' + i*7%26)
	}
	for i := range n {
		s := fold.New()
		r := record.ID{6: 0x70, 8: 0x80, 12: byte(i >> 24), 13: byte(i >> 16), 14: byte(i >> 8), 15: byte(i)}
		var edits []fold.Edit
		for field, value := range map[int32]string{1: r.String(), 10: id(1).String(), 12: "cells", 26: fmt.Sprint("title ", i), 27: string(text)} {
			v := protowire.AppendString(protowire.AppendTag(nil, protowire.Number(field), protowire.BytesType), value)
			edits = append(edits, fold.Edit{Path: fold.Path{Field: field}, Value: v})
		}
		s.Apply(fold.Stamp{Dot: fold.Dot{Writer: writer(byte(i)), Seq: 1}, Time: fold.Time(i)}, edits)
		out = append(out, &daylightv1.RecordState{Kind: uint32(record.Finding), Id: r[:], State: s.Encode()})
	}
	return out
}

// Taking pages of 1,000 records, beside inserting the same bytes into a plain
// table in transactions of the same size.
func BenchmarkTake(b *testing.B) {
	const pages, rows = 6, 1000
	all := states(pages * rows)
	b.Run("floor", func(b *testing.B) {
		for b.Loop() {
			d := bare(b, `CREATE TABLE view (number INTEGER PRIMARY KEY, id BLOB UNIQUE, state BLOB) STRICT`)
			var err error
			for p := 0; p < pages && err == nil; p++ {
				err = d.Write(b.Context(), func(tx *sqlitedb.Tx) error {
					for _, r := range all[p*rows : (p+1)*rows] {
						if _, err := tx.Exec(`INSERT INTO view (id, state) VALUES (?, ?)`, r.Id, r.State); err != nil {
							return err
						}
					}
					return nil
				})
			}
			if err != nil {
				b.Fatal(err)
			}
			d.Close()
		}
	})
	b.Run("take", func(b *testing.B) {
		env := exchange.Env{Random: func(b []byte) { clear(b); b[0] = 1 }}
		for b.Loop() {
			d, err := openFolder(b.Context(), options(b.TempDir()))
			if err == nil {
				err = d.Write(b.Context(), func(book *Book) error { return exchange.SetUp(book, env) })
			}
			for p := 0; p < pages && err == nil; p++ {
				answer := &daylightv1.SyncResponse{Epoch: []byte("epoch"), Cursor: []byte{byte(p)}, States: all[p*rows : (p+1)*rows], More: p < pages-1}
				err = d.Write(b.Context(), func(book *Book) error {
					device, err := exchange.NewDevice(book, env)
					if err == nil {
						_, err = device.Take(exchange.Sent{}, answer)
					}
					return err
				})
			}
			if err != nil {
				b.Fatal(err)
			}
			d.Close()
		}
	})
}

// bare is a database with one table and nothing around it.
func bare(b *testing.B, schema string) *sqlitedb.DB {
	b.Helper()
	d, err := sqlitedb.Open(context.Background(), filepath.Join(b.TempDir(), "bare.db"), sqlitedb.Options{
		Migrations: fstest.MapFS{"00001_bare.sql": {Data: []byte("-- +goose Up\n" + schema + ";")}},
	})
	if err != nil {
		b.Fatal(err)
	}
	return d
}
