package signin

import (
	"context"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/directory"
)

// Ways are how a person can sign in.
type Ways struct {
	// Name is what the person signs in with; empty: never set up.
	Name     string
	Passkeys []NamedKey
	// Passphrase: with one-time codes.
	Passphrase bool
	// Codes is how many recovery codes are left.
	Codes int
	// Last is when the person signed in last.
	Last time.Time
}

// NamedKey is a passkey as its person knows it.
type NamedKey struct {
	ID         record.ID
	Name       string
	Made, Last time.Time
}

// Ways gives those of a person.
func (s *Signins) Ways(ctx context.Context, person record.ID) (w Ways, err error) {
	err = s.read(ctx, func(t *tx) error {
		w, err = t.ways(person)
		return err
	})
	return w, err
}

func (t *tx) ways(person record.ID) (w Ways, err error) {
	a, err := t.accountBy("person", person[:])
	if err != nil || a == nil {
		return w, err
	}
	w = Ways{Name: a.name, Passphrase: a.passphrase != "", Last: moment(a.lastAt)}
	if err := t.QueryRow(`SELECT count(*) FROM recovery_codes WHERE person = $1 AND used_at = 0`, person[:]).Scan(&w.Codes); err != nil {
		return w, err
	}
	return w, t.Each(`
		SELECT id, name, made_at, last_at
		FROM passkeys
		WHERE person = $1
		ORDER BY number`, []any{person[:]}, func(scan func(...any) error) (bool, error) {
		var id []byte
		var k NamedKey
		var made, last int64
		if err := scan(&id, &k.Name, &made, &last); err != nil {
			return false, err
		}
		k.ID, k.Made, k.Last = record.ID(id), moment(made), moment(last)
		w.Passkeys = append(w.Passkeys, k)
		return true, nil
	})
}

// Offer gives the secret of one-time codes that the session is offered, the same until one
// is taken; office and name are what the app will show beside it.
func (s *Signins) Offer(ctx context.Context, o *Session, office, name string) (out Offer, err error) {
	err = s.own(ctx, o, func(t *tx) error {
		var sealed []byte
		if _, err := t.one(`SELECT offered FROM sessions WHERE token = $1`, []any{o.token}, &sealed); err != nil {
			return err
		}
		secret := s.open(o.PersonID, sealed)
		if secret == nil {
			secret = make([]byte, otpSecret)
			if err := s.fill(secret); err != nil {
				return err
			}
			if sealed, err = s.seal(o.PersonID, secret); err != nil {
				return err
			}
			if _, err := t.Exec(`UPDATE sessions SET offered = $2 WHERE token = $1`, o.token, sealed); err != nil {
				return err
			}
		}
		out = offerOf(secret, office, name)
		return nil
	})
	return out, err
}

// SetPassphrase lets the person sign in with a passphrase and one-time codes of the secret
// that was offered, of which code is one. name is for whoever sets up. All other sessions of
// the person end. *WeakError, ErrWrong for the code, ErrName, ErrTaken, ErrNotProved.
func (s *Signins) SetPassphrase(ctx context.Context, o *Session, name, passphrase, code string) error {
	if err := CheckPassphrase(passphrase, name, o.Person.GetName()); err != nil {
		return err
	}
	hash, err := s.hash(ctx, passphrase)
	if err != nil {
		return err
	}
	return s.own(ctx, o, func(t *tx) error {
		var sealed []byte
		if _, err := t.one(`SELECT offered FROM sessions WHERE token = $1`, []any{o.token}, &sealed); err != nil {
			return err
		}
		step, ok := stepOf(s.open(o.PersonID, sealed), code, t.now, 0)
		if !ok {
			return ErrWrong
		}
		a, err := s.named(t, o, name)
		if err := or(err, t.anew(o)); err != nil {
			return err
		}
		if _, err := t.Exec(`UPDATE sign_ins SET passphrase = $2, otp = $3, otp_step = $4 WHERE person = $1`, a.person[:], hash, sealed, step); err != nil {
			return err
		}
		if err := t.all([]any{o.token}, `UPDATE sessions SET offered = x'' WHERE token = $1`); err != nil {
			return err
		}
		return or(t.othersEnd(o), t.reached(o), t.log(changedOwn, o.PersonID, "a passphrase and one-time codes were set"))
	})
}

// othersEnd ends every other session of a person whose ways to sign in have changed.
func (t *tx) othersEnd(o *Session) error {
	_, err := t.Exec(`DELETE FROM sessions WHERE person = $1 AND token <> $2`, o.PersonID[:], o.token)
	return err
}

// RemovePassphrase takes the way away. ErrLast where no passkey is there instead.
func (s *Signins) RemovePassphrase(ctx context.Context, o *Session) error {
	return s.own(ctx, o, func(t *tx) error {
		w, err := t.ways(o.PersonID)
		if err != nil || len(w.Passkeys) == 0 {
			return or(err, ErrLast)
		}
		if _, err := t.Exec(`UPDATE sign_ins SET passphrase = '', otp = x'', otp_step = 0 WHERE person = $1`, o.PersonID[:]); err != nil {
			return err
		}
		return t.log(changedOwn, o.PersonID, "a passphrase was removed")
	})
}

// mostCodes is how many recovery codes there are.
const mostCodes = 10

// NewCodes makes ten recovery codes, in place of those that there were. They are shown once.
// ErrGone while there is no way to sign in yet.
func (s *Signins) NewCodes(ctx context.Context, o *Session) (codes []string, err error) {
	for range mostCodes {
		code, err := s.newCode()
		if err != nil {
			return nil, err
		}
		codes = append(codes, code)
	}
	return codes, s.own(ctx, o, func(t *tx) error {
		if o.Stage == Arrived {
			return ErrGone
		}
		if _, err := t.Exec(`DELETE FROM recovery_codes WHERE person = $1`, o.PersonID[:]); err != nil {
			return err
		}
		for _, code := range codes {
			if _, err := t.Exec(`
				INSERT INTO recovery_codes (person, hash, used_at)
				VALUES ($1, $2, 0)`, o.PersonID[:], recoveryHash(o.PersonID, code)); err != nil {
				return err
			}
		}
		return t.log(changedOwn, o.PersonID, "new recovery codes were made")
	})
}

func recoveryHash(person record.ID, code string) []byte {
	return hashOf("recovery", string(person[:]), readCode(code))
}

// ConfirmCodes takes one of the codes as the sign that they are on paper; it stays good. A
// session that set up is then one that has signed in, under another token. ErrCode.
func (s *Signins) ConfirmCodes(ctx context.Context, o *Session, v Visitor, code string) (out Entered, err error) {
	out = Entered{Session: o}
	err = s.own(ctx, o, func(t *tx) error {
		var there bool
		if err := t.QueryRow(`SELECT EXISTS (SELECT 1 FROM recovery_codes WHERE person = $1 AND hash = $2 AND used_at = 0)`,
			o.PersonID[:], recoveryHash(o.PersonID, code)).Scan(&there); err != nil || !there {
			return or(err, ErrCode)
		}
		if o.Stage == Full {
			return nil
		}
		way, err := t.firstWay(o.PersonID)
		if err != nil {
			return err
		}
		if out, err = s.rotate(t, o, Full, way); err != nil {
			return err
		}
		return s.arrived(t, &out, v, "a person has set up how to sign in")
	})
	return out, err
}

// firstWay is the way that somebody has set up.
func (t *tx) firstWay(person record.ID) (Way, error) {
	w, err := t.ways(person)
	if len(w.Passkeys) > 0 {
		return Passkey, err
	}
	return Passphrase, err
}

// arrived notes that somebody has signed in, and from where.
func (s *Signins) arrived(t *tx, e *Entered, v Visitor, note string) (err error) {
	o := e.Session
	if tokenHash(v.Browser) == nil { // what a browser is known by looks like a token
		if v.Browser, err = s.newToken(); err != nil {
			return err
		}
	}
	e.Browser = v.Browser
	if _, err := t.Exec(`UPDATE sign_ins SET last_at = $2 WHERE person = $1`, o.PersonID[:], t.now); err != nil {
		return err
	}
	t.by.Person = o.PersonID
	return or(t.remember(o.PersonID, v), t.log(directory.SignedIn, o.ID, note))
}
