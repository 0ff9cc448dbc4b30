package clientsync

import (
	"context"
	"sync"
)

// Watch gives a channel that has a value whenever something changed since it was
// last received from, however much that was: read again what is on the screen. It
// is closed when ctx ends or the client is closed. A slow reader holds nobody up.
func (c *Client) Watch(ctx context.Context) <-chan struct{} {
	ch := c.watchers.add()
	context.AfterFunc(ctx, func() { c.watchers.drop(ch) })
	return ch
}

// watchers are those who want to be told.
type watchers struct {
	mu     sync.Mutex
	all    map[chan struct{}]bool
	closed bool
}

func (w *watchers) add() chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := make(chan struct{}, 1)
	if w.closed {
		close(ch)
		return ch
	}
	if w.all == nil {
		w.all = map[chan struct{}]bool{}
	}
	w.all[ch] = true
	return ch
}

// tell leaves a value in every channel that has none.
func (w *watchers) tell() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for ch := range w.all {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

func (w *watchers) drop(ch chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all[ch] {
		delete(w.all, ch)
		close(ch)
	}
}

func (w *watchers) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for ch := range w.all {
		close(ch)
	}
	w.all, w.closed = nil, true
}
