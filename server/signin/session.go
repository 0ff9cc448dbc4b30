package signin

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
)

// How long sessions last.
const (
	// IdleFor is how long one lasts without a request.
	IdleFor = 15 * time.Minute
	// EndsAfter is how long one lasts in any case.
	EndsAfter = 12 * time.Hour
	// SetUpFor is how long whoever came by a first code has for setting up.
	SetUpFor = time.Hour
	// FreshFor is how long a proof of who sits there is fresh.
	FreshFor = 5 * time.Minute
	// touchEvery is how often the last request is written down.
	touchEvery = 20 * time.Second
	// mostSessions bounds those of one person; the oldest ends.
	mostSessions = 10
)

// Stage says how far a session has come.
type Stage int

// The stages, with their numbers in the database.
const (
	// Arrived: by a first-sign-in code, with no way to sign in yet.
	Arrived Stage = 1
	// SettingUp: has a way to sign in, and no recovery codes yet.
	SettingUp Stage = 2
	// Full: somebody who has signed in.
	Full Stage = 3
)

// Way is how somebody signed in, or proved last who they are.
type Way int

// The ways, with their numbers in the database.
const (
	ByCode       Way = 1 // a first-sign-in code
	Passkey      Way = 2
	Passphrase   Way = 3 // with a one-time code
	RecoveryCode Way = 4
)

// Session is somebody at a browser. It is a copy: what happens to the session later does
// not show in it.
type Session struct {
	// ID names it without giving it.
	ID       record.ID
	Person   *daylightv1.Person
	PersonID record.ID
	Stage    Stage
	Way      Way
	// Browser is of a fixed list, as "Firefox, Windows".
	Browser                   string
	Made, Seen, Until, Proved time.Time

	token []byte // its hash
	now   int64
}

// Fresh says whether it was proved just now who sits there, by more than a recovery code:
// exports, roles and keys ask for it.
func (s *Session) Fresh() bool { return s.Way != RecoveryCode && s.OwnFresh() }

// OwnFresh is Fresh for changing one's own ways to sign in, for which a recovery code is
// there.
func (s *Session) OwnFresh() bool {
	return s.Stage != Full || s.now-s.Proved.UnixMilli() < FreshFor.Milliseconds()
}

// By is the person as one who acts in the directory.
func (s *Session) By(call string) directory.By { return directory.By{Person: s.PersonID, Call: call} }

// EndedError is that a session has ended.
type EndedError struct {
	Why EndReason
	// Person was whose it was.
	Person record.ID
}

// EndReason is why a session has ended.
type EndReason string

// The reasons.
const (
	EndIdle    EndReason = "idle"
	EndOld     EndReason = "old"
	EndChanged EndReason = "changed" // what the person may do is another
)

// Error says why.
func (e *EndedError) Error() string { return "signin: the session has ended: " + string(e.Why) }

// ErrNobody is that a token is not that of a session, or not any more.
var ErrNobody = errors.New("signin: nobody is signed in")

// Entered is a session that has begun, or goes on under another token.
type Entered struct {
	Session *Session
	// Token is what the browser shows from now on.
	Token string
	// Browser is what this browser is known by later, see Visitor.
	Browser string
}

func (s *Signins) newToken() (string, error) {
	var b [32]byte
	err := s.fill(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:]), err
}

// tokenHash is nil for what is no token.
func tokenHash(token string) []byte {
	if b, err := base64.RawURLEncoding.DecodeString(token); err != nil || len(b) != 32 {
		return nil
	}
	return hashOf("session", token)
}

// rightsOf stands for what a person may do: another value ends the person's sessions.
func rightsOf(p *daylightv1.Person) ([]byte, error) {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(&daylightv1.Person{Grants: p.GetGrants(), Disabled: p.GetDisabled(), Body: p.GetBody()})
	return hashOf("rights", string(b)), err
}

// sessionRow reads the session of a token's hash; nil where there is none.
func (t *tx) sessionRow(token []byte) (s *Session, rights []byte, err error) {
	var id, person []byte
	var made, seen, until, proved int64
	s = &Session{token: token, now: t.now}
	ok, err := t.one(`
		SELECT id, person, stage, way, made_at, seen_at, until, proved_at, rights, browser
		FROM sessions
		WHERE token = $1`, []any{token}, &id, &person, &s.Stage, &s.Way, &made, &seen, &until, &proved, &rights, &s.Browser)
	if err != nil || !ok {
		return nil, nil, err
	}
	s.ID, s.PersonID = record.ID(id), record.ID(person)
	s.Made, s.Seen, s.Until, s.Proved = moment(made), moment(seen), moment(until), moment(proved)
	s.Person, err = directory.PersonIn(t.Tx, s.PersonID)
	return s, rights, err
}

// Authenticate says whose a token is. ErrNobody: nobody's. *EndedError: it was somebody's,
// and is told once.
func (s *Signins) Authenticate(ctx context.Context, token string) (out *Session, err error) {
	hash := tokenHash(token)
	if hash == nil {
		return nil, ErrNobody
	}
	var why EndReason
	touch := false
	err = s.read(ctx, func(t *tx) error {
		out, why, err = t.session(hash)
		touch = out != nil && t.now-out.Seen.UnixMilli() >= touchEvery.Milliseconds()
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case out == nil:
		return nil, ErrNobody
	case why != "":
		return nil, or(s.endFor(ctx, hash, why), &EndedError{why, out.PersonID})
	case touch:
		err = s.write(ctx, directory.By{}, func(t *tx) error {
			_, err := t.Exec(`UPDATE sessions SET seen_at = $2 WHERE token = $1 AND seen_at < $2`, hash, t.now)
			return err
		})
	}
	return out, err
}

// session is sessionRow with whether it has ended.
func (t *tx) session(token []byte) (*Session, EndReason, error) {
	s, rights, err := t.sessionRow(token)
	if err != nil || s == nil {
		return nil, "", err
	}
	now, err := rightsOf(s.Person)
	switch {
	case err != nil:
		return nil, "", err
	case s.Person.GetDisabled() || string(now) != string(rights):
		return s, EndChanged, nil
	case t.now >= s.Until.UnixMilli():
		return s, EndOld, nil
	case t.now-s.Seen.UnixMilli() >= IdleFor.Milliseconds():
		return s, EndIdle, nil
	}
	return s, "", nil
}

var endNotes = map[EndReason]string{
	EndIdle: "a session ended: nothing was done for 15 minutes", EndOld: "a session ended: its time was over", EndChanged: "a session ended: what the person may do was changed",
}

// endFor removes a session that has ended by itself.
func (s *Signins) endFor(ctx context.Context, token []byte, why EndReason) error {
	return s.write(ctx, directory.By{Call: "console"}, func(t *tx) error {
		old, _, err := t.sessionRow(token)
		if err != nil || old == nil {
			return err
		}
		t.by.Person = old.PersonID
		return or(t.drop(token), t.log(directory.SignedIn, old.ID, endNotes[why]))
	})
}

func (t *tx) drop(token []byte) error {
	_, err := t.Exec(`DELETE FROM sessions WHERE token = $1`, token)
	return err
}

// begin makes a session, in place of the one whose token the browser showed.
func (s *Signins) begin(t *tx, p *daylightv1.Person, stage Stage, way Way, v Visitor) (e Entered, err error) {
	e.Session = &Session{Person: p, Stage: stage, Way: way, Browser: browserOf(v.Agent), now: t.now,
		Made: moment(t.now), Seen: moment(t.now), Proved: moment(t.now), Until: moment(t.now + EndsAfter.Milliseconds())}
	if stage != Full {
		e.Session.Until = moment(t.now + SetUpFor.Milliseconds())
	}
	if e.Session.PersonID, err = record.ParseID(p.GetId()); err != nil {
		return e, err
	}
	if e.Session.ID, err = s.newID(); err != nil {
		return e, err
	}
	if e.Token, err = s.newToken(); err != nil {
		return e, err
	}
	rights, err := rightsOf(p)
	if err != nil {
		return e, err
	}
	if old := tokenHash(v.Session); old != nil {
		if err := t.drop(old); err != nil {
			return e, err
		}
	}
	o := e.Session
	o.token = tokenHash(e.Token)
	_, err = t.Exec(`
		INSERT INTO sessions (id, token, person, stage, way, made_at, seen_at, until, proved_at, rights, browser, offered)
		VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $6, $8, $9, x'')`,
		o.ID[:], o.token, o.PersonID[:], int(stage), int(way), t.now, o.Until.UnixMilli(), rights, o.Browser)
	if err == nil {
		_, err = t.Exec(`
			DELETE FROM sessions
			WHERE person = $1 AND number NOT IN (SELECT number FROM sessions WHERE person = $1 ORDER BY number DESC LIMIT $2)`, o.PersonID[:], mostSessions)
	}
	return e, err
}

// rotate lets a session go on under another token.
func (s *Signins) rotate(t *tx, o *Session, stage Stage, way Way) (e Entered, err error) {
	if e.Token, err = s.newToken(); err != nil {
		return e, err
	}
	until := o.Until.UnixMilli()
	if stage == Full && o.Stage != Full {
		until = t.now + EndsAfter.Milliseconds()
	}
	ok, err := t.changed(`
		UPDATE sessions
		SET token = $2, stage = $3, way = $4, proved_at = $5, seen_at = $5, until = $6, offered = x''
		WHERE token = $1`, o.token, tokenHash(e.Token), int(stage), int(way), t.now, until)
	if err != nil || !ok {
		return e, or(err, ErrNobody)
	}
	now := *o
	now.token, now.Stage, now.Way, now.Proved, now.Until, now.now = tokenHash(e.Token), stage, way, moment(t.now), moment(until), t.now
	e.Session = &now
	return e, nil
}

// SignOut ends the session itself.
func (s *Signins) SignOut(ctx context.Context, o *Session) error {
	return s.write(ctx, o.By("console sign-out"), func(t *tx) error {
		return or(t.drop(o.token), t.log(directory.SignedIn, o.ID, "a person signed out"))
	})
}

// Sessions are those of a person that have not ended, the last used first.
func (s *Signins) Sessions(ctx context.Context, person record.ID) (out []*Session, err error) {
	err = s.read(ctx, func(t *tx) error {
		out = nil
		var tokens [][]byte
		if err := t.Each(`
			SELECT token
			FROM sessions
			WHERE person = $1
			ORDER BY seen_at DESC, number DESC`, []any{person[:]}, func(scan func(...any) error) (bool, error) {
			var token []byte
			err := scan(&token)
			tokens = append(tokens, token)
			return true, err
		}); err != nil {
			return err
		}
		for _, token := range tokens {
			o, why, err := t.session(token)
			if err != nil {
				return err
			}
			if o != nil && why == "" {
				out = append(out, o)
			}
		}
		return nil
	})
	return out, err
}

// End ends one of a person's own sessions; the zero id all but the one that asks.
func (s *Signins) End(ctx context.Context, o *Session, id record.ID) error {
	return s.write(ctx, o.By("console account"), func(t *tx) error {
		note, text := "a session was ended", `DELETE FROM sessions WHERE person = $1 AND token <> $2 AND id = $3`
		args := []any{o.PersonID[:], o.token, id[:]}
		if id == (record.ID{}) {
			note, text, args = "all other sessions were ended", `DELETE FROM sessions WHERE person = $1 AND token <> $2`, args[:2]
		}
		ok, err := t.changed(text, args...)
		if err != nil || !ok {
			return err
		}
		return t.log(directory.SignedIn, id, note)
	})
}

// browserOf makes of what a browser calls itself a word of a fixed list.
func browserOf(agent string) string {
	first := func(of [][2]string) string {
		for _, p := range of {
			if strings.Contains(agent, p[0]) {
				return p[1]
			}
		}
		return ""
	}
	name := first([][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Firefox", "Firefox"}, {"Chrom", "Chrome"}, {"Safari", "Safari"}})
	system := first([][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}})
	switch {
	case name == "":
		return system
	case system == "":
		return name
	}
	return name + ", " + system
}
