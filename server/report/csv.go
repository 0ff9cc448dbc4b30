package report

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// CSV writes each table into a file of its own in a folder that is there: name.csv, in
// UTF-8 with a byte order mark, without which Excel takes it for another encoding; commas,
// quotes where they are needed, lines that end with a line feed (RFC 4180 but for that).
//
// Text that a spreadsheet would take for a formula gets an apostrophe in front: what begins
// with = + - @, a tab, a carriage return or a line feed, or with the wide forms of the
// signs (OWASP, CSV injection). Numbers stay numbers.
type CSV struct {
	Dir string
	// Separator stands between cells; 0 means a comma. Excel in countries that write
	// decimals with a comma opens files with a semicolon.
	Separator rune
}

const byteOrderMark = "\ufeff"

// Begin implements Sheets. Every table is there, also one without a row.
func (c CSV) Begin(name string, header []string, _ bool) (Sheet, error) {
	f, err := os.OpenFile(filepath.Join(c.Dir, name+".csv"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	s, err := newCSV(f, c.Separator, header)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &csvFile{s, f}, nil
}

// OneCSV writes one table, that of the name, and passes over the others.
type OneCSV struct {
	To   io.Writer
	Name string
	// Separator is that of CSV.
	Separator rune
}

// Begin implements Sheets.
func (c OneCSV) Begin(name string, header []string, _ bool) (Sheet, error) {
	if name != c.Name {
		return nowhere{}, nil
	}
	return newCSV(c.To, c.Separator, header)
}

// nowhere takes a table that nobody asked for.
type nowhere struct{}

// Write implements Sheet.
func (nowhere) Write([]any) error { return nil }

// End implements Sheet.
func (nowhere) End() error { return nil }

func newCSV(to io.Writer, separator rune, header []string) (*csvTable, error) {
	s := &csvTable{buffer: bufio.NewWriter(to)}
	s.csv = csv.NewWriter(s.buffer)
	if separator != 0 {
		s.csv.Comma = separator
	}
	if _, err := s.buffer.WriteString(byteOrderMark); err != nil {
		return nil, err
	}
	return s, s.csv.Write(header)
}

// csvFile is one table in a file of its own.
type csvFile struct {
	*csvTable
	file *os.File
}

// End implements Sheet.
func (s *csvFile) End() error {
	return errors.Join(s.csvTable.End(), s.file.Sync(), s.file.Close())
}

// csvTable is one table.
type csvTable struct {
	buffer *bufio.Writer
	csv    *csv.Writer
	cells  []string
}

// Write implements Sheet.
func (s *csvTable) Write(row []any) error {
	s.cells = s.cells[:0]
	for _, v := range row {
		s.cells = append(s.cells, csvText(v))
	}
	return s.csv.Write(s.cells)
}

// End implements Sheet.
func (s *csvTable) End() error {
	s.csv.Flush()
	return errors.Join(s.csv.Error(), s.buffer.Flush())
}

func csvText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return harmless(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

// formulaSigns begin what a spreadsheet may take for a formula.
const formulaSigns = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"

// harmless is text that no spreadsheet takes for a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune(formulaSigns, []rune(s)[0]) {
		return "'" + s
	}
	return s
}
