package fieldapp

import (
	"cmp"
	"slices"
	"strings"
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/client-sync/terms"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// findingsTab leads to the findings of the visit that a person works on.
func (t *turn) findingsTab() error {
	visit, ok := t.visit()
	if !ok {
		return t.show(sheet{title: "field-finding.list-title", tab: tabFindings, body: []look.Part{
			look.Heading{Text: t.say("field-finding.list-title")},
			look.Empty{Text: t.say("field-finding.no-visit"), Under: t.say("field-finding.no-visit-body"),
				Action: look.Button{Text: t.say("field-edit.tab-visit"), Href: "/visit"}},
		}})
	}
	return t.findings(visit)
}

// findings lists what was found on a visit, by areas, and what is worth a finding.
func (t *turn) findings(visit clientsync.Item) error {
	t.inVisit(visit.ID)
	set, err := t.terms()
	if err != nil {
		return err
	}
	var all []clientsync.Item
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{Kind: clientsync.KindFinding, Visit: visit.ID}) {
		if err != nil {
			return err
		}
		all = append(all, item)
	}
	suggested, err := t.suggested(visit)
	if err != nil {
		return err
	}
	body := []look.Part{look.Heading{Text: t.say("field-finding.list-title"), Under: t.say("field-finding.count", "n", len(all))}}
	if len(all) == 0 {
		body = append(body, look.Empty{Text: t.say("field-finding.none"), Under: t.say("field-finding.none-body")})
	}
	body = append(body, t.byArea(set, all)...)
	if suggested != nil {
		body = append(body, suggested)
	}
	return t.show(sheet{title: "field-finding.list-title", back: t.href(clientsync.KindVisit, visit.ID), tab: tabFindings,
		foot: []look.Button{{Kind: look.ButtonMain, Icon: look.IconPlus, Text: t.say("field-finding.new"), Href: t.href(clientsync.KindVisit, visit.ID, "finding")}},
		body: body})
}

// byArea gives a section for each area, in the vocabulary's order; what has none is last.
func (t *turn) byArea(set *terms.Set, all []clientsync.Item) (out []look.Part) {
	of := map[terms.Code][]clientsync.Item{}
	for _, item := range all {
		area := areaOf(item.Message.(*daylightv1.Finding))
		of[area] = append(of[area], item)
	}
	areas := []terms.Code{}
	for _, term := range set.Terms(terms.FindingArea) {
		areas = append(areas, term.Code)
	}
	for area := range of {
		if area != "" && !slices.Contains(areas, area) {
			areas = append(areas, area)
		}
	}
	for _, area := range append(areas, "") {
		if len(of[area]) == 0 {
			continue
		}
		heading := t.say("field-finding.no-area")
		if area != "" {
			heading = t.code(terms.FindingArea, string(area))
		}
		out = append(out, look.Section{Heading: heading, Beside: look.Para{Small: true, Soft: true, Text: t.locale.Number(len(of[area]))}, Body: []look.Part{t.findingRows(of[area])}})
	}
	return out
}

func areaOf(f *daylightv1.Finding) terms.Code {
	if area, _, ok := strings.Cut(f.GetTopic(), "."); ok {
		return terms.Code(area)
	}
	return terms.Code(f.GetArea())
}

// findingRows are the lines of findings, the most serious first.
func (t *turn) findingRows(items []clientsync.Item) look.Part {
	slices.SortStableFunc(items, func(a, b clientsync.Item) int {
		return cmp.Compare(severityOf(b), severityOf(a))
	})
	rows := look.Rows{}
	for _, item := range items {
		f := item.Message.(*daylightv1.Finding)
		row := look.Row{Href: t.href(item.Kind, item.ID), Text: look.Typed(gist(f)), Words: true, Under: t.topicWords(f.GetTopic())}
		if gist(f) == "" {
			row.Text, row.Words = t.say("field-finding.untitled"), false
		}
		if severity := enumText(f, severityField(f)); severity != "" {
			row.Tags = append(row.Tags, t.tagOf(listSeverity, severity))
		}
		if evidence := enumText(f, "evidence_status"); evidence != "" { // its words are long: no tag
			row.Under = look.Dotted(row.Under, t.code(listEvidence, evidence))
		}
		row.Tags = append(row.Tags, look.StandingTag(t.locale, t.findingStanding(item)))
		rows.Items = append(rows.Items, row)
	}
	return rows
}

func severityField(f *daylightv1.Finding) string {
	if f.SeverityDecided != nil {
		return "severity_decided"
	}
	return "severity_proposed"
}

func severityOf(item clientsync.Item) daylightv1.FindingSeverity {
	f := item.Message.(*daylightv1.Finding)
	return max(f.GetSeverityProposed(), f.GetSeverityDecided())
}

func (t *turn) topicWords(topic string) look.Text {
	if topic == "" {
		return nil
	}
	return t.code(terms.FindingTopic, topic)
}

// tagOf is the tag for the value of an enum.
func (t *turn) tagOf(list terms.List, value string) look.Tag {
	set, err := t.terms()
	if err != nil {
		return look.Tag{Text: look.Code(value)}
	}
	code := terms.Code(strings.TrimPrefix(value, string(list)+"_"))
	return look.TagOf(t.locale, list, code, set.Label(list, code, t.locale.Tag))
}

// findingStanding is where a finding stands on its way: received, in doubt between two
// people, complete, or with something still missing.
func (t *turn) findingStanding(item clientsync.Item) look.Standing {
	switch {
	case len(item.Conflicts) > 0:
		return look.StandingAttention
	case item.Sent && !item.Passing:
		return look.StandingReceived
	case slices.ContainsFunc(t.client.Check(item.Message), func(f clientsync.Flag) bool { return f.Weight == clientsync.WeightMissing }):
		return look.StandingDraft
	}
	return look.StandingReady
}

// dayText is a date as people say it; what is no whole date stays as it was written.
func (t *turn) dayText(day string) look.Text {
	if day == "" {
		return nil
	}
	if len(day) >= len(time.DateOnly) {
		if at, err := time.ParseInLocation(time.DateOnly, day[:len(time.DateOnly)], t.locale.Zone); err == nil {
			return t.locale.ShortDay(at)
		}
	}
	return look.Code(day)
}

// Names of the controls with which a suggestion is taken.
const (
	fromField = "_from" // the measurement or the checklist
	atField   = "_at"   // the threshold or the answer
)

// suggestion is a finding that somebody may write.
type suggestion struct {
	from, at string
	text     look.Text
	under    look.Text
	finding  *daylightv1.Finding
}

func (t *turn) suggestions(visit string) (out []suggestion, err error) {
	report, err := t.client.CheckVisit(t.ctx(), visit)
	if err != nil {
		return nil, err
	}
	for _, s := range report.Suggestions {
		out = append(out, suggestion{from: s.Measurement, at: s.Threshold.Code, finding: s.Finding,
			text: t.locale.Sentence(s.Threshold.MessageKey(), s.Text, s.Params), under: t.topicWords(s.Finding.GetTopic())})
	}
	for _, c := range report.Checklists {
		for _, o := range c.Suggested {
			out = append(out, suggestion{from: c.Response, at: o.Key.String(), finding: o.Finding,
				text: t.offerWords(o), under: typedOrNone(o.Answer)})
		}
	}
	return out, nil
}

// offerWords are what an answer that suggests a finding was about: the question, or of a
// calculation, which has only a name, the topic.
func (t *turn) offerWords(o forms.Offer) look.Text {
	if o.Question.Language == "" && o.Finding.GetTopic() != "" {
		return t.topicWords(o.Finding.GetTopic())
	}
	return look.Dotted(t.formText(o.Question), t.topicWords(o.Finding.GetTopic()))
}

// suggested offers them, each to be written with one tap.
func (t *turn) suggested(visit clientsync.Item) (look.Part, error) {
	all, err := t.suggestions(visit.ID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	rows := look.Rows{}
	for _, s := range all {
		rows.Items = append(rows.Items, look.Row{Lead: look.Symbol{Icon: look.IconChart}, Text: s.text, Under: s.under, Actions: []look.Part{
			look.Button{Text: t.say("field-finding.write-short"), Label: t.say("field-finding.write"), Action: t.href(visit.Kind, visit.ID, "suggested"),
				Hidden: []look.Hidden{{Name: fromField, Value: s.from}, {Name: atField, Value: s.at}}}}})
	}
	return look.Section{Heading: t.say("field-finding.suggested"), Body: []look.Part{
		look.Para{Small: true, Soft: true, Text: t.say("field-finding.suggested-body")}, rows}}, nil
}

// beginSuggested begins the finding that a measurement or an answer suggests, with what
// follows from it.
func (t *turn) beginSuggested(visit clientsync.Item, f *look.Form) error {
	all, err := t.suggestions(visit.ID)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.from == f.Value(fromField) && s.at == f.Value(atField) {
			return t.to(t.begin(s.finding))
		}
	}
	return t.to(t.href(visit.Kind, visit.ID, "findings")) // somebody has written it meanwhile
}
