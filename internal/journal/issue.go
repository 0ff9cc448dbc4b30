package journal

import (
	"bytes"
	"crypto/ed25519"
)

// Subject is what a certificate says of whom it is for. The names are cut at their
// bound; a recipient or an id of the person that no certificate can have is left out,
// for half of one would name somebody else. Times are milliseconds since 1970 UTC, 0 for
// no bound.
type Subject struct {
	Serial              Serial
	Key                 ed25519.PublicKey
	Person, Device      string
	NotBefore, NotAfter int64
	Recipient, PersonID string
}

// Issue makes the certificate that the issuer's key signs for the subject.
func Issue(issuer ed25519.PrivateKey, of Subject) *Certificate {
	c := &Certificate{
		Serial: of.Serial, Key: bytes.Clone(of.Key), Issuer: issuer.Public().(ed25519.PublicKey),
		Person: cutName(of.Person), Device: cutName(of.Device), NotBefore: of.NotBefore, NotAfter: of.NotAfter,
	}
	if recipient(of.Recipient) {
		c.Recipient = of.Recipient
	}
	if personID(of.PersonID) {
		c.PersonID = of.PersonID
	}
	c.body = c.encodeBody()
	c.signature = ed25519.Sign(issuer, signedBody(c.body))
	return c
}

// IssuedBy reports whether this key issued the certificate.
func (c *Certificate) IssuedBy(key ed25519.PublicKey) bool {
	return len(key) == ed25519.PublicKeySize && bytes.Equal(c.Issuer, key)
}
