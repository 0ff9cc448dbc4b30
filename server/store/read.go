package store

import (
	"context"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Item is a record as it is shown, with its seen token, and what the office knows
// about it besides.
type Item struct {
	Message record.Message
	Status  *daylightv1.RecordStatus
	// Removed: somebody who had seen all of it removed it. A removal that did not
	// see all is a conflict, and the record stays in the lists.
	Removed bool
	// Joined: it is shown under the record that it was merged into. Snapshot.Each says it.
	Joined bool
}

// Get gives a record, removed and incomplete ones too. ErrNotFound when there is
// none of that kind.
func (s *Store) Get(ctx context.Context, kind record.Kind, id record.ID) (item Item, err error) {
	err = s.read(ctx, func(l *ledger) error {
		item, err = l.item(kind, id)
		return err
	})
	return item, err
}

// item reads and shows one record.
func (l *ledger) item(kind record.Kind, id record.ID) (item Item, err error) {
	found := false
	err = l.Each(`
		SELECT r.state, l.position, l.received_at
		FROM records r
		JOIN log l ON l.position = (SELECT max(t.position) FROM touches t WHERE t.record = r.number)
		WHERE r.id = $1 AND r.kind = $2 AND length(r.state) > 0`, []any{id[:], int64(kind)},
		func(scan func(...any) error) (bool, error) {
			var state []byte
			status := &daylightv1.RecordStatus{}
			if err := scan(&state, &status.Position, &status.ReceivedAt); err != nil {
				return false, err
			}
			found = true
			item, err = show(kind, id, state, status)
			return false, err
		})
	if err != nil {
		return Item{}, err
	}
	if !found {
		return Item{}, ErrNotFound
	}
	return item, l.addWaiting(item)
}

// show decodes a record and completes its status, except for what the record
// itself does not tell.
func show(kind record.Kind, id record.ID, encoded []byte, status *daylightv1.RecordStatus) (Item, error) {
	state, err := fold.DecodeOwn(encoded)
	if err != nil {
		return Item{}, err
	}
	message, err := record.Show(kind, id, state, record.Naming{})
	if err != nil {
		return Item{}, err
	}
	status.Incomplete = !state.Complete()
	for _, p := range state.Conflicts() {
		status.Conflicts = append(status.Conflicts, conflicting(kind, p, state.Entries(p)))
	}
	for _, f := range record.Flags(message) {
		status.Flags = append(status.Flags, FlagAsSent(f))
	}
	return Item{Message: message, Status: status, Removed: state.Removed()}, nil
}

// FlagAsSent is a flag as the status of a record holds it.
func FlagAsSent(f record.Flag) *daylightv1.Flag {
	return &daylightv1.Flag{
		Code: f.Code, Field: f.Field, Key: f.Key, Text: f.Text,
		MessageKey: f.MessageKey, Params: f.Params, Weight: daylightv1.FlagWeight(f.Weight),
	}
}

func conflicting(kind record.Kind, p fold.Path, entries []fold.Entry) *daylightv1.ConflictingPath {
	c := &daylightv1.ConflictingPath{}
	c.Field, c.Key = record.PathName(kind, p)
	for _, e := range entries {
		c.Values = append(c.Values, &daylightv1.ConflictingValue{
			Json: record.FieldJSON(kind, p, e.Value), Writer: e.Writer[:], Seq: uint64(e.Seq),
			WrittenAt: journal.MS(e.Time), ClockSuspect: e.Suspect,
		})
	}
	return c
}

// addWaiting lists what the record refers to and the office does not have.
func (l *ledger) addWaiting(item Item) error {
	for _, ref := range record.References(item.Message) {
		var kind record.Kind
		ok, err := l.one(`
			SELECT kind
			FROM records
			WHERE id = $1 AND length(state) > 0`, []any{ref.ID[:]}, &kind)
		if err != nil {
			return err
		}
		if !ok {
			item.Status.WaitingFor = append(item.Status.WaitingFor, ref.ID.String())
		}
	}
	return nil
}

// WrittenWith counts the changes that were sealed with the key, under whatever ids.
func (s *Store) WrittenWith(ctx context.Context, key []byte) (n uint64, err error) {
	err = s.read(ctx, func(l *ledger) error {
		return l.QueryRow(`
			SELECT coalesce(sum(seq - coalesce(parent_seq, 0)), 0)
			FROM writers
			WHERE key = $1`, key).Scan(&n)
	})
	return n, err
}
