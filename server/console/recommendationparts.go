package console

import (
	"net/url"
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// linesSection are the addressees, each with its own days.
func (t *turn) linesSection(p *paper) look.Part {
	s := look.Section{Heading: t.saying().Field("addressees"), ID: "lines"}
	writes := p.writes(t)
	if writes {
		s.Beside = look.Button{Text: t.say("office-recs.line-add"), Icon: look.IconPlus, Href: p.href("/lines/new")}
	}
	if len(p.r.GetAddressees()) == 0 {
		s.Body = []look.Part{look.Empty{Text: t.say("office-recs.no-line")}}
		return s
	}
	table := look.Ledger{Stack: true, Caption: t.say("office-recs.terms"), Head: []look.Column{{Text: t.saying().Field("authority")}, {Text: t.saying().Field("sent_on"), Whole: true},
		{Text: t.saying().Field("received_on"), Whole: true}, {Text: t.say("office-recs.answer-due"), Whole: true}, {Text: t.saying().Field("implement_by"), Whole: true}}}
	for _, l := range p.r.GetAddressees() {
		line := look.Line{Cells: []look.Cell{{Text: t.authority(l), Under: look.Typed(l.GetOffice())}, {Text: t.dayOrNone(l.GetSentOn())}, {Text: t.dayOrNone(l.GetReceivedOn())}, {Text: t.dayOrNone(l.GetDueOn())}, {Text: t.dayOrNone(l.GetImplementBy())}}}
		if writes {
			line.Href = p.href("/lines/" + url.PathEscape(l.GetId()))
		}
		table.Rows = append(table.Rows, line)
	}
	s.Body = []look.Part{table}
	return s
}

func (t *turn) dayOrNone(s string) look.Text {
	if s == "" {
		return look.Soft(t.say("office-recs.no-day"))
	}
	return t.day(s)
}

// answersSection is everything that was said, the newest first, in their own words.
func (t *turn) answersSection(p *paper) look.Part {
	s := look.Section{Heading: t.say("office-recs.answers"), ID: "answers"}
	writes := p.answers(t)
	for i := range p.replies {
		a := p.replies[len(p.replies)-1-i]
		who := t.say("office-recs.some-authority")
		if l := p.line(a.GetLineId()); l != nil {
			who = t.authority(l)
		} else if len(p.r.GetAddressees()) == 1 {
			who = t.authority(p.r.GetAddressees()[0])
		}
		said := []look.Part{look.Voice{Whose: look.Theirs, Who: look.Dotted(who, t.responseOf(a)), When: t.dayOrNone(a.GetReceivedOn()), Words: t.wordsOf(a), Under: t.aboutReply(a)}}
		if writes {
			said = append(said, look.Button{Text: t.say("office-recs.answer-edit"), Kind: look.ButtonQuiet, Href: p.href("/answers/" + a.GetId())})
		}
		s.Body = append(s.Body, look.Flow{Tight: true, Body: said})
	}
	if len(s.Body) == 0 {
		s.Body = []look.Part{look.Empty{Text: t.say("office-recs.no-answers")}}
	}
	return s
}

func (t *turn) responseOf(a *daylightv1.AuthorityReply) look.Text {
	if a.GetResponse() == 0 {
		return nil
	}
	return t.enum(a.GetResponse())
}

func (t *turn) wordsOf(a *daylightv1.AuthorityReply) look.Text {
	if a.GetText() == "" {
		return t.say("office-recs.no-words")
	}
	return look.Typed(a.GetText())
}

// aboutReply are its number, its date, what is asked for and what was sent with it.
func (t *turn) aboutReply(a *daylightv1.AuthorityReply) (out look.Text) {
	for _, field := range []struct{ name, value string }{{"reference", a.GetReference()}, {"evidence", a.GetEvidence()}} {
		if field.value != "" {
			out = look.Dotted(out, t.say("field-history.pair", "field", t.saying().Field(field.name), "value", look.Typed(field.value)))
		}
	}
	for _, field := range []struct{ name, value string }{{"dated", a.GetDated()}, {"extension_until", a.GetExtensionUntil()}} {
		if field.value != "" {
			out = look.Dotted(out, t.say("field-history.pair", "field", t.saying().Field(field.name), "value", t.day(field.value)))
		}
	}
	return out
}

// assessedSection is how the office saw it over time, where it looked more than once.
func (t *turn) assessedSection(p *paper) look.Part {
	all := p.r.GetAssessments()
	if len(all) < 2 {
		return look.Flow{}
	}
	log := look.Log{}
	for i := range all {
		a := all[len(all)-1-i]
		e := look.Entry{Whose: look.Offices, Text: look.Dotted(look.Strong(t.enum(a.GetStatus())), t.basisOf(a))}
		if l := p.line(a.GetLineId()); l != nil {
			e.Text = look.Dotted(t.authority(l), e.Text)
		}
		e.Text = look.Dotted(e.Text, t.seenAt(a))
		if a.GetNote() != "" {
			e.Body = []look.Part{look.Prose{Text: look.Typed(a.GetNote())}}
		}
		e.When = look.Typed(a.GetBy())
		log.Items = append(log.Items, e)
	}
	return look.Section{Heading: t.saying().Field("assessments"), Body: []look.Part{log}}
}

// findingsSection are those that it rests on, as far as they are in sight.
func (t *turn) findingsSection(p *paper) look.Part {
	rows, hidden := look.Rows{}, 0
	for _, id := range p.r.GetFindingIds() {
		item, err := t.itemOf(record.Finding, id)
		if err != nil {
			hidden++
			continue
		}
		f := item.Message.(*daylightv1.Finding)
		rows.Items = append(rows.Items, look.Row{Href: "/findings/" + id, Text: t.name(f), Words: true, Under: look.Dotted(t.code(findingAreas, f.GetTopic()), t.severityOf(f))})
	}
	s := look.Section{Heading: t.saying().Field("finding_ids")}
	if len(rows.Items) > 0 {
		s.Body = append(s.Body, rows)
	}
	if hidden > 0 {
		s.Body = append(s.Body, look.Para{Soft: true, Small: true, Text: t.say("office-recs.findings-hidden", "n", hidden)})
	}
	if len(s.Body) == 0 {
		s.Body = []look.Part{look.Empty{Text: t.say("office-recs.no-finding")}}
	}
	return s
}

// severityOf is the decided one, else the proposed, in a word.
func (t *turn) severityOf(f *daylightv1.Finding) look.Text {
	switch {
	case f.GetSeverityDecided() != 0:
		return t.tagOf(findingSeverities, f.GetSeverityDecided().String()).Text
	case f.GetSeverityProposed() != 0:
		return t.tagOf(findingSeverities, f.GetSeverityProposed().String()).Text
	}
	return nil
}

// mostChain bounds how far back the same is followed.
const mostChain = 20

// chainSection are the earlier ones that it repeats, and the later ones that repeat it.
func (t *turn) chainSection(p *paper) ([]look.Part, error) {
	id, err := record.ParseID(p.r.GetId())
	if err != nil {
		return nil, err
	}
	later, err := t.records().List(t.ctx(), record.Recommendation, store.Query{Filter: store.RecommendationFilter{Predecessor: id}, PageSize: mostChain})
	if err != nil {
		return nil, err
	}
	read := 0
	chain := record.Chain(p.r, func(id string) *daylightv1.Recommendation {
		if read++; read > mostChain {
			return nil
		}
		item, err := t.itemOf(record.Recommendation, id)
		if err != nil {
			return nil
		}
		return item.Message.(*daylightv1.Recommendation)
	})
	for _, i := range later.Items {
		chain = append(chain, i.Message.(*daylightv1.Recommendation))
	}
	if len(chain) < 2 {
		return nil, nil
	}
	log := look.Log{}
	for i := range chain {
		log.Items = append(log.Items, t.chainEntry(p, chain[len(chain)-1-i]))
	}
	return []look.Part{look.Section{Heading: t.say("office-recs.the-same"), Body: []look.Part{log}}}, nil
}

func (t *turn) chainEntry(p *paper, r *daylightv1.Recommendation) look.Entry {
	e := look.Entry{Text: look.Dotted(look.To("/recommendations/"+r.GetId(), t.paperTitle(r)), t.enum(r.GetState()))}
	if r.GetId() == p.r.GetId() {
		e.Whose, e.Text = look.Offices, look.Dotted(look.Strong(t.paperTitle(r)), t.enum(r.GetState()))
	}
	if r.GetIssuedOn() != "" {
		e.Text = look.Dotted(e.Text, t.day(r.GetIssuedOn()))
	}
	if a := record.CurrentAssessment(r.GetAssessments(), ""); a.GetStatus() != 0 {
		e.Text = look.Dotted(e.Text, t.enum(a.GetStatus()))
	}
	return e
}

// missingNote says what is not filled in of one that has not left the house.
func (t *turn) missingNote(r *daylightv1.Recommendation) []look.Part {
	missing := t.missingOf(r)
	if len(missing) == 0 {
		return nil
	}
	return []look.Part{look.Note{Kind: look.NoteWatch, Icon: look.IconPen, Heading: t.say("office-recs.missing"), Body: []look.Part{look.Points{Items: missing, Small: true}}}}
}

// paperAside is what it says in codes, and why.
func (t *turn) paperAside(p *paper) (out []look.Part) {
	facts := look.Pairs{Small: true}
	add := func(field string, value look.Text) {
		if len(value) > 0 {
			facts.Items = append(facts.Items, look.Fact{Name: t.saying().Field(field), Value: value})
		}
	}
	if p.r.GetType() != 0 {
		add("type", t.enum(p.r.GetType()))
	}
	if p.r.GetHorizon() != 0 {
		add("horizon", t.enum(p.r.GetHorizon()))
	}
	for _, f := range []struct{ field, value string }{{"level", p.r.GetLevel()}, {"cost", p.r.GetCost()}} {
		if f.value != "" {
			add(f.field, t.codeIn(f.field, f.value))
		}
	}
	var topics []look.Text
	for _, topic := range p.r.GetTopics() {
		topics = append(topics, t.code(findingAreas, topic))
	}
	add("topics", t.locale.List(topics...))
	add("standards", t.standardsSaid(p.r.GetStandards()))
	add("report_ref", look.Typed(p.r.GetReportRef()))
	add("note", look.Typed(p.r.GetNote()))
	if len(facts.Items) > 0 {
		out = append(out, look.Leaf{Body: []look.Part{facts}})
	}
	if p.r.GetRationale() != "" {
		out = append(out, look.Leaf{Heading: t.saying().Field("rationale"), Body: []look.Part{look.Prose{Text: look.Typed(p.r.GetRationale())}}})
	}
	return out
}

func (t *turn) codeIn(field, value string) look.Text {
	if field == "level" {
		return t.code(paperLevels, value)
	}
	return t.code("ENABLER_COST", value)
}

// standardsSaid are references with what they say in short.
func (t *turn) standardsSaid(refs []string) look.Text {
	var out []look.Text
	for _, ref := range refs {
		out = append(out, look.Spaced(look.Code(ref), t.standardTitle(ref)))
	}
	return look.Lines(out...)
}

// missingOf are what the rules of the domain say is not filled in yet.
func (t *turn) missingOf(r *daylightv1.Recommendation) (out []look.Text) {
	for _, f := range record.Flags(r) {
		if f.Weight == record.WeightMissing {
			said := t.locale.Sentence(f.MessageKey, f.Text, f.Params)
			if !slices.ContainsFunc(out, func(one look.Text) bool { return one.String() == said.String() }) { // of several lines
				out = append(out, said)
			}
		}
	}
	return out
}

// trimmedRefs are the references that were typed, apart by commas, spaces or lines.
func trimmedRefs(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' || r == '\r' || r == '\t' })
}
