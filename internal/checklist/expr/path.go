package expr

import "strings"

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
		return p.firstStep(&path{from: fromContext, at: t.at, rows: p.rows})
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
	if p.now().is("[") || p.now().is("/") || p.now().is("//") {
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
		if f.predicates, err = p.predicates(isRows(base)); err != nil {
			return nil, err
		}
		base = f
	}
	if !p.now().is("/") && !p.now().is("//") {
		return base, nil
	}
	return p.steps(&path{from: fromTerm, start: base, at: at, rows: isRows(base)}, false)
}

// steps reads predicates on the start, if it may have some, and then steps. A start
// without any is returned as it is.
func (p *parser) steps(out *path, filters bool) (term, error) {
	var err error
	if filters && p.now().is("[") {
		if out.own, err = p.predicates(false); err != nil {
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
	top, err := p.steps(out, false)
	p.made.uses.Self = p.made.uses.Self || p.inside == 0 && out.stays()
	return top, err
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
		s.axis = axisSelf
	case t.is(".."):
		s.axis, p.made.uses.Parent = axisParent, p.made.uses.Parent || !out.rows
	case t.is("@"):
		return &Error{At: t.at, Code: CodeSyntax, Word: "@", Text: "questions have no attributes", Cure: "write a question as ${name}"}
	case t.kind == tokenName && p.now().is("::"):
		s, err = p.axisStep(t, out.rows)
	case t.is("*"):
		p.made.uses.Any = p.made.uses.Any || !out.rows
	case p.now().is("("):
		return p.dotted(t)
	default:
		s.name = t.text
		p.noteName(t.text, out.rows)
	}
	if err != nil {
		return err
	}
	if p.now().is("[") {
		if s.predicates, err = p.predicates(out.rows); err != nil {
			return err
		}
	}
	out.steps = append(out.steps, s)
	out.self = out.from == fromContext && len(out.steps) == 1 && s.axis == axisSelf && s.name == "" && len(s.predicates) == 0
	return nil
}

// axisStep reads what follows `parent` and `::`: a name, * or node().
func (p *parser) axisStep(name token, rows bool) (s step, err error) {
	switch p.take(); name.text {
	case "child":
	case "parent":
		s.axis, p.made.uses.Parent = axisParent, p.made.uses.Parent || !rows
	case "self":
		s.axis = axisSelf
	case "label", "hint", "media", "image", "audio", "video":
		return s, &Error{At: name.at, Code: CodeSyntax, Word: name.text + "::", Text: "a translated column cannot be read",
			Cure: "write what is asked for into a column of its own on the sheet choices, and read that by its name"}
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
		p.made.uses.Any = p.made.uses.Any || s.axis == axisChild && !rows
	case t.kind == tokenName:
		s.name = t.text
		p.noteName(t.text, rows)
	case t.is("*"):
		p.made.uses.Any = p.made.uses.Any || s.axis == axisChild && !rows
	default:
		p.at--
		return s, p.missingOperand()
	}
	return s, nil
}

// predicates reads what stands in brackets; rows says that rows of a list are asked.
func (p *parser) predicates(rows bool) ([]term, error) {
	defer func(before bool) { p.rows = before }(p.rows)
	p.rows = rows
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
	p.made.calls[note].Args = len(c.args)
	return c, p.check(c)
}
