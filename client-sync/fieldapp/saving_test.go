package fieldapp

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// browser is one browser that the app was opened in.
type browser struct {
	t      testing.TB
	app    *App
	cookie *http.Cookie
	// language is what it asks for.
	language string
}

// openApp makes an app over a folder and opens it in a browser.
func openApp(t testing.TB, c *clientsync.Client) *browser {
	t.Helper()
	a, err := New(Config{Client: c, Host: ourHost})
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, app: a}
	w := b.get(a.StartPath())
	if w.Code != http.StatusSeeOther || len(w.Result().Cookies()) != 1 {
		t.Fatalf("the app does not open: %d %s", w.Code, w.Body)
	}
	b.cookie = w.Result().Cookies()[0]
	return b
}

func (b *browser) send(r *http.Request) *httptest.ResponseRecorder {
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	if b.language != "" {
		r.Header.Set("Accept-Language", b.language)
	}
	w := httptest.NewRecorder()
	b.app.ServeHTTP(w, r)
	return w
}

func (b *browser) get(path string) *httptest.ResponseRecorder {
	return b.send(request("GET", path, "Sec-Fetch-Site", "same-origin"))
}

func (b *browser) post(path string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "http://"+ourHost+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "http://"+ourHost)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.send(r)
}

var hiddenAs = regexp.MustCompile(`name="as" value="([^"]*)"`)

// as is the record as a page shows it.
func as(t testing.TB, w *httptest.ResponseRecorder) string {
	t.Helper()
	m := hiddenAs.FindStringSubmatch(w.Body.String())
	if m == nil {
		t.Fatalf("there is no form on the page: %d %s", w.Code, w.Body)
	}
	return m[1]
}

// onePage mounts a page with a few controls.
func onePage(b *browser) {
	b.app.ofRecord(clientsync.KindFinding, "", func(t *turn, item clientsync.Item) error {
		e, err := t.edit(item, "")
		if err != nil {
			return err
		}
		form := e.form(
			e.line(ask{path: "title", label: "field-edit.save"}),
			e.line(ask{path: "narrative", label: "field-edit.save", rows: 5}),
			e.number(ask{path: "number_affected.exact", label: "field-edit.save"}),
			e.moment(ask{path: "observed_at", label: "field-edit.save"}),
			e.one(ask{path: "severity_proposed", label: "field-edit.save"}),
			e.one(ask{path: "topic", label: "field-edit.save"}),
			e.several(ask{path: "sources", label: "field-edit.save"}),
			e.yesNo(ask{path: "in_closing_talk", label: "field-edit.save"}),
		)
		return t.show(sheet{title: "field-edit.tab-findings", tab: tabFindings, body: append(e.notices(), form, e.removal("field-edit.removed", "/"))})
	})
	b.app.live[route{clientsync.KindFinding, ""}] = func(t *turn, item clientsync.Item) (map[string]look.Part, error) {
		return map[string]look.Part{"head": look.Para{Text: look.Typed(item.Message.(*daylightv1.Finding).GetTitle())}}, nil
	}
}

func findingOf(t testing.TB, c *clientsync.Client, id string) *daylightv1.Finding {
	t.Helper()
	item, err := c.Get(t.Context(), clientsync.KindFinding, id)
	if err != nil {
		t.Fatal(err)
	}
	return item.Message.(*daylightv1.Finding)
}

func TestAPageIsSavedWithoutScript(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	onePage(b)
	f := saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 4"), ObservedAt: proto.String("2026-11-24T14:02+03:00")}).(*daylightv1.Finding)
	href := "/r/" + b.app.handles.name(clientsync.KindFinding, f.GetId())
	page := b.get(href)
	if !strings.Contains(page.Body.String(), `value="2026-11-24T14:02"`) {
		t.Errorf("the page shows no time: %s", page.Body)
	}
	w := b.post(href+"/save", form("as", as(t, page), "_page", "", "title", "Cell 14", "narrative", "dark\r\ndamp", "severity_proposed", "FINDING_SEVERITY_SERIOUS",
		"observed_at", "2026-11-24T14:02", "topic", "MAT.LIGHT", "has", "sources", "sources", "EVIDENCE_SOURCE_OBSERVATION", "in_closing_talk", "yes", "has", "in_closing_talk"))
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != href+"?saved=1" {
		t.Fatalf("%d %s %s", w.Code, w.Header(), w.Body)
	}
	got := findingOf(t, c, f.GetId())
	if got.GetTitle() != "Cell 14" || got.GetNarrative() != "dark\ndamp" || got.GetObservedAt() != "2026-11-24T14:02+03:00" || got.GetTopic() != "MAT.LIGHT" ||
		got.GetSeverityProposed() != daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS || !got.GetInClosingTalk() {
		t.Errorf("it says %v", got)
	}
	if page := b.get(href + "?saved=1"); !strings.Contains(page.Body.String(), "Saved on this device") {
		t.Error("the page does not say that it was saved")
	}
	if w, ok := b.app.was(t.Context()); !ok || w.ID != f.GetId() || w.Kind != clientsync.KindFinding {
		t.Errorf("where somebody was: %+v", w)
	}
}

func TestWhatWasRefusedStaysInItsControl(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	onePage(b)
	f := saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 4")})
	href := "/r/" + b.app.handles.name(clientsync.KindFinding, f.GetId())
	w := b.post(href+"/save", form("as", as(t, b.get(href)), "title", "Cell 14", "narrative", "a\x00b <script>alert(1)</script>", "number_affected.exact", "many"))
	text := w.Body.String()
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(text, `value="many"`) || !strings.Contains(text, "Write a whole number") ||
		!strings.Contains(text, "a\ufffdb &lt;script&gt;") || strings.Contains(text, "<script>alert") {
		t.Errorf("%d %s", w.Code, text)
	}
	if got := findingOf(t, c, f.GetId()); got.GetTitle() != "Cell 14" || got.Narrative != nil {
		t.Errorf("it says %v", got)
	}
}

func TestTheScriptSavesOneControl(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	onePage(b)
	f := saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 4")})
	href := "/r/" + b.app.handles.name(clientsync.KindFinding, f.GetId())
	script := func(form url.Values) (a scriptAnswer) {
		t.Helper()
		w := b.post(href+"/save", form, "Accept", "application/json")
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		return a
	}
	first := as(t, b.get(href))
	a := script(form("as", first, "_page", "", "title", "Cell 14"))
	if a.As == "" || !strings.HasPrefix(a.Saved, "Saved on this device") || !strings.Contains(a.Parts["head"], "Cell 14") {
		t.Errorf("%+v", a)
	}
	// The same person in another window, which does not know of it.
	other := script(form("as", first, "_page", "", "title", "Cell 15"))
	if !strings.Contains(other.Refused["title"], "another window") || other.As == "" {
		t.Errorf("%+v", other)
	}
	if got := findingOf(t, c, f.GetId()).GetTitle(); got != "Cell 14" {
		t.Errorf("it says %q", got)
	}
	if a := script(form("as", other.As, "_page", "", "title", "Cell 15")); a.Refused["title"] != "" || findingOf(t, c, f.GetId()).GetTitle() != "Cell 15" {
		t.Errorf("%+v", a)
	}
}

func TestARecordIsBegunByTyping(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	onePage(b)
	var href string
	b.app.post("/begin", func(t *turn, _ *look.Form) error {
		href = t.begin(&daylightv1.Finding{Room: proto.String("4")})
		return t.to(href)
	})
	b.post("/begin", form())
	page := b.get(href)
	if n := count(t, c); n != 0 {
		t.Errorf("%d records are there before anything was typed", n)
	}
	b.post(href+"/save", form("as", as(t, page), "title", "Cell 4"), "Accept", "application/json")
	if n := count(t, c); n != 1 {
		t.Fatalf("%d records are there", n)
	}
	if page := b.get(href); !strings.Contains(page.Body.String(), "Cell 4") {
		t.Error("the address does not lead to it")
	}
}

func count(t testing.TB, c *clientsync.Client) (n int) {
	t.Helper()
	for _, err := range c.List(t.Context(), clientsync.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

func TestWhatIsRemovedIsBroughtBack(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	onePage(b)
	f := saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 4")})
	href := "/r/" + b.app.handles.name(clientsync.KindFinding, f.GetId())
	w := b.post(href+"/remove", form("as", as(t, b.get(href)), "_back", "//evil.example"))
	if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "evil") || count(t, c) != 0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := b.post(href+"/back", form()); w.Code != http.StatusSeeOther || count(t, c) != 1 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestALockedFolderShowsNothing(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	onePage(b)
	f := saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 4")})
	href := "/r/" + b.app.handles.name(clientsync.KindFinding, f.GetId())
	page := as(t, b.get(href))
	if err := c.Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, w := range []*httptest.ResponseRecorder{b.get(href), b.get("/"), b.post(href+"/save", form("as", page, "title", "x"))} {
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/unlock" {
			t.Errorf("%d %s %s", w.Code, w.Header(), w.Body)
		}
	}
	b.cookie = nil
	if w := b.get(href); w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), "Cell 4") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestPagesSpeakTheReadersLanguage(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	b.language = "ru"
	for tag, want := range map[string]string{"": "больше не действует", "tk": "tamamlandy", "ar": `dir="rtl"`} {
		if err := c.Remember(t.Context(), rememberedLanguage, []byte(tag)); err != nil {
			t.Fatal(err)
		}
		w := b.get("/r/aaaaaaaaaaaaaaaa")
		if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s", tag, w.Code, w.Body)
		}
	}
}

// sentFirst looks at what is remembered when the page goes out.
type sentFirst struct {
	*httptest.ResponseRecorder
	flushed func()
}

func (s *sentFirst) Flush() { s.flushed(); s.ResponseRecorder.Flush() }

func TestAPageDoesNotWaitUntilItIsRemembered(t *testing.T) {
	v := openTrip(t)
	order := []string{}
	told := func(when string) {
		if w, ok := v.app.was(t.Context()); ok && w.Page == "counts" {
			order = append(order, when)
		}
	}
	w := &sentFirst{httptest.NewRecorder(), func() { told("when it went out") }}
	r := request("GET", v.href+"/counts", "Sec-Fetch-Site", "same-origin")
	r.AddCookie(v.cookie)
	v.app.ServeHTTP(w, r)
	told("after it")
	if w.Code != http.StatusOK || !w.Flushed || len(order) != 1 || order[0] != "after it" {
		t.Errorf("%d: it was remembered %q", w.Code, order)
	}
}
