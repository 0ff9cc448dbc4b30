package vocabulary_test

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// drawTerm draws a record as any program could have written it: over a shipped term or
// beside them, with a number that is right or wrong.
func drawTerm(t *rapid.T) *daylightv1.Term {
	s := vocabulary.Shipped()
	list := rapid.SampledFrom(append(s.Lists(), "A_NEWER_LIST")).Draw(t, "list")
	code := rapid.SampledFrom([]string{"", "OWN_A", "OWN_B"}).Draw(t, "code")
	if terms := s.Terms(list); len(terms) > 0 && rapid.Bool().Draw(t, "shipped") {
		code = string(rapid.SampledFrom(terms).Draw(t, "term").Code)
	}
	r := &daylightv1.Term{
		Id:       rapid.SampledFrom([]string{firstID, secondID, vocabulary.TermID(list, vocabulary.Code(code)).String()}).Draw(t, "id"),
		List:     proto.String(string(list)),
		Code:     proto.String(code),
		Number:   proto.Uint32(rapid.SampledFrom([]uint32{0, 1, 2, 101, 100000, 4294967295}).Draw(t, "number")),
		Labels:   rapid.MapOf(rapid.SampledFrom([]string{"en", "ru", "uk", "uk-UA", "", "??"}), rapid.SampledFrom([]string{"", "a", "b"})).Draw(t, "labels"),
		Reviewed: rapid.SliceOfDistinct(rapid.SampledFrom([]string{"en", "ru"}), rapid.ID[string]).Draw(t, "reviewed"),
	}
	if rapid.Bool().Draw(t, "hidden?") {
		r.Hidden = proto.Bool(rapid.Bool().Draw(t, "hidden"))
	}
	if rapid.Bool().Draw(t, "retired?") {
		r.RetiredOn = proto.String(rapid.SampledFrom([]string{"", "2020", "2026-11", "2199-12-31"}).Draw(t, "retired"))
	}
	if rapid.Bool().Draw(t, "parent?") {
		r.Parent = proto.String(rapid.SampledFrom([]string{"", "MAT", "POLICE", "NOWHERE"}).Draw(t, "parent"))
	}
	if rapid.Bool().Draw(t, "merged") {
		r.MergedInto = proto.String(secondID)
	}
	return r
}

// Whatever records an office has: no shipped term moves or disappears, every code has
// words, and the order in which the records came does not matter.
func TestNoRecordsRenumberOrLose(t *testing.T) {
	shipped := vocabulary.Shipped()
	rapid.Check(t, func(t *rapid.T) {
		records := rapid.SliceOfN(rapid.Custom(drawTerm), 0, 8).Draw(t, "records")
		// One record has one id; the same id twice would be the caller's fault.
		seen := map[string]bool{}
		records = slices.DeleteFunc(records, func(r *daylightv1.Term) bool {
			twice := seen[r.GetId()]
			seen[r.GetId()] = true
			return twice
		})
		var before []*daylightv1.Term
		for _, r := range records {
			before = append(before, proto.Clone(r).(*daylightv1.Term))
		}
		removed := rapid.SliceOfDistinct(rapid.SampledFrom([]string{firstID, secondID}), rapid.ID[string]).Draw(t, "removed")
		s := vocabulary.New(records, nil, removed...)
		for i := range records {
			if !proto.Equal(records[i], before[i]) {
				t.Fatal("a record was changed")
			}
		}
		for _, list := range shipped.Lists() {
			for _, want := range shipped.Terms(list) {
				got, ok := s.Lookup(list, want.Code)
				byNumber, _ := s.ByNumber(list, want.Number)
				if !ok || got.Number != want.Number || !got.Shipped || byNumber.Code != want.Code {
					t.Fatalf("%s.%s was %d and is %+v", list, want.Code, want.Number, got)
				}
			}
		}
		for _, r := range records {
			list, code := vocabulary.List(r.GetList()), vocabulary.Code(r.GetCode())
			if code == "" {
				continue
			}
			for _, language := range []string{"tk", "uk-UA", "zz", ""} {
				if l := s.Label(list, code, language); !l.Known || l.Text == "" {
					t.Fatalf("%s.%s is called %+v", list, code, l)
				}
			}
			if next := s.NextNumber(list); next < vocabulary.OwnNumbers && r.GetNumber() != 4294967295 {
				t.Fatalf("the next own number is %d", next)
			}
		}
		slices.Reverse(records)
		again := vocabulary.New(records, nil, removed...)
		for _, list := range s.Lists() {
			a, b := s.Terms(list), again.Terms(list)
			if !slices.EqualFunc(a, b, func(a, b vocabulary.Term) bool {
				return a.Code == b.Code && a.Number == b.Number && a.Hidden == b.Hidden && a.Label("uk") == b.Label("uk")
			}) {
				t.Fatalf("%s depends on the order of the records", list)
			}
		}
	})
}
