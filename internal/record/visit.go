package record

import (
	"sync"

	"google.golang.org/protobuf/encoding/protowire"

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

// ReferenceIn gives the id that a field shows; false when it names none.
func ReferenceIn(s *fold.State, field int32) (ID, bool) {
	entries := s.Entries(fold.Path{Field: field})
	if len(entries) == 0 {
		return ID{}, false
	}
	_, typ, n := protowire.ConsumeTag(entries[0].Value)
	if n < 0 || typ != protowire.BytesType {
		return ID{}, false
	}
	text, m := protowire.ConsumeString(entries[0].Value[n:])
	if m < 0 {
		return ID{}, false
	}
	id, err := ParseID(text)
	return id, err == nil
}

// Keys lists the keys of a field's elements that are there, in their order.
func Keys(s *fold.State, field int32) (out []string) {
	for _, p := range s.Paths() {
		if p.Field == field && p.Element && len(s.Entries(p)) > 0 {
			out = append(out, p.Key)
		}
	}
	return out
}

// HangsBy reports whether the field names the visit that a record of the kind hangs on.
func HangsBy(k Kind, field int32) bool {
	f, ok := visitFields()[k]
	return ok && f == field
}
