package access

import (
	"slices"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Subject is what access has to know of a record, and of the person who asks, per
// the state before the change. What is not known is left zero, and allows less.
type Subject struct {
	Kind record.Kind

	// Of the visit that the record is or hangs on: the person is in its team, heads
	// it, and where it stands. A place is one's own while any visit there is. What
	// hangs on a visit that the same change creates takes the visit as that change
	// leaves it.
	Own, Head bool
	State     daylightv1.VisitState

	// Made: the person wrote the change that created the record.
	Made bool
	// Region is that of the place, as its record says: of the facility itself, or of
	// the one that the visit goes to. Empty while the place is not known.
	Region string
}

// Beside is the Subject of a record of the kind that is or hangs on the visit, asked
// for by person. A zero person, as behind an integrator's token, is in no team. Made
// and Region are left to the caller.
func Beside(visit *daylightv1.Visit, kind record.Kind, person record.ID) Subject {
	s := Subject{Kind: kind, State: visit.GetState()}
	s.Own, s.Head = standing(visit.GetTeam(), person)
	return s
}

// standing: the key of an element of the team is the person's id in the directory.
func standing(team []*daylightv1.TeamMember, person record.ID) (member, head bool) {
	if person == (record.ID{}) {
		return false, false
	}
	for _, m := range team {
		if m.GetId() == person.String() {
			return true, slices.Contains(m.GetRoles(), daylightv1.TeamRole_TEAM_ROLE_HEAD)
		}
	}
	return false, false
}
