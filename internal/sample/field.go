package sample

import (
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// outing is a visit as its team writes it down, day by day.
type outing struct {
	*world
	*visit
	b *sending
	// ahead is how far the clock of one device is wrong, of whom.
	ahead time.Duration
	wrong int

	entered, left time.Time // of the present day
	findings      int       // still to be written
	points        []*daylightv1.ClosingPoint
}

// field is a team that comes back: what all its devices hold reaches the office.
func (w *world) field(at time.Time, v *visit, makes bool) {
	o := &outing{world: w, visit: v, b: w.send(at), wrong: -1}
	v.wrote = at
	if w.chance(3) {
		o.ahead, o.wrong = 5*time.Hour, one(w.dice, v.team...)
	}
	arrived := v.start.Add(time.Duration(w.between(5*60, 9*60)) * time.Minute)
	if w.chance(10) {
		arrived = v.start.Add(time.Duration(w.between(18*60, 20*60)) * time.Minute) // an evening or a night
	}
	if makes {
		o.createVisit(arrived)
	}
	if w.chance(1.5) {
		o.refusedAtTheGate(arrived)
		o.b.emit()
		w.paid(0, 0)
		w.after(at, 1, 4, func(at time.Time) { w.hand(at, v) })
		return
	}
	due, recommendations := w.due()
	w.paid(due, recommendations)
	o.findings = max(due-len(o.toVerify()), 1)
	o.visitDays(arrived)
	o.extras()
	o.b.emit()
	w.afterwards(at, v, recommendations)
}

// put adds a step, with the time that the author's clock shows. A wrong clock is ahead of
// the office too.
func (o *outing) put(s Step) {
	if s.At.After(o.b.Sent) {
		s.At = o.b.Sent
	}
	if s.By == o.wrong {
		s.At = s.At.Add(o.ahead)
	}
	o.b.Steps = append(o.b.Steps, s)
}

// note adds a new record, or what becomes of an old one.
func (o *outing) note(by int, at time.Time, creates bool, m record.Message) {
	o.put(Step{By: by, At: at, Message: m, Creates: creates})
}

func (o *outing) anybody() int { return one(o.dice, o.team...) }

// createVisit: the head makes it on the way; now and then with a place that is not in
// the list on the tablet, and is there twice from then on.
func (o *outing) createVisit(arrived time.Time) {
	if o.chance(18) && o.place.number > 0 {
		twin, m := o.again(o.place, arrived)
		o.note(o.head(), arrived.Add(-40*time.Minute), true, m)
		o.twin(twin)
	}
	m := o.message(arrived, o.visit, prepared)
	o.note(o.head(), arrived.Add(-30*time.Minute), true, m)
}

// twin lets the visit go to the new record of the place; the office joins the two
// within some months, if anybody sees it.
func (o *outing) twin(twin *place) {
	first := o.place
	twin.visited, o.place = o.start, twin
	if o.chance(75) {
		o.after(o.wrote, 20, 200, func(at time.Time) {
			b := o.send(at)
			b.set(o.holder(caseOfficer), at, &daylightv1.Facility{Id: twin.id, MergedInto: &first.id})
			b.emit()
		})
	}
}

// refusedAtTheGate is a visit that still counts.
func (o *outing) refusedAtTheGate(arrived time.Time) {
	head := o.head()
	o.note(head, arrived.Add(50*time.Minute), false, &daylightv1.Visit{
		Id: o.id, State: obstructed.Enum(), ArrivedAt: proto.String(o.place.moment(arrived)), EndedBecause: proto.String(o.phrase("visit.refused", o.lang, nil)),
		Access: []*daylightv1.AccessRecord{{Right: daylightv1.AccessRight_ACCESS_RIGHT_A20C_ALL_PREMISES, Rating: daylightv1.AccessRating_ACCESS_RATING_REFUSED.Enum()}},
	})
	o.incident(head, arrived.Add(55*time.Minute), "ENTRY_REFUSED", daylightv1.AccessRight_ACCESS_RIGHT_A20C_ALL_PREMISES, 0)
}

// visitDays is the visit itself.
func (o *outing) visitDays(arrived time.Time) {
	for i := range o.days {
		day := arrived.AddDate(0, 0, i)
		if i == 0 {
			o.arrive(day)
		} else {
			o.entered = day
		}
		if i == o.days-1 && o.place.group != 9 {
			o.left = o.entered.Add(time.Duration(o.between(240, 480)) * time.Minute)
		} else {
			o.left = o.entered.Add(time.Duration(o.between(150, 420)) * time.Minute)
		}
		o.session(i)
		o.listen(i)
		o.write(i)
	}
	o.checklists()
	o.closing()
	o.finish()
}

// arrive is what the head notes at the gate.
func (o *outing) arrive(at time.Time) {
	delay := o.delay()
	o.entered = at.Add(time.Duration(delay) * time.Minute)
	m := &daylightv1.Visit{
		Id: o.id, State: inProgress.Enum(), ArrivedAt: proto.String(o.place.moment(at)), EnteredAt: proto.String(o.place.moment(o.entered)),
		DelayMinutes: proto.Uint32(uint32(delay)), TimeBands: o.bands(at),
	}
	m.Access = o.access(delay)
	m.Met = []*daylightv1.PersonMet{{Id: o.world.id(record.Visit, at), Office: proto.String(o.phrase("visit.met", o.lang, nil)), At: proto.String(o.place.moment(o.entered))}}
	m.Population, m.Capacities = o.counts(at)
	o.note(o.head(), o.entered.Add(time.Hour), false, m)
	if delay > 40 {
		o.incident(o.head(), o.entered.Add(65*time.Minute), "ENTRY_DELAYED", daylightv1.AccessRight_ACCESS_RIGHT_A20C_ALL_PREMISES, delay)
	}
	if o.chance(1) {
		o.note(o.head(), o.entered.Add(90*time.Minute), false, &daylightv1.Visit{Id: o.id, State: suspended.Enum()})
		o.note(o.head(), o.entered.Add(150*time.Minute), false, &daylightv1.Visit{Id: o.id, State: inProgress.Enum()})
	}
}

func (o *outing) delay() int {
	switch {
	case o.chance(70):
		return o.between(0, 15)
	case o.chance(70):
		return o.between(16, 45)
	}
	return o.between(46, 180)
}

func (o *outing) bands(at time.Time) (out []daylightv1.VisitTimeBand) {
	local := o.place.local(at)
	switch h := local.Hour(); {
	case h >= 22 || h < 6:
		out = append(out, daylightv1.VisitTimeBand_VISIT_TIME_BAND_NIGHT)
	case h >= 18:
		out = append(out, daylightv1.VisitTimeBand_VISIT_TIME_BAND_EVENING)
	default:
		out = append(out, daylightv1.VisitTimeBand_VISIT_TIME_BAND_DAY)
	}
	if d := local.Weekday(); d == time.Saturday || d == time.Sunday {
		out = append(out, daylightv1.VisitTimeBand_VISIT_TIME_BAND_WEEKEND_HOLIDAY)
	}
	return out
}

// access rates each right: mostly full.
func (o *outing) access(delay int) (out []*daylightv1.AccessRecord) {
	for r := daylightv1.AccessRight_ACCESS_RIGHT_A20A_NUMBERS; r <= daylightv1.AccessRight_ACCESS_RIGHT_MEDICAL_FILES; r++ {
		rating := weighed(o.dice, []daylightv1.AccessRating{1, 2, 3, 4, 5}, func(a daylightv1.AccessRating) float64 {
			return []float64{0, 86, 3, 6, 2, 3}[a]
		})
		if r == daylightv1.AccessRight_ACCESS_RIGHT_A20C_ALL_PREMISES && delay > 40 {
			rating = daylightv1.AccessRating_ACCESS_RATING_DELAYED
		}
		out = append(out, &daylightv1.AccessRecord{Right: r, Rating: rating.Enum()})
	}
	return out
}

// counts are the figures of the management, the register and the team, which differ.
func (o *outing) counts(at time.Time) (counts []*daylightv1.PopulationCount, capacities []*daylightv1.Capacity) {
	p, said := o.place, o.place.present
	p.present = o.persons(p)
	sources := []daylightv1.CountSource{daylightv1.CountSource_COUNT_SOURCE_MANAGEMENT_STATEMENT, daylightv1.CountSource_COUNT_SOURCE_REGISTER, daylightv1.CountSource_COUNT_SOURCE_TEAM_COUNT}
	for i, source := range sources {
		n := p.present
		if i == 0 && o.chance(30) {
			n = max(said, 1)
		} else if i > 0 && o.chance(35) {
			n = max(n+o.between(-4, 6), 0)
		}
		if i == 2 && o.chance(40) {
			continue
		}
		c := o.count(p, at, "TOTAL", n, source)
		c.AsOf = proto.String(p.moment(at))
		counts = append(counts, c)
	}
	for _, category := range o.categories() {
		counts = append(counts, o.count(p, at, category, p.present*o.between(2, 30)/100, sources[o.IntN(2)]))
	}
	if p.capacity > 0 && o.chance(60) {
		capacities = append(capacities, &daylightv1.Capacity{
			Id: o.world.id(record.Visit, at), Kind: one(o.dice, daylightv1.CapacityKind_CAPACITY_KIND_OFFICIAL, daylightv1.CapacityKind_CAPACITY_KIND_OPERATIONAL, daylightv1.CapacityKind_CAPACITY_KIND_BEDS).Enum(),
			Persons: proto.Uint32(uint32(max(p.capacity*o.between(90, 115)/100, 1))), Source: sources[0].Enum(), AsOf: proto.String(day(at)),
		})
	}
	return counts, capacities
}

// categories that are counted in such a place. They overlap.
func (o *outing) categories() []string {
	switch o.place.group {
	case 1, 9:
		return some(o.dice, 2, "ADMINISTRATIVE", "POLICE_DETAINED", "FOREIGN", "GIRLS")
	case 2:
		return some(o.dice, 4, "PRETRIAL", "SENTENCED", "FOREIGN", "OVER_60", "DISABILITY", "SOLITARY", "DISCIPLINARY_CELL", "HUNGER_STRIKE", "STAFF_ON_DUTY")
	case 5:
		return some(o.dice, 3, "INVOLUNTARY_PATIENT", "VOLUNTARY_PATIENT", "COURT_ORDERED_TREATMENT", "LEGAL_INCAPACITY", "BEDRIDDEN", "HEALTH_STAFF")
	case 6:
		return some(o.dice, 3, "LEGAL_INCAPACITY", "LIMITED_CAPACITY", "BEDRIDDEN", "OVER_60", "DISABILITY", "STAFF_TOTAL")
	}
	return some(o.dice, 2, "FOREIGN", "STATELESS", "BOYS", "GIRLS", "STAFF_ON_DUTY")
}

func (o *outing) session(i int) {
	o.note(o.head(), o.left.Add(10*time.Minute), false, &daylightv1.Visit{Id: o.id, Sessions: []*daylightv1.VisitSession{{
		Id: o.world.id(record.Visit, o.left), EnteredAt: proto.String(o.place.moment(o.entered)), LeftAt: proto.String(o.place.moment(o.left)), Order: proto.Uint32(uint32(i + 1)),
	}}})
}

// incident is one time that the team was hindered.
func (o *outing) incident(by int, at time.Time, code string, right daylightv1.AccessRight, minutes int) {
	m := &daylightv1.ObstructionIncident{
		Id: o.world.id(record.ObstructionIncident, at), VisitId: &o.visit.id, Type: &code, Right: right.Enum(), At: proto.String(o.place.moment(at)),
		OfficialRank: proto.String(o.phrase("official.rank", o.lang, nil)), ReasonGiven: proto.String(o.phrase("obstruction.reason", o.lang, nil)),
		Account: proto.String(o.phrase("obstruction.account", o.lang, nil)), Effect: proto.String(o.phrase("obstruction.effect", o.lang, nil)), NotedBy: proto.String(o.people[by].Name),
	}
	if minutes > 0 {
		m.ResolvedAfterMinutes = proto.Uint32(uint32(minutes))
	}
	o.note(by, at, true, m)
}

// closing is the talk with the management: what can be raised without exposing anybody,
// and what it promises.
func (o *outing) closing() {
	at := o.left.Add(-30 * time.Minute)
	for i := range o.between(1, 4) {
		topic := o.topic(o.place)
		o.points = append(o.points, &daylightv1.ClosingPoint{
			Id: o.world.id(record.Visit, at), Point: proto.String(o.sentence(topic, o.lang, "t")), Reply: proto.String(o.phrase("closing.reply", o.lang, nil)), Order: proto.Uint32(uint32(i + 1)),
		})
		if o.chance(55) {
			o.promise(at, topic, o.points[i].Id)
		}
	}
	o.note(o.head(), o.left.Add(20*time.Minute), false, &daylightv1.Visit{Id: o.id, ClosingPoints: o.points})
}

// promise is what the management said it would do. Half of it is kept.
func (o *outing) promise(at time.Time, topic, point string) {
	id := o.world.id(record.Undertaking, at)
	due := o.start.AddDate(0, 0, o.between(7, 120))
	m := &daylightv1.Undertaking{
		Id: id, VisitId: &o.visit.id, Text: proto.String(o.sentence(topic, o.lang, "r")), By: proto.String(o.phrase("visit.met", o.lang, nil)),
		MadeAt: proto.String(o.place.moment(at)), Topic: &topic, ClosingPointId: &point,
	}
	if o.chance(85) {
		m.DueOn = proto.String(day(due))
	}
	o.note(o.head(), at.Add(45*time.Minute), true, m)
	if !o.chance(60) {
		return
	}
	w := o.world
	o.on(due.AddDate(0, 0, o.between(5, 60)).Add(10*time.Hour), func(at time.Time) {
		status := one(w.dice, fully, fully, partly, notImplemented, notImplemented, progressing)
		by, b := w.holder(caseOfficer), w.send(at)
		b.set(by, at, &daylightv1.Undertaking{Id: id, Assessments: []*daylightv1.Assessment{{
			Id: w.id(record.Undertaking, at), Status: status.Enum(), Basis: one(w.dice, byStatement, byDocuments).Enum(), On: proto.String(day(at)), By: proto.String(w.people[by].Name),
		}}})
		b.emit()
	})
}

// finish: the field work is complete. Now and then two people say so.
func (o *outing) finish() {
	at := o.left.Add(40 * time.Minute)
	m := &daylightv1.Visit{Id: o.id, State: complete.Enum(), Summary: proto.String(o.summary())}
	o.note(o.head(), at, false, m)
	if len(o.team) < 2 {
		return
	}
	if deputy := o.team[1]; o.chance(4) {
		o.put(Step{By: deputy, At: at.Add(3 * time.Minute), Message: &daylightv1.Visit{Id: o.id, State: complete.Enum()}, Verdict: Refused})
	}
	if o.chance(4) { // both sum it up in the bus, without a network
		o.note(o.team[1], at.Add(25*time.Minute), false, &daylightv1.Visit{Id: o.id, Summary: proto.String(o.summary())})
	}
}

func (o *outing) summary() string {
	return o.phrase("visit.summary", o.lang, map[string]string{"days": fmt.Sprint(o.days), "n": fmt.Sprint(len(o.concerns))})
}

// hand gives the visit to the office, once its head has put it together.
func (w *world) hand(at time.Time, v *visit) {
	b := w.send(at)
	b.set(v.head(), at.Add(-30*time.Minute), &daylightv1.Visit{Id: v.id, State: submitted.Enum()})
	b.emit()
	w.after(at, 5, 25, func(at time.Time) { w.step(at, w.holder(reviewer), v, underReview) })
	w.after(at, 40, 90, func(at time.Time) { w.step(at, w.holder(caseOfficer), v, closedVisit) })
}
