package likeness

import (
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// visit is what is compared of a visit.
type visit struct {
	id, facility, follows record.ID
	code                  string
	kind                  daylightv1.VisitType
	cancelled             bool
	team                  []string
	// inside are the days on which the team was there, planned those of the plan.
	inside, planned []string
}

// maxDays bounds the days of one visit that are compared: a month inside is no visit.
const maxDays = 31

func readVisit(m *daylightv1.Visit) visit {
	v := visit{code: strings.TrimSpace(m.GetCode()), kind: m.GetType(), cancelled: m.GetState() == daylightv1.VisitState_VISIT_STATE_CANCELLED}
	v.id, _ = record.ParseID(m.GetId())
	v.facility, _ = record.ParseID(m.GetFacilityId())
	v.follows, _ = record.ParseID(m.GetFollowsId())
	for _, t := range m.GetTeam() {
		v.team = append(v.team, t.GetId())
	}
	v.inside = daysBetween(nil, m.GetArrivedAt(), m.GetArrivedAt())
	v.inside = daysBetween(v.inside, m.GetEnteredAt(), m.GetEnteredAt())
	for _, s := range m.GetSessions() {
		v.inside = daysBetween(v.inside, s.GetEnteredAt(), s.GetLeftAt())
	}
	v.planned = daysBetween(nil, m.GetPlannedStart(), m.GetPlannedEnd())
	return v
}

// daysBetween adds the days from one date or moment to another, by the calendar of the
// place, as they were written. One that is not known to the day adds none.
func daysBetween(to []string, from, until string) []string {
	first, ok := dayOf(from)
	if !ok {
		first, ok = dayOf(until)
	}
	last, ends := dayOf(until)
	if !ok {
		return to
	}
	if !ends || last.Before(first) {
		last = first
	}
	for d := first; !d.After(last) && len(to) < maxDays; d = d.AddDate(0, 0, 1) {
		to = append(to, d.Format(time.DateOnly))
	}
	return to
}

func dayOf(s string) (time.Time, bool) {
	d, err := time.Parse(time.DateOnly, s[:min(len(s), len(time.DateOnly))])
	return d, err == nil
}

// days are those that block: where the team was, else where it meant to be.
func (v *visit) days() []string {
	if len(v.inside) > 0 {
		return v.inside
	}
	return v.planned
}

// Visits is a set of visits, ready to be compared.
type Visits struct {
	all    []visit
	blocks map[string][]int
	under  func(record.ID) record.ID
	alike  map[[2]record.ID]bool
}

// NewVisits reads the visits. Leave out those that are removed or joined already. under
// gives the place under which a place is shown, see record.Winner; places are pairs of
// places that may be one themselves. Both may be nil.
func NewVisits(visits []*daylightv1.Visit, under func(record.ID) record.ID, places []Pair) *Visits {
	if under == nil {
		under = func(id record.ID) record.ID { return id }
	}
	s := &Visits{blocks: map[string][]int{}, under: under, alike: map[[2]record.ID]bool{}}
	for _, p := range places {
		s.alike[[2]record.ID{p.A, p.B}] = true
	}
	for _, m := range visits {
		v := readVisit(m)
		s.all = append(s.all, v)
		for _, k := range blocksOf(&v) {
			s.blocks[k] = append(s.blocks[k], len(s.all)-1)
		}
	}
	return s
}

// blocksOf: visits are compared that share a day or a code.
func blocksOf(v *visit) (out []string) {
	out = append(out, v.days()...)
	if v.code != "" {
		out = append(out, byCode+lower(v.code))
	}
	return out
}

// Of gives the visits that may be the same as m, the surest first; never m itself.
func (s *Visits) Of(m *daylightv1.Visit) (out []Candidate) {
	v := readVisit(m)
	for i := range s.beside(&v) {
		if other := &s.all[i]; other.id != v.id {
			if found := s.judge(&v, other); found.likely() {
				out = append(out, Candidate{other.id, found.score, found.sorted()})
			}
		}
	}
	sortCandidates(out)
	return out
}

func (s *Visits) beside(v *visit) map[int]bool {
	found := map[int]bool{}
	for _, k := range blocksOf(v) {
		for _, i := range s.blocks[k] {
			found[i] = true
		}
	}
	return found
}

// Pairs gives every two visits that may be one, the surest first.
func (s *Visits) Pairs() (out []Pair) {
	for i := range s.all {
		v := &s.all[i]
		for j := range s.beside(v) {
			w := &s.all[j]
			if !less(v.id, w.id) {
				continue
			}
			if found := s.judge(v, w); found.likely() {
				out = append(out, Pair{v.id, w.id, found.score, found.sorted()})
			}
		}
	}
	sortPairs(out)
	return out
}

// judge: one place on one day is likely one visit, though teams do come back in the
// evening: a person decides. Two monitors who each make the visit name each themselves,
// so that teams which have nobody in common speak against nothing. A follow-up and the
// visit that it goes back to are two, whatever else they share.
func (s *Visits) judge(a, b *visit) (v verdict) {
	if a.follows != (record.ID{}) && a.follows == b.id || b.follows != (record.ID{}) && b.follows == a.id {
		v.never = true
		return v
	}
	if a.code != "" && strings.EqualFold(a.code, b.code) {
		v.add(60, SameCode)
	}
	s.where(&v, a, b)
	switch {
	case common(a.inside, b.inside):
		v.add(40, SameDay)
	case common(a.days(), b.days()): // of one of them there is a plan only
		v.add(30, SameDay)
	case len(a.days()) > 0 && len(b.days()) > 0:
		v.score -= 60
	}
	if common(a.team, b.team) {
		v.add(15, SameTeam)
	}
	if a.kind != 0 && a.kind == b.kind {
		v.add(5, SameType)
	}
	if a.cancelled != b.cancelled { // a visit that was put off, and made after all
		v.score -= 25
	}
	return v
}

func (s *Visits) where(v *verdict, a, b *visit) {
	if a.facility == (record.ID{}) || b.facility == (record.ID{}) {
		return
	}
	x, y := s.under(a.facility), s.under(b.facility)
	switch {
	case x == y:
		v.add(40, SameFacility)
	case s.alike[[2]record.ID{x, y}] || s.alike[[2]record.ID{y, x}]:
		v.add(30, AlikeFacility)
	default:
		v.score -= 60
	}
}
