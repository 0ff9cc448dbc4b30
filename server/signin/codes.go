package signin

import (
	"strings"
)

// alphabet is Crockford's base 32: no letter that is read as another one.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeSigns is how many signs a code has: 80 bits. One that two people were shown the
// halves of has twice as many.
const codeSigns = 16

// newCode makes a code, in groups of four to be read aloud and typed.
func (s *Signins) newCode() (string, error) {
	b := make([]byte, codeSigns)
	if err := s.fill(b); err != nil {
		return "", err
	}
	for i := range b {
		b[i] = alphabet[b[i]%32]
	}
	return grouped(string(b)), nil
}

func grouped(code string) string {
	var groups []string
	for ; len(code) > 4; code = code[4:] {
		groups = append(groups, code[:4])
	}
	return strings.Join(append(groups, code), "-")
}

// readCode is what was typed without what does not matter; empty for no code.
func readCode(typed string) string {
	if len(typed) > 200 {
		return ""
	}
	var b strings.Builder
	for _, r := range strings.ToUpper(typed) {
		switch r {
		case ' ', '-', '\u00a0', '\u2010', '\u2011', '\u2013', '\t', '\n', '\r':
			continue
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		if !strings.ContainsRune(alphabet, r) {
			return ""
		}
		b.WriteRune(r)
	}
	return b.String()
}

// firstHash is what is kept of a first-sign-in code, of one part or of two. Of the first
// part of two only the hash is known where the second is made.
func firstHash(code string) []byte {
	switch code = readCode(code); len(code) {
	case codeSigns:
		return hashOf("first", code)
	case 2 * codeSigns:
		return joinedHash(hashOf("first", code[:codeSigns]), code[codeSigns:])
	}
	return nil
}

func joinedHash(first []byte, second string) []byte {
	return hashOf("joined", string(first), readCode(second))
}
