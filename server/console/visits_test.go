package console_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// put saves records as the office, and gives them their ids.
func (w *world) put(all ...record.Message) {
	w.Helper()
	items, err := w.store.For(store.Caller{Writer: "The office"}).Save(w.Context(), all...)
	w.must(err)
	for i, item := range items {
		proto.Reset(all[i])
		proto.Merge(all[i], item.Message)
	}
}

// searched brings the search up to date.
func (w *world) searched() {
	w.Helper()
	for {
		more, err := w.store.Index(w.Context())
		w.must(err)
		if !more {
			return
		}
	}
}

// aVisit is one to a place of that name, submitted, with something of every kind on it.
func (w *world) aVisit(name string) *daylightv1.Visit {
	w.Helper()
	place := &daylightv1.Facility{Names: map[string]string{"en": name, "ru": "СИЗО " + name}, Code: proto.String("TM-L-0203"), Region: proto.String("TM-L"), MainType: proto.String("PEN_REMAND"), ResponsibleBody: proto.String("INTERIOR")}
	w.put(place)
	v := &daylightv1.Visit{FacilityId: &place.Id, State: daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum(), Type: daylightv1.VisitType_VISIT_TYPE_IN_DEPTH.Enum(),
		Announcement: daylightv1.VisitAnnouncement_VISIT_ANNOUNCEMENT_UNANNOUNCED.Enum(), Code: proto.String("V-2026-488"), ArrivedAt: proto.String("2026-11-17T08:50+05:00"), EnteredAt: proto.String("2026-11-17T09:25+05:00"),
		DelayMinutes: proto.Uint32(35), Aims: proto.String("See the new wing"), Summary: proto.String("Built for 300 and full"),
		Sessions: []*daylightv1.VisitSession{{EnteredAt: proto.String("2026-11-17T09:25+05:00"), LeftAt: proto.String("2026-11-17T18:40+05:00")}, {EnteredAt: proto.String("2026-11-18T08:30+05:00"), Order: proto.Uint32(1)}},
		Team: []*daylightv1.TeamMember{{Id: w.admin.Id, Person: proto.String("Lead monitor"), Roles: []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_HEAD, daylightv1.TeamRole_TEAM_ROLE_LAWYER}},
			{Person: proto.String("Doctor"), Roles: []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_PHYSICIAN}, Languages: []string{"ru", "tk"}, Order: proto.Uint32(1)}},
		Access: []*daylightv1.AccessRecord{{Right: daylightv1.AccessRight_ACCESS_RIGHT_A20C_ALL_PREMISES, Rating: daylightv1.AccessRating_ACCESS_RATING_DELAYED.Enum(), Note: proto.String("The duty officer called the ministry"), RequestedAt: proto.String("2026-11-17T08:50+05:00")},
			{Right: daylightv1.AccessRight_ACCESS_RIGHT_A20D_PRIVATE_DETAINEES, Rating: daylightv1.AccessRating_ACCESS_RATING_FULL.Enum()}},
		Met:           []*daylightv1.PersonMet{{Name: proto.String("The deputy director"), Office: proto.String("Deputy director"), At: proto.String("2026-11-17T09:40+05:00")}},
		Population:    []*daylightv1.PopulationCount{{Category: proto.String("TOTAL"), Persons: proto.Uint32(431), Source: daylightv1.CountSource_COUNT_SOURCE_TEAM_COUNT.Enum()}, {Category: proto.String("TOTAL"), Persons: proto.Uint32(412), Source: daylightv1.CountSource_COUNT_SOURCE_MANAGEMENT_STATEMENT.Enum()}},
		Capacities:    []*daylightv1.Capacity{{Kind: daylightv1.CapacityKind_CAPACITY_KIND_OFFICIAL.Enum(), Persons: proto.Uint32(300)}},
		ClosingPoints: []*daylightv1.ClosingPoint{{Point: proto.String("Beds are missing"), Reply: proto.String("They are ordered")}}}
	w.put(v)
	case_, note := &daylightv1.ReprisalCase{VisitId: &v.Id, Risk: daylightv1.ReprisalRisk_REPRISAL_RISK_HIGH.Enum()}, &daylightv1.InterviewNote{VisitId: &v.Id, Language: proto.String("ru")}
	w.put(
		&daylightv1.Finding{VisitId: &v.Id, Title: proto.String("Beds"), Narrative: proto.String("Ten people and eight beds"), Topic: proto.String("MAT.SPACE"), Area: proto.String("MAT"), Kind: daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(),
			SeverityProposed: daylightv1.FindingSeverity_FINDING_SEVERITY_MODERATE.Enum(), SeverityDecided: daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS.Enum(), EvidenceStatus: daylightv1.EvidenceStatus_EVIDENCE_STATUS_ESTABLISHED.Enum(), Room: proto.String("Cell 12"), ObservedAt: proto.String("2026-11-17T10:20+05:00")},
		&daylightv1.Finding{VisitId: &v.Id, Narrative: proto.String("Blows on arrival"), Topic: proto.String("TREAT.TORTURE"), SeverityProposed: daylightv1.FindingSeverity_FINDING_SEVERITY_CRITICAL.Enum(), EvidenceStatus: daylightv1.EvidenceStatus_EVIDENCE_STATUS_ALLEGED.Enum()},
		&daylightv1.ObstructionIncident{VisitId: &v.Id, Type: proto.String("ENTRY_DELAYED"), At: proto.String("2026-11-17T08:55+05:00"), ReasonGiven: proto.String("orders"), ResolvedAfterMinutes: proto.Uint32(35)},
		&daylightv1.Interview{VisitId: &v.Id, HeldOn: proto.String("2026-11-17"), IntervieweeType: proto.String("DETAINEE"), Mode: proto.String("INDIVIDUAL_PRIVATE"), Privacy: proto.String("PRIVATE"), Minutes: proto.Uint32(35), ReprisalRisk: daylightv1.ReprisalRisk_REPRISAL_RISK_HIGH.Enum(), Allegation: proto.Bool(true)},
		&daylightv1.RegisterCheck{VisitId: &v.Id, RegisterType: proto.String("FORCE_RESTRAINT"), EntriesInPeriod: proto.Uint32(212), EntriesSeen: proto.Uint32(40), CheckedAt: proto.String("2026-11-17T11:20+05:00")},
		&daylightv1.Measurement{VisitId: &v.Id, Type: daylightv1.MeasurementType_MEASUREMENT_TYPE_LIVING_SPACE.Enum(), Value: proto.Float64(2.6), Room: proto.String("Cell 12")},
		&daylightv1.Undertaking{VisitId: &v.Id, Text: proto.String("Two beds by Friday"), By: proto.String("Deputy director"), DueOn: proto.String("2026-11-20")},
		&daylightv1.Note{VisitId: &v.Id, Text: proto.String("Sketch of wing B"), OnPaper: proto.Bool(true), PaperState: daylightv1.PaperState_PAPER_STATE_DESTROYED.Enum()},
		&daylightv1.Recommendation{VisitId: &v.Id, Texts: map[string]string{"en": "A bed for everybody"}, State: daylightv1.RecommendationState_RECOMMENDATION_STATE_DRAFT.Enum(), Addressees: []*daylightv1.AddresseeLine{{Authority: proto.String("INTERIOR")}}},
		&daylightv1.ChecklistResponse{VisitId: &v.Id, ChecklistCode: proto.String("PRISON"), ChecklistVersion: proto.String("3"), Answers: []*daylightv1.Answer{{Key: "beds", Value: proto.String("8")}, {Key: "windows", State: daylightv1.AnswerState_ANSWER_STATE_REFUSED.Enum()}}},
		case_, note)
	return v
}

func TestTheListOfVisitsIsWhatItsAddressSays(t *testing.T) {
	w := newWorld(t)
	v := w.aVisit("Ak Derýa")
	other := &daylightv1.Facility{Names: map[string]string{"ru": "Колония Гараёл"}, Region: proto.String("TM-A"), MainType: proto.String("PEN_WOMEN")}
	w.put(other)
	w.put(&daylightv1.Visit{FacilityId: &other.Id, State: daylightv1.VisitState_VISIT_STATE_PLANNED.Enum(), Code: proto.String("V-2026-500"), PlannedStart: proto.String("2026-12-03"), Title: proto.String("زيارة الجناح")})
	w.searched()
	b := w.member(w.person("Case officer", caseRole))
	b.get("/visits").wants(200, "Ak Derýa", "Колония Гараёл", "V-2026-488", "17–18 Nov", "people: 2", "Led by Lead monitor", "1 Critical", "1 Serious", "35 min at the gate", "Claim the review", "planned")
	if strings.Index(b.page, "V-2026-500") > strings.Index(b.page, "V-2026-488") {
		t.Error("the newest is not first")
	}
	for query, finds := range map[string]string{
		"state=SUBMITTED": "488", "state=PLANNED": "500", "type=IN_DEPTH": "488", "place=PEN_WOMEN": "500", "region=TM-L": "488", "body=INTERIOR": "488",
		"from=2026-12-01": "500", "to=2026-11-30": "488", "person=" + w.admin.Id: "488", "q=Ak+Der": "488", "q=гараёл": "500", "q=" + url.QueryEscape("الجناح"): "500", "q=wing": "488", "q=V-2026-500": "500",
		"two=yes": "", "q=nowhere": "", "q=...": "", "state=CLOSED": "", "state=NONSENSE": "488 500", "from=yesterday": "488 500", "person=me": "488 500", "unknown=1": "488 500",
	} {
		b.get("/visits?" + query).wants(200)
		var got []string
		for _, code := range []string{"488", "500"} {
			if regexp.MustCompile(`<th scope="row">.*V-2026-` + code).MatchString(b.page) {
				got = append(got, code)
			}
		}
		if strings.Join(got, " ") != finds {
			t.Errorf("%s finds %v, want %s", query, got, finds)
		}
		if finds == "" {
			b.wants(200, "No visit matches", "Clear filters")
		}
	}
	if title := regexp.MustCompile(`<title>(.*?)</title>`).FindStringSubmatch(b.page)[1]; title != "Visits" {
		t.Errorf("the title says %q", title)
	}
	w.member(w.person("Data officer", dataRole)).get("/visits").wants(404)
	w.member(w.person("Elsewhere")).get("/visits/" + v.Id).wants(404)
	far := w.person("Regional")
	far.Grants = []*daylightv1.Grant{{Role: regionalRole, Region: "TM-A"}}
	far, err := w.directory.SavePerson(t.Context(), far, directory.By{})
	w.must(err)
	r := w.member(far)
	r.get("/visits").wants(200, "V-2026-500")
	if strings.Contains(r.page, "V-2026-488") || strings.Contains(r.page, "TM-L") {
		t.Error("another region is shown")
	}
	r.get("/visits/" + v.Id).wants(404)
}

func TestALongListOfVisitsComesInPages(t *testing.T) {
	w := newWorld(t)
	for i := range 60 {
		w.put(&daylightv1.Visit{Code: proto.String(fmt.Sprintf("V-%03d", i)), State: daylightv1.VisitState_VISIT_STATE_PLANNED.Enum()})
	}
	b := w.member(w.person("Case officer", caseRole)).get("/visits?state=PLANNED").wants(200, "V-059", "V-010", "Earlier ones")
	if strings.Contains(b.page, "V-009") {
		t.Error("more than a page is shown")
	}
	b.follow("Earlier ones").wants(200, "V-009", "V-000", "To the newest")
	if strings.Contains(b.page, "V-010") || strings.Contains(b.page, ">Earlier ones<") {
		t.Error("the pages overlap, or go on behind the last")
	}
	b.follow("To the newest").wants(200, "V-059")
	b.get("/visits?after=nonsense").wants(404)
}

// follow goes where a link of the page leads.
func (b *browser) follow(says string) *browser {
	b.Helper()
	m := regexp.MustCompile(`<a [^>]*href="([^"]*)"[^>]*>(?:<[^>]*>|\s)*` + regexp.QuoteMeta(says)).FindStringSubmatch(b.page)
	if m == nil {
		b.Fatalf("%s has no link %q", b.at, says)
	}
	return b.get(strings.ReplaceAll(m[1], "&amp;", "&"))
}

func TestAViewIsSavedNamedAndDropped(t *testing.T) {
	w := newWorld(t)
	w.aVisit("Ak Derýa")
	p := w.person("Case officer", caseRole)
	b := w.member(p)
	b.get("/visits?state=SUBMITTED&region=TM-L").wants(200, "Save these filters as a view")
	b.post("/views", "page", "/visits", "query", b.field("query"), "name", "Mine <b>now</b>").wants(200, "The view was saved", "Mine <b>now</b>", "V-2026-488")
	if !strings.Contains(b.at, "region=TM-L") || strings.Contains(b.page, "<b>now") {
		t.Errorf("it leads to %s", b.at)
	}
	b.post("/views", "page", "/visits", "query", "state=PLANNED&evil=https://elsewhere/&q=x", "name", "Other").wants(200)
	if strings.Contains(b.at, "evil") {
		t.Error("a view keeps what the list does not know")
	}
	b.post("/views", "page", "/visits", "query", "q=x", "name", " ").wants(422, "needs a name")
	b.post("/views", "page", "/elsewhere", "query", "q=x", "name", "x").wants(400)
	b.get("/views?page=/visits").wants(200, "Mine <b>now</b>", "Other").follow("Other").wants(200, "Save the name")
	at := b.at[:strings.Index(b.at, "?")]
	b.post(at, "name", "Mine <b>now</b>").wants(409, "Another view has this name")
	b.post(at, "name", "Planned").wants(200, "new name", "Planned")
	w.member(w.person("Another", caseRole)).get(at).wants(404).post(at, "name", "Theirs").wants(404).post(at + "/drop").wants(404)
	b.post(at+"/drop").wants(200, "was dropped", "Mine")
	b.get(at).wants(404)
	b.get("/views?page=/elsewhere").wants(404)
}

func TestAVisitIsShownAsFarAsItsReaderMaySee(t *testing.T) {
	w := newWorld(t)
	v := w.aVisit("Ak Derýa")
	at := "/visits/" + v.Id
	boss := w.member(w.person("Ombudsperson", bossRole)).get(at)
	boss.wants(200, "Ak Derýa", "V-2026-488", "Beds", "Serious", "Moderate, proposed", "Established", "Blows on arrival", "Critical, proposed", "The duty officer called the ministry", "orders", "431", "412", "144%", "PRISON",
		"Interview note 1", "Sealed: this console shows that it exists", "no list of readers has been signed", "entries read: 40 of 212", "2.6", "Two beds by Friday", "Sketch of wing B", "A bed for everybody", "Deputy director", "Beds are missing", "They are ordered", "Risk of reprisal", "09:40", "18 November")
	if strings.Index(boss.page, "Blows") > strings.Index(boss.page, ">Beds<") {
		t.Error("the gravest finding is not first")
	}
	for _, href := range []string{"/review", "/print"} {
		if !strings.Contains(boss.page, `href="`+at+href+`"`) {
			t.Errorf("nothing leads to %s", href)
		}
	}
	medical := w.member(w.person("Medical reviewer", medicalRole)).get(at).wants(200, "Built for 300", "Risk of reprisal")
	for _, not := range []string{"Blows", "Findings", "Interview note", "Sealed", "Two beds", "Sketch", "Registers", "entries read"} {
		if strings.Contains(medical.page, not) {
			t.Errorf("a medical reviewer sees %q", not)
		}
	}
	follow := w.member(w.person("Follow-up officer", followRole)).get(at).wants(200, "Beds", "Two beds by Friday", "entries read: 40 of 212")
	for _, not := range []string{"Sketch of wing B", "INDIVIDUAL", "Interview note", "Sealed"} {
		if strings.Contains(follow.page, not) {
			t.Errorf("a follow-up officer sees %q", not)
		}
	}
	w.member(w.person("Administrator 2", adminRole)).get(at).wants(404)
	boss.get("/visits/0190a6e2-7c1b-7000-8000-000000000001").wants(404)
	boss.get("/visits/x").wants(404)
	if title := regexp.MustCompile(`<title>(.*?)</title>`).FindStringSubmatch(boss.get(at).page)[1]; title != "Visit V-2026-488" {
		t.Errorf("the title says %q", title)
	}
}

func TestAVisitIsPrintedLightAndWithoutScript(t *testing.T) {
	w := newWorld(t)
	v := w.aVisit("Ak Derýa")
	b := w.member(w.person("Ombudsperson", bossRole))
	b.setCookie("daylight-theme", "dark")
	b.get("/visits/"+v.Id+"/print").wants(200, "Ten people and eight beds", "Built for 300", "Printed", "For the office only", "orders")
	if strings.Contains(b.page, "office.js") || strings.Contains(b.page, `data-theme="dark"`) || strings.Contains(b.page, "<details") {
		t.Error("the page wants a screen")
	}
	w.member(w.person("Medical reviewer", medicalRole)).get("/visits/"+v.Id+"/print").wants(200, "Built for 300")
}

func TestAStepIsTakenByWhomItIsFor(t *testing.T) {
	w := newWorld(t)
	v := w.aVisit("Ak Derýa")
	at := "/visits/" + v.Id
	medical := w.member(w.person("Medical reviewer", medicalRole)).get(at).wants(200)
	if strings.Contains(medical.page, at+"/step") {
		t.Error("a step is offered that is for others")
	}
	b := w.member(w.person("Case officer", caseRole)).get(at).wants(200, "Take the step", "Under review")
	as := b.field("as")
	medical.post(at+"/step", "as", as, "state", "VISIT_STATE_UNDER_REVIEW").wants(403, "It stands at")
	b.post(at+"/step", "as", as, "reason", "Kept").wants(422, "Choose where it goes", "Kept")
	b.post(at+"/step", "as", as, "state", "VISIT_STATE_PUBLISHED", "reason", "Kept").wants(403, "nobody may take it", "Kept")
	b.post(at+"/step", "as", "nonsense", "state", "VISIT_STATE_UNDER_REVIEW").wants(400)
	b.post(at+"/step", "as", as, "state", "VISIT_STATE_UNDER_REVIEW", "code", "V-X", "reason", "Complete <i>now</i>").wants(200, "The step was taken", "Under review", "V-2026-488")
	b.post(at+"/step", "as", as, "state", "VISIT_STATE_CONSOLIDATED").wants(409, "in another window")
	w.member(w.person("Head", headRole)).post(at+"/step", "as", as, "state", "VISIT_STATE_CONSOLIDATED").wants(409, "moved on")
	got, err := w.store.List(t.Context(), record.ReviewComment, store.Query{})
	w.must(err)
	if len(got.Items) != 1 || got.Items[0].Message.(*daylightv1.ReviewComment).GetText() != "Complete <i>now</i>" || !got.Items[0].Message.(*daylightv1.ReviewComment).GetSettled() {
		t.Errorf("the reason is kept as %v", got.Items)
	}
	b.get("/records/visit/"+v.Id+"/history").wants(200, "Case officer", "State", "Under review", "at the office", "written", "received")
	plan := &daylightv1.Visit{State: daylightv1.VisitState_VISIT_STATE_PLANNED.Enum()}
	w.put(plan)
	at = "/visits/" + plan.Id
	b.get(at).post(at+"/step", "as", b.get(at).field("as"), "state", "VISIT_STATE_CANCELLED", "reason", "The road is closed").wants(200, "Cancelled", "Why it ended early", "The road is closed")
}

func TestWhatTheOfficeWritesOfAVisit(t *testing.T) {
	w := newWorld(t)
	v := w.aVisit("Ak Derýa")
	at := "/visits/" + v.Id + "/edit"
	w.member(w.person("Ombudsperson", bossRole)).get(at).wants(404)
	b := w.member(w.person("Case officer", caseRole)).get(at).wants(200, "V-2026-488", "Built for 300 and full")
	as := b.field("as")
	b.post(at, "as", as, "code", "V 1", "summary", "Longer").wants(422, "Code", "Longer")
	b.post(at, "as", as, "planned_start", "soon").wants(422, "soon")
	b.post(at, "as", as, "code", "V-2026-489", "summary", "<script>alert(1)</script>", "state", "VISIT_STATE_CLOSED", "facility_id", "").wants(200, "Saved", "V-2026-489", "Submitted", "Ak Derýa")
	if strings.Contains(b.page, "<script>alert") {
		t.Error("what was typed is markup")
	}
	b.post(at, "as", as, "code", "V-2026-490").wants(409, "in another window", "V-2026-490")
	b.get("/records/visit/"+v.Id+"/history").wants(200, "Summary", "V-2026-488 → V-2026-489")
	w.member(w.person("Medical reviewer", medicalRole)).post(at, "as", as, "code", "V-7").wants(404)
}

func TestAFilledChecklistIsRead(t *testing.T) {
	w := newWorld(t)
	v := w.aVisit("Ak Derýa")
	list, err := w.store.List(t.Context(), record.ChecklistResponse, store.Query{})
	w.must(err)
	r := list.Items[0].Message.(*daylightv1.ChecklistResponse)
	b := w.member(w.person("Ombudsperson", bossRole))
	b.get("/visits/"+v.Id).follow("PRISON").wants(200, "The office does not have the form", "beds", "8", "windows")
	shipped := checklist.NewCatalogue(nil)
	form, ok := shipped.Newest(shipped.Codes()[0], "2026-11-25")
	if !ok {
		t.Fatal("no form came with the program")
	}
	filled := &daylightv1.ChecklistResponse{VisitId: &v.Id, ChecklistId: proto.String(form.ID.String()), ChecklistCode: proto.String(form.Code), ChecklistVersion: proto.String(form.Version)}
	w.put(filled)
	title, _ := form.Title("en")
	b.get("/visits/"+v.Id+"/checklists/"+filled.Id).wants(200, title, "0 of ")
	b.get("/visits/0190a6e2-7c1b-7000-8000-000000000001/checklists/" + r.Id).wants(404)
	other := &daylightv1.Visit{}
	w.put(other)
	b.get("/visits/" + other.Id + "/checklists/" + r.Id).wants(404)
	w.member(w.person("Medical reviewer", medicalRole)).get("/visits/" + v.Id + "/checklists/" + r.Id).wants(404)
}
