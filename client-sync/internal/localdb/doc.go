// Package localdb keeps a device's records and its own changes in one folder. It
// promises that one Save is one transaction, that a power cut after it loses
// nothing, that nobody reads the folder without its keys, and that a file which is
// damaged or of a newer program is never altered, only read from (Rescue).
//
// A Folder belongs to one process at a time; unlocked (internal/vault has the keys), it
// gives a DB. There is one file, vault.db. A Book is one transaction on it and the
// exchange.Notebook that the rules of a sync work on:
//
//	head, self    who writes here and how far the office has answered
//	image         the open change's record as it was before that change
//	keys, tail    what the seals are made with, and the seal made at the last lock
//	entries       own changes, kept also after the office has answered, and what
//	              others handed over
//	touches       further records of changes that edit several
//	peers, certificates, known, mates   what vouches for others, and who they are
//	views         each record as it is shown
//	enrolment, directory, note          the office, its people, how the last sync went
//	app                                 what the app remembers for itself
//
// Content is sealed, bound to its row and to what else in the row must not change. What
// rows are found by is blinded. In the clear are the order of rows, the number of an entry
// within its chain, and marks of how far things are: sent, refused, removed, in conflict.
// Those of views are bound too; those of entries are not, because an answer of the office
// changes many at once. Whoever can write to the file can set them, or take rows out; what
// it says he can neither read nor alter.
package localdb
