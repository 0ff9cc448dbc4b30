package expr

// A Reference is one ${name} in an expression.
type Reference struct {
	Name string // as written, without last-saved#
	At   int    // place of the ${ in characters, from 0

	LastSaved bool // ${last-saved#name}: read from the record last saved
	All       bool // names all nodes, whatever surrounds it: in indexed-repeat
	Label     bool // in jr:choice-name(…, '${name}'): only the question's choices are read, not its answer
}

// A Call is one call of a function.
type Call struct {
	Name string
	At   int
	Args int // how many arguments
}

// A Bare is a name at the start of a path, outside brackets [ ]: `Country`. It reads
// a child element of that name, which a question does not have; often text without
// its quotes was meant. In a choice_filter it is a column of the list.
type Bare struct {
	Name string
	At   int
}

// A Pattern is a literal regular expression.
type Pattern struct {
	Text string
	At   int

	// Anchored says that it has ^ and $ around it. Daylight matches the whole
	// text either way; Enketo searches inside it (ruling R3).
	Anchored bool
}

// A Use is a literal that an answer is compared with, `${question} = 'x'` or
// `selected(${question}, 'x')`: on a select it should be a choice.
type Use struct {
	Question string // "" for the question itself, `.`
	Value    string
	At       int // place of the literal
}

// Uses says what else an expression reads than ${} references.
type Uses struct {
	Self     bool // `.` outside predicates, or a function that reads it when its argument is left out
	Parent   bool // `..` in the record
	Current  bool // current()
	Root     bool // a path from the root, /data/…
	Any      bool // `*` in a path of the record: nodes of any name
	Position bool // position(): the place of an instance
	Clock    bool // now(), today()
	Random   bool // random(), uuid(), randomize() without a seed
	Once     bool // once(): the question's own value
}

// Source is what was compiled, as given.
func (e *Expr) Source() string { return e.source }

// References returns every ${name} in the order of the source.
func (e *Expr) References() []Reference { return e.references }

// Calls returns every function call in the order of the source.
func (e *Expr) Calls() []Call { return e.calls }

// Names returns every name in a path of the record, each once: `../q`, `${r}[a > 1]/b`
// reads a, b and q. Columns of a list or file, instance('x')/root/item[a = 1]/b, are
// not among them. Who wants to know what an expression depends on takes every node of these
// names, besides the references.
func (e *Expr) Names() []string { return e.names }

// Bare returns the bare names. See Bare.
func (e *Expr) Bare() []Bare { return e.bare }

// Instances returns the literal ids in instance('id') and pulldata('id', …), each
// once. A file's ending .csv or .xml is cut off, as in the name of a list.
func (e *Expr) Instances() []string { return e.instances }

// Patterns returns the literal regular expressions.
func (e *Expr) Patterns() []Pattern { return e.patterns }

// Choices returns the literals that questions are compared with.
func (e *Expr) Choices() []Use { return e.choices }

// Uses says what else the expression reads.
func (e *Expr) Uses() Uses { return e.uses }
