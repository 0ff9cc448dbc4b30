package console

import (
	"net/url"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// The visits: a list whose filters are its address, and what each of them says at a glance.

func (c *Console) visitRoutes() {
	c.rail = append(c.rail, way{href: "/visits", icon: look.IconVisit, name: "office-visits.title", allow: reads(record.Visit)})
	c.page("/visits", reads(record.Visit), (*turn).listVisits)
	c.viewRoutes()
	c.visitPageRoutes()
}

// eachPage is how many lines a list of the console has.
const eachPage = 50

// listVisits shows those that the address asks for, the newest first.
func (t *turn) listVisits() error {
	f := readVisitFilters(t.r.URL.Query())
	q := f.query(t.rights)
	q.PageToken = t.r.URL.Query().Get("after")
	page, err := t.records().List(t.ctx(), record.Visit, q)
	if err != nil {
		return err
	}
	filters, err := t.visitFilters(f)
	if err != nil {
		return err
	}
	body := append(t.viewDone(), filters)
	if len(page.Items) == 0 {
		body = append(body, t.noVisits(f))
	} else {
		table, err := t.visitTable(page.Items)
		if err != nil {
			return err
		}
		body = append(body, table)
	}
	if page.Next != "" || q.PageToken != "" {
		body = append(body, t.visitPager(f, page.Next, q.PageToken))
	}
	body = append(body, t.exportRow("/visits", "office-exports.visits", t.r.URL.Query())...)
	return t.show(sheet{title: t.say("office-visits.title"), here: "/visits", lede: t.say("office-visits.lede"), body: body})
}

// visitPager leads on, and back to the newest: a page knows where it begins, and not where the
// one before it began.
func (t *turn) visitPager(f visitFilters, next, at string) look.Part {
	var links []look.Part
	if at != "" {
		links = append(links, look.Button{Text: t.say("office-visits.newest"), Icon: look.IconBack, Href: f.address()})
	}
	if next != "" {
		v := f.values()
		v.Set("after", next)
		links = append(links, look.Button{Text: t.say("office-visits.older"), Further: true, Href: "/visits?" + v.Encode()})
	}
	return look.Cluster{Body: links}
}

// noVisits says why there is nothing, and what to do.
func (t *turn) noVisits(f visitFilters) look.Part {
	if len(f.values()) > 0 {
		return look.Empty{Text: t.say("office-visits.none-match"), Under: t.say("office-visits.none-match-under"),
			Action: look.Button{Text: t.say("office-visits.clear"), Href: "/visits"}}
	}
	return look.Empty{Text: t.say("office-visits.none"), Under: t.say("office-visits.none-under")}
}

// visitTable is a line for each visit.
func (t *turn) visitTable(items []store.Item) (look.Part, error) {
	var ids []record.ID
	for _, item := range items {
		if id, err := record.ParseID(item.Message.GetId()); err == nil {
			ids = append(ids, id)
		}
	}
	sums, err := t.records().Desk().VisitSums(t.ctx(), ids)
	if err != nil {
		return nil, err
	}
	if err := t.readPlaces(items); err != nil {
		return nil, err
	}
	table := look.Ledger{Stack: true, Caption: t.say("office-visits.caption"), Head: []look.Column{
		{Text: t.say("office-visits.place")}, {Text: t.say("office-visits.when"), Whole: true}, {Text: t.say("office-visits.type")}, {Text: t.say("office-visits.state")},
		{Text: t.say("office-visits.team")}, {Text: t.say("office-visits.findings")}, {Text: t.say("office-visits.access")}, {Text: t.say("office-visits.waits")}}}
	for i, item := range items {
		table.Rows = append(table.Rows, t.visitLine(item, sums[ids[i]]))
	}
	return table, nil
}

func (t *turn) visitLine(item store.Item, sum store.VisitSum) look.Line {
	v := item.Message.(*daylightv1.Visit)
	place, region := t.placeOf(v)
	return look.Line{Href: "/visits/" + v.GetId(), Cells: []look.Cell{
		{Text: place, Under: look.Dotted(look.Code(v.GetCode()), region)},
		{Text: t.visitDays(v), Under: t.plannedOnly(v)},
		{Text: t.shortCode("VISIT_TYPE", v.GetType(), v.Type != nil), Under: t.shortCode("VISIT_ANNOUNCEMENT", v.GetAnnouncement(), v.Announcement != nil)},
		{Body: []look.Part{t.visitState(v)}},
		{Text: t.teamSize(v), Under: t.ledBy(v)},
		{Body: t.severityTags(sum.Findings)},
		{Body: t.accessTag(v), Under: t.delay(v)},
		t.waiting(item, sum),
	}}
}

// placeOf is the place that a visit goes to, and its code with its region.
func (t *turn) placeOf(v *daylightv1.Visit) (name, region look.Text) {
	if v.GetFacilityId() == "" {
		return t.say("field-visit.no-place"), nil
	}
	f, known := t.place(v.GetFacilityId())
	if !known {
		return t.named("facility", v.GetFacilityId()), nil
	}
	return t.name(f), look.Dotted(look.Code(f.GetCode()), look.Code(f.GetRegion()))
}

// place reads a place once for a page.
func (t *turn) place(id string) (*daylightv1.Facility, bool) {
	if f, read := t.places[id]; read {
		return f, f != nil
	}
	if t.places == nil {
		t.places = map[string]*daylightv1.Facility{}
	}
	t.places[id] = nil
	if item, err := t.itemOf(record.Facility, id); err == nil {
		t.places[id] = item.Message.(*daylightv1.Facility)
	}
	return t.places[id], t.places[id] != nil
}

// readPlaces reads the places of all visits of a list at once.
func (t *turn) readPlaces(visits []store.Item) error {
	if t.places == nil {
		t.places = map[string]*daylightv1.Facility{}
	}
	var ids []record.ID
	for _, item := range visits {
		of := item.Message.(*daylightv1.Visit).GetFacilityId()
		if id, err := record.ParseID(of); err == nil {
			ids, t.places[of] = append(ids, id), nil
		}
	}
	if t.rights.Reads(record.Facility) == access.None {
		return nil
	}
	places, err := t.records().Several(t.ctx(), record.Facility, ids...)
	for id, item := range places {
		t.places[id.String()] = item.Message.(*daylightv1.Facility)
	}
	return err
}

// waiting is what has to be done about a visit.
func (t *turn) waiting(item store.Item, sum store.VisitSum) (out look.Cell) {
	v := item.Message.(*daylightv1.Visit)
	two := sum.Two
	if len(item.Status.GetConflicts()) > 0 {
		two++
	}
	if two > 0 {
		out.Body = append(out.Body, look.Tag{Kind: look.TagAttend, Icon: look.IconTwo, Text: t.say("office-visits.two", "n", two)})
	}
	if sum.Comments > 0 {
		out.Body = append(out.Body, look.Tag{Kind: look.TagOther, Text: t.say("office-visits.comments", "n", sum.Comments)})
	}
	if v.GetState() == daylightv1.VisitState_VISIT_STATE_SUBMITTED && t.mayStep(v, daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW) {
		out.Text = look.To("/visits/"+v.GetId()+"/review", t.say("office-visits.claim"))
	}
	return out
}

// subject is what access has to know of a visit and of whoever has signed in.
func (t *turn) subject(v *daylightv1.Visit, kind record.Kind) access.Subject {
	s := access.Beside(v, kind, t.session.PersonID)
	if f, known := t.place(v.GetFacilityId()); known {
		s.Region = f.GetRegion()
	}
	return s
}

// mayStep reports whether this person may take the visit to a state.
func (t *turn) mayStep(v *daylightv1.Visit, to daylightv1.VisitState) bool {
	for _, s := range t.rights.VisitSteps(t.subject(v, record.Visit)) {
		if s == to {
			return true
		}
	}
	return false
}

// address leads to the list with these filters.
func (f visitFilters) address() string { return addressOf("/visits", f.values()) }

func addressOf(path string, v url.Values) string {
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}
