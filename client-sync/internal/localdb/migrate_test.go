package localdb

import (
	"crypto/ed25519"
	"io/fs"
	"path/filepath"
	"reflect"
	"testing"
	"testing/fstest"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
)

// beforePeers makes the file of a program that kept no entries of others: two own ones,
// of which the office has accepted the first.
func beforePeers(t *testing.T, dir string) (one, two exchange.Noted) {
	t.Helper()
	steps := fstest.MapFS{}
	for _, name := range []string{"00001_device.sql", "00002_enrolment.sql", "00003_unswept.sql", "00004_directory.sql"} {
		text, err := fs.ReadFile(migrations(), name)
		if err != nil {
			t.Fatal(err)
		}
		steps[name] = &fstest.MapFile{Data: text}
	}
	file, err := sqlitedb.Open(t.Context(), filepath.Join(dir, fileName), sqlitedb.Options{Migrations: steps, Application: application})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	one, two = entry(writer(1), 1, id(1), id(2)), entry(writer(1), 2, id(3))
	one.Number, one.Decision, one.Position, two.Number = 1, exchange.Accepted, 4, 2
	err = file.Write(t.Context(), func(tx *sqlitedb.Tx) error {
		for _, e := range []exchange.Noted{one, two} {
			_, err := tx.Exec(`
				INSERT INTO entries (decision, position, writer, seq, time, record, more, previous, link, payload)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				int32(e.Decision), int64(e.Position), e.Writer[:], int64(e.Seq), int64(e.Time), e.Records[0][:], len(e.Records) > 1,
				e.Previous[:], e.Link[:], e.Payload)
			if err != nil {
				return err
			}
		}
		second := id(2)
		if _, err := tx.Exec(`INSERT INTO touches (number, record) VALUES (1, ?)`, second[:]); err != nil {
			return err
		}
		w := writer(1)
		if _, err := tx.Exec(`INSERT INTO head (id, writer, seq, link, clock, open_number, open_record) VALUES (1, ?, 2, ?, 3, 0, x'')`, w[:], two.Link[:]); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO self (id, epoch, cursor, backed_up, vouched, round, former, renames) VALUES (1, x'01', x'02', 5, 1, 2, x'', x'')`); err != nil {
			return err
		}
		seed := make([]byte, ed25519.SeedSize)
		c := journal.NewDevelopment(ed25519.NewKeyFromSeed(seed), journal.Serial{1}, "Monitor A", "laptop")
		_, err := tx.Exec(`INSERT INTO keys (id, seed, certificate) VALUES (1, ?, ?)`, seed, c.Encode())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return one, two
}

func TestAFileFromBeforeThereWereBundlesGoesOn(t *testing.T) {
	dir := t.TempDir()
	one, two := beforePeers(t, dir)
	d := open(t, dir)
	write(t, d, func(b *Book) error {
		for _, want := range []exchange.Noted{one, two} {
			got, err := b.Find(want.Link)
			if err != nil || got == nil || !reflect.DeepEqual(*got, want) {
				t.Errorf("found\n%+v, %v; want\n%+v", got, err, want)
			}
		}
		want := exchange.Self{
			ID: writer(1), Seq: 2, Link: two.Link, Clock: 3,
			Epoch: []byte{1}, Cursor: []byte{2}, BackedUp: 5, Vouched: true, Round: 2,
		}
		if got, err := b.Self(); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("it is\n%+v, %v; want\n%+v", got, err, want)
		}
		add(t, b, peer(writer(3), 1, id(3)))
		got, err := b.Unaccepted(id(3))
		if err != nil || len(got) != 2 || got[0].Peer != nil || got[1].Peer == nil {
			t.Errorf("unaccepted: %+v, %v", got, err)
		}
		return b.Drop()
	})
}
