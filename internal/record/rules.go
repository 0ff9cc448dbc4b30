package record

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// Weight says what kind of thing a flag tells.
type Weight uint8

// The weights. None of them stops anything.
const (
	// WeightRemark: unusual, or good to know; it may well be as it is.
	WeightRemark Weight = 1
	// WeightDoubt: it can hardly be as it is written: one of two things is wrong.
	WeightDoubt Weight = 2
	// WeightMissing: something is not said that a submission should say.
	WeightMissing Weight = 3
)

var weightNames = [...]string{WeightRemark: "remark", WeightDoubt: "doubt", WeightMissing: "missing"}

// String is the weight as one word.
func (w Weight) String() string {
	if w >= WeightRemark && w <= WeightMissing {
		return weightNames[w]
	}
	return "no weight"
}

// Flag is one remark of the domain's rules about a record, for people to weigh.
// Nothing is ever refused for a flag: a device that was away for weeks must not be
// refused for a rule that changed meanwhile.
type Flag struct {
	// Code is stable: lower case with dashes.
	Code string
	// Field is the name of the field that it is about; Key its element, as PathName
	// says it, empty for the whole field.
	Field, Key string
	// Text is one sentence in English, with the params filled in.
	Text string

	// MessageKey names the sentence in a catalogue; Params are what it is filled with:
	// numbers, codes and dates, never words that a person wrote.
	MessageKey string
	Params     map[string]string

	Weight Weight
}

// FlagRule is one rule of the domain: a function that looks at a record, or at a whole
// visit, and what it has to say.
type FlagRule struct {
	// Code is stable and unique.
	Code string
	// Kinds are what it is asked of, in the order of their numbers.
	Kinds []Kind
	// Field is the field that it is about; empty where it differs.
	Field  string
	Weight Weight
	// Text is the sentence, with {name} where a param stands.
	Text string

	// One of these: of one record, of a whole visit, or, of neither, asked elsewhere.
	of     func(Message, func(Flag))
	across func(*Whole, func(Remark))
}

// MessageKey names the rule's sentence in a catalogue.
func (r FlagRule) MessageKey() string { return "rule." + r.Code }

// WholeVisit reports whether the rule needs more than the one record that it is about.
func (r FlagRule) WholeVisit() bool { return r.of == nil }

// FlagRules lists every rule, in the order in which flags are given: those of one
// record by kind, then those of a whole visit. The caller may change the list.
func FlagRules() []FlagRule {
	return slices.Concat(recordRules(), []FlagRule{unknownCode, stepSkips}, wholeRules(), []FlagRule{openConflict}, urgentRules())
}

// Flags says what the rules of the domain have to say about a record as shown, in
// a fixed order. A removed record has none.
func Flags(msg Message) (out []Flag) {
	kind, err := KindOf(msg)
	if err != nil || msg.GetRemoved() != nil {
		return nil
	}
	for _, r := range rulesByKind()[kind] {
		said := 0
		r.of(msg, func(f Flag) {
			if said++; said <= mostOfOneRule {
				out = append(out, r.flag(f))
			}
		})
	}
	return out
}

// mostOfOneRule bounds what one rule says about one record: a list of thousands of
// wrong elements is told by the first of them.
const mostOfOneRule = 20

// flag completes what a rule's function said.
func (r *FlagRule) flag(f Flag) Flag {
	if f.Field == "" {
		f.Field = r.Field
	}
	f.Code, f.MessageKey, f.Weight, f.Text = r.Code, r.MessageKey(), r.Weight, Filled(r.Text, f.Params)
	return f
}

// Filled puts params into a sentence, where their names stand as {name}.
func Filled(text string, params map[string]string) string {
	for _, name := range slices.Sorted(maps.Keys(params)) {
		text = strings.ReplaceAll(text, "{"+name+"}", params[name])
	}
	return text
}

// recordRules are the rules of single records, those of every kind at the end.
var recordRules = sync.OnceValue(func() []FlagRule {
	return slices.Concat(
		facilityRules(), visitRules(), countRules(), findingRules(), termRules(), sealedRules(),
		interviewRules(), consentRules(), registerRules(), measurementRules(), obstructionRules(), reprisalRules(),
		undertakingRules(), assessmentRules(), noteRules(), recommendationRules(), addresseeRules(), replyRules(), commentRules(),
		planRules(), checklistRules(), responseRules(), standardRules(), sharedRules())
})

var rulesByKind = sync.OnceValue(func() map[Kind][]FlagRule {
	out := map[Kind][]FlagRule{}
	for _, r := range recordRules() {
		for _, k := range r.Kinds {
			out[k] = append(out[k], r)
		}
	}
	return out
})

// is makes a rule that holds for a record or does not. It is asked of every kind whose
// message is an M.
func is[M Message](code, field string, w Weight, text string, holds func(M) bool) FlagRule {
	return each(code, field, w, text, func(m M, at hit) {
		if holds(m) {
			at("")
		}
	})
}

// hit says that the rule holds for the element with that key, or with an empty key for
// the field, and gives the params by name and value.
type hit func(key string, params ...string)

// each makes a rule that may hold several times in a record: for elements, or with
// params.
func each[M Message](code, field string, w Weight, text string, find func(M, hit)) FlagRule {
	r := FlagRule{Code: code, Field: field, Weight: w, Text: text, of: func(m Message, say func(Flag)) {
		find(m.(M), func(key string, params ...string) { say(Flag{Key: key, Params: Paired(params)}) })
	}}
	for _, k := range kinds {
		if _, ok := New(k).(M); ok {
			r.Kinds = append(r.Kinds, k)
		}
	}
	return r
}

// only narrows a rule to some of the kinds that it could be asked of.
func (r FlagRule) only(some ...Kind) FlagRule {
	r.Kinds = slices.DeleteFunc(slices.Clone(r.Kinds), func(k Kind) bool { return !slices.Contains(some, k) })
	return r
}

// Paired gives params that stand by name and value in turns as a map; nil for none.
func Paired(params []string) map[string]string {
	if len(params) == 0 {
		return nil
	}
	out := map[string]string{}
	for i := 0; i+1 < len(params); i += 2 {
		out[params[i]] = params[i+1]
	}
	return out
}
