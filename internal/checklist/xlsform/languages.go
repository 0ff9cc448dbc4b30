package xlsform

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Undetermined is the language of texts that no column and no setting gives a language.
const Undetermined = "und"

// spellings are names of languages in forms besides those that Unicode's tables have:
// other spellings, and names of languages that have no two-letter code.
var spellings = map[string]string{
	"amharic": "am", "oromiffa": "om", "oromifa": "om", "afaan oromo": "om", "afan oromo": "om",
	"tigirigna": "ti", "tigrigna": "ti", "tigrinya": "ti", "tetun": "tet", "tetum": "tet", "kiswahili": "sw",
	"farsi": "fa", "dari": "fa-AF", "pashtu": "ps", "mandarin": "zh", "simplified chinese": "zh-Hans", "chinese (simplified)": "zh-Hans",
	"traditional chinese": "zh-Hant", "chinese (traditional)": "zh-Hant", "bangla": "bn", "bengali": "bn", "myanmar": "my",
	"kurdish (sorani)": "ckb", "sorani": "ckb", "kurmanji": "kmr", "kurdish (kurmanji)": "kmr", "kinyarwanda": "rw", "kirundi": "rn",
	"chichewa": "ny", "tagalog": "fil", "filipino": "fil", "haitian creole": "ht", "creole": "ht", "kreyol": "ht", "castilian": "es",
	"moldovan": "ro", "kirghiz": "ky", "turkmen": "tk", "uighur": "ug", "krio": "kri", "nepalese": "ne", "rohingya": "rhg",
	"castellano": "es", "francais": "fr", "espanol": "es", "portugues": "pt", "deutsch": "de", "русский язык": "ru", "українська мова": "uk",
	"türkmen dili": "tk", "türkmen": "tk", "عربي": "ar", "عربية": "ar", "اللغة العربية": "ar", "fulfulde": "ff", "pidgin": "pcm", "karen": "kar",
}

// names are all languages with a two-letter code by their English name and their own,
// in lower case.
var names = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	english := display.English.Languages()
	for a := 'a'; a <= 'z'; a++ {
		for b := 'a'; b <= 'z'; b++ {
			base, err := language.ParseBase(string(a) + string(b))
			if err != nil {
				continue
			}
			tag := language.Make(base.String())
			for _, name := range []string{english.Name(tag), display.Self.Name(tag)} {
				if name = strings.ToLower(name); name != "" && out[name] == "" {
					out[name] = tag.String()
				}
			}
		}
	}
	for name, tag := range spellings {
		out[name] = tag
	}
	return out
})

// tagOf finds the tag of a language as forms write it: English (en), en, English. known is
// false where there is none, and the tag is a private one made of the name.
func tagOf(written string) (tag string, known bool) {
	written = words(written)
	name, inside := written, ""
	if open := strings.LastIndexByte(written, '('); open >= 0 && strings.HasSuffix(written, ")") {
		name, inside = strings.TrimSpace(written[:open]), strings.TrimSpace(written[open+1:len(written)-1])
	}
	if tag := asTag(inside); tag != "" {
		return tag, true
	}
	for _, n := range []string{written, name} {
		if tag := names()[strings.ToLower(n)]; tag != "" {
			return tag, true
		}
	}
	for _, n := range []string{written, strings.ReplaceAll(name, "_", "-")} {
		if tag := asTag(n); tag != "" {
			return tag, true
		}
	}
	return private(written), false
}

// asTag reads a BCP 47 tag into its usual spelling; empty for what is none.
func asTag(s string) string {
	if strings.EqualFold(s, Undetermined) {
		return Undetermined
	}
	if s == "" || len(s) > 35 {
		return ""
	}
	tag, err := language.Parse(strings.ReplaceAll(s, "_", "-"))
	if err != nil || tag == language.Und {
		return ""
	}
	return tag.String()
}

// private is a tag for a language that nobody knows: x-klingon.
func private(name string) string {
	short := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
	if len(short) < 2 || len(short) > 8 || len([]rune(name)) != len(short) {
		sum := sha256.Sum256([]byte(name))
		short = "n" + hex.EncodeToString(sum[:])[:7]
	}
	return "x-" + short
}

// languageName is how a language is called in a column's head, with its tag: English (en).
func languageName(tag string) string {
	name := display.English.Tags().Name(language.Make(tag))
	if name == "" || strings.HasPrefix(tag, "x-") {
		name = tag
	}
	if strings.ContainsAny(name, ":()") {
		name = tag
	}
	return fmt.Sprintf("%s (%s)", name, tag)
}
