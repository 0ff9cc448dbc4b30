package likeness

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func TestAPlaceIsFoundInAnyScript(t *testing.T) {
	s := NewSearch([]*daylightv1.Facility{
		{Id: "yar", Code: proto.String("TM-L-0203"), Region: proto.String("TM-L"), Town: proto.String("Türkmenabat"),
			Names:       map[string]string{"ru": "ИК-14 «Зелёный Яр»", "tk": "14-nji koloniýa"},
			FormerNames: []*daylightv1.FormerName{{Name: proto.String("Берёзовая роща")}}},
		{Id: "birch", Code: proto.String("TM-L-02"), Names: map[string]string{"ru": "Берёзовая роща"}},
	})
	for typed, want := range map[string][]string{
		"tm-l-0203": {"yar"}, "TM-L": {"yar", "birch"}, "TM-L-02": {"birch", "yar"}, "зелёный": {"yar"}, "яр": {"yar"},
		"zelyony yar": {"yar"}, "Zelen": {"yar"}, "colony 14": {"yar"}, "ЗЕЛЕНИЙ ЯР": {"yar"},
		"berezovaya": {"birch", "yar"}, "turkmenabat": {"yar"},
		"": nil, "   ": nil, "colony 15": nil, "krasny": nil, "14 krasny": nil, "«»": nil, "\x00": nil,
	} {
		if got := s.Find(typed); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", typed, got, want)
		}
	}
}
