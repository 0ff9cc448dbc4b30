package record

import (
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/daylight-npm/daylight/internal/fold"
)

// The fields that say whose a record is and where it stands. Whoever lists records, or
// judges who may see and write them, looks at these without decoding the rest.
const (
	FieldMergedInto int32 = 5 // of every kind

	FacilityRegion int32 = 17
	VisitFacility  int32 = 10
	VisitState     int32 = 11
	VisitTeam      int32 = 20

	RecommendationState  int32 = 11
	InterviewWithdrawals int32 = 25
	CommentSettled       int32 = 18
)

// Content reads the value of a field that is no message: the bytes of a text, the number
// of a varint; nothing where it is cleared or of another form. A value may hold the field
// more than once: the last occurrence counts, as it does for everybody who decodes the
// message.
func Content(value []byte) (content []byte, n uint64) {
	for b := value; len(b) > 0; {
		_, typ, tag := protowire.ConsumeTag(b)
		if tag < 0 {
			return nil, 0
		}
		size := 0
		switch b = b[tag:]; typ {
		case protowire.BytesType:
			content, size = protowire.ConsumeBytes(b)
		case protowire.VarintType:
			n, size = protowire.ConsumeVarint(b)
		default:
			return nil, 0
		}
		if size < 0 {
			return nil, 0
		}
		b = b[size:]
	}
	return content, n
}

// shown is the content of a field as a state shows it.
func shown(s *fold.State, field int32) (content []byte, n uint64) {
	if entries := s.Entries(fold.Path{Field: field}); len(entries) > 0 {
		return Content(entries[0].Value)
	}
	return nil, 0
}

// TextIn is the text that a field shows; empty when it has none.
func TextIn(s *fold.State, field int32) string {
	b, _ := shown(s, field)
	return string(b)
}

// NumberIn is the number that a field shows, or an enum's, also one that this program
// does not know; 0 when it has none.
func NumberIn(s *fold.State, field int32) int64 {
	_, n := shown(s, field)
	return int64(int32(n))
}

// ReferenceIn is the id that a field shows; false when it names none.
func ReferenceIn(s *fold.State, field int32) (ID, bool) {
	id, err := ParseID(TextIn(s, field))
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
