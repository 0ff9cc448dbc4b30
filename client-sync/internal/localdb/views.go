package localdb

import (
	"database/sql"
	"errors"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// View implements exchange.Views.
func (b *Book) View(id record.ID) (*exchange.View, error) {
	v := exchange.View{ID: id}
	err := b.QueryRow(`SELECT kind, round, state FROM views WHERE id = ?`, id[:]).Scan(&v.Kind, &v.Round, &v.State)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err == nil {
		v.State, err = b.shield.open("views", id[:], v.State)
	}
	return &v, err
}

// PutView implements exchange.Views.
func (b *Book) PutView(v exchange.View, s *fold.State) error {
	_, err := b.Exec(`
		INSERT INTO views (id, kind, parent, removed, complete, conflict, round, state)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
		ON CONFLICT (id) DO UPDATE
		SET kind = ?2, parent = ?3, removed = ?4, complete = ?5, conflict = ?6, round = ?7, state = ?8`,
		v.ID[:], uint32(v.Kind), parentOf(v.Kind, s), s.Removed(), s.Complete(), len(s.Conflicts()) > 0,
		int64(v.Round), b.shield.seal("views", v.ID[:], v.State))
	return err
}

// Hanging implements exchange.Views. The parent of a visit is its place.
func (b *Book) Hanging(visit record.ID) ([]record.ID, error) {
	return b.ids(`SELECT id FROM views WHERE parent = ? AND kind <> ?`, visit[:], uint32(record.Visit))
}

// VisitsAt gives the visits to a place.
func (b *Book) VisitsAt(place record.ID) ([]record.ID, error) {
	return b.ids(`SELECT id FROM views WHERE parent = ? AND kind = ?`, place[:], uint32(record.Visit))
}

// Before implements exchange.Views.
func (b *Book) Before(round uint64) ([]record.ID, error) {
	return b.ids(`SELECT id FROM views WHERE round < ?`, int64(round))
}

// Lent implements exchange.Views.
func (b *Book) Lent() ([]record.ID, error) {
	return b.ids(`SELECT id FROM views WHERE round = 9223372036854775807`)
}

// DropView implements exchange.Views.
func (b *Book) DropView(id record.ID) error {
	_, err := b.Exec(`DELETE FROM views WHERE id = ?`, id[:])
	return err
}

// States implements exchange.Views.
func (b *Book) States(do func(record.ID, []byte) error) error {
	return b.Each(`SELECT id, state FROM views ORDER BY id`, nil, func(scan func(...any) error) (bool, error) {
		var raw, state []byte
		var id record.ID
		if err := scan(&raw, &state); err != nil {
			return false, err
		}
		if err := fill(id[:], raw); err != nil {
			return false, err
		}
		state, err := b.shield.open("views", raw, state)
		if err != nil {
			return false, err
		}
		return true, do(id, state)
	})
}

// Has reports whether the record is here.
func (b *Book) Has(id record.ID) (here bool, err error) {
	err = b.QueryRow(`SELECT EXISTS (SELECT 1 FROM views WHERE id = ?)`, id[:]).Scan(&here)
	return here, err
}

// parents are, by kind, the field that names what a record belongs to: its first
// that refers to a record of another kind.
var parents = func() map[record.Kind]int32 {
	out := map[record.Kind]int32{}
	for _, k := range record.Kinds() {
		for _, f := range record.Fields(k) {
			if f.Refers != 0 && f.Refers != k && !f.Element() {
				out[k] = f.Number
				break
			}
		}
	}
	return out
}()

// parentOf gives the id as it is stored, nil (NULL) for none.
func parentOf(k record.Kind, s *fold.State) any {
	field, ok := parents[k]
	if !ok {
		return nil
	}
	id, ok := record.ReferenceIn(s, field)
	if !ok {
		return nil
	}
	return id[:]
}
