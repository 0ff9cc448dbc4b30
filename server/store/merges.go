package store

import (
	"context"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// joining is a record that the transaction has put: what it was merged into, zero for
// nothing, and whether it stands, see record.Joint.
type joining struct {
	record.Joint
	number int64
	kind   record.Kind
}

// join takes note of a record that was put.
func (l *ledger) join(number int64, id record.ID, kind record.Kind, s *fold.State) {
	if s != nil {
		l.joinings[id] = joining{record.JointOf(s), number, kind}
	}
}

// standing is where a record stands in the lists: one that was merged is joined only while
// it is shown under another, see record.Winner.
func (l *ledger) standing(number int64, s *fold.State) (standing, error) {
	at := standingOf(s)
	if at != joined {
		return at, nil
	}
	var elsewhere bool
	_, err := l.one(`
		SELECT winner <> loser
		FROM merges
		WHERE record = $1`, []any{number}, &elsewhere)
	if !elsewhere {
		at = listed
	}
	return at, err
}

// rejoin says under which record everything is shown whose merge the transaction has
// changed: what was put, and what was merged into that. The rows of all records are
// written; those of the lists are written again.
func (l *ledger) rejoin() error {
	now := l.joinings
	l.joinings = map[record.ID]joining{}
	moved, err := l.moved(now)
	if err != nil || len(moved) == 0 {
		return err
	}
	if moved, err = l.upstream(moved); err != nil {
		return err
	}
	states := map[record.ID]*fold.State{}
	for _, id := range moved {
		if err := l.follow(id, states); err != nil {
			return err
		}
	}
	for _, id := range moved {
		if err := l.relist(id, states); err != nil {
			return err
		}
	}
	return l.flush()
}

// moved keeps what the records that were put say of merges, and gives those of which
// something is shown elsewhere than it was. Most pushes have none, and ask once per kind.
func (l *ledger) moved(now map[record.ID]joining) (out []record.ID, err error) {
	some := map[record.Kind]bool{}
	for _, id := range sorted(now) {
		j := now[id]
		if j.Into != (record.ID{}) {
			if err := l.putMerge(id, j); err != nil {
				return nil, err
			}
			some[j.kind] = true
			out = append(out, id)
			continue
		}
		if _, asked := some[j.kind]; !asked {
			if some[j.kind], err = l.merges(j.kind); err != nil {
				return nil, err
			}
		}
		if !some[j.kind] {
			continue
		}
		if yes, err := l.letGo(id, j.Stands); err != nil {
			return nil, err
		} else if yes {
			out = append(out, id)
		}
	}
	return out, nil
}

func (l *ledger) putMerge(id record.ID, j joining) error {
	_, err := l.Exec(`
		INSERT INTO merges (record, kind, loser, target, winner, circular)
		VALUES ($1, $2, $3, $4, $3, 0)
		ON CONFLICT (record) DO UPDATE SET target = excluded.target`, j.number, int64(j.kind), id[:], j.Into[:])
	return err
}

// merges reports whether any record of the kind was merged.
func (l *ledger) merges(kind record.Kind) (some bool, err error) {
	err = l.QueryRow(`
		SELECT EXISTS (SELECT 1 FROM merges WHERE kind = $1)`, int64(kind)).Scan(&some)
	return some, err
}

// letGo is for a record that was merged into nothing: whether it was before, and whether
// what was merged into it is shown elsewhere than it should be.
func (l *ledger) letGo(id record.ID, stands bool) (moved bool, err error) {
	gone, err := l.Exec(`
		DELETE FROM merges
		WHERE loser = $1`, id[:])
	if err != nil {
		return false, err
	}
	if n, err := gone.RowsAffected(); err != nil || n > 0 {
		return n > 0, err
	}
	err = l.QueryRow(`
		SELECT EXISTS (
			SELECT 1
			FROM merges
			WHERE target = $1 AND (winner = $1) <> $2)`, id[:], stands).Scan(&moved)
	return moved, err
}

// upstream adds what was merged into the records, and into that.
func (l *ledger) upstream(ids []record.ID) ([]record.ID, error) {
	seen := map[record.ID]bool{}
	for _, id := range ids {
		seen[id] = true
	}
	for from := 0; from < len(ids); from++ {
		more, err := column(l, func(b []byte) record.ID { return record.ID(b) }, `
			SELECT loser
			FROM merges
			WHERE target = $1
			ORDER BY loser`, ids[from][:])
		if err != nil {
			return nil, err
		}
		for _, id := range more {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	return ids, nil
}

// follow says under which record one is shown.
func (l *ledger) follow(id record.ID, states map[record.ID]*fold.State) error {
	var kind record.Kind
	ok, err := l.one(`
		SELECT kind
		FROM merges
		WHERE loser = $1`, []any{id[:]}, &kind)
	if err != nil || !ok {
		return err
	}
	winner, circular, err := record.Winner(id, func(on record.ID) (record.Joint, error) {
		s, err := l.stateOf(on, kind, states)
		if s == nil {
			return record.Joint{}, err
		}
		return record.JointOf(s), err
	})
	if err != nil {
		return err
	}
	_, err = l.Exec(`
		UPDATE merges
		SET winner = $2, circular = $3
		WHERE loser = $1`, id[:], winner[:], circular)
	return err
}

// stateOf reads a record once; nil where there is none of the kind, and for 0 whatever it
// is.
func (l *ledger) stateOf(id record.ID, kind record.Kind, states map[record.ID]*fold.State) (*fold.State, error) {
	if s, read := states[id]; read {
		return s, nil
	}
	r, err := l.Record(id)
	if err != nil || r == nil || len(r.State) == 0 || kind != 0 && r.Kind != kind {
		return nil, err
	}
	s, err := fold.DecodeOwn(r.State)
	states[id] = s
	return s, err
}

// relist writes the record's row in the lists again.
func (l *ledger) relist(id record.ID, states map[record.ID]*fold.State) error {
	r, err := l.Record(id)
	if err != nil || r == nil {
		return err
	}
	s, err := l.stateOf(id, 0, states)
	if err != nil {
		return err
	}
	return l.project(l.numbers[id], id, r.Kind, true, s)
}

// makeMerges keeps the merges of a store that was made before they were kept.
func (s *Store) makeMerges(ctx context.Context) error {
	var made bool
	err := s.read(ctx, func(l *ledger) error {
		return l.QueryRow(`
			SELECT EXISTS (SELECT 1 FROM meta WHERE name = 'merges')`).Scan(&made)
	})
	if err != nil || made {
		return err
	}
	return s.write(ctx, func(l *ledger) error {
		err := l.everyJoining(func(id record.ID, j joining) {
			if j.Into != (record.ID{}) {
				l.joinings[id] = j
			}
		})
		if err == nil {
			err = l.rejoin()
		}
		if err != nil {
			return err
		}
		return l.putMeta("merges", []byte{1})
	})
}

// everyJoining reads what each record says of merges.
func (l *ledger) everyJoining(do func(record.ID, joining)) error {
	return l.everyRecord(func(number int64, r exchange.Record, s *fold.State, _ int64) {
		do(r.ID, joining{record.JointOf(s), number, r.Kind})
	})
}
