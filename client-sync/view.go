package clientsync

import (
	"time"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
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
	return record.Naming{Generation: uint32(len(s.Renames)), Renames: s.Renames}
}

func (v *view) show() (Message, error) { return record.Show(v.kind, v.id, v.state, v.names) }

// reader makes items within one transaction.
type reader struct {
	book  *localdb.Book
	names record.Naming
	own   map[fold.WriterID]bool
	// authors are of what came in bundles and is not answered for.
	authors map[fold.WriterID]*journal.Certificate
	here    map[record.ID]bool // records that were asked for already
}

func newReader(b *localdb.Book) (*reader, error) {
	self, err := b.Self()
	if err != nil {
		return nil, err
	}
	own := map[fold.WriterID]bool{self.ID: true}
	for _, w := range self.Former {
		own[w] = true
	}
	authors, err := b.Authors()
	if err != nil {
		return nil, err
	}
	return &reader{book: b, names: namingOf(self), own: own, authors: authors, here: map[record.ID]bool{}}, nil
}

func (r *reader) item(v *view) (Item, error) {
	m, err := v.show()
	if err != nil {
		return Item{}, err
	}
	unsent, err := r.book.Unsent(v.id)
	if err != nil {
		return Item{}, err
	}
	waiting, err := r.waiting(v, m)
	return Item{
		Kind: v.kind, ID: v.id.String(), Message: m,
		Sent: !unsent, Removed: v.state.Removed(), Incomplete: !v.state.Complete(),
		Conflicts: r.conflicts(v), Waiting: waiting,
	}, err
}

// waiting lists what the record refers to and what is not here.
func (r *reader) waiting(v *view, m Message) (out []Reference, err error) {
	for _, ref := range record.References(m) {
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

func (r *reader) conflicts(v *view) (out []Conflict) {
	for _, path := range v.state.Conflicts() {
		c := Conflict{}
		c.Field, c.Key = record.PathName(v.kind, path)
		if path.Field == fold.FieldRemoved {
			c.Values = append(c.Values, Value{}) // kept
		}
		for _, e := range v.state.Entries(path) {
			c.Values = append(c.Values, r.value(v.kind, path, e))
		}
		out = append(out, c)
	}
	return out
}

func (r *reader) value(kind Kind, path fold.Path, e fold.Entry) Value {
	return Value{
		JSON: record.FieldJSON(kind, path, e.Value), Writer: e.Writer.String(), Own: r.own[e.Writer],
		Written: timeOf(e.Time), ClockSuspect: e.Suspect, encoded: e.Value,
	}
}

func timeOf(t fold.Time) time.Time { return time.UnixMilli(journal.MS(t)).UTC() }
