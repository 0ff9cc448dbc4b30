// Package record knows what a record means. It promises that saving a message
// changes exactly what its author changed, and only what its author had on
// screen.
//
// A record (facility, visit, finding, interview note) is a protobuf message whose field
// options say how each field merges. The fold moves encoded fields and knows no
// schema; this package stands between the two:
//
//	state --Show--> message + seen token --(a person edits)--> Diff --> edits
//
// The seen token travels inside the message, in its field seen. For every path it
// holds the dots that were shown and 8 bytes of SHA-256 of each value. Diff
// compares the message with what the token says was shown, never with what is
// stored now: a form that was opened before a sync and saved after it supersedes
// what its author saw and nothing else, and both values stand. It also says when it was
// made, so that a form is refused over what the same person has written in another one
// since, whoever has replaced that.
//
// # Paths
//
// What merges on its own follows from the rule of the field:
//
//	REGISTER, GUARDED, FIXED  the field; its value is the occurrence with its tag
//	KEYED                     one element; the key is the content of its field 1
//	SET                       one value, written unpacked; the key is its content
//
// # Programs of different age
//
// Values are compared after decoding and encoding both with this program's own
// descriptor, unknown fields left out. A program never edits or clears a field or
// a sub-field that its descriptor does not know; unknown fields inside a
// sub-message that it edits are carried over from the value that was shown.
//
// # What is sealed
//
// Four kinds hold what may get somebody hurt: who it is, what they said, what a doctor
// saw, whom they fear. Each has one field of ciphertext that nobody here reads; it
// merges as any other value, two of them are a conflict, and wherever values are put
// into words its size stands for it. Their ids do not tell when they were made.
//
// # What is refused
//
// Validate refuses only what breaks the structure (a Problem says which field and
// what to do). Every other rule of the domain is a Flag that people weigh. What a
// server must check of bytes that came from a foreign device is CheckEdits.
//
// # What the rules say
//
// A rule of the domain is one function with a stable code, see FlagRules: of a single
// record (Flags), of a visit with all that hangs on it (Whole), or of a step (StepFlags).
// Its sentence has a key and params, so that a page can say it in another language, and
// its weight tells what is missing from what is in doubt or only unusual. Whole.Missing is
// what a submission lists; MayUse and Withheld say what consent closes, and are asked
// before anything is shown, cited or sent. What can be computed is never stored: what is
// overdue, what is open, which assessment holds, how full a place is.
//
// There is no I/O, no clock and no randomness in this package.
package record
