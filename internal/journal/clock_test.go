package journal

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/fold"
)

// drawNow is a wall clock that may say anything.
func drawNow(t *rapid.T) int64 {
	near := rapid.Int64Range(1_700_000_000_000, 1_700_000_000_003)
	return rapid.OneOf(near, rapid.Int64()).Draw(t, "now")
}

func TestClockGrowsUnderWildClocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c Clock
		t.Repeat(map[string]func(*rapid.T){
			"next": func(t *rapid.T) {
				last, now := c.Last, drawNow(t)
				got := c.Next(now)
				if got <= last || got != c.Last {
					t.Fatalf("%d after %d", got, last)
				}
				if now <= maxMS && MS(got) < now {
					t.Fatalf("%d is before the wall clock, %d", MS(got), now)
				}
			},
			"observe": func(t *rapid.T) {
				last, now := c.Last, drawNow(t)
				seen := fold.Time(rapid.OneOf(rapid.Uint64(), rapid.Just(uint64(bound(now))),
					rapid.Just(uint64(bound(now)+1<<counterBits))).Draw(t, "seen"))
				c.Observe(seen, now)
				if c.Last < last {
					t.Fatal("it went back")
				}
				if c.Last > last && (c.Last != seen || Ahead(c.Last, now)) {
					t.Fatalf("it follows %d to %d at %d", seen, c.Last, now)
				}
				if !Ahead(seen, now) && c.Last < seen {
					t.Fatal("it takes no note")
				}
			},
		})
	})
}

func TestClockCarriesAFullCounter(t *testing.T) {
	c := Clock{Last: At(1000) + 0xffff}
	if got := c.Next(1000); got != At(1001) {
		t.Errorf("got %#x", got)
	}
	if got := c.Next(1002); got != At(1002) {
		t.Errorf("a later wall clock starts the counter again: got %#x", got)
	}
	if got := c.Next(5); got != At(1002)+1 {
		t.Errorf("an earlier wall clock counts on: got %#x", got)
	}
}

func TestClockFollowsNoSuspectTime(t *testing.T) {
	const now = 1_700_000_000_000
	limit := int64(now) + ClockAhead.Milliseconds()
	c := Clock{Last: At(now)}
	c.Observe(At(limit+1), now)
	if c.Last != At(now) {
		t.Errorf("it followed a suspect time to %d", MS(c.Last))
	}
	c.Observe(At(limit)+5, now)
	if c.Last != At(limit)+5 {
		t.Errorf("it did not follow to the bound, got %d", MS(c.Last))
	}
	c.Observe(At(now), now)
	if c.Last != At(limit)+5 {
		t.Error("it went back")
	}
}

func TestTimeKeepsWithinWhatItCanSay(t *testing.T) {
	for _, tt := range []struct{ ms, want int64 }{
		{0, 0}, {-1, 0}, {math.MinInt64, 0}, {1_700_000_000_000, 1_700_000_000_000},
		{maxMS, maxMS}, {maxMS + 1, maxMS}, {math.MaxInt64, maxMS},
	} {
		if got := MS(At(tt.ms)); got != tt.want {
			t.Errorf("%d: got %d, want %d", tt.ms, got, tt.want)
		}
	}
	if Ahead(At(maxMS), math.MaxInt64) || !Ahead(math.MaxUint64, 0) {
		t.Error("the ends are judged wrong")
	}
}
