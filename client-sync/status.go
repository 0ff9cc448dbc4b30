package clientsync

import "time"

// Status is how the device stands with the office. It is computed from what is
// stored each time, never remembered.
type Status struct {
	// Person, Device and Writer say who writes here; Writer is in hexadecimal.
	Person, Device, Writer string
	// Server is the office's address, empty when there is none.
	Server string

	// Records counts what is here, removed ones left out.
	Records int
	// Unsent counts the changes that the office has not answered for, with the
	// records that they touch and their size in bytes.
	Unsent, UnsentRecords int
	UnsentBytes           int64
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
