package clientsync

import "time"

// SyncOptions are for SyncWith. The zero value is what Sync uses.
type SyncOptions struct {
	// OnProgress is called after each answer, from the goroutine that syncs.
	OnProgress func(Report)
	// Verify compares a digest of every record here with the office's when nothing
	// is left to send: Report.Verified says whether both hold the same bytes.
	Verify bool
}

// Report is what a sync has done, or has done so far.
type Report struct {
	// Pushed counts own changes that the office answered for, of ToPush that were
	// waiting when the sync began.
	Pushed, ToPush int
	// Pulled counts the records that came.
	Pulled int
	// Refused counts changes that the office refused now, see Client.Refused.
	Refused int
	// Requests counts the calls, BytesUp and BytesDown the bodies as they travelled,
	// compressed.
	Requests           int
	BytesUp, BytesDown int64
	// Took is how long it took.
	Took time.Duration

	// Fault says why the office turned own changes away as a whole; they are kept
	// here. Empty when it did not.
	Fault string
	// Gap: the office asks for changes that are no longer here; it has to be told.
	Gap bool
	// Restored: the office was restored from a backup since the last sync, and what
	// it lacked was sent again.
	Restored bool
	// Copied: this folder is a copy of another device or an older state of itself;
	// it goes on under a new id. Nothing was lost.
	Copied bool
	// Verified is "same" or "different" after Verify, empty when nothing was
	// compared.
	Verified string
}
