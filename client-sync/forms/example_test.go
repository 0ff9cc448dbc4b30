package forms_test

import (
	"fmt"
	"strings"

	"github.com/daylight-npm/daylight/client-sync/forms"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Two monitors fill the checklist of one prison without a network. What Client does
// (BeginChecklist, SaveChecklist, and the sync that brings the two together) is done here
// by hand.
func Example() {
	all := forms.Shipped()
	offered := all.Offered("PEN_REMAND", "2026-11-24")[0]
	title, _ := offered.Title("en")
	fmt.Println(title+":", offered.Questions, "questions")

	message, _ := all.Form(offered.ID)
	form, _ := forms.Compile(message)
	inEnglish := forms.Options{Language: "en"}
	begun := forms.Begin(form, [16]byte{1}, [16]byte{2}, inEnglish)

	head, doctor := forms.Open(form, begun, inEnglish), forms.Open(form, begun, inEnglish)
	head.Set(forms.Key{Question: "cap_official"}, forms.Given{Value: "200"})
	head.Set(forms.Key{Question: "present_team"}, forms.Given{Value: "250"})
	doctor.Set(forms.Key{Question: "deaths12"}, forms.Given{State: forms.NotAllowedIn, Note: "the register was locked away"})
	doctor.Set(forms.Key{Question: "present_team"}, forms.Given{Value: "244"})

	// A sync puts the answers together; of one question with two answers both stand.
	together, contested := head.Response(), map[string][]*daylightv1.Answer{}
	for _, a := range doctor.Response().Answers {
		if a.Key == "present_team" {
			contested[a.Key] = append(contested[a.Key], a)
		} else {
			together.Answers = append(together.Answers, a)
		}
	}
	head.Stand(together, contested)

	for _, name := range []string{"present_team", "deaths12", "note_occupancy"} {
		it, _ := head.Item(forms.Key{Question: name})
		fmt.Println(strings.TrimSpace(it.Label.Text + " " + it.Value + forms.StateName(it.State)))
		for _, c := range it.Contested {
			fmt.Println("  somebody says", c.Display)
		}
	}
	p := head.Progress().All
	fmt.Println(p.Done, "of", p.Asked, "done,", p.Contested, "contested")
	_, err := head.Set(forms.Key{Question: "women_n"}, forms.Given{Value: "a few"})
	fmt.Println(err)
	// Output:
	// Prison: 90 questions
	// Prisoners today, counted by the team 250
	//   somebody says 250
	//   somebody says 244
	// Deaths in the last 12 months not_allowed_in
	// Occupancy: 125 %. Figures differ: no. Delay at the entrance:  minutes.
	// 3 of 24 done, 1 contested
	// "a few" is not a number: write digits alone, as 12
}
