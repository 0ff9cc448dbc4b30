package store

import (
	"context"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// Ref names a record.
type Ref struct {
	Kind record.Kind
	ID   record.ID
}

// Peek gives the messages of some records as they are now, by id, in one reading. What is not
// in sight, and what there is not, is left out. It is for a line that names a record: whoever
// shows more of one asks Get, which says what is open about it.
func (d *Desk) Peek(ctx context.Context, refs ...Ref) (map[record.ID]record.Message, error) {
	out := make(map[record.ID]record.Message, len(refs))
	err := d.read(ctx, func(l *ledger) error {
		for _, r := range refs {
			if out[r.ID] != nil {
				continue
			}
			m, err := l.peek(d.caller.Sight, r)
			if err != nil {
				return err
			}
			if m != nil {
				out[r.ID] = m
			}
		}
		return nil
	})
	return out, err
}

func (l *ledger) peek(s *Sight, r Ref) (record.Message, error) {
	within, args := s.within(r.Kind, 3)
	var encoded []byte
	ok, err := l.one(`
		SELECT r.state
		FROM records r
		WHERE r.id = $1 AND r.kind = $2 AND length(r.state) > 0`+within, append([]any{r.ID[:], int64(r.Kind)}, args...), &encoded)
	if err != nil || !ok {
		return nil, err
	}
	state, err := fold.DecodeOwn(encoded)
	if err != nil {
		return nil, err
	}
	return record.Show(r.Kind, r.ID, state, record.Naming{})
}
