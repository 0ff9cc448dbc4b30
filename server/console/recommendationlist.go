package console

import (
	"net/url"
	"time"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// recommendationFilters is the form whose address is the list. What an address of another page
// narrows by stays in it.
func (t *turn) recommendationFilters(v url.Values, f store.RecommendationFilter) look.Part {
	body := []look.Part{
		look.Input{Name: "q", Label: t.say("office-recs.words"), Value: v.Get("q"), Type: "search"},
		t.filterBy("authority", t.say("office-recs.addressee"), v, t.optionsOf(authorities, "")),
		t.filterBy("owed", t.say("office-recs.owed"), url.Values{"owed": {owedOf(v)}}, t.owedOptions()),
		t.filterBy("state", t.say("office-recs.ours"), v, t.statesOffered()),
		t.filterBy("response", t.say("office-recs.theirs"), v, t.optionsOf(authorityResponses, "")),
		t.filterBy("status", t.say("office-recs.found"), v, t.optionsOf(implementationStates, "")),
	}
	more := []look.Part{
		t.filterBy("topic", t.saying().Field("topic"), v, t.optionsOf(findingAreas, "")),
		t.filterBy("horizon", t.saying().Field("horizon"), v, t.optionsOf(recommendationHorizons, "")),
		t.filterBy("level", t.saying().Field("level"), v, t.optionsOf(paperLevels, "")),
		look.Input{Name: "standard", Label: t.say("office-recs.standard"), Value: v.Get("standard"), Placeholder: "NMR-44"},
		look.Input{Name: "code", Label: t.say("office-recs.number"), Value: v.Get("code")},
		look.Input{Name: "from", Label: t.say("office-recs.issued-from"), Value: f.IssuedFrom, Type: "date"},
		look.Input{Name: "to", Label: t.say("office-recs.issued-to"), Value: f.IssuedTo, Type: "date"},
	}
	open := false
	for _, name := range []string{"topic", "horizon", "level", "standard", "code", "from", "to"} {
		open = open || v.Get(name) != ""
	}
	for name, id := range map[string]record.ID{"visit": f.Visit, "place": f.Facility} {
		if id != (record.ID{}) {
			body = append(body, look.Check{Name: name, Value: id.String(), Checked: true, Text: t.say(look.Key("office-recs.only-" + name))})
		}
	}
	filters := look.Filters{Action: "/recommendations", Body: append(body, look.Unfold{Summary: t.say("office-recs.more"), Plain: true, Open: open, Body: more})}
	if changed(v, "page", "") != "" {
		filters.Clear = look.Link{Href: "/recommendations", Text: t.say("office-recs.clear")}
	}
	return filters
}

// filterBy asks for one of the options, or any.
func (t *turn) filterBy(name string, label look.Text, v url.Values, options []look.Option) look.Part {
	all := []look.Option{{Text: t.say("office-recs.any")}}
	for _, o := range options {
		o.Selected = o.Value != "" && o.Value == v.Get(name)
		all = append(all, o)
	}
	return look.Select{Name: name, Label: label, Options: all}
}

func (t *turn) owedOptions() []look.Option {
	out := []look.Option{{Value: "open", Text: t.say("office-recs.is-open")}, {Value: "overdue", Text: t.say("office-recs.is-overdue")}}
	for age := range len(store.AgeDays) + 1 {
		out = append(out, look.Option{Value: owedWords[age+2], Text: t.say("office-recs.overdue-for", "age", t.ageName(age))})
	}
	return out
}

// statesOffered are the states that a paper stands in; that it is overdue is none.
func (t *turn) statesOffered() (out []look.Option) {
	for _, o := range t.optionsOf(recommendationStates, "") {
		if o.Value != "OVERDUE" {
			out = append(out, o)
		}
	}
	return out
}

// mostReplyPages bounds how many pages of answers one page of recommendations reads.
const mostReplyPages = 10

// repliesTo are what the authorities said to recommendations.
func (t *turn) repliesTo(items []store.Item) (out []*daylightv1.AuthorityReply, err error) {
	of := store.ReplyFilter{}
	for _, i := range items {
		id, err := record.ParseID(i.Message.GetId())
		if err != nil {
			return nil, err
		}
		of.Of = append(of.Of, id)
	}
	if len(of.Of) == 0 {
		return nil, nil
	}
	q := store.Query{Filter: of, PageSize: store.MaxPage}
	for range mostReplyPages {
		page, err := t.records().List(t.ctx(), record.AuthorityReply, q)
		if err != nil {
			return nil, err
		}
		for _, i := range page.Items {
			out = append(out, i.Message.(*daylightv1.AuthorityReply))
		}
		if q.PageToken = page.Next; page.Next == "" {
			break
		}
	}
	return out, nil
}

// paperTable are recommendations by the three axes.
func (t *turn) paperTable(items []store.Item) (look.Part, error) {
	replies, err := t.repliesTo(items)
	if err != nil {
		return nil, err
	}
	table := look.Ledger{Stack: true, Caption: t.say("office-recs.caption"), Head: []look.Column{
		{Text: t.say("office-recs.one")}, {Text: t.say("office-recs.due"), Whole: true}, {Text: t.say("office-recs.ours")}, {Text: t.say("office-recs.theirs")}, {Text: t.say("office-recs.found")}}}
	for _, i := range items {
		r := i.Message.(*daylightv1.Recommendation)
		table.Rows = append(table.Rows, look.Line{Href: "/recommendations/" + r.GetId(), Cells: []look.Cell{
			{Text: t.textOf(r, 120), Under: t.paperUnder(r)}, t.dueCell(r, replies), {Body: []look.Part{t.track(r.GetState())}}, t.answerCell(r, replies), t.foundCell(r)}})
	}
	return table, nil
}

// paperUnder says which one it is: number, place, urgency, and that it repeats another.
func (t *turn) paperUnder(r *daylightv1.Recommendation) look.Text {
	out := t.codeOf(r)
	for i, id := range r.GetFacilityIds() {
		if i == 2 {
			out = look.Dotted(out, t.say("office-recs.more-places", "n", len(r.GetFacilityIds())-i))
			break
		}
		out = look.Dotted(out, t.named("facility", id))
	}
	if r.GetHorizon() == daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_URGENT {
		out = look.Dotted(out, t.enum(r.GetHorizon()))
	}
	if r.GetPredecessorId() != "" {
		out = look.Dotted(out, t.say("office-recs.repeats"))
	}
	return out
}

// codeOf is a recommendation's number.
func (t *turn) codeOf(r *daylightv1.Recommendation) look.Text {
	if r.GetCode() == "" {
		return t.say("office-recs.no-number")
	}
	return look.Code(r.GetCode())
}

// dueCell is the first day on which something is still awaited, and how long it is over.
func (t *turn) dueCell(r *daylightv1.Recommendation, replies []*daylightv1.AuthorityReply) look.Cell {
	first := ""
	for _, l := range r.GetAddressees() {
		if day := l.GetDueOn(); day != "" && (first == "" || day < first) {
			first = day
		}
	}
	cell := look.Cell{}
	if first != "" {
		cell.Text = t.shortDay(first)
	}
	for _, o := range record.Overdue(r, replies, t.today()) {
		if o.AnswerLate {
			cell.Text, cell.Body = t.shortDay(o.AnswerDue), []look.Part{t.overTag(o.AnswerDays)}
			return cell
		}
	}
	return cell
}

// shortDay is a date for a narrow column.
func (t *turn) shortDay(s string) look.Text {
	at, err := time.ParseInLocation(time.DateOnly, s, t.locale.Zone)
	if err != nil {
		return t.day(s)
	}
	return t.locale.ShortDay(at)
}

func (t *turn) overTag(days int) look.Tag {
	return look.Tag{Kind: look.TagAttend, Icon: look.IconClock, Text: t.say("office-recs.over", "n", days)}
}

// stepsOfTrack are the states of a track, in order.
var stepsOfTrack = []daylightv1.RecommendationState{
	daylightv1.RecommendationState_RECOMMENDATION_STATE_DRAFT, daylightv1.RecommendationState_RECOMMENDATION_STATE_IN_REVIEW,
	daylightv1.RecommendationState_RECOMMENDATION_STATE_APPROVED, daylightv1.RecommendationState_RECOMMENDATION_STATE_ISSUED,
	daylightv1.RecommendationState_RECOMMENDATION_STATE_RECEIVED, daylightv1.RecommendationState_RECOMMENDATION_STATE_RESPONSE_RECEIVED,
	daylightv1.RecommendationState_RECOMMENDATION_STATE_UNDER_VERIFICATION,
}

// track is how far our own paper is. What was put aside has none, only its word.
func (t *turn) track(s daylightv1.RecommendationState) look.Part {
	word := t.enum(s)
	if s == 0 {
		word = t.say("office-recs.no-state")
	}
	if s == daylightv1.RecommendationState_RECOMMENDATION_STATE_CLOSED {
		return look.Track{Now: len(stepsOfTrack) + 1, Of: len(stepsOfTrack), Text: word}
	}
	for i, step := range stepsOfTrack {
		if step == s {
			return look.Track{Now: i + 1, Of: len(stepsOfTrack), Text: word}
		}
	}
	return look.Tag{Text: word}
}

// answerCell is what each addressee said last; of several with who they are.
func (t *turn) answerCell(r *daylightv1.Recommendation, replies []*daylightv1.AuthorityReply) (cell look.Cell) {
	for _, l := range r.GetAddressees() {
		tag := t.answerTag(record.CurrentReply(r, replies, l.GetId()), r.GetState())
		switch {
		case len(tag.Text) == 0:
		case len(r.GetAddressees()) > 1:
			cell.Text = look.Lines(cell.Text, look.Soft(t.authority(l)), tag.Text)
		default:
			cell.Body = []look.Part{tag}
		}
	}
	return cell
}

// answerTag is the tag of what was said last; nothing where nothing can have been said yet.
func (t *turn) answerTag(last *daylightv1.AuthorityReply, s daylightv1.RecommendationState) look.Tag {
	said := last.GetResponse()
	if said == 0 && (last != nil || record.RecommendationOpen(s)) {
		said = daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_NO_RESPONSE
	}
	if said == 0 {
		return look.Tag{}
	}
	return t.tagOf(authorityResponses, said.String())
}

// tagOf is the tag of an enum's value by its name.
func (t *turn) tagOf(list vocabulary.List, name string) look.Tag {
	code := vocabulary.Code(name[min(len(list)+1, len(name)):])
	return look.TagOf(t.locale, list, code, t.terms().Label(list, code, t.locale.Tag))
}

// authority is whom a line is addressed to.
func (t *turn) authority(l *daylightv1.AddresseeLine) look.Text {
	if l.GetAuthority() == "" {
		return t.say("office-recs.nobody")
	}
	return t.code(authorities, l.GetAuthority())
}

// foundCell is what the office saw last of it, and by what.
func (t *turn) foundCell(r *daylightv1.Recommendation) look.Cell {
	a := record.CurrentAssessment(r.GetAssessments(), "")
	if a.GetStatus() == 0 {
		return look.Cell{Text: look.Soft(t.say("office-recs.not-assessed"))}
	}
	tag, basis := t.tagOf(implementationStates, a.GetStatus().String()), t.basisOf(a)
	if tag.Kind == look.TagPlain {
		return look.Cell{Text: tag.Text, Under: basis}
	}
	cell := look.Cell{Body: []look.Part{tag}}
	if len(basis) > 0 {
		cell.Body = append(cell.Body, look.Tag{Text: basis})
	}
	return cell
}

// seenAt leads to the visit at which it was seen; nothing where none is named.
func (t *turn) seenAt(a *daylightv1.Assessment) look.Text {
	if a.GetVisitId() == "" {
		return nil
	}
	name := t.named(record.Visit.String(), a.GetVisitId())
	if !t.known[a.GetVisitId()] {
		return name
	}
	return look.To(recordHref(record.Visit, a.GetVisitId()), name)
}

// basisOf says by what it was assessed, and when.
func (t *turn) basisOf(a *daylightv1.Assessment) (out look.Text) {
	if a.GetBasis() != 0 {
		out = t.enum(a.GetBasis())
	}
	if a.GetOn() != "" {
		out = look.Dotted(out, t.day(a.GetOn()))
	}
	return out
}
