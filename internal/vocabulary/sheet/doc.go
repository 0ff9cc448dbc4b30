// Package sheet carries the vocabulary to translators and back, as a spreadsheet (XLSX)
// or as CSV. It promises that what is not right in a file is named by sheet, row and
// column, all of it at once, and that of such a file nothing is taken; and that a file
// which comes back as it was written changes nothing.
//
// There are two sheets. In terms each row is a term: list, number and code say which,
// a column for each language has its label, reviewed_xx says whether a native speaker has
// read it, and parent, hidden and retired_on say what the office makes of it. In standards
// each row is a provision, with its titles by language. A CSV file is one of the two; its
// head says which.
//
// A file is compared with the office's words as they are now. What differs becomes records
// to save, with the tokens of what was compared, so that a change that was made meanwhile
// stays as a conflict. An empty label takes back what the office wrote; the shipped label
// stays. Rows that are missing change nothing. New rows are terms of the office's own: they
// get their numbers here, and may only stand in lists that do not drive the program.
//
// Nothing in a sheet is ever a formula. What is written out begins, in CSV, with an
// apostrophe where a spreadsheet program would take it for one, and loses it when it is
// read again; in XLSX every cell is text. A file with formulas is refused: nobody can see
// what they will say elsewhere.
//
// The server's commands use it, devices do not: it needs a library for spreadsheets.
package sheet
