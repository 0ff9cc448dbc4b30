package likeness

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The alphabet of sounds: the small letters a-z as usual, and three capitals for what
// Latin alphabets write with two letters or with a mark. Sounds that transliterations mix up
// fall together: г, х, h, kh and g; и, й, ы, і and y; е, ё and э.
const (
	hush  = "S" // ш щ, sh shch, ş š
	chuff = "C" // ч, ch, ç č
	buzz  = "J" // ж дж, zh dzh j, ž
)

// letters are those that have a sound of their own. Others are read as what is left of
// them without their marks.
var letters = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'ґ': "g", 'д': "d", 'е': "e", 'є': "e", 'ё': "e", 'ж': buzz, 'з': "z",
	'и': "i", 'і': "i", 'ї': "i", 'й': "i", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r",
	'с': "s", 'т': "t", 'у': "u", 'ў': "u", 'ф': "f", 'х': "g", 'ц': "ts", 'ч': chuff, 'ш': hush, 'щ': hush,
	'ъ': "", 'ы': "i", 'ь': "", 'э': "e", 'ю': "iu", 'я': "ia",
	// Kazakh, Kyrgyz, Tajik and the former Turkmen alphabet.
	'ә': "a", 'ғ': "g", 'қ': "k", 'ң': "n", 'ө': "o", 'ұ': "u", 'ү': "u", 'һ': "g", 'җ': buzz, 'ҳ': "g", 'ҷ': buzz, 'ӣ': "i", 'ӯ': "u",
	// Latin with marks: Turkmen, and the scholars' transliteration.
	'ş': hush, 'š': hush, 'ç': chuff, 'č': chuff, 'ž': buzz, 'ı': "i", 'ə': "a", 'ß': "s", 'æ': "e", 'ø': "o", 'ł': "l",
	// Plain Latin that sounds otherwise than it looks.
	'h': "g", 'j': buzz, 'q': "k", 'w': "v", 'x': "ks", 'y': "i",
}

// groups are what transliterations write with several letters, the longest first.
var groups = []struct{ from, to string }{
	{"shch", hush}, {"tsch", chuff}, {"sch", hush}, {"tch", chuff}, {"dzh", buzz}, {"дж", buzz},
	{"sh", hush}, {"ch", chuff}, {"zh", buzz}, {"kh", "g"}, {"gh", "g"}, {"ph", "f"}, {"th", "t"}, {"ck", "k"}, {"tz", "ts"},
	{"yo", "e"}, {"ýo", "e"}, // ё is written е as well
}

// sounds writes a word of letters in lower case in the alphabet of sounds.
func sounds(word string) string { return smooth(rough(word)) }

// rough is sounds, letter by letter.
func rough(word string) string {
	var b strings.Builder
	for rest := word; rest != ""; {
		group := false
		for _, g := range groups {
			if strings.HasPrefix(rest, g.from) {
				b.WriteString(g.to)
				rest, group = rest[len(g.from):], true
				break
			}
		}
		if group {
			continue
		}
		r, size := utf8.DecodeRuneInString(rest)
		rest = rest[size:]
		b.WriteString(sound(r, rest))
	}
	return b.String()
}

// sound is one letter's, before what follows.
func sound(r rune, next string) string {
	if s, ok := letters[r]; ok {
		return s
	}
	if r == 'c' { // soft in cent and city, hard in car
		if next != "" && strings.ContainsRune("eiy", rune(next[0])) {
			return "ts"
		}
		return "k"
	}
	if r >= 'a' && r <= 'z' {
		return string(r)
	}
	for _, base := range norm.NFD.String(string(r)) { // the letter without its marks
		if s, ok := letters[base]; ok && base != r {
			return s
		}
		if unicode.IsLetter(base) {
			return string(base)
		}
	}
	return ""
}

// smooth leaves out what transliterations add and drop: a letter twice, and the i before
// another vowel (ия, iya, ia).
func smooth(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		n := len(out)
		switch {
		case n > 0 && out[n-1] == r:
			continue
		case n > 0 && out[n-1] == 'i' && strings.ContainsRune("aeu", r):
			out[n-1] = r
		default:
			out = append(out, r)
			continue
		}
		if n := len(out); n > 1 && out[n-1] == out[n-2] {
			out = out[:n-1]
		}
	}
	return string(out)
}

// consonants are what blocks are made of: typists err in vowels first.
func consonants(word string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("aeiou", r) {
			return -1
		}
		return r
	}, word)
}
