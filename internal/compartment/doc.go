// Package compartment promises that what only a few may read is read by those few:
// words that are sealed here open with a key that their writer gives away, to people
// whom the office has named under its root key, and to nobody whom a server adds. It
// has no I/O and no clock.
//
// # The idea
//
// Who somebody is, what they said, what was found on their body and what was done to
// them afterwards are four compartments ([Compartment]). Each compartment of a visit
// has a key pair, made on the device that first writes in it ([Key]):
//
//	words ──[Seal]──▶ body            to the public half, on each save
//	secret half ──[Key.Wrap]──▶ wrap  once for each reader, and for the office's recovery key
//	                                  the device then drops it when the visit is handed in
//	wrap + a reader's identity ──[Unwrap]──▶ secret half ──[Key.Open]──▶ words
//
// A new reader is one more wrap; bodies never change. The office's server carries
// bodies and wraps, and no half that opens them.
//
// # Body and wrap
//
// Both are files of age (https://age-encryption.org/v1), binary, so that nobody
// depends on this program:
//
//	age -d -i recovery.txt wrap > key.txt
//	age -d -i key.txt body
//
// A body is made to one X25519 recipient. Its content is JSON followed by spaces, which
// mean nothing in JSON: the length with them is that of Padmé (Nikitin and others, PURBs,
// 2019), and 256 bytes at least, so that a length says little. For a length L and
// E = ⌊log2 L⌋ all but the highest ⌊log2 E⌋+1 bits after the first are rounded up to zero,
// at most 12 % more. A wrap is made to one recipient, X25519 or hybrid; its content is the
// secret half, "AGE-SECRET-KEY-1...", and a line feed, behind a line that is a comment to
// age and says what the key is for:
//
//	# daylight medical of visit 0190e9c4-...
//
// A wrap is kept under an id that everybody computes from its recipient ([WrapID]):
// SHA-256 over "daylight/v1 wrap" ‖ 0 ‖ recipient, its first 16 bytes with the version 8
// and the variant of RFC 9562 put in. Two devices that wrap for the same reader so write
// the same element.
//
// age does not say who encrypted. Whoever knows a public half can seal to it, and whoever
// knows a recipient can wrap any key for it: that a body and a wrap are a colleague's
// words is said by the signed log that carries them, and [Unwrap] gives only the key that
// the record names.
//
// # Who may read
//
// If a server named the readers, it could name itself. So the office does, with a key
// that is never on a server ([RootKey]), in a text that a person reads before signing
// ([List]):
//
//	daylight readers v1
//	office The Office
//	version 3
//	issued 2026-11-26T08:00:00Z
//	recovery age1...
//	root iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=
//	reader medical age1... 0190e9c4-... Dr. of the office, desk 2
//
// The line recovery is the office's recovery recipient, X25519 or hybrid: a server that
// could exchange it would read all that is wrapped from then on. The line root is there
// only where the office changes its root key: the public half of the next, 32 bytes in
// base 64, which is not the one that signs. One space between the parts, one line feed
// behind each line; readers sorted by compartment, name, device and recipient, bytes
// compared; the recovery key is no reader's. A list has exactly one text.
// The signed form is a signed note (https://c2sp.org/signed-note): an empty line, then
//
//	— daylight-office-root <base64 of the key's hash, 4 bytes, and the Ed25519 signature>
//
// and nothing else, so a signed list has one form as well, and no bit of it can change.
// A device keeps the newest that it has seen and takes no older one ([Verify]); two of
// the same version that say different things are the sign of a root key that was used
// twice, and whoever holds one refuses the other ([Same]).
//
// A device verifies with the root key that it knows the office by. The key is the office,
// whatever the name becomes. After a list with a line root it knows the office by the key
// in that line, and takes nothing more that the earlier key signs; whoever still knows the
// earlier one has to be given that list before any later one.
//
// The first root key is known to a device from its enrolment. Two people see that it is the
// one on the desk by six words ([RootWords]), which internal/enrol makes of the key as it
// does of an enrolment, under "daylight/v1 root words" ‖ 0.
package compartment
