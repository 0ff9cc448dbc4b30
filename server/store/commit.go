package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/daylight-npm/daylight/internal/sqlitedb"
)

// maxGroup bounds how many pushes share one commit.
const maxGroup = 64

// job is a push or a save that waits for its commit.
type job struct {
	ctx  context.Context
	do   func(*ledger) error // may run twice, when the first commit failed
	done chan error          // takes one answer without blocking
}

// committer lets many jobs share one commit: while one is on its way to the disk,
// those that come wait and go together with the next. Each runs in a savepoint of
// its own, so that one that fails takes nothing of the others with it.
type committer struct {
	store *Store

	mu     sync.RWMutex // closed, against the sending to jobs
	closed bool
	jobs   chan *job
	idle   chan struct{} // closed when the last job is answered
}

func newCommitter(s *Store, waiting int) *committer {
	c := &committer{store: s, jobs: make(chan *job, waiting), idle: make(chan struct{})}
	go c.run()
	return c
}

// submit runs do within a shared transaction and returns after its commit. It
// does not wait in a queue that is full, and no longer than ctx; then the job may
// still be on its way, which the caller cannot tell from a lost answer.
func (c *committer) submit(ctx context.Context, do func(*ledger) error) error {
	j := &job{ctx: ctx, do: do, done: make(chan error, 1)}
	if err := c.enqueue(j); err != nil {
		return err
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *committer) enqueue(j *job) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.closed {
		return ErrClosed
	}
	select {
	case c.jobs <- j:
		return nil
	default:
		return ErrOverloaded
	}
}

// close answers what still waits with ErrClosed and returns when nothing is
// being written any more.
func (c *committer) close() {
	c.mu.Lock()
	if !c.closed {
		c.closed = true
		close(c.jobs)
	}
	c.mu.Unlock()
	<-c.idle
}

func (c *committer) isClosed() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.closed
}

func (c *committer) run() {
	defer close(c.idle)
	for j := range c.jobs {
		group := c.take(j)
		if c.isClosed() {
			answer(group, ErrClosed)
			continue
		}
		c.commit(group)
	}
}

// take adds those to j that wait as well.
func (c *committer) take(j *job) []*job {
	group := []*job{j}
	for len(group) < maxGroup {
		select {
		case next, ok := <-c.jobs:
			if !ok {
				return group
			}
			group = append(group, next)
		default:
			return group
		}
	}
	return group
}

func answer(group []*job, err error) {
	for _, j := range group {
		j.done <- err
	}
}

// commit writes a group and answers each job. When the transaction as a whole
// certainly failed, each is tried alone: what fills the disk, say, must not take
// the small ones with it.
func (c *committer) commit(group []*job) {
	errs := make([]error, len(group))
	err := c.store.write(context.Background(), func(l *ledger) error {
		return inGroup(l, group, errs)
	})
	if err != nil && err != errAllFailed && len(group) > 1 && !errors.Is(err, sqlitedb.ErrUnsure) {
		for _, j := range group {
			c.commit([]*job{j})
		}
		return
	}
	for i, j := range group {
		if errs[i] == nil {
			errs[i] = err
		}
		j.done <- errs[i]
	}
}

// inGroup runs the jobs one after another. Its error ends the whole transaction.
func inGroup(l *ledger, group []*job, errs []error) error {
	if len(group) == 1 {
		errs[0] = attempt(l, group[0])
		return errs[0]
	}
	saved := false
	for i, j := range group {
		var err error
		if errs[i], err = inSavepoint(l, j); err != nil {
			return err
		}
		saved = saved || errs[i] == nil
	}
	if !saved {
		return errAllFailed
	}
	return nil
}

// errAllFailed ends a transaction in which no job succeeded: each has its own
// error.
var errAllFailed = errors.New("nothing to commit")

// inSavepoint gives the job's own error, after which nothing of it is left, and
// one that ended the transaction.
func inSavepoint(l *ledger, j *job) (own, all error) {
	if _, err := l.Exec(`SAVEPOINT push`); err != nil {
		return nil, err
	}
	back := l.mark()
	if own = attempt(l, j); own != nil {
		back()
		if _, err := l.Exec(`ROLLBACK TO push`); err != nil {
			return own, errors.Join(own, err)
		}
	}
	_, all = l.Exec(`RELEASE push`)
	return own, all
}

// attempt runs a job unless its caller has gone. A panic is the job's own error:
// whoever waits must get an answer. What the panic says may be content.
func attempt(l *ledger, j *job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errPanic
			l.log.Error("a push or save panicked", "with", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
		}
	}()
	if err := j.ctx.Err(); err != nil {
		return err
	}
	return sqlitedb.Classify(j.do(l))
}

var errPanic = errors.New("a defect in the program stopped this push; nothing was saved")
