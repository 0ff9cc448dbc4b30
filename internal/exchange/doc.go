// Package exchange decides what the two sides of a sync do. It promises that a
// device pushes what it wrote and pulls what is now true, that nothing which
// either side answered for is lost, and that both end with the same bytes.
//
// What an author may do is asked of package access (Author), by the office before
// anything else is judged, and by the device before anything is saved.
//
// There is no I/O, clock or randomness in it. Each side works on one transaction
// of its store through a small interface: Office on a Ledger, Device on a
// Notebook. The server and the device library keep them in SQL; a simulated
// world keeps them in memory and plays millions of histories over the very code
// that ships.
//
//	device                                   office
//	Save      change, link, view
//	Outbox    batches under one seal  ---->  Ingest   chain, seal, judge, fold
//	Take      verdicts, heads, states <----  Answer   heads, verdicts, page
//
//	device                                   a team-mate's device
//	HandOver  batches as they are signed -->  CheckPeer, Import   pending, folded on top
//
// What goes to the office in a file is what Request would send, one after the other; the
// answer to each comes back in a file, and Take takes it (Fresh says whether it may).
//
// # Entries of others
//
// A device keeps what a team-mate's device wrote until the office has answered for it:
// folded on top, and passed on as it was signed. It asks after such a chain by its last
// link before it sends any of it, so that whoever is first brings it for all.
//
// Its name here is the one that it was signed under, as long as nothing else here has, and
// the office is not known to have given, that name: then it becomes a branch with a name
// that nobody else has. The office's answer names it for good.
//
// What one reader may not have goes as its hash (Batch.LeaveOut). The office lists such
// an entry as awaited: it has a name, no position and no verdict. Whoever brings the
// payload is answered as for a new entry.
//
// # Rules that must not be lost
//
// Each of them repairs a loss that a simulation found when it was absent:
//
//   - Push first: states come only with the answer to the last own entries.
//   - A pulled state replaces the view, with what is pending folded on top, in
//     the transaction that moves the cursor. Acceptance alone only moves a mark.
//   - An entry whose previous link is known but is no head begins a branch; its
//     dots get the branch's id, and its edits also supersede the common part.
//   - A device that learns of own entries which it does not have is an older
//     copy: it takes a new id and pulls again from the beginning.
//   - A name that a lost log gave is never given again: whoever saw the first entry
//     would supersede the second unseen. Who has missed a restore is told of it and
//     of nothing else. A device then leaves every name under which it has unanswered
//     entries, and its own; each log names branches in its own way.
//   - Who sees a visit, and what hangs on it, is decided by what the office accepted:
//     its team, and where its place lies. What somebody gains by an entry gets that
//     entry's position, for everybody, so that it comes by the ordinary page; what they
//     lose is forgotten by the visit or the place, after the last page.
//   - When a person's roles have changed, everything comes anew, and what does not come
//     is gone on the device. The mark of a sight is never used again: what was seen in
//     between has to go too.
//   - What an entry that is held has touched leaves the device only once it is known
//     what else is still pending: what is left of a record then no longer says on which
//     visit it hangs.
//   - That happens once, when the device first hears that the entry is held. The office
//     says so again to whoever asks after a chain, and what it has accepted and sent since
//     is neither taken off the screen nor lost.
//   - A device asks after what waits, not after what lies between and is answered for: the
//     office would send again all that has changed since that, with every sync.
//   - A device that loses a record which it has written takes a new id: else what it
//     writes there later would stand over its own earlier words unseen.
//   - A team-mate's entry at or below what the office is known to have answered for its
//     writer is hidden: kept for the office, neither folded nor named until answered.
//   - A branch that begins behind a hidden entry goes on from that one, whatever it is called
//     here: it stands over what its own chain wrote, and over nobody else's words.
//   - An entry that names another as answered tells that the office has one of that name.
//     What has that name here and no answer becomes a branch at once: this device, or the
//     one that wrote it, is an older copy.
//   - A link is resolved also by an entry that is refused, and then stands over what its
//     writer had set before: the state of a record does not depend on which came first.
//   - Names of an answer are given entry by entry, also within one batch: it may hold what
//     had several names here, or was renamed by the answer to an earlier part.
//   - An answer that came in a file is taken only where the device still stands as it did
//     when it asked, and not after a later one: a refusal without its page would leave
//     what it refused on the screen.
//   - A record that came from a team-mate alone is lent: once all of it is answered for and
//     the office has not sent it, it is not for this device. One that it has sent empty is
//     lent too: a record of which nothing was accepted goes to everybody.
//   - So is a record of which only own words are left that the office has, with their
//     answer lost, where it has sent everything and not this. Once the answer comes, they
//     are no longer for this device either. A hash alone does not say so.
//   - A removal covers of each writer no more than was seen of them without a gap, and
//     nothing that came from a team-mate and has no answer: it may have come without what
//     its writer wrote before. The record then stays as a conflict, for a person to settle.
//   - A window is stale also over what its author has written since in another one and
//     somebody else has replaced: an edit implies its writer's earlier ones, and what
//     replaced them may be lost with a log, or refused by the next.
//   - An edit repeats what unanswered ones have replaced (so that the refusal of one does
//     not raise the dead), but only of those that its window showed.
//   - A branch that shares nothing with what it left ends the way back to its ancestors:
//     two names of one chain may each have come first.
//   - What a person admits of what was held is folded under a name of its own, at the
//     position of the ruling. Its writer's later entries imply what they wrote before, but
//     they may have been written after the device had taken that away: so they stand
//     beside it, and nothing is lost. Whoever names its link had it on screen.
//   - A device that hears of the admission and has not heard of the hold takes away what
//     the entry touched, as for a hold: the record comes anew, if it is to be seen.
//   - A refused, renamed or marked entry moves the records that it touches to its
//     own position, so that the next page brings them whoever wrote them.
package exchange
