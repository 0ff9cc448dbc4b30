package sample

import (
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// during is a time inside, on the present day.
func (o *outing) during() time.Time {
	inside := max(int(o.left.Sub(o.entered).Minutes()), 30)
	return o.entered.Add(time.Duration(o.between(15, inside-5)) * time.Minute)
}

// share is how many of something the present day has, of so many for the whole visit.
func (o *outing) share(i, all int) int { return all*(i+1)/o.days - all*i/o.days }

// listen is what the team does before it writes: interviews, registers, measuring, and
// being hindered.
func (o *outing) listen(i int) {
	for range o.share(i, o.findings/8+1) {
		o.interview()
	}
	for range o.share(i, o.findings/16+1) {
		o.checkRegister()
	}
	for range o.share(i, o.findings/10+1) {
		o.measure()
	}
	if i == 0 && o.chance(12) {
		kind := one(o.dice, hindrances...)
		o.incident(o.anybody(), o.during(), kind.code, kind.right, o.between(0, 90))
	}
}

type hindrance struct {
	code  string
	right daylightv1.AccessRight
}

var hindrances = []hindrance{
	{"EQUIPMENT_REFUSED", daylightv1.AccessRight_ACCESS_RIGHT_EQUIPMENT}, {"AREA_REFUSED", daylightv1.AccessRight_ACCESS_RIGHT_A20C_ALL_PREMISES},
	{"INTERVIEW_OVERHEARD", daylightv1.AccessRight_ACCESS_RIGHT_A20D_PRIVATE_DETAINEES}, {"STAFF_PRESENCE", daylightv1.AccessRight_ACCESS_RIGHT_A20D_PRIVATE_DETAINEES},
	{"REGISTER_REFUSED", daylightv1.AccessRight_ACCESS_RIGHT_A20B_TREATMENT_INFO}, {"FALSE_INFORMATION", daylightv1.AccessRight_ACCESS_RIGHT_A20A_NUMBERS},
	{"TEAM_MEMBER_EXCLUDED", daylightv1.AccessRight_ACCESS_RIGHT_A20C_ALL_PREMISES}, {"COPIES_REFUSED", daylightv1.AccessRight_ACCESS_RIGHT_COPIES},
	{"STAGED", daylightv1.AccessRight_ACCESS_RIGHT_A20B_TREATMENT_INFO}, {"COACHING", daylightv1.AccessRight_ACCESS_RIGHT_A20E_CHOICE_PERSON},
}

// interview is held somewhere, with somebody, and says neither where nor whom. A few
// take their consent back later.
func (o *outing) interview() {
	at := o.during()
	on := day(o.place.local(at))
	of := one(o.dice, "DETAINEE", "DETAINEE", "DETAINEE", "DETAINEE", "STAFF", "HEALTH_STAFF", "MANAGEMENT", "FAMILY")
	m := &daylightv1.Interview{
		Id: o.world.id(record.Interview, at), VisitId: &o.visit.id, HeldOn: &on, IntervieweeType: &of,
		Mode: proto.String(one(o.dice, "INDIVIDUAL_PRIVATE", "INDIVIDUAL_PRIVATE", "INDIVIDUAL_PRIVATE", "GROUP", "INFORMAL")),
		Privacy: proto.String(weighed(o.dice, []string{"PRIVATE", "IN_SIGHT", "IN_HEARING", "CCTV_IMAGE"}, func(s string) float64 {
			return map[string]float64{"PRIVATE": 80, "IN_SIGHT": 9, "IN_HEARING": 4, "CCTV_IMAGE": 7}[s]
		})),
		Selection: proto.String(one(o.dice, "TEAM_CHOICE", "TEAM_CHOICE", "TEAM_CHOICE", "VOLUNTEERED", "PROPOSED_BY_STAFF")),
		Language:  proto.String(one(o.dice, "ru", "ru", tongue[o.place.country.code])), Minutes: proto.Uint32(o.few(8, 70)),
		Sex: o.sex().Enum(), AgeGroup: adult.Enum(), Topics: o.topics(o.place, 2),
		ReprisalRisk: weighed(o.dice, []daylightv1.ReprisalRisk{1, 2, 3, 4}, func(r daylightv1.ReprisalRisk) float64 { return []float64{0, 20, 60, 15, 5}[r] }).Enum(),
		Consents:     o.consents(on),
	}
	if m.GetMode() == "GROUP" {
		m.Persons = proto.Uint32(o.few(3, 9))
	}
	if of == "DETAINEE" && o.place.children() {
		m.AgeGroup, m.ConsentedBy = child.Enum(), one(o.dice, daylightv1.ConsentGiver_CONSENT_GIVER_GUARDIAN, daylightv1.ConsentGiver_CONSENT_GIVER_PARENT).Enum()
	}
	if of == "DETAINEE" && o.chance(8) {
		m.Allegation = proto.Bool(true)
	}
	by := o.anybody()
	o.note(by, at.Add(30*time.Minute), true, m)
	if of == "DETAINEE" {
		o.words = append(o.words, m.Id)
	}
	if o.chance(1.5) {
		o.withdraw(m.Id, by)
	}
	if m.GetReprisalRisk() == daylightv1.ReprisalRisk_REPRISAL_RISK_HIGH && o.chance(50) {
		o.fear(at.Add(time.Hour), by)
	}
}

func (o *outing) sex() daylightv1.Sex {
	switch o.place.code {
	case "PEN_WOMEN":
		return female
	case "PEN_COLONY_GENERAL", "PEN_COLONY_STRICT", "PEN_LIFE", "PEN_CELL_PRISON":
		return male
	}
	return one(o.dice, female, male)
}

// consents: to take part and to notes nearly always; for everything else no entry is no.
func (o *outing) consents(on string) (out []*daylightv1.Consent) {
	add := func(s daylightv1.ConsentScope, percent float64) {
		state := daylightv1.ConsentState_CONSENT_STATE_GIVEN
		if !o.chance(percent) {
			state = daylightv1.ConsentState_CONSENT_STATE_REFUSED
		}
		out = append(out, &daylightv1.Consent{Scope: s, State: state.Enum(), On: &on, Language: proto.String("ru")})
	}
	add(daylightv1.ConsentScope_CONSENT_SCOPE_TAKE_PART, 100)
	add(daylightv1.ConsentScope_CONSENT_SCOPE_NOTES, 97)
	add(daylightv1.ConsentScope_CONSENT_SCOPE_USE_ANONYMOUS, 92)
	if o.chance(30) {
		add(daylightv1.ConsentScope_CONSENT_SCOPE_RAISE_WITH_MANAGEMENT, 40)
	}
	if o.chance(15) {
		add(daylightv1.ConsentScope_CONSENT_SCOPE_REFER_AUTHORITY, 50)
	}
	return out
}

// withdraw takes a consent back, weeks later.
func (o *outing) withdraw(id string, by int) {
	w, v := o.world, o.visit
	o.after(o.wrote, 3, 40, func(at time.Time) {
		b := w.send(at)
		b.set(by, at.Add(-time.Hour), &daylightv1.Interview{Id: id, Withdrawals: []*daylightv1.ConsentWithdrawal{{
			Scope: daylightv1.ConsentScope_CONSENT_SCOPE_USE_ANONYMOUS, On: proto.String(day(v.place.local(at))), ToldBy: proto.String(one(w.dice, "PERSON", "LAWYER", "FAMILY")),
		}}})
		b.emit()
	})
}

// fear opens a case of reprisals, which the focal point follows.
func (o *outing) fear(at time.Time, by int) {
	w := o.world
	id := w.id(record.ReprisalCase, at)
	on := o.wrote.AddDate(0, 0, 10)
	o.note(by, at, true, &daylightv1.ReprisalCase{
		Id: id, VisitId: &o.visit.id, Risk: daylightv1.ReprisalRisk_REPRISAL_RISK_HIGH.Enum(), State: daylightv1.ReprisalState_REPRISAL_STATE_FEARED.Enum(),
		Phase: daylightv1.ReprisalPhase_REPRISAL_PHASE_AFTER.Enum(), Types: some(w.dice, 2, "THREAT", "ISOLATION", "WORSE_CONDITIONS", "CONTACT_LOSS", "TRANSFER", "EARLY_RELEASE"),
		ReportedOn: proto.String(day(o.place.local(at))), ActionDueOn: proto.String(day(on)), Confidentiality: daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED.Enum(),
	})
	o.after(o.wrote, 1, 9, func(at time.Time) {
		by := w.holder(focalPoint)
		b := w.send(at)
		b.set(by, at, &daylightv1.ReprisalCase{Id: id, State: daylightv1.ReprisalState_REPRISAL_STATE_UNDER_FOLLOW_UP.Enum(), Responsible: proto.String(w.people[by].Name), CheckedOn: proto.String(day(at))})
		b.emit()
		w.after(at, 20, 120, func(at time.Time) {
			b := w.send(at)
			b.set(by, at, &daylightv1.ReprisalCase{
				Id: id, CheckedOn: proto.String(day(at)), Risk: daylightv1.ReprisalRisk_REPRISAL_RISK_LOW.Enum(),
				State: one(w.dice, daylightv1.ReprisalState_REPRISAL_STATE_CONFIRMED, daylightv1.ReprisalState_REPRISAL_STATE_NOT_CONFIRMED, daylightv1.ReprisalState_REPRISAL_STATE_CLOSED).Enum(),
			})
			b.emit()
		})
	})
}

// checkRegister looks into a register, at a sample.
func (o *outing) checkRegister() {
	at := o.during()
	kind := one(o.dice, registers...)
	to := o.start.AddDate(0, 0, -1)
	from := to.AddDate(0, -o.between(1, 6), 0)
	all := o.few(20, 400)
	seen := min(all, o.few(10, 80))
	whole := seen * o.few(40, 100) / 100
	by := o.anybody()
	m := &daylightv1.RegisterCheck{
		Id: o.world.id(record.RegisterCheck, at), VisitId: &o.visit.id, RegisterType: &kind.code, Title: proto.String(o.phrase("register."+kind.code, o.lang, nil)),
		Access: daylightv1.AccessRating_ACCESS_RATING_FULL.Enum(), PeriodFrom: proto.String(day(from)), PeriodTo: proto.String(day(to)),
		EntriesInPeriod: &all, EntriesSeen: &seen, EntriesComplete: &whole, Sampling: proto.String(o.phrase("register.sampling", o.lang, nil)),
		Topics: []string{kind.topic}, CheckedAt: proto.String(o.place.moment(at)), CheckedBy: proto.String(o.people[by].Name),
	}
	if whole < seen {
		gap := from.AddDate(0, 0, o.between(0, 20))
		m.Gaps = []*daylightv1.RegisterGap{{
			Id: o.world.id(record.RegisterCheck, at), From: proto.String(day(gap)), To: proto.String(day(gap.AddDate(0, 0, o.between(0, 6)))),
			What: proto.String(o.phrase("register.gap", o.lang, nil)), Entries: proto.Uint32(seen - whole), Order: proto.Uint32(1),
		}}
	}
	if o.chance(15) {
		m.Contradictions = proto.String(o.phrase("register.contradiction", o.lang, nil))
	}
	o.note(by, at.Add(20*time.Minute), true, m)
	o.checks = append(o.checks, check{m.Id, kind.topic})
}

type registerType struct{ code, topic string }

var registers = []registerType{
	{"CUSTODY", "RECORDS.CUSTODY_REGISTER"}, {"FORCE_RESTRAINT", "RECORDS.INCIDENTS"}, {"ISOLATION", "DISC.SOLITARY"}, {"INJURIES", "HEALTH.INJURY_DOC"},
	{"COMPLAINTS", "COMPL.INTERNAL"}, {"MEDICAL", "HEALTH.ADMISSION"}, {"DISCIPLINARY", "DISC.PROCEDURE"},
}

// measure takes a figure, near to what is asked for or well below it.
func (o *outing) measure() {
	at := o.during()
	k := one(o.dice, gauges...)
	by := o.anybody()
	m := &daylightv1.Measurement{
		Id: o.world.id(record.Measurement, at), VisitId: &o.visit.id, Type: k.kind.Enum(), Value: proto.Float64(o.between10(k.least, k.most)),
		Method: one(o.dice, k.methods...).Enum(), Wing: proto.String(o.unit(o.place, o.lang)), Room: proto.String(o.room(o.place, o.lang)),
		MeasuredAt: proto.String(o.place.moment(at)), Topic: &k.topic,
	}
	if k.kind == daylightv1.MeasurementType_MEASUREMENT_TYPE_LIVING_SPACE {
		persons := o.few(1, 8)
		area := m.GetValue() * float64(persons)
		m.Persons, m.AreaM2 = &persons, proto.Float64(round1(area))
		m.Value = proto.Float64(round2(round1(area) / float64(persons)))
	}
	o.note(by, at.Add(10*time.Minute), true, m)
	o.measures = append(o.measures, measure{m.Id, k.topic})
}

// gauge is a type of measurement, with what is usually found.
type gauge struct {
	kind        daylightv1.MeasurementType
	topic       string
	least, most float64
	methods     []daylightv1.MeasurementMethod
}

var (
	instrument = []daylightv1.MeasurementMethod{daylightv1.MeasurementMethod_MEASUREMENT_METHOD_MEASURED}
	told       = []daylightv1.MeasurementMethod{daylightv1.MeasurementMethod_MEASUREMENT_METHOD_STATED, daylightv1.MeasurementMethod_MEASUREMENT_METHOD_DOCUMENT}
	counted    = []daylightv1.MeasurementMethod{daylightv1.MeasurementMethod_MEASUREMENT_METHOD_COUNTED}
)

var gauges = []gauge{
	{daylightv1.MeasurementType_MEASUREMENT_TYPE_LIVING_SPACE, "MAT.SPACE", 1.8, 7.5, instrument},
	{daylightv1.MeasurementType_MEASUREMENT_TYPE_ROOM_WIDTH, "MAT.SPACE", 1.6, 4.5, instrument},
	{daylightv1.MeasurementType_MEASUREMENT_TYPE_ROOM_HEIGHT, "MAT.SPACE", 2.2, 3.4, instrument},
	{daylightv1.MeasurementType_MEASUREMENT_TYPE_TEMPERATURE, "MAT.TEMPERATURE", 11, 31, instrument},
	{daylightv1.MeasurementType_MEASUREMENT_TYPE_OPEN_AIR, "REGIME.OPEN_AIR", 20, 120, told},
	{daylightv1.MeasurementType_MEASUREMENT_TYPE_PERSONS_PER_TOILET, "MAT.SANITATION", 4, 28, counted},
	{daylightv1.MeasurementType_MEASUREMENT_TYPE_PERSONS_PER_SHOWER, "MAT.SANITATION", 6, 60, counted},
	{daylightv1.MeasurementType_MEASUREMENT_TYPE_SHOWERS_PER_WEEK, "MAT.HYGIENE", 0, 4, told},
	{daylightv1.MeasurementType_MEASUREMENT_TYPE_CALLS_PER_MONTH, "CONTACT.CALLS", 0, 12, told},
	{daylightv1.MeasurementType_MEASUREMENT_TYPE_DAYS_TO_SCREENING, "HEALTH.ADMISSION", 0, 9, told},
	{daylightv1.MeasurementType_MEASUREMENT_TYPE_STAFF_ON_SHIFT, "STAFF.NUMBERS", 1, 14, counted},
	{daylightv1.MeasurementType_MEASUREMENT_TYPE_SOLITARY_DAYS, "DISC.SOLITARY", 1, 30, told},
}

// between10 is a whole number where the bounds are far apart, else one with a tenth.
func (d dice) between10(a, b float64) float64 {
	x := a + d.Float64()*(b-a)
	if b-a >= 8 || b == 4 {
		return float64(int(x + 0.5))
	}
	return round1(x)
}

func round1(x float64) float64 { return float64(int(x*10+0.5)) / 10 }

func round2(x float64) float64 { return float64(int(x*100+0.5)) / 100 }

// write is the evening: findings, and notes of what is none yet.
func (o *outing) write(i int) {
	today := o.share(i, o.findings)
	if i == o.days-1 {
		o.verify()
	}
	for range today {
		o.finding()
	}
	for range o.share(i, o.findings/14+1) {
		o.notes()
	}
}

// notes are written on the spot; one in three on paper, and typed by somebody else days
// later.
func (o *outing) notes() {
	at := o.during()
	topic := o.topic(o.place)
	by, typist := o.anybody(), o.anybody()
	m := &daylightv1.Note{
		Id: o.world.id(record.Note, at), VisitId: &o.visit.id, Text: proto.String(o.sentence(topic, o.lang, "n") + " " + o.phrase("note.rest", o.lang, nil)), Topic: &topic,
		Wing: proto.String(o.unit(o.place, o.lang)), Room: proto.String(o.room(o.place, o.lang)), ObservedAt: proto.String(o.place.moment(at)),
		RecordedAt: proto.String(o.place.moment(at.Add(12 * time.Minute))), NotedBy: proto.String(o.people[by].Name),
		Sources: []daylightv1.EvidenceSource{one(o.dice, daylightv1.EvidenceSource_EVIDENCE_SOURCE_OBSERVATION, daylightv1.EvidenceSource_EVIDENCE_SOURCE_INTERVIEW_DETAINEE, daylightv1.EvidenceSource_EVIDENCE_SOURCE_INTERVIEW_STAFF)},
	}
	if !o.chance(33) {
		o.note(by, at.Add(12*time.Minute), true, m)
		return
	}
	w := o.world
	m.OnPaper, m.TypedBy = proto.Bool(true), proto.String(w.people[typist].Name)
	m.PaperState = one(w.dice, daylightv1.PaperState_PAPER_STATE_WITH_AUTHOR, daylightv1.PaperState_PAPER_STATE_HANDED_IN, daylightv1.PaperState_PAPER_STATE_ARCHIVED, daylightv1.PaperState_PAPER_STATE_DESTROYED).Enum()
	o.after(o.wrote, 2, 4, func(at time.Time) {
		b := w.send(at)
		b.create(typist, at.Add(-time.Hour), m)
		b.emit()
	})
}

// extras are what goes wrong between people and devices.
func (o *outing) extras() {
	if len(o.concerns) == 0 || len(o.team) < 2 {
		return
	}
	w := o.world
	c := o.concerns[o.IntN(len(o.concerns))]
	other := one(w.dice, slices.DeleteFunc(slices.Clone(o.team), func(i int) bool { return i == c.by })...)
	if o.chance(9) { // two sentences about the same thing, written on two devices
		id, topic, lang := c.id, c.topic, o.lang
		o.after(o.wrote, 1, 6, func(at time.Time) {
			b := w.send(at)
			b.set(c.by, at.Add(-3*time.Hour), &daylightv1.Finding{Id: id, Narrative: proto.String(w.sentence(topic, lang, "n") + " " + w.phrase("finding.basis", lang, w.numbers()))})
			b.set(other, at.Add(-2*time.Hour), &daylightv1.Finding{Id: id, Narrative: proto.String(w.sentence(topic, lang, "n") + " " + w.phrase("finding.basis", lang, w.numbers()))})
			b.emit()
		})
	}
	if o.chance(2) { // for the office to decide
		o.put(Step{By: c.by, At: o.left.Add(5 * time.Hour), Message: &daylightv1.Finding{Id: c.id, SeverityDecided: c.severity.Enum()}, Verdict: Refused})
	}
}
