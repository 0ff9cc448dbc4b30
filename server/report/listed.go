package report

import (
	"fmt"

	"github.com/daylight-npm/daylight/internal/record"
)

// List gives the records of one kind that a list holds, page by page. under holds, for the
// page, the interviews and findings that its records rest on, and what those were joined
// to: what is not there is taken for what nobody agreed to.
type List func(do func(page []Row, under Source) error) error

// Listed is Tables for the records of a list, of the one kind that the options name. words
// has the office's terms and standards. Nothing but the pages is read.
func Listed(words Source, list List, o Options, to Sheets) (Counts, error) {
	if len(o.Kinds) != 1 {
		return Counts{}, fmt.Errorf("a list has one kind of record, and %d are named", len(o.Kinds))
	}
	x := &export{Options: o, from: words, listed: list, counts: Counts{Records: map[record.Kind]int{}}}
	l, err := newLabels(words, o.Language)
	if err != nil {
		return Counts{}, err
	}
	several, err := to.Begin(conflicts, conflictColumns, true)
	if err != nil {
		return Counts{}, err
	}
	if err := x.table(o.Kinds[0], l, to, several); err != nil {
		return x.counts, fmt.Errorf("write the list of %s: %w", o.Kinds[0], err)
	}
	return x.counts, several.End()
}

// eachListed judges each page by what its own records rest on.
func (x *export) eachListed(do func(Row) error) error {
	return x.listed(func(page []Row, under Source) (err error) {
		if x.gate, err = newGate(under, x.UpTo); err != nil {
			return err
		}
		for _, r := range page {
			if err := do(r); err != nil {
				return err
			}
		}
		return nil
	})
}
