package store

import (
	"strconv"
	"strings"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Filter is one of the filters of this package. Days are YYYY-MM-DD.
type Filter interface {
	kind() record.Kind
	narrow(*list)
}

// list is one kind's query: what narrows it beside what all lists have.
type list struct {
	// where are conditions on the row p of the projection, and on what names it.
	where []string
	args  []any
	// few: the conditions leave few records, which an index finds.
	few   bool
	token pageOf
}

// firstFilter is the number of the first parameter of the conditions.
const firstFilter = 4

// arg adds a parameter and gives its name.
func (l *list) arg(v any) string {
	l.args = append(l.args, v)
	return "$" + strconv.Itoa(firstFilter-1+len(l.args))
}

func (l *list) also(condition string) { l.where = append(l.where, condition) }

// text and code narrow by a column, unless what they are given is empty.
func (l *list) text(column, value string) {
	if value != "" {
		l.also(column + ` = ` + l.arg(value))
	}
}

func (l *list) code(column string, value int64) {
	if value != 0 {
		l.also(column + ` = ` + l.arg(value))
	}
}

// id narrows by an indexed column that names a record.
func (l *list) id(column string, id record.ID) {
	if id != (record.ID{}) {
		l.also(column + ` = ` + l.arg(id[:]))
		l.few = true
	}
}

// shown narrows by an indexed column that names a record, or one that is shown as one with
// it.
func (l *list) shown(column string, id record.ID) {
	if id != (record.ID{}) {
		l.also(column + ` IN ` + together(l.arg(id[:])))
		l.few = true
	}
}

// period narrows by a day; both ends are within.
func (l *list) period(column, from, to string) {
	if from != "" {
		l.also(column + ` >= ` + l.arg(from))
	}
	if to != "" {
		l.also(column + ` <= ` + l.arg(to))
	}
	if from == "" && to != "" { // what has no day is in no period
		l.also(column + ` <> ''`)
	}
}

// FacilityFilter narrows a list of facilities; empty fields do not.
type FacilityFilter struct {
	Region string
	// Type is the main type or one of the further ones.
	Type  string
	State daylightv1.FacilityState
	Code  string
	// Body is the authority that answers for the place.
	Body string
	// Never leaves those to which no visit was made, NotSince those to which none was made
	// on that day or later. Both look at all visits: they are for who sees those.
	Never    bool
	NotSince string
}

func (FacilityFilter) kind() record.Kind { return record.Facility }

func (f FacilityFilter) narrow(l *list) {
	l.text(`p.region`, f.Region)
	if f.Type != "" {
		l.also(`p.record IN (SELECT t.record FROM facility_types t WHERE t.type = ` + l.arg(f.Type) + `)`)
	}
	l.code(`p.state`, int64(f.State))
	l.text(`p.code`, f.Code)
	l.text(`p.body`, f.Body)
	if f.Never {
		l.notVisitedSince("")
	}
	if f.NotSince != "" {
		l.notVisitedSince(f.NotSince)
	}
}

// Visits are those to some places, or of a time; empty fields do not narrow them.
type Visits struct {
	Facility record.ID
	// Region, PlaceType and Body are those of the place.
	Region, PlaceType, Body string
	// From and To are the first and the last day on which they began, or will.
	From, To string
}

// narrow narrows by the columns of a visit.
func (v Visits) narrow(l *list, visit string) {
	l.shown(visit+`.facility`, v.Facility)
	place := func(condition, value, end string) {
		if value != "" {
			l.also(visit + `.facility IN (SELECT f.id FROM facilities f WHERE ` + condition + l.arg(value) + end)
		}
	}
	place(`f.region = `, v.Region, `)`)
	place(`f.body = `, v.Body, `)`)
	place(`f.record IN (SELECT t.record FROM facility_types t WHERE t.type = `, v.PlaceType, `))`)
	l.period(visit+`.started`, v.From, v.To)
}

// narrowHanging narrows what hangs on the visits. A visit that was merged counts as the one
// under which it is shown, wherever it went itself.
func (v Visits) narrowHanging(l *list) {
	if v == (Visits{}) {
		return
	}
	own := l.where
	l.where = nil
	v.narrow(l, `v`)
	l.where = append(own, visitsTogether(strings.Join(l.where, ` AND `)))
}

// VisitFilter narrows a list of visits; empty fields do not.
type VisitFilter struct {
	Visits
	State daylightv1.VisitState
	Type  daylightv1.VisitType
	Code  string
	// Person is in the team, by their id in the directory.
	Person record.ID
	// Words must all occur in the visit, or all in its place; the last may be a beginning.
	Words string
	// Two, where it names kinds, leaves those of which the visit itself, or a record of one of
	// these kinds on it, stands in two versions.
	Two []record.Kind
}

func (VisitFilter) kind() record.Kind { return record.Visit }

func (f VisitFilter) narrow(l *list) {
	f.Visits.narrow(l, `p`)
	l.code(`p.state`, int64(f.State))
	l.code(`p.type`, int64(f.Type))
	l.text(`p.code`, f.Code)
	if f.Person != (record.ID{}) {
		l.also(`p.id IN (SELECT s.target FROM scopes s WHERE s.holder = ` + l.arg([]byte(PersonHolder(f.Person))) + ` AND s.until = 0)`)
	}
	switch words := matchAll(f.Words); {
	case f.Words == "":
	case words == "": // only signs: nothing has them
		l.also(`0`)
	default:
		words = l.arg(words)
		l.also(`p.record IN (
			SELECT coalesce(v.record, o.record)
			FROM search
			LEFT JOIN visits v ON v.record = search.rowid
			LEFT JOIN facilities f ON f.record = search.rowid
			LEFT JOIN visits o ON o.facility = f.id
			WHERE search MATCH ` + words + ` AND (v.record IS NOT NULL OR o.record IS NOT NULL))`)
	}
	if len(f.Two) > 0 {
		l.also(`(p.conflicts > 0` + inTwo(f.Two) + `)`)
	}
}

// inTwo is, in SQL, that a record of one of the kinds on the visit p stands in two versions.
func inTwo(kinds []record.Kind) (or string) {
	for _, k := range kinds {
		if record.HangsOnVisit(k) && Lists(k) {
			or += ` OR p.id IN (SELECT h.visit FROM ` + projections[k].table + ` h WHERE h.conflicts > 0 AND h.standing = 0)`
		}
	}
	return or
}

// FindingFilter narrows a list of findings; empty fields do not.
type FindingFilter struct {
	Visit record.ID
	// Visits are those that the findings were made on.
	Visits
	Kind        daylightv1.FindingKind
	Area, Topic string
	// Severity is the decided one, the proposed one where none is decided.
	Severity daylightv1.FindingSeverity
	Evidence daylightv1.EvidenceStatus
	// Standard is a reference, as NMR-44.
	Standard string
	// Repeated leaves those that name an earlier finding.
	Repeated bool
}

func (FindingFilter) kind() record.Kind { return record.Finding }

func (f FindingFilter) narrow(l *list) {
	l.shown(`p.visit`, f.Visit)
	f.Visits.narrowHanging(l)
	l.code(`p.kind`, int64(f.Kind))
	l.text(`p.area`, f.Area)
	l.text(`p.topic`, f.Topic)
	l.code(`p.severity`, int64(f.Severity))
	l.code(`p.evidence`, int64(f.Evidence))
	if f.Standard != "" {
		l.also(`instr(p.standards, ` + l.arg(" "+f.Standard+" ") + `) > 0`)
	}
	if f.Repeated {
		l.also(`p.repeated = 1`)
	}
}

// TermFilter narrows a list of terms; empty fields do not.
type TermFilter struct{ List, Code string }

func (TermFilter) kind() record.Kind { return record.Term }

func (f TermFilter) narrow(l *list) {
	l.text(`p.list`, f.List)
	l.text(`p.code`, f.Code)
}
