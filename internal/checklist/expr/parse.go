package expr

import (
	"slices"
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
	tokens []token
	at     int
	depth  int  // brackets that are open
	inside int  // predicates among them
	rows   bool // the innermost predicate asks rows of a list or file
	made   *Expr
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

// noteName notes a name in a path of the record; the columns of a list are none.
func (p *parser) noteName(name string, rows bool) {
	if !rows && !slices.Contains(p.made.names, name) {
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
