package xlsform

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/xuri/excelize/v2"
)

// MostRemarks is how many are kept of one file; the last then says how many more there
// were.
const MostRemarks = 200

// Remark is something about a form that whoever adds it should know. What is refused has
// to be put right first; everything else is for information.
type Remark struct {
	// Refused: the form is not taken because of this.
	Refused bool `json:"refused,omitempty"`
	// Sheet is its name as the file has it; empty for the file as a whole. Row counts
	// from 1, the head included; 0 means the whole sheet.
	Sheet string `json:"sheet,omitempty"`
	Row   int    `json:"row,omitempty"`
	// Column is the text in the column's head, Cell the place as spreadsheets call it,
	// B17; both empty for the whole row.
	Column string `json:"column,omitempty"`
	Cell   string `json:"cell,omitempty"`
	// Code is stable: lower case with dashes.
	Code string `json:"code"`
	// Text says what is so, Cure what to write instead; Cure is empty where nothing
	// needs doing.
	Text string `json:"text"`
	Cure string `json:"cure,omitempty"`
}

// String is the place, what is so, and the cure.
func (r Remark) String() string {
	text := r.Text
	if r.Cure != "" {
		text += ": " + r.Cure
	}
	if place := r.place(); place != "" {
		return place + ": " + text
	}
	return text
}

func (r Remark) place() string {
	var at []string
	if r.Sheet != "" {
		at = append(at, "sheet "+r.Sheet)
	}
	if r.Row > 0 {
		at = append(at, fmt.Sprintf("row %d", r.Row))
	}
	switch {
	case r.Column != "" && r.Cell != "":
		at = append(at, fmt.Sprintf("column %s (%s)", r.Column, r.Cell))
	case r.Column != "":
		at = append(at, "column "+r.Column)
	case r.Cell != "":
		at = append(at, "cell "+r.Cell)
	}
	return strings.Join(at, ", ")
}

// remarks collects what is found, once each.
type remarks struct {
	list    []Remark
	seen    map[Remark]bool
	refused int
	more    int
}

// add keeps a remark. Refusals go before information when there is no more room.
func (r *remarks) add(m Remark) {
	if r.seen == nil {
		r.seen = map[Remark]bool{}
	}
	if r.seen[m] {
		return
	}
	if m.Refused {
		r.refused++
	}
	if len(r.seen) >= MostRemarks {
		r.more++
		if m.Refused && r.refused == 1 {
			r.list[len(r.list)-1] = m
		}
		return
	}
	r.seen[m] = true
	r.list = append(r.list, m)
}

// all is what was found, in the order of finding, with a last word on what has no room.
func (r *remarks) all() []Remark {
	if r.more == 0 {
		return r.list
	}
	return append(r.list, Remark{Code: "more", Refused: r.refused > 0, Text: fmt.Sprintf("there are %d more remarks than are named", r.more), Cure: "put these right first, then check again"})
}

// columnName is how a spreadsheet calls a column, counted from 0.
func columnName(i int) string {
	name, err := excelize.ColumnNumberToName(i + 1)
	if err != nil {
		return "?"
	}
	return name
}

func cellName(row, column int) string { return fmt.Sprintf("%s%d", columnName(column), row) }

// shown cuts what a file has, to be said back on one line.
func shown(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	if r := []rune(strings.Join(strings.Fields(s), " ")); len(r) > 60 {
		return string(r[:57]) + "..."
	} else {
		return string(r)
	}
}
