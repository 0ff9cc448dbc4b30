package signin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
)

// Config says where accounts are kept. DB and Key are needed.
type Config struct {
	// DB is the office's open database, whose tables are there.
	DB *sqlitedb.DB
	// Key seals what has to be read back, see LoadKey.
	Key Key
	// Now and Random replace the clock and the source of secrets in tests; nil: the system's.
	Now    func() time.Time
	Random io.Reader
	// Cost is that of a new passphrase's hash; the zero Cost means the usual.
	Cost Cost
}

// Signins are the accounts of one office. The methods may be called from any goroutine.
type Signins struct {
	db      *sqlitedb.DB
	key     Key
	now     func() time.Time
	cost    Cost
	hashing chan struct{} // bounds the hashes at a time: each takes memory
	dummy   string        // what is compared where there is no account

	ceremonies ceremonies

	mu     sync.Mutex // guards random
	random io.Reader
}

// New gives the accounts of an office's open database.
func New(c Config) (*Signins, error) {
	s := &Signins{db: c.DB, key: c.Key, now: c.Now, cost: c.Cost, random: c.Random, hashing: make(chan struct{}, 2)}
	if s.now == nil {
		s.now = time.Now
	}
	if s.random == nil {
		s.random = rand.Reader
	}
	if s.cost == (Cost{}) {
		s.cost = usualCost
	}
	if err := s.fill(s.ceremonies.key[:]); err != nil {
		return nil, err
	}
	var err error
	s.dummy, err = s.hash(context.Background(), "nobody has this passphrase")
	return s, err
}

// What can be wrong. None tells more than who asks may know.
var (
	// ErrWrong: the name, passphrase, code or passkey does not sign anybody in.
	ErrWrong = errors.New("signin: that does not sign anybody in")
	// ErrCode: a first-sign-in or recovery code that is not good, whyever.
	ErrCode = errors.New("signin: the code is not good")
	// ErrNotProved: what was asked needs a fresh proof of who sits there.
	ErrNotProved = errors.New("signin: it has to be proved again who this is")
	// ErrTaken: another account has this name.
	ErrTaken = errors.New("signin: another account has this name")
	// ErrName: nothing that could be a name.
	ErrName = errors.New("signin: that is no name to sign in with")
	// ErrLast: the only way to sign in is not taken away.
	ErrLast = errors.New("signin: this is the only way to sign in")
	// ErrSame: a second person is needed, and this is the first, or whom it is about.
	ErrSame = errors.New("signin: a second person is needed")
	// ErrSetUp: the person can sign in already; two people together let them set up anew.
	ErrSetUp = errors.New("signin: this person can sign in already")
	// ErrGone: there is no such thing, or not any more.
	ErrGone = errors.New("signin: there is no such thing any more")
	// ErrMany: there are as many as may be.
	ErrMany = errors.New("signin: there are too many already")
)

// WaitError is that the next try has to wait.
type WaitError struct{ For time.Duration }

// Error says how long.
func (e *WaitError) Error() string {
	return fmt.Sprintf("signin: the next try has to wait for %s", e.For)
}

// tx is one transaction, with the time that it carries and who acts.
type tx struct {
	*sqlitedb.Tx
	now int64 // milliseconds since 1970 UTC
	by  directory.By
}

func (s *Signins) write(ctx context.Context, by directory.By, do func(*tx) error) error {
	return s.db.Write(ctx, func(t *sqlitedb.Tx) error { return do(&tx{t, s.now().UnixMilli(), by}) })
}

func (s *Signins) read(ctx context.Context, do func(*tx) error) error {
	return s.db.Read(ctx, func(t *sqlitedb.Tx) error { return do(&tx{t, s.now().UnixMilli(), directory.By{}}) })
}

// log adds a line of fixed words to the access log.
func (t *tx) log(kind daylightv1.AccessKind, subject record.ID, note string) error {
	return directory.Line(t.Tx, t.now, t.by, kind, subject, note)
}

// one scans the only row of a query; false when there is none.
func (t *tx) one(text string, args []any, dest ...any) (bool, error) {
	err := t.QueryRow(text, args...).Scan(dest...)
	if err == sql.ErrNoRows {
		return false, nil
	}
	return err == nil, err
}

// changed runs a statement and says whether it changed anything.
func (t *tx) changed(text string, args ...any) (bool, error) {
	done, err := t.Exec(text, args...)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n > 0, err
}

// all runs statements with the same arguments.
func (t *tx) all(args []any, texts ...string) error {
	for _, text := range texts {
		if _, err := t.Exec(text, args...); err != nil {
			return err
		}
	}
	return nil
}

func (s *Signins) fill(b []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := io.ReadFull(s.random, b)
	return err
}

// newID makes a random UUID (version 4).
func (s *Signins) newID() (id record.ID, err error) {
	err = s.fill(id[:])
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return id, err
}

// hashOf is what is kept of a secret; the parts are told apart by their lengths.
func hashOf(parts ...string) []byte {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return h.Sum(nil)
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

func unless(ok bool, err error) error {
	if ok {
		return nil
	}
	return err
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
