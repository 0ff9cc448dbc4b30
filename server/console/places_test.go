package console_test

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/browsertest"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// keep saves a record as the office, and gives its id.
func (w *world) keep(kind record.Kind, json string) string {
	w.Helper()
	m := record.New(kind)
	w.must(protojson.Unmarshal([]byte(json), m))
	items, err := w.store.Save(w.Context(), "The office", m)
	w.must(err)
	return items[0].Message.GetId()
}

// facility is a place as the store has it.
func (w *world) facility(id string) *daylightv1.Facility {
	w.Helper()
	of, err := record.ParseID(id)
	w.must(err)
	item, err := w.store.Get(w.Context(), record.Facility, of)
	w.must(err)
	return item.Message.(*daylightv1.Facility)
}

// elementID is an id for an element of a list.
func elementID(n int) string { return fmt.Sprintf("0190a6e2-7c1b-7000-8000-%012x", n) }

// remand is a place with a past: three visits, the last fuller than it may be.
type remand struct {
	place, last string
	visits      []string
}

func (w *world) remand() (r remand) {
	w.Helper()
	r.place = w.keep(record.Facility, `{"code":"TM-L-0203","names":{"en":"Ak Derýa remand prison","ru":"Следственный изолятор «Ак-Дерья»"},"region":"TM-L","town":"Täze Ýap","mainType":"PEN_REMAND","responsibleBody":"INTERIOR",
		"state":"FACILITY_STATE_ACTIVE","formerNames":[{"id":"`+elementID(1)+`","name":"Remand prison No. 3","language":"en","until":"2019"}],"sexesHeld":["SEX_MALE"],"location":{"latitude":37.95,"longitude":63.1,"precisionM":100},
		"capacities":[{"id":"`+elementID(2)+`","kind":"CAPACITY_KIND_OFFICIAL","persons":300,"asOf":"2012"}]}`)
	for i, v := range []struct {
		day     string
		persons int
	}{{"2021-05-03", 291}, {"2023-03-10", 354}, {"2026-02-17", 411}} {
		id := w.keep(record.Visit, fmt.Sprintf(`{"facilityId":%q,"code":"V-%d","type":"VISIT_TYPE_IN_DEPTH","state":"VISIT_STATE_FINAL","enteredAt":"%sT09:00+05:00",
			"population":[{"id":%q,"category":"TOTAL","persons":%d,"source":"COUNT_SOURCE_REGISTER"},{"id":%q,"category":"TOTAL","persons":%d,"source":"COUNT_SOURCE_TEAM_COUNT"}]}`,
			r.place, i+1, v.day, elementID(10), v.persons-7, elementID(11), v.persons))
		r.visits, r.last = append(r.visits, id), id
		for n := range 2 + i*2 {
			w.keep(record.Finding, fmt.Sprintf(`{"visitId":%q,"kind":"FINDING_KIND_CONCERN","area":%q,"severityProposed":%q}`, id, []string{"MAT", "HEALTH"}[n%2], []string{"FINDING_SEVERITY_MINOR", "FINDING_SEVERITY_SERIOUS", "FINDING_SEVERITY_CRITICAL"}[n%3]))
		}
	}
	w.keep(record.Finding, `{"visitId":"`+r.last+`","kind":"FINDING_KIND_GOOD_PRACTICE","area":"MAT"}`)
	for i, status := range []string{"FULLY", "NOT_IMPLEMENTED", "PARTLY", "NOT_ASSESSED"} {
		w.keep(record.Recommendation, fmt.Sprintf(`{"visitId":%q,"code":"R-%d","state":"RECOMMENDATION_STATE_ISSUED","issuedOn":"2023-0%d-01","texts":{"en":"Entry examination within 24 hours, number %d"},
			"addressees":[{"id":%q,"authority":"INTERIOR","dueOn":"2023-09-01"}],"assessments":[{"id":%q,"status":"IMPLEMENTATION_STATUS_%s","on":"2024-01-01","lineId":%q}]}`, r.visits[1], i+1, i+4, i+1, elementID(20), elementID(21), status, elementID(20)))
	}
	w.keep(record.Undertaking, `{"visitId":"`+r.last+`","text":"A doctor will come every day","dueOn":"2026-03-01"}`)
	w.keep(record.ObstructionIncident, `{"visitId":"`+r.last+`","type":"ENTRY_DELAYED","at":"2026-02-17T08:00+05:00"}`)
	w.keep(record.ReprisalCase, `{"visitId":"`+r.last+`","state":"REPRISAL_STATE_FEARED","risk":"REPRISAL_RISK_HIGH","reportedOn":"2026-02-20"}`)
	return r
}

func TestTheRegisterIsFoundAndPaged(t *testing.T) {
	w := newWorld(t)
	r := w.remand()
	for i := range 60 {
		w.keep(record.Facility, fmt.Sprintf(`{"code":"P-%02d","names":{"en":"Police station number %d"},"region":"TM-A","mainType":"POL_STATION","responsibleBody":"HEALTH"}`, i, i))
	}
	for more := true; more; {
		var err error
		more, err = w.store.Index(t.Context())
		w.must(err)
	}
	b := w.member(w.person("Head", headRole))
	b.get("/places").wants(200, "Ak Derýa remand prison", "TM-L-0203", "17 Feb", "3 visits", "overdue: 4", "Never visited", "Police station number 48", "New place")
	if strings.Contains(b.page, "number 49") {
		t.Error("a page is longer than 50")
	}
	next := regexp.MustCompile(`href="(/places\?page=[^"]+)"`).FindStringSubmatch(b.page)
	if next == nil {
		t.Fatal("there is no second page")
	}
	b.get(next[1]).wants(200, "number 49", "number 59", "From the beginning")
	for query, there := range map[string]bool{
		"q=" + url.QueryEscape("ак-дерья"): true, "q=derya": true, "q=station": false, "region=TM-L": true, "region=TM-A": false, "type=PEN_REMAND": true, "type=POL_STATION": false, "body=INTERIOR": true, "body=HEALTH": false,
		"state=FACILITY_STATE_ACTIVE": true, "state=FACILITY_STATE_CLOSED": false, "seen=never": false, "seen=12": false, "seen=99": true, "region=TM-L&q=derya&type=PEN_REMAND": true,
	} {
		b.get("/places?" + query).wants(200)
		if strings.Contains(b.page, r.place) != there {
			t.Errorf("%s: the prison is there: %v", query, !there)
		}
	}
	b.get("/places?region=TM-L&page=nonsense").wants(404)
	b.get("/places?region="+url.QueryEscape(`"><script>alert(1)</script>`)).wants(200, "No place is like that")
	if strings.Contains(b.page, "<script>alert") {
		t.Error("an address runs")
	}
}

func TestAPlaceThroughTime(t *testing.T) {
	w := newWorld(t)
	r := w.remand()
	b := w.member(w.person("Head", headRole))
	b.get("/places/"+r.place).wants(200, "Ak Derýa remand prison", "Следственный изолятор", "Until 2019: Remand prison No. 3", "137% of the official capacity on 17 Feb: 411 held, 300 places",
		"35 months, 10 Mar 2023 to 17 Feb", "6 concerns at the visit of 17 Feb, 4 of them serious or critical", "Recommendations seen to be done: 1 of 4", "Concerns by area", "Still owed", "number 2", "A doctor will come every day", "What stood in the way",
		"Risk of reprisal", "37.95", "within 100", "New recommendation", "Change")
	if n := strings.Count(b.page, `role="img"`); n != 3 {
		t.Errorf("there are %d pictures", n)
	}
	if n := strings.Count(b.page, "The same as a table"); n != 3 {
		t.Errorf("%d pictures have their table", n)
	}
	if !strings.Contains(b.page, "c-over") {
		t.Error("what is above the capacity does not show")
	}
	if strings.Index(b.page, "V-3") > strings.Index(b.page, "V-1") {
		t.Error("the newest visit does not stand first")
	}
	if title := regexp.MustCompile(`<title>(.*?)</title>`).FindStringSubmatch(b.page)[1]; title != "Place" {
		t.Errorf("the title is %q", title)
	}
	b.get("/places/" + elementID(99)).wants(404)
	b.get("/places/nonsense").wants(404)
}

// TestAPlaceAsEachRoleSeesIt: what a role does not read is not spoken of, and what it may not
// do is not offered.
func TestAPlaceAsEachRoleSeesIt(t *testing.T) {
	w := newWorld(t)
	r := w.remand()
	in := func(page string, says ...string) (out []string) {
		for _, s := range says {
			if strings.Contains(page, s) {
				out = append(out, s)
			}
		}
		return out
	}
	all := []string{"411 held", "Concerns by area", "Still owed", "A doctor will come", "What stood in the way", "Risk of reprisal", "New recommendation", "/edit"}
	for role, want := range map[daylightv1.OfficeRole]string{
		headRole: "[411 held Concerns by area Still owed A doctor will come What stood in the way Risk of reprisal New recommendation /edit]",
		daylightv1.OfficeRole_OFFICE_ROLE_MONITOR:      "[]",
		daylightv1.OfficeRole_OFFICE_ROLE_DATA_OFFICER: "[Still owed]",
		daylightv1.OfficeRole_OFFICE_ROLE_OMBUDSPERSON: "[411 held Concerns by area Still owed A doctor will come What stood in the way Risk of reprisal]",
	} {
		b := w.member(w.person(role.String(), role))
		b.get("/places/"+r.place).wants(200, "Ak Derýa remand prison")
		if got := fmt.Sprint(in(b.text()+b.page, all...)); got != want {
			t.Errorf("%v sees %s", role, got)
		}
		b.get("/places").wants(200)
		if strings.Contains(b.text(), "17 Feb") != (role == headRole || role == daylightv1.OfficeRole_OFFICE_ROLE_OMBUDSPERSON) {
			t.Errorf("%v: the last visit stands in the list: %v", role, !strings.Contains(b.text(), "17 Feb"))
		}
		status := 404
		if role == headRole || role == daylightv1.OfficeRole_OFFICE_ROLE_OMBUDSPERSON {
			status = 200
		}
		b.get("/places/coverage").wants(status)
	}
	auditor := w.member(w.person("Auditor", daylightv1.OfficeRole_OFFICE_ROLE_AUDITOR))
	for _, path := range []string{"/places", "/places/" + r.place, "/places/new", "/places/coverage", "/places/" + r.place + "/edit"} {
		auditor.get(path).wants(404)
	}
	ombuds := w.member(w.person("Ombudsperson 2", daylightv1.OfficeRole_OFFICE_ROLE_OMBUDSPERSON))
	ombuds.get("/places/" + r.place + "/edit").wants(404)
	ombuds.post("/places/"+r.place+"/edit", "as", "x").wants(404)
}

func TestWhereNobodyHasBeen(t *testing.T) {
	w := newWorld(t)
	w.remand()
	for i := range 55 {
		w.keep(record.Facility, fmt.Sprintf(`{"code":"P-%02d","names":{"en":"Police station number %d"},"region":"TM-A","mainType":"POL_STATION"}`, i, i))
	}
	w.keep(record.Facility, `{"names":{"en":"The shut one"},"region":"TM-A","state":"FACILITY_STATE_CLOSED"}`)
	b := w.member(w.person("Head", headRole))
	b.get("/places/coverage").wants(200, "TM-A: 100% of the places were not seen within three years", "Never visited", "56", "2%")
	if strings.Contains(b.page, "The shut one") || strings.Contains(b.text(), "Ak Derýa") {
		t.Error("a closed place, or the one that was seen, stands among those that wait")
	}
	next := regexp.MustCompile(`href="(/places/coverage\?page=[^"#]+)`).FindStringSubmatch(b.page)
	if next == nil {
		t.Fatal("there is no second page")
	}
	b.get(next[1]).wants(200, "number 54", "Ak Derýa remand prison")
	b.get("/places/coverage?region=TM-L").wants(200, "Ak Derýa remand prison")
	if strings.Contains(b.page, "number 3") {
		t.Error("the filter does not filter")
	}
}

// placeForm are the controls of the form of a place, as a browser without script sends them.
func (b *browser) placeForm(pairs ...string) url.Values {
	b.Helper()
	v := url.Values{}
	form := b.page[strings.Index(b.page, `<form`):]
	if i := strings.Index(b.page, `id="place"`); i >= 0 {
		form = b.page[i:]
	}
	for _, name := range []string{"as", "_found"} {
		v.Set(name, b.field(name))
	}
	for _, m := range regexp.MustCompile(`name="has" value="([^"]*)"`).FindAllStringSubmatch(form, -1) {
		v.Add("has", html.UnescapeString(m[1]))
	}
	for _, tag := range regexp.MustCompile(`<input[^>]* checked[^>]*>`).FindAllString(form, -1) {
		name, value := regexp.MustCompile(` name="([^"]*)"`).FindStringSubmatch(tag), regexp.MustCompile(` value="([^"]*)"`).FindStringSubmatch(tag)
		v.Add(html.UnescapeString(name[1]), html.UnescapeString(value[1]))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func (b *browser) sendPlace(path string, pairs ...string) *browser {
	b.Helper()
	return b.do("POST", path, strings.NewReader(b.placeForm(pairs...).Encode()))
}

func TestAPlaceIsMadeAndChanged(t *testing.T) {
	w := newWorld(t)
	r := w.remand()
	b := w.member(w.person("Head", headRole))
	b.get("/places/new").wants(200, "Names", "Leave without saving")
	b.sendPlace("/places/new", "names[en]", "New colony", "code", "N-1", "main_type", "PEN_COLONY_GENERAL", "add", "capacities").wants(200, "Not saved yet", "Capacity 1")
	if b.at != "/places/new" {
		t.Fatalf("adding an element leads to %s", b.at)
	}
	id := regexp.MustCompile(`name="(capacities\[[^"]+\])\.persons"`).FindStringSubmatch(b.page)[1]
	b.sendPlace("/places/new", "names[en]", "New colony", "code", "N-1", "main_type", "PEN_COLONY_GENERAL", "region", "TM-L", id+".persons", "many").wants(422, "Not saved", "many", "Write a whole number")
	b.sendPlace("/places/new", "names[en]", "New colony", "code", "N-1", "main_type", "PEN_COLONY_GENERAL", "region", "TM-L", id+".persons", "1 200", id+".kind", "CAPACITY_KIND_OFFICIAL",
		"types", "PEN_REMAND", "location.latitude", "37,5", "_tag", "kk", "_name", "Жаңа колония").wants(200, "The place was made.", "New colony", "Жаңа колония")
	made := w.facility(strings.TrimPrefix(strings.Split(b.at, "?")[0], "/places/"))
	if c := made.GetCapacities(); len(c) != 1 || c[0].GetPersons() != 1200 || strings.HasPrefix(c[0].GetId(), "new-") || made.GetLocation().GetLatitude() != 37.5 || made.GetNames()["kk"] == "" || made.GetTypes()[0] != "PEN_REMAND" {
		t.Errorf("what was saved is %v", made)
	}

	edit := "/places/" + r.place + "/edit"
	b.get(edit).wants(200, "Remand prison No. 3")
	before := w.facility(r.place)
	b.sendPlace(edit, "drop", "former_names["+elementID(1)+"]").wants(200, "Not saved yet")
	if strings.Contains(b.text(), "Remand prison No. 3") || len(w.facility(r.place).GetFormerNames()) != 1 {
		t.Error("taking out is not shown, or was saved")
	}
	b.sendPlace(edit, "town", "Täze Ýap").wants(200, "The place was saved.")
	after := w.facility(r.place)
	before.FormerNames, before.Seen, after.Seen = nil, nil, nil
	if len(after.GetFormerNames()) != 0 || !proto.Equal(before, after) {
		t.Errorf("more was changed than that:\n%v\n%v", before, after)
	}
}

func TestASuccessorIsLookedForAndChosen(t *testing.T) {
	w := newWorld(t)
	r := w.remand()
	next := w.keep(record.Facility, `{"names":{"en":"Colony of the north"}}`)
	for more := true; more; {
		var err error
		more, err = w.store.Index(t.Context())
		w.must(err)
	}
	b := w.member(w.person("Head", headRole))
	edit := "/places/" + r.place + "/edit"
	b.get(edit)
	b.sendPlace(edit, "_successor", "colony", "find", "successor").wants(200, "1 place found.", "Colony of the north", next)
	if w.facility(r.place).GetSuccessorId() != "" {
		t.Error("looking for it saves it")
	}
	b.sendPlace(edit, "_successor", "nothing like it").wants(200, "0 places found.")
	b.get(edit)
	b.sendPlace(edit, "_successor", "colony").wants(200, "Colony of the north")
	b.sendPlace(edit, "_successor", "colony", "successor_id", next, "state", "FACILITY_STATE_CLOSED").wants(200, "The place was saved.", "Colony of the north", "Closed")
	if w.facility(r.place).GetSuccessorId() != next {
		t.Error("the successor was not saved")
	}
}

// TestAFormOfAPlaceSetsNothingElse: what stands behind the form cannot be reached by it, and
// what was changed meanwhile is told.
func TestAFormOfAPlaceSetsNothingElse(t *testing.T) {
	w := newWorld(t)
	r := w.remand()
	b := w.member(w.person("Head", headRole))
	edit := "/places/" + r.place + "/edit"
	b.get(edit)
	b.sendPlace(edit, "id", elementID(5), "merged_into", elementID(6), "removed.by", "x", "registers["+elementID(7)+"].code", "x", "capacities["+elementID(77)+"].persons", "5").wants(200, "The place was saved.")
	if f := w.facility(r.place); f.GetMergedInto() != "" || f.GetRemoved() != nil || len(f.GetRegisters()) != 0 || len(f.GetCapacities()) != 1 {
		t.Errorf("it set %v", f)
	}
	for _, bad := range [][2]string{{"add", "registers"}, {"add", "types"}, {"drop", "registers[1]"}, {"drop", "names"}, {"drop", "x"}} {
		b.get(edit)
		b.sendPlace(edit, bad[0], bad[1]).wants(400)
	}
	b.get(edit)
	other := w.keep(record.Facility, `{"code":"Z"}`)
	b.sendPlace("/places/"+other+"/edit", "code", "stolen").wants(400)
	b.get(edit)
	b.sendPlace(edit, "_tag", "not a tag", "_name", "x").wants(422, "Write the code of a language")

	b.get(edit)
	form := b.placeForm("town", "Elsewhere")
	b.sendPlace(edit, "town", "First").wants(200, "The place was saved.")
	b.do("POST", edit, strings.NewReader(form.Encode())).wants(409, "Elsewhere", "changed by you in another window")
	if w.facility(r.place).GetTown() != "First" {
		t.Error("the older form won")
	}
}

const nastyPlace = `"'><script>alert(1)</script><img src=x onerror=alert(1)>`

// TestNothingTypedInAPlaceRuns: every text of a place, and of what hangs on it, is shown and
// none of it is markup.
func TestNothingTypedInAPlaceRuns(t *testing.T) {
	w := newWorld(t)
	quoted := strings.ReplaceAll(nastyPlace, `"`, `\"`)
	place := w.keep(record.Facility, strings.ReplaceAll(`{"names":{"en":"N"},"operator":"N","district":"N","town":"N","address":"N","postcode":"N","securityLevel":"N","note":"N","formerNames":[{"id":"`+elementID(1)+`","name":"N"}],
		"population":[{"id":"`+elementID(2)+`","category":"TOTAL","persons":5,"asOf":"2026-01-01","note":"N","countedBy":"N"}],"capacities":[{"id":"`+elementID(3)+`","persons":3,"kind":"CAPACITY_KIND_OFFICIAL","note":"N"}]}`, `"N"`, `"`+quoted+`"`))
	visit := w.keep(record.Visit, `{"facilityId":"`+place+`","state":"VISIT_STATE_FINAL","enteredAt":"2026-01-05T09:00+05:00"}`)
	w.keep(record.Recommendation, `{"visitId":"`+visit+`","state":"RECOMMENDATION_STATE_ISSUED","issuedOn":"2026-02-01","texts":{"en":"`+quoted+`"}}`)
	w.keep(record.Undertaking, `{"visitId":"`+visit+`","text":"`+quoted+`"}`)
	b := w.member(w.person("Head", headRole))
	for _, path := range []string{"/places", "/places/" + place, "/places/" + place + "/edit", "/places/coverage"} {
		b.get(path).wants(200)
		if strings.Contains(b.page, "<script>alert") || strings.Contains(b.page, "<img src=x") {
			t.Errorf("%s runs what was typed", path)
		}
		if !strings.Contains(b.page, "alert(1)") {
			t.Errorf("%s does not show it", path)
		}
	}
	if strings.Contains(w.log.String(), "alert") {
		t.Error("the log says what was typed")
	}
}

// TestPlacesByKeyboard: from the register to a place, and a change of it, without script.
func TestPlacesByKeyboard(t *testing.T) {
	w := newWorld(t)
	w.remand()
	b := w.member(w.person("Head", headRole))
	p := browsertest.Open(t, browsertest.Setup{Device: browsertest.Phone, NoScript: true})
	p.Visit(w.url + "/sign-in")
	p.Fill("#f-name", b.person.GetName())
	p.Fill("#f-passphrase", good)
	p.Fill("#f-code", b.oneTime())
	p.Follow("form#sign-in .btn")
	p.Visit(w.url + "/places")
	p.Accessible()
	p.Fits()
	p.TabTo("a.place")
	p.Enter()
	p.Accessible()
	p.Fits()
	p.TabTo("a[href$='/edit']")
	p.Enter()
	p.Accessible()
	p.Fits()
	p.TabTo("button[name=add][value=former_names]")
	p.Enter()
	p.Accessible()
	p.TabTo("#f-town")
	p.Press(" 2")
	p.Enter()
	if p.Count(".note.n-settled") != 1 || p.Text("h1") != "Ak Derýa remand prison" {
		t.Errorf("it leads to %s", p.URL())
	}
	if all, _ := p.Weight(); all > 200_000 {
		t.Errorf("the page weighs %d bytes", all)
	}
	p.Visit(w.url + "/places/coverage")
	p.Accessible()
	p.Fits()
}
