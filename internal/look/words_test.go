package look

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"github.com/daylight-npm/daylight/internal/record"
)

// sentences are the keys that other rooms name; they have their English there.
func sentences() map[Key]string {
	out := map[Key]string{}
	for _, r := range record.FlagRules() {
		out[Key(r.MessageKey())] = r.Text
	}
	for _, t := range record.Thresholds() {
		out[Key(t.MessageKey())] = t.Text
	}
	return out
}

var paramPattern = regexp.MustCompile(`\{([a-z-]+)\}`)

func paramsOf(sentence string) []string {
	var out []string
	for _, m := range paramPattern.FindAllStringSubmatch(sentence, -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestEveryMessageInEveryLanguage: no page is half in another language.
func TestEveryMessageInEveryLanguage(t *testing.T) {
	c := Words()
	for _, lang := range Languages {
		for _, k := range c.Keys(Languages[0]) {
			m, ok := c.words[lang][k]
			if !ok {
				t.Errorf("%s has no %s", lang, k)
				continue
			}
			checkMessage(t, lang, k, c.words["en"][k], m)
		}
		for _, k := range c.Keys(lang) {
			if _, ok := sentences()[k]; !ok && !c.Has(k) {
				t.Errorf("%s has %s, and English has not", lang, k)
			}
		}
	}
}

// checkMessage holds a translation against its English: the same params, every plural form
// that the language has, and nothing else.
func checkMessage(t *testing.T, lang string, k Key, english, m message) {
	t.Helper()
	want := paramsOf(english.forms["other"])
	counts := len(english.forms) > 1
	for name, sentence := range m.forms {
		got := paramsOf(sentence)
		if !slices.Equal(got, want) && !(counts && name != "other" && slices.Equal(append(got, "n"), want)) {
			t.Errorf("%s %s %s has the params %v; English has %v", lang, k, name, got, want)
		}
		if strings.ContainsAny(strings.Join(paramPattern.Split(sentence, -1), ""), "{}<>") {
			t.Errorf("%s %s: braces are for params, and there is no markup: %q", lang, k, sentence)
		}
		if strings.TrimSpace(sentence) == "" {
			t.Errorf("%s %s %s is empty", lang, k, name)
		}
	}
	forms := []string{"other"}
	if counts {
		forms = formsOf(lang)
	}
	for _, f := range forms {
		if m.forms[f] == "" {
			t.Errorf("%s %s has no form %s", lang, k, f)
		}
	}
	if len(m.forms) != len(forms) {
		t.Errorf("%s %s has the forms %v, and takes %v", lang, k, m.forms, forms)
	}
}

// formsOf are the forms that whole numbers take, and "other" for what is not told.
func formsOf(lang string) []string {
	out := []string{"other"}
	for n := range 2000 {
		if f := formNames[plural.Cardinal.MatchPlural(language.MustParse(lang), n, 0, 0, 0, 0)]; !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

func TestPluralFormsAreThoseOfTheLanguage(t *testing.T) {
	for lang, want := range map[string]int{"en": 2, "ru": 4, "uk": 4, "tk": 2, "ar": 6} {
		if got := formsOf(lang); len(got) != want {
			t.Errorf("%s has %v", lang, got)
		}
	}
}

// TestSentencesOfRecordsKeepTheirParams: a flag in another language says the same numbers.
func TestSentencesOfRecordsKeepTheirParams(t *testing.T) {
	english := sentences()
	for _, lang := range Languages {
		translated := 0
		for k, text := range english {
			m, ok := Words().words[lang][k]
			if !ok {
				continue
			}
			translated++
			if got, want := paramsOf(m.forms["other"]), paramsOf(text); !slices.Equal(got, want) {
				t.Errorf("%s %s has the params %v; English has %v", lang, k, got, want)
			}
		}
		if lang != "en" && translated != len(english) {
			for k := range english {
				if _, ok := Words().words[lang][k]; !ok {
					t.Errorf("%s has no %s", lang, k)
				}
			}
		}
		t.Logf("%s: %d of %d flags and thresholds", lang, translated, len(english))
	}
}

// use is what the code asks of the catalogue.
type use struct {
	where string
	key   string
	names []string // of params; nil where they are not all literal
}

var keyPattern = regexp.MustCompile(`^[a-z][a-z-]*\.[a-z0-9-]*$`)

// uses finds every key in the code and templates of both faces and of what they share. What is put together, as
// "record." + code, uses all keys that begin so.
func uses(t *testing.T) (calls []use, literals map[string]bool) {
	t.Helper()
	literals = map[string]bool{}
	for _, dir := range []string{"../look", "../guide", "../recordpage", "../../client-sync", "../../server"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil || d.IsDir():
				return err
			case strings.HasSuffix(path, "_test.go"):
				return nil
			case strings.HasSuffix(path, ".go"):
				return goUses(path, &calls, literals)
			case strings.HasSuffix(path, ".html"):
				return templateUses(path, &calls, literals)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return calls, literals
}

func goUses(path string, calls *[]use, literals map[string]bool) error {
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, path, nil, 0)
	if err != nil {
		return err
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := text(n); ok && keyPattern.MatchString(s) {
			literals[s] = true
		}
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != "Say" && sel.Sel.Name != "say" {
			return true
		}
		if key, ok := text(call.Args[0]); ok {
			u := use{where: files.Position(n.Pos()).String(), key: key, names: []string{}}
			for i := 1; i < len(call.Args); i += 2 {
				name, ok := text(call.Args[i])
				if !ok || call.Ellipsis.IsValid() {
					u.names = nil
					break
				}
				u.names = append(u.names, name)
			}
			*calls = append(*calls, u)
		}
		return true
	})
	return nil
}

func text(n ast.Node) (string, bool) {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

var (
	sayPattern    = regexp.MustCompile(`\.Say "([^"]+)"((?: "[^"]+" [^ )}]+)*)`)
	sayParam      = regexp.MustCompile(`"([^"]+)" [^ )}]+`)
	quotedPattern = regexp.MustCompile(`"([a-z][a-z-]*\.[a-z0-9-]+)"`)
)

func templateUses(path string, calls *[]use, literals map[string]bool) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for _, m := range quotedPattern.FindAllStringSubmatch(string(b), -1) {
		literals[m[1]] = true
	}
	for _, m := range sayPattern.FindAllStringSubmatch(string(b), -1) {
		u := use{where: path, key: m[1], names: []string{}}
		for _, p := range sayParam.FindAllStringSubmatch(m[2], -1) {
			u.names = append(u.names, p[1])
		}
		*calls = append(*calls, u)
	}
	return nil
}

// TestWhatIsSaidIsInTheCatalogue: no page shows a key, or a brace, to a person.
func TestWhatIsSaidIsInTheCatalogue(t *testing.T) {
	calls, _ := uses(t)
	if len(calls) < 20 {
		t.Fatalf("only %d uses found: the test looks in the wrong place", len(calls))
	}
	for _, u := range calls {
		if !keyPattern.MatchString(u.key) || strings.HasSuffix(u.key, ".") {
			continue
		}
		m, ok := Words().words["en"][Key(u.key)]
		if !ok {
			t.Errorf("%s says %s, which no message has", u.where, u.key)
			continue
		}
		want := paramsOf(m.forms["other"])
		if got := slices.Sorted(slices.Values(u.names)); u.names != nil && !slices.Equal(got, want) {
			t.Errorf("%s tells %s the params %v; it takes %v", u.where, u.key, got, want)
		}
	}
}

// TestWhatIsInTheCatalogueIsSaid: translators are not asked for words that nobody sees.
func TestWhatIsInTheCatalogueIsSaid(t *testing.T) {
	_, literals := uses(t)
	for _, k := range Words().Keys("en") {
		used := literals[string(k)]
		for l := range literals {
			used = used || strings.HasSuffix(l, ".") && strings.HasPrefix(string(k), l) || strings.HasSuffix(l, "-") && strings.HasPrefix(string(k), l)
		}
		if !used {
			t.Errorf("nothing says %s", k)
		}
	}
}

func TestAMessageThatIsMissingFallsBack(t *testing.T) {
	c, err := readCatalogue(fstest.MapFS{
		"en/a.json": {Data: []byte(`{"messages": {"x": "English {n}", "y": "English"}}`)},
		"ru/a.json": {Data: []byte(`{"reviewed": ["x"], "messages": {"x": {"one": "{n} раз", "few": "{n} раза", "many": "{n} раз", "other": "{n} раза"}}}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c2 := range []struct{ tag, key, want string }{
		{"ru", "a.x", "2 раза"}, {"tk", "a.x", `<span lang="ru" dir="ltr">2 раза</span>`}, {"uk", "a.x", `<span lang="en" dir="ltr">English 2</span>`},
		{"ar", "a.y", `<span lang="en" dir="ltr">English</span>`}, {"en", "a.none", "a.none"},
	} {
		if got := string(c.Locale(c2.tag, nil, time.Time{}).Say(Key(c2.key), "n", 2).HTML()); got != c2.want {
			t.Errorf("%s %s is %q, want %q", c2.tag, c2.key, got, c2.want)
		}
	}
	l := c.Locale("ru", nil, time.Time{})
	l.Translating = true
	if got := l.Say("a.x", "n", 5).String(); got != "5 раз" {
		t.Errorf("what was read is marked: %q", got)
	}
	l = c.Locale("uk", nil, time.Time{})
	l.Translating = true
	if got := l.Say("a.y").String(); got != "English" {
		t.Errorf("English is marked: %q", got)
	}
}

func TestUnreadMessagesAreMarkedForTranslatorsOnly(t *testing.T) {
	l := Words().Locale("ru", nil, time.Time{})
	if got := l.Say("shell.back").String(); got != "Назад" {
		t.Errorf("a reader sees %q", got)
	}
	l.Translating = true
	if got := string(l.Say("shell.back").HTML()); !strings.HasPrefix(got, `Назад<sup class="unread"`) || !strings.HasSuffix(got, ">*</sup>") {
		t.Errorf("a translator sees %q", got)
	}
}

func TestASentenceOfAnotherRoomIsTranslatedOrEnglish(t *testing.T) {
	say := func(tag string) string {
		return Words().Locale(tag, nil, time.Time{}).Sentence("rule.session-over-a-day", "A time inside lasts for {hours} hours.", map[string]string{"hours": "<30>"}).String()
	}
	if got := say("ru"); !strings.Contains(got, "<30>") || strings.Contains(got, "hours") {
		t.Errorf("in Russian: %q", got)
	}
	if got := say("en"); got != "A time inside lasts for <30> hours." {
		t.Errorf("in English: %q", got)
	}
	if got := Words().Locale("ar", nil, time.Time{}).Sentence("rule.nobody-knows", "Nobody knows.", nil); string(got.HTML()) != `<span lang="en" dir="ltr">Nobody knows.</span>` {
		t.Errorf("in Arabic: %s", got.HTML())
	}
}

// TestFiguresOfAnotherRoomsSentenceAreInTheReadersManner: what a rule says has its numbers
// as strings.
func TestFiguresOfAnotherRoomsSentenceAreInTheReadersManner(t *testing.T) {
	for _, c := range []struct{ tag, name, value, want string }{
		{"ru", "persons", "48213", "48\u202f213"}, {"ru", "value", "3.5", "3,5"}, {"en", "value", "3.50", "3.50"}, {"ru", "due", "2026-11-30", "30 ноября 2026 г."},
		{"ru", "code", "48213", "48213"}, {"ru", "kind", "007", "007"}, {"ru", "kind", "1e5", "1e5"}, {"ru", "right", "Свой переводчик", "Свой переводчик"}, {"ru", "x", "", ""},
	} {
		l := Words().Locale(c.tag, nil, time.Time{})
		if got := l.Sentence("rule.none", "{"+c.name+"}", map[string]string{c.name: c.value}).String(); got != c.want {
			t.Errorf("%s %s %q is %q, want %q", c.tag, c.name, c.value, got, c.want)
		}
	}
	if got := string(Words().Locale("ar", nil, time.Time{}).figure("right", "حق").HTML()); got != "<bdi>حق</bdi>" {
		t.Errorf("a label in Arabic is turned round: %s", got)
	}
}

func TestABrokenCatalogueIsNotRead(t *testing.T) {
	for name, body := range map[string]string{"no JSON": `{`, "a number for a message": `{"messages": {"x": 1}}`} {
		if _, err := readCatalogue(fstest.MapFS{"en/a.json": {Data: []byte(body)}}); err == nil {
			t.Errorf("%s is read", name)
		}
	}
}
