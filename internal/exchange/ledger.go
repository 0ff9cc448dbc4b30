package exchange

import (
	"crypto/ed25519"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Position is the place of an entry in the office's log: 1, 2, 3, ... without
// gaps. 0 is before the first.
type Position uint64

// Decision and Reason are what the office made of an entry.
type (
	Decision = daylightv1.Decision
	Reason   = daylightv1.Reason
)

// The decisions and reasons, short.
const (
	Accepted = daylightv1.Decision_DECISION_ACCEPTED
	Refused  = daylightv1.Decision_DECISION_REFUSED
	Held     = daylightv1.Decision_DECISION_HELD

	NoReason   = daylightv1.Reason_REASON_UNSPECIFIED
	Unreadable = daylightv1.Reason_REASON_UNREADABLE
	TooLarge   = daylightv1.Reason_REASON_TOO_LARGE
	Stale      = daylightv1.Reason_REASON_STALE
	Already    = daylightv1.Reason_REASON_ALREADY
	Fixed      = daylightv1.Reason_REASON_FIXED
	OtherKind  = daylightv1.Reason_REASON_KIND
	Denied     = daylightv1.Reason_REASON_DENIED
)

// Writer is what the office knows of one writer.
type Writer struct {
	ID fold.WriterID

	// The head: the last entry. Seq 0 for a writer that has none.
	Seq  fold.Seq
	Link fold.Link
	// Position is the greatest of all entries of the writer.
	Position Position

	// Key is the one that first sealed for the writer; no other may.
	Key ed25519.PublicKey

	// A branch: the writer that it left and the last seq that both share.
	Branch bool
	Parent fold.Dot
}

// Known is an entry that the office has answered for.
type Known struct {
	// Dot under which it is known; another than it was sent under in a branch.
	fold.Dot
	Decision Decision
	Reason   Reason
	Position Position
	Suspect  bool
}

// Logged is an entry as the office stores it.
type Logged struct {
	Known
	// Previous is the link that Link is built on.
	Previous, Link fold.Link
	Payload        []byte
	Time           fold.Time
	// ReceivedMS is milliseconds since 1970 UTC by the office's clock.
	ReceivedMS int64
	// Records are those that it edits, as far as it could be read.
	Records []record.ID
}

// Awaited is an entry of which the office has no more than the hash of its payload: who
// brought it may not read it. It has no position and no verdict until somebody brings
// the payload, as for a new entry.
type Awaited struct {
	// Dot is the name that it will have.
	fold.Dot
	Previous, Link fold.Link
	Hash           journal.Hash
}

// MaxAwaited bounds how many awaited entries of one writer an answer lists: what is
// beyond the last one of so many may be awaited too.
const MaxAwaited = 1000

// Seal is a writer's signature as it was sent: over the entry of that link, which is in
// the log or awaited, under the id that the writer had at that time.
type Seal struct {
	Signed    fold.WriterID
	Seq       fold.Seq
	Link      fold.Link
	Serial    journal.Serial
	Signature []byte
}

// Record is one record as the office has it.
type Record struct {
	Kind record.Kind
	ID   record.ID
	// Visit is the one that the record hangs on, zero for none. The ledger says it; it
	// is not read when the record is put.
	Visit record.ID
	// Carried: somebody who goes to the same place later may be shown it, though they are
	// not in the visit's team. The ledger says it too.
	Carried bool
	// State is encoded; empty for a record of which nothing was accepted.
	State []byte
	// Position of its last change, or of a later entry that asks for it to be sent
	// again.
	Position Position
	// Last is the last change's dot.
	Last fold.Dot
	// Others is the last position that its last writer does not know from its own
	// log: by another writer, or with a verdict.
	Others Position
}

// Ledger is the office's memory within one transaction, which also carries the
// time. Nothing that was put is visible to others before the transaction ends.
type Ledger interface {
	Writers
	Log
	Waiting
	Rulings
	Records
}

// Writers keeps who writes.
type Writers interface {
	// Writer gives a writer; false when it was never put.
	Writer(fold.WriterID) (Writer, bool, error)
	// PutWriter adds the writer or replaces what is known of it.
	PutWriter(Writer) error
	// Certificate gives a certificate by its serial; nil when it was never put.
	Certificate(journal.Serial) (*journal.Certificate, error)
	// PutCertificate adds one; putting it again changes nothing.
	PutCertificate(*journal.Certificate) error
}

// Log keeps the entries.
type Log interface {
	// Find gives an entry by its link; false when there is none.
	Find(fold.Link) (Known, bool, error)
	// Append stores an entry at the next position and returns that. The entry's
	// own Position is not read.
	Append(Logged) (Position, error)
	// PutSeal keeps a seal; putting it again changes nothing.
	PutSeal(Seal) error
	// Head is the position of the last entry; 0 before the first.
	Head() (Position, error)
	// Previous is the link that an entry's is built on; zero when there is no such entry.
	Previous(fold.Link) (fold.Link, error)
}

// Waiting keeps the entries that are awaited.
type Waiting interface {
	// Awaited gives one by its link; false when it is not awaited.
	Awaited(fold.Link) (Awaited, bool, error)
	// Await adds one.
	Await(Awaited) error
	// Came takes one away: its payload has come.
	Came(fold.Link) error
	// AwaitedOf lists the seqs of a writer's, in order, at most MaxAwaited.
	AwaitedOf(fold.WriterID) ([]fold.Seq, error)
}

// Records keeps what is true.
type Records interface {
	// Record gives a record; nil when there is none.
	Record(record.ID) (*Record, error)
	// PutRecord adds or replaces one; state is what r.State encodes, for
	// projections, nil when that is empty. Where it lets somebody see the record who
	// did not, this and what hangs on it get that position, for everybody, before the
	// transaction ends: so it comes to them by the ordinary page.
	PutRecord(r Record, state *fold.State) error
	// Changed calls do for the records behind the cursor in the order of
	// (position, id) until do returns false. r.State is valid during the call only.
	Changed(after Cursor, do func(r Record) bool) error
	// States calls do for every record that has a state, in the order of the ids.
	States(do func(record.ID, []byte) error) error
}
