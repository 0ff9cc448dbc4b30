package store

import (
	"crypto/ed25519"
	"errors"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
)

// compare fills in what a change says, beside what stands and what would stand if the
// caller admitted it.
func (l *ledger) compare(by Caller, t *Turned) error {
	e, err := l.Entry(t.Link)
	if err != nil {
		return err
	}
	c, err := journal.DecodeChange(e.Payload)
	if err != nil {
		return err
	}
	var after []*fold.State
	if t.Decision == exchange.Held {
		if after, err = l.admitting(by, t); err != nil {
			return err
		}
	}
	for i, r := range c.Records {
		now := fold.New()
		if had, err := l.Record(r.ID); err != nil {
			return err
		} else if had != nil && had.Kind == r.Kind {
			if now, err = fold.DecodeOwn(had.State); err != nil {
				return err
			}
		}
		for _, e := range r.Edits {
			edit := TurnedEdit{JSON: record.FieldJSON(r.Kind, e.Path, e.Value), Now: valuesAt(r.Kind, now, e.Path)}
			edit.Field, edit.Key = record.PathName(r.Kind, e.Path)
			if i < len(after) {
				edit.After = valuesAt(r.Kind, after[i], e.Path)
			}
			t.Records[i].Edits = append(t.Records[i].Edits, edit)
		}
	}
	return nil
}

func valuesAt(k record.Kind, s *fold.State, p fold.Path) (out []string) {
	for _, e := range s.Entries(p) {
		out = append(out, record.FieldJSON(k, p, e.Value))
	}
	return out
}

// admitting tries to admit the change as the caller, without doing so.
func (l *ledger) admitting(by Caller, t *Turned) ([]*fold.State, error) {
	missing, err := l.missing(*t)
	if err != nil {
		return nil, err
	}
	epoch, err := l.epoch()
	if err != nil {
		return nil, err
	}
	key, err := l.officeKey(by.Writer)
	if err != nil {
		return nil, err
	}
	office := exchange.NewOffice(l, exchange.Terms{Epoch: epoch.ID, NowMS: l.now, Gate: by.Gate})
	d, why, after, err := office.Weigh(key, journal.Ruling{Link: t.Link, Kind: journal.Admit})
	switch {
	case errors.Is(err, ErrDenied):
		t.Admitting = err
	case err != nil:
		return nil, err
	case d != exchange.Accepted:
		t.Admitting = ruledError(why)
	case missing != record.ID{}:
		by, err := l.heldCreation(missing)
		t.Admitting = &RulingError{Missing: missing, By: by}
		return nil, err
	}
	return after, nil
}

// officeKey is the key that the office signs with for somebody: one that nobody has, for
// whoever has written nothing yet.
func (l *ledger) officeKey(name OfficeWriter) (ed25519.PublicKey, error) {
	var seed []byte
	ok, err := l.one(`
		SELECT seed
		FROM office_writers
		WHERE name = $1`, []any{string(name)}, &seed)
	if err != nil || !ok {
		return make(ed25519.PublicKey, ed25519.PublicKeySize), err
	}
	return ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey), nil
}
