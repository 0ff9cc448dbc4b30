package main

import (
	"strings"
)

// How tightly operators bind, from loosest to tightest; primary is what needs no brackets.
const (
	levelOr = iota + 1
	levelAnd
	levelEqual
	levelLess
	levelAdd
	levelTimes
	levelMinus
	levelUnion
	primary
)

var levels = map[string]int{
	"or": levelOr, "and": levelAnd, "=": levelEqual, "!=": levelEqual,
	"<": levelLess, "<=": levelLess, ">": levelLess, ">=": levelLess,
	"+": levelAdd, "-": levelAdd, "*": levelTimes, "div": levelTimes, "mod": levelTimes, "|": levelUnion,
}

// A term is an expression that can be written in both languages: as a form has it, and
// as the oracle wants it, which knows no ${name}, no current(), no instance().
type term interface {
	level() int
	form(*strings.Builder)
	oracle(*strings.Builder, style)
}

// style is how the oracle's text is written.
type style struct {
	brackets bool // around every operation, where the oracle quarrels with itself
}

// raw is text that both languages share, or a text for each.
type raw struct{ ours, theirs string }

func (raw) level() int                           { return primary }
func (t raw) form(b *strings.Builder)            { b.WriteString(t.ours) }
func (t raw) oracle(b *strings.Builder, _ style) { b.WriteString(t.theirs) }

func same(text string) raw { return raw{text, text} }

// binary is an operation of two; tight writes it without blanks for us where that can
// be read in one way only.
type binary struct {
	left  term
	op    string
	right term
	tight bool
}

func (t binary) level() int { return levels[t.op] }

func (t binary) form(b *strings.Builder) {
	blank := " "
	if t.tight {
		blank = ""
	}
	enclosed(b, t.left, t.level(), term.form)
	b.WriteString(blank + t.op + blank)
	enclosed(b, t.right, t.level()+1, term.form)
}

func (t binary) oracle(b *strings.Builder, s style) {
	write := func(x term, b *strings.Builder) { x.oracle(b, s) }
	left, right := t.level(), t.level()+1
	if s.brackets {
		left, right = primary, primary
	}
	enclosed(b, t.left, left, write)
	b.WriteString(" " + t.op + " ")
	enclosed(b, t.right, right, write)
}

// enclosed writes x, in brackets where it binds less tightly than asked.
func enclosed(b *strings.Builder, x term, level int, write func(term, *strings.Builder)) {
	if x.level() >= level {
		write(x, b)
		return
	}
	b.WriteByte('(')
	write(x, b)
	b.WriteByte(')')
}

// minus is a negation. The oracle reads a sign before digits only, hence the product.
type minus struct{ of term }

func (minus) level() int { return levelMinus }

func (t minus) form(b *strings.Builder) {
	b.WriteByte('-')
	enclosed(b, t.of, levelMinus, term.form)
}

func (t minus) oracle(b *strings.Builder, s style) {
	b.WriteString("(-1 * (")
	t.of.oracle(b, s)
	b.WriteString("))")
}

// call is a function; theirs is its name there where that differs.
type call struct {
	name, theirs string
	args         []term
}

func (call) level() int { return primary }

func (t call) form(b *strings.Builder) {
	listed(b, t.name, t.args, func(x term) { x.form(b) })
}

func (t call) oracle(b *strings.Builder, s style) {
	name := t.name
	if t.theirs != "" {
		name = t.theirs
	}
	listed(b, name, t.args, func(x term) { x.oracle(b, s) })
}

func listed(b *strings.Builder, name string, args []term, write func(term)) {
	b.WriteString(name + "(")
	for i, x := range args {
		if i > 0 {
			b.WriteString(", ")
		}
		write(x)
	}
	b.WriteByte(')')
}

// filtered is a path with a predicate and what follows it.
type filtered struct {
	base  raw
	where term
	rest  string
}

func (filtered) level() int { return primary }

func (t filtered) form(b *strings.Builder) {
	b.WriteString(t.base.ours + "[")
	t.where.form(b)
	b.WriteString("]" + t.rest)
}

func (t filtered) oracle(b *strings.Builder, s style) {
	b.WriteString(t.base.theirs + "[")
	t.where.oracle(b, s)
	b.WriteString("]" + t.rest)
}

// indexed is indexed-repeat, which form engines rewrite for the oracle as a path.
type indexed struct {
	name   string
	levels []string // the repeats around it
	at     []term
}

func (indexed) level() int { return primary }

func (t indexed) form(b *strings.Builder) {
	b.WriteString("indexed-repeat(${" + t.name + "}")
	for i, repeat := range t.levels {
		b.WriteString(", ${" + repeat + "}, ")
		t.at[i].form(b)
	}
	b.WriteByte(')')
}

func (t indexed) oracle(b *strings.Builder, s style) {
	b.WriteString("string(/x/data")
	for i, repeat := range t.levels {
		b.WriteString("/" + repeat + "[position() = number(")
		t.at[i].oracle(b, s)
		b.WriteString(")]")
	}
	b.WriteString("/" + t.name + ")")
}

// pulled is pulldata from the attached file, likewise.
type pulled struct {
	want, key string
	value     term
}

func (pulled) level() int { return primary }

func (t pulled) form(b *strings.Builder) {
	b.WriteString("pulldata('places', '" + t.want + "', '" + t.key + "', ")
	t.value.form(b)
	b.WriteByte(')')
}

func (t pulled) oracle(b *strings.Builder, s style) {
	b.WriteString("string(/x/places/root/item[./" + t.key + " = string(")
	t.value.oracle(b, s)
	b.WriteString(")]/" + t.want + ")")
}

// written is a term in both languages.
func written(t term, s style) (ours, theirs string) {
	var a, b strings.Builder
	t.form(&a)
	t.oracle(&b, s)
	return a.String(), b.String()
}
