// Package clientsync keeps an inspection team's records on a device and joins
// them with the office. It promises that what Save answered for survives a power
// cut, that a network is never needed to work, and that nothing which somebody
// wrote disappears unless somebody who had it on screen wrote over it.
//
// # The idea
//
// A device pushes what it wrote and pulls what is now true. What it wrote is a
// chain of changes, each signed for, numbered 1, 2, 3 and kept until the office
// has answered; what is true is the fold of everybody's changes. Between the two
// stands one folder with one SQLite file:
//
//	Save ──▶ change + what is shown, one transaction          (never the network)
//	Sync ──▶ push the outbox, then pull what changed          (never stops a Save)
//	Get, List ──▶ what the office sent last, with what is not yet sent on top
//
// Messages are the generated protobuf types. Each message that is read carries a
// token, its field seen, that says what was on screen. Save compares the message
// with that, not with what is stored now: a form that was opened before a sync and
// saved after it changes what its author changed and nothing else. Where two
// people changed the same field without knowing of each other, both values stand:
// a conflict, which a person settles with Resolve or by saving another value.
//
// Where two people made the same place or visit, Duplicates finds it and Merge joins the
// two: both keep what they say, lists show them as one, and Unmerge undoes it.
//
// From the mandate until a visit is handed in, a sync also brings what earlier visits left
// at its place; Dossier gathers it. It can be read and not written, and goes again with the
// sync after that.
//
// A team fills a checklist of its visit together: BeginChecklist, OpenChecklist and
// SaveChecklist, with package forms for what stands on the page.
//
// # Errors
//
// Errors say what happened, what was kept and what to do next; CodeOf tells their
// kinds apart. Only the structure of a message can be refused by Save. The rules
// of the domain are flags, see Check, and never stand in anybody's way.
//
// # Secrecy
//
// Everything in the folder is sealed, row by row, under a key that the passphrase opens
// together with a key of the phone's hardware, where the host has one (Config.Keystore).
// Open takes the folder; Unlock lets to the records, Lock drops every key. While it is
// locked, methods answer ErrLocked. The office's recovery key opens the folder of a device
// that was enrolled, whatever became of the rest, see Rescue.
//
// What only a few may read is sealed once more, to those whom the office has named: see
// SaveSealed, OpenSealed and WhoCanRead. Keep what was opened in memory, and only for as
// long as it is shown.
//
// # Not yet
//
// Before Enrol the writer's certificate is one that the device issued itself, which is for
// development.
package clientsync
