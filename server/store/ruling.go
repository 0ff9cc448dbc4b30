package store

import (
	"context"
	"crypto/ed25519"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
)

// Entry gives an entry by its link; nil when there is none. Previous and Records are not
// read.
func (l *ledger) Entry(link fold.Link) (*exchange.Logged, error) {
	if err := l.put(&l.entryRows); err != nil {
		return nil, err
	}
	e := &exchange.Logged{Link: link}
	var writer []byte
	ok, err := l.one(`
		SELECT position, writer, seq, decision, reason, suspect, time, received_at, payload
		FROM log
		WHERE link = $1`, []any{link[:]}, &e.Position, &writer, &e.Seq, &e.Decision, &e.Reason, &e.Suspect, &e.Time, &e.ReceivedMS, &e.Payload)
	if err != nil || !ok {
		return nil, err
	}
	copy(e.Writer[:], writer)
	return e, nil
}

// Rule keeps a ruling that was appended.
func (l *ledger) Rule(r exchange.Ruled) error {
	if err := l.put(&l.entryRows); err != nil {
		return err
	}
	_, err := l.Exec(`
		INSERT INTO rulings (held, position, kind)
		SELECT position, $2, $3
		FROM log
		WHERE link = $1`, r.Link[:], int64(r.Position), int64(r.Kind))
	return err
}

// Ruled gives the ruling that stands about an entry; false when there is none.
func (l *ledger) Ruled(link fold.Link) (exchange.Ruled, bool, error) {
	return l.ruled(link, journal.MaxSeq)
}

// ruled is Ruled as the log stood before a position.
func (l *ledger) ruled(link fold.Link, before fold.Seq) (r exchange.Ruled, ok bool, err error) {
	r.Link = link
	var writer []byte
	ok, err = l.one(`
		SELECT h.writer, h.seq, r.kind, r.position
		FROM log h
		JOIN rulings r ON r.held = h.position
		WHERE h.link = $1 AND r.position < $2
		ORDER BY r.position DESC
		LIMIT 1`, []any{link[:], int64(before)}, &writer, &r.Held.Seq, &r.Kind, &r.Position)
	copy(r.Held.Writer[:], writer)
	return r, ok, err
}

// Admitted lists what was admitted behind a position of what was sealed with the key.
func (l *ledger) Admitted(key ed25519.PublicKey, after exchange.Position) (out []exchange.Ruled, err error) {
	err = l.Each(`
		SELECT link, writer, seq, position
		FROM (
			SELECT h.link AS link, h.writer AS writer, h.seq AS seq, r.position AS position
			FROM rulings r
			JOIN log h ON h.position = r.held
			JOIN writers w ON w.id = h.writer
			WHERE r.position > $2 AND r.kind = $3 AND w.key = $1
			ORDER BY r.position DESC
			LIMIT $4)
		ORDER BY position`, []any{[]byte(key), int64(after), int64(journal.Admit), exchange.MaxAdmitted}, func(scan func(...any) error) (bool, error) {
		r := exchange.Ruled{Kind: journal.Admit}
		var link, writer []byte
		err := scan(&link, &writer, &r.Held.Seq, &r.Position)
		copy(r.Link[:], link)
		copy(r.Held.Writer[:], writer)
		out = append(out, r)
		return true, err
	})
	return out, err
}

// RulingError says why a ruling about a change that is held was not made. Nothing was
// changed.
type RulingError struct {
	// Reason is Stale: a step that the change takes was taken by somebody else since;
	// Already: it has been decided so, or the change has been admitted; Fixed, OtherKind,
	// TooLarge: the record is no longer one that the change fits. Unreadable: no such
	// change is held.
	Reason exchange.Reason
	// Missing is a record that the change edits, or that such a record hangs on, and that
	// the office does not have: what creates it has to be admitted first. Zero for none.
	Missing record.ID
	// By is where a held change creates it; 0 for none.
	By exchange.Position
}

// Error is one line for a person.
func (e *RulingError) Error() string {
	switch {
	case e.Missing != record.ID{}:
		return "the record that this change belongs to is not here; nothing was changed, admit first what creates it"
	case e.Reason == exchange.Already:
		return "this was decided already; nothing was changed"
	case e.Reason == exchange.Unreadable:
		return "no such change is held; nothing was changed"
	}
	return "the record has moved on since the change was written; nothing was changed, it stays held"
}

// ErrNoReason asks for the reason of a ruling.
var ErrNoReason = errors.New("say why; nothing was changed")

// Rule decides about a change that is held, as the caller: it is a change of their own,
// with the reason that they give. To admit it, to leave it and to take it up again asks
// for the same rights: they could have made the whole change themselves, now.
// *RulingError, ErrNoReason, ErrDenied; ErrNotFound for one that the caller may not read.
func (d *Desk) Rule(ctx context.Context, at exchange.Position, kind journal.RulingKind, why string) error {
	if why = strings.TrimSpace(why); why == "" && kind != journal.Reopen || len(why) > journal.MaxReason || !utf8.ValidString(why) {
		return ErrNoReason
	}
	_, err := d.save(ctx, d.caller, func(v *saving) error {
		t, err := v.turnedAt(d.caller.Sight, at)
		if err != nil {
			return err
		}
		if err := v.stands(t, kind); err != nil {
			return err
		}
		v.ruling, v.reason = &journal.Ruling{Link: t.Link, Kind: kind}, why
		return nil
	})
	return err
}

// stands refuses to admit what would hang on nothing.
func (v *saving) stands(t Turned, kind journal.RulingKind) error {
	if kind != journal.Admit {
		return nil
	}
	missing, err := v.missing(t)
	if err != nil || missing == (record.ID{}) {
		return err
	}
	by, err := v.heldCreation(missing)
	return errors.Join(err, &RulingError{Missing: missing, By: by})
}

// missing is the first record that a change needs and that is neither here nor made by it.
func (l *ledger) missing(t Turned) (record.ID, error) {
	for _, r := range t.Records {
		for _, id := range []record.ID{r.ID, r.Visit} {
			if id == (record.ID{}) || t.makes(id) {
				continue
			}
			if complete, err := l.complete(id); err != nil || !complete {
				return id, err
			}
		}
	}
	return record.ID{}, nil
}

func (l *ledger) complete(id record.ID) (bool, error) {
	r, err := l.Record(id)
	if err != nil || r == nil {
		return false, err
	}
	s, err := fold.DecodeOwn(r.State)
	return err == nil && s.Complete(), err
}

// heldCreation finds the change that creates a record and is held; 0 for none.
func (l *ledger) heldCreation(id record.ID) (at exchange.Position, err error) {
	number, ok, err := l.numberOf(id)
	if err != nil || !ok {
		return 0, err
	}
	err = l.Each(`
		SELECT l.position, l.payload
		FROM touches t
		JOIN log l ON l.position = t.position
		WHERE t.record = $1 AND l.decision = $2
		ORDER BY t.position`, []any{number, int64(exchange.Held)}, func(scan func(...any) error) (bool, error) {
		var p exchange.Position
		var payload []byte
		if err := scan(&p, &payload); err != nil {
			return false, err
		}
		c, err := journal.DecodeChange(payload)
		if err != nil {
			return true, nil
		}
		for _, r := range c.Records {
			if r.ID == id && r.Creates() {
				at = p
			}
		}
		return at == 0, nil
	})
	return at, err
}

// ruledError is the error of a ruling that was not accepted.
func ruledError(why exchange.Reason) error {
	if why == exchange.Denied {
		return ErrDenied
	}
	return &RulingError{Reason: why}
}
