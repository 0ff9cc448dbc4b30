package fieldapp

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// exported are the sentences that the library and the forms name by code, by the key that
// the pages look them up under.
func exported() map[string]string {
	out := map[string]string{}
	for _, s := range clientsync.Sentences() {
		out["refusal."+s.Code] = s.English
	}
	for key, text := range clientsync.FlagTexts() {
		out[key] = text
	}
	for key, text := range forms.FlagTexts() {
		out[key] = text
	}
	for code, text := range forms.MisfitTexts() {
		out["field-checklist.misfit-"+string(code)] = text
	}
	return out
}

// TestEveryCodeHasWordsInEveryLanguage: what the library refuses, holds or doubts is told in
// the reader's own language, with the same numbers in it.
func TestEveryCodeHasWordsInEveryLanguage(t *testing.T) {
	if len(exported()) < 400 {
		t.Fatalf("only %d codes", len(exported()))
	}
	for key, english := range exported() {
		var pairs []any
		for _, name := range paramsIn(english) {
			pairs = append(pairs, name, look.Plain("<"+name+">"))
		}
		for _, lang := range look.Languages {
			if !slices.Contains(look.Words().Keys(lang), look.Key(key)) {
				t.Errorf("%s has no %s: %q", lang, key, english)
				continue
			}
			said := look.Words().Locale(lang, nil, time.Time{}).Say(look.Key(key), pairs...).String()
			for _, name := range paramsIn(english) {
				if !strings.Contains(said, "<"+name+">") {
					t.Errorf("%s %s does not say {%s}: %q", lang, key, name, said)
				}
			}
			if strings.ContainsAny(said, "{}") {
				t.Errorf("%s %s has a param that English has not: %q", lang, key, said)
			}
		}
	}
}

func paramsIn(text string) (out []string) {
	for _, m := range regexp.MustCompile(`\{([a-z]+)\}`).FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}

// TestEveryReasonOfTheOfficeHasWords: but for two, after which nothing is refused.
func TestEveryReasonOfTheOfficeHasWords(t *testing.T) {
	for _, name := range daylightv1.Reason_name {
		word := strings.ToLower(strings.TrimPrefix(name, "REASON_"))
		if slices.Contains([]string{"unspecified", "already", "waits"}, word) {
			continue
		}
		if !look.Words().Has(look.Key("field-review.reason-" + dashed(word))) {
			t.Errorf("%s has no words", word)
		}
	}
	for _, name := range daylightv1.BatchFault_name {
		word := strings.ToLower(strings.TrimPrefix(name, "BATCH_FAULT_"))
		if word != "unspecified" && !look.Words().Has(look.Key("field-send.fault-"+word)) {
			t.Errorf("%s has no words", word)
		}
	}
}

func TestAFailureIsToldInTheReadersLanguage(t *testing.T) {
	for _, c := range []struct {
		shows, lang string
		err         clientsync.Error
		want        string
	}{
		{"what happened, was kept and is to be done", "ru", clientsync.Error{Message: "the folder is locked; nothing was changed", Hint: "Unlock it with its passphrase."},
			"Папка заблокирована. Ничего не изменено. Разблокируйте её парольной фразой."},
		{"a sentence in a sentence", "ru", clientsync.Error{Message: "narrative: holds 300 KiB; one field may hold 256 KiB; nothing was saved"},
			`<bdi dir="ltr">narrative</bdi>: здесь 300 КиБ, а поле вмещает 256 КиБ. Ничего не сохранено.`},
		{"a large number in its groups", "ru", clientsync.Error{Message: "the file could not be read from byte 1234567 on; nothing of it was taken"},
			"Файл не читается начиная с байта 1\u202f234\u202f567. Из него ничего не взято."},
		{"a version is no number", "ru", clientsync.Error{Message: "the checklist NPM.PRISON version 2026112301 is not on this device; what was answered is kept and can be read as it is"},
			`На устройстве нет формы: опросный лист <bdi dir="ltr">NPM.PRISON</bdi>, версия <bdi dir="ltr">2026112301</bdi>. Данные ответы сохранены, их можно прочесть как есть.`},
		{"English like a sentence", "en", clientsync.Error{Message: "the folder is locked; nothing was changed", Hint: "Unlock it with its passphrase."},
			"The folder is locked. Nothing was changed. Unlock it with its passphrase."},
		{"a reason that is not known, as what it is", "ru", clientsync.Error{Message: "this bundle cannot be taken: strange; nothing of it was taken"},
			`Пакет нельзя принять: <bdi lang="en">strange</bdi>. Из него ничего не взято.`},
		{"what a newer office says, as what it is", "ar", clientsync.Error{Message: "the office has moved"}, `<bdi lang="en">the office has moved</bdi>`},
		{"a step with its labels", "ru", clientsync.Error{Message: "The office refused this step: the visit stands at SUBMITTED; only NPM_HEAD or its head may take it to CLOSED. It is kept here."}, "Передано в офис"},
	} {
		t.Run(c.shows, func(t *testing.T) {
			got := string(told(look.Words().Locale(c.lang, nil, time.Time{}), &c.err).HTML())
			if got != c.want && (c.shows != "a step with its labels" || !strings.Contains(got, c.want) || strings.Contains(got, "SUBMITTED") || strings.Contains(got, "NPM_HEAD")) {
				t.Errorf("%s", got)
			}
		})
	}
}

func TestWhatCannotBeAmendedIsToldInThePagesWords(t *testing.T) {
	l := look.Words().Locale("ru", nil, time.Time{})
	got := told(l, &clientsync.Error{Message: errCannotAmend.Error(), Cause: fmt.Errorf("x: %w", errCannotAmend)})
	if want := l.Say("field-sealed.cannot-amend"); string(got.HTML()) != string(want.HTML()) {
		t.Errorf("%s", got.HTML())
	}
}

var (
	namedButton = regexp.MustCompile(`Text: [a-z.]*say\("([a-z.-]+)"\), Label: [a-z.]*say\("([a-z.-]+)"`)
	braces      = regexp.MustCompile(`\{[a-z]+\}`)
)

// TestTheNameOfAControlHasItsVisibleWords: who speaks to the device says what is to be
// seen (WCAG 2.5.3), in every language.
func TestTheNameOfAControlHasItsVisibleWords(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range namedButton.FindAllStringSubmatch(string(b), -1) {
			found++
			for _, lang := range look.Languages {
				l := look.Words().Locale(lang, nil, time.Time{})
				seen, label := braces.ReplaceAllString(l.Say(look.Key(m[1])).String(), ""), l.Say(look.Key(m[2])).String()
				if !strings.Contains(strings.ToLower(label), strings.ToLower(strings.TrimSpace(seen))) {
					t.Errorf("%s: in %s the name %q has not the words %q", name, lang, label, seen)
				}
			}
		}
	}
	if found < 3 {
		t.Fatalf("only %d controls found", found)
	}
}

// TestSwitchingTheLanguageKeepsWhatWasTyped: a page that was opened in one language is
// saved after another was chosen, in a second window or by going back; what cannot be
// saved stays in the form, without script and with it.
func TestSwitchingTheLanguageKeepsWhatWasTyped(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	onePage(b)
	f := saved(t, c, &daylightv1.Finding{Title: proto.String("Cell 4")}).(*daylightv1.Finding)
	href := b.href(clientsync.KindFinding, f.GetId())
	shown := as(t, b.get(href))
	goesTo(t, b.post("/settings/language", form("language", "ru")), "/settings")

	page := b.post(href+"/save", form("as", shown, "title", "Камера 4", "number_affected.exact", "двое"))
	for _, want := range []string{`lang="ru"`, `value="двое"`, "Введённое осталось здесь"} {
		if !strings.Contains(page.Body.String(), want) {
			t.Errorf("%d: no %q in %s", page.Code, want, page.Body)
		}
	}
	if got := findingOf(t, c, f.GetId()).GetTitle(); got != "Камера 4" {
		t.Errorf("without script the title is %q", got)
	}

	shown = as(t, b.get(href))
	goesTo(t, b.post("/settings/language", form("language", "ar")), "/settings")
	b.post(href+"/save", form("as", shown, "title", "زنزانة 4"), "X-Daylight", "script", "Accept", "application/json")
	if got := findingOf(t, c, f.GetId()).GetTitle(); got != "زنزانة 4" {
		t.Errorf("with script the title is %q", got)
	}
}

// TestUnreadWordsAreMarkedForTranslatorsOnly: no page of the field app says that nobody has
// reviewed its words.
func TestUnreadWordsAreMarkedForTranslatorsOnly(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	for _, lang := range look.Languages {
		b.post("/settings/language", form("language", lang))
		for _, path := range []string{"/", "/settings", "/send", "/ready", "/visits", "/places"} {
			if body := b.get(path).Body.String(); strings.Contains(body, "unread") || strings.Contains(body, ">*<") {
				t.Errorf("%s %s marks unread words", lang, path)
			}
		}
	}
}
