// Package vocabulary knows the words that records are classified with, and the legal
// standards that findings are measured against. It promises that a code, once given, means
// the same for ever, that a code which this program does not know is kept and shown as
// unknown, and that whoever asks for a label gets one, with the language that it is in.
//
// # Terms
//
// A list, as PLACE_TYPE, has terms; a term has a code, which stands in records, a number,
// which never moves and is never used again, and labels by language. Two sorts of lists
// stand in one file, terms.csv. What drives the program is an enum in vocabulary.proto and
// has its labels here, by the same numbers: an office may call a value something else, and
// may not add one. What people classify with is open: an office adds terms, calls
// shipped ones something else, hides them or retires them on a date, and never numbers
// them anew. Retired and hidden terms stay readable in what was classified with them.
//
// # What is shipped is not in the log
//
// The shipped terms and standards, about 1,000 together, are part of the program, at the
// office and on devices. They are not records: as records they would cost every new
// device over 125,000 bytes before its first visit, a minute on a link of 16 kbit/s, to be told
// what it already has. Only what an office added or changed is a record, of kind term or
// standard, and syncs like any other. A Set is the shipped words with the records of an
// office laid over them:
//
//	terms.csv, standards.csv ──▶ Shipped ──▶ New(records) ──▶ labels, offers, standards
//
// The record over a shipped term has an id that follows from list and code (TermID), so
// that two desks that change the same term without a network change the same record, and
// what they disagree on is a conflict like any other. A term that an office adds has an
// id and a number of its own, from OwnNumbers on, so that no later program ships a term
// under its number. Should a later program ship its very code, the record becomes one that
// lies over the shipped term, and the shipped number counts.
//
// A device that is older than the office does not know its newest shipped codes: it shows
// them as unknown, keeps them and sends them on. What the office itself added it knows,
// since that came with the sync.
//
// # Languages
//
// Labels fall back: for a language of Central Asia to Russian, then English; for any
// other, Ukrainian among them, to English, then Russian. Any BCP 47 tag may be asked for,
// as uk-UA. A Label says which language it is in, so that a page can mark what is not in
// the reader's own.
//
// # Standards
//
// From a topic lead the provisions that speak to it. How far one binds depends on the
// State, which a Tenant describes. From a type of place lead the topics that matter there;
// that table, relevance.csv, is this project's own proposal.
//
// There is no I/O, no clock and no randomness in this package.
package vocabulary
