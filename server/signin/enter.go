package signin

import (
	"context"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
)

// ByPassphrase signs somebody in by name, passphrase and one-time code. ErrWrong says not
// which of them is wrong, and takes as long where there is no such account.
func (s *Signins) ByPassphrase(ctx context.Context, v Visitor, name, passphrase, code string) (Entered, error) {
	return s.byName(ctx, v, name, Passphrase, "a person signed in with a passphrase", func(a *account) (func(*tx) error, error) {
		return s.checkPassphrase(ctx, a, passphrase, code)
	})
}

// ByRecovery signs somebody in by name and a recovery code, which is used up.
func (s *Signins) ByRecovery(ctx context.Context, v Visitor, name, code string) (Entered, error) {
	return s.byName(ctx, v, name, RecoveryCode, "a person signed in with a recovery code", func(a *account) (func(*tx) error, error) {
		return func(t *tx) error { return t.useRecovery(a.person, code) }, nil
	})
}

func (t *tx) useRecovery(person record.ID, code string) error {
	ok, err := t.changed(`UPDATE recovery_codes SET used_at = $3 WHERE person = $1 AND hash = $2 AND used_at = 0`, person[:], recoveryHash(person, code), t.now)
	return or(err, unless(ok, ErrWrong))
}

// checkPassphrase compares, and gives what uses the one-time code up.
func (s *Signins) checkPassphrase(ctx context.Context, a *account, passphrase, code string) (func(*tx) error, error) {
	right, err := s.matches(ctx, a.passphrase, passphrase)
	if err != nil {
		return nil, err
	}
	step, ok := stepOf(s.open(a.person, a.otp), code, s.now().UnixMilli(), a.otpStep)
	if !right || !ok {
		return nil, ErrWrong
	}
	return func(t *tx) error { // the passphrase may have changed meanwhile, or the code been used
		ok, err := t.changed(`UPDATE sign_ins SET otp_step = $2 WHERE person = $1 AND otp_step < $2 AND passphrase = $3`, a.person[:], step, a.passphrase)
		return or(err, unless(ok, ErrWrong))
	}, nil
}

// byName counts the try, compares outside of any transaction, and begins the session with
// what was compared used up.
func (s *Signins) byName(ctx context.Context, v Visitor, name string, way Way, note string, check func(*account) (func(*tx) error, error)) (out Entered, err error) {
	var a *account
	counters, err := s.try(ctx, func(t *tx) ([]counter, error) {
		if a, err = t.accountBy("folded", folded(name)); err != nil {
			return nil, err
		}
		var person record.ID
		if a != nil {
			person = a.person
		}
		return t.countersOf(folded(name), person, v)
	})
	if err != nil {
		return out, err
	}
	there := a != nil
	if !there {
		a = &account{}
	}
	use, err := check(a)
	if err == nil && there {
		err = s.write(ctx, directory.By{Call: "console sign-in"}, func(t *tx) error {
			p, err := t.worker(a.person)
			if err != nil {
				return err
			}
			if err := or(use(t), t.settle(counters)); err != nil {
				return err
			}
			if out, err = s.begin(t, p, Full, way, v); err != nil {
				return err
			}
			return s.arrived(t, &out, v, note)
		})
	}
	if err == nil && !there {
		err = ErrWrong
	}
	if err == ErrWrong {
		return Entered{}, or(s.refused(ctx, a.person, "console sign-in"), err)
	}
	return out, err
}

// worker is a person who may come in.
func (t *tx) worker(id record.ID) (*daylightv1.Person, error) {
	p, err := directory.PersonIn(t.Tx, id)
	if err != nil || p == nil || p.GetDisabled() {
		return nil, or(err, ErrWrong)
	}
	return p, nil
}

// refused leaves a line about somebody who was not let in.
func (s *Signins) refused(ctx context.Context, person record.ID, call string) error {
	if person == (record.ID{}) {
		return s.strangerRefused(ctx, call)
	}
	return s.write(ctx, directory.By{Call: call}, func(t *tx) error { return t.log(directory.Denied, person, "a sign-in was refused") })
}

// Prove shows by passphrase and one-time code that whoever sits there is still the same
// person; the session goes on under another token. ErrWrong, *WaitError.
func (s *Signins) Prove(ctx context.Context, o *Session, v Visitor, passphrase, code string) (out Entered, err error) {
	var a *account
	counters, err := s.try(ctx, func(t *tx) ([]counter, error) {
		if a, err = t.accountBy("person", o.PersonID[:]); err != nil || a == nil {
			return nil, or(err, ErrGone)
		}
		return []counter{{hashOf("proof", string(o.PersonID[:])), freeOwn, mostOwn}}, nil
	})
	if err != nil {
		return out, err
	}
	use, err := s.checkPassphrase(ctx, a, passphrase, code)
	if err == nil {
		err = s.write(ctx, o.By("console confirm"), func(t *tx) error {
			if err := or(use(t), t.settle(counters)); err != nil {
				return err
			}
			return s.proved(t, o, &out, Passphrase)
		})
	}
	if err == ErrWrong {
		err = or(s.refused(ctx, o.PersonID, "console confirm"), err)
	}
	return out, err
}

func (s *Signins) proved(t *tx, o *Session, out *Entered, way Way) (err error) {
	if err := t.alive(o); err != nil {
		return err
	}
	if *out, err = s.rotate(t, o, o.Stage, way); err != nil {
		return err
	}
	return t.log(directory.SignedIn, o.ID, "a person proved again who they are")
}
