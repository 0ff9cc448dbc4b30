package scenario

import (
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/fieldapp"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// fieldBrowser is a browser on somebody's field app. It knows addresses from pages alone.
type fieldBrowser struct {
	t      *testing.T
	app    *fieldapp.App
	cookie *http.Cookie
}

const fieldHost = "daylight-0011aabb.localhost:4000"

func (h hand) browser() *fieldBrowser {
	h.t.Helper()
	app, err := fieldapp.New(fieldapp.Config{Client: h.Client, Host: fieldHost})
	if err != nil {
		h.t.Fatal(err)
	}
	b := &fieldBrowser{t: h.t, app: app}
	b.cookie = b.send(httptest.NewRequest("GET", "http://"+fieldHost+app.StartPath(), nil)).Result().Cookies()[0]
	return b
}

func (b *fieldBrowser) send(r *http.Request) *httptest.ResponseRecorder {
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	w := httptest.NewRecorder()
	b.app.ServeHTTP(w, r)
	return w
}

// page is what stands at an address.
func (b *fieldBrowser) page(path string) string {
	b.t.Helper()
	w := b.send(httptest.NewRequest("GET", "http://"+fieldHost+path, nil))
	if w.Code != http.StatusOK {
		b.t.Fatalf("%s: %d", path, w.Code)
	}
	return w.Body.String()
}

// post sends a form and gives where it leads, or what it answered.
func (b *fieldBrowser) post(path string, f url.Values, headers ...string) (to, body string) {
	b.t.Helper()
	r := httptest.NewRequest("POST", "http://"+fieldHost+path, strings.NewReader(f.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "http://"+fieldHost)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := b.send(r)
	if w.Code >= 400 {
		b.t.Fatalf("%s: %d %.300s", path, w.Code, w.Body)
	}
	return w.Header().Get("Location"), w.Body.String()
}

// links are the addresses on a page that end so, in their order.
func links(page, attribute, ends string) (out []string) {
	for _, m := range regexp.MustCompile(attribute+`="([^"]*`+ends+`)"`).FindAllStringSubmatch(page, -1) {
		out = append(out, html.UnescapeString(m[1]))
	}
	return out
}

// one is the one such address.
func (b *fieldBrowser) one(page, attribute, ends string) string {
	b.t.Helper()
	got := links(page, attribute, ends)
	if len(got) == 0 {
		b.t.Fatalf("no %s of a page leads to %s", attribute, ends)
	}
	return got[0]
}

var sealedAs = regexp.MustCompile(`(?s)id="sealed".*?name="as" value="([^"]*)"`)

// types what is sealed on a page, as the script sends it.
func (b *fieldBrowser) types(page string, fields ...string) {
	b.t.Helper()
	as := sealedAs.FindStringSubmatch(page)
	if as == nil {
		b.t.Fatalf("nothing can be sealed on %.2000s", page)
	}
	f := url.Values{"as": {as[1]}, "_page": {""}}
	for i := 0; i < len(fields); i += 2 {
		f.Set(fields[i], fields[i+1])
	}
	_, body := b.post(b.one(page, "data-save", "/(?:seal|amend)"), f, "Accept", "application/json")
	var a struct{ Saved string }
	if err := json.Unmarshal([]byte(body), &a); err != nil || !strings.HasPrefix(a.Saved, "Sealed and saved") {
		b.t.Fatalf("%v: %s", err, body)
	}
}

// opened is the page of the first sealed record that a desk opens; empty where it opens none.
func (b *fieldBrowser) opened() (list, page string) {
	b.t.Helper()
	desk := b.page("/desk")
	list = b.page(b.one(desk, "href", "/desk"))
	if at := links(list, "href", "/open"); len(at) > 0 {
		page = b.page(at[0])
	}
	return list, page
}

// writesAnew goes to the page of somebody whose sealed name this device opens no more.
func (b *fieldBrowser) writesAnew(person, name string) {
	b.t.Helper()
	page := b.page(person)
	if strings.Contains(page, `id="sealed"`) || strings.Contains(page, "a real name") {
		b.t.Error("a form offers to add to what nobody here can open")
	}
	as := regexp.MustCompile(`name="as" value="([^"]*)"`).FindStringSubmatch(page)
	r := httptest.NewRequest("POST", "http://"+fieldHost+person+"/amend", strings.NewReader(url.Values{"as": {as[1]}, "sealed.contact": {"a cousin"}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "http://"+fieldHost)
	if w := b.send(r); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "one word would stand in the place of everything") {
		b.t.Errorf("one word is put in the place of everything: %d", w.Code)
	}
	b.types(b.page(b.one(page, "href", "/instead")), "sealed.name", name)
}

// A monitor writes in the field app, a doctor opens and answers at the desk, the monitor's
// phone opens its own notes until the visit is handed in, and a new doctor gets the keys.
func TestWhatIsSealedIsOpenedAtTheDeskAlone(t *testing.T) {
	w := gatherSealing(t, aMonitor, aMonitor)
	a, b := w.hands[0], w.hands[1]
	doctor := w.hand("Doctor", aDoctor)
	w.lists()
	for _, h := range []hand{a, b, doctor} {
		w.synced(h.Client)
	}
	who := &daylightv1.PersonIdentity{VisitId: &w.visit.Id, Pseudonym: proto.String("L-7K4-V9")}
	medical := &daylightv1.MedicalNote{VisitId: &w.visit.Id, PersonId: &who.Id}
	spoken := &daylightv1.InterviewNote{VisitId: &w.visit.Id, PersonId: &who.Id}
	if err := a.Save(t.Context(), who); err != nil {
		t.Fatal(err)
	}
	medical.PersonId, spoken.PersonId = &who.Id, &who.Id
	a.seals(who, &daylightv1.PersonIdentityContent{Name: proto.String("a real name")})
	a.seals(medical, &daylightv1.MedicalNoteContent{Text: proto.String("bruises on both wrists")})
	a.seals(spoken, &daylightv1.InterviewNoteContent{Text: proto.String("at night, in the corridor")})
	w.synced(a.Client)
	for _, h := range []hand{b, doctor} {
		w.synced(h.Client)
	}

	if list, page := b.browser().opened(); page != "" || !strings.Contains(list, "This device may not open it") || strings.Contains(list, "bruises") {
		t.Error("a team-mate opens what nobody gave them")
	}
	own := a.browser()
	list, page := own.opened()
	if n := len(links(list, "href", "/open")); n != 1 || !strings.Contains(page, "at night, in the corridor") || !strings.Contains(page, "L-7K4-V9") {
		t.Errorf("the monitor opens %d records", n)
	}
	if strings.Contains(list, "corridor") || strings.Contains(own.page("/desk"), "corridor") {
		t.Error("a list shows what is sealed")
	}

	desk := doctor.browser()
	list, page = desk.opened()
	if n := len(links(list, "href", "/open")); n != 1 || !strings.Contains(page, "bruises on both wrists") {
		t.Fatalf("the doctor opens %d records: %s", n, list)
	}
	if title := page[:strings.Index(page, "</title>")]; strings.Contains(title, "bruises") {
		t.Error("the title tells of a record")
	}
	answer, _ := desk.post(desk.one(page, "action", "/more"), nil)
	desk.types(desk.page(answer), "sealed.text", "consistent with restraint")
	if list, _ := desk.opened(); len(links(list, "href", "/open")) != 2 {
		t.Error("the answer does not stand beside it")
	}
	if again := desk.page(answer); strings.Contains(again, "restraint") {
		t.Error("the page gives back what was typed in it")
	}
	w.synced(doctor.Client)

	w.handIn(a)
	w.synced(a.Client)
	if list, page := own.opened(); page != "" || !strings.Contains(list, "This device may not open it") {
		t.Error("the monitor still opens it")
	}

	// A name is added to no more, since one word would stand in its place; it is written anew.
	visit := strings.TrimSuffix(own.one(own.page("/desk"), "href", "/desk"), "/desk")
	own.writesAnew(links(own.page(visit+"/interviews"), "href", "/r/[a-z2-7]{16}")[1], "another name") // the first leads back
	w.synced(a.Client)

	second := w.hand("Second Doctor", aDoctor)
	w.lists()
	w.synced(doctor.Client)
	to, _ := desk.post("/desk/rewrap", nil)
	if page := desk.page(to); !strings.Contains(page, "Keys given: ") {
		t.Errorf("%s leads to %s", to, page)
	}
	w.synced(doctor.Client)
	w.synced(second.Client)
	if _, page := second.browser().opened(); !strings.Contains(page, "restraint") && !strings.Contains(page, "bruises") {
		t.Error("the second doctor has no key")
	}

	if err := doctor.Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := desk.send(httptest.NewRequest("GET", "http://"+fieldHost+"/desk", nil)); r.Code != http.StatusSeeOther {
		t.Errorf("locked, the desk answers %d", r.Code)
	}
}

// Two doctors seal over the same note without seeing each other's: both are shown, and one
// of them is kept in front.
func TestTwoSealedVersionsAreSettledAtTheDesk(t *testing.T) {
	w := gatherSealing(t, aMonitor)
	first, second := w.hand("First", aDoctor), w.hand("Second", aDoctor)
	w.lists()
	hands := []hand{w.hands[0], first, second}
	for _, h := range hands {
		w.synced(h.Client)
	}
	note := &daylightv1.MedicalNote{VisitId: &w.visit.Id}
	first.seals(note, &daylightv1.MedicalNoteContent{Text: proto.String("nothing yet")})
	w.synced(first.Client)
	w.synced(second.Client)
	for h, text := range map[hand]string{first: "older than a week", second: "younger than a week"} {
		item, err := h.Get(t.Context(), clientsync.KindMedicalNote, note.Id)
		if err != nil {
			t.Fatal(err)
		}
		h.seals(item.Message, &daylightv1.MedicalNoteContent{Text: proto.String(text)})
	}
	for _, h := range []hand{first, second, first} {
		w.synced(h.Client)
	}
	desk := first.browser()
	_, page := desk.opened()
	if !strings.Contains(page, "older than a week") || !strings.Contains(page, "younger than a week") || !strings.Contains(page, "Two people wrote") {
		t.Fatalf("the two are not side by side: %s", page)
	}
	forms := regexp.MustCompile(`(?s)action="([^"]*/settle)".*?name="as" value="([^"]*)".*?name="_take" value="([^"]*)"`).FindAllStringSubmatch(page, -1)
	at := 0
	if strings.Index(page, "younger") > strings.Index(page, "older") {
		at = 1
	}
	desk.post(forms[at][1], url.Values{"as": {forms[at][2]}, "_take": {forms[at][3]}})
	if got := first.opens(clientsync.KindMedicalNote, note.Id); len(got) != 1 || got[0] != "younger than a week" {
		t.Errorf("it says %q", got)
	}
}
