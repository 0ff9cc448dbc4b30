package record

import (
	"time"
)

// before reports whether the date or time a is surely before b: where only the
// day, month or year of one is known, only as far as both are known. Times of
// different offset are compared as instants.
func before(a, b string) bool {
	x, ok1 := parseMoment(a)
	y, ok2 := parseMoment(b)
	if ok1 && ok2 {
		return x.Before(y)
	}
	if !isMoment(a) || !isMoment(b) {
		return false
	}
	n := min(len(a), len(b), len(time.DateOnly))
	return a[:n] < b[:n]
}

// dayOf is the day of a date or time, where that is known.
func dayOf(s string) (time.Time, bool) {
	if !isMoment(s) || len(s) < len(time.DateOnly) {
		return time.Time{}, false
	}
	t, err := time.Parse(time.DateOnly, s[:len(time.DateOnly)])
	return t, err == nil
}

// daysBetween counts the days from one day to another; 0 and false where one is not
// known.
func daysBetween(from, to string) (int, bool) {
	a, ok1 := dayOf(from)
	b, ok2 := dayOf(to)
	if !ok1 || !ok2 {
		return 0, false
	}
	return int(b.Sub(a) / (24 * time.Hour)), true
}
