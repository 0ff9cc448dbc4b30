package store

import (
	"context"

	"github.com/daylight-npm/daylight/internal/record"
)

// Merged is a record that was merged into another.
type Merged struct {
	Loser record.ID
	// Target is what it says that it was merged into; Winner under which it is shown.
	Target, Winner record.ID
	// Circular: two were merged crosswise, so that both stand for themselves.
	Circular bool
}

// Merges lists the records of a kind that were merged, the one that came last first, whether
// in sight or not: ids, and no more. After is the last one of the page before, zero for the
// first page.
func (s *Store) Merges(ctx context.Context, kind record.Kind, after record.ID, most int) (out []Merged, err error) {
	err = s.read(ctx, func(l *ledger) error {
		return l.Each(`
			SELECT loser, target, winner, circular
			FROM merges
			WHERE kind = $1 AND ($2 = zeroblob(16) OR record < (SELECT number FROM records WHERE id = $2))
			ORDER BY record DESC
			LIMIT $3`, []any{int64(kind), after[:], int64(most)}, func(scan func(...any) error) (bool, error) {
			var m Merged
			var loser, target, winner []byte
			err := scan(&loser, &target, &winner, &m.Circular)
			if err == nil {
				copy(m.Loser[:], loser)
				copy(m.Target[:], target)
				copy(m.Winner[:], winner)
				out = append(out, m)
			}
			return true, err
		})
	})
	return out, err
}
