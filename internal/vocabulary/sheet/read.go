package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Book is a file that was read and not yet compared with anything.
type Book struct {
	grids []*grid
	// Ignored are sheets of other names, as a translator's notes.
	Ignored []string
}

// Read reads a file, XLSX or CSV by what is in it. *Refused says what is wrong with the
// file as a whole; what is wrong in its cells comes with Compare.
func Read(r io.Reader) (*Book, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxFile {
		return nil, refuse("the file is larger than 8 MiB; take out what is not the vocabulary")
	}
	if bytes.HasPrefix(data, []byte("PK")) {
		return readXLSX(data)
	}
	if bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")) {
		return nil, refuse("the file is an older or a locked spreadsheet and no XLSX; save it as XLSX, without a password")
	}
	return readCSV(data)
}

var notXLSX = "the file is no XLSX, or is damaged; save it as XLSX or CSV"

// readXLSX reads the sheets that we know. What a file makes the library do is bounded
// before it does it; should it panic all the same, the file is one that nobody can read.
func readXLSX(data []byte) (b *Book, err error) {
	defer func() {
		if recover() != nil {
			b, err = nil, refuse("%s", notXLSX)
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: MaxUnzip, UnzipXMLSizeLimit: MaxUnzip})
	if err != nil {
		return nil, refuse("%s", notXLSX)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	b = &Book{}
	for _, name := range f.GetSheetList() {
		known := strings.ToLower(strings.TrimSpace(name))
		if known != Terms && known != Standards || b.grid(known) != nil {
			b.Ignored = append(b.Ignored, shown(name))
			continue
		}
		g, err := readSheet(f, name, known)
		if err != nil {
			return nil, err
		}
		b.grids = append(b.grids, g)
	}
	if len(b.grids) == 0 {
		return nil, refuse("the file has neither a sheet %s nor a sheet %s; export the vocabulary again", Terms, Standards)
	}
	return b, nil
}

func (b *Book) grid(name string) *grid {
	i := slices.IndexFunc(b.grids, func(g *grid) bool { return g.name == name })
	if i < 0 {
		return nil
	}
	return b.grids[i]
}

// readSheet reads the texts row by row, which bounds rows and columns, and only then asks
// for formulas, for which the library makes the whole sheet.
func readSheet(f *excelize.File, name, known string) (*grid, error) {
	g := &grid{name: known}
	rows, err := f.Rows(name)
	if err != nil {
		return nil, refuse("%s", notXLSX)
	}
	for at := 1; rows.Next(); at++ {
		if at > MaxRows {
			return nil, errors.Join(&Refused{Problems: []Problem{tooManyRows(known)}}, rows.Close())
		}
		texts, err := rows.Columns()
		if err != nil {
			return nil, errors.Join(refuse("%s", notXLSX), rows.Close())
		}
		if len(texts) > MaxColumns {
			return nil, errors.Join(&Refused{Problems: []Problem{tooManyColumns(known, at)}}, rows.Close())
		}
		r := row{at: at}
		for _, text := range texts {
			r.cells = append(r.cells, cell{text: text})
		}
		g.rows = append(g.rows, r)
	}
	if err := errors.Join(rows.Error(), rows.Close()); err != nil {
		return nil, refuse("%s", notXLSX)
	}
	return g, findFormulas(f, name, g)
}

func tooManyRows(sheet string) Problem {
	return Problem{Sheet: sheet, Row: MaxRows + 1, Text: "a sheet has at most 20,000 rows; take out those that are empty or no terms"}
}

func tooManyColumns(sheet string, at int) Problem {
	return Problem{Sheet: sheet, Row: at, Column: columnName(MaxColumns), Text: "a sheet has at most 64 columns; take out what stands here and behind"}
}

func findFormulas(f *excelize.File, name string, g *grid) error {
	merged, err := f.GetMergeCells(name)
	if err != nil {
		return refuse("%s", notXLSX)
	}
	if len(merged) > 0 {
		return &Refused{Problems: []Problem{{Sheet: g.name, Text: "cells are joined at " + shown(merged[0][0]) + "; split them, so that each row stands by itself"}}}
	}
	for _, r := range g.rows {
		for i := range r.cells {
			at, err := excelize.CoordinatesToCellName(i+1, r.at)
			if err != nil {
				return err
			}
			formula, err := f.GetCellFormula(name, at)
			if err != nil {
				return refuse("%s", notXLSX)
			}
			r.cells[i].formula = formula != ""
		}
	}
	return nil
}

// readCSV reads one sheet, separated by comma, semicolon or tab; the head says which it is.
func readCSV(data []byte) (*Book, error) {
	data = bytes.TrimPrefix(data, []byte(mark))
	if bytes.IndexByte(data, 0) >= 0 {
		return nil, refuse("the file is neither XLSX nor CSV; export the vocabulary again")
	}
	from := csv.NewReader(bytes.NewReader(data))
	from.FieldsPerRecord, from.Comma = -1, separator(data)
	g := &grid{}
	for {
		record, err := from.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			return nil, &Refused{Problems: []Problem{{Row: wrong.Line, Text: "the quotation marks do not close; put them around the whole cell, and twice within"}}}
		}
		if err != nil {
			return nil, err
		}
		line, _ := from.FieldPos(0)
		if len(g.rows) == MaxRows {
			return nil, &Refused{Problems: []Problem{tooManyRows("")}}
		}
		if len(record) > MaxColumns {
			return nil, &Refused{Problems: []Problem{tooManyColumns("", line)}}
		}
		g.rows = append(g.rows, csvRow(line, record))
	}
	if len(g.rows) == 0 {
		return nil, refuse("the file is empty; export the vocabulary again")
	}
	g.name = Terms
	if slices.ContainsFunc(g.rows[0].cells, func(c cell) bool { return strings.EqualFold(clean(c.text), "ref") }) {
		g.name = Standards
	}
	return &Book{grids: []*grid{g}}, nil
}

// csvRow takes the apostrophes away that WriteCSV put there. What begins with = without
// one is a formula to every spreadsheet program.
func csvRow(line int, record []string) row {
	r := row{at: line}
	for _, text := range record {
		r.cells = append(r.cells, cell{text: unguarded(text), formula: strings.HasPrefix(strings.TrimSpace(text), "=")})
	}
	return r
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
