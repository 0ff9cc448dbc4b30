package scenario

import (
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
)

// author is whoever reads and writes records: a device, the office, a stranger.
type author interface {
	name() string
	// blank is an empty message of the author's own version of the schema.
	blank(record.Kind) record.Message
	// read gives what the author has on screen.
	read(record.Kind, record.ID) (Seen, error)
	// save brings the messages to what is then shown.
	save(...record.Message) error
	remove(record.Message) error
}

// Seen is what somebody has on screen of one record.
type Seen struct {
	Message   record.Message
	Conflicts []Several
	Removed   bool
	// Waiting are ids of records that it refers to and that are not there yet.
	Waiting []string
}

// Several is one path with several values, in protobuf JSON.
type Several struct {
	Field, Key string
	Values     []string
}

// replace makes a message what another one of its type is.
func replace(m, with record.Message) {
	if m != with {
		proto.Reset(m)
		proto.Merge(m, with)
	}
}
