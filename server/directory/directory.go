package directory

import (
	"context"
	"crypto/ed25519"
	"io"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Directory is the directory in an office's database. Its methods may be called
// from any goroutine.
type Directory struct {
	db  *sqlitedb.DB
	now func() time.Time

	callers       callers
	known         known
	signedReaders signedReaders

	mu     sync.Mutex // guards random
	random io.Reader
}

// New gives the directory of an office's open database, whose tables are there.
func New(db *sqlitedb.DB, now func() time.Time, random io.Reader) *Directory {
	return &Directory{db: db, now: now, random: random}
}

// By says who acts: one of the three, or none for whoever sits at the server.
type By struct {
	Person, Device, Token record.ID
	// Call is what was asked for, as a procedure or a command.
	Call string
}

// tx is one transaction, with the time that it carries.
type tx struct {
	*sqlitedb.Tx
	now int64 // milliseconds since 1970 UTC
	by  By

	replaced bool // a token has taken the place of another
}

func (d *Directory) write(ctx context.Context, by By, do func(*tx) error) error {
	defer d.callers.forget() // whatever came of it
	return d.db.Write(ctx, func(t *sqlitedb.Tx) error { return do(&tx{Tx: t, now: d.now().UnixMilli(), by: by}) })
}

// witness writes what changes nothing about who may do what, so that everybody stays
// known.
func (d *Directory) witness(ctx context.Context, by By, do func(*tx) error) error {
	return d.db.Write(ctx, func(t *sqlitedb.Tx) error { return do(&tx{Tx: t, now: d.now().UnixMilli(), by: by}) })
}

func (d *Directory) read(ctx context.Context, do func(*tx) error) error {
	return d.db.Read(ctx, func(t *sqlitedb.Tx) error { return do(&tx{Tx: t, now: d.now().UnixMilli()}) })
}

func (d *Directory) fill(b []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, err := io.ReadFull(d.random, b)
	return err
}

// newID makes a random UUID (version 4): when somebody came is nobody's business.
func (d *Directory) newID() (id record.ID, err error) {
	err = d.fill(id[:])
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return id, err
}

// Errors that name no subject; the words of the others say what is wrong.
var (
	errNotFound = rpcerr.E(rpcerr.NotFound, "there is nothing with this id in the directory", "Look at the list.", nil)
	errStale    = rpcerr.E(rpcerr.Conflict, "somebody else has changed this meanwhile; nothing was saved", "Read it again and decide anew.", nil)
	errNoOffice = rpcerr.E(rpcerr.Conflict, "this office has not been made yet", "Run daylightd init.", nil)
)

// What the office's pages say in words of their own.
var (
	// ErrNotFound: there is no such thing in the directory.
	ErrNotFound = errNotFound
	// ErrStale: somebody else was faster.
	ErrStale = errStale
	// ErrTaken: another person has the number, or another body the code.
	ErrTaken = rpcerr.E(rpcerr.Invalid, "nothing was saved: another person has this number already, or another body this code", "Change that one, or leave the number out.", nil)
	// ErrSecond: whoever invited a device does not let it in.
	ErrSecond = rpcerr.E(rpcerr.Denied, "nothing was changed: somebody else than whoever invited the device has to approve it", "Ask a second person.", nil)
	// ErrWords: the six words are not those of the device.
	ErrWords = invalid("these are not the words of this device", "Compare them with the device's screen; if they differ there too, revoke the device.")
)

func invalid(what, hint string) error {
	return rpcerr.E(rpcerr.Invalid, "nothing was saved: "+what, hint, nil)
}

// parseID reads an id of a request.
func parseID(s string) (record.ID, error) {
	id, err := record.ParseID(s)
	if err != nil {
		return id, invalid(err.Error(), "")
	}
	return id, nil
}

// optionalID is parseID for one that may be empty.
func optionalID(s string) (record.ID, error) {
	if s == "" {
		return record.ID{}, nil
	}
	return parseID(s)
}

// blob is a message as it is stored.
func blob(m proto.Message) ([]byte, error) {
	return proto.MarshalOptions{Deterministic: true}.Marshal(m)
}

// Setup is what an office is made with.
type Setup struct {
	// Office says name, model, second approval; root key, recovery and bundle recipient.
	Office *daylightv1.Office
	// BundleIdentity opens what is encrypted to the bundle recipient; it stays in the
	// database. Both may be empty, see EnsureBundleKey.
	BundleIdentity string
	// Admin is the first person, who gets the role of the system administrator.
	Admin *daylightv1.Person
}

// Made reports whether the office has been made.
func (d *Directory) Made(ctx context.Context) (made bool, err error) {
	err = d.read(ctx, func(t *tx) error {
		return t.QueryRow(`SELECT EXISTS (SELECT 1 FROM office)`).Scan(&made)
	})
	return made, err
}

// Make makes the office, with a new enrolment key and its first administrator. An
// office is made once.
func (d *Directory) Make(ctx context.Context, s Setup, by By) (*daylightv1.Office, *daylightv1.Person, error) {
	seed := make([]byte, ed25519.SeedSize)
	if err := d.fill(seed); err != nil {
		return nil, nil, err
	}
	o := proto.CloneOf(s.Office)
	o.EnrolmentKey, o.Revision = ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey), 1
	admin := proto.CloneOf(s.Admin)
	admin.Id, admin.Revision = "", 0
	admin.Grants = []*daylightv1.Grant{{Role: daylightv1.OfficeRole_OFFICE_ROLE_SYSTEM_ADMIN}}
	if err := or(checkOffice(o), checkBundleKey(s.BundleIdentity, o.BundleRecipient)); err != nil {
		return nil, nil, err
	}
	id, err := d.newID()
	if err != nil {
		return nil, nil, err
	}
	err = d.write(ctx, by, func(t *tx) error {
		var made bool
		if err := t.QueryRow(`SELECT EXISTS (SELECT 1 FROM office)`).Scan(&made); err != nil || made {
			return or(err, rpcerr.E(rpcerr.Conflict, "this office has been made already; nothing was changed", "", nil))
		}
		b, err := blob(o)
		if err != nil {
			return err
		}
		if _, err := t.Exec(`
			INSERT INTO office (id, revision, seed, message, bundle_identity)
			VALUES (1, 1, $1, $2, $3)`, seed, b, s.BundleIdentity); err != nil {
			return err
		}
		if err := t.log(directoryChanged, record.ID{}, "the office was made"); err != nil {
			return err
		}
		admin, err = t.savePerson(id, admin)
		return err
	})
	return o, admin, err
}

// or is the first of them that is not nil.
func or(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func checkOffice(o *daylightv1.Office) error {
	switch {
	case !named(o.GetName()):
		return invalid("the office needs a name of at most 200 characters", "")
	case len(o.GetRootKey()) != ed25519.PublicKeySize || len(o.GetEnrolmentKey()) != ed25519.PublicKeySize:
		return invalid("a key of the office does not have 32 bytes", "")
	case o.GetCertificateDays() > 3650:
		return invalid("a certificate lasts at most ten years", "")
	}
	return checkClocks(o.GetClocks())
}

// Bounds of what an office agrees on about clocks.
const (
	mostClocks      = 200
	mostClockMonths = 120
	mostClockDays   = 366
)

// checkClocks: one at most for an urgency and an authority, so that it is never open which
// counts.
func checkClocks(all []*daylightv1.Clock) error {
	if len(all) > mostClocks {
		return invalid("there are more clocks than an office can have", "")
	}
	type of struct {
		horizon   daylightv1.RecommendationHorizon
		authority string
	}
	seen := map[of]bool{}
	for _, c := range all {
		switch at := (of{c.GetHorizon(), c.GetAuthority()}); {
		case record.ShippedClock(c.GetHorizon()) == nil:
			return invalid("a clock is for no urgency that there is", "")
		case c.GetAnswerMonths() > mostClockMonths || c.GetDoneMonths() > mostClockMonths || c.GetAnswerDays() > mostClockDays || c.GetDoneDays() > mostClockDays:
			return invalid("a clock has at most 120 months and 366 days", "")
		case c.GetAuthority() != "" && !named(c.GetAuthority()):
			return invalid("a clock names an authority that is no code", "")
		case seen[at]:
			return invalid("an urgency has two clocks", "")
		default:
			seen[at] = true
		}
	}
	return nil
}

// Office gives what the office agrees on.
func (d *Directory) Office(ctx context.Context) (o *daylightv1.Office, err error) {
	err = d.read(ctx, func(t *tx) error {
		o, _, err = t.office()
		return err
	})
	return o, err
}

// office gives it with the key that issues certificates.
func (t *tx) office() (*daylightv1.Office, ed25519.PrivateKey, error) {
	var seed, b []byte
	ok, err := t.one(`
		SELECT seed, message
		FROM office`, nil, &seed, &b)
	if err != nil || !ok {
		return nil, nil, or(err, errNoOffice)
	}
	o := &daylightv1.Office{}
	return o, ed25519.NewKeyFromSeed(seed), proto.Unmarshal(b, o)
}

// SaveOffice changes name, model and rules, and the recovery recipient where o has
// another one; an empty one, and the other keys, stay as they are.
func (d *Directory) SaveOffice(ctx context.Context, o *daylightv1.Office, by By) (out *daylightv1.Office, err error) {
	err = d.write(ctx, by, func(t *tx) error {
		old, _, err := t.office()
		if err != nil {
			return err
		}
		if old.GetRevision() != o.GetRevision() {
			return errStale
		}
		out = proto.CloneOf(o)
		out.RootKey, out.EnrolmentKey, out.BundleRecipient = old.RootKey, old.EnrolmentKey, old.BundleRecipient
		var note string
		if out.RecoveryRecipient, note, err = recoveryOf(old, o); err != nil {
			return err
		}
		if err := checkOffice(out); err != nil {
			return err
		}
		if err := t.putOffice(out); err != nil {
			return err
		}
		return t.log(directoryChanged, record.ID{}, note)
	})
	return out, err
}

// recoveryOf is the recovery recipient that a changed office has, and what the log says.
func recoveryOf(old, o *daylightv1.Office) (recipient, note string, err error) {
	switch to := o.GetRecoveryRecipient(); {
	case to == "" || to == old.GetRecoveryRecipient():
		return old.GetRecoveryRecipient(), "the office was changed", nil
	case compartment.CheckRecipient(to) != nil:
		return "", "", invalid("the recovery key is not one that something can be wrapped for",
			"It is the public half: one line that begins with age1 or age1pq1, as daylight office new-key recovery showed it. Never give the secret half to a server.")
	case to == old.GetBundleRecipient():
		return "", "", invalid("the recovery key is the one that opens bundles, which lies on this server", "Make one of its own: daylight office new-key recovery --out FILE, on a desk that is not this server.")
	default:
		return to, "the office has another recovery key", nil
	}
}

// putOffice keeps the office under its next revision.
func (t *tx) putOffice(o *daylightv1.Office) error {
	o.Revision++
	b, err := blob(o)
	if err != nil {
		return err
	}
	_, err = t.Exec(`
		UPDATE office
		SET revision = $1, message = $2`, int64(o.Revision), b)
	return err
}
