// Package journal promises that what a writer wrote can be told from anything
// else: it holds the units of the log, what makes them tamper evident, and the
// clock that dates them. It has no I/O, no clock and no randomness of its own.
//
// # The idea
//
// What one Save wrote is a [Change]: edits to one or more records, all or none.
// It is encoded once. From the moment anyone else has seen it, the payload is
// opaque bytes: hashed, stored and forwarded as they are, never encoded again,
// so that a newer program's change passes unharmed through an older one.
//
// A writer numbers its changes 1, 2, 3, ... and chains them:
//
//	link(0) = SHA-256("daylight/v1 chain" ‖ 0 ‖ writer id)         Genesis
//	link(n) = SHA-256(link(n-1) ‖ SHA-256(payload(n)))             Next
//
//	 Genesis ──▶ link 1 ──▶ link 2 ──▶ link 3      an entry is known by its link
//	               ▲          ▲          ▲
//	            payload 1  payload 2  payload 3
//
// The link is built on the payload's hash, so a payload can be left out or
// erased later while the chain still verifies. Every payload begins with 16
// random bytes, the salt, so that the hash of a short one cannot be guessed.
//
// A [Batch] is a run of one writer's entries. One seal, an Ed25519 signature over
//
//	"daylight/v1 seal" ‖ 0 ‖ writer id ‖ seq (8 bytes, big endian) ‖ link(seq)
//
// stands at its end and vouches for everything before it, which is why a change
// has no signature of its own. A [Certificate] says whose key that is.
//
// Where a chain forks, as a copied or restored device makes it, the part that
// came second goes on under the id [BranchID] of its first link.
//
// # Reading what others wrote
//
// [DecodeChange], [FromProto] and [ParseCertificate] trust nothing: lengths,
// indexes and sizes are checked, memory stays in proportion to the input, and
// their errors say what is wrong and where, never what was written. Fields that
// they do not know are passed over. Whether an edit makes sense for its record
// is for internal/record; whether a batch fits the chain is for whoever keeps it.
//
// # Time
//
// A [Clock] is a hybrid logical clock (Kulkarni et al. 2014): milliseconds of the
// wall clock with a counter below, always growing, never pulled along by a clock
// that is more than [ClockAhead] ahead. Time decides what is shown first and never
// what survives.
package journal
