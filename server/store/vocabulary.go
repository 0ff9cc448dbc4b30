package store

import (
	"context"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Words are what an office laid over the shipped vocabulary.
type Words struct {
	Terms     []*daylightv1.Term
	Standards []*daylightv1.Standard
	// Removed are the ids of those that were removed: they stay readable where they
	// were used.
	Removed []string
}

// Words reads all terms and standards of the office as one commit left them, removed ones
// too.
func (s *Store) Words(ctx context.Context) (w Words, err error) {
	err = s.read(ctx, func(l *ledger) error {
		return l.Each(`
			SELECT r.kind, r.id, r.state
			FROM (SELECT record FROM terms UNION ALL SELECT record FROM standards) p
			CROSS JOIN records r ON r.number = p.record
			WHERE length(r.state) > 0
			ORDER BY r.number`, nil,
			func(scan func(...any) error) (bool, error) {
				var kind int64
				var id, state []byte
				if err := scan(&kind, &id, &state); err != nil {
					return false, err
				}
				item, err := show(record.Kind(kind), record.ID(id), state, &daylightv1.RecordStatus{})
				if err == nil {
					w.add(item)
				}
				return true, err
			})
	})
	return w, err
}

// WordsMoved is another number after each change of a term or a standard, from 0 on when the
// store is opened: whoever keeps Words asks for them anew then.
func (s *Store) WordsMoved() uint64 {
	s.recalls.mu.Lock()
	defer s.recalls.mu.Unlock()
	return s.recalls.sum(kindSet(0).with(record.Term, record.Standard))
}

func (w *Words) add(i Item) {
	switch m := i.Message.(type) {
	case *daylightv1.Term:
		w.Terms = append(w.Terms, m)
	case *daylightv1.Standard:
		w.Standards = append(w.Standards, m)
	}
	if i.Removed {
		w.Removed = append(w.Removed, i.Message.GetId())
	}
}
