package fieldapp

import (
	"slices"
	"strconv"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// visitRoutes mounts the pages of a visit and of its place.
func (a *App) visitRoutes() {
	a.page("/visit", (*turn).currentVisit)
	a.page("/visits", (*turn).listVisits)
	a.post("/visits/begin", (*turn).beginVisit)
	a.ofRecord(clientsync.KindVisit, "", func(t *turn, item clientsync.Item) error { return t.showVisit(item) })
	a.ofRecord(clientsync.KindVisit, "about", (*turn).aboutVisit)
	a.onRecord(clientsync.KindVisit, "step", (*turn).takeStep)
	a.onRecord(clientsync.KindVisit, "begin", (*turn).beginKept)
	a.keptRoutes()
	a.placeRoutes()
	a.teamRoutes()
	a.accessRoutes()
	a.countRoutes()
	a.closingRoutes()
	a.submitRoutes()
	a.blankRoutes()
}

// currentVisit leads to the visit that somebody works on, or to the list of them.
func (t *turn) currentVisit() error {
	if item, ok := t.visit(); ok {
		return t.to(t.href(clientsync.KindVisit, item.ID))
	}
	return t.to("/visits")
}

// mostVisits is how many visits stand on one page of the list.
const mostVisits = 40

// listVisits are the visits on this device, those that are not handed in before the others,
// page by page.
func (t *turn) listVisits() error {
	var open, handedIn []*daylightv1.Visit
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{Kind: clientsync.KindVisit}) {
		if err != nil {
			return err
		}
		if v := item.Message.(*daylightv1.Visit); atOffice(v.GetState()) {
			handedIn = append(handedIn, v)
		} else {
			open = append(open, v)
		}
	}
	slices.Reverse(open)
	slices.Reverse(handedIn)
	all := append(open, handedIn...)
	from, _ := strconv.Atoi(t.r.URL.Query().Get("from"))
	from = max(0, min(from, (len(all)-1)/mostVisits*mostVisits)) // beyond the end stands the last page
	to := min(from+mostVisits, len(all))
	body := []look.Part{look.Heading{Text: t.say("field-visit.visits"), Unseen: true}}
	if len(open) == 0 {
		body = append(body, look.Empty{Text: t.say("field-visit.none"), Under: t.say("field-visit.none-under")})
	}
	for _, s := range []struct {
		heading look.Key
		visits  []*daylightv1.Visit
	}{{"field-visit.open", all[from:max(from, min(to, len(open)))]}, {"field-visit.handed-in", all[min(to, max(from, len(open))):to]}} {
		if len(s.visits) == 0 {
			continue
		}
		rows, err := t.visitRows(s.visits)
		if err != nil {
			return err
		}
		body = append(body, look.Section{Heading: t.say(s.heading), Body: []look.Part{rows}})
	}
	if len(all) > mostVisits {
		body = append(body, pagerOf("/visits", from, to, len(all), mostVisits))
	}
	body = append(body, look.Button{Text: t.say("field-visit.begin"), Icon: look.IconPlus, Href: "/places?for=visit", Wide: true, Tall: true})
	return t.show(sheet{title: "field-visit.visits", back: "/", tab: tabVisit, body: body})
}

// pagerOf leads through a list of which one page shows so many.
func pagerOf(href string, from, to, n, each int) look.Pager {
	p := look.Pager{From: from + 1, To: to, N: n}
	if from > 0 {
		p.Earlier = href + "?from=" + strconv.Itoa(max(0, from-each))
	}
	if to < n {
		p.Later = href + "?from=" + strconv.Itoa(to)
	}
	return p
}

func (t *turn) visitRows(visits []*daylightv1.Visit) (look.Part, error) {
	var rows look.Rows
	for _, v := range visits {
		row, err := t.visitRow(v)
		if err != nil {
			return nil, err
		}
		rows.Items = append(rows.Items, row)
	}
	return rows, nil
}

func (t *turn) visitRow(v *daylightv1.Visit) (look.Row, error) {
	place, err := t.placeVisited(v)
	row := look.Row{Href: t.href(clientsync.KindVisit, v.GetId()), Lead: look.Symbol{Icon: look.IconVisit}, Text: t.placeName(place), Words: true,
		Under: look.Dotted(t.day(beganOn(v)), t.labelOf(v.GetType())), Tags: t.enumTag(v.GetState())}
	if v.GetTitle() != "" {
		row.Under = look.Dotted(look.Typed(v.GetTitle()), row.Under)
	}
	return row, err
}

// beganOn is the day on which a visit began, or was to.
func beganOn(v *daylightv1.Visit) string {
	for _, at := range []string{v.GetEnteredAt(), v.GetArrivedAt(), v.GetPlannedStart()} {
		if len(at) >= len("2026-11-24") {
			return at[:len("2026-11-24")]
		}
	}
	return ""
}

// atOffice reports whether a visit has been handed in.
func atOffice(s daylightv1.VisitState) bool {
	return s >= daylightv1.VisitState_VISIT_STATE_SUBMITTED
}

// beginVisit opens a visit to a place. The office learns of it with the next sync; that it
// is planned is what whoever opens one may say.
func (t *turn) beginVisit(f *look.Form) error {
	at, ok := t.handles.find(f.Value("place"))
	if !ok || at.kind != clientsync.KindFacility {
		return errEnded
	}
	id, err := t.openVisit(at.id)
	if err != nil {
		return err
	}
	return t.to(t.href(clientsync.KindVisit, id))
}

func (t *turn) openVisit(place string) (string, error) {
	v := &daylightv1.Visit{FacilityId: proto.String(place), State: daylightv1.VisitState_VISIT_STATE_PLANNED.Enum(), PlannedStart: proto.String(t.today())}
	if err := t.client.Save(t.ctx(), v); err != nil {
		return "", err
	}
	t.inVisit(v.GetId())
	return v.GetId(), nil
}

// showVisit is the overview of a visit. first stands above everything.
func (t *turn) showVisit(item clientsync.Item, first ...look.Part) error {
	o, err := t.outing(item)
	if err != nil {
		return err
	}
	if item.Removed {
		e, err := t.edit(item, "")
		if err != nil {
			return err
		}
		return t.visitTab(item, "", sheet{title: "field-visit.visit", back: "/visits", body: append([]look.Part{t.visitHead(o)}, e.notices()...)})
	}
	all, err := t.sections(o)
	if err != nil {
		return err
	}
	steps, err := t.stepsPart(o)
	if err != nil {
		return err
	}
	body := append(first, t.visitHead(o), t.progress(all))
	body = append(body, t.warnings(o)...)
	body = append(body, t.sectionRows(all), t.findingsPart(o), steps)
	if !atOffice(o.visit.GetState()) {
		body = append(body, look.Button{Text: t.say("field-visit.before-submit"), Href: t.href(item.Kind, item.ID, "submit"), Wide: true, Tall: true, Further: true})
	}
	return t.visitTab(item, "", sheet{title: "field-visit.visit", back: "/visits", body: append(body, t.besideVisit(item))})
}

// besideVisit leads to what a visit has besides its sections.
func (t *turn) besideVisit(item clientsync.Item) look.Part {
	var rows []look.Row
	for _, at := range []struct {
		page string
		text look.Key
		icon look.Icon
	}{{"readers", "field-visit.readers", look.IconSealed}, {"blank", "field-visit.blanks", look.IconPrint}, {"history", "field-visit.history", look.IconHistory}} {
		if t.hasPage(item.Kind, at.page) || t.hasPage(0, at.page) {
			rows = append(rows, look.Row{Href: t.href(item.Kind, item.ID, at.page), Lead: look.Symbol{Icon: at.icon}, Text: t.say(at.text)})
		}
	}
	return look.Rows{Items: append(rows, look.Row{Href: "/visits", Lead: look.Symbol{Icon: look.IconVisit}, Text: t.say("field-visit.all")})}
}

func (t *turn) visitHead(o *outing) look.Part {
	over := []look.Text{}
	if code := o.place.GetCode(); code != "" {
		over = append(over, look.Code(code))
	}
	if r := o.place.GetRegion(); r != "" {
		over = append(over, look.Code(r))
	}
	if day := beganOn(o.visit); day != "" {
		over = append(over, t.day(day))
	}
	return look.Heading{Over: look.Dotted(over...), Text: t.placeName(o.place),
		Tags: slices.Concat(t.enumTag(o.visit.GetState()), t.enumTag(o.visit.GetType()), t.enumTag(o.visit.GetAnnouncement()))}
}

// warnings are what may not wait, and versions that stand beside each other.
func (t *turn) warnings(o *outing) (out []look.Part) {
	if n := len(o.report.Urgent); n > 0 {
		seen := map[string]bool{}
		links := []look.Text{}
		for _, r := range o.report.Urgent {
			if !seen[r.ID] {
				seen[r.ID] = true
				links = append(links, look.To(t.hrefOf(r), t.flagSays(r.Flag)))
			}
		}
		out = append(out, look.Note{Kind: look.NoteUrgent, Heading: t.say("field-visit.urgent"), Under: t.say("field-visit.urgent-under"),
			Body: []look.Part{look.Points{Items: links, Small: true}, look.Button{Text: t.say("field-visit.ways"), Href: "/send", Kind: look.ButtonQuiet}}})
	}
	n := 0
	for _, items := range o.of {
		for _, item := range items {
			n += len(item.Conflicts)
		}
	}
	if n > 0 {
		out = append(out, look.Note{Kind: look.NoteTwo, Heading: t.say("field-visit.two", "n", n), Under: t.say("field-visit.two-under"), Body: []look.Part{
			look.Button{Text: t.say("field-visit.see"), Href: t.href(o.item.Kind, o.item.ID, "submit") + "#two", Kind: look.ButtonQuiet}}})
	}
	return out
}

// findingsPart counts the findings by how severe the team thinks they are.
func (t *turn) findingsPart(o *outing) look.Part {
	by := map[daylightv1.FindingSeverity]int{}
	for _, item := range o.of[clientsync.KindFinding] {
		by[item.Message.(*daylightv1.Finding).GetSeverityProposed()]++
	}
	var tags []look.Part
	for s := daylightv1.FindingSeverity_FINDING_SEVERITY_CRITICAL; s > 0; s-- {
		if by[s] > 0 {
			tags = append(tags, t.enumTag(s)[0], look.Para{Text: t.locale.Number(by[s])})
		}
	}
	if by[0] > 0 {
		tags = append(tags, look.Tag{Text: t.say("field-visit.unweighed")}, look.Para{Text: t.locale.Number(by[0])})
	}
	body := []look.Part{}
	if len(tags) > 0 {
		body = append(body, look.Cluster{Body: tags})
	}
	return look.Section{Heading: t.say("field-visit.findings", "of", t.locale.Number(len(o.of[clientsync.KindFinding]))), Body: body,
		Beside: look.Cluster{Body: []look.Part{
			look.Button{Text: t.say("field-visit.see"), Label: t.say("field-visit.see-findings"), Href: "/findings", Kind: look.ButtonQuiet},
			look.Button{Text: t.say("field-visit.finding"), Icon: look.IconPlus, Action: t.beginHref(o.item, clientsync.KindFinding), Hidden: []look.Hidden{{Name: "kind", Value: "finding"}}}}}}
}

// beginHref is where a new record of the visit is begun: at the area that has a way of its
// own, or here.
func (t *turn) beginHref(visit clientsync.Item, kind clientsync.Kind) string {
	if page := kind.String(); t.posts[route{clientsync.KindVisit, page}] != nil {
		return t.href(visit.Kind, visit.ID, page)
	}
	return t.href(visit.Kind, visit.ID, "begin")
}

// aboutVisit is what kind of visit it is, and why.
func (t *turn) aboutVisit(item clientsync.Item) error {
	e, err := t.edit(item, "about")
	if err != nil {
		return err
	}
	v := item.Message.(*daylightv1.Visit)
	place, err := t.placeVisited(v)
	if err != nil {
		return err
	}
	body := append([]look.Part{look.Heading{Text: t.say("field-visit.about"), Unseen: true}}, e.notices()...)
	body = append(body, look.Leaf{Over: t.say("field-visit.place"), Heading: t.placeName(place), ID: look.FieldID("facility_id"), Words: true, Body: slices.Concat(e.beside("facility_id"), []look.Part{
		look.Cluster{Body: t.placeWays(item, place)}})})
	same, err := t.sameVisit(v)
	if err != nil {
		return err
	}
	body = append(body, same...)
	follows, err := e.follows(v)
	if err != nil {
		return err
	}
	body = append(body, e.form(append(e.aboutControls(), follows)...), t.ends(item, e.removal("field-visit.remove", "/visits")))
	return t.visitTab(item, "about", sheet{title: "field-visit.about", body: body})
}

func (e *editor) aboutControls() []look.Part {
	return []look.Part{
		e.line(ask{path: "title", label: "field-visit.title", hint: "field-visit.title-hint"}),
		e.one(ask{path: "type", label: "field-visit.type"}),
		e.one(ask{path: "announcement", label: "field-visit.announcement", two: true}),
		e.several(ask{path: "time_bands", label: "field-visit.time-bands", two: true}),
		look.Side{Body: []look.Part{e.day(ask{path: "planned_start", label: "field-visit.planned-start"}), e.day(ask{path: "planned_end", label: "field-visit.planned-end"})}},
		e.line(ask{path: "aims", label: "field-visit.aims", rows: 4}),
		e.yesNo(ask{path: "joint", label: "field-visit.joint", two: true}),
		e.lines(ask{path: "partner_bodies", label: "field-visit.partners", hint: "field-visit.partners-hint"}),
		e.line(ask{path: "summary", label: "field-visit.summary", hint: "field-visit.summary-hint", rows: 5}),
		e.line(ask{path: "ended_because", label: "field-visit.ended-because", hint: "field-visit.ended-hint", rows: 3}),
	}
}

func (t *turn) placeWays(item clientsync.Item, place *daylightv1.Facility) (out []look.Part) {
	if place != nil {
		out = append(out, look.Button{Text: t.say("field-visit.open-place"), Href: t.href(clientsync.KindFacility, place.GetId()), Icon: look.IconPlace})
	}
	return append(out, look.Button{Text: t.say("field-visit.other-place"), Href: "/places?for=" + t.handles.name(item.Kind, item.ID), Kind: look.ButtonQuiet})
}

// sameVisit says that a team-mate may have begun the same visit.
func (t *turn) sameVisit(v *daylightv1.Visit) ([]look.Part, error) {
	all, err := t.client.DuplicatesOf(t.ctx(), v)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	rows := []look.Row{}
	for _, d := range all {
		row, err := t.visitRow(d.Message.(*daylightv1.Visit))
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return []look.Part{look.Note{Kind: look.NoteWatch, Heading: t.say("field-visit.same"), Under: t.say("field-visit.same-under"), Body: []look.Part{look.Rows{Items: rows}}}}, nil
}
