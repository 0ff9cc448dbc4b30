package xlsform

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The bounds of a file and of a form. A form's own are those of the checklists room.
const (
	MaxFile    = 8 << 20  // bytes of a file, and of all attached ones together
	MaxUnzip   = 32 << 20 // bytes of the parts of a workbook that are read, unpacked
	MaxColumns = 512      // of a sheet, counted to the last that has a text
	MaxCell    = 32 << 10 // bytes of a cell
	MaxRows    = 25_000   // of a sheet, counted where they have a text
)

// Kind is what a cell holds.
type Kind uint8

// The kinds of cells.
const (
	Text   Kind = iota
	Number      // Text is the number with a point and without exponent
	Bool        // Text is TRUE or FALSE
	Date        // Text is the date, the time or both, as ISO 8601 writes them
	Error       // Text is what the spreadsheet shows instead: #REF!
)

// Cell is one cell of a table.
type Cell struct {
	Text string
	Kind Kind
	// Formula is set where the cell is calculated by a formula that cannot be relied on.
	Formula string
}

// Row is one line. At is its number as a spreadsheet shows it, from 1. Cells stand in
// their places: the second is column B.
type Row struct {
	At    int
	Cells []Cell
}

// Table is one sheet. Rows that are empty may be left out; the first one that has a text
// is the head.
type Table struct {
	Name string
	Rows []Row
}

// Tables are the sheets of a form. A table without rows is a sheet that is not there.
type Tables struct {
	Survey, Choices, Settings, ExternalChoices Table
	// Files are the tables of attached files, by the file's name: trees.csv.
	Files map[string]Table
	// Name is the file's name, for a form that does not say its own.
	Name string
	// Ignored are names of sheets besides these.
	Ignored []string
}

func (r Row) cell(i int) Cell {
	if i < 0 || i >= len(r.Cells) {
		return Cell{}
	}
	return r.Cells[i]
}

func (r Row) empty() bool {
	for _, c := range r.Cells {
		if c.Formula != "" || strings.TrimSpace(c.Text) != "" {
			return false
		}
	}
	return true
}

// full are the rows of a table that have a text; the first is the head.
func (t Table) full() []Row {
	var out []Row
	for _, r := range t.Rows {
		if !r.empty() {
			out = append(out, r)
		}
	}
	return out
}

// tidy is a text without what no form needs: control characters, zero-width marks of
// order at its start, blanks around.
func tidy(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	if strings.IndexFunc(s, odd) >= 0 {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.Map(func(r rune) rune {
			switch {
			case r == '\r':
				return '\n'
			case odd(r):
				return -1
			}
			return r
		}, s)
	}
	return strings.TrimSpace(s)
}

func odd(r rune) bool {
	return r != '\n' && r != '\t' && unicode.IsControl(r) || r == 0xfeff || r == 0xfffe || r == 0xffff
}

// words is a text on one line with single blanks: for names, types and heads.
func words(s string) string { return strings.Join(strings.Fields(tidy(s)), " ") }
