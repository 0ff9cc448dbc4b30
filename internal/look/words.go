package look

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Languages are the languages of the pages, English first: whatever has no words in
// another language is shown in it.
var Languages = []string{"en", "ru", "uk", "tk", "ar"}

//go:embed words
var shippedWords embed.FS

// Key names a message of the catalogue: the file that it stands in, a dot, and its name
// there, as home.last-sync.
type Key string

// message is one sentence in one language.
type message struct {
	// forms holds the sentence by plural form; what does not count has "other" alone.
	forms map[string]string
	// reviewed: a native speaker has read it. English needs nobody.
	reviewed bool
}

// UnmarshalJSON takes a sentence, or its plural forms by their CLDR names.
func (m *message) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		m.forms = map[string]string{"other": one}
		return nil
	}
	if err := json.Unmarshal(b, &m.forms); err != nil {
		return errors.New("a message is a sentence or an object of plural forms")
	}
	return nil
}

// file is one file of a language: the messages of one part of the product, and which of
// them a native speaker has read.
type file struct {
	Reviewed []string           `json:"reviewed"`
	Messages map[string]message `json:"messages"`
}

// Catalogue holds every sentence of the pages in every language. It never changes.
type Catalogue struct {
	words   map[string]map[Key]message // by language
	matcher language.Matcher
}

// Words is the catalogue that came with the program.
var Words = sync.OnceValue(func() *Catalogue {
	sub, err := fs.Sub(shippedWords, "words")
	if err != nil {
		panic(err)
	}
	c, err := readCatalogue(sub)
	if err != nil {
		panic(err) // the tests read the same files
	}
	return c
})

// readCatalogue reads folder LANGUAGE, file PART.json.
func readCatalogue(files fs.FS) (*Catalogue, error) {
	c := &Catalogue{words: map[string]map[Key]message{}}
	var tags []language.Tag
	for _, lang := range Languages {
		c.words[lang] = map[Key]message{}
		tags = append(tags, language.MustParse(lang))
		names, err := fs.Glob(files, lang+"/*.json")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if err := c.read(files, lang, name); err != nil {
				return nil, fmt.Errorf("words/%s: %w", name, err)
			}
		}
	}
	c.matcher = language.NewMatcher(tags)
	return c, nil
}

func (c *Catalogue) read(files fs.FS, lang, name string) error {
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	var f file
	if err := json.Unmarshal(b, &f); err != nil {
		return err
	}
	part := strings.TrimSuffix(path.Base(name), ".json")
	for short, m := range f.Messages {
		m.reviewed = lang == Languages[0] || slices.Contains(f.Reviewed, short)
		c.words[lang][Key(part+"."+short)] = m
	}
	return nil
}

// Keys are all keys that a language has, in order.
func (c *Catalogue) Keys(lang string) []Key { return slices.Sorted(maps.Keys(c.words[lang])) }

// Has reports whether there is such a message at all.
func (c *Catalogue) Has(k Key) bool { _, ok := c.words[Languages[0]][k]; return ok }

// find gives a message in a language or in the next that has it, and says which.
func (c *Catalogue) find(lang string, k Key) (message, string) {
	for _, l := range append([]string{lang}, fallbacks(lang)...) {
		if m, ok := c.words[l][k]; ok {
			return m, l
		}
	}
	return message{}, ""
}

// fallbacks are the languages to try after the one asked for, as internal/vocabulary has
// them: in Central Asia the second language of most offices is Russian; elsewhere it
// cannot be assumed to be welcome.
func fallbacks(lang string) []string {
	if lang == "tk" {
		return []string{"ru", "en"}
	}
	return []string{"en"}
}

// Say gives a message in the locale's language. The pairs are names and values of its
// params: a Text goes in as it is, a number in the reader's manner, a string as Typed. A
// message that counts is told the number by the name n. A key that nobody wrote a message
// for is shown as itself: the tests find it.
func (l *Locale) Say(k Key, pairs ...any) Text {
	m, lang := l.words.find(l.Tag, k)
	if lang == "" {
		return Plain(string(k))
	}
	return l.mark(m, lang, l.fill(m.form(lang, pairs), lang, pairs))
}

// Sentence gives the message that another room names by its key, as a flag of a record
// or a threshold: translated where there is a translation, else the English that the room
// has. The params are its own.
func (l *Locale) Sentence(k, english string, params map[string]string) Text {
	m, lang := l.words.find(l.Tag, Key(k))
	if lang == "" {
		m, lang = message{forms: map[string]string{"other": english}, reviewed: true}, Languages[0]
	}
	pairs := make([]any, 0, 2*len(params))
	for _, name := range slices.Sorted(maps.Keys(params)) {
		pairs = append(pairs, name, l.figure(name, params[name]))
	}
	return l.mark(m, lang, l.fill(m.form(lang, pairs), lang, pairs))
}

// figure is a param of another room's sentence in the reader's manner: a count, a measure,
// a date; a label as it is written; what is left is a code.
func (l *Locale) figure(name, s string) Text {
	if name == "code" || name == "choice" { // which may be digits alone
		return Code(s)
	}
	if n, err := strconv.Atoi(s); err == nil && s == strconv.Itoa(n) {
		return l.Number(n)
	}
	if v, err := strconv.ParseFloat(s, 64); err == nil && strings.Contains(s, ".") && strings.Trim(s, "-0123456789.") == "" {
		return l.Decimal(v, len(s)-1-strings.IndexByte(s, '.'))
	}
	if day, err := time.ParseInLocation(time.DateOnly, s, l.Zone); err == nil {
		return l.Day(day)
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) {
		return Typed(s)
	}
	return Code(s)
}

// mark tells translators what no native speaker has read, and everybody's reader aloud
// which language the words are in when they are not the page's.
func (l *Locale) mark(m message, lang string, t Text) Text {
	if lang != l.Tag {
		t = wrapped(template.HTML(`<span lang="`+lang+`" dir="`+directionOf(lang)+`">`), t, "</span>")
	}
	if l.Translating && !m.reviewed {
		t = append(t, l.unread())
	}
	return t
}

// unread is the mark of what no native speaker has read; it says so under the pointer.
func (l *Locale) unread() span {
	m, _ := l.words.find(l.Tag, "shell.unread")
	return span{template.HTML(`<sup class="unread" title="` + template.HTMLEscapeString(m.forms["other"]) + `">*</sup>`), ""}
}

// form chooses the sentence by the number that it is told.
func (m message) form(lang string, pairs []any) string {
	if len(m.forms) > 1 {
		for i := 0; i+1 < len(pairs); i += 2 {
			if n, ok := whole(pairs[i+1]); ok && pairs[i] == "n" {
				if s, ok := m.forms[pluralForm(lang, n)]; ok {
					return s
				}
			}
		}
	}
	return m.forms["other"]
}

func whole(v any) (int, bool) {
	switch v := v.(type) {
	case int:
		return v, true
	case int32:
		return int(v), true
	case int64:
		return int(v), true
	case uint32:
		return int(v), true
	case uint64:
		return int(v), true
	}
	return 0, false
}

var formNames = map[plural.Form]string{plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other"}

// pluralForm is the CLDR name of the form that a whole number takes.
func pluralForm(lang string, n int) string {
	if n < 0 {
		n = -n
	}
	return formNames[plural.Cardinal.MatchPlural(language.MustParse(lang), n, 0, 0, 0, 0)]
}

// fill puts the params into a sentence. What stands outside the braces is the catalogue's
// and is escaped like everything else: there is no markup in messages.
func (l *Locale) fill(sentence, lang string, pairs []any) (out Text) {
	for sentence != "" {
		before, rest, ok := strings.Cut(sentence, "{")
		out = append(out, Plain(before)...)
		if !ok {
			return out
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			return append(out, Plain("{"+rest)...)
		}
		out = append(out, l.param(name, pairs)...)
		sentence = after
	}
	return out
}

func (l *Locale) param(name string, pairs []any) Text {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == name {
			return l.value(pairs[i+1])
		}
	}
	return Plain("{" + name + "}")
}

// value is what a param's value looks like.
func (l *Locale) value(v any) Text {
	switch v := v.(type) {
	case Text:
		return v
	case string:
		return Typed(v)
	case float64:
		return l.Decimal(v, -1)
	}
	if n, ok := whole(v); ok {
		return l.Number(n)
	}
	return Typed(fmt.Sprint(v))
}
