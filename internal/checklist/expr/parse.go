package expr

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxSource bounds an expression, in bytes; MaxDepth bounds brackets in brackets.
const (
	MaxSource = 32 << 10
	MaxDepth  = 100
)

// An Expr is a compiled expression. It never changes; any number of goroutines may
// evaluate it. The slices that its methods return are shared: do not change them.
type Expr struct {
	source string
	top    term

	references []Reference
	calls      []Call
	names      []string
	bare       []Bare
	instances  []string
	patterns   []Pattern
	choices    []Use
	uses       Uses
}

// Compile reads an expression. The error is always an *Error.
func Compile(source string) (*Expr, error) {
	if len(source) > MaxSource {
		return nil, &Error{Code: CodeTooLong, Text: "the expression is longer than 32 KiB", Cure: "divide it over several calculate rows"}
	}
	if !utf8.ValidString(source) {
		return nil, &Error{Code: CodeSyntax, Text: "the expression is not UTF-8 text", Cure: "type it anew"}
	}
	tokens, err := newLexer(source).tokens()
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens, made: &Expr{source: source}}
	if p.made.top, err = p.whole(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(p.made.references, func(a, b Reference) int { return a.At - b.At })
	return p.made, nil
}

// parser reads tokens by recursive descent and notes on the way what made describes.
type parser struct {
	tokens  []token
	at      int
	depth   int // brackets that are open
	inside  int // predicates among them
	calling int // argument lists among them
	made    *Expr
}

func (p *parser) now() token { return p.tokens[p.at] }

func (p *parser) ahead(n int) token { return p.tokens[min(p.at+n, len(p.tokens)-1)] }

func (p *parser) take() token {
	t := p.now()
	if t.kind != tokenEnd {
		p.at++
	}
	return t
}

func (p *parser) skip(sign string) bool {
	if p.now().is(sign) {
		p.at++
		return true
	}
	return false
}

func (p *parser) whole() (term, error) {
	if p.now().kind == tokenEnd {
		return nil, &Error{Code: CodeSyntax, Text: "the expression is empty", Cure: "leave the cell empty, or write an expression"}
	}
	if p.now().is("=") {
		return nil, &Error{At: p.now().at, Code: CodeSyntax, Word: "=", Text: "an expression does not begin with =", Cure: "leave the = out"}
	}
	top, err := p.expression()
	if err != nil {
		return nil, err
	}
	if p.now().kind != tokenEnd {
		return nil, p.unexpected()
	}
	return top, nil
}

// deeper guards the stack: every bracket, argument and minus goes through it.
func (p *parser) deeper(at int) error {
	if p.depth++; p.depth > MaxDepth {
		return &Error{At: at, Code: CodeTooDeep, Text: "brackets stand more than 100 deep in each other", Cure: "divide the expression over several calculate rows"}
	}
	return nil
}

func (p *parser) expression() (term, error) {
	if err := p.deeper(p.now().at); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	return p.logic(true)
}

// logic reads a chain of `or`, and in it chains of `and`.
func (p *parser) logic(or bool) (term, error) {
	word, part := "and", func() (term, error) { return p.binary(0) }
	if or {
		word, part = "or", func() (term, error) { return p.logic(false) }
	}
	first, err := part()
	if err != nil || !p.word(word) {
		return first, err
	}
	chain := &logic{or: or, parts: []term{first}}
	for p.word(word) {
		p.take()
		next, err := part()
		if err != nil {
			return nil, err
		}
		chain.parts = append(chain.parts, next)
	}
	return chain, nil
}

func (p *parser) word(word string) bool { return p.now().kind == tokenName && p.now().text == word }

func (p *parser) binary(level int) (term, error) {
	if level == len(levels) {
		return p.unary()
	}
	left, err := p.binary(level + 1)
	for err == nil {
		t := p.now()
		op, ok := levels[level][t.text]
		if !ok || t.kind != tokenSign && t.kind != tokenName {
			return left, nil
		}
		p.take()
		if p.now().is("=") {
			return nil, &Error{At: t.at, Code: CodeSyntax, Word: t.text + " =", Text: "two signs stand together", Cure: "write <= >= = or != in one piece"}
		}
		var right term
		if right, err = p.binary(level + 1); err == nil {
			p.noteChoice(op, left, right)
			left = &binary{op: op, left: left, right: right, at: t.at}
		}
	}
	return nil, err
}

func (p *parser) unary() (term, error) {
	t := p.now()
	if t.is("+") {
		return nil, &Error{At: t.at, Code: CodeSyntax, Word: "+", Text: "+ stands without a number before it", Cure: "leave it out, or write the number before it"}
	}
	if !p.skip("-") {
		return p.union()
	}
	if err := p.deeper(t.at); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	of, err := p.unary()
	if err != nil {
		return nil, err
	}
	return &negation{of}, nil
}

func (p *parser) union() (term, error) {
	first, err := p.path()
	if err != nil || !p.now().is("|") {
		return first, err
	}
	u := &union{parts: []term{first}, at: p.now().at}
	for p.skip("|") {
		next, err := p.path()
		if err != nil {
			return nil, err
		}
		u.parts = append(u.parts, next)
	}
	return u, nil
}

// path reads an operand with its predicates and steps.
func (p *parser) path() (term, error) {
	t := p.now()
	switch {
	case t.kind == tokenNumber || t.kind == tokenText:
		return p.literal()
	case t.kind == tokenReference:
		r := p.reference()
		return p.steps(&path{from: fromTerm, start: r, at: t.at}, true)
	case t.kind == tokenName && p.ahead(1).is("(") && !p.nodeTest():
		return p.filtered(p.call)
	case t.is("("):
		return p.filtered(p.bracket)
	case t.is("/"):
		p.take()
		p.made.uses.Root = true
		out := &path{from: fromRoot, at: t.at}
		if !p.beginsStep() {
			return nil, &Error{At: t.at, Code: CodeSyntax, Word: "/", Text: "a path ends with /", Cure: "write a question as ${name}"}
		}
		return p.firstStep(out)
	case p.beginsStep():
		return p.firstStep(&path{from: fromContext, at: t.at})
	}
	return nil, p.missingOperand()
}

func (p *parser) literal() (term, error) {
	t := p.take()
	var v Value
	if t.kind == tokenNumber {
		v = numberValue(parseNumber(t.text))
	} else {
		v = textValue(t.text)
	}
	if p.now().is("[") || p.now().is("/") {
		return nil, p.wrongStep()
	}
	return &literal{value: v, at: t.at}, nil
}

func (p *parser) reference() *reference {
	t := p.take()
	name, lastSaved := strings.CutPrefix(t.text, "last-saved#")
	p.made.references = append(p.made.references, Reference{Name: name, At: t.at, LastSaved: lastSaved})
	return &reference{name: name, at: t.at, lastSaved: lastSaved}
}

func (p *parser) bracket() (term, error) {
	open := p.take()
	inner, err := p.expression()
	if err != nil {
		return nil, err
	}
	if !p.skip(")") {
		return nil, p.unclosed(open, "(", ")")
	}
	return inner, nil
}

// filtered reads what stands on a bracket or a call: predicates, then steps.
func (p *parser) filtered(read func() (term, error)) (term, error) {
	at := p.now().at
	base, err := read()
	if err != nil {
		return nil, err
	}
	if p.now().is("[") {
		f := &filter{base: base, at: at}
		if f.predicates, err = p.predicates(); err != nil {
			return nil, err
		}
		base = f
	}
	if !p.now().is("/") && !p.now().is("//") {
		return base, nil
	}
	return p.steps(&path{from: fromTerm, start: base, at: at}, false)
}

// steps reads predicates on the start, if it may have some, and then steps. A start
// without any is returned as it is.
func (p *parser) steps(out *path, filters bool) (term, error) {
	var err error
	if filters && p.now().is("[") {
		if out.own, err = p.predicates(); err != nil {
			return nil, err
		}
	}
	for p.now().is("/") || p.now().is("//") {
		slash := p.take()
		if slash.text == "//" {
			return nil, &Error{At: slash.at, Code: CodeSyntax, Word: "//", Text: "// does not exist in expressions", Cure: "write a question as ${name}"}
		}
		if !p.beginsStep() {
			p.at--
			return nil, p.wrongStep()
		}
		if err := p.step(out); err != nil {
			return nil, err
		}
	}
	if len(out.own) == 0 && len(out.steps) == 0 {
		return out.start, nil
	}
	return out, nil
}

func (p *parser) firstStep(out *path) (term, error) {
	t := p.now()
	if out.from == fromContext && p.inside == 0 && t.kind == tokenName && !p.ahead(1).is("::") {
		p.made.bare = append(p.made.bare, Bare{Name: t.text, At: t.at})
	}
	if err := p.step(out); err != nil {
		return nil, err
	}
	return p.steps(out, false)
}

func (p *parser) beginsStep() bool {
	t := p.now()
	return t.kind == tokenName || t.is(".") || t.is("..") || t.is("*") || t.is("@")
}

// nodeTest says that the name with a bracket after it is node(), which a step may have.
func (p *parser) nodeTest() bool { return p.word("node") && p.at > 0 && p.tokens[p.at-1].is("::") }

func (p *parser) step(out *path) (err error) {
	s, t := step{}, p.take()
	switch {
	case t.is("."):
		s.axis, p.made.uses.Self = axisSelf, true
	case t.is(".."):
		s.axis, p.made.uses.Parent = axisParent, true
	case t.is("@"):
		return &Error{At: t.at, Code: CodeSyntax, Word: "@", Text: "questions have no attributes", Cure: "write a question as ${name}"}
	case t.kind == tokenName && p.now().is("::"):
		s, err = p.axisStep(t)
	case t.is("*"):
		p.made.uses.Any = true
	case p.now().is("("):
		return p.dotted(t)
	default:
		s.name = t.text
		p.noteName(t.text)
	}
	if err != nil {
		return err
	}
	if p.now().is("[") {
		if s.predicates, err = p.predicates(); err != nil {
			return err
		}
	}
	out.steps = append(out.steps, s)
	out.self = out.from == fromContext && len(out.steps) == 1 && s.axis == axisSelf && s.name == "" && len(s.predicates) == 0
	return nil
}

// axisStep reads what follows `parent` and `::`: a name, * or node().
func (p *parser) axisStep(name token) (s step, err error) {
	switch p.take(); name.text {
	case "child":
	case "parent":
		s.axis, p.made.uses.Parent = axisParent, true
	case "self":
		s.axis, p.made.uses.Self = axisSelf, true
	default:
		return s, &Error{At: name.at, Code: CodeSyntax, Word: name.text + "::", Text: "the axis " + clip(name.text) + " does not exist here",
			Cure: "write a question as ${name}; paths know only child, parent and self"}
	}
	t := p.take()
	switch {
	case t.kind == tokenName && t.text == "node" && p.skip("("):
		if !p.skip(")") {
			return s, p.unexpected()
		}
		p.made.uses.Any = p.made.uses.Any || s.axis == axisChild
	case t.kind == tokenName:
		s.name = t.text
		p.noteName(t.text)
	case t.is("*"):
		p.made.uses.Any = true
	default:
		p.at--
		return s, p.missingOperand()
	}
	return s, nil
}

func (p *parser) predicates() ([]term, error) {
	var all []term
	for p.now().is("[") {
		open := p.take()
		p.inside++
		one, err := p.expression()
		p.inside--
		if err != nil {
			return nil, err
		}
		if !p.skip("]") {
			return nil, p.unclosed(open, "[", "]")
		}
		all = append(all, one)
	}
	return all, nil
}

// call reads a function with its arguments.
func (p *parser) call() (term, error) {
	name := p.take()
	if err := p.known(name); err != nil {
		return nil, err
	}
	open := p.take()
	c := &call{name: name.text, at: name.at, do: functions[name.text]}
	note := len(p.made.calls)
	p.made.calls = append(p.made.calls, Call{Name: name.text, At: name.at})
	p.calling++
	for !p.skip(")") {
		if len(c.args) > 0 && !p.skip(",") {
			return nil, p.unclosed(open, "(", ")")
		}
		if p.now().is(")") || p.now().is(",") {
			return nil, &Error{At: p.now().at, Code: CodeSyntax, Word: p.now().text, Text: "an argument of " + c.name + "() is missing here", Cure: "write '' for an empty text"}
		}
		arg, err := p.expression()
		if err != nil {
			return nil, err
		}
		c.args = append(c.args, arg)
	}
	p.calling--
	p.made.calls[note].Args = len(c.args)
	return c, p.check(c)
}

func (p *parser) noteName(name string) {
	if !slices.Contains(p.made.names, name) {
		p.made.names = append(p.made.names, name)
	}
}

// noteChoice notes `${question} = 'text'`, either way round.
func (p *parser) noteChoice(op operator, left, right term) {
	if op != opEqual && op != opUnequal || p.inside > 0 {
		return
	}
	if _, ok := left.(*literal); ok {
		left, right = right, left
	}
	value, ok := right.(*literal)
	question, asked := asQuestion(left)
	if ok && asked && value.value.kind == Text && value.value.text != "" {
		p.made.choices = append(p.made.choices, Use{Question: question, Value: value.value.text, At: value.at})
	}
}

// asQuestion says which question a term is: ${name}, or "" for `.`.
func asQuestion(t term) (string, bool) {
	switch t := t.(type) {
	case *reference:
		return t.name, !t.lastSaved
	case *path:
		return "", t.self
	}
	return "", false
}
