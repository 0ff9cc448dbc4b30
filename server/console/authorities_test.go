package console_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// TestEachSeesAndDoesWhatTheirRoleSays: pages and controls are there for those alone whom they
// would obey.
func TestEachSeesAndDoesWhatTheirRoleSays(t *testing.T) {
	p := newPapers(t)
	id := p.add(record.Recommendation, `{"visitId":"`+p.visit+`","code":"R-1","state":"RECOMMENDATION_STATE_IN_REVIEW","texts":{"en":"Beds for all"},"addressees":[{"id":"01920000-0000-7000-8000-000000000001","authority":"INTERIOR"}]}`)
	at := "/recommendations/" + id
	edit, line, approve, back := `href="`+at+`/edit"`, `href="`+at+`/lines/new"`, `value="APPROVED"`, `value="DRAFT"`
	for _, c := range []struct {
		role  daylightv1.OfficeRole
		reads bool
		shown []string
	}{
		{caseRole, true, []string{edit, line, back}},
		{headRole, true, []string{edit, line, approve, back}},
		{daylightv1.OfficeRole_OFFICE_ROLE_OMBUDSPERSON, true, []string{approve}},
		{daylightv1.OfficeRole_OFFICE_ROLE_REVIEWER, true, []string{edit, line, back}},
		{followRole, true, []string{edit, line, back}},
		{daylightv1.OfficeRole_OFFICE_ROLE_MEDICAL_REVIEWER, true, nil},
		{daylightv1.OfficeRole_OFFICE_ROLE_DATA_OFFICER, true, nil},
		{adminRole, false, nil},
		{daylightv1.OfficeRole_OFFICE_ROLE_AUDITOR, false, nil},
		{daylightv1.OfficeRole_OFFICE_ROLE_PUBLICATION_EDITOR, false, nil},
		{daylightv1.OfficeRole_OFFICE_ROLE_AUTHORITY_LIAISON, false, nil},
	} {
		b := p.member(p.person(c.role.String(), c.role))
		want := 404
		if c.reads {
			want = 200
		}
		for _, path := range []string{"/recommendations", "/authorities", "/authorities/INTERIOR", "/authorities/INTERIOR/print", at + "/print", at} {
			b.get(path).wants(want)
		}
		for _, control := range []string{edit, line, approve, back} {
			shown := strings.Contains(b.page, control)
			if asked := strings.Contains(strings.Join(c.shown, "\n"), control); shown != asked {
				t.Errorf("%s is shown %s: %v", c.role, control, shown)
			}
		}
		writes := 404
		if len(c.shown) > 1 {
			writes = 200
		}
		for _, path := range []string{"/recommendations/new", at + "/edit", at + "/lines/new"} {
			b.get(path).wants(writes)
		}
		b.get("/office/clocks/edit")
		if may := b.status == 200; may != (c.role == adminRole) {
			t.Errorf("%s changes the clocks: %d", c.role, b.status)
		}
	}
}

// TestOutOfSightIsNotThere: a monitor has the recommendations of their own visits.
func TestOutOfSightIsNotThere(t *testing.T) {
	p := newPapers(t)
	monitor := p.person("Monitor", daylightv1.OfficeRole_OFFICE_ROLE_MONITOR)
	own := p.add(record.Visit, `{"facilityId":"`+p.prison+`","code":"V-8","state":"VISIT_STATE_CLOSED","team":[{"id":"`+monitor.Id+`"}]}`)
	mine := p.add(record.Recommendation, `{"visitId":"`+own+`","code":"R-8","state":"RECOMMENDATION_STATE_ISSUED","texts":{"en":"Seen by the team"},"addressees":[{"id":"01920000-0000-7000-8000-000000000001","authority":"INTERIOR","dueOn":"2026-01-01"}]}`)
	other := p.add(record.Recommendation, `{"visitId":"`+p.visit+`","code":"R-7","state":"RECOMMENDATION_STATE_ISSUED","texts":{"en":"Of another visit"},"predecessorId":"`+mine+`","addressees":[{"id":"01920000-0000-7000-8000-000000000002","authority":"INTERIOR","dueOn":"2026-01-01"}]}`)
	b := p.member(monitor)
	b.get("/recommendations").wants(200, "Seen by the team", "1 answer is overdue")
	if strings.Contains(b.page, "Of another visit") {
		t.Error("what is of another visit is in the list")
	}
	b.get("/recommendations/" + other).wants(404)
	b.get("/recommendations/"+mine).wants(200, "Seen by the team")
	if strings.Contains(b.page, "R-7") {
		t.Error("what repeats it is named")
	}
	b.get("/authorities/INTERIOR").wants(200, "Seen by the team")
	if strings.Contains(b.page, "Of another visit") {
		t.Error("what is of another visit is on the page of the authority")
	}
}

// TestWhatAnAuthorityOwesOnOnePage: figures, ages, what is open, its answers, and the sheet.
func TestWhatAnAuthorityOwesOnOnePage(t *testing.T) {
	p := newPapers(t)
	for n := range 12 {
		state, due := "ISSUED", "2026-11-0"+fmt.Sprint(n%9+1)
		if n > 9 {
			state, due = "CLOSED", "2025-01-01"
		}
		id := p.add(record.Recommendation, fmt.Sprintf(`{"code":"R-%d","state":"RECOMMENDATION_STATE_%s","texts":{"en":"Asked %d times"},"issuedOn":"2026-10-01","addressees":[{"id":"01920000-0000-7000-8000-0000000000%02d","authority":"INTERIOR","office":"Penal service","sentOn":"2026-10-01","dueOn":"%s"}]}`, n, state, n, n, due))
		if n < 3 || n > 9 {
			p.add(record.AuthorityReply, `{"recommendationId":"`+id+`","response":"AUTHORITY_RESPONSE_ACCEPTED","receivedOn":"2026-11-10","text":"Agreed"}`)
		}
	}
	b := p.member(p.person("Follow-up officer", followRole))
	b.get("/authorities").wants(200, "Ministry of the Interior", "5 / 12", "42", "7: 1 to 30 days")
	b.get("/authorities/INTERIOR").wants(200, "Ministry of the Interior", "Asked 9 times", "Accepted", "42%")
	if strings.Contains(b.page, "Asked 11 times") {
		t.Error("what is closed is owed")
	}
	b.get("/authorities/INTERIOR?all=1").wants(200, "Asked 11 times")
	b.get("/authorities/INTERIOR?owed=overdue").wants(200, "Asked 9 times")
	if strings.Contains(b.page, "Asked 1 times") {
		t.Error("what was answered is overdue")
	}
	b.get("/authorities/INTERIOR/print?owed=overdue").wants(200, "Asked 9 times", "days over", "Penal service", "NPM internal")
	b.get("/authorities/HEALTH").wants(200, "Nothing of this is owed")
	b.get("/authorities/NOBODY").wants(404)
	b.get("/authorities/%3Cb%3E").wants(404)
}

// TestTheClocksOfTheOffice: set by who changes the office, after a fresh proof, against what
// they saw; and what is issued follows them.
func TestTheClocksOfTheOffice(t *testing.T) {
	p := newPapers(t)
	admin, follows := p.member(p.admin), p.member(p.person("Follow-up officer", followRole))
	follows.get("/office/clocks").wants(200, "Urgent", "3 days", "24 months", "Ships with the program")
	follows.get("/office/clocks/edit").wants(404)
	follows.post("/office/clocks/edit", "revision", "1").wants(404)

	admin.get("/office/clocks/edit").wants(200)
	admin.send("/office/clocks/edit", "clock..1.answer-days", "-1").wants(422, "A term is a whole number")
	admin.send("/office/clocks/edit", "clock..1.answer-days", "soon").wants(422, "soon")
	admin.send("/office/clocks/edit", "clock..1.answer-days", "400").wants(422, "A term is a whole number")
	admin.get("/office/clocks/edit").wants(200)
	admin.send("/office/clocks/edit", "clock..2.answer-months", "0", "clock..2.answer-days", "20", "own", "INTERIOR").wants(200, "Ministry of the Interior")
	old := admin.fill("/office/clocks/edit", "clock.INTERIOR.2.answer-days", "7", "own", "")
	admin.post("/office/clocks/edit", old...).wants(200, "The clocks are saved", "7 days", "20 days", "Set by this office")
	admin.post("/office/clocks/edit", old...).wants(409, "Somebody else changed")

	for authority, want := range map[string]string{"INTERIOR": "2026-12-02", "HEALTH": "2026-12-15"} {
		id := p.add(record.Recommendation, `{"state":"RECOMMENDATION_STATE_APPROVED","texts":{"en":"Beds"},"horizon":"RECOMMENDATION_HORIZON_SHORT","addressees":[{"id":"01920000-0000-7000-8000-000000000001","authority":"`+authority+`"}]}`)
		follows.get("/recommendations/" + id + "/step/ISSUED").wants(200)
		follows.send("/recommendations/"+id+"/step/ISSUED").wants(200, "It is issued")
		if got := p.recommendation(id).GetAddressees()[0].GetDueOn(); got != want {
			t.Errorf("%s is to answer by %s, not %s", authority, got, want)
		}
	}
	admin.get("/office/clocks/edit").wants(200)
	admin.send("/office/clocks/edit", "drop", "INTERIOR").wants(200, "The clocks are saved")
	if strings.Contains(admin.page, "7 days") {
		t.Error("its own clocks go on")
	}
	p.pass(6 * 60 * 1e9) // the proof is old
	admin.get("/office/clocks/edit").wants(200, "Confirm")
	if strings.Contains(admin.page, "clock..1") {
		t.Error("the clocks are changed without a fresh proof")
	}
}

// TestOtherWaysOfAPaper: addressees, repeating, replacing, withdrawing, and what stands against
// a step that was seen too early.
func TestOtherWaysOfAPaper(t *testing.T) {
	p := newPapers(t)
	id := p.add(record.Recommendation, `{"visitId":"`+p.visit+`","code":"R-1","state":"RECOMMENDATION_STATE_ISSUED","type":"RECOMMENDATION_TYPE_VISIT","horizon":"RECOMMENDATION_HORIZON_SHORT","facilityIds":["`+p.prison+`"],"texts":{"en":"Beds for all"},"topics":["MAT.BEDDING"],"issuedOn":"2026-11-01",
		"addressees":[{"id":"01920000-0000-7000-8000-000000000001","authority":"INTERIOR","sentOn":"2026-11-01","dueOn":"2026-12-01"},{"id":"01920000-0000-7000-8000-000000000002","authority":"HEALTH","dueOn":"2026-12-01"}]}`)
	at := "/recommendations/" + id
	head := p.member(p.person("Head of the department", headRole))

	// An addressee: the days that are not said come from the clocks.
	head.get(at + "/lines/new").wants(200)
	head.send(at+"/lines/new", "addressees[].office", "Chief physician").wants(422, "This is needed", "Chief physician")
	head.send(at+"/lines/new", "addressees[].authority", "JUSTICE", "addressees[].sent_on", "2026-11-20").wants(200, "The addressee is saved", "20 December 2026")
	var justice string
	for _, l := range p.recommendation(id).GetAddressees() {
		if l.GetAuthority() == "JUSTICE" {
			justice = l.GetId()
		}
	}
	head.get(at+"/lines/"+justice).wants(200, "Chief physician")
	head.send(at+"/lines/"+justice, "addressees["+justice+"].sent_on", "soon").wants(422)
	head.get(at+"/lines/"+justice+"/remove").wants(200, "0 answers stand")
	head.send(at+"/lines/"+justice+"/remove").wants(200, "The addressee was taken out")
	head.get(at + "/lines/" + justice).wants(404)

	// What another page sets is not set by a form of this one.
	head.get(at + "/edit").wants(200)
	head.send(at+"/edit", "code", "R-9", "state", "RECOMMENDATION_STATE_CLOSED", "id", "x", "note", "Kept").wants(200, "Saved")
	if r := p.recommendation(id); r.GetCode() != "R-1" || r.GetState() != daylightv1.RecommendationState_RECOMMENDATION_STATE_ISSUED || r.GetNote() != "Kept" {
		t.Errorf("the form set %v", r)
	}
	head.get(at + "/edit").wants(200)
	head.send(at+"/edit", "_standards", "NMR-9999", "note", "typed again").wants(422, "There is no standard", "typed again")

	// Replaced by one that repeats it.
	head.get(at+"/step/SUPERSEDED").wants(200, "Draft what takes its place first")
	head.get("/recommendations/new?repeats="+id).wants(200, "Repeats R-1", "Beds for all")
	head.send("/recommendations/new", "texts[en]", "A bed for each").wants(200, "The draft is kept", "repeats an earlier one", "R-1")
	later := p.recommendation(head.paperAt())
	if later.GetPredecessorId() != id || len(later.GetAddressees()) != 2 || later.GetAddressees()[0].GetDueOn() != "" || later.GetVisitId() != "" || later.GetFacilityIds()[0] != p.prison {
		t.Errorf("the later one is %v", later)
	}
	stale := head.get(at+"/step/WITHDRAWN").wants(200, "Nobody is asked for it any more").fill(at + "/step/WITHDRAWN")
	head.get(at+"/step/SUPERSEDED").wants(200, "A bed for each")
	head.send(at+"/step/SUPERSEDED").wants(200, "Superseded by a later recommendation", "Replaced by")
	head.post(at+"/step/WITHDRAWN", stale...).wants(409, "Not saved")
	head.get(at + "/step/ISSUED").wants(404)
	head.get(at + "/step/NONSENSE").wants(404)
	head.post(at+"/step", "to", "ISSUED").wants(404)

	// A number that another has is not given twice.
	draft := p.add(record.Recommendation, `{"state":"RECOMMENDATION_STATE_APPROVED","texts":{"en":"Beds"}}`)
	head.get("/recommendations/"+draft+"/step/ISSUED").wants(200, "It is not said to whom")
	head.send("/recommendations/"+draft+"/step/ISSUED", "code", "R-1").wants(422, "Another recommendation has this number")
	head.send("/recommendations/"+draft+"/step/ISSUED", "code", "R-5").wants(200, "It is issued")

	// An answer is to the recommendation of its address, and corrected there.
	head.get("/recommendations/" + draft + "/answers/new").wants(200)
	head.send("/recommendations/"+draft+"/answers/new", "response", "AUTHORITY_RESPONSE_NOTED", "text", "Nothing else").wants(200, "Noted without commitment")
	m := answerPattern.FindStringSubmatch(head.page)
	if m == nil {
		t.Fatal("the answer cannot be corrected")
	}
	head.get(at + "/answers/" + m[1]).wants(404)
	head.get("/recommendations/"+draft+"/answers/"+m[1]).wants(200, "Nothing else")
	head.send("/recommendations/"+draft+"/answers/"+m[1], "response", "AUTHORITY_RESPONSE_REJECTED").wants(200, "Rejected", "Nothing else")
}

var answerPattern = regexp.MustCompile(`/answers/([0-9a-f-]{36})"`)
