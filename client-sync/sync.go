package clientsync

import (
	"context"
	"errors"
	"time"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
)

// SyncOptions are for SyncWith. The zero value is what Sync uses.
type SyncOptions struct {
	// OnProgress is called after each answer, from the goroutine that syncs.
	OnProgress func(Report)
	// Verify compares a digest of every record here with the office's when nothing
	// is left to send: Report.Verified says whether both hold the same bytes.
	Verify bool
}

// Report is what a sync has done, or has done so far.
type Report struct {
	// Pushed counts own changes that the office answered for, of ToPush that were
	// waiting when the sync began.
	Pushed, ToPush int
	// Passed counts changes of team-mates, which came in bundles, that the office answered
	// for, of ToPass: somebody else may have brought them. TurnedAway counts the devices
	// whose changes it did not take now; they are kept here.
	Passed, ToPass, TurnedAway int
	// Pulled counts the records that came.
	Pulled int
	// Refused counts changes that the office refused now, see Client.Refused.
	Refused int
	// Requests counts the calls, BytesUp and BytesDown the bodies as they travelled,
	// compressed.
	Requests           int
	BytesUp, BytesDown int64
	// Took is how long it took.
	Took time.Duration

	// Fault says why the office turned own changes away as a whole; they are kept
	// here. Empty when it did not.
	Fault string
	// Gap: the office asks for changes that are no longer here; it has to be told.
	Gap bool
	// Restored: the office was restored from a backup since the last sync, and what
	// it lacked was sent again.
	Restored bool
	// Copied: this folder is a copy of another device or an older state of itself;
	// it goes on under a new id. Nothing was lost.
	Copied bool
	// Readers is the version of a list of readers that came, 0 for none; ReadersRefused why
	// one that came was not taken: somebody else than the office's root key may have made
	// it.
	Readers        uint64
	ReadersRefused string
	// Verified is "same" or "different" after Verify, empty when nothing was
	// compared.
	Verified string
}

// Sync pushes what was written here and pulls what is now true. What is saved while
// it runs goes next time. Broken off at any moment, it has lost nothing, and the
// next one goes on where it stopped; the report says how far it came, also with an
// error. An error of code Unavailable means: try again later.
func (c *Client) Sync(ctx context.Context) (Report, error) { return c.SyncWith(ctx, SyncOptions{}) }

// SyncWith is Sync with options.
func (c *Client) SyncWith(ctx context.Context, o SyncOptions) (Report, error) {
	ctx, done, ok := c.turn.try(Quietly(ctx))
	if !ok {
		return Report{}, rpcerr.E(Unavailable, "a sync is running already", "Wait until it ends.", nil)
	}
	defer done()
	if !c.db.isOpen() {
		return Report{}, errLocked
	}
	if c.office == nil {
		return Report{}, rpcerr.E(Invalid, "no office is named to sync with; everything is kept here", "Enrol this device, or set the server's address.", nil)
	}
	began := c.config.Now()
	s := &syncing{Client: c, options: o}
	err := s.run(ctx)
	if !errors.Is(err, ErrLocked) { // else somebody waits, and unlocking does this as well
		err = errors.Join(err, s.sweep(ctx), s.tendSealed(ctx, s.report.Readers > 0))
	}
	s.report.Took = c.config.Now().Sub(began)
	return s.report, errors.Join(err, c.note(ctx, err))
}

// note keeps how the sync went, for Status.
func (c *Client) note(ctx context.Context, failed error) error {
	err := c.db.Write(context.WithoutCancel(ctx), func(b *localdb.Book) error {
		n, err := b.Note()
		if err != nil {
			return err
		}
		n.LastTry, n.Problem = c.config.Now().UnixMilli(), ""
		if failed != nil {
			n.Problem = failed.Error()
		} else {
			n.LastSync = n.LastTry
		}
		return b.PutNote(n)
	})
	c.watchers.tell()
	return explainDisk(err)
}

// syncing is one sync.
type syncing struct {
	*Client
	report  Report
	options SyncOptions

	// outbox is the newest entry that goes with it; until the same, or 0 once own
	// entries are no longer sent.
	outbox, until uint64
	// asked: the office was asked which changes of others it has; without are the writers
	// of whom it takes none now.
	asked   bool
	without []fold.WriterID
	// ahead is the call for the next page, nil for none.
	ahead *ahead

	// renewed: the office did not take the certificate, and gave another.
	renewed bool

	// last is how things stood after the answer before, and stuck how many answers
	// have changed nothing.
	last  standing
	stuck int
	// copied counts the answers by which this device is a copy.
	copied int
}

// standing is what an exchange that gets on changes.
type standing struct {
	cursor, epoch string
	writer        string
	unanswered    int
	others        int
	without       int
	vouched       bool
	round         uint64
}

// patienceWithOffice is how many answers may change nothing before we believe that
// the next one will not either.
const patienceWithOffice = 3

var errStuck = rpcerr.E(Internal, "the office and this device do not get on; everything is kept here", "Report it to the office.", nil)

var errLocking = rpcerr.E(Unavailable, "the sync has ended early, because the folder is locked; everything is kept here", "Unlock it and sync again.", ErrLocked)

func (s *syncing) run(ctx context.Context) error {
	defer s.dropAhead()
	if e := s.enrolment.Load(); e != nil && s.config.Now().UnixMilli() >= e.Renew {
		if err := s.renew(ctx); err != nil {
			return err
		}
	}
	if err := s.begin(ctx); err != nil {
		return explainDisk(err)
	}
	for {
		more, err := s.exchange(ctx)
		if err != nil && ctx.Err() != nil && s.turn.isWanted() {
			return errLocking // who locks did not wait
		}
		if err != nil {
			return err
		}
		if s.options.OnProgress != nil {
			s.options.OnProgress(s.report)
		}
		if !more {
			return nil
		}
		if s.turn.isWanted() {
			return errLocking
		}
		if s.stuck >= patienceWithOffice {
			return errStuck
		}
	}
}

// sweep leaves nothing in the folder of records that are no longer for this device.
// Where that cannot be now, because somebody reads or the disk is full, the next sync
// tries again, and so does opening the folder.
func (c *Client) sweep(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	var due bool
	err := c.db.Read(ctx, func(b *localdb.Book) error {
		n, err := b.Note()
		due = n.Unswept
		return err
	})
	if err != nil || !due {
		return explainDisk(err)
	}
	if err := c.db.Sweep(ctx); errors.Is(err, sqlitedb.ErrBusy) || errors.Is(err, sqlitedb.ErrFull) {
		c.config.Log.Warn("what is no longer for this device could not be swept out of its file yet", "error", err)
		return nil
	} else if err != nil {
		return explainDisk(err)
	}
	return explainDisk(c.db.Write(ctx, func(b *localdb.Book) error {
		n, err := b.Note()
		if err != nil {
			return err
		}
		n.Unswept = false
		return b.PutNote(n)
	}))
}

// begin closes the open change: the outbox is what it holds now.
func (s *syncing) begin(ctx context.Context) error {
	return s.db.Write(ctx, func(b *localdb.Book) error {
		d, err := exchange.NewDevice(b, s.env())
		if err != nil {
			return err
		}
		if s.outbox, err = d.Begin(); err != nil {
			return err
		}
		s.until = s.outbox
		self, err := b.Self()
		if err != nil {
			return err
		}
		s.last.writer = string(self.ID[:])
		s.report.ToPush, s.report.ToPass, err = b.CountUnanswered(s.until)
		return err
	})
}
