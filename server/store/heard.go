package store

import (
	"context"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
)

// Asked names a device by the key that it writes with, and the writer that it told of last;
// empty where it told of none.
type Asked struct{ Key, Writer []byte }

// Heard is what the office has of one device.
type Heard struct {
	// Changes is how many it has sent, under whatever ids.
	Changes uint64
	// Seq is up to where the office has the writer that was named.
	Seq uint64
	// Last is when its last change came, milliseconds since 1970 UTC; 0: none has.
	Last int64
	// Ahead is by how many milliseconds its clock was ahead of the office's when that was
	// written, at least, where the office doubts it; else 0. A clock that is behind does not
	// show: what was written without a network is old when it comes.
	Ahead int64
}

// Heard says what the office has of each device, in the order in which they are named.
func (s *Store) Heard(ctx context.Context, devices ...Asked) (out []Heard, err error) {
	err = s.read(ctx, func(l *ledger) error {
		out = make([]Heard, len(devices))
		for i, d := range devices {
			if err := l.heard(d, &out[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func (l *ledger) heard(d Asked, h *Heard) error {
	return l.Each(`
		SELECT w.id IS $2, w.seq, w.seq - coalesce(w.parent_seq, 0), coalesce(l.time, 0), coalesce(l.suspect, 0), coalesce(l.received_at, 0)
		FROM writers w
		LEFT JOIN log l ON l.position = w.position
		WHERE w.key = $1`, []any{d.Key, d.Writer}, func(scan func(...any) error) (bool, error) {
		var named, suspect bool
		var seq, changes uint64
		var time fold.Time
		var received int64
		if err := scan(&named, &seq, &changes, &time, &suspect, &received); err != nil {
			return false, err
		}
		h.Changes += changes
		if named {
			h.Seq = seq
		}
		if received > h.Last {
			h.Last, h.Ahead = received, 0
			if suspect {
				h.Ahead = journal.MS(time) - received
			}
		}
		return true, nil
	})
}
