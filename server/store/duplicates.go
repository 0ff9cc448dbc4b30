package store

import (
	"context"

	"github.com/daylight-npm/daylight/internal/record"
)

// What was made twice, and merged, is listed as one: here is how lists ask for it.

// together is, in SQL, the set of the ids that are shown as one with the record whose id
// is the parameter, as $8.
func together(parameter string) string {
	return `(
			SELECT ` + parameter + `
			UNION SELECT winner FROM merges WHERE loser = ` + parameter + `
			UNION SELECT loser FROM merges WHERE winner = coalesce((SELECT winner FROM merges WHERE loser = ` + parameter + `), ` + parameter + `))`
}

// visitsTogether is, in SQL, that p hangs on one of the visits v of which the condition
// holds, or on one that is shown as one with such a visit.
func visitsTogether(condition string) string {
	return `p.visit IN (
			SELECT v.id
			FROM visits v
			WHERE ` + condition + ` AND v.standing <> 2
			UNION ALL
			SELECT m.loser
			FROM merges m
			JOIN visits v ON v.id = m.winner
			WHERE ` + condition + ` AND v.standing <> 2)`
}

// Together is a record among those that are shown as one with it.
type Together struct {
	// Winner is the one under which all are shown: the record itself where it stands for
	// itself.
	Winner record.ID
	// Losers are the others.
	Losers []record.ID
	// Circular: the record was merged into one that was merged into it, so that both stand
	// for themselves until somebody undoes one of the two.
	Circular bool
}

// Together gives the records that are shown as one with a record, whether in sight or not:
// ids, and no more.
func (s *Store) Together(ctx context.Context, id record.ID) (out Together, err error) {
	err = s.read(ctx, func(l *ledger) error {
		out, err = l.together(id)
		return err
	})
	return out, err
}

func (l *ledger) together(id record.ID) (out Together, err error) {
	out.Winner = id
	var winner []byte
	merged, err := l.one(`
		SELECT winner, circular
		FROM merges
		WHERE loser = $1`, []any{id[:]}, &winner, &out.Circular)
	if err != nil {
		return out, err
	}
	if merged {
		out.Winner = record.ID(winner)
	}
	out.Losers, err = column(l, func(b []byte) record.ID { return record.ID(b) }, `
		SELECT loser
		FROM merges
		WHERE winner = $1 AND loser <> $1
		ORDER BY loser`, out.Winner[:])
	return out, err
}

// Circular lists the records of a kind that were merged crosswise.
func (s *Store) Circular(ctx context.Context, kind record.Kind) (out []record.ID, err error) {
	err = s.read(ctx, func(l *ledger) error {
		out, err = column(l, func(b []byte) record.ID { return record.ID(b) }, `
			SELECT loser
			FROM merges
			WHERE kind = $1 AND circular = 1
			ORDER BY loser`, int64(kind))
		return err
	})
	return out, err
}

// Joined gives, for each record of a kind that is shown under another, which one.
func (s *Store) Joined(ctx context.Context, kind record.Kind) (map[record.ID]record.ID, error) {
	out := map[record.ID]record.ID{}
	err := s.read(ctx, func(l *ledger) error {
		return l.Each(`
			SELECT loser, winner
			FROM merges
			WHERE kind = $1 AND winner <> loser`, []any{int64(kind)}, func(scan func(...any) error) (bool, error) {
			var loser, winner []byte
			err := scan(&loser, &winner)
			if err == nil {
				out[record.ID(loser)] = record.ID(winner)
			}
			return true, err
		})
	})
	return out, err
}
