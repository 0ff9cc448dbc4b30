// Package report promises that what an office has can leave it in forms that anybody
// reads: spreadsheets with words beside the codes, and JSON lines, for every kind of
// record and with nothing written for one kind.
//
// A kind is a table, one row a record, and each of its repeated fields another one with
// the record's id in front:
//
//	finding                 id, visit_id, kind, kind_label, ..., number_affected.exact
//	finding.sources         finding_id, value, value_label
//	recommendation.addressees            recommendation_id, id, authority, ...
//	checklist.questions.labels           checklist_id, questions_name, language, text
//	conflicts               every value of every field that holds several
//
// Columns follow from the schema: the names are those of its fields, so a script finds
// them again. Beside a column of codes stands its label in the language that was asked
// for: that of the office's own terms, else of the vocabulary, else the code. A value that
// this program does not know is its number. Columns that begin with "record." are what the
// office knows besides.
//
// The answers to one checklist are written as the form asks them, a row a response and a row
// a turn of a repeat: see Answers.
//
// # What is not let out
//
// What is sealed is told by its size. A record above the class that was asked for, and what
// rests on an interview whose person did not agree to it, is left out and counted: see
// gate.go. Removed records and duplicates that were joined to others come only when they
// are asked for.
//
// What people wrote is never a formula: see csv.go and xlsx.go.
package report
