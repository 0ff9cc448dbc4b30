package console

import (
	"net/url"
	"strings"
	"unicode"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

func (c *Console) searchRoutes() {
	c.rail = append(c.rail, way{href: "/search", icon: look.IconSearch, name: "office-search.title", allow: access.Rights.ReadsSomething})
	c.page("/search", access.Rights.ReadsSomething, (*turn).showSearch)
}

// Bounds of what is searched for and of what is shown of each kind.
const (
	mostSearched = 200 // letters
	fewFound     = 8
	pageFound    = 50
)

// searched are the kinds that are looked for, in the order of the page.
var searched = []record.Kind{record.Facility, record.Visit, record.Recommendation, record.Finding}

// find is the field in the head of a page.
func (t *turn) find(q string) look.Part {
	return look.Find{Action: "/search", Name: "q", Value: q, Label: t.say("office-search.label"), Hint: t.say("office-search.hint"), Text: t.say("office-search.find")}
}

// askedFor is what a person typed, within bounds, without signs that no word has.
func askedFor(q url.Values) string {
	text := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(q.Get("q"), ""))
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > mostSearched {
		text = string(r[:mostSearched])
	}
	return text
}

// found is what was found of one kind.
type found struct {
	kind  record.Kind
	items []record.Message
	next  string
}

// showSearch finds places, visits, recommendations and findings in sight, each kind by itself.
func (t *turn) showSearch() error {
	asked := t.r.URL.Query()
	text := askedFor(asked)
	only, err := record.ParseKind(asked.Get("kind"))
	if err != nil {
		only = 0
	}
	s := sheet{title: t.say("office-search.title"), here: "/search", body: []look.Part{t.find(text)}}
	if text == "" {
		s.body = append(s.body, look.Para{Soft: true, Text: t.say("office-search.teach")})
		return t.show(s)
	}
	var all []found
	lines := &naming{turn: t}
	var visits []store.Ref
	for _, k := range searched {
		if t.rights.Reads(k) == access.None || only != 0 && k != only {
			continue
		}
		f, err := t.search(k, text, asked.Get("page"), only != 0)
		if err != nil {
			return err
		}
		all = append(all, f)
		visits = append(visits, visitsOf(f.items)...)
	}
	if err := lines.learn(visits...); err != nil {
		return err
	}
	n := 0
	for _, f := range all {
		if n += len(f.items); len(f.items) > 0 {
			s.body = append(s.body, lines.group(f, text, only != 0))
		}
	}
	if n == 0 {
		s.body = append(s.body, look.Empty{Text: t.say("office-search.nothing"), Under: t.say("office-search.nothing-body")})
	}
	return t.show(s)
}

// search looks for one kind: whole codes first, on the first page, then words.
func (t *turn) search(kind record.Kind, text, page string, whole bool) (f found, err error) {
	f.kind = kind
	q := store.Query{Text: text, NewestFirst: true, PageSize: fewFound}
	if whole {
		q.PageSize, q.PageToken = pageFound, page
	}
	here := map[string]bool{}
	add := func(q store.Query) (next string, err error) {
		p, err := t.records().List(t.ctx(), kind, q)
		for _, i := range p.Items {
			if id := i.Message.GetId(); !here[id] && (whole || len(f.items) < fewFound) {
				here[id] = true
				f.items = append(f.items, i.Message)
			}
		}
		return p.Next, err
	}
	if code := codeFilter(kind, text); code != nil && q.PageToken == "" {
		if _, err := add(store.Query{Filter: code, NewestFirst: true, PageSize: fewFound}); err != nil {
			return f, err
		}
	}
	f.next, err = add(q)
	return f, err
}

// codeFilter leaves what has the very code; nil for a kind without, and for what is none.
func codeFilter(kind record.Kind, text string) store.Filter {
	if strings.ContainsRune(text, ' ') {
		return nil
	}
	switch kind {
	case record.Facility:
		return store.FacilityFilter{Code: text}
	case record.Visit:
		return store.VisitFilter{Code: text}
	case record.Recommendation:
		return store.RecommendationFilter{Code: text}
	}
	return nil
}

// visitsOf are the visits that records are or hang on.
func visitsOf(all []record.Message) (out []store.Ref) {
	for _, m := range all {
		id := m.GetId()
		if on, hangs := m.(interface{ GetVisitId() string }); hangs {
			id = on.GetVisitId()
		} else if _, is := m.(*daylightv1.Visit); !is {
			continue
		}
		if of, err := record.ParseID(id); err == nil {
			out = append(out, store.Ref{Kind: record.Visit, ID: of})
		}
	}
	return out
}

// group are the records of one kind that were found, with the way to all of them.
func (d *naming) group(f found, text string, whole bool) look.Part {
	var rows []look.Row
	for _, m := range f.items {
		rows = append(rows, d.foundRow(m))
	}
	s := look.Section{Heading: d.say(foundHeading[f.kind]), Body: []look.Part{look.Rows{Items: rows}}}
	if f.next == "" {
		return s
	}
	if !whole {
		s.Beside = look.Para{Text: look.To(with("/search", "q", text, "kind", f.kind.String()), d.say("office-search.more"))}
		return s
	}
	s.Body = append(s.Body, look.Pager{N: -1, Later: with("/search", "q", text, "kind", f.kind.String(), "page", f.next)})
	return s
}

// foundHeading names what was found, in the plural.
var foundHeading = map[record.Kind]look.Key{
	record.Facility: "office-search.places", record.Visit: "office-search.visits",
	record.Recommendation: "office-search.recommendations", record.Finding: "office-search.findings",
}

// foundRow is the line of one record. It stands in a list, which the access log knows.
func (d *naming) foundRow(m record.Message) look.Row {
	id := m.GetId()
	switch m := m.(type) {
	case *daylightv1.Facility:
		under := d.code("PLACE_TYPE", m.GetMainType())
		if m.GetMainType() == "" {
			under = nil
		}
		return look.Row{Href: "/places/" + id, Text: d.name(m), Words: true, Under: joinedBy(under, shortCode(m.GetCode()))}
	case *daylightv1.Visit:
		text := d.placeOf(m)
		if len(text) == 0 {
			text = d.name(m)
		}
		return look.Row{Href: "/visits/" + id, Text: text, Words: true, Under: joinedBy(titleOf(m.GetTitle()), shortCode(m.GetCode())), Tags: d.stateTag("VISIT_STATE", m.GetState().String(), int32(m.GetState()))}
	case *daylightv1.Recommendation:
		visit, _ := record.ParseID(m.GetVisitId())
		return look.Row{Href: "/recommendations/" + id, Text: d.name(m), Words: true, Under: joinedBy(shortCode(m.GetCode()), d.at(visit)), Tags: d.stateTag("RECOMMENDATION_STATE", m.GetState().String(), int32(m.GetState()))}
	case *daylightv1.Finding:
		visit, _ := record.ParseID(m.GetVisitId())
		severity := m.GetSeverityDecided()
		if severity == 0 {
			severity = m.GetSeverityProposed()
		}
		return look.Row{Href: "/findings/" + id, Text: d.name(m), Words: true, Under: d.at(visit), Tags: d.stateTag("FINDING_SEVERITY", severity.String(), int32(severity))}
	}
	return look.Row{}
}

// stateTag is the tag of an enum's value; none where it is not set.
func (d *naming) stateTag(list vocabulary.List, name string, n int32) []look.Tag {
	if n == 0 {
		return nil
	}
	return []look.Tag{d.tag(list, strings.TrimPrefix(name, string(list)+"_"))}
}

func shortCode(s string) look.Text {
	if s == "" {
		return nil
	}
	return look.Code(recordpage.FirstWords(s, mostOfName))
}

func titleOf(s string) look.Text {
	if s == "" {
		return nil
	}
	return look.Typed(recordpage.FirstWords(s, mostOfName))
}
