package fieldapp

import (
	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// totalHeld is the category that counts everybody held.
const totalHeld = "TOTAL"

func (a *App) countRoutes() {
	a.ofRecord(clientsync.KindVisit, "counts", (*turn).showCounts)
	a.onRecord(clientsync.KindVisit, "count", (*turn).addCount)
	a.live[route{clientsync.KindVisit, "counts"}] = func(t *turn, item clientsync.Item) (map[string]look.Part, error) {
		part, err := t.sideBySide(item)
		return map[string]look.Part{"side": part}, err
	}
}

// showCounts has every count with its source. None stands in the place of another: a new one
// is a row of its own.
func (t *turn) showCounts(item clientsync.Item) error {
	e, err := t.edit(item, "counts")
	if err != nil {
		return err
	}
	side, err := t.sideBySide(item)
	if err != nil {
		return err
	}
	v := item.Message.(*daylightv1.Visit)
	body := append([]look.Part{look.Heading{Text: t.say("field-counts.title"), Under: t.say("field-counts.under")}}, e.notices()...)
	body = append(body, look.Flow{ID: "side", Body: []look.Part{side}}, t.quickCounts(item))
	body = append(body, e.form(
		look.Section{Heading: t.say("field-counts.counts"), ID: look.FieldID("population"), Body: e.countParts(v)},
		look.Section{Heading: t.say("field-counts.capacities"), ID: look.FieldID("capacities"), Body: e.capacityParts(v)},
	), t.ends(item))
	return t.visitTab(item, "counts", sheet{title: "field-counts.title", body: body})
}

func (e *editor) countParts(v *daylightv1.Visit) []look.Part {
	out := e.beside("population")
	for i, c := range v.GetPopulation() {
		at := func(field string) string { return recordpage.At("population", c.GetId(), field) }
		heading := look.Dotted(e.code("POPULATION_CATEGORY", c.GetCategory()), e.labelOf(c.GetSource()))
		if len(heading) == 0 {
			heading = e.numbered("field-counts.count", i)
		}
		out = append(out, e.element("population", c.GetId(), heading, "field-counts.drop-count",
			e.number(ask{path: at("persons"), label: "field-counts.persons", unit: "unit.persons"}),
			e.one(ask{path: at("source"), label: "field-counts.source", pick: true}),
			look.Unfold{Summary: e.say("field-counts.more"), Plain: true, Open: c.Persons != nil && c.Category == nil, Body: []look.Part{
				look.Side{Body: []look.Part{e.one(ask{path: at("category"), label: "field-counts.category"}), e.one(ask{path: at("sex"), label: "field-visit.sex", pick: true})}},
				e.moment(ask{path: at("as_of"), label: "field-counts.as-of"}), e.line(ask{path: at("counted_by"), label: "field-counts.counted-by"}),
				e.line(ask{path: at("note"), label: "field-notes.remark"})}}))
	}
	return append(out, e.addTo("population", "field-counts.add-count"))
}

func (e *editor) capacityParts(v *daylightv1.Visit) []look.Part {
	out := e.beside("capacities")
	for i, c := range v.GetCapacities() {
		at := func(field string) string { return recordpage.At("capacities", c.GetId(), field) }
		heading := e.labelOf(c.GetKind())
		if len(heading) == 0 {
			heading = e.numbered("field-counts.capacity", i)
		}
		out = append(out, e.element("capacities", c.GetId(), heading, "field-counts.drop-capacity",
			e.number(ask{path: at("persons"), label: "field-counts.places", unit: "unit.persons"}),
			look.Side{Body: []look.Part{e.one(ask{path: at("kind"), label: "field-counts.capacity-kind", pick: true}), e.one(ask{path: at("source"), label: "field-counts.source", pick: true})}},
			look.Side{Body: []look.Part{e.day(ask{path: at("as_of"), label: "field-counts.as-of"}), e.line(ask{path: at("note"), label: "field-notes.remark"})}}))
	}
	return append(out, e.addTo("capacities", "field-counts.add-capacity"))
}

// quickCounts begin a count of all persons held, by who counts.
func (t *turn) quickCounts(item clientsync.Item) look.Part {
	var all []look.Part
	for _, s := range []daylightv1.CountSource{daylightv1.CountSource_COUNT_SOURCE_TEAM_COUNT, daylightv1.CountSource_COUNT_SOURCE_REGISTER, daylightv1.CountSource_COUNT_SOURCE_MANAGEMENT_STATEMENT} {
		all = append(all, look.Button{Text: t.labelOf(s), Icon: look.IconPlus, Action: t.href(item.Kind, item.ID, "count"), Hidden: []look.Hidden{{Name: "source", Value: s.String()}}})
	}
	return look.Section{Heading: t.say("field-counts.quick"), Body: []look.Part{look.Cluster{Body: all}}}
}

// addCount adds a row for all persons held, as of now, beside the others.
func (t *turn) addCount(item clientsync.Item, f *look.Form) error {
	source, ok := daylightv1.CountSource_value[f.Value("source")]
	if !ok || source == 0 {
		return recordpage.ErrForm
	}
	v := item.Message.(*daylightv1.Visit)
	v.Population = append(v.Population, &daylightv1.PopulationCount{Category: proto.String(totalHeld), Source: daylightv1.CountSource(source).Enum(), AsOf: proto.String(t.nowHere())})
	if err := t.client.Save(t.ctx(), v); err != nil {
		return err
	}
	return t.to(t.href(item.Kind, item.ID, "counts") + "#" + look.FieldID(recordpage.At("population", v.Population[len(v.Population)-1].GetId())))
}

// sideBySide sets what the sources say beside each other, and against what there is room for.
func (t *turn) sideBySide(item clientsync.Item) (look.Part, error) {
	report, err := t.client.CheckVisit(t.ctx(), item.ID)
	if clientsync.CodeOf(err) == clientsync.NotFound {
		return look.Flow{}, nil
	}
	if err != nil {
		return nil, err
	}
	if len(report.Counts) == 0 {
		return look.Para{Text: t.say("field-counts.none"), Soft: true}, nil
	}
	counts := look.Ledger{Caption: t.say("field-counts.side-table"), Stack: true, Head: []look.Column{
		{Text: t.say("field-counts.category")}, {Text: t.say("field-counts.said")}, {Text: t.say("field-counts.range"), Right: true}}}
	for _, r := range report.Counts {
		var said []look.Text
		for _, c := range r.Counts {
			said = append(said, look.Spaced(look.Strong(t.locale.Number(int(c.Persons))), t.sourceOf(c), look.Small(t.moment(c.AsOf))))
		}
		line := look.Cell{Text: t.locale.Number(int(r.Most))}
		if r.Differ {
			line.Text = t.say("field-counts.from-to", "least", t.locale.Number(int(r.Least)), "most", t.locale.Number(int(r.Most)))
			line.Under = t.say("field-counts.differ", "n", int(r.Most-r.Least))
		}
		counts.Rows = append(counts.Rows, look.Line{Cells: []look.Cell{{Text: look.Dotted(t.code("POPULATION_CATEGORY", r.Category), t.labelOf(r.Sex))}, {Text: look.Lines(said...)}, line}})
	}
	return look.Flow{Body: append([]look.Part{look.Section{Heading: t.say("field-counts.side"), Body: []look.Part{counts}}}, t.occupancy(report)...)}, nil
}

func (t *turn) sourceOf(c clientsync.Count) look.Text {
	label := t.labelOf(c.Source)
	if len(label) == 0 {
		label = t.say("field-counts.no-source")
	}
	if c.Of == clientsync.KindFacility {
		return look.Spaced(label, look.Small(t.say("field-counts.of-place")))
	}
	return label
}

// occupancy compares the counts with the capacities; nothing is averaged.
func (t *turn) occupancy(report clientsync.VisitReport) (out []look.Part) {
	if len(report.Occupancy) == 0 {
		return nil
	}
	table := look.Ledger{Caption: t.say("field-counts.occupancy-table"), Stack: true, Head: []look.Column{
		{Text: t.say("field-counts.source")}, {Text: t.say("field-counts.capacity-kind")}, {Text: t.say("field-counts.occupied"), Right: true}}}
	for _, o := range report.Occupancy {
		cell := look.Cell{Text: t.locale.Percent(o.Ratio)}
		if o.Ratio > 1 {
			cell.Under = t.say("field-counts.over", "n", int(o.Count.Persons)-int(o.Places))
		}
		table.Rows = append(table.Rows, look.Line{Cells: []look.Cell{{Text: look.Spaced(t.locale.Number(int(o.Count.Persons)), t.sourceOf(o.Count))},
			{Text: t.labelOf(o.Capacity), Under: t.say("field-counts.places-of", "n", int(o.Places))}, cell}})
	}
	return []look.Part{look.Section{Heading: t.say("field-counts.occupancy"), Body: []look.Part{table}}}
}

// countsLine is what the sources say of all persons held.
func (t *turn) countsLine(o *outing) look.Text {
	for _, r := range o.report.Counts {
		if r.Category != totalHeld || r.Sex != 0 {
			continue
		}
		if r.Differ {
			return t.say("field-counts.differ-line", "least", t.locale.Number(int(r.Least)), "most", t.locale.Number(int(r.Most)))
		}
		return t.say("field-counts.held-line", "of", t.locale.Number(int(r.Most)))
	}
	return nil
}
