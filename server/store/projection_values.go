package store

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// What the columns of the projections hold follows from a state by these alone.

// reference is a record's id as 16 bytes; empty when the field names none.
func reference(s *fold.State, field int32) []byte {
	id, ok := record.ReferenceIn(s, field)
	if !ok {
		return []byte{}
	}
	return id[:]
}

// key is the id of an element as 16 bytes; empty when it is none.
func key(id string) []byte {
	k, err := record.ParseID(id)
	if err != nil {
		return []byte{}
	}
	return k[:]
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// count is a number without a sign, of 32 bits.
func count(s *fold.State, field int32) int64 { return int64(uint32(record.NumberIn(s, field))) }

// personsIn is how many took part; not set means one.
func personsIn(s *fold.State, field int32) int64 {
	if !isSet(s, field) {
		return 1
	}
	return count(s, field)
}

func isSet(s *fold.State, field int32) bool {
	e := s.Entries(fold.Path{Field: field})
	return len(e) > 0 && len(e[0].Value) > 0
}

// holding decodes some fields of a state into a message of the record's type. What this
// program cannot decode is left out.
func holding[M proto.Message](s *fold.State, m M, fields ...int32) M {
	options := proto.UnmarshalOptions{Merge: true, DiscardUnknown: true}
	for _, p := range s.Paths() {
		if slices.Contains(fields, p.Field) {
			_ = options.Unmarshal(s.Entries(p)[0].Value, m)
		}
	}
	return m
}

// firstDay is the first day of a date or moment that may be a month or a year only.
func firstDay(s string) string {
	switch len(s) {
	case len("2006"):
		return s + "-01-01"
	case len("2006-01"):
		return s + "-01"
	}
	return s[:min(len(s), len(time.DateOnly))]
}

// lastDay is the last one: what is due in March is not late before April.
func lastDay(s string) string {
	years, months := 0, 1
	if len(s) == len("2006") {
		years, months = 1, 0
	}
	first, err := time.Parse(time.DateOnly, firstDay(s))
	if err != nil || len(s) > len("2006-01") {
		return firstDay(s)
	}
	return first.AddDate(years, months, -1).Format(time.DateOnly)
}

// spaced are codes with a space before and behind each.
func spaced(codes []string) string {
	if len(codes) == 0 {
		return ""
	}
	return " " + strings.Join(codes, " ") + " "
}

// typesOf are the main type and the further ones, sorted, each once.
func typesOf(s *fold.State) [][]any {
	types := record.Keys(s, 14)
	if main := record.TextIn(s, 13); main != "" {
		types = append(types, main)
	}
	return single(types)
}

// codesOf are the codes of a set.
func codesOf(field int32) func(*fold.State) [][]any {
	return func(s *fold.State) [][]any { return single(record.Keys(s, field)) }
}

// single makes a row of each text, sorted, each once.
func single(texts []string) (out [][]any) {
	slices.Sort(texts)
	for _, t := range slices.Compact(texts) {
		if t != "" {
			out = append(out, []any{t})
		}
	}
	return out
}

// referencesOf are the ids of a set.
func referencesOf(field int32) func(*fold.State) [][]any {
	return func(s *fold.State) (out [][]any) {
		for _, k := range record.Keys(s, field) {
			if id := key(k); len(id) > 0 {
				out = append(out, []any{id})
			}
		}
		return sortedRows(out)
	}
}

// sortedRows are rows by their first column, which is an id; of two with one id the first.
func sortedRows(rows [][]any) [][]any {
	id := func(r []any) []byte { return r[0].([]byte) }
	slices.SortStableFunc(rows, func(a, b []any) int { return bytes.Compare(id(a), id(b)) })
	return slices.CompactFunc(rows, func(a, b []any) bool { return bytes.Equal(id(a), id(b)) })
}

var capacityColumns = []string{"element", "kind", "source", "persons", "as_of"}

// capacitiesOf are those that name a number.
func capacitiesOf[M proto.Message](field int32, of func(M) []*daylightv1.Capacity) func(*fold.State) [][]any {
	return func(s *fold.State) (out [][]any) {
		for _, c := range of(holding(s, fresh[M](), field)) {
			if id := key(c.GetId()); len(id) > 0 && c.Persons != nil {
				out = append(out, []any{id, int64(c.GetKind()), int64(c.GetSource()), int64(c.GetPersons()), firstDay(c.GetAsOf())})
			}
		}
		return sortedRows(out)
	}
}

var populationColumns = []string{"element", "category", "sex", "source", "persons", "as_of"}

// populationsOf are those that were counted.
func populationsOf[M proto.Message](field int32, of func(M) []*daylightv1.PopulationCount) func(*fold.State) [][]any {
	return func(s *fold.State) (out [][]any) {
		for _, c := range of(holding(s, fresh[M](), field)) {
			if id := key(c.GetId()); len(id) > 0 && c.Persons != nil {
				out = append(out, []any{id, c.GetCategory(), int64(c.GetSex()), int64(c.GetSource()), int64(c.GetPersons()), firstDay(c.GetAsOf())})
			}
		}
		return sortedRows(out)
	}
}

func fresh[M proto.Message]() M {
	var m M
	return m.ProtoReflect().New().Interface().(M)
}

// startOf is the day on which a visit began, or will, and whether the team came.
func startOf(s *fold.State) (day string, came bool) {
	var first string
	for _, t := range holding(s, &daylightv1.Visit{}, 19).GetSessions() {
		if d := firstDay(t.GetEnteredAt()); d != "" && (first == "" || d < first) {
			first = d
		}
	}
	first = cmp.Or(first, firstDay(record.TextIn(s, 24)), firstDay(record.TextIn(s, 23)))
	return cmp.Or(first, firstDay(record.TextIn(s, 17))), first != ""
}

// madeVisit reports whether a visit was made: one that was refused at the gate was.
func madeVisit(state int64, came bool) bool {
	switch s := daylightv1.VisitState(state); {
	case s == daylightv1.VisitState_VISIT_STATE_CANCELLED:
		return false
	case s >= daylightv1.VisitState_VISIT_STATE_IN_PROGRESS:
		return true
	}
	return came
}

// linesOf are the addressees of a recommendation.
func linesOf(s *fold.State) (out [][]any) {
	m := holding(s, &daylightv1.Recommendation{}, 24, 25)
	for _, l := range m.GetAddressees() {
		id := key(l.GetId())
		if len(id) == 0 {
			continue
		}
		last := record.CurrentAssessment(m.GetAssessments(), l.GetId())
		out = append(out, []any{id, l.GetAuthority(), firstDay(l.GetSentOn()), lastDay(l.GetDueOn()), lastDay(l.GetImplementBy()),
			int64(last.GetStatus()), int64(last.GetBasis())})
	}
	return sortedRows(out)
}

// firstDue is the first day on which an answer is due from an addressee.
func firstDue(s *fold.State) (day string) {
	for _, l := range holding(s, &daylightv1.Recommendation{}, 24).GetAddressees() {
		if d := lastDay(l.GetDueOn()); d != "" && (day == "" || d < day) {
			day = d
		}
	}
	return day
}
