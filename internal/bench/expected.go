package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// An expectation is what a workbook says of one row in one round of its repeat: whether it
// is relevant, and the value to give or to find.
type expectation struct {
	relevant bool
	value    string
	valued   bool // a value is expected
}

// expectations reads a cell of a column bind::xtest-linearAssert, as xform-test writes it:
// a value alone; or "relevant: 1, value: Joe, constraint: null", in braces or not; or a
// list of such in square brackets, one for each round. A backslash takes the meaning from
// the sign behind it.
func expectations(cell string) []expectation {
	cell = strings.TrimSpace(cell)
	if inner, ok := unwrapped(cell, "[", "]"); ok {
		var all []expectation
		for _, one := range split(inner, ',') {
			all = append(all, expectationOf(one))
		}
		return all
	}
	return []expectation{expectationOf(cell)}
}

func expectationOf(text string) expectation {
	text = strings.TrimSpace(text)
	if inner, ok := unwrapped(text, "{", "}"); ok {
		text = inner
	}
	e := expectation{relevant: true}
	if len(split(text, ':')) == 1 {
		e.value, e.valued = plainText(text), true
		return e
	}
	for _, part := range split(text, ',') {
		key, value, _ := strings.Cut(part, ":")
		switch value = plainText(strings.TrimSpace(value)); strings.TrimSpace(key) {
		case "relevant":
			e.relevant = value == "1" || strings.EqualFold(value, "true")
		case "value":
			e.value, e.valued = value, true
		}
	}
	return e
}

func unwrapped(s, open, end string) (string, bool) {
	if !strings.HasPrefix(s, open) || !strings.HasSuffix(s, end) {
		return s, false
	}
	return s[1 : len(s)-1], true
}

// split cuts at every sign that has no backslash before it.
func split(s string, at byte) (parts []string) {
	begin := 0
	for i := range len(s) {
		if s[i] == at && (i == 0 || s[i-1] != '\\') {
			parts = append(parts, s[begin:i])
			begin = i + 1
		}
	}
	return append(parts, s[begin:])
}

func plainText(s string) string {
	return strings.NewReplacer(`\:`, ":", `\,`, ",", `\\`, `\`).Replace(s)
}

// An expectedColumn is what one column of a survey expects, row by row.
type expectedColumn struct {
	header string
	rows   []expectedRow
}

type expectedRow struct {
	kind, name string // as the sheet has them
	expect     []expectation
}

// expectedColumns finds the columns of a workbook that say what is expected.
func expectedColumns(book io.Reader) (all []expectedColumn, err error) {
	f, err := excelize.OpenReader(book)
	if err != nil {
		return nil, nil // no workbook: nothing is expected
	}
	defer f.Close()
	rows, err := f.GetRows("survey")
	if err != nil || len(rows) == 0 {
		return nil, nil
	}
	kind, name := columnOf(rows[0], "type"), columnOf(rows[0], "name")
	for c, header := range rows[0] {
		if !strings.HasPrefix(header, "bind::xtest-linearAssert") {
			continue
		}
		if kind < 0 || name < 0 {
			return nil, fmt.Errorf("the survey expects something in %s and has no column type or name", header)
		}
		column := expectedColumn{header: header}
		for _, r := range rows[1:] {
			row := expectedRow{kind: cellOf(r, kind), name: cellOf(r, name)}
			if text := cellOf(r, c); text != "" {
				row.expect = expectations(text)
			}
			column.rows = append(column.rows, row)
		}
		all = append(all, column)
	}
	return all, nil
}

func columnOf(header []string, name string) int {
	for i, h := range header {
		if strings.EqualFold(strings.TrimSpace(h), name) {
			return i
		}
	}
	return -1
}

func cellOf(row []string, c int) string {
	if c >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[c])
}
