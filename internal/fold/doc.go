// Package fold decides what is true. It promises that the same changes give the
// same record, byte for byte, in whatever order they come and however often,
// and that no value disappears that nobody saw.
//
// A record is a set of paths: a top-level field, or one element of a keyed
// field. Each path holds entries (a value with the dot of the change that wrote
// it) and a context: a version vector of the dots that are already superseded
// here. Folding an edit is joining two such cells:
//
//	keep the entries that both have; keep of each side what the context of
//	the other does not cover; the context becomes the maximum of both
//
// which is the join of dotted version vectors (Preguiça et al. 2010; Almeida et
// al. 2014). Two edits that did not see each other leave two entries; when their
// bytes differ that is a conflict, which a person settles by saving a value that
// supersedes both. A clock never decides what survives, only what is shown first.
//
// The fold knows no schema: it moves encoded occurrences of fields, so a field
// that this program has never heard of is merged, kept and sent on unchanged.
// There is no I/O, no clock and no randomness in it.
package fold
