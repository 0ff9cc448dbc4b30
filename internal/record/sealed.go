package record

import (
	"bytes"
	"fmt"
	"strings"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The fields that sealed kinds and their keys have, see sealed.proto.
const (
	SealedVisit    int32 = 10 // of all five
	SealedPerson   int32 = 11 // of those that are about a PersonIdentity
	SealedContent  int32 = 20
	KeyCompartment int32 = 11
	KeyPublic      int32 = 12
	KeyWraps       int32 = 13
)

// SealedHeader is how an age file begins, and with it every sealed value. See
// age-encryption.org/v1.
const SealedHeader = "age-encryption.org/v1\n"

// compartments are what is sealed apart from each other.
var compartments = map[Kind]daylightv1.Compartment{
	PersonIdentity: daylightv1.Compartment_COMPARTMENT_IDENTITY,
	InterviewNote:  daylightv1.Compartment_COMPARTMENT_INTERVIEW,
	MedicalNote:    daylightv1.Compartment_COMPARTMENT_MEDICAL,
	ReprisalDetail: daylightv1.Compartment_COMPARTMENT_REPRISAL,
}

// CompartmentOf gives the compartment in which a sealed kind is sealed; unspecified
// for the other kinds. Of a SealingKey its field says it.
func CompartmentOf(k Kind) daylightv1.Compartment { return compartments[k] }

// KindIn gives the kind that is sealed in the compartment; 0 for none.
func KindIn(c daylightv1.Compartment) Kind {
	for k, of := range compartments {
		if of == c {
			return k
		}
	}
	return 0
}

// SealedField gives the number of the field that holds the ciphertext; 0 for a kind
// that has none.
func SealedField(k Kind) int32 {
	if p := planOfKind(k); p != nil {
		for _, f := range p.fields {
			if f.sealed() {
				return f.Number
			}
		}
	}
	return 0
}

// Sealed reports whether records of the kind hold what only a few may read.
func Sealed(k Kind) bool { return SealedField(k) != 0 }

// Undated reports whether ids of the kind must not tell when they were made: whoever
// sees that a note was made at ten past three knows who was in the room. Such ids are
// UUIDs of version 4, those of other kinds of version 7.
func Undated(k Kind) bool { return Sealed(k) || k == SealingKey || k == Interview || k == ReprisalCase }

func (f *Field) sealed() bool { return isSealed(f.Sensitivity) }

func isSealed(s daylightv1.Sensitivity) bool {
	return s == daylightv1.Sensitivity_SENSITIVITY_SEALED
}

// SealedWords stands for a ciphertext wherever values are shown to people:
// (sealed, 4296 bytes).
func SealedWords(size int) string { return fmt.Sprintf("(sealed, %d bytes)", size) }

// checkSealed keeps content from being stored, and sent, in the clear by mistake.
func checkSealed(b []byte, at string) error {
	if len(b) == 0 || bytes.HasPrefix(b, []byte(SealedHeader)) {
		return nil
	}
	return fault(at, "is not sealed", "seal it: content is sealed by the library and never put in the clear")
}

// isRecipient reports whether s looks like an age recipient.
func isRecipient(s string) bool {
	rest, ok := strings.CutPrefix(s, "age1")
	return ok && isCode(rest) && strings.ToLower(rest) == rest
}
