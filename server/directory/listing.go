package directory

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/text/cases"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// ListPage is how many lines a page of the office's lists has.
const ListPage = 50

// KnownDevice is a device with its person, as the office's lists have it.
type KnownDevice struct {
	*daylightv1.Device
	Owner *daylightv1.Person
	// Writer and Seq are the end of its own chain, as it told last when the office had less
	// of it; empty and 0 when it never did.
	Writer []byte
	Seq    uint64
}

// DeviceQuery says which devices. The zero one asks for all.
type DeviceQuery struct {
	// State and Person bound them where they are given.
	State  daylightv1.DeviceState
	Person record.ID
	// Silent asks for those in use that gave no sign of life since then, in milliseconds
	// since 1970 UTC; 0: for all.
	Silent int64
	// Words stand in what it or its person is called.
	Words string
	// After is where the last page ended.
	After string
}

// ListDevices gives a page: those that wait, then those in use, then those shut out, each
// from the one that has been silent for longest. next is empty on the last page.
func (d *Directory) ListDevices(ctx context.Context, q DeviceQuery) (out []KnownDevice, next string, err error) {
	var state, seen, number int64
	if q.After != "" {
		if _, err := fmt.Sscanf(q.After, "%d.%d.%d", &state, &seen, &number); err != nil {
			return nil, "", errNotFound
		}
	}
	words := folding(q.Words)
	err = d.read(ctx, func(t *tx) error {
		out, next = nil, ""
		return t.Each(`
			SELECT d.state, d.number, d.message, d.last_seen, d.last_position, d.own_writer, d.own_seq, p.message
			FROM devices d
			JOIN people p ON p.id = d.person
			WHERE (d.state, d.last_seen, d.number) > ($1, $2, $3) AND ($4 = 0 OR d.state = $4) AND ($5 OR d.person = $6)
				AND ($7 = 0 OR d.state = $8 AND d.last_seen < $7)
			ORDER BY d.state, d.last_seen, d.number`,
			[]any{state, seen, number, int64(q.State), q.Person == record.ID{}, q.Person[:], q.Silent, int64(active)}, func(scan func(...any) error) (bool, error) {
				at := [3]int64{state, seen, number}
				k, err := scanKnown(func(rest ...any) error { return scan(append([]any{&state, &number}, rest...)...) })
				if err != nil {
					return false, err
				}
				seen = k.GetLastSeen()
				if !strings.Contains(folding(k.GetLabel()), words) && !strings.Contains(folding(k.Owner.GetName()), words) {
					return true, nil
				}
				if len(out) == ListPage {
					next = fmt.Sprintf("%d.%d.%d", at[0], at[1], at[2])
					return false, nil
				}
				out = append(out, k)
				return true, nil
			})
	})
	return out, next, err
}

// scanKnown reads the columns behind those that order the list.
func scanKnown(scan func(...any) error) (k KnownDevice, err error) {
	var message, person []byte
	k.Device, k.Owner = &daylightv1.Device{}, &daylightv1.Person{}
	var seen, position, seq int64
	if err := scan(&message, &seen, &position, &k.Writer, &seq, &person); err != nil {
		return k, err
	}
	k.Seq = uint64(seq)
	err = or(proto.Unmarshal(message, k.Device), proto.Unmarshal(person, k.Owner))
	k.Device.LastSeen, k.Device.LastPosition = seen, uint64(position)
	return k, err
}

// KnownDevice gives one with its person.
func (d *Directory) KnownDevice(ctx context.Context, id record.ID) (k KnownDevice, err error) {
	err = d.read(ctx, func(t *tx) error {
		found := false
		err := t.Each(`
			SELECT d.message, d.last_seen, d.last_position, d.own_writer, d.own_seq, p.message
			FROM devices d
			JOIN people p ON p.id = d.person
			WHERE d.id = $1`, []any{id[:]}, func(scan func(...any) error) (bool, error) {
			var err error
			k, err = scanKnown(scan)
			found = true
			return false, err
		})
		if err == nil && !found {
			err = errNotFound
		}
		return err
	})
	return k, err
}

// Told notes the end of a device's own chain, of which the office has less.
func (d *Directory) Told(ctx context.Context, device record.ID, writer []byte, seq uint64) error {
	return d.witness(ctx, By{}, func(t *tx) error {
		_, err := t.Exec(`
			UPDATE devices
			SET own_writer = $2, own_seq = $3
			WHERE id = $1`, device[:], writer, int64(seq))
		return err
	})
}

// Counted is how many there are.
type Counted struct {
	// People who are not disabled; Devices that are not shut out.
	People, Devices int
	// Waiting for a second person; Silent since the time that was asked for.
	Waiting, Silent int
}

// Count counts people and devices; silentSince is in milliseconds since 1970 UTC.
func (d *Directory) Count(ctx context.Context, silentSince int64) (c Counted, err error) {
	err = d.read(ctx, func(t *tx) error {
		return t.QueryRow(`
			SELECT (SELECT count(*) FROM people WHERE disabled = 0),
				coalesce(sum(state <> $1), 0), coalesce(sum(state = $2), 0), coalesce(sum(state = $3 AND last_seen < $4), 0)
			FROM devices`, int64(revoked), int64(waiting), int64(active), silentSince).Scan(&c.People, &c.Devices, &c.Waiting, &c.Silent)
	})
	return c, err
}

// folding is a text as it is looked for: without the difference of capitals.
func folding(s string) string { return cases.Fold().String(strings.Join(strings.Fields(s), " ")) }
