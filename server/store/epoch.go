package store

import (
	"context"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
)

// epoch says which log this is.
func (l *ledger) epoch() (e exchange.Epoch, err error) {
	if l.epochRead != nil {
		return *l.epochRead, nil
	}
	_, err = l.one(`
		SELECT value, EXISTS (SELECT 1 FROM meta WHERE name = 'restored')
		FROM meta
		WHERE name = 'epoch'`, nil, &e.ID, &e.Restored)
	if err == nil {
		l.epochRead = &e
	}
	return e, err
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
	var old exchange.Epoch
	err := s.read(ctx, func(l *ledger) (err error) {
		old, err = l.epoch()
		return err
	})
	if err != nil || old.ID != nil {
		return err
	}
	return s.putEpoch(ctx, false)
}

func (s *Store) putEpoch(ctx context.Context, restored bool) error {
	epoch := make([]byte, 16)
	if err := s.fill(epoch); err != nil {
		return err
	}
	return s.write(ctx, func(l *ledger) error {
		if err := s.renameOfficeWriters(l); err != nil {
			return err
		}
		if restored {
			if err := l.putMeta("restored", []byte{1}); err != nil {
				return err
			}
		}
		return l.putMeta("epoch", epoch)
	})
}

// NewEpoch begins a new log identity after a restore from a backup: devices then
// start again from an empty cursor and send what is missing. What anybody wrote
// after the backup is unknown here, and no number may be given twice: writers whose
// keys the store holds get new ids, and devices leave the names that they had.
func (s *Store) NewEpoch(ctx context.Context) error { return s.putEpoch(ctx, true) }

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
