package console_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/browsertest"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// dayOf is an office with something in every part of the day.
type dayOf struct {
	*world
	ids map[string]string
}

// put saves a record as somebody at the office, and keeps its id by the name.
func (d *dayOf) put(name string, m record.Message) string {
	d.Helper()
	items := d.saved(d.store.For(store.Caller{Writer: "Registry"}).Save(d.Context(), m))
	d.ids[name] = items[0].Message.GetId()
	return d.ids[name]
}

// saved fails on the error of a call that gives something.
func (d *dayOf) saved(items []store.Item, err error) []store.Item {
	d.Helper()
	d.must(err)
	return items
}

const alerting = `<script>alert("x")</script>`

func newDay(t testing.TB) *dayOf {
	d := &dayOf{newWorld(t), map[string]string{}}
	d.time = time.Now().UTC() // which is the store's
	ago := func(days int) string { return d.time.AddDate(0, 0, -days).Format(time.DateOnly) }
	place := d.put("place", &daylightv1.Facility{Names: map[string]string{"en": "Ak Derýa remand prison", "ru": "СИЗО Ак-Дерья"}, Code: proto.String("AD-1"), Region: proto.String("TM-A"), MainType: proto.String("PEN_REMAND")})
	visit := d.put("visit", &daylightv1.Visit{FacilityId: &place, Code: proto.String("V-2026-14"), EnteredAt: proto.String(ago(0) + "T08:00+00:00"), State: daylightv1.VisitState_VISIT_STATE_IN_PROGRESS.Enum(),
		Team: []*daylightv1.TeamMember{{Id: "01920000-0000-7000-8000-000000000001"}}})
	d.put("alleged", &daylightv1.Finding{VisitId: &visit, Title: proto.String("Beating during intake alleged " + alerting), Kind: daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(), Topic: proto.String("TREAT.TORTURE"),
		SeverityProposed: daylightv1.FindingSeverity_FINDING_SEVERITY_CRITICAL.Enum(), EvidenceStatus: daylightv1.EvidenceStatus_EVIDENCE_STATUS_ALLEGED.Enum()})
	d.put("danger", &daylightv1.ReprisalCase{VisitId: &visit, State: daylightv1.ReprisalState_REPRISAL_STATE_REPORTED.Enum(), Risk: daylightv1.ReprisalRisk_REPRISAL_RISK_IMMINENT.Enum()})
	gate := d.put("gate", &daylightv1.Visit{FacilityId: &place, State: daylightv1.VisitState_VISIT_STATE_OBSTRUCTED.Enum(), ArrivedAt: proto.String(ago(1) + "T09:00+00:00")})
	d.put("secret", &daylightv1.Finding{VisitId: &gate, Title: proto.String("Nobody may read this in passing"), SeverityProposed: daylightv1.FindingSeverity_FINDING_SEVERITY_CRITICAL.Enum(),
		Confidentiality: daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED.Enum()})
	done := d.put("handed in", &daylightv1.Visit{FacilityId: &place, Code: proto.String("V-2026-13"), EnteredAt: proto.String(ago(5) + "T08:00+00:00"), State: daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum()})
	line := "01920000-0000-7000-8000-00000000000a"
	paper := func(name, authority, due string) string {
		return d.put(name, &daylightv1.Recommendation{VisitId: &done, Code: proto.String(name), State: daylightv1.RecommendationState_RECOMMENDATION_STATE_RECEIVED.Enum(), Texts: map[string]string{"en": "Install call bells in cells"},
			Addressees: []*daylightv1.AddresseeLine{{Id: line, Authority: &authority, DueOn: &due}}})
	}
	paper("R-1", "INTERIOR", ago(15))
	paper("R-2", "INTERIOR", ago(700))
	answered := paper("R-3", "HEALTH", ago(15))
	d.put("reply", &daylightv1.AuthorityReply{VisitId: &done, RecommendationId: &answered, LineId: &line, Response: daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_ACCEPTED.Enum(), ReceivedOn: proto.String(ago(16))})
	two := d.put("two", &daylightv1.Finding{VisitId: &gate})
	for _, who := range []store.OfficeWriter{"One", "Other"} {
		d.saved(d.store.For(store.Caller{Writer: who}).Save(d.Context(), &daylightv1.Finding{Id: two, Narrative: proto.String("as " + string(who) + " saw it")}))
	}
	return d
}

// TestTodayForEachRole: everybody is told what they may read or act on, and nothing else.
func TestTodayForEachRole(t *testing.T) {
	d := newDay(t)
	d.pass(17*time.Hour + 40*time.Minute)
	officer := d.member(d.person("Case officer", caseRole))
	officer.get("/").wants(200, "4 things cannot wait", "6 h 1", "of one day, left", "Torture allegation", "Ak Derýa remand prison", "V-2026-14", "Somebody may come to harm", "The team was turned away",
		"owes 2 answers", "1 for less than 30 days, 1 for a year or more", "stands in two versions", "waits for a reviewer", "Your own view is missing", "Out today", "1 person in the team", "This year", "Synced in the last day")
	officer.leads("/findings/"+d.ids["alleged"], "/records/reprisal_case/"+d.ids["danger"], "/recommendations/new?visit="+d.ids["gate"], "/authorities/INTERIOR", "/authorities/HEALTH", "/two", "/visits/"+d.ids["handed in"]+"/review", "/visits/"+d.ids["visit"])
	if strings.Contains(officer.page, alerting) {
		t.Error("what a monitor typed is a script")
	}
	if strings.Contains(officer.page, "in passing") {
		t.Error("a restricted record's words stand on the page")
	}
	if n := strings.Count(officer.page, "btn-main"); n != 1 {
		t.Errorf("there are %d main actions", n)
	}
	for _, note := range d.notes() {
		if strings.Contains(note, "restricted") {
			t.Errorf("the log says: %s", note)
		}
	}

	admin := d.member(d.person("Keeper", adminRole))
	admin.get("/").wants(200, "Nothing waits for you", "Synced in the last day")
	for _, words := range []string{"Ak Derýa", "things cannot wait", "This year", "owes", "/search"} {
		if strings.Contains(admin.page, words) {
			t.Errorf("whoever keeps the system is told %q", words)
		}
	}
	reader := d.member(d.person("Data officer", daylightv1.OfficeRole_OFFICE_ROLE_DATA_OFFICER))
	reader.get("/").wants(200, "2 things wait for a decision", "owes 2 answers")
	for _, words := range []string{"Beating", "turned away", "come to harm", "Claim", "Assess", "two versions", "/recommendations/new"} {
		if strings.Contains(reader.page, words) {
			t.Errorf("whoever reads no findings is told %q", words)
		}
	}

	// A day later the allegation is over its time; a recommendation that was issued ends it.
	d.pass(24 * time.Hour)
	officer.signIn()
	officer.get("/").wants(200, "over the one day")
	d.put("letter", &daylightv1.Recommendation{VisitId: proto.String(d.ids["visit"]), FindingIds: []string{d.ids["alleged"]}, State: daylightv1.RecommendationState_RECOMMENDATION_STATE_ISSUED.Enum()})
	officer.get("/").wants(200, "3 things cannot wait")
	if strings.Contains(officer.page, "Beating") {
		t.Error("what was acted on is still pressing")
	}
}

// leads fails unless links of the page lead there.
func (b *browser) leads(hrefs ...string) {
	b.Helper()
	for _, h := range hrefs {
		if !strings.Contains(b.page, `href="`+h+`"`) {
			b.Errorf("%s leads nowhere to %s", b.at, h)
		}
	}
}

func TestTodayOfAnEmptyOffice(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Case officer", caseRole))
	b.get("/").wants(200, "Nothing waits for you")
	if b.heading() != "Today" {
		t.Errorf("it is headed %q", b.heading())
	}
}

// TestFinding: words of any script, codes and numbers, in sight alone.
func TestFinding(t *testing.T) {
	d := newDay(t)
	d.index()
	b := d.member(d.person("Case officer", caseRole))
	b.get("/search").wants(200, "Words in any language")
	b.get("/search?q=ак-дер").wants(200, "Places")
	b.leads("/places/" + d.ids["place"])
	b.get("/search?q=derya").wants(200, "Ak Derýa")
	b.get("/search?q=V-2026-14").wants(200, "Visits", "In progress")
	b.leads("/visits/" + d.ids["visit"])
	b.get("/search?q=call+bell").wants(200, "Recommendations", "R-1", "R-3")
	b.get("/search?q=beating").wants(200, "Findings", "Critical", "Ak Derýa")
	b.leads("/findings/" + d.ids["alleged"])
	b.get("/search?q=nothingsuch").wants(200, "Nothing has all these words")
	for _, odd := range []string{"%00", "%ff%fe", "%22+OR+%22", "*", "(", "NEAR(", strings.Repeat("a+", 3000), "%3Cscript%3Ealert(1)%3C/script%3E"} {
		b.get("/search?q=" + odd).wants(200)
		if strings.Contains(b.page, "<script>alert") {
			t.Error("what was searched for is a script")
		}
	}
	b.get("/search?q=a&kind=finding&page=nonsense").wants(404)
	b.get("/search?q=a&kind=person_identity").wants(200)

	r := d.member(d.person("Data officer", daylightv1.OfficeRole_OFFICE_ROLE_DATA_OFFICER))
	r.get("/search?q=beating").wants(200, "Nothing has all these words")
	k := d.member(d.person("Keeper", adminRole))
	k.get("/search?q=derya").wants(404)
}

func TestFindingAllOfAKind(t *testing.T) {
	d := newDay(t)
	for i := range 60 {
		d.put(fmt.Sprint(i), &daylightv1.Facility{Names: map[string]string{"en": fmt.Sprintf("Lake house %d", i)}, Code: proto.String(fmt.Sprintf("L%d", i))})
	}
	d.index()
	b := d.member(d.person("Case officer", caseRole))
	b.get("/search?q=lake").wants(200, "Lake house 59", "All of these")
	b.get("/search?q=lake&kind=facility").wants(200, "Lake house 59", "Lake house 10")
	next := b.hrefOf(`rel="next" href="`)
	b.get(next).wants(200, "Lake house 9", "Lake house 0")
	b.get("/search?q=L7").wants(200)
	if i, j := strings.Index(b.page, "/places/"+d.ids["7"]), strings.Index(b.page, "/places/"); i != j || i < 0 {
		t.Error("what has the very code does not come first")
	}
}

// hrefOf is the first address of the page behind the words.
func (b *browser) hrefOf(before string) string {
	b.Helper()
	_, rest, ok := strings.Cut(b.page, before)
	href, _, _ := strings.Cut(rest, `"`)
	if !ok {
		b.Fatalf("%s has no %s", b.at, before)
	}
	return strings.ReplaceAll(href, "&amp;", "&")
}

// index brings the search up to date.
func (d *dayOf) index() {
	d.Helper()
	for more := true; more; {
		var err error
		more, err = d.store.Index(d.Context())
		d.must(err)
	}
}

// TestTodayInABrowser: found by keyboard what cannot wait, and a place by its name; on each
// screen, theme and language nothing is cut or beyond reach.
func TestTodayInABrowser(t *testing.T) {
	d := newDay(t)
	d.index()
	d.pass(3 * time.Hour)
	member := d.member(d.person("Case officer", caseRole))
	for _, s := range []browsertest.Setup{
		{Device: browsertest.Desk}, {Device: browsertest.Phone, Dark: true, Language: "ru"}, {Device: browsertest.Phone, Language: "ar"},
	} {
		p := browsertest.Open(t, s)
		p.Allow("404")
		p.Visit(d.url + "/sign-in")
		lend(t, p, d.url, member.cookie("daylight-session"))
		p.Visit(d.url + "/")
		p.Accessible()
		p.Fits()
		p.Shot("today")
		p.TabTo("input[type=search]")
		p.Press("derya")
		p.Enter()
		p.Accessible()
		p.Fits()
		p.Shot("search")
		if p.Count("main .rows a") != 1 {
			t.Errorf("%s: %d were found", s.Name(), p.Count("main .rows a"))
		}
	}
}

// lend gives the page the session of somebody who has signed in elsewhere.
func lend(t *testing.T, p *browsertest.Page, url, session string) {
	t.Helper()
	if _, err := chromedp.Call(p.Context(), network.SetCookie, network.SetCookieParams{Name: "daylight-session", Value: session, URL: url}); err != nil {
		t.Fatal(err)
	}
}
