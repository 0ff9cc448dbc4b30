package fieldapp

import (
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// A time in a record carries the offset of the place; the control of a browser has none.
// What is shown is the clock on that place's wall, and what is typed gets the offset of
// this device at that time. What nobody touched keeps its own.

const localMinute = "2006-01-02T15:04"

// control gives the value of a path as its control shows it.
func control(m proto.Message, path string) (string, error) {
	value, err := read(m, path)
	if err != nil || formatAt(m, path) != daylightv1.Format_FORMAT_MOMENT {
		return value, err
	}
	if local, _, ok := clockOf(value); ok {
		return local, nil
	}
	return value, nil // a date alone, or something that no control shows
}

// clockOf takes a time with its offset apart: 2026-11-24T14:02 and +05:00.
func clockOf(value string) (local, offset string, ok bool) {
	date, clock, ok := strings.Cut(value, "T")
	if !ok || len(clock) < 5 {
		return "", "", false
	}
	at := strings.IndexAny(clock, "+-Z")
	if at < 5 {
		return "", "", false
	}
	return date + "T" + clock[:5], clock[at:], true
}

// placed puts the offset behind a time that was typed without one.
func placed(m proto.Message, path, typed string, zone *time.Location) string {
	if formatAt(m, path) != daylightv1.Format_FORMAT_MOMENT {
		return typed
	}
	for _, layout := range []string{localMinute, "2006-01-02T15:04:05"} {
		if at, err := time.ParseInLocation(layout, strings.TrimSpace(typed), zone); err == nil {
			return at.Format("2006-01-02T15:04-07:00")
		}
	}
	return typed
}

// formatAt is the format of the field that a path leads to.
func formatAt(m proto.Message, path string) daylightv1.Format {
	steps, err := parsePath(path)
	d := m.ProtoReflect().Descriptor()
	if err != nil || !leads(d, steps) {
		return 0
	}
	for i, s := range steps {
		fd := d.Fields().ByName(s.field)
		if i == len(steps)-1 {
			return format(fd)
		}
		d = fd.Message()
	}
	return 0
}
