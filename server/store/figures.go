package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Figures are counts over the projections, of what is in the caller's sight: each is one
// query. Removed records, and those joined to another, do not count; what hangs on a visit
// that was joined to another does. Numbers are not suppressed here, however small: whoever
// publishes them does that.

// MaxFigures bounds the cells, or places, of one answer.
const MaxFigures = 20_000

// VisitFigure counts visits that were made, those refused at the gate included.
type VisitFigure struct {
	Cell
	Visits int64
	// Obstructed ended because access was refused; Joint were made with other bodies.
	Obstructed, Joint int64
	// Places counts each place once.
	Places int64
}

// VisitFigures counts visits by ByYear, ByVisitType, ByAnnouncement, ByPlaceType, ByRegion
// and ByBody. ErrBadSpan, ErrBadAxis, ErrTooMany.
func (d *Desk) VisitFigures(ctx context.Context, span Span, by Axis) ([]VisitFigure, error) {
	kinds := kindSet(0).with(record.Visit, record.Facility)
	return recallRows(ctx, d, fmt.Sprint("visitFigures ", span, by), kinds, func(ctx context.Context) ([]VisitFigure, error) { return d.visitFigures(ctx, span, by) })
}

func (d *Desk) visitFigures(ctx context.Context, span Span, by Axis) ([]VisitFigure, error) {
	axes, err := choose(ofVisits, by)
	if err != nil {
		return nil, err
	}
	q := counting{span: span, sight: d.caller.Sight}
	return figures(ctx, d.Store, axes, q.text(record.Visit, `v.record`, `
		SELECT `+columns(axes)+`count(*), coalesce(sum(v.state = 6), 0), coalesce(sum(v.joint), 0), count(DISTINCT v.facility)
		FROM visits v`+placeOf(axes), `v.standing = 0 AND v.made = 1 AND v.started BETWEEN $1 AND $2`)+grouped(axes), &q,
		func(f *VisitFigure) (*Cell, []any) {
			return &f.Cell, []any{&f.Visits, &f.Obstructed, &f.Joint, &f.Places}
		})
}

// FindingFigure counts findings.
type FindingFigure struct {
	Cell
	Findings int64
	// Repeated are those that name an earlier one.
	Repeated int64
}

// FindingFigures counts the findings of visits in the span by all axes of visits and by
// ByKind, ByArea, ByTopic, BySeverity and ByEvidence. ErrBadSpan, ErrBadAxis, ErrTooMany.
func (d *Desk) FindingFigures(ctx context.Context, span Span, by Axis) ([]FindingFigure, error) {
	kinds := kindSet(0).with(record.Finding, record.Visit, record.Facility)
	return recallRows(ctx, d, fmt.Sprint("findingFigures ", span, by), kinds, func(ctx context.Context) ([]FindingFigure, error) { return d.findingFigures(ctx, span, by) })
}

func (d *Desk) findingFigures(ctx context.Context, span Span, by Axis) ([]FindingFigure, error) {
	axes, err := choose(ofFindings, by)
	if err != nil {
		return nil, err
	}
	q := counting{span: span, sight: d.caller.Sight}
	return figures(ctx, d.Store, axes, q.text(record.Finding, `p.record`, `
		SELECT `+columns(axes)+`count(*), coalesce(sum(p.repeated), 0)
		FROM visits v`+placeOf(axes)+`
		CROSS JOIN findings p ON p.visit = v.id`, `p.standing = 0 AND v.standing IN (0, 2) AND v.started BETWEEN $1 AND $2`)+grouped(axes), &q,
		func(f *FindingFigure) (*Cell, []any) { return &f.Cell, []any{&f.Findings, &f.Repeated} })
}

// RecommendationFigure counts recommendations and the lines that address them: one to two
// authorities is two lines.
type RecommendationFigure struct {
	Cell
	Recommendations, Lines int64
	// Repeated are lines of recommendations that name an earlier one.
	Repeated int64
	// Answered are lines to which an answer had come by the day: more than that it was
	// received. Over Lines it is the response rate.
	Answered int64
	// Overdue are lines of recommendations that are with their addressees, whose answer was
	// due before the day and had not come.
	Overdue int64
}

// RecommendationFigures counts the recommendations issued in the span by ByYear, ByState,
// ByHorizon, ByLevel, ByAuthority, ByStatus, ByResponse, ByPlaceType, ByRegion and ByBody,
// with the answers that had come by the day on. Where a recommendation stands, and how it
// was assessed, is as of now. ErrBadSpan, ErrBadAxis, ErrTooMany.
func (d *Desk) RecommendationFigures(ctx context.Context, span Span, on string, by Axis) ([]RecommendationFigure, error) {
	kinds := kindSet(0).with(record.Recommendation, record.AuthorityReply, record.Visit, record.Facility)
	return recallRows(ctx, d, fmt.Sprint("recommendationFigures ", span, on, " ", by), kinds, func(ctx context.Context) ([]RecommendationFigure, error) {
		return d.recommendationFigures(ctx, span, on, by)
	})
}

func (d *Desk) recommendationFigures(ctx context.Context, span Span, on string, by Axis) ([]RecommendationFigure, error) {
	axes, err := choose(ofLines, by)
	if err != nil {
		return nil, err
	}
	if (Span{on, on}).check() != nil {
		return nil, ErrBadSpan
	}
	q := counting{span: span, sight: d.caller.Sight, more: []any{on}}
	visits := ``
	if place := placeOf(axes); place != "" {
		visits = `
			LEFT JOIN visits v ON v.id = p.visit` + place
	}
	response := `0`
	if by&ByResponse != 0 {
		response = lastResponse
	}
	return figures(ctx, d.Store, axes, q.text(record.Recommendation, `p.record`, `
		WITH lines AS MATERIALIZED (
			SELECT a.record, a.line, a.authority, a.status, a.due_on, `+response+` AS response,
				EXISTS (SELECT 1 FROM `+answerTo(`p`, `a`, `$3`)+`) AS answered
			FROM recommendations p
			JOIN recommendation_lines a ON a.record = p.record
			WHERE p.issued_on BETWEEN $1 AND $2)
		SELECT `+columns(axes)+`count(DISTINCT p.record), count(a.line), coalesce(sum(a.line IS NOT NULL AND p.predecessor <> x''), 0),
			coalesce(sum(a.answered), 0), coalesce(sum(NOT a.answered AND a.due_on <> '' AND a.due_on < $3 AND `+sent(`p`)+`), 0)
		FROM recommendations p
		LEFT JOIN lines a ON a.record = p.record`+visits, `p.standing = 0 AND p.issued_on BETWEEN $1 AND $2`)+grouped(axes), &q,
		func(f *RecommendationFigure) (*Cell, []any) {
			return &f.Cell, []any{&f.Recommendations, &f.Lines, &f.Repeated, &f.Answered, &f.Overdue}
		})
}

// placeOf joins the place of the visit v where an axis needs it: once for each visit, and
// not for all that hangs on it.
func placeOf(axes []axis) string {
	if !slices.ContainsFunc(axes, func(a axis) bool { return a.axis&(ByPlaceType|ByRegion|ByBody) != 0 }) {
		return ""
	}
	return `
		LEFT JOIN facilities f ON f.id = v.facility`
}

// lastResponse is what the addressee said last, by the day of receipt and then the id.
var lastResponse = `coalesce((
				SELECT y.response
				FROM authority_replies y
				WHERE y.recommendation = p.id AND y.standing = 0 AND ` + answersLine(`a`) + ` AND y.received_on <= $3
				ORDER BY y.received_on DESC, y.id DESC
				LIMIT 1), 0)`

// PlaceFigure counts places of the register that are not closed.
type PlaceFigure struct {
	Cell
	Places int64
	// Visited were visited in the span, Never not until its end.
	Visited, Never int64
}

// PlaceFigures counts places by ByPlaceType, ByRegion and ByBody. ErrBadSpan, ErrBadAxis,
// ErrTooMany.
func (d *Desk) PlaceFigures(ctx context.Context, span Span, by Axis) ([]PlaceFigure, error) {
	kinds := kindSet(0).with(record.Facility, record.Visit)
	return recallRows(ctx, d, fmt.Sprint("placeFigures ", span, by), kinds, func(ctx context.Context) ([]PlaceFigure, error) { return d.placeFigures(ctx, span, by) })
}

func (d *Desk) placeFigures(ctx context.Context, span Span, by Axis) ([]PlaceFigure, error) {
	axes, err := choose(ofPlaces, by)
	if err != nil {
		return nil, err
	}
	q := counting{span: span, sight: d.caller.Sight}
	return figures(ctx, d.Store, axes, q.text(record.Facility, `f.record`, `
		SELECT `+columns(axes)+`count(*), coalesce(sum(v.last >= $1), 0), coalesce(sum(v.last IS NULL), 0)
		FROM facilities f
		LEFT JOIN (
			SELECT facility, max(started) AS last
			FROM visits
			WHERE standing = 0 AND made = 1 AND started <= $2
			GROUP BY facility) v ON v.facility = f.id`, `f.standing = 0 AND f.state <> 2`)+grouped(axes), &q,
		func(f *PlaceFigure) (*Cell, []any) { return &f.Cell, []any{&f.Places, &f.Visited, &f.Never} })
}

// counting is what the queries of figures have in common: $1 and $2 are the span.
type counting struct {
	span  Span
	sight *Sight
	more  []any // parameters from $3 on
}

// text completes a query with what it counts, that record being the column, in sight.
func (q *counting) text(kind record.Kind, column, query, where string) string {
	within, args := q.sight.within(kind, 3+len(q.more))
	q.more = append(q.more, args...)
	if within != "" {
		query += `
		JOIN records r ON r.number = ` + column
	}
	return query + `
		WHERE ` + where + within
}

// figures reads the cells of a query and, to know that there are too many, one more.
func figures[F any](ctx context.Context, s *Store, axes []axis, text string, q *counting, of func(*F) (*Cell, []any)) (out []F, err error) {
	if err := q.span.check(); err != nil {
		return nil, err
	}
	args := append([]any{q.span.From, q.span.To}, q.more...)
	text += `
		LIMIT ` + strconv.Itoa(MaxFigures+1)
	err = s.read(ctx, func(l *ledger) error {
		return l.Each(text, args, func(scan func(...any) error) (bool, error) {
			var f F
			cell, counts := of(&f)
			dest := make([]any, 0, len(axes)+len(counts))
			for _, a := range axes {
				dest = append(dest, a.at(cell))
			}
			err := scan(append(dest, counts...)...)
			out = append(out, f)
			return true, err
		})
	})
	if err == nil && len(out) > MaxFigures {
		return nil, ErrTooMany
	}
	return out, err
}

// LastVisit says when a place was visited last.
type LastVisit struct {
	Facility record.ID
	// Visit and Day are of the last one that was made; zero where there was none. Visits
	// counts all.
	Visit  record.ID
	Day    string
	Visits int64
}

// LastVisits gives the last visit of each place that the filter leaves, in the order in
// which the places came. ErrTooMany.
func (d *Desk) LastVisits(ctx context.Context, f FacilityFilter) (out []LastVisit, err error) {
	of := &list{}
	f.narrow(of)
	visits := of.inSight(record.Visit, `v.record`, d.caller.Sight)
	places := of.inSight(record.Facility, `p.record`, d.caller.Sight)
	err = d.each(ctx, of, `
		SELECT p.id, coalesce(v.id, x''), coalesce(max(v.started), ''), count(v.record)
		FROM facilities p
		LEFT JOIN visits v ON v.facility = p.id AND v.standing = 0 AND v.made = 1`+visits+`
		WHERE p.standing = 0`+of.rest()+places+`
		GROUP BY p.record
		ORDER BY p.record`, func(scan func(...any) error) error {
		var l LastVisit
		var place, visit []byte
		err := scan(&place, &visit, &l.Day, &l.Visits)
		copy(l.Facility[:], place)
		copy(l.Visit[:], visit)
		out = append(out, l)
		return err
	})
	if err == nil && len(out) > MaxFigures {
		return nil, ErrTooMany
	}
	return out, err
}

// Occupancy is the latest count of all persons held at a place.
type Occupancy struct {
	Facility record.ID
	Persons  int64
	// AsOf is the day of the count, or of the visit that it was made on; Source who counted.
	AsOf   string
	Source daylightv1.CountSource
	// Capacity is the latest of the kind; Known is false where there is none.
	Capacity     int64
	CapacityAsOf string
	Known        bool
}

// OccupancyFigures gives the latest count, and the latest capacity of the kind, of each place that
// the filter leaves and that has a count, in the order in which the places came. Counts
// are those of category TOTAL that do not tell sexes apart; no two are ever summed. Of two of
// one day the one that came later stands. ErrTooMany.
func (d *Desk) OccupancyFigures(ctx context.Context, kind daylightv1.CapacityKind, f FacilityFilter) (out []Occupancy, err error) {
	of := &list{}
	f.narrow(of)
	visits := of.inSight(record.Visit, `v.record`, d.caller.Sight)
	places := of.inSight(record.Facility, `p.record`, d.caller.Sight)
	err = d.each(ctx, of, `
		WITH places AS MATERIALIZED (
			SELECT p.record, p.id
			FROM facilities p
			WHERE p.standing = 0`+of.rest()+places+`),
		stands AS MATERIALIZED (
			SELECT record AS place, record AS at, '' AS day
			FROM places
			UNION ALL
			SELECT p.record, v.record, v.started
			FROM places p
			CROSS JOIN visits v ON v.facility = p.id
			WHERE v.standing IN (0, 2)`+visits+`),
		counts AS (
			SELECT s.place, c.persons, c.source, coalesce(nullif(c.as_of, ''), s.day) AS day,
				row_number() OVER (PARTITION BY s.place ORDER BY coalesce(nullif(c.as_of, ''), s.day) DESC, c.record DESC, c.element DESC) AS n
			FROM stands s
			CROSS JOIN populations c ON c.record = s.at
			WHERE c.category = 'TOTAL' AND c.sex = 0),
		rooms AS (
			SELECT s.place, c.persons, coalesce(nullif(c.as_of, ''), s.day) AS day,
				row_number() OVER (PARTITION BY s.place ORDER BY coalesce(nullif(c.as_of, ''), s.day) DESC, c.record DESC, c.element DESC) AS n
			FROM stands s
			CROSS JOIN capacities c ON c.record = s.at
			WHERE c.kind = `+of.arg(int64(kind))+`)
		SELECT p.id, c.persons, c.day, c.source, coalesce(m.persons, 0), coalesce(m.day, ''), m.place IS NOT NULL
		FROM places p
		JOIN counts c ON c.place = p.record AND c.n = 1
		LEFT JOIN rooms m ON m.place = p.record AND m.n = 1
		ORDER BY p.record`, func(scan func(...any) error) error {
		var o Occupancy
		var place []byte
		err := scan(&place, &o.Persons, &o.AsOf, &o.Source, &o.Capacity, &o.CapacityAsOf, &o.Known)
		copy(o.Facility[:], place)
		out = append(out, o)
		return err
	})
	if err == nil && len(out) > MaxFigures {
		return nil, ErrTooMany
	}
	return out, err
}

// rest are the list's conditions behind others.
func (of *list) rest() string {
	if len(of.where) == 0 {
		return ""
	}
	return ` AND ` + strings.Join(of.where, ` AND `)
}

// inSight is the condition that the record whose number is in the column is in sight.
func (of *list) inSight(kind record.Kind, column string, s *Sight) string {
	within, args := s.within(kind, firstFilter+len(of.args))
	of.args = append(of.args, args...)
	if within == "" {
		return ""
	}
	return ` AND EXISTS (SELECT 1 FROM records r WHERE r.number = ` + column + within + `)`
}

// each reads the rows of a query with the list's parameters.
func (d *Desk) each(ctx context.Context, of *list, text string, row func(scan func(...any) error) error) error {
	text += `
		LIMIT $1`
	args := append([]any{MaxFigures + 1, nil, nil}, of.args...)
	return d.read(ctx, func(l *ledger) error {
		return l.Each(text, args, func(scan func(...any) error) (bool, error) { return true, row(scan) })
	})
}
