package main

import (
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/checklist"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// formOf is a form in the making.
type formOf struct{ *daylightv1.Checklist }

func newForm(code string) *formOf {
	return &formOf{&daylightv1.Checklist{
		Id: checklist.FormID(code, "1").String(), Code: proto.String(code), Version: proto.String("1"),
		Titles: map[string]string{"en": code}, Languages: []string{"en"}, DefaultLanguage: proto.String("en"),
	}}
}

// list adds a list of choices.
func (f *formOf) list(name string, choices ...string) {
	for _, c := range choices {
		f.Choices = append(f.Choices, &daylightv1.ChecklistChoice{
			Key: name + "/" + c, Order: proto.Uint32(uint32(len(f.Choices) + 1)), Labels: english(c),
		})
	}
}

func (f *formOf) group(name, relevant string) {
	f.row("", name, "begin_group", "", relevant, "")
}

func (f *formOf) repeat(name, count string) {
	f.row("", name, "begin_repeat", "", "", "")
	f.Questions[len(f.Questions)-1].RepeatCount = proto.String(count)
}

// row adds a row; what is empty is not set.
func (f *formOf) row(parent, name, kind, list, relevant, calculation string) {
	q := &daylightv1.ChecklistQuestion{
		Name: name, Order: proto.Uint32(uint32(len(f.Questions) + 1)), Type: proto.String(kind),
		Parent: unless(parent), List: unless(list), Relevant: unless(relevant), Calculation: unless(calculation),
	}
	if kind != "calculate" {
		q.Labels = english("Question " + name)
	}
	f.Questions = append(f.Questions, q)
}

func (f *formOf) done() *daylightv1.Checklist {
	f.Rows = proto.Uint32(uint32(len(f.Questions) + len(f.Choices)))
	return f.Checklist
}

func english(text string) []*daylightv1.LocalText {
	return []*daylightv1.LocalText{{Language: "en", Text: proto.String(text)}}
}

// unless is nil for an empty text.
func unless(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
