package sheet

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
)

// Plan is what a file would change.
type Plan struct {
	// Save are the records to save, in the order of their rows: Term and Standard.
	Save []record.Message
	// Changes tell people about each of them.
	Changes []Change
	// Kept are labels that are empty in the file and stay, since they are shipped.
	Kept int
	// Rows were read.
	Rows int
}

// Change is what one row changes.
type Change struct {
	Sheet string `json:"sheet"`
	Row   int    `json:"row"`
	// Name is the term, as FINDING_TOPIC.MAT.LIGHT, or the standard's ref.
	Name string `json:"name"`
	// New: there was no such term.
	New bool `json:"new"`
	// What are the columns that change, with the values.
	What []Step `json:"what"`
}

// Step is one column's change.
type Step struct {
	Column string `json:"column"`
	From   string `json:"from"`
	To     string `json:"to"`
}

// String is a line for the row, and one for each column.
func (c Change) String() string {
	var b strings.Builder
	mark := ""
	if c.New {
		mark = " (new)"
	}
	fmt.Fprintf(&b, "%s%s", c.Name, mark)
	for _, s := range c.What {
		fmt.Fprintf(&b, "\n  %s: %q -> %q", s.Column, s.From, s.To)
	}
	return b.String()
}

// Compare compares the file with an office's words and says what to save. *Refused names
// all that is wrong, and then nothing is to be saved.
func (b *Book) Compare(s *vocabulary.Set) (*Plan, error) {
	p, found := &Plan{}, &Refused{}
	for _, g := range b.grids {
		before := len(found.Problems) + found.More
		h := g.readHead(s, found)
		g.checkCells(h, found)
		if len(found.Problems)+found.More > before {
			continue // its rows cannot be read by these columns
		}
		c := &comparison{set: s, grid: g, head: h, found: found, plan: p, seen: map[string]int{}, next: map[vocabulary.List]uint32{}}
		for _, r := range g.rows[1:] {
			if !r.empty() {
				p.Rows++
				c.compare(r)
			}
		}
	}
	if err := found.or(); err != nil {
		return nil, err
	}
	return p, nil
}

// comparison is one sheet being compared.
type comparison struct {
	set   *vocabulary.Set
	grid  *grid
	head  *head
	found *Refused
	plan  *Plan

	seen map[string]int // names, with their rows
	next map[vocabulary.List]uint32
}

func (c *comparison) compare(r row) {
	if c.grid.name == Standards {
		c.standard(line{c, r})
		return
	}
	c.term(line{c, r})
}

// line is one row with its columns.
type line struct {
	*comparison
	row row
}

func (l line) get(column string) string {
	i, ok := l.head.at[column]
	if !ok {
		return ""
	}
	return clean(l.row.cell(i).text)
}

// wrong names a problem of the row in a column.
func (l line) wrong(column, format string, args ...any) {
	at := ""
	if i, ok := l.head.at[column]; ok {
		at = columnOf(l.head.names, i)
	}
	l.found.add(Problem{l.grid.name, l.row.at, at, fmt.Sprintf(format, args...)})
}

// once asks that a name stands in one row only.
func (l line) once(name, column string) bool {
	if before := l.seen[name]; before != 0 {
		l.wrong(column, "%s stands in row %d already; keep one of the two", name, before)
		return false
	}
	l.seen[name] = l.row.at
	return true
}

var code = regexp.MustCompile(`^[A-Za-z0-9._/-]+$`)

func (l line) code(column string) (string, bool) {
	s := l.get(column)
	if !code.MatchString(s) {
		l.wrong(column, "is not a code; use letters, digits, dot, dash, underscore and slash")
		return "", false
	}
	return s, true
}

// yes reads yes and no; nothing is no.
func (l line) yes(column string) bool {
	switch strings.ToLower(l.get(column)) {
	case "yes":
		return true
	case "no", "":
		return false
	}
	l.wrong(column, "says neither yes nor no; write one of the two")
	return false
}

// date reads a date that may be partial.
func (l line) date(column string) string {
	s := l.get(column)
	layout := map[int]string{0: "", 4: "2006", 7: "2006-01", 10: time.DateOnly}
	form, ok := layout[len(s)]
	t, err := time.Parse(form, s)
	if !ok || err != nil || s != "" && (t.Year() < 1800 || t.Year() > 2199) {
		l.wrong(column, "is not a date; write it as text: 2026-11-24, or 2026-11, or 2026")
		return ""
	}
	return s
}

// enum reads a code of a list that drives the program, or the number of a newer one's.
func (l line) enum(column string, list vocabulary.List) int32 {
	s := l.get(column)
	if s == "" {
		return 0
	}
	if t, ok := vocabulary.Shipped().Lookup(list, vocabulary.Code(s)); ok {
		return int32(t.Number)
	}
	if n, err := strconv.ParseInt(s, 10, 32); err == nil && n > 0 {
		return int32(n)
	}
	var codes []string
	for _, t := range vocabulary.Shipped().Terms(list) {
		codes = append(codes, string(t.Code))
	}
	l.wrong(column, "is not known; the codes are %s", strings.Join(codes, ", "))
	return 0
}

// words puts the row's texts by language into the record that lies over the shipped ones,
// and tells what changes. own is the record's, now what is shown, shipped what came with
// the program.
func (l line) words(own, now, shipped map[string]string) (out map[string]string, steps []Step) {
	out = map[string]string{}
	for tag, text := range own {
		out[tag] = text
	}
	for _, tag := range l.head.languages {
		was, text := clean(now[tag]), l.get(tag)
		switch {
		case text == was:
			continue
		case text == "" && own[tag] == "":
			l.plan.Kept++
			continue
		case text == "", text == clean(shipped[tag]):
			delete(out, tag)
			text = clean(shipped[tag])
		default:
			out[tag] = text
		}
		if text != was {
			steps = append(steps, Step{tag, was, text})
		}
	}
	return out, steps
}

// took adds a row's changes to the plan.
func (l line) took(name string, isNew bool, steps []Step, m record.Message) {
	if len(steps) == 0 {
		return
	}
	slices.SortStableFunc(steps, func(a, b Step) int { return l.head.at[a.Column] - l.head.at[b.Column] })
	l.plan.Save = append(l.plan.Save, m)
	l.plan.Changes = append(l.plan.Changes, Change{l.grid.name, l.row.at, name, isNew, steps})
}
