package console

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// millis is a time in milliseconds since 1970 UTC.
func millis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// summaryLeaf is the visit at a glance.
func (v *visited) summaryLeaf() look.Part {
	body := []look.Part{look.Cluster{Body: v.tags()}, look.Facts{Items: v.facts()}}
	for _, text := range []struct {
		label look.Key
		words string
	}{{"field-visit.aims", v.GetAims()}, {"field-visit.summary", v.GetSummary()}, {"field-visit.ended-because", v.GetEndedBecause()}} {
		if text.words != "" {
			body = append(body, look.Para{Label: true, Text: v.say(text.label)}, look.Prose{Text: look.Typed(text.words)})
		}
	}
	return look.Leaf{ID: "summary", Body: body}
}

// tags say what kind of visit it is, and where it stands.
func (v *visited) tags() []look.Part {
	out := []look.Part{v.visitState(v.Visit)}
	if v.Visit.Type != nil {
		out = append(out, v.tag("VISIT_TYPE", v.GetType().String()))
	}
	if v.Announcement != nil {
		out = append(out, v.tag("VISIT_ANNOUNCEMENT", v.GetAnnouncement().String()))
	}
	for _, b := range v.GetTimeBands() {
		out = append(out, v.tag("VISIT_TIME_BAND", b.String()))
	}
	out = append(out, v.accessTag(v.Visit)...)
	if v.Confidentiality != nil {
		out = append(out, v.tag("CONFIDENTIALITY_CLASS", v.GetConfidentiality().String()))
	}
	return out
}

// facts are what there is of them.
func (v *visited) facts() (out []look.Fact) {
	add := func(name look.Text, value look.Text) {
		if len(value) > 0 {
			out = append(out, look.Fact{Name: name, Value: value})
		}
	}
	place, region := v.placeOf(v.Visit)
	if f, known := v.place(v.GetFacilityId()); known {
		add(v.say("field-visit.place"), look.Dotted(look.To("/places/"+f.GetId(), place), region))
		if f.GetMainType() != "" {
			add(v.saying().Field("main_type"), v.code("PLACE_TYPE", f.GetMainType()))
		}
		if f.GetResponsibleBody() != "" {
			add(v.saying().Field("responsible_body"), v.code("RESPONSIBLE_BODY", f.GetResponsibleBody()))
		}
	}
	add(v.saying().Field("sessions"), v.sessionWords())
	add(v.saying().Field("team"), look.Dotted(v.teamSize(v.Visit), v.ledBy(v.Visit)))
	if v.GetJoint() || len(v.GetPartnerBodies()) > 0 {
		var bodies []look.Text
		for _, b := range v.GetPartnerBodies() {
			bodies = append(bodies, look.Typed(b))
		}
		add(v.saying().Field("joint"), look.Dotted(v.say("field-edit.yes"), v.locale.List(bodies...)))
	}
	add(v.say("field-counts.occupancy"), v.occupancy())
	if v.GetFollowsId() != "" {
		add(v.saying().Field("follows_id"), look.To("/visits/"+v.GetFollowsId(), v.named("visit", v.GetFollowsId())))
	}
	return out
}

// sessionWords are the stays inside, each on its day.
func (v *visited) sessionWords() look.Text {
	var out []look.Text
	for _, s := range inOrder(v.GetSessions()) {
		left := v.clock(s.GetLeftAt())
		if len(left) == 0 {
			left = look.Plain("…")
		}
		out = append(out, look.Spaced(v.day(dayOfMoment(cmp.Or(s.GetEnteredAt(), s.GetLeftAt()))), v.say("office-visit.from-to", "from", v.clock(s.GetEnteredAt()), "to", left)))
	}
	return look.Lines(out...)
}

// ordered is an element that has a place among its like.
type ordered interface {
	comparable
	GetOrder() uint32
}

func inOrder[E ordered](all []E) []E {
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b E) int { return cmp.Compare(a.GetOrder(), b.GetOrder()) })
	return out
}

// mostFindings is how many findings stand in a page; the rest is a page further.
const mostFindings = 100

// findings are the gravest first.
func (v *visited) findings() (look.Section, bool) {
	items, is := v.items(record.Finding)
	if !is {
		return look.Section{}, false
	}
	items = byWeight(items)
	from, _ := strconv.Atoi(v.r.URL.Query().Get("findings"))
	if from < 0 || from >= len(items) {
		from = 0
	}
	to := min(from+mostFindings, len(items))
	var rows []look.Row
	for _, item := range items[from:to] {
		rows = append(rows, v.findingRow(item))
	}
	s := v.partOf(record.Finding, "findings", look.Spaced(v.say("field-visit.findings-name"), v.locale.Number(len(items))), rows)
	s.Beside = look.Para{Small: true, Soft: true, Text: v.say("office-visit.severity-note")}
	if len(items) > mostFindings {
		pager := look.Pager{From: from + 1, To: to, N: len(items)}
		if from > 0 {
			pager.Earlier = v.address("?findings=" + strconv.Itoa(max(0, from-mostFindings)) + "#findings")
		}
		if to < len(items) {
			pager.Later = v.address("?findings=" + strconv.Itoa(to) + "#findings")
		}
		s.Body = append(s.Body, pager)
	}
	if len(items) > 0 {
		s.Body = append(s.Body, v.exportRow("/findings", "office-exports.findings", url.Values{"visit": {v.GetId()}})...)
	}
	return s, true
}

func (v *visited) findingRow(item store.Item) look.Row {
	f := item.Message.(*daylightv1.Finding)
	row := look.Row{Href: "/findings/" + f.GetId(), Text: v.name(f), Words: f.GetTitle() == "" && f.GetNarrative() != "", Tags: v.severityOf(f)}
	if f.EvidenceStatus != nil {
		row.Tags = append(row.Tags, v.tag("EVIDENCE_STATUS", f.GetEvidenceStatus().String()))
	}
	row.Tags = append(row.Tags, v.marks(item)...)
	var what look.Text
	if f.GetTopic() != "" {
		what = v.code("FINDING_TOPIC", f.GetTopic())
	} else if f.GetArea() != "" {
		what = v.code("FINDING_AREA", f.GetArea())
	}
	if f.Kind != nil {
		what = look.Dotted(v.shortCode("FINDING_KIND", f.GetKind(), true), what)
	}
	row.Under = look.Dotted(what, look.Typed(f.GetUnit()), look.Typed(f.GetRoom()))
	return row
}

// severityOf is the decided severity, and beside it the proposed one where they differ.
func (v *visited) severityOf(f *daylightv1.Finding) (out []look.Tag) {
	decided, proposed := f.GetSeverityDecided(), f.GetSeverityProposed()
	if decided != 0 {
		out = append(out, v.tag("FINDING_SEVERITY", decided.String()))
	}
	if proposed != 0 && proposed != decided {
		tag := v.tag("FINDING_SEVERITY", proposed.String())
		tag.Text = look.Typed(v.say("office-visit.proposed", "severity", tag.Text).String()) // in one piece: a tag spaces its pieces
		if decided != 0 {
			tag.Kind = look.TagPlain
		}
		out = append(out, tag)
	}
	return out
}

// access is how each right was honoured.
func (v *visited) access() (look.Section, bool) {
	if len(v.GetAccess()) == 0 {
		return look.Section{}, false
	}
	table := look.Ledger{Stack: true, Caption: v.say("office-visit.access-caption"), Head: []look.Column{
		{Text: v.saying().Field("right")}, {Text: v.say("office-visit.given")}, {Text: v.say("field-access.account")}}}
	for _, a := range v.GetAccess() {
		var rating []look.Part
		if a.GetRating() != 0 {
			rating = append(rating, v.tag("ACCESS_RATING", a.GetRating().String()))
		}
		table.Rows = append(table.Rows, look.Line{Cells: []look.Cell{{Text: v.enum(a.GetRight())}, {Body: rating}, {Text: look.Typed(a.GetNote()), Under: v.askedAndAnswered(a)}}})
	}
	return look.Section{ID: "access", Heading: v.say("field-access.rights"), Body: []look.Part{table}}, true
}

func (v *visited) askedAndAnswered(a *daylightv1.AccessRecord) (out look.Text) {
	if c := v.clock(a.GetRequestedAt()); len(c) > 0 {
		out = look.Spaced(v.say("field-access.requested"), c)
	}
	if c := v.clock(a.GetAnsweredAt()); len(c) > 0 {
		out = look.Dotted(out, look.Spaced(v.say("field-access.answered"), c))
	}
	return out
}

// obstructions are the reasons: each time that the team was hindered.
func (v *visited) obstructions() (look.Section, bool) {
	items, is := v.items(record.ObstructionIncident)
	if !is || len(items) == 0 {
		return look.Section{}, false
	}
	var rows []look.Row
	for _, item := range items {
		o := item.Message.(*daylightv1.ObstructionIncident)
		row := look.Row{Href: recordHref(record.ObstructionIncident, o.GetId()), Text: v.say("field-access.obstruction"), Tags: v.marks(item)}
		if o.GetType() != "" {
			row.Text = v.code("OBSTRUCTION_TYPE", o.GetType())
		}
		if o.Right != nil {
			row.Under = v.enum(o.GetRight())
		}
		row.Under = look.Dotted(look.Spaced(v.day(dayOfMoment(o.GetAt())), v.clock(o.GetAt())), row.Under, look.Typed(o.GetReasonGiven()))
		if o.ResolvedAfterMinutes != nil {
			row.Under = look.Dotted(row.Under, v.say("field-access.resolved-after", "n", o.GetResolvedAfterMinutes()))
		}
		rows = append(rows, row)
	}
	return v.partOf(record.ObstructionIncident, "obstructions", v.say("field-access.obstructions"), rows), true
}

// closing is the talk before the team left.
func (v *visited) closing() (look.Section, bool) {
	if len(v.GetClosingPoints()) == 0 {
		return look.Section{}, false
	}
	table := look.Ledger{Stack: true, Caption: v.say("office-visit.closing-caption"), Head: []look.Column{{Text: v.saying().Field("point")}, {Text: v.saying().Field("reply")}}}
	for _, p := range inOrder(v.GetClosingPoints()) {
		table.Rows = append(table.Rows, look.Line{Cells: []look.Cell{{Text: look.Written(p.GetPoint())}, {Text: look.Written(p.GetReply())}}})
	}
	return look.Section{ID: "closing", Heading: v.saying().Field("closing_points"), Body: []look.Part{table}}, true
}

// undertakings are what the management promised.
func (v *visited) undertakings() (look.Section, bool) {
	items, is := v.items(record.Undertaking)
	if !is || len(items) == 0 {
		return look.Section{}, false
	}
	var rows []look.Row
	for _, item := range items {
		u := item.Message.(*daylightv1.Undertaking)
		row := look.Row{Href: recordHref(record.Undertaking, u.GetId()), Text: v.name(u), Words: u.GetText() != "", Under: look.Typed(u.GetBy()), Tags: v.marks(item)}
		if u.GetDueOn() != "" {
			row.Under = look.Dotted(row.Under, look.Spaced(v.saying().Field("due_on"), v.day(u.GetDueOn())))
		}
		if last := record.CurrentAssessment(u.GetAssessments(), ""); last.GetStatus() != 0 {
			row.Tags = append(row.Tags, v.tag("IMPLEMENTATION_STATUS", last.GetStatus().String()))
		}
		rows = append(rows, row)
	}
	return v.partOf(record.Undertaking, "undertakings", v.say("office-visit.undertakings"), rows), true
}

// recommendations are those that came of the visit.
func (v *visited) recommendations() (look.Section, bool) {
	items, is := v.items(record.Recommendation)
	if !is {
		return look.Section{}, false
	}
	var rows []look.Row
	for _, item := range items {
		r := item.Message.(*daylightv1.Recommendation)
		row := look.Row{Href: "/recommendations/" + r.GetId(), Text: v.name(r), Tags: v.marks(item)}
		if r.State != nil {
			row.Tags = append([]look.Tag{v.tag(recommendationStates, r.GetState().String())}, row.Tags...)
		}
		var to []look.Text
		for _, l := range r.GetAddressees() {
			to = append(to, v.code("RESPONSIBLE_BODY", l.GetAuthority()))
		}
		row.Under = look.Dotted(look.Code(r.GetCode()), v.locale.List(to...))
		rows = append(rows, row)
	}
	return v.partOf(record.Recommendation, "recommendations", v.say("office-visit.recommendations"), rows), true
}
