package fieldapp

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/terms"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// A finding is recorded on one page, from what was seen to what it rests on. The questions
// that every finding is asked stand first; the rest unfolds.

const (
	listSeverity = terms.List("FINDING_SEVERITY")
	listEvidence = terms.List("EVIDENCE_STATUS")
)

func (a *App) findingRoutes() {
	a.page("/findings", (*turn).findingsTab)
	a.ofRecord(clientsync.KindVisit, "findings", (*turn).findings)
	a.ofRecord(clientsync.KindVisit, "finding", (*turn).beginFinding)
	a.onRecord(clientsync.KindVisit, "finding", func(t *turn, item clientsync.Item, _ *look.Form) error { return t.beginFinding(item) })
	a.onRecord(clientsync.KindVisit, "suggested", (*turn).beginSuggested)
	a.ofRecord(clientsync.KindFinding, "", (*turn).finding)
	a.live[route{clientsync.KindFinding, ""}] = (*turn).findingLive
	a.tidy[clientsync.KindFinding] = tidyFinding
}

// beginFinding begins a finding of a visit. Nothing is stored before something is typed.
func (t *turn) beginFinding(visit clientsync.Item) error {
	return t.to(t.begin(&daylightv1.Finding{VisitId: &visit.ID}))
}

// tidyFinding keeps the area with the topic, which names it.
func tidyFinding(posted url.Values) {
	if topic, ok := posted["topic"]; ok && len(topic) == 1 {
		area, _, _ := strings.Cut(topic[0], ".")
		posted["area"] = []string{area}
	}
}

// findingID is the part of the page that changes with what is saved.
const findingID = "finding"

func (t *turn) finding(item clientsync.Item) error {
	e, err := t.edit(item, "")
	if err != nil {
		return err
	}
	f := item.Message.(*daylightv1.Finding)
	body, err := e.findingBody(f)
	if err != nil {
		return err
	}
	if t.status == 0 || t.status == http.StatusOK {
		t.here(item.Kind, item.ID, "", "")
	}
	visit := "/visit"
	another := []look.Button(nil)
	if f.GetVisitId() != "" {
		t.inVisit(f.GetVisitId())
		visit = t.href(clientsync.KindVisit, f.GetVisitId())
		another = []look.Button{{Icon: look.IconPlus, Tall: true, Label: t.say("field-finding.another"), Href: t.href(clientsync.KindVisit, f.GetVisitId(), "finding")}}
	}
	page := []look.Part{look.Heading{Text: t.say("field-finding.title"), Unseen: true}}
	page = append(page, e.notices()...)
	for _, flag := range e.flags["visit_id"] {
		page = append(page, look.Note{Kind: look.NoteWatch, Text: e.flagSays(flag)})
	}
	page = append(page, e.form(look.Flow{ID: findingID, Body: []look.Part{look.Flow{Body: body}}}), e.findingEnd(f))
	return t.show(sheet{title: "field-finding.title", back: e.findingsHref(f), tab: tabFindings, body: page,
		foot: append(another, look.Button{Kind: look.ButtonMain, Text: t.say("field-finding.to-visit"), Href: visit})})
}

func (t *turn) findingsHref(f *daylightv1.Finding) string {
	if f.GetVisitId() == "" {
		return "/findings"
	}
	return t.href(clientsync.KindVisit, f.GetVisitId(), "findings")
}

// findingEnd leads to the history, and removes.
func (e *editor) findingEnd(f *daylightv1.Finding) look.Part {
	if len(f.GetSeen()) == 0 {
		return look.Para{Small: true, Soft: true, Text: e.say("field-finding.not-yet")}
	}
	return look.Cluster{Body: []look.Part{
		look.Button{Kind: look.ButtonQuiet, Icon: look.IconHistory, Text: e.say("field-finding.history"), Href: e.href(e.item.Kind, e.item.ID, "history")},
		e.removal("field-finding.remove", e.findingsHref(f)),
	}}
}

// findingLive draws the questions anew: which are asked depends on what was answered.
func (t *turn) findingLive(item clientsync.Item) (map[string]look.Part, error) {
	e, err := t.edit(item, "")
	if err != nil {
		return nil, err
	}
	body, err := e.findingBody(item.Message.(*daylightv1.Finding))
	if err != nil {
		return nil, err
	}
	return map[string]look.Part{findingID: look.Flow{Body: body}}, nil
}

func (e *editor) findingBody(f *daylightv1.Finding) ([]look.Part, error) {
	if len(f.GetSeen()) == 0 {
		clear(e.flags) // nothing is missing of what has only been opened
	}
	links, err := e.linksOf(f)
	if err != nil {
		return nil, err
	}
	scope := ask{path: "scope", label: "field-finding.scope"}
	body := []look.Part{
		e.line(ask{path: "narrative", label: "field-finding.narrative", hint: "field-finding.narrative-hint", rows: 5}),
		e.one(ask{path: "kind", label: "field-finding.kind", two: true}),
		e.topic(links.placeType),
	}
	if asksSeverity(f) {
		body = append(body, e.severity())
	}
	if f.SeverityDecided != nil {
		body = append(body, look.Pairs{Small: true, Items: []look.Fact{{Name: e.say("field-finding.decided"), Value: e.code(listSeverity, f.GetSeverityDecided().String())}}})
	}
	body = append(body,
		e.several(ask{path: "sources", label: "field-finding.sources", two: true}),
		e.evidence(f),
		look.Side{Body: []look.Part{
			e.numberAffected(),
			e.line(ask{path: "room", label: "field-finding.room"}),
		}},
		look.Side{Body: []look.Part{e.chosen(scope, e.options(scope)), e.line(ask{path: "unit", label: "field-finding.unit"})}},
		e.standards(f),
		e.yesNo(ask{path: "in_closing_talk", label: "field-finding.closing", hint: "field-finding.closing-hint", two: true}),
	)
	return append(body, e.restsOn(f, links), e.otherFindings(f, links), e.moreOf(f, links)), nil
}

// asksSeverity: severity is for concerns; what is said already is shown with its flag.
func asksSeverity(f *daylightv1.Finding) bool {
	return f.GetKind() == 0 || f.GetKind() == daylightv1.FindingKind_FINDING_KIND_CONCERN || f.SeverityProposed != nil
}

// topic asks for the topic, those that matter at such a place first, the rest by areas.
func (e *editor) topic(placeType string) look.Part {
	q := ask{path: "topic", label: "field-finding.topic"}
	all := e.options(q)
	var first []look.Option
	if placeType != "" {
		for _, m := range e.set.TopicsFor(terms.Code(placeType), e.locale.Now) {
			i := slices.IndexFunc(all, func(o look.Option) bool { return o.Value == string(m.Code) })
			if m.First && i >= 0 {
				o := all[i]
				all = slices.Delete(all, i, i+1)
				o.Group = e.say("field-finding.topics-first")
				first = append(first, o)
			}
		}
	}
	s := e.chosen(q, append(first, all...)).(look.Select)
	s.Missing = s.Missing || e.missing("area")
	s.Beside = append(s.Beside, e.beside("area")...)
	return s
}

// numberAffected asks how many; what is said of the bounds stands here too.
func (e *editor) numberAffected() look.Part {
	in := e.number(ask{path: "number_affected.exact", label: "field-finding.number", unit: "field-finding.people"}).(look.Input)
	in.Beside = append(in.Beside, e.beside("number_affected")...)
	return in
}

// chosen asks for one of many, from a list that opens.
func (e *editor) chosen(q ask, options []look.Option) look.Part {
	now := e.value(q.path)
	for i := range options {
		options[i].Selected = options[i].Value == now
	}
	return look.Select{Name: q.path, Label: e.label(q), Hint: e.hint(q), Options: options, Choose: true,
		Error: e.refused[q.path], Missing: e.missing(q.path), Beside: e.beside(q.path)}
}

// severityMarks are the drawings by the names of the values.
var severityMarks = map[string]look.Icon{
	"FINDING_SEVERITY_MINOR": look.MarkMinor, "FINDING_SEVERITY_MODERATE": look.MarkModerate,
	"FINDING_SEVERITY_SERIOUS": look.MarkSerious, "FINDING_SEVERITY_CRITICAL": look.MarkCritical,
}

// severity asks how serious it is; the words behind the colon say what that means.
func (e *editor) severity() look.Part {
	q := ask{path: "severity_proposed", label: "field-finding.severity", hint: "field-finding.severity-hint"}
	c := e.one(q).(look.Choices)
	for i, o := range c.Options {
		c.Options[i].Icon = severityMarks[o.Value]
		if word, means, ok := strings.Cut(o.Text.String(), ": "); ok {
			c.Options[i].Text, c.Options[i].Under = e.shortened(word), e.shortened(capital(means))
		}
	}
	return c
}

// shortened is a piece of a label. Only the English labels have two halves.
func (e *editor) shortened(piece string) look.Text {
	if e.locale.Tag != "en" {
		return look.Foreign("en", piece)
	}
	return look.Typed(piece)
}

// capital begins a sentence.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// evidence asks how far it is proven, and says what its sources would allow.
func (e *editor) evidence(f *daylightv1.Finding) look.Part {
	q := ask{path: "evidence_status", label: "field-finding.evidence"}
	s := e.chosen(q, e.options(q)).(look.Select)
	if f.EvidenceStatus == nil && len(f.GetSources()) > 1 {
		s.Beside = append(s.Beside, look.Para{Small: true, Live: true, Text: e.say("field-finding.evidence-two")})
	}
	return s
}

// standards offers what speaks to the topic, and what was cited already.
func (e *editor) standards(f *daylightv1.Finding) look.Part {
	var options []look.Choice
	add := func(ref string) {
		if slices.ContainsFunc(options, func(c look.Choice) bool { return c.Value == ref }) {
			return
		}
		c := look.Choice{Value: ref, Text: look.Code(ref)}
		if st, ok := e.set.Standard(terms.Ref(ref)); ok {
			c.Text, c.Under = look.Code(st.Instrument+" "+st.Provision), e.locale.Labelled(st.Title(e.locale.Tag))
			if strings.HasPrefix(st.Provision, st.Instrument) {
				c.Text = look.Code(st.Provision)
			}
		}
		options = append(options, c)
	}
	for _, ref := range f.GetStandards() {
		add(ref)
	}
	for _, c := range e.set.StandardsFor(terms.Code(f.GetTopic()), terms.Tenant{}, e.locale.Now) {
		add(string(c.Ref))
	}
	q := ask{path: "standards", label: "field-finding.standards", hint: "field-finding.standards-hint"}
	if len(options) == 0 {
		q.hint = "field-finding.standards-none"
	}
	return e.among(q, options)
}

// among asks for any number of what is on offer. Everything that is set is among it.
func (e *editor) among(q ask, options []look.Choice) look.Part {
	var all []offer
	for _, o := range options {
		all = append(all, offer{Choice: o})
	}
	return e.offers(q, all, nil)
}
