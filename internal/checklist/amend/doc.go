// Package amend says what adding a form does to the forms of an office. It promises that what
// has been answered goes on meaning what it meant: of a version that is there only the words
// may change, and what is offered no longer; for all else there is a new version.
//
//	Compare   two forms --> what may change, and what may not
//	Onto      a form and the office's catalogue --> the record to save
//
// There is no I/O, no clock and no randomness in it.
package amend
