// Package recordpage has what both faces do with records on pages: records as forms, and
// records in words. It knows fields and lists, and nothing of where records are kept.
//
// A form carries the record as it was shown (Pack, Unpack), and its controls are named by
// paths into the message (At, Read, Control, Assign). Save lays what was posted over the
// record and hands it to whoever keeps records; what is no value of its field is told
// control by control and the rest is saved.
//
// Words says in the reader's language what a field is called and what a value says, of every
// field of every kind; what this program does not know is shown as it is.
package recordpage
