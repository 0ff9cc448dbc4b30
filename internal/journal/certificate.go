package journal

import (
	"bytes"
	"crypto/ed25519"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const certificateDomain = "daylight/v1 certificate\x00"

// Bounds of a certificate, in bytes.
const (
	maxCertificate = 4 << 10
	maxName        = 256
)

// Field numbers of daylight.v1.Certificate and CertificateBody.
const (
	certificateBody, certificateSignature = 1, 2

	bodySerial, bodyKey, bodyPerson, bodyDevice = 1, 2, 3, 4
	bodyNotBefore, bodyNotAfter, bodyIssuer     = 5, 6, 7
	bodyRecipient, bodyPersonID                 = 8, 9
)

// Serial names a certificate: 16 random bytes, never zero.
type Serial [16]byte

// Certificate binds a person, a device and a key. One that was parsed or made here
// carries its issuer's signature; whether the issuer is trusted is for the reader
// to say. Its fields are for reading: what was signed stays as it was.
type Certificate struct {
	Serial Serial
	// Key verifies the writer's seals.
	Key ed25519.PublicKey
	// Person and Device are as the office calls them, at most 256 bytes each.
	Person, Device string
	// NotBefore and NotAfter are milliseconds since 1970 UTC, both within; 0 means
	// no bound.
	NotBefore, NotAfter int64
	// Issuer verifies the certificate itself.
	Issuer ed25519.PublicKey
	// Recipient is to whom a bundle for the device is encrypted: an age recipient of at
	// most 256 bytes, for age to read. Empty: it takes none.
	Recipient string
	// PersonID is the person's UUID in the directory; empty in a development
	// certificate, and in those that were issued before it stood there.
	PersonID string

	// As signed.
	body, signature []byte
}

// NewDevelopment is a certificate that its own key issues, without an end: it says
// who claims to write, and nobody vouches for it. The names are cut at their
// bound.
func NewDevelopment(key ed25519.PrivateKey, serial Serial, person, device string) *Certificate {
	return Issue(key, Subject{Serial: serial, Key: key.Public().(ed25519.PublicKey), Person: person, Device: device})
}

// cutName makes a name that every reader takes: UTF-8 of at most maxName bytes.
func cutName(s string) string {
	s = string(bytes.ToValidUTF8([]byte(s), []byte("\uFFFD")))
	if len(s) <= maxName {
		return s
	}
	n := maxName
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// recipient reports whether s may stand as one; what it names is for age to say.
func recipient(s string) bool { return len(s) <= maxName && utf8.ValidString(s) }

// personID reports whether s is none or a UUID.
func personID(s string) bool {
	_, err := record.ParseID(s)
	return s == "" || err == nil
}

func signedBody(body []byte) []byte {
	return append([]byte(certificateDomain), body...)
}

// Development reports whether the certificate's own key issued it.
func (c *Certificate) Development() bool { return bytes.Equal(c.Key, c.Issuer) }

// Valid reports whether nowMS is within the certificate's bounds.
func (c *Certificate) Valid(nowMS int64) bool {
	return nowMS >= c.NotBefore && (c.NotAfter == 0 || nowMS <= c.NotAfter)
}

// Encode is the certificate as signed: the same bytes for the same certificate.
func (c *Certificate) Encode() []byte {
	b := appendBytes(nil, certificateBody, c.body)
	return appendBytes(b, certificateSignature, c.signature)
}

// ToProto is the certificate as it travels.
func (c *Certificate) ToProto() *daylightv1.Certificate {
	return &daylightv1.Certificate{Body: c.body, Signature: c.signature}
}

func (c *Certificate) encodeBody() (b []byte) {
	b = appendBytes(b, bodySerial, c.Serial[:])
	b = appendBytes(b, bodyKey, c.Key)
	if c.Person != "" {
		b = appendBytes(b, bodyPerson, []byte(c.Person))
	}
	if c.Device != "" {
		b = appendBytes(b, bodyDevice, []byte(c.Device))
	}
	b = appendUint(b, bodyNotBefore, uint64(c.NotBefore))
	b = appendUint(b, bodyNotAfter, uint64(c.NotAfter))
	b = appendBytes(b, bodyIssuer, c.Issuer)
	if c.Recipient != "" {
		b = appendBytes(b, bodyRecipient, []byte(c.Recipient))
	}
	if c.PersonID != "" {
		b = appendBytes(b, bodyPersonID, []byte(c.PersonID))
	}
	return b
}

// ParseCertificate reads what Encode wrote, by whomever, and verifies that the
// issuer that it names signed it. Its errors are an [Error] of kind
// ErrCertificate. Only the one encoding is taken: nothing that is not signed can
// ride along.
func ParseCertificate(b []byte) (*Certificate, error) {
	var p daylightv1.Certificate
	if len(b) <= maxCertificate {
		_ = eachField(b, func(f field) error {
			switch f.num {
			case certificateBody:
				p.Body = f.b
			case certificateSignature:
				p.Signature = f.b
			}
			return nil
		})
	}
	c, err := CertificateFromProto(&p)
	if err == nil && !bytes.Equal(c.Encode(), b) {
		return nil, badCertificate("it has more than what is signed")
	}
	return c, err
}

// CertificateFromProto is ParseCertificate for one that came inside a message.
func CertificateFromProto(p *daylightv1.Certificate) (*Certificate, error) {
	if len(p.GetBody()) == 0 || len(p.GetBody()) > maxCertificate {
		return nil, badCertificate("it has no body or too long a one")
	}
	c := &Certificate{body: bytes.Clone(p.GetBody()), signature: bytes.Clone(p.GetSignature())}
	if err := c.decodeBody(); err != nil {
		return nil, badCertificate(err.Error())
	}
	if wrong := c.check(); wrong != "" {
		return nil, badCertificate(wrong)
	}
	return c, nil
}

// decodeBody passes over fields that it does not know: they are signed.
func (c *Certificate) decodeBody() error {
	return eachField(c.body, func(f field) error {
		switch f.num {
		case bodySerial:
			return f.fill(c.Serial[:], "the serial")
		case bodyKey:
			c.Key = make(ed25519.PublicKey, ed25519.PublicKeySize)
			return f.fill(c.Key, "the key")
		case bodyPerson:
			c.Person = string(f.b)
			return f.want(protowire.BytesType)
		case bodyDevice:
			c.Device = string(f.b)
			return f.want(protowire.BytesType)
		case bodyNotBefore:
			c.NotBefore = int64(f.n)
			return f.want(protowire.VarintType)
		case bodyNotAfter:
			c.NotAfter = int64(f.n)
			return f.want(protowire.VarintType)
		case bodyIssuer:
			c.Issuer = make(ed25519.PublicKey, ed25519.PublicKeySize)
			return f.fill(c.Issuer, "the issuer's key")
		case bodyRecipient:
			c.Recipient = string(f.b)
			return f.want(protowire.BytesType)
		case bodyPersonID:
			c.PersonID = string(f.b)
			return f.want(protowire.BytesType)
		}
		return nil
	})
}

// check says what is wrong, or nothing.
func (c *Certificate) check() string {
	switch {
	case c.Serial == Serial{}:
		return "it has no serial"
	case len(c.Key) == 0:
		return "it has no key"
	case len(c.Person) > maxName || len(c.Device) > maxName:
		return "a name is too long"
	case !utf8.ValidString(c.Person) || !utf8.ValidString(c.Device):
		return "a name is not UTF-8"
	case !recipient(c.Recipient):
		return "its recipient is too long or not UTF-8"
	case !personID(c.PersonID):
		return "the person's id is not a UUID"
	case c.NotBefore < 0 || c.NotAfter < 0 || c.NotAfter != 0 && c.NotAfter < c.NotBefore:
		return "it is valid at no time"
	case !verify(c.Issuer, signedBody(c.body), c.signature):
		return "the issuer that it names did not sign it"
	}
	return ""
}
