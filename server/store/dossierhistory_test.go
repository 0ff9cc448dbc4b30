package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// town is two places, visits to them with what hangs on them, and people of their teams,
// each with a device.
type town struct {
	*house
	places, people []record.ID
	visits         []record.ID // in the order of their making
	hanging        map[record.ID][]record.ID
	kinds          map[record.ID]record.Kind
	readers        []*reader
}

func newTown(t *testing.T) *town {
	h := newHouse(t)
	w := &town{house: h, hanging: map[record.ID][]record.ID{}, kinds: map[record.ID]record.Kind{}}
	w.places = []record.ID{h.place, h.save(aFacility("North House", "NH-1"))}
	for range 3 {
		w.people = append(w.people, h.d.newID())
		w.readers = append(w.readers, newMonitor(w.people[len(w.people)-1]))
	}
	return w
}

func (w *town) visitNow(id record.ID) *daylightv1.Visit {
	return w.d.show(w.T, record.Visit, id).(*daylightv1.Visit)
}

// shows says by the messages alone whether a dossier may show what hangs on a visit, or
// the visit.
func (w *town) shows(k record.Kind, id record.ID) bool {
	m := w.d.show(w.T, k, id)
	class := m.(interface {
		GetConfidentiality() daylightv1.ConfidentialityClass
	}).GetConfidentiality()
	switch m := m.(type) {
	case *daylightv1.Finding:
		if m.GetKind() == daylightv1.FindingKind_FINDING_KIND_INDIVIDUAL_CASE {
			return false
		}
	case *daylightv1.AuthorityReply:
		if to := must(record.ParseID(m.GetRecommendationId()))(w.T); !w.shows(record.Recommendation, to) {
			return false
		}
	case *daylightv1.Interview, *daylightv1.Note:
		return false
	}
	return m.GetRemoved() == nil && class < daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED
}

func (w *town) open(id record.ID) bool {
	r, ok := w.d.show(w.T, w.kinds[id], id).(*daylightv1.Recommendation)
	return ok && w.shows(record.Recommendation, id) && r.GetState() != daylightv1.RecommendationState_RECOMMENDATION_STATE_CLOSED
}

// earlierOf are the visits that the team of a visit carries.
func (w *town) earlierOf(v record.ID) (out []record.ID) {
	of := w.visitNow(v)
	if s := of.GetState(); of.GetRemoved() != nil || s < authorised || s > daylightv1.VisitState_VISIT_STATE_CONSOLIDATED || of.FacilityId == nil {
		return nil
	}
	others := slices.DeleteFunc(slices.Clone(w.visits), func(e record.ID) bool {
		x := w.visitNow(e)
		s := x.GetState()
		return e == v || x.GetFacilityId() != of.GetFacilityId() || !w.shows(record.Visit, e) ||
			s != obstructed && s < complete || s == cancelled
	})
	slices.SortStableFunc(others, func(a, b record.ID) int {
		x, y := w.visitNow(a).GetPlannedStart(), w.visitNow(b).GetPlannedStart()
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return slices.Index(w.visits, b) - slices.Index(w.visits, a)
	})
	for i, e := range others {
		if i < 3 || slices.ContainsFunc(w.hanging[e], w.open) {
			out = append(out, e)
		}
	}
	return out
}

// due is what somebody has to hold.
func (w *town) due(who record.ID) map[record.ID]bool {
	out := map[record.ID]bool{}
	for _, v := range w.visits {
		m := w.visitNow(v)
		if !slices.ContainsFunc(m.GetTeam(), func(t *daylightv1.TeamMember) bool { return t.GetId() == who.String() }) {
			continue
		}
		out[v] = true
		if place, err := record.ParseID(m.GetFacilityId()); err == nil {
			out[place] = true
		}
		for _, id := range w.hanging[v] {
			out[id] = true
		}
		for _, e := range w.earlierOf(v) {
			out[e] = true
			for _, id := range w.hanging[e] {
				if w.shows(w.kinds[id], id) {
					out[id] = true
				}
			}
		}
	}
	return out
}

// agree fails unless each device holds what is due, and no more.
func (w *town) agree(after string) {
	w.T.Helper()
	for i, r := range w.readers {
		r.pull(w.world)
		want := w.due(w.people[i])
		for id := range want {
			if !r.here[id] {
				w.T.Fatalf("after %s: %s %s did not come to person %d", after, w.kinds[id], id, i)
			}
		}
		for id := range r.here {
			if !want[id] {
				w.T.Fatalf("after %s: person %d still has %s %s", after, i, w.kinds[id], id)
			}
		}
	}
}

// step does something, and says what.
func (w *town) act(r *rand.Rand) string {
	team := func() (out []record.ID) {
		for _, p := range w.people {
			if r.IntN(2) == 0 {
				out = append(out, p)
			}
		}
		return out
	}
	if len(w.visits) < 3 || r.IntN(6) == 0 && len(w.visits) < 9 {
		w.place = w.places[r.IntN(2)]
		v := w.visit(fmt.Sprintf("%d-01-01", 2015+r.IntN(8)), daylightv1.VisitState(2+r.IntN(9)), team()...)
		w.visits, w.kinds[v] = append(w.visits, v), record.Visit
		return "a visit"
	}
	v := w.visits[r.IntN(len(w.visits))]
	switch r.IntN(8) {
	case 0, 1:
		w.house.step(v, daylightv1.VisitState(1+r.IntN(17)))
		return "a step"
	case 2:
		edit(w.house, record.Visit, v, func(m *daylightv1.Visit) { inTeam(m, team()...) })
		return "another team"
	case 3:
		edit(w.house, record.Visit, v, func(m *daylightv1.Visit) { m.FacilityId = proto.String(w.places[r.IntN(2)].String()) })
		return "another place"
	case 4, 5:
		k := []record.Kind{record.Finding, record.Interview, record.Note, record.Recommendation, record.AuthorityReply}[r.IntN(5)]
		return "a new " + w.hangs(r, k, v).String()
	}
	if len(w.hanging[v]) == 0 {
		return "nothing"
	}
	return w.change(r, w.hanging[v][r.IntN(len(w.hanging[v]))])
}

// hangs makes what hangs on the visit; an answer needs a recommendation there.
func (w *town) hangs(r *rand.Rand, k record.Kind, v record.ID) record.Kind {
	var id record.ID
	if k == record.AuthorityReply {
		i := slices.IndexFunc(w.hanging[v], func(id record.ID) bool { return w.kinds[id] == record.Recommendation })
		if i < 0 {
			return w.hangs(r, record.Recommendation, v)
		}
		id = w.reply(v, w.hanging[v][i])
	} else {
		id = w.hang(k, v)
	}
	w.hanging[v], w.kinds[id] = append(w.hanging[v], id), k
	return k
}

// change edits what decides whether a dossier has a record.
func (w *town) change(r *rand.Rand, id record.ID) string {
	k := w.kinds[id]
	if m, ok := w.d.show(w.T, k, id).(*daylightv1.Recommendation); ok && r.IntN(2) == 0 {
		m.State = daylightv1.RecommendationState(4 + 5*r.IntN(2)).Enum()
		w.save(m)
		return "a step of a recommendation"
	}
	edit(w.house, k, id, func(m record.Message) {
		switch {
		case r.IntN(4) == 0:
			turn(m)
		case r.IntN(2) == 0:
			restrict(m)
		default:
			open(m)
		}
	})
	return "a change of " + k.String()
}

// What devices hold through any history of steps, teams, places and classes is what the
// records say, written down here once more.
func TestDevicesHoldTheirDossiersThroughAnyHistory(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w, r := newTown(t), rand.New(rand.NewPCG(seed, 9))
			for range 50 {
				did := w.act(r)
				if r.IntN(3) == 0 {
					w.agree(did)
				}
			}
			w.agree("everything")
			w.whole()
		})
	}
}

// turn removes a record, or brings it back.
func turn(m record.Message) {
	field := m.ProtoReflect().Descriptor().Fields().ByName("removed")
	if m.GetRemoved() != nil {
		m.ProtoReflect().Clear(field)
		return
	}
	m.ProtoReflect().Mutable(field)
}
