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
// the visits there. Who carries an earlier visit in a dossier sees less of it, see
// dossier.go.
type Holder string

// The classes of holders. A visit is also its place's, so that both are found from each
// other. One that has never had a team is its maker's, and so is, for whoever sees a region,
// one whose region is not known. What hangs on a visit that the office does not have is
// taken away, as soon as it comes, from the device that sent it: whose it is, is not
// known.
const (
	ofPerson  byte = 'p'
	ofDossier byte = 'd'
	ofRegion  byte = 'r'
	ofPlace   byte = 'f'
	ofMaker   byte = 'm'
	ofKey     byte = 'w'
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

// scoping is what a transaction has put that may change whose something is.
type scoping struct {
	visits, places map[record.ID]scoped
	// hanging are the visits of what was put, with the last that hangs on each.
	hanging map[record.ID]exchange.Record
	weighing
}

type scoped struct {
	exchange.Record
	state *fold.State
}

func newScoping() scoping {
	return scoping{map[record.ID]scoped{}, map[record.ID]scoped{}, map[record.ID]exchange.Record{}, newWeighing()}
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
		l.scoping.note(r)
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
		if err := l.rescopeVisit(now.visits[id], now.weighing); err != nil {
			return err
		}
	}
	for _, id := range sorted(now.hanging) {
		if v, put := now.visits[id]; put && v.state.Complete() {
			continue
		}
		if err := l.limbo(id, now.hanging[id]); err != nil {
			return err
		}
	}
	return l.weigh(now.weighing)
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
	if code := record.TextIn(r.state, record.FacilityRegion); code != "" {
		region = append(region, RegionHolder(code))
	}
	had, err := l.holders(r.ID)
	if err != nil {
		return err
	}
	if changed, err := l.hold(r.ID, had, ofClass(had, ofPerson, region), r.Position); err != nil || !changed {
		return err
	}
	visits, err := l.held(placeHolder(r.ID))
	if err != nil {
		return err
	}
	for _, v := range visits {
		had, err := l.holders(v)
		if err != nil {
			return err
		}
		want := slices.DeleteFunc(slices.Clone(had), func(h Holder) bool {
			return h[0] == ofRegion || h[0] == ofKey && len(region) > 0
		})
		if _, err := l.hold(v, had, append(want, region...), r.Position); err != nil {
			return err
		}
	}
	return nil
}

// rescopeVisit: the team has the visit and its place, the place's region the visit. Whoever
// carries it in a dossier does so as long as it goes to that place.
func (l *ledger) rescopeVisit(r scoped, places weighing) error {
	if !r.state.Complete() {
		if err := l.limbo(r.ID, r.Record); err != nil {
			return err
		}
	}
	had, err := l.holders(r.ID)
	if err != nil {
		return err
	}
	want := teamOf(r.state)
	alone := !r.state.Touched(record.VisitTeam) // whoever was taken out does not come back by that
	facility, there := record.ReferenceIn(r.state, record.VisitFacility)
	of := ofClass(had, ofRegion, ofClass(had, ofKey, nil))
	if place := placeHolder(facility); there && slices.Contains(had, place) && len(of) > 0 {
		want = append(append(want, of...), place)
	} else if want, err = l.inRegion(r, facility, there, want); err != nil {
		return err
	}
	if there && slices.Contains(had, placeHolder(facility)) {
		want = ofClass(had, ofDossier, want)
	}
	places.stir(r.Position, append(want, had...)...)
	if alone {
		if want, err = l.forMaker(r, MakerHolder, want); err != nil {
			return err
		}
	}
	if changed, err := l.hold(r.ID, had, want, r.Position); err != nil || !changed {
		return err
	}
	return l.rescopePeople(had, want, r.Position)
}

// inRegion adds the place that the visit goes to, and its region.
func (l *ledger) inRegion(r scoped, facility record.ID, there bool, want []Holder) ([]Holder, error) {
	var region []Holder
	if there {
		of, err := l.holders(facility)
		if err != nil {
			return nil, err
		}
		region = ofClass(of, ofRegion, nil)
		want = append(want, placeHolder(facility))
	}
	if len(region) == 0 {
		return l.forMaker(r, KeyHolder, want)
	}
	return append(want, region...), nil
}

// forMaker adds whoever made the visit: as long as it is nobody else's, it is theirs.
func (l *ledger) forMaker(r scoped, holder func(ed25519.PublicKey) Holder, want []Holder) ([]Holder, error) {
	if !r.state.Complete() {
		return want, nil
	}
	w, _, err := l.Writer(r.state.Entries(fold.Path{Field: fold.FieldID})[0].Writer)
	return append(want, holder(w.Key)), err
}

// ofClass adds those of a class.
func ofClass(all []Holder, class byte, to []Holder) []Holder {
	for _, h := range all {
		if h[0] == class {
			to = append(to, h)
		}
	}
	return to
}

// rescopePeople: a place is for the teams of all visits there. One visit had these
// holders and has those now.
func (l *ledger) rescopePeople(had, has []Holder, at exchange.Position) error {
	places := ofClass(had, ofPlace, ofClass(has, ofPlace, nil))
	slices.Sort(places)
	for _, p := range slices.Compact(places) {
		place := record.ID([]byte(p[1:]))
		was, err := l.holders(place)
		if err != nil {
			return err
		}
		want := slices.Clone(was)
		for _, h := range ofClass(had, ofPerson, ofClass(has, ofPerson, nil)) {
			there, err := l.inTeamAt(p, h)
			if err != nil {
				return err
			}
			i := slices.Index(want, h)
			switch {
			case there && i < 0:
				want = append(want, h)
			case !there && i >= 0:
				want = slices.Delete(want, i, i+1)
			}
		}
		if _, err := l.hold(place, was, want, at); err != nil {
			return err
		}
	}
	return nil
}

// inTeamAt reports whether somebody is in the team of a visit to the place.
func (l *ledger) inTeamAt(place, person Holder) (there bool, err error) {
	err = l.QueryRow(`
		SELECT EXISTS (
			SELECT 1
			FROM scopes v
			JOIN scopes p ON p.target = v.target
			WHERE p.holder = $2 AND p.until = 0 AND v.holder = $1 AND v.until = 0)`, []byte(place), []byte(person)).Scan(&there)
	return there, err
}

// teamOf are the people in a visit's team.
func teamOf(s *fold.State) (out []Holder) {
	for _, key := range record.Keys(s, record.VisitTeam) {
		if id, err := record.ParseID(key); err == nil {
			out = append(out, PersonHolder(id))
		}
	}
	return out
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

// hold makes want the holders of the target that had those. It puts the target with what
// hangs on it at the position for whoever has it now and had it not before. What stands
// there or behind it comes to them anyway, and its author has it. To who carries it in a
// dossier comes what that may show; nothing where they are in its team as well.
func (l *ledger) hold(target record.ID, had, want []Holder, at exchange.Position) (changed bool, err error) {
	gained, carries := false, false
	for _, h := range want {
		if slices.Contains(had, h) {
			continue
		}
		if err := l.putScope(target, h, 0); err != nil {
			return false, err
		}
		changed = true
		switch h[0] {
		case ofPlace:
		case ofDossier:
			member := Holder(ofPerson) + h[1:]
			carries = carries || !slices.Contains(had, member) || !slices.Contains(want, member)
		default:
			gained = true
		}
	}
	for _, h := range had {
		if slices.Contains(want, h) {
			continue
		}
		if err := l.putScope(target, h, at); err != nil {
			return false, err
		}
		changed = true
	}
	if gained || carries {
		_, err = l.Exec(`
			UPDATE records
			SET position = $2, others = $2
			WHERE (id = $1 OR visit = $1) AND position < $2 AND ($3 OR dossier <> 0)`, target[:], int64(at), gained)
	}
	return changed, err
}

func (l *ledger) putScope(target record.ID, h Holder, until exchange.Position) error {
	_, err := l.Exec(`
		INSERT INTO scopes (target, holder, until)
		VALUES ($1, $2, $3)
		ON CONFLICT (target, holder) DO UPDATE SET until = excluded.until`, target[:], []byte(h), int64(until))
	return err
}

// holders are those that have the target now.
func (l *ledger) holders(target record.ID) ([]Holder, error) {
	return column(l, func(b []byte) Holder { return Holder(b) }, `
		SELECT holder
		FROM scopes
		WHERE target = $1 AND until = 0
		ORDER BY holder`, target[:])
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
