package store

import (
	"context"
	"errors"
	"strings"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// History gives the changes of a record, newest first, refused ones too. size and
// token are those of a Query; next is empty on the last page. ErrNotFound,
// ErrBadToken.
func (s *Store) History(ctx context.Context, kind record.Kind, id record.ID, size int, token string) (entries []*daylightv1.HistoryEntry, next string, err error) {
	return s.history(ctx, kind, id, size, token, everything)
}

func (s *Store) history(ctx context.Context, kind record.Kind, id record.ID, size int, token string, sight *Sight) (entries []*daylightv1.HistoryEntry, next string, err error) {
	of := pageOf{"history", kind, id}
	before, err := of.parse(token)
	if err != nil {
		return nil, "", err
	}
	err = s.read(ctx, func(l *ledger) error {
		if sight != everything {
			if err := l.mustSee(sight, kind, id); err != nil {
				return err
			}
		}
		number, ok, err := l.numberOf(id)
		if err != nil {
			return err
		}
		if !ok {
			return ErrNotFound
		}
		entries, next, err = l.history(kind, id, number, pageSize(size), before, of)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	return entries, next, nil
}

func (l *ledger) history(kind record.Kind, id record.ID, number int64, size int, before int64, of pageOf) (entries []*daylightv1.HistoryEntry, next string, err error) {
	if before == 0 {
		before = int64(journal.MaxSeq)
	}
	people := map[fold.WriterID]*journal.Certificate{}
	admitting := map[*daylightv1.HistoryEntry][]byte{}
	err = l.Each(`
		SELECT l.position, l.writer, l.seq, l.decision, l.reason, l.suspect, l.time, l.received_at, l.payload
		FROM touches t
		JOIN log l ON l.position = t.position
		WHERE t.record = $1 AND t.position < $2
		ORDER BY t.position DESC
		LIMIT $3`, []any{number, before, size + 1}, func(scan func(...any) error) (bool, error) {
		if len(entries) == size {
			next = of.at(int64(entries[size-1].Position))
			return false, nil
		}
		e := &daylightv1.HistoryEntry{}
		var payload []byte
		var decision exchange.Decision
		var reason exchange.Reason
		var time fold.Time
		if err := scan(&e.Position, &e.Writer, &e.Seq, &decision, &reason, &e.ClockSuspect, &time, &e.ReceivedAt, &payload); err != nil {
			return false, err
		}
		e.WrittenAt = journal.MS(time)
		e.Decision = strings.TrimPrefix(decision.String(), "DECISION_")
		if reason != exchange.NoReason {
			e.Reason = strings.TrimPrefix(reason.String(), "REASON_")
		}
		if e.Edits = editsOf(kind, id, payload); e.Edits == nil {
			admitting[e] = payload
		}
		entries = append(entries, e)
		return true, nil
	})
	for _, e := range entries {
		if err == nil {
			err = errors.Join(l.addPerson(e, people), l.addAdmitted(e, kind, id, admitting[e]))
		}
	}
	return entries, next, err
}

// addAdmitted says of an entry that edits nothing itself what it admits, and why.
func (l *ledger) addAdmitted(e *daylightv1.HistoryEntry, kind record.Kind, id record.ID, payload []byte) error {
	if payload == nil {
		return nil
	}
	c, err := journal.DecodeChange(payload)
	if err != nil || c.Ruling == nil {
		return nil
	}
	held, err := l.Entry(c.Ruling.Link)
	if err != nil || held == nil {
		return err
	}
	e.Admits, e.Why, e.Edits = uint64(held.Position), c.Reason, editsOf(kind, id, held.Payload)
	return nil
}

// editsOf decodes what an entry edits of one record; nothing when it cannot be
// read.
func editsOf(kind record.Kind, id record.ID, payload []byte) (out []*daylightv1.HistoryEdit) {
	c, err := journal.DecodeChange(payload)
	if err != nil {
		return nil
	}
	for _, r := range c.Records {
		if r.ID != id || r.Kind != kind {
			continue
		}
		for _, e := range r.Edits {
			edit := &daylightv1.HistoryEdit{Json: record.FieldJSON(kind, e.Path, e.Value)}
			edit.Field, edit.Key = record.PathName(kind, e.Path)
			out = append(out, edit)
		}
	}
	return out
}

// addPerson names who wrote an entry, as the certificate of the writer's key says.
func (l *ledger) addPerson(e *daylightv1.HistoryEntry, people map[fold.WriterID]*journal.Certificate) error {
	id := fold.WriterID(e.Writer)
	c, known := people[id]
	if !known {
		var err error
		if c, err = l.certificateOf(id); err != nil {
			return err
		}
		people[id] = c
	}
	if c != nil {
		e.Person, e.Device = c.Person, c.Device
	}
	return nil
}
