package checklist

import (
	"slices"
	"strconv"

	"github.com/daylight-npm/daylight/internal/record"
)

// flagKind is one sort of flag: its sentence and weight.
type flagKind struct {
	code, text string
	weight     record.Weight
}

var (
	answerMissing   = flagKind{"answer-missing", "A question that must be answered has no answer, and no reason for that.", record.WeightMissing}
	answerContested = flagKind{"answer-contested", "Two people answered differently, and nobody has settled which answer holds.", record.WeightMissing}
	constraintBroke = flagKind{"constraint-broken", "The answer is not one that the form allows here.", record.WeightDoubt}
	outOfRange      = flagKind{"out-of-range", "The number lies outside of what the form asks for, {start} to {end}.", record.WeightDoubt}
	notOfType       = flagKind{"not-of-type", "The answer cannot be read as one of the type {type}.", record.WeightDoubt}
	unknownChoice   = flagKind{"unknown-choice", "The choice {choice} is not in the form's list.", record.WeightDoubt}
	retiredChoice   = flagKind{"retired-choice-chosen", "The choice {choice} is no longer offered.", record.WeightRemark}
	filteredChoice  = flagKind{"choice-filtered-out", "The choice {choice} does not go with another answer.", record.WeightDoubt}
	runsAway        = flagKind{"runs-away", "The expression in {column} was stopped: it takes too many steps, or needs itself.", record.WeightDoubt}
	cannotReckon    = flagKind{"expression-failed", "The expression in {column} could not be evaluated.", record.WeightRemark}
	tooManyTurns    = flagKind{"too-many-turns", "More turns are asked for than the {most} that a repeat may have.", record.WeightDoubt}
	ofRemovedTurn   = flagKind{"answer-of-removed-turn", "An answer was given in a turn that somebody removed.", record.WeightDoubt}
	ofUnknown       = flagKind{"answer-of-unknown-question", "The form has no such question; the answer is kept.", record.WeightRemark}
)

// FlagTexts are the sentences of all flags of responses by message key, in English with
// {name} where a param stands: for catalogues.
func FlagTexts() map[string]string {
	out := map[string]string{}
	for _, k := range []flagKind{answerMissing, answerContested, constraintBroke, outOfRange, notOfType, unknownChoice, retiredChoice,
		filteredChoice, runsAway, cannotReckon, tooManyTurns, ofRemovedTurn, ofUnknown} {
		out["flag."+k.code] = k.text
	}
	return out
}

// at makes the flag for one answer; params are names and values by turns.
func (k flagKind) at(key Key, params ...string) record.Flag {
	named := record.Paired(params)
	return record.Flag{Code: k.code, Field: "answers", Key: key.String(), Text: record.Filled(k.text, named),
		MessageKey: "flag." + k.code, Params: named, Weight: k.weight}
}

// Flags are what is to be said of the response, in the order of the form, and then of
// answers that stand nowhere in it. What is not relevant is not spoken of. Of a response
// that is not finished, what is missing is among them as well.
func (x *Filling) Flags() []record.Flag {
	var out []record.Flag
	x.walk(x.root, 0, func(n *node, _ int) { out = append(out, x.flagsOf(n)...) })
	for _, a := range x.r.GetAnswers() {
		k := ParseKey(a.GetKey())
		switch q := x.form.byName[k.Question]; {
		case x.fields[k] != nil:
		case q != nil && q.role != contains && k.Turn != "" && q.Repeat != nil && x.turns[k.Turn] == nil:
			out = append(out, ofRemovedTurn.at(k))
		default:
			out = append(out, ofUnknown.at(k))
		}
	}
	return out
}

// flagsOf are the flags of one relevant node.
func (x *Filling) flagsOf(n *node) (out []record.Flag) {
	key := n.key()
	if n.isRepeat() {
		if n.wanted() > MaxTurns {
			out = append(out, tooManyTurns.at(key, "most", strconv.Itoa(MaxTurns)))
		}
		return append(out, n.faults(n.relevance, n.count)...)
	}
	if !n.isField() {
		return n.faults(n.relevance)
	}
	if n.missing() {
		out = append(out, answerMissing.at(key))
	}
	if len(x.contested(n)) > 0 {
		out = append(out, answerContested.at(key))
	}
	if n.answer.GetValue() != "" && n.answer.GetState() <= answered && !n.q.derived() {
		out = append(out, x.valueFlags(n)...)
	}
	cells := []*cell{n.relevance}
	if !n.q.stored() {
		cells = append(cells, n.value)
	}
	if n.views != nil {
		cells = append(cells, n.views[:]...)
	}
	return append(out, n.faults(cells...)...)
}

// valueFlags are about what was answered.
func (x *Filling) valueFlags(n *node) (out []record.Flag) {
	key, value := n.key(), n.answer.GetValue()
	switch {
	case n.q.Type.Select():
		out = x.choiceFlags(n, n.q.chosen(value))
	case n.q.role == asks:
		if _, err := n.q.lexical(value, x.moment); err != nil {
			out = append(out, notOfType.at(key, "type", string(n.q.Type)))
		}
	}
	switch {
	case n.outOfRange():
		out = append(out, outOfRange.at(key, "start", n.q.Parameters["start"], "end", n.q.Parameters["end"]))
	case n.broken():
		out = append(out, constraintBroke.at(key))
	}
	return out
}

func (x *Filling) choiceFlags(n *node, names []string) (out []record.Flag) {
	var picks []int
	filter := n.view(filterView)
	if filter != nil {
		picks = x.ensure(filter).picks
	}
	for _, name := range names {
		c := n.q.list.byName[name]
		switch {
		case c == nil:
			out = append(out, unknownChoice.at(n.key(), "choice", clipped(name)))
			continue
		case c.retired:
			out = append(out, retiredChoice.at(n.key(), "choice", name))
		}
		same := func(i int) bool { return n.q.list.choices[i].name == name }
		if filter != nil && !slices.ContainsFunc(picks, same) {
			out = append(out, filteredChoice.at(n.key(), "choice", name))
		}
	}
	return out
}

// faults are about expressions that did not end well.
func (n *node) faults(cells ...*cell) (out []record.Flag) {
	for _, c := range cells {
		switch {
		case c == nil:
		case c.fault == ranAway:
			out = append(out, runsAway.at(n.key(), "column", c.f.column))
		case c.fault == failed:
			out = append(out, cannotReckon.at(n.key(), "column", c.f.column))
		}
	}
	return out
}
