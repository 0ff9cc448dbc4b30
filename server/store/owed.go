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

// ageOf is the number of the age of what was due on a day.
func ageOf(of *list, on, due string) (number string, err error) {
	number = `CASE`
	for age := range AgeDays {
		from, _, err := AgeSpan(on, age)
		if err != nil {
			return "", err
		}
		number += ` WHEN ` + due + ` >= ` + of.arg(from) + ` THEN ` + strconv.Itoa(age)
	}
	return number + ` ELSE ` + strconv.Itoa(len(AgeDays)) + ` END`, nil
}

// countAges are columns that count the rows of each age.
func countAges(age string) (columns string) {
	for n := range len(AgeDays) + 1 {
		columns += `, coalesce(sum(` + age + ` = ` + strconv.Itoa(n) + `), 0)`
	}
	return columns
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
	age, err := ageOf(of, on, `a.due_on`)
	if err != nil {
		return out, err
	}
	late := lineOverdue(`p`, `a`, of.arg(on))
	sight := of.inSight(record.Recommendation, `p.record`, d.caller.Sight)
	err = d.each(ctx, of, `
		SELECT 0`+countAges(`l.age`)+`
		FROM (
			SELECT `+age+` AS age
			FROM recommendations p
			CROSS JOIN recommendation_lines a ON a.record = p.record
			WHERE p.standing = 0 AND `+sent(`p`)+whose+` AND `+late+of.rest()+sight+`) l`, func(scan func(...any) error) error {
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
	age, err := ageOf(of, on, `a.due_on`)
	if err != nil {
		return nil, err
	}
	day := of.arg(on)
	answer := answerTo(`p`, `a`, day)
	sight := of.inSight(record.Recommendation, `p.record`, d.caller.Sight)
	err = d.each(ctx, of, `
		WITH l AS MATERIALIZED (
			SELECT a.authority, a.status, p.state < 9 AS open, CASE WHEN p.state < 9 AND a.due_on <> '' AND a.due_on < `+day+` THEN `+age+` END AS late, EXISTS (SELECT 1 FROM `+answer+`) AS answered
			FROM recommendations p
			CROSS JOIN recommendation_lines a ON a.record = p.record
			WHERE p.standing = 0 AND p.state BETWEEN 4 AND 9`+whose+sight+`)
		SELECT l.authority, count(*), sum(l.open), sum(l.answered), sum(l.status = `+code(daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_FULLY)+`)`+countAges(`NOT l.answered AND l.late`)+`
		FROM l
		GROUP BY l.authority
		ORDER BY sum(l.late IS NOT NULL AND NOT l.answered) DESC, l.authority`, func(scan func(...any) error) error {
		var o Owed
		err := scan(append([]any{&o.Authority, &o.Asked, &o.Open, &o.Answered, &o.Done}, o.Overdue.into()...)...)
		out = append(out, o)
		return err
	})
	return out, err
}

func code[N ~int32](n N) string { return strconv.Itoa(int(n)) }

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
