package clientsync

import (
	"context"
	"sync"
)

// turn is held by whoever syncs, enrols, makes or takes a bundle, locks or unlocks: one
// at a time, each with the keys until it is done.
type turn struct {
	held chan struct{} // has a value while somebody holds it

	mu     sync.Mutex
	wanted int                // by how many that lock
	hurry  int                // how many of these wait no longer
	cut    context.CancelFunc // ends what the holder does
}

func newTurn() *turn { return &turn{held: make(chan struct{}, 1)} }

// try takes it if nobody has it. The context ends when somebody who locks will not wait
// any longer; done gives the turn back.
func (t *turn) try(ctx context.Context) (_ context.Context, done func(), ok bool) {
	select {
	case t.held <- struct{}{}:
	default:
		return ctx, nil, false
	}
	ctx, cancel := context.WithCancel(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cut = cancel; t.hurry > 0 {
		cancel() // who hurries came between, and found nothing to cut
	}
	return ctx, func() {
		t.mu.Lock()
		t.cut = nil
		t.mu.Unlock()
		cancel()
		<-t.held
	}, true
}

// demand waits until whoever has it is done. Syncs stop at their next request; when ctx
// ends, what runs is cut off.
func (t *turn) demand(ctx context.Context) (done func()) {
	t.mu.Lock()
	t.wanted++
	t.mu.Unlock()
	defer func() {
		t.mu.Lock()
		t.wanted--
		t.mu.Unlock()
	}()
	select {
	case t.held <- struct{}{}:
	case <-ctx.Done():
		t.mu.Lock()
		t.hurry++
		if t.cut != nil {
			t.cut()
		}
		t.mu.Unlock()
		t.held <- struct{}{}
		t.mu.Lock()
		t.hurry--
		t.mu.Unlock()
	}
	return func() { <-t.held }
}

// isWanted reports whether somebody waits in order to lock.
func (t *turn) isWanted() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.wanted > 0
}
