// Package terms has the words that records are classified with, as an app shows and offers
// them: labels in the reader's language, what may be chosen on a day, the standards that
// speak to a topic, the topics that matter at a place. It promises that a code which this
// program does not know is shown as unknown and never lost, and that whoever asks for a
// label gets one, with the language that it is in.
//
// Client.Terms gives a Set: the words that came with the program, with what the office
// added and changed. Shipped gives the first alone, before there is an office.
//
//	set, err := client.Terms(ctx)
//	for _, t := range set.OfferedIn(terms.FindingTopic, "MAT", time.Now()) {
//		fmt.Println(t.Code, t.Label("tk").Text)
//	}
package terms

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/vocabulary"
)

// What there is to ask, and what is answered.
type (
	// Set is all the words of one office at one time. It never changes; any number of
	// goroutines may ask it.
	Set = vocabulary.Set
	// Term is one word of a list.
	Term = vocabulary.Term
	// Label is what a person reads for a code, and in which language.
	Label = vocabulary.Label
	// Standard is one provision of a legal text.
	Standard = vocabulary.Standard
	// Cited is a standard with its force for one State.
	Cited = vocabulary.Cited
	// Tenant is what the force of a standard depends on.
	Tenant = vocabulary.Tenant
	// Matter is a topic that matters at a place.
	Matter = vocabulary.Matter
	// List names a list of terms, as FINDING_TOPIC.
	List = vocabulary.List
	// Code names a term within its list, as MAT.LIGHT.
	Code = vocabulary.Code
	// Ref names a standard for ever, as NMR-44.
	Ref = vocabulary.Ref
)

// The lists that lead from one to another. Every other is named by the option list of its
// field, as OBSTRUCTION_TYPE.
const (
	PlaceGroup   = vocabulary.PlaceGroup
	PlaceType    = vocabulary.PlaceType
	FindingArea  = vocabulary.FindingArea
	FindingTopic = vocabulary.FindingTopic
)

// Version is that of the shipped words, for the field vocabulary_version of records.
const Version = vocabulary.Version

// Shipped gives the words as they came with the program.
func Shipped() *Set { return vocabulary.Shipped() }

// ListOf names the list of an enum: FINDING_SEVERITY of FindingSeverity.
func ListOf(e protoreflect.EnumDescriptor) List { return vocabulary.ListOf(e) }

// ParentList names the list that the groups of a list are in; empty for none.
func ParentList(l List) List { return vocabulary.ParentList(l) }

// Drives reports whether a list drives the program: no office can add to it.
func Drives(l List) bool { return vocabulary.Drives(l) }
