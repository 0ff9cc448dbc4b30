package recordpage

import (
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// A time in a record carries the offset of the place; the control of a browser has none.
// What is shown is the clock on that place's wall, and what is typed gets the offset of
// this device at that time. What nobody touched keeps its own.

const LocalMinute = "2006-01-02T15:04"

// Control gives the value of a path as its control shows it.
func Control(m proto.Message, path string) (string, error) {
	value, err := Read(m, path)
	if err != nil || FormatAt(m, path) != daylightv1.Format_FORMAT_MOMENT {
		return value, err
	}
	if local, _, ok := ClockOf(value); ok {
		return local, nil
	}
	return value, nil // a date alone, or something that no control shows
}

// ClockOf takes a time with its offset apart: 2026-11-24T14:02 and +05:00.
func ClockOf(value string) (local, offset string, ok bool) {
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

// Placed puts the offset behind a time that was typed without one.
func Placed(m proto.Message, path, typed string, zone *time.Location) string {
	if FormatAt(m, path) != daylightv1.Format_FORMAT_MOMENT {
		return typed
	}
	for _, layout := range []string{LocalMinute, "2006-01-02T15:04:05"} {
		if at, err := time.ParseInLocation(layout, strings.TrimSpace(typed), zone); err == nil {
			return at.Format("2006-01-02T15:04-07:00")
		}
	}
	return typed
}

// FormatAt is the format of the field that a path leads to.
func FormatAt(m proto.Message, path string) daylightv1.Format {
	steps, err := ParsePath(path)
	d := m.ProtoReflect().Descriptor()
	if err != nil || !leads(d, steps) {
		return 0
	}
	for i, s := range steps {
		fd := d.Fields().ByName(s.Field)
		if i == len(steps)-1 {
			return Format(fd)
		}
		d = fd.Message()
	}
	return 0
}
