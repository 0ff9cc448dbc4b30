package expr

import "time"

// Kind says what a Node is.
type Kind uint8

// The kinds of nodes.
const (
	Group  Kind = iota // stands once in its parent and holds other nodes: the root, a group
	Turn               // one of several of the same name: an instance of a repeat, a row of a list
	Answer             // holds a text and no nodes: a question, a column of a row
)

// A Node is a place in the record that an expression reads: a question, a group, an
// instance of a repeat; or a row of a choice list or attached file and its columns.
//
// Nodes are compared with ==: the same place is the same Node at every call, so use
// pointers.
type Node interface {
	// Name is the question's name as paths call it (`../name`), "item" for a row.
	Name() string

	// Kind says what the node is. It never changes.
	Kind() Kind

	// Parent is nil for the root of the record and for the root of a list.
	Parent() Node

	// Children stand in the order of the form, the instances of one repeat
	// beside each other. Nil for an Answer.
	Children() []Node

	// Text is what the answer is now, in lexical form; "" when there is none and
	// while it is not relevant (ruling R1). Only asked of an Answer: the text of
	// any other node is that of all answers in it, joined.
	Text() string
}

// A World is where an expression is evaluated. It must not change during Eval.
type World interface {
	// Find resolves ${name} as it stands on from: the nearest common instance
	// decides. One says that this can only ever be a single node (a question
	// outside repeats, or of the instance that from is in): then it counts as a
	// condition by its text (ruling R2). One without nodes reads as empty. The
	// nodes stand in document order and are not changed by Eval.
	Find(name string, from Node) (nodes []Node, one bool)

	// All returns every node of that name in the record, whatever surrounds the
	// asker, in document order: what indexed-repeat chooses from.
	All(name string) []Node

	// Instance returns the root of a choice list or attached file; its children
	// are the rows, called "item". Nil: there is none of that id.
	Instance(id string) Node

	// LastSaved is the answer in the record last saved on this device, or "".
	LastSaved(name string) string

	// ChoiceName is the label of a choice of the question, in the language shown,
	// or "" when value is no choice of it. The question's name is resolved as by Find.
	ChoiceName(question string, from Node, value string) string

	// Language is the language shown, as a BCP 47 tag: names of months follow it.
	Language() string

	// Now is the time of evaluation, in the zone that counts as local.
	Now() time.Time

	// Random draws the next number of the stream, at least 0 and below 1.
	Random() float64
}

// A Scope is one evaluation: who asks, and what `.` is.
type Scope struct {
	World World

	// Node bears the expression: current(), and where `.` and `..` start. Nil:
	// nobody does, and they are empty.
	Node Node

	// Item is the row that a choice_filter is asked about: bare names are its
	// columns then. Nil for every other expression.
	Item Node

	// Own is the value of `.` and the one that once() keeps, where that is not
	// Node.Text(): the answer being given, for a constraint. Nil: Node.Text().
	Own *string

	// Steps is what is left of the budget; Eval counts it down, so that several
	// evaluations can share one. Nil: DefaultSteps for this evaluation.
	Steps *int

	// Note, if not nil, is told what went wrong without stopping the evaluation.
	Note func(Note)
}

// DefaultSteps is the budget of one evaluation. A step is one operator, one
// function, one node looked at, or 16 bytes of text read or made: 100 nested
// functions over 1,000 instances fit, in about a tenth of a second.
const DefaultSteps = 1_000_000

// MaxText bounds a text that an expression makes, in bytes. What would be longer
// stops the evaluation with a Failure.
const MaxText = 1 << 20
