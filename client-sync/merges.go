package clientsync

import (
	"slices"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/record"
)

// merges is what became of the records here that say that they were merged into another.
type merges struct {
	// under is where each of them is shown: itself, where it stands for itself.
	under map[record.ID]record.ID
	// losers are those that are shown under each; hidden are all of them.
	losers map[record.ID][]record.ID
	hidden []record.ID
	// circular are those that were merged crosswise.
	circular map[record.ID]bool
}

// mergesIn reads them. There are few of them, and on most devices none.
func mergesIn(b *localdb.Book) (*merges, error) {
	all, err := b.Merged()
	if err != nil || len(all) == 0 {
		return &merges{}, err
	}
	m := &merges{map[record.ID]record.ID{}, map[record.ID][]record.ID{}, nil, map[record.ID]bool{}}
	views := map[record.ID]*view{}
	read := func(id record.ID) (*view, error) {
		v, ok := views[id]
		if !ok {
			if v, err = viewOf(b, 0, id); err != nil {
				return nil, err
			}
			views[id] = v
		}
		return v, nil
	}
	for _, id := range all {
		if err := m.follow(id, read); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *merges) follow(id record.ID, read func(record.ID) (*view, error)) error {
	first, err := read(id)
	if err != nil {
		return err
	}
	winner, circular, err := record.Winner(id, func(on record.ID) (j record.Joint, err error) {
		v, err := read(on)
		if err != nil || v.kind != first.kind || v.state.Empty() {
			return j, err
		}
		return record.JointOf(v.state), nil
	})
	if err != nil {
		return err
	}
	m.under[id] = winner
	if circular {
		m.circular[id] = true
	}
	if winner != id {
		m.losers[winner], m.hidden = append(m.losers[winner], id), append(m.hidden, id)
	}
	return nil
}

// at is the record under which one is shown.
func (m *merges) at(id record.ID) record.ID {
	if winner, ok := m.under[id]; ok {
		return winner
	}
	return id
}

// together are the records that are shown as one with this one, without itself.
func (m *merges) together(id record.ID) []record.ID {
	winner := m.at(id)
	if winner == id {
		return m.losers[id]
	}
	others := slices.DeleteFunc(slices.Clone(m.losers[winner]), func(x record.ID) bool { return x == id })
	return append(others, winner)
}

// narrow makes a query follow merges: what belongs to the losers is listed with the
// winner's, and the losers are not listed.
func (m *merges) narrow(b *localdb.Book, q *localdb.Query) error {
	q.Also, q.Beside, q.Apart, q.Hidden = nil, nil, nil, nil
	if len(m.under) == 0 {
		return nil
	}
	if !q.IncludeRemoved {
		q.Hidden = m.hidden
	}
	if q.Of == nil {
		return nil
	}
	q.Also = m.together(*q.Of)
	return m.visitsAt(b, q)
}

// visitsAt looks at the visits to the places that the query names: what belongs to a visit
// that was merged into one of them is there as well, and what belongs to one that was
// merged into a visit elsewhere is not.
func (m *merges) visitsAt(b *localdb.Book, q *localdb.Query) error {
	places := append([]record.ID{*q.Of}, q.Also...)
	var visits []record.ID
	for _, p := range places {
		some, err := b.VisitsAt(p)
		if err != nil {
			return err
		}
		visits = append(visits, some...)
	}
	for _, v := range visits {
		if at := m.at(v); at != v && !slices.Contains(visits, at) {
			q.Apart = append(q.Apart, v)
			continue
		}
		for _, loser := range m.losers[v] {
			if !slices.Contains(visits, loser) {
				q.Beside = append(q.Beside, loser)
			}
		}
	}
	return nil
}
