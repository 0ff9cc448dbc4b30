// Package checklist fills forms. It promises that everyone who sees the same answers under
// the same version of a form sees the same questions, figures and remarks: on every
// device, at the office, and years later.
//
// # Forms and responses
//
// A form comes as XLSForm has it: rows with a type, a name and expressions that say when
// a question is relevant, what its answer must be like, what follows from others. A record
// of kind checklist is one version of a form; Compile makes it ready, or says what is
// wrong with it. A record of kind checklist_response holds the answers of one visit, each
// as an element of its own under the question's name, in a repeat with the id of the turn
// behind it. Two people who fill one checklist so merge by question. A Filling is a
// response under its form:
//
//	checklist ──Compile──▶ Form ─┐
//	                             ├──Open──▶ Filling ──Set, AddInstance──▶ Response ──▶ to be saved
//	checklist_response ──────────┘             │
//	                                           └──▶ Items, Progress, Flags, Rows
//
// # What is stored, and what follows
//
// Stored is what people said, in the form that XForms gives each type. Calculations follow
// from the answers and are not stored, so they never conflict; but those that keep their
// first value, once(), and those that a change of another answer triggers, are. Defaults
// are stored when the response, or the turn, is begun. Turns that an expression counts
// have ids that follow from response, repeat and place, so that two devices make the same.
//
// What is not relevant is kept as it is, reads as empty, stands on no page, counts nowhere
// and is in no export; it is there again when it is relevant again. Answers to questions
// that the form does not have, and what a newer program wrote, stay untouched.
//
// Why there is no answer is as good as an answer. A list that has all five reasons among
// its choices is a list with states: an answer given as such a choice is stored as the
// state, and expressions read it as the choice. To other questions a state reads as empty.
//
// # Evaluation
//
// Every expression of every node is a cell. While a cell is evaluated, what it reads
// notes the cell; when that changes, the cell and all that may follow from it are marked,
// and evaluated when somebody next asks. So a change costs what it reaches, whether the
// expression names what it reads or walks to it by a path. That nothing needs itself is
// settled by Compile, on a graph of the questions: a circle is refused and printed. What
// that graph cannot see, and what takes too many steps, is stopped and flagged when it
// happens.
//
// The clock of expressions stands still between changes, and for ever once the response is
// finished. Random numbers are drawn from a stream of the cell's own, seeded with the
// response's id: looking draws nothing, and two devices draw the same.
//
// There is no I/O, no clock and no randomness in this package but what Options bring.
package checklist
