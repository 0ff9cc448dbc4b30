package clientsync

import (
	"time"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// History is what this device can tell about how a record came to be. Earlier
// history and that of others is at the office.
type History struct {
	// Changes are this device's own, the newest first, as the office tells them.
	Changes []*daylightv1.HistoryEntry
	// Current says who set each value that is shown.
	Current []Origin
	// AtOffice: others changed the record too, so there is more at the office.
	AtOffice bool
}

// Origin says who set one value.
type Origin struct {
	// Field and Key name the field or element.
	Field, Key string
	// JSON is the value in protobuf JSON; empty: cleared.
	JSON string
	// Writer is in hexadecimal; Own is set when that is this device.
	Writer       string
	Own          bool
	Written      time.Time
	ClockSuspect bool
}

// Refusal is something that was written here and that the office did not accept.
// It stays readable until a person dismisses it. Several steps on the same field
// that lost the same race are one refusal.
type Refusal struct {
	// Number names it for Dismiss.
	Number uint64
	Kind   Kind
	ID     string
	// Reason is stable, as "stale"; Text says it to a person.
	Reason, Text string
	// Changes are the changes that were refused, oldest first.
	Changes []*daylightv1.HistoryEntry
}
