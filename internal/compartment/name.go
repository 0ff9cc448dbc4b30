package compartment

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxName is how many bytes a name in a list may have.
const MaxName = 200

// PlainName is a name as a list can carry it: on one line, without characters that
// are not seen or that turn others around, cut to MaxName bytes; "-" where nothing is
// left.
func PlainName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unseen(r), r == utf8.RuneError:
			return -1
		}
		return r
	}, name)
	name = strings.Join(strings.Fields(name), " ")
	for len(name) > MaxName {
		_, size := utf8.DecodeLastRuneInString(name)
		name = strings.TrimRight(name[:len(name)-size], " ")
	}
	return cmp.Or(name, "-")
}

func plainName(name string) bool { return PlainName(name) == name }

// unseen are control characters, marks of direction, and what else takes no place. The
// two joiners stay: words of Persian are written with them.
func unseen(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs) && r != '\u200c' && r != '\u200d'
}

func deviceID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, r := range []byte(s) {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (r == '-') {
			return false
		} else if !dash && !strings.ContainsRune("0123456789abcdef", rune(r)) {
			return false
		}
	}
	return true
}
