package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
)

// Turned is a change that was not taken: held for a person, or refused.
type Turned struct {
	Position exchange.Position
	Link     fold.Link
	Decision exchange.Decision
	Reason   exchange.Reason

	// Person and Device are who wrote it, as their certificate names them; PersonID is
	// theirs in the directory, empty in a development certificate.
	Person, Device, PersonID string
	// Written is by the writer's clock, Received by the office's: milliseconds since 1970
	// UTC. Suspect: the writer's clock was ahead of the office's.
	Written, Received int64
	Suspect           bool

	// Records are what it edits; none where it cannot be read.
	Records []TurnedRecord
	// Rulings are what people decided about it, oldest first.
	Rulings []Ruling
	// Admitting is the error that Rule would give the caller who admits it; filled by
	// TurnedAt alone, for what is held.
	Admitting error
}

// TurnedRecord is a record that a change edits.
type TurnedRecord struct {
	Kind record.Kind
	ID   record.ID
	// Creates: the change makes it. Stands: the office has it, so that there is a page.
	Creates, Stands bool
	// Visit is the one that it hangs on, zero for none.
	Visit record.ID
	// Edits are what the change says; filled by TurnedAt alone.
	Edits []TurnedEdit
}

// TurnedEdit is one edit of a change that was not taken.
type TurnedEdit struct {
	Field, Key string
	// JSON is the value in protobuf JSON; empty: cleared.
	JSON string
	// Now is what stands there, the value shown first in front; none for nothing. After is
	// what would, once the change is admitted: as far as the caller may.
	Now, After []string
}

// Ruling is what a person decided about a change that is held.
type Ruling struct {
	Position exchange.Position
	Kind     journal.RulingKind
	// Person is who, as the office calls them; At is milliseconds since 1970 UTC.
	Person string
	At     int64
	Why    string
}

// Stands is the ruling that counts, the zero Ruling where there is none.
func (t Turned) Stands() Ruling {
	if len(t.Rulings) == 0 {
		return Ruling{}
	}
	return t.Rulings[len(t.Rulings)-1]
}

// Waits reports whether it is for a person to decide about it.
func (t Turned) Waits() bool {
	k := t.Stands().Kind
	return t.Decision == exchange.Held && k != journal.Admit && k != journal.Leave
}

func (t Turned) makes(id record.ID) bool {
	return slices.ContainsFunc(t.Records, func(r TurnedRecord) bool { return r.Creates && r.ID == id })
}

// TurnedQuery says which changes a list holds: all but those that say what the record said
// already, the newest first.
type TurnedQuery struct {
	// Decision is Held, Refused, or 0 for both. Waiting leaves those that wait for a person.
	Decision exchange.Decision
	Waiting  bool
	// Reason is one of those for which changes are refused; 0 for any.
	Reason exchange.Reason
	// Keys are those of devices, one of which has sealed the change; nil for any.
	Keys [][]byte
	// Before is a position that all stand before; 0 for the newest.
	Before exchange.Position
	// Size is at most MaxPage; 0 means DefaultPage.
	Size int
}

// maxPassed bounds how many changes that the reader does not see one page passes over.
const maxPassed = 2000

// Turned lists changes that were not taken and of which the caller may read each record
// that they edit. next is Before of the next page, 0 on the last one. A page may be short,
// where many that the caller does not see lie between.
func (d *Desk) Turned(ctx context.Context, q TurnedQuery) (out []Turned, next exchange.Position, err error) {
	err = d.read(ctx, func(l *ledger) error {
		out, next, err = l.turned(d.caller.Sight, q)
		return err
	})
	return out, next, err
}

// TurnedAt gives one of them with its edits. ErrNotFound.
func (d *Desk) TurnedAt(ctx context.Context, at exchange.Position) (t Turned, err error) {
	err = d.read(ctx, func(l *ledger) error {
		if t, err = l.turnedAt(d.caller.Sight, at); err == nil {
			err = l.compare(d.caller, &t)
		}
		return err
	})
	return t, err
}

const turnedColumns = `l.position, l.link, l.writer, l.decision, l.reason, l.suspect, l.time, l.received_at, l.payload`

func (l *ledger) turned(sight *Sight, q TurnedQuery) (out []Turned, next exchange.Position, err error) {
	which, args := q.where()
	size, passed := pageSize(q.Size), 0
	err = l.Each(`
		SELECT `+turnedColumns+`
		FROM log l
		WHERE `+which+`
		ORDER BY l.position DESC`, args, func(scan func(...any) error) (bool, error) {
		if len(out) == size || passed == maxPassed {
			next = q.Before
			return false, nil
		}
		t, sees, err := l.scanTurned(sight, scan)
		if err == nil && sees {
			out = append(out, t)
		}
		passed, q.Before = passed+1, t.Position
		return true, err
	})
	return out, next, err
}

// where is the condition of the query and its parameters. The index of what was turned
// down is partial: it is used where the condition says so in its own words.
func (q TurnedQuery) where() (string, []any) {
	if q.Before == 0 {
		q.Before = exchange.Position(journal.MaxSeq)
	}
	which := `l.decision <> 1 AND l.position < $1 AND l.reason <> $2 AND ($3 = 0 OR l.decision = $3) AND ($4 = 0 OR l.reason = $4)`
	args := []any{int64(q.Before), int64(exchange.Already), int64(q.Decision), int64(q.Reason)}
	if q.Waiting {
		which += fmt.Sprintf(` AND l.decision = %d AND coalesce((
			SELECT r.kind
			FROM rulings r
			WHERE r.held = l.position
			ORDER BY r.position DESC
			LIMIT 1), %[2]d) = %[2]d`, exchange.Held, journal.Reopen)
	}
	if q.Keys != nil {
		var numbers []string
		for _, k := range q.Keys {
			args = append(args, k)
			numbers = append(numbers, fmt.Sprintf("$%d", len(args)))
		}
		which += ` AND l.writer IN (SELECT id FROM writers WHERE key IN (` + strings.Join(numbers, ", ") + `))`
	}
	return which, args
}

func (l *ledger) turnedAt(sight *Sight, at exchange.Position) (t Turned, err error) {
	sees := false
	err = l.Each(`
		SELECT `+turnedColumns+`
		FROM log l
		WHERE l.position = $1 AND l.decision <> 1`, []any{int64(at)}, func(scan func(...any) error) (bool, error) {
		t, sees, err = l.scanTurned(sight, scan)
		return false, err
	})
	if err == nil && !sees {
		return Turned{}, ErrNotFound
	}
	return t, err
}

// scanTurned reads one with all that is said of it.
func (l *ledger) scanTurned(sight *Sight, scan func(...any) error) (t Turned, sees bool, err error) {
	var link, writer, payload []byte
	var time fold.Time
	if err := scan(&t.Position, &link, &writer, &t.Decision, &t.Reason, &t.Suspect, &time, &t.Received, &payload); err != nil {
		return t, false, err
	}
	copy(t.Link[:], link)
	t.Written = journal.MS(time)
	if t.Records, err = l.turnedRecords(payload); err != nil {
		return t, false, err
	}
	if sees, err = l.seesTurned(sight, t.Records); err != nil || !sees {
		return t, false, err
	}
	c, err := l.certificateOf(fold.WriterID(writer))
	if err != nil {
		return t, false, err
	}
	if c != nil {
		t.Person, t.Device, t.PersonID = c.Person, c.Device, c.PersonID
	}
	t.Rulings, err = l.rulingsOf(t.Position)
	return t, true, err
}

// turnedRecords are what a change edits; none where it cannot be read, or edits nothing.
func (l *ledger) turnedRecords(payload []byte) (out []TurnedRecord, err error) {
	c, err := journal.DecodeChange(payload)
	if err != nil {
		return nil, nil
	}
	for _, r := range c.Records {
		t := TurnedRecord{Kind: r.Kind, ID: r.ID, Creates: r.Creates()}
		now, err := l.Record(r.ID)
		if err != nil {
			return nil, err
		}
		if now != nil && len(now.State) > 0 {
			t.Stands, t.Visit = true, now.Visit
		}
		for _, e := range r.Edits {
			if t.Visit == (record.ID{}) && record.HangsBy(r.Kind, e.Field) {
				text, _ := record.Content(e.Value)
				t.Visit, _ = record.ParseID(string(text))
			}
		}
		out = append(out, t)
	}
	return out, nil
}

// seesTurned reports whether the sight holds every record that a change edits: a part of a
// change is not shown. A record that the office does not have is judged by the visit that
// it would hang on.
func (l *ledger) seesTurned(sight *Sight, records []TurnedRecord) (bool, error) {
	for _, r := range records {
		if sight.reach(r.Kind).All {
			continue
		}
		now, err := l.Record(r.ID)
		if err != nil {
			return false, err
		}
		if now == nil || len(now.State) == 0 {
			now = &exchange.Record{Kind: r.Kind, ID: r.ID, Visit: r.Visit}
		}
		if sees, err := l.sight(sight).Sees(*now); err != nil || !sees || now.Kind != r.Kind {
			return false, err
		}
	}
	return len(records) > 0, nil
}

// certificateOf is the last one of the key that a writer began with; nil for none.
func (l *ledger) certificateOf(w fold.WriterID) (*journal.Certificate, error) {
	var serial []byte
	ok, err := l.one(`
		SELECT c.serial
		FROM writers w
		JOIN certificates c ON c.key = w.key
		WHERE w.id = $1
		ORDER BY c.number DESC
		LIMIT 1`, []any{w[:]}, &serial)
	if err != nil || !ok {
		return nil, err
	}
	return l.Certificate(journal.Serial(serial))
}

// rulingsOf are those about the change at a position, oldest first.
func (l *ledger) rulingsOf(at exchange.Position) (out []Ruling, err error) {
	err = l.Each(`
		SELECT r.position, r.kind, l.writer, l.received_at, l.payload
		FROM rulings r
		JOIN log l ON l.position = r.position
		WHERE r.held = $1
		ORDER BY r.position`, []any{int64(at)}, func(scan func(...any) error) (bool, error) {
		var r Ruling
		var writer, payload []byte
		if err := scan(&r.Position, &r.Kind, &writer, &r.At, &payload); err != nil {
			return false, err
		}
		c, err := l.certificateOf(fold.WriterID(writer))
		if err != nil {
			return false, err
		}
		if c != nil {
			r.Person = c.Person
		}
		if change, err := journal.DecodeChange(payload); err == nil {
			r.Why = change.Reason
		}
		out = append(out, r)
		return true, nil
	})
	return out, err
}
