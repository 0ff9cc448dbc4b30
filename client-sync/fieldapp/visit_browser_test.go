package fieldapp

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/browsertest"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// chrome opens the app of a trip in a real browser.
func (v *trip) chrome(t *testing.T, s browsertest.Setup) (p *browsertest.Page, url string) {
	t.Helper()
	var app *App
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { app.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	app, err := New(Config{Client: v.c, Host: strings.TrimPrefix(server.URL, "http://")})
	if err != nil {
		t.Fatal(err)
	}
	v.app = app
	v.href = v.hrefTo(clientsync.KindVisit, v.visit.GetId())
	p = browsertest.Open(t, s)
	p.Allow("404") // where the way in leads to while no area shows a home
	p.Visit(server.URL + app.StartPath())
	return p, server.URL
}

// fill writes down some of everything.
func (v *trip) fill(t *testing.T) {
	t.Helper()
	id := proto.String(v.visit.GetId())
	m := v.now()
	m.Type, m.Announcement = daylightv1.VisitType_VISIT_TYPE_IN_DEPTH.Enum(), daylightv1.VisitAnnouncement_VISIT_ANNOUNCEMENT_UNANNOUNCED.Enum()
	m.ArrivedAt, m.EnteredAt, m.DelayMinutes = proto.String("2026-11-24T08:50+05:00"), proto.String("2026-11-24T09:25+05:00"), proto.Uint32(35)
	m.Sessions = []*daylightv1.VisitSession{{EnteredAt: proto.String("2026-11-24T09:25+05:00")}}
	m.Team = []*daylightv1.TeamMember{{Person: proto.String("Lead monitor"), Roles: []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_HEAD, daylightv1.TeamRole_TEAM_ROLE_LAWYER}}, {Person: proto.String("Doctor"), Roles: []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_PHYSICIAN}}}
	m.Access = []*daylightv1.AccessRecord{{Right: daylightv1.AccessRight_ACCESS_RIGHT_A20A_NUMBERS, Rating: daylightv1.AccessRating_ACCESS_RATING_FULL.Enum()},
		{Right: daylightv1.AccessRight_ACCESS_RIGHT_A20C_ALL_PREMISES, Rating: daylightv1.AccessRating_ACCESS_RATING_REFUSED.Enum(), Note: proto.String("quarantine")}}
	count := func(s daylightv1.CountSource, n uint32) *daylightv1.PopulationCount {
		return &daylightv1.PopulationCount{Category: proto.String(totalHeld), Source: s.Enum(), Persons: proto.Uint32(n), AsOf: proto.String("2026-11-24T10:00+05:00")}
	}
	m.Population = []*daylightv1.PopulationCount{count(1, 412), count(2, 418), count(3, 431)}
	m.Capacities = []*daylightv1.Capacity{{Kind: daylightv1.CapacityKind_CAPACITY_KIND_OFFICIAL.Enum(), Persons: proto.Uint32(300), Source: daylightv1.CountSource_COUNT_SOURCE_MANAGEMENT_STATEMENT.Enum()}}
	m.ClosingPoints = []*daylightv1.ClosingPoint{{Point: proto.String("Light in the cells"), Reply: proto.String("New lamps by spring")}}
	saved(t, v.c, m)
	concern := daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum()
	saved(t, v.c, &daylightv1.Finding{VisitId: id, Kind: concern, Topic: proto.String("TREAT.FORCE"), Title: proto.String("Force at admission"), SeverityProposed: daylightv1.FindingSeverity_FINDING_SEVERITY_CRITICAL.Enum(), InClosingTalk: proto.Bool(true)})
	saved(t, v.c, &daylightv1.Finding{VisitId: id, Kind: concern, Topic: proto.String("MAT.LIGHT"), SeverityProposed: daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS.Enum(), InClosingTalk: proto.Bool(true)})
	saved(t, v.c, &daylightv1.Measurement{VisitId: id, Type: daylightv1.MeasurementType_MEASUREMENT_TYPE_LIVING_SPACE.Enum(), Value: proto.Float64(2.1), Persons: proto.Uint32(12), Wing: proto.String("B"), Room: proto.String("12"), Method: daylightv1.MeasurementMethod_MEASUREMENT_METHOD_MEASURED.Enum()})
	saved(t, v.c, &daylightv1.RegisterCheck{VisitId: id, RegisterType: proto.String("CUSTODY"), EntriesInPeriod: proto.Uint32(240), EntriesSeen: proto.Uint32(40), Gaps: []*daylightv1.RegisterGap{{What: proto.String("No times of release"), From: proto.String("2026-10-03")}}})
	saved(t, v.c, &daylightv1.Note{VisitId: id, Text: proto.String("<b>Cold</b> water only \u202e in the washroom 🎈"), ObservedAt: proto.String("2026-11-24T11:10+05:00"), OnPaper: proto.Bool(true)})
	saved(t, v.c, &daylightv1.Undertaking{VisitId: id, Text: proto.String("New lamps in wing B"), By: proto.String("head of the place"), DueOn: proto.String("2027-03-01")})
	saved(t, v.c, &daylightv1.ReprisalCase{VisitId: id, Risk: daylightv1.ReprisalRisk_REPRISAL_RISK_HIGH.Enum(), State: daylightv1.ReprisalState_REPRISAL_STATE_FEARED.Enum(), Urgent: proto.Bool(true)})
	saved(t, v.c, &daylightv1.ObstructionIncident{VisitId: id, Type: proto.String("ENTRY_DELAYED"), At: proto.String("2026-11-24T08:50+05:00"), ResolvedAfterMinutes: proto.Uint32(35)})
	old := saved(t, v.c, &daylightv1.Visit{FacilityId: proto.String(v.place.GetId()), State: daylightv1.VisitState_VISIT_STATE_FINAL.Enum(), EnteredAt: proto.String("2025-03-12T09:00+05:00"), Type: daylightv1.VisitType_VISIT_TYPE_IN_DEPTH.Enum()}).(*daylightv1.Visit)
	saved(t, v.c, &daylightv1.Finding{VisitId: proto.String(old.GetId()), Kind: concern, Topic: proto.String("MAT.LIGHT"), Title: proto.String("Dark cells"), SeverityProposed: daylightv1.FindingSeverity_FINDING_SEVERITY_MODERATE.Enum()})
}

// one is the address of the only record of a kind.
func (v *trip) one(t *testing.T, kind clientsync.Kind) string {
	t.Helper()
	for item, err := range v.c.List(t.Context(), clientsync.Filter{Kind: kind, Visit: v.visit.GetId()}) {
		if err != nil {
			t.Fatal(err)
		}
		return v.hrefTo(kind, item.ID)
	}
	t.Fatalf("there is no %s", kind)
	return ""
}

// TestPagesOfAVisitInTheBrowser: every page can be read by everybody, on a phone and on a
// desk. With DAYLIGHT_SHOTS it goes through more languages and lights, and keeps pictures.
func TestPagesOfAVisitInTheBrowser(t *testing.T) {
	v := openTrip(t)
	v.fill(t)
	setups := []browsertest.Setup{{Device: browsertest.Phone}, {Device: browsertest.SmallPhone, Dark: true, Language: "ar"}}
	if os.Getenv("DAYLIGHT_SHOTS") != "" {
		setups = []browsertest.Setup{{Device: browsertest.Phone}, {Device: browsertest.Phone, Dark: true, Language: "ru"}, {Device: browsertest.Phone, Language: "ar"}, {Device: browsertest.Desk}}
	}
	for _, s := range setups {
		p, url := v.chrome(t, s)
		pages := map[string]string{"place": v.hrefTo(clientsync.KindFacility, v.place.GetId()), "place-edit": v.hrefTo(clientsync.KindFacility, v.place.GetId()) + "/edit", "visits": "/visits", "places": "/places?for=visit"}
		for _, page := range visitPages {
			pages["visit-"+page] = strings.TrimRight(v.href+"/"+page, "/")
		}
		for _, k := range keptKinds {
			pages["one-"+k.page] = v.one(t, k.kind)
		}
		for _, name := range sortedKeys(pages) {
			if p.Visit(url+pages[name]) != http.StatusOK {
				t.Errorf("%s is not there", name)
			}
			p.Accessible()
			p.Fits()
			p.Targets(44)
			p.Shot(name)
		}
	}
}

// TestAVisitByKeyboardAndWithoutScript: the ways that have to work when nothing else does.
func TestAVisitByKeyboardAndWithoutScript(t *testing.T) {
	v := openTrip(t)
	p, url := v.chrome(t, browsertest.Setup{Device: browsertest.Desk})
	p.Visit(url + v.href)
	p.TabTo(".btn-main")
	p.Enter()
	p.Visit(url + v.href + "/notes")
	p.TabTo(".btn-main")
	p.Enter()
	p.TabTo("#f-text")
	p.Press("cold water only", browsertest.Tab)
	p.WaitFor(`document.querySelector('[data-saved="form"]').textContent.includes("Saved on this device")`)
	if at := browsertest.Eval[string](p, "location.pathname"); at != v.one(t, clientsync.KindNote) {
		t.Errorf("the note stands at another address than %s", at)
	}
	p, url = v.chrome(t, browsertest.Setup{Device: browsertest.Phone, NoScript: true})
	p.Visit(url + v.href + "/arrival")
	p.Fill("#f-delay_minutes", "35")
	p.Follow("[data-plain]")
	if v.now().GetDelayMinutes() != 35 {
		t.Error("the Save button did not save")
	}
	p.Visit(url + v.href + "/counts")
	p.Follow(`button[name="add"][value="population"]`)
	if len(v.now().GetPopulation()) != 1 {
		t.Error("no count was added")
	}
	p.Visit(url + "/places")
	p.Fill("#f-q", "зеленый")
	p.Follow("form#find .btn-main")
	if !strings.Contains(p.Text("main"), "Colony 14") {
		t.Error("the place was not found")
	}
}
