package sample

import (
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// visit is what is remembered of a visit while it goes on.
type visit struct {
	id, code string
	place    *place
	kind     daylightv1.VisitType
	start    time.Time // the day, at midnight UTC
	days     int
	team     []int // the head in front
	lang     string
	plan     string // the line of the plan that it came from
	follows  string

	// What was found, and what the office does with it.
	concerns []concern
	words    []string // of interviews
	measures []measure
	checks   []check
	wrote    time.Time // when the team was back
}

// concern is a finding that the office decides about.
type concern struct {
	id, topic string
	severity  daylightv1.FindingSeverity
	kind      daylightv1.FindingKind
	by        int
}

type measure struct{ id, topic string }

type check struct{ id, topic string }

func (v *visit) head() int { return v.team[0] }

// The states, shorter.
const (
	planned      = daylightv1.VisitState_VISIT_STATE_PLANNED
	authorised   = daylightv1.VisitState_VISIT_STATE_AUTHORISED
	prepared     = daylightv1.VisitState_VISIT_STATE_PREPARED
	inProgress   = daylightv1.VisitState_VISIT_STATE_IN_PROGRESS
	suspended    = daylightv1.VisitState_VISIT_STATE_SUSPENDED
	obstructed   = daylightv1.VisitState_VISIT_STATE_OBSTRUCTED
	complete     = daylightv1.VisitState_VISIT_STATE_FIELD_COMPLETE
	consolidated = daylightv1.VisitState_VISIT_STATE_CONSOLIDATED
	submitted    = daylightv1.VisitState_VISIT_STATE_SUBMITTED
	underReview  = daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW
	drafted      = daylightv1.VisitState_VISIT_STATE_REPORT_DRAFTED
	commented    = daylightv1.VisitState_VISIT_STATE_SENT_FOR_COMMENT
	final        = daylightv1.VisitState_VISIT_STATE_FINAL
	published    = daylightv1.VisitState_VISIT_STATE_PUBLISHED
	inFollowUp   = daylightv1.VisitState_VISIT_STATE_IN_FOLLOW_UP
	closedVisit  = daylightv1.VisitState_VISIT_STATE_CLOSED
	cancelled    = daylightv1.VisitState_VISIT_STATE_CANCELLED

	inDepth    = daylightv1.VisitType_VISIT_TYPE_IN_DEPTH
	thematic   = daylightv1.VisitType_VISIT_TYPE_THEMATIC
	followUp   = daylightv1.VisitType_VISIT_TYPE_FOLLOW_UP
	adHoc      = daylightv1.VisitType_VISIT_TYPE_AD_HOC
	shortVisit = daylightv1.VisitType_VISIT_TYPE_RAPID
)

// planYears spreads the visits over the years, the last of them into the weeks after
// the end: they stand as planned. Each winter the head of the department plans.
func (w *world) planYears() {
	first, last := w.From.AddDate(0, 0, 30), w.Until.AddDate(0, 0, 25)
	span := max(last.Sub(first), 24*time.Hour)
	years := map[int][]time.Time{}
	for i := range w.Visits {
		at := first.Add(time.Duration((float64(i) + w.Float64()) / float64(w.Visits) * float64(span)))
		at = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
		if at.Weekday() == time.Sunday && w.chance(70) {
			at = at.AddDate(0, 0, 1)
		}
		years[at.Year()] = append(years[at.Year()], at)
	}
	for year := w.From.Year(); year <= last.Year(); year++ {
		winter := time.Date(year-1, 12, 12, 9, 0, 0, 0, time.UTC)
		if winter.Before(w.From) {
			winter = w.From.Add(5 * time.Hour)
		}
		if days := years[year]; len(days) > 0 {
			w.on(winter, func(at time.Time) { w.planYear(at, year, days) })
		}
	}
}

// planYear writes the plan, beside a reserve for what will turn up: one visit in seven
// is not in it.
func (w *world) planYear(at time.Time, year int, days []time.Time) {
	b := w.send(at)
	by := w.picked(func(p Person) bool { return p.Role == npmHead })
	for i, start := range days {
		if w.chance(14) {
			w.on(start.Add(time.Hour), func(at time.Time) { w.goUnplanned(start) })
			continue
		}
		v := w.newVisit(at, start)
		if v == nil {
			continue
		}
		p := w.planOf(at, v, year, i)
		v.plan = p.Id
		b.create(by, at, p)
		opens := start.AddDate(0, 0, -w.between(15, 40))
		if opens.Before(at) {
			opens = at.Add(time.Hour)
		}
		w.on(opens.Add(10*time.Hour), func(at time.Time) { w.open(at, v) })
	}
	for range len(days)/12 + 1 {
		p := &daylightv1.VisitPlan{Id: w.id(record.VisitPlan, at), Year: proto.Uint32(uint32(year)), Reserve: proto.Bool(true), Priority: proto.Uint32(9)}
		p.Reasons = proto.String(w.phrase("plan.reserve", "ru", nil))
		b.create(by, at, p)
	}
	b.emit()
}

func (w *world) planOf(at time.Time, v *visit, year, i int) *daylightv1.VisitPlan {
	from := v.start.AddDate(0, 0, -w.between(0, 10))
	return &daylightv1.VisitPlan{
		Id: w.id(record.VisitPlan, at), FacilityId: &v.place.id, Year: proto.Uint32(uint32(year)), Type: v.kind.Enum(),
		PlannedFrom: proto.String(day(from)), PlannedTo: proto.String(day(from.AddDate(0, 0, 21))), Priority: proto.Uint32(uint32(i%5 + 1)),
		Announcement: daylightv1.VisitAnnouncement_VISIT_ANNOUNCEMENT_UNANNOUNCED.Enum(),
		Reasons:      proto.String(w.phrase("plan.reasons", v.lang, nil)), Topics: w.topics(v.place, 3),
		Confidentiality: daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED.Enum(), DecidedOn: proto.String(day(at)),
	}
}

// newVisit chooses where to go: back to where much is open, or to where nobody was.
func (w *world) newVisit(now, start time.Time) *visit {
	p, back := w.placeFor(start), false
	if p == nil {
		return nil
	}
	if len(p.open) > 0 {
		back = true
	}
	v := &visit{place: p, start: start, kind: weighed(w.dice, []daylightv1.VisitType{inDepth, thematic, adHoc, shortVisit}, func(t daylightv1.VisitType) float64 {
		return map[daylightv1.VisitType]float64{inDepth: 60, thematic: 15, adHoc: 10, shortVisit: 15}[t]
	})}
	if back {
		v.kind, v.follows = followUp, p.open[0].visit
	}
	v.days = 1
	switch {
	case p.group == 2 && v.kind == inDepth:
		v.days = w.between(2, 5)
	case p.group == 5 || p.group == 2 || p.group == 6 && v.kind == inDepth:
		v.days = w.between(1, 3)
	}
	v.lang = "ru"
	switch {
	case p.country.code == "UA" && w.chance(55):
		v.lang = "uk"
	case w.chance(15):
		v.lang = "en"
	}
	return v
}

func (w *world) placeFor(start time.Time) *place {
	fits := func(p *place) bool {
		return p.known && !p.closed && p.twin == nil && start.Sub(p.visited) > 100*24*time.Hour
	}
	if w.chance(34) {
		p := weighed(w.dice, w.places, func(p *place) float64 {
			if !fits(p) {
				return 0
			}
			return float64(min(len(p.open), 4))
		})
		if p != nil {
			p.visited = start
			return p
		}
	}
	p := weighed(w.dice, w.places, func(p *place) float64 {
		switch {
		case !fits(p):
			return 0
		case p.visited.IsZero():
			return 2 * p.placeType.visited
		}
		return p.placeType.visited
	})
	if p != nil {
		p.visited = start
	}
	return p
}

// gather names the team, when it is free.
func (w *world) gather(v *visit) {
	n := 2
	switch {
	case v.place.group == 2 || v.place.group == 5:
		n = w.between(3, 6)
	case v.days > 1:
		n = w.between(3, 4)
	}
	v.team = w.crew(n, v.start, v.start.AddDate(0, 0, v.days+4))
	w.visits++
	v.code = fmt.Sprintf("V-%d-%04d", v.start.Year(), w.visits)
}

// message is the visit as it is opened.
func (w *world) message(at time.Time, v *visit, state daylightv1.VisitState) *daylightv1.Visit {
	v.id = w.id(record.Visit, at)
	m := &daylightv1.Visit{
		Id: v.id, FacilityId: &v.place.id, State: state.Enum(), Type: v.kind.Enum(), Code: &v.code,
		PlannedStart: proto.String(day(v.start)), PlannedEnd: proto.String(day(v.start.AddDate(0, 0, v.days-1))),
		Announcement: weighed(w.dice, []daylightv1.VisitAnnouncement{1, 2, 3, 4}, func(a daylightv1.VisitAnnouncement) float64 {
			return []float64{0, 80, 10, 8, 2}[a]
		}).Enum(),
		Title: proto.String(w.phrase("visit.title", v.lang, map[string]string{"place": v.place.names()[langOf(v)], "day": day(v.start)})),
		Aims:  proto.String(w.phrase("visit.aims", v.lang, nil)), VocabularyVersion: proto.Uint32(1),
	}
	if v.follows != "" {
		m.FollowsId = &v.follows
	}
	if w.chance(6) {
		m.Joint, m.PartnerBodies = proto.Bool(true), []string{w.phrase("visit.partner", v.lang, nil)}
	}
	for i, who := range v.team {
		m.Team = append(m.Team, w.member(who, i))
	}
	return m
}

// langOf is the language of a place's name: that of the visit, if it has one.
func langOf(v *visit) string {
	if _, has := v.place.names()[v.lang]; has {
		return v.lang
	}
	return "ru"
}

func (w *world) member(who, i int) *daylightv1.TeamMember {
	p := w.people[who]
	roles := slices.Clone(p.team)
	if i == 0 {
		roles = append([]daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_HEAD}, roles...)
	}
	if i == 1 {
		roles = append(roles, daylightv1.TeamRole_TEAM_ROLE_NOTE_TAKER)
	}
	m := &daylightv1.TeamMember{Id: p.ID.String(), Person: proto.String(p.Name), Roles: roles, Sex: p.Sex.Enum(), Languages: p.Languages, Order: proto.Uint32(uint32(i + 1))}
	if p.Body != "" {
		m.Body = proto.String(p.Body)
	}
	return m
}

// open makes the visit of a plan. Mandate letter, preparation and the day itself
// follow, unless it is cancelled.
func (w *world) open(at time.Time, v *visit) {
	w.gather(v)
	b := w.send(at)
	b.create(w.holder(caseOfficer), at.Add(-20*time.Minute), w.message(at, v, planned))
	b.emit()
	if w.chance(3) {
		w.on(at.Add(48*time.Hour), func(at time.Time) { w.cancel(at, v) })
		return
	}
	w.on(v.start.AddDate(0, 0, -w.between(4, 12)).Add(11*time.Hour), func(at time.Time) { w.authorise(at, v) })
	w.on(v.start.Add(-14*time.Hour), func(at time.Time) { w.step(at, v.head(), v, prepared) })
	w.on(w.back(v), func(at time.Time) { w.field(at, v, false) })
}

// back is when the team has a network again.
func (w *world) back(v *visit) time.Time {
	return v.start.AddDate(0, 0, v.days-1+w.between(0, 3)).Add(time.Duration(18*60+w.between(0, 200)) * time.Minute)
}

func (w *world) authorise(at time.Time, v *visit) {
	by := w.picked(func(p Person) bool { return p.Role == npmHead })
	b := w.send(at)
	b.set(by, at.Add(-5*time.Minute), &daylightv1.Visit{Id: v.id, State: authorised.Enum()})
	if v.plan != "" {
		b.set(by, at.Add(-4*time.Minute), &daylightv1.VisitPlan{Id: v.plan, VisitId: &v.id})
	}
	b.emit()
}

// step is one state of a visit and nothing else.
func (w *world) step(at time.Time, by int, v *visit, to daylightv1.VisitState) {
	b := w.send(at)
	b.set(by, at.Add(-2*time.Minute), &daylightv1.Visit{Id: v.id, State: to.Enum()})
	b.emit()
}

func (w *world) cancel(at time.Time, v *visit) {
	b := w.send(at)
	b.set(w.holder(caseOfficer), at, &daylightv1.Visit{Id: v.id, State: cancelled.Enum(), EndedBecause: proto.String(w.phrase("visit.cancelled", v.lang, nil))})
	b.emit()
	w.paid(0, 0)
}

// goUnplanned is a visit after something was heard: its head makes it on the way.
func (w *world) goUnplanned(start time.Time) {
	v := w.newVisit(start, start)
	if v == nil {
		return
	}
	if v.kind != followUp {
		v.kind = adHoc
	}
	w.gather(v)
	w.on(w.back(v), func(at time.Time) { w.field(at, v, true) })
}

// due is how many findings and recommendations the next visit has, so that the average
// of all of them holds.
func (w *world) due() (findings, recommendations int) {
	spread := 0.6 + 0.8*w.Float64()
	left := float64(max(w.toCome, 1))
	return int(w.owedFindings/left*spread + 0.5), int(w.owedRecommendations/left*spread + 0.5)
}

// paid counts a visit off, with what it brought.
func (w *world) paid(findings, recommendations int) {
	w.toCome--
	w.owedFindings -= float64(findings)
	w.owedRecommendations -= float64(recommendations)
}
