package store

import (
	"context"
	"slices"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The dossier of a visit is what its team carries of earlier visits to the same place:
// from the mandate until the visit is handed in, each of the team is a holder, of a class
// of their own, of the last visits there, and of those with something open. Such a holder
// sees the kinds of record.InDossier and of these only what the column dossier lets
// through. It is weighed again whenever a visit, a recommendation or an undertaking is
// put, for the places that those go to; a push of findings weighs nothing.

// DossierHolder is a person as one who carries the dossier of a visit, by their id in the
// directory.
func DossierHolder(id record.ID) Holder { return Holder(ofDossier) + Holder(id[:]) }

// weighing is what a transaction has put that dossiers may have to follow.
type weighing struct {
	// places have other visits, or in another state, since that position.
	places map[Holder]exchange.Position
	// visits have other recommendations or undertakings; replies other recommendations or
	// answers to them, since that position of a recommendation, 0 for answers alone.
	visits, replies map[record.ID]exchange.Position
}

func newWeighing() weighing {
	return weighing{map[Holder]exchange.Position{}, map[record.ID]exchange.Position{}, map[record.ID]exchange.Position{}}
}

// note takes note of what hangs on a visit.
func (w weighing) note(r exchange.Record) {
	switch r.Kind {
	case record.Recommendation:
		w.replies[r.Visit] = max(w.replies[r.Visit], r.Position)
		w.visits[r.Visit] = max(w.visits[r.Visit], r.Position)
	case record.Undertaking:
		w.visits[r.Visit] = max(w.visits[r.Visit], r.Position)
	case record.AuthorityReply:
		w.replies[r.Visit] = max(w.replies[r.Visit], 0)
	}
}

// stir takes note of the places that a visit goes to, or went to.
func (w weighing) stir(at exchange.Position, holders ...Holder) {
	for _, p := range ofClass(holders, ofPlace, nil) {
		w.places[p] = max(w.places[p], at)
	}
}

// weigh brings the dossiers up to date with what was put.
func (l *ledger) weigh(now weighing) error {
	for _, v := range sorted(now.replies) {
		if err := l.weighReplies(v, now.replies[v]); err != nil {
			return err
		}
	}
	for _, v := range sorted(now.visits) {
		had, err := l.holders(v)
		if err != nil {
			return err
		}
		now.stir(now.visits[v], had...)
	}
	places := make([]Holder, 0, len(now.places))
	for p := range now.places {
		places = append(places, p)
	}
	slices.Sort(places)
	for _, p := range places {
		if err := l.weighPlace(p, now.places[p]); err != nil {
			return err
		}
	}
	return nil
}

// earlier is a visit to a place, for the dossiers of the others there.
type earlier struct {
	id          record.ID
	made, open  bool // may be carried; has something open
	underway    bool // its team carries a dossier
	has, wanted []Holder
}

// weighPlace says who carries which visits to the place.
func (l *ledger) weighPlace(place Holder, at exchange.Position) error {
	visits, err := l.dossiersAt(place)
	if err != nil {
		return err
	}
	for _, v := range visits {
		if slices.Equal(v.has, v.wanted) {
			continue
		}
		had, err := l.holders(v.id)
		if err != nil {
			return err
		}
		others := slices.DeleteFunc(slices.Clone(had), func(h Holder) bool { return h[0] == ofDossier })
		if _, err := l.hold(v.id, had, append(others, v.wanted...), at); err != nil {
			return err
		}
	}
	return nil
}

// dossiersAt lists the visits to a place with who carries each, and who is to; both sorted.
func (l *ledger) dossiersAt(place Holder) ([]*earlier, error) {
	visits, err := l.visitsAt(place)
	if err != nil {
		return nil, err
	}
	if err := l.carriers(place, visits); err != nil {
		return nil, err
	}
	for _, v := range visits {
		if !v.underway {
			continue
		}
		all, err := l.holders(v.id)
		if err != nil {
			return nil, err
		}
		dossier(visits, v, all)
	}
	for _, v := range visits {
		slices.Sort(v.wanted)
		v.wanted = slices.Compact(v.wanted)
	}
	return visits, nil
}

// dossier gives the team of a visit what it carries of the others at the place, which are
// listed newest first.
func dossier(visits []*earlier, of *earlier, holders []Holder) {
	var team []Holder
	for _, p := range ofClass(holders, ofPerson, nil) {
		team = append(team, Holder(ofDossier)+p[1:])
	}
	last, taken := 0, 0
	for _, v := range visits {
		if v == of || !v.made {
			continue
		}
		if last++; last > record.DossierLast && !v.open {
			continue
		}
		v.wanted = append(v.wanted, team...)
		if taken++; taken == record.DossierMost {
			return
		}
	}
}

// visitsAt lists the visits to a place, newest first.
func (l *ledger) visitsAt(place Holder) (out []*earlier, err error) {
	err = l.Each(`
		SELECT r.id, r.dossier, v.standing, v.state, EXISTS (
			SELECT 1
			FROM records o
			WHERE o.visit = r.id AND o.dossier = 2)
		FROM scopes s
		JOIN records r ON r.id = s.target
		JOIN visits v ON v.record = r.number
		WHERE s.holder = $1 AND s.until = 0
		ORDER BY r.dossier DESC, r.number DESC`, []any{[]byte(place)}, func(scan func(...any) error) (bool, error) {
		e := &earlier{}
		var id []byte
		var told int64
		var state daylightv1.VisitState
		var how standing
		if err := scan(&id, &told, &how, &state, &e.open); err != nil {
			return false, err
		}
		copy(e.id[:], id)
		e.made = told != notCarried && record.DossierHas(state)
		e.underway = how == listed && record.DossierDue(state)
		out = append(out, e)
		return true, nil
	})
	return out, err
}

// carriers adds who carries the visits now.
func (l *ledger) carriers(place Holder, visits []*earlier) error {
	byID := map[record.ID]*earlier{}
	for _, v := range visits {
		byID[v.id] = v
	}
	return l.Each(`
		SELECT d.target, d.holder
		FROM scopes s
		JOIN scopes d ON d.target = s.target
		WHERE s.holder = $1 AND s.until = 0 AND d.until = 0 AND d.holder >= $2 AND d.holder < $3
		ORDER BY d.target, d.holder`, []any{[]byte(place), []byte{ofDossier}, []byte{ofDossier + 1}}, func(scan func(...any) error) (bool, error) {
		var target, holder []byte
		err := scan(&target, &holder)
		if v := byID[record.ID(target)]; err == nil && v != nil {
			v.has = append(v.has, Holder(holder))
		}
		return true, err
	})
}

// weighReplies: an answer may be carried where its recommendation may. Those of which that
// changes come, or go, at the position.
func (l *ledger) weighReplies(visit record.ID, at exchange.Position) error {
	replies, err := l.repliesOn(visit)
	if err != nil {
		return err
	}
	for _, r := range replies {
		want, err := l.replyIs(r.state, visit)
		if err != nil {
			return err
		}
		if want == r.told {
			continue
		}
		if _, err := l.Exec(`
			UPDATE records
			SET dossier = $2, position = max(position, $3), others = CASE WHEN position < $3 THEN $3 ELSE others END
			WHERE number = $1`, r.number, want, int64(at)); err != nil {
			return err
		}
	}
	return nil
}

// replyIs is what an answer that hangs on the visit is to a dossier.
func (l *ledger) replyIs(s *fold.State, visit record.ID) (int64, error) {
	to, ok := record.ReferenceIn(s, replyTo)
	if !ok || !tellable(s) {
		return notCarried, nil
	}
	told := notCarried
	_, err := l.one(`
		SELECT dossier <> 0
		FROM records
		WHERE id = $1 AND visit = $2 AND kind = $3`, []any{to[:], visit[:], int64(record.Recommendation)}, &told)
	return told, err
}

// weighed is a record with what its column says.
type weighed struct {
	number, told int64
	state        *fold.State
}

// repliesOn lists the answers that hang on a visit.
func (l *ledger) repliesOn(visit record.ID) (out []weighed, err error) {
	err = l.Each(`
		SELECT number, dossier, state
		FROM records
		WHERE visit = $1 AND kind = $2 AND length(state) > 0
		ORDER BY number`, []any{visit[:], int64(record.AuthorityReply)}, func(scan func(...any) error) (bool, error) {
		var w weighed
		var state []byte
		err := scan(&w.number, &w.told, &state)
		if err == nil {
			w.state, err = fold.DecodeOwn(state)
		}
		out = append(out, w)
		return true, err
	})
	return out, err
}

// makeDossiers says what each record is to a dossier, and who carries which, of a store
// that was made before it was kept. Nothing is put at another position: whoever reads more
// by it has a sight with another mark.
func (s *Store) makeDossiers(ctx context.Context) error {
	var made bool
	err := s.read(ctx, func(l *ledger) error {
		return l.QueryRow(`
			SELECT EXISTS (SELECT 1 FROM meta WHERE name = 'dossiers')`).Scan(&made)
	})
	if err != nil || made {
		return err
	}
	return s.write(ctx, func(l *ledger) error {
		told := map[int64]int64{}
		now := newWeighing()
		err := l.everyRecord(func(number int64, r exchange.Record, s *fold.State, was int64) {
			if r.Kind == record.AuthorityReply {
				now.replies[r.Visit] = 0
			} else if is := dossierOf(r.Kind, s); is != was {
				told[number] = is
			}
			if at, ok := record.ReferenceIn(s, record.VisitFacility); ok && r.Kind == record.Visit {
				now.stir(0, placeHolder(at))
			}
		})
		if err != nil {
			return err
		}
		for number, is := range told {
			if _, err := l.Exec(`
				UPDATE records
				SET dossier = $2
				WHERE number = $1`, number, is); err != nil {
				return err
			}
		}
		if err := l.weigh(now); err != nil {
			return err
		}
		return l.putMeta("dossiers", []byte{1})
	})
}

// everyRecord calls do for every record that has a state, with what the column dossier says.
func (l *ledger) everyRecord(do func(number int64, r exchange.Record, s *fold.State, told int64)) error {
	return l.Each(`
		SELECT number, id, kind, visit, dossier, state
		FROM records
		WHERE length(state) > 0
		ORDER BY number`, nil, func(scan func(...any) error) (bool, error) {
		var r exchange.Record
		var number, told int64
		var id, visit []byte
		if err := scan(&number, &id, &r.Kind, &visit, &told, &r.State); err != nil {
			return false, err
		}
		copy(r.ID[:], id)
		copy(r.Visit[:], visit)
		s, err := fold.DecodeOwn(r.State)
		if err == nil {
			do(number, r, s, told)
		}
		return true, err
	})
}
