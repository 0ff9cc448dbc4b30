package clientsync

import (
	"net/http"
	"sync"
	"time"

	"github.com/daylight-npm/daylight/internal/rpcerr"
)

// What a person looks at before leaving for a place without a network, besides Dossier,
// Terms, Checklists and Readers.

// FreeSpace says how many bytes may still be written where the folder lies. It can be
// asked while the folder is locked.
func (c *Client) FreeSpace() (int64, error) {
	n, err := freeSpace(c.config.Dir)
	if err != nil {
		return 0, rpcerr.E(Unavailable, "this device does not say how much space is free", "Look in its settings.", err)
	}
	return n, nil
}

// ClockOffset says how far this device's clock is ahead of the office's, to about a
// second; what is negative is behind. It is what the newest answer of a sync told since
// the folder was opened; false: none has.
func (c *Client) ClockOffset() (time.Duration, bool) {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	return c.clock.offset, c.clock.known
}

// officeClock is what answers told of the office's clock.
type officeClock struct {
	mu     sync.Mutex
	offset time.Duration
	known  bool
}

// hear compares the clocks. The date of an answer is of the second in which it began, and
// the answer travelled: half of that second is a guess as good as any.
func (o *officeClock) hear(date string, now time.Time) {
	at, err := http.ParseTime(date)
	if err != nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.offset, o.known = now.Sub(at.Add(time.Second/2)), true
}
