package directory

import (
	"context"
	"fmt"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The kinds of lines, shorter.
const (
	Denied           = daylightv1.AccessKind_ACCESS_KIND_DENIED
	Exported         = daylightv1.AccessKind_ACCESS_KIND_EXPORT
	Audited          = daylightv1.AccessKind_ACCESS_KIND_AUDIT
	Bundled          = daylightv1.AccessKind_ACCESS_KIND_BUNDLE
	Read             = daylightv1.AccessKind_ACCESS_KIND_READ
	SignedIn         = daylightv1.AccessKind_ACCESS_KIND_SIGN_IN
	Changed          = daylightv1.AccessKind_ACCESS_KIND_DIRECTORY
	directoryChanged = Changed
	deviceChanged    = daylightv1.AccessKind_ACCESS_KIND_DEVICE
	tokenChanged     = daylightv1.AccessKind_ACCESS_KIND_TOKEN
	BadCode          = daylightv1.AccessKind_ACCESS_KIND_BAD_CODE
)

// log adds a line. The note is a fixed text, perhaps with a count, never one out of a
// request.
func (t *tx) log(kind daylightv1.AccessKind, subject record.ID, note string) error {
	s := ""
	if subject != (record.ID{}) {
		s = subject.String()
	}
	_, err := t.Exec(`
		INSERT INTO accesses (at, kind, person, device, token, call, subject, note)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		t.now, int64(kind), idOrEmpty(t.by.Person), idOrEmpty(t.by.Device), idOrEmpty(t.by.Token), t.by.Call, s, note)
	return err
}

func idOrEmpty(id record.ID) []byte {
	if id == (record.ID{}) {
		return []byte{}
	}
	return id[:]
}

func idText(b []byte) string {
	if len(b) != len(record.ID{}) {
		return ""
	}
	return record.ID(b).String()
}

// Log adds a line about something that is not a change here: a denial, an export,
// a reading of a record or of the log itself. The zero subject is none; note is a fixed
// text, perhaps with a count.
func (d *Directory) Log(ctx context.Context, kind daylightv1.AccessKind, subject record.ID, note string, by By) error {
	return d.witness(ctx, by, func(t *tx) error { return t.log(kind, subject, note) })
}

// Sent notes what a device was sent: how many restricted records, and up to which
// position of the log it now has everything that its person may see, 0 for no news of
// that. Nothing to note costs nothing.
func (d *Directory) Sent(ctx context.Context, upTo uint64, restricted int, by By) error {
	if upTo == 0 && restricted == 0 {
		return nil
	}
	return d.witness(ctx, by, func(t *tx) error {
		if _, err := t.Exec(`
			UPDATE devices
			SET last_position = $2
			WHERE id = $1 AND last_position < $2`, by.Device[:], int64(upTo)); err != nil || restricted == 0 {
			return err
		}
		return t.log(Read, record.ID{}, Count(restricted, "sent"))
	})
}

// Count is the note that so many restricted records were listed, or sent.
func Count(n int, what string) string {
	if n == 1 {
		return "1 restricted record was " + what
	}
	return fmt.Sprintf("%d restricted records were %s", n, what)
}

// within how many of the newest lines Exports looks: no index leads to a kind of line.
const exportsWithin = 50_000

// Exports gives the last exports, at most so many, newest first, of those among the newest
// lines of the log.
func (d *Directory) Exports(ctx context.Context, most int) (out []*daylightv1.Access, err error) {
	err = d.read(ctx, func(t *tx) error {
		return t.Each(`
			SELECT number, at, kind, person, device, token, call, subject, note
			FROM accesses
			WHERE kind = $1 AND number > (SELECT coalesce(max(number), 0) FROM accesses) - $2
			ORDER BY number DESC
			LIMIT $3`, []any{int64(Exported), exportsWithin, most}, func(scan func(...any) error) (bool, error) {
			a, err := scanAccess(scan)
			out = append(out, a)
			return true, err
		})
	})
	return out, err
}

// Accesses gives a page of the log, newest first.
func (d *Directory) Accesses(ctx context.Context, q *daylightv1.ListAccessesRequest) (*daylightv1.ListAccessesResponse, error) {
	_, before, err := readPageToken(q.GetPageToken())
	if err != nil {
		return nil, err
	}
	person, err := optionalID(q.GetPerson())
	if err != nil {
		return nil, err
	}
	out := &daylightv1.ListAccessesResponse{}
	lines, next, err := d.AccessLog(ctx, AccessQuery{Person: person, Before: uint64(max(before, 0)), Most: pageSize(q.GetPageSize())})
	if out.Accesses = lines; next > 0 {
		out.NextPageToken = pageToken("", int64(next))
	}
	return out, err
}
