// Package localdb keeps a device's records and its own changes in one folder. It
// promises that one Save is one transaction, that a power cut after it loses
// nothing, and that a file which is damaged or of a newer program is never
// altered, only read from (Rescue).
//
// There is one file, device.db, opened by one process at a time. A Book is one
// transaction on it and the exchange.Notebook that the rules of a sync work on:
//
//	head, self   who writes here and how far the office has answered
//	image        the open change's record as it was before that change
//	keys         what the seals are made with
//	entries      own changes, kept also after the office has answered
//	touches      further records of changes that edit several
//	views        each record as it is shown
//	note         how the last sync went
//
// Every byte of content passes through one seam, the shield, on its way to the
// disk and back. Ids, kinds and flags stay clear: lists are made from them.
//
// The format is not promised until the shield encrypts.
package localdb
