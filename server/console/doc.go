// Package console is the office's pages: what arrived, what needs a decision, who may do
// what. It promises that a page shows nobody more than their roles say, that nothing which
// another site sends changes anything, and that whoever was signed out while typing gets
// back what they typed.
//
// Pages are made here and drawn by internal/look; they work without script, but for
// passkeys. An area is a file with its routes, its pages and its own words in
// words/LANGUAGE/office-AREA.json; it mounts them with page and post, which say who may have
// them, and stands in the rail by a line of areas.
//
// # What there is
//
// today.go begins the day; visits*.go and visit*.go list, show and print visits; record*.go
// says any record in words, with its history; review*.go decides findings, asks the team and
// settles two versions; held*.go rules about what was held; recommendation*.go and
// authorities.go hold what authorities owe, clocks.go by when; places*.go is the register
// through time; importing*.go and duplicates*.go bring places in and join them; people*.go,
// devices*.go and accesses*.go are for who comes in, and who did what; terms*.go and
// checklists*.go for the words; exports.go for what leaves; help.go and guide for the guide.
//
// Records are had through Records alone (records.go), as the person who sits there: every
// save is a change of their own writer, against the record as the form carries it (edit.go,
// saving.go). A file that is read in steps waits in memory (tray.go), never on disk.
//
// # Who may look
//
// safety.go lets in what our own pages ask, under a name that the server is known by.
// turn.go is one request: server/signin says who sits there, internal/access what they may.
// What a role does not allow looks like what there is not. A page or post that is marked
// fresh is had only within five minutes of a proof of who sits there; confirm.go asks for it
// and leads back.
//
// A session that ended is told calmly: what was posted is sealed into the page that asks to
// sign in (kept.go), and offered to the same person, and nobody else, once they have.
package console
