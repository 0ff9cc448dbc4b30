package store

import (
	"math/bits"
	"strings"
)

// maxRows is how many rows one statement inserts at most. A season of a device
// brings thousands of entries, and the way through database/sql costs as much as
// the row itself.
const maxRows = 16

// insert is an INSERT of 1, 2, 4, ... maxRows rows; each text is prepared once.
type insert struct {
	width int
	texts []string
}

// inserting makes the texts: what stands before the values, how many values a row
// has, and what stands behind. Parameters stand in their order without a number:
// the driver looks up the name of each numbered one, a fifth of the statement's
// cost.
func inserting(before string, width int, behind string) *insert {
	in := &insert{width: width}
	for n := 1; n <= maxRows; n *= 2 {
		row := "(?" + strings.Repeat(", ?", width-1) + ")"
		in.texts = append(in.texts, before+" "+row+strings.Repeat(", "+row, n-1)+" "+behind)
	}
	return in
}

// rows gathers rows of one table until there are enough for a statement.
type rows struct {
	into *insert
	args []any
}

func (r *rows) count() int { return len(r.args) / r.into.width }

// add takes one row, whose values must not change afterwards. Rows that others
// refer to are written before those.
func (l *ledger) add(r *rows, values ...any) error {
	r.args = append(r.args, values...)
	if r.count() < maxRows {
		return nil
	}
	for _, first := range []*rows{&l.entryRows, &l.recordRows} {
		if r == first {
			break
		}
		if err := l.put(first); err != nil {
			return err
		}
	}
	return l.put(r)
}

// put writes the rows that were gathered.
func (l *ledger) put(r *rows) error {
	args := r.args
	r.args = r.args[:0]
	for n := len(args) / r.into.width; n > 0; n = len(args) / r.into.width {
		size := bits.Len(uint(n)) - 1
		width := r.into.width << size
		if _, err := l.Exec(r.into.texts[size], args[:width]...); err != nil {
			return err
		}
		args = args[width:]
	}
	return nil
}

// flush writes everything that was gathered, in the order in which rows refer to
// each other.
func (l *ledger) flush() error {
	for _, r := range []*rows{&l.entryRows, &l.recordRows, &l.touchRows} {
		if err := l.put(r); err != nil {
			return err
		}
	}
	for _, r := range l.projected {
		if err := l.put(r); err != nil {
			return err
		}
	}
	return nil
}
