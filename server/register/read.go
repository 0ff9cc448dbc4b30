package register

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Register is a file that was read.
type Register struct {
	// Source is the register's name.
	Source string
	// Mapping is what its columns were taken for.
	Mapping Mapping
	// Rows are those that can be imported.
	Rows []Row
	// Read is the number of rows in the file, those left out included.
	Read int
	// Warnings are in the order of the lines.
	Warnings []Warning
	// Types are the words by which the file says what sort of place each is, the most usual
	// first.
	Types []TypeWord
}

// TypeWord is a type as a register writes it.
type TypeWord struct {
	Word string
	// Rows have it; Code is what it was taken for, empty where it went into the note.
	Rows int
	Code string
}

// Row is one row of a register.
type Row struct {
	// Line is where it begins.
	Line int
	// Code is the register's own; empty where it has none.
	Code string
	// Name is the first name, for messages.
	Name string

	jurisdiction, kind string
	// place is the row as a place, without id and elements' ids.
	place *daylightv1.Facility
}

// Read reads a register. An error is about the file as a whole and is meant for a
// person; what is odd about a row is a warning.
func Read(in io.Reader, o Options) (*Register, error) {
	t, err := cut(in)
	if err != nil {
		return nil, err
	}
	mapping, doubts, err := guess(t, o)
	if err != nil {
		return nil, err
	}
	g := &Register{Source: o.Source, Mapping: mapping, Read: len(t.lines)}
	g.Warnings = append(doubts, t.warnings...)
	for _, w := range t.warnings {
		if w.Rejected {
			g.Read++
		}
	}
	coined, types := map[string]*coinage{}, map[string]*TypeWord{}
	for _, l := range t.lines {
		b := &builder{line: l, mapping: mapping, options: o, coined: coined, words: types, place: &daylightv1.Facility{}}
		if row, ok := b.row(); ok {
			g.Rows = append(g.Rows, row)
		}
		g.Warnings = append(g.Warnings, b.warnings...)
	}
	g.Warnings = append(g.Warnings, coinages(coined)...)
	for _, w := range types {
		g.Types = append(g.Types, *w)
	}
	slices.SortFunc(g.Types, func(a, b TypeWord) int { return cmp.Or(cmp.Compare(b.Rows, a.Rows), strings.Compare(a.Word, b.Word)) })
	sortWarnings(g.Warnings)
	return g, nil
}

// sortWarnings puts them in the order of the lines; equal ones keep theirs.
func sortWarnings(w []Warning) {
	slices.SortStableFunc(w, func(a, b Warning) int { return a.Line - b.Line })
}

// coinage is a type that had to be made into a code.
type coinage struct {
	first, rows int
	code        string
}

// coinages tells of each type once, with the number of its rows.
func coinages(coined map[string]*coinage) (out []Warning) {
	for word, c := range coined {
		done := "kept as the code " + c.code
		if c.code == "" {
			done = "kept in the note"
		}
		out = append(out, Warning{OfType: true, Line: c.first, Text: fmt.Sprintf("the type %q is not a code (%s)", word, rows(c.rows)),
			Done: done + fmt.Sprintf("; say which type it is with --type %q", word+"=CODE")})
	}
	slices.SortFunc(out, func(a, b Warning) int { return strings.Compare(a.Text, b.Text) })
	return out
}

func rows(n int) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

// codify makes a code of a register's own word: Prison Complex is
// PRISON_COMPLEX. Empty where the word has no Latin letters.
func codify(s string) string {
	code := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-':
			return r
		case r == '\'' || r == '’':
			return -1
		}
		return ' '
	}, s)
	code = strings.Join(strings.Fields(code), "_")
	if strings.Trim(code, "0123456789.-_") == "" {
		return ""
	}
	return code
}

// isCode reports whether s is a code as records take them.
func isCode(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(".-_/", r)
	})
}

// encode is the row as it is kept with the place: deterministic, so that the same
// row is the same bytes.
func encode(place *daylightv1.Facility) []byte {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(place)
	if err != nil { // text is checked before; nothing else can fail
		panic("register: encode a row: " + err.Error())
	}
	return b
}
