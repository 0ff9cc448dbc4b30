package server

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server/store"
)

const (
	heads     = daylightv1.TeamRole_TEAM_ROLE_HEAD
	lawyer    = daylightv1.TeamRole_TEAM_ROLE_LAWYER
	physician = daylightv1.TeamRole_TEAM_ROLE_PHYSICIAN
)

func add(visit, person string, roles ...daylightv1.TeamRole) *daylightv1.ChangeTeamRequest {
	return &daylightv1.ChangeTeamRequest{Visit: visit, Person: person, Roles: roles}
}

func remove(visit, person string) *daylightv1.ChangeTeamRequest {
	return &daylightv1.ChangeTeamRequest{Visit: visit, Person: person, Remove: true}
}

// Whom the office puts into a team reads the visit, until taken out again.
func TestTheOfficeSaysWhoIsInATeam(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	monitor := o.person(t, "Monitor A", daylightv1.OfficeRole_OFFICE_ROLE_MONITOR)
	p, a := o.enrolled(t, monitor.Id), o.officer(t)
	reads := daylightv1connect.NewVisitServiceClient(http.DefaultClient, o.url, as(p.token))
	officer := daylightv1connect.NewDirectoryServiceClient(http.DefaultClient, o.url, as(a.token))
	id := o.visit(t, isRestricted).Id
	reader := func(want bool) {
		t.Helper()
		if _, err := reads.GetVisit(ctx, &daylightv1.GetVisitRequest{Id: id}); (err == nil) != want {
			t.Errorf("read: %v", err)
		}
	}
	for who, by := range map[string]daylightv1connect.DirectoryServiceClient{"Operator at the server": o.operator, "Officer (": officer} {
		t.Run(who, func(t *testing.T) {
			reader(false)
			got := must(by.ChangeTeam(ctx, add(id, monitor.Id, lawyer, heads, lawyer)))(t)
			want := []*daylightv1.Member{{Person: monitor.Id, Name: "Monitor A", Roles: []daylightv1.TeamRole{heads, lawyer}}}
			same := func(a, b *daylightv1.Member) bool { return proto.Equal(a, b) }
			if listed := must(by.ListTeam(ctx, &daylightv1.ListTeamRequest{Visit: id}))(t); !slices.EqualFunc(listed.Team, want, same) || !slices.EqualFunc(got.Team, want, same) {
				t.Errorf("%v, then %v", got, listed)
			}
			reader(true)
			past, _, err := o.store.History(ctx, record.Visit, must(record.ParseID(id))(t), 1, "")
			if err != nil || past[0].GetPerson()[:len(who)] != who {
				t.Errorf("%v %v", past, err)
			}
			must(by.ChangeTeam(ctx, remove(id, monitor.Id)))(t)
			reader(false)
		})
	}
	lines := o.reads(t)
	if n := len(slices.DeleteFunc(lines, func(s string) bool { return s != "the team of a restricted visit was read "+id })); n != 1 {
		t.Errorf("%d lines for the one officer who saw a restricted visit's team", n)
	}
	r := must(o.operator.ListAccesses(ctx, &daylightv1.ListAccessesRequest{PageSize: 500}))(t)
	changes := 0
	for _, l := range r.Accesses {
		if l.Subject == id && l.Note == "a visit's team was changed" && l.Kind == daylightv1.AccessKind_ACCESS_KIND_DIRECTORY {
			changes++
		}
	}
	if changes != 4 {
		t.Errorf("%d of 4 changes are in the access log", changes)
	}
}

// What the visit holds besides, and what it says of others in the team, stays.
func TestAChangeOfTheTeamChangesNothingElse(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	one, two := o.person(t, "Monitor A"), o.person(t, "Monitor B")
	member := func(p *daylightv1.Person) *daylightv1.TeamMember {
		return &daylightv1.TeamMember{Id: p.Id, Person: &p.Name, Roles: []daylightv1.TeamRole{lawyer},
			Languages: []string{"ar"}, ConflictOfInterest: proto.String("none")}
	}
	v := &daylightv1.Visit{Title: proto.String("x"), Aims: proto.String("y"), Team: []*daylightv1.TeamMember{member(one), member(two)}}
	was := must(o.store.Save(ctx, "Office", v))(t)[0].Message.(*daylightv1.Visit)
	must(o.operator.ChangeTeam(ctx, add(was.Id, one.Id)))(t) // keeps the roles
	must(o.operator.ChangeTeam(ctx, add(was.Id, two.Id, physician)))(t)
	now := must(o.store.Get(ctx, record.Visit, must(record.ParseID(was.Id))(t)))(t).Message.(*daylightv1.Visit)
	want := proto.CloneOf(was)
	want.Seen = now.Seen
	for _, m := range want.Team {
		if m.Id == two.Id {
			m.Roles = []daylightv1.TeamRole{physician}
		}
	}
	if !proto.Equal(now, want) {
		t.Errorf("got  %v\nwant %v", now, want)
	}
}

func TestATeamIsNotChangedBlindly(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	p, other := o.person(t, "Monitor A"), o.person(t, "Monitor B")
	visit := must(o.store.Save(ctx, "Office", &daylightv1.Visit{Title: proto.String("x"),
		Team: []*daylightv1.TeamMember{{Id: p.Id, Person: &p.Name}}}))(t)[0].Message.(*daylightv1.Visit)
	for _, text := range []string{"first", "second"} { // neither has seen the other's
		mine := proto.CloneOf(visit)
		mine.Team[0].ConflictOfInterest = proto.String(text)
		must(o.store.Save(ctx, store.OfficeWriter(text), mine))(t)
	}
	refused := func(shows string, code connect.Code, r *daylightv1.ChangeTeamRequest) {
		t.Helper()
		before := must(o.store.Head(ctx))(t)
		_, err := o.operator.ChangeTeam(ctx, r)
		wantError(t, err, code)
		if must(o.store.Head(ctx))(t) != before {
			t.Errorf("%s: something was saved", shows)
		}
	}
	nobody := "0192f0c1-0000-7000-8000-000000000001"
	refused("two values", connect.CodeAborted, add(visit.Id, p.Id, lawyer))
	refused("two values taken away", connect.CodeAborted, remove(visit.Id, p.Id))
	refused("nobody", connect.CodeNotFound, add(visit.Id, nobody))
	refused("not in it", connect.CodeNotFound, remove(visit.Id, other.Id))
	refused("no visit", connect.CodeNotFound, add(nobody, p.Id))
	refused("no role", connect.CodeInvalidArgument, add(visit.Id, other.Id, 99))
	must(o.operator.ChangeTeam(ctx, add(visit.Id, other.Id)))(t) // somebody else's words are no hindrance
	o.removed(t, visit.Id)
	refused("removed", connect.CodeNotFound, add(visit.Id, other.Id, lawyer))
}

// removed removes everything that is to be seen of a visit.
func (o *office) removed(t *testing.T, visit string) {
	t.Helper()
	id := must(record.ParseID(visit))(t)
	now := must(o.store.Get(context.Background(), record.Visit, id))(t).Message
	if gone := must(o.store.Remove(context.Background(), "Office", record.Visit, id, now.GetSeen()))(t); !gone.Removed {
		t.Fatal("it is not removed")
	}
}
