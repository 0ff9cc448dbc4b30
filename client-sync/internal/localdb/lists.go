package localdb

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

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
	// Also: with Of, other records that are shown as one with it, in the same way. Beside:
	// what belongs to these as well. Apart: what belongs to these is left out.
	Also, Beside []record.ID
	Apart        []record.ID
	// Hidden are left out: they are shown under others.
	Hidden []record.ID

	IncludeRemoved, IncludeIncomplete bool
	// Keep, where it is not nil, is asked of each state; several goroutines ask at once.
	Keep func(state []byte) bool
	// OnlyConflicts and OnlyUnsent say how to look; with Of they are not read.
	OnlyConflicts, OnlyUnsent bool
}

// The list's columns and conditions, whichever way its rows are found.
const (
	listColumns = `SELECT v.number, ` + viewColumns + ` FROM views v `

	listRest = ` AND (?2 = 0 OR v.kind = ?2) AND (?3 OR v.removed = 0) AND (?4 OR v.complete = 1)
		ORDER BY v.number LIMIT ?5`

	unsent = ` v.number IN (
			SELECT w.number FROM entries e JOIN views w ON w.id = e.record WHERE e.decision = 0
			UNION SELECT w.number FROM entries e JOIN touches t ON t.number = e.number
				JOIN views w ON w.id = t.record WHERE e.decision = 0 AND e.more)`
)

// Page is a part of a list.
type Page struct {
	Rows []Row
	// Last is the Number of the last row that was looked at, also one that Keep left out;
	// More: there may be more behind it.
	Last int64
	More bool
}

// Page looks at up to limit rows in the order of their numbers. They are opened side by
// side: that is most of the work of a search.
func (b *Book) Page(q Query, limit int) (p Page, err error) {
	args := []any{q.After, b.kind(q.Kind), q.IncludeRemoved, q.IncludeIncomplete, limit}
	text := listColumns + `WHERE v.number > ?1` + listRest
	switch {
	case q.Of != nil:
		var belongs string
		belongs, args = b.belongs(q, args)
		text = listColumns + `WHERE v.number > ?1 AND` + belongs + listRest
	case q.OnlyUnsent:
		text = listColumns + `WHERE v.number > ?1 AND` + unsent + listRest
	case q.OnlyConflicts:
		text = listColumns + `WHERE v.number > ?1 AND v.conflict = 1` + listRest
	}
	var stored []listed
	err = b.Each(text, args, func(scan func(...any) error) (bool, error) {
		var l listed
		err := l.scan(scan, &l.number)
		stored = append(stored, l)
		return true, err
	})
	if err != nil {
		return p, err
	}
	if p.More = len(stored) == limit; len(stored) > 0 {
		p.Last = stored[len(stored)-1].number
	}
	p.Rows, err = b.openAll(b.without(stored, q), q.Keep)
	return p, err
}

// belongs is the condition that a row belongs to what the query names, with its ids behind
// the arguments so far.
func (b *Book) belongs(q Query, args []any) (string, []any) {
	set := func(ids ...record.ID) string {
		var numbers []string
		for _, id := range ids {
			args = append(args, b.record(id))
			numbers = append(numbers, fmt.Sprintf("?%d", len(args)))
		}
		return "(" + strings.Join(numbers, ", ") + ")"
	}
	of := set(append([]record.ID{*q.Of}, q.Also...)...)
	text := ` v.number IN (
			SELECT number FROM views WHERE id IN ` + of + `
			UNION SELECT number FROM views WHERE parent IN ` + of + `
			UNION SELECT c.number FROM views p JOIN views c ON c.parent = p.id WHERE p.parent IN ` + of
	if len(q.Beside) > 0 {
		text += `
			UNION SELECT number FROM views WHERE parent IN ` + set(q.Beside...)
	}
	return text + `)`, args
}

// without leaves out what is shown elsewhere, before it is opened.
func (b *Book) without(stored []listed, q Query) []listed {
	if len(q.Hidden)+len(q.Apart) == 0 {
		return stored
	}
	hidden, apart := b.blindSet(q.Hidden), b.blindSet(q.Apart)
	return slices.DeleteFunc(stored, func(l listed) bool { return hidden[string(l.id)] || apart[string(l.parent)] })
}

func (b *Book) blindSet(ids []record.ID) map[string]bool {
	out := map[string]bool{}
	for _, id := range ids {
		out[string(b.record(id))] = true
	}
	return out
}

// listed is a row of a list as it is stored.
type listed struct {
	storedView
	number int64
}

// fewRows are opened sooner than they are shared out.
const fewRows = 16

// openAll opens the rows, and leaves out those that keep does.
func (b *Book) openAll(stored []listed, keep func([]byte) bool) ([]Row, error) {
	all := make([]*Row, len(stored))
	errs := make([]error, len(stored))
	open := func(i int) {
		v, err := b.openView(stored[i].storedView)
		if errs[i] = err; err == nil && (keep == nil || keep(v.State)) {
			all[i] = &Row{stored[i].number, v}
		}
	}
	workers := min(runtime.GOMAXPROCS(0), len(stored)/fewRows)
	var next atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for {
				from := int(next.Add(fewRows)) - fewRows
				if from >= len(stored) {
					return
				}
				for i := from; i < min(from+fewRows, len(stored)); i++ {
					open(i)
				}
			}
		})
	}
	if workers == 0 {
		for i := range stored {
			open(i)
		}
	}
	group.Wait()
	var out []Row
	for _, r := range all {
		if r != nil {
			out = append(out, *r)
		}
	}
	return out, errors.Join(errs...)
}
