package clientsync

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// What rules a record out must never rule out what the text of a field would match.
func TestOnlyFourLettersBecomeASCII(t *testing.T) {
	for r := rune(utf8.RuneSelf); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		ascii := strings.ContainsFunc(plainForm(string(r)), func(x rune) bool { return x <= unicode.MaxASCII })
		if listed := slices.Contains(becomeASCII, string(r)); ascii && !listed {
			t.Errorf("%U becomes %q", r, plainForm(string(r)))
		}
	}
}

func TestARecordIsNotRuledOutWhatever(t *testing.T) {
	for text, looked := range map[string]string{
		"Corridor B": "corridor b", "CORRIDOR": "corridor", "Коридор": "кОРИДОР", "ko\u0301": "K\u00d3", "300 \u212a": "300 k",
		"\u0130stanbul": "istanbul"[:1], "Ash\u0121abat": "ash", "mixed Камера 4": "4",
	} {
		if n := newNeedle(looked); !n.maybeIn([]byte("\x0a\x0c"+text+"\x12")) || !strings.Contains(plainForm(text), string(n)) {
			t.Errorf("%q is not found in %q", looked, text)
		}
	}
	if newNeedle("corridor").maybeIn([]byte("Коридор")) {
		t.Error("found what is not there")
	}
}
