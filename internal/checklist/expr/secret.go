package expr

import (
	"crypto/ed25519"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math"
	"strings"
)

// digests are the algorithms of digest(). The old ones serve to compare with what
// other programs wrote, not to keep a secret.
var digests = map[string]func(string) []byte{
	"MD5":     func(s string) []byte { d := md5.Sum([]byte(s)); return d[:] },
	"SHA-1":   func(s string) []byte { d := sha1.Sum([]byte(s)); return d[:] },
	"SHA-256": func(s string) []byte { d := sha256.Sum256([]byte(s)); return d[:] },
	"SHA-384": func(s string) []byte { d := sha512.Sum384([]byte(s)); return d[:] },
	"SHA-512": func(s string) []byte { d := sha512.Sum512([]byte(s)); return d[:] },
}

const (
	wrongDigest   = "the algorithm is MD5, SHA-1, SHA-256, SHA-384 or SHA-512"
	wrongEncoding = "the encoding is 'base64' or 'hex'"
)

func callDigest(m *machine, c *call) (Value, error) {
	s, algorithm, err := m.twoTexts(c)
	if err != nil {
		return Value{}, err
	}
	encoding := "base64"
	if len(c.args) == 3 {
		if encoding, err = m.textOf(c, 2); err != nil {
			return Value{}, err
		}
	}
	sum, ok := digests[algorithm]
	if !ok {
		return Value{}, c.failure(wrongDigest)
	}
	switch encoding {
	case "base64":
		return textValue(base64.StdEncoding.EncodeToString(sum(s))), nil
	case "hex":
		return textValue(hex.EncodeToString(sum(s))), nil
	}
	return Value{}, c.failure(wrongEncoding)
}

// decode reads base64, with and without padding and line ends.
func decode(s string) ([]byte, bool) {
	s = strings.Map(func(r rune) rune {
		if space(r) || r == '=' {
			return -1
		}
		return r
	}, s)
	raw, err := base64.RawStdEncoding.DecodeString(s)
	return raw, err == nil
}

// readable is bytes read as UTF-8, without what no text can hold.
func readable(raw []byte) string {
	return strings.ReplaceAll(strings.ToValidUTF8(string(raw), "\ufffd"), "\x00", "\ufffd")
}

func callBase64Decode(m *machine, c *call) (Value, error) {
	s, err := m.textOf(c, 0)
	if err != nil {
		return Value{}, err
	}
	raw, ok := decode(s)
	if !ok {
		m.remark(c, "the text is not base64")
		return textValue(""), nil
	}
	out := readable(raw)
	if len(out) > MaxText {
		return Value{}, c.failure("the text would be longer than 1 MiB")
	}
	return textValue(out), m.spendText(len(out))
}

// callExtractSigned takes 64 bytes of signature and then what was signed, and the
// public key, all in base64.
func callExtractSigned(m *machine, c *call) (Value, error) {
	s, key, err := m.twoTexts(c)
	if err != nil {
		return Value{}, err
	}
	signed, ok := decode(s)
	public, ok2 := decode(key)
	if !ok || !ok2 || len(signed) < ed25519.SignatureSize || len(public) != ed25519.PublicKeySize {
		m.remark(c, "the text or the key is not of the form that signed texts have")
		return textValue(""), nil
	}
	message := signed[ed25519.SignatureSize:]
	if !ed25519.Verify(public, message, signed[:ed25519.SignatureSize]) {
		m.remark(c, "the signature does not fit")
		return textValue(""), nil
	}
	out := readable(message)
	return textValue(out), m.spendText(len(out))
}

// callUUID draws a version 4 UUID (RFC 9562), or so many letters and digits.
func callUUID(m *machine, c *call) (Value, error) {
	if len(c.args) == 1 {
		return m.randomText(c)
	}
	var b [16]byte
	for i := range b {
		b[i] = byte(m.world.Random() * 256)
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return textValue(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])), m.spend(16)
}

func (m *machine) randomText(c *call) (Value, error) {
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	n, err := m.numberAt(c, 0)
	if err != nil || math.IsNaN(n) || n < 1 {
		return textValue(""), err
	}
	if n > MaxText {
		return Value{}, c.failure("the text would be longer than 1 MiB")
	}
	if err := m.spend(int(n)); err != nil {
		return Value{}, err
	}
	out := make([]byte, int(n))
	for i := range out {
		out[i] = letters[int(m.world.Random()*float64(len(letters)))]
	}
	return textValue(string(out)), nil
}
