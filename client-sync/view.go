package clientsync

import (
	"time"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
)

// view is one record read out of the database, ready to be shown without it.
type view struct {
	kind  Kind
	id    record.ID
	state *fold.State
	names record.Naming
}

// viewOf reads a record; the state is empty when there is none.
func viewOf(b *localdb.Book, kind Kind, id record.ID) (*view, error) {
	self, err := b.Self()
	if err != nil {
		return nil, err
	}
	v := &view{kind: kind, id: id, names: namingOf(self), state: fold.New()}
	stored, err := b.View(id)
	if err != nil || stored == nil {
		return v, err
	}
	v.kind = stored.Kind
	v.state, err = fold.DecodeOwn(stored.State)
	return v, err
}

func namingOf(s exchange.Self) record.Naming {
	return record.Naming{Generation: uint32(len(s.Renames)), Clock: s.Clock, Renames: s.Renames}
}

func (v *view) show() (Message, error) { return record.Show(v.kind, v.id, v.state, v.names) }

// reader makes items within one transaction.
type reader struct {
	book  *localdb.Book
	names record.Naming
	own   map[fold.WriterID]bool
	// self is who writes here; authors are of what came in bundles and is kept for the
	// office, nil before one is asked for.
	self    *journal.Certificate
	authors map[fold.WriterID]*journal.Certificate
	here    map[record.ID]bool // records that were asked for already
	// merges is what became of records that were merged.
	merges *merges
	// reads says of which kinds this device's person may ever have a record.
	reads func(Kind) bool
}

func (c *Client) newReader(b *localdb.Book) (*reader, error) {
	self, err := b.Self()
	if err != nil {
		return nil, err
	}
	own := map[fold.WriterID]bool{self.ID: true}
	for _, w := range self.Former {
		own[w] = true
	}
	merges, err := mergesIn(b)
	return &reader{
		book: b, names: namingOf(self), own: own,
		self: c.signer.Load().Certificate, here: map[record.ID]bool{}, reads: c.readsKind, merges: merges,
	}, err
}

func (r *reader) item(v *view) (Item, error) {
	m, err := v.show()
	if err != nil {
		return Item{}, err
	}
	unsent, passing, err := r.book.Unsent(v.id)
	if err != nil {
		return Item{}, err
	}
	conflicts, err := r.conflicts(v)
	if err != nil {
		return Item{}, err
	}
	waiting, err := r.waiting(v, m)
	joined := ""
	if at := r.merges.at(v.id); at != v.id {
		joined = at.String()
	}
	return Item{
		Kind: v.kind, ID: v.id.String(), Message: m,
		Sent: !unsent, Passing: passing, Removed: v.state.Removed(), Incomplete: !v.state.Complete(),
		Conflicts: conflicts, Waiting: waiting, JoinedTo: joined, Circular: r.merges.circular[v.id],
	}, err
}

// waiting lists what the record refers to and what is not here. What its person may not
// read is not waited for: whoever reads a note need not learn who spoke.
func (r *reader) waiting(v *view, m Message) (out []Reference, err error) {
	for _, ref := range record.References(m) {
		if !r.reads(ref.Kind) || ref.Kind == KindChecklist && checklist.Ships(ref.ID) {
			continue // a form that came with the program is no record
		}
		here, known := r.here[ref.ID]
		if !known {
			if here, err = r.book.Has(ref.ID); err != nil {
				return nil, err
			}
			r.here[ref.ID] = here
		}
		if !here {
			out = append(out, ref)
		}
	}
	return out, nil
}

func (r *reader) conflicts(v *view) (out []Conflict, err error) {
	paths := v.state.Conflicts()
	if len(paths) == 0 {
		return nil, nil // most records have none: what is pending is not read
	}
	pending, err := r.pending(v.id)
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		c := Conflict{}
		c.Field, c.Key = record.PathName(v.kind, path)
		if path.Field == fold.FieldRemoved {
			c.Values = append(c.Values, Value{}) // kept
		}
		for _, e := range v.state.Entries(path) {
			value, err := r.value(v.kind, path, e, pending)
			if err != nil {
				return nil, err
			}
			c.Values = append(c.Values, value)
		}
		out = append(out, c)
	}
	return out, nil
}

// pending are the changes of a record that are shown and that the office has not
// answered for.
func (r *reader) pending(id record.ID) (map[fold.Dot]bool, error) {
	entries, err := r.book.Unaccepted(id)
	if err != nil {
		return nil, err
	}
	out := map[fold.Dot]bool{}
	for _, e := range entries {
		if e.Decision == 0 {
			out[e.Dot] = true
		}
	}
	return out, nil
}

func (r *reader) value(kind Kind, path fold.Path, e fold.Entry, pending map[fold.Dot]bool) (Value, error) {
	v := Value{
		JSON: record.FieldJSON(kind, path, e.Value), Writer: e.Writer.String(), Own: r.own[e.Writer],
		Pending: pending[e.Dot],
		Written: timeOf(e.Time), ClockSuspect: e.Suspect, encoded: e.Value,
	}
	author, err := r.whose(e.Writer)
	if author != nil {
		v.Person, v.Device = author.Person, author.Device
	}
	return v, err
}

// whose is who writes under that name, as far as this device knows; else nil.
func (r *reader) whose(w fold.WriterID) (_ *journal.Certificate, err error) {
	if r.own[w] {
		return r.self, nil
	}
	if r.authors == nil {
		if r.authors, err = r.book.Authors(); err != nil {
			return nil, err
		}
	}
	return r.authors[w], nil
}

func timeOf(t fold.Time) time.Time { return time.UnixMilli(journal.MS(t)).UTC() }
