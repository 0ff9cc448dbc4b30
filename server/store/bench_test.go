package store

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
)

// seasonOf is a device's season: n records, 49 findings to each visit, in batches
// of about 256 KiB.
func seasonOf(tb testing.TB, n int) (batches []journal.Batch, size int) {
	d := newDevice(1)
	facility := d.save(tb, aFacility("Central prison", "CP-1"))
	visit := facility
	queued := 0
	for i := 1; i < n; i++ {
		if i%50 == 1 {
			v := aVisit(facility)
			v.State, v.FacilityId = nil, nil
			visit = d.save(tb, v)
		} else {
			d.save(tb, aFinding(visit, fmt.Sprintf("Cell %d: %s", i, strings.Repeat("six persons share twelve square metres. ", 5+i%10))))
		}
		if last := len(d.queue[len(d.queue)-1]); queued+last > 256<<10 {
			batches = append(batches, d.batch())
			queued = 0
		} else {
			queued += last
			size += last
		}
	}
	if len(d.queue) > 0 {
		batches = append(batches, d.batch())
	}
	return batches, size
}

// A device's season arrives, beside the same payloads put into one table in one
// transaction.
func BenchmarkIngest(b *testing.B) {
	batches, size := seasonOf(b, 6000)
	b.Run("floor", func(b *testing.B) {
		b.SetBytes(int64(size))
		for b.Loop() {
			b.StopTimer()
			db := plainTable(b)
			b.StartTimer()
			plainIngest(b, db, batches)
			b.StopTimer()
			db.Close()
			b.StartTimer()
		}
	})
	b.Run("store", func(b *testing.B) {
		b.SetBytes(int64(size))
		for b.Loop() {
			b.StopTimer()
			w := newWorld(b)
			b.StartTimer()
			storeIngest(b, w, batches)
			b.StopTimer()
			if head := must(w.Head(b.Context()))(b); head < 6000 {
				b.Fatal(head)
			}
			w.Close()
			b.StartTimer()
		}
	})
}

func plainIngest(b *testing.B, db *sqlitedb.DB, batches []journal.Batch) {
	err := db.Write(b.Context(), func(tx *sqlitedb.Tx) error {
		for _, batch := range batches {
			for i, l := range batch.Links() {
				if _, err := tx.Exec(`INSERT INTO plain (id, value) VALUES (?, ?)`, l[:16], batch.Payloads[i]); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

func storeIngest(b *testing.B, w *world, batches []journal.Batch) {
	for i, batch := range batches {
		ask := exchange.Ask{MoreOwn: i < len(batches)-1}
		ask.Own.Writer, ask.Own.Seq = batch.Writer, batch.LastSeq()
		if _, err := w.Sync(b.Context(), []journal.Batch{batch}, ask); err != nil {
			b.Fatal(err)
		}
	}
}

func plainTable(b *testing.B) *sqlitedb.DB {
	db, err := sqlitedb.Open(b.Context(), b.TempDir()+"/plain.db", sqlitedb.Options{})
	if err != nil {
		b.Fatal(err)
	}
	err = db.Write(b.Context(), func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec(`CREATE TABLE plain (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, value BLOB NOT NULL) STRICT`)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return db
}

// 32 devices push one change each at a time, as fast as they are answered.
func BenchmarkSinglePushes(b *testing.B) {
	w := newWorld(b)
	devices := make(chan *device, 32)
	for n := range cap(devices) {
		d := newDevice(byte(n + 1))
		d.save(b, aFinding(d.newID(), "The first of this device."))
		d.push(w)
		devices <- d
	}
	b.SetParallelism(cap(devices) / runtime.GOMAXPROCS(0))
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		d := <-devices
		for pb.Next() {
			d.save(b, aFinding(d.newID(), "Six persons share 12 m2."))
			_, err := w.Sync(context.Background(), []journal.Batch{d.batch()}, exchange.Ask{Own: d.head, MoreOwn: true})
			if err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pushes/s")
}
