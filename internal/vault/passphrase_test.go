package vault

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestAPassphraseIsWeighed(t *testing.T) {
	const six = "lantern orbit maple quiet ribbon stove"
	for _, c := range []struct {
		shows, phrase   string
		alone, hardware bool // whether it is strong enough
	}{
		{"six words", six, true, true},
		{"capitals and many spaces", "  Lantern\tOrbit \u00a0 MAPLE\nquiet ribbon stove ", true, true},
		{"five words", "lantern orbit maple quiet ribbon", false, true},
		{"a word twice", "lantern orbit maple quiet ribbon ribbon", false, true},
		{"a word twice, once in capitals", "lantern orbit maple quiet ribbon RIBBON", false, true},
		{"a word twice, once in wide letters", "lantern orbit maple quiet ribbon ｒｉｂｂｏｎ", false, true},
		{"short words do not count", "lantern orbit maple quiet ribbon of", false, true},
		{"but do not harm", "lantern of orbit maple is quiet ribbon stove", true, true},
		{"Russian words", "фонарь орбита клён тихий лента печь", true, true},
		{"Arabic words", "فانوس مدار قيقب هادئ شريط موقد", true, true},
		{"Turkmen words", "fonar orbita çynar ýuwaş lenta peç", true, true},
		{"a long line without spaces", strings.Repeat("lantern", 20), false, true},
		{"a PIN of six", "493817", false, true},
		{"a PIN of four", "4938", false, false},
		{"nothing", "", false, false},
		{"spaces alone", strings.Repeat(" ", 40), false, false},
		{"more than anybody remembers", strings.Repeat(six+" ", 40), false, false},
	} {
		t.Run(c.shows, func(t *testing.T) {
			for hardware, strong := range map[bool]bool{false: c.alone, true: c.hardware} {
				err := CheckPassphrase(c.phrase, hardware)
				var weak *WeakError
				if (err == nil) != strong || err != nil && (!errors.As(err, &weak) || !errors.Is(err, ErrWeak) || weak.Reason == "") {
					t.Errorf("hardware %v: %v", hardware, err)
				}
			}
		})
	}
}

func TestAPassphraseIsTheSameOnEveryKeyboard(t *testing.T) {
	for _, c := range []struct {
		one, other string
		same       bool
	}{
		{"caf\u00e9 noir", "cafe\u0301 noir", true},
		{"ё", "е\u0308", true},
		{"ﬁnding", "finding", true},
		{"ｄａｙ", "day", true},
		{" a  b\t", "a b", true},
		{"a\u3000b", "a b", true},
		{"day", "Day", false},
		{"a b", "ab", false},
		{"е", "e", false}, // of two scripts
	} {
		if got := bytes.Equal(plain(c.one), plain(c.other)); got != c.same {
			t.Errorf("%q and %q: %v", c.one, c.other, got)
		}
	}
}
