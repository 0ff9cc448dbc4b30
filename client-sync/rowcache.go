package clientsync

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"sync"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// rowCache keeps what was made last of all records of some kinds, while the folder is
// unlocked.
type rowCache[T any] struct {
	mu sync.Mutex
	// made was made of rows with that sum; nil before it is asked for. changed has a value
	// when anything at all has changed since.
	made    *T
	sum     [sha256.Size]byte
	changed <-chan struct{}
}

// get gives what was made, or makes it where one of the records has changed.
func (r *rowCache[T]) get(ctx context.Context, c *Client, kinds []Kind, build func(messages []Message, removed []string) *T) (made *T, err error) {
	err = c.db.with(ctx, func(db *localdb.DB) (err error) {
		made, err = r.current(c, build, func() (rows storedRows, err error) {
			err = db.Read(ctx, func(b *localdb.Book) error {
				rows, err = readRows(b, kinds)
				return err
			})
			return rows, err
		})
		return err
	})
	return made, explainDisk(err)
}

func (r *rowCache[T]) current(c *Client, build func([]Message, []string) *T, read func() (storedRows, error)) (*T, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.changed == nil {
		r.changed = c.watchers.add()
	}
	select {
	case <-r.changed:
	default:
		if r.made != nil {
			return r.made, nil
		}
	}
	rows, err := read()
	if err != nil {
		r.made = nil // what changed has been received: it has to be read again
		return nil, err
	}
	sum := rows.sum()
	if r.made != nil && sum == r.sum {
		return r.made, nil
	}
	messages, removed, err := rows.messages()
	if err != nil {
		r.made = nil
		return nil, err
	}
	r.made, r.sum = build(messages, removed), sum
	return r.made, nil
}

// drop forgets it with everything else that was read with the keys.
func (r *rowCache[T]) drop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made = nil
}

// storedRows are records as they are stored, removed and incomplete ones too.
type storedRows struct {
	rows  []localdb.Row
	names record.Naming
}

func readRows(b *localdb.Book, kinds []Kind) (out storedRows, err error) {
	self, err := b.Self()
	if err != nil {
		return out, err
	}
	out.names = namingOf(self)
	for _, kind := range kinds {
		q := localdb.Query{Kind: kind, IncludeRemoved: true, IncludeIncomplete: true}
		for more := true; more; {
			p, err := b.Page(q, pageRows)
			if err != nil {
				return out, err
			}
			out.rows = append(out.rows, p.Rows...)
			q.After, more = p.Last, p.More
		}
	}
	return out, nil
}

// sum tells rows that are the same from others.
func (s storedRows) sum() (out [sha256.Size]byte) {
	h := sha256.New()
	h.Write(binary.BigEndian.AppendUint32(nil, s.names.Generation))
	for _, row := range s.rows {
		h.Write(row.ID[:])
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(row.State))))
		h.Write(row.State)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// messages gives what they show, and the ids of those that were removed.
func (s storedRows) messages() (all []Message, removed []string, err error) {
	for _, row := range s.rows {
		v := &view{kind: row.Kind, id: row.ID, names: s.names}
		if v.state, err = fold.DecodeOwn(row.State); err != nil {
			return nil, nil, err
		}
		m, err := v.show()
		if err != nil {
			return nil, nil, err
		}
		all = append(all, m)
		if v.state.Removed() {
			removed = append(removed, v.id.String())
		}
	}
	return all, removed, nil
}
