package record

import (
	"strings"
	"time"

	"github.com/google/uuid"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The formats of options.proto. Empty is allowed everywhere and not asked here.

// isUUID reports whether s is a UUID in its 36-character lower-case form.
func isUUID(s string) bool {
	if len(s) != 36 || strings.ToLower(s) != s {
		return false
	}
	return uuid.Validate(s) == nil
}

// isCode reports whether s is letters, digits, dot, dash, underscore, slash.
func isCode(s string) bool {
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		case strings.ContainsRune(".-_/", r):
		default:
			return false
		}
	}
	return s != ""
}

// isDate reports whether s is a real day, month or year: 2026-11-24, 2026-11,
// 2026; years 1800 to 2199.
func isDate(s string) bool {
	layout := map[int]string{4: "2006", 7: "2006-01", 10: time.DateOnly}[len(s)]
	if layout == "" {
		return false
	}
	t, err := time.Parse(layout, s)
	return err == nil && inYears(t)
}

func inYears(t time.Time) bool { return t.Year() >= 1800 && t.Year() <= 2199 }

// parseMoment reads a time with its offset; false for a date and for what is
// neither.
func parseMoment(s string) (t time.Time, ok bool) {
	layout := momentLayouts[len(s)]
	if layout == "" || strings.ContainsAny(s, ".,") {
		return t, false
	}
	t, err := time.Parse(layout, s)
	return t, err == nil && inYears(t) && fairOffset(s)
}

// momentLayouts are by length, since time.Parse also takes hours of one digit and
// fractions of a second.
var momentLayouts = map[int]string{
	len("2006-01-02T15:04Z"):         "2006-01-02T15:04Z07:00",
	len("2006-01-02T15:04+00:00"):    "2006-01-02T15:04Z07:00",
	len("2006-01-02T15:04:05Z"):      time.RFC3339,
	len("2006-01-02T15:04:05+00:00"): time.RFC3339,
}

// fairOffset bounds the offset at 18 hours, as java.time and others do, so that
// every program can read it.
func fairOffset(s string) bool {
	if strings.HasSuffix(s, "Z") {
		return true
	}
	hours, minutes := s[len(s)-5:len(s)-3], s[len(s)-2:]
	return minutes <= "59" && (hours < "18" || hours == "18" && minutes == "00")
}

func isMoment(s string) bool {
	_, ok := parseMoment(s)
	return ok || isDate(s)
}

// format says how a string must look; ok is nil for a format that asks nothing.
type format struct {
	ok   func(string) bool
	text string
	hint string
}

func formatOf(f daylightv1.Format) format {
	switch f {
	case daylightv1.Format_FORMAT_UUID:
		return format{isUUID, "is not a UUID", "write it as 0190a6e2-7c1b-7000-8000-000000000001, in lower case"}
	case daylightv1.Format_FORMAT_DATE:
		return format{isDate, "is not a date", "write 2026-11-24, or 2026-11 or 2026 where more is not known; years 1800 to 2199"}
	case daylightv1.Format_FORMAT_MOMENT:
		return format{isMoment, "is not a time", "write 2026-11-24T14:02+05:00 with the offset of the place, or only the date"}
	case daylightv1.Format_FORMAT_CODE:
		return format{isCode, "is not a code", "use letters, digits, dot, dash, underscore and slash"}
	case daylightv1.Format_FORMAT_RECIPIENT:
		return format{isRecipient, "is not the public half of a key", "it is an age recipient: age1 and letters and digits in lower case"}
	}
	return format{}
}
