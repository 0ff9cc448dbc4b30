package enrol

import (
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"
	"unicode"
)

const (
	version1 = "DAYLIGHT1"
	// alphabet is Crockford's: no I, L and O, which look like others, and no U.
	alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	group    = 5
	sumSize  = 4
	// maxText bounds what is looked at: the longest code with a space behind each
	// character.
	maxText = 2 * (len(version1) + (maxPayload+sumSize)*8/5 + 1)
)

var (
	crockford  = base32.NewEncoding(alphabet).WithPadding(base32.NoPadding)
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	// lookAlikes are read as what they look like, also in the word in front.
	lookAlikes = strings.NewReplacer("O", "0", "I", "1", "L", "1")
	word       = lookAlikes.Replace(version1[:len(version1)-1])
)

func checksum(payload []byte) uint32 {
	return crc32.Update(crc32.Checksum([]byte(version1), castagnoli), castagnoli, payload)
}

// armour makes characters of bytes, with a checksum at the end.
func armour(payload []byte) string {
	return crockford.EncodeToString(binary.LittleEndian.AppendUint32(payload, checksum(payload)))
}

// grouped puts a dash between each five characters.
func grouped(body string) string {
	var b strings.Builder
	for i, r := range body {
		if i > 0 && i%group == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// plainForm is the text as a program would have written it: capitals, no spaces, no
// dashes of any kind, no look-alikes.
func plainForm(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Pd, r), r == '\u2212', unicode.Is(unicode.Cf, r):
			return -1
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, text)
	return lookAlikes.Replace(text)
}

// disarm reads what armour and grouped wrote, and says what is wrong with it.
func disarm(text string) ([]byte, error) {
	if len(text) > maxText {
		return nil, errNoCode
	}
	body, ok := strings.CutPrefix(plainForm(text), word)
	switch {
	case !ok:
		return nil, errNoCode
	case body == "":
		return nil, typed("it is not whole")
	case body[0] != version1[len(version1)-1]:
		return nil, errNewer
	}
	body = body[1:]
	for i, r := range []byte(body) {
		if strings.IndexByte(alphabet, r) < 0 {
			return nil, typed(fmt.Sprintf("group %d has a character that no code has", i/group+1))
		}
	}
	if payload, ok := unseal([]byte(body)); ok {
		return payload, nil
	}
	if at := oneWrong([]byte(body)); at >= 0 {
		return nil, typed(fmt.Sprintf("look at group %d", at/group+1))
	}
	return nil, typed("it is not whole, or has more than one wrong character")
}

// unseal checks the sum, and that no two texts are the same code.
func unseal(body []byte) (payload []byte, ok bool) {
	b := make([]byte, crockford.DecodedLen(len(body)))
	n, err := crockford.Decode(b, body)
	if err != nil || n < sumSize || len(body) != crockford.EncodedLen(n) || spare(body, n) != 0 {
		return nil, false
	}
	payload = b[:n-sumSize]
	return payload, binary.LittleEndian.Uint32(b[n-sumSize:n]) == checksum(payload)
}

// spare is the bits of the last character that no byte of n takes.
func spare(body []byte, n int) byte {
	bits := 5*len(body) - 8*n
	value := strings.IndexByte(alphabet, body[len(body)-1])
	return byte(value) & (1<<bits - 1)
}

// oneWrong is where one other character would make the sum right, or -1. It is
// shown and never put right: that would turn two errors into a code that was not
// meant.
func oneWrong(body []byte) int {
	for i, was := range body {
		for _, other := range []byte(alphabet) {
			body[i] = other
			if _, ok := unseal(body); ok {
				return i
			}
		}
		body[i] = was
	}
	return -1
}

var (
	errNoCode = &Error{
		Message: "this is not an enrolment code; nothing was changed",
		Hint:    "An enrolment code begins with " + version1 + ": type, paste or scan the whole of it.",
	}
	errNewer = &Error{
		Message: "this enrolment code is of a version that this program does not know; nothing was changed",
		Hint:    "If the code begins with " + version1 + ", type it again. Otherwise update this program.",
	}
)

func typed(where string) error {
	return &Error{
		Message: "this enrolment code has a typing error: " + where + "; nothing was changed",
		Hint:    "Compare it with what the office shows, in groups of five behind " + version1 + ", with Latin letters; or scan it.",
	}
}
