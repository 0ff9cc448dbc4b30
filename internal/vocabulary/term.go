package vocabulary

import (
	"time"
)

// List names a list of terms, as FINDING_TOPIC.
type List string

// The lists whose terms this package connects.
const (
	PlaceGroup   List = "PLACE_GROUP"
	PlaceType    List = "PLACE_TYPE"
	FindingArea  List = "FINDING_AREA"
	FindingTopic List = "FINDING_TOPIC"
)

// Code names a term within its list, as MAT.LIGHT.
type Code string

// Version is that of the shipped words, for the field vocabulary_version of records. It
// grows by one whenever a program ships another term or standard.
const Version = 1

// OwnNumbers is the first number that an office's own terms may have.
const OwnNumbers = 100_000

// Term is one word of a list as an office uses it. Whoever gets one leaves its map and
// slices as they are.
type Term struct {
	List List
	Code Code
	// Number is its place in the list. Never moved, never used again.
	Number uint32

	// Labels are by language tag; Reviewed are the languages whose label a native
	// speaker has read.
	Labels   map[string]string
	Reviewed []string

	// Parent is the code of its group in ParentList; empty for none.
	Parent Code

	// Hidden: the office does not want to see it offered. RetiredOn is the first day, or
	// month or year, on which it is offered no more; empty for none.
	Hidden    bool
	RetiredOn string

	// Shipped: it came with the program.
	Shipped bool

	speech *speech
}

// OfferedOn reports whether the term is to be chosen from on the day: neither hidden nor
// retired by then. The day is that of on's own time zone.
func (t Term) OfferedOn(on time.Time) bool { return !t.Hidden && !retired(t.RetiredOn, on) }

// retired reports whether a date that may be partial has come: 2026 has on its first day.
func retired(date string, on time.Time) bool {
	return date != "" && date <= on.Format(time.DateOnly)
}

// ParentList names the list that the parents of a list's terms are in; empty where the
// list has no groups.
func ParentList(l List) List {
	switch l {
	case PlaceType:
		return PlaceGroup
	case FindingTopic:
		return FindingArea
	}
	return ""
}
