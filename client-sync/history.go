package clientsync

import (
	"context"
	"slices"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// History is what this device can tell about how a record came to be. Earlier
// history and that of others is at the office.
type History struct {
	// Changes are this device's own, the newest first, in the form in which the
	// office tells them. Position is 0 for what it has not answered for.
	Changes []*daylightv1.HistoryEntry
	// Current says who set each value that is shown.
	Current []Origin
	// AtOffice: others changed the record too, so there is more at the office.
	AtOffice bool
}

// Origin says who set one value.
type Origin struct {
	// Field and Key name the field or element.
	Field, Key string
	// Value is what stands in front.
	Value
}

// History tells how a record came to be, as far as this device knows.
func (c *Client) History(ctx context.Context, kind Kind, id string) (h History, err error) {
	name, err := record.ParseID(id)
	if err != nil {
		return h, rpcerr.E(Invalid, err.Error(), "", nil)
	}
	err = c.db.Read(ctx, func(b *localdb.Book) error {
		r, err := newReader(b)
		if err != nil {
			return err
		}
		v, err := viewOf(b, kind, name)
		if err != nil {
			return err
		}
		for _, path := range v.state.Paths() {
			o := Origin{Value: r.value(v.kind, path, v.state.Entries(path)[0])}
			o.Field, o.Key = record.PathName(v.kind, path)
			h.Current = append(h.Current, o)
			h.AtOffice = h.AtOffice || !o.Own
		}
		h.Changes, err = c.changes(b, name)
		return err
	})
	return h, explainDisk(err)
}

func (c *Client) changes(b *localdb.Book, id record.ID) (out []*daylightv1.HistoryEntry, err error) {
	entries, err := b.Changes(id)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		told, err := c.tell(e, id)
		if err != nil {
			return nil, err
		}
		out = append(out, told)
	}
	return out, nil
}

// tell puts what an own entry did to one record into words.
func (c *Client) tell(e exchange.Noted, id record.ID) (*daylightv1.HistoryEntry, error) {
	change, err := journal.DecodeChange(e.Payload)
	if err != nil {
		return nil, err
	}
	h := &daylightv1.HistoryEntry{
		Position: uint64(e.Position), Writer: slices.Clone(e.Writer[:]), Seq: uint64(e.Seq),
		Person: c.signer.Load().Certificate.Person, Device: c.signer.Load().Certificate.Device,
		WrittenAt: journal.MS(e.Time), ClockSuspect: e.Suspect,
		Decision: word(e.Decision.String(), "DECISION_"), Reason: word(e.Reason.String(), "REASON_"),
	}
	for _, r := range change.Records {
		if r.ID != id {
			continue
		}
		for _, edit := range r.Edits {
			x := &daylightv1.HistoryEdit{Json: record.FieldJSON(r.Kind, edit.Path, edit.Value)}
			x.Field, x.Key = record.PathName(r.Kind, edit.Path)
			h.Edits = append(h.Edits, x)
		}
	}
	return h, nil
}
