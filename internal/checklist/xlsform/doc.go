// Package xlsform reads forms that others wrote and writes ours for others. It promises
// that a form in XLSForm comes in as it is, or that it is refused with the sheet, the row,
// the column and the cure of everything that stands against it; that nothing is dropped
// without being named; and that what goes out comes back the same.
//
// XLSForm (xlsform.org) is how Kobo, ODK and others have forms written: a workbook with a
// sheet survey, a row for each question, a sheet choices with the lists, and a sheet
// settings. Fifteen years of forms are about, so there are old names for most types and
// columns; pyxform, which Kobo and ODK use, says which (types.go, columns.go).
//
// # Reading
//
// A file is bytes, and what kind of file it is they say (file.go). A workbook is taken
// apart into tables (workbook.go, sheet.go, cells.go), which CSV files are already; from
// there on there is one way. Sheets with a hundred thousand cells that have a colour and
// no text are common, so empty cells cost next to nothing, and what a sheet says of its
// own size does not count. The document's properties, where the author's name is, are not
// opened. Formulas are refused but for those that are worked out here (formula.go).
//
// The tables become a checklist in steps (read.go): settings, languages, lists, rows with
// the groups that they open and close, names, attached files. Then every expression is
// looked at, and the engine that will run the form compiles it (check.go); what it finds
// is shown at its place in the file.
//
// The remarks that do not refuse say what became of what Daylight does otherwise:
//
//   - or_other is written out as a choice and a question, begin loop over as a group for
//     each choice of its list.
//   - Types that would tell which device or person wrote are kept as hidden questions that
//     nothing fills in.
//   - image, audio, video and file are kept and cannot be answered yet.
//   - Lists in files that are not there are empty, and the form can be used.
//   - A label without a language is in the form's default_language, else in "und", the tag
//     for a language that nobody said. A language without a tag is found by its name; one
//     that nobody knows gets a private tag, x-name.
//   - A form without form_id is called as its file, one without version is version 1.
//
// Columns of our own: topic, standard, method, suggest and state_of in survey, retired in
// choices, place_types in settings, and form_title::LANGUAGE there. Other tools pass over
// them.
//
// # Writing
//
// Write makes the three sheets again, with the rows that end groups. An office changes a
// shipped form in this way: out, edit, in under another form_id or version.
//
// The server's commands use it, devices do not: it needs a library for spreadsheets.
package xlsform
