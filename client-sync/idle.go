package clientsync

import (
	"sync"
	"time"
)

// idle locks the folder when no person has done anything for a while.
type idle struct {
	// after is how long that is, 0 for never; lock is called in a goroutine of its own.
	after time.Duration
	lock  func()

	mu    sync.Mutex
	timer *time.Timer
}

func (i *idle) begin() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.after <= 0 {
		return
	}
	if i.timer != nil {
		i.timer.Stop()
	}
	i.timer = time.AfterFunc(i.after, i.lock)
}

// used puts it off.
func (i *idle) used() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.timer != nil {
		i.timer.Reset(i.after)
	}
}

func (i *idle) end() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.timer != nil {
		i.timer.Stop()
		i.timer = nil
	}
}
