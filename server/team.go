package server

import (
	"context"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// Who is in a visit's team decides who reads it, and stands in the visit itself. Here
// the office sees and changes that part of a visit alone.

// operatorWriter is as whom the local operator writes.
const operatorWriter store.OfficeWriter = "Operator at the server"

// maxTeamRoles bounds those of one member.
const maxTeamRoles = 20

// teamDesk is the store for whoever may change teams: the operator at the server, who
// is shown no other part of a visit, or a caller by their roles.
func (s *Server) teamDesk(ctx context.Context) *store.Desk {
	if c := callerOf(ctx); c.Caller != nil {
		return s.desk(c)
	}
	return s.store.For(store.Caller{Writer: operatorWriter})
}

func (s directoryService) ListTeam(ctx context.Context, r *daylightv1.ListTeamRequest) (*daylightv1.ListTeamResponse, error) {
	item, visit, err := s.visitOf(ctx, r.GetVisit())
	if err != nil {
		return nil, err
	}
	if err := s.shown(ctx, item.Message, "the team of a restricted visit was read"); err != nil {
		return nil, err
	}
	return &daylightv1.ListTeamResponse{Team: members(visit)}, nil
}

func (s directoryService) visitOf(ctx context.Context, text string) (store.Item, *daylightv1.Visit, error) {
	id, err := parseID("visit", text)
	if err != nil {
		return store.Item{}, nil, err
	}
	item, err := s.teamDesk(ctx).Get(ctx, record.Visit, id)
	visit, _ := item.Message.(*daylightv1.Visit)
	return item, visit, err
}

// members are a team as it is shown: who, and as what.
func members(v *daylightv1.Visit) (out []*daylightv1.Member) {
	for _, m := range v.GetTeam() {
		out = append(out, &daylightv1.Member{Person: m.GetId(), Name: m.GetPerson(), Roles: m.GetRoles()})
	}
	return out
}

// ChangeTeam saves the visit as any caller of the services would, against what was read
// just before: what somebody else writes meanwhile is not lost.
func (s directoryService) ChangeTeam(ctx context.Context, r *daylightv1.ChangeTeamRequest) (*daylightv1.ChangeTeamResponse, error) {
	person, err := parseID("person", r.GetPerson())
	if err != nil {
		return nil, err
	}
	item, visit, err := s.visitOf(ctx, r.GetVisit())
	if err != nil {
		return nil, err
	}
	now, err := s.changeTeam(ctx, item, visit, person, r, daylightv1connect.DirectoryServiceChangeTeamProcedure)
	if err != nil {
		return nil, err
	}
	return &daylightv1.ChangeTeamResponse{Team: members(now)}, nil
}

// changeTeam changes the team in a visit, which item is as it is now, and saves that. r says
// how; call is what was asked for.
func (s *Server) changeTeam(ctx context.Context, item store.Item, visit *daylightv1.Visit, person record.ID, r *daylightv1.ChangeTeamRequest, call string) (now *daylightv1.Visit, err error) {
	if err := settled(item, person); err != nil {
		return nil, err
	}
	if r.GetRemove() {
		err = leave(visit, person)
	} else {
		err = s.join(ctx, visit, person, r.GetRoles())
	}
	if err != nil {
		return nil, err
	}
	items, err := s.teamDesk(ctx).Save(ctx, visit)
	if err != nil {
		return nil, err
	}
	id, err := record.IDOf(visit)
	if err != nil {
		return nil, err
	}
	if err := s.directory.Log(ctx, directory.Changed, id, "a visit's team was changed", by(ctx, call)); err != nil {
		return nil, unwitnessed(err)
	}
	now, _ = items[0].Message.(*daylightv1.Visit)
	return now, nil
}

// settled refuses a visit that was removed, and a member about whom two people have
// written different things: whoever saved over that here would not have seen it.
func settled(item store.Item, person record.ID) error {
	if item.Removed {
		return rpcerr.E(rpcerr.NotFound, "this visit was removed; nothing was changed", "Bring it back first.", nil)
	}
	for _, c := range item.Status.GetConflicts() {
		if c.GetField() == "team" && c.GetKey() == person.String() {
			return rpcerr.E(rpcerr.Conflict, "two people have written different things about this member of the team; nothing was changed",
				"Settle that in the visit first, where both are shown.", nil)
		}
	}
	return nil
}

func indexOf(team []*daylightv1.TeamMember, person record.ID) int {
	return slices.IndexFunc(team, func(m *daylightv1.TeamMember) bool { return m.GetId() == person.String() })
}

// join puts the person into the team, or gives a member other roles; without any a
// member keeps those that there are.
func (s *Server) join(ctx context.Context, v *daylightv1.Visit, person record.ID, roles []daylightv1.TeamRole) error {
	p, err := s.directory.Person(ctx, person)
	if err != nil {
		return err
	}
	switch {
	case p.GetDisabled():
		return invalid("this person is disabled; nothing was changed", "Enable the person first.")
	case len(roles) > maxTeamRoles || slices.ContainsFunc(roles, unknownRole):
		return invalid("there is no such role in a team; nothing was changed", "")
	}
	at := indexOf(v.Team, person)
	if at < 0 {
		at, v.Team = len(v.Team), append(v.Team, &daylightv1.TeamMember{Id: person.String()})
	}
	m := v.Team[at]
	m.Person = proto.String(p.GetName())
	if len(roles) > 0 {
		slices.Sort(roles)
		m.Roles = slices.Compact(roles)
	}
	return nil
}

func unknownRole(r daylightv1.TeamRole) bool {
	return r == 0 || daylightv1.TeamRole_name[int32(r)] == ""
}

// leave takes the person out, also one whom the directory does not know.
func leave(v *daylightv1.Visit, person record.ID) error {
	at := indexOf(v.Team, person)
	if at < 0 {
		return rpcerr.E(rpcerr.NotFound, "this person is not in the visit's team; nothing was changed", "Look at the team first.", nil)
	}
	v.Team = slices.Delete(v.Team, at, at+1)
	return nil
}
