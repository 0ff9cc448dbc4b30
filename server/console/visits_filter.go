package console

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// visitFilters narrow the list of visits; zero ones do not. They are what an address and a
// saved view may hold, and nothing else is.
type visitFilters struct {
	text                    string
	state                   daylightv1.VisitState
	kind                    daylightv1.VisitType
	placeType, region, body string
	person                  record.ID
	from, to                string
	two                     bool
}

// mostSought bounds the words of a search, in bytes.
const mostSought = 300

// readVisitFilters reads an address. What is none of its values is left out: an address that
// somebody has mangled still shows a list.
func readVisitFilters(v url.Values) (f visitFilters) {
	f.text = sought(v.Get("q"))
	f.state = daylightv1.VisitState(daylightv1.VisitState_value["VISIT_STATE_"+v.Get("state")])
	f.kind = daylightv1.VisitType(daylightv1.VisitType_value["VISIT_TYPE_"+v.Get("type")])
	f.placeType, f.region, f.body = codeIn(v.Get("place")), codeIn(v.Get("region")), codeIn(v.Get("body"))
	f.person, _ = record.ParseID(v.Get("person"))
	f.from, f.to = dayIn(v.Get("from")), dayIn(v.Get("to"))
	f.two = v.Get("two") == "yes"
	return f
}

// sought is what was typed to search for.
func sought(s string) string {
	s = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", ""))
	for len(s) > mostSought {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}

// codeIn is a code of an address; nothing for what cannot be one.
func codeIn(s string) string {
	if len(s) > 100 || strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("._-/", r)
	}) {
		return ""
	}
	return s
}

// query is what these filters ask the store for, without a page, for somebody with these
// rights: in two versions is what they may see stand so.
func (f visitFilters) query(may access.Rights) store.Query {
	filter := store.VisitFilter{Visits: store.Visits{PlaceType: f.placeType, Region: f.region, Body: f.body, From: f.from, To: f.to},
		State: f.state, Type: f.kind, Person: f.person, Words: f.text}
	if f.two {
		filter.Two = []record.Kind{record.Visit}
		for _, k := range record.Kinds() {
			if may.Reads(k) != access.None {
				filter.Two = append(filter.Two, k)
			}
		}
	}
	return store.Query{NewestFirst: true, PageSize: eachPage, Filter: filter}
}

// values are the filters as an address has them.
func (f visitFilters) values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("q", f.text)
	if f.state != 0 {
		set("state", strings.TrimPrefix(f.state.String(), "VISIT_STATE_"))
	}
	if f.kind != 0 {
		set("type", strings.TrimPrefix(f.kind.String(), "VISIT_TYPE_"))
	}
	set("place", f.placeType)
	set("region", f.region)
	set("body", f.body)
	if f.person != (record.ID{}) {
		set("person", f.person.String())
	}
	set("from", f.from)
	set("to", f.to)
	if f.two {
		set("two", "yes")
	}
	return v
}

// visitFilters is the form above the list.
func (t *turn) visitFilters(f visitFilters) (look.Part, error) {
	regions, err := t.regions()
	if err != nil {
		return nil, err
	}
	people, err := t.peopleOptions(f.person)
	if err != nil {
		return nil, err
	}
	v := f.values()
	body := []look.Part{
		look.Input{Name: "q", Type: "search", Label: t.say("office-visits.text"), Value: f.text},
		t.filterSelect("state", "office-visits.state", t.optionsOf(visitStates, ""), v.Get("state")),
		t.filterSelect("type", "office-visits.type", t.optionsOf("VISIT_TYPE", ""), v.Get("type")),
		t.filterSelect("place", "office-visits.place-type", t.optionsOf("PLACE_TYPE", ""), f.placeType),
		t.filterSelect("region", "office-visits.region", regions, f.region),
		t.filterSelect("body", "office-visits.body", t.optionsOf("RESPONSIBLE_BODY", ""), f.body),
	}
	if len(people) > 0 {
		body = append(body, t.filterSelect("person", "office-visits.person", people, v.Get("person")))
	}
	body = append(body,
		look.Input{Name: "from", Type: "date", Label: t.say("office-visits.from"), Value: f.from},
		look.Input{Name: "to", Type: "date", Label: t.say("office-visits.to"), Value: f.to},
		t.filterSelect("two", "office-visits.versions", []look.Option{{Value: "yes", Text: t.say("office-visits.only-two")}}, v.Get("two")))
	views, err := t.views("/visits", f.address())
	if err != nil {
		return nil, err
	}
	form := look.Filters{Action: "/visits", Body: body, Views: views}
	if len(v) > 0 {
		form.Clear = look.Link{Href: "/visits", Text: t.say("office-visits.clear")}
	}
	return look.Flow{Tight: true, Body: []look.Part{form, t.viewForm("/visits", v)}}, nil
}

// filterSelect is one filter with few values: any, or one of them. A value that is on offer no
// more stays to be seen and taken out.
func (t *turn) filterSelect(name string, label look.Key, options []look.Option, now string) look.Part {
	all := append([]look.Option{{Text: t.say("office-visits.any")}}, options...)
	i := slices.IndexFunc(all, func(o look.Option) bool { return o.Value == now })
	if i < 0 {
		i, all = len(all), append(all, look.Option{Value: now, Text: look.Code(now)})
	}
	all[i].Selected = true
	return look.Select{Name: name, Label: t.say(label), Options: all}
}

// regions are those that one may choose among.
func (t *turn) regions() (out []look.Option, err error) {
	codes := t.rights.Regions(record.Visit)
	if t.rights.Reads(record.Visit)&access.All != 0 {
		if codes, err = t.store.Regions(t.ctx()); err != nil {
			return nil, err
		}
	}
	for _, c := range codes {
		out = append(out, look.Option{Value: c, Text: look.Code(c)})
	}
	return out, nil
}

// mostPeople bounds whom a filter offers.
const mostPeople = 300

// peopleOptions are whom one may look for in teams: oneself, and whoever is told of the others,
// they too.
func (t *turn) peopleOptions(now record.ID) (out []look.Option, err error) {
	own := t.session.Person
	out = []look.Option{{Value: own.GetId(), Text: look.Typed(own.GetName())}}
	if !t.rights.NamesColleagues() {
		return out, nil
	}
	all, err := t.directory.People(t.ctx(), &daylightv1.ListPeopleRequest{PageSize: mostPeople})
	for _, p := range all.GetPeople() {
		if p.GetId() != own.GetId() {
			out = append(out, look.Option{Value: p.GetId(), Text: look.Typed(p.GetName())})
		}
	}
	if i := slices.IndexFunc(out, func(o look.Option) bool { return o.Value == now.String() }); i < 0 && now != (record.ID{}) && err == nil {
		if p, missing := t.directory.Person(t.ctx(), now); missing == nil {
			out = append(out, look.Option{Value: p.GetId(), Text: look.Typed(p.GetName())})
		}
	}
	return out, err
}

// shortCode is the label of an enum's value in short, nothing where it is not set.
func (t *turn) shortCode(list vocabulary.List, v interface{ String() string }, set bool) look.Text {
	if !set {
		return nil
	}
	return t.tag(list, v.String()).Text
}

// tag is the tag for a code or the name of an enum's value.
func (t *turn) tag(list vocabulary.List, value string) look.Tag {
	code := vocabulary.Code(strings.TrimPrefix(value, string(list)+"_"))
	return look.TagOf(t.locale, list, code, t.terms().Label(list, code, t.locale.Tag))
}
