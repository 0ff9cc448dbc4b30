package look

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/vocabulary"
)

func written(t *testing.T, p Page) (string, http.Header) {
	t.Helper()
	if p.Locale == nil {
		p.Locale = reader("en")
	}
	w := httptest.NewRecorder()
	if err := p.Write(w, http.StatusOK); err != nil {
		t.Fatal(err)
	}
	return w.Body.String(), w.Header()
}

func drawnParts(t *testing.T, parts ...Part) string {
	t.Helper()
	var b strings.Builder
	if err := RenderParts(&b, reader("en"), parts...); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const nasty = `"'><script>alert(1)</script><img src=x onerror=alert(1)>{{.}}` + "\u202e"

// fill sets every text, string and list of a part to hostile text.
func fill(v reflect.Value, depth int) {
	bad := Typed(nasty)
	switch {
	case v.Type() == reflect.TypeFor[Text]():
		v.Set(reflect.ValueOf(bad))
	case v.Type() == reflect.TypeFor[Part]():
		v.Set(reflect.ValueOf(Part(Para{Text: bad})))
	case v.Kind() == reflect.String:
		v.SetString(nasty)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i), depth+1)
			}
		}
	case v.Kind() == reflect.Slice && depth < 6:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), depth+1)
	case v.Kind() == reflect.Map && v.Type().Key().Kind() == reflect.String && v.Type().Elem().Kind() == reflect.String:
		v.Set(reflect.ValueOf(map[string]string{"good": nasty, nasty: "1"}))
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth+1)
	}
}

// everyPart is one of each.
var everyPart = []Part{Heading{}, Section{}, Leaf{}, Well{}, Flow{}, Cluster{}, Spread{}, Para{}, Prose{}, Rule{}, Button{}, Note{}, Unfold{}, Empty{}, Anchors{}, Progress{}, Sealed{}, Beam{}, Tongue{}, Columns{},
	Rows{}, Symbol{}, Counts{}, Facts{}, Pairs{}, Points{}, Docket{}, Ledger{}, Log{}, Filters{}, Find{}, Pager{}, Shots{},
	Questions{}, Hidden{}, Input{}, Select{}, Choices{}, Pick{}, Check{}, Side{}, Saved{}, Problems{},
	Tag{}, Pane{}, Panes{}, Voice{}, Axes{}, Track{}, Figure{}, Heat{}, Picture{}, QR{}, SixWords{}, Sheet{}, Numbered{}, Ruled{}, LanguageChoice{}, ThemeChoice{}}

var tagPattern = regexp.MustCompile(`<[a-z/!][^>]*>`)

// TestNothingTypedIsMarkup: every field of every part is filled with hostile text, and none
// of it becomes an element, an attribute or an address that runs.
func TestNothingTypedIsMarkup(t *testing.T) {
	for _, p := range everyPart {
		t.Run(p.partial(), func(t *testing.T) {
			v := reflect.New(reflect.TypeOf(p)).Elem()
			fill(v, 0)
			got := drawnParts(t, v.Interface().(Part))
			for _, bad := range []string{"<script", "<img src=x", "alert(1)</script>", "javascript:"} {
				if strings.Contains(got, bad) {
					t.Errorf("%s in %s", bad, got)
				}
			}
			for _, tag := range tagPattern.FindAllString(got, -1) {
				if regexp.MustCompile(`\son[a-z]+=`).MatchString(regexp.MustCompile(`"[^"]*"`).ReplaceAllString(tag, `""`)) {
					t.Errorf("an attribute that runs: %s", tag)
				}
				if strings.Count(tag, `"`)%2 != 0 {
					t.Errorf("quotes that do not close: %s", tag)
				}
			}
			if strings.Contains(got, " style=") || strings.Contains(got, "ZgotmplZ") {
				t.Errorf("style or refused by the templates: %s", got)
			}
			empty := drawnParts(t, p)
			if strings.Contains(empty, "ZgotmplZ") || strings.Contains(empty, "<no value>") {
				t.Errorf("empty it is %s", empty)
			}
		})
	}
}

// TestEveryPartHasItsPartial: and the list above is whole.
func TestEveryPartHasItsPartial(t *testing.T) {
	known := map[string]bool{"page": true, "field-shell": true, "office-shell": true, "bare-shell": true}
	for _, p := range everyPart {
		known[p.partial()] = true
		if templates().Lookup(p.partial()) == nil {
			t.Errorf("%T has no partial %s", p, p.partial())
		}
	}
	inside := []string{"rows-in", "row-in", "button-at", "button-in", "hint", "wrong", "line", "control", "control-text", "options", "pick-choices", "drawing"}
	for _, n := range inside {
		known[n] = true
	}
	for _, tmpl := range templates().Templates() {
		if n := tmpl.Name(); n != "" && !strings.HasSuffix(n, ".html") && !known[n] {
			t.Errorf("the partial %s belongs to no part that is tested", n)
		}
	}
}

func TestAPageSaysWhatItIsToTheBrowser(t *testing.T) {
	got, h := written(t, Page{Locale: reader("ar"), Theme: ThemeDark, Title: Plain("Visit & more"), Shell: FieldShell{Name: Typed("x"), Lock: "/lock"}, Scripts: []string{"daylight.js"}, Data: map[string]string{"idle": "300"},
		Body: []Part{Button{Icon: IconLock, Text: Plain("Lock")}, Button{Icon: IconLock, Text: Plain("Again")}}})
	for _, want := range []string{`<html lang="ar" dir="rtl" data-theme="dark" translate="no">`, "<title>Visit &amp; more</title>", `href="` + AssetURL("daylight.css") + `"`, `data-idle="300"`, `id="main"`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	if strings.Count(got, `<symbol id="i-lock"`) != 1 || strings.Contains(got, `<symbol id="i-home"`) {
		t.Error("the page does not hold just the drawings that it uses, once each")
	}
	if strings.Contains(got, "<script>") || strings.Contains(got, " style=") || strings.Contains(got, "<style") {
		t.Error("script or style stands in the page")
	}
	policy := h.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy has no %s", want)
		}
	}
	if strings.Contains(policy, "unsafe") || h.Get("Cache-Control") != "no-store" || h.Get("Content-Language") != "ar" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%v", h)
	}
}

func TestAPageMayForbidItsScriptsToMakeMarkup(t *testing.T) {
	_, h := written(t, Page{NoMarkup: true})
	if got := h.Get("Content-Security-Policy"); !strings.HasPrefix(got, policy) || !strings.Contains(got, "require-trusted-types-for 'script'") {
		t.Error(got)
	}
	if got := drawnParts(t, Flow{ID: "keys", Script: true}); !strings.Contains(got, `class="flow needs-script" id="keys"`) {
		t.Error(got)
	}
}

// BenchmarkPage draws a page of 200 rows, as a long list is.
func BenchmarkPage(b *testing.B) {
	l := reader("ru")
	page := Page{Locale: l, Title: Plain("List"), Shell: OfficeShell{Heading: Plain("List")}}
	var rows Rows
	for range 200 {
		rows.Items = append(rows.Items, Row{Href: "/x", Text: Typed("Ak Derýa"), Under: l.When(now), Count: l.Of(7, 12), Lead: Pane{State: PaneBegun}})
	}
	page.Body = []Part{rows}
	for b.Loop() {
		if err := page.Render(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// TestTheBrowserKeepsAndTranslatesNothing: what is typed would stand in the browser's files,
// outside the vault and after the lock, and what is read at whoever translates.
func TestTheBrowserKeepsAndTranslatesNothing(t *testing.T) {
	page, _ := written(t, Page{Body: []Part{Questions{Action: "/", Body: []Part{Input{Name: "a"}, Input{Name: "p", Autocomplete: "current-password"}}}}})
	for _, want := range []string{`<html lang="en" dir="ltr" translate="no"`, `<meta name="google" content="notranslate">`, `<form class="flow" method="post" action="/" autocomplete="off">`, ` autocomplete="current-password"`} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is not in\n%s", want, page)
		}
	}
}

func TestHeadingsGoDownWithTheParts(t *testing.T) {
	got := drawnParts(t, Section{Heading: Plain("two"), Body: []Part{Leaf{Heading: Plain("three"), Body: []Part{Note{Heading: Plain("four")}}}, Cluster{Body: []Part{Note{Heading: Plain("three again")}}}}}, Section{Heading: Plain("two again")})
	var levels []string
	for _, m := range regexp.MustCompile(`<h(\d) id="(p\d+)"[^>]*>([a-z ]+)<`).FindAllStringSubmatch(got, -1) {
		levels = append(levels, m[1]+" "+m[3])
		if !strings.Contains(got, `aria-labelledby="`+m[2]+`"`) {
			t.Errorf("nothing is named by %s", m[3])
		}
	}
	if want := "2 two, 3 three, 4 four, 3 three again, 2 two again"; strings.Join(levels, ", ") != want {
		t.Errorf("%v, want %s", levels, want)
	}
}

func TestAnAddressThatRunsLeadsNowhere(t *testing.T) {
	for href, want := range map[string]string{"/visit/1": "/visit/1", "#f": "#f", "?q=a:b": "?q=a:b", "https://x.example/": "https://x.example/", "javascript:alert(1)": "", " JavaScript:alert(1)": "", "data:text/html,x": "", "vbscript:x": ""} {
		if got := Href(href); got != want {
			t.Errorf("%q leads to %q", href, got)
		}
	}
	if got := To("javascript:alert(1)", Plain("x")).HTML(); got != "x" {
		t.Errorf("%s", got)
	}
}

func TestTextsKeepTheirMarkupApart(t *testing.T) {
	for _, c := range []struct {
		text        Text
		html, plain string
	}{
		{Typed("<b>"), "<bdi>&lt;b&gt;</bdi>", "<b>"},
		{Code("7 / 12"), `<bdi dir="ltr">7 / 12</bdi>`, "7 / 12"},
		{Foreign("tk", "Ak Derýa"), `<bdi lang="tk">Ak Derýa</bdi>`, "Ak Derýa"},
		{Foreign(`"><`, "x"), `<bdi>x</bdi>`, "x"},
		{Strong(Typed("x")), "<b><bdi>x</bdi></b>", "x"},
		{Strong(nil), "", ""}, {Typed(""), "", ""},
		{To("/a?b=1&c=2", Plain("x")), `<a href="/a?b=1&amp;c=2">x</a>`, "x"},
		{Dotted(Plain("a"), nil, Plain("b")), "a · b", "a · b"},
		{Lines(Plain("a"), Plain("b")), "a<br>b", "a\nb"},
	} {
		if string(c.text.HTML()) != c.html || c.text.String() != c.plain {
			t.Errorf("%s | %s, want %s | %s", c.text.HTML(), c.text, c.html, c.plain)
		}
	}
}

func TestEveryIconIsDrawn(t *testing.T) {
	b, err := os.ReadFile("icons.go")
	if err != nil {
		t.Fatal(err)
	}
	names := strings.Join(regexp.MustCompile(`(?m)^\t(Icon|Mark)\w+ .*$`).FindAllString(string(b), -1), "\n")
	source := map[string]bool{}
	for _, m := range regexp.MustCompile(`"((?:m-)?[a-z0-9]+)"`).FindAllStringSubmatch(names, -1) {
		source[Icon(m[1]).id()] = true
		if drawn(Icon(m[1])) == "" {
			t.Errorf("%s is not in icons.svg", m[1])
		}
	}
	for id := range symbols() {
		if !source[id] {
			t.Errorf("%s has no name", id)
		}
	}
	if drawn("nothing") != "" || drawn(`"><script>`) != "" {
		t.Error("what is no icon is drawn")
	}
}

func TestEveryShapedCodeIsInTheVocabulary(t *testing.T) {
	for list, codes := range shapes {
		for code, s := range codes {
			if _, ok := vocabulary.Shipped().Lookup(list, code); !ok {
				t.Errorf("there is no %s.%s", list, code)
			}
			if s.icon != "" && drawn(s.icon) == "" {
				t.Errorf("%s.%s has no drawing", list, code)
			}
		}
	}
	tag := TagOf(reader("tk"), "FINDING_SEVERITY", "CRITICAL", vocabulary.Label{Text: "Критический: пытки", Language: "ru", Known: true})
	if string(tag.Text.HTML()) != `<bdi lang="ru">Критический</bdi>` || tag.Kind != TagCritical || tag.Icon != MarkCritical {
		t.Errorf("%v", tag)
	}
	translator := *reader("tk")
	translator.Translating = true
	if got := string(translator.Labelled(vocabulary.Label{Text: "x", Language: "tk", Known: true}).HTML()); !strings.Contains(got, "unread") {
		t.Errorf("a translator does not see that nobody read it: %s", got)
	}
}

func TestAssetsAreKeptForGoodUnderTheirContent(t *testing.T) {
	get := func(method, path string) *http.Response {
		w := httptest.NewRecorder()
		Assets().ServeHTTP(w, httptest.NewRequest(method, path, nil))
		return w.Result()
	}
	res := get(http.MethodGet, AssetURL("daylight.css"))
	body, _ := io.ReadAll(res.Body)
	if res.StatusCode != 200 || string(body) != style() || res.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/css") {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	if !regexp.MustCompile(`^/look/daylight\.[0-9a-f]{12}\.css$`).MatchString(AssetURL("daylight.css")) || AssetURL("nothing") != "" {
		t.Error(AssetURL("daylight.css"))
	}
	for _, path := range []string{"/look/daylight.css", "/look/", "/look/../page.go", "/look/icons.svg"} {
		if got := get(http.MethodGet, path).StatusCode; got != 404 {
			t.Errorf("%s answers %d", path, got)
		}
	}
	if got := get(http.MethodPost, AssetURL("daylight.js")).StatusCode; got != 405 {
		t.Errorf("POST answers %d", got)
	}
}

// TestPanesFillTheirLines: where nobody says how many stand in a line, the last one is as
// full as can be.
func TestPanesFillTheirLines(t *testing.T) {
	for n, want := range map[int]int{1: 6, 6: 6, 7: 7, 10: 5, 12: 6, 13: 7, 14: 7, 15: 5, 18: 6} {
		if got := (Panes{States: make([]PaneState, n)}).each(); got != want {
			t.Errorf("%d panes stand by %d, want %d", n, got, want)
		}
	}
}

func TestPanesRunWithThePage(t *testing.T) {
	p := Panes{States: []PaneState{PaneSeen, PaneBegun, PaneMissing}, Each: 3}
	if got := p.Windows(false); got[0].X != 1 || got[2].X != 99 {
		t.Errorf("from the left: %v", got)
	}
	if got := p.Windows(true); got[0].X != 99 || got[2].X != 1 {
		t.Errorf("from the right: %v", got)
	}
	if got := p.Told(reader("en")).String(); got != "1 of 3 seen, 2 begun, 1 with required answers missing" {
		t.Errorf("%s", got)
	}
}
