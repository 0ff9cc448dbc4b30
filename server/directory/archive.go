package directory

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// ErrBadArchive: a part of an archive is not one of the directory's, or says what cannot
// be.
var ErrBadArchive = errors.New("what the archive says of the office and its people cannot be")

// ErrNotEmpty: an archive is read into a directory that holds something.
var ErrNotEmpty = errors.New("the office knows somebody already")

func bad(what string) error { return fmt.Errorf("%w: %s", ErrBadArchive, what) }

// Archive hands over the whole directory: the office, bodies, people, devices, tokens,
// lists of readers, the access log. The office's private keys, and what devices and
// programs are known by, are in it only with keys. Codes that are out are left: they are
// good for minutes. It reads one commit; an error of put ends it.
func (d *Directory) Archive(ctx context.Context, keys bool, put func(*daylightv1.ArchiveFrame) error) error {
	return d.read(ctx, func(t *tx) error {
		for _, part := range []func(bool, func(*daylightv1.ArchiveFrame) error) error{
			t.archiveOffice, t.archivePeople, t.archiveDevices, t.archiveTokens, t.archiveReaders, t.archiveAccesses,
		} {
			if err := part(keys, put); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *tx) archiveOffice(keys bool, put func(*daylightv1.ArchiveFrame) error) error {
	o, key, err := t.office()
	if errors.Is(err, errNoOffice) {
		return nil
	} else if err != nil {
		return err
	}
	if !keys {
		return put(&daylightv1.ArchiveFrame{Office: o})
	}
	secret, err := t.bundleIdentity()
	if err != nil {
		return err
	}
	return or(put(&daylightv1.ArchiveFrame{Office: o}),
		put(&daylightv1.ArchiveFrame{Keys: &daylightv1.ArchivedKeys{EnrolmentSeed: key.Seed(), BundleIdentity: secret}}))
}

func (t *tx) archivePeople(_ bool, put func(*daylightv1.ArchiveFrame) error) error {
	bodies, err := messages(t, func() *daylightv1.Body { return &daylightv1.Body{} }, `
		SELECT message
		FROM bodies
		ORDER BY number`)
	if err != nil {
		return err
	}
	people, err := messages(t, func() *daylightv1.Person { return &daylightv1.Person{} }, `
		SELECT message
		FROM people
		ORDER BY number`)
	for _, b := range bodies {
		err = or(err, put(&daylightv1.ArchiveFrame{Body: b}))
	}
	for _, p := range people {
		err = or(err, put(&daylightv1.ArchiveFrame{Person: p}))
	}
	return err
}

func (t *tx) archiveDevices(keys bool, put func(*daylightv1.ArchiveFrame) error) error {
	return t.Each(`
		SELECT token, next_token, revision, last_seen, last_position, message
		FROM devices
		ORDER BY number`, nil, func(scan func(...any) error) (bool, error) {
		a := &daylightv1.ArchivedDevice{Device: &daylightv1.Device{}}
		var b []byte
		var seen, position int64
		if err := scan(&a.Token, &a.NextToken, &a.Revision, &seen, &position, &b); err != nil {
			return false, err
		}
		if err := proto.Unmarshal(b, a.Device); err != nil {
			return false, err
		}
		a.Device.LastSeen, a.Device.LastPosition = seen, uint64(position)
		if !keys {
			a.Token, a.NextToken = nil, nil
		}
		return true, put(&daylightv1.ArchiveFrame{Device: a})
	})
}

func (t *tx) archiveTokens(keys bool, put func(*daylightv1.ArchiveFrame) error) error {
	return t.Each(`
		SELECT token, last_used, message
		FROM tokens
		ORDER BY number`, nil, func(scan func(...any) error) (bool, error) {
		a := &daylightv1.ArchivedToken{Token: &daylightv1.Token{}}
		var b []byte
		var used int64
		if err := scan(&a.Hash, &used, &b); err != nil {
			return false, err
		}
		if err := proto.Unmarshal(b, a.Token); err != nil {
			return false, err
		}
		if a.Token.LastUsed = used; !keys {
			a.Hash = nil
		}
		return true, put(&daylightv1.ArchiveFrame{Token: a})
	})
}

func (t *tx) archiveReaders(_ bool, put func(*daylightv1.ArchiveFrame) error) error {
	all, err := t.handovers()
	if err != nil {
		return err
	}
	for _, h := range all {
		if err := put(&daylightv1.ArchiveFrame{Readers: &daylightv1.ArchivedReaders{
			Version: h.version, Signed: h.signed, Root: h.root, At: h.at,
		}}); err != nil {
			return err
		}
	}
	signed, version, err := t.readers()
	if err != nil || version == 0 {
		return err
	}
	return put(&daylightv1.ArchiveFrame{Readers: &daylightv1.ArchivedReaders{Version: version, Signed: signed}})
}

func (t *tx) archiveAccesses(_ bool, put func(*daylightv1.ArchiveFrame) error) error {
	return t.Each(`
		SELECT number, at, kind, person, device, token, call, subject, note
		FROM accesses
		ORDER BY number`, nil, func(scan func(...any) error) (bool, error) {
		a, err := scanAccess(scan)
		if err != nil {
			return false, err
		}
		return true, put(&daylightv1.ArchiveFrame{Access: a})
	})
}

func scanAccess(scan func(...any) error) (*daylightv1.Access, error) {
	a := &daylightv1.Access{}
	var p, device, token []byte
	err := scan(&a.Number, &a.At, &a.Kind, &p, &device, &token, &a.Call, &a.Subject, &a.Note)
	a.Person, a.Device, a.Token = idText(p), idText(device), idText(token)
	return a, err
}

// Unarchive takes what Archive handed over into an empty directory, all or nothing, and
// leaves a line in the access log; next gives the frames, then nil. Without the keys the
// office gets another key for certificates and none for bundles, and its devices and
// programs are shut out: they know the office that the archive was taken from. ErrNotEmpty,
// ErrBadArchive.
func (d *Directory) Unarchive(ctx context.Context, by By, next func() (*daylightv1.ArchiveFrame, error)) error {
	seed := make([]byte, ed25519.SeedSize)
	if err := d.fill(seed); err != nil {
		return err
	}
	return d.write(ctx, by, func(t *tx) error {
		var taken bool
		if err := t.QueryRow(`SELECT EXISTS (SELECT 1 FROM office) OR EXISTS (SELECT 1 FROM accesses)`).Scan(&taken); err != nil {
			return err
		} else if taken {
			return ErrNotEmpty
		}
		u := &unarchiving{tx: t, seed: seed}
		if err := u.all(next); err != nil {
			return err
		}
		return t.log(directoryChanged, record.ID{}, "the office was read from an archive")
	})
}

// unarchiving is an archive being read.
type unarchiving struct {
	*tx
	office *daylightv1.Office
	seed   []byte // of the office's new key, or of its own
	keys   bool
	made   bool
}

func (u *unarchiving) all(next func() (*daylightv1.ArchiveFrame, error)) error {
	for {
		f, err := next()
		if err != nil {
			return err
		}
		if f.GetKeys() == nil && u.office != nil && !u.made {
			if err := u.putOffice(""); err != nil {
				return err
			}
		}
		if f == nil {
			return nil
		}
		if err := u.frame(f); err != nil {
			return err
		}
	}
}

func (u *unarchiving) frame(f *daylightv1.ArchiveFrame) error {
	switch {
	case f.GetOffice() != nil && u.office == nil:
		u.office = f.GetOffice()
		return nil
	case f.GetKeys() != nil && u.office != nil && !u.made:
		if len(f.GetKeys().GetEnrolmentSeed()) != ed25519.SeedSize {
			return bad("the office's key does not have 32 bytes")
		}
		u.seed, u.keys = f.GetKeys().GetEnrolmentSeed(), true
		return u.putOffice(f.GetKeys().GetBundleIdentity())
	case f.GetBody() != nil:
		return u.putBody(f.GetBody())
	case f.GetPerson() != nil:
		return u.putPerson(f.GetPerson())
	case f.GetDevice() != nil:
		return u.putDevice(f.GetDevice())
	case f.GetToken() != nil:
		return u.putToken(f.GetToken())
	case f.GetReaders() != nil:
		return u.putReaders(f.GetReaders())
	case f.GetAccess() != nil:
		return u.putAccess(f.GetAccess())
	}
	return bad("a part is none of the directory's, or stands in the wrong place")
}

// putOffice keeps the office; one whose keys did not come has a new one.
func (u *unarchiving) putOffice(bundleIdentity string) error {
	o := u.office
	public := ed25519.NewKeyFromSeed(u.seed).Public().(ed25519.PublicKey)
	if u.keys && !public.Equal(ed25519.PublicKey(o.GetEnrolmentKey())) {
		return bad("the office's key is another one than it says")
	}
	if !u.keys {
		o.EnrolmentKey, o.BundleRecipient = public, ""
		o.Revision++
	}
	if err := or(checkOffice(o), checkBundleKey(bundleIdentity, o.GetBundleRecipient())); err != nil {
		return bad(err.Error())
	}
	b, err := blob(o)
	if err != nil {
		return err
	}
	_, err = u.Exec(`
		INSERT INTO office (id, revision, seed, message, bundle_identity)
		VALUES (1, $1, $2, $3, $4)`, int64(o.GetRevision()), u.seed, b, bundleIdentity)
	u.made = err == nil
	return err
}

func (u *unarchiving) putBody(body *daylightv1.Body) error {
	id, err := record.ParseID(body.GetId())
	if err != nil || !named(body.GetCode()) || !named(body.GetName()) {
		return bad("a body has no id, name or code")
	}
	b, err := blob(body)
	if err != nil {
		return err
	}
	return u.insert(`
		INSERT INTO bodies (id, code, revision, message)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`, id[:], body.GetCode(), int64(body.GetRevision()), b)
}

func (u *unarchiving) putPerson(p *daylightv1.Person) error {
	id, err := record.ParseID(p.GetId())
	if err != nil {
		return bad("a person has no id")
	}
	if err := checkPerson(p); err != nil {
		return bad(err.Error())
	}
	b, err := blob(p)
	if err != nil {
		return err
	}
	return u.insert(`
		INSERT INTO people (id, name, staff, disabled, revision, message)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT DO NOTHING`, id[:], p.GetName(), p.GetNumber(), p.GetDisabled(), int64(p.GetRevision()), b)
}

// insert puts one row, of which there must be no other.
func (u *unarchiving) insert(text string, args ...any) error {
	done, err := u.Exec(text, args...)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n != 1 {
		return or(err, bad("something is in it twice"))
	}
	return nil
}
