package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
)

func TestCheckFindsWhatWasAltered(t *testing.T) {
	for shows, c := range map[string]struct{ alter, want string }{
		"a payload":           {`UPDATE log SET payload = CAST(payload || x'00' AS BLOB) WHERE position = 3`, "position 3: the link does not follow"},
		"a link":              {`UPDATE log SET link = zeroblob(32) WHERE position = 2`, "position 2: the link does not follow"},
		"a missing entry":     {`DELETE FROM touches WHERE position = 5; DELETE FROM seals WHERE position = 5; DELETE FROM log WHERE position = 5`, "position 5: the log has a gap"},
		"a cut end":           {`DELETE FROM touches WHERE position = 11; DELETE FROM seals WHERE position = 11; DELETE FROM log WHERE position = 11`, "counter of positions"},
		"a seal":              {`UPDATE seals SET signature = zeroblob(64) WHERE position = (SELECT max(position) FROM seals)`, "the seal does not vouch"},
		"a lost seal":         {`DELETE FROM seals WHERE position = (SELECT max(position) FROM seals)`, "no seal vouches for its last entry"},
		"a certificate":       {`UPDATE certificates SET body = zeroblob(9)`, "the certificate of its seal cannot be read"},
		"a time":              {`UPDATE log SET time = 7 WHERE position = 1`, "the time differs"},
		"a decision":          {`UPDATE log SET decision = 1, reason = 0 WHERE decision = 2`, "cannot be read is marked as accepted"},
		"a state":             {`UPDATE records SET state = (SELECT state FROM records WHERE number = 2) WHERE number = 3`, "its state does not follow"},
		"an erased state":     {`UPDATE records SET state = x'' WHERE number = 3`, "its state does not follow"},
		"a record's position": {`UPDATE records SET position = 1 WHERE number = 3`, "its last change differs"},
		"a history":           {`DELETE FROM touches WHERE record = 1 AND position = (SELECT min(position) FROM touches WHERE record = 1)`, "table touches"},
		"a foreign history":   {`INSERT INTO touches VALUES (1, 3)`, "which it does not edit"},
		"a row of the lists":  {`UPDATE findings SET area = 'HLT'`, "its row differs from its state"},
		"a missing row":       {`DELETE FROM visits`, "table visits"},
		"a row too many":      {`INSERT INTO terms VALUES (1, 0, 0, '', '')`, "table terms"},
		"a type":              {`DELETE FROM facility_types WHERE type = 'REMAND'`, "its rows in facility_types differ"},
		"a writer's head":     {`UPDATE writers SET seq = seq + 1 WHERE number = 1`, "its head differs"},
		"a lost writer":       {`DELETE FROM writers WHERE number = 1`, "not among the writers"},
		"a writer's key":      {`UPDATE writers SET key = zeroblob(32) WHERE number = 1`, "another key than the writer's"},
	} {
		t.Run(shows, func(t *testing.T) {
			w := newWorld(t)
			busy(t, w)
			w.whole()
			err := w.db.Write(t.Context(), func(tx *sqlitedb.Tx) error {
				_, err := tx.Exec(c.alter)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			w.reopen() // nothing that was read before may hide it
			if found := strings.Join(w.deviations(), "\n"); !strings.Contains(found, c.want) {
				t.Errorf("found %q, want %q", found, c.want)
			}
		})
	}
}

// Device 1 has 1 and 3 in the log and 2 awaited, device 2 two runs awaited, and of device 3
// what was awaited came behind what follows it.
func TestCheckFindsWhatWasAlteredOfWhatIsAwaited(t *testing.T) {
	const one, two, last = `writer = x'01000000000000000000000000000000'`, `writer = x'02000000000000000000000000000000'`, `seq = 4`
	for shows, c := range map[string]struct{ alter, want string }{
		"a hash":              {`UPDATE awaited SET hash = zeroblob(32) WHERE ` + one, "awaited entry 2 of writer 01000000000000000000000000000000: the link does not follow"},
		"a previous link":     {`UPDATE awaited SET previous = zeroblob(32) WHERE ` + one, "the link does not follow"},
		"a link":              {`UPDATE awaited SET link = zeroblob(32) WHERE ` + one, "the link does not follow"},
		"a seq":               {`UPDATE awaited SET seq = 9 WHERE ` + one, "does not follow its writer's last one"},
		"a last seq":          {`UPDATE awaited SET seq = 5 WHERE ` + two + ` AND ` + last, "awaited entry 5 of writer 02000000000000000000000000000000: the entry does not follow"},
		"a writer":            {`UPDATE awaited SET writer = x'02000000000000000000000000000000' WHERE ` + one, "does not follow its writer's last one"},
		"a foreign writer":    {`UPDATE awaited SET writer = zeroblob(16) WHERE ` + one, "not among the writers"},
		"a lost one":          {`DELETE FROM awaited WHERE ` + one, "position 2: the entry does not follow its writer's last one"},
		"a lost head":         {`DELETE FROM awaited WHERE ` + two + ` AND ` + last, "writer 02000000000000000000000000000000: its head differs"},
		"a lost chain":        {`DELETE FROM awaited WHERE ` + two, "writer 02000000000000000000000000000000: its head differs"},
		"one in the log, too": {`INSERT INTO awaited (link, writer, seq, previous, hash) SELECT link, writer, seq, previous, zeroblob(32) FROM log WHERE position = 1`, "position 1: the entry is in the log, and awaited"},
		"one too many":        {`INSERT INTO awaited (link, writer, seq, previous, hash) SELECT zeroblob(32), writer, seq + 1, link, hash FROM awaited WHERE ` + two + ` AND ` + last, "its head differs"},
		"a seal":              {`UPDATE awaited SET signature = zeroblob(64) WHERE ` + two + ` AND ` + last, "awaited entry 4 of writer 02000000000000000000000000000000: the seal does not vouch"},
		"a seal between":      {`UPDATE awaited SET signature = zeroblob(64) WHERE ` + two + ` AND seq = 3`, "awaited entry 3 of writer 02000000000000000000000000000000: the seal does not vouch"},
		"who signed":          {`UPDATE awaited SET signed = zeroblob(16) WHERE ` + two + ` AND ` + last, "the seal does not vouch"},
		"a certificate":       {`UPDATE awaited SET serial = zeroblob(16) WHERE ` + two + ` AND ` + last, "the certificate of its seal is missing"},
		"another's seal":      {`UPDATE awaited SET serial = x'01000000000000000000000000000000' WHERE ` + two + ` AND ` + last, "the seal was made with another key than the writer's"},
		"a lost seal":         {`UPDATE awaited SET signed = NULL, serial = NULL, signature = NULL WHERE ` + two + ` AND ` + last, "no seal vouches for its last entry"},
		"a moved seal":        {`DELETE FROM seals WHERE position = (SELECT position FROM log WHERE writer = x'03000000000000000000000000000000' AND seq = 3)`, "no seal vouches for its last entry"},
		"a writer's head":     {`UPDATE writers SET link = zeroblob(32) WHERE id = x'02000000000000000000000000000000'`, "its head differs"},
		"a head's position":   {`UPDATE writers SET position = 1 WHERE id = x'02000000000000000000000000000000'`, "its head differs"},
		"a late one's place":  {`UPDATE log SET seq = 4 WHERE position = 5`, "position 5: the entry does not follow"},
		"what it follows":     {`UPDATE log SET previous = zeroblob(32) WHERE position = 5`, "position 5: the link does not follow"},
	} {
		t.Run(shows, func(t *testing.T) {
			w := newWorld(t)
			_, first, _ := threeOf(t, 1)
			d, second, _ := threeOf(t, 2)
			_, third, _ := threeOf(t, 3)
			d.save(t, aFinding(record.ID{1}, "Cell 4"))
			w.bring(without(first, 1), without(second, 0, 1, 2), without(d.batch(), 0), without(third, 0, 2))
			w.bring(without(third, 0))
			w.bring(third)
			w.whole()
			err := w.db.Write(t.Context(), func(tx *sqlitedb.Tx) error {
				_, err := tx.Exec(c.alter)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			w.reopen()
			if found := strings.Join(w.deviations(), "\n"); !strings.Contains(found, c.want) {
				t.Errorf("found %q, want %q", found, c.want)
			}
		})
	}
}

func TestSecondOpenerIsToldWhoHasTheFolder(t *testing.T) {
	w := newWorld(t)
	var held *sqlitedb.HeldError
	if s, err := Open(t.Context(), w.config); !errors.As(err, &held) || held.PID != os.Getpid() {
		t.Errorf("%v %v, want that the folder is held", s, err)
	}
}

func TestForeignFileIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "daylight.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("Not a database. ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Config{Dir: dir}); !errors.Is(err, sqlitedb.ErrDamaged) {
		t.Errorf("%v, want that it is damaged", err)
	}
	if b, _ := os.ReadFile(path); len(b) != 16000 {
		t.Error("it was altered")
	}
}

func TestFullDiskLosesNothingThatWasThere(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.MaxPages = 200 })
	d := newDevice(1)
	d.save(t, aFinding(record.ID{1}, "Six persons share 12 m2."))
	d.push(w)
	before := w.digest()
	big := newDevice(2)
	for i := range 10 {
		big.save(t, aFinding(record.ID{1}, fmt.Sprint(i)+strings.Repeat("x", 100<<10)))
	}
	_, err := w.Sync(t.Context(), []journal.Batch{big.batch()}, exchange.Ask{Own: big.head})
	if !errors.Is(err, sqlitedb.ErrFull) {
		t.Errorf("%v, want that the disk is full", err)
	}
	if w.digest() != before {
		t.Error("something of it was kept")
	}
	d.save(t, aFinding(record.ID{1}, "This one is small."))
	d.push(w)
	w.whole()
}

// A push that fills the disk fails alone, though it shared its transaction.
func TestFullDiskStopsOnlyTheOneThatFillsIt(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.MaxPages = 200 })
	small, big := newDevice(1), newDevice(2)
	small.save(t, aFinding(record.ID{1}, "Six persons share 12 m2."))
	for i := range 10 {
		big.save(t, aFinding(record.ID{1}, fmt.Sprint(i)+strings.Repeat("x", 100<<10)))
	}
	var group []*job
	for _, b := range []journal.Batch{big.batch(), small.batch()} {
		group = append(group, &job{ctx: context.Background(), done: make(chan error, 1), do: func(l *ledger) error {
			_, err := l.ingest([]journal.Batch{b}, exchange.Terms{})
			return err
		}})
	}
	w.commits.commit(group)
	if err := <-group[0].done; !errors.Is(err, sqlitedb.ErrFull) {
		t.Errorf("%v, want that the disk is full", err)
	}
	if err := <-group[1].done; err != nil {
		t.Error(err)
	}
	w.whole()
}
