// Package store is the office's log and what is read from it, in SQLite. It
// promises that what it acknowledged is on the disk, that every push is taken
// whole or not at all, and that everything it shows follows from the log: Check
// derives all of it again and says where it differs.
//
//	log           every entry that the office answers for, at its position
//	awaited       entries of which the office has no more than the payload's hash
//	records       what is true now: each record's folded state
//	projections   facilities, visits, findings, ...: the few columns that lists, filters
//	              and figures need of every kind that is not sealed
//	scopes        whose each visit and place is: of people in its team, of a region, of
//	              those who carry it in the dossier of a later visit
//	search        the words of the records, filled by a cursor behind the log
//
// For gives the store as one caller sees it: what is not in sight is not there. List gives
// pages of one kind, VisitFigures and its like the counts that annual reports are made of:
// each is one query over projections. Log, records, projections and scopes are written
// in one transaction. Positions are given inside it, so that a reader never sees n+1 before n. Many pushes share one
// commit, each in a savepoint of its own; none is answered before the commit is
// durable. After a commit of which nobody knows whether it took effect, all of
// them are told to send again, which is harmless: entries are known by their link.
//
// The rules of a sync are not here but in internal/exchange, which works on a
// transaction of this store through its Ledger. The office's own people write by
// the same rules: each is a writer whose key the store holds.
//
// Nothing of a record's content is ever written to the log file of the program.
package store
