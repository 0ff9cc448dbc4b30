package store

import (
	"strings"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// standing says whether a list holds a record.
type standing int64

const (
	listed standing = iota
	removed
	joined     // to another record
	incomplete // its creating change has not come
)

func standingOf(s *fold.State) standing {
	switch {
	case !s.Complete():
		return incomplete
	case s.Removed():
		return removed
	case record.TextIn(s, record.FieldMergedInto) != "":
		return joined
	}
	return listed
}

// projection is one narrow table: how a row is put and read again. The columns are the
// record's number, standing, conflicts, and what values gives.
type projection struct {
	table  string
	put    *insert
	get    string
	values func(record.ID, *fold.State) []any
	// children are tables with a row for each of something that a record holds several of.
	children []child
}

// project makes the statements of a table with these columns behind the common ones.
func project(table string, columns []string, values func(record.ID, *fold.State) []any, children ...child) projection {
	columns = append([]string{"standing", "conflicts"}, columns...)
	set := make([]string, len(columns))
	for i, c := range columns {
		set[i] = c + ` = excluded.` + c
	}
	return projection{
		table: table,
		put: inserting(`
			INSERT INTO `+table+` (record, `+strings.Join(columns, ", ")+`)
			VALUES`, 1+len(columns), `
			ON CONFLICT (record) DO UPDATE SET
				`+strings.Join(set, ", ")),
		get: `
			SELECT ` + strings.Join(columns, ", ") + `
			FROM ` + table + `
			WHERE record = $1`,
		values: values, children: children,
	}
}

// row is what the state says that the projection's row holds behind its number.
func (p projection) row(id record.ID, at standing, s *fold.State) []any {
	return append([]any{int64(at), int64(len(s.Conflicts()))}, p.values(id, s)...)
}

// child is a table whose rows are a record's number and one of what rows gives, which are
// sorted by the table's key and each there once.
type child struct {
	table   string
	columns int // behind the number
	put     *insert
	drop    string
	get     string
	rows    func(*fold.State) [][]any
}

// childTable makes the statements of one.
func childTable(table string, columns []string, rows func(*fold.State) [][]any) child {
	list := strings.Join(columns, ", ")
	return child{
		table: table, columns: len(columns),
		put: inserting(`
			INSERT INTO `+table+` (record, `+list+`)
			VALUES`, 1+len(columns), ``),
		drop: `
			DELETE FROM ` + table + `
			WHERE record = $1`,
		get: `
			SELECT ` + list + `
			FROM ` + table + `
			WHERE record = $1
			ORDER BY ` + columns[0],
		rows: rows,
	}
}

// project writes the projection of a record. A record of which nothing was accepted, one
// of a sealed kind, and one of a kind that this program does not know, has none. old: the
// record may have one.
func (l *ledger) project(n int64, r record.ID, kind record.Kind, old bool, s *fold.State) error {
	l.changed = l.changed.with(kind)
	p, ok := projections[kind]
	if !ok || s == nil {
		return nil
	}
	at, err := l.standing(n, s)
	if err != nil {
		return err
	}
	if err := l.add(l.gathered(p.put), append([]any{n}, p.row(r, at, s)...)...); err != nil {
		return err
	}
	for _, c := range p.children {
		if err := l.projectChild(n, old, c, s); err != nil {
			return err
		}
	}
	return nil
}

func (l *ledger) projectChild(n int64, old bool, c child, s *fold.State) error {
	into := l.gathered(c.put)
	if old {
		if err := l.put(into); err != nil { // what this transaction has put of it goes too
			return err
		}
		if _, err := l.Exec(c.drop, n); err != nil {
			return err
		}
	}
	for _, row := range c.rows(s) {
		if err := l.add(into, append([]any{n}, row...)...); err != nil {
			return err
		}
	}
	return nil
}

// gathered are the rows on their way to a table of the projections.
func (l *ledger) gathered(into *insert) *rows {
	if l.projected[into] == nil {
		l.projected[into] = &rows{into: into}
	}
	return l.projected[into]
}
