package scenario

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf16"
)

// class says where a canary may be found.
type class int

const (
	// openText is what people type, and names: the office reads it.
	openText class = iota
	// sealedText is what is stored as ciphertext only, at the office too.
	sealedText
	// identifier is an id: it carries the time, and joins what belongs together.
	identifier
	// address tells which office it is, and where.
	address
	// secret is a key, a token, a passphrase, what is in a code.
	secret
	// wrapped is a key that was wrapped for a passphrase or for the office.
	wrapped
)

// canary is something unique that must not be found where it does not belong.
type canary struct {
	class class
	// what it is, in words that may be printed.
	what string
	raw  []byte
	// text: it is UTF-8.
	text bool
}

// forms gives the ways in which a program writes such a thing by mistake.
func (c canary) forms() map[string][]byte {
	out := map[string][]byte{
		"raw": c.raw, "hex": []byte(hex.EncodeToString(c.raw)),
		"HEX": []byte(strings.ToUpper(hex.EncodeToString(c.raw))),
	}
	for skew := range 3 {
		for name, e := range map[string]*base64.Encoding{"base64": base64.RawStdEncoding, "base64url": base64.RawURLEncoding} {
			out[fmt.Sprint(name, " +", skew)] = skewed(e, c.raw, skew)
		}
	}
	if !c.text {
		printed := strings.Trim(fmt.Sprint(c.raw), "[]")
		out["%v"] = []byte(printed)
		out["%#v"] = []byte(strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%#v", c.raw), "[]byte{"), "}"))
		return out
	}
	out["lower case"] = []byte(strings.ToLower(string(c.raw)))
	var wide, escaped []byte
	for _, u := range utf16.Encode([]rune(string(c.raw))) {
		wide = append(wide, byte(u), byte(u>>8))
		escaped = fmt.Appendf(escaped, `\u%04x`, u)
	}
	out["UTF-16LE"], out[`\u`] = wide, escaped
	return out
}

// skewed is what stands for b in base64 of something that has b behind skew bytes, and
// anything behind b: only the characters that b alone decides.
func skewed(e *base64.Encoding, b []byte, skew int) []byte {
	all := e.EncodeToString(append(make([]byte, skew), b...))
	return []byte(all[(skew*8+5)/6 : (skew+len(b))*8/6])
}

// needles are the canaries' forms, to be looked for all at once.
type needles struct {
	canaries []canary
	known    map[string]bool
	// first has a bit for the first three bytes of each form, by has those behind four.
	first [1 << 18]uint64
	by    map[[4]byte][]needle
}

type needle struct {
	canary int
	form   string
	bytes  []byte
}

// shortest is how long a form has to be: shorter ones are found by chance.
const shortest = 8

// add looks for a canary from now on. It says whether it is new.
func (n *needles) add(c canary) bool {
	if n.known[string(c.raw)] {
		return false
	}
	if n.by == nil {
		n.by, n.known = map[[4]byte][]needle{}, map[string]bool{}
	}
	n.known[string(c.raw)] = true
	n.canaries = append(n.canaries, c)
	seen := map[string]bool{}
	for form, b := range c.forms() {
		if len(b) < shortest {
			panic("a canary that would be found by chance: " + c.what)
		}
		if seen[string(b)] {
			continue
		}
		seen[string(b)] = true
		at := int(b[0]) | int(b[1])<<8 | int(b[2])<<16
		n.first[at/64] |= 1 << (at % 64)
		n.by[[4]byte(b)] = append(n.by[[4]byte(b)], needle{len(n.canaries) - 1, form, b})
	}
	return true
}

// hit is one canary that was found.
type hit struct {
	canary
	form string
	at   int
}

func (h hit) String() string { return fmt.Sprintf("%s, as %s, at byte %d", h.what, h.form, h.at) }

// in finds the canaries in b, each form once.
func (n *needles) in(b []byte) (hits []hit) {
	found := map[*byte]bool{}
	for i := 0; i+shortest <= len(b); i++ {
		at := int(b[i]) | int(b[i+1])<<8 | int(b[i+2])<<16
		if n.first[at/64]&(1<<(at%64)) == 0 {
			continue
		}
		for _, x := range n.by[[4]byte(b[i:])] {
			if bytes.HasPrefix(b[i:], x.bytes) && !found[&x.bytes[0]] {
				found[&x.bytes[0]] = true
				hits = append(hits, hit{n.canaries[x.canary], x.form, i})
			}
		}
	}
	return hits
}
