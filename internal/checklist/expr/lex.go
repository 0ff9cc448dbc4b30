package expr

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenNumber
	tokenText      // a quoted text; token.text is what stands between the quotes
	tokenReference // ${name}; token.text is what stands between the braces, trimmed
	tokenName
	tokenSign // an operator or bracket
)

type token struct {
	kind  tokenKind
	text  string
	at    int  // first character
	end   int  // character after the last
	apart bool // blanks stand before it
}

func (t token) is(sign string) bool { return t.kind == tokenSign && t.text == sign }

// signs, longest first.
var signs = []string{"!=", "<=", ">=", "::", "//", "..", "(", ")", "[", "]", ",", "/", ".", "+", "-", "*", "=", "<", ">", "|", "@"}

// strangers are signs of other languages, longest first, and what to write here.
var strangers = []struct{ sign, cure string }{
	{"===", "write ="}, {"!==", "write !="}, {"==", "write ="}, {"<>", "write !="}, {"=<", "write <="}, {"=>", "write >="},
	{":=", "a calculation only says the value, as in ${a} + 1: the row's name says which question gets it"},
	{"&&", "write and"}, {"||", "write or"}, {"**", "write pow(a, b)"},
	{"&", "write and for two conditions, concat(a, b) to join texts"},
	{"!", "write not(…), or != for unequal"},
	{"%", "write mod for the rest of a division, div 100 for per cent"},
	{"^", "write pow(a, b)"},
	{";", "leave it out: a cell holds one expression"},
	{"?", "write if(condition, a, b)"},
	{"≠", "write !="}, {"≤", "write <="}, {"≥", "write >="}, {"×", "write *"}, {"÷", "write div"},
	{"−", "write the hyphen -"}, {"–", "write the hyphen -"}, {"—", "write the hyphen -"},
	{"„", `write the straight quotes ' or "`}, {"‚", `write the straight quotes ' or "`}, {"`", `write the straight quotes ' or "`},
	{"«", `write the straight quotes ' or "`}, {"»", `write the straight quotes ' or "`}, {"´", `write the straight quotes ' or "`},
	{"$", "write a question as ${name}"}, {"#", "write a question as ${name}"},
	{"{", "write a question as ${name}"}, {"}", "write a question as ${name}"},
	{":", "a colon stands only in jr:choice-name and jr:itext"},
}

// lexer cuts a source into tokens. Places are characters; typographic quotes are
// straight ones, as pyxform reads them.
type lexer struct {
	source []rune
	at     int
}

func straight(r rune) rune {
	switch r {
	case '‘', '’':
		return '\''
	case '“', '”':
		return '"'
	}
	return r
}

func newLexer(source string) *lexer {
	runes := make([]rune, 0, len(source))
	for _, r := range source {
		runes = append(runes, straight(r))
	}
	return &lexer{source: runes}
}

func (l *lexer) tokens() ([]token, error) {
	var all []token
	for {
		t, err := l.next()
		if err != nil {
			return nil, err
		}
		all = append(all, t)
		if t.kind == tokenEnd {
			return all, nil
		}
	}
}

// blank is white space, also what word processors put in unseen: the no-break
// space, the zero-width space, the mark of byte order.
func blank(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' }

func (l *lexer) peek(n int) rune {
	if l.at+n < len(l.source) {
		return l.source[l.at+n]
	}
	return -1
}

func (l *lexer) next() (token, error) {
	before := l.at
	for l.at < len(l.source) && blank(l.source[l.at]) {
		l.at++
	}
	t := token{at: l.at, apart: l.at > before}
	var err error
	switch r := l.peek(0); {
	case r < 0:
		t.kind = tokenEnd
	case r == '\'' || r == '"':
		t.kind = tokenText
		t.text, err = l.quoted(r)
	case r == '$' && l.peek(1) == '{':
		t.kind = tokenReference
		t.text, err = l.reference()
	case digit(r) || r == '.' && digit(l.peek(1)):
		t.kind = tokenNumber
		t.text, err = l.number()
	case nameStart(r):
		t.kind = tokenName
		t.text = l.name()
	default:
		t.kind = tokenSign
		t.text, err = l.sign()
	}
	t.end = l.at
	return t, err
}

func (l *lexer) quoted(quote rune) (string, error) {
	start := l.at
	if l.apostrophe() {
		all := clip(strings.TrimFunc(string(l.source), blank))
		return "", &Error{0, CodeSyntax, all, "the words “" + all + "” are not an expression", proseCure}
	}
	for l.at++; l.at < len(l.source); l.at++ {
		if l.source[l.at] == quote {
			l.at++
			return string(l.source[start+1 : l.at-1]), nil
		}
	}
	cure := `close it with ' ; a text that holds an apostrophe is put in double quotes "…"`
	if quote == '"' {
		cure = `close it with " ; a text that holds double quotes is put in single quotes '…'`
	}
	return "", &Error{start, CodeSyntax, string(quote), "the quote that opens here is never closed", cure}
}

// apostrophe says that the quote stands inside a word: don't.
func (l *lexer) apostrophe() bool {
	start := l.at
	for start > 0 && namePart(l.source[start-1]) {
		start--
	}
	word := string(l.source[start:l.at])
	return isName(word) && !isOperator(word) && nameStart(l.peek(1))
}

func (l *lexer) reference() (string, error) {
	start := l.at
	l.at += 2
	for l.at < len(l.source) && l.source[l.at] != '}' && !(l.source[l.at] == '$' && l.peek(1) == '{') {
		l.at++
	}
	if l.peek(0) != '}' {
		return "", &Error{start, CodeSyntax, "${", "the ${ that opens here is never closed", "write a question as ${name}, with } right after its name"}
	}
	inside := strings.TrimFunc(string(l.source[start+2:l.at]), blank)
	l.at++
	name := strings.TrimPrefix(inside, "last-saved#")
	if isName(name) {
		return inside, nil
	}
	e := &Error{At: start, Code: CodeSyntax, Word: "${" + inside + "}", Text: "“" + clip(inside) + "” is not the name of a question",
		Cure: "between ${ and } stands one name: letters, digits, _ - and ."}
	switch {
	case inside == "":
		e.Text = "${} names no question"
	case strings.ContainsFunc(inside, blank):
		e.Text += ", names have no blanks"
	case strings.Contains(inside, "/"):
		e.Cure = "write only the question's own name, ${name}, without its groups"
	}
	return "", e
}

func (l *lexer) number() (string, error) {
	start := l.at
	for digit(l.peek(0)) {
		l.at++
	}
	if l.peek(0) == '.' && l.peek(1) != '.' {
		l.at++
		for digit(l.peek(0)) {
			l.at++
		}
	}
	if !nameStart(l.peek(0)) {
		return string(l.source[start:l.at]), nil
	}
	if r := l.peek(0); (r == 'e' || r == 'E') && (digit(l.peek(1)) || (l.peek(1) == '-' || l.peek(1) == '+') && digit(l.peek(2))) {
		return "", &Error{start, CodeSyntax, string(l.source[start : l.at+1]), "numbers have no exponent here", "write all digits, as 1000 for 1e3"}
	}
	// `3mod 2` is legal XPath, if odd; `3rooms` is not.
	rest := lexer{source: l.source, at: l.at}
	if word := rest.name(); !isOperator(word) {
		whole := string(l.source[start:rest.at])
		return "", &Error{start, CodeSyntax, whole, "“" + clip(whole) + "” is neither a number nor a name", "put text in quotes; names begin with a letter or _"}
	}
	return string(l.source[start:l.at]), nil
}

// name reads a name, with the prefix of jr:choice-name.
func (l *lexer) name() string {
	start := l.at
	for namePart(l.peek(0)) {
		l.at++
	}
	if l.peek(0) == ':' && nameStart(l.peek(1)) {
		for l.at++; namePart(l.peek(0)); {
			l.at++
		}
	}
	return string(l.source[start:l.at])
}

func (l *lexer) starts(sign string) bool {
	n := 0
	for _, r := range sign {
		if l.peek(n) != r {
			return false
		}
		n++
	}
	return true
}

func (l *lexer) sign() (string, error) {
	for _, s := range strangers {
		if len(s.sign) > 1 && !(s.sign == "!==") && l.starts(s.sign) {
			return "", l.stranger(s.sign, s.cure)
		}
	}
	for _, s := range signs {
		if l.starts(s) {
			l.at += utf8.RuneCountInString(s)
			return s, nil
		}
	}
	for _, s := range strangers {
		if l.starts(s.sign) {
			return "", l.stranger(s.sign, s.cure)
		}
	}
	r := l.peek(0)
	if unicode.IsDigit(r) {
		return "", l.stranger(string(r), "write digits as 0 to 9")
	}
	return "", l.stranger(string(r), proseCure)
}

func (l *lexer) stranger(sign, cure string) *Error {
	return &Error{l.at, CodeSyntax, sign, "the sign “" + sign + "” does not exist in expressions", cure}
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

func nameStart(r rune) bool { return r == '_' || r >= 0 && unicode.IsLetter(r) }

func namePart(r rune) bool {
	return nameStart(r) || digit(r) || r == '-' || r == '.' || r >= 0 && (unicode.IsDigit(r) || unicode.IsMark(r))
}

// isOperator says that a word joins two values.
func isOperator(word string) bool {
	return word == "and" || word == "or" || word == "div" || word == "mod"
}

func isName(s string) bool {
	for i, r := range s {
		if i == 0 && !nameStart(r) || !namePart(r) {
			return false
		}
	}
	return s != ""
}

// clip shortens what a message quotes.
func clip(s string) string {
	if utf8.RuneCountInString(s) <= 60 {
		return s
	}
	return string([]rune(s)[:57]) + "…"
}
