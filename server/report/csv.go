package report

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
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
	s := &csvFile{file: f, buffer: bufio.NewWriter(f)}
	s.csv = csv.NewWriter(s.buffer)
	if c.Separator != 0 {
		s.csv.Comma = c.Separator
	}
	if _, err := s.buffer.WriteString(byteOrderMark); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := s.csv.Write(header); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return s, nil
}

// csvFile is one table.
type csvFile struct {
	file   *os.File
	buffer *bufio.Writer
	csv    *csv.Writer
	cells  []string
}

// Write implements Sheet.
func (s *csvFile) Write(row []any) error {
	s.cells = s.cells[:0]
	for _, v := range row {
		s.cells = append(s.cells, csvText(v))
	}
	return s.csv.Write(s.cells)
}

// End implements Sheet.
func (s *csvFile) End() error {
	s.csv.Flush()
	return errors.Join(s.csv.Error(), s.buffer.Flush(), s.file.Sync(), s.file.Close())
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
