package register

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// The bounds of a file: larger ones are no registers.
const (
	maxFile = 64 << 20
	maxRows = 200_000
	// maxBreaks is the number of line breaks in one cell beyond which a quote was
	// never closed.
	maxBreaks = 20
)

// table is a file cut into cells.
type table struct {
	header   []string
	lines    []line
	warnings []Warning
}

type line struct {
	number int
	cells  []string
}

// cut reads a whole file. Its errors are about the file as a whole and are meant
// for a person.
func cut(in io.Reader) (*table, error) {
	data, err := whole(in)
	if err != nil {
		return nil, err
	}
	if t, err := cutWorkbook(data); t != nil || err != nil {
		return t, err
	}
	text, err := decode(data)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = separator(text), -1, true
	t := &table{}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read the table: %w", err)
		}
		number, _ := r.FieldPos(0)
		if err := t.add(line{number, cells}); err != nil {
			return nil, err
		}
	}
	return t, t.filled()
}

// whole reads all of a file.
func whole(in io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("the file is larger than %d MiB: it is not a register", maxFile>>20)
	}
	return data, nil
}

// decode gives a file as UTF-8, whatever mark it begins with.
func decode(data []byte) ([]byte, error) {
	// Without a mark this passes the bytes on as they are.
	text, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), data)
	if err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	if !utf8.Valid(text) {
		at := 1 + bytes.Count(text[:firstInvalid(text)], []byte("\n"))
		return nil, fmt.Errorf("line %d is not UTF-8: save the file from the spreadsheet program as CSV UTF-8", at)
	}
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return nil, fmt.Errorf("line %d holds a NUL character: this is not a CSV file", 1+bytes.Count(text[:i], []byte("\n")))
	}
	return text, nil
}

func firstInvalid(text []byte) int {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(text)
}

// separator is whichever of the usual ones stands most often outside quotes in
// the first line that has any.
func separator(text []byte) rune {
	for row := range bytes.Lines(text) {
		best, most := ',', 0
		for _, s := range []rune{',', ';', '\t'} {
			if n := outsideQuotes(string(row), s); n > most {
				best, most = s, n
			}
		}
		if most > 0 {
			return best
		}
	}
	return ','
}

func outsideQuotes(row string, s rune) (n int) {
	quoted := false
	for _, r := range row {
		switch {
		case r == '"':
			quoted = !quoted
		case r == s && !quoted:
			n++
		}
	}
	return n
}

// add takes a line: the first that is not blank is the header.
func (t *table) add(l line) error {
	for i, c := range l.cells {
		l.cells[i] = strings.TrimSpace(c)
		if strings.Count(c, "\n") > maxBreaks {
			return fmt.Errorf("line %d: a quotation mark is opened there and not closed", l.number)
		}
	}
	switch {
	case strings.Join(l.cells, "") == "":
		return nil
	case t.header == nil:
		t.header = l.cells
		return nil
	case len(t.lines) == maxRows:
		return fmt.Errorf("the file has more than %d rows: it is not a register", maxRows)
	}
	if t.fit(&l) {
		t.lines = append(t.lines, l)
	}
	return nil
}

// fit brings a ragged row to the width of the header. One with more values than
// columns is left out: nobody knows where it slipped.
func (t *table) fit(l *line) bool {
	width, n := len(t.header), len(l.cells)
	switch {
	case n < width:
		l.cells = append(l.cells, make([]string, width-n)...)
		t.warnings = append(t.warnings, Warning{Line: l.number, Text: fmt.Sprintf("the row has %d cells and the header %d", n, width),
			Done: "the missing ones were taken as empty"})
	case strings.Join(l.cells[width:], "") != "":
		t.warnings = append(t.warnings, Warning{Line: l.number, Text: fmt.Sprintf("the row has %d cells and the header %d, so that its values may stand in the wrong columns", n, width),
			Done: "the row was not imported", Rejected: true})
		return false
	}
	l.cells = l.cells[:width]
	return true
}
