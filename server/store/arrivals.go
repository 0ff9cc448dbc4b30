package store

import (
	"context"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
)

// Arrival is a change of one record that a device brought.
type Arrival struct {
	Kind record.Kind
	ID   record.ID
	// Position is as in a RecordStatus.
	Position uint64
	// ReceivedAt is in milliseconds since 1970 UTC.
	ReceivedAt int64
}

// MaxArrivals bounds those of one visit.
const MaxArrivals = 200

// Arrivals gives the accepted changes that devices made to the visit and to what hangs on
// it and that were received behind the position, the newest first, of what is in sight. What
// the office itself wrote is none.
func (d *Desk) Arrivals(ctx context.Context, visit record.ID, since uint64) (out []Arrival, err error) {
	err = d.read(ctx, func(l *ledger) error {
		out = nil
		err := l.Each(`
			SELECT r.kind, r.id, l.position, l.received_at
			FROM (
				SELECT number, kind, id FROM records WHERE id = $1
				UNION ALL
				SELECT number, kind, id FROM records WHERE visit = $1) r
			JOIN touches t ON t.record = r.number AND t.position > $2
			JOIN log l ON l.position = t.position
			WHERE l.decision = $3 AND NOT EXISTS (
				SELECT 1
				FROM office_writers o
				WHERE o.id = l.writer OR instr(o.former, l.writer) > 0)
			ORDER BY l.position DESC
			LIMIT $4`, []any{visit[:], int64(since), int64(exchange.Accepted), MaxArrivals}, func(scan func(...any) error) (bool, error) {
			var a Arrival
			var id []byte
			if err := scan(&a.Kind, &id, &a.Position, &a.ReceivedAt); err != nil {
				return false, err
			}
			a.ID = record.ID(id)
			out = append(out, a)
			return true, nil
		})
		if err != nil {
			return err
		}
		out, err = l.inSight(d.caller.Sight, out)
		return err
	})
	return out, err
}

func (l *ledger) inSight(s *Sight, all []Arrival) (out []Arrival, err error) {
	if s == everything {
		return all, nil
	}
	sight, sees := l.sight(s), map[record.ID]bool{}
	for _, a := range all {
		if _, asked := sees[a.ID]; !asked {
			r, err := l.Record(a.ID)
			if err != nil {
				return nil, err
			}
			if sees[a.ID], err = sight.Sees(*r); err != nil {
				return nil, err
			}
		}
		if sees[a.ID] {
			out = append(out, a)
		}
	}
	return out, nil
}
