package store

import (
	"context"
	"math"
	"strings"

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
	// Filter is one of the kind that is listed; nil for all.
	Filter Filter
	// Text holds words that must all occur; the last may be a beginning.
	Text string
	// IncludeRemoved gives removed records and those joined to another too.
	IncludeRemoved bool
	// IncludeIncomplete gives those too whose creating change has not come.
	IncludeIncomplete bool
	// OnlyConflicts leaves those that hold more than one value somewhere.
	OnlyConflicts bool
	// NewestFirst turns the order round.
	NewestFirst bool
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

// List gives a page in the order in which the records came, or the newest first. Records
// that come while paging neither shift nor repeat a page. ErrBadToken, ErrBadFilter,
// ErrNoList.
func (s *Store) List(ctx context.Context, kind record.Kind, q Query) (Page, error) {
	return s.list(ctx, kind, q, everything)
}

func (s *Store) list(ctx context.Context, kind record.Kind, q Query, sight *Sight) (page Page, err error) {
	of, after, err := listOf(kind, q)
	if err != nil {
		return Page{}, err
	}
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
		page.Items, page.Next, err = l.list(kind, of, of.query(kind, q, words, sight), q, after)
		return err
	})
	if err != nil {
		return Page{}, err
	}
	return page, nil
}

func listOf(kind record.Kind, q Query) (of *list, after int64, err error) {
	if !Lists(kind) {
		return nil, 0, ErrNoList
	}
	f := q.Filter
	if f == nil {
		f = noFilter(kind)
	}
	if f.kind() != kind {
		return nil, 0, ErrBadFilter
	}
	of = &list{token: pageOf{"list", kind, f, q.Text, q.IncludeRemoved, q.IncludeIncomplete, q.OnlyConflicts, q.NewestFirst}}
	f.narrow(of)
	after, err = of.token.parse(q.PageToken)
	return of, after, err
}

func noFilter(kind record.Kind) Filter {
	for _, f := range []Filter{FacilityFilter{}, VisitFilter{}, FindingFilter{}, TermFilter{}, RecommendationFilter{}, ReplyFilter{},
		UndertakingFilter{}, ReprisalCaseFilter{}, CommentFilter{}, PlanFilter{}, StandardFilter{}, ChecklistFilter{}} {
		if f.kind() == kind {
			return f
		}
	}
	return VisitRecordFilter{Kind: kind}
}

// query is the text that finds the numbers of a page in narrow rows alone, and then reads
// the records. Its first parameters are where the page begins, the standings and the
// number of rows; those of the list follow.
func (of *list) query(kind record.Kind, q Query, words string, sight *Sight) string {
	order, beyond := ``, ` > `
	if q.NewestFirst {
		order, beyond = ` DESC`, ` < `
	}
	from, key := projections[kind].table+` p`, `p.record`
	if of.sight(kind, sight) {
		from += `
			JOIN records r ON r.number = p.record`
	}
	switch {
	case words == "":
	case of.few:
		of.searchFew(from, words)
	default: // the search gives what it finds in this very order
		from, key = `search
			CROSS JOIN `+from, `search.rowid`
		of.also(`search MATCH ` + of.arg(words) + ` AND p.record = search.rowid`)
	}
	if q.OnlyConflicts {
		of.also(`p.conflicts > 0`)
	}
	where := append([]string{key + beyond + `$1`, `(1 << p.standing) & $2 <> 0`}, of.where...)
	return `
		SELECT r.number, r.id, r.state, l.position, l.received_at
		FROM (
			SELECT p.record
			FROM ` + from + `
			WHERE ` + strings.Join(where, `
			  AND `) + `
			ORDER BY ` + key + order + `
			LIMIT $3) p
		JOIN records r ON r.number = p.record
		JOIN log l ON l.position = (SELECT max(t.position) FROM touches t WHERE t.record = r.number)
		ORDER BY p.record` + order
}

// searchFew narrows to what has the words, looking for them only between the first and the
// last of the few records that all else leaves.
func (of *list) searchFew(from, words string) {
	ends := func(which string) string {
		return `(SELECT ` + which + `(p.record) FROM ` + from + ` WHERE ` + strings.Join(of.where, ` AND `) + `)`
	}
	of.also(`p.record IN (SELECT rowid FROM search WHERE search MATCH ` + of.arg(words) + ` AND rowid BETWEEN ` + ends(`min`) + ` AND ` + ends(`max`) + `)`)
}

// sight adds what is in sight, and reports whether that needs the record itself, as r.
// What hangs on a visit is first looked for from the holders' visits, which are few beside
// all that a list would have to pass by.
func (of *list) sight(kind record.Kind, s *Sight) bool {
	condition, args := s.within(kind, firstFilter+len(of.args))
	if condition == "" {
		return false
	}
	of.args = append(of.args, args...)
	of.also(strings.TrimPrefix(strings.TrimSpace(condition), "AND "))
	reach := s.reach(kind)
	if record.HangsOnVisit(kind) && len(reach.Holders) > 0 && !of.few {
		holders := make([]string, len(reach.Holders))
		for i, h := range reach.Holders {
			holders[i] = of.arg([]byte(h))
		}
		of.also(`p.visit IN (SELECT s.target FROM scopes s WHERE s.holder IN (` + strings.Join(holders, ", ") + `) AND s.until = 0)`)
	}
	return true
}

// list reads one page and, to know whether it is the last, one record more.
func (l *ledger) list(kind record.Kind, of *list, text string, q Query, after int64) (items []Item, next string, err error) {
	if after == 0 && q.NewestFirst {
		after = math.MaxInt64
	}
	size := pageSize(q.PageSize)
	args := append([]any{after, q.standings(), size + 1}, of.args...)
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
