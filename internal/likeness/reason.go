package likeness

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/daylight-npm/daylight/internal/record"
)

// Reason is a stable code of what two records have in common.
type Reason string

// The reasons, in the order in which they are given.
const (
	SameRegisterRow Reason = "same-register-row"
	SameCode        Reason = "same-code"
	SameName        Reason = "same-name"
	// SimilarName: a few letters or a word differ, or one is the other's former name, or
	// the two have only their number and class in common.
	SimilarName Reason = "similar-name"
	// Near: no farther apart than either point is known.
	Near         Reason = "near"
	SameTown     Reason = "same-town"
	SameRegion   Reason = "same-region"
	SameType     Reason = "same-type"
	SameFacility Reason = "same-facility"
	// AlikeFacility: of visits to two places that may be one themselves.
	AlikeFacility Reason = "alike-facility"
	SameDay       Reason = "same-day"
	// SameTeam: somebody is in both teams.
	SameTeam Reason = "same-team"
)

// Likely is the score from which two records are suggested: 60 of 100. A name alone
// reaches it when it is the same; a similar one needs the region, the type, or the place
// on the map beside it. Lower, registers of real prisons give more false pairs than
// true ones; higher, names that were transliterated twice are missed.
const Likely = 60

// most is the highest score.
const most = 100

// Candidate is a record that may be the same as the one that was asked about.
type Candidate struct {
	ID record.ID
	// Score is from Likely to 100.
	Score   int
	Reasons []Reason
}

// Pair is two records that may be one. A is the smaller id: of two made on devices, the
// one that was made first.
type Pair struct {
	A, B    record.ID
	Score   int
	Reasons []Reason
}

// verdict is what a comparison adds up.
type verdict struct {
	score   int
	reasons []Reason
	// never: whatever else speaks for it.
	never bool
}

func (v *verdict) add(points int, why Reason) {
	v.score += points
	v.reasons = append(v.reasons, why)
}

func (v *verdict) likely() bool {
	v.score = min(v.score, most)
	return !v.never && v.score >= Likely
}

// sortPairs puts the surest first.
func sortPairs(all []Pair) {
	slices.SortFunc(all, func(x, y Pair) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), bytes.Compare(x.A[:], y.A[:]), bytes.Compare(x.B[:], y.B[:]))
	})
}

func sortCandidates(all []Candidate) {
	slices.SortFunc(all, func(x, y Candidate) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), bytes.Compare(x.ID[:], y.ID[:]))
	})
}

func less(a, b record.ID) bool { return bytes.Compare(a[:], b[:]) < 0 }
