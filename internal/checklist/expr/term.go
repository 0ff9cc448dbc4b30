package expr

// A term is a part of a compiled expression.
type term interface {
	eval(m *machine) (Value, error)
}

type (
	// literal is a quoted text or a number.
	literal struct {
		value Value
		at    int
	}

	// reference is ${name}.
	reference struct {
		name      string
		at        int
		lastSaved bool
		all       bool // in indexed-repeat: every node of that name
	}

	// path is steps from a start. Predicates right on a start count within one
	// parent, as those on a step do; filter counts through the whole set.
	path struct {
		from  origin
		start term // for fromTerm
		own   []term
		steps []step
		at    int
		self  bool // it is `.` and nothing else
		rows  bool // it goes through the rows of a list or file, not through the record
	}

	step struct {
		axis       axis
		name       string // "" for any
		predicates []term
	}

	// filter is predicates on a bracket or a function's result.
	filter struct {
		base       term
		predicates []term
		at         int
	}

	// logic is `and` or `or` over two and more conditions.
	logic struct {
		or    bool
		parts []term
	}

	binary struct {
		op          operator
		left, right term
		at          int
	}

	negation struct{ of term }

	union struct {
		parts []term
		at    int
	}

	call struct {
		name string
		args []term
		at   int
		do   func(*machine, *call) (Value, error)
		made any // what the function prepared at Compile from its literals: a pattern
	}
)

// stays says that a path from the context never leaves it: `.`, self::q.
func (p *path) stays() bool {
	for _, s := range p.steps {
		if s.axis != axisSelf {
			return false
		}
	}
	return p.from == fromContext
}

// isRows says that a term gives rows of a list or file: instance('x')/root/item.
func isRows(t term) bool {
	switch t := t.(type) {
	case *call:
		return t.name == "instance" || t.name == "randomize" && len(t.args) > 0 && isRows(t.args[0])
	case *filter:
		return isRows(t.base)
	case *path:
		return t.rows
	}
	return false
}

// origin is where a path starts.
type origin uint8

const (
	fromContext origin = iota // the node around: the bearer, or the one a predicate looks at
	fromRoot
	fromTerm
)

type axis uint8

const (
	axisChild axis = iota
	axisParent
	axisSelf
)

type operator uint8

const (
	opEqual operator = iota
	opUnequal
	opLess
	opLessEqual
	opMore
	opMoreEqual
	opAdd
	opSubtract
	opMultiply
	opDivide
	opRest
)

// levels are the operators of two operands, from loosest to tightest, below `and`.
var levels = []map[string]operator{
	{"=": opEqual, "!=": opUnequal},
	{"<": opLess, "<=": opLessEqual, ">": opMore, ">=": opMoreEqual},
	{"+": opAdd, "-": opSubtract},
	{"*": opMultiply, "div": opDivide, "mod": opRest},
}
