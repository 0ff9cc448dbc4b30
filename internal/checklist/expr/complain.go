package expr

import "strings"

// This file says what is wrong where the grammar ends.

const proseCure = "put text in quotes, write a question as ${name}"

// unclosed is said where a bracket should have been closed or a comma stand.
func (p *parser) unclosed(open token, opens, closes string) error {
	if p.now().kind == tokenEnd {
		return &Error{At: open.at, Code: CodeSyntax, Word: opens, Text: "the bracket " + opens + " that opens here is never closed", Cure: "close it with " + closes}
	}
	return p.unexpected()
}

// unexpected is said where an operand is complete and something follows that joins nothing.
func (p *parser) unexpected() error {
	t := p.now()
	e := &Error{At: t.at, Code: CodeSyntax, Word: t.text}
	before := p.tokens[max(p.at-1, 0)]
	switch {
	case t.is(")") || t.is("]"):
		e.Text, e.Cure = "the bracket "+t.text+" closes nothing", "leave it out, or open it where it belongs"
	case t.is(","):
		e.Text, e.Cure = "a comma stands only between the arguments of a function", "leave it out, or write and, or, concat(a, b)"
		if next := p.ahead(1); before.kind == tokenNumber && next.kind == tokenNumber && !t.apart && !next.apart {
			e.At, e.Word = before.at, before.text+","+next.text
			e.Text, e.Cure = "“"+clip(e.Word)+"” is not a number", "write the decimal point, "+clip(before.text+"."+next.text)
		}
	case t.is(".") || t.is(".."):
		return p.afterDot()
	case t.kind == tokenName && isOperator(strings.ToLower(t.text)):
		e.Text, e.Cure = "“"+t.text+"” is not an operator", "write "+strings.ToLower(t.text)+" in small letters"
	case t.kind == tokenName && before.kind == tokenName:
		return p.prose()
	case before.kind == tokenName && signatures[before.text].Form != "":
		return p.noBrackets(before)
	default:
		e.Text = "nothing joins “" + clip(p.written(before)) + "” and “" + clip(p.written(t)) + "”"
		e.Cure = "write an operator between them, such as = + and, or concat(a, b) to join texts"
	}
	return e
}

// prose is said when words follow each other: they are no expression.
func (p *parser) prose() error {
	first := p.at
	for first > 0 && p.tokens[first-1].kind == tokenName {
		first--
	}
	if first == p.at-1 && signatures[p.tokens[first].text].Form != "" && p.ahead(1).kind != tokenName {
		return p.noBrackets(p.tokens[first])
	}
	last := p.at
	for p.tokens[last+1].kind == tokenName {
		last++
	}
	var words []string
	for _, t := range p.tokens[first : last+1] {
		words = append(words, t.text)
	}
	all := clip(strings.Join(words, " "))
	return &Error{At: p.tokens[first].at, Code: CodeSyntax, Word: all, Text: "the words “" + all + "” are not an expression", Cure: proseCure}
}

func (p *parser) noBrackets(name token) error {
	return &Error{At: name.at, Code: CodeSyntax, Word: name.text, Text: "the function " + name.text + " has no brackets here",
		Cure: "write " + signatures[name.text].Form}
}

// afterDot is said of `${a}.trim()` and of a stray full stop.
func (p *parser) afterDot() error {
	t := p.now()
	if next := p.ahead(1); next.kind == tokenName && p.ahead(2).is("(") {
		return p.method(next.text, t.at)
	}
	return &Error{At: t.at, Code: CodeSyntax, Word: t.text, Text: "a full stop stands in the wrong place",
		Cure: "an expression does not end with a full stop; . alone means the question itself"}
}

func (p *parser) method(name string, at int) error {
	cure := "write the function around its value: function(${a})"
	if s, ok := signatures[name]; ok {
		cure = "write " + s.Form
	} else if c, ok := unsupported[strings.ToLower(name)]; ok {
		cure = c
	}
	return &Error{At: at, Code: CodeSyntax, Word: "." + name + "()", Text: "functions are not written after a dot", Cure: cure}
}

// dotted is said of a call where only a name can stand, after a slash.
func (p *parser) dotted(name token) error {
	cure := "write the function around the path: " + clip(name.text) + "(…)"
	if name.text == "text" || name.text == "node" {
		cure = "leave it out: a path gives its text"
	}
	return &Error{At: name.at, Code: CodeSyntax, Word: name.text + "()", Text: "a function cannot stand inside a path", Cure: cure}
}

// wrongStep is said where / or [ follows what has no parts, or is meant as a division.
func (p *parser) wrongStep() error {
	t := p.now()
	e := &Error{At: t.at, Code: CodeSyntax, Word: t.text, Text: "/ does not divide", Cure: "write div for a division; a path goes on with a name"}
	switch next := p.ahead(1); {
	case t.is("["):
		e.Text, e.Cure = "[ ] filters a repeat or a list, not a text or a number", "write ${repeat}[…]"
	case t.is("//"):
		e.Text, e.Cure = "// does not exist in expressions", "write a question as ${name}"
	case next.kind == tokenEnd:
		e.Text, e.Cure = "a path ends with /", "leave the / out, or go on with a name"
	case next.kind == tokenReference && p.at > 0 && p.tokens[p.at-1].is(".."):
		e.Text, e.Cure = "${} cannot stand inside a path", "write only ${"+clip(next.text)+"}: it finds its instance by itself"
	}
	return e
}

// missingOperand is said where a value should stand.
func (p *parser) missingOperand() error {
	t := p.now()
	e := &Error{At: t.at, Code: CodeSyntax, Word: t.text}
	if p.at == 0 {
		e.Text, e.Cure = "“"+t.text+"” stands without a value before it", "write the value before it, such as ${name} or ."
		if t.is(")") || t.is("]") {
			e.Text, e.Cure = "the bracket "+t.text+" closes nothing", "leave it out, or open it where it belongs"
		}
		return e
	}
	before := p.tokens[p.at-1]
	e.At, e.Word = before.at, before.text
	switch {
	case before.is("(") && t.is(")"):
		e.Text, e.Cure = "nothing stands between ( and )", "write a value between them, or leave the brackets out"
	case before.is("[") && t.is("]"):
		e.Text, e.Cure = "nothing stands between [ and ]", "write a condition between them"
	default:
		e.Text, e.Cure = "“"+p.written(before)+"” is followed by no value", "write the value after it, such as ${name}, 'text' or 12; '' is the empty text"
	}
	return e
}

// written is a token as the source has it.
func (p *parser) written(t token) string {
	switch t.kind {
	case tokenEnd:
		return "the end"
	case tokenText:
		return "'" + t.text + "'"
	case tokenReference:
		return "${" + t.text + "}"
	}
	return t.text
}

// known refuses a function that is not in the table.
func (p *parser) known(name token) error {
	if _, ok := signatures[name.text]; ok {
		return nil
	}
	e := &Error{At: name.at, Code: CodeUnknownFunction, Word: name.text, Text: "“" + clip(name.text) + "” is not a function that Daylight knows"}
	if i := strings.LastIndex(name.text, "."); i > 0 && !strings.Contains(name.text, ":") {
		if method := name.text[i+1:]; method != "" {
			return p.method(method, name.at)
		}
	}
	near, ok := Nearest(name.text)
	switch cure := unsupported[strings.ToLower(name.text)]; {
	case strings.EqualFold(near, name.text):
		e.Cure = "write " + near + ", in small letters"
	case cure != "":
		e.Cure = cure
	case ok:
		e.Cure = "did you mean " + near + "?"
	default:
		e.Cure = "the functions of ODK's XForms specification are known; write what it does with them, or ask the question itself"
	}
	return e
}
