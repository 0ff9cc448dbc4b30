package console

import (
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// printButton prints the page; without script the browser's own menu does.
func (t *turn) printButton() look.Part {
	return look.Flow{Script: true, Body: []look.Part{look.Button{Text: t.say("office-recs.print"), Icon: look.IconPrint, Kind: look.ButtonMain, Data: map[string]string{"print": ""}}}}
}

// classLine is how far a sheet may travel.
func (t *turn) classLine(c daylightv1.ConfidentialityClass) look.Text {
	if c == 0 {
		c = daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_INTERNAL
	}
	return t.enum(c)
}

// printPaper is one recommendation as a sheet: its words, to whom and by when, what was said
// and what was found.
func (t *turn) printPaper() error {
	p, err := t.paper()
	if err != nil {
		return err
	}
	body := []look.Part{look.Prose{Text: t.textOf(p.r, 0), Tag: t.tongue(p.r.GetTexts()), Strong: true}}
	facts := look.Pairs{}
	add := func(name, value look.Text) {
		if len(value) > 0 {
			facts.Items = append(facts.Items, look.Fact{Name: name, Value: value})
		}
	}
	add(t.say("office-recs.ours"), t.stateSaid(p.r))
	if p.r.GetIssuedOn() != "" {
		add(t.saying().Field("issued_on"), t.day(p.r.GetIssuedOn()))
	}
	if p.r.GetHorizon() != 0 {
		add(t.saying().Field("horizon"), t.enum(p.r.GetHorizon()))
	}
	add(t.saying().Field("standards"), t.standardsSaid(p.r.GetStandards()))
	body = append(body, facts)
	for _, l := range p.r.GetAddressees() {
		body = append(body, look.Section{Heading: t.authority(l), Body: t.printLine(p, l)})
	}
	sheetOf := look.Sheet{Class: t.classLine(p.r.GetConfidentiality()), Beside: t.locale.Moment(t.locale.Now), Heading: t.paperTitle(p.r), Body: body}
	return t.show(sheet{title: t.paperTitle(p.r), crumbs: t.paperCrumbs(p.r, t.say("office-recs.print")), here: "/recommendations", actions: []look.Part{t.printButton()}, body: []look.Part{look.Flow{Body: []look.Part{sheetOf}}}})
}

func (t *turn) stateSaid(r *daylightv1.Recommendation) look.Text {
	if r.GetState() == 0 {
		return t.say("office-recs.no-state")
	}
	return t.enum(r.GetState())
}

// printLine is what was asked of one addressee, and what came of it.
func (t *turn) printLine(p *paper, l *daylightv1.AddresseeLine) []look.Part {
	facts := look.Pairs{}
	for _, f := range []struct{ field, value string }{{"sent_on", l.GetSentOn()}, {"received_on", l.GetReceivedOn()}, {"due_on", l.GetDueOn()}, {"implement_by", l.GetImplementBy()}} {
		if f.value != "" {
			facts.Items = append(facts.Items, look.Fact{Name: t.saying().Field(f.field), Value: t.day(f.value)})
		}
	}
	out := []look.Part{}
	if l.GetOffice() != "" {
		out = append(out, look.Para{Text: look.Typed(l.GetOffice())})
	}
	out = append(out, facts)
	if last := record.CurrentReply(p.r, p.replies, l.GetId()); last != nil {
		out = append(out, look.Voice{Whose: look.Theirs, Who: t.responseOf(last), When: t.dayOrNone(last.GetReceivedOn()), Words: t.wordsOf(last)})
	} else if record.RecommendationOpen(p.r.GetState()) {
		out = append(out, look.Para{Text: t.answerTag(nil, p.r.GetState()).Text})
	}
	if a := record.CurrentAssessment(p.r.GetAssessments(), l.GetId()); a != nil {
		out = append(out, t.assessment(p, a)...)
	}
	return out
}

// mostPrinted bounds the recommendations of one sheet.
const mostPrinted = 200

// printAuthority is everything that one authority owes, as a sheet for a meeting with it.
func (t *turn) printAuthority() error {
	code, err := t.authorityOf()
	if err != nil {
		return err
	}
	q := t.authorityQuery(code, t.r.URL.Query())
	q.PageSize = mostPrinted
	page, err := t.records().List(t.ctx(), record.Recommendation, q)
	if err != nil {
		return err
	}
	replies, err := t.repliesTo(page.Items)
	if err != nil {
		return err
	}
	var body []look.Part
	class := daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_INTERNAL
	for n, i := range page.Items {
		class = max(class, i.Message.(*daylightv1.Recommendation).GetConfidentiality()) // the sheet travels as far as the strictest
		body = append(body, t.printOwed(n+1, code, i, replies))
	}
	if page.Next != "" {
		body = append(body, look.Para{Soft: true, Text: t.say("office-authority.cut", "n", mostPrinted)})
	}
	if len(body) == 0 {
		body = []look.Part{look.Para{Text: t.say("office-authority.owes-nothing")}}
	}
	name := t.code(authorities, code)
	sheetOf := look.Sheet{Class: t.classLine(class), Beside: t.locale.Moment(t.locale.Now), Heading: name, Body: body}
	return t.show(sheet{title: t.say("office-authority.title"), heading: name, crumbs: t.authorityCrumbs(code, t.say("office-recs.print")), here: "/recommendations", actions: []look.Part{t.printButton()}, body: []look.Part{look.Flow{Body: []look.Part{sheetOf}}}})
}

// printOwed is one recommendation of the sheet, with what this authority said and is due for.
func (t *turn) printOwed(n int, code string, i store.Item, replies []*daylightv1.AuthorityReply) look.Part {
	r := i.Message.(*daylightv1.Recommendation)
	said := look.Dotted(t.codeOf(r), t.textOf(r, 600))
	for _, l := range r.GetAddressees() {
		if l.GetAuthority() != code {
			continue
		}
		under := look.Dotted(look.Typed(l.GetOffice()))
		if l.GetDueOn() != "" {
			under = look.Dotted(under, t.say("field-history.pair", "field", t.say("office-recs.answer-due"), "value", t.day(l.GetDueOn())))
		}
		for _, o := range record.Overdue(r, replies, t.today()) {
			if o.Line == l.GetId() && o.AnswerLate {
				under = look.Dotted(under, t.say("office-recs.over", "n", o.AnswerDays))
			}
		}
		under = look.Dotted(under, t.answerTag(record.CurrentReply(r, replies, l.GetId()), r.GetState()).Text)
		if a := record.CurrentAssessment(r.GetAssessments(), l.GetId()); a.GetStatus() != 0 {
			under = look.Dotted(under, t.enum(a.GetStatus()), t.basisOf(a))
		}
		said = look.Lines(said, look.Small(under))
	}
	return look.Numbered{Number: t.locale.Number(n), Text: said}
}
