package record

import (
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Flag is one remark of the domain's rules about a record, for people to weigh.
// Nothing is ever refused for a flag: a device that was away for weeks must not be
// refused for a rule that changed meanwhile.
type Flag struct {
	// Code is stable: lower case with dashes.
	Code string
	// Field is the name of the field that it is about.
	Field string
	// Text is one sentence.
	Text string
}

// Flags says what the rules of the domain have to say about a record as shown, in
// a fixed order. A removed record has none.
func Flags(msg Message) []Flag {
	if msg.GetRemoved() != nil {
		return nil
	}
	var f flags
	switch m := msg.(type) {
	case *daylightv1.Facility:
		f.facility(m)
	case *daylightv1.Visit:
		f.visit(m)
	case *daylightv1.Finding:
		f.finding(m)
	case *daylightv1.Term:
		f.term(m)
	}
	return f
}

type flags []Flag

// when adds a flag if it holds.
func (f *flags) when(holds bool, code, field, text string) {
	if holds {
		*f = append(*f, Flag{code, field, text})
	}
}

func (f *flags) term(m *daylightv1.Term) {
	f.when(m.GetList() == "" || m.GetCode() == "", "term-without-code", "code", "The term has no list or no code, so nothing can be classified with it.")
	f.when(len(m.GetLabels()) == 0, "term-without-label", "labels", "The term has no label in any language.")
}
