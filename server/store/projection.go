package store

import (
	"slices"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// standing says whether a list holds a record.
type standing int64

const (
	listed standing = iota
	removed
	joined     // to another record
	incomplete // its creating change has not come
)

func standingOf(s *fold.State) standing {
	switch {
	case !s.Complete():
		return incomplete
	case s.Removed():
		return removed
	case record.TextIn(s, record.FieldMergedInto) != "":
		return joined
	}
	return listed
}

// projection is one narrow table: how a row is put and read again. The columns
// are the record's number, standing, conflicts, and what values gives.
type projection struct {
	put    *insert
	get    string
	values func(*fold.State) []any
}

var projections = map[record.Kind]projection{
	record.Facility: {
		put: inserting(`
			INSERT INTO facilities (record, standing, conflicts, code, region, state)
			VALUES`, 6, `
			ON CONFLICT (record) DO UPDATE SET
				standing = excluded.standing, conflicts = excluded.conflicts,
				code = excluded.code, region = excluded.region, state = excluded.state`),
		get: `
			SELECT standing, conflicts, code, region, state
			FROM facilities
			WHERE record = $1`,
		values: func(s *fold.State) []any {
			return []any{record.TextIn(s, 10), record.TextIn(s, record.FacilityRegion), record.NumberIn(s, 28)}
		},
	},
	record.Visit: {
		put: inserting(`
			INSERT INTO visits (record, standing, conflicts, facility, state, type)
			VALUES`, 6, `
			ON CONFLICT (record) DO UPDATE SET
				standing = excluded.standing, conflicts = excluded.conflicts,
				facility = excluded.facility, state = excluded.state, type = excluded.type`),
		get: `
			SELECT standing, conflicts, facility, state, type
			FROM visits
			WHERE record = $1`,
		values: func(s *fold.State) []any {
			return []any{reference(s, record.VisitFacility), record.NumberIn(s, record.VisitState), record.NumberIn(s, 12)}
		},
	},
	record.Finding: {
		put: inserting(`
			INSERT INTO findings (record, standing, conflicts, visit, kind, area, topic, severity)
			VALUES`, 8, `
			ON CONFLICT (record) DO UPDATE SET
				standing = excluded.standing, conflicts = excluded.conflicts,
				visit = excluded.visit, kind = excluded.kind, area = excluded.area,
				topic = excluded.topic, severity = excluded.severity`),
		get: `
			SELECT standing, conflicts, visit, kind, area, topic, severity
			FROM findings
			WHERE record = $1`,
		values: func(s *fold.State) []any {
			severity := record.NumberIn(s, 15)
			if severity == 0 {
				severity = record.NumberIn(s, 14)
			}
			return []any{reference(s, 10), record.NumberIn(s, 11), record.TextIn(s, 12), record.TextIn(s, 13), severity}
		},
	},
	record.Term: {
		put: inserting(`
			INSERT INTO terms (record, standing, conflicts, list, code)
			VALUES`, 5, `
			ON CONFLICT (record) DO UPDATE SET
				standing = excluded.standing, conflicts = excluded.conflicts,
				list = excluded.list, code = excluded.code`),
		get: `
			SELECT standing, conflicts, list, code
			FROM terms
			WHERE record = $1`,
		values: func(s *fold.State) []any { return []any{record.TextIn(s, 10), record.TextIn(s, 11)} },
	},
}

// row is what the state says that the projection's row holds behind its number.
func (p projection) row(s *fold.State) []any {
	return append([]any{int64(standingOf(s)), int64(len(s.Conflicts()))}, p.values(s)...)
}

// project writes the projection of a record. A record of which nothing was
// accepted, and one of a kind that this program does not know, has none.
func (l *ledger) project(n int64, kind record.Kind, old bool, s *fold.State) error {
	p, ok := projections[kind]
	if !ok || s == nil {
		return nil
	}
	if l.projected[kind] == nil {
		l.projected[kind] = &rows{into: p.put}
	}
	if err := l.add(l.projected[kind], append([]any{n}, p.row(s)...)...); err != nil {
		return err
	}
	if kind == record.Facility {
		return l.projectTypes(n, old, typesOf(s))
	}
	return nil
}

func (l *ledger) projectTypes(n int64, old bool, types []string) error {
	if old {
		if _, err := l.Exec(`
			DELETE FROM facility_types
			WHERE record = $1`, n); err != nil {
			return err
		}
	}
	if len(types) > 0 {
		if err := l.flush(); err != nil { // the types refer to the record
			return err
		}
	}
	for _, t := range types {
		if _, err := l.Exec(`
			INSERT INTO facility_types (record, type)
			VALUES ($1, $2)`, n, t); err != nil {
			return err
		}
	}
	return nil
}

// typesOf are the main type and the further ones, sorted, each once.
func typesOf(s *fold.State) []string {
	var out []string
	if main := record.TextIn(s, 13); main != "" {
		out = append(out, main)
	}
	for _, p := range s.Paths() {
		if p.Field == 14 && p.Key != "" {
			out = append(out, p.Key)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// reference is a record's id as 16 bytes; empty when the field names none.
func reference(s *fold.State, field int32) []byte {
	id, ok := record.ReferenceIn(s, field)
	if !ok {
		return []byte{}
	}
	return id[:]
}
