package store

import (
	"context"
	"strconv"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// AgeDays are the ends of the ages of what is overdue, in days; what is older has an age of
// its own behind them.
var AgeDays = [...]int{30, 90, 180, 365}

// Ages counts what is overdue by how long: up to each of AgeDays, and longer.
type Ages [len(AgeDays) + 1]int64

// Total is all of it.
func (a Ages) Total() (n int64) {
	for _, k := range a {
		n += k
	}
	return n
}

// AgeSpan gives the first and the last day on which an answer was due that is overdue on a
// day and of the age; the first is empty for the oldest. ErrBadSpan.
func AgeSpan(on string, age int) (from, to string, err error) {
	day, err := time.Parse(time.DateOnly, on)
	if err != nil || age < 0 || age > len(AgeDays) {
		return "", "", ErrBadSpan
	}
	before := func(days int) string { return day.AddDate(0, 0, -days).Format(time.DateOnly) }
	to = before(1)
	if age > 0 {
		to = before(AgeDays[age-1] + 1)
	}
	if age < len(AgeDays) {
		from = before(AgeDays[age])
	}
	return from, to, nil
}

// ages are columns that count the rows of the age where the condition holds.
func ages(of *list, on, due, where string) (columns string, err error) {
	for age := range len(AgeDays) + 1 {
		from, to, err := AgeSpan(on, age)
		if err != nil {
			return "", err
		}
		columns += `, coalesce(sum(` + where + ` AND ` + due + ` <= ` + of.arg(to) + ` AND ` + due + ` >= ` + of.arg(from) + `), 0)`
	}
	return columns, nil
}

// Ageing counts the answers that are overdue on a day by how long, of the addressees of the
// recommendations that the filter leaves: of its Authority alone, where it has one. What the
// filter says of what is overdue does not count. ErrBadSpan.
func (d *Desk) Ageing(ctx context.Context, on string, f RecommendationFilter) (out Ages, err error) {
	f.OverdueOn, f.DueFrom, f.DueTo = "", "", ""
	of := &list{}
	f.narrow(of)
	whose := ``
	if f.Authority != "" {
		whose = ` AND a.authority = ` + of.arg(f.Authority)
	}
	columns, err := ages(of, on, `a.due_on`, `1`)
	if err != nil {
		return out, err
	}
	late := lineOverdue(`p`, `a`, of.arg(on))
	sight := of.inSight(record.Recommendation, `p.record`, d.caller.Sight)
	err = d.each(ctx, of, `
		SELECT 0`+columns+`
		FROM recommendations p
		CROSS JOIN recommendation_lines a ON a.record = p.record
		WHERE p.standing = 0 AND `+sent(`p`)+whose+` AND `+late+of.rest()+sight, func(scan func(...any) error) error {
		return scan(append([]any{new(int64)}, out.into()...)...)
	})
	return out, err
}

func (a *Ages) into() (out []any) {
	for i := range a {
		out = append(out, &a[i])
	}
	return out
}

// Owed is what one authority was asked, and what it owes.
type Owed struct {
	// Authority is its code; empty for lines that name none.
	Authority string
	// Asked are the lines of recommendations that were issued to it and not put aside
	// since; Open those that are not closed.
	Asked, Open int64
	// Answered are those to which an answer had come by the day: more than that it was
	// received.
	Answered int64
	// Done are those that the body saw fully done.
	Done int64
	// Overdue are open ones whose answer was due before the day and had not come.
	Overdue Ages
}

// Owed counts by authority, the one with the code alone where there is one, as of a day: by
// how many answers are overdue, the most first, then by code. ErrBadSpan.
func (d *Desk) Owed(ctx context.Context, on, authority string) (out []Owed, err error) {
	of := &list{}
	whose := ``
	if authority != "" {
		whose = ` AND a.authority = ` + of.arg(authority)
	}
	columns, err := ages(of, on, `l.due_on`, `l.open AND NOT l.answered AND l.due_on <> ''`)
	if err != nil {
		return nil, err
	}
	answer := answerTo(`p`, `a`, of.arg(on))
	sight := of.inSight(record.Recommendation, `p.record`, d.caller.Sight)
	err = d.each(ctx, of, `
		WITH l AS MATERIALIZED (
			SELECT a.authority, a.status, a.due_on, p.state < 9 AS open, EXISTS (SELECT 1 FROM `+answer+`) AS answered
			FROM recommendations p
			CROSS JOIN recommendation_lines a ON a.record = p.record
			WHERE p.standing = 0 AND p.state BETWEEN 4 AND 9`+whose+sight+`)
		SELECT l.authority, count(*), sum(l.open), sum(l.answered),
			sum(l.status = `+code(daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_FULLY)+`)`+columns+`
		FROM l
		GROUP BY l.authority
		ORDER BY sum(l.open AND NOT l.answered AND l.due_on <> '' AND l.due_on < `+of.arg(on)+`) DESC, l.authority`, func(scan func(...any) error) error {
		var o Owed
		err := scan(append([]any{&o.Authority, &o.Asked, &o.Open, &o.Answered, &o.Done}, o.Overdue.into()...)...)
		out = append(out, o)
		return err
	})
	return out, err
}

func code[N ~int32](n N) string { return strconv.Itoa(int(n)) }

// RepliesTo gives the answers in sight to recommendations, at most MaxPage of them, with what
// lists need to say who has answered: id, recommendation, line, response, and the days. The
// words are in the records. ErrTooMany where there are more than MaxFigures.
func (d *Desk) RepliesTo(ctx context.Context, recommendations ...record.ID) (out []*daylightv1.AuthorityReply, err error) {
	if len(recommendations) == 0 {
		return nil, nil
	}
	if len(recommendations) > MaxPage {
		return nil, ErrTooMany
	}
	of, ids := &list{}, ``
	for _, id := range recommendations {
		ids += `, ` + of.arg(id[:])
	}
	sight := of.inSight(record.AuthorityReply, `y.record`, d.caller.Sight)
	err = d.each(ctx, of, `
		SELECT y.id, y.recommendation, y.line, y.response, y.received_on, y.extension_until
		FROM authority_replies y
		WHERE y.standing = 0 AND y.recommendation IN (`+ids[2:]+`)`+sight+`
		ORDER BY y.recommendation, y.received_on, y.id`, func(scan func(...any) error) error {
		var id, of, line []byte
		m := &daylightv1.AuthorityReply{}
		var received, until string
		var response daylightv1.AuthorityResponse
		if err := scan(&id, &of, &line, &response, &received, &until); err != nil {
			return err
		}
		m.Id, m.RecommendationId, m.Response, m.ReceivedOn, m.ExtensionUntil = record.ID(id).String(), idText(of), &response, &received, &until
		m.LineId = idText(line)
		out = append(out, m)
		return nil
	})
	if err == nil && len(out) > MaxFigures {
		return nil, ErrTooMany
	}
	return out, err
}

// idText is the text of an id in a column; nil for none.
func idText(b []byte) *string {
	if len(b) != len(record.ID{}) {
		return nil
	}
	s := record.ID(b).String()
	return &s
}

// LastNumber is the highest whole number that stands behind the prefix in a recommendation's
// code, in sight or not; 0 for none. It is for proposing the next code and names no record.
func (d *Desk) LastNumber(ctx context.Context, prefix string) (n int64, err error) {
	err = d.read(ctx, func(l *ledger) error {
		_, err := l.one(`
			SELECT coalesce(max(CAST(substr(p.code, $2) AS INTEGER)), 0)
			FROM recommendations p
			WHERE substr(p.code, 1, $2 - 1) = $1 AND substr(p.code, $2) <> '' AND substr(p.code, $2) NOT GLOB '*[^0-9]*' AND length(p.code) < $2 + 9`,
			[]any{prefix, len(prefix) + 1}, &n)
		return err
	})
	return n, err
}
