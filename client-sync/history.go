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
	// Changes are this device's own, and those that came in bundles, are shown, and wait
	// here for the office: the newest first, in the form in which the office tells them.
	// Person and Device say whose each is, Writer under which name it was signed. Position
	// is 0 for what the office has not answered for; how it answers for a team-mate is told
	// to them, and is no longer among these.
	Changes []*daylightv1.HistoryEntry
	// Current says who set each value that is shown.
	Current []Origin
	// AtOffice: others changed the record too, and not only in what came in bundles, so
	// there is more at the office.
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
		r, err := c.newReader(b)
		if err != nil {
			return err
		}
		v, err := viewOf(b, kind, name)
		if err != nil {
			return err
		}
		pending, err := r.pending(name)
		if err != nil {
			return err
		}
		for _, path := range v.state.Paths() {
			value, err := r.value(v.kind, path, v.state.Entries(path)[0], pending)
			if err != nil {
				return err
			}
			o := Origin{Value: value}
			o.Field, o.Key = record.PathName(v.kind, path)
			h.Current = append(h.Current, o)
			h.AtOffice = h.AtOffice || !o.Own && !o.Pending
		}
		h.Changes, err = c.changes(r, name)
		return err
	})
	return h, explainDisk(err)
}

func (c *Client) changes(r *reader, id record.ID) (out []*daylightv1.HistoryEntry, err error) {
	entries, err := r.book.Changes(id)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.Peer != nil && (e.Decision != 0 || e.Peer.Hidden || len(e.Payload) == 0) {
			continue
		}
		told, err := c.tell(e, id)
		if err != nil {
			return nil, err
		}
		if e.Peer != nil {
			told.Writer = slices.Clone(e.Peer.Signed[:])
			told.Person, told.Device, err = r.author(e.Peer)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, told)
	}
	return out, nil
}

// author names who wrote an entry of somebody else's.
func (r *reader) author(p *exchange.Peer) (person, device string, err error) {
	c, err := r.book.Certificate(p.Serial)
	if c == nil {
		return "", "", err
	}
	return c.Person, c.Device, err
}

// tell puts what an entry did to one record into words, as one of this device's own.
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
