package record

import (
	"sync"

	"github.com/daylight-npm/daylight/internal/fold"
)

// VisitOf gives the visit that a record hangs on: the one that its FIXED field names.
// false for a kind that stands by itself, and for a record that does not say yet.
func VisitOf(k Kind, s *fold.State) (ID, bool) {
	field, ok := visitFields()[k]
	if !ok {
		return ID{}, false
	}
	return ReferenceIn(s, field)
}

// HangsOnVisit reports whether records of the kind belong to a visit.
func HangsOnVisit(k Kind) bool {
	_, ok := visitFields()[k]
	return ok
}

var visitFields = sync.OnceValue(func() map[Kind]int32 {
	out := map[Kind]int32{}
	for _, k := range kinds {
		for _, f := range Fields(k) {
			if f.Rule == Fixed && f.Refers == Visit && k != Visit {
				out[k] = f.Number
			}
		}
	}
	return out
})

// HangsBy reports whether the field names the visit that a record of the kind hangs on.
func HangsBy(k Kind, field int32) bool {
	f, ok := visitFields()[k]
	return ok && f == field
}
