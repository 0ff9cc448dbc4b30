package expr

import (
	"math"
	"strings"
	"time"
)

const (
	daySeconds  = 24 * 60 * 60
	dayMillis   = daySeconds * 1000
	dateForm    = "2006-01-02"
	instantForm = "2006-01-02T15:04:05.000-07:00"
)

// digitsAt reads n digits at s[at:], or -1.
func digitsAt(s string, at, n int) int {
	if at+n > len(s) {
		return -1
	}
	v := 0
	for _, c := range []byte(s[at : at+n]) {
		if c < '0' || c > '9' {
			return -1
		}
		v = v*10 + int(c-'0')
	}
	return v
}

// parseDay reads 2026-11-20, a day that the calendar has. It is midnight in UTC.
func parseDay(s string) (time.Time, bool) {
	if len(s) != len(dateForm) || s[4] != '-' || s[7] != '-' {
		return time.Time{}, false
	}
	y, m, d := digitsAt(s, 0, 4), digitsAt(s, 5, 2), digitsAt(s, 8, 2)
	if y < 1 || m < 1 || m > 12 || d < 1 {
		return time.Time{}, false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == d
}

// clock is a time of day as written, with the offset from UTC if there is one.
type clock struct {
	millis    int
	offset    int // seconds
	hasOffset bool
}

// parseClock reads 09:15, 09:15:00, 09:15:00.000 with Z, +05, +0500 or +05:00.
func parseClock(s string) (c clock, ok bool) {
	h, m := digitsAt(s, 0, 2), digitsAt(s, 3, 2)
	if h < 0 || h > 23 || m < 0 || m > 59 || s[2] != ':' {
		return c, false
	}
	c.millis = (h*60 + m) * 60_000
	s = s[5:]
	if len(s) > 0 && s[0] == ':' {
		sec := digitsAt(s, 1, 2)
		if sec < 0 || sec > 59 {
			return c, false
		}
		c.millis += sec * 1000
		s = s[3:]
		s, ok = c.fraction(s)
		if !ok {
			return c, false
		}
	}
	return c, c.zone(s)
}

func (c *clock) fraction(s string) (rest string, ok bool) {
	if len(s) == 0 || s[0] != '.' {
		return s, true
	}
	n, unit := 1, 100
	for ; n < len(s) && s[n] >= '0' && s[n] <= '9'; n++ {
		c.millis += int(s[n]-'0') * unit
		unit /= 10
	}
	return s[n:], n > 1
}

func (c *clock) zone(s string) bool {
	if s == "" {
		return true
	}
	c.hasOffset = true
	if s == "Z" {
		return true
	}
	h, m := digitsAt(s, 1, 2), 0
	switch {
	case len(s) == 6 && s[3] == ':':
		m = digitsAt(s, 4, 2)
	case len(s) == 5:
		m = digitsAt(s, 3, 2)
	case len(s) != 3:
		return false
	}
	if s[0] != '+' && s[0] != '-' || h < 0 || h > 14 || m < 0 || m > 59 {
		return false
	}
	c.offset = h*3600 + m*60
	if s[0] == '-' {
		c.offset = -c.offset
	}
	return true
}

// parseDateTime reads 2026-11-23T06:00:00.000+05:00; without an offset it is in zone.
func parseDateTime(s string, zone *time.Location) (time.Time, bool) {
	if len(s) < len(dateForm)+6 || s[10] != 'T' {
		return time.Time{}, false
	}
	day, ok := parseDay(s[:10])
	if !ok {
		return time.Time{}, false
	}
	c, ok := parseClock(s[11:])
	if !ok {
		return time.Time{}, false
	}
	if !c.hasOffset {
		return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, c.millis*1e6, zone), true
	}
	return day.Add(time.Duration(c.millis)*time.Millisecond - time.Duration(c.offset)*time.Second), true
}

// daysOf is the days since 1970-01-01 in UTC, with a fraction.
func daysOf(t time.Time) float64 { return float64(t.UnixMilli()) / dayMillis }

// The range of days that can be written: years 1 to 9999.
const firstDay, lastDay = -719162, 2932896

// reading is what became of a value that should be a date.
type reading uint8

const (
	readNothing reading = iota // it was empty
	readDate
	readWrong
)

// day reads a value as a day, at midnight in UTC: a number drops its fraction (R4),
// a dateTime is turned into the local day.
func (m *machine) day(v Value) (time.Time, reading) {
	n, s := v.number, ""
	if v.kind != Number {
		if s = strings.TrimFunc(v.Text(), space); s == "" {
			return time.Time{}, readNothing
		}
		if t, ok := parseDay(s); ok {
			return t, readDate
		}
		if t, ok := parseDateTime(s, m.zone()); ok {
			t = t.In(m.zone())
			return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC), readDate
		}
		n = parseNumber(s)
	}
	if math.IsNaN(n) && v.kind == Number {
		return time.Time{}, readNothing
	}
	if n = math.Floor(n); !(n >= firstDay && n <= lastDay) {
		return time.Time{}, readWrong
	}
	return time.Unix(int64(n)*daySeconds, 0).UTC(), readDate
}

// instant reads a value as a moment in the local zone. A whole number is a day and a
// date its midnight there; a number with a fraction counts from 1970 in UTC.
func (m *machine) instant(v Value) (time.Time, reading) {
	n := v.number
	if v.kind != Number {
		s := strings.TrimFunc(v.Text(), space)
		if t, ok := parseDateTime(s, m.zone()); ok {
			return t.In(m.zone()), readDate
		}
		n = parseNumber(s)
	}
	if n != math.Floor(n) && n >= firstDay && n <= lastDay {
		return time.UnixMilli(int64(math.Round(n * dayMillis))).In(m.zone()), readDate
	}
	t, r := m.day(v)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, m.zone()), r
}
