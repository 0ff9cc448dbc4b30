package console

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// Recommendations: what the office asks, what the authorities say to it, and what the office
// sees of it. These are three things and never one state.

const rowsOfPage = 50

func (c *Console) recommendationRoutes() {
	who := reads(record.Recommendation)
	writes := func(r access.Rights) bool { return r.WritesKind(record.Recommendation) }
	replies := func(r access.Rights) bool { return r.WritesKind(record.AuthorityReply) }
	c.rail = append(c.rail, way{href: "/recommendations", icon: look.IconLetter, name: "office-recs.title", allow: who})
	c.page("/recommendations", who, (*turn).showRecommendations)
	c.page("/recommendations/new", writes, func(t *turn) error { return t.showNewPaper(nil, nil, nil) })
	c.post("/recommendations/new", writes, (*turn).draftPaper)
	c.page("/recommendations/{id}", who, func(t *turn) error { return t.showPaper(nil) })
	c.page("/recommendations/{id}/print", who, (*turn).printPaper)
	c.page("/recommendations/{id}/edit", writes, func(t *turn) error { return t.showPaperEdit(nil, nil, nil) })
	c.post("/recommendations/{id}/edit", writes, (*turn).editPaper)

	c.post("/recommendations/{id}/step", who, (*turn).stepPaper)
	c.page("/recommendations/{id}/step/{to}", who, func(t *turn) error { return t.showPaperStep(nil, nil, nil) })
	c.post("/recommendations/{id}/step/{to}", who, (*turn).stepPaperAsked)

	c.page("/recommendations/{id}/lines/{line}", writes, func(t *turn) error { return t.showLine(nil, nil, nil) })
	c.post("/recommendations/{id}/lines/{line}", writes, (*turn).saveLine)
	c.page("/recommendations/{id}/lines/{line}/remove", writes, func(t *turn) error { return t.showLineRemove(nil) })
	c.post("/recommendations/{id}/lines/{line}/remove", writes, (*turn).removeLine)

	c.page("/recommendations/{id}/answers/new", replies, func(t *turn) error { return t.showNewAnswer(nil, nil, nil) })
	c.post("/recommendations/{id}/answers/new", replies, (*turn).addAnswer)
	c.page("/recommendations/{id}/answers/{reply}", replies, func(t *turn) error { return t.showAnswer(nil, nil, nil) })
	c.post("/recommendations/{id}/answers/{reply}", replies, (*turn).saveAnswer)

	c.page("/recommendations/{id}/assessments/new", writes, func(t *turn) error { return t.showAssessment(nil, nil, nil) })
	c.post("/recommendations/{id}/assessments/new", writes, (*turn).addAssessment)

	c.authorityRoutes()
	c.clockRoutes()
}

// owedWords are the answers of the filter that asks what is owed, in order: what is open, what
// is overdue, and that by its age.
var owedWords = []string{"open", "overdue", "30", "90", "180", "365", "more"}

// recommendationQuery reads the filters of an address. What says nothing narrows nothing.
func (t *turn) recommendationQuery(v url.Values) store.Query {
	f := store.RecommendationFilter{Authority: v.Get("authority"), Level: v.Get("level"), Topic: v.Get("topic"), Standard: strings.TrimSpace(v.Get("standard")),
		Code: strings.TrimSpace(v.Get("code")), IssuedFrom: dayIn(v.Get("from")), IssuedTo: dayIn(v.Get("to"))}
	f.State = daylightv1.RecommendationState(t.numberOf(recommendationStates, v.Get("state")))
	f.Horizon = daylightv1.RecommendationHorizon(t.numberOf(recommendationHorizons, v.Get("horizon")))
	f.Response = daylightv1.AuthorityResponse(t.numberOf(authorityResponses, v.Get("response")))
	f.Status = daylightv1.ImplementationStatus(t.numberOf(implementationStates, v.Get("status")))
	f.Visit, _ = record.ParseID(v.Get("visit"))
	f.Facility, _ = record.ParseID(v.Get("place"))
	switch owed := owedOf(v); owed {
	case "":
	case "open":
		f.Open = true
	default:
		f.OverdueOn = t.today()
		if age := slices.Index(owedWords, owed) - 2; age >= 0 {
			f.DueFrom, f.DueTo, _ = store.AgeSpan(f.OverdueOn, age) // today is a day
		}
	}
	return store.Query{Filter: f, Text: strings.TrimSpace(v.Get("q")), NewestFirst: true, PageSize: rowsOfPage, PageToken: v.Get("page")}
}

// owedOf is what is asked to be owed; other pages may say open=1 and overdue=1.
func owedOf(v url.Values) string {
	switch owed := v.Get("owed"); {
	case slices.Contains(owedWords, owed):
		return owed
	case v.Get("overdue") != "":
		return "overdue"
	case v.Get("open") != "":
		return "open"
	}
	return ""
}

func dayIn(s string) string {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return ""
	}
	return s
}

var (
	recommendationHorizons = vocabulary.ListOf(daylightv1.RecommendationHorizon(0).Descriptor())
	authorityResponses     = vocabulary.ListOf(daylightv1.AuthorityResponse(0).Descriptor())
	findingSeverities      = vocabulary.ListOf(daylightv1.FindingSeverity(0).Descriptor())
	implementationStates   = vocabulary.ListOf(daylightv1.ImplementationStatus(0).Descriptor())
)

const (
	authorities  vocabulary.List = "RESPONSIBLE_BODY"
	paperLevels  vocabulary.List = "RECOMMENDATION_LEVEL"
	findingAreas vocabulary.List = "FINDING_TOPIC"
)

// numberOf is the value of an enum that a code of its list stands for; 0 for none.
func (t *turn) numberOf(list vocabulary.List, code string) uint32 {
	term, ok := t.terms().Lookup(list, vocabulary.Code(code))
	if !ok {
		return 0
	}
	return term.Number
}

func (t *turn) showRecommendations() error {
	v := t.r.URL.Query()
	q := t.recommendationQuery(v)
	page, err := t.records().List(t.ctx(), record.Recommendation, q)
	if err != nil {
		return err
	}
	filter := q.Filter.(store.RecommendationFilter)
	ages, err := t.records().Desk().Ageing(t.ctx(), t.today(), filter)
	if err != nil {
		return err
	}
	table, err := t.paperTable(page.Items)
	if err != nil {
		return err
	}
	body := []look.Part{t.recommendationFilters(v, filter)}
	if ages.Total() > 0 {
		body = append(body, t.ageing(ages, func(owed string) string { return "/recommendations?" + changed(v, "owed", owed) }))
	}
	if len(page.Items) == 0 {
		body = append(body, look.Empty{Text: t.say("office-recs.none"), Under: t.say("office-recs.none-body")})
	} else {
		body = append(body, table, t.pager("/recommendations", v, page.Next))
	}
	body = append(body, t.exportRow("/recommendations", "office-exports.recommendations", t.r.URL.Query())...)
	return t.show(sheet{title: t.say("office-recs.title"), here: "/recommendations", lede: t.say("office-recs.lede", "n", int(ages.Total())), actions: t.listActions(filter), body: body})
}

func (t *turn) listActions(f store.RecommendationFilter) []look.Part {
	out := []look.Part{look.Button{Text: t.say("office-authority.title"), Icon: look.IconPeople, Href: "/authorities"}}
	if t.rights.WritesKind(record.Recommendation) {
		visit := ""
		if f.Visit != (record.ID{}) {
			visit = f.Visit.String()
		}
		out = append(out, look.Button{Text: t.say("office-recs.draft-one"), Icon: look.IconPlus, Kind: look.ButtonMain, Href: with("/recommendations/new", "visit", visit)})
	}
	return out
}

// changed are the filters of an address with one of them changed, on its first page.
func changed(v url.Values, name, value string) string {
	out := url.Values{}
	for k, all := range v {
		if k != "page" && k != name && len(all) > 0 && all[0] != "" {
			out[k] = all[:1]
		}
	}
	if name == "owed" {
		out.Del("open")
		out.Del("overdue")
	}
	if value != "" {
		out.Set(name, value)
	}
	return out.Encode()
}

// pager leads to the next page of a list and back to its first.
func (t *turn) pager(path string, v url.Values, next string) look.Part {
	p := look.Pager{N: -1}
	if v.Get("page") != "" {
		p.Earlier = path + "?" + changed(v, "page", "")
	}
	if next != "" {
		p.Later = path + "?" + changed(v, "page", next)
	}
	if p.Earlier == "" && p.Later == "" {
		return look.Flow{}
	}
	return p
}

// ageing are the overdue answers by how long.
func (t *turn) ageing(ages store.Ages, to func(owed string) string) look.Part {
	counts := look.Counts{Items: []look.Count{{Name: t.say("office-recs.age-any"), Value: t.locale.Number(int(ages.Total())), Href: to("overdue")}}}
	for age, n := range ages {
		counts.Items = append(counts.Items, look.Count{Name: t.ageName(age), Value: t.locale.Number(int(n)), Zero: n == 0, Attend: n > 0 && age > 0, Href: to(owedWords[age+2])})
	}
	return look.Section{Heading: t.say("office-recs.ageing"), Body: []look.Part{counts}}
}

// ageName says an age of what is overdue.
func (t *turn) ageName(age int) look.Text {
	if age == len(store.AgeDays) {
		return t.say("office-recs.age-more", "n", store.AgeDays[age-1])
	}
	from := 1
	if age > 0 {
		from = store.AgeDays[age-1] + 1
	}
	return t.say("office-recs.age", "from", from, "n", store.AgeDays[age])
}

// textOf is a recommendation in the reader's language, shortened where most says so.
func (t *turn) textOf(r *daylightv1.Recommendation, most int) look.Text {
	tag := t.tongue(r.GetTexts())
	if tag == "" {
		return t.say("office-recs.no-text")
	}
	if most == 0 {
		return look.Foreign(tag, r.GetTexts()[tag])
	}
	return look.Foreign(tag, recordpage.FirstWords(r.GetTexts()[tag], most))
}
