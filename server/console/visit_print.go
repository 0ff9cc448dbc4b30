package console

import (
	"cmp"
	"net/http"
	"strconv"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The visit on paper: what its page shows to whoever prints it, light, with every table open,
// and nothing that needs a screen. It is no report: that is written from it.

func (t *turn) printVisit() error {
	v, err := t.visitOf()
	if err != nil {
		return err
	}
	place, region := t.placeOf(v.Visit)
	class := v.say("office-visit.print-class")
	if v.Confidentiality != nil {
		class = look.Dotted(v.enum(v.GetConfidentiality()), class)
	}
	sheet := look.Sheet{Class: class, Beside: look.Code(v.GetCode()), Heading: place, Body: append([]look.Part{
		look.Para{Text: look.Dotted(v.wholeDays(), v.plannedOnly(v.Visit), region, look.Typed(v.GetTitle()))},
		look.Cluster{Body: v.tags()}, look.Facts{Items: v.facts()}}, v.printed()...)}
	sheet.Body = append(sheet.Body, look.Para{Small: true, Soft: true, Text: v.say("office-visit.printed", "when", v.locale.Moment(v.locale.Now), "who", look.Typed(v.session.Person.GetName()))})
	p := look.Page{Locale: t.locale, Theme: look.ThemeLight, Title: v.title(), NoMarkup: true, Body: []look.Part{
		look.Heading{Unseen: true, Text: v.title()},
		look.Cluster{Body: []look.Part{look.Button{Text: v.say("office-visit.to-visit"), Icon: look.IconBack, Href: v.address(""), Kind: look.ButtonQuiet}}}, sheet}}
	return p.Write(t.w, http.StatusOK)
}

// printed are the parts, in the order of a report.
func (v *visited) printed() (out []look.Part) {
	for _, text := range []struct {
		label look.Key
		words string
	}{{"field-visit.aims", v.GetAims()}, {"field-visit.summary", v.GetSummary()}, {"field-visit.ended-because", v.GetEndedBecause()}} {
		if text.words != "" {
			out = append(out, look.Section{Heading: v.say(text.label), Body: []look.Part{look.Prose{Text: look.Typed(text.words)}}})
		}
	}
	for _, s := range []func() (look.Section, bool){v.printedTeam, v.access, v.printedObstructions, v.population, v.printedFindings, v.interviews, v.printedRegisters, v.measurements, v.closing, v.printedUndertakings} {
		if section, is := s(); is {
			section.Beside = nil
			out = append(out, section)
		}
	}
	return out
}

// wholeDays are the days with their year: paper is read years later.
func (v *visited) wholeDays() look.Text {
	from, to, _ := visitSpan(v.Visit)
	if from == "" || to == "" || from == to {
		return v.day(cmp.Or(from, to))
	}
	return v.say("office-visit.from-to", "from", v.day(from), "to", v.day(to))
}

// numbered are paragraphs that can be cited, from 1.
func numbered(texts []look.Text) (out []look.Part) {
	for i, text := range texts {
		out = append(out, look.Numbered{Number: look.Code(strconv.Itoa(i + 1)), Text: text})
	}
	return out
}

func (v *visited) printedTeam() (look.Section, bool) {
	var lines []look.Text
	for _, m := range inOrder(v.GetTeam()) {
		row := v.memberRow(m)
		var roles []look.Text
		for _, tag := range row.Tags {
			roles = append(roles, tag.Text)
		}
		lines = append(lines, look.Dotted(row.Text, v.locale.List(roles...)))
	}
	return look.Section{Heading: v.say("field-visit.team"), Body: []look.Part{look.Points{Items: lines}}}, len(lines) > 0
}

func (v *visited) printedFindings() (look.Section, bool) {
	items, is := v.items(record.Finding)
	if !is || len(items) == 0 {
		return look.Section{}, false
	}
	var texts []look.Text
	for _, item := range byWeight(items) {
		f := item.Message.(*daylightv1.Finding)
		row := v.findingRow(item)
		var words []look.Text
		for _, tag := range row.Tags {
			words = append(words, tag.Text)
		}
		text := look.Lines(look.Strong(row.Text), look.Small(look.Dotted(append([]look.Text{row.Under}, words...)...)), look.Written(f.GetNarrative()))
		if f.GetTitle() == "" { // the first words of the narrative would stand there twice
			text = look.Lines(look.Small(look.Dotted(append([]look.Text{row.Under}, words...)...)), look.Written(f.GetNarrative()))
		}
		texts = append(texts, text)
	}
	return look.Section{Heading: v.say("field-visit.findings-name"), Body: numbered(texts)}, true
}

func (v *visited) printedObstructions() (look.Section, bool) {
	items, is := v.items(record.ObstructionIncident)
	if !is || len(items) == 0 {
		return look.Section{}, false
	}
	var texts []look.Text
	for _, item := range items {
		o := item.Message.(*daylightv1.ObstructionIncident)
		texts = append(texts, look.Lines(look.Strong(v.code("OBSTRUCTION_TYPE", o.GetType())), look.Dotted(v.saying().Date(o.GetAt()), look.Written(o.GetReasonGiven())), look.Written(o.GetAccount()), look.Written(o.GetEffect())))
	}
	return look.Section{Heading: v.say("field-access.obstructions"), Body: numbered(texts)}, true
}

func (v *visited) printedRegisters() (look.Section, bool) {
	items, is := v.items(record.RegisterCheck)
	if !is || len(items) == 0 {
		return look.Section{}, false
	}
	var texts []look.Text
	for _, item := range items {
		c := item.Message.(*daylightv1.RegisterCheck)
		text := look.Strong(look.Dotted(v.code("REGISTER_TYPE", c.GetRegisterType()), look.Typed(c.GetTitle())))
		if c.EntriesSeen != nil && c.EntriesInPeriod != nil {
			text = look.Lines(text, v.say("office-visit.entries", "seen", int(c.GetEntriesSeen()), "n", int(c.GetEntriesInPeriod())))
		}
		texts = append(texts, look.Lines(text, look.Written(c.GetContradictions()), look.Written(c.GetNote())))
	}
	return look.Section{Heading: v.say("office-visit.registers"), Body: numbered(texts)}, true
}

func (v *visited) printedUndertakings() (look.Section, bool) {
	items, is := v.items(record.Undertaking)
	if !is || len(items) == 0 {
		return look.Section{}, false
	}
	var texts []look.Text
	for _, item := range items {
		u := item.Message.(*daylightv1.Undertaking)
		texts = append(texts, look.Lines(look.Written(u.GetText()), look.Small(look.Dotted(look.Typed(u.GetBy()), v.day(u.GetDueOn())))))
	}
	return look.Section{Heading: v.say("office-visit.undertakings"), Body: numbered(texts)}, true
}
