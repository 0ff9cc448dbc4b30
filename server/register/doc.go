// Package register reads the lists of places that ministries and statistics
// offices publish. It promises that importing a file twice changes nothing, that
// what people have edited since stays, and that every doubt about a row is told
// with its line.
//
//	Read      CSV or XLSX as it comes --> rows, the mapping that was guessed, warnings
//	Plan      rows + what the office has --> places to save, what was left out
//
// # Which row is which place
//
// A row is known by the register's name and its code. A row without a code, or
// whose code stands in the file more than once, is known by register,
// jurisdiction, name, town and type, compared without regard to case, spaces and
// Unicode form. The place's id follows from that key alone, so the same row gives
// the same place on any machine. Rows that are still alike and not equal are
// named and left out: nothing is ever merged by a guess.
//
// # What a second import may change
//
// Each place keeps the row as it was imported last (RegisterRef.row). A new
// import is compared with that row, never with the place: only a value that the
// register itself has changed is edited.
//
// Only what cannot be stored is left out: impossible figures are kept and told.
//
// There is no I/O besides the reader that is given, no clock and no randomness.
package register

import "fmt"

// Warning is one doubt about a file.
type Warning struct {
	// Line is where, counted as an editor counts; 0 for the file as a whole.
	Line int `json:"line,omitempty"`
	// Text says what is odd.
	Text string `json:"text"`
	// Done says what was made of it.
	Done string `json:"done"`
	// Rejected: the row was not imported.
	Rejected bool `json:"rejected,omitempty"`
	// OfType: it is about a word of Types, and how to say which type it is.
	OfType bool `json:"-"`
}

// String is one line for a person.
func (w Warning) String() string {
	text := w.Text
	if w.Done != "" {
		text += "; " + w.Done
	}
	if w.Line == 0 {
		return text
	}
	return fmt.Sprintf("line %d: %s", w.Line, text)
}

// Options say how a file is to be read. The zero value of each but Source guesses.
type Options struct {
	// Source is the register's name: a code, as prison-register. It is a part of
	// each row's identity, so it has to be the same at every import.
	Source string
	// Map says for columns, by their header, which field they are. It goes before
	// what is guessed. The field Ignore leaves a column out.
	Map map[string]Field
	// Types gives the vocabulary's code for a type as the register writes it.
	Types map[string]string
	// Language is the tag of names whose header does not say it; en by default.
	Language string
}
