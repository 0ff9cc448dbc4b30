package fieldapp

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/look"
)

// heaviestPicture bounds a picture of the guide.
const heaviestPicture = 40_000

var messageSign = regexp.MustCompile(`\{([^}]*)\}`)

// TestTheGuideIsWholeInEachOfItsLanguages: the same chapters, parts and pictures, and
// nothing is called what no page calls it.
func TestTheGuideIsWholeInEachOfItsLanguages(t *testing.T) {
	if got := guideLanguages(); !slices.Equal(got, []string{"en", "ru"}) {
		t.Fatalf("the guide is written in %v", got)
	}
	english := guide()["en"]
	for lang, chapters := range guide() {
		if len(chapters) != len(english) {
			t.Fatalf("%s has %d chapters, English %d", lang, len(chapters), len(english))
		}
		for i, c := range chapters {
			if c.name != english[i].name || len(c.blocks) != len(english[i].blocks) {
				t.Fatalf("%s: %s has %d blocks; English: %s %d", lang, c.name, len(c.blocks), english[i].name, len(english[i].blocks))
			}
			for j, b := range c.blocks {
				checkBlock(t, lang+" "+c.name, lang, b, english[i].blocks[j])
			}
		}
	}
}

func checkBlock(t *testing.T, where, lang string, b, english guideBlock) {
	t.Helper()
	if b.kind != english.kind || len(b.lines) != len(english.lines) || b.picture != english.picture {
		t.Errorf("%s: %q stands where English has %q", where, b.lines, english.lines)
	}
	for _, line := range b.lines {
		for _, m := range messageSign.FindAllStringSubmatch(line, -1) {
			if !look.Words().Has(look.Key(m[1])) {
				t.Errorf("%s: no page says %q", where, m[1])
			}
		}
		for _, m := range inlineSign.FindAllStringSubmatch(line, -1) {
			if m[3] != "" && !slices.ContainsFunc(guide()[lang], func(c guideChapter) bool { return c.name == m[3] }) {
				t.Errorf("%s: there is no chapter %q", where, m[3])
			}
		}
	}
	if p, ok := guidePicture(lang, b.picture); b.picture != "" && ok && (len(p) > heaviestPicture || http.DetectContentType(p) != "image/webp") {
		t.Errorf("%s: the picture %s has %d bytes and is %s", where, b.picture, len(p), http.DetectContentType(p))
	}
}

// TestPagesLeadToTheirChapter: and each of these chapters is there.
func TestPagesLeadToTheirChapter(t *testing.T) {
	for part, name := range chapterOf {
		if !slices.ContainsFunc(guide()["en"], func(c guideChapter) bool { return c.name == name }) {
			t.Errorf("pages of %s lead to the chapter %s, which is not there", part, name)
		}
	}
	for title, want := range map[look.Key]string{"field-finding.title": "/help/finding", "field-edit.title-trouble": "/help", "field-help.title": ""} {
		if got := helpFor(title); got != want {
			t.Errorf("%s leads to %q, want %q", title, got, want)
		}
	}
}

func TestTheGuideIsReadInTheReadersLanguage(t *testing.T) {
	b := openApp(t, openClient(t))
	for _, c := range []struct{ shows, language, path, want string }{
		{"English", "en", "/help/finding", `<h1>Writing a finding</h1>`},
		{"Russian", "ru", "/help/finding", "Как записать вывод"},
		{"what Turkmen falls back to", "tk", "/help/finding", `<div class="flow" lang="ru" dir="ltr">`},
		{"English within Arabic, from left to right", "ar", "/help/finding", `<div class="flow" lang="en" dir="ltr">`},
		{"another language when asked for", "en", "/help/finding?in=ru", "Как записать вывод"},
		{"and its links lead on in it", "en", "/help?in=ru", `href="/help/start?in=ru"`},
		{"the pages' own words", "ru", "/help/send", "Отправка"},
		{"a language that it has not", "en", "/help/finding?in=<script>", `<h1>Writing a finding</h1>`},
	} {
		b.language = c.language
		w := b.get(c.path)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s: %d, no %q in %s", c.shows, w.Code, c.want, w.Body)
		}
	}
}

func TestTheGuideIsReadWhileTheFolderIsLocked(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	if err := c.Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/help", "/help/start", "/help/safety"} {
		w := b.get(path)
		if w.Code != http.StatusOK || strings.Contains(w.Body.String(), `class="tabs"`) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	b.cookie = nil
	if w := b.get("/help"); w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), "/help") {
		t.Errorf("whoever has no session reads %d %s", w.Code, w.Body)
	}
}

func TestWhatIsNotInTheGuideHasEnded(t *testing.T) {
	b := openApp(t, openClient(t))
	for _, path := range []string{"/help/nothing", "/help/picture/en/nothing", "/help/picture/en/..%2f..%2fguide.go", "/help/picture/xx/home"} {
		if w := b.get(path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestAChapterThatIsNotWrittenAsOneIsNotRead(t *testing.T) {
	for text, file := range map[string]string{
		"# Title":                            "01-x.md",
		"No title, but a paragraph.":         "01-x.md",
		"# Title\n\nLead.\n\n## Part\nclose": "01-x.md",
		"# Title\n\nLead.":                   "x.md",
	} {
		if c, err := readChapter(file, text); err == nil {
			t.Errorf("%q is read as %+v", text, c)
		}
	}
}

// TestEveryPageLeadsToTheGuide: in the bar, also from what did not work.
func TestEveryPageLeadsToTheGuide(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	if w := b.get("/nowhere"); !strings.Contains(w.Body.String(), `href="/help"`) {
		t.Errorf("the page of an address that has ended: %s", w.Body)
	}
}
