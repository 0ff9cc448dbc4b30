package amend

import (
	"slices"
	"strings"
	"testing"

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

func TestOnlyWordsAndMarksChangeWithinAVersion(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*daylightv1.Checklist)
		allow  string
		refuse string
	}{
		{"nothing", func(m *daylightv1.Checklist) {}, "", ""},
		{"a label", func(m *daylightv1.Checklist) { m.Questions[0].Labels = in("en", "Is there light?") }, `question light, labels (en): "Light?" -> "Is there light?"`, ""},
		{"a translation", func(m *daylightv1.Checklist) {
			m.Languages = append(m.Languages, "ru")
			m.Choices[0].Labels = append(m.Choices[0].Labels, in("ru", "Да")...)
		}, `languages: "en" -> "en ru"|choice yn/yes, labels (ru): "Да" (new)`, ""},
		{"a hint, a message", func(m *daylightv1.Checklist) {
			m.Questions[1].Hints, m.Questions[1].ConstraintMessages = in("en", "Count."), in("en", "Too many.")
		}, `question lamps, hints (en): "Count." (new)|question lamps, constraint_messages (en): "Too many." (new)`, ""},
		{"a label taken away", func(m *daylightv1.Checklist) { m.Choices[1].Labels = nil }, `choice yn/no, labels (en): "No" is gone`, ""},
		{"a title, places", func(m *daylightv1.Checklist) {
			m.Titles["ru"], m.PlaceTypes = "Дом", []string{"POL_STATION", "POL_IVS"}
		},
			`titles (ru): "Дом" (new)|place_types: "POL_IVS" -> "POL_IVS POL_STATION"`, ""},
		{"the order of places", func(m *daylightv1.Checklist) { m.PlaceTypes = []string{"POL_IVS"} }, "", ""},
		{"a retired choice", func(m *daylightv1.Checklist) { m.Choices[2].Retired = proto.Bool(true) }, `choice yn/some, retired: "yes" (new)`, ""},
		{"a type", func(m *daylightv1.Checklist) { m.Questions[1].Type = proto.String("decimal") }, "", `question lamps, type: "integer" -> "decimal"`},
		{"a rule", func(m *daylightv1.Checklist) { m.Questions[1].Relevant = nil }, "", `question lamps, relevant: "${light} = 'yes'" is gone`},
		{"a question more", func(m *daylightv1.Checklist) {
			m.Questions = append(m.Questions, &daylightv1.ChecklistQuestion{Name: "heat"})
			m.Rows = proto.Uint32(6)
		}, "", `question heat, is new`},
		{"a question fewer", func(m *daylightv1.Checklist) { m.Questions = m.Questions[:1] }, "", `question lamps, is gone`},
		{"a choice fewer", func(m *daylightv1.Checklist) { m.Choices = m.Choices[:2] }, "", `choice yn/some, is gone`},
		{"an attribute", func(m *daylightv1.Checklist) { m.Choices[2].Attributes[0].Value = proto.String("2") }, "", `choice yn/some, attributes (part): "1" -> "2"`},
		{"the order", func(m *daylightv1.Checklist) {
			m.Questions[0].Order, m.Questions[1].Order = proto.Uint32(2), proto.Uint32(1)
		},
			"", `question light, order: "1" -> "2"|question lamps, order: "2" -> "1"`},
		{"other numbers, the same order", func(m *daylightv1.Checklist) {
			m.Questions[0].Order, m.Questions[1].Order = proto.Uint32(3), proto.Uint32(7)
		}, "", ""},
		{"a setting", func(m *daylightv1.Checklist) { m.Settings = nil }, "", `setting style, is gone`},
		{"the language", func(m *daylightv1.Checklist) { m.DefaultLanguage = proto.String("ru") }, "", `default_language: "en" -> "ru"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			added := houseForm()
			c.change(added)
			a := Compare(houseForm(), added)
			if got := lines(a.Changes); got != c.allow {
				t.Errorf("it may change\n%s, not\n%s", got, c.allow)
			}
			if got := lines(a.Refused); got != c.refuse {
				t.Errorf("refused is\n%s, not\n%s", got, c.refuse)
			}
		})
	}
}

func lines(all []Change) string {
	var out []string
	for _, c := range all {
		out = append(out, c.String())
	}
	return strings.Join(out, "|")
}

// What the office did not get to the end of is continued by saying it again.
func TestWhatDidNotComeIsTakenLater(t *testing.T) {
	part := houseForm()
	part.Questions, part.Choices = part.Questions[:1], part.Choices[:1]
	a := Compare(part, houseForm())
	if len(a.Refused) > 0 || len(a.Changes) != 3 {
		t.Errorf("%s; refused %s", lines(a.Changes), lines(a.Refused))
	}
}

func TestWhatTheOfficeSaysOfAVersionStays(t *testing.T) {
	there := houseForm()
	there.Hidden, there.RetiredOn, there.Seen = proto.Bool(true), proto.String("2027-01-01"), []byte("token")
	added := houseForm()
	added.Id, added.Titles = "", map[string]string{"en": "Home"}
	got := LaidOver(there, added)
	if got.GetId() != there.GetId() || !got.GetHidden() || got.GetRetiredOn() != "2027-01-01" || string(got.GetSeen()) != "token" || got.GetTitles()["en"] != "Home" {
		t.Errorf("%v", got)
	}
}

// Over a shipped form the office's record says no more than what it changes.
func TestARecordOverAShippedFormSaysWhatDiffers(t *testing.T) {
	there := houseForm()
	there.Shipped = proto.Bool(true)
	added := houseForm()
	added.Languages = append(added.Languages, "uk")
	added.Questions[0].Labels = append(added.Questions[0].Labels, in("uk", "Світло?")...)
	added.Choices[2].Retired = proto.Bool(true)
	added.Choices[0].Labels = nil // left out: as it was shipped
	am := OverShipped(Compare(there, added))
	if len(am.Refused) > 0 || len(am.Changes) != 3 {
		t.Fatalf("%s; refused %s", lines(am.Changes), lines(am.Refused))
	}
	r := &daylightv1.Checklist{Id: there.GetId(), Hidden: proto.Bool(true), Questions: []*daylightv1.ChecklistQuestion{{Name: "light", Hints: in("uk", "Лампи")}}}
	got := SayingOver(r, there, added)
	if len(got.GetQuestions()) != 1 || len(got.GetQuestions()[0].GetLabels()) != 1 || got.GetQuestions()[0].GetLabels()[0].GetText() != "Світло?" ||
		got.GetQuestions()[0].GetHints() == nil || len(got.GetChoices()) != 1 || !got.GetChoices()[0].GetRetired() || got.GetChoices()[0].GetLabels() != nil ||
		!slices.Equal(got.GetLanguages(), []string{"uk"}) || !got.GetHidden() || got.Titles != nil || got.PlaceTypes != nil {
		t.Errorf("%v", got)
	}
	again := SayingOver(got, there, added)
	if len(again.GetQuestions()) != 1 || len(again.GetChoices()) != 1 || len(again.GetQuestions()[0].GetLabels()) != 1 {
		t.Errorf("the second time %v", again)
	}
}
