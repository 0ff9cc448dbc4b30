package clientsync

import (
	"bytes"
	"context"
	"sync"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/client-sync/terms"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Terms gives the words that records are classified with: those that came with the
// program, with what the office added and changed as this device knows it. It is the same
// set until one of those records changes, so that it may be asked for whenever something
// is shown.
func (c *Client) Terms(ctx context.Context) (*terms.Set, error) {
	var set *terms.Set
	err := c.db.with(ctx, func(db *localdb.DB) (err error) {
		set, err = c.words.get(c, func() (w wordRows, err error) {
			err = db.Read(ctx, func(b *localdb.Book) error {
				w, err = readWords(b)
				return err
			})
			return w, err
		})
		return err
	})
	if err != nil {
		return nil, explainDisk(err)
	}
	return set, nil
}

// wordCache keeps the set that was made last, while the folder is unlocked.
type wordCache struct {
	mu sync.Mutex
	// set was made of rows; nil before it is asked for. changed has a value when anything
	// at all has changed since.
	set     *terms.Set
	rows    []byte
	changed <-chan struct{}
}

func (w *wordCache) get(c *Client, read func() (wordRows, error)) (*terms.Set, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.changed == nil {
		w.changed = c.watchers.add()
	}
	select {
	case <-w.changed:
	default:
		if w.set != nil {
			return w.set, nil
		}
	}
	rows, err := read()
	if err != nil {
		w.set = nil // what changed has been received: it has to be read again
		return nil, err
	}
	if w.set != nil && bytes.Equal(rows.whole, w.rows) {
		return w.set, nil
	}
	set, err := rows.set()
	if err != nil {
		w.set = nil
		return nil, err
	}
	w.set, w.rows = set, rows.whole
	return set, nil
}

// drop forgets the office's words with everything else that was read with the keys.
func (w *wordCache) drop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.set, w.rows = nil, nil
}

// wordRows are the terms and standards of the device as they are stored; whole is all of
// that, to be compared.
type wordRows struct {
	views []*view
	whole []byte
}

func readWords(b *localdb.Book) (w wordRows, err error) {
	self, err := b.Self()
	if err != nil {
		return w, err
	}
	names := namingOf(self)
	w.whole = append(w.whole, byte(names.Generation), byte(names.Generation>>8), byte(names.Generation>>16), byte(names.Generation>>24))
	for _, kind := range []Kind{KindTerm, KindStandard} {
		q := localdb.Query{Kind: kind, IncludeRemoved: true, IncludeIncomplete: true}
		for more := true; more; {
			p, err := b.Page(q, pageRows)
			if err != nil {
				return w, err
			}
			for _, row := range p.Rows {
				if err := w.add(row, names); err != nil {
					return w, err
				}
			}
			q.After, more = p.Last, p.More
		}
	}
	return w, nil
}

func (w *wordRows) add(row localdb.Row, names record.Naming) error {
	state, err := fold.DecodeOwn(row.State)
	if err != nil {
		return err
	}
	w.views = append(w.views, &view{kind: row.Kind, id: row.ID, state: state, names: names})
	w.whole = append(append(w.whole, row.ID[:]...), row.State...)
	return nil
}

func (w *wordRows) set() (*terms.Set, error) {
	var all []*daylightv1.Term
	var standards []*daylightv1.Standard
	var removed []string
	for _, v := range w.views {
		m, err := v.show()
		if err != nil {
			return nil, err
		}
		switch m := m.(type) {
		case *daylightv1.Term:
			all = append(all, m)
		case *daylightv1.Standard:
			standards = append(standards, m)
		}
		if v.state.Removed() {
			removed = append(removed, v.id.String())
		}
	}
	return vocabulary.New(all, standards, removed...), nil
}
