package console

import (
	"regexp"
	"strings"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/look"
)

// A rule of a form, as ${held} > 5 and selected(${issues}, 'heat'), in words where it is one
// of those that nearly all rules are: comparisons with an answer, joined by one word. Any
// other stands as it is written, with the questions that it reads.

const reference = `\$\{\s*([^}]+?)\s*\}`

var (
	comparison = regexp.MustCompile(`^` + reference + `\s*(=|!=|<=|>=|<|>)\s*(?:'([^']*)'|"([^"]*)"|(-?[0-9.]+))$`)
	including  = regexp.MustCompile(`^(not\s*\(\s*)?selected\s*\(\s*` + reference + `\s*,\s*(?:'([^']*)'|"([^"]*)")\s*\)(\s*\))?$`)
	readsOf    = regexp.MustCompile(reference)
)

// operators are the words for comparisons.
var operators = map[string]look.Key{"=": "office-checklists.is", "!=": "office-checklists.is-not", "<": "office-checklists.less", ">": "office-checklists.more", "<=": "office-checklists.at-most", ">=": "office-checklists.at-least"}

// rule is an expression in words.
func (d drawn) rule(source string) look.Text {
	for _, joint := range []string{"and", "or"} {
		var terms []look.Text
		for _, part := range splitRule(source, joint) {
			if term, ok := d.term(part); ok {
				terms = append(terms, term)
				continue
			}
			terms = nil
			break
		}
		switch {
		case len(terms) == 1 || len(terms) > 1 && joint == "and":
			return d.locale.List(terms...)
		case len(terms) > 1:
			return d.say("office-checklists.any-of", "rules", d.locale.List(terms...))
		}
	}
	return d.asWritten(source)
}

// asWritten is a rule that no words are found for.
func (d drawn) asWritten(source string) look.Text {
	var reads []look.Text
	seen := map[string]bool{}
	for _, m := range readsOf.FindAllStringSubmatch(source, -1) {
		if q, ok := d.form.Question(m[1]); ok && !seen[m[1]] {
			seen[m[1]] = true
			reads = append(reads, look.Spaced(look.Code(m[1]), look.Soft(d.called(q))))
		}
	}
	if len(reads) == 0 {
		return look.Mono(source)
	}
	return look.Lines(look.Mono(source), look.Small(d.say("office-checklists.reads", "questions", look.Dotted(reads...))))
}

// term is one comparison; false where it is none.
func (d drawn) term(s string) (look.Text, bool) {
	s = unwrapped(s)
	if m := comparison.FindStringSubmatch(s); m != nil {
		return d.compared(m[1], m[2], m[3]+m[4], m[5])
	}
	if m := including.FindStringSubmatch(s); m != nil && (m[1] == "") == (m[5] == "") {
		q, ok := d.form.Question(m[2])
		if !ok {
			return nil, false
		}
		if m[1] != "" {
			return d.say("office-checklists.lacks", "question", d.called(q), "answer", d.answer(q, m[3]+m[4])), true
		}
		return d.say("office-checklists.includes", "question", d.called(q), "answer", d.answer(q, m[3]+m[4])), true
	}
	if m := readsOf.FindStringSubmatch(s); m != nil && m[0] == s {
		q, ok := d.form.Question(m[1])
		if !ok {
			return nil, false
		}
		return d.say("office-checklists.answered", "question", d.called(q)), true
	}
	return nil, false
}

func (d drawn) compared(name, operator, text, number string) (look.Text, bool) {
	q, ok := d.form.Question(name)
	switch {
	case !ok:
		return nil, false
	case text == "" && number == "" && operator == "!=":
		return d.say("office-checklists.answered", "question", d.called(q)), true
	case text == "" && number == "" && operator == "=":
		return d.say("office-checklists.unanswered", "question", d.called(q)), true
	case number != "":
		return d.say(operators[operator], "question", d.called(q), "answer", look.Code(number)), true
	}
	return d.say(operators[operator], "question", d.called(q), "answer", d.answer(q, text)), true
}

// answer is a choice by its label.
func (d drawn) answer(q *checklist.Question, name string) look.Text {
	for _, c := range q.Choices(d.in) {
		if c.Name == name && c.Label.Text != "" {
			return labelOf(c.Label)
		}
	}
	return look.Code(name)
}

// splitRule cuts an expression where a word joins its parts, outside brackets and quotes.
func splitRule(s, joint string) (out []string) {
	depth, quote, from := 0, rune(0), 0
	for i, r := range s {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '\'' || r == '"':
			quote = r
		case r == '(' || r == '{' || r == '[':
			depth++
		case r == ')' || r == '}' || r == ']':
			depth--
		case depth == 0 && i > from && joinsAt(s, i, joint):
			out, from = append(out, s[from:i]), i+len(joint)
		}
	}
	return append(out, s[from:])
}

func joinsAt(s string, i int, joint string) bool {
	end := i + len(joint)
	return strings.HasPrefix(s[i:], joint) && end < len(s) && strings.ContainsRune(" \n\t)", rune(s[i-1])) && strings.ContainsRune(" \n\t(", rune(s[end]))
}

// unwrapped takes the brackets off that stand around the whole of it.
func unwrapped(s string) string {
	s = strings.TrimSpace(s)
	for strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		depth := 0
		for i, r := range s {
			switch r {
			case '(':
				depth++
			case ')':
				depth--
			}
			if depth == 0 && i < len(s)-1 {
				return s
			}
		}
		s = strings.TrimSpace(s[1 : len(s)-1])
	}
	return s
}
