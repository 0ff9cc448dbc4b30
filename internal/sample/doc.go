// Package sample makes an office of any size with years of plausible history, for
// demos, pages and measurements. It promises that the same Config gives the same
// history, byte for byte, that what it says is invented, and that it never holds more
// than a small part of it in memory.
//
// # How
//
// It plays a small world forward, day by day: places are registered, a plan is made
// each winter, teams go out, the office reviews, authorities answer late or claim what
// a follow-up visit disproves, and the same recommendation is repeated for years. What
// people write meanwhile comes out as batches in the order in which they reached the
// office. How far a visit or a recommendation has come is therefore what its age says,
// and what lies beyond the last day has not happened.
//
// A batch is what came to the office at one time, from one device or several. Whoever
// wrote a part of it had seen everything in the batches before it, and of this one only
// their own steps: where two people set the same field in one batch, the record has a
// conflict. What a step refers to was made in a batch before it or in the same one.
//
// A step says what somebody set, and nothing of writers, keys or seals: package
// server/replay gives everybody a device and writes it down as those would have.
//
// # What is in it, and what is not
//
// Places stand in real regions, by their ISO 3166-2 codes and near their middle; the
// places, their numbers and all that is said of them are invented. People are roles:
// Monitor 3, the head of the visit. Codes are those of the shipped vocabulary, texts are
// whole sentences in Russian, Ukrainian and English about the topic that they are filed
// under, so that a search finds what is true.
//
// Some of it is wrong on purpose, as it is in any office: places registered twice in
// two scripts, seventeen persons on one place, a capacity of 0, sentences that two
// people wrote at the same time, a tablet whose clock is five hours ahead, steps that
// come too late and are refused or held, records that were removed.
//
// Half of the visits to places for which a checklist is shipped have a response to it, with
// rooms, registers and talks: two of the team filled it by halves, one in five did not get to
// its end, and now and then both answered one question. Checklists of the office's own are
// not made, and neither are the sealed kinds: what those hold would have to be encrypted to
// readers, and this package has no keys.
package sample
