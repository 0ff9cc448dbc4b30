package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// What a day at the office begins with. Each of these is a bounded question to narrow rows;
// none shows a record, so whoever shows one reads it.

// Pressing is something that cannot wait for the report and was not acted on: no
// recommendation that was issued rests on it.
type Pressing struct {
	Kind  record.Kind
	ID    record.ID
	Visit record.ID
	// ReceivedAt is when the office got the record, in milliseconds since 1970 UTC: from
	// then on the clock runs, whenever somebody saw how grave it is.
	ReceivedAt int64
	// Why: ill-treatment is alleged, it is critical, somebody may come to harm within days,
	// the team was turned away.
	Allegation, Critical, Imminent, Refused bool
	// Draft is a recommendation about it that is not issued yet; zero for none.
	Draft record.ID
}

// mostPressing bounds what of each kind is read.
const mostPressing = 300

// Pressing gives what cannot wait: what has a day first, the longest there first, then who
// is in danger, what is critical, and who was turned away, the newest first. Of visits whose report is out nothing is.
func (d *Desk) Pressing(ctx context.Context) ([]Pressing, error) {
	kinds := kindSet(0).with(record.Visit, record.Finding, record.Interview, record.ReprisalCase, record.ObstructionIncident, record.Recommendation)
	return recall(ctx, d, "pressing", kinds, d.pressing)
}

func (d *Desk) pressing(ctx context.Context) (out []Pressing, err error) {
	err = d.read(ctx, func(l *ledger) error {
		for _, q := range []struct {
			kind record.Kind
			text string
		}{
			{record.Finding, pressingFindings}, {record.Interview, pressingInterviews},
			{record.ReprisalCase, pressingCases}, {record.Visit, pressingVisits},
		} {
			if err := l.pressing(d.caller.Sight, q.kind, q.text, &out); err != nil {
				return err
			}
		}
		return nil
	})
	slices.SortStableFunc(out, func(a, b Pressing) int {
		if a.Allegation && b.Allegation {
			return cmp.Compare(a.ReceivedAt, b.ReceivedAt)
		}
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(b.ReceivedAt, a.ReceivedAt))
	})
	return out, err
}

// rank is in which order they stand.
func (p Pressing) rank() int {
	return slices.Index([]bool{p.Allegation, p.Imminent, p.Critical, p.Refused}, true)
}

// beforeTheReport are visits of which something can still be pressing.
const beforeTheReport = `v.standing IN (0, 2) AND v.state < 13`

// issued is the condition that a recommendation m has gone out; drafted, that it has not.
const (
	issued  = `m.standing = 0 AND m.state BETWEEN 4 AND 10`
	drafted = `m.standing = 0 AND m.state BETWEEN 1 AND 3`
)

// The questions give the record r as p, its visit, four flags and a draft.
const (
	pressingFindings = `
		SELECT r.number, r.id, p.visit, p.pressing & 2 <> 0, p.pressing & 1 <> 0, 0, 0,
			(SELECT m.id FROM recommendation_findings a JOIN recommendations m ON m.record = a.record WHERE a.finding = r.id AND ` + drafted + ` LIMIT 1)
		FROM visits v
		CROSS JOIN findings p ON p.visit = v.id AND p.standing = 0 AND p.pressing <> 0
		JOIN records r ON r.number = p.record
		WHERE ` + beforeTheReport + ` AND NOT EXISTS (
			SELECT 1 FROM recommendation_findings a JOIN recommendations m ON m.record = a.record WHERE a.finding = r.id AND ` + issued + `)`
	// What a finding took in has its clock there; who is in danger, with the case.
	pressingInterviews = `
		SELECT r.number, r.id, p.visit,
			p.allegation = 1 AND ` + inNoFinding + `, 0, p.risk = 5 AND ` + inNoCase + `, 0, NULL
		FROM visits v
		CROSS JOIN interviews p ON p.visit = v.id AND p.standing = 0 AND (p.allegation = 1 OR p.risk = 5)
		JOIN records r ON r.number = p.record
		WHERE ` + beforeTheReport + ` AND (p.allegation = 1 AND ` + inNoFinding + ` OR p.risk = 5 AND ` + inNoCase + `)`
	inNoFinding = `NOT EXISTS (SELECT 1 FROM finding_interviews a JOIN findings f ON f.record = a.record WHERE a.interview = r.id AND f.standing = 0)`
	inNoCase    = `NOT EXISTS (SELECT 1 FROM reprisal_cases c WHERE c.visit = p.visit AND c.standing = 0 AND (p.person = x'' OR c.person = p.person))`
	// A case is, wherever its visit stands, until nobody is in danger any more.
	pressingCases = `
		SELECT r.number, r.id, p.visit, 0, 0, 1, 0, NULL
		FROM reprisal_cases p
		JOIN records r ON r.number = p.record
		WHERE p.open = 1 AND (p.urgent = 1 OR p.risk = 5) AND p.standing = 0 AND p.state NOT IN (5, 6)`
	pressingVisits = `
		SELECT r.number, r.id, v.id, 0, 0, 0, 1,
			(SELECT m.id FROM recommendations m WHERE m.visit = v.id AND ` + drafted + ` LIMIT 1)
		FROM visits v
		JOIN records r ON r.number = v.record
		WHERE v.standing = 0 AND v.state < 13 AND (v.gate = 2 OR v.gate = 1 AND EXISTS (
			SELECT 1 FROM obstruction_incidents o WHERE o.visit = v.id AND o.standing = 0 AND o.type = 'ENTRY_REFUSED'))
		  AND NOT EXISTS (SELECT 1 FROM recommendations m WHERE m.visit = v.id AND ` + issued + `)`
)

func (l *ledger) pressing(s *Sight, kind record.Kind, text string, out *[]Pressing) error {
	within, args := s.within(kind, 2)
	text = `
		SELECT q.*, (SELECT g.received_at FROM log g WHERE g.position = (SELECT min(t.position) FROM touches t WHERE t.record = q.number))
		FROM (` + text + within + `
			ORDER BY r.number DESC
			LIMIT $1) q`
	return l.Each(text, append([]any{mostPressing}, args...), func(scan func(...any) error) (bool, error) {
		p := Pressing{Kind: kind}
		var number int64
		var id, visit, draft []byte
		err := scan(&number, &id, &visit, &p.Allegation, &p.Critical, &p.Imminent, &p.Refused, &draft, &p.ReceivedAt)
		copy(p.ID[:], id)
		copy(p.Visit[:], visit)
		copy(p.Draft[:], draft)
		*out = append(*out, p)
		return true, err
	})
}

// Upload is what devices have brought of one visit.
type Upload struct {
	Visit record.ID
	State daylightv1.VisitState
	// Records is how many of it came or changed, LastAt when the last did, in milliseconds
	// since 1970 UTC.
	Records int
	LastAt  int64
}

// mostUploads bounds the records that uploads are counted over: the newest.
const mostUploads = 1000

// Uploads gives the visits of which devices have brought something since a time, in
// milliseconds since 1970 UTC, the last first. What the office wrote itself is none.
func (d *Desk) Uploads(ctx context.Context, since int64) ([]Upload, error) {
	return recall(ctx, d, fmt.Sprint("uploads ", since), allKinds, func(ctx context.Context) (out []Upload, err error) {
		err = d.read(ctx, func(l *ledger) error {
			from, err := l.firstSince(since)
			if err != nil {
				return err
			}
			in, args := d.caller.Sight.anyKind(3)
			return l.Each(`
				SELECT v.id, v.state, count(*), max(l.received_at)
				FROM (
					SELECT number, id, kind, visit, dossier, position
					FROM records
					WHERE position >= $1
					ORDER BY position DESC
					LIMIT $2) r
				JOIN log l ON l.position = r.position
				JOIN visits v ON v.id = coalesce(r.visit, r.id)
				WHERE v.standing = 0 AND NOT EXISTS (SELECT 1 FROM office_writers w WHERE w.id = l.writer)`+in+`
				GROUP BY v.id
				ORDER BY max(l.position) DESC`, append([]any{int64(from), mostUploads}, args...), func(scan func(...any) error) (bool, error) {
				var u Upload
				var id []byte
				err := scan(&id, &u.State, &u.Records, &u.LastAt)
				copy(u.Visit[:], id)
				out = append(out, u)
				return true, err
			})
		})
		return out, err
	})
}

// firstSince is the position from which on entries were received at the time or later.
// Positions follow the clock of the office, which somebody may have set back: then a little
// more or less is counted.
func (l *ledger) firstSince(since int64) (exchange.Position, error) {
	head, err := l.Head()
	if err != nil {
		return 0, err
	}
	n, _ := sort.Find(int(head), func(i int) int {
		var at int64
		if _, e := l.one(`SELECT received_at FROM log WHERE position = $1`, []any{int64(i + 1)}, &at); e != nil {
			err = e
		}
		if since > at {
			return 1
		}
		return -1
	})
	return exchange.Position(n + 1), err
}

// joined is within for a query that needs the record r for nothing else: its row is wide, and
// whoever sees all of a kind does without. The column has the record's number.
func (s *Sight) joined(k record.Kind, column string, next int) (join, condition string, args []any) {
	if condition, args = s.within(k, next); condition != "" {
		join = `
				JOIN records r ON r.number = ` + column
	}
	return join, condition, args
}

// anyKind is the condition that the record r, of whatever kind, is within the sight.
func (s *Sight) anyKind(next int) (condition string, args []any) {
	if s == everything {
		return "", nil
	}
	var whole, some []string
	for _, k := range record.Kinds() {
		switch reach := s.reach(k); {
		case reach.All:
			whole = append(whole, fmt.Sprint(int64(k)))
		case len(reach.Holders) > 0:
			within, more := s.within(k, next+len(args))
			some = append(some, fmt.Sprintf(`r.kind = %d%s`, int64(k), within))
			args = append(args, more...)
		}
	}
	some = append(some, `r.kind IN (`+strings.Join(whole, ", ")+`)`)
	return ` AND (` + strings.Join(some, ` OR `) + `)`, args
}

// Contested counts what of a kind stands in more than one version.
type Contested struct {
	Kind            record.Kind
	Records, Fields int
}

// Contested counts what stands in more than one version, by kind.
func (d *Desk) Contested(ctx context.Context) ([]Contested, error) {
	return recall(ctx, d, "contested", allKinds, func(ctx context.Context) (out []Contested, err error) {
		err = d.read(ctx, func(l *ledger) error {
			for _, k := range record.Kinds() {
				p, listed := projections[k]
				reach := d.caller.Sight.reach(k)
				if !listed || !reach.All && len(reach.Holders) == 0 {
					continue
				}
				c := Contested{Kind: k}
				join, within, args := d.caller.Sight.joined(k, `p.record`, 1)
				if err := l.QueryRow(`
					SELECT count(*), coalesce(sum(p.conflicts), 0)
					FROM `+p.table+` p`+join+`
					WHERE p.conflicts > 0 AND p.standing = 0`+within, args...).Scan(&c.Records, &c.Fields); err != nil {
					return err
				}
				if c.Records > 0 {
					out = append(out, c)
				}
			}
			return nil
		})
		return out, err
	})
}

// Debt is what one authority owes, and what it answered and nobody assessed.
type Debt struct {
	Authority string
	// Overdue are lines whose answer was due before the day and has not come; of them Month
	// for less than 30 days, Year for a year or more. Oldest is the first of their days.
	Overdue, Month, Year int
	Oldest               string
	// Answered are lines that were answered and are not assessed.
	Answered int
}

// Debts adds up by addressee what is overdue on a day, as 2026-11-26, and what was answered and
// is not assessed: the most overdue first. monthAgo and yearAgo are the days 30 days and a
// year before it.
func (d *Desk) Debts(ctx context.Context, day, monthAgo, yearAgo string) ([]Debt, error) {
	kinds := kindSet(0).with(record.Recommendation, record.AuthorityReply)
	return recall(ctx, d, "late "+day, kinds, func(ctx context.Context) (out []Debt, err error) {
		join, within, args := d.caller.Sight.joined(record.Recommendation, `p.record`, 4)
		err = d.read(ctx, func(l *ledger) error {
			return l.Each(`
				WITH q AS MATERIALIZED ( -- else each sum would ask again for the answers
					SELECT a.authority, a.due_on, a.status, a.due_on <> '' AND a.due_on < $1 AS due, EXISTS (SELECT 1 FROM `+answerTo(`p`, `a`, `$1`)+`) AS answered
					FROM recommendations p`+join+`
					CROSS JOIN recommendation_lines a ON a.record = p.record
					WHERE p.standing = 0 AND `+sent(`p`)+within+`)
				SELECT q.authority, coalesce(sum(1) FILTER (WHERE q.due AND NOT q.answered), 0) AS late,
					coalesce(sum(q.due_on >= $2) FILTER (WHERE q.due AND NOT q.answered), 0), coalesce(sum(q.due_on < $3) FILTER (WHERE q.due AND NOT q.answered), 0),
					coalesce(min(q.due_on) FILTER (WHERE q.due AND NOT q.answered), ''), sum(q.answered AND q.status < 2) AS unassessed
				FROM q
				GROUP BY q.authority
				HAVING late > 0 OR unassessed > 0
				ORDER BY late DESC, q.authority`, append([]any{day, monthAgo, yearAgo}, args...), func(scan func(...any) error) (bool, error) {
				var o Debt
				err := scan(&o.Authority, &o.Overdue, &o.Month, &o.Year, &o.Oldest, &o.Answered)
				out = append(out, o)
				return true, err
			})
		})
		return out, err
	})
}

// Standing are the visits in some states: the last of them, and how many there are.
type Standing struct {
	IDs []record.ID
	N   int
}

// mostStanding is how many of them are named.
const mostStanding = 6

// Standing gives the visits in the state, the one that came last first.
func (d *Desk) Standing(ctx context.Context, state daylightv1.VisitState) (Standing, error) {
	return recall(ctx, d, "standing "+state.String(), kindSet(0).with(record.Visit), func(ctx context.Context) (out Standing, err error) {
		join, within, args := d.caller.Sight.joined(record.Visit, `v.record`, 2)
		args = append([]any{int64(state)}, args...)
		err = d.read(ctx, func(l *ledger) error {
			from := `
				FROM visits v` + join + `
				WHERE v.state = $1 AND v.standing = 0` + within
			if err := l.QueryRow(`SELECT count(*)`+from, args...).Scan(&out.N); err != nil {
				return err
			}
			out.IDs, err = column(l, idOf, `SELECT v.id`+from+` ORDER BY v.record DESC LIMIT `+fmt.Sprint(mostStanding), args...)
			return err
		})
		return out, err
	})
}
