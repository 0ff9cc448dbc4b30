package console

import (
	"cmp"
	"errors"
	"slices"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// Where nobody has been for longest: how many places of each region and kind were seen
// lately, and the places themselves, those that were never seen first.

// seenShares say when the places of a region, or of a kind, were seen last.
type seenShares struct {
	name look.Text
	// places are all that are not closed; lately were seen within a year, once within
	// three, never not at all.
	places, lately, once, never int
}

// unseen is the share that nobody saw within three years.
func (s seenShares) unseen() float64 { return 1 - float64(s.once)/float64(max(1, s.places)) }

func (s *seenShares) add(o seenShares) {
	s.places, s.lately, s.once, s.never = s.places+o.places, s.lately+o.lately, s.once+o.once, s.never+o.never
}

// seenBy sums the figures up by a key. The rows that have waited longest stand first.
func seenBy(figures []store.SeenFigure, key func(store.SeenFigure) string, name func(string) look.Text) (rows []seenShares) {
	by := map[string]*seenShares{}
	for _, f := range figures {
		k := key(f)
		if by[k] == nil {
			by[k] = &seenShares{name: name(k)}
		}
		by[k].add(seenShares{places: int(f.Places), lately: int(f.Lately), once: int(f.Once), never: int(f.Never)})
	}
	for _, s := range by {
		rows = append(rows, *s)
	}
	slices.SortFunc(rows, func(a, b seenShares) int {
		return cmp.Or(cmp.Compare(b.unseen(), a.unseen()), b.places-a.places, cmp.Compare(a.name.String(), b.name.String()))
	})
	return rows
}

func (t *turn) seenByRegion(figures []store.SeenFigure) []seenShares {
	return seenBy(figures, func(f store.SeenFigure) string { return f.Region }, func(region string) look.Text {
		if region == "" {
			return t.say("office-places.no-region")
		}
		return look.Code(region)
	})
}

// seenByGroup counts by the groups of place types, ten of them, and not by the types.
func (t *turn) seenByGroup(figures []store.SeenFigure) []seenShares {
	set := t.terms()
	group := func(f store.SeenFigure) string {
		term, _ := set.Lookup(vocabulary.PlaceType, vocabulary.Code(f.Type))
		return string(term.Parent)
	}
	return seenBy(figures, group, func(group string) look.Text {
		if group == "" {
			return t.say("office-places.no-type")
		}
		return t.code(vocabulary.PlaceGroup, group)
	})
}

func (t *turn) showCoverage() error {
	asked := t.placesAsked(t.r.URL.Query())
	asked = placesAsked{region: asked.region, kind: asked.kind, body: asked.body}
	figures, err := t.records().Desk().PlacesSeen(t.ctx(), t.placeMonthsAgo(12), t.placeMonthsAgo(36))
	if err != nil {
		return err
	}
	list, err := t.longestPart(asked, t.r.URL.Query().Get("page"))
	if err != nil {
		return err
	}
	regions, groups := t.seenByRegion(figures), t.seenByGroup(figures)
	var all seenShares
	for _, r := range regions {
		all.add(r)
	}
	of := func(n int) look.Text {
		return look.Spaced(t.locale.Percent(share(n, all.places)), look.Small(t.locale.Of(n, all.places)))
	}
	body := []look.Part{look.Counts{Items: []look.Count{
		{Name: t.say("office-places.seen-year"), Value: of(all.lately)},
		{Name: t.say("office-places.seen-three"), Value: of(all.once)},
		{Name: t.say("office-places.never-seen"), Value: of(all.never), Href: with("/places", "seen", placeNeverSeen), Zero: all.never == 0}}}}
	if all.places > 0 {
		body = append(body, look.Columns{Body: []look.Part{t.coverageFigure(regions, "office-places.by-region", t.saying().Field("region")), t.coverageFigure(groups, "office-places.by-type", t.saying().Field("main_type"))}})
	}
	return t.show(sheet{title: t.say("office-places.coverage"), here: "/places", lede: t.say("office-places.coverage-lede"),
		crumbs: []look.Link{{Href: "/places", Text: t.say("office-places.title")}, {Text: t.say("office-places.coverage")}}, body: append(body, list)})
}

func share(n, of int) float64 { return float64(n) / float64(max(1, of)) }

// coverageFigure draws when the places of each row were seen last, as shares of the row.
func (t *turn) coverageFigure(rows []seenShares, caption look.Key, name look.Text) look.Figure {
	names := []look.Text{t.say("office-places.within-year"), t.say("office-places.within-three"), t.say("office-places.longer"), t.say("office-places.never")}
	bars := look.Bars{Whole: true, Series: placeSeries(names, "c-lit", "c2", "c3", "c4"), Told: t.say("office-places.waited", "name", rows[0].name, "share", t.locale.Percent(rows[0].unseen()))}
	if rows[0].unseen() == 0 {
		bars.Told = t.say("office-places.all-seen")
	}
	for _, r := range rows {
		bars.Rows = append(bars.Rows, look.Bar{Name: r.name, Values: []int{r.lately, r.once - r.lately, r.places - r.once - r.never, r.never}})
	}
	return t.placeBars(bars, t.say(caption), name)
}

// longestPart is a page of the places that have waited longest.
func (t *turn) longestPart(asked placesAsked, token string) (look.Part, error) {
	page, next, err := t.records().Desk().LongestUnvisited(t.ctx(), t.placeFilter(asked), placesAPage, token)
	if err != nil {
		return nil, err
	}
	filters, err := t.coverageFilters(asked)
	if err != nil {
		return nil, err
	}
	s := look.Section{ID: "longest", Heading: t.say("office-places.longest"), Body: []look.Part{filters}}
	table := look.Ledger{Stack: true, Caption: t.say("office-places.longest-caption"), Head: []look.Column{{Text: t.say("field-place.place")}, {Text: t.saying().Field("region")}, {Text: t.say("office-places.last-visit"), Whole: true}}}
	for _, v := range page {
		item, err := t.records().Get(t.ctx(), record.Facility, v.Facility)
		if errors.Is(err, store.ErrNotFound) {
			continue // it went out of sight meanwhile
		}
		if err != nil {
			return nil, err
		}
		p := item.Message.(*daylightv1.Facility)
		table.Rows = append(table.Rows, look.Line{Href: "/places/" + p.GetId(), Cells: []look.Cell{{Text: t.name(p), Under: t.placeLine(p)}, {Text: t.placeRegion(p)}, t.placeLastCell(v.Day, v.Visits)}})
	}
	if len(table.Rows) == 0 {
		s.Body = append(s.Body, look.Empty{Text: t.say("office-places.none"), Under: t.say("office-places.none-under")})
	} else {
		s.Body = append(s.Body, table)
	}
	to := func(token string) string { return asked.address("/places/coverage", token) + "#longest" }
	return look.Flow{Body: []look.Part{s, t.placesOnward(to(""), token != "", next, to)}}, nil
}

func (t *turn) coverageFilters(a placesAsked) (look.Part, error) {
	regions, err := t.records().Desk().PlaceRegions(t.ctx())
	if err != nil {
		return nil, err
	}
	f := look.Filters{Action: "/places/coverage", Body: []look.Part{
		t.placeChoice("region", t.saying().Field("region"), a.region, placeCodeOptions(regions)),
		t.placeChoice("type", t.saying().Field("main_type"), a.kind, t.optionsOf(vocabulary.PlaceType, "")),
		t.placeChoice("body", t.saying().Field("responsible_body"), a.body, t.optionsOf("RESPONSIBLE_BODY", ""))}}
	if a != (placesAsked{}) {
		f.Clear = look.Link{Href: "/places/coverage", Text: t.say("office-places.clear")}
	}
	return f, nil
}
