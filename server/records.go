package server

import (
	"context"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// The record services do the same for each kind; what differs is the type of the
// messages. This file is what they share.

// answerMost bounds the records of one page in bytes, so that the answer is within
// what every client takes.
const answerMost = 3 << 20

// textMost bounds the words of a search, in bytes.
const textMost = 1000

// parseID reads an id of the request's field.
func parseID(field, s string) (record.ID, error) {
	id, err := record.ParseID(s)
	if err != nil {
		return id, invalid(field+": "+err.Error(), "")
	}
	return id, nil
}

// optionalID is parseID for a filter, which may be empty.
func optionalID(field, s string) (record.ID, error) {
	if s == "" {
		return record.ID{}, nil
	}
	return parseID(field, s)
}

func (s *Server) get(ctx context.Context, kind record.Kind, id string) (store.Item, error) {
	of, err := parseID("id", id)
	if err != nil {
		return store.Item{}, err
	}
	item, err := s.desk(callerOf(ctx)).Get(ctx, kind, of)
	if err == nil {
		err = s.shown(ctx, item.Message, "a restricted record was read")
	}
	return item, err
}

// listRequest is what the requests for a page have in common.
type listRequest interface {
	GetPageSize() uint32
	GetPageToken() string
	GetText() string
	GetIncludeRemoved() bool
	GetOnlyConflicts() bool
}

// list gives a page. One that would be too large to send is asked for again with
// fewer records.
func (s *Server) list(ctx context.Context, kind record.Kind, r listRequest, f store.Filter) (store.Page, error) {
	if len(r.GetText()) > textMost || strings.ContainsRune(r.GetText(), 0) {
		return store.Page{}, invalid("the text to search for is too long or holds a NUL character", "Search for a few words.")
	}
	q := store.Query{Filter: f, Text: r.GetText(), IncludeRemoved: r.GetIncludeRemoved(), OnlyConflicts: r.GetOnlyConflicts(),
		PageSize: pageSize(r.GetPageSize()), PageToken: r.GetPageToken()}
	if o, ok := r.(interface{ GetNewestFirst() bool }); ok {
		q.NewestFirst = o.GetNewestFirst()
	}
	for {
		page, err := s.desk(callerOf(ctx)).List(ctx, kind, q)
		if err != nil {
			return page, err
		}
		if len(page.Items) < 2 || sizeOf(page) <= answerMost {
			return page, s.listed(ctx, page)
		}
		q.PageSize = len(page.Items) / 2
	}
}

func pageSize(n uint32) int {
	if n == 0 {
		return store.DefaultPage
	}
	return int(min(n, store.MaxPage))
}

func sizeOf(p store.Page) (n int) {
	for _, i := range p.Items {
		n += proto.Size(i.Message) + proto.Size(i.Status)
	}
	return n
}

// save writes a message. sent is false when the request held none.
func (s *Server) save(ctx context.Context, kind record.Kind, m record.Message, sent bool) (store.Item, error) {
	if !sent {
		return store.Item{}, invalid("the request holds no "+kind.String()+"; nothing was saved", "")
	}
	items, err := s.desk(callerOf(ctx)).Save(ctx, m)
	if err != nil {
		return store.Item{}, err
	}
	return items[0], s.shown(ctx, items[0].Message, "a restricted record was saved, and shown as it is now")
}

// removal names a record and what was seen of it.
type removal interface {
	GetId() string
	GetSeen() []byte
}

func (s *Server) remove(ctx context.Context, kind record.Kind, r removal) (store.Item, error) {
	id, err := parseID("id", r.GetId())
	if err != nil {
		return store.Item{}, err
	}
	if len(r.GetSeen()) == 0 {
		return store.Item{}, invalid("the request does not say what was seen of the "+kind.String()+"; nothing was removed",
			"Read it and send its seen token along.")
	}
	item, err := s.desk(callerOf(ctx)).Remove(ctx, kind, id, r.GetSeen())
	if err == nil { // its status shows values in conflict
		err = s.shown(ctx, item.Message, "a restricted record was removed")
	}
	return item, err
}

// pastRequest asks for a page of a record's changes.
type pastRequest interface {
	GetId() string
	GetPageSize() uint32
	GetPageToken() string
}

func (s *Server) history(ctx context.Context, kind record.Kind, r pastRequest) ([]*daylightv1.HistoryEntry, string, error) {
	id, err := parseID("id", r.GetId())
	if err != nil {
		return nil, "", err
	}
	changes, next, err := s.desk(callerOf(ctx)).History(ctx, kind, id, pageSize(r.GetPageSize()), r.GetPageToken())
	if err == nil {
		err = s.shownPast(ctx, kind, id)
	}
	return changes, next, err
}
