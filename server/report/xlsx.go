package report

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// The bounds of a sheet, and of a cell and a name in UTF-16 units (ECMA-376, Excel's limits).
const (
	maxRows    = 1_048_576
	maxColumns = 16_384
	maxCell    = 32_767
	maxName    = 31
)

// ErrTooManyRows: a table has more rows than a sheet can hold.
var ErrTooManyRows = errors.New("a sheet holds at most 1,048,576 rows; write CSV, or fewer visits")

// ErrTooManyColumns: a table has more columns than a sheet can hold.
var ErrTooManyColumns = errors.New("a sheet holds at most 16,384 columns; write CSV")

// Workbook is one XLSX file with a sheet for each table. Text is written as text, whatever
// it begins with, and never as a formula; numbers are numbers; dates are text, since they
// may be months or years. A table without rows has a sheet only where it is a kind's own.
// The first sheet tells which sheet is which table.
type Workbook struct {
	file  *excelize.File
	names map[string]bool
	about [][]any
	cut   int
	// full is the number of rows that a sheet holds.
	full int
}

// about is the name of the first sheet.
const about = "about"

// NewWorkbook makes one. What does not fit into memory is kept in files in the folder, which
// are gone after Close.
func NewWorkbook(folder string) *Workbook {
	f := excelize.NewFile(excelize.Options{TmpDir: folder})
	_ = f.SetSheetName(f.GetSheetName(0), about) // it is there, and the name is a good one
	return &Workbook{file: f, names: map[string]bool{about: true}, full: maxRows}
}

// Begin implements Sheets.
func (w *Workbook) Begin(name string, header []string, needed bool) (Sheet, error) {
	if len(header) > maxColumns {
		return nil, fmt.Errorf("%s: %w", name, ErrTooManyColumns)
	}
	s := &sheet{book: w, table: name, header: header}
	if needed {
		return s, s.begin()
	}
	return s, nil
}

// Cut counts the cells that were shortened.
func (w *Workbook) Cut() int { return w.cut }

// WriteTo writes the workbook, with lines for the first sheet.
func (w *Workbook) WriteTo(to io.Writer, lines ...[]any) error {
	s, err := w.file.NewStreamWriter(about)
	if err != nil {
		return err
	}
	all := append(append(lines, []any{}, []any{"sheet", "table", "rows"}), w.about...)
	for i, line := range all {
		if err := s.SetRow("A"+strconv.Itoa(i+1), line); err != nil {
			return err
		}
	}
	if err := s.Flush(); err != nil {
		return err
	}
	return w.file.Write(to)
}

// Close removes what it kept outside of memory.
func (w *Workbook) Close() error { return w.file.Close() }

// sheet is one table, there once it has a row.
type sheet struct {
	book   *Workbook
	table  string
	header []string
	name   string
	stream *excelize.StreamWriter
	rows   int
}

func (s *sheet) begin() (err error) {
	s.name = s.book.nameOf(s.table)
	if _, err = s.book.file.NewSheet(s.name); err != nil {
		return err
	}
	if s.stream, err = s.book.file.NewStreamWriter(s.name); err != nil {
		return err
	}
	if err := s.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	row := make([]any, len(s.header))
	for i, h := range s.header {
		row[i] = h
	}
	return s.put(row)
}

// nameOf is a sheet's name, which has at most 31 characters: a table's, cut where it is
// longer, with a number where that is taken, be it in other letters, large or small.
func (w *Workbook) nameOf(table string) string {
	name := cutTo(table, maxName)
	for n := 2; w.names[strings.ToLower(name)]; n++ {
		end := "~" + strconv.Itoa(n)
		name = cutTo(table, maxName-len(end)) + end
	}
	w.names[strings.ToLower(name)] = true
	return name
}

// cutTo is the beginning of a text that has at most so many UTF-16 units.
func cutTo(text string, most int) string {
	for i, r := range text {
		if most -= units(string(r)); most < 0 {
			return text[:i]
		}
	}
	return text
}

// Write implements Sheet.
func (s *sheet) Write(row []any) error {
	if s.stream == nil {
		if err := s.begin(); err != nil {
			return err
		}
	}
	if s.rows >= s.book.full {
		return fmt.Errorf("%s: %w", s.table, ErrTooManyRows)
	}
	cells := make([]any, len(row))
	for i, v := range row {
		if text, ok := v.(string); ok {
			v = s.book.fit(text)
		}
		cells[i] = v
	}
	return s.put(cells)
}

func (s *sheet) put(row []any) error {
	s.rows++
	return s.stream.SetRow("A"+strconv.Itoa(s.rows), row)
}

// End implements Sheet.
func (s *sheet) End() error {
	if s.stream == nil {
		return nil
	}
	s.book.about = append(s.book.about, []any{s.name, s.table, s.rows - 1})
	return s.stream.Flush()
}

// fit shortens text that no cell can hold, and says so in it.
func (w *Workbook) fit(text string) string {
	if len(text) <= maxCell || units(text) <= maxCell {
		return text
	}
	w.cut++
	says := fmt.Sprintf(" [cut: the text has %d characters, CSV has all of it]", utf8.RuneCountInString(text))
	return cutTo(text, maxCell-units(says)) + says
}

// units counts the UTF-16 code units of a text.
func units(text string) (n int) {
	for _, r := range text {
		if n++; r > 0xffff {
			n++
		}
	}
	return n
}
