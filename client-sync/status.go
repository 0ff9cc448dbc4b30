package clientsync

import (
	"context"
	"time"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
)

// Status is how the device stands with the office. It is computed from what is
// stored each time, never remembered.
type Status struct {
	// Person, Device and Writer say who writes here; Writer is in hexadecimal.
	Person, Device, Writer string
	// Server is the office's address, empty when there is none. Office is its name,
	// where this device is enrolled; Waiting: it has to be approved there first.
	Server, Office string
	Waiting        bool
	// Roles are what the person is at the office, as it said last.
	Roles []string

	// Records counts what is here, removed and incomplete ones left out.
	Records int
	// Unsent counts the changes that the office has not answered for, with the
	// records that they touch and their size in bytes.
	Unsent, UnsentRecords int
	UnsentBytes           int64
	// Passing counts the changes of team-mates that came in bundles and that the office
	// has not answered for, from PassingFrom devices: the next sync passes them on.
	Passing, PassingFrom int
	// Held counts changes that a person at the office has to admit.
	Held int
	// Refused counts refusals that were not dismissed, see Client.Refused.
	Refused int
	// Conflicts counts the records with a conflict.
	Conflicts int

	// LastSync is when the last sync ended well, zero for never; LastTry when the
	// last one ended, and Problem why it failed, empty when it did not.
	LastSync, LastTry time.Time
	Problem           string
}

// Status says how the device stands with the office.
func (c *Client) Status(ctx context.Context) (s Status, err error) {
	s.Server = c.config.Server
	err = c.db.Read(Quietly(ctx), func(b *localdb.Book) error {
		own := c.signer.Load().Certificate
		s.Person, s.Device = own.Person, own.Device
		self, err := b.Self()
		if err != nil {
			return err
		}
		s.Writer = self.ID.String()
		n, err := b.Count()
		if err != nil {
			return err
		}
		s.Records, s.Conflicts, s.Held = n.Records, n.Conflicts, n.Held
		s.Unsent, s.UnsentRecords, s.UnsentBytes = n.Unsent, n.UnsentRecords, n.UnsentBytes
		s.Passing, s.PassingFrom = n.Passing, n.PassingWriters
		refused, err := c.refusals(b)
		if err != nil {
			return err
		}
		s.Refused = len(refused)
		e, err := b.Enrolment()
		if err != nil {
			return err
		}
		if e != nil {
			s.Server, s.Office, s.Waiting, s.Roles = e.Endpoints[0], e.Office, e.Waiting, rolesOf(e)
		}
		note, err := b.Note()
		s.LastSync, s.LastTry, s.Problem = moment(note.LastSync), moment(note.LastTry), note.Problem
		return err
	})
	return s, explainDisk(err)
}

// Received counts the records here, removed and incomplete ones left out, of which the office
// has answered for everything: what was written here, and what team-mates handed over.
func (c *Client) Received(ctx context.Context) (n int, err error) {
	err = c.db.Read(Quietly(ctx), func(b *localdb.Book) error {
		n, err = b.CountReceived()
		return err
	})
	return n, explainDisk(err)
}

// moment reads milliseconds since 1970 UTC; 0 is never.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
