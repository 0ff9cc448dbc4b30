package directory

import (
	"context"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Caller is somebody who showed a token that is good: a person with a device, or an
// integrator's program. It is shared between requests: read it only.
type Caller struct {
	Person *daylightv1.Person // of a device, else nil
	Device *daylightv1.Device
	Token  *daylightv1.Token

	// IDs of the three, zero where there is none.
	PersonID, DeviceID, TokenID record.ID

	seen time.Time // when that was last written down
}

// Grants are what the caller may do.
func (c *Caller) Grants() []*daylightv1.Grant {
	if c.Token != nil {
		return c.Token.GetGrants()
	}
	return c.Person.GetGrants()
}

// By is the caller as one who acts.
func (c *Caller) By(call string) By {
	return By{Person: c.PersonID, Device: c.DeviceID, Token: c.TokenID, Call: call}
}

// errUnknown is for a token that is not good, whyever.
var errUnknown = rpcerr.E(rpcerr.Unauthenticated, "the office does not know who is calling; nothing was changed",
	"If this device was enrolled before, it may have been revoked: ask the office. Everything that was written is kept on it.", nil)

// seenEvery is how often a device's last sign of life is written down.
const seenEvery = time.Minute

// awayFor is after how long without a sign of life somebody is said to have signed in.
const awayFor = 12 * time.Hour

// Authenticate says whose token it is, by its hash, and notes who comes after a long
// time; call is what they ask for. Somebody disabled is nobody, and so is a token that
// has ended.
func (d *Directory) Authenticate(ctx context.Context, token Hash, call string) (*Caller, error) {
	now := d.now()
	c, generation := d.callers.get(token)
	if c != nil && c.ended(now) {
		return nil, errUnknown
	}
	if c != nil && now.Sub(c.seen) < seenEvery {
		return c, nil
	}
	// A stranger's token takes no writer's turn.
	if err := d.read(ctx, func(t *tx) error { return t.knows(token) }); err != nil {
		return nil, err
	}
	renewed := false
	err := d.db.Write(ctx, func(t *sqlitedb.Tx) (err error) {
		x := &tx{Tx: t, now: now.UnixMilli()}
		var seen int64
		c, seen, err = x.caller(token)
		renewed = x.replaced
		if err != nil || x.now-seen < awayFor.Milliseconds() {
			return err
		}
		return x.signIn(c, call)
	})
	if err != nil {
		return nil, err
	}
	if renewed {
		d.callers.forget()
	}
	c.seen = now
	d.callers.put(token, c, generation)
	return c, nil
}

// signIn leaves a line about somebody who comes after a long time.
func (t *tx) signIn(c *Caller, call string) error {
	t.by = c.By(call)
	if c.Token != nil {
		return t.log(SignedIn, c.TokenID, "a program signed in")
	}
	return t.log(SignedIn, c.DeviceID, "a device signed in")
}

// ended reports whether a token has come to its end.
func (c *Caller) ended(now time.Time) bool {
	return c.Token != nil && now.UnixMilli() >= c.Token.GetUntil()
}

func (t *tx) knows(token Hash) error {
	var known bool
	err := t.QueryRow(`
		SELECT EXISTS (SELECT 1 FROM devices WHERE token = $1 OR next_token = $1)
			OR EXISTS (SELECT 1 FROM tokens WHERE token = $1)`, token[:]).Scan(&known)
	if err == nil && !known {
		return errUnknown
	}
	return err
}

// caller says whose token it is, and when they were seen before, 0 for never.
func (t *tx) caller(token Hash) (_ *Caller, seen int64, err error) {
	var id []byte
	var next bool
	ok, err := t.one(`
		SELECT id, next_token IS $1, last_seen
		FROM devices
		WHERE token = $1 OR next_token = $1`, []any{token[:]}, &id, &next, &seen)
	if err != nil {
		return nil, 0, err
	}
	if !ok {
		return t.integrator(token)
	}
	if next { // it has arrived: the old one is no longer good
		t.replaced = true
		if _, err := t.Exec(`
			UPDATE devices
			SET token = next_token, next_token = NULL
			WHERE id = $1`, id); err != nil {
			return nil, 0, err
		}
	}
	if _, err := t.Exec(`
		UPDATE devices
		SET last_seen = $2
		WHERE id = $1`, id, t.now); err != nil {
		return nil, 0, err
	}
	c, err := t.owner(record.ID(id))
	if err != nil {
		return nil, 0, err
	}
	if c.ShutOut() {
		return nil, 0, errUnknown
	}
	return c, seen, nil
}

// owner is a device with its person.
func (t *tx) owner(device record.ID) (c *Caller, err error) {
	c = &Caller{DeviceID: device}
	if c.Device, err = t.device(device); err != nil {
		return nil, err
	}
	if c.PersonID, err = parseID(c.Device.GetPerson()); err != nil {
		return nil, err
	}
	c.Person, err = t.person(c.PersonID)
	return c, err
}

func (t *tx) integrator(token Hash) (_ *Caller, seen int64, err error) {
	var id, b []byte
	ok, err := t.one(`
		SELECT id, message, last_used
		FROM tokens
		WHERE token = $1`, []any{token[:]}, &id, &b, &seen)
	if err != nil || !ok {
		return nil, 0, or(err, errUnknown)
	}
	c := &Caller{TokenID: record.ID(id), Token: &daylightv1.Token{}}
	if err := proto.Unmarshal(b, c.Token); err != nil {
		return nil, 0, err
	}
	if t.now >= c.Token.GetUntil() {
		return nil, 0, errUnknown
	}
	_, err = t.Exec(`
		UPDATE tokens
		SET last_used = $2
		WHERE id = $1`, id, t.now)
	return c, seen, err
}
