package console

import (
	"cmp"
	"slices"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// What of a place's past is read for its page, the latest of each.
const (
	mostPlaceVisits = 100
	mostOfPlace     = 200
	mostPlacePast   = 50
)

// placeTime is what is known of a place through time, as far as whoever sits there sees it.
type placeTime struct {
	item  store.Item
	place *daylightv1.Facility
	id    record.ID

	// visits are the latest, newest first by their day; more says that there are others.
	visits []placeVisit
	more   bool
	// found are the counts of findings, by visit.
	found []store.PlaceFinding
	// asked are the recommendations, late those whose answer is overdue, by id.
	asked []*daylightv1.Recommendation
	late  map[string]bool

	promised  []*daylightv1.Undertaking
	obstacles []*daylightv1.ObstructionIncident
	reprisals []*daylightv1.ReprisalCase
}

// placeVisit is a visit with its day, YYYY-MM-DD, empty where none is known.
type placeVisit struct {
	*daylightv1.Visit
	day  string
	made bool
}

// placeTimeOf reads it: a list of each kind that is in sight, and one count.
func (t *turn) placeTimeOf(item store.Item) (p *placeTime, err error) {
	p = &placeTime{item: item, place: item.Message.(*daylightv1.Facility), late: map[string]bool{}}
	if p.id, err = record.ParseID(p.place.GetId()); err != nil {
		return nil, err
	}
	at := store.Visits{Facility: p.id}
	visits, more, err := listAtPlace[*daylightv1.Visit](t, record.Visit, store.VisitFilter{Visits: at}, mostPlaceVisits)
	if err != nil {
		return nil, err
	}
	p.visits, p.more = placeVisitsOf(visits), more
	if t.rights.Reads(record.Finding) != access.None {
		if p.found, err = t.records().Desk().PlaceFindings(t.ctx(), p.id); err != nil {
			return nil, err
		}
	}
	p.asked, _, err = listAtPlace[*daylightv1.Recommendation](t, record.Recommendation, store.RecommendationFilter{Facility: p.id}, mostOfPlace)
	if err == nil && len(p.asked) > 0 {
		var late []record.ID
		late, err = t.records().Desk().OverdueAt(t.ctx(), p.id, t.today())
		for _, id := range late {
			p.late[id.String()] = true
		}
	}
	if err == nil {
		p.promised, _, err = listAtPlace[*daylightv1.Undertaking](t, record.Undertaking, store.UndertakingFilter{Visits: at}, mostPlacePast)
	}
	if err == nil {
		p.obstacles, _, err = listAtPlace[*daylightv1.ObstructionIncident](t, record.ObstructionIncident, store.VisitRecordFilter{Kind: record.ObstructionIncident, Visits: at}, mostPlacePast)
	}
	if err == nil {
		p.reprisals, _, err = listAtPlace[*daylightv1.ReprisalCase](t, record.ReprisalCase, store.VisitRecordFilter{Kind: record.ReprisalCase, Visits: at}, mostPlacePast)
	}
	return p, err
}

// listAtPlace reads the newest records of a kind; none of a kind that is not in sight at all.
func listAtPlace[M record.Message](t *turn, kind record.Kind, f store.Filter, most int) (out []M, more bool, err error) {
	if t.rights.Reads(kind) == access.None {
		return nil, false, nil
	}
	page, err := t.records().List(t.ctx(), kind, store.Query{Filter: f, NewestFirst: true, PageSize: most})
	for _, i := range page.Items {
		out = append(out, i.Message.(M))
	}
	return out, page.Next != "", err
}

// placeVisitsOf sorts visits by their day, the newest first; those without a day stand first.
func placeVisitsOf(visits []*daylightv1.Visit) (out []placeVisit) {
	for _, v := range visits {
		out = append(out, placeVisitOf(v))
	}
	slices.SortStableFunc(out, func(a, b placeVisit) int {
		if (a.day == "") != (b.day == "") {
			return len(a.day) - len(b.day)
		}
		return cmp.Compare(b.day, a.day)
	})
	return out
}

// placeVisitOf is the day of a visit, that of the first entry, of the arrival or the planned one, and
// whether it was made: one refused at the gate was.
func placeVisitOf(v *daylightv1.Visit) placeVisit {
	came := ""
	for _, s := range v.GetSessions() {
		if d := placeWholeDay(s.GetEnteredAt()); d != "" && (came == "" || d < came) {
			came = d
		}
	}
	came = cmp.Or(came, placeWholeDay(v.GetEnteredAt()), placeWholeDay(v.GetArrivedAt()))
	state := v.GetState()
	made := state != daylightv1.VisitState_VISIT_STATE_CANCELLED && (state >= daylightv1.VisitState_VISIT_STATE_IN_PROGRESS || came != "")
	return placeVisit{v, cmp.Or(came, placeWholeDay(v.GetPlannedStart())), made}
}

// placeWholeDay is the first day of a date or a time that may be a month or a year only.
func placeWholeDay(s string) string {
	switch len(s) {
	case len("2006"):
		return s + "-01-01"
	case len("2006-01"):
		return s + "-01"
	}
	return s[:min(len(s), len("2006-01-02"))]
}

// lastMade is the last visit that was made.
func (p *placeTime) lastMade() (placeVisit, bool) {
	i := slices.IndexFunc(p.visits, func(v placeVisit) bool { return v.made })
	if i < 0 {
		return placeVisit{}, false
	}
	return p.visits[i], true
}

// showPlace is a place through time.
func (t *turn) showPlace() error {
	item, err := t.item(record.Facility)
	if err != nil {
		return err
	}
	p, err := t.placeTimeOf(item)
	if err != nil {
		return err
	}
	body := append(t.placeNotes(p), t.placeFacts(p))
	body = append(body, t.placeOccupancy(p)...)
	if figures := append(t.placeFindings(p), t.placeFates(p)...); len(figures) > 0 {
		body = append(body, look.Columns{Body: figures})
	}
	body = append(body, t.placeAreas(p)...)
	body = append(body, t.placeOwed(p)...)
	body = append(body, t.placeVisits(p)...)
	body = append(body, t.placePast(p)...)
	crumb := t.say("field-place.place")
	if p.place.GetCode() != "" {
		crumb = look.Code(p.place.GetCode())
	}
	return t.show(sheet{title: t.say("field-place.place"), heading: t.name(p.place), here: "/places", crumbs: []look.Link{{Href: "/places", Text: t.say("office-places.title")}, {Text: crumb}},
		lede: t.placeOtherNames(p.place), actions: t.placeActions(p), body: body})
}

// placeOtherNames are the names in other languages, and those that it had.
func (t *turn) placeOtherNames(f *daylightv1.Facility) look.Text {
	shown := t.name(f).String()
	var out []look.Text
	for _, tag := range placeNameTags(f) {
		if name := f.GetNames()[tag]; name != "" && name != shown {
			out = append(out, look.Foreign(tag, name))
		}
	}
	for _, n := range f.GetFormerNames() {
		if name := look.Foreign(n.GetLanguage(), n.GetName()); n.GetUntil() != "" {
			out = append(out, t.say("office-places.formerly-until", "day", t.day(n.GetUntil()), "name", name))
		} else if n.GetName() != "" {
			out = append(out, t.say("office-places.formerly", "name", name))
		}
	}
	return look.Dotted(out...)
}

// placeNameTags are the languages of a place's names, those of the pages first.
func placeNameTags(f *daylightv1.Facility) []string {
	tags := slices.Clone(look.Languages)
	more := []string{}
	for tag := range f.GetNames() {
		if !slices.Contains(tags, tag) {
			more = append(more, tag)
		}
	}
	slices.Sort(more)
	return append(tags, more...)
}

func (t *turn) placeActions(p *placeTime) (out []look.Part) {
	at := "/records/" + record.Facility.String() + "/" + p.place.GetId()
	out = append(out, look.Button{Text: t.say("office-places.history"), Icon: look.IconHistory, Href: at + "/history"})
	if p.item.Removed {
		return out
	}
	if t.writesPlace(p.place) {
		out = append(out, look.Button{Text: t.say("field-place.change"), Icon: look.IconPen, Href: "/places/" + p.place.GetId() + "/edit"}, look.Button{Text: t.say("office-places.duplicates"), Href: "/places/duplicates"})
	}
	if last, ok := p.lastMade(); ok && t.draftsAtPlace(p.place) {
		out = append(out, look.Button{Text: t.say("office-places.recommend"), Icon: look.IconPlus, Kind: look.ButtonMain, Href: with("/recommendations/new", "visit", last.GetId())})
	}
	return out
}

// recommendationTexts is the number of the field that a draft begins with.
const recommendationTexts = 14

// draftsAtPlace reports whether whoever sits there may draft a recommendation about the place.
func (t *turn) draftsAtPlace(f *daylightv1.Facility) bool {
	ok, _ := t.rights.MayWrite(access.Write{Subject: access.Subject{Kind: record.Recommendation, Region: f.GetRegion()}, Creates: true, Fields: []int32{recommendationTexts}})
	return ok
}

// placeNotes say what was done, and what stands in the way of believing the page.
func (t *turn) placeNotes(p *placeTime) (out []look.Part) {
	if key, ok := map[string]look.Key{"made": "office-places.made", "saved": "office-places.saved"}[t.r.URL.Query().Get("done")]; ok {
		out = append(out, look.Note{Kind: look.NoteSettled, Status: true, Text: t.say(key)})
	}
	at := "/records/" + record.Facility.String() + "/" + p.place.GetId()
	if p.item.Removed {
		out = append(out, look.Note{Kind: look.NoteWatch, Heading: t.say("field-edit.removed"), Text: t.say("office-places.removed")})
	}
	if into := p.place.GetMergedInto(); into != "" {
		out = append(out, look.Note{Kind: look.NoteWatch, Text: t.say("office-places.joined", "place", look.To("/places/"+into, t.named(record.Facility.String(), into)))})
	}
	if n := len(p.item.Status.GetConflicts()); n > 0 {
		out = append(out, look.Note{Kind: look.NoteTwo, Text: t.say("office-places.two-n", "n", n),
			Body: []look.Part{look.Cluster{Body: []look.Part{look.Button{Text: t.say("field-edit.compare"), Href: at + "/two?n=1"}}}}})
	}
	return out
}
