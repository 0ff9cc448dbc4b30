package console

import (
	"context"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// Office is what the services do about people, devices and teams, as one person has it done:
// the very same rules, and the same lines in the access log.
type Office interface {
	// LetIn makes a first-sign-in code for a person, with the link that opens it; both are
	// shown once.
	LetIn(ctx context.Context, person record.ID, lasts time.Duration) (code, link string, until time.Time, err error)
	// Invite makes a code with which a person's device can enrol, to be typed and to be
	// scanned; it is shown once.
	Invite(ctx context.Context, person record.ID) (code, scanned string, until time.Time, err error)
	// MayHold counts what a device has sent, and what its person may read.
	MayHold(ctx context.Context, d *daylightv1.Device) (changes, readable uint64, err error)
	// ChangeTeam puts a person into the team of a visit, as it was shown, gives one other
	// roles or takes one out; item is the visit as it is now.
	ChangeTeam(ctx context.Context, item store.Item, visit *daylightv1.Visit, person record.ID, how *daylightv1.ChangeTeamRequest) error
	// Addresses are where devices reach the server, and the pins of its keys.
	Addresses() (endpoints, pins []string)
}

func (t *turn) office() Office { return t.officeOf(t.session) }
