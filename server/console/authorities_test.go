package console_test

import (
	"fmt"
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
