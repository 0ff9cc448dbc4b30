package console

import (
	"net/url"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	"github.com/daylight-npm/daylight/server/store"
)

// Authorities: what each was asked, what it owes, and how it answers.

func (c *Console) authorityRoutes() {
	who := reads(record.Recommendation)
	c.page("/authorities", who, (*turn).showAuthorities)
	c.page("/authorities/{code}", who, (*turn).showAuthority)
	c.page("/authorities/{code}/print", who, (*turn).printAuthority)
}

func (t *turn) authorityCrumbs(code string, here look.Text) []look.Link {
	out := []look.Link{{Href: "/recommendations", Text: t.say("office-recs.title")}}
	if code == "" {
		return append(out, look.Link{Text: t.say("office-authority.title")})
	}
	out = append(out, look.Link{Href: "/authorities", Text: t.say("office-authority.title")})
	if len(here) == 0 {
		return append(out, look.Link{Text: t.code(authorities, code)})
	}
	return append(out, look.Link{Href: "/authorities/" + url.PathEscape(code), Text: t.code(authorities, code)}, look.Link{Text: here})
}

func (t *turn) showAuthorities() error {
	all, err := t.records().Desk().Owed(t.ctx(), t.today(), "")
	if err != nil {
		return err
	}
	table := look.Ledger{Stack: true, Caption: t.say("office-authority.caption"), Head: []look.Column{
		{Text: t.saying().Field("authority")}, {Text: t.say("office-authority.asked"), Right: true}, {Text: t.say("office-authority.open"), Right: true}, {Text: t.say("office-authority.overdue"), Right: true},
		{Text: t.say("office-authority.oldest"), Right: true}, {Text: t.say("office-authority.answered"), Right: true}, {Text: t.say("office-authority.done"), Right: true}}}
	for _, o := range all {
		table.Rows = append(table.Rows, t.owedLine(o))
	}
	body := []look.Part{table}
	if len(all) == 0 {
		body = []look.Part{look.Empty{Text: t.say("office-authority.none"), Under: t.say("office-authority.none-body")}}
	}
	return t.show(sheet{title: t.say("office-authority.title"), crumbs: t.authorityCrumbs("", nil), here: "/recommendations", lede: t.say("office-authority.lede"), body: body,
		actions: []look.Part{look.Button{Text: t.say("office-clocks.title"), Icon: look.IconClock, Href: "/office/clocks"}}})
}

func (t *turn) owedLine(o store.Owed) look.Line {
	name, href := t.say("office-recs.nobody"), ""
	if o.Authority != "" {
		name, href = t.code(authorities, o.Authority), "/authorities/"+url.PathEscape(o.Authority)
	}
	oldest := look.Text(nil)
	for age := len(o.Overdue) - 1; age >= 0 && len(oldest) == 0; age-- {
		if o.Overdue[age] > 0 {
			oldest = t.say("office-authority.of-age", "count", t.locale.Number(int(o.Overdue[age])), "age", t.ageName(age))
		}
	}
	number := func(n int64) look.Cell { return look.Cell{Text: t.locale.Number(int(n))} }
	return look.Line{Href: href, Cells: []look.Cell{{Text: name}, number(o.Asked), number(o.Open), number(o.Overdue.Total()), {Text: oldest}, t.shareCell(o.Answered, o.Asked), t.shareCell(o.Done, o.Asked)}}
}

// shareCell is how many of how many, with the share where there are enough for one.
func (t *turn) shareCell(n, of int64) look.Cell {
	cell := look.Cell{Text: t.locale.Of(int(n), int(of))}
	if of >= fewestForShare {
		cell.Under = t.locale.Percent(float64(n) / float64(of))
	}
	return cell
}

// fewestForShare is how many there have to be before a share of them says anything.
const fewestForShare = 10

// authorityOf is the code of the address, which is one of the list's, or one that was asked.
func (t *turn) authorityOf() (string, error) {
	code := t.r.PathValue("code")
	if _, known := t.terms().Lookup(authorities, vocabulary.Code(code)); known {
		return code, nil
	}
	all, err := t.records().Desk().Owed(t.ctx(), t.today(), code)
	if err != nil {
		return "", err
	}
	if code == "" || len(all) == 0 {
		return "", errNotFound
	}
	return code, nil
}

// authorityQuery is the list of an authority's page: what is open, unless the address asks
// for something else.
func (t *turn) authorityQuery(code string, v url.Values) store.Query {
	q := t.recommendationQuery(v)
	f := q.Filter.(store.RecommendationFilter)
	f.Authority = code
	if owedOf(v) == "" && v.Get("all") == "" {
		f.Open = true
	}
	q.Filter = f
	return q
}

func (t *turn) showAuthority() error {
	code, err := t.authorityOf()
	if err != nil {
		return err
	}
	v := t.r.URL.Query()
	page, err := t.records().List(t.ctx(), record.Recommendation, t.authorityQuery(code, v))
	if err != nil {
		return err
	}
	all, err := t.records().Desk().Owed(t.ctx(), t.today(), code)
	if err != nil {
		return err
	}
	table, err := t.paperTable(page.Items)
	if err != nil {
		return err
	}
	path := "/authorities/" + url.PathEscape(code)
	body := []look.Part{t.owedViews(path, v)}
	if len(page.Items) == 0 {
		body = append(body, look.Empty{Text: t.say("office-authority.owes-nothing"), Under: t.say("office-authority.owes-nothing-body")})
	} else {
		body = append(body, table, t.pager(path, v, page.Next))
	}
	for _, o := range all {
		body = append([]look.Part{t.owedCounts(o)}, body...)
		if o.Overdue.Total() > 0 {
			body = append(body[:1:1], append([]look.Part{t.ageing(o.Overdue, func(owed string) string { return with(path, "owed", owed) })}, body[1:]...)...)
		}
	}
	return t.show(sheet{title: t.say("office-authority.title"), heading: t.code(authorities, code), crumbs: t.authorityCrumbs(code, nil), here: "/recommendations", body: body,
		actions: []look.Part{look.Button{Text: t.say("office-recs.print"), Icon: look.IconPrint, Href: path + "/print?" + changed(v, "page", "")}}})
}

// owedCounts are an authority's figures.
func (t *turn) owedCounts(o store.Owed) look.Part {
	count := func(name look.Key, n int64) look.Count {
		return look.Count{Name: t.say(name), Value: t.locale.Number(int(n)), Zero: n == 0}
	}
	overdue := count("office-authority.overdue", o.Overdue.Total())
	overdue.Attend = o.Overdue.Total() > 0
	answered := count("office-authority.answered", o.Answered)
	if o.Asked >= fewestForShare {
		answered.Name = t.say("office-authority.answered-share", "share", t.locale.Percent(float64(o.Answered)/float64(o.Asked)))
	}
	return look.Counts{Items: []look.Count{count("office-authority.asked", o.Asked), count("office-authority.open", o.Open), overdue, answered,
		count("office-authority.unanswered", o.Asked-o.Answered), count("office-authority.done", o.Done)}}
}

// owedViews lead to what is open, what is overdue, and all.
func (t *turn) owedViews(path string, v url.Values) look.Part {
	now := owedOf(v)
	return look.Anchors{Name: t.say("office-authority.show"), Links: []look.Link{
		{Href: path, Text: t.say("office-recs.is-open"), Current: now == "" && v.Get("all") == "" || now == "open"},
		{Href: with(path, "owed", "overdue"), Text: t.say("office-recs.is-overdue"), Current: now != "" && now != "open"},
		{Href: with(path, "all", "1"), Text: t.say("office-authority.all"), Current: now == "" && v.Get("all") != ""}}}
}
