package checklist

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Overlay gives a shipped form as an office's record changes it, and leaves both as they
// are. What would make another form of it is not taken from the record: what stands in
// the record of questions and choices is labels, hints, messages and retired alone.
func Overlay(shipped, r *daylightv1.Checklist) *daylightv1.Checklist {
	out := proto.Clone(shipped).(*daylightv1.Checklist)
	out.Seen = r.Seen
	out.Titles = overTexts(out.Titles, r.GetTitles())
	if len(r.GetPlaceTypes()) > 0 {
		out.PlaceTypes = slices.Clone(r.GetPlaceTypes())
	}
	for _, tag := range r.GetLanguages() {
		if !slices.Contains(out.Languages, tag) {
			out.Languages = append(out.Languages, tag)
		}
	}
	out.Hidden, out.RetiredOn = r.Hidden, r.RetiredOn
	out.Confidentiality, out.Body = r.Confidentiality, r.Body
	overQuestions(out.Questions, r.GetQuestions())
	overChoices(out.Choices, r.GetChoices())
	return out
}

func overTexts(under, over map[string]string) map[string]string {
	out := maps.Clone(under)
	if out == nil {
		out = map[string]string{}
	}
	for tag, text := range over {
		if text != "" {
			out[tag] = text
		}
	}
	return out
}

func overQuestions(under, over []*daylightv1.ChecklistQuestion) {
	at := map[string]*daylightv1.ChecklistQuestion{}
	for _, q := range under {
		at[q.GetName()] = q
	}
	for _, o := range over {
		if q := at[o.GetName()]; q != nil {
			q.Labels = overLocal(q.Labels, o.Labels)
			q.Hints = overLocal(q.Hints, o.Hints)
			q.Guidance = overLocal(q.Guidance, o.Guidance)
			q.ConstraintMessages = overLocal(q.ConstraintMessages, o.ConstraintMessages)
			q.RequiredMessages = overLocal(q.RequiredMessages, o.RequiredMessages)
		}
	}
}

func overChoices(under, over []*daylightv1.ChecklistChoice) {
	at := map[string]*daylightv1.ChecklistChoice{}
	for _, c := range under {
		at[c.GetKey()] = c
	}
	for _, o := range over {
		if c := at[o.GetKey()]; c != nil {
			c.Labels = overLocal(c.Labels, o.Labels)
			if o.Retired != nil {
				c.Retired = proto.Bool(o.GetRetired())
			}
		}
	}
}

// overLocal lays texts over others, language by language; one that is empty says nothing.
func overLocal(under, over []*daylightv1.LocalText) []*daylightv1.LocalText {
	for _, o := range over {
		if o.GetText() == "" {
			continue
		}
		i := slices.IndexFunc(under, func(t *daylightv1.LocalText) bool { return t.GetLanguage() == o.GetLanguage() })
		if i < 0 {
			under = append(under, proto.Clone(o).(*daylightv1.LocalText))
		} else {
			under[i].Text = o.Text
		}
	}
	return under
}
