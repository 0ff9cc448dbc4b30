package directory

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// AccessQuery says which lines of the access log. The zero one asks for all.
type AccessQuery struct {
	Kind           daylightv1.AccessKind
	Person, Device record.ID
	// Subject is what it was about, as an id.
	Subject string
	// From and Until bound the time, in milliseconds since 1970 UTC; Until is the first that
	// does not count. 0: no bound.
	From, Until int64
	// Before is the number of the line at which the last page ended, 0 for the first page.
	Before uint64
	// Most bounds the page; 0: ListPage.
	Most int
}

// where are the conditions that the query has, as the log's indexes want them, and their
// values, numbered from $1 on.
func (q AccessQuery) where(before int64) (conditions string, args []any) {
	conditions = "number < $1"
	args = []any{before}
	for _, c := range []struct {
		asked bool
		text  string
		value any
	}{
		{q.Kind != 0, "kind = ", int64(q.Kind)},
		{q.Person != record.ID{}, "person = ", q.Person[:]},
		{q.Device != record.ID{}, "device <> x'' AND device = ", q.Device[:]},
		{q.Subject != "", "subject <> '' AND subject = ", q.Subject},
	} {
		if c.asked {
			args = append(args, c.value)
			conditions += fmt.Sprintf(" AND %s$%d", c.text, len(args))
		}
	}
	return conditions, args
}

// AccessLog gives a page of the log, newest first, and the number of the line from which
// the next page goes on; 0 on the last page.
func (d *Directory) AccessLog(ctx context.Context, q AccessQuery) (out []*daylightv1.Access, next uint64, err error) {
	most := q.Most
	if most == 0 {
		most = ListPage
	}
	err = d.read(ctx, func(t *tx) error {
		out, next = nil, 0
		before, err := t.numberBefore(q)
		if err != nil {
			return err
		}
		conditions, args := q.where(before)
		return t.Each(`
			SELECT number, at, kind, person, device, token, call, subject, note
			FROM accesses
			WHERE `+conditions+`
			ORDER BY number DESC`, args, func(scan func(...any) error) (bool, error) {
			a, err := scanAccess(scan)
			switch {
			case err != nil:
				return false, err
			case a.At < q.From: // lines stand in the order of their times
				return false, nil
			case len(out) == most:
				next = out[most-1].Number
				return false, nil
			}
			out = append(out, a)
			return true, nil
		})
	})
	return out, next, err
}

// numberBefore is the number that a page stays under, by the last page and by the time.
func (t *tx) numberBefore(q AccessQuery) (before int64, err error) {
	before = math.MaxInt64
	if q.Before > 0 && q.Before < math.MaxInt64 {
		before = int64(q.Before)
	}
	if q.Until == 0 {
		return before, nil
	}
	var last int64
	_, err = t.one(`
		SELECT number
		FROM accesses
		WHERE at < $1
		ORDER BY at DESC, number DESC
		LIMIT 1`, []any{q.Until}, &last)
	return min(before, last+1), err
}

// ReadLog leaves the line that the access log was read: reading it is an access as well.
func (d *Directory) ReadLog(ctx context.Context, by By) error {
	return d.Log(ctx, Audited, record.ID{}, "the access log was read", by)
}

// Names gives what people, devices and programs are called, by their ids: whoever reads the
// log has to know who it was. Ids of anything else have no name here.
func (d *Directory) Names(ctx context.Context, ids ...string) (out map[string]string, err error) {
	err = d.read(ctx, func(t *tx) error {
		out = map[string]string{}
		for _, text := range ids {
			id, err := record.ParseID(text)
			if err != nil || out[text] != "" {
				continue
			}
			if out[text], err = t.name(id); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// name is what somebody or something of the directory is called; empty for anything else.
func (t *tx) name(id record.ID) (string, error) {
	for _, read := range []func() (string, error){
		func() (string, error) { p, err := t.person(id); return p.GetName(), err },
		func() (string, error) { d, err := t.device(id); return d.GetLabel(), err },
		func() (string, error) { return t.tokenName(id) },
	} {
		name, err := read()
		if err != errNotFound {
			return strings.TrimSpace(name), err
		}
	}
	return "", nil
}
