package store

import (
	"context"
	"errors"

	"github.com/daylight-npm/daylight/internal/record"
)

// Several gives records of a kind as one commit has them, by their ids: those of them that are
// in sight, removed and joined ones too. A page of a list names that many others at most.
func (d *Desk) Several(ctx context.Context, kind record.Kind, ids ...record.ID) (map[record.ID]Item, error) {
	out := map[record.ID]Item{}
	err := d.read(ctx, func(l *ledger) error {
		for _, id := range ids[:min(len(ids), MaxPage)] {
			if _, read := out[id]; read {
				continue
			}
			item, err := l.itemFor(d.caller.Sight, kind, id)
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			out[id] = item
		}
		return nil
	})
	return out, err
}
