package directory

import (
	"crypto/ed25519"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// putDevice keeps a device with the hashes that it is known by. Without the office's keys
// it is shut out: it was let in by an office that this one is a copy of.
func (u *unarchiving) putDevice(a *daylightv1.ArchivedDevice) error {
	dev := a.GetDevice()
	id, err := record.ParseID(dev.GetId())
	person, err2 := record.ParseID(dev.GetPerson())
	if or(err, err2) != nil || len(dev.GetKey()) != ed25519.PublicKeySize {
		return bad("a device has no id, person or key")
	}
	if _, err := u.person(person); err == errNotFound {
		return bad("a device belongs to nobody")
	} else if err != nil {
		return err
	}
	token, next, err := hashes(a.GetToken(), a.GetNextToken())
	if err != nil {
		return err
	}
	if !u.keys {
		token, next = nil, nil
		if dev.GetState() != revoked {
			dev.State, dev.RevokedAt = revoked, u.now
		}
	}
	seen, position := dev.GetLastSeen(), dev.GetLastPosition()
	dev.LastSeen, dev.LastPosition = 0, 0
	b, err := blob(dev)
	if err != nil {
		return err
	}
	return u.insert(`
		INSERT INTO devices (id, person, state, key, token, next_token, last_seen, last_position, revision, message)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT DO NOTHING`, id[:], person[:], int64(dev.GetState()), dev.GetKey(), token, next,
		seen, int64(position), int64(a.GetRevision()), b)
}

// hashes are two columns; NULL for none.
func hashes(a, b []byte) (x, y any, err error) {
	for _, h := range []struct {
		from []byte
		to   *any
	}{{a, &x}, {b, &y}} {
		switch len(h.from) {
		case 0:
		case len(Hash{}):
			*h.to = h.from
		default:
			return nil, nil, bad("what a device or a program is known by has another size")
		}
	}
	return x, y, nil
}

// putToken keeps a program's token; without the office's keys it is good for nothing.
func (u *unarchiving) putToken(a *daylightv1.ArchivedToken) error {
	m := a.GetToken()
	id, err := record.ParseID(m.GetId())
	if err != nil || !named(m.GetName()) || checkGrants(m.GetGrants()) != nil {
		return bad("a token has no id or name, or gives what there is not")
	}
	hash, _, err := hashes(a.GetHash(), nil)
	if err != nil {
		return err
	}
	if !u.keys {
		if hash = nil; m.GetRevokedAt() == 0 {
			m.RevokedAt = u.now
		}
	}
	used := m.GetLastUsed()
	m.LastUsed = 0
	b, err := blob(m)
	if err != nil {
		return err
	}
	return u.insert(`
		INSERT INTO tokens (id, token, last_used, message)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`, id[:], hash, used, b)
}

// putReaders keeps a list as it was signed. Devices verify it; the server only hands it on.
func (u *unarchiving) putReaders(a *daylightv1.ArchivedReaders) error {
	if a.GetVersion() == 0 || len(a.GetSigned()) == 0 {
		return bad("a list of readers has no version or says nothing")
	}
	if len(a.GetRoot()) == 0 {
		return u.insert(`
			INSERT INTO readers (id, version, signed)
			VALUES (1, $1, $2)
			ON CONFLICT DO NOTHING`, int64(a.GetVersion()), a.GetSigned())
	}
	if len(a.GetRoot()) != ed25519.PublicKeySize {
		return bad("a root key does not have 32 bytes")
	}
	return u.insert(`
		INSERT INTO handovers (version, at, root, signed)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`, int64(a.GetVersion()), a.GetAt(), a.GetRoot(), a.GetSigned())
}

// putAccess keeps a line of the access log under its number.
func (u *unarchiving) putAccess(a *daylightv1.Access) error {
	var ids [3][]byte
	for i, s := range []string{a.GetPerson(), a.GetDevice(), a.GetToken()} {
		id, err := optionalID(s)
		if err != nil || a.GetNumber() == 0 {
			return bad("a line of the access log has no number, or names what is no id")
		}
		ids[i] = idOrEmpty(id)
	}
	return u.insert(`
		INSERT INTO accesses (number, at, kind, person, device, token, call, subject, note)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT DO NOTHING`, int64(a.GetNumber()), a.GetAt(), int64(a.GetKind()),
		ids[0], ids[1], ids[2], a.GetCall(), a.GetSubject(), a.GetNote())
}
