package sheet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// The bounds of a file.
const (
	MaxFile    = 8 << 20  // bytes
	MaxUnzip   = 64 << 20 // bytes of an XLSX file once it is unpacked
	MaxRows    = 20_000   // of a sheet
	MaxColumns = 64
	MaxCell    = 2_000 // bytes
)

// grid is one sheet as it was read.
type grid struct {
	name string
	rows []row
}

// row is one line; at is its number as a spreadsheet shows it.
type row struct {
	at    int
	cells []cell
}

type cell struct {
	text    string
	formula bool
}

func (r row) cell(i int) cell {
	if i < 0 || i >= len(r.cells) {
		return cell{}
	}
	return r.cells[i]
}

func (r row) empty() bool {
	for _, c := range r.cells {
		if c.text != "" || c.formula {
			return false
		}
	}
	return true
}

// clean makes one line of a text: what cannot stand in a cell, and every run of spaces, is
// one space. Both sides of a comparison pass it.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.IsSpace(r) || r == 0xfffe || r == 0xffff {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// columnName is how a spreadsheet calls a column, counted from 0.
func columnName(i int) string {
	name, err := excelize.ColumnNumberToName(i + 1)
	if err != nil {
		return "?"
	}
	return name
}

// checkCells names what no cell may hold, whatever its column.
func (g *grid) checkCells(h *head, found *Refused) {
	for _, r := range g.rows {
		for i, c := range r.cells {
			text := ""
			switch {
			case c.formula:
				text = "holds a formula; write the text itself"
			case len(c.text) > MaxCell:
				text = "is longer than 2,000 bytes; shorten it"
			case !utf8.ValidString(c.text):
				text = "is not text in UTF-8; save the file as CSV UTF-8"
			case clean(c.text) != "" && clean(g.rows[0].cell(i).text) == "":
				text = "stands in a column without a name; give it one in the first row, or empty the cell"
			default:
				continue
			}
			found.add(Problem{g.name, r.at, columnOf(h.names, i), text})
		}
	}
}

// columnOf is a column for a problem: D (en).
func columnOf(names []string, i int) string {
	if i < len(names) && names[i] != "" {
		return columnName(i) + " (" + shown(names[i]) + ")"
	}
	return columnName(i)
}

// shown cuts what a file has for a name, to be said back.
func shown(s string) string {
	s = clean(strings.ToValidUTF8(s, "?"))
	if r := []rune(s); len(r) > 40 {
		return string(r[:37]) + "..."
	}
	return s
}
