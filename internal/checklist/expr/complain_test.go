package expr

import (
	"errors"
	"strings"
	"testing"
)

func TestCompileNamesThePlaceAndTheCure(t *testing.T) {
	deep := strings.Repeat("(", 101) + "1" + strings.Repeat(")", 101)
	for _, c := range []struct {
		shows, source string
		at            int
		code          Code
		text, cure    string // parts of them
	}{
		{"an empty cell", "  ", 0, CodeSyntax, "empty", "leave the cell empty"},
		{"a mistyped function", "selcted(${a}, 'x')", 0, CodeUnknownFunction, "“selcted” is not a function that Daylight knows", "did you mean selected?"},
		{"a function without its hyphen", "countselected(${a})", 0, CodeUnknownFunction, "“countselected”", "did you mean count-selected?"},
		{"a function in capitals", "1 + IF(${a} = 1, 2, 3)", 4, CodeUnknownFunction, "“IF”", "write if, in small letters"},
		{"a function of another program", "trim(${a})", 0, CodeUnknownFunction, "“trim”", "normalize-space"},
		{"a function that nobody knows", "frobnicate(1)", 0, CodeUnknownFunction, "“frobnicate”", "specification"},
		{"an operator as a function", "and(${a}, ${b})", 0, CodeUnknownFunction, "“and”", "a and b"},
		{"prose", "number of children", 0, CodeSyntax, "the words “number of children” are not an expression", "put text in quotes, write a question as ${name}"},
		{"prose after a number", "1 + the other ones", 4, CodeSyntax, "the words “the other ones”", "put text in quotes"},
		{"prose that ends with a full stop", "Yes, please.", 3, CodeSyntax, "a comma", "leave it out"},
		{"prose with an apostrophe", "because pyxform doesn't know what to do", 0, CodeSyntax, "the words “because pyxform doesn't know what to do”", "put text in quotes"},
		{"prose with a typographer's apostrophe", "it isn’t here and wasn’t", 0, CodeSyntax, "the words “it isn't here", "put text in quotes"},
		{"a translated column", "label::English != ''", 0, CodeSyntax, "translated column", "sheet choices"},
		{"a function without brackets", "not ${a}", 0, CodeSyntax, "not has no brackets", "not(condition)"},
		{"a function without brackets before a name", "count children", 0, CodeSyntax, "count has no brackets", "count(${repeat})"},
		{"an unclosed bracket", "1 + (2 * (3 + 4)", 4, CodeSyntax, "the bracket ( that opens here is never closed", "close it with )"},
		{"an unclosed call", "if(${a} = 1, 2, 3", 2, CodeSyntax, "never closed", "close it with )"},
		{"an unclosed predicate", "count(${r}[a = 1)", 16, CodeSyntax, "the bracket ) closes nothing", "leave it out"},
		{"a predicate to the end", "${r}[a = 1", 4, CodeSyntax, "the bracket [ that opens here", "close it with ]"},
		{"a bracket too many", "${a} = 1)", 8, CodeSyntax, "closes nothing", "leave it out"},
		{"an unclosed quote", "${a} = 'x", 7, CodeSyntax, "the quote that opens here is never closed", "apostrophe"},
		{"an unclosed double quote", `concat("a, ${b})`, 7, CodeSyntax, "the quote that opens here", "double quotes"},
		{"an unclosed reference", "${a = 1", 0, CodeSyntax, "the ${ that opens here is never closed", "}"},
		{"an unclosed reference before another", "${a + ${b}", 0, CodeSyntax, "the ${ that opens here", "}"},
		{"a reference with a blank", "${a b} = 1", 0, CodeSyntax, "“a b” is not the name of a question, names have no blanks", "one name"},
		{"an empty reference", "${}", 0, CodeSyntax, "names no question", "one name"},
		{"a reference with its group", "${group/a}", 0, CodeSyntax, "“group/a”", "without its groups"},
		{"a question without the dollar", "{a} = 1", 0, CodeSyntax, "“{”", "${name}"},
		{"a question without braces", "$a = 1", 0, CodeSyntax, "“$”", "${name}"},
		{"double equals", "${a} == 1", 5, CodeSyntax, "“==”", "write ="},
		{"ampersands", "${a} && ${b}", 5, CodeSyntax, "“&&”", "write and"},
		{"one ampersand", "${a} & ${b}", 5, CodeSyntax, "“&”", "concat(a, b)"},
		{"bars", "${a} || ${b}", 5, CodeSyntax, "“||”", "write or"},
		{"a rhombus", "${a} <> 1", 5, CodeSyntax, "“<>”", "write !="},
		{"an arrow", "${a} => 1", 5, CodeSyntax, "“=>”", "write >="},
		{"signs apart", "${a} < = 1", 5, CodeSyntax, "two signs", "in one piece"},
		{"an exclamation mark", "!${a}", 0, CodeSyntax, "“!”", "not(…)"},
		{"a question mark", "${a} ? 1", 5, CodeSyntax, "“?”", "if(condition, a, b)"},
		{"per cent", "${a} % 2", 5, CodeSyntax, "“%”", "mod"},
		{"a power", "2 ^ 3", 2, CodeSyntax, "“^”", "pow(a, b)"},
		{"a power of stars", "2 ** 3", 2, CodeSyntax, "“**”", "pow(a, b)"},
		{"a method", "${a}.trim()", 4, CodeSyntax, "after a dot", "normalize-space"},
		{"a method of a name", "a.contains('x')", 0, CodeSyntax, "after a dot", "contains(text, part)"},
		{"an unknown method", "${a}.foo()", 4, CodeSyntax, "after a dot", "around its value"},
		{"a division by a slash", "${a} / 2", 5, CodeSyntax, "/ does not divide", "div"},
		{"a division of references", "${a} / ${b}", 5, CodeSyntax, "/ does not divide", "div"},
		{"a reference in a path", "../${a}", 2, CodeSyntax, "inside a path", "${a}"},
		{"a decimal comma", "${a} > 3,5", 7, CodeSyntax, "“3,5” is not a number", "3.5"},
		{"a comma", "${a}, ${b}", 4, CodeSyntax, "a comma stands only between", "concat"},
		{"an assignment", "total := ${a} + 1", 6, CodeSyntax, "“:=”", "a calculation only says the value"},
		{"an assignment to a name", "x + 1 = = 2", 6, CodeSyntax, "two signs", "in one piece"},
		{"a spreadsheet's formula", "=A1+B1", 0, CodeSyntax, "does not begin with =", "leave the = out"},
		{"a capital operator", "${a} AND ${b}", 5, CodeSyntax, "“AND”", "write and in small letters"},
		{"an operator without an end", "${a} = ", 5, CodeSyntax, "“=” is followed by no value", "''"},
		{"an operator without a beginning", "> 3", 0, CodeSyntax, "“>” stands without a value", "."},
		{"a word operator without an end", "${a} = 1 and", 9, CodeSyntax, "“and” is followed by no value", "write the value"},
		{"a plus before a number", "+3", 0, CodeSyntax, "+ stands without", "leave it out"},
		{"nothing between two values", "${a} 'x'", 5, CodeSyntax, "nothing joins “${a}” and “'x'”", "operator"},
		{"two references", "${a}${b}", 4, CodeSyntax, "nothing joins", "concat"},
		{"an exponent", "1e3", 0, CodeSyntax, "no exponent", "all digits"},
		{"a number with letters", "3rooms", 0, CodeSyntax, "neither a number nor a name", "quotes"},
		{"Arabic digits", "${a} > ٣", 7, CodeSyntax, "“٣”", "0 to 9"},
		{"a typographer's minus", "${a} − 1", 5, CodeSyntax, "“−”", "hyphen"},
		{"a sign of mathematics", "${a} ≤ 1", 5, CodeSyntax, "“≤”", "<="},
		{"guillemets", "${a} = «x»", 7, CodeSyntax, "“«”", "straight quotes"},
		{"places are characters", "'Garaýol' == 'Ж'", 10, CodeSyntax, "“==”", "="},
		{"a full stop at the end", "${a} = 1 .", 9, CodeSyntax, "full stop stands in the wrong place", "does not end with a full stop"},
		{"double slashes on a text", "'a'//b", 3, CodeSyntax, "// does not exist", "${name}"},
		{"a node test without its end", "parent::node(", 13, CodeSyntax, "nothing joins “(” and “the end”", "operator"},
		{"an axis without a name", "parent:: + 1", 6, CodeSyntax, "“::” is followed by no value", "write the value"},
		{"a filter that is wrong inside", "${r}/a[1 == 2]", 9, CodeSyntax, "“==”", "write ="},
		{"a filter on a step that is wrong inside", "../a[1 +]", 7, CodeSyntax, "“+” is followed by no value", "write the value"},
		{"a filter on a call that is wrong inside", "current()[1 +]", 12, CodeSyntax, "“+” is followed by no value", "write the value"},
		{"a union that is wrong", "${a} | ", 5, CodeSyntax, "“|” is followed by no value", "write the value"},
		{"a picture", "${a} = 1 ☺", 9, CodeSyntax, "the sign “☺” does not exist", "put text in quotes"},
		{"a list without a name", "instance(' ')/root", 0, CodeArguments, "names a list or file", "instance('list or file')"},
		{"long prose", strings.Repeat("word ", 40), 0, CodeSyntax, "wo…” are not an expression", "put text in quotes"},
		{"an attribute", "../@a", 3, CodeSyntax, "no attributes", "${name}"},
		{"double slashes", "${a}//b", 4, CodeSyntax, "// does not exist", "${name}"},
		{"an axis", "following-sibling::a", 0, CodeSyntax, "the axis following-sibling", "child, parent and self"},
		{"text()", "${a}/text()", 5, CodeSyntax, "inside a path", "leave it out"},
		{"a path that ends", "${a}/", 4, CodeSyntax, "ends with /", "leave the / out"},
		{"a filter on a text", "'a'[1]", 3, CodeSyntax, "filters a repeat", "${repeat}"},
		{"a missing argument", "if(${a}, , 1)", 9, CodeSyntax, "argument of if() is missing", "''"},
		{"an argument missing at the end", "if(${a}, 1,)", 11, CodeSyntax, "argument of if() is missing", "''"},
		{"empty brackets", "1 + ()", 4, CodeSyntax, "nothing stands between ( and )", "write a value"},
		{"an empty predicate", "${r}[]", 4, CodeSyntax, "nothing stands between [ and ]", "condition"},
		{"too few arguments", "if(${a}, 1)", 0, CodeArguments, "if() are wrong: it takes 3, not 2", "if(condition, then, else)"},
		{"too many arguments", "substr(${a}, 1, 2, 3)", 0, CodeArguments, "it takes 2 to 3, not 4", "substr(text, from, to?)"},
		{"none where one is needed", "concat()", 0, CodeArguments, "it takes 1 or more, not 0", "concat(a, b, …)"},
		{"count of a text", "count('a')", 0, CodeArguments, "question or repeat", "count(${repeat})"},
		{"position of a sum", "position(1 + 1)", 0, CodeArguments, "question or repeat", "position(..)"},
		{"a weight left out", "weighted-checklist(1, 2, ${a})", 0, CodeArguments, "no weight", "weight of a"},
		{"an index left out", "indexed-repeat(${a}, ${r}, 1, ${s})", 0, CodeArguments, "no index", "indexed-repeat"},
		{"indexed-repeat of a path", "indexed-repeat(../a, ${r}, 1)", 0, CodeArguments, "${name}", "indexed-repeat"},
		{"a choice name of no question", "jr:choice-name(${a}, 'a')", 0, CodeArguments, "a question in quotes", "'${question}'"},
		{"jr:itext", "jr:itext('x')", 0, CodeUnknownFunction, "“jr:itext”", "${question} in the label"},
		{"a day that is none", "${d} > date('2026-02-30')", 12, CodeDate, "“2026-02-30” is not a day", "2026-02-28"},
		{"a date that is prose", "date('tomorrow')", 5, CodeDate, "“tomorrow”", "year-month-day"},
		{"a sign of dates that is none", "format-date(${d}, '%Q')", 0, CodeArguments, "%Q is not a sign that it knows, as %Y %y %m", "format-date"},
		{"a time in a date's form", "format-date(${d}, '%H')", 0, CodeArguments, "%H is not a sign", "format-date"},
		{"a form that ends with per cent", "format-date(${d}, '100%')", 0, CodeArguments, "ends with %", "format-date"},
		{"an algorithm that is none", "digest(${a}, 'CRC32')", 0, CodeArguments, "MD5", "digest("},
		{"an encoding that is none", "digest(${a}, 'MD5', 'octal')", 0, CodeArguments, "'hex'", "digest("},
		{"a pattern that looks ahead", "regex(., '(?=a)b')", 9, CodePattern, "looks ahead or behind", "regex(., '…') and not"},
		{"a pattern that looks back", `regex(., '(a)\1')`, 9, CodePattern, `“\1”`, "write the characters out"},
		{"a pattern with an open set", "regex(., '[a-')", 9, CodePattern, "never closed", "close it with ]"},
		{"a pattern with an open bracket", "regex(., '(a')", 9, CodePattern, "no partner", "close it"},
		{"a pattern with a closed bracket", "regex(., 'a)|(b')", 9, CodePattern, "no partner", "close it"},
		{"a pattern that repeats nothing", "regex(., '*a')", 9, CodePattern, "repeats nothing", "before it"},
		{"a pattern that repeats too often", "regex(., 'a{2000}')", 9, CodePattern, "too often", "1000"},
		{"a pattern that is too large", "regex(., '((a{30}){30}){30}')", 9, CodePattern, "too often", "1000"},
		{"a pattern with a set that is none", `regex(., '\p{Foo}')`, 9, CodePattern, `“\p{Foo}” does not exist`, `\p{L}`},
		{"a pattern that subtracts", "regex(., '[a-z-[aeiou]]')", 9, CodePattern, "taken from another", "remain"},
		{"a pattern that intersects", "regex(., '[a-z&&[^b]]')", 9, CodePattern, "taken from another", "remain"},
		{"a pattern of XML Schema", `regex(., '\i\c*')`, 9, CodePattern, `\i does not exist`, "[A-Za-z0-9_]"},
		{"a pattern that looks behind", "regex(., '(?<=a)b')", 9, CodePattern, "looks ahead or behind", "regex(., '…') and not"},
		{"a pattern that must not look behind", "regex(., '(?<!a)b')", 9, CodePattern, "looks ahead or behind", "regex(., '…') and not"},
		{"a pattern with a set in a set", "regex(., '[a[bc]]')", 9, CodePattern, "set of characters stands in another", `bracket as \[`},
		{"a pattern with a sign that is none", `regex(., 'a\y')`, 9, CodePattern, `“\y” does not exist`, `needs no \`},
		{"a pattern with a range backwards", "regex(., '[z-a]')", 9, CodePattern, "“z-a” runs backwards", "lower character first"},
		{"a pattern that ends with a backslash", `regex(., 'a\')`, 9, CodePattern, `ends with \`, `\\`},
		{"a pattern without a lower number", "regex(., '[0-9]{,3}')", 9, CodePattern, "no lower number", "{0,3}"},
		{"a pattern with too many instructions", "regex(., '(abcdefghijklmnopqrstuvwxyz){1000}')", 9, CodePattern, "too large", "smaller numbers"},
		{"a pattern that is possessive", "regex(., 'a++')", 9, CodePattern, "repeats twice", "one of"},
		{"brackets too deep", deep, 100, CodeTooDeep, "100 deep", "several calculate rows"},
		{"minus signs too deep", strings.Repeat("-", 200) + "1", 99, CodeTooDeep, "100 deep", "several calculate rows"},
		{"a source too long", strings.Repeat("1+", MaxSource/2) + "1", 0, CodeTooLong, "32 KiB", "several calculate rows"},
		{"bytes that are no text", "'\xff'", 0, CodeSyntax, "UTF-8", "anew"},
	} {
		t.Run(c.shows, func(t *testing.T) {
			_, err := Compile(c.source)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("%q compiles: %v", clip(c.source), err)
			}
			if e.At != c.at || e.Code != c.code || !strings.Contains(e.Text, c.text) || !strings.Contains(e.Cure, c.cure) {
				t.Errorf("%q is refused at %d (%s) with\n  %s: %s\nwant at %d (%s)\n  …%s…: …%s…", clip(c.source), e.At, e.Code, e.Text, e.Cure, c.at, c.code, c.text, c.cure)
			}
			if strings.HasSuffix(e.Text, ".") || strings.HasSuffix(e.Cure, ".") && !strings.HasSuffix(e.Cure, " .") {
				t.Errorf("a clause ends with a full stop: %v", e)
			}
		})
	}
}

func TestCompileTakesWhatLooksOddAndIsRight(t *testing.T) {
	for _, source := range []string{
		"${a}-${b}", "a-b", "${ a }", "\u00a0${a}\u200b = 1", "selected(${a}, ‘b’)", "${a} = 'x' and'y' = ${b}", "“x” = ${a}", "3mod 2", "5-3", "- -1",
		"${last-saved#a}", "mod mod mod", "* * *", "div div div", "and and or or or", "${Q1.1} = 1", "${ünïcode_й}", "(((1)))",
		"/data/a", "../../a", "./a", "current()/../a", "${r}[1][2]/a[b = 1]/c", "parent::node()/a", "self::node()", "child::a", "(${a} | ${b})[1]",
		"instance('x')/root/item[a = ${b}]/c", "regex(., '[]a]')", "regex(., '[[:alpha:]]')", `regex(., '\p{IsCyrillic}+')`, `regex(., '\u0410+')`,
		"if(true(), 1, 2)[1]/a" /* a failure at run time */, ".5 + 5.", "jr:choice-name(${a}, ${a})", "jr:choice-name(., ' ${ a } ')",
		"format-date(., '%d%%')", "date('')", strings.Repeat("(", 99) + "1" + strings.Repeat(")", 99),
		strings.Repeat("1 + ", 7000) + "1", strings.Repeat("${a} = 1 or ", 2000) + "1",
	} {
		if _, err := Compile(source); err != nil {
			t.Errorf("%q: %v", clip(source), err)
		}
	}
}

func TestErrorsSaySoInOneLine(t *testing.T) {
	_, err := Compile("${a} == 1")
	if got, want := err.Error(), "at character 6: the sign “==” does not exist in expressions: write ="; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for f, want := range map[*Failure]string{
		{At: 0, Function: "count", Text: "x"}: "at character 1: count(): x",
		{At: 4, Text: "y"}:                    "at character 5: y",
	} {
		if f.Error() != want {
			t.Errorf("%q, want %q", f.Error(), want)
		}
	}
}

func TestNearest(t *testing.T) {
	for name, want := range map[string]string{
		"Selected": "selected", "slected": "selected", "selectedat": "selected-at", "concta": "concat", "cont": "count", "string_length": "string-length",
		"xyz": "", "": "", strings.Repeat("a", 5000): "",
	} {
		if got, ok := Nearest(name); got != want || ok != (want != "") {
			t.Errorf("nearest to %q is %q, want %q", clip(name), got, want)
		}
	}
}

func TestEveryFunctionHasASignatureAndAMeaning(t *testing.T) {
	for name, s := range Functions() {
		if functions[name] == nil {
			t.Errorf("%s does nothing", name)
		}
		if !strings.HasPrefix(s.Form, name+"(") || s.Does == "" || s.Most >= 0 && s.Most < s.Least {
			t.Errorf("%s has the signature %+v", name, s)
		}
		if unsupported[name] != "" {
			t.Errorf("%s is known and unsupported", name)
		}
	}
	if len(functions) != len(signatures) {
		t.Errorf("%d functions, %d signatures", len(functions), len(signatures))
	}
}
