package journal

import (
	"time"

	"github.com/daylight-npm/daylight/internal/fold"
)

// ClockAhead is how far a time may be ahead of the clock of whoever judges it. A
// time beyond it is suspect: kept, but never shown before one that is not, and
// never followed.
const ClockAhead = 10 * time.Minute

// counterBits are the bits of a fold.Time below its milliseconds.
const counterBits = 16

// maxMS leaves the clock room to count on from any wall clock: the year 6429.
const maxMS = 1<<47 - 1

// At is the first time within the millisecond ms since 1970 UTC. Milliseconds
// that no fold.Time can say are brought to the nearest that can.
func At(ms int64) fold.Time {
	return fold.Time(min(max(ms, 0), maxMS)) << counterBits
}

// MS is the time in milliseconds since 1970 UTC, without its counter.
func MS(t fold.Time) int64 { return int64(t >> counterBits) }

// Ahead reports whether t is suspect to somebody whose clock says nowMS.
func Ahead(t fold.Time, nowMS int64) bool { return MS(t) > MS(bound(nowMS)) }

// bound is the first time within the last millisecond that is not suspect.
func bound(nowMS int64) fold.Time {
	return At(min(nowMS, maxMS) + ClockAhead.Milliseconds())
}

// Clock is one writer's hybrid logical clock. The zero Clock is ready; its owner
// stores Last with each change and starts from it again.
type Clock struct {
	// Last is the greatest time given or observed.
	Last fold.Time
}

// Next is the time of a new change: not before the wall clock, and after every
// time given or observed, whatever the wall clock does. A full counter carries
// into the milliseconds.
func (c *Clock) Next(nowMS int64) fold.Time {
	c.Last = max(c.Last+1, At(nowMS))
	return c.Last
}

// Observe takes note of another writer's time, so that what is written next is
// later than what its author had on screen. A suspect time is not followed, not
// even part of the way: one device's wrong clock must not become everybody's.
func (c *Clock) Observe(t fold.Time, nowMS int64) {
	if !Ahead(t, nowMS) {
		c.Last = max(c.Last, t)
	}
}
