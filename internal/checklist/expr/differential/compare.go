package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/checklist/expr"
)

// readings are where the oracle's engine differs from the sources without that a ruling
// of EXPRESSIONS.md, part 6, was needed: what the ruled oracle keeps instead, and why.
var readings = map[string]string{
	"dates-are-text":      "part 2: dates are texts that convert to numbers, and two of them are equal when written alike; the engine turns both into numbers first",
	"days-in-answers":     "part 2 and 5.5: a number of days is one also where it is the text of an answer; the engine then drops its fraction, reads a year, or nothing",
	"pairs":               "ODK XForms: weighted-checklist takes pairs of one value and one weight, and a weight that is no number leaves no sum; the engine takes whole node-sets and such a weight as 0",
	"characters":          "XPath 1.0, 4.2: lengths and places count characters; the engine counts UTF-16 units",
	"blanks":              "XPath 1.0, 4.2: normalize-space folds space, tab and line ends; the engine folds every blank of Unicode",
	"sets-and-conditions": "XPath 1.0, 3.4: beside a condition a node-set counts as one, also for < and >; the engine asks every node",
	"spaces":              "part 5.6: the names of a list stand between blanks, several of which count as one; the engine knows only spaces, and in selected-at counts each",
	"document-order":      "XPath 1.0, 4.4 and IEEE 754: a sum in document order; the engine begins at the end, so the last digit may differ",
	"steps":               "XPath 1.0, 2.4: position() counts within each parent; the engine counts through the whole set",
	"Z":                   "ODK XForms, time: an offset may be written Z; the engine knows digits only",
	"true-or-1":           "ODK XForms: boolean-from-string is true for the texts true and 1; the engine takes every whole number above 0",
}

// where says for each ruling and reading which expressions it can change: those with one
// of the functions or signs. A golden that excuses another is wrong.
var where = map[string][]string{
	"R2": {"${", ".", "current()"}, "R3": {"regex("}, "R5": {"round("}, "R6": {"checklist("}, "R14": {"selected("}, "R10": {"once("},
	"sets-and-conditions": {"<", ">"}, "spaces": {"selected"}, "document-order": {"sum("}, "steps": {"position()"}, "Z": {"decimal-time("},
	"R4": {"${", ".", "date", "today()", "now()", "-", "+", "number(", "sum(", "max(", "min("}, "R7": {"date"}, "R12": {""}, "R13": {"=", "!="},
	"dates-are-text": {"=", "<", ">", "+", "-", " and ", " or "}, "days-in-answers": {"date"}, "pairs": {"weighted-checklist("}, "characters": {"string-length(", "substr("},
	"blanks": {"normalize-space("}, "true-or-1": {"boolean-from-string("},
}

// misused are the rulings that excuse a case without being able to touch it.
func misused(c *Case) (names []string) {
	for _, name := range c.Under {
		signs, known := where[name]
		if !known || !slices.ContainsFunc(signs, func(sign string) bool { return strings.Contains(c.Source, sign) }) {
			names = append(names, name)
		}
	}
	return names
}

// differ are the cases where our engine does not give what the oracle does under the
// rulings, each with what it gives.
func differ(g *golden) (found []disagreement, err error) {
	now, err := time.Parse("2006-01-02T15:04:05.000Z07:00", g.Clock)
	if err != nil {
		return nil, err
	}
	for _, c := range g.Cases {
		got := ours(&world{g.Records[c.Record].Root, now}, c, g.Records[c.Record])
		if !alike(c.Kind, got, c.want()) {
			found = append(found, disagreement{c, got})
		}
	}
	return found, nil
}

// A disagreement is a case and what our engine makes of it.
type disagreement struct {
	*Case
	got string
}

func (d disagreement) String() string {
	return fmt.Sprintf("at %s: %s\n\tours %q, theirs %q (as published %q, under %v)", d.Node, d.Source, d.got, d.want(), d.Plain, d.Under)
}

// ours is our engine's answer, or why it has none.
func ours(w *world, c *Case, rec *Record) string {
	e, err := expr.Compile(c.Source)
	if err != nil {
		return "refused: " + err.Error()
	}
	v, err := e.Eval(expr.Scope{World: w, Node: rec.at(c.Node)})
	if err != nil {
		return "failed: " + err.Error()
	}
	switch c.Kind {
	case "n":
		return strconv.FormatFloat(v.Number(), 'g', -1, 64)
	case "b":
		return strconv.FormatBool(v.Bool())
	}
	return v.Text()
}

// alike compares numbers as such, since each writes them in its own way.
func alike(kind, a, b string) bool {
	if kind != "n" {
		return a == b
	}
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return errX == nil && errY == nil && (x == y || math.IsNaN(x) && math.IsNaN(y))
}
