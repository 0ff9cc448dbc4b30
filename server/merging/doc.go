// Package merging finds the places and visits that people made twice, among what one person
// sees, and joins two of them as that person. It promises that it only ever suggests, that a
// merge is one change which either happens whole or not at all, and that it is undone by one
// more: both records and both histories stay.
//
//	Pairs    what looks alike, with reasons    internal/likeness
//	Merge    the loser says that it is the winner; what only it says may be taken over
//	Undo     the loser stands for itself again
//
// The services and the office's pages both call it: what may be merged, and what a merge
// does, is one thing.
package merging
