package signin

import (
	"context"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
)

// Reset is that somebody's ways to sign in be dropped, as one administrator asked.
type Reset struct {
	ID                         record.ID
	Person, AskedBy, DecidedBy *daylightv1.Person // the last nil while it is open
	Reason                     Reason
	State                      ResetState
	Asked, Decided             time.Time
}

// Reason is why a reset is asked for.
type Reason int

// The reasons, with their numbers in the database.
const (
	LostDevice       Reason = 1
	ForgotPassphrase Reason = 2
	Misused          Reason = 3
	NeverSetUp       Reason = 4
)

// Reasons are all of them.
var Reasons = []Reason{LostDevice, ForgotPassphrase, Misused, NeverSetUp}

// ResetState is how far a reset has come.
type ResetState int

// The states, with their numbers in the database.
const (
	Open     ResetState = 0
	Approved ResetState = 1
	Refused  ResetState = 2
)

const (
	// ResetFor is how long a reset may wait for a second person.
	ResetFor = 72 * time.Hour
	// resetCodeFor is how long the code of an approved one is good.
	resetCodeFor = 24 * time.Hour
)

// ProposeReset asks that somebody's ways to sign in be dropped, and gives the first half of
// the code with which they will set up anew: it is shown once, and good for nothing alone.
// Whoever asks has proved just now who they are. ErrSame for oneself, ErrNotProved, ErrGone;
// a reset of the person that was open is given up.
func (s *Signins) ProposeReset(ctx context.Context, o *Session, person record.ID, why Reason) (half string, err error) {
	switch {
	case !o.Fresh() || o.Stage != Full:
		return "", ErrNotProved
	case o.PersonID == person:
		return "", ErrSame
	case why < LostDevice || why > NeverSetUp:
		return "", ErrGone
	}
	if half, err = s.newCode(); err != nil {
		return "", err
	}
	id, err := s.newID()
	if err != nil {
		return "", err
	}
	return half, s.write(ctx, o.By("console resets"), func(t *tx) error {
		p, err := directory.PersonIn(t.Tx, person)
		if err != nil || p == nil || p.GetDisabled() {
			return or(err, ErrGone)
		}
		if _, err := t.Exec(`UPDATE sign_in_resets SET state = $2, decided_by = $3, decided_at = $4 WHERE person = $1 AND state = 0`,
			person[:], int(Refused), o.PersonID[:], t.now); err != nil {
			return err
		}
		_, err = t.Exec(`
			INSERT INTO sign_in_resets (id, person, reason, first, asked_by, asked_at, state, decided_by, decided_at)
			VALUES ($1, $2, $3, $4, $5, $6, 0, x'', 0)`, id[:], person[:], int(why), firstHash(half), o.PersonID[:], t.now)
		return or(err, t.log(directory.Changed, person, "a reset of a sign-in was proposed"))
	})
}

// ApproveReset drops every way of the person to sign in and ends their sessions, and gives
// the second half of the code. ErrSame for whoever asked and whom it is about, ErrGone for
// one that is not open, ErrNotProved.
func (s *Signins) ApproveReset(ctx context.Context, o *Session, id record.ID) (half string, err error) {
	if half, err = s.newCode(); err != nil {
		return "", err
	}
	return half, s.decide(ctx, o, id, Approved, func(t *tx, person record.ID, first []byte) error {
		return or(t.clear(person, []byte{}), t.putFirst(person, joinedHash(first, half), t.now+resetCodeFor.Milliseconds()),
			t.log(directory.Changed, person, "a reset of a sign-in was approved"))
	})
}

// RefuseReset ends one; whoever asked may take it back so.
func (s *Signins) RefuseReset(ctx context.Context, o *Session, id record.ID) error {
	return s.decide(ctx, o, id, Refused, func(t *tx, person record.ID, _ []byte) error {
		return t.log(directory.Changed, person, "a reset of a sign-in was refused")
	})
}

func (s *Signins) decide(ctx context.Context, o *Session, id record.ID, to ResetState, do func(t *tx, person record.ID, first []byte) error) error {
	if !o.Fresh() || o.Stage != Full {
		return ErrNotProved
	}
	return s.write(ctx, o.By("console resets"), func(t *tx) error {
		var person, first, asked []byte
		ok, err := t.one(`
			SELECT person, first, asked_by
			FROM sign_in_resets
			WHERE id = $1 AND state = 0 AND asked_at > $2`, []any{id[:], t.now - ResetFor.Milliseconds()}, &person, &first, &asked)
		switch {
		case err != nil || !ok:
			return or(err, ErrGone)
		case to == Approved && record.ID(asked) == o.PersonID || record.ID(person) == o.PersonID:
			return ErrSame
		}
		if _, err := t.Exec(`UPDATE sign_in_resets SET state = $2, decided_by = $3, decided_at = $4 WHERE id = $1`,
			id[:], int(to), o.PersonID[:], t.now); err != nil {
			return err
		}
		return do(t, record.ID(person), first)
	})
}

// Resets are those that wait for a second person, the oldest first.
func (s *Signins) Resets(ctx context.Context) (out []Reset, err error) {
	err = s.read(ctx, func(t *tx) error {
		out, err = t.resets(`
			SELECT id, person, asked_by, decided_by, reason, state, asked_at, decided_at
			FROM sign_in_resets
			WHERE state = 0 AND asked_at > $1
			ORDER BY number`, t.now-ResetFor.Milliseconds())
		return err
	})
	return out, err
}

// Reset gives one that waits.
func (s *Signins) Reset(ctx context.Context, id record.ID) (out Reset, err error) {
	all, err := s.Resets(ctx)
	for _, r := range all {
		if r.ID == id {
			return r, err
		}
	}
	return out, or(err, ErrGone)
}

func (t *tx) resets(text string, args ...any) (out []Reset, err error) {
	var people [][3][]byte
	err = t.Each(text, args, func(scan func(...any) error) (bool, error) {
		var id []byte
		var who [3][]byte
		var asked, decided int64
		r := Reset{}
		if err := scan(&id, &who[0], &who[1], &who[2], &r.Reason, &r.State, &asked, &decided); err != nil {
			return false, err
		}
		r.ID, r.Asked, r.Decided = record.ID(id), moment(asked), moment(decided)
		out, people = append(out, r), append(people, who)
		return true, nil
	})
	for i := range out {
		for j, to := range []**daylightv1.Person{&out[i].Person, &out[i].AskedBy, &out[i].DecidedBy} {
			if len(people[i][j]) != len(record.ID{}) || err != nil {
				continue
			}
			*to, err = directory.PersonIn(t.Tx, record.ID(people[i][j]))
		}
	}
	return out, err
}

// Account is a person with how they can sign in, for the list of administrators.
type Account struct {
	Person *daylightv1.Person
	ID     record.ID
	Ways   Ways
}

// AccountsPage is how many accounts a page has.
const AccountsPage = 50

// Accounts gives a page of the people who are not disabled, see Find.
func (s *Signins) Accounts(ctx context.Context, words, after string) (out []Account, next string, err error) {
	return s.Find(ctx, AccountQuery{Words: words, After: after})
}

// Account gives one; ErrGone for nobody.
func (s *Signins) Account(ctx context.Context, id record.ID) (a Account, err error) {
	err = s.read(ctx, func(t *tx) error {
		p, err := directory.PersonIn(t.Tx, id)
		if err != nil || p == nil {
			return or(err, ErrGone)
		}
		a = Account{Person: p, ID: id}
		a.Ways, err = t.ways(id)
		return err
	})
	return a, err
}
