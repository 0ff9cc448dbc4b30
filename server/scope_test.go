package server

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
)

// What each role reads and writes of each kind in each scope, written down apart from the
// table that decides. own: the person is in the visit's team, the place is where it goes,
// and lies in their region; other: neither; removed: like own, and removed. A missing
// record is there for nobody.
var scoped = map[string]string{
	"OMBUDSPERSON":          "places own other removed; visits own other removed; findings own other removed",
	"NPM_HEAD":              "places own+ other+ removed+; visits own+- other+- removed+-; findings own other removed",
	"CASE_OFFICER":          "places own+ other+ removed+; visits own+- other+- removed+-; findings own+- other+- removed+-",
	"REVIEWER":              "places own other removed; visits own+ other+ removed+; findings own+- other+- removed+-",
	"MEDICAL_REVIEWER":      "places own other removed; visits own other removed",
	"FOLLOW_UP_OFFICER":     "places own other removed; visits own other removed; findings own other removed",
	"REPRISAL_FOCAL_POINT":  "places own other removed; visits own other removed; findings own other removed",
	"DATA_OFFICER":          "places own other removed",
	"PUBLICATION_EDITOR":    "places own other removed",
	"REGIONAL_REP":          "places own removed; visits own removed; findings own removed",
	"SYSTEM_ADMIN":          "",
	"AUDITOR":               "",
	"AUTHORITY_LIAISON":     "",
	"MONITOR":               "places own other removed; visits own+ removed+; findings own+- removed+-",
	"CIVIL_SOCIETY_MONITOR": "places own removed; visits own+ removed+; findings own+- removed+-",

	// Whoever is nobody, though some of them were in the team.
	"anonymous": "", "a revoked device": "", "a disabled person": "", "an expired token": "", "no role": "",
}

// wants says whether the role reads (""), writes ("+") or removes ("-") there.
func wants(role, kind, scope, what string) bool {
	for _, part := range strings.Split(scoped[role], "; ") {
		words := strings.Fields(part)
		if len(words) == 0 || words[0] != kind {
			continue
		}
		for _, w := range words[1:] {
			if name := strings.TrimRight(w, "+-"); name == scope {
				return strings.Contains(w[len(name):], what) || kind == "places" && what == "-" && strings.Contains(w, "+")
			}
		}
	}
	return false
}

// services are the record services as one caller has them.
type services struct {
	places   daylightv1connect.FacilityServiceClient
	visits   daylightv1connect.VisitServiceClient
	findings daylightv1connect.FindingServiceClient
}

func (o *office) services(token string) services {
	return services{
		daylightv1connect.NewFacilityServiceClient(http.DefaultClient, o.url, as(token)),
		daylightv1connect.NewVisitServiceClient(http.DefaultClient, o.url, as(token)),
		daylightv1connect.NewFindingServiceClient(http.DefaultClient, o.url, as(token)),
	}
}

func (s services) get(ctx context.Context, kind, id string) (err error) {
	switch kind {
	case "places":
		_, err = s.places.GetFacility(ctx, &daylightv1.GetFacilityRequest{Id: id})
	case "visits":
		_, err = s.visits.GetVisit(ctx, &daylightv1.GetVisitRequest{Id: id})
	default:
		_, err = s.findings.GetFinding(ctx, &daylightv1.GetFindingRequest{Id: id})
	}
	return err
}

func (s services) history(ctx context.Context, kind, id string) (err error) {
	switch kind {
	case "places":
		_, err = s.places.GetFacilityHistory(ctx, &daylightv1.GetFacilityHistoryRequest{Id: id})
	case "visits":
		_, err = s.visits.GetVisitHistory(ctx, &daylightv1.GetVisitHistoryRequest{Id: id})
	default:
		_, err = s.findings.GetFindingHistory(ctx, &daylightv1.GetFindingHistoryRequest{Id: id})
	}
	return err
}

// listed are the ids in the list, which names a foreign visit or place where it can.
func (s services) listed(ctx context.Context, kind, under string) (ids []string, err error) {
	switch kind {
	case "places":
		r, e := s.places.ListFacilities(ctx, &daylightv1.ListFacilitiesRequest{IncludeRemoved: true})
		for _, i := range r.GetFacilities() {
			ids = append(ids, i.Facility.Id)
		}
		err = e
	case "visits":
		r, e := s.visits.ListVisits(ctx, &daylightv1.ListVisitsRequest{IncludeRemoved: true, FacilityId: under})
		for _, i := range r.GetVisits() {
			ids = append(ids, i.Visit.Id)
		}
		err = e
	default:
		r, e := s.findings.ListFindings(ctx, &daylightv1.ListFindingsRequest{IncludeRemoved: true, VisitId: under})
		for _, i := range r.GetFindings() {
			ids = append(ids, i.Finding.Id)
		}
		err = e
	}
	return ids, err
}

func (s services) save(ctx context.Context, m record.Message) (err error) {
	switch m := m.(type) {
	case *daylightv1.Facility:
		_, err = s.places.SaveFacility(ctx, &daylightv1.SaveFacilityRequest{Facility: m})
	case *daylightv1.Visit:
		_, err = s.visits.SaveVisit(ctx, &daylightv1.SaveVisitRequest{Visit: m})
	case *daylightv1.Finding:
		_, err = s.findings.SaveFinding(ctx, &daylightv1.SaveFindingRequest{Finding: m})
	}
	return err
}

func (s services) remove(ctx context.Context, kind, id string, seen []byte) (err error) {
	switch kind {
	case "places":
		_, err = s.places.RemoveFacility(ctx, &daylightv1.RemoveFacilityRequest{Id: id, Seen: seen})
	case "visits":
		_, err = s.visits.RemoveVisit(ctx, &daylightv1.RemoveVisitRequest{Id: id, Seen: seen})
	default:
		_, err = s.findings.RemoveFinding(ctx, &daylightv1.RemoveFindingRequest{Id: id, Seen: seen})
	}
	return err
}

// stage is what the cells are tried on.
type stage struct {
	*office
	t   *testing.T
	ids map[string]map[string]string // by kind and scope
}

var kindsOf = map[string]record.Kind{"places": record.Facility, "visits": record.Visit, "findings": record.Finding}

func (o *office) stage(t *testing.T, team []string) *stage {
	t.Helper()
	s := &stage{o, t, map[string]map[string]string{"places": {}, "visits": {}, "findings": {}}}
	put := func(m record.Message) string {
		return must(o.store.Save(t.Context(), "Office", m))(t)[0].Message.GetId()
	}
	for _, scope := range []string{"own", "other", "removed"} {
		region, members := "UA-32", []*daylightv1.TeamMember(nil)
		for _, p := range team {
			members = append(members, &daylightv1.TeamMember{Id: p, Roles: []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_MONITOR}})
		}
		if scope == "other" {
			region, members = "UA-05", []*daylightv1.TeamMember{{Id: o.admin.Id}}
		}
		place := put(&daylightv1.Facility{Code: proto.String(scope), Region: &region})
		visit := put(&daylightv1.Visit{Title: proto.String(scope), FacilityId: &place, Team: members})
		finding := put(&daylightv1.Finding{Title: proto.String(scope), VisitId: &visit})
		s.ids["places"][scope], s.ids["visits"][scope], s.ids["findings"][scope] = place, visit, finding
	}
	for kind := range s.ids {
		id := s.ids[kind]["removed"]
		must(o.store.Remove(t.Context(), "Office", kindsOf[kind], must(record.ParseID(id))(t), s.fresh(kind, "removed").GetSeen()))(t)
		s.ids[kind]["missing"] = "01890000-0000-7000-8000-00000000beef"
	}
	return s
}

// fresh is the record as the office has it; a new one where it has none.
func (s *stage) fresh(kind, scope string) record.Message {
	id := must(record.ParseID(s.ids[kind][scope]))(s.t)
	item, err := s.store.Get(s.t.Context(), kindsOf[kind], id)
	if err != nil {
		m := record.New(kindsOf[kind])
		m.ProtoReflect().Set(m.ProtoReflect().Descriptor().Fields().ByName("id"), protoreflect.ValueOfString(id.String()))
		return m
	}
	return item.Message
}

// meets says how a call was met: "done", "denied" (or there is no such record, which
// looks the same where the reader does not see it), and fails for any other end.
func (s *stage) meets(what string, want bool, err error) {
	s.t.Helper()
	code := connect.CodeOf(err)
	switch {
	case err == nil && want, err != nil && !want && slices.Contains([]connect.Code{connect.CodePermissionDenied, connect.CodeNotFound, connect.CodeUnauthenticated}, code):
	case want:
		s.t.Errorf("%s: %v", what, err)
	default:
		s.t.Errorf("%s: was not denied: %v", what, err)
	}
}

func TestWhatEachRoleReachesInEachScope(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	people := map[string]*daylightv1.Person{}
	var team []string
	for n, full := range daylightv1.OfficeRole_name {
		if name := strings.TrimPrefix(full, "OFFICE_ROLE_"); n > 0 {
			people[name] = o.person(t, name, daylightv1.OfficeRole(n))
			team = append(team, people[name].Id)
		}
	}
	const monitor = daylightv1.OfficeRole_OFFICE_ROLE_MONITOR
	tokens := map[string]string{"anonymous": ""}
	revoked, disabled := o.person(t, "Revoked", monitor), o.person(t, "Disabled", monitor)
	team = append(team, revoked.Id, disabled.Id)
	tokens["no role"] = o.enrolled(t, o.person(t, "No role").Id).token
	gone := o.enrolled(t, revoked.Id)
	tokens["a revoked device"], tokens["a disabled person"] = gone.token, o.enrolled(t, disabled.Id).token
	must(o.operator.RevokeDevice(ctx, &daylightv1.RevokeDeviceRequest{Device: gone.answer.Device}))(t)
	disabled.Disabled = true
	must(o.operator.SavePerson(ctx, &daylightv1.SavePersonRequest{Person: disabled}))(t)
	tokens["an expired token"] = must(o.operator.IssueToken(ctx, &daylightv1.IssueTokenRequest{Token: &daylightv1.Token{
		Name: "statistics", Until: o.time.Add(time.Minute).UnixMilli(), Grants: []*daylightv1.Grant{{Role: daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER}},
	}}))(t).Secret
	o.time = o.time.Add(time.Minute)
	for role, person := range people {
		tokens[role] = o.enrolled(t, person.Id).token
	}
	s := o.stage(t, team)
	cells := 0
	for role, token := range tokens {
		c := o.services(token)
		for kind := range kindsOf {
			everything, listErr := c.listed(ctx, kind, "")
			for _, scope := range []string{"own", "other", "removed", "missing"} {
				id, what := s.ids[kind][scope], role+" "+kind+" "+scope+": "
				reads := wants(role, kind, scope, "")
				s.meets(what+"get", reads, c.get(ctx, kind, id))
				s.meets(what+"history", reads, c.history(ctx, kind, id))
				if got := slices.Contains(everything, id); got != reads {
					t.Errorf("%slisted %v, %v", what, got, listErr)
				}
				cells += 3
				for does, call := range map[string]func() error{
					"+": func() error { return c.save(ctx, reworded(s.fresh(kind, scope), role)) },
					"-": func() error { return c.remove(ctx, kind, id, tokenOf(s.fresh(kind, scope))) },
				} {
					may := wants(role, kind, scope, does) && scope != "missing"
					if scope == "missing" && does == "+" {
						continue // that makes one, see below
					}
					before := s.position()
					err := call()
					s.meets(what+does, may, err)
					if !may && s.position() != before {
						t.Errorf("%s%s: something was changed", what, does)
					}
					cells++
				}
			}
		}
		cells += s.foreign(role, c)
	}
	t.Logf("%d cells", cells)
}

// foreign swaps each field that names another record for one that is not the caller's.
func (s *stage) foreign(role string, c services) (cells int) {
	ctx := s.t.Context()
	for _, scope := range []string{"other", "missing"} {
		sees := wants(role, "visits", scope, "")
		for name, m := range map[string]record.Message{
			"a finding on a visit":     &daylightv1.Finding{VisitId: proto.String(s.ids["visits"][scope])},
			"an own finding elsewhere": with(s.fresh("findings", "own"), func(m *daylightv1.Finding) { m.VisitId = proto.String(s.ids["visits"][scope]) }),
			"an own visit elsewhere":   with(s.fresh("visits", "own"), func(m *daylightv1.Visit) { m.FacilityId = proto.String(s.ids["places"][scope]) }),
			"an own visit joined":      with(s.fresh("visits", "own"), func(m *daylightv1.Visit) { m.MergedInto = proto.String(s.ids["visits"][scope]) }),
			"a team for oneself": with(s.fresh("visits", "other"), func(m *daylightv1.Visit) {
				m.Team = append(m.Team, &daylightv1.TeamMember{Id: s.admin.Id, Person: proto.String(role + scope)})
			}),
		} {
			if office := slices.Contains([]string{"NPM_HEAD", "CASE_OFFICER", "REVIEWER"}, role); office {
				continue // they reach all of them
			}
			before := s.position()
			if err := c.save(ctx, m); err == nil || s.position() != before {
				s.t.Errorf("%s, %s, %s: %v", role, name, scope, err)
			}
			cells++
		}
		for kind, under := range map[string]string{"visits": s.ids["places"][scope], "findings": s.ids["visits"][scope]} {
			if got, _ := c.listed(ctx, kind, under); len(got) > 0 && !sees {
				s.t.Errorf("%s: %s under one that is %s: %v", role, kind, scope, got)
			}
			cells++
		}
	}
	return cells
}

func (s *stage) position() uint64 { return uint64(must(s.store.Head(s.t.Context()))(s.t)) }

func with[M record.Message](m record.Message, edit func(M)) record.Message {
	of := m.(M)
	edit(of)
	return of
}

// reworded changes a plain field to what nobody has written before.
func reworded(m record.Message, words string) record.Message {
	words += " " + string(rune('a'+len(m.GetSeen())%26))
	switch m := m.(type) {
	case *daylightv1.Facility:
		m.Note = proto.String(m.GetNote() + words)
	case *daylightv1.Visit:
		m.Title = proto.String(m.GetTitle() + words)
	case *daylightv1.Finding:
		m.Title = proto.String(m.GetTitle() + words)
	}
	return m
}

// tokenOf is never empty: an empty one is turned away for another reason.
func tokenOf(m record.Message) []byte {
	if t := m.GetSeen(); len(t) > 0 {
		return t
	}
	return []byte{1}
}
