package store

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"slices"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// Holder is whose visits and places are: somebody in the team, or a region. A visit is
// its team's and its place's region's; a place is its region's, and that of the teams of
// the visits there.
type Holder string

// The classes of holders. A visit is also its place's, so that both are found from each
// other. One whose team is empty is its maker's, and so is, for whoever sees a region,
// one whose region is not known. What hangs on a visit that the office does not have is
// taken away, as soon as it comes, from the device that sent it: whose it is, is not
// known.
const (
	ofPerson byte = 'p'
	ofRegion byte = 'r'
	ofPlace  byte = 'f'
	ofMaker  byte = 'm'
	ofKey    byte = 'w'
)

// PersonHolder is a person in teams, by their id in the directory.
func PersonHolder(id record.ID) Holder { return Holder(ofPerson) + Holder(id[:]) }

// RegionHolder is a region, by its code.
func RegionHolder(code string) Holder { return Holder(ofRegion) + Holder(code) }

func placeHolder(id record.ID) Holder { return Holder(ofPlace) + Holder(id[:]) }

// MakerHolder is a device as the maker of visits that have no team, by the key that it
// seals with; KeyHolder as that of visits whose region is not known.
func MakerHolder(k ed25519.PublicKey) Holder { return Holder(ofMaker) + Holder(k) }

// KeyHolder: see MakerHolder.
func KeyHolder(k ed25519.PublicKey) Holder { return Holder(ofKey) + Holder(k) }

// Fields that say whose a record is.
const (
	facilityRegion = 17
	visitFacility  = 10
	visitTeam      = 20
)

// scoping is what a transaction has put that may change whose something is.
type scoping struct {
	visits, places map[record.ID]scoped
	// hanging are the visits of what was put, with the last that hangs on each.
	hanging map[record.ID]exchange.Record
}

type scoped struct {
	exchange.Record
	state *fold.State
}

func newScoping() scoping {
	return scoping{map[record.ID]scoped{}, map[record.ID]scoped{}, map[record.ID]exchange.Record{}}
}

// scope takes note of a record that was put.
func (l *ledger) scope(r exchange.Record, s *fold.State) {
	switch {
	case s == nil:
	case r.Kind == record.Visit:
		l.scoping.visits[r.ID] = scoped{r, s}
	case r.Kind == record.Facility:
		l.scoping.places[r.ID] = scoped{r, s}
	case r.Visit != (record.ID{}):
		l.scoping.hanging[r.Visit] = r
	}
}

// rescope says whose everything is that was put, and lets what has a new holder come to
// them: it gets the position of what gave it. The rows of all records are written.
func (l *ledger) rescope() error {
	now := l.scoping
	l.scoping = newScoping()
	for _, id := range sorted(now.places) {
		if err := l.rescopePlace(now.places[id]); err != nil {
			return err
		}
	}
	for _, id := range sorted(now.visits) {
		if err := l.rescopeVisit(now.visits[id]); err != nil {
			return err
		}
	}
	for _, id := range sorted(now.hanging) {
		if err := l.limbo(id, now.hanging[id]); err != nil {
			return err
		}
	}
	return nil
}

func sorted[V any](m map[record.ID]V) []record.ID {
	out := make([]record.ID, 0, len(m))
	for id := range m {
		out = append(out, id)
	}
	slices.SortFunc(out, func(a, b record.ID) int { return bytes.Compare(a[:], b[:]) })
	return out
}

// rescopePlace: the place's region is that of its visits.
func (l *ledger) rescopePlace(r scoped) error {
	var region []Holder
	if code := text(r.state, facilityRegion); code != "" {
		region = append(region, RegionHolder(code))
	}
	gained, lost, err := l.hold(r.ID, ofRegion, region, r.Position)
	if err != nil || len(gained)+len(lost) == 0 {
		return err
	}
	visits, err := l.held(placeHolder(r.ID))
	if err != nil {
		return err
	}
	for _, v := range visits {
		if _, err := l.holdAndRaise(v, ofRegion, region, r.Position); err != nil {
			return err
		}
		if len(region) > 0 {
			if _, _, err := l.hold(v, ofKey, nil, r.Position); err != nil {
				return err
			}
		}
	}
	return nil
}

// rescopeVisit: the team has the visit and its place, the place's region the visit.
func (l *ledger) rescopeVisit(r scoped) error {
	if !r.state.Complete() {
		if err := l.limbo(r.ID, r.Record); err != nil {
			return err
		}
	}
	var place []Holder
	facility, there := record.ReferenceIn(r.state, visitFacility)
	if there {
		place = append(place, placeHolder(facility))
	}
	team := teamOf(r.state)
	changed, err := l.holdAndRaise(r.ID, ofPerson, team, r.Position)
	if err != nil {
		return err
	}
	if err := l.holdForMaker(r, ofMaker, MakerHolder, len(team) == 0); err != nil {
		return err
	}
	gained, lost, err := l.hold(r.ID, ofPlace, place, r.Position)
	if err != nil {
		return err
	}
	moved := append(gained, lost...)
	if len(moved) > 0 || !there {
		if err := l.rescopeRegion(r, facility, there); err != nil {
			return err
		}
	}
	if len(moved) > 0 {
		return l.rescopeTeams(moved, r.Position)
	}
	if changed {
		return l.rescopeTeams(place, r.Position)
	}
	return nil
}

// rescopeRegion: the visit goes to another place.
func (l *ledger) rescopeRegion(r scoped, facility record.ID, there bool) (err error) {
	var region []Holder
	if there {
		if region, err = l.holders(facility, ofRegion); err != nil {
			return err
		}
	}
	if _, err := l.holdAndRaise(r.ID, ofRegion, region, r.Position); err != nil {
		return err
	}
	return l.holdForMaker(r, ofKey, KeyHolder, len(region) == 0)
}

// holdForMaker says whether a visit is, as long as it is nobody else's, its maker's.
func (l *ledger) holdForMaker(r scoped, class byte, holder func(ed25519.PublicKey) Holder, nobodys bool) error {
	var maker []Holder
	if nobodys && r.state.Complete() {
		w, _, err := l.Writer(r.state.Entries(fold.Path{Field: fold.FieldID})[0].Writer)
		if err != nil {
			return err
		}
		maker = append(maker, holder(w.Key))
	}
	_, err := l.holdAndRaise(r.ID, class, maker, r.Position)
	return err
}

// teamOf are the people in a visit's team.
func teamOf(s *fold.State) (out []Holder) {
	for _, key := range record.Keys(s, visitTeam) {
		if id, err := record.ParseID(key); err == nil {
			out = append(out, PersonHolder(id))
		}
	}
	return out
}

// rescopeTeams: a place is for the teams of all visits there.
func (l *ledger) rescopeTeams(places []Holder, at exchange.Position) error {
	for _, p := range places {
		visits, err := l.held(p)
		if err != nil {
			return err
		}
		var teams []Holder
		for _, v := range visits {
			team, err := l.holders(v, ofPerson)
			if err != nil {
				return err
			}
			teams = append(teams, team...)
		}
		slices.Sort(teams)
		if _, err := l.holdAndRaise(record.ID([]byte(p[1:])), ofPerson, slices.Compact(teams), at); err != nil {
			return err
		}
	}
	return nil
}

// limbo: what was put hangs on a visit whose creation has not come, or is that visit.
func (l *ledger) limbo(visit record.ID, r exchange.Record) error {
	var known bool
	if err := l.QueryRow(`
		SELECT EXISTS (
			SELECT 1
			FROM records r
			JOIN visits v ON v.record = r.number
			WHERE r.id = $1 AND v.standing <> $2)`, visit[:], int64(incomplete)).Scan(&known); err != nil || known {
		return err
	}
	w, _, err := l.Writer(r.Last.Writer)
	if err != nil {
		return err
	}
	return l.putScope(visit, KeyHolder(w.Key), r.Position)
}

// holdAndRaise is hold, and puts the target with what hangs on it at the position for
// whoever has it now and had it not before. What stands there already comes to them
// anyway, and its author has it.
func (l *ledger) holdAndRaise(target record.ID, class byte, want []Holder, at exchange.Position) (changed bool, err error) {
	gained, lost, err := l.hold(target, class, want, at)
	if err == nil && len(gained) > 0 {
		_, err = l.Exec(`
			UPDATE records
			SET position = max(position, $2), others = max(others, $2)
			WHERE (id = $1 OR visit = $1) AND position <> $2`, target[:], int64(at))
	}
	return len(gained)+len(lost) > 0, err
}

// hold makes want the holders of a class that the target has.
func (l *ledger) hold(target record.ID, class byte, want []Holder, at exchange.Position) (gained, lost []Holder, err error) {
	had, err := l.holders(target, class)
	if err != nil {
		return nil, nil, err
	}
	for _, h := range want {
		if !slices.Contains(had, h) {
			gained = append(gained, h)
			if err := l.putScope(target, h, 0); err != nil {
				return nil, nil, err
			}
		}
	}
	for _, h := range had {
		if !slices.Contains(want, h) {
			lost = append(lost, h)
			if err := l.putScope(target, h, at); err != nil {
				return nil, nil, err
			}
		}
	}
	return gained, lost, nil
}

func (l *ledger) putScope(target record.ID, h Holder, until exchange.Position) error {
	_, err := l.Exec(`
		INSERT INTO scopes (target, holder, until)
		VALUES ($1, $2, $3)
		ON CONFLICT (target, holder) DO UPDATE SET until = excluded.until`, target[:], []byte(h), int64(until))
	return err
}

// holders are those of a class that have the target now.
func (l *ledger) holders(target record.ID, class byte) ([]Holder, error) {
	return column(l, func(b []byte) Holder { return Holder(b) }, `
		SELECT holder
		FROM scopes
		WHERE target = $1 AND holder >= $2 AND holder < $3 AND until = 0
		ORDER BY holder`, target[:], []byte{class}, []byte{class + 1})
}

// held are the targets that the holder has now.
func (l *ledger) held(h Holder) ([]record.ID, error) {
	return column(l, func(b []byte) record.ID { return record.ID(b) }, `
		SELECT target
		FROM scopes
		WHERE holder = $1 AND until = 0
		ORDER BY target`, []byte(h))
}

// column reads a query's only column.
func column[T any](l *ledger, of func([]byte) T, text string, args ...any) (out []T, err error) {
	err = l.Each(text, args, func(scan func(...any) error) (bool, error) {
		var b []byte
		err := scan(&b)
		if err == nil {
			out = append(out, of(b))
		}
		return true, err
	})
	return out, err
}

// makeScopes says whose the visits and places are of a store that was made before it
// was kept.
func (s *Store) makeScopes(ctx context.Context) error {
	var made bool
	err := s.read(ctx, func(l *ledger) error {
		return l.QueryRow(`
			SELECT EXISTS (SELECT 1 FROM meta WHERE name = 'scopes')`).Scan(&made)
	})
	if err != nil || made {
		return err
	}
	return s.write(ctx, func(l *ledger) error {
		var all []scoped
		err := l.Each(`
			SELECT id, kind, position, state
			FROM records
			WHERE kind IN ($1, $2) AND length(state) > 0`, []any{int64(record.Facility), int64(record.Visit)}, func(scan func(...any) error) (bool, error) {
			var r scoped
			var id []byte
			if err := scan(&id, &r.Kind, &r.Position, &r.State); err != nil {
				return false, err
			}
			copy(r.ID[:], id)
			var err error
			r.state, err = fold.DecodeOwn(r.State)
			all = append(all, r)
			return true, err
		})
		for _, r := range all {
			l.scope(r.Record, r.state)
		}
		if err == nil {
			err = l.rescope()
		}
		if err != nil {
			return err
		}
		return l.putMeta("scopes", []byte{1})
	})
}
