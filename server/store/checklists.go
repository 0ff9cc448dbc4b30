package store

import (
	"context"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Checklists are the forms that the office has as records: its own, and those that say
// something of a shipped one.
type Checklists struct {
	Forms []*daylightv1.Checklist
	// Removed are the ids of those that were removed: they stay readable where they
	// were filled.
	Removed []string
}

// Checklists reads all forms of the office as the snapshot's commit left them, removed ones too.
func (r *Snapshot) Checklists() (c Checklists, err error) {
	// By their own narrow rows: pages ask, and an office has many other records.
	err = r.each(`checklists p CROSS JOIN records r ON r.number = p.record`, record.Checklist, func(i Item) error {
		if m, ok := i.Message.(*daylightv1.Checklist); ok {
			c.Forms = append(c.Forms, m)
		}
		if i.Removed {
			c.Removed = append(c.Removed, i.Message.GetId())
		}
		return nil
	})
	return c, err
}

// Filled says how often one version of a form was filled.
type Filled struct {
	// Form is the form's id; Code and Version are as the responses say them, so they are
	// there where the form is not.
	Form          record.ID
	Code, Version string
	// Responses counts those that are listed, Finished those of them that are finished.
	Responses, Finished int
}

// Filled counts the responses of each form, by code, version and id. Removed ones, and those
// that were joined to another, do not count.
func (r *Snapshot) Filled() (out []Filled, err error) {
	err = r.l.Each(`
		SELECT checklist, code, version, count(*), sum(finished)
		FROM checklist_responses
		WHERE standing = $1
		GROUP BY checklist, code, version
		ORDER BY code, version, checklist`, []any{int64(listed)}, func(scan func(...any) error) (bool, error) {
		var f Filled
		var id []byte
		if err := scan(&id, &f.Code, &f.Version, &f.Responses, &f.Finished); err != nil {
			return false, err
		}
		copy(f.Form[:], id)
		out = append(out, f)
		return true, nil
	})
	return out, err
}

// LastChange is the position of the last entry that changed a record; 0 where there is no
// such record. It tells cheaply whether what was made of a record is still good.
func (s *Store) LastChange(ctx context.Context, id record.ID) (at exchange.Position, err error) {
	err = s.read(ctx, func(l *ledger) error {
		_, err = l.one(`
			SELECT coalesce(max(t.position), 0)
			FROM touches t
			JOIN records r ON r.number = t.record
			WHERE r.id = $1`, []any{id[:]}, &at)
		return err
	})
	return at, err
}
