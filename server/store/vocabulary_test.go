package store

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func TestWordsAreTermsAndStandardsOnly(t *testing.T) {
	w := newWorld(t)
	s := w.Store
	term := &daylightv1.Term{List: proto.String("PLACE_TYPE"), Code: proto.String("TM_X"), Number: proto.Uint32(100000), Labels: map[string]string{"en": "X"}}
	gone := &daylightv1.Term{List: proto.String("PLACE_TYPE"), Code: proto.String("TM_Y"), Labels: map[string]string{"en": "Y"}}
	law := &daylightv1.Standard{Ref: proto.String("TKM-1")}
	saved, err := s.Save(t.Context(), "Office", term, gone, law, &daylightv1.Finding{Title: proto.String("no word")})
	if err != nil {
		t.Fatal(err)
	}
	id, err := record.IDOf(saved[1].Message)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Remove(t.Context(), "Office", record.Term, id, saved[1].Message.GetSeen()); err != nil {
		t.Fatal(err)
	}
	words, err := s.Words(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(words.Terms) != 2 || words.Terms[0].GetCode() != "TM_X" || words.Terms[1].GetCode() != "TM_Y" || words.Terms[1].Labels["en"] != "Y" || len(words.Standards) != 1 || words.Standards[0].GetRef() != "TKM-1" {
		t.Errorf("%v", words)
	}
	if !slices.Equal(words.Removed, []string{id.String()}) {
		t.Errorf("removed are %q", words.Removed)
	}
}
