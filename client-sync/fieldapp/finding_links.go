package fieldapp

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/terms"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// findingLinks are what a finding may be tied to, as this device has it.
type findingLinks struct {
	placeType                                    string
	interviews, measurements, registers, against []look.Choice
	earlier, recommendations                     []look.Option
}

// linksOf reads them. Without a visit there are none.
func (e *editor) linksOf(f *daylightv1.Finding) (l findingLinks, err error) {
	if f.GetVisitId() == "" {
		return l, nil
	}
	for item, err := range e.client.List(e.ctx(), clientsync.Filter{Visit: f.GetVisitId()}) {
		if err != nil {
			return l, err
		}
		e.addLink(&l, item, f)
	}
	l.placeType = e.placeTypeOf(f.GetVisitId())
	if e.client.Locked() {
		return l, clientsync.ErrLocked
	}
	d, err := e.client.Dossier(e.ctx(), f.GetVisitId())
	if err != nil {
		return e.keepLinks(l, f), nil // what is tied already stays on the page
	}
	for _, earlier := range d.Findings {
		l.earlier = append(l.earlier, look.Option{Value: earlier.Finding.GetId(), Text: e.locale.Say("field-finding.earlier", "what", gist(earlier.Finding), "day", e.dayText(earlier.Day))})
	}
	for _, r := range d.Recommendations {
		l.recommendations = append(l.recommendations, look.Option{Value: r.Recommendation.GetId(), Text: e.recommendationText(r.Recommendation)})
	}
	return e.keepLinks(l, f), nil
}

// placeTypeOf is the main type of a visit's place; empty where it is not known here.
func (t *turn) placeTypeOf(visit string) string {
	item, err := t.client.Get(t.ctx(), clientsync.KindVisit, visit)
	if err != nil {
		return ""
	}
	place := item.Message.(*daylightv1.Visit).GetFacilityId()
	if place == "" {
		return ""
	}
	at, err := t.client.Get(t.ctx(), clientsync.KindFacility, place)
	if err != nil {
		return ""
	}
	return at.Message.(*daylightv1.Facility).GetMainType()
}

func (e *editor) addLink(l *findingLinks, item clientsync.Item, f *daylightv1.Finding) {
	switch m := item.Message.(type) {
	case *daylightv1.Interview:
		l.interviews = append(l.interviews, look.Choice{Value: m.GetId(), Text: e.codeOr(m, "interviewee_type", m.GetIntervieweeType(), "field-finding.interview"), Under: e.dayText(m.GetHeldOn())})
	case *daylightv1.Measurement:
		where := strings.TrimSpace(m.GetWing() + " " + m.GetRoom())
		under := []look.Text{}
		if m.Value != nil {
			under = append(under, e.locale.Measure(m.GetValue(), m.GetUnit()))
		}
		if where != "" {
			under = append(under, look.Typed(where))
		}
		text := look.Typed(m.GetLabel())
		if m.GetLabel() == "" {
			text = e.codeOr(m, "type", enumText(m, "type"), "field-finding.measurement")
		}
		l.measurements = append(l.measurements, look.Choice{Value: m.GetId(), Text: text, Under: look.Dotted(under...)})
	case *daylightv1.RegisterCheck:
		text := look.Typed(m.GetTitle())
		if m.GetTitle() == "" {
			text = e.codeOr(m, "register_type", m.GetRegisterType(), "field-finding.register")
		}
		l.registers = append(l.registers, look.Choice{Value: m.GetId(), Text: text, Under: e.dayText(m.GetCheckedAt())})
	case *daylightv1.Finding:
		if m.GetId() != f.GetId() {
			l.against = append(l.against, look.Choice{Value: m.GetId(), Text: look.Written(gist(m)), Under: e.code(terms.FindingTopic, m.GetTopic())})
		}
	}
}

// keepLinks adds what the finding names and this device does not have.
func (e *editor) keepLinks(l findingLinks, f *daylightv1.Finding) findingLinks {
	keep := func(offered *[]look.Choice, ids []string) {
		for _, id := range ids {
			if !slices.ContainsFunc(*offered, func(c look.Choice) bool { return c.Value == id }) {
				*offered = append(*offered, look.Choice{Value: id, Text: e.say("field-finding.not-here")})
			}
		}
	}
	keep(&l.interviews, f.GetInterviewIds())
	keep(&l.measurements, f.GetMeasurementIds())
	keep(&l.registers, f.GetRegisterCheckIds())
	keep(&l.against, f.GetContradicts())
	one := func(offered *[]look.Option, id string) {
		if id != "" && !slices.ContainsFunc(*offered, func(o look.Option) bool { return o.Value == id }) {
			*offered = append(*offered, look.Option{Value: id, Text: e.say("field-finding.not-here")})
		}
	}
	one(&l.earlier, f.GetRepeatsId())
	one(&l.recommendations, f.GetChecksId())
	return l
}

// codeOr is the label of a record's code, or words for a record that has none.
func (t *turn) codeOr(m clientsync.Message, field, value string, none look.Key) look.Text {
	if value == "" {
		return t.say(none)
	}
	e := editor{item: clientsync.Item{Message: m}}
	return t.code(e.listOf(ask{path: field}), value)
}

func enumText(m clientsync.Message, path string) string {
	text, _ := recordpage.Read(m, path)
	return text
}

// gist is what a finding is called in a list: its title, or how its text begins.
func gist(f *daylightv1.Finding) string {
	if f.GetTitle() != "" {
		return clip(f.GetTitle())
	}
	return clip(f.GetNarrative())
}

const mostGist = 90

// clip is how a text begins, at a word.
func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	runes := []rune(s)
	if len(runes) <= mostGist {
		return s
	}
	cut := string(runes[:mostGist])
	if i := strings.LastIndex(cut, " "); i > mostGist/2 {
		cut = cut[:i]
	}
	return cut + "…"
}

// restsOn asks for the records that the finding rests on.
func (e *editor) restsOn(f *daylightv1.Finding, l findingLinks) look.Part {
	paths := []string{"interview_ids", "measurement_ids", "register_check_ids"}
	var body []look.Part
	n := len(f.GetInterviewIds()) + len(f.GetMeasurementIds()) + len(f.GetRegisterCheckIds())
	for i, of := range []struct {
		offered []look.Choice
		label   look.Key
	}{{l.interviews, "field-finding.interviews"}, {l.measurements, "field-finding.measurements"}, {l.registers, "field-finding.registers"}} {
		if len(of.offered) > 0 {
			body = append(body, e.among(ask{path: paths[i], label: of.label}, of.offered))
		}
	}
	if href := e.answerHref(f); href != "" {
		n++
		body = append(body, look.Para{Text: look.To(href, e.say("field-finding.from-checklist"))})
	}
	if len(body) == 0 {
		body = []look.Part{look.Para{Small: true, Text: e.say("field-finding.rests-none")}}
	}
	return look.Unfold{Plain: true, Open: e.anyOf(paths...), Summary: e.counted("field-finding.rests", n), Body: body}
}

// answerHref leads to the checklist whose answer offered the finding.
func (e *editor) answerHref(f *daylightv1.Finding) string {
	if f.GetResponseId() == "" {
		return ""
	}
	return e.fillHref(f.GetResponseId(), f.GetAnswerKey())
}

// counted is a summary with how many it holds, where it holds any.
func (e *editor) counted(label look.Key, n int) look.Text {
	if n == 0 {
		return e.say(label)
	}
	return look.Dotted(e.say(label), e.locale.Number(n))
}

// anyOf reports whether something is to be said about one of the paths: then they unfold.
func (e *editor) anyOf(paths ...string) bool {
	return slices.ContainsFunc(paths, func(path string) bool {
		return len(e.refused[path]) > 0 || len(e.flags[path]) > 0 ||
			slices.ContainsFunc(e.item.Conflicts, func(c clientsync.Conflict) bool { return c.Field == path })
	})
}

func (e *editor) otherFindings(f *daylightv1.Finding, l findingLinks) look.Part {
	n := len(f.GetContradicts())
	var body []look.Part
	if len(l.against) > 0 {
		body = append(body, e.among(ask{path: "contradicts", label: "field-finding.contradicts", hint: "field-finding.contradicts-hint"}, l.against))
	}
	if len(l.earlier) > 0 {
		body = append(body, e.chosen(ask{path: "repeats_id", label: "field-finding.repeats", hint: "field-finding.repeats-hint"}, l.earlier))
	}
	if f.GetRepeatsId() != "" {
		n++
	}
	if len(body) == 0 {
		body = []look.Part{look.Para{Small: true, Text: e.say("field-finding.others-none")}}
	}
	return look.Unfold{Plain: true, Open: e.anyOf("contradicts", "repeats_id"), Summary: e.counted("field-finding.others", n), Body: body}
}

// moreOf asks for what most findings do without.
func (e *editor) moreOf(f *daylightv1.Finding, l findingLinks) look.Part {
	body := []look.Part{
		e.line(ask{path: "title", label: "field-finding.short"}),
		e.several(ask{path: "affected_groups", label: "field-finding.groups", two: true}),
		look.Side{Body: []look.Part{
			e.number(ask{path: "number_affected.at_least", label: "field-finding.at-least"}),
			e.number(ask{path: "number_affected.at_most", label: "field-finding.at-most"}),
		}},
		e.yesNo(ask{path: "number_affected.unknown", label: "field-finding.unknown", two: true}),
		look.Side{Body: []look.Part{
			e.moment(ask{path: "observed_at", label: "field-finding.observed"}),
			e.moment(ask{path: "recorded_at", label: "field-finding.recorded"}),
		}},
		e.line(ask{path: "noted_by", label: "field-finding.noted-by"}),
		e.one(ask{path: "confidentiality", label: "field-finding.confidentiality"}),
	}
	if len(l.recommendations) > 0 {
		body = append(body, e.chosen(ask{path: "checks_id", label: "field-finding.checks", hint: "field-finding.checks-hint"}, l.recommendations))
		if f.GetChecksId() != "" || f.ImplementationSeen != nil {
			body = append(body, e.one(ask{path: "implementation_seen", label: "field-finding.seen"}), e.one(ask{path: "implementation_basis", label: "field-finding.basis"}))
		}
	}
	return look.Unfold{Plain: true, Summary: e.say("field-finding.more"), Body: body,
		Open: e.anyOf("title", "affected_groups", "number_affected", "number_affected.at_least", "number_affected.at_most", "observed_at", "recorded_at", "noted_by", "confidentiality", "checks_id", "implementation_seen", "implementation_basis")}
}

// recommendationText is how a recommendation begins, in the language of the page if it is
// worded in it.
func (t *turn) recommendationText(r *daylightv1.Recommendation) look.Text {
	tags := append([]string{t.locale.Tag}, slices.Sorted(maps.Keys(r.GetTexts()))...)
	for _, tag := range tags {
		if text := r.GetTexts()[tag]; text != "" {
			return look.Spaced(look.Code(r.GetCode()), look.Typed(clip(text)))
		}
	}
	return look.Code(cmp.Or(r.GetCode(), r.GetId()))
}
