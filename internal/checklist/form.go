package checklist

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The bounds of a form.
const (
	MaxQuestions = 2_000
	MaxChoices   = 20_000
	MaxDepth     = 12    // groups and repeats inside each other
	MaxTurns     = 1_000 // of one repeat, in what it stands in
)

// Form is one version of a form, made ready by Compile. It never changes, and any number
// of goroutines may use it.
type Form struct {
	message  *daylightv1.Checklist
	id       record.ID
	language string

	top       []*Question
	questions []*Question
	byName    map[string]*Question
	byCalled  map[string][]*Question
	lists     map[string]*list
	// resolved is what a name means to the row that says it.
	resolved map[reference]*Question
	// watched are the questions whose change has something calculated.
	watched []*Question
	// named: an expression that is part of the form as a whole.
	instanceName *formula
	// readsLast: one of the expressions reads ${last-saved#name}.
	readsLast bool
}

// reference is a name as a row says it.
type reference struct {
	from *Question
	name string
}

// ReadsLastSaved reports whether the form asks what the response before said: a filling
// then needs Options.LastSaved.
func (f *Form) ReadsLastSaved() bool { return f.readsLast }

// ID is the form's record.
func (f *Form) ID() record.ID { return f.id }

// Code is the same in all versions of a form.
func (f *Form) Code() string { return f.message.GetCode() }

// Version tells the versions of one form apart.
func (f *Form) Version() string { return f.message.GetVersion() }

// Languages are the tags of the languages that the form is written in.
func (f *Form) Languages() []string { return slices.Sorted(slices.Values(f.message.GetLanguages())) }

// DefaultLanguage is what is shown where the language asked for lacks a text; empty where
// the form does not say.
func (f *Form) DefaultLanguage() string { return f.language }

// Title is the form's title in a language, failing that in the form's own, failing that
// in any, failing that its code.
func (f *Form) Title(lang string) Text {
	titles := f.message.GetTitles()
	for _, tag := range f.preferred(lang) {
		if t := titles[tag]; t != "" {
			return Text{t, tag}
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(titles)) {
		if titles[tag] != "" {
			return Text{titles[tag], tag}
		}
	}
	return Text{Text: f.Code()}
}

// Sections are the rows at the top, in order: mostly groups.
func (f *Form) Sections() []*Question { return slices.Clone(f.top) }

// Questions are all rows in order, a group before what stands in it.
func (f *Form) Questions() []*Question { return slices.Clone(f.questions) }

// Question is the row of that unique name.
func (f *Form) Question(name string) (*Question, bool) {
	q, ok := f.byName[name]
	return q, ok
}

// Setting is a setting as the form gives it; empty where it does not.
func (f *Form) Setting(name string) string {
	for _, s := range f.message.GetSettings() {
		if s.GetName() == name {
			return s.GetValue()
		}
	}
	return ""
}

// preferred are the tags under which a text in lang is looked for: lang, its language
// without region, the form's own.
func (f *Form) preferred(lang string) []string {
	base, _, _ := strings.Cut(lang, "-")
	return []string{lang, base, f.language}
}

// choose takes a text in the language, failing that in the form's own, failing that the
// first one.
func (f *Form) choose(texts []*daylightv1.LocalText, lang string) Text {
	if len(texts) == 0 {
		return Text{}
	}
	for _, tag := range f.preferred(lang) {
		for _, t := range texts {
			if t.GetLanguage() == tag && t.GetText() != "" {
				return Text{t.GetText(), tag}
			}
		}
	}
	for _, t := range texts {
		if t.GetText() != "" {
			return Text{t.GetText(), t.GetLanguage()}
		}
	}
	return Text{}
}

// resolve says which row a name means to the row that says it. Of several rows with the
// name the nearest counts: the one with which it has the innermost group or repeat in
// common, then the one that stands fewest levels inside that. Two equally near ones are
// ambiguous.
func (f *Form) resolve(from *Question, name string) (q *Question, ambiguous bool) {
	all := f.byCalled[name]
	if len(all) <= 1 {
		if len(all) == 1 {
			return all[0], false
		}
		return f.byName[name], false
	}
	if q, ok := f.resolved[reference{from, name}]; ok {
		return q, q == nil
	}
	return nearest(from, all)
}

func nearest(from *Question, all []*Question) (best *Question, ambiguous bool) {
	bestShared, bestDown := -1, 0
	for _, q := range all {
		shared := sharedDepth(from, q)
		down := q.depth - shared
		switch c := cmp.Or(cmp.Compare(shared, bestShared), cmp.Compare(bestDown, down)); {
		case c > 0:
			best, bestShared, bestDown, ambiguous = q, shared, down, false
		case c == 0:
			ambiguous = true
		}
	}
	if ambiguous {
		return nil, true
	}
	return best, false
}

// sharedDepth counts the groups and repeats that two rows have in common; a row that
// holds the other counts with what it stands in.
func sharedDepth(from, q *Question) int {
	for p := q.Parent; p != nil; p = p.Parent {
		if from.within(p) {
			return p.depth + 1
		}
	}
	return 0
}
