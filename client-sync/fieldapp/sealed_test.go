package fieldapp

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// secretWords are such as no page, address or hidden control may give back.
const secretWords = "they beat me in corridor four"

// spoken is a browser on a device with a visit and an interview of it.
func spoken(t testing.TB) (*browser, *daylightv1.Visit, *daylightv1.Interview) {
	t.Helper()
	b := openApp(t, openClient(t))
	place := saved(t, b.app.client, &daylightv1.Facility{Names: map[string]string{"en": "North House"}}).(*daylightv1.Facility)
	visit := saved(t, b.app.client, &daylightv1.Visit{FacilityId: proto.String(place.Id), ArrivedAt: proto.String("2026-11-24T09:30+03:00")}).(*daylightv1.Visit)
	w := b.post(b.hrefOf(clientsync.KindVisit, visit.Id, "interview-one"), form())
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return b, visit, theOnly(t, b.app.client, clientsync.KindInterview).(*daylightv1.Interview)
}

// hrefOf is the address of a record's page.
func (b *browser) hrefOf(kind clientsync.Kind, id string, page ...string) string {
	return strings.TrimRight("/r/"+b.app.handles.name(kind, id)+"/"+strings.Join(page, "/"), "/")
}

func allOf(t testing.TB, c *clientsync.Client, kind clientsync.Kind) (out []clientsync.Message) {
	t.Helper()
	for item, err := range c.List(t.Context(), clientsync.Filter{Kind: kind}) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, item.Message)
	}
	return out
}

func theOnly(t testing.TB, c *clientsync.Client, kind clientsync.Kind) clientsync.Message {
	t.Helper()
	got := allOf(t, c, kind)
	if len(got) != 1 {
		t.Fatalf("there are %d of %v", len(got), kind)
	}
	return got[0]
}

// opensTo is what a record seals, in protobuf's own words.
func opensTo(t testing.TB, c *clientsync.Client, m clientsync.Message) string {
	t.Helper()
	values, err := c.OpenSealed(t.Context(), kindOf(m), m.GetId())
	if err != nil || len(values) != 1 || values[0].Content == nil {
		t.Fatalf("%v %v", values, err)
	}
	b, err := json.Marshal(values[0].Content)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var sealedFormOf = regexp.MustCompile(`(?s)<form[^>]*id="sealed"[^>]*action="([^"]*)".*?name="as" value="([^"]*)"`)

// sealedOn is the form of a page in which something is sealed: where it goes, and the record.
func sealedOn(t testing.TB, w *httptest.ResponseRecorder) (action, as string) {
	t.Helper()
	m := sealedFormOf.FindStringSubmatch(w.Body.String())
	if m == nil {
		t.Fatalf("there is no sealed form on the page: %d %s", w.Code, w.Body)
	}
	return m[1], m[2]
}

func (b *browser) seals(path string, f url.Values) (a scriptAnswer) {
	b.t.Helper()
	w := b.post(path, f, "Accept", "application/json")
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		b.t.Fatalf("%d %s", w.Code, w.Body)
	}
	return a
}

// unsent is how many changes wait for the office.
func (b *browser) unsent() int {
	b.t.Helper()
	n, err := b.app.client.Unsent(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

func TestANoteIsSealedAsItIsTyped(t *testing.T) {
	b, _, interview := spoken(t)
	page := b.hrefOf(clientsync.KindInterview, interview.Id)
	action, as := sealedOn(t, b.get(page))
	if n := len(allOf(t, b.app.client, clientsync.KindInterviewNote)); n != 0 {
		t.Fatalf("%d notes before a word was typed", n)
	}
	first := b.seals(action, form("as", as, "_page", "", "sealed.text", "they be"))
	if first.As == "" || !strings.HasPrefix(first.Saved, "Sealed and saved on this device") {
		t.Fatalf("%+v", first)
	}
	// Two seconds later: the whole form, over the record as it is now.
	second := b.seals(action, form("as", first.As, "sealed.text", secretWords, "sealed.officials", "guard 7"))
	note := theOnly(t, b.app.client, clientsync.KindInterviewNote).(*daylightv1.InterviewNote)
	if got := opensTo(t, b.app.client, note); !strings.Contains(got, secretWords) || !strings.Contains(got, "guard 7") {
		t.Errorf("sealed is %s", got)
	}
	if note.GetInterviewId() != interview.Id || note.GetPersonId() != interview.GetPersonId() || note.GetVisitId() != interview.GetVisitId() {
		t.Errorf("it hangs on %v", note)
	}
	if got, err := recordpage.Unpack(clientsync.KindInterviewNote, note.Id, second.As); err != nil || strings.Contains(prototext.Format(got), "corridor") {
		t.Errorf("the form carries %v, %v", got, err)
	}
	if w, ok := b.app.was(t.Context()); !ok || w.Kind != clientsync.KindInterview || w.ID != interview.Id {
		t.Errorf("somebody was at %+v", w)
	}
	// What was emptied is emptied, and what nobody touched again stays. However often it is
	// sealed, what waits for the office is the change that made it and one more.
	before := b.unsent()
	b.seals(action, form("as", second.As, "sealed.text", secretWords, "sealed.officials", ""))
	if got := b.unsent(); got != before {
		t.Errorf("%d changes wait instead of %d", got, before)
	}
	if got := opensTo(t, b.app.client, note); strings.Contains(got, "guard 7") || !strings.Contains(got, secretWords) {
		t.Errorf("sealed is %s", got)
	}
}

func TestNoPageGivesBackWhatWasSealedWhereItWasTyped(t *testing.T) {
	b, visit, interview := spoken(t)
	page := b.hrefOf(clientsync.KindInterview, interview.Id)
	action, as := sealedOn(t, b.get(page))
	w := b.post(action, form("as", as, "_page", "", "sealed.text", secretWords))
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != page+"?sealed=1#sealed-part" {
		t.Fatalf("%d %s %s", w.Code, w.Header(), w.Body)
	}
	note := theOnly(t, b.app.client, clientsync.KindInterviewNote)
	for _, at := range []string{page, b.hrefOf(clientsync.KindInterviewNote, note.GetId()), b.hrefOf(clientsync.KindVisit, visit.Id, "interviews"),
		b.hrefOf(clientsync.KindVisit, visit.Id, "desk"), b.hrefOf(clientsync.KindVisit, visit.Id, "readers"), "/desk", "/readers",
		b.hrefOf(clientsync.KindPersonIdentity, interview.GetPersonId())} {
		w := b.get(at)
		if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "corridor") {
			t.Errorf("%s: %d %s", at, w.Code, w.Body)
		}
		for _, m := range regexp.MustCompile(`name="as" value="([^"]*)"`).FindAllStringSubmatch(w.Body.String(), -1) {
			for _, kind := range clientsync.Kinds() {
				if got, err := recordpage.Unpack(kind, note.GetId(), m[1]); err == nil && strings.Contains(prototext.Format(got), "corridor") {
					t.Errorf("%s carries it", at)
				}
			}
		}
	}
	if again := b.get(page).Body.String(); !strings.Contains(again, "sealed today") || !strings.Contains(again, "this device&#39;s key until the visit is handed in") {
		t.Errorf("the page does not say what is sealed and who opens it: %s", again)
	}
	// The next part is a record of its own.
	next, as := sealedOn(t, b.get(page))
	b.seals(next, form("as", as, "sealed.text", "and later"))
	if n := len(allOf(t, b.app.client, clientsync.KindInterviewNote)); n != 2 || next == action {
		t.Errorf("there are %d notes", n)
	}
}

func TestWhatCannotBeSealedStaysInTheForm(t *testing.T) {
	b, _, interview := spoken(t)
	page := b.hrefOf(clientsync.KindInterview, interview.Id)
	action, as := sealedOn(t, b.get(page))
	w := b.post(action, form("as", as, "_page", "", "sealed.text", "a\x00b <script>alert(1)</script>", "sealed.officials", "guard 7"))
	text := w.Body.String()
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(text, "a\ufffdb &lt;script&gt;") || strings.Contains(text, "<script>alert") {
		t.Errorf("%d %s", w.Code, text)
	}
	long := strings.Repeat("x", look.MaxAnswer+1)
	_, as = sealedOn(t, w)
	a := b.seals(action, form("as", as, "sealed.text", long, "sealed.witnesses", "two others"))
	if a.Refused["sealed.text"] == "" || !strings.Contains(a.Saved, "not what is marked") {
		t.Errorf("%+v", a.Refused)
	}
	note := theOnly(t, b.app.client, clientsync.KindInterviewNote)
	if got := opensTo(t, b.app.client, note); !strings.Contains(got, "guard 7") || !strings.Contains(got, "two others") {
		t.Errorf("sealed is %s", got)
	}
	if w := b.post(action, form("as", "nonsense", "sealed.text", "x")); w.Code != http.StatusBadRequest {
		t.Errorf("%d", w.Code)
	}
	if a := b.seals(action, form("as", a.As, "sealed.unknown", "x")); a.Saved != "" {
		t.Errorf("%+v", a)
	}
}

func TestHostileWordsAreSealedAsTyped(t *testing.T) {
	const hostile = "<img src=x onerror=alert(1)> \u202egnp.\u202c '; DROP TABLE -- 🙂 \u0000end"
	b, _, interview := spoken(t)
	action, as := sealedOn(t, b.get(b.hrefOf(clientsync.KindInterview, interview.Id)))
	typed := strings.ReplaceAll(hostile, "\u0000", "")
	b.post(action, form("as", as, "_page", "", "sealed.text", typed))
	note := theOnly(t, b.app.client, clientsync.KindInterviewNote)
	values, err := b.app.client.OpenSealed(t.Context(), clientsync.KindInterviewNote, note.GetId())
	if err != nil || values[0].Content.(*daylightv1.InterviewNoteContent).GetText() != typed {
		t.Errorf("%v %v", values, err)
	}
	w := b.get(b.hrefOf(clientsync.KindInterviewNote, note.GetId(), "open"))
	if text := w.Body.String(); w.Code != http.StatusOK || strings.Contains(text, "<img") || !strings.Contains(text, "&lt;img src=x") {
		t.Errorf("%d %s", w.Code, text)
	}
}

func TestTwoWindowsOfOneRecordDoNotOverwriteEachOther(t *testing.T) {
	b, _, interview := spoken(t)
	page := b.hrefOf(clientsync.KindPersonIdentity, interview.GetPersonId())
	action, as := sealedOn(t, b.get(page))
	b.seals(action, form("as", as, "sealed.name", "Name One"))
	a := b.seals(action, form("as", as, "sealed.name", "Name Two"))
	if !strings.Contains(a.Refused["sealed.name"], "another window") || a.As == "" {
		t.Errorf("%+v", a)
	}
	person := theOnly(t, b.app.client, clientsync.KindPersonIdentity)
	if got := opensTo(t, b.app.client, person); !strings.Contains(got, "Name One") {
		t.Errorf("sealed is %s", got)
	}
	if w := b.post(action, form("as", as, "_page", "", "sealed.name", "Name Two")); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), `value="Name Two"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	b.seals(action, form("as", a.As, "sealed.name", "Name Two"))
	if got := opensTo(t, b.app.client, person); !strings.Contains(got, "Name Two") {
		t.Errorf("sealed is %s", got)
	}
}

func TestAnIdentityIsAddedToWithoutBeingShown(t *testing.T) {
	b, visit, interview := spoken(t)
	page := b.hrefOf(clientsync.KindPersonIdentity, interview.GetPersonId())
	action, as := sealedOn(t, b.get(page))
	b.post(action, form("as", as, "_page", "", "sealed.name", "Somebody Real", "sealed.contact", ""))
	w := b.get(page)
	if strings.Contains(w.Body.String(), "Somebody Real") {
		t.Fatalf("the page shows the name: %s", w.Body)
	}
	action, as = sealedOn(t, w)
	b.post(action, form("as", as, "_page", "", "sealed.name", "", "sealed.whereabouts", "wing B"))
	person := theOnly(t, b.app.client, clientsync.KindPersonIdentity)
	if got := opensTo(t, b.app.client, person); !strings.Contains(got, "Somebody Real") || !strings.Contains(got, "wing B") {
		t.Errorf("sealed is %s", got)
	}
	// Nobody opens it on the device that wrote it, key or not.
	if w := b.get(b.hrefOf(clientsync.KindPersonIdentity, person.GetId(), "open")); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "Somebody") || !strings.Contains(w.Body.String(), "not shown on it") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	_ = visit
}

func TestAMedicalNoteAndAReprisalAreBegunFromThePerson(t *testing.T) {
	b, _, interview := spoken(t)
	person := b.hrefOf(clientsync.KindPersonIdentity, interview.GetPersonId())
	for kind, c := range map[clientsync.Kind]struct{ post, field string }{
		clientsync.KindMedicalNote:    {"/add-medical", "sealed.injuries"},
		clientsync.KindReprisalDetail: {"/add-reprisal", "sealed.measures"},
	} {
		at := b.post(person+c.post, form()).Header().Get("Location")
		action, as := sealedOn(t, b.get(at))
		b.seals(action, form("as", as, c.field, secretWords))
		m := theOnly(t, b.app.client, kind)
		if idIn(m, "person_id") != interview.GetPersonId() || !strings.Contains(opensTo(t, b.app.client, m), secretWords) {
			t.Errorf("%v: %v", kind, m)
		}
		if w := b.get(at); strings.Contains(w.Body.String(), "corridor") || !strings.Contains(w.Body.String(), "Add another part") {
			t.Errorf("%v: %s", kind, w.Body)
		}
		more := b.post(at+"/more", form()).Header().Get("Location")
		if more == at || b.get(more).Code != http.StatusOK {
			t.Errorf("%v: no further part at %q", kind, more)
		}
	}
}
