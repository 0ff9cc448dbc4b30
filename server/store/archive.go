package store

import (
	"context"
	"crypto/ed25519"
	"fmt"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Archive hands over what the store keeps for an archive: the office's own writers,
// their keys only with keys, then the log in batches as Export writes it, each with the
// time at which it came. It reads one commit; an error of put ends it.
func (s *Store) Archive(ctx context.Context, keys bool, put func(*daylightv1.ArchiveFrame) error) error {
	return s.read(ctx, func(l *ledger) error {
		writers, err := l.officeWriters()
		if err != nil {
			return err
		}
		for _, w := range writers {
			if err := put(&daylightv1.ArchiveFrame{Writer: archivedWriter(w, keys)}); err != nil {
				return err
			}
		}
		x := newExport(l, func(b *daylightv1.Batch, receivedMS int64) error {
			return put(&daylightv1.ArchiveFrame{Batch: &daylightv1.ArchivedBatch{Batch: b, ReceivedAt: receivedMS}})
		})
		x.dated = true
		return x.all()
	})
}

func archivedWriter(w officeWriter, keys bool) *daylightv1.ArchivedWriter {
	a := &daylightv1.ArchivedWriter{Name: string(w.name), Clock: uint64(w.clock)}
	for _, id := range append(w.former, w.id) {
		a.Ids = append(a.Ids, id[:])
	}
	if keys {
		a.Seed, a.Serial = w.seed, w.serial[:]
	}
	return a
}

// Unarchive takes what Archive handed over into an empty store; next gives the frames,
// then io.EOF. Everything is judged under the clock of the time at which it came, so that
// what comes out is what there was. As after a restore the log begins a new epoch and the
// office's writers get new ids; one without its key gets a new one. ErrNotEmpty,
// ErrBadExport; what was read before an error stays, so begin again with a new store.
func (s *Store) Unarchive(ctx context.Context, next func() (*daylightv1.ArchiveFrame, error)) error {
	var writers []*daylightv1.ArchivedWriter
	err := s.importAll(ctx, func() (*daylightv1.Batch, int64, error) {
		for {
			f, err := next()
			switch {
			case err != nil:
				return nil, 0, err
			case f.GetWriter() != nil:
				writers = append(writers, f.GetWriter())
			case f.GetBatch().GetBatch() == nil || f.GetBatch().GetReceivedAt() < 0:
				return nil, 0, fmt.Errorf("%w: a part of it is not of the log", ErrBadExport)
			default:
				// Hashes alone came at no time that counts.
				return f.GetBatch().GetBatch(), max(1, f.GetBatch().GetReceivedAt()), nil
			}
		}
	})
	if err != nil {
		return err
	}
	return s.write(ctx, func(l *ledger) error {
		for _, a := range writers {
			w, err := s.unarchived(a)
			if err != nil {
				return err
			}
			if err := l.putOffice(w); err != nil {
				return err
			}
		}
		return nil
	})
}

// unarchived is the writer under a new id: what they wrote after the archive was made is
// not known here, and no number may be given twice.
func (s *Store) unarchived(a *daylightv1.ArchivedWriter) (officeWriter, error) {
	w := officeWriter{name: OfficeWriter(a.GetName()), clock: fold.Time(a.GetClock()), seed: make([]byte, ed25519.SeedSize)}
	for _, id := range a.GetIds() {
		if len(id) != len(fold.WriterID{}) {
			return w, fmt.Errorf("%w: a writer's id has %d bytes", ErrBadExport, len(id))
		}
		w.former = append(w.former, fold.WriterID(id))
	}
	if err := s.fill(w.id[:]); err != nil {
		return w, err
	}
	switch {
	case len(a.GetSeed()) == 0 && len(a.GetSerial()) == 0:
		if err := s.fill(w.seed); err != nil {
			return w, err
		}
		return w, s.fill(w.serial[:])
	case len(a.GetSeed()) != ed25519.SeedSize || len(a.GetSerial()) != len(w.serial):
		return w, fmt.Errorf("%w: a writer's key or serial has another size", ErrBadExport)
	}
	w.seed = a.GetSeed()
	copy(w.serial[:], a.GetSerial())
	return w, nil
}

func (l *ledger) officeWriters() (all []officeWriter, err error) {
	err = l.Each(`
		SELECT `+officeColumns+`
		FROM office_writers
		ORDER BY number`, nil, func(scan func(...any) error) (bool, error) {
		w, err := scanOffice(scan)
		all = append(all, w)
		return true, err
	})
	return all, err
}

// Digest stands for all records: two stores with the same Sum and Records hold the same,
// conflicts and what is removed included.
type Digest struct {
	// Epoch is that of the log, Position its end.
	Epoch    []byte
	Position exchange.Position
	// Sum is the digest of a sync: a SHA-256 over each record's id and the SHA-256 of its
	// state, in the order of the ids.
	Sum []byte
	// Records counts them, removed and incomplete ones too; Kinds by their kind, those of
	// kinds that this program does not know included.
	Records uint64
	Kinds   map[record.Kind]uint64
}

// Digest reads every record of one commit.
func (s *Store) Digest(ctx context.Context) (d Digest, err error) {
	err = s.read(ctx, func(l *ledger) error {
		epoch, err := l.epoch()
		if err != nil {
			return err
		}
		d = Digest{Epoch: epoch.ID, Kinds: map[record.Kind]uint64{}}
		if d.Position, err = l.Head(); err != nil {
			return err
		}
		sum, err := exchange.DigestOf(l.States)
		if err != nil {
			return err
		}
		d.Sum, d.Records = sum.GetSum(), sum.GetRecords()
		return l.Each(`
			SELECT kind, count(*)
			FROM records
			WHERE length(state) > 0
			GROUP BY kind`, nil, func(scan func(...any) error) (bool, error) {
			var k record.Kind
			var n uint64
			err := scan(&k, &n)
			d.Kinds[k] = n
			return true, err
		})
	})
	return d, err
}

// Each calls do for every record of the kind, removed and incomplete ones too, in the
// order in which they came. One record is held at a time. What each refers to and the
// office does not have is not looked up. All calls within one do of Snapshot see one
// commit.
func (r *Snapshot) Each(kind record.Kind, do func(Item) error) error {
	return r.each(`records r`, kind, do)
}

// each is Each of the records that a source gives as r.
func (r *Snapshot) each(from string, kind record.Kind, do func(Item) error) error {
	return r.l.Each(`
		SELECT r.id, r.state, l.position, l.received_at, m.record IS NOT NULL
		FROM `+from+`
		JOIN log l ON l.position = (SELECT max(t.position) FROM touches t WHERE t.record = r.number)
		LEFT JOIN merges m ON m.record = r.number AND m.winner <> m.loser
		WHERE r.kind = $1 AND length(r.state) > 0
		ORDER BY r.number`, []any{int64(kind)}, func(scan func(...any) error) (bool, error) {
		var id, state []byte
		status := &daylightv1.RecordStatus{}
		var joined bool
		if err := scan(&id, &state, &status.Position, &status.ReceivedAt, &joined); err != nil {
			return false, err
		}
		item, err := show(kind, record.ID(id), state, status)
		if err != nil {
			return false, err
		}
		item.Joined = joined
		return true, do(item)
	})
}

// Snapshot is one commit, for whoever reads many records.
type Snapshot struct{ l *ledger }

// Snapshot calls do with what is committed now; writing goes on beside it.
func (s *Store) Snapshot(ctx context.Context, do func(*Snapshot) error) error {
	return s.read(ctx, func(l *ledger) error { return do(&Snapshot{l}) })
}
