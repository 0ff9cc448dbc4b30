package scenario

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/journal"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// hand is one person with their device.
type hand struct {
	*madeOffice
	*clientsync.Client
	id, name, dir string
}

func (o *madeOffice) hand(name string, role daylightv1.OfficeRole) hand {
	o.t.Helper()
	id := o.person(name, role)
	c, dir := o.device(id)
	return hand{o, c, id, name, dir}
}

func (h hand) monitor() *daylightv1.TeamMember {
	return &daylightv1.TeamMember{Id: h.id, Roles: []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_MONITOR}}
}

// visit is the visit as the person has it on screen; nil when it is not there.
func (h hand) visit(id string) *daylightv1.Visit {
	h.t.Helper()
	item, err := h.Get(h.t.Context(), clientsync.KindVisit, id)
	if clientsync.CodeOf(err) == clientsync.NotFound {
		return nil
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return item.Message.(*daylightv1.Visit)
}

// saves fails unless it is saved here, and gives the codes of what Check has to say
// about what the office will refuse.
func (h hand) saves(m clientsync.Message) (codes []string) {
	h.t.Helper()
	for _, f := range h.Check(m) {
		if strings.HasPrefix(f.Code, "access-") {
			codes = append(codes, f.Code)
		}
	}
	if err := h.Save(h.t.Context(), m); err != nil {
		h.t.Fatal(err)
	}
	return codes
}

func (h hand) stands(held, refused int) {
	h.t.Helper()
	s, err := h.Status(h.t.Context())
	if err != nil || s.Held != held || s.Refused != refused || s.Unsent != 0 {
		h.t.Errorf("%d held, %d refused, %d unsent (%v); want %d and %d", s.Held, s.Refused, s.Unsent, err, held, refused)
	}
}

const (
	aMonitor  = daylightv1.OfficeRole_OFFICE_ROLE_MONITOR
	anOfficer = daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER
)

func TestWhoeverMakesAVisitIsItsHead(t *testing.T) {
	o := makeOffice(t)
	a, b := o.hand("Monitor A", aMonitor), o.hand("Monitor B", aMonitor)
	v := &daylightv1.Visit{Title: proto.String("First visit"), Team: []*daylightv1.TeamMember{b.monitor()}}
	if codes := a.saves(v); len(codes) != 0 {
		t.Errorf("the device warns of %v", codes)
	}
	i := slices.IndexFunc(v.Team, func(m *daylightv1.TeamMember) bool { return m.Id == a.id })
	if len(v.Team) != 2 || i < 0 || !slices.Contains(v.Team[i].Roles, daylightv1.TeamRole_TEAM_ROLE_HEAD) || v.Team[i].GetPerson() != "Monitor A" {
		t.Errorf("the team is %v", v.Team)
	}
	o.synced(a.Client)
	o.synced(b.Client)
	if b.visit(v.Id) == nil {
		t.Error("who is in the team does not have it")
	}
	a.stands(0, 0)
}

// B is in no team, and knows the visit's id from a slip of paper. C is in the team, and
// not its head.
func TestATeamIsItsHeadsToWrite(t *testing.T) {
	o := makeOffice(t)
	a, b, c := o.hand("Monitor A", aMonitor), o.hand("Monitor B", aMonitor), o.hand("Monitor C", aMonitor)
	officer := o.hand("Case officer", anOfficer)
	v := &daylightv1.Visit{Title: proto.String("First visit"), Team: []*daylightv1.TeamMember{c.monitor()}}
	a.saves(v)
	for _, h := range []hand{a, b, c} {
		o.synced(h.Client)
	}
	t.Run("somebody outside", func(t *testing.T) {
		forged := &daylightv1.Visit{Id: v.Id, Team: []*daylightv1.TeamMember{b.monitor()}}
		b.saves(forged)
		o.synced(b.Client)
		b.stands(1, 0)
		if b.visit(v.Id) != nil {
			t.Error("they have it now")
		}
	})
	t.Run("a member", func(t *testing.T) {
		mine := c.visit(v.Id)
		mine.Team = append(mine.Team, b.monitor())
		if codes := c.saves(mine); !slices.Equal(codes, []string{"access-lead"}) {
			t.Errorf("the device warns of %v", codes)
		}
		o.synced(c.Client)
		c.stands(0, 1)
		if got := c.visit(v.Id); len(got.Team) != 2 {
			t.Errorf("the team is %v", got.Team)
		}
	})
	t.Run("the office", func(t *testing.T) {
		o.synced(officer.Client)
		now := officer.visit(v.Id)
		now.Team = append(now.Team, b.monitor())
		if codes := officer.saves(now); len(codes) != 0 {
			t.Errorf("the device warns of %v", codes)
		}
		o.synced(officer.Client)
		o.synced(b.Client)
		if got := b.visit(v.Id); got == nil || len(got.Team) != 3 {
			t.Errorf("B has %v", got)
		}
	})
	o.synced(a.Client)
	if got := a.visit(v.Id); len(got.Team) != 3 {
		t.Errorf("the team is %v", got.Team)
	}
}

// While B writes where there is no network, the head gives B's area to C.
func TestAnAreaIsReassignedWhileItsMonitorIsAway(t *testing.T) {
	o := makeOffice(t)
	a, b, c := o.hand("Monitor A", aMonitor), o.hand("Monitor B", aMonitor), o.hand("Monitor C", aMonitor)
	v := &daylightv1.Visit{Title: proto.String("First visit"), Team: []*daylightv1.TeamMember{b.monitor()}}
	a.saves(v)
	own := &daylightv1.Visit{Title: proto.String("B's other visit")}
	b.saves(own)
	for _, h := range []hand{a, b} {
		o.synced(h.Client)
	}
	sent := &daylightv1.Finding{VisitId: &v.Id, Narrative: proto.String("sent in time")}
	b.saves(sent)
	o.synced(b.Client)
	late := &daylightv1.Finding{VisitId: &v.Id, Narrative: proto.String("written too late")}
	b.saves(late)
	sent.Narrative = proto.String("edited too late")
	b.saves(sent)
	elsewhere := &daylightv1.Finding{VisitId: &own.Id, Narrative: proto.String("of the other visit")}
	b.saves(elsewhere)

	o.synced(a.Client)
	now := a.visit(v.Id)
	now.Team = slices.DeleteFunc(now.Team, func(m *daylightv1.TeamMember) bool { return m.Id == b.id })
	now.Team = append(now.Team, c.monitor())
	a.saves(now)
	o.synced(a.Client)
	o.synced(c.Client)

	if r := o.synced(b.Client); r.Pushed != 3 {
		t.Errorf("%+v", r)
	}
	b.stands(2, 0)
	if b.visit(v.Id) != nil || b.visit(own.Id) == nil {
		t.Error("the wrong visit has left")
	}
	for id, here := range map[string]bool{late.Id: false, sent.Id: false, elsewhere.Id: true} {
		if _, err := b.Get(t.Context(), clientsync.KindFinding, id); (err == nil) != here {
			t.Errorf("%s: %v", id, err)
		}
	}
	o.synced(c.Client)
	item, err := c.Get(t.Context(), clientsync.KindFinding, sent.Id)
	if err != nil || item.Message.(*daylightv1.Finding).GetNarrative() != "sent in time" {
		t.Errorf("C has %v, %v", item.Message, err)
	}
	if _, err := c.Get(t.Context(), clientsync.KindFinding, late.Id); err == nil {
		t.Error("what is held is shown")
	}
	t.Run("and comes back", func(t *testing.T) {
		now := a.visit(v.Id)
		now.Team = append(now.Team, b.monitor())
		a.saves(now)
		o.synced(a.Client)
		o.synced(b.Client)
		item, err := b.Get(t.Context(), clientsync.KindFinding, sent.Id)
		if err != nil || item.Message.(*daylightv1.Finding).GetNarrative() != "sent in time" {
			t.Errorf("B has %v, %v", item.Message, err)
		}
		b.stands(2, 0) // for a person at the office to admit
	})
	t.Run("and a person admits it", func(t *testing.T) {
		desk := o.store.For(store.Caller{Writer: "Case officer"})
		held, _, err := desk.Turned(t.Context(), store.TurnedQuery{Waiting: true})
		if err != nil || len(held) != 2 {
			t.Fatalf("%d wait: %v", len(held), err)
		}
		for _, one := range held {
			if err := desk.Rule(t.Context(), one.Position, journal.Admit, "It was seen on that day."); err != nil {
				t.Fatal(err)
			}
		}
		o.synced(b.Client)
		o.synced(c.Client)
		b.stands(0, 0)
		for _, h := range []hand{b, c} {
			for id, says := range map[string]string{late.Id: "written too late", sent.Id: "edited too late"} {
				item, err := h.Get(t.Context(), clientsync.KindFinding, id)
				if err != nil || item.Message.(*daylightv1.Finding).GetNarrative() != says {
					t.Errorf("%s has %v, %v", h.name, item.Message, err)
				}
			}
		}
	})
}

// The office takes the only member out, who made the visit.
func TestWhoIsTakenOutDoesNotComeBackAsTheMaker(t *testing.T) {
	o := makeOffice(t)
	a, officer := o.hand("Monitor A", aMonitor), o.hand("Case officer", anOfficer)
	v := &daylightv1.Visit{Title: proto.String("First visit")}
	a.saves(v)
	o.synced(a.Client)
	o.synced(officer.Client)
	now := officer.visit(v.Id)
	now.Team = nil
	officer.saves(now)
	o.synced(officer.Client)
	a.saves(&daylightv1.Finding{VisitId: &v.Id, Narrative: proto.String("late")})
	o.synced(a.Client)
	a.stands(1, 0)
	if a.visit(v.Id) != nil {
		t.Error("they still have it")
	}
}

// The office closes the visit while B still has something to say.
func TestAVisitEndsWhileItsMonitorIsAway(t *testing.T) {
	o := makeOffice(t)
	b, officer := o.hand("Monitor B", aMonitor), o.hand("Case officer", anOfficer)
	v := &daylightv1.Visit{Title: proto.String("First visit"), State: daylightv1.VisitState_VISIT_STATE_IN_PROGRESS.Enum()}
	if codes := b.saves(v); len(codes) != 0 {
		t.Errorf("the device warns of %v", codes)
	}
	o.synced(b.Client)
	b.saves(&daylightv1.Finding{VisitId: &v.Id, Narrative: proto.String("late")})
	o.synced(officer.Client)
	for _, step := range []daylightv1.VisitState{daylightv1.VisitState_VISIT_STATE_SUBMITTED} {
		mine := b.visit(v.Id)
		mine.State = step.Enum()
		if codes := b.saves(mine); len(codes) != 0 {
			t.Errorf("the head may not take it to %v: %v", step, codes)
		}
	}
	o.synced(b.Client)
	o.synced(officer.Client)
	now := officer.visit(v.Id)
	now.State = daylightv1.VisitState_VISIT_STATE_CLOSED.Enum()
	if codes := officer.saves(now); len(codes) != 0 {
		t.Errorf("the office may not close it: %v", codes)
	}
	b.saves(&daylightv1.Finding{VisitId: &v.Id, Narrative: proto.String("written after the end")})
	o.synced(officer.Client)
	o.synced(b.Client)
	b.stands(1, 0)
	if codes := b.Check(&daylightv1.Finding{VisitId: &v.Id}); !slices.ContainsFunc(codes, func(f clientsync.Flag) bool { return f.Code == "access-late" }) {
		t.Errorf("the device says %v", codes)
	}
	mine := b.visit(v.Id)
	mine.State = daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW.Enum()
	if codes := b.saves(mine); !slices.Equal(codes, []string{"access-step"}) {
		t.Errorf("the device warns of %v", codes)
	}
	o.synced(b.Client)
	b.stands(1, 1)
}

// Whoever puts people into teams can name them without a network.
func TestDevicesKnowWhomTheyCanName(t *testing.T) {
	o := makeOffice(t)
	a, b := o.hand("Monitor A", aMonitor), o.hand("Monitor B", aMonitor)
	civil := o.hand("Member of an association", daylightv1.OfficeRole_OFFICE_ROLE_CIVIL_SOCIETY_MONITOR)
	names := func(h hand) (out []string) {
		t.Helper()
		o.synced(h.Client)
		d, err := h.Directory(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range d.People {
			out = append(out, p.Name+" "+strings.Join(p.Roles, " "))
		}
		return out
	}
	want := []string{"Administrator SYSTEM_ADMIN", "Member of an association CIVIL_SOCIETY_MONITOR", "Monitor A MONITOR", "Monitor B MONITOR"}
	if got := names(a); !slices.Equal(got, want) {
		t.Errorf("A knows %v", got)
	}
	if got := names(civil); len(got) != 0 {
		t.Errorf("civil society is told of %v", got)
	}
	d, err := a.Directory(t.Context())
	if err != nil || len(d.People[0].Devices) != 0 || len(d.People[3].Devices) != 1 || d.People[3].Devices[0].Label != "tablet" {
		t.Errorf("A knows of the devices %+v, %v", d, err)
	}
	change := func(p *daylightv1.Person) {
		t.Helper()
		if _, err := o.operator.SavePerson(t.Context(), &daylightv1.SavePersonRequest{Person: p}); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("which devices they have, until these are revoked", func(t *testing.T) {
		if _, err := o.operator.RevokeDevice(t.Context(), &daylightv1.RevokeDeviceRequest{Device: d.People[3].Devices[0].ID}); err != nil {
			t.Fatal(err)
		}
		o.synced(a.Client)
		if now, err := a.Directory(t.Context()); err != nil || len(now.People[3].Devices) != 0 || len(now.People[2].Devices) != 1 {
			t.Errorf("%+v, %v", now, err)
		}
	})
	change(&daylightv1.Person{Id: b.id, Name: "Monitor B", Revision: 1, Disabled: true})
	if got := names(a); len(got) != 3 {
		t.Errorf("A knows %v", got)
	}
	if r := o.synced(a.Client); r.Requests != 1 || r.BytesUp+r.BytesDown > 1024 {
		t.Errorf("a sync with nothing to do: %+v", r)
	}
	change(&daylightv1.Person{Id: a.id, Name: "Monitor A", Revision: 1, Grants: []*daylightv1.Grant{{Role: daylightv1.OfficeRole_OFFICE_ROLE_DATA_OFFICER}}})
	if got := names(a); len(got) != 0 {
		t.Errorf("who is told of nobody keeps %v", got)
	}
}

// Roles reach a device by its next sync, and its warnings follow.
func TestADeviceHearsOfNewRoles(t *testing.T) {
	o := makeOffice(t)
	b := o.hand("Monitor B", aMonitor)
	o.synced(b.Client)
	p := &daylightv1.Person{Id: b.id, Name: "Monitor B", Revision: 1, Grants: []*daylightv1.Grant{{Role: daylightv1.OfficeRole_OFFICE_ROLE_DATA_OFFICER}}}
	if _, err := o.operator.SavePerson(t.Context(), &daylightv1.SavePersonRequest{Person: p}); err != nil {
		t.Fatal(err)
	}
	o.synced(b.Client)
	s, err := b.Status(t.Context())
	if err != nil || !slices.Equal(s.Roles, []string{"DATA_OFFICER"}) {
		t.Errorf("%v, %v", s.Roles, err)
	}
	if codes := b.saves(&daylightv1.Visit{Title: proto.String("Not mine to make")}); !slices.Equal(codes, []string{"access-missing"}) {
		t.Errorf("the device warns of %v", codes)
	}
}
