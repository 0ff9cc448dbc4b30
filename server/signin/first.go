package signin

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	"github.com/daylight-npm/daylight/server/directory"
)

// How long a first-sign-in code is good.
const (
	LeastFirst = 15 * time.Minute
	MostFirst  = 72 * time.Hour
)

// Issue makes a first-sign-in code for a person, in place of one that was out. Whoever uses
// it sets up how to sign in anew; until then everything stays as it is. lasts is brought
// within LeastFirst and MostFirst.
func (s *Signins) Issue(ctx context.Context, person record.ID, lasts time.Duration, by directory.By) (code string, until time.Time, err error) {
	return s.issue(ctx, by, person, lasts, func(*tx) error { return nil })
}

// IssueNew is Issue for whoever has no way to sign in yet, as an administrator at the
// office's pages: nobody alone may let another in who has. ErrSetUp for those, ErrNotProved
// where it was not proved just now who asks.
func (s *Signins) IssueNew(ctx context.Context, o *Session, person record.ID, lasts time.Duration) (code string, until time.Time, err error) {
	if !o.Fresh() {
		return "", until, ErrNotProved
	}
	return s.issue(ctx, o.By("console people"), person, lasts, func(t *tx) error {
		w, err := t.ways(person)
		if err == nil && (w.Passphrase || len(w.Passkeys) > 0) {
			err = ErrSetUp
		}
		return err
	})
}

func (s *Signins) issue(ctx context.Context, by directory.By, person record.ID, lasts time.Duration, look func(*tx) error) (code string, until time.Time, err error) {
	if code, err = s.newCode(); err != nil {
		return "", until, err
	}
	err = s.write(ctx, by, func(t *tx) error {
		if err := look(t); err != nil {
			return err
		}
		p, err := directory.PersonIn(t.Tx, person)
		switch {
		case err != nil:
			return err
		case p == nil:
			return rpcerr.E(rpcerr.NotFound, "there is nobody with this id in the directory", "Look with daylightd user list.", ErrGone)
		case p.GetDisabled():
			return rpcerr.E(rpcerr.Conflict, "this person is disabled and may do nothing", "Enable the person first.", ErrGone)
		}
		until = moment(t.now + min(max(lasts, LeastFirst), MostFirst).Milliseconds())
		return or(t.putFirst(person, firstHash(code), until.UnixMilli()), t.log(directory.Changed, person, "a first-sign-in code was made"))
	})
	return code, until, err
}

// putFirst keeps a code; a person has one at a time.
func (t *tx) putFirst(person record.ID, hash []byte, until int64) error {
	if _, err := t.Exec(`DELETE FROM first_codes WHERE person = $1 OR until < $2`, person[:], t.now-MostFirst.Milliseconds()); err != nil {
		return err
	}
	_, err := t.Exec(`
		INSERT INTO first_codes (person, hash, until, used_at)
		VALUES ($1, $2, $3, 0)`, person[:], hash, until)
	return err
}

// Enter exchanges a first-sign-in code for a session that sets up how its person signs in.
// ErrCode for one that is wrong, late or used; *WaitError after too many of those.
func (s *Signins) Enter(ctx context.Context, v Visitor, code string) (out Entered, err error) {
	counters, err := s.try(ctx, func(*tx) ([]counter, error) {
		return []counter{{hashOf("code", place(v.Address)), freeOwn, mostOwn}}, nil
	})
	if err != nil {
		return out, err
	}
	err = s.write(ctx, directory.By{Call: "console welcome"}, func(t *tx) error {
		var number int64
		var person []byte
		ok, err := t.one(`
			SELECT number, person
			FROM first_codes
			WHERE hash = $1 AND used_at = 0 AND until > $2`, []any{firstHash(code), t.now}, &number, &person)
		if err != nil || !ok {
			return or(err, ErrCode)
		}
		p, err := directory.PersonIn(t.Tx, record.ID(person))
		if err != nil || p == nil || p.GetDisabled() {
			return or(err, ErrCode)
		}
		if _, err := t.Exec(`UPDATE first_codes SET used_at = $2 WHERE number = $1`, number, t.now); err != nil {
			return err
		}
		if out, err = s.begin(t, p, Arrived, ByCode, v); err != nil {
			return err
		}
		t.by.Person = out.Session.PersonID
		return or(t.settle(counters), t.log(directory.SignedIn, out.Session.ID, "a first-sign-in code was used"))
	})
	if err == ErrCode {
		err = or(s.strangerRefused(ctx, "console welcome"), err)
	}
	return out, err
}

// strangerRefused leaves at most one line a minute: strangers must not fill the disk.
func (s *Signins) strangerRefused(ctx context.Context, call string) error {
	return s.write(ctx, directory.By{Call: call}, func(t *tx) error {
		var last int64
		if err := t.QueryRow(`
			SELECT coalesce(max(at), 0)
			FROM (SELECT at, kind FROM accesses ORDER BY number DESC LIMIT 20)
			WHERE kind = $1`, int64(directory.BadCode)).Scan(&last); err != nil {
			return err
		}
		if t.now-last < time.Minute.Milliseconds() {
			return nil
		}
		return t.log(directory.BadCode, record.ID{}, "a stranger could not sign in")
	})
}

// account is a row of sign_ins.
type account struct {
	person     record.ID
	name       string
	handle     []byte
	passphrase string
	otp        []byte
	otpStep    int64
	lastAt     int64
}

// account reads one by a column that names it; nil where there is none.
func (t *tx) accountBy(column string, value any) (*account, error) {
	text := map[string]string{
		"person": `
		SELECT person, name, handle, passphrase, otp, otp_step, last_at
		FROM sign_ins
		WHERE person = $1`,
		"folded": `
		SELECT person, name, handle, passphrase, otp, otp_step, last_at
		FROM sign_ins
		WHERE folded = $1`,
		"handle": `
		SELECT person, name, handle, passphrase, otp, otp_step, last_at
		FROM sign_ins
		WHERE handle = $1`,
	}[column]
	a := &account{}
	var person []byte
	ok, err := t.one(text, []any{value}, &person, &a.name, &a.handle, &a.passphrase, &a.otp, &a.otpStep, &a.lastAt)
	if err != nil || !ok {
		return nil, err
	}
	a.person = record.ID(person)
	return a, nil
}

// squeezedSpaces has one space between words, and none around them.
func squeezedSpaces(s string) string { return strings.Join(strings.Fields(s), " ") }

// named makes sure that a session's person has an account. While somebody sets up, it gets
// the name given.
func (s *Signins) named(t *tx, o *Session, name string) (*account, error) {
	if o.Stage == Full || o.Stage == SettingUp && name == "" {
		a, err := t.accountBy("person", o.PersonID[:])
		if err != nil || a == nil {
			return nil, or(err, ErrGone)
		}
		return a, nil
	}
	name = squeezedSpaces(name)
	if name == "" || utf8.RuneCountInString(name) > 200 || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return nil, ErrName
	}
	other, err := t.accountBy("folded", folded(name))
	if err != nil || other != nil && other.person != o.PersonID {
		return nil, or(err, ErrTaken)
	}
	return s.putAccount(t, o.PersonID, name)
}

// clear drops every way of a person to sign in, and all sessions but one.
func (t *tx) clear(person record.ID, but []byte) error {
	if err := t.all([]any{person[:]}, `DELETE FROM passkeys WHERE person = $1`, `DELETE FROM recovery_codes WHERE person = $1`,
		`UPDATE sign_ins SET passphrase = '', otp = x'', otp_step = 0 WHERE person = $1`); err != nil {
		return err
	}
	_, err := t.Exec(`DELETE FROM sessions WHERE person = $1 AND token <> $2`, person[:], but)
	return err
}

func (s *Signins) putAccount(t *tx, person record.ID, name string) (*account, error) {
	handle := make([]byte, 32)
	if err := s.fill(handle); err != nil {
		return nil, err
	}
	if _, err := t.Exec(`
		INSERT INTO sign_ins (person, name, folded, handle, passphrase, otp, otp_step, last_at)
		VALUES ($1, $2, $3, $4, '', x'', 0, 0)
		ON CONFLICT (person) DO UPDATE SET name = excluded.name, folded = excluded.folded`, person[:], name, folded(name), handle); err != nil {
		return nil, err
	}
	return t.accountBy("person", person[:])
}

// anew drops what there was before, where the session came by a first code and gets its
// first way now: that is what such a code is for.
func (t *tx) anew(o *Session) error {
	if o.Stage != Arrived {
		return nil
	}
	return t.clear(o.PersonID, o.token)
}

// reached moves a session on once its person has a way to sign in.
func (t *tx) reached(o *Session) error {
	if o.Stage != Arrived {
		return nil
	}
	_, err := t.Exec(`UPDATE sessions SET stage = $2 WHERE token = $1 AND stage = $3`, o.token, int(SettingUp), int(Arrived))
	return err
}

// alive makes sure that a session has not been ended since it was read.
func (t *tx) alive(o *Session) error {
	var stage Stage
	ok, err := t.one(`SELECT stage FROM sessions WHERE token = $1`, []any{o.token}, &stage)
	if err != nil || !ok {
		return or(err, ErrNobody)
	}
	o.Stage = stage
	return nil
}

// own begins what a session changes of its person's ways: it needs a fresh proof.
func (s *Signins) own(ctx context.Context, o *Session, do func(*tx) error) error {
	if !o.OwnFresh() {
		return ErrNotProved
	}
	call := "console account"
	if o.Stage != Full {
		call = "console welcome"
	}
	return s.write(ctx, o.By(call), func(t *tx) error { return or(t.alive(o), do(t)) })
}

// changedOwn is the kind of line about one's own ways to sign in.
const changedOwn = directory.Changed
