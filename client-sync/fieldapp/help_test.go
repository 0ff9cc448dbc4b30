package fieldapp

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/look"
)

func TestTheGuideIsWholeInEachOfItsLanguages(t *testing.T) {
	if got := theGuide().Languages(); !slices.Equal(got, []string{"en", "ru"}) {
		t.Fatalf("the guide is written in %v", got)
	}
	for _, wrong := range theGuide().Check() {
		t.Error(wrong)
	}
}

// TestPagesLeadToTheirChapter: and each of these chapters is there.
func TestPagesLeadToTheirChapter(t *testing.T) {
	for part, name := range chapterOf {
		if !theGuide().Has("en", name) {
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

// TestEveryPageLeadsToTheGuide: in the bar, also from what did not work.
func TestEveryPageLeadsToTheGuide(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	if w := b.get("/nowhere"); !strings.Contains(w.Body.String(), `href="/help"`) {
		t.Errorf("the page of an address that has ended: %s", w.Body)
	}
}
