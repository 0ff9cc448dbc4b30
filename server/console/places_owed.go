package console

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// fate is what became of a recommendation, as the office itself saw it.
type fate int

// The fates, in the order in which they are drawn.
const (
	fateDone fate = iota
	fatePartly
	fateNot
	fateUnseen
	fateOff // any more
	fateCount
)

// fateOf is the worst of what was seen of its addressees, who may all have to act.
func fateOf(r *daylightv1.Recommendation) fate {
	switch r.GetState() {
	case daylightv1.RecommendationState_RECOMMENDATION_STATE_SUPERSEDED, daylightv1.RecommendationState_RECOMMENDATION_STATE_WITHDRAWN:
		return fateOff
	}
	seen := map[fate]int{}
	look := func(line string) {
		seen[fateOfStatus(record.CurrentAssessment(r.GetAssessments(), line).GetStatus())]++
	}
	look("")
	for _, l := range r.GetAddressees() {
		look(l.GetId())
	}
	switch {
	case seen[fateNot] > 0 && seen[fateDone]+seen[fatePartly] == 0:
		return fateNot
	case seen[fatePartly]+seen[fateNot] > 0:
		return fatePartly
	case seen[fateDone] > 0:
		return fateDone
	case seen[fateOff] > 0:
		return fateOff
	}
	return fateUnseen
}

func fateOfStatus(s daylightv1.ImplementationStatus) fate {
	switch s {
	case daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_FULLY:
		return fateDone
	case daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_PARTLY, daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_IN_PROGRESS:
		return fatePartly
	case daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_NOT_IMPLEMENTED, daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_REGRESSED:
		return fateNot
	case daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_UNSPECIFIED, daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_NOT_ASSESSED:
		return fateUnseen
	}
	return fateOff
}

// placeFates draws what became of the recommendations of each year.
func (t *turn) placeFates(p *placeTime) []look.Part {
	years := map[string][]int{}
	sum, all := make([]int, fateCount), 0
	for _, r := range p.asked {
		if day := placeWholeDay(r.GetIssuedOn()); len(day) == len("2006-01-02") {
			year := day[:4]
			if years[year] == nil {
				years[year] = make([]int, fateCount)
			}
			years[year][fateOf(r)]++
			sum[fateOf(r)]++
			all++
		}
	}
	if all == 0 {
		return nil
	}
	names := []look.Text{t.say("office-places.done"), t.say("office-places.partly"), t.say("office-places.not-done"), t.say("office-places.not-seen"), t.say("office-places.not-asked")}
	bars := look.Bars{Series: placeSeries(names, "c-lit", "c2", "c3", "c4", "g2"), Told: t.say("office-places.fate", "n", all, "done", t.locale.Number(sum[fateDone]))}
	for _, year := range slices.Backward(slices.Sorted(maps.Keys(years))) {
		bars.Rows = append(bars.Rows, look.Bar{Name: look.Plain(year), Values: years[year]})
	}
	return []look.Part{t.placeBars(bars, t.say("office-places.fate-caption"), t.saying().Field("issued_on"))}
}

// mostPlaceOwed is how many open recommendations stand on the page of a place.
const mostPlaceOwed = 12

// placeOwed are the recommendations that are still open, the overdue ones first.
func (t *turn) placeOwed(p *placeTime) []look.Part {
	var open []*daylightv1.Recommendation
	for _, r := range p.asked {
		if record.RecommendationOpen(r.GetState()) {
			open = append(open, r)
		}
	}
	if len(open) == 0 {
		return nil
	}
	slices.SortStableFunc(open, func(a, b *daylightv1.Recommendation) int {
		if p.late[a.GetId()] != p.late[b.GetId()] {
			return cmp.Compare(lateFirst(p.late[b.GetId()]), lateFirst(p.late[a.GetId()]))
		}
		return cmp.Compare(a.GetIssuedOn(), b.GetIssuedOn())
	})
	rows := look.Rows{}
	for _, r := range open[:min(len(open), mostPlaceOwed)] {
		rows.Items = append(rows.Items, t.placeOwedRow(r, p.late[r.GetId()]))
	}
	body := []look.Part{rows}
	if more := len(open) - mostPlaceOwed; more > 0 {
		body = append(body, look.Para{Small: true, Soft: true, Text: t.say("office-places.owed-more", "n", more)})
	}
	return []look.Part{look.Section{Heading: t.say("office-places.owed"), Body: body}}
}

func lateFirst(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (t *turn) placeOwedRow(r *daylightv1.Recommendation, late bool) look.Row {
	row := look.Row{Href: "/recommendations/" + r.GetId(), Lead: look.Symbol{Icon: look.IconLetter}, Text: t.placeWords(r.GetTexts()), Words: true}
	under := []look.Text{look.Code(r.GetCode())}
	if r.GetIssuedOn() != "" {
		under = append(under, t.say("office-places.issued", "day", t.day(r.GetIssuedOn())))
	}
	for _, l := range r.GetAddressees() {
		under = append(under, t.placeCode("RESPONSIBLE_BODY", l.GetAuthority()))
	}
	row.Under = look.Dotted(under...)
	if late {
		row.Tags = append(row.Tags, look.Tag{Kind: look.TagAttend, Icon: look.IconClock, Text: t.say("office-places.overdue")})
	}
	if r.GetPredecessorId() != "" {
		row.Tags = append(row.Tags, look.Tag{Text: t.say("office-places.repeated")})
	}
	return row
}

// mostPlaceText is how much of a record's words a line of a list has room for.
const mostPlaceText = 140

// placeWords are the first ones of a text that is kept by language.
func (t *turn) placeWords(texts map[string]string) look.Text {
	short := map[string]string{}
	for tag, s := range texts {
		short[tag] = recordpage.FirstWords(s, mostPlaceText)
	}
	if out := t.localised(short); len(out) > 0 {
		return out
	}
	return t.saying().Kind(record.Recommendation)
}

// placeVisitsInSight is how many visits stand in sight before the rest unfolds.
const placeVisitsInSight = 12

// placeVisits are the visits, newest first.
func (t *turn) placeVisits(p *placeTime) []look.Part {
	if t.rights.Reads(record.Visit) == 0 {
		return nil
	}
	s := look.Section{Heading: t.say("field-place.visits")}
	if len(p.visits) == 0 {
		s.Body = []look.Part{look.Empty{Text: t.say("office-places.no-visits"), Under: t.say("office-places.no-visits-under")}}
		return []look.Part{s}
	}
	found := map[string]int{}
	for _, f := range p.found {
		if gravely(f.Kind) {
			found[f.Visit.String()] += int(f.Findings)
		}
	}
	s.Body = []look.Part{t.placeVisitsTable(p.visits[:min(len(p.visits), placeVisitsInSight)], found)}
	if len(p.visits) > placeVisitsInSight {
		rest := p.visits[placeVisitsInSight:]
		s.Body = append(s.Body, look.Unfold{Plain: true, Summary: t.say("office-places.visits-more", "n", len(rest)), Body: []look.Part{t.placeVisitsTable(rest, found)}})
	}
	if p.more {
		s.Body = append(s.Body, look.Para{Small: true, Soft: true, Text: t.say("office-places.visits-latest", "n", len(p.visits))})
	}
	return []look.Part{s}
}

func (t *turn) placeVisitsTable(visits []placeVisit, found map[string]int) look.Part {
	table := look.Ledger{Stack: true, Caption: t.say("office-places.visits-caption"), Head: []look.Column{{Text: t.say("office-places.day"), Whole: true}, {Text: t.saying().Field("type")}, {Text: t.saying().Field("state")}, {Text: t.say("office-places.findings"), Right: true}}}
	for _, v := range visits {
		line := look.Line{Href: "/visits/" + v.GetId(), Cells: []look.Cell{{Text: t.placeDay(v.day), Under: look.Code(v.GetCode())}, {Text: t.placeVisitKind(v.Visit)}, {}, {Text: t.locale.Number(found[v.GetId()])}}}
		if s := v.GetState(); s != 0 {
			line.Cells[2].Body = []look.Part{t.placeTag(visitStates, s.String())}
		}
		table.Rows = append(table.Rows, line)
	}
	return table
}

// placePast is what was promised, what stood in the way, and who was in danger for having
// spoken: each for those who read such records.
func (t *turn) placePast(p *placeTime) (out []look.Part) {
	at := func(k record.Kind, id string) string { return "/records/" + k.String() + "/" + id }
	add := func(heading look.Key, rows []look.Row) {
		if len(rows) > 0 {
			out = append(out, look.Section{Heading: t.say(heading), Body: []look.Part{look.Rows{Items: rows}}})
		}
	}
	var rows []look.Row
	for _, u := range p.promised {
		rows = append(rows, t.placePromiseRow(u, at(record.Undertaking, u.GetId())))
	}
	add("office-places.promised", rows)
	rows = nil
	for _, o := range p.obstacles {
		rows = append(rows, look.Row{Href: at(record.ObstructionIncident, o.GetId()), Lead: look.Symbol{Icon: look.IconLeave}, Text: firstSaid(t.placeCode("OBSTRUCTION_TYPE", o.GetType()), t.saying().Kind(record.ObstructionIncident)),
			Under: look.Dotted(t.placeDate(placeWholeDay(o.GetAt())), obstacleRight(t, o))})
	}
	add("office-places.obstacles", rows)
	rows = nil
	for _, r := range p.reprisals {
		rows = append(rows, t.placeReprisalRow(r, at(record.ReprisalCase, r.GetId())))
	}
	add("office-places.reprisals", rows)
	return out
}

func firstSaid(texts ...look.Text) look.Text {
	for _, s := range texts {
		if len(s) > 0 {
			return s
		}
	}
	return nil
}

func obstacleRight(t *turn, o *daylightv1.ObstructionIncident) look.Text {
	if o.GetRight() == 0 {
		return nil
	}
	return t.enum(o.GetRight())
}

func (t *turn) placePromiseRow(u *daylightv1.Undertaking, href string) look.Row {
	row := look.Row{Href: href, Lead: look.Symbol{Icon: look.IconCheck}, Text: look.Typed(recordpage.FirstWords(u.GetText(), mostPlaceText)), Words: true}
	under := []look.Text{t.placeCode(vocabulary.FindingTopic, u.GetTopic())}
	if len(row.Text) == 0 {
		row.Text, row.Words = t.saying().Kind(record.Undertaking), false
	}
	if u.GetDueOn() != "" {
		under = append(under, t.say("office-places.due", "day", t.day(u.GetDueOn())))
	}
	if s := record.CurrentAssessment(u.GetAssessments(), "").GetStatus(); s != 0 {
		row.Tags = []look.Tag{t.placeTag(vocabulary.ListOf(s.Descriptor()), s.String())}
	} else if record.Open(u) && u.GetDueOn() != "" && u.GetDueOn() < t.today()[:min(len(u.GetDueOn()), len(time.DateOnly))] {
		row.Tags = []look.Tag{{Kind: look.TagAttend, Icon: look.IconClock, Text: t.say("office-places.overdue")}}
	}
	row.Under = look.Dotted(under...)
	return row
}

// placeReprisalRow says that there is a case and where it stands; who it is about is said by its
// own page alone.
func (t *turn) placeReprisalRow(r *daylightv1.ReprisalCase, href string) look.Row {
	row := look.Row{Href: href, Lead: look.Symbol{Icon: look.IconAlert}, Text: firstSaid(t.placeDate(placeWholeDay(r.GetReportedOn())), t.saying().Kind(record.ReprisalCase))}
	if s := r.GetRisk(); s != 0 {
		row.Tags = append(row.Tags, t.placeTag(vocabulary.ListOf(s.Descriptor()), s.String()))
	}
	if s := r.GetState(); s != 0 {
		row.Tags = append(row.Tags, t.placeTag(vocabulary.ListOf(s.Descriptor()), s.String()))
	}
	return row
}
