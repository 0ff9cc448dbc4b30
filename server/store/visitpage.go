package store

import (
	"context"
	"strings"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// What a page says of visits beside what they say themselves.

// VisitSum counts what hangs on a visit, as far as it is in sight. What hangs on a visit that
// was merged counts for the one under which it is shown.
type VisitSum struct {
	// Findings are by the decided severity, the proposed one where none is decided.
	Findings map[daylightv1.FindingSeverity]int
	// Two are the records that stand in two versions somewhere; not the visit itself.
	Two int
	// Comments are those about which something is left to be done.
	Comments int
}

// VisitSums gives the sums of visits, zero ones for visits on which nothing hangs. At most
// MaxPage are asked for.
func (d *Desk) VisitSums(ctx context.Context, visits []record.ID) (map[record.ID]VisitSum, error) {
	out := map[record.ID]VisitSum{}
	for _, v := range visits[:min(len(visits), MaxPage)] {
		out[v] = VisitSum{Findings: map[daylightv1.FindingSeverity]int{}}
	}
	if len(out) == 0 {
		return out, nil
	}
	err := d.read(ctx, func(l *ledger) error {
		of, err := l.partsOf(out)
		if err != nil {
			return err
		}
		s := sums{l, d.caller.Sight, of, out}
		for _, count := range []func() error{s.findings, s.two, s.comments} {
			if err := count(); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// partsOf are the visits with those that were merged into them, by under which they are shown.
func (l *ledger) partsOf(visits map[record.ID]VisitSum) (map[record.ID]record.ID, error) {
	of, where := map[record.ID]record.ID{}, &list{}
	var names []string
	for v := range visits {
		of[v] = v
		names = append(names, where.arg(v[:]))
	}
	err := l.Each(`
		SELECT loser, winner
		FROM merges
		WHERE winner IN (`+strings.Join(names, ", ")+`)`, where.all(), func(scan func(...any) error) (bool, error) {
		var loser, winner []byte
		err := scan(&loser, &winner)
		of[record.ID(loser)] = record.ID(winner)
		return true, err
	})
	return of, err
}

// all are the parameters of a query that is no list: its first ones are not used.
func (l *list) all() []any { return append(make([]any, firstFilter-1), l.args...) }

// sums fills in the sums of some visits.
type sums struct {
	*ledger
	sight *Sight
	of    map[record.ID]record.ID
	out   map[record.ID]VisitSum
}

// within narrows rows p of a kind to those of the visits that are listed and in sight.
func (s sums) within(kind record.Kind, of *list) string {
	var names []string
	for v := range s.of {
		names = append(names, of.arg(v[:]))
	}
	return `p.visit IN (` + strings.Join(names, ", ") + `) AND p.standing = 0` + of.inSight(kind, `p.record`, s.sight)
}

// sees reports whether anything of the kind is in sight.
func (s sums) sees(kind record.Kind) bool {
	reach := s.sight.reach(kind)
	return reach.All || len(reach.Holders) > 0
}

func (s sums) findings() error {
	if !s.sees(record.Finding) {
		return nil
	}
	of := &list{}
	return s.each(`
		SELECT p.visit, p.severity, count(*)
		FROM findings p
		WHERE `+s.within(record.Finding, of)+`
		GROUP BY p.visit, p.severity`, of, func(sum *VisitSum, what int64, n int) {
		sum.Findings[daylightv1.FindingSeverity(what)] += n
	})
}

func (s sums) comments() error {
	if !s.sees(record.ReviewComment) {
		return nil
	}
	of := &list{}
	return s.each(`
		SELECT p.visit, 0, count(*)
		FROM review_comments p
		WHERE p.settled = 0 AND `+s.within(record.ReviewComment, of)+`
		GROUP BY p.visit`, of, func(sum *VisitSum, _ int64, n int) { sum.Comments += n })
}

func (s sums) two() error {
	of := &list{}
	var parts []string
	for _, k := range record.Kinds() {
		if record.HangsOnVisit(k) && Lists(k) && s.sees(k) {
			parts = append(parts, `
		SELECT p.visit, 0, count(*)
		FROM `+projections[k].table+` p
		WHERE p.conflicts > 0 AND `+s.within(k, of)+`
		GROUP BY p.visit`)
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return s.each(strings.Join(parts, `
		UNION ALL`), of, func(sum *VisitSum, _ int64, n int) { sum.Two += n })
}

func (s sums) each(text string, of *list, add func(*VisitSum, int64, int)) error {
	return s.Each(text, of.all(), func(scan func(...any) error) (bool, error) {
		var visit []byte
		var what int64
		var n int
		if err := scan(&visit, &what, &n); err != nil {
			return false, err
		}
		id := s.of[record.ID(visit)]
		sum := s.out[id]
		add(&sum, what, n)
		s.out[id] = sum
		return true, nil
	})
}

// Regions are those that places lie in, sorted: of all the office's places, whoever asks.
func (s *Store) Regions(ctx context.Context) (out []string, err error) {
	err = s.read(ctx, func(l *ledger) error {
		// From each region to the next one in the index.
		return l.Each(`
			WITH RECURSIVE regions (region) AS (
				SELECT min(region) FROM facilities WHERE region > ''
				UNION ALL
				SELECT (SELECT min(f.region) FROM facilities f WHERE f.region > r.region) FROM regions r WHERE r.region IS NOT NULL)
			SELECT region
			FROM regions
			WHERE region IS NOT NULL
			LIMIT $1`, []any{MaxPage}, func(scan func(...any) error) (bool, error) {
			var region string
			err := scan(&region)
			out = append(out, region)
			return true, err
		})
	})
	return out, err
}

// SealedOf counts the sealed records of a visit by their kind, as far as they are in sight.
func (d *Desk) SealedOf(ctx context.Context, visit record.ID) (map[record.Kind]int, error) {
	out := map[record.Kind]int{}
	err := d.read(ctx, func(l *ledger) error {
		for _, k := range record.Kinds() {
			if !record.Sealed(k) || k == record.SealingKey {
				continue
			}
			within, args := d.caller.Sight.within(k, 3)
			err := l.Each(`
				SELECT r.state
				FROM records r
				WHERE r.visit IN `+together(`$1`)+` AND r.kind = $2 AND length(r.state) > 0`+within, append([]any{visit[:], int64(k)}, args...),
				func(scan func(...any) error) (bool, error) {
					var state []byte
					if err := scan(&state); err != nil {
						return false, err
					}
					s, err := fold.DecodeOwn(state)
					if err == nil && s.Complete() && !s.Removed() {
						out[k]++
					}
					return true, err
				})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// Late is what came of a visit from its team after it was submitted.
type Late struct {
	// At is the entry that submitted the visit last, ReceivedAt when it came, in milliseconds
	// since 1970 UTC; zero where none is known.
	At         exchange.Position
	ReceivedAt int64
	// Changes counts the accepted changes that came behind it, by record; what the office
	// wrote itself is none of them. It names records that may not be in sight.
	Changes map[record.ID]int
}

// LateOf says what came late of a visit. ErrNotFound.
func (d *Desk) LateOf(ctx context.Context, visit record.ID) (out Late, err error) {
	err = d.read(ctx, func(l *ledger) error {
		if d.caller.Sight != everything {
			if err := l.mustSee(d.caller.Sight, record.Visit, visit); err != nil {
				return err
			}
		}
		if out, err = l.submission(visit); err != nil || out.At == 0 {
			return err
		}
		out.Changes = map[record.ID]int{}
		return l.Each(`
			SELECT r.id, count(*)
			FROM records r
			JOIN touches t ON t.record = r.number AND t.position > $2
			JOIN log e ON e.position = t.position
			JOIN writers w ON w.id = e.writer
			WHERE (r.id = $1 OR r.visit = $1) AND e.decision = $3
			  AND w.key NOT IN (SELECT o.key FROM office_writers f JOIN writers o ON o.id = f.id)
			GROUP BY r.id`, []any{visit[:], int64(out.At), int64(exchange.Accepted)}, func(scan func(...any) error) (bool, error) {
			var id []byte
			var n int
			err := scan(&id, &n)
			out.Changes[record.ID(id)] = n
			return true, err
		})
	})
	return out, err
}

// submission finds the last accepted entry that took the visit to SUBMITTED.
func (l *ledger) submission(visit record.ID) (out Late, err error) {
	err = l.Each(`
		SELECT e.position, e.received_at, e.payload
		FROM records r
		JOIN touches t ON t.record = r.number
		JOIN log e ON e.position = t.position
		WHERE r.id = $1 AND e.decision = $2
		ORDER BY t.position DESC`, []any{visit[:], int64(exchange.Accepted)}, func(scan func(...any) error) (bool, error) {
		var at Late
		var payload []byte
		if err := scan(&at.At, &at.ReceivedAt, &payload); err != nil {
			return false, err
		}
		if !submits(visit, payload) {
			return true, nil
		}
		out = at
		return false, nil
	})
	return out, err
}

// submits reports whether a change takes the visit to SUBMITTED.
func submits(visit record.ID, payload []byte) bool {
	c, err := journal.DecodeChange(payload)
	if err != nil {
		return false
	}
	for _, r := range c.Records {
		for _, e := range r.Edits {
			if r.ID == visit && e.Path.Field == record.VisitState &&
				record.FieldJSON(record.Visit, e.Path, e.Value) == `"`+daylightv1.VisitState_VISIT_STATE_SUBMITTED.String()+`"` {
				return true
			}
		}
	}
	return false
}
