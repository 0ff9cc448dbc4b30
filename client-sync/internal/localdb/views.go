package localdb

import (
	"database/sql"
	"encoding/binary"
	"errors"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vault"
)

// viewColumns are what viewIn reads.
const viewColumns = `v.removed, v.complete, v.conflict, v.round, v.kind, v.id, v.parent, v.target, v.sealed`

// storedView is a row of viewColumns.
type storedView struct {
	removed, complete, conflict bool
	round                       uint64
	kind                        int64
	id, parent, target, sealed  []byte
}

func (s *storedView) scan(scan func(...any) error, before ...any) error {
	return scan(append(before, &s.removed, &s.complete, &s.conflict, &s.round, &s.kind, &s.id, &s.parent, &s.target, &s.sealed)...)
}

// openView opens a row. The kind is sealed with the state.
func (b *Book) openView(s storedView) (v exchange.View, err error) {
	v.Round = s.round
	if v.ID, err = b.readRecord(s.id); err != nil {
		return v, err
	}
	content, err := b.keys.Open(placeOfView(v, s.kind, s.parent, s.target, s.removed, s.complete, s.conflict), s.sealed)
	if err != nil {
		return v, err
	}
	head, err := cut(&content, 4)
	if err != nil {
		return v, err
	}
	v.Kind, v.State = record.Kind(binary.BigEndian.Uint32(head)), content
	return v, nil
}

// placeOfView binds the state to everything else in its row.
func placeOfView(v exchange.View, kind int64, parent, target []byte, marks ...bool) vault.Place {
	var room [80]byte
	beside := binary.BigEndian.AppendUint64(room[:0], uint64(kind))
	beside = binary.BigEndian.AppendUint64(beside, v.Round)
	for _, m := range marks {
		if m {
			beside = append(beside, 1)
		} else {
			beside = append(beside, 0)
		}
	}
	beside = append(beside, parent...)
	if len(target) > 0 { // most have none, and those of before merges were kept
		beside = append(append(beside, 't'), target...)
	}
	return place("views", v.ID[:], beside...)
}

// View implements exchange.Views.
func (b *Book) View(id record.ID) (*exchange.View, error) {
	var s storedView
	err := s.scan(b.QueryRow(`SELECT `+viewColumns+` FROM views v WHERE v.id = ?`, b.record(id)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v, err := b.openView(s)
	return &v, err
}

// PutView implements exchange.Views.
func (b *Book) PutView(v exchange.View, s *fold.State) error {
	removed, complete, conflict := s.Removed(), s.Complete(), len(s.Conflicts()) > 0
	kind, parent, target := b.kind(v.Kind), b.parentOf(v.Kind, s), b.targetOf(s)
	content := append(binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(v.State)), uint32(v.Kind)), v.State...)
	_, err := b.Exec(`
		INSERT INTO views (id, kind, parent, removed, complete, conflict, round, sealed, target)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
		ON CONFLICT (id) DO UPDATE
		SET kind = ?2, parent = ?3, removed = ?4, complete = ?5, conflict = ?6, round = ?7, sealed = ?8, target = ?9`,
		b.record(v.ID), kind, parent, removed, complete, conflict, int64(v.Round),
		b.keys.Seal(placeOfView(v, kind, parent, target, removed, complete, conflict), content), target)
	return err
}

// Hanging implements exchange.Views. The parent of a visit is its place.
func (b *Book) Hanging(visit record.ID) ([]record.ID, error) {
	return b.ids(`SELECT id FROM views WHERE parent = ? AND kind <> ?`, b.record(visit), b.kind(record.Visit))
}

// VisitsAt gives the visits to a place.
func (b *Book) VisitsAt(place record.ID) ([]record.ID, error) {
	return b.ids(`SELECT id FROM views WHERE parent = ? AND kind = ?`, b.record(place), b.kind(record.Visit))
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
	_, err := b.Exec(`DELETE FROM views WHERE id = ?`, b.record(id))
	return err
}

// States implements exchange.Views. The order of the ids is not that of their rows.
func (b *Book) States(do func(record.ID, []byte) error) error {
	ids, err := b.ids(`SELECT id FROM views`)
	for _, id := range ids {
		v, err := b.View(id)
		if err == nil && v == nil {
			err = errors.New("a view is not where it was a moment ago")
		}
		if err == nil {
			err = do(id, v.State)
		}
		if err != nil {
			return err
		}
	}
	return err
}

// Has reports whether the record is here.
func (b *Book) Has(id record.ID) (here bool, err error) {
	err = b.QueryRow(`SELECT EXISTS (SELECT 1 FROM views WHERE id = ?)`, b.record(id)).Scan(&here)
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
func (b *Book) parentOf(k record.Kind, s *fold.State) []byte {
	field, ok := parents[k]
	if !ok {
		return nil
	}
	id, ok := record.ReferenceIn(s, field)
	if !ok {
		return nil
	}
	return b.record(id)
}
