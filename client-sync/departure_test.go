package clientsync

import (
	"net/http"
	"testing"
	"time"
)

func TestTheOfficesClockIsHeard(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	var o officeClock
	o.hear("yesterday", now)
	if o.known {
		t.Error("what is no date tells of a clock")
	}
	for _, ahead := range []time.Duration{0, 3 * time.Minute, -2 * time.Hour} {
		o.hear(now.Add(-ahead).Format(http.TimeFormat), now)
		if d := o.offset - ahead; !o.known || d.Abs() > time.Second {
			t.Errorf("a clock that is %v ahead is %v ahead", ahead, o.offset)
		}
	}
}
