// Package access says who may do what. It promises that the whole answer stands in
// one table that can be read beside the law, and that what is not in the table is
// denied.
//
// A person holds grants: a role, perhaps within one region, for a time. What
// somebody may do is the sum of the grants that are valid now; a grant never takes
// away. The server refuses by this table, a device warns by the same one before
// anything is sent.
//
// # Three questions
//
//   - Reading is kind x reach: for each kind of record a role reaches none, its own
//     visits with what hangs on them, one region, or all. Monitors read the register
//     and their own visits, civil society monitors only what belongs to their own,
//     the plan of visits is for the office that makes it, administrators read no
//     content, auditors the log (MayRead).
//   - Writing is judged against the state before the change, field by field, and the
//     change is taken whole or not at all. Some fields ask for more than the right to
//     write the record: who is in a visit's team decides who reads it, so only the
//     head of the visit or the office writes that; a state or a decision is set by
//     whoever may take that step. One asks for less: that a person took a consent back
//     is recorded by whoever reads the interview, at any time. A comment is its
//     author's, and settled by all who write comments there (MayWrite, MayChange).
//   - An action is about the office itself: people, devices, tokens, logs, the teams of
//     its visits (May).
//
// Visits and recommendations have a life-cycle: who takes them from which state to which
// stands in two lists beside the table. What may be offered to somebody, and what to tell
// them of a step that is not theirs, come from the same lists (VisitSteps,
// RecommendationSteps, Step).
//
// A record that may not be read and one that does not exist look the same: both
// answers are Missing.
//
// The dossier of a visit is beside the table, for it is for reading only and for a time:
// Carries says which kinds come by it to whom. Whoever writes to an earlier visit that they
// carry is judged as somebody who does not see it: the change is held.
//
// # What the table cannot say yet
//
// For each of the kinds of record it speaks of whole records. Where need to know is
// narrower than a record, the narrower side is kept and the role reads none:
//
//   - the medical reviewer's findings on health, the data officer's coded fields, the
//     publication editor's final text, the passages that an authority may read;
//   - what the data officer and the publication editor need of a visit: its dates and
//     states stand in one record with the names of the team, of whom it met, and with
//     its summary;
//   - the medical reviewer's interview notes on health, the reprisal focal point's
//     notes that are linked to a reprisal, and the flag of a reprisal that case
//     officers, reviewers and others are to see;
//   - the identities that the Ombudsperson and the head of the department read on
//     request: a request is nothing that a table can say.
//
// Of what is sealed, the table says who holds the ciphertext; who can open it is for
// the keys. So a monitor who is no doctor reads medical notes of their own visits here,
// and has no key to them; and a monitor writes what nobody in the field can open once
// the visit is handed in.
//
// A plan says where somebody will go and hangs on no visit, so no region has it: a case
// officer for one region reads none.
//
// A case officer's own case cannot be told from another's either; an office that
// wants to keep them apart grants the role for a region.
//
// Not judged here: whether a FIXED field gets another value and whether a GUARDED
// step is stale, which needs the values and belongs to package exchange; and rules
// that need a second person. Removing a record hides it from nobody who could read
// it: a removal can be a mistake, or worse.
//
// There is no I/O, no clock and no randomness in this package.
package access
