package localdb

import (
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
)

// Row is one record of a list.
type Row struct {
	// Number is its place in the order in which records came to this device.
	Number int64
	exchange.View
}

// Query says which records a list has. Its zero value gives every record that is
// complete and not removed.
type Query struct {
	// After is the Number of the last row that the caller has.
	After int64
	// Kind: only this one; 0 for all.
	Kind record.Kind
	// Of: only this record, what belongs to it and what belongs to that: a visit
	// with its findings, a facility with its visits and their findings. nil for all.
	Of *record.ID

	IncludeRemoved, IncludeIncomplete bool
	// OnlyConflicts and OnlyUnsent say how to look; with Of they are not read.
	OnlyConflicts, OnlyUnsent bool
}

// The list's columns and conditions, whichever way its rows are found.
const (
	listColumns = `SELECT v.number, ` + viewColumns + ` FROM views v `

	listRest = ` AND (?2 = 0 OR v.kind = ?2) AND (?3 OR v.removed = 0) AND (?4 OR v.complete = 1)
		ORDER BY v.number LIMIT ?5`

	belongs = ` v.number IN (
			SELECT number FROM views WHERE id = ?6
			UNION SELECT number FROM views WHERE parent = ?6
			UNION SELECT c.number FROM views p JOIN views c ON c.parent = p.id WHERE p.parent = ?6)`

	unsent = ` v.number IN (
			SELECT w.number FROM entries e JOIN views w ON w.id = e.record WHERE e.decision = 0
			UNION SELECT w.number FROM entries e JOIN touches t ON t.number = e.number
				JOIN views w ON w.id = t.record WHERE e.decision = 0 AND e.more)`
)

// Page gives up to limit rows in the order of their numbers.
func (b *Book) Page(q Query, limit int) (out []Row, err error) {
	args := []any{q.After, b.kind(q.Kind), q.IncludeRemoved, q.IncludeIncomplete, limit}
	text := listColumns + `WHERE v.number > ?1` + listRest
	switch {
	case q.Of != nil:
		text, args = listColumns+`WHERE v.number > ?1 AND`+belongs+listRest, append(args, b.record(*q.Of))
	case q.OnlyUnsent:
		text = listColumns + `WHERE v.number > ?1 AND` + unsent + listRest
	case q.OnlyConflicts:
		text = listColumns + `WHERE v.number > ?1 AND v.conflict = 1` + listRest
	}
	err = b.Each(text, args, func(scan func(...any) error) (bool, error) {
		r, err := b.listed(scan)
		out = append(out, r)
		return true, err
	})
	return out, err
}

func (b *Book) listed(scan func(...any) error) (r Row, err error) {
	r.View, err = b.viewIn(func(to ...any) error { return scan(append([]any{&r.Number}, to...)...) })
	return r, err
}
