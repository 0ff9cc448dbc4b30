package expr

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// check looks at the arguments of a call: how many, and what its literals say. It
// notes what the description of the expression needs.
func (p *parser) check(c *call) error {
	s, n := signatures[c.name], len(c.args)
	if n < s.Least || s.Most >= 0 && n > s.Most {
		return p.arguments(c, howMany(s, n))
	}
	switch c.name {
	case "now", "today":
		p.made.uses.Clock = true
	case "random", "uuid":
		p.made.uses.Random = true
	case "randomize":
		p.made.uses.Random = p.made.uses.Random || n == 1
		return p.wantNodes(c)
	case "once":
		p.made.uses.Once = true
	case "current":
		p.made.uses.Current = true
	case "position":
		p.made.uses.Position = true
		if n == 1 {
			return p.wantNodes(c)
		}
	case "last":
		p.made.uses.Position = true
	case "string-length", "normalize-space":
		p.made.uses.Self = p.made.uses.Self || n == 0 && p.inside == 0
	case "count", "count-non-empty":
		return p.wantNodes(c)
	case "instance", "pulldata":
		return p.checkInstance(c)
	case "indexed-repeat":
		return p.checkIndexed(c)
	case "jr:choice-name":
		return p.checkChoiceName(c)
	case "weighted-checklist":
		if n%2 != 0 {
			return p.arguments(c, "an answer has no weight after it")
		}
	case "selected":
		p.checkSelected(c)
	}
	return p.checkLiterals(c)
}

func howMany(s Signature, n int) string {
	want := fmt.Sprint(s.Least)
	switch {
	case s.Most < 0:
		want += " or more"
	case s.Most > s.Least:
		want += " to " + fmt.Sprint(s.Most)
	}
	return fmt.Sprintf("it takes %s, not %d", want, n)
}

func (p *parser) arguments(c *call, why string) error {
	return &Error{At: c.at, Code: CodeArguments, Word: c.name, Text: "the arguments of " + c.name + "() are wrong: " + why,
		Cure: "write " + signatures[c.name].Form}
}

// wantNodes refuses what can never be a question or repeat.
func (p *parser) wantNodes(c *call) error {
	switch c.args[0].(type) {
	case *literal, *binary, *logic, *negation:
		return p.arguments(c, "the first is a question or repeat")
	}
	return nil
}

func (p *parser) checkInstance(c *call) error {
	id, ok := literalText(c.args[0])
	if !ok {
		return nil
	}
	if id = listName(id); id == "" {
		return p.arguments(c, "the first names a list or file")
	}
	if !slices.Contains(p.made.instances, id) {
		p.made.instances = append(p.made.instances, id)
	}
	return nil
}

// listName is the name of a list or file as records have it: without the file's ending.
func listName(id string) string {
	id = strings.TrimFunc(id, blank)
	for _, ending := range []string{".csv", ".xml"} {
		if n := len(id) - len(ending); n > 0 && strings.EqualFold(id[n:], ending) {
			return id[:n]
		}
	}
	return id
}

func (p *parser) checkIndexed(c *call) error {
	if len(c.args)%2 == 0 {
		return p.arguments(c, "a repeat has no index after it")
	}
	for i, arg := range c.args {
		if i > 0 && i%2 == 0 {
			continue
		}
		r, ok := arg.(*reference)
		if !ok || r.lastSaved {
			return p.arguments(c, "the question and the repeats are written as ${name}")
		}
		r.all = true
		p.noted(r).All = true
	}
	return nil
}

// noted is what was noted of a reference when it was read.
func (p *parser) noted(r *reference) *Reference {
	i := slices.IndexFunc(p.made.references, func(n Reference) bool { return n.At == r.at })
	return &p.made.references[i]
}

// checkChoiceName takes the quoted reference apart. One without quotes means the same.
func (p *parser) checkChoiceName(c *call) error {
	if r, ok := c.args[1].(*reference); ok && !r.lastSaved {
		p.noted(r).Label = true
		c.made = r.name
		return nil
	}
	text, _ := literalText(c.args[1])
	text = strings.TrimFunc(text, blank)
	inner, opened := strings.CutPrefix(text, "${")
	inner, closed := strings.CutSuffix(inner, "}")
	inner = strings.TrimFunc(inner, blank)
	if !opened || !closed || !isName(inner) {
		return p.arguments(c, "the second is a question in quotes, '${name}'")
	}
	p.made.references = append(p.made.references, Reference{Name: inner, At: c.args[1].(*literal).at + 1, Label: true})
	c.made = inner
	return nil
}

func (p *parser) checkSelected(c *call) {
	question, asked := asQuestion(c.args[0])
	value, ok := literalText(c.args[1])
	if asked && ok && p.inside == 0 && strings.TrimFunc(value, blank) != "" {
		p.made.choices = append(p.made.choices, Use{Question: question, Value: strings.TrimFunc(value, blank), At: c.args[1].(*literal).at})
	}
}

func literalText(t term) (string, bool) {
	l, ok := t.(*literal)
	if !ok || l.value.kind != Text {
		return "", false
	}
	return l.value.text, true
}

// checkLiterals reads at Compile what a literal argument says, so that a mistake is
// found before the form is used.
func (p *parser) checkLiterals(c *call) error {
	switch c.name {
	case "regex":
		return p.checkPattern(c)
	case "date", "date-time":
		return p.checkDate(c)
	case "format-date":
		return p.checkForm(c, daySigns)
	case "format-date-time":
		return p.checkForm(c, timeSigns)
	case "digest":
		return p.checkDigest(c)
	}
	return nil
}

func (p *parser) checkPattern(c *call) error {
	source, ok := literalText(c.args[1])
	if !ok {
		return nil
	}
	at := c.args[1].(*literal).at
	made, bad := compilePattern(source)
	if bad != nil {
		return &Error{At: at, Code: CodePattern, Word: clip(source), Text: bad.text, Cure: bad.cure}
	}
	c.made = made
	p.made.patterns = append(p.made.patterns, Pattern{Text: source, At: at, Anchored: anchored(source)})
	return nil
}

// checkDate refuses a literal that is no day of the calendar (ruling R7).
func (p *parser) checkDate(c *call) error {
	s, ok := literalText(c.args[0])
	if !ok || strings.TrimFunc(s, space) == "" || !math.IsNaN(numberOf(s, time.UTC)) {
		return nil
	}
	return &Error{At: c.args[0].(*literal).at, Code: CodeDate, Word: clip(s), Text: "“" + clip(s) + "” is not a day of the calendar",
		Cure: "write year-month-day, as 2026-02-28"}
}

func (p *parser) checkForm(c *call, known string) error {
	form, ok := literalText(c.args[1])
	if !ok {
		return nil
	}
	for rest := form; ; {
		_, after, found := strings.Cut(rest, "%")
		if !found {
			return nil
		}
		if after == "" {
			return p.arguments(c, "the form ends with %, write %% for the sign itself")
		}
		r := []rune(after)[0]
		if !strings.ContainsRune(known, r) {
			return p.arguments(c, fmt.Sprintf("%%%c is not a sign that it knows, as %%%s are", r, strings.Join(strings.Split(known, ""), " %")))
		}
		rest = after[1:]
	}
}

func (p *parser) checkDigest(c *call) error {
	if algorithm, ok := literalText(c.args[1]); ok && digests[algorithm] == nil {
		return p.arguments(c, wrongDigest)
	}
	if len(c.args) == 3 {
		if encoding, ok := literalText(c.args[2]); ok && encoding != "hex" && encoding != "base64" {
			return p.arguments(c, wrongEncoding)
		}
	}
	return nil
}
