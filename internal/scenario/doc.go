// Package scenario is the world that tests play in: an office, which is the real
// server on a real store, and any number of devices, which are the real library on
// folders of their own. They speak HTTP inside one process. Time, randomness and
// the network are the world's, and a network can be cut at any byte.
//
// # Stories
//
// A story is a txtar file in testdata/stories. What stands before its first file
// is played line by line; a # begins a comment, and the picture of the history is
// one. Each line is sentences separated by a semicolon of its own:
//
//	device A B                      two devices; the office is there already
//	A save visit v1 title="Night"   a new record, called v1 in this story
//	A sync ; B sync
//	B set v1 title="Dawn"           read it, change it, save it
//	B open v1                       a form that stays open ...
//	B fill v1 aims="..."            ... is saved, and goes on from there
//	A remove v1
//	A resolve v1 title "Dawn"       settle a conflict with one of its values
//	A,B offline                     both; also online
//	A lose answer                   the next one; also: lose request,
//	A cut answer 300                cut answer BYTES, cut request BYTES
//	A during A set v1 title="x"     while the next answer is on its way
//	A clock -87600h                 this clock is wrong; also the office's
//	A copy A2                       a second device with a copy of the folder
//	A backup mon ; A restore mon    and the same for the office
//	A full ; A room                 the disk is full; has room again; also the office
//	A damage torn                   or foreign, newer
//	A rescue 2                      two unsent changes are saved from the wreck
//	A gone                          this device is lost, with what it had not sent
//	office stop ; office start      office save, set, open, fill, remove as well
//	stranger X ; newer N            programs that are not ours; newer: a later schema
//	X harm seal                     spoils its next push; payload, chain, certificate, kind
//	repeat 300 A set v1 aims="{n}"  the sentence 300 times
//	fails "disk" A set v1 ...       must fail with that in its error and change nothing
//	try A set v1 title="x"          may fail for want of a network, a record, a window
//	expect A v1.title = "Dawn"      also: all, office
//	expect A conflict v1 title "Dawn" | "Night"
//	expect all settled v1           it has no conflict
//
//	office form f1                  a checklist, of f1/survey.csv and its sisters
//	A begin v1 f1 r1                begins it on a visit; or a code that ships
//	A answer r1 beds=12 heat=!not_asked
//	A turn r1 rooms c1 room_len=4   one more of a repeat, called c1: room_len[c1]
//	A unturn r1 c1 ; A finish r1
//	A carry r1 f2 r2 beds:type-changed   to a newer version, with what does not fit
//	expect A filled r1 beds = 12    also irrelevant, none, a state; "a" | "b" of several
//	expect A progress r1 3 9 2 0    done, asked, missing, contested
//
// and what expect.go says besides. A PLACE is narrative, number_affected.exact,
// sessions[s1].note (the element called s1 in this story), names[ru], or
// types[prison] for being in a set (yes, no); of ids, finding_ids[@f1]. A VALUE is
// a word, a "string" with Go's escapes, @v1 for the id of v1 (whether it exists or
// not), <file for a file of the story, ~5000 for that many bytes of text, or none.
//
// # The end of every story
//
// Everybody comes online and syncs until nothing moves. Then every device holds
// the same bytes as the office, the office's store derives again to what it holds,
// and every value that anybody ever saved is shown, in a conflict, in the history,
// or refused and readable; one that nobody saved over who had it on screen is
// shown or in a conflict.
package scenario
