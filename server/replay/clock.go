package replay

import (
	"sync/atomic"
	"time"

	"github.com/daylight-npm/daylight/internal/sample"
)

// Clock is what time it is in a history. It is for the Config of the store that the
// history is written into, and may be read from any goroutine.
type Clock struct{ ms atomic.Int64 }

// NewClock is a clock that shows when the history begins.
func NewClock(c sample.Config) *Clock {
	clock := &Clock{}
	clock.set(sample.Start(c))
	return clock
}

// Now is the present time.
func (c *Clock) Now() time.Time { return time.UnixMilli(c.ms.Load()).UTC() }

func (c *Clock) set(t time.Time) { c.ms.Store(max(c.ms.Load(), t.UnixMilli())) }
