package exchange

import (
	"maps"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const teamField = 20 // Visit

// teams is who sees what, as an office keeps it: a visit and what hangs on it is for
// the visit's team, everything else for everybody.
type teams struct {
	now  map[record.ID][]string            // by visit: the members
	left map[record.ID]map[string]Position // by visit and former member: when

	raise map[record.ID]Position // visits that have a new member, until the transaction ends
}

func newTeams() teams {
	return teams{map[record.ID][]string{}, map[record.ID]map[string]Position{}, map[record.ID]Position{}}
}

func (t teams) clone() teams {
	left := map[record.ID]map[string]Position{}
	for v, of := range t.left {
		left[v] = maps.Clone(of)
	}
	return teams{maps.Clone(t.now), left, maps.Clone(t.raise)}
}

// put takes note of a visit's team.
func (t teams) put(r Record, s *fold.State) {
	if r.Kind != record.Visit || s == nil {
		return
	}
	was, is := t.now[r.ID], record.Keys(s, teamField)
	if t.left[r.ID] == nil {
		t.left[r.ID] = map[string]Position{}
	}
	for _, who := range was {
		if !slices.Contains(is, who) {
			t.left[r.ID][who] = r.Position
		}
	}
	for _, who := range is {
		if !slices.Contains(was, who) {
			t.raise[r.ID] = r.Position
		}
	}
	t.now[r.ID] = is
}

// finish lets whoever is new see what hangs on their visits.
func (l *ledger) finish() {
	for id, r := range l.records {
		at := max(l.teams.raise[id], l.teams.raise[r.Visit])
		if r.Position >= at {
			continue // it comes anyway, and its author has it
		}
		r.Position, r.Others = at, at
		l.records[id] = r
	}
	clear(l.teams.raise)
}

// member sees what the teams let somebody see.
type member struct {
	*world
	who string
}

func (m member) Sees(r Record) (bool, error) {
	switch r.Kind {
	case record.Visit:
		return slices.Contains(m.ledger.teams.now[r.ID], m.who), nil
	case record.Finding:
		return slices.Contains(m.ledger.teams.now[r.Visit], m.who), nil
	}
	return true, nil
}

func (m member) Mark() (uint64, error) { return 1, nil }

func (m member) Lost(since Position) (out []record.ID, err error) {
	for v, of := range m.ledger.teams.left {
		if of[m.who] > since && !slices.Contains(m.ledger.teams.now[v], m.who) {
			out = append(out, v)
		}
	}
	return out, nil
}

// byTeam holds what somebody changes of a visit in whose team they are not.
type byTeam struct{ *world }

func (g byTeam) May(c Case) (Decision, Reason, error) {
	for _, p := range g.phones {
		if !p.cert.Key.Equal(c.Key) {
			continue
		}
		for i, r := range c.Change.Records {
			if in, err := p.in(c, i); r.Kind != record.Facility && !in {
				return Held, Denied, err
			}
		}
	}
	return Accepted, NoReason, nil
}

// in reports whether the phone's person is in the team of the visit before the change.
func (p *phone) in(c Case, i int) (bool, error) {
	visit := c.Before[i]
	if id, ok := record.VisitOf(record.Finding, visit.State); ok {
		var err error
		if visit, err = c.Record(id); err != nil {
			return false, err
		}
	}
	return slices.Contains(record.Keys(visit.State, teamField), p.person()), nil
}

// person is who holds the phone, as teams name them. A copy is the same person's.
func (p *phone) person() string { return nthID(9, 10+int(p.key[0])).String() }

// meet makes two visits of all phones' people, with a finding on each.
func (w *world) meet() {
	a := w.phones[0]
	for n := 1; n <= 2; n++ {
		v := &daylightv1.Visit{Id: nthID(record.Visit, n).String()}
		for _, p := range w.phones {
			v.Team = append(v.Team, &daylightv1.TeamMember{Id: p.person()})
		}
		f := &daylightv1.Finding{Id: nthID(record.Finding, n).String(), VisitId: proto.String(v.Id)}
		a.write(screen{}, func(d *Device) error { return d.Save(v, f) })
	}
	w.syncAll()
	w.gate = byTeam{w}
	for _, p := range w.phones {
		p.sight = member{w, p.person()}
		p.sync(1 << 20)
	}
}

// team puts somebody into a team, or takes them out, as the phone shows it.
func (p *phone) team(visit record.ID, who *phone, in bool) {
	x := target{record.Visit, visit, teamField, who.person()}
	f := p.open(record.Visit, visit)
	p.save(f, func(m record.Message) { x.edit(m, map[bool]string{true: "in"}[in]) })
}

// A takes B out of a team, and in again: nothing else has to be sent for that.
func TestTeamsDecideWhatComesAndGoes(t *testing.T) {
	for _, page := range []int{1, MaxPage} {
		w, a, b := stage(t, 2)
		w.maxPage = page
		w.meet()
		visit, finding := nthID(record.Visit, 1), nthID(record.Finding, 1)
		about := target{record.Finding, finding, headField, ""}
		a.set(about, "seen by both")
		a.sync(1 << 20)
		b.whole(t)
		b.wants(about, "seen by both")

		a.team(visit, b, false)
		a.sync(1 << 20)
		a.set(about, "B may not know")
		a.sync(1 << 20)
		if got := b.sync(1 << 20); got.Pulled != 0 {
			t.Errorf("%d records came to somebody who has left", got.Pulled)
		}
		b.whole(t)
		b.wants(about)
		if len(b.book.views) != 2 {
			t.Errorf("%d records are on the phone, not only those of the other visit", len(b.book.views))
		}

		a.team(visit, b, true)
		a.sync(1 << 20)
		b.whole(t)
		b.wants(about, "B may not know")
		w.settle()
	}
}

// B is taken out while B writes offline, and comes back.
func TestWhatIsWrittenOutsideTheTeamIsHeld(t *testing.T) {
	w, a, b := stage(t, 2)
	w.meet()
	visit, finding := nthID(record.Visit, 1), nthID(record.Finding, 1)
	about := target{record.Finding, finding, headField, ""}
	b.set(about, "late")
	n := len(b.book.entries)
	a.team(visit, b, false)
	a.sync(1 << 20)
	b.whole(t)
	b.wantsAnswer(n, Held, Denied)
	b.wants(about)
	a.team(visit, b, true)
	a.sync(1 << 20)
	b.whole(t)
	b.set(about, "again")
	b.whole(t)
	a.sync(1 << 20)
	a.wants(about, "again")
	w.settle()
}
