package main

import (
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/checklist"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func in(language, text string) []*daylightv1.LocalText {
	return []*daylightv1.LocalText{{Language: language, Text: &text}}
}

// houseForm is a form of two questions and three choices.
func houseForm() *daylightv1.Checklist {
	id := checklist.FormID("house", "1")
	return &daylightv1.Checklist{
		Id: id.String(), Code: proto.String("house"), Version: proto.String("1"), Titles: map[string]string{"en": "House"},
		PlaceTypes: []string{"POL_IVS"}, Languages: []string{"en"}, DefaultLanguage: proto.String("en"), Rows: proto.Uint32(5),
		Questions: []*daylightv1.ChecklistQuestion{
			{Name: "light", Order: proto.Uint32(1), Type: proto.String("select_one"), List: proto.String("yn"), Labels: in("en", "Light?")},
			{Name: "lamps", Order: proto.Uint32(2), Type: proto.String("integer"), Labels: in("en", "How many lamps?"), Relevant: proto.String("${light} = 'yes'")},
		},
		Choices: []*daylightv1.ChecklistChoice{
			{Key: "yn/yes", Order: proto.Uint32(1), Labels: in("en", "Yes")},
			{Key: "yn/no", Order: proto.Uint32(2), Labels: in("en", "No")},
			{Key: "yn/some", Order: proto.Uint32(3), Labels: in("en", "Some"), Attributes: []*daylightv1.ChecklistAttribute{{Name: "part", Value: proto.String("1")}}},
		},
		Settings: []*daylightv1.ChecklistSetting{{Name: "style", Value: proto.String("pages")}},
	}
}
