package compartment

import (
	"fmt"
	"slices"
)

// Compartment is what a record holds that only a few may read. The numbers are those
// of daylight.v1.Compartment.
type Compartment uint8

const (
	// Identity is who somebody is: name, date of birth, whatever finds them.
	Identity Compartment = 1
	// Interview is what somebody said in private.
	Interview Compartment = 2
	// Medical is what was found on somebody's body, or about their health.
	Medical Compartment = 3
	// Reprisal is what was done to somebody for having spoken, and who is at risk.
	Reprisal Compartment = 4
)

var names = map[Compartment]string{
	Identity:  "identity",
	Interview: "interview",
	Medical:   "medical",
	Reprisal:  "reprisal",
}

// Compartments are all that there are, in the order of their numbers.
func Compartments() []Compartment { return []Compartment{Identity, Interview, Medical, Reprisal} }

// String is the name that a list of readers has for it, and a number where there is
// none.
func (c Compartment) String() string {
	if name, ok := names[c]; ok {
		return name
	}
	return fmt.Sprintf("compartment %d", uint8(c))
}

// ParseCompartment reads what String wrote of a compartment that there is.
func ParseCompartment(name string) (Compartment, error) {
	all := Compartments()
	if i := slices.IndexFunc(all, func(c Compartment) bool { return names[c] == name }); i >= 0 {
		return all[i], nil
	}
	return 0, &Error{
		Kind:    ErrCompartment,
		Message: "there is no such compartment; nothing was changed",
		Hint:    "It is identity, interview, medical or reprisal.",
	}
}
