package store

import (
	"context"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Bounds of a page.
const (
	DefaultPage = 100
	MaxPage     = 500
)

// Query says which records a list holds. The zero Query is all that are complete,
// not removed and not joined to another.
type Query struct {
	// Filter is a FacilityFilter, VisitFilter, FindingFilter or TermFilter, of the
	// kind that is listed; nil for all.
	Filter Filter
	// Text holds words that must all occur; the last may be a beginning.
	Text string
	// IncludeRemoved gives removed records and those joined to another too.
	IncludeRemoved bool
	// IncludeIncomplete gives those too whose creating change has not come.
	IncludeIncomplete bool
	// OnlyConflicts leaves those that hold more than one value somewhere.
	OnlyConflicts bool
	// PageSize is at most MaxPage; 0 means DefaultPage.
	PageSize int
	// PageToken is Next of the page before; empty for the first.
	PageToken string
}

// pageSize brings what was asked for within the bounds.
func pageSize(asked int) int {
	if asked <= 0 {
		return DefaultPage
	}
	return min(asked, MaxPage)
}

// standings is the set of those that the list holds, a bit for each.
func (q Query) standings() int64 {
	set := int64(1) << listed
	if q.IncludeRemoved {
		set |= 1<<removed | 1<<joined
	}
	if q.IncludeIncomplete {
		set |= 1 << incomplete
	}
	return set
}

// Page is one page of a list.
type Page struct {
	Items []Item
	// Next is the token of the next page, empty on the last.
	Next string
	// SearchedUpTo: with Text, records that changed after this position may be
	// missing, or found by words that they no longer have.
	SearchedUpTo exchange.Position
}

// List gives a page in the order in which the records came. Records that come
// while paging neither shift nor repeat a page. ErrBadToken, ErrBadFilter.
func (s *Store) List(ctx context.Context, kind record.Kind, q Query) (Page, error) {
	return s.list(ctx, kind, q, everything)
}

func (s *Store) list(ctx context.Context, kind record.Kind, q Query, sight *Sight) (page Page, err error) {
	of, after, err := listOf(kind, q)
	if err != nil {
		return Page{}, err
	}
	within, args := sight.within(kind, 6+len(of.args))
	of.where, of.args = of.where+within, append(of.args, args...)
	words := matchAll(q.Text)
	if q.Text != "" && words == "" {
		return Page{}, nil // only signs: nothing has them
	}
	err = s.read(ctx, func(l *ledger) error {
		if words != "" {
			if page.SearchedUpTo, err = l.searched(); err != nil {
				return err
			}
		}
		page.Items, page.Next, err = l.list(kind, of, q, words, after)
		return err
	})
	if err != nil {
		return Page{}, err
	}
	return page, nil
}

// list is one kind's query: the table and its own conditions, whose parameters
// begin at $6.
type list struct {
	from, where string
	args        []any
	token       pageOf
}

func listOf(kind record.Kind, q Query) (of list, after int64, err error) {
	f := q.Filter
	if f == nil {
		f = noFilter(kind)
	}
	if f == nil || f.kind() != kind {
		return list{}, 0, ErrBadFilter
	}
	of = f.list()
	of.token = pageOf{"list", kind, f, q.Text, q.IncludeRemoved, q.IncludeIncomplete, q.OnlyConflicts}
	after, err = of.token.parse(q.PageToken)
	return of, after, err
}

func noFilter(kind record.Kind) Filter {
	for _, f := range []Filter{FacilityFilter{}, VisitFilter{}, FindingFilter{}, TermFilter{}} {
		if f.kind() == kind {
			return f
		}
	}
	return nil
}

// list reads one page and, to know whether it is the last, one record more. The
// words are a parameter with and without a search, so that those of the filter
// keep their numbers.
func (l *ledger) list(kind record.Kind, of list, q Query, words string, after int64) (items []Item, next string, err error) {
	text := `
		SELECT r.number, r.id, r.state, l.position, l.received_at
		FROM ` + of.from + `
		JOIN records r ON r.number = p.record
		JOIN log l ON l.position = (SELECT max(t.position) FROM touches t WHERE t.record = r.number)
		WHERE p.record > $1
		  AND (1 << p.standing) & $2 <> 0
		  AND p.conflicts >= $3
		  AND $4 = $4` + of.where
	if words != "" {
		text += `
		  AND p.record IN (SELECT rowid FROM search WHERE search MATCH $4)`
	}
	text += `
		ORDER BY p.record
		LIMIT $5`
	size := pageSize(q.PageSize)
	conflicts := 0
	if q.OnlyConflicts {
		conflicts = 1
	}
	args := append([]any{after, q.standings(), conflicts, words, size + 1}, of.args...)
	err = l.Each(text, args, func(scan func(...any) error) (bool, error) {
		if len(items) == size {
			next = of.token.at(after)
			return false, nil
		}
		var id, state []byte
		status := &daylightv1.RecordStatus{}
		if err := scan(&after, &id, &state, &status.Position, &status.ReceivedAt); err != nil {
			return false, err
		}
		item, err := show(kind, record.ID(id), state, status)
		items = append(items, item)
		return true, err
	})
	for _, item := range items {
		if err == nil {
			err = l.addWaiting(item)
		}
	}
	return items, next, err
}
