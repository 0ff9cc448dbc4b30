package store

import (
	"crypto/ed25519"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
)

// OfficeWriter is a person at the office, by the name that the office calls them.
type OfficeWriter string

// officeWriter is a writer whose key the store holds.
type officeWriter struct {
	name   OfficeWriter
	id     fold.WriterID
	former []fold.WriterID // ids before a restore, oldest first
	seed   []byte
	serial journal.Serial
	clock  fold.Time
}

func (w officeWriter) key() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(w.seed) }

// writer is who counts as the same person for what they have not seen.
func (w officeWriter) writer() record.Writer { return record.Writer{ID: w.id, Former: w.former} }

const officeColumns = `name, id, former, seed, serial, clock`

func scanOffice(scan func(...any) error) (w officeWriter, err error) {
	var id, former, serial []byte
	if err := scan(&w.name, &id, &former, &w.seed, &serial, &w.clock); err != nil {
		return w, err
	}
	copy(w.id[:], id)
	copy(w.serial[:], serial)
	for ; len(former) >= len(w.id); former = former[len(w.id):] {
		w.former = append(w.former, fold.WriterID(former[:len(w.id)]))
	}
	return w, nil
}

func (l *ledger) putOffice(w officeWriter) error {
	former := []byte{}
	for _, id := range w.former {
		former = append(former, id[:]...)
	}
	_, err := l.Exec(`
		INSERT INTO office_writers (name, id, former, seed, serial, clock)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (name) DO UPDATE SET
			id = excluded.id, former = excluded.former, clock = excluded.clock`,
		string(w.name), w.id[:], former, w.seed, w.serial[:], int64(w.clock))
	return err
}

// office gives the writer of that name, and makes one when there is none.
func (s *Store) office(l *ledger, name OfficeWriter) (officeWriter, error) {
	w := officeWriter{name: name}
	found := false
	err := l.Each(`
		SELECT `+officeColumns+`
		FROM office_writers
		WHERE name = $1`, []any{string(name)}, func(scan func(...any) error) (more bool, err error) {
		w, err = scanOffice(scan)
		found = true
		return false, err
	})
	if err != nil || found {
		return w, err
	}
	w.seed = make([]byte, ed25519.SeedSize)
	for _, b := range [][]byte{w.id[:], w.seed, w.serial[:]} {
		if err := s.fill(b); err != nil {
			return w, err
		}
	}
	return w, l.putOffice(w)
}

// certificate vouches for the writer's key with that key: until the office issues
// certificates itself, nobody else does.
func (w officeWriter) certificate() *journal.Certificate {
	return journal.NewDevelopment(w.key(), w.serial, string(w.name), "office")
}

// batch seals changes behind the writer's last entry.
func (w officeWriter) batch(l *ledger, changes []journal.Change) (journal.Batch, error) {
	head, ok, err := l.Writer(w.id)
	if err != nil {
		return journal.Batch{}, err
	}
	if !ok {
		head = exchange.Writer{ID: w.id, Link: journal.Genesis(w.id)}
	}
	b := journal.Batch{Writer: w.id, FirstSeq: head.Seq + 1, Previous: head.Link, Serial: w.serial}
	if !ok {
		b.Certificate = w.certificate()
	}
	for _, c := range changes {
		b.Payloads = append(b.Payloads, c.Encode())
	}
	links := b.Links()
	b.Seal = journal.Seal(w.key(), w.id, b.LastSeq(), links[len(links)-1])
	return b, nil
}
