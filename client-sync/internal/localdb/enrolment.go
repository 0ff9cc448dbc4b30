package localdb

import (
	"database/sql"
	"encoding/json"
	"errors"

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
	// BundleIdentity opens the bundles for this device: an identity of age, as text.
	// Empty in one that was made before there were bundles, until it is opened.
	BundleIdentity string
	// OfficeRecipients are to whom bundles for the office are encrypted, to all of them;
	// Issuer is the key that signs the office's certificates and bundles, 32 bytes.
	OfficeRecipients []string
	Issuer           []byte
	// Renew is when the certificate has to be renewed, in milliseconds since 1970 UTC.
	Renew int64
}

// Enrolment gives what PutEnrolment stored; nil when nothing was.
func (b *Book) Enrolment() (*Enrolment, error) {
	var content []byte
	err := b.QueryRow(`SELECT content FROM enrolment`).Scan(&content)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if content, err = b.shield.open("enrolment", nil, content); err != nil {
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
	_, err = b.Exec(`
		INSERT INTO enrolment (id, content) VALUES (1, ?1)
		ON CONFLICT (id) DO UPDATE SET content = ?1`, b.shield.seal("enrolment", nil, content))
	return err
}
