package server

import (
	"context"
	"maps"
	"slices"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/console"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/signin"
	"github.com/daylight-npm/daylight/server/store"
)

// pageRecords are the records for whoever sits at the office's pages: the same desk, the same
// lines in the access log, as a caller of the services has.
type pageRecords struct {
	*Server
	caller *caller
}

var _ console.Records = pageRecords{}

func (s *Server) recordsOf(who *signin.Session) console.Records {
	return pageRecords{s, s.sitting(who)}
}

// sitting is who sits at a browser, as a caller.
func (s *Server) sitting(who *signin.Session) *caller {
	known := &directory.Caller{Person: who.Person, PersonID: who.PersonID}
	return &caller{Caller: known, rights: rightsOf(known, s.config.Now().UnixMilli()), seated: true}
}

func (p pageRecords) with(ctx context.Context) context.Context {
	return context.WithValue(ctx, callerKey{}, p.caller)
}

// Desk implements console.Records.
func (p pageRecords) Desk() *store.Desk { return p.desk(p.caller) }

// Get implements console.Records.
func (p pageRecords) Get(ctx context.Context, kind record.Kind, id record.ID) (store.Item, error) {
	ctx = p.with(ctx)
	item, err := p.Desk().Get(ctx, kind, id)
	if err == nil {
		err = p.judge(ctx, item)
	}
	if err == nil {
		err = p.shown(ctx, item.Message, "a restricted record was read")
	}
	return item, err
}

// List implements console.Records.
func (p pageRecords) List(ctx context.Context, kind record.Kind, q store.Query) (store.Page, error) {
	ctx = p.with(ctx)
	page, err := p.Desk().List(ctx, kind, q)
	if err == nil {
		err = p.listed(ctx, page)
	}
	return page, err
}

// Several implements console.Records.
func (p pageRecords) Several(ctx context.Context, kind record.Kind, ids ...record.ID) (map[record.ID]store.Item, error) {
	ctx = p.with(ctx)
	items, err := p.Desk().Several(ctx, kind, ids...)
	if err != nil {
		return nil, err
	}
	return items, p.listed(ctx, store.Page{Items: slices.Collect(maps.Values(items))})
}

// History implements console.Records.
func (p pageRecords) History(ctx context.Context, kind record.Kind, id record.ID, size int, token string) ([]*daylightv1.HistoryEntry, string, error) {
	ctx = p.with(ctx)
	changes, next, err := p.Desk().History(ctx, kind, id, size, token)
	if err == nil {
		err = p.shownPast(ctx, kind, id)
	}
	return changes, next, err
}

// Save implements console.Records.
func (p pageRecords) Save(ctx context.Context, messages ...record.Message) ([]store.Item, error) {
	items, err := p.Desk().Save(p.with(ctx), messages...)
	return p.saved(ctx, items, err)
}

// Settle implements console.Records.
func (p pageRecords) Settle(ctx context.Context, s store.Settlement, more ...record.Message) ([]store.Item, error) {
	items, err := p.Desk().Settle(p.with(ctx), s, more...)
	return p.saved(ctx, items, err)
}

func (p pageRecords) saved(ctx context.Context, items []store.Item, err error) ([]store.Item, error) {
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		if err := p.shown(p.with(ctx), i.Message, "a restricted record was saved, and shown as it is now"); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// Remove implements console.Records.
func (p pageRecords) Remove(ctx context.Context, kind record.Kind, id record.ID, seen []byte) (store.Item, error) {
	ctx = p.with(ctx)
	item, err := p.Desk().Remove(ctx, kind, id, seen)
	if err == nil {
		err = p.shown(ctx, item.Message, "a restricted record was removed")
	}
	return item, err
}
