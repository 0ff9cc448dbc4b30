package report

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Source is where the records come from.
type Source interface {
	// Each calls do for every record of the kind, removed and incomplete ones too, in the
	// order in which they came; not at all where there is none. Called again, it gives
	// the same. An error of do ends it and is returned.
	Each(k record.Kind, do func(Row) error) error
}

// Row is a record as it is shown, with what the office knows of it.
type Row struct {
	Message record.Message
	Status  *daylightv1.RecordStatus
	Removed bool
	// Joined: it is shown under the record that it was merged into. One that was merged
	// into what is not there, or crosswise, stands for itself.
	Joined bool
}

// Options say what is exported. The zero Options are all kinds, up to INTERNAL, with
// English labels, without what was removed.
type Options struct {
	// Kinds are those to export; none: all.
	Kinds []record.Kind
	// Language is that of the labels, as ru; empty: English.
	Language string
	// UpTo is the class up to which records are let out; unspecified: INTERNAL.
	UpTo daylightv1.ConfidentialityClass
	// Visit leaves one visit and what hangs on it; empty for all.
	Visit string
	// From and To leave the visits of those days and what hangs on them, 2026-11-24, both
	// included; empty for no bound. A visit that tells no day is left out then.
	From, To string
	// Removed takes along what was removed, and duplicates that were joined to another.
	Removed bool
	// Sealed takes ciphertexts along, in JSON only.
	Sealed bool
}

// Counts say what became of the records.
type Counts struct {
	// Records counts those that were written, by their kind.
	Records map[record.Kind]int
	// Confidential are above the class; Unconsented rest on interviews whose person did
	// not agree, or are such; Removed were removed or joined to another. All were left out.
	Confidential, Unconsented, Removed int
	// Cut are the cells of a workbook that were too long for it and stand shortened.
	Cut int
}

// Total counts all records that were written.
func (c Counts) Total() (n int) {
	for _, some := range c.Records {
		n += some
	}
	return n
}

// Sheets takes tables: a folder of CSV files, or a workbook.
type Sheets interface {
	// Begin begins a table. needed: it is there without a row too. The tables of a kind
	// are open at once.
	Begin(name string, header []string, needed bool) (Sheet, error)
}

// Sheet is one table.
type Sheet interface {
	// Write adds a row; its cells are nil, bool, int64, uint64, float64 or string.
	Write(row []any) error
	// End says that there are no more rows.
	End() error
}

// export is one run.
type export struct {
	Options
	from   Source
	listed List // nil: all of a kind
	gate   *gate
	visits map[string]bool // nil: all
	counts Counts
}

func newExport(from Source, o Options) (x *export, err error) {
	x = &export{Options: o, from: from, counts: Counts{Records: map[record.Kind]int{}}}
	if len(x.Kinds) == 0 {
		x.Kinds = record.Kinds()
	}
	if x.gate, err = newGate(from, o.UpTo); err != nil {
		return nil, err
	}
	return x, x.chooseVisits()
}

// chooseVisits finds the visits that the export is narrowed to.
func (x *export) chooseVisits() error {
	if x.Visit == "" && x.From == "" && x.To == "" {
		return nil
	}
	x.visits = map[string]bool{}
	return x.from.Each(record.Visit, func(r Row) error {
		v, _ := r.Message.(*daylightv1.Visit)
		if (x.Visit == "" || v.GetId() == x.Visit) && (x.From == "" && x.To == "" || within(dayOf(v), x.From, x.To)) {
			x.visits[v.GetId()] = true
		}
		return nil
	})
}

// dayOf is the day on which a visit began, as far as it says so: it may be a month.
func dayOf(v *daylightv1.Visit) string {
	for _, s := range []string{v.GetEnteredAt(), v.GetArrivedAt(), v.GetPlannedStart()} {
		if s != "" {
			day, _, _ := strings.Cut(s, "T")
			return day
		}
	}
	return ""
}

// within reports whether a day, month or year may lie between two days.
func within(day, from, to string) bool {
	cut := func(s string) string { return s[:min(len(s), len(day))] }
	return day != "" && (from == "" || cut(from) <= day) && (to == "" || day <= cut(to))
}

// chosen reports whether the record is one of those that the export is narrowed to.
func (x *export) chosen(k record.Kind, m record.Message) bool {
	if x.visits == nil {
		return true
	}
	if k == record.Visit {
		return x.visits[m.GetId()]
	}
	v, ok := m.(interface{ GetVisitId() string })
	return ok && x.visits[v.GetVisitId()]
}

// each calls do for every record of the kind that is let out, and counts the others.
func (x *export) each(k record.Kind, do func(Row) error) error {
	one := func(r Row) error {
		if !x.lets(k, r) {
			return nil
		}
		x.counts.Records[k]++
		return do(r)
	}
	if x.listed != nil {
		return x.eachListed(one)
	}
	return x.from.Each(k, one)
}

// lets reports whether a record is let out, and counts it where it would be but for what it
// is.
func (x *export) lets(k record.Kind, r Row) bool {
	if !x.chosen(k, r.Message) {
		return false
	}
	if !x.Removed && (r.Removed || r.Joined) {
		x.counts.Removed++
		return false
	}
	switch x.gate.judge(k, r) {
	case confidential:
		x.counts.Confidential++
		return false
	case unconsented:
		x.counts.Unconsented++
		return false
	}
	return true
}

// own are the columns that the office adds to a record.
var own = []string{"record.position", "record.received_at", "record.conflicts", "record.incomplete", "record.removed"}

func ownCells(r Row) []any {
	var fields []string
	for _, c := range r.Status.GetConflicts() {
		if n := len(fields); n == 0 || fields[n-1] != c.GetField() {
			fields = append(fields, c.GetField())
		}
	}
	return []any{r.Status.GetPosition(), moment(r.Status.GetReceivedAt()), strings.Join(fields, " "), r.Status.GetIncomplete(), r.Removed}
}

// moment is a time in UTC; nil for none.
func moment(ms int64) any {
	if ms == 0 {
		return nil
	}
	return time.UnixMilli(ms).UTC().Format(time.RFC3339)
}

// conflicts is the table of all values where there are several.
const conflicts = "conflicts"

var conflictColumns = []string{"kind", "record_id", "field", "key", "number", "value", "written_at", "clock_suspect", "writer", "seq"}

// Tables writes the records as tables: one for each kind, one for each of its repeated
// fields, and one of conflicts. One record is held at a time.
func Tables(from Source, o Options, to Sheets) (Counts, error) {
	x, err := newExport(from, o)
	if err != nil {
		return Counts{}, err
	}
	l, err := newLabels(from, o.Language)
	if err != nil {
		return Counts{}, err
	}
	several, err := to.Begin(conflicts, conflictColumns, true)
	if err != nil {
		return Counts{}, err
	}
	for _, k := range x.Kinds {
		if err := x.table(k, l, to, several); err != nil {
			return x.counts, errors.Join(fmt.Errorf("write the table of %s: %w", k, err), several.End())
		}
	}
	return x.counts, several.End()
}

func (x *export) table(k record.Kind, l *labels, to Sheets, several Sheet) (err error) {
	t, open := tableOf(k), map[*table]Sheet{}
	defer func() {
		for _, s := range open {
			err = errors.Join(err, s.End())
		}
	}()
	err = t.each(func(part *table) (err error) {
		header := part.header()
		if part == t {
			header = append(header, own...)
		}
		s, err := to.Begin(part.name, header, part == t)
		if err == nil {
			open[part] = s
		}
		return err
	})
	if err != nil {
		return err
	}
	return x.each(k, func(r Row) error {
		if err := t.rows(r.Message.ProtoReflect(), l, nil, ownCells(r), func(part *table, row []any) error {
			return open[part].Write(row)
		}); err != nil {
			return err
		}
		return conflictRows(k, r, several)
	})
}

// conflictRows writes every value of every path that has several, the one shown first.
func conflictRows(k record.Kind, r Row, to Sheet) error {
	for _, c := range r.Status.GetConflicts() {
		for i, v := range c.GetValues() {
			err := to.Write([]any{
				k.String(), r.Message.GetId(), c.GetField(), c.GetKey(), int64(i + 1), told(k, c, v),
				moment(v.GetWrittenAt()), v.GetClockSuspect(), hex.EncodeToString(v.GetWriter()), v.GetSeq(),
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// told is a value in JSON, without what is sealed inside an element.
func told(k record.Kind, c *daylightv1.ConflictingPath, v *daylightv1.ConflictingValue) any {
	for _, f := range record.Fields(k) {
		if f.Name == c.GetField() && f.Descriptor.Message() != nil && holdsSealed(f.Descriptor.Message(), 0) {
			return record.SealedWords(len(v.GetJson()))
		}
	}
	return v.GetJson()
}
