package store

import (
	"context"
	"strings"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// What lists of places, and the page of one, say of places beside their records. A visit to
// a place that was joined to another counts for that one.

// madeTo are the visits v that were made to the place p, or to one that is shown as one
// with it.
const madeTo = `(v.facility = p.id OR v.facility IN (SELECT m.loser FROM merges m WHERE m.winner = p.id))
			  AND v.standing = 0 AND v.made = 1`

// PlaceNow is where a place stands.
type PlaceNow struct {
	// Visit and Day are of the last visit that was made; zero where there was none. Visits
	// counts all.
	Visit  record.ID
	Day    string
	Visits int64
	// Open counts the recommendations about the place that were issued and not closed,
	// Overdue those of them whose answer was due before the day.
	Open, Overdue int64
}

// PlacesNow says it of up to MaxPage places, on a day. Places without visits and
// recommendations in sight are not among them. ErrTooMany.
func (d *Desk) PlacesNow(ctx context.Context, on string, places ...record.ID) (map[record.ID]PlaceNow, error) {
	out := map[record.ID]PlaceNow{}
	if len(places) > MaxPage {
		return nil, ErrTooMany
	}
	if len(places) == 0 {
		return out, nil
	}
	return out, d.read(ctx, func(l *ledger) error {
		if err := l.lastVisits(d.caller.Sight, places, out); err != nil {
			return err
		}
		return l.openAt(d.caller.Sight, on, places, out)
	})
}

// these is the list of parameters that name the places, in brackets.
func (of *list) these(places []record.ID) string {
	names := make([]string, len(places))
	for i, id := range places {
		names[i] = of.arg(id[:])
	}
	return `(` + strings.Join(names, `, `) + `)`
}

// eachPlace reads rows that begin with the id of a place into what is said of it.
func (l *ledger) eachPlace(text string, of *list, out map[record.ID]PlaceNow, dest func(*PlaceNow) []any) error {
	return l.Each(text, append([]any{nil, nil, nil}, of.args...), func(scan func(...any) error) (bool, error) {
		var id []byte
		var now, said PlaceNow
		if err := scan(append([]any{&id}, dest(&said)...)...); err != nil {
			return false, err
		}
		now = out[record.ID(id)]
		now.add(said)
		out[record.ID(id)] = now
		return true, nil
	})
}

func (n *PlaceNow) add(o PlaceNow) {
	if o.Day != "" || o.Visits > 0 {
		n.Visit, n.Day, n.Visits = o.Visit, o.Day, o.Visits
	}
	n.Open, n.Overdue = n.Open+o.Open, n.Overdue+o.Overdue
}

func (l *ledger) lastVisits(s *Sight, places []record.ID, out map[record.ID]PlaceNow) error {
	of := &list{}
	text := `
		SELECT p.id, v.id, max(v.started), count(*)
		FROM facilities p
		JOIN visits v ON ` + madeTo + of.inSight(record.Visit, `v.record`, s) + `
		WHERE p.id IN ` + of.these(places) + `
		GROUP BY p.record`
	return l.eachPlace(text, of, out, func(n *PlaceNow) []any { return []any{idInto{&n.Visit}, &n.Day, &n.Visits} })
}

// idInto scans an id.
type idInto struct{ id *record.ID }

// Scan implements sql.Scanner.
func (i idInto) Scan(v any) error {
	b, _ := v.([]byte)
	copy(i.id[:], b)
	return nil
}

func (l *ledger) openAt(s *Sight, on string, places []record.ID, out map[record.ID]PlaceNow) error {
	of := &list{}
	these, day := of.these(places), of.arg(on)
	text := `
		WITH places AS MATERIALIZED (
			SELECT p.id, p.id AS at FROM facilities p WHERE p.id IN ` + these + `
			UNION
			SELECT m.winner, m.loser FROM merges m WHERE m.winner IN ` + these + `),
		about AS (
			SELECT f.id, o.record FROM places f CROSS JOIN visits v ON v.facility = f.at CROSS JOIN recommendations o ON o.visit = v.id
			UNION
			SELECT f.id, a.record FROM places f CROSS JOIN recommendation_places a ON a.facility = f.at)
		SELECT b.id, count(*), coalesce(sum(` + overdue(`p`, day) + `), 0)
		FROM about b
		JOIN recommendations p ON p.record = b.record
		WHERE p.standing = 0 AND p.open = 1` + of.inSight(record.Recommendation, `p.record`, s) + `
		GROUP BY b.id`
	return l.eachPlace(text, of, out, func(n *PlaceNow) []any { return []any{&n.Open, &n.Overdue} })
}

// PlaceFinding counts the findings of one visit to a place.
type PlaceFinding struct {
	Visit    record.ID
	Kind     daylightv1.FindingKind
	Area     string
	Severity daylightv1.FindingSeverity
	Findings int64
}

// PlaceFindings counts the findings that were made at a place, those of a visit that was
// joined to another under that one. The order is that in which the visits came. ErrTooMany.
func (d *Desk) PlaceFindings(ctx context.Context, place record.ID) (out []PlaceFinding, err error) {
	of := &list{}
	at := `v.facility IN ` + together(of.arg(place[:])) + ` AND v.standing <> 2`
	err = d.each(ctx, of, `
		WITH visited AS MATERIALIZED (
			SELECT v.record, v.id AS visit, v.id AS shown FROM visits v WHERE `+at+`
			UNION
			SELECT v.record, m.loser, m.winner FROM merges m JOIN visits v ON v.id = m.winner WHERE `+at+`)
		SELECT w.shown, p.kind, p.area, p.severity, count(*)
		FROM visited w
		CROSS JOIN findings p ON p.visit = w.visit
		WHERE p.standing = 0`+of.inSight(record.Finding, `p.record`, d.caller.Sight)+`
		GROUP BY w.record, w.shown, p.kind, p.area, p.severity
		ORDER BY w.record, p.kind, p.area, p.severity`, func(scan func(...any) error) error {
		var f PlaceFinding
		err := scan(idInto{&f.Visit}, &f.Kind, &f.Area, &f.Severity, &f.Findings)
		out = append(out, f)
		return err
	})
	if err == nil && len(out) > MaxFigures {
		return nil, ErrTooMany
	}
	return out, err
}

// OverdueAt gives the recommendations about a place whose answer was due before the day and
// has not come. ErrTooMany.
func (d *Desk) OverdueAt(ctx context.Context, place record.ID, day string) (out []record.ID, err error) {
	of := &list{}
	RecommendationFilter{Facility: place, OverdueOn: day}.narrow(of)
	err = d.each(ctx, of, `
		SELECT p.id
		FROM recommendations p
		WHERE p.standing = 0`+of.rest()+of.inSight(record.Recommendation, `p.record`, d.caller.Sight), func(scan func(...any) error) error {
		var id record.ID
		err := scan(idInto{&id})
		out = append(out, id)
		return err
	})
	if err == nil && len(out) > MaxFigures {
		return nil, ErrTooMany
	}
	return out, err
}

// SeenFigure counts the places of a region and a main type that are not closed.
type SeenFigure struct {
	Region, Type string
	Places       int64
	// Lately and Once were visited on the one day or later, and on the other; Never not at
	// all.
	Lately, Once, Never int64
}

// madeVisits are the last visits to places, in SQL, as made.
func madeVisits(sight string) string {
	return `
		WITH made AS MATERIALIZED (
			SELECT coalesce(m.winner, v.facility) AS facility, v.id, max(v.started) AS day, count(*) AS visits
			FROM visits v
			LEFT JOIN merges m ON m.loser = v.facility
			WHERE v.standing = 0 AND v.made = 1` + sight + `
			GROUP BY 1)`
}

// PlacesSeen counts the places in sight by when somebody was there last. ErrTooMany.
func (d *Desk) PlacesSeen(ctx context.Context, lately, once string) (out []SeenFigure, err error) {
	of := &list{}
	near, far := of.arg(lately), of.arg(once)
	err = d.each(ctx, of, madeVisits(of.inSight(record.Visit, `v.record`, d.caller.Sight))+`
		SELECT p.region, p.main_type, count(*), coalesce(sum(v.day >= `+near+`), 0), coalesce(sum(v.day >= `+far+`), 0), coalesce(sum(v.day IS NULL), 0)
		FROM facilities p
		LEFT JOIN made v ON v.facility = p.id
		WHERE p.standing = 0 AND p.state <> 2`+of.inSight(record.Facility, `p.record`, d.caller.Sight)+`
		GROUP BY p.region, p.main_type
		ORDER BY p.region, p.main_type`, func(scan func(...any) error) error {
		var f SeenFigure
		err := scan(&f.Region, &f.Type, &f.Places, &f.Lately, &f.Once, &f.Never)
		out = append(out, f)
		return err
	})
	if err == nil && len(out) > MaxFigures {
		return nil, ErrTooMany
	}
	return out, err
}

// PlaceRegions gives the regions that places in sight lie in, sorted.
func (d *Desk) PlaceRegions(ctx context.Context) (out []string, err error) {
	of := &list{}
	err = d.each(ctx, of, `
		SELECT DISTINCT p.region
		FROM facilities p
		WHERE p.standing = 0 AND p.region <> ''`+of.inSight(record.Facility, `p.record`, d.caller.Sight)+`
		ORDER BY p.region`, func(scan func(...any) error) error {
		var region string
		err := scan(&region)
		out = append(out, region)
		return err
	})
	return out, err
}

// LongestUnvisited gives a page of the places that are not closed and that the filter
// leaves: those that were never visited, then by the day of the last visit. next is the token
// of the page behind, empty on the last. ErrBadToken.
func (d *Desk) LongestUnvisited(ctx context.Context, f FacilityFilter, size int, token string) (page []LastVisit, next string, err error) {
	token, after, _ := strings.Cut(token, ".")
	from, err := longest(f, after).parse(token)
	if err != nil {
		return nil, "", err
	}
	of := &list{}
	f.narrow(of)
	var number int64
	size = pageSize(size)
	text := madeVisits(of.inSight(record.Visit, `v.record`, d.caller.Sight)) + `
		SELECT p.record, p.id, coalesce(v.id, x''), coalesce(v.day, ''), coalesce(v.visits, 0)
		FROM facilities p
		LEFT JOIN made v ON v.facility = p.id
		WHERE p.standing = 0 AND p.state <> 2` + of.rest() + of.inSight(record.Facility, `p.record`, d.caller.Sight) + `
		  AND (coalesce(v.day, ''), p.record) > ($2, $1)
		ORDER BY 4, p.record
		LIMIT $3`
	err = d.read(ctx, func(l *ledger) error {
		return l.Each(text, append([]any{from, after, size + 1}, of.args...), func(scan func(...any) error) (bool, error) {
			if len(page) == size {
				last := page[size-1].Day
				next = longest(f, last).at(number) + "." + last
				return false, nil
			}
			var v LastVisit
			err := scan(&number, idInto{&v.Facility}, idInto{&v.Visit}, &v.Day, &v.Visits)
			page = append(page, v)
			return true, err
		})
	})
	return page, next, err
}

// longest is what a token of LongestUnvisited is good for. The day is of the place that the
// page before ends with: it may have been visited since.
func longest(f FacilityFilter, day string) pageOf {
	return pageOf{"longest", f, day}
}

// notVisitedSince is the condition that no visit to the place p was made on the day or
// later; without a day, ever.
func (l *list) notVisitedSince(day string) {
	since := ``
	if day != "" {
		since = ` AND v.started >= ` + l.arg(day)
	}
	l.also(`NOT EXISTS (SELECT 1 FROM visits v WHERE ` + madeTo + since + `)`)
}
