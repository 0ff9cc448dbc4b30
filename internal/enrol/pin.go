package enrol

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
)

var pinText = base64.StdEncoding.Strict()

// Pin names a server's key: the SHA-256 of its SubjectPublicKeyInfo, as in RFC
// 7469. It stays the same when the certificate around the key is renewed.
type Pin [32]byte

// PinOf is the pin of the certificate's key.
func PinOf(c *x509.Certificate) Pin { return sha256.Sum256(c.RawSubjectPublicKeyInfo) }

// String is the pin in base64, 44 characters, as other tools write it.
func (p Pin) String() string { return pinText.EncodeToString(p[:]) }

// ParsePin reads what String wrote.
func ParsePin(text string) (Pin, error) {
	b, err := pinText.DecodeString(text)
	if err != nil || len(b) != len(Pin{}) || pinText.EncodeToString(b) != text {
		return Pin{}, &Error{
			Message: "this is not the pin of a key",
			Hint:    "A pin is the SHA-256 of a key's SubjectPublicKeyInfo in base64: 44 characters, the last of them =.",
		}
	}
	return Pin(b), nil
}
