package clientsync

import (
	"context"
	"iter"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
)

// Get gives one record, also a removed or incomplete one.
func (c *Client) Get(ctx context.Context, kind Kind, id string) (item Item, err error) {
	name, err := record.ParseID(id)
	if err != nil {
		return Item{}, rpcerr.E(Invalid, err.Error(), "", nil)
	}
	err = c.db.Read(ctx, func(b *localdb.Book) error {
		r, err := c.newReader(b)
		if err != nil {
			return err
		}
		v, err := viewOf(b, kind, name)
		if err != nil {
			return err
		}
		if v.state.Empty() || v.kind != kind {
			return rpcerr.E(NotFound, "there is no "+kind.String()+" with this id on this device", "Sync, or look whether the id is right.", nil)
		}
		item, err = r.item(v)
		return err
	})
	return item, explainDisk(err)
}

// pageRows is how many records List reads at a time.
const pageRows = 200

// searchedRows is how many it looks through at a time for a text, of which few are kept.
const searchedRows = 1000

// List gives the records that f asks for, in the order in which they came to this
// device. Each page is read by itself, so the caller may take its time, and save;
// what is added meanwhile comes at the end. An error ends the list.
func (c *Client) List(ctx context.Context, f Filter) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		q, err := f.query()
		for more := err == nil; more; {
			var page []Item
			page, more, err = c.page(ctx, f, &q)
			if err != nil {
				break
			}
			for _, item := range page {
				if !yield(item, nil) {
					return
				}
			}
		}
		if err != nil {
			yield(Item{}, explainDisk(err))
		}
	}
}

// query is the part of the filter that the database answers.
func (f Filter) query() (localdb.Query, error) {
	q := localdb.Query{
		Kind: f.Kind, IncludeRemoved: f.IncludeRemoved, IncludeIncomplete: f.IncludeIncomplete,
		OnlyConflicts: f.OnlyConflicts, OnlyUnsent: f.OnlyUnsent,
	}
	of := f.Visit
	if of == "" {
		of = f.Facility
	}
	if of == "" {
		return q, nil
	}
	id, err := record.ParseID(of)
	if err != nil {
		return q, rpcerr.E(Invalid, err.Error(), "", nil)
	}
	q.Of = &id
	return q, nil
}

// page gives the next records and moves the query on.
func (c *Client) page(ctx context.Context, f Filter, q *localdb.Query) (out []Item, more bool, err error) {
	text := newNeedle(f.Text)
	err = c.db.Read(ctx, func(b *localdb.Book) error {
		r, err := c.newReader(b)
		if err != nil {
			return err
		}
		rows := pageRows
		if text != "" {
			q.Keep, rows = text.maybeIn, searchedRows
		}
		if err := r.merges.narrow(b, q); err != nil {
			return err
		}
		p, err := b.Page(*q, rows)
		if err != nil {
			return err
		}
		q.After, more = p.Last, p.More
		for _, row := range p.Rows {
			v := &view{kind: row.Kind, id: row.ID, names: r.names}
			if v.state, err = fold.DecodeOwn(row.State); err != nil {
				return err
			}
			item, err := r.item(v)
			if err != nil {
				return err
			}
			if f.wants(item) && text.in(item.Message) {
				out = append(out, item)
			}
		}
		return nil
	})
	return out, more, err
}

// wants asks what the query did not.
func (f Filter) wants(i Item) bool {
	return (!f.OnlyConflicts || len(i.Conflicts) > 0) && (!f.OnlyUnsent || !i.Sent || i.Passing)
}

// Conflicts gives every record that has a conflict, removed ones too.
func (c *Client) Conflicts(ctx context.Context) iter.Seq2[Item, error] {
	return c.List(ctx, Filter{OnlyConflicts: true, IncludeRemoved: true, IncludeIncomplete: true})
}
