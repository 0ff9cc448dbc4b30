package register

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Existing gives a place as the office shows it now, with its seen token; nil
// where there is none.
type Existing func(record.ID) (*daylightv1.Facility, error)

// Plan is what an import would do.
type Plan struct {
	// Save are the places to save: new ones, and changed ones with the token of
	// what was compared.
	Save []*daylightv1.Facility
	// From says of each of them, in the same order, where it comes from.
	From []From
	// New, Changed, Same and Rejected count rows.
	New, Changed, Same, Rejected int
	// Warnings are those of the file and those of the comparison, by line.
	Warnings []Warning
}

// From is the row that a place to save comes from.
type From struct {
	// Line is where the row begins.
	Line int
	// Before is the place as the office has it; nil for a new one.
	Before *daylightv1.Facility
}

// Plan compares the rows with what the office has. An error is existing's.
func (g *Register) Plan(existing Existing) (*Plan, error) {
	p := &planner{register: g, existing: existing, taken: map[record.ID]int{}}
	p.Warnings = slices.Clone(g.Warnings)
	if err := p.choose(); err != nil {
		return nil, err
	}
	for i := range p.chosen {
		p.compare(&p.chosen[i])
	}
	sortWarnings(p.Warnings)
	for _, w := range p.Warnings {
		if w.Rejected {
			p.Rejected++
		}
	}
	return &p.Plan, nil
}

type planner struct {
	Plan
	register *Register
	existing Existing

	chosen []chosen
	taken  map[record.ID]int // the line that has the place
}

// chosen is a row with the place that it is.
type chosen struct {
	Row
	key  key
	have *daylightv1.Facility // nil for a new place
}

func (p *planner) note(line int, text, done string, rejected bool) {
	p.Warnings = append(p.Warnings, Warning{Line: line, Text: text, Done: done, Rejected: rejected})
}

// choose finds the place of every row.
func (p *planner) choose() error {
	byCode, byPlain, seen := map[key][]Row{}, map[key][]Row{}, map[string]int{}
	var rows []Row
	for _, r := range p.register.Rows {
		plain := p.plain(r)
		whole := r.whole()
		if line, ok := seen[whole]; ok {
			p.note(r.Line, fmt.Sprintf("the row is the same as that in line %d", line), "it was passed over", false)
			continue
		}
		seen[whole] = r.Line
		rows = append(rows, r)
		byPlain[plain] = append(byPlain[plain], r)
		if r.Code != "" {
			byCode[p.code(r)] = append(byCode[p.code(r)], r)
		}
	}
	for _, r := range rows {
		repeated := r.Code != "" && len(byCode[p.code(r)]) > 1
		if repeated {
			p.note(r.Line, fmt.Sprintf("the code %q stands in %s", r.Code, lines(byCode[p.code(r)])),
				"the place is known by its name, town and type instead", false)
			r.place.Code = nil
		}
		if err := p.place(r, repeated, byPlain[p.plain(r)]); err != nil {
			return err
		}
	}
	return nil
}

func (p *planner) code(r Row) key { return codeKey(p.register.Source, r.Code) }

func (p *planner) plain(r Row) key {
	return plainKey(p.register.Source, r.jurisdiction, r.Name, r.place.GetTown(), r.kind)
}

// whole is everything that a row says.
func (r Row) whole() string {
	return strings.Join([]string{r.Code, r.jurisdiction, r.kind, r.Name, string(encode(r.place))}, unit)
}

// linesShown bounds how many lines a message names.
const linesShown = 6

func lines(rows []Row) string {
	s := "lines "
	for i, r := range rows {
		switch {
		case i == linesShown:
			return s + fmt.Sprintf(" and %d more", len(rows)-i)
		case i > 0 && i == len(rows)-1:
			s += " and "
		case i > 0:
			s += ", "
		}
		s += fmt.Sprint(r.Line)
	}
	return s
}

// place finds the place of one row: the one that has its code, else the one that
// has its name. A code that came or went between two imports must not make a
// second place.
func (p *planner) place(r Row, repeated bool, alike []Row) error {
	plain := chosen{Row: r, key: p.plain(r)}
	if r.Code == "" {
		return p.take(plain, alike, true)
	}
	coded := chosen{Row: r, key: p.code(r)}
	before, err := p.existing(coded.key.place())
	if err != nil {
		return err
	}
	if before != nil && (!repeated || was(before, coded.key, r)) {
		return p.take(coded, nil, false)
	}
	older, err := p.existing(plain.key.place())
	if err != nil {
		return err
	}
	ref := reference(older, plain.key)
	if repeated || ref != nil && (ref.GetCode() == "" || ref.GetCode() == r.Code) && len(alike) == 1 {
		return p.take(plain, alike, repeated)
	}
	return p.take(coded, nil, false)
}

// was reports whether the place was imported last under the row's name, town and
// jurisdiction.
func was(have *daylightv1.Facility, k key, r Row) bool {
	ref := reference(have, k)
	last := imported(ref)
	named := slices.ContainsFunc(slices.Collect(maps.Values(last.GetNames())), func(n string) bool { return foldText(n) == foldText(r.Name) })
	return named && foldText(last.GetTown()) == foldText(r.place.GetTown()) && foldText(ref.GetJurisdiction()) == foldText(r.jurisdiction)
}

// take gives the place to the row. alike are the rows of the file with the same
// name, town and type: when they count, more than one is too many.
func (p *planner) take(c chosen, alike []Row, counts bool) error {
	id := c.key.place()
	if counts && len(alike) > 1 {
		p.note(c.Line, fmt.Sprintf("%q stands in %s with the same jurisdiction, town and type and no code of its own, and the rows differ", c.Name, lines(alike)),
			"none of them was imported: correct the file", true)
		return nil
	}
	if line, ok := p.taken[id]; ok {
		p.note(c.Line, fmt.Sprintf("the row and that in line %d are the same place to the office, and they differ", line),
			"the row was not imported", true)
		return nil
	}
	p.taken[id] = c.Line
	var err error
	if c.have, err = p.existing(id); err == nil {
		p.chosen = append(p.chosen, c)
	}
	return err
}

// reference finds the row of this register that a place came from.
func reference(f *daylightv1.Facility, k key) *daylightv1.RegisterRef {
	for _, r := range f.GetRegisters() {
		if r.GetId() == k.element() {
			return r
		}
	}
	return nil
}

// imported is the row as it was imported last; empty where it cannot be read.
func imported(ref *daylightv1.RegisterRef) *daylightv1.Facility {
	last := &daylightv1.Facility{}
	if proto.Unmarshal(ref.GetRow(), last) != nil {
		return &daylightv1.Facility{}
	}
	return last
}
