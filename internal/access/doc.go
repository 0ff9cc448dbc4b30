// Package access promises that what a person may do stands in one table which can be
// read beside the law: a row for each role, and nothing that is not in it is allowed.
//
// A role is granted within a scope and a time. What somebody may do is the sum of
// the grants that are valid now; a grant never takes away.
//
// Two things are told apart. An [Action] is about the office itself: people,
// devices, tokens, the log of accesses. A [Reach] is how far somebody sees the
// records of a kind: none, their own visits and what hangs on them, a region's, or
// all. Compartments (identity, interview notes, medical notes, reprisal details) are
// kinds of their own, which this schema does not have yet; coded extracts for
// statistics are not records, so that a data officer reads no record at all.
package access
