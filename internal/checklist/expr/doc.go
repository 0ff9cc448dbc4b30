// Package expr reads and evaluates the expressions of XLSForm: what stands in the
// columns relevant, constraint, calculation and choice_filter of a form. It promises
// that an expression gives the same on every device for the same record and clock,
// that it ends within a budget, and that whoever wrote a wrong one is told the place
// and the cure.
//
// # The language
//
// XLSForm's expressions are XPath 1.0, made smaller in paths and larger in functions.
// A value has one of four types: text, number (IEEE 754 double), yes or no, and a set
// of nodes, which are answers, groups and instances of repeats. Types convert into
// each other silently and by fixed rules: a date is a text that as a number counts
// days since 1970-01-01, so that today() - ${visit_date} gives days; the empty text as
// a number is NaN, never 0.
//
//	${held} div ${capacity} > 1.2 and not(selected(${issues}, 'none'))
//	│       │               │     │   │
//	│       operators, from loosest: or, and, = !=, < <= > >=, + -, * div mod, unary -, |
//	${name}: a question, resolved by the World to the nearest instance
//
// A reference to one question counts as a condition by whether it is answered, and so
// does a bare name inside a predicate: ${cell}[beds] are the cells whose beds were
// counted, as in Collect. A set counts by whether it has a node. Paths go down by a name, up by `..`, and stay by `.`; they
// may be filtered: ${cell}[persons > 4]/area. A number in [ ] is a place among the
// instances of one parent.
//
// # Where it is written down
//
// The XPath 1.0 recommendation (W3C, 1999) for types, operators and the older
// functions; the ODK XForms Specification (getodk/xforms-spec, 2024) for what forms
// may use of it and for the functions of its own; ODK's documentation (getodk/docs)
// and the reference at xlsform.org for how authors write it; XPath and XQuery
// Functions and Operators 3.0 (W3C, 2014) for the mathematics. Where they are silent
// or quarrel, these rulings hold; each has a test of its name:
//
//	R1  what is not relevant reads as empty: the World says so in Node.Text
//	R2  ${q} alone as a condition: whether it is answered
//	R3  regex: the whole text must fit
//	R4  a date is a whole number of days; date() drops fractions
//	R5  round: on the decimal digits, halves towards positive infinity
//	R6  checklist: yes is the text yes, or a number above 0
//	R7  date('2026-02-30'): refused in a literal, empty with a Note at run time
//	R8  indexed-repeat with an empty index: empty
//	R9  selected-at counts from 0
//	R10 sum, max, min with an unanswered instance: NaN, of which nothing is stored
//	R11 a path without a node is equal to nothing and unequal to nothing
//	R12 no exponents, in or out
//	R13 = and != take differences below 1e-12 for none
//	R14 selected('', '') is false
//	R15 repeat_count, and R16 circles: not here but in the room that knows the form
//
// # What differs from other programs, on purpose
//
// if, and, or evaluate only what they need. Patterns are RE2's: no look-around and no
// back references, and no pattern can hang. Functions that ODK's specification does
// not have are refused with what to write instead, but for floor, ceiling, last and
// date-time, which forms use and whose meaning is settled.
//
// # Use
//
// Compile reads a source once; the Expr describes what it depends on (References,
// Names, Uses) and is evaluated with Eval in a Scope: who asks, in which World. There
// is no I/O, no clock, no randomness and no global state in this package: time, zone
// and random numbers are the World's.
package expr
