package server

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
)

// submitted is a visit that was handed in, with a finding, and the person in its team.
func (o *office) submitted(t *testing.T, person string) (visit, finding string) {
	t.Helper()
	v := &daylightv1.Visit{Title: proto.String(secret), State: daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum()}
	v.Team = []*daylightv1.TeamMember{{Id: person, Roles: []daylightv1.TeamRole{heads}}}
	visit = must(o.store.Save(t.Context(), "Office", v))(t)[0].Message.GetId()
	finding = must(o.store.Save(t.Context(), "Office", &daylightv1.Finding{VisitId: &visit, Title: proto.String(secret)}))(t)[0].Message.GetId()
	return visit, finding
}

// Whoever may read where a visit stands is told who could take the step.
func TestADeniedStepSaysWhereItStandsAndWhoCouldTakeIt(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	head := o.person(t, "Monitor A", aMonitor)
	s := o.services(o.enrolled(t, head.Id).token)
	visit, finding := o.submitted(t, head.Id)
	read := must(s.visits.GetVisit(ctx, &daylightv1.GetVisitRequest{Id: visit}))(t).Visit
	step := func(to daylightv1.VisitState) error {
		v := proto.CloneOf(read)
		v.State = &to
		return s.save(ctx, v)
	}
	before := must(o.store.Head(ctx))(t)
	wantError(t, step(daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW), connect.CodePermissionDenied,
		"the visit stands at SUBMITTED; only NPM_HEAD, CASE_OFFICER or REVIEWER may take it to UNDER_REVIEW; nothing was saved\n", "Ask the office")
	wantError(t, step(daylightv1.VisitState_VISIT_STATE_PLANNED), connect.CodePermissionDenied,
		"the visit stands at SUBMITTED; nobody may take it from there to PLANNED, only to CONSOLIDATED, UNDER_REVIEW, REPORT_DRAFTED, SENT_FOR_COMMENT or CLOSED; nothing was saved")

	// The rest of the save goes the same way.
	v := proto.CloneOf(read)
	v.Summary, v.State = proto.String("beside it"), daylightv1.VisitState_VISIT_STATE_CLOSED.Enum()
	wantError(t, s.save(ctx, v), connect.CodePermissionDenied, "may take it to CLOSED")
	if must(o.store.Head(ctx))(t) != before {
		t.Error("something was saved")
	}
	f := must(s.findings.GetFinding(ctx, &daylightv1.GetFindingRequest{Id: finding}))(t).Finding
	f.SeverityDecided = daylightv1.FindingSeverity_FINDING_SEVERITY_MINOR.Enum()
	wantError(t, s.save(ctx, f), connect.CodePermissionDenied, "the severity is decided by the office; nothing was saved")
	if strings.Contains(o.log.String(), secret) {
		t.Error("content is in the log")
	}
}

func TestWhoDoesNotReadAVisitIsNotToldWhereItStands(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	head, other := o.person(t, "Monitor A", aMonitor), o.person(t, "Monitor B", aMonitor)
	visit, _ := o.submitted(t, head.Id)
	id := must(record.ParseID(visit))(t)
	stranger := o.services(o.enrolled(t, other.Id).token)
	item := must(o.store.Get(ctx, record.Visit, id))(t)
	seen := item.Message.(*daylightv1.Visit)
	seen.State = daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW.Enum()
	err := stranger.save(ctx, seen)
	wantError(t, err, connect.CodeNotFound, "there is no such record")
	wantError(t, stranger.save(ctx, &daylightv1.Finding{VisitId: &visit}), connect.CodePermissionDenied, "your roles at the office do not allow this; nothing was saved")
	if strings.Contains(err.Error(), "SUBMITTED") {
		t.Errorf("it says %v", err)
	}
}

// kinds are those that come to whoever shows the token, all pages of them.
func (o *office) kinds(t *testing.T, token string) (out []record.Kind) {
	t.Helper()
	c := daylightv1connect.NewSyncServiceClient(http.DefaultClient, o.url, as(token))
	for ask := newDevice(77).ask(); ; {
		r := must(c.Sync(t.Context(), ask))(t)
		for _, s := range r.States {
			out = append(out, record.Kind(s.Kind))
		}
		if !r.More {
			return out
		}
		ask.Epoch, ask.Cursor = r.Epoch, r.Cursor
	}
}

// A plan says where somebody will go, unannounced: no device in the field holds one, not
// even of the visit that it became.
func TestNoDeviceOfTheFieldGetsAPlan(t *testing.T) {
	o := newOffice(t)
	everybody := map[daylightv1.OfficeRole]*daylightv1.Person{}
	var team []*daylightv1.TeamMember
	for n := range daylightv1.OfficeRole_name {
		if n > 0 {
			p := o.person(t, daylightv1.OfficeRole(n).String(), daylightv1.OfficeRole(n))
			everybody[daylightv1.OfficeRole(n)] = p
			team = append(team, &daylightv1.TeamMember{Id: p.Id, Roles: []daylightv1.TeamRole{heads}})
		}
	}
	place := must(o.store.Save(t.Context(), "Office", &daylightv1.Facility{Region: proto.String("UA-32")}))(t)[0].Message.GetId()
	visit := must(o.store.Save(t.Context(), "Office", &daylightv1.Visit{FacilityId: &place, Team: team}))(t)[0].Message.GetId()
	must(o.store.Save(t.Context(), "Office", &daylightv1.VisitPlan{FacilityId: &place, VisitId: &visit, Aims: proto.String(secret)}))(t)
	reads := []daylightv1.OfficeRole{daylightv1.OfficeRole_OFFICE_ROLE_OMBUDSPERSON, daylightv1.OfficeRole_OFFICE_ROLE_NPM_HEAD, daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER}
	for role, person := range everybody {
		if role == daylightv1.OfficeRole_OFFICE_ROLE_SYSTEM_ADMIN || role == daylightv1.OfficeRole_OFFICE_ROLE_AUDITOR || role == daylightv1.OfficeRole_OFFICE_ROLE_AUTHORITY_LIAISON {
			continue // they do not sync at all
		}
		got := o.kinds(t, o.enrolled(t, person.Id).token)
		if slices.Contains(got, record.VisitPlan) != slices.Contains(reads, role) {
			t.Errorf("%v gets %v", role, got)
		}
		if (role == aMonitor || role == daylightv1.OfficeRole_OFFICE_ROLE_CIVIL_SOCIETY_MONITOR) && !slices.Contains(got, record.Visit) {
			t.Errorf("%v does not get the visit: %v", role, got)
		}
	}
}
