package directory

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// CodeTime is how long an invitation is good for.
const CodeTime = 15 * time.Minute

// certificateDays is for an office that does not say.
const certificateDays = 90

// Hash is the SHA-256 of a secret or a token: what is kept of it.
type Hash [32]byte

// The states, shorter.
const (
	waiting = daylightv1.DeviceState_DEVICE_STATE_WAITING
	active  = daylightv1.DeviceState_DEVICE_STATE_ACTIVE
	revoked = daylightv1.DeviceState_DEVICE_STATE_REVOKED
)

// errBadCode does not say whether the code is wrong, late or used: a stranger would
// learn which are out.
var errBadCode = rpcerr.E(rpcerr.NotFound, "this code is not good: it was typed wrongly, is older than 15 minutes, or was used already; nothing was changed",
	"Ask the office for a new code.", nil)

// Invite lets the person enrol one device with the secret of which this is the
// hash, until the time that it gives, in milliseconds since 1970 UTC.
func (d *Directory) Invite(ctx context.Context, person record.ID, secret Hash, by By) (until int64, err error) {
	err = d.write(ctx, by, func(t *tx) error {
		p, err := t.person(person)
		if err != nil {
			return err
		}
		if p.GetDisabled() {
			return invalid("this person is disabled", "")
		}
		until = t.now + CodeTime.Milliseconds()
		if _, err := t.Exec(`
			DELETE FROM invitations
			WHERE until < $1`, t.now-CodeTime.Milliseconds()); err != nil {
			return err
		}
		if _, err := t.Exec(`
			INSERT INTO invitations (secret, person, until, made_by)
			VALUES ($1, $2, $3, $4)`, secret[:], person[:], until, idOrEmpty(t.by.Person)); err != nil {
			return err
		}
		return t.log(deviceChanged, person, "a device was invited")
	})
	return until, err
}

// Enrolling is what a device says when it uses a code.
type Enrolling struct {
	Secret Hash
	// Key is the public key that it writes with; that it has the other half is for
	// the caller to have seen.
	Key ed25519.PublicKey
	// Label is what it is; Words are what its screen shows.
	Label, Words string
	// Recipient is to whom bundles for it are encrypted; empty: it takes none.
	Recipient string
	// Token is the hash of what it will be known by; Serial names its certificate.
	Token  Hash
	Serial journal.Serial
}

// Enrolled is a device that is known now.
type Enrolled struct {
	Certificate *journal.Certificate
	Device      *daylightv1.Device
	Person      *daylightv1.Person
	Office      *daylightv1.Office
}

// Enrol uses a code up. Sent again with the same key while the code would be good,
// it gives the same device a new token, and takes the recipient that was sent last: the
// device has kept no other.
func (d *Directory) Enrol(ctx context.Context, e Enrolling, by By) (out Enrolled, err error) {
	if len(e.Key) != ed25519.PublicKeySize || !named(e.Label) {
		return out, invalid("a device needs a key of 32 bytes and a name of at most 200 characters", "")
	}
	if err := checkRecipient(e.Recipient); err != nil {
		return out, err
	}
	id, err := d.newID()
	if err != nil {
		return out, err
	}
	err = d.write(ctx, by, func(t *tx) error {
		out, err = t.enrol(id, e)
		return err
	})
	if err == errBadCode {
		err = or(d.write(ctx, by, func(t *tx) error { return t.badCode() }), err)
	}
	return out, err
}

// badCode leaves at most one line a minute: strangers must not fill the disk.
func (t *tx) badCode() error {
	var last int64
	if err := t.QueryRow(`
		SELECT coalesce(max(at), 0)
		FROM (SELECT at, kind FROM accesses ORDER BY number DESC LIMIT 20)
		WHERE kind = $1`, int64(BadCode)).Scan(&last); err != nil {
		return err
	}
	if t.now-last < time.Minute.Milliseconds() {
		return nil
	}
	return t.log(BadCode, record.ID{}, "a code was not good")
}

func (t *tx) enrol(id record.ID, e Enrolling) (out Enrolled, err error) {
	var person, madeBy, used []byte
	var until int64
	ok, err := t.one(`
		SELECT person, until, made_by, device
		FROM invitations
		WHERE secret = $1`, []any{e.Secret[:]}, &person, &until, &madeBy, &used)
	if err != nil || !ok || t.now > until {
		return out, or(err, errBadCode)
	}
	if out.Person, err = t.person(record.ID(person)); err != nil {
		return out, err
	}
	if out.Person.GetDisabled() {
		return out, errBadCode
	}
	if used != nil {
		id = record.ID(used)
		if out.Device, err = t.device(id); err != nil {
			return out, err
		}
		if !bytes.Equal(out.Device.GetKey(), e.Key) || out.Device.GetState() == revoked {
			return out, errBadCode
		}
	} else if out.Device, err = t.addDevice(id, e, person, madeBy); err != nil {
		return out, err
	}
	out.Device.Recipient = e.Recipient
	if err := t.certify(&out, e.Serial); err != nil {
		return out, err
	}
	if err := t.putDevice(out.Device); err != nil {
		return out, err
	}
	if _, err := t.Exec(`
		UPDATE devices
		SET token = $2, next_token = NULL
		WHERE id = $1`, id[:], e.Token[:]); err != nil {
		return out, err
	}
	t.by.Person, t.by.Device = record.ID(person), id
	return out, t.log(deviceChanged, id, "a device was enrolled")
}

// addDevice makes the device of an invitation.
func (t *tx) addDevice(id record.ID, e Enrolling, person, invitedBy []byte) (*daylightv1.Device, error) {
	var taken bool
	if err := t.QueryRow(`SELECT EXISTS (SELECT 1 FROM devices WHERE key = $1)`, []byte(e.Key)).Scan(&taken); err != nil || taken {
		return nil, or(err, invalid("this device was enrolled before", "Start with an empty folder, or use the enrolment that there is."))
	}
	o, _, err := t.office()
	if err != nil {
		return nil, err
	}
	dev := &daylightv1.Device{
		Id: id.String(), Person: record.ID(person).String(), Label: e.Label, Key: e.Key, Words: e.Words,
		State: active, EnrolledAt: t.now, EnrolledBy: idText(invitedBy),
	}
	if o.GetSecondApproval() {
		dev.State = waiting
	}
	if _, err := t.Exec(`
		INSERT INTO devices (id, person, state, key, last_seen, last_position, message)
		VALUES ($1, $2, $3, $4, 0, 0, $5)`, id[:], person, int64(dev.State), []byte(e.Key), []byte{}); err != nil {
		return nil, err
	}
	_, err = t.Exec(`
		UPDATE invitations
		SET device = $2
		WHERE secret = $1`, e.Secret[:], id[:])
	return dev, err
}

// certify issues a certificate for the device's key.
func (t *tx) certify(e *Enrolled, serial journal.Serial) error {
	o, key, err := t.office()
	if err != nil {
		return err
	}
	days := int64(o.GetCertificateDays())
	if days == 0 {
		days = certificateDays
	}
	e.Office = o
	e.Device.CertificateUntil = t.now + days*24*time.Hour.Milliseconds()
	e.Certificate = journal.Issue(key, journal.Subject{
		Serial: serial, Key: e.Device.GetKey(), Person: e.Person.GetName(), Device: e.Device.GetLabel(),
		NotBefore: t.now, NotAfter: e.Device.CertificateUntil,
		Recipient: e.Device.GetRecipient(), PersonID: e.Person.GetId(),
	})
	return nil
}

// Device gives one.
func (d *Directory) Device(ctx context.Context, id record.ID) (dev *daylightv1.Device, err error) {
	err = d.read(ctx, func(t *tx) error {
		dev, err = t.device(id)
		return err
	})
	return dev, err
}

func (t *tx) device(id record.ID) (*daylightv1.Device, error) {
	var b []byte
	dev := &daylightv1.Device{}
	var seen, position int64
	ok, err := t.one(`
		SELECT message, last_seen, last_position
		FROM devices
		WHERE id = $1`, []any{id[:]}, &b, &seen, &position)
	if err != nil || !ok {
		return nil, or(err, errNotFound)
	}
	if err := proto.Unmarshal(b, dev); err != nil {
		return nil, err
	}
	dev.LastSeen, dev.LastPosition = seen, uint64(position)
	return dev, nil
}

// putDevice changes one, and counts what colleagues have to hear of.
func (t *tx) putDevice(dev *daylightv1.Device) error {
	id, err := parseID(dev.GetId())
	if err != nil {
		return err
	}
	was, err := t.device(id)
	if err != nil {
		return err
	}
	m := proto.CloneOf(dev)
	m.LastSeen, m.LastPosition = 0, 0
	b, err := blob(m)
	if err != nil {
		return err
	}
	_, err = t.Exec(`
		UPDATE devices
		SET state = $2, message = $3, revision = revision + $4
		WHERE id = $1`, id[:], int64(dev.GetState()), b, news(was, dev))
	return err
}

// Devices gives a page, in the order in which they came.
func (d *Directory) Devices(ctx context.Context, q *daylightv1.ListDevicesRequest) (out *daylightv1.ListDevicesResponse, err error) {
	_, number, err := readPageToken(q.GetPageToken())
	if err != nil {
		return nil, err
	}
	person, err := optionalID(q.GetPerson())
	if err != nil {
		return nil, err
	}
	most := pageSize(q.GetPageSize())
	out = &daylightv1.ListDevicesResponse{}
	err = d.read(ctx, func(t *tx) error {
		return t.Each(`
			SELECT number, message, last_seen, last_position
			FROM devices
			WHERE number > $1 AND ($2 OR person = $3) AND ($4 = 0 OR state = $4)
			ORDER BY number`,
			[]any{number, person == record.ID{}, person[:], int64(q.GetState())}, func(scan func(...any) error) (bool, error) {
				if len(out.Devices) == most {
					out.NextPageToken = pageToken("", number)
					return false, nil
				}
				var b []byte
				dev := &daylightv1.Device{}
				var seen, position int64
				if err := scan(&number, &b, &seen, &position); err != nil {
					return false, err
				}
				err := proto.Unmarshal(b, dev)
				dev.LastSeen, dev.LastPosition = seen, uint64(position)
				out.Devices = append(out.Devices, dev)
				return true, err
			})
	})
	return out, err
}

// Approve lets a waiting device in. Whoever approves must not have invited it, and
// names the words that its screen shows, in whatever letters.
func (d *Directory) Approve(ctx context.Context, id record.ID, words string, by By) (dev *daylightv1.Device, err error) {
	words = strings.Join(strings.Fields(strings.ToLower(words)), " ")
	err = d.write(ctx, by, func(t *tx) error {
		if dev, err = t.device(id); err != nil {
			return err
		}
		switch {
		case dev.GetState() == active:
			return nil
		case dev.GetState() == revoked:
			return invalid("this device is revoked", "Invite it again.")
		case dev.GetEnrolledBy() == idText(t.by.Person[:]) || dev.GetEnrolledBy() == "" && t.by.Person == record.ID{}:
			return ErrSecond
		case dev.GetWords() != words:
			return ErrWords
		}
		dev.State, dev.ApprovedAt, dev.ApprovedBy = active, t.now, idText(idOrEmpty(t.by.Person))
		if err := t.putDevice(dev); err != nil {
			return err
		}
		return t.log(deviceChanged, id, "a device was approved")
	})
	return dev, err
}

// Revoke shuts a device out: its token is gone when Revoke returns.
func (d *Directory) Revoke(ctx context.Context, id record.ID, by By) (dev *daylightv1.Device, err error) {
	err = d.write(ctx, by, func(t *tx) error {
		if dev, err = t.device(id); err != nil || dev.GetState() == revoked {
			return err
		}
		dev.State, dev.RevokedAt, dev.RevokedBy = revoked, t.now, idText(idOrEmpty(t.by.Person))
		if err := t.putDevice(dev); err != nil {
			return err
		}
		if _, err := t.Exec(`
			UPDATE devices
			SET token = NULL, next_token = NULL
			WHERE id = $1`, id[:]); err != nil {
			return err
		}
		return t.log(deviceChanged, id, "a device was revoked")
	})
	return dev, err
}

// Renew gives a device a new certificate for its key and a new token. The old one is
// good until the new one is first used. An empty recipient keeps the one that there is.
func (d *Directory) Renew(ctx context.Context, id record.ID, recipient string, token Hash, serial journal.Serial, by By) (out Enrolled, err error) {
	if err := checkRecipient(recipient); err != nil {
		return out, err
	}
	err = d.write(ctx, by, func(t *tx) error {
		if out.Device, err = t.device(id); err != nil {
			return err
		}
		if out.Device.GetState() == revoked {
			return errUnknown
		}
		person, err := parseID(out.Device.GetPerson())
		if err != nil {
			return err
		}
		if out.Person, err = t.person(person); err != nil {
			return err
		}
		if recipient != "" {
			out.Device.Recipient = recipient
		}
		if err := t.certify(&out, serial); err != nil {
			return err
		}
		if err := t.putDevice(out.Device); err != nil {
			return err
		}
		if _, err := t.Exec(`
			UPDATE devices
			SET next_token = $2
			WHERE id = $1`, id[:], token[:]); err != nil {
			return err
		}
		return t.log(deviceChanged, id, "a device was renewed")
	})
	return out, err
}

// Invited reports whether a code with the secret of this hash is out, used or not: a
// stranger's guess is not worth more work.
func (d *Directory) Invited(ctx context.Context, secret Hash) (out bool, err error) {
	err = d.read(ctx, func(t *tx) error {
		return t.QueryRow(`SELECT EXISTS (SELECT 1 FROM invitations WHERE secret = $1 AND until >= $2)`, secret[:], t.now).Scan(&out)
	})
	return out, err
}

// Writer is who seals with a key: a device and its person. nil when no device has it.
func (d *Directory) Writer(ctx context.Context, key ed25519.PublicKey) (w *Caller, err error) {
	err = d.read(ctx, func(t *tx) error {
		var id []byte
		ok, err := t.one(`
			SELECT id
			FROM devices
			WHERE key = $1`, []any{[]byte(key)}, &id)
		if err != nil || !ok {
			return err
		}
		w, err = t.owner(record.ID(id))
		return err
	})
	return w, err
}

// ShutOut reports whether the device is revoked or its person disabled.
func (c *Caller) ShutOut() bool {
	return c.Device.GetState() == revoked || c.Person.GetDisabled()
}
