package localdb

import (
	"encoding/json"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Enrolment is how the office knows this device.
type Enrolment struct {
	// Endpoints are where its server may answer, best first; Pins the SHA-256 of the
	// keys that it may have.
	Endpoints []string
	Pins      [][]byte
	// Token is what the device shows, 32 bytes.
	Token []byte
	// Device and Person are ids, PersonName and Office names.
	Device, Person, PersonName, Office string
	// Grants are what the person may do, as the office said last.
	Grants []*daylightv1.Grant
	// Waiting: a second person has not approved it, when that was last heard.
	Waiting bool
	// Words are what both screens show.
	Words string
	// OfficeRecipients are to whom bundles for the office are encrypted, to all of them;
	// Issuer is the key that signs the office's certificates and bundles, 32 bytes.
	OfficeRecipients []string
	Issuer           []byte
	// Recovery is the office's recovery recipient, to which the vault's key is wrapped:
	// of age, as text. RootKey signs what the server must not decide, 32 bytes; it is the
	// one that the office had when this device was enrolled.
	Recovery string
	RootKey  []byte
	// Renew is when the certificate has to be renewed, in milliseconds since 1970 UTC.
	Renew int64
}

// Enrolment gives what PutEnrolment stored; nil when nothing was.
func (b *Book) Enrolment() (*Enrolment, error) {
	content, err := b.single("enrolment")
	if err != nil || content == nil {
		return nil, err
	}
	e := &Enrolment{}
	return e, json.Unmarshal(content, e)
}

// PutEnrolment stores it in the place of any that was there.
func (b *Book) PutEnrolment(e Enrolment) error {
	content, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return b.putSingle("enrolment", content)
}
