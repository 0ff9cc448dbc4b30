package likeness

import (
	"testing"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func TestAPlaceIsFoundInAnyScript(t *testing.T) {
	f := &daylightv1.Facility{
		Code: proto.String("TM-L-0203"), Region: proto.String("TM-L"), Town: proto.String("Türkmenabat"),
		Names:       map[string]string{"ru": "ИК-14 «Зелёный Яр»", "tk": "14-nji koloniýa"},
		FormerNames: []*daylightv1.FormerName{{Name: proto.String("Берёзовая роща")}},
	}
	for typed, want := range map[string]int{
		"tm-l-0203": fitsCode, "TM-L": fitsCode, "TM-L-02": fitsText, "зелёный": fitsText, "яр": fitsText,
		"zelyony yar": fitsSound, "Zelen": fitsSound, "colony 14": fitsSound, "ЗЕЛЕНИЙ ЯР": fitsSound,
		"berezovaya": fitsFormer, "turkmenabat": fitsFormer,
		"": 0, "   ": 0, "colony 15": 0, "krasny": 0, "14 krasny": 0, "«»": 0,
	} {
		if got := Ask(typed).Fits(f); got != want {
			t.Errorf("%q fits with %d, want %d", typed, got, want)
		}
	}
}
