package store

import (
	"context"

	"github.com/daylight-npm/daylight/internal/fold"
)

// epoch names this log.
func (l *ledger) epoch() (epoch []byte, err error) {
	_, err = l.one(`
		SELECT value
		FROM meta
		WHERE name = 'epoch'`, nil, &epoch)
	return epoch, err
}

func (l *ledger) putMeta(name string, value []byte) error {
	_, err := l.Exec(`
		INSERT INTO meta (name, value)
		VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

// makeEpoch gives a new store its first epoch.
func (s *Store) makeEpoch(ctx context.Context) error {
	var old []byte
	err := s.read(ctx, func(l *ledger) (err error) {
		old, err = l.epoch()
		return err
	})
	if err != nil || old != nil {
		return err
	}
	return s.putEpoch(ctx)
}

func (s *Store) putEpoch(ctx context.Context) error {
	epoch := make([]byte, 16)
	if err := s.fill(epoch); err != nil {
		return err
	}
	return s.write(ctx, func(l *ledger) error {
		if err := s.renameOfficeWriters(l); err != nil {
			return err
		}
		return l.putMeta("epoch", epoch)
	})
}

// NewEpoch begins a new log identity after a restore from a backup: devices then
// start again from an empty cursor and send what is missing. Writers whose keys
// the store holds get new ids, because what they wrote after the backup is
// unknown here and their numbers must not be given twice.
func (s *Store) NewEpoch(ctx context.Context) error { return s.putEpoch(ctx) }

// renameOfficeWriters gives each a new id and keeps the old one as a former one:
// a person must not overwrite what they themselves wrote and have not seen.
func (s *Store) renameOfficeWriters(l *ledger) error {
	var all []officeWriter
	err := l.Each(`
		SELECT `+officeColumns+`
		FROM office_writers`, nil, func(scan func(...any) error) (bool, error) {
		w, err := scanOffice(scan)
		all = append(all, w)
		return true, err
	})
	if err != nil {
		return err
	}
	for _, w := range all {
		w.former = append(w.former, w.id)
		w.id = fold.WriterID{}
		if err := s.fill(w.id[:]); err != nil {
			return err
		}
		if err := l.putOffice(w); err != nil {
			return err
		}
	}
	return nil
}
