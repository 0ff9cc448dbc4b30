package fieldapp

import (
	"bytes"
	"encoding/xml"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/pagewalk"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// What has to hold on every page of the app, whoever makes it. A page that is mounted is
// walked; nothing has to be added here.

const (
	marker  = pagewalk.Marker
	hostile = pagewalk.Hostile
)

// hostileRecord has hostile words in every field that takes words.
func hostileRecord(kind clientsync.Kind, visit string) clientsync.Message {
	m := clientsync.New(kind)
	pagewalk.Fill(m)
	r := m.ProtoReflect()
	if fd := r.Descriptor().Fields().ByName("visit_id"); fd != nil && visit != "" {
		r.Set(fd, protoreflect.ValueOfString(visit))
	}
	return m
}

// walker has an app full of hostile records, and what its log was told.
type walker struct {
	*browser
	log     *bytes.Buffer
	visit   *daylightv1.Visit
	records map[clientsync.Kind]clientsync.Message
}

// walkAll makes it. Kinds that a person cannot save by themselves, as keys, are left out and
// told.
func walkAll(t *testing.T) *walker {
	t.Helper()
	c := openClient(t)
	w := &walker{log: &bytes.Buffer{}, records: map[clientsync.Kind]clientsync.Message{}}
	a, err := New(Config{Client: c, Host: ourHost, Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	w.browser = &browser{t: t, app: a}
	w.cookie = w.get(a.StartPath()).Result().Cookies()[0]
	if a.pages[route{clientsync.KindFinding, ""}] == nil {
		onePage(w.browser)
	}
	w.visit = hostileRecord(clientsync.KindVisit, "").(*daylightv1.Visit)
	saved(t, c, w.visit)
	w.records[clientsync.KindVisit] = w.visit
	for _, kind := range clientsync.Kinds() {
		if kind == clientsync.KindVisit {
			continue
		}
		m := hostileRecord(kind, w.visit.GetId())
		if comment, is := m.(*daylightv1.ReviewComment); is {
			comment.AboutKind, comment.AboutId = proto.String("visit"), proto.String(w.visit.GetId())
			comment.Kind = daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REQUEST.Enum()
		}
		if err := c.Save(t.Context(), m); err != nil {
			t.Logf("%s is not walked: %v", kind, err)
			continue
		}
		w.records[kind] = m
	}
	if len(w.records) < 15 {
		t.Fatalf("only %d kinds could be saved", len(w.records))
	}
	if err := c.Remember(t.Context(), rememberedVisit, []byte(w.visit.GetId())); err != nil {
		t.Fatal(err)
	}
	return w
}

// addresses are all pages: those of no record, and those of each record.
func (w *walker) addresses() (out []string) {
	for _, path := range w.app.addresses {
		if !strings.Contains(path, "{") {
			out = append(out, strings.TrimSuffix(path, "$"))
		}
	}
	for kind, m := range w.records {
		for at := range w.app.pages {
			if at.kind == kind || at.kind == 0 && w.app.pages[route{kind, at.page}] == nil {
				out = append(out, strings.TrimSuffix(w.recordOf(m)+"/"+at.page, "/"))
			}
		}
	}
	slices.Sort(out)
	return out
}

func TestHostileWordsAreShownAsTypedOnEveryPage(t *testing.T) {
	w := walkAll(t)
	shown := 0
	for _, lang := range []string{"en", "ar"} {
		w.language = lang
		for _, address := range w.addresses() {
			page := w.get(address)
			body := page.Body.String()
			if page.Code >= 500 {
				t.Errorf("%s: %d", address, page.Code)
			}
			for _, bad := range pagewalk.Came(body) {
				t.Errorf("%s: %s came through:\n%s", address, bad, around(body, bad))
			}
			if strings.Contains(page.Header().Get("Content-Type"), "text/html") {
				for _, at := range turning(body) {
					t.Errorf("%s: what turns the writing round is not kept in its place: …%s…", address, at)
				}
			}
			if strings.Contains(body, marker) {
				shown++
			}
		}
	}
	if shown < 20 {
		t.Errorf("only %d pages show what was typed: the test looks in the wrong places", shown)
	}
	t.Logf("%d pages showed hostile words", shown)
}

func around(body, bad string) string {
	at := strings.Index(body, bad)
	return body[max(0, at-200):min(len(body), at+200)]
}

// turning finds text with U+202E that stands in no element which isolates it.
func turning(body string) (out []string) {
	d := xml.NewDecoder(strings.NewReader(body))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var isolated []bool
	for {
		token, err := d.Token()
		if err == io.EOF {
			return out
		}
		if err != nil {
			return append(out, "the page cannot be read: "+err.Error())
		}
		switch x := token.(type) {
		case xml.StartElement:
			alone := len(isolated) > 0 && isolated[len(isolated)-1] || slices.Contains([]string{"bdi", "textarea", "option", "title"}, x.Name.Local)
			for _, a := range x.Attr {
				alone = alone || a.Name.Local == "dir" && a.Value != ""
			}
			isolated = append(isolated, alone && x.Name.Local != "html")
		case xml.EndElement:
			if len(isolated) > 0 {
				isolated = isolated[:len(isolated)-1]
			}
		case xml.CharData:
			if bytes.ContainsRune(x, '\u202e') && (len(isolated) == 0 || !isolated[len(isolated)-1]) {
				out = append(out, string(x[:min(len(x), 60)]))
			}
		}
	}
}

var (
	leading = regexp.MustCompile(`\b(?:href|action|src|formaction|data-[a-z]+)="([^"]*)"`)
	uuidish = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-`)
)

func TestNothingOfARecordInTitlesAddressesAndLogs(t *testing.T) {
	w := walkAll(t)
	for _, address := range w.addresses() {
		page := w.get(address)
		body := page.Body.String()
		if title := html.UnescapeString(title(page)); strings.Contains(title, marker) || uuidish.MatchString(title) || page.Code == http.StatusOK && title == "" && strings.Contains(page.Header().Get("Content-Type"), "html") {
			t.Errorf("%s: the title is %q", address, title)
		}
		all := []string{address, page.Header().Get("Location"), page.Header().Get("Content-Disposition")}
		for _, m := range leading.FindAllStringSubmatch(body, -1) {
			all = append(all, html.UnescapeString(m[1]))
		}
		for _, to := range all {
			if strings.Contains(to, marker) || uuidish.MatchString(to) {
				t.Errorf("%s: an address, or a script's word, holds something of a record: %q", address, to)
			}
		}
		if got := page.Header().Get("Cache-Control"); !strings.Contains(got, "no-store") {
			t.Errorf("%s: Cache-Control %q", address, got)
		}
	}
	// What fails is logged without what it was about.
	for kind, m := range w.records {
		for at := range w.app.posts {
			if at.kind == kind || at.kind == 0 {
				w.post(w.recordOf(m)+"/"+at.page, form("as", "nonsense "+marker, "title", hostile))
			}
		}
	}
	log := w.log.String()
	if strings.Contains(log, marker) || uuidish.MatchString(log) {
		t.Errorf("the log says:\n%s", log)
	}
}

// typedInto is one control of a page that is typed into.
type typedInto struct{ name, form string }

var controlTag = regexp.MustCompile(`<(input|textarea)\b[^>]*>`)
var attribute = regexp.MustCompile(`\b([a-z-]+)="([^"]*)"`)

// typedControls are the controls of the page's saving form that words are typed into.
func typedControls(body string) (out []typedInto) {
	_, rest, ok := strings.Cut(body, `data-save="`)
	if !ok {
		return nil
	}
	action, _, _ := strings.Cut(rest, `"`)
	rest, _, _ = strings.Cut(rest, "</form>")
	for _, tag := range controlTag.FindAllString(rest, -1) {
		at := map[string]string{}
		for _, m := range attribute.FindAllStringSubmatch(tag, -1) {
			at[m[1]] = html.UnescapeString(m[2])
		}
		kind := at["type"]
		if name := at["name"]; name != "" && !strings.HasPrefix(name, "_") && (kind == "" || kind == "text" || kind == "search") && at["disabled"] == "" {
			out = append(out, typedInto{name, action})
		}
	}
	return out
}

func TestWhatCannotBeStoredStaysInEveryControl(t *testing.T) {
	w := walkAll(t)
	tried, long := 0, strings.Repeat("long ", 210<<10)
	for _, address := range w.addresses() {
		page := w.get(address)
		if page.Code != http.StatusOK || !hiddenAs.MatchString(page.Body.String()) {
			continue
		}
		for i, c := range typedControls(page.Body.String()) {
			_, hidden, _ := strings.Cut(page.Body.String(), `data-save="`)
			f := url.Values{"as": {hiddenAs.FindStringSubmatch(hidden + page.Body.String())[1]}, c.name: {"be\x00fore " + marker}}
			if at := regexp.MustCompile(`name="_page" value="([^"]*)"`).FindStringSubmatch(hidden); at != nil {
				f.Set("_page", at[1])
			}
			stays(t, w.post(c.form, f), address, c.name, "be\ufffdfore "+marker)
			if i == 0 {
				f.Set(c.name, long)
				stays(t, w.post(c.form, f), address, c.name, long)
			}
			tried++
		}
	}
	if tried == 0 {
		t.Error("no page has a control: the test looks in the wrong places")
	}
	t.Logf("%d controls", tried)
}

func stays(t *testing.T, w *httptest.ResponseRecorder, address, name, typed string) {
	t.Helper()
	body, _ := io.ReadAll(w.Result().Body)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(html.UnescapeString(string(body)), typed) || !strings.Contains(string(body), `class="error"`) {
		t.Errorf("%s: %s of %d bytes: answered %d; the text stays: %t; a message stands: %t", address, name, len(typed), w.Code,
			strings.Contains(html.UnescapeString(string(body)), typed), strings.Contains(string(body), `class="error"`))
	}
}
