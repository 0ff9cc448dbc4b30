package console_test

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// papers is an office with a prison, a visit to it and two findings.
type papers struct {
	*world
	prison, visit, bedding, water string
}

func newPapers(t testing.TB) *papers {
	t.Helper()
	p := &papers{world: newWorld(t)}
	p.prison = p.add(record.Facility, `{"code":"A","names":{"en":"Ak Derýa"},"region":"TM-A","mainType":"PRISON","responsibleBody":"INTERIOR","state":"FACILITY_STATE_ACTIVE"}`)
	p.visit = p.add(record.Visit, `{"facilityId":"`+p.prison+`","code":"V-7","type":"VISIT_TYPE_IN_DEPTH","state":"VISIT_STATE_UNDER_REVIEW","arrivedAt":"2026-11-02T09:00+05:00"}`)
	p.bedding = p.add(record.Finding, `{"visitId":"`+p.visit+`","kind":"FINDING_KIND_CONCERN","area":"MAT","topic":"MAT.BEDDING","severityProposed":"FINDING_SEVERITY_CRITICAL","standards":["NMR-21"],"title":"Eighteen men, nine beds"}`)
	p.water = p.add(record.Finding, `{"visitId":"`+p.visit+`","kind":"FINDING_KIND_CONCERN","area":"MAT","topic":"MAT.FOOD","title":"<script>alert(1)</script>"}`)
	return p
}

// add keeps a record as the office, and gives its id.
func (p *papers) add(kind record.Kind, fields string) string {
	p.Helper()
	m := record.New(kind)
	p.must(protojson.Unmarshal([]byte(fields), m))
	items, err := p.store.Save(p.Context(), "Somebody at the office", m)
	p.must(err)
	return items[0].Message.GetId()
}

// recommendation reads one from the store.
func (p *papers) recommendation(id string) *daylightv1.Recommendation {
	p.Helper()
	of, err := record.ParseID(id)
	p.must(err)
	item, err := p.store.Get(p.Context(), record.Recommendation, of)
	p.must(err)
	return item.Message.(*daylightv1.Recommendation)
}

// fill gives what a form of the page would send, with its pairs in the place of what its
// controls hold: hidden fields, lines, texts, the chosen and the ticked.
func (b *browser) fill(action string, pairs ...string) []string {
	b.Helper()
	m := regexp.MustCompile(`(?s)<form[^>]*action="` + regexp.QuoteMeta(html.EscapeString(action)) + `"[^>]*>.*?</form>`).FindString(b.page)
	if m == "" {
		b.Fatalf("%s has no form to %s: %.2000s", b.at, action, b.text())
	}
	said := map[string]bool{}
	for i := 0; i < len(pairs); i += 2 {
		said[pairs[i]] = true
	}
	out := pairs
	put := func(name, value string) {
		if name = html.UnescapeString(name); name != "" && !said[name] {
			out = append(out, name, html.UnescapeString(value))
		}
	}
	attr := func(tag, name string) string {
		if v := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(tag); v != nil {
			return v[1]
		}
		return ""
	}
	for _, tag := range regexp.MustCompile(`<input[^>]*>`).FindAllString(m, -1) {
		if kind := attr(tag, "type"); (kind == "checkbox" || kind == "radio") && !strings.Contains(tag, " checked") {
			continue
		}
		put(attr(tag, "name"), attr(tag, "value"))
	}
	for _, area := range regexp.MustCompile(`(?s)(<textarea[^>]*>)(.*?)</textarea>`).FindAllStringSubmatch(m, -1) {
		put(attr(area[1], "name"), strings.TrimPrefix(area[2], "\n"))
	}
	for _, list := range regexp.MustCompile(`(?s)(<select[^>]*>)(.*?)</select>`).FindAllStringSubmatch(m, -1) {
		chosen := regexp.MustCompile(`<option[^>]*value="([^"]*)"[^>]* selected`).FindStringSubmatch(list[2])
		if chosen == nil {
			chosen = []string{"", ""}
		}
		put(attr(list[1], "name"), chosen[1])
	}
	return out
}

// send posts a form of the page.
func (b *browser) send(action string, pairs ...string) *browser {
	b.Helper()
	return b.post(action, b.fill(action, pairs...)...)
}

// paperAt is the id of the recommendation whose page is open.
func (b *browser) paperAt() string {
	b.Helper()
	m := regexp.MustCompile(`^/recommendations/([0-9a-f-]{36})`).FindStringSubmatch(b.at)
	if m == nil {
		b.Fatalf("%s (%d) is no recommendation: %.1500s", b.at, b.status, b.text())
	}
	return m[1]
}

// TestARecommendationsWay: drafted from a finding, approved, issued with its days, answered,
// and seen to be done; by those whose step it is.
func TestARecommendationsWay(t *testing.T) {
	p := newPapers(t)
	officer, head, follows := p.member(p.person("Case officer", caseRole)), p.member(p.person("Head of the department", headRole)), p.member(p.person("Follow-up officer", followRole))

	officer.get("/recommendations/new?finding="+p.bedding).wants(200, "Eighteen men, nine beds", "V-7", "NMR-21")
	officer.send("/recommendations/new", "texts[en]", "Give each person a bed", "horizon", "RECOMMENDATION_HORIZON_SHORT", "_standards", "nmr-13").wants(200, "The draft is kept", "Give each person a bed")
	id := officer.paperAt()
	if r := p.recommendation(id); r.GetVisitId() != p.visit || len(r.GetFindingIds()) != 1 || strings.Join(r.GetStandards(), " ") != "NMR-13 NMR-21" || r.GetFacilityIds()[0] != p.prison ||
		len(r.GetAddressees()) != 1 || r.GetAddressees()[0].GetAuthority() != "INTERIOR" || r.GetState() != daylightv1.RecommendationState_RECOMMENDATION_STATE_DRAFT || !strings.Contains(r.GetRationale(), "Eighteen men") {
		t.Fatalf("the draft is %v", r)
	}
	if strings.Contains(officer.page, ">Approve<") {
		t.Error("who drafts is offered to approve")
	}
	at := "/recommendations/" + id
	officer.send(at+"/step", "to", "IN_REVIEW").wants(200, "The step is taken", "In review")
	officer.send(at+"/step", "to", "APPROVED").wants(403, "Not saved", "Head of NPM department")

	head.get(at).wants(200, ">Approve<")
	head.send(at+"/step", "to", "APPROVED").wants(200, "Approved")

	follows.get(at+"/step/ISSUED").wants(200, "R-2026-0001", "1 month", "3 months")
	follows.send(at+"/step/ISSUED", "code", "").wants(422, "This is needed")
	follows.send(at+"/step/ISSUED", "code", "R-2026-0001", "issued_on", "2026-10-05").wants(200, "It is issued", "5 November 2026", "20 days over")
	if l := p.recommendation(id).GetAddressees()[0]; l.GetSentOn() != "2026-10-05" || l.GetDueOn() != "2026-11-05" || l.GetImplementBy() != "2027-01-05" {
		t.Errorf("the line is %v", l)
	}

	follows.get(at + "/answers/new").wants(200)
	follows.send(at+"/answers/new", "text", "typed").wants(422, "This is needed", "typed")
	follows.send(at+"/answers/new", "response", "AUTHORITY_RESPONSE_ACKNOWLEDGED", "received_on", "2026-10-09", "text", "<b>It came</b>").wants(200, "The answer is kept", "Receipt confirmed", "20 days over")
	if strings.Contains(follows.page, "<b>It came") {
		t.Error("what was typed is markup")
	}
	follows.get(at + "/answers/new").wants(200)
	follows.send(at+"/answers/new", "response", "AUTHORITY_RESPONSE_ACCEPTED", "received_on", "2026-11-20", "text", "A second post from 1 January").wants(200, "Response received", "A second post")
	if strings.Contains(follows.text(), "days over") {
		t.Error("what was answered is overdue")
	}

	follows.get(at+"/assessments/new").wants(200, "V-7")
	follows.send(at+"/assessments/new", "assessments[].status", "IMPLEMENTATION_STATUS_PARTLY", "assessments[].basis", "IMPLEMENTATION_BASIS_FOLLOW_UP_VISIT", "assessments[].visit_id", p.visit, "assessments[].note", "6 of 18 cells").
		wants(200, "What we saw is kept", "Partly implemented", "6 of 18 cells", "Accepted")
	if a := p.recommendation(id).GetAssessments(); len(a) != 1 || a[0].GetBy() != "Follow-up officer" || a[0].GetOn() != "2026-11-25" || a[0].GetVisitId() != p.visit {
		t.Errorf("the assessment is %v", a)
	}
	follows.send(at+"/step", "to", "UNDER_VERIFICATION").wants(200, "Under verification")
	follows.get(at + "/step/CLOSED").wants(200)
	follows.send(at+"/step/CLOSED").wants(200, "Closed 25 November 2026")
	follows.get(at+"/print").wants(200, "Give each person a bed", "Partly implemented", "A second post", "NPM internal")

	// Each change has its author.
	of, _ := record.ParseID(id)
	history, _, err := p.store.History(t.Context(), record.Recommendation, of, 50, "")
	p.must(err)
	names := map[string]bool{}
	for _, h := range history {
		names[h.GetPerson()] = true
	}
	if len(names) != 3 {
		t.Errorf("the authors are %v", names)
	}
}

// TestTheListIsItsAddress: each filter of the address narrows it, and what says nothing does not.
func TestTheListIsItsAddress(t *testing.T) {
	p := newPapers(t)
	line := `"addressees":[{"id":"01920000-0000-7000-8000-000000000001","authority":"INTERIOR","sentOn":"2026-05-01","dueOn":"2026-06-01"}]`
	p.add(record.Recommendation, `{"visitId":"`+p.visit+`","code":"R-1","state":"RECOMMENDATION_STATE_ISSUED","texts":{"en":"Beds for all"},"horizon":"RECOMMENDATION_HORIZON_SHORT","level":"MINISTRY","topics":["MAT.BEDDING"],"standards":["NMR-21"],"facilityIds":["`+p.prison+`"],"issuedOn":"2026-05-01",`+line+`}`)
	other := p.add(record.Recommendation, `{"code":"R-2","state":"RECOMMENDATION_STATE_CLOSED","texts":{"ru":"Горячая вода"},"horizon":"RECOMMENDATION_HORIZON_LONG","issuedOn":"2025-05-01","addressees":[{"id":"01920000-0000-7000-8000-000000000002","authority":"HEALTH","dueOn":"2025-06-01"}],
		"assessments":[{"id":"01920000-0000-7000-8000-000000000003","status":"IMPLEMENTATION_STATUS_FULLY","on":"2026-01-01"}]}`)
	p.add(record.AuthorityReply, `{"recommendationId":"`+other+`","response":"AUTHORITY_RESPONSE_REJECTED","receivedOn":"2025-07-01"}`)
	p.add(record.Recommendation, `{"state":"RECOMMENDATION_STATE_DRAFT","texts":{"en":"Not sent yet"}}`)
	for more := true; more; {
		var err error
		more, err = p.store.Index(t.Context())
		p.must(err)
	}
	b := p.member(p.person("Follow-up officer", followRole))
	for query, want := range map[string]string{
		"":                                   "R-1 R-2 draft",
		"state=ISSUED":                       "R-1",
		"state=DRAFT":                        "draft",
		"authority=HEALTH":                   "R-2",
		"horizon=LONG":                       "R-2",
		"topic=MAT.BEDDING":                  "R-1",
		"standard=NMR-21":                    "R-1",
		"level=MINISTRY":                     "R-1",
		"code=R-2":                           "R-2",
		"place=" + p.prison:                  "R-1",
		"visit=" + p.visit:                   "R-1",
		"open=1":                             "R-1",
		"owed=open":                          "R-1",
		"overdue=1":                          "R-1",
		"owed=30":                            "",
		"owed=180":                           "R-1",
		"response=REJECTED":                  "R-2",
		"response=NO_RESPONSE":               "R-1",
		"status=FULLY":                       "R-2",
		"from=2026-01-01":                    "R-1",
		"to=2025-12-31":                      "R-2",
		"q=вода":                             "R-2",
		"q=beds":                             "R-1",
		"state=NONSENSE&place=x&from=May":    "R-1 R-2 draft",
		"authority=INTERIOR&owed=overdue":    "R-1",
		"authority=HEALTH&owed=overdue":      "",
		"topic=MAT.BEDDING&horizon=LONG":     "",
		"q=beds&state=ISSUED&owed=overdue":   "R-1",
		"authority=%3Cscript%3E&state=DRAFT": "",
	} {
		b.get("/recommendations?" + query).wants(200)
		got := []string{}
		for name, words := range map[string]string{"R-1": "Beds for all", "R-2": "Горячая вода", "draft": "Not sent yet"} {
			if strings.Contains(b.text(), words) {
				got = append(got, name)
			}
		}
		if !same(got, strings.Fields(want)) {
			t.Errorf("%s leaves %v, not %q", query, got, want)
		}
	}
	b.get("/recommendations").wants(200, "1 answer is overdue", "91 to 180 days", "177 days over", "Fully implemented", "Rejected")
	b.get("/recommendations?page=nonsense").wants(404)
}

func same(a, b []string) bool {
	seen := map[string]int{}
	for _, s := range a {
		seen[s]++
	}
	for _, s := range b {
		seen[s]--
	}
	for _, n := range seen {
		if n != 0 {
			return false
		}
	}
	return true
}
