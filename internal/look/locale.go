package look

import (
	"net/http"
	"time"

	"golang.org/x/text/language"
)

// Locale is one reader: a language, the zone of the clock on the wall, and the moment at
// which the page is made. Dates, numbers and sentences come from it. It never changes.
type Locale struct {
	// Tag is one of Languages.
	Tag string
	// Zone is where times are told; Now is what "today" and "3 h ago" are counted from.
	Zone *time.Location
	Now  time.Time
	// Translating shows which messages no native speaker has read.
	Translating bool

	words *Catalogue
}

// Locale gives a reader of the language that is nearest to the one asked for, which may
// be any BCP 47 tag. Without a zone times are told in UTC.
func (c *Catalogue) Locale(tag string, zone *time.Location, now time.Time) *Locale {
	if zone == nil {
		zone = time.UTC
	}
	return &Locale{Tag: c.nearest(tag), Zone: zone, Now: now.In(zone), words: c}
}

// Words is the catalogue that the locale speaks from.
func (l *Locale) Words() *Catalogue { return l.words }

// Direction is ltr or rtl, for the dir of the page.
func (l *Locale) Direction() string { return directionOf(l.Tag) }

func directionOf(tag string) string {
	if base, _ := language.Make(tag).Base(); base.String() == "ar" {
		return "rtl"
	}
	return "ltr"
}

// languageCookie and themeCookie hold what a person chose; nothing of a record.
const (
	languageCookie = "daylight-language"
	themeCookie    = "daylight-theme"
)

// LanguageOf is the language for a request: what its person chose, else the best of what
// the browser asks for, else English.
func LanguageOf(r *http.Request) string {
	c := Words()
	if k, err := r.Cookie(languageCookie); err == nil {
		if _, known := c.words[k.Value]; known {
			return k.Value
		}
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return Languages[0]
	}
	for _, t := range tags {
		if found := c.speaks(t); found != "" {
			return found
		}
	}
	return Languages[0]
}

// nearest is the language of the catalogue for a tag; its fallback where there is none.
func (c *Catalogue) nearest(tag string) string {
	if _, ok := c.words[tag]; ok {
		return tag
	}
	if t, err := language.Parse(tag); err == nil {
		if found := c.speaks(t); found != "" {
			return found
		}
		// Where the second language of most offices is Russian; see vocabulary.
		switch base, _ := t.Base(); base.String() {
		case "kk", "ky", "uz", "tg", "kaa", "be":
			return "ru"
		}
	}
	return Languages[0]
}

// speaks finds the same language in another region or spelling, uk for uk-UA; empty where
// the catalogue has none. The matcher would offer Russian to Armenians.
func (c *Catalogue) speaks(t language.Tag) string {
	_, i, confidence := c.matcher.Match(t)
	found := Languages[i]
	asked, _ := t.Base()
	if base, _ := language.Make(found).Base(); base != asked || confidence < language.High {
		return ""
	}
	return found
}

// LanguageName is what a language calls itself.
func LanguageName(tag string) Text {
	names := map[string]string{"en": "English", "ru": "Русский", "uk": "Українська", "tk": "Türkmençe", "ar": "العربية"}
	return Foreign(tag, names[tag])
}

// Theme is how light a page is: as the device says, or one that a person chose.
type Theme string

// The themes.
const (
	ThemeAuto  Theme = ""
	ThemeLight Theme = "light"
	ThemeDark  Theme = "dark"
	ThemeSun   Theme = "sun" // for glare
)

// ThemeOf is the theme that the person of a request chose.
func ThemeOf(r *http.Request) Theme {
	k, err := r.Cookie(themeCookie)
	if err != nil {
		return ThemeAuto
	}
	return themeOf(k.Value)
}

func themeOf(s string) Theme {
	switch t := Theme(s); t {
	case ThemeLight, ThemeDark, ThemeSun:
		return t
	}
	return ThemeAuto
}

// SetLanguage remembers the language that a person chose; one that there is not is
// forgotten.
func SetLanguage(w http.ResponseWriter, r *http.Request, tag string) {
	if _, ok := Words().words[tag]; !ok {
		tag = ""
	}
	remember(w, r, languageCookie, tag, true)
}

// SetTheme remembers the theme that a person chose. The script of the page may read and
// change it too.
func SetTheme(w http.ResponseWriter, r *http.Request, t Theme) {
	remember(w, r, themeCookie, string(themeOf(string(t))), false)
}

func remember(w http.ResponseWriter, r *http.Request, name, value string, hidden bool) {
	age := 365 * 24 * 60 * 60
	if value == "" {
		age = -1
	}
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: age,
		HttpOnly: hidden, Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode})
}
