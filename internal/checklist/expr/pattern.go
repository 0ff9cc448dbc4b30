package expr

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
)

// Bounds of a regular expression: its length in bytes and its instructions.
const (
	maxPattern      = 4 << 10
	maxInstructions = 20_000
)

// pattern is a regular expression that fits a whole text (ruling R3). RE2 matches in
// time linear in the text, so no pattern can make a form hang.
type pattern struct {
	re   *regexp.Regexp
	cost int // of 16 bytes of text, in steps
}

// badPattern says what is wrong with a pattern, and what to write instead.
type badPattern struct{ text, cure string }

func (b *badPattern) Error() string { return b.text + ": " + b.cure }

func compilePattern(source string) (*pattern, *badPattern) {
	if len(source) > maxPattern {
		return nil, &badPattern{"the pattern is longer than 4 KiB", "write two patterns, joined by and"}
	}
	translated, bad := translatePattern(source)
	if bad != nil {
		return nil, bad
	}
	whole := `\A(?:` + translated + `)\z`
	if _, err := syntax.Parse(translated, syntax.Perl); err != nil {
		return nil, explainPattern(err, source)
	}
	tree, err := syntax.Parse(whole, syntax.Perl)
	if err != nil {
		return nil, explainPattern(err, source)
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil || len(program.Inst) > maxInstructions {
		return nil, &badPattern{"the pattern is too large", "write smaller numbers between { and }"}
	}
	return &pattern{regexp.MustCompile(whole), 1 + len(program.Inst)/16}, nil
}

// translation turns what XML Schema and Java write otherwise into RE2's words, and
// refuses what RE2 would silently read as something else.
type translation struct {
	out   strings.Builder
	class bool // between [ and ]
}

func translatePattern(s string) (string, *badPattern) {
	var t translation
	for len(s) > 0 {
		n, bad := t.piece(s)
		if bad != nil {
			return "", bad
		}
		s = s[n:]
	}
	return t.out.String(), nil
}

// piece translates what the rest begins with, and says how long that was.
func (t *translation) piece(rest string) (int, *badPattern) {
	switch {
	case rest[0] == '\\' && len(rest) > 1:
		return t.escape(rest)
	case !t.class && strings.HasPrefix(rest, "{,"):
		return 0, &badPattern{"“{,” has no lower number", "write it, as {0,3}"}
	case t.class && (strings.HasPrefix(rest, "&&") || strings.HasPrefix(rest, "-[")):
		return 0, &badPattern{"one set of characters cannot be taken from another here", "write the characters that remain between [ and ]"}
	case rest[0] == '[':
		return t.open(rest)
	case rest[0] == ']':
		t.class = false
	}
	return t.copy(rest, 1)
}

func (t *translation) copy(rest string, n int) (int, *badPattern) {
	t.out.WriteString(rest[:n])
	return n, nil
}

// escape: \u0416 is \x{0416}, \p{IsCyrillic} is \p{Cyrillic}.
func (t *translation) escape(rest string) (int, *badPattern) {
	switch {
	case rest[1] == 'u' && len(rest) >= 6 && hexadecimal(rest[2:6]):
		t.out.WriteString(`\x{` + rest[2:6] + `}`)
		return 6, nil
	case len(rest) > 5 && (rest[1] == 'p' || rest[1] == 'P') && (rest[2:5] == "{Is" || rest[2:5] == "{In"):
		t.out.WriteString(rest[:3])
		return 5, nil
	case strings.IndexByte("ickZRh", rest[1]) >= 0:
		return 0, &badPattern{rest[:2] + " does not exist in patterns here", `write the characters out, as [A-Za-z0-9_] or \s`}
	}
	return t.copy(rest, 2)
}

// open: a set may begin with ] itself, and hold [:alpha:], but no other set.
func (t *translation) open(rest string) (int, *badPattern) {
	if t.class {
		if end := strings.Index(rest, ":]"); strings.HasPrefix(rest, "[:") && end > 0 {
			return t.copy(rest, end+2)
		}
		return 0, &badPattern{"a set of characters stands in another", `write all characters in one set, and a bracket as \[`}
	}
	t.class = true
	if strings.HasPrefix(rest, "[]") || strings.HasPrefix(rest, "[^]") {
		return t.copy(rest, strings.IndexByte(rest, ']')+1)
	}
	return t.copy(rest, 1)
}

func hexadecimal(s string) bool {
	return strings.Trim(s, "0123456789abcdefABCDEF") == ""
}

// explainPattern says in the words of people who write forms what RE2 found.
func explainPattern(err error, source string) *badPattern {
	var e *syntax.Error
	if !errors.As(err, &e) {
		return &badPattern{"the pattern cannot be read", "write a simpler one"}
	}
	piece := clip(e.Expr)
	switch e.Code {
	case syntax.ErrInvalidPerlOp, syntax.ErrInvalidNamedCapture:
		return &badPattern{"the pattern looks ahead or behind with “" + piece + "”, which does not exist here",
			"write two conditions joined by and: regex(., '…') and not(regex(., '…'))"}
	case syntax.ErrInvalidEscape:
		if len(piece) == 2 && digit(rune(piece[1])) {
			return &badPattern{"the pattern looks back with “" + piece + "”, which does not exist here", "write the characters out"}
		}
		return &badPattern{"the sign “" + piece + "” does not exist in patterns", `a sign that stands for itself needs no \ before it`}
	case syntax.ErrInvalidCharRange:
		if strings.HasPrefix(piece, `\p`) || strings.HasPrefix(piece, `\P`) {
			return &badPattern{"the set of characters “" + piece + "” does not exist", `write \p{L} for letters, \p{Lu} for capitals, \p{Cyrillic} or \p{Arabic} for a script`}
		}
		return &badPattern{"the range “" + piece + "” runs backwards", "write the lower character first"}
	case syntax.ErrMissingBracket:
		return &badPattern{"a bracket [ of the pattern is never closed", `close it with ], or write \[ for the sign itself`}
	case syntax.ErrMissingParen, syntax.ErrUnexpectedParen:
		return &badPattern{"a bracket ( or ) of the pattern has no partner", `close it, or write \( or \) for the sign itself`}
	case syntax.ErrMissingRepeatArgument:
		return &badPattern{"“" + piece + "” repeats nothing", `write what is repeated before it, or \` + piece + " for the sign itself"}
	case syntax.ErrInvalidRepeatOp:
		return &badPattern{"“" + piece + "” repeats twice", "write one of * + ? {…}"}
	case syntax.ErrInvalidRepeatSize, syntax.ErrLarge:
		return &badPattern{"the pattern repeats too often with “" + piece + "”", "write numbers up to 1000, the lower first"}
	case syntax.ErrTrailingBackslash:
		return &badPattern{`the pattern ends with \`, `write \\ for the sign itself`}
	}
	return &badPattern{"the pattern cannot be read at “" + piece + "”", "write a simpler one"}
}

// anchored says that a pattern has ^ and $ around it.
func anchored(source string) bool {
	return strings.HasPrefix(source, "^") && strings.HasSuffix(source, "$") && !strings.HasSuffix(source, `\$`)
}

func callRegex(m *machine, c *call) (Value, error) {
	s, err := m.textOf(c, 0)
	if err != nil {
		return Value{}, err
	}
	p, ok := c.made.(*pattern)
	if !ok {
		source, err := m.textOf(c, 1)
		if err != nil {
			return Value{}, err
		}
		if err := m.spend(100 + len(source)); err != nil {
			return Value{}, err
		}
		var bad *badPattern
		if p, bad = compilePattern(source); bad != nil {
			m.remark(c, bad.Error())
			return boolValue(false), nil
		}
		if err := m.spend(16 * p.cost); err != nil { // reading it costs more than using it
			return Value{}, err
		}
	}
	if err := m.spend(p.cost * (1 + len(s)/16)); err != nil {
		return Value{}, err
	}
	return boolValue(p.re.MatchString(s)), nil
}
