package fieldapp

import (
	"context"
	"errors"
	"sync"
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// sending is the sync that runs, or the last that ran in this run of the program. It goes
// on when the page that began it is closed, and ends with the lock.
type sending struct {
	mu     sync.Mutex
	cancel context.CancelFunc // nil: none runs
	begun  time.Time
	report clientsync.Report
	// first is when the first changes were answered for, and how many by then: what a link
	// takes to be opened says nothing of what it carries.
	first   time.Time
	firstN  int
	newest  time.Time
	failed  error
	ended   time.Time
	stopped bool
	// failures are how many in a row have failed by now; the lock and a person who stops one
	// do not count.
	failures int
}

func (s *sending) running() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cancel != nil
}

// start begins a sync, unless one runs.
func (s *sending) start(c *clientsync.Client, now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancel != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel, s.begun, s.report, s.failed, s.stopped = cancel, now(), clientsync.Report{}, nil, false
	s.first, s.newest, s.firstN, s.ended = time.Time{}, time.Time{}, 0, time.Time{}
	go func() {
		defer cancel()
		report, err := c.SyncWith(ctx, clientsync.SyncOptions{OnProgress: func(r clientsync.Report) { s.progress(r, now()) }})
		s.mu.Lock()
		defer s.mu.Unlock()
		s.cancel, s.report, s.failed, s.ended = nil, report, err, now()
		switch {
		case err == nil:
			s.failures = 0
		case !s.stopped && !errors.Is(err, clientsync.ErrLocked):
			s.failures++
		}
	}()
}

func (s *sending) progress(r clientsync.Report, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.report, s.newest = r, now
	if n := r.Pushed + r.Passed; n > 0 && s.first.IsZero() {
		s.first, s.firstN = now, n
	}
}

// stop ends it after the request that is under way. Nothing is lost.
func (s *sending) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancel != nil {
		s.stopped = true
		s.cancel()
	}
}

// progress is how far a sync is.
type progress struct {
	running, stopped bool
	report           clientsync.Report
	failed           error
	ended            time.Time
	failures         int
	// left is how long the changes that wait may still take, by how long those took that
	// the office answered for; 0: nothing can be said yet.
	left time.Duration
}

func (s *sending) now() progress {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := progress{running: s.cancel != nil, stopped: s.stopped, report: s.report, failed: s.failed, ended: s.ended, failures: s.failures}
	if p.running {
		p.left = leftOf(s.report.Pushed+s.report.Passed-s.firstN, s.report.ToPush+s.report.ToPass-s.report.Pushed-s.report.Passed, s.newest.Sub(s.first))
	}
	return p
}

// leftOf is how long the rest takes, when so many took so long; 0 where that says nothing.
func leftOf(done, rest int, took time.Duration) time.Duration {
	if done <= 0 || rest <= 0 || took < time.Second {
		return 0
	}
	return time.Duration(float64(took) / float64(done) * float64(rest))
}
