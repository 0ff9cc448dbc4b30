package xlsform

import (
	"strconv"
	"strings"
)

// readSheet reads the cells of a sheet that hold something. What its stored size says
// does not count, nor do rows and cells that only have a style.
func (w *workbook) readSheet(p sheetPart, found *remarks) (Table, error) {
	t := Table{Name: p.name}
	data, err := w.part(p.path)
	if err != nil {
		return t, err
	}
	if data == nil {
		return t, errDamaged
	}
	r := sheetReader{book: w, scan: scanner{data: data}, table: &t, found: found, shared: map[string]formula{}}
	r.read()
	if r.scan.bad {
		return t, errDamaged
	}
	r.settleFormulas()
	return t, nil
}

// sheetReader is a sheet being read: row and column are where the scanner is.
type sheetReader struct {
	book        *workbook
	scan        scanner
	table       *Table
	found       *remarks
	row, column int

	formulas []formula
	shared   map[string]formula
	full     bool
}

func (r *sheetReader) read() {
	for t := r.scan.next(); t.kind != endOfFile && !r.full; t = r.scan.next() {
		switch {
		case t.name == "row" && (t.kind == opens || t.kind == empties):
			r.row++
			if n, err := strconv.Atoi(t.attr("r")); err == nil && n > 0 {
				r.row = n
			}
			r.column = -1
		case t.name == "c" && t.kind != closes:
			r.column++
			if at := t.attr("r"); at != "" {
				r.column = columnOf(at)
			}
			if t.kind == opens {
				r.cell(t)
			}
		case t.name == "mergeCell" && t.kind != closes:
			r.merged(t.attr("ref"))
		}
	}
}

// cell reads one that has something inside.
func (r *sheetReader) cell(t token) {
	kind, style := t.attr("t"), t.attr("s")
	var raw strings.Builder
	var f *formula
	in := ""
	for s := r.scan.next(); s.kind != endOfFile; s = r.scan.next() {
		switch {
		case s.kind == texts && in == "v":
			raw.WriteString(s.string())
		case s.kind == texts && in == "f":
			f.text += s.string()
		case s.name == "v":
			in = map[bool]string{true: "v"}[s.kind == opens]
		case s.name == "f" && s.kind != closes:
			f = &formula{row: r.row, column: r.column, group: s.attr("si"), shared: s.attr("t") == "shared"}
			in = map[bool]string{true: "f"}[s.kind == opens]
		case s.name == "f":
			in = ""
		case s.name == "is" && s.kind == opens:
			raw.WriteString(r.scan.rich("is"))
		case s.name == "c" && s.kind == closes:
			r.put(r.book.value(kind, style, raw.String()), f)
			return
		}
	}
	r.scan.bad = true
}

// columnOf is the place of B17's column, counted from 0; -1 for what is no place.
func columnOf(at string) int {
	n := 0
	for _, c := range []byte(at) {
		switch {
		case c >= 'A' && c <= 'Z':
			n = n*26 + int(c-'A') + 1
		case c >= 'a' && c <= 'z':
			n = n*26 + int(c-'a') + 1
		default:
			return n - 1
		}
		if n > 1<<14 {
			return -1
		}
	}
	return n - 1
}

// put places a cell in the table; one with nothing in it is none.
func (r *sheetReader) put(c Cell, f *formula) {
	if strings.TrimSpace(c.Text) == "" && f == nil || r.column < 0 {
		return
	}
	if r.column >= MaxColumns {
		r.tooLarge(Remark{Code: "too-many-columns", Row: r.row, Cell: cellName(r.row, r.column), Text: "the sheet has a text beyond column " + columnName(MaxColumns-1), Cure: "take out what stands there"})
		return
	}
	rows := &r.table.Rows
	if n := len(*rows); n == 0 || (*rows)[n-1].At != r.row {
		if n >= MaxRows {
			r.tooLarge(Remark{Code: "too-many-rows", Row: r.row, Text: "the sheet has more than 25,000 rows with a text", Cure: "take out what is not of the form, or split the form"})
			return
		}
		*rows = append(*rows, Row{At: r.row})
	}
	last := &(*rows)[len(*rows)-1]
	for len(last.Cells) <= r.column {
		last.Cells = append(last.Cells, Cell{})
	}
	if f != nil {
		f.cached = c
		r.formulas = append(r.formulas, *f)
		if f.shared && f.text != "" {
			r.shared[f.group] = *f
		}
	}
	last.Cells[r.column] = c
}

func (r *sheetReader) tooLarge(m Remark) {
	m.Refused, m.Sheet = true, r.table.Name
	r.found.add(m)
	r.full = true
}

// merged tells of cells that are joined: only the first holds the text, so the rows
// below would lose it unseen.
func (r *sheetReader) merged(ref string) {
	from, to, _ := strings.Cut(ref, ":")
	if from == to || to == "" {
		return
	}
	row, column := rowOf(from), columnOf(from)
	if r.at(row, column).Text == "" {
		return // nothing stands in it
	}
	r.found.add(Remark{Refused: true, Code: "joined-cells", Sheet: r.table.Name, Row: row, Cell: from, Text: "the cells " + shown(ref) + " are joined", Cure: "split them, and write the text into each cell that it is meant for"})
}

func rowOf(at string) int {
	n, err := strconv.Atoi(strings.TrimLeft(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
	if err != nil {
		return 0
	}
	return n
}
