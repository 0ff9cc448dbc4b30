package console_test

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/daylight-npm/daylight/internal/enrol"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/signin"
)

// reached is a world whose devices and browsers know where the server is.
func reached(t testing.TB) *world {
	t.Helper()
	w := newWorld(t)
	s, err := server.New(server.Config{Store: w.store, Now: w.now, Cost: signin.Cost{Passes: 1, KiB: 8, Lanes: 1},
		Endpoints: []string{"https://office.example"}, Pins: []enrol.Pin{{1, 2, 3}}})
	w.must(err)
	h := httptest.NewServer(s.Handler())
	t.Cleanup(h.Close)
	w.server, w.url = s, strings.Replace(h.URL, "127.0.0.1", "localhost", 1)
	return w
}

func (w *world) known(id string) *daylightv1.Person {
	w.Helper()
	of, err := record.ParseID(id)
	w.must(err)
	p, err := w.directory.Person(w.Context(), of)
	w.must(err)
	return p
}

// idAt is the id at the end of the address where the browser is.
func (b *browser) idAt() string {
	path, _, _ := strings.Cut(b.at, "?")
	return path[strings.LastIndex(path, "/")+1:]
}

func TestAPersonIsAddedWithRoles(t *testing.T) {
	w := reached(t)
	b := w.member(w.admin)
	b.get("/people").wants(200, "People: 1", "Administrator", "Add a person", "no end")
	b.get("/people/new").wants(200, "Role 2", `name="region-1"`)
	b.post("/people/new", "name", " ", "role-0", "MONITOR", "region-0", "").wants(422, "This is needed.")
	b.post("/people/new", "name", "Monitor", "role-0", "MONITOR", "region-0", "ua-32").wants(422, "for the whole office", `value="Monitor"`)
	b.post("/people/new", "name", "Monitor", "role-0", "REGIONAL_REP", "region-0", "").wants(422, "given for a region")
	b.post("/people/new", "name", "Monitor", "role-0", "REGIONAL_REP", "region-0", "the north").wants(422, "ISO 3166-2")
	b.post("/people/new", "name", "Monitor", "role-0", "MONITOR", "from-0", "2026-12-02", "until-0", "2026-12-01").wants(422, "ends before it begins")
	b.post("/people/new", "name", "<b>Monitor</b>", "number", "7", "role-0", "CIVIL_SOCIETY_MONITOR", "region-0", "", "from-0", "", "until-0", "2026-12-31",
		"role-1", "", "role-2", "REGIONAL_REP", "region-2", "ua-32").wants(200, "Added.", "<b>Monitor</b>", "until 31 December 2026", "UA-32", "Reads, of own visits", "Interview note")
	if strings.Contains(b.page, "<b>Monitor") {
		t.Error("a name is read as markup")
	}
	p := w.known(b.idAt())
	if len(p.Grants) != 2 || p.Number != "7" || p.Grants[0].Until != time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli() || p.Grants[1].Region != "UA-32" {
		t.Errorf("it was saved as %v", p)
	}
	b.get("/people?show=ending").wants(200, "31 December 2026", "36 days left")
	b.get("/people?q=monitor&role=MONITOR").wants(200, "Nobody like this")
	b.get("/people?role=REGIONAL_REP").wants(200, "<b>Monitor</b>")
	b.post("/people/new", "name", "Another", "number", "7").wants(422, "Somebody else has this already")

	// A change from what is not there any more is not taken, and nothing typed is lost.
	b.get("/people/" + p.Id + "/change")
	revision := b.field("revision")
	b.post("/people/"+p.Id+"/change", "revision", revision, "name", "Monitor", "number", "8", "role-0", "MONITOR").wants(200, "Saved.", "Monitor of the mechanism")
	b.post("/people/"+p.Id+"/change", "revision", revision, "name", "Somebody", "role-0", "AUDITOR").wants(409, "Somebody else has changed this", `value="Somebody"`)
	if p = w.known(p.Id); p.Name != "Monitor" || len(p.Grants) != 1 {
		t.Errorf("it is %v", p)
	}
	if n := w.notes(); !slices.Contains(n, "a person was added") || !slices.Contains(n, "a person was changed") {
		t.Errorf("the log says %q", n)
	}
	for _, path := range []string{"/people/" + p.Id, "/people/" + strings.Repeat("0", 36), "/people/x", "/people/x/change"} {
		want := 404
		if path == "/people/"+p.Id {
			want = 200
		}
		b.get(path).wants(want)
	}
}

// Whoever gets other roles, or is disabled, is signed out at once.
func TestRolesThatChangeSignOut(t *testing.T) {
	w := reached(t)
	b := w.member(w.admin)
	p := w.person("Case officer", caseRole)
	officer := w.member(p)
	b.signIn()
	b.get("/people/"+p.Id).wants(200, "Signed in now", "Firefox, Windows", "Ask for a reset")
	b.post("/people/"+p.Id+"/sessions/end").wants(200, "Signed out everywhere.", "Nowhere.")
	officer.get("/people").wants(200, "Sign in")
	officer.signIn()
	officer.get("/people").wants(200, "Case officer")
	b.signIn()
	b.get("/people/" + p.Id + "/change")
	b.post("/people/"+p.Id+"/change", "revision", b.field("revision"), "name", "Case officer", "role-0", "AUDITOR").wants(200, "Auditor")
	officer.get("/people").wants(200, "Sign in", "What you may do here has been changed")
	officer.signIn()
	officer.get("/people").wants(404)
	officer.get("/access-log").wants(200, "Access log")
	b.signIn()
	b.get("/people/"+p.Id+"/disable").wants(200, "Disable Case officer?", "signed out everywhere")
	b.post("/people/"+p.Id+"/disable").wants(200, "Disabled", "Enable again")
	officer.get("/access-log").wants(200, "Sign in")
	b.get("/people").wants(200)
	if strings.Contains(b.page, p.Id) {
		t.Error("who is disabled stands among those who work")
	}
	b.get("/people?show=disabled").wants(200, "Case officer")
	b.post("/people/"+p.Id+"/enable").wants(200, "Enabled")
	if w.known(p.Id).Disabled {
		t.Error("still disabled")
	}
	b.post("/people/" + w.admin.Id + "/disable").wants(404) // oneself
	b.post("/people/" + w.admin.Id + "/sessions/end").wants(403)
}

func TestTheLastAdministratorStays(t *testing.T) {
	w := reached(t)
	b := w.member(w.admin)
	change := func(pairs ...string) *browser {
		t.Helper()
		b.get("/people/" + w.admin.Id + "/change").wants(200)
		return b.post("/people/"+w.admin.Id+"/change", append([]string{"revision", b.field("revision"), "name", "Administrator"}, pairs...)...)
	}
	change("role-0", "AUDITOR").wants(409, "This is the last person who may change people", `value="AUDITOR" selected`)
	change("role-0", "SYSTEM_ADMIN", "until-0", "2027-01-01").wants(409, "This is the last person")
	other := w.person("Second administrator", adminRole)
	b.get("/people/" + other.Id + "/disable").wants(200)
	change("role-0", "AUDITOR").wants(200, "Sign in")
	second := w.member(other)
	second.get("/people/"+w.admin.Id).wants(200, "Auditor")
	if _, err := w.directory.SavePerson(t.Context(), &daylightv1.Person{Id: other.Id, Name: "x", Disabled: true, Grants: other.Grants, Revision: other.Revision}, directory.By{}); err != directory.ErrLastAdmin {
		t.Errorf("the services let it: %v", err)
	}
}

// An administrator alone lets in whoever never could, and nobody else.
func TestAFirstCodeIsForWhoHasNoWayIn(t *testing.T) {
	w := reached(t)
	b := w.member(w.admin)
	p := w.person("Case officer", caseRole)
	b.get("/people/"+p.Id).wants(200, "Code for the first sign-in")
	b.get("/people/"+p.Id+"/code").wants(200, "First sign-in of Case officer", "24 h")
	b.post("/people/"+p.Id+"/code", "hours", "1").wants(200, "It is not shown again", "https://office.example/welcome#", `class="qr"`)
	code := b.shown(codePattern)[0]
	b.get("/people/" + p.Id + "/code")
	if strings.Contains(b.page, code) {
		t.Error("the code is shown again")
	}
	o := w.browser()
	o.person = p
	o.post("/welcome", "code", code).wants(200, "Welcome, Case officer")
	o.secret = o.shown(secretPattern)[0]
	o.post("/welcome/set-up", "name2", "officer", "passphrase", good, "again", good, "code", o.oneTime()).wants(200)
	b.get("/people/"+p.Id).wants(200, "Ask for a reset")
	b.post("/people/"+p.Id+"/code", "hours", "1").wants(200, "Ask for a reset")
	if len(b.shown(codePattern)) > 0 || strings.Contains(b.page, "/welcome#") {
		t.Error("one administrator alone can sign in as somebody who could already")
	}
}

// Roles, keys and codes ask first who sits there; what a role does not allow is not there.
func TestWhoMayChangePeopleAndDevices(t *testing.T) {
	w := reached(t)
	p := w.person("Somebody", monitorRole)
	d := w.enrolled(p, nil)
	forms := []string{"/people/new", "/people/" + p.Id + "/change", "/people/" + p.Id + "/disable", "/people/" + p.Id + "/code", "/devices/invite", "/devices/" + d + "/revoke", "/office/change", "/office/bodies/new"}
	posts := append([]string{"/people/" + p.Id + "/enable", "/people/" + p.Id + "/sessions/end", "/devices/" + d + "/approve"}, forms...)
	pages := []string{"/people", "/people/" + p.Id, "/devices", "/devices/" + d, "/office", "/office/bodies"}

	admin := w.member(w.admin)
	admin.pass(6 * time.Minute)
	for _, path := range forms {
		admin.get(path).wants(200, "Show again that it is you")
	}
	for _, path := range posts {
		admin.post(path, "name", "Changed", "revision", "1").wants(403, "Show again that it is you")
	}
	for _, path := range pages {
		admin.get(path).wants(200)
	}
	if got := w.known(p.Id); got.Name != "Somebody" || got.Disabled {
		t.Errorf("it was changed to %v", got)
	}
	admin.get("/access-log").wants(404)

	officer := w.member(w.person("Case officer", caseRole))
	for _, path := range pages {
		officer.get(path).wants(200)
		for _, href := range forms {
			if strings.Contains(officer.page, `"`+href) {
				t.Errorf("%s leads a case officer to %s", path, href)
			}
		}
	}
	monitor, auditor := w.member(w.person("Monitor", monitorRole)), w.member(w.person("Auditor", auditorRole))
	for _, path := range append(pages, forms...) {
		monitor.get(path).wants(404)
		auditor.get(path).wants(404)
	}
	for _, path := range posts {
		for _, b := range []*browser{officer, monitor, auditor} {
			b.post(path, "name", "Changed", "revision", "1").wants(404)
		}
	}
	monitor.get("/access-log").wants(404)
	auditor.get("/access-log").wants(200)
}

func TestTheOfficeAndItsBodies(t *testing.T) {
	w := reached(t)
	b := w.member(w.admin)
	b.get("/office").wants(200, "Office of the Ombudsperson", "The code alone lets them in", "90 days", "https://office.example", "Root key")
	b.get("/office/change").wants(200)
	revision := b.field("revision")
	b.post("/office/change", "revision", revision, "name", " ", "model", "2", "days", "0").wants(422, "This is needed.", "A whole number from 1 to 3650.")
	before, err := w.directory.Office(t.Context())
	w.must(err)
	b.post("/office/change", "revision", revision, "name", "Office", "model", "4", "days", "30", "second", "yes", "root_key", "x").wants(200, "Saved.", "A second person lets each one in", "30 days")
	b.post("/office/change", "revision", revision, "name", "Other", "model", "4", "days", "30").wants(409, "Somebody else has changed this", `value="Other"`)
	o, err := w.directory.Office(t.Context())
	w.must(err)
	if o.Name != "Office" || !o.SecondApproval || o.CertificateDays != 30 || o.Model != 4 || string(o.RootKey) != string(before.RootKey) || o.BundleRecipient != before.BundleRecipient {
		t.Errorf("the office is %v", o)
	}

	b.get("/office/bodies").wants(200, "No body yet")
	b.post("/office/bodies/new", "name", "Partner", "code", "").wants(422, "This is needed.")
	b.post("/office/bodies/new", "name", "Partner <i>", "code", "PART").wants(200, "Saved.", "Partner <i>", "PART")
	b.post("/office/bodies/new", "name", "Two", "code", "PART").wants(422, "Another body has this code")
	bodies, err := w.directory.Bodies(t.Context())
	w.must(err)
	at := "/office/bodies/" + bodies[0].Id
	b.get(at).wants(200, "Partner <i>")
	b.post(at, "revision", b.field("revision"), "name", "Partner", "code", "PART").wants(200)
	b.post(at, "revision", "1", "name", "Late", "code", "PART").wants(409)
	b.get("/office/bodies/" + w.admin.Id).wants(404)
	b.get("/people/new").wants(200, "Partner")
	b.get("/people?body=PART").wants(200, "Nobody like this")
}
