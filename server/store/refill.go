package store

import (
	"context"
	"strconv"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// refill fills the projections of a store whose projections an older program made, or
// that a migration has emptied: in one transaction, so that a store that was opened has
// all of them or those of before.
func (s *Store) refill(ctx context.Context) error {
	want := strconv.Itoa(projectionsVersion)
	var have []byte
	err := s.read(ctx, func(l *ledger) error {
		_, err := l.one(`
			SELECT value
			FROM meta
			WHERE name = 'projections'`, nil, &have)
		return err
	})
	if err != nil || string(have) == want {
		return err
	}
	return s.write(ctx, func(l *ledger) error {
		if err := l.emptyProjections(); err != nil {
			return err
		}
		for last, more := int64(0), true; more; {
			some, err := l.statesBehind(last)
			if err != nil {
				return err
			}
			for _, r := range some {
				if err := l.refillOne(r); err != nil {
					return err
				}
				last = r.number
			}
			more = len(some) > 0
		}
		return l.putMeta("projections", []byte(want))
	})
}

func (l *ledger) emptyProjections() error {
	for _, p := range projections {
		for _, c := range p.children {
			if _, err := l.Exec(`DELETE FROM ` + c.table); err != nil {
				return err
			}
		}
		if _, err := l.Exec(`DELETE FROM ` + p.table); err != nil {
			return err
		}
	}
	return nil
}

// stored is a record as refill reads it.
type stored struct {
	number    int64
	id, visit []byte
	kind      record.Kind
	state     []byte
}

// statesBehind reads some of the records with a greater number.
func (l *ledger) statesBehind(number int64) (out []stored, err error) {
	err = l.Each(`
		SELECT number, id, kind, visit, state
		FROM records
		WHERE number > $1 AND length(state) > 0
		ORDER BY number
		LIMIT 500`, []any{number}, func(scan func(...any) error) (bool, error) {
		var r stored
		err := scan(&r.number, &r.id, &r.kind, &r.visit, &r.state)
		out = append(out, r)
		return true, err
	})
	return out, err
}

// refillOne projects one record. What came while its kind was not known does not have its
// visit yet.
func (l *ledger) refillOne(r stored) error {
	state, err := fold.DecodeOwn(r.state)
	if err != nil {
		return err
	}
	if visit, ok := record.VisitOf(r.kind, state); ok && len(r.visit) == 0 {
		if _, err := l.Exec(`
			UPDATE records
			SET visit = $2
			WHERE number = $1`, r.number, visit[:]); err != nil {
			return err
		}
	}
	return l.project(r.number, record.ID(r.id), r.kind, false, state)
}
