package vault

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What a passphrase needs.
const (
	// fewestWords, where nothing but the passphrase protects: six words out of a list of
	// 7,776 are 77 bits.
	fewestWords   = 6
	shortestWord  = 3
	shortest      = 6 // beside a hardware key
	longestPhrase = 1024
)

// plain gives the bytes of a passphrase, the same whichever keyboard wrote it: NFKC,
// and one space between words.
func plain(passphrase string) []byte {
	return []byte(strings.Join(strings.Fields(norm.NFKC.String(passphrase)), " "))
}

// CheckPassphrase says what is too weak about a new passphrase, a *WeakError. Without a
// hardware key, the folder can be copied and guessed at for as long as somebody likes:
// then six words are asked for.
func CheckPassphrase(passphrase string, hardware bool) error {
	text := string(plain(passphrase))
	switch {
	case len(text) > longestPhrase:
		return &WeakError{"the passphrase is too long to be remembered"}
	case utf8.RuneCountInString(text) < shortest:
		return &WeakError{fmt.Sprintf("the passphrase has fewer than %d characters", shortest)}
	case hardware:
		return nil
	}
	words := strings.Fields(strings.ToLower(text))
	long := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return utf8.RuneCountInString(w) < shortestWord })
	slices.Sort(long)
	if n := len(slices.Compact(long)); n < fewestWords {
		return &WeakError{fmt.Sprintf("this device has no hardware key, so the passphrase needs %d different words of three letters or more, and has %d", fewestWords, n)}
	}
	return nil
}
