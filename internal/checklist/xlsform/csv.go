package xlsform

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// ReadCSV reads one table, separated by comma, semicolon or tab, in UTF-8. The remark says
// what is wrong with it, nil for nothing; what was read before that is in the table.
func ReadCSV(name string, data []byte) (Table, *Remark) {
	t := Table{Name: name}
	wrong := func(row int, code, text, cure string) (Table, *Remark) {
		return t, &Remark{Refused: true, Sheet: name, Row: row, Code: code, Text: text, Cure: cure}
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return wrong(0, "not-text", "the file is not text in UTF-8", "save it again as CSV UTF-8")
	}
	from := csv.NewReader(bytes.NewReader(data))
	from.FieldsPerRecord, from.Comma, from.LazyQuotes = -1, separator(data), false
	breaks := 0 // line breaks within cells, which a spreadsheet does not count
	for {
		record, err := from.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			return wrong(parse.StartLine-breaks, "quotes", "the quotation marks do not close, or stand inside a cell without being doubled", "put them around the whole cell, and twice within")
		}
		if err != nil {
			return wrong(0, "not-text", "the file cannot be read", "save it again as CSV UTF-8")
		}
		line, _ := from.FieldPos(0)
		line -= breaks
		if len(t.Rows) == MaxRows {
			return wrong(line, "too-many-rows", fmt.Sprintf("the file has more than %d rows", MaxRows), "take out what is not of the form")
		}
		r := Row{At: line}
		for i, text := range record {
			breaks += strings.Count(text, "\n")
			if text != "" && i >= MaxColumns {
				return wrong(line, "too-many-columns", "there is a text beyond column "+columnName(MaxColumns-1), "take out what stands there")
			}
			r.Cells = append(r.Cells, Cell{Text: text})
		}
		t.Rows = append(t.Rows, r)
	}
}

// separator is what stands most often in the first line.
func separator(data []byte) rune {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	best, most := ',', bytes.Count(line, []byte(","))
	for _, r := range ";\t" {
		if n := bytes.Count(line, []byte(string(r))); n > most {
			best, most = r, n
		}
	}
	return best
}
