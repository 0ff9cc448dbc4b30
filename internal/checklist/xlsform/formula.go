package xlsform

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// formula is one in a cell, with the value that the file says it had when it was saved.
type formula struct {
	row, column int
	text        string
	shared      bool
	group       string
	cached      Cell
}

// Formulas are refused, since nobody can see what they will say elsewhere: with the
// exception of those that we work out ourselves. TRUE() and FALSE() are how some programs
// store the two words, B125+1 is how people number a list, and "${"&B2&"}" how they build
// a text of other cells; each is taken only where it gives the value that the file says.
var counting = regexp.MustCompile(`^\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?:\s*([+-])\s*([0-9]{1,9}))?$`)

// settleFormulas works out the simple ones and refuses the others, those that stand
// together in a column with one word.
func (r *sheetReader) settleFormulas() {
	var refused []formula
	taken := 0
	for _, f := range r.formulas {
		if r.known(f) {
			taken++
			continue
		}
		r.at(f.row, f.column).Formula = "=" + r.textOf(f)
		refused = append(refused, f)
	}
	if taken > 0 {
		r.found.add(Remark{Code: "formula-taken", Sheet: r.table.Name, Text: fmt.Sprintf("%s TRUE or FALSE, another cell's text, or a number counted on from one; this was worked out and taken", many(taken, "formula says", "formulas say"))})
	}
	slices.SortStableFunc(refused, func(a, b formula) int { return a.column - b.column })
	for len(refused) > 0 {
		n := 1
		for n < len(refused) && refused[n].column == refused[0].column {
			n++
		}
		r.refuse(refused[:n])
		refused = refused[n:]
	}
}

func (r *sheetReader) refuse(column []formula) {
	first := column[0]
	m := Remark{Refused: true, Code: "formula", Sheet: r.table.Name, Row: first.row, Cell: cellName(first.row, first.column), Text: "the cell holds a formula", Cure: "copy the column and paste it as values, so that the form says the same everywhere"}
	if head := r.head(); head != nil && head.At != first.row {
		m.Column = shown(head.cell(first.column).Text)
	}
	if n := len(column); n > 1 {
		m.Text = fmt.Sprintf("%d cells from here to %s hold formulas", n, cellName(column[n-1].row, first.column))
	}
	r.found.add(m)
}

// head is the first row that has a text.
func (r *sheetReader) head() *Row {
	for i := range r.table.Rows {
		if !r.table.Rows[i].empty() {
			return &r.table.Rows[i]
		}
	}
	return nil
}

// at is the cell of a place; the rows come in order as a rule, and are sought where not.
func (r *sheetReader) at(row, column int) *Cell {
	rows := r.table.Rows
	i, ok := slices.BinarySearchFunc(rows, row, func(x Row, at int) int { return x.At - at })
	if !ok {
		i = slices.IndexFunc(rows, func(x Row) bool { return x.At == row })
	}
	if i < 0 || column < 0 || column >= len(rows[i].Cells) {
		return &Cell{}
	}
	return &rows[i].Cells[column]
}

// textOf is the formula as it stands in its own cell: one that is shared with the cells
// below is written once, for the first.
func (r *sheetReader) textOf(f formula) string {
	if f.text != "" || !f.shared {
		return strings.TrimSpace(f.text)
	}
	first := r.shared[f.group]
	if first.column != f.column {
		return strings.TrimSpace(first.text)
	}
	parts := strings.Split(strings.TrimSpace(first.text), `"`)
	for i := 0; i < len(parts); i += 2 { // the others are texts in quotation marks
		parts[i] = cellIn.ReplaceAllStringFunc(parts[i], func(at string) string {
			m := cellIn.FindStringSubmatch(at)
			row, err := strconv.Atoi(m[3])
			if m[2] == "$" || err != nil {
				return at
			}
			return m[1] + strconv.Itoa(row+f.row-first.row)
		})
	}
	return strings.Join(parts, `"`)
}

// cellIn is a cell in a formula, with what keeps its row in place.
var cellIn = regexp.MustCompile(`(\$?[A-Za-z]{1,3})(\$?)([0-9]{1,7})`)

// known works a formula out and compares.
func (r *sheetReader) known(f formula) bool {
	text := r.textOf(f)
	switch strings.ToUpper(text) {
	case "TRUE()", "TRUE", "FALSE()", "FALSE":
		word := strings.TrimSuffix(strings.ToUpper(text), "()")
		if got := f.cached.Text; got != "" && got != word && got != map[string]string{"TRUE": "1", "FALSE": "0"}[word] {
			return false
		}
		*r.at(f.row, f.column) = Cell{Text: word, Kind: Bool}
		return true
	}
	if m := counting.FindStringSubmatch(text); m != nil && m[3] != "" {
		return r.countedOn(f, m)
	}
	joined, ok := r.joined(text)
	return ok && f.cached.Text != "" && f.cached.Text == joined
}

// countedOn: a number more or less than another cell's.
func (r *sheetReader) countedOn(f formula, m []string) bool {
	row, _ := strconv.Atoi(m[2])
	from := r.at(row, columnOf(m[1]))
	start, err := strconv.ParseInt(from.Text, 10, 64)
	step, err2 := strconv.ParseInt(m[3]+m[4], 10, 64)
	if err != nil || err2 != nil || f.cached.Kind != Number || from.Kind != Number || from.Formula != "" {
		return false
	}
	return f.cached.Text == strconv.FormatInt(start+step, 10)
}

// joined is the text of other cells and of texts in quotation marks with & between.
func (r *sheetReader) joined(text string) (string, bool) {
	var out strings.Builder
	for text = strings.TrimSpace(text); text != ""; {
		if rest, quoted := strings.CutPrefix(text, `"`); quoted {
			inside, behind, ok := strings.Cut(rest, `"`)
			if !ok || strings.HasPrefix(behind, `"`) {
				return "", false
			}
			out.WriteString(inside)
			text = strings.TrimSpace(behind)
		} else {
			at, behind, more := strings.Cut(text, "&")
			m := counting.FindStringSubmatch(strings.TrimSpace(at))
			if m == nil || m[3] != "" {
				return "", false
			}
			row, _ := strconv.Atoi(m[2])
			from := r.at(row, columnOf(m[1]))
			if from.Text == "" || from.Formula != "" || from.Kind == Error || from.Kind == Date {
				return "", false
			}
			out.WriteString(from.Text)
			if text = ""; more {
				text = "&" + behind
			}
		}
		if text == "" {
			break
		}
		rest, more := strings.CutPrefix(text, "&")
		if text = strings.TrimSpace(rest); !more || text == "" {
			return "", false
		}
	}
	return out.String(), true
}

func many(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
