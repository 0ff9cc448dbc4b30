package console

import (
	"context"
	"errors"
	"slices"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// One visit: what its team recorded, as far as whoever looks may see it. A part that somebody
// may not see is not there, and nothing says that it would be.

func (c *Console) visitPageRoutes() {
	may := reads(record.Visit)
	c.page("/visits/{id}", may, func(t *turn) error { return t.showVisit(nil) })
	c.post("/visits/{id}/step", may, (*turn).stepVisit)
	c.page("/visits/{id}/edit", may, func(t *turn) error { return t.showVisitEdit(nil, nil, nil) })
	c.post("/visits/{id}/edit", may, (*turn).saveVisit)
	c.page("/visits/{id}/print", may, (*turn).printVisit)
	c.page("/visits/{id}/checklists/{response}", may, (*turn).showAnswers)
}

// visited is a visit with what hangs on it, read once for a page.
type visited struct {
	*turn
	item store.Item
	*daylightv1.Visit
	id record.ID
	// hanging is what hangs on it, by kind, the first made first; a kind that is not in it is
	// not for this person. more are the kinds of which there is more than a page holds.
	hanging map[record.Kind][]store.Item
	more    map[record.Kind]bool
	sealed  map[record.Kind]int
	late    store.Late
}

// shownKinds are those of which a visit's page tells, and how many of each at most.
var shownKinds = map[record.Kind]store.Filter{
	record.Finding: store.FindingFilter{}, record.Recommendation: store.RecommendationFilter{}, record.Undertaking: store.UndertakingFilter{},
	record.ReprisalCase: store.ReprisalCaseFilter{}, record.Interview: nil, record.RegisterCheck: nil, record.Measurement: nil,
	record.ObstructionIncident: nil, record.Note: nil, record.ChecklistResponse: nil,
}

// visitOf reads the visit of the address and what hangs on it.
func (t *turn) visitOf() (*visited, error) {
	item, err := t.item(record.Visit)
	if err != nil {
		return nil, err
	}
	v := &visited{turn: t, item: item, Visit: item.Message.(*daylightv1.Visit), hanging: map[record.Kind][]store.Item{}, more: map[record.Kind]bool{}}
	if v.id, err = record.ParseID(v.GetId()); err != nil {
		return nil, err
	}
	for kind := range shownKinds {
		if t.rights.Reads(kind) == access.None {
			continue
		}
		page, err := t.records().List(t.ctx(), kind, store.Query{Filter: v.filter(kind), PageSize: store.MaxPage})
		if err != nil {
			return nil, err
		}
		v.hanging[kind], v.more[kind] = page.Items, page.Next != ""
	}
	if v.sealed, err = t.records().Desk().SealedOf(t.ctx(), v.id); err != nil {
		return nil, err
	}
	return v, v.readLate(t.ctx())
}

// filter leaves of a kind what hangs on the visit.
func (v *visited) filter(kind record.Kind) store.Filter {
	switch shownKinds[kind].(type) {
	case store.FindingFilter:
		return store.FindingFilter{Visit: v.id}
	case store.RecommendationFilter:
		return store.RecommendationFilter{Visit: v.id}
	case store.UndertakingFilter:
		return store.UndertakingFilter{Visit: v.id}
	case store.ReprisalCaseFilter:
		return store.ReprisalCaseFilter{Visit: v.id}
	}
	return store.VisitRecordFilter{Kind: kind, Visit: v.id}
}

// readLate finds what came after the visit was handed in. Before that, nothing is late.
func (v *visited) readLate(ctx context.Context) (err error) {
	if s := v.GetState(); s < daylightv1.VisitState_VISIT_STATE_SUBMITTED || s == daylightv1.VisitState_VISIT_STATE_CANCELLED {
		return nil
	}
	v.late, err = v.records().Desk().LateOf(ctx, v.id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// isLate reports whether a record has changes that came late.
func (v *visited) isLate(id string) bool {
	of, err := record.ParseID(id)
	return err == nil && v.late.Changes[of] > 0
}

// marks are the tags of any record of the visit.
func (v *visited) marks(item store.Item) (out []look.Tag) {
	if len(item.Status.GetConflicts()) > 0 {
		out = append(out, look.Tag{Kind: look.TagAttend, Icon: look.IconTwo, Text: v.say("office-visit.two")})
	}
	if v.isLate(item.Message.GetId()) {
		out = append(out, look.Tag{Kind: look.TagWatch, Icon: look.IconClock, Text: v.say("office-visit.late")})
	}
	return out
}

// inTwo are the records of the visit that stand in two versions, itself first.
func (v *visited) inTwo() (out []store.Item) {
	if len(v.item.Status.GetConflicts()) > 0 {
		out = append(out, v.item)
	}
	for _, kind := range record.Kinds() {
		for _, item := range v.hanging[kind] {
			if len(item.Status.GetConflicts()) > 0 {
				out = append(out, item)
			}
		}
	}
	return out
}

// address leads to a page of the visit.
func (v *visited) address(page string) string { return "/visits/" + v.GetId() + page }

func (v *visited) crumbs(here look.Text) []look.Link {
	code := look.Text(v.say("field-visit.visit"))
	if v.GetCode() != "" {
		code = look.Code(v.GetCode())
	}
	if len(here) == 0 {
		return []look.Link{{Href: "/visits", Text: v.say("office-visits.title")}, {Text: code}}
	}
	return []look.Link{{Href: "/visits", Text: v.say("office-visits.title")}, {Href: v.address(""), Text: code}, {Text: here}}
}

// title says the kind of page and the visit's code.
func (v *visited) title() look.Text {
	return look.Spaced(v.say("field-visit.visit"), look.Code(v.GetCode()))
}

// showVisit shows it all. tried is a step that was not taken, nil where none was asked for.
func (t *turn) showVisit(tried *triedStep) error {
	v, err := t.visitOf()
	if err != nil {
		return err
	}
	place, _ := t.placeOf(v.Visit)
	sections := v.sections()
	body := append(v.notes(tried), v.anchors(sections), v.summaryLeaf())
	for _, s := range sections {
		body = append(body, s)
	}
	return t.show(sheet{title: v.title(), heading: place, crumbs: v.crumbs(nil), here: "/visits", lede: look.Dotted(v.visitDays(v.Visit), v.plannedOnly(v.Visit), look.Typed(v.GetTitle())),
		actions: v.actions(), body: body, aside: append([]look.Part{v.stepsLeaf(tried)}, v.readersLeaf()...)})
}

// actions lead to the other pages of the visit, as far as they are for this person.
func (v *visited) actions() (out []look.Part) {
	if v.rights.Reads(record.ReviewComment) != access.None {
		out = append(out, look.Button{Text: v.say("office-visit.review"), Icon: look.IconCheck, Href: v.address("/review")})
	}
	if v.mayEdit() {
		out = append(out, look.Button{Text: v.say("office-visit.edit"), Icon: look.IconPen, Href: v.address("/edit")})
	}
	return append(out,
		look.Button{Text: v.say("field-visit.history"), Icon: look.IconHistory, Href: "/records/visit/" + v.GetId() + "/history"},
		look.Button{Text: v.say("office-visit.print"), Icon: look.IconPrint, Href: v.address("/print")})
}

// sections are the parts that there are for this person, in order.
func (v *visited) sections() (out []look.Section) {
	for _, s := range []func() (look.Section, bool){
		v.findings, v.access, v.obstructions, v.population, v.checklists, v.interviews, v.reprisals, v.registers, v.measurements,
		v.closing, v.undertakings, v.recommendations, v.fieldNotes, v.team, v.timeline,
	} {
		if section, is := s(); is {
			out = append(out, section)
		}
	}
	return out
}

// anchors lead to the parts.
func (v *visited) anchors(all []look.Section) look.Part {
	links := []look.Link{}
	for _, s := range all {
		links = append(links, look.Link{Href: "#" + s.ID, Text: s.Heading})
	}
	return look.Anchors{Name: v.say("office-visit.parts"), Links: links}
}

// notes say what was done, and what has to be looked at first.
func (v *visited) notes(tried *triedStep) (out []look.Part) {
	if k := map[string]look.Key{"step": "office-visit.step-done", "edit": "office-visit.edit-done"}[v.r.URL.Query().Get("done")]; k != "" && tried == nil {
		out = append(out, look.Note{Kind: look.NoteSettled, Status: true, Text: v.say(k)})
	}
	if tried != nil {
		out = append(out, tried.failed...)
	}
	if v.item.Removed {
		out = append(out, look.Note{Kind: look.NoteWatch, Text: v.say("office-told.is-removed")})
	}
	if v.GetMergedInto() != "" {
		out = append(out, look.Note{Kind: look.NoteWatch, Text: look.To("/visits/"+v.GetMergedInto(), v.say("office-visit.joined"))})
	}
	if two := v.inTwo(); len(two) > 0 {
		out = append(out, look.Note{Kind: look.NoteTwo, Heading: v.say("office-visit.in-two", "n", len(two)), Text: v.say("office-visit.in-two-under"), Body: []look.Part{v.twoLinks(two)}})
	}
	if n := v.lateRecords(); n > 0 {
		out = append(out, look.Note{Kind: look.NoteWatch, Heading: v.say("office-visit.came-late", "n", n), Text: v.say("office-visit.came-late-under", "when", v.locale.When(millis(v.late.ReceivedAt)))})
	}
	return out
}

// lateRecords counts those in sight that came late.
func (v *visited) lateRecords() (n int) {
	if v.isLate(v.GetId()) {
		n++
	}
	for _, items := range v.hanging {
		for _, item := range items {
			if v.isLate(item.Message.GetId()) {
				n++
			}
		}
	}
	return n
}

// mostLinks is how many records a note leads to.
const mostLinks = 10

func (v *visited) twoLinks(two []store.Item) look.Part {
	var links []look.Text
	for _, item := range two[:min(len(two), mostLinks)] {
		kind, err := record.KindOf(item.Message)
		if err != nil {
			continue
		}
		links = append(links, look.To("/records/"+kind.String()+"/"+item.Message.GetId()+"/two", v.say("field-history.record", "kind", v.saying().Kind(kind), "name", v.name(item.Message))))
	}
	if len(two) > mostLinks {
		links = append(links, look.To("/two", v.say("field-two.to-list")))
	}
	return look.Points{Items: links, Small: true}
}

// items are the records of a kind, and whether they are for this person.
func (v *visited) items(kind record.Kind) ([]store.Item, bool) {
	items, is := v.hanging[kind]
	return items, is
}

// partOf is the section of one kind: its rows, or that there are none yet.
func (v *visited) partOf(kind record.Kind, id string, heading look.Text, rows []look.Row) look.Section {
	s := look.Section{ID: id, Heading: heading}
	if len(rows) == 0 {
		s.Body = []look.Part{look.Para{Soft: true, Text: v.say("office-visit.nothing")}}
		return s
	}
	s.Body = []look.Part{look.Rows{Items: rows}}
	if v.more[kind] {
		s.Body = append(s.Body, look.Para{Small: true, Soft: true, Text: v.say("office-visit.first-only", "n", len(rows))})
	}
	return s
}

// byWeight sorts findings, the gravest first; of one weight the first made first.
func byWeight(items []store.Item) []store.Item {
	out := slices.Clone(items)
	slices.SortStableFunc(out, func(a, b store.Item) int {
		return slices.Index(severities, severityOf(a.Message.(*daylightv1.Finding))) - slices.Index(severities, severityOf(b.Message.(*daylightv1.Finding)))
	})
	return out
}

// severityOf is the decided one, else the one that is proposed.
func severityOf(f *daylightv1.Finding) daylightv1.FindingSeverity {
	if f.GetSeverityDecided() != 0 {
		return f.GetSeverityDecided()
	}
	return f.GetSeverityProposed()
}
