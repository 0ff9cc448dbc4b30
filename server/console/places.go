package console

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// The register of places: the list, a place through time, and where nobody has been for
// longest. What is said of visits and recommendations beside a place is for who sees those
// of every place that they see: who sees a few would read "never" of places that others
// have visited.

func (c *Console) placeRoutes() {
	c.rail = append(c.rail, way{href: "/places", icon: look.IconPlace, name: "office-places.title", allow: reads(record.Facility)})
	c.page("/places", reads(record.Facility), (*turn).listPlaces)
	c.page("/places/{id}", reads(record.Facility), (*turn).showPlace)
	c.page("/places/coverage", seesOfPlaces(record.Visit), (*turn).showCoverage)
	c.page("/places/new", makesPlaces, (*turn).newPlace)
	c.post("/places/new", makesPlaces, (*turn).makePlace)
	c.page("/places/{id}/edit", writesPlaces, (*turn).editPlace)
	c.post("/places/{id}/edit", writesPlaces, (*turn).savePlace)
}

// seesOfPlaces allows whoever sees the records of a kind of every place that they see.
func seesOfPlaces(kind record.Kind) allow {
	return func(r access.Rights) bool {
		places, of := r.Reads(record.Facility), r.Reads(kind)
		return places != access.None && (of&access.All != 0 || of&access.Region != 0 && places&access.All == 0)
	}
}

// writesPlaces allows whoever may write some place; the desk judges which.
func writesPlaces(r access.Rights) bool { return r.WritesKind(record.Facility) }

// makesPlaces allows whoever may make a place somewhere.
func makesPlaces(r access.Rights) bool {
	for _, region := range append(r.Regions(record.Facility), "") {
		if ok, _ := r.MayWrite(access.Write{Subject: access.Subject{Kind: record.Facility, Region: region}, Creates: true, Fields: []int32{record.FacilityRegion}}); ok {
			return true
		}
	}
	return false
}

// writesPlace reports whether whoever sits there may write that place.
func (t *turn) writesPlace(p *daylightv1.Facility) bool {
	ok, _ := t.rights.MayWrite(access.Write{Subject: access.Subject{Kind: record.Facility, Region: p.GetRegion()}, Fields: []int32{record.FacilityRegion}})
	return ok
}

// placesAsked is what a list of places was asked for, as its address says it.
type placesAsked struct {
	text, region, kind, body string
	state                    daylightv1.FacilityState
	// seen is never, or a number of months within which nobody was there.
	seen string
}

// placeMonths are the spans that lists offer.
var placeMonths = []string{"12", "24", "36", "60"}

const placeNeverSeen = "never"

func (t *turn) placesAsked(q url.Values) placesAsked {
	a := placesAsked{text: q.Get("q"), region: q.Get("region"), kind: q.Get("type"), body: q.Get("body"),
		state: daylightv1.FacilityState(daylightv1.FacilityState_value[q.Get("state")])}
	if s := q.Get("seen"); t.seesAtPlaces(record.Visit) && (s == placeNeverSeen || slices.Contains(placeMonths, s)) {
		a.seen = s
	}
	return a
}

func (t *turn) seesAtPlaces(kind record.Kind) bool { return seesOfPlaces(kind)(t.rights) }

// placesQuery is the query that an address asks for.
func (t *turn) placesQuery(q url.Values) store.Query {
	a := t.placesAsked(q)
	return store.Query{Filter: t.placeFilter(a), Text: a.text, PageSize: placesAPage, PageToken: q.Get("page")}
}

func (t *turn) placeFilter(a placesAsked) store.FacilityFilter {
	f := store.FacilityFilter{Region: a.region, Type: a.kind, State: a.state, Body: a.body, Never: a.seen == placeNeverSeen}
	if months, err := strconv.Atoi(a.seen); err == nil {
		f.NotSince = t.placeMonthsAgo(months)
	}
	return f
}

const placesAPage = 50

// address is the list that is asked for; a token leads to a page of it.
func (a placesAsked) address(path, token string) string {
	state := ""
	if a.state != 0 {
		state = a.state.String()
	}
	return with(path, "q", a.text, "region", a.region, "type", a.kind, "state", state, "body", a.body, "seen", a.seen, "page", token)
}

func (t *turn) listPlaces() error {
	q := t.r.URL.Query()
	asked := t.placesAsked(q)
	page, err := t.records().List(t.ctx(), record.Facility, t.placesQuery(q))
	if err != nil {
		return err
	}
	filters, err := t.placeFilters(asked)
	if err != nil {
		return err
	}
	table, err := t.placeTable(page.Items)
	if err != nil {
		return err
	}
	body := []look.Part{filters, look.Section{Heading: t.say("office-places.list"), Unseen: true, Body: table}}
	if page.Next != "" || q.Get("page") != "" {
		body = append(body, t.placesOnward(asked.address("/places", ""), q.Get("page") != "", page.Next, func(token string) string { return asked.address("/places", token) }))
	}
	body = append(body, t.exportRow("/places", "office-exports.places", q)...)
	return t.show(sheet{title: t.say("office-places.title"), here: "/places", lede: t.say("office-places.lede"), actions: t.placesActions(), body: body})
}

// placesOnward leads to the next page of a list, and back to its beginning.
func (t *turn) placesOnward(first string, isLater bool, token string, to func(string) string) look.Part {
	var ways []look.Part
	if isLater {
		ways = append(ways, look.Button{Text: t.say("office-places.first-page"), Href: first})
	}
	if token != "" {
		ways = append(ways, look.Button{Text: t.say("part.later"), Href: to(token), Further: true})
	}
	return look.Cluster{Body: ways}
}

// placesActions are what can be done with the register, by whoever may.
func (t *turn) placesActions() (out []look.Part) {
	add := func(ok bool, b look.Button) {
		if ok {
			out = append(out, b)
		}
	}
	add(t.seesAtPlaces(record.Visit), look.Button{Text: t.say("office-places.coverage"), Icon: look.IconChart, Href: "/places/coverage"})
	add(writesPlaces(t.rights), look.Button{Text: t.say("office-places.duplicates"), Href: "/places/duplicates"})
	add(t.rights.May(access.ImportRegister), look.Button{Text: t.say("office-places.import"), Href: "/places/import"})
	add(makesPlaces(t.rights), look.Button{Text: t.say("office-places.new"), Icon: look.IconPlus, Kind: look.ButtonMain, Href: "/places/new"})
	return out
}

// placeFilters is the form whose address is the list.
func (t *turn) placeFilters(a placesAsked) (look.Part, error) {
	regions, err := t.records().Desk().PlaceRegions(t.ctx())
	if err != nil {
		return nil, err
	}
	f := look.Filters{Action: "/places", Body: []look.Part{
		look.Input{Name: "q", Type: "search", Label: t.say("field-place.asked"), Value: a.text},
		t.placeChoice("region", t.saying().Field("region"), a.region, placeCodeOptions(regions)),
		t.placeChoice("type", t.saying().Field("main_type"), a.kind, t.optionsOf(vocabulary.PlaceType, "")),
		t.placeChoice("body", t.saying().Field("responsible_body"), a.body, t.optionsOf("RESPONSIBLE_BODY", "")),
		t.placeChoice("state", t.saying().Field("state"), placeStateName(a.state), t.placeStateOptions()),
	}}
	if t.seesAtPlaces(record.Visit) {
		f.Body = append(f.Body, t.placeChoice("seen", t.say("office-places.seen"), a.seen, t.placeSeenOptions()))
	}
	if a != (placesAsked{}) {
		f.Clear = look.Link{Href: "/places", Text: t.say("office-places.clear")}
	}
	return f, nil
}

func placeStateName(s daylightv1.FacilityState) string {
	if s == 0 {
		return ""
	}
	return s.String()
}

// placeChoice is a list of a filter, with "any" first; a value that is no longer on offer stays.
func (t *turn) placeChoice(name string, label look.Text, now string, options []look.Option) look.Part {
	if now != "" && !slices.ContainsFunc(options, func(o look.Option) bool { return o.Value == now }) {
		options = append(options, look.Option{Value: now, Text: look.Typed(now)})
	}
	all := []look.Option{{Text: t.say("office-places.any")}}
	for _, o := range options {
		o.Selected = o.Value == now
		all = append(all, o)
	}
	return look.Select{Name: name, Label: label, Options: all}
}

func placeCodeOptions(codes []string) (out []look.Option) {
	for _, c := range codes {
		out = append(out, look.Option{Value: c, Text: look.Code(c)})
	}
	return out
}

func (t *turn) placeStateOptions() (out []look.Option) {
	d := daylightv1.FacilityState(0).Descriptor()
	for _, o := range t.optionsOf(vocabulary.ListOf(d), "") {
		o.Value = enumName(d, vocabulary.ListOf(d), o.Value)
		out = append(out, o)
	}
	return out
}

func (t *turn) placeSeenOptions() []look.Option {
	out := []look.Option{{Value: placeNeverSeen, Text: t.say("office-places.never")}}
	for _, months := range placeMonths {
		n, _ := strconv.Atoi(months)
		out = append(out, look.Option{Value: months, Text: t.say("office-places.not-for-years", "n", n/12)})
	}
	return out
}
