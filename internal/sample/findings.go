package sample

import (
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The kinds and severities, shorter.
const (
	concernKind    = daylightv1.FindingKind_FINDING_KIND_CONCERN
	goodPractice   = daylightv1.FindingKind_FINDING_KIND_GOOD_PRACTICE
	progressKind   = daylightv1.FindingKind_FINDING_KIND_PROGRESS
	regression     = daylightv1.FindingKind_FINDING_KIND_REGRESSION
	neutral        = daylightv1.FindingKind_FINDING_KIND_NEUTRAL
	individualCase = daylightv1.FindingKind_FINDING_KIND_INDIVIDUAL_CASE

	critical = daylightv1.FindingSeverity_FINDING_SEVERITY_CRITICAL
)

// finding writes down one observation: what the type of place suggests, or what was
// found there before.
func (o *outing) finding() {
	topic := o.topic(o.place)
	var repeats string
	if n := len(o.place.findings); n > 0 && o.chance(18) {
		old := o.place.findings[o.IntN(n)]
		topic, repeats = old.topic, old.id
	}
	kind := o.kindOf(topic, repeats)
	m := o.observation(topic, kind)
	if repeats != "" {
		m.RepeatsId = &repeats
	}
	o.rest(m)
	by := o.anybody()
	if n := len(o.concerns); n > 0 && o.chance(1) && kind == concernKind {
		m.Contradicts = []string{o.concerns[n-1].id}
	}
	at := o.evening()
	o.note(by, at, true, m)
	if kind == concernKind || kind == individualCase {
		o.concerns = append(o.concerns, concern{m.Id, topic, m.GetSeverityProposed(), kind, by})
	}
	if kind == concernKind {
		o.place.remember(found{m.Id, topic})
	}
	o.later(by, at, m, topic)
}

// later: a few are written on the next day, and a few are taken back.
func (o *outing) later(by int, at time.Time, m *daylightv1.Finding, topic string) {
	switch id := m.Id; {
	case o.chance(6):
		o.note(by, at.Add(15*time.Minute), false, &daylightv1.Finding{Id: id, Narrative: proto.String(m.GetNarrative() + " " + o.sentence(topic, o.lang, "n"))})
	case o.chance(0.7):
		o.put(Step{By: by, At: at.Add(20 * time.Minute), Message: &daylightv1.Finding{Id: id}, Removes: true})
		o.concerns = slices.DeleteFunc(o.concerns, func(c concern) bool { return c.id == id })
		o.place.findings = slices.DeleteFunc(o.place.findings, func(f found) bool { return f.id == id })
	}
}

func (o *outing) kindOf(topic, repeats string) daylightv1.FindingKind {
	good := o.book().has(topic, o.lang, "g")
	return weighed(o.dice, []daylightv1.FindingKind{concernKind, goodPractice, progressKind, regression, neutral, individualCase}, func(k daylightv1.FindingKind) float64 {
		switch k {
		case concernKind:
			return 78
		case goodPractice, progressKind:
			if good && (k == goodPractice) == (repeats == "") {
				return 18
			}
		case regression:
			if repeats != "" {
				return 8
			}
		case neutral:
			return 4
		case individualCase:
			if personal(topic) {
				return 12
			}
		}
		return 0
	})
}

// personal topics may be about one person's case.
func personal(topic string) bool {
	return strings.HasPrefix(topic, "TREAT.") || strings.HasPrefix(topic, "HEALTH.") || topic == "SAFE.LAWYER"
}

// evening is when the team writes, after what it heard on that day.
func (o *outing) evening() time.Time {
	return o.left.Add(time.Duration(o.between(35, 200)) * time.Minute)
}

func (o *outing) observation(topic string, kind daylightv1.FindingKind) *daylightv1.Finding {
	area, _, _ := strings.Cut(topic, ".")
	at := o.during()
	title, text := "t", "n"
	if kind == goodPractice || kind == progressKind {
		title, text = "g", "g"
	}
	m := &daylightv1.Finding{
		Id: o.world.id(record.Finding, o.left), VisitId: &o.visit.id, Kind: kind.Enum(), Area: &area, Topic: &topic,
		Title: proto.String(o.sentence(topic, o.lang, title)), Standards: o.standardsOf(topic),
		ObservedAt: proto.String(o.place.moment(at)), RecordedAt: proto.String(o.place.moment(at.Add(time.Duration(o.between(5, 90)) * time.Minute))),
		VocabularyVersion: proto.Uint32(1), AffectedGroups: o.affected(),
	}
	if title == "t" {
		m.Narrative = proto.String(o.sentence(topic, o.lang, text) + " " + o.phrase("finding.basis", o.lang, o.numbers()))
	} else {
		m.Narrative = proto.String(m.GetTitle() + " " + o.phrase("finding.good", o.lang, o.numbers()))
	}
	m.Unit = proto.String(o.unit(o.place, o.lang))
	if o.chance(60) {
		m.Room = proto.String(o.room(o.place, o.lang))
	}
	return m
}

// rest says how grave it is, how well it is supported and whom it concerns.
func (o *outing) rest(m *daylightv1.Finding) {
	o.evidence(m)
	switch m.GetKind() {
	case concernKind:
		m.SeverityProposed = o.severity(m.GetTopic()).Enum()
		m.InClosingTalk = proto.Bool(o.chance(25) && m.GetEvidenceStatus() != daylightv1.EvidenceStatus_EVIDENCE_STATUS_ALLEGED)
	case individualCase:
		m.Scope = daylightv1.FindingScope_FINDING_SCOPE_ONE_PERSON.Enum()
		m.NumberAffected = &daylightv1.CountRange{Exact: proto.Uint32(1)}
		m.Confidentiality = daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED.Enum()
		return
	}
	m.Scope = one(o.dice, daylightv1.FindingScope_FINDING_SCOPE_SEVERAL, daylightv1.FindingScope_FINDING_SCOPE_UNIT, daylightv1.FindingScope_FINDING_SCOPE_UNIT, daylightv1.FindingScope_FINDING_SCOPE_WHOLE_PLACE).Enum()
	switch n := o.few(2, 40); {
	case o.chance(40):
		m.NumberAffected = &daylightv1.CountRange{Exact: &n}
	case o.chance(50):
		m.NumberAffected = &daylightv1.CountRange{AtLeast: proto.Uint32(n), AtMost: proto.Uint32(n + o.few(1, 20))}
	case o.chance(50):
		m.NumberAffected = &daylightv1.CountRange{Unknown: proto.Bool(true)}
	}
}

func (o *outing) severity(topic string) daylightv1.FindingSeverity {
	s := o.book().grave(topic) + weighed(o.dice, []int{-1, 0, 1}, func(i int) float64 { return []float64{25, 55, 20}[i+1] })
	most := 3
	if strings.HasPrefix(topic, "TREAT.") || topic == "HEALTH.ACCESS" || topic == "HEALTH.SUICIDE" {
		most = 4
	}
	return daylightv1.FindingSeverity(clamp(s, 1, most))
}

// evidence chooses how well it is supported, with the sources that this takes, and what
// it rests on.
func (o *outing) evidence(m *daylightv1.Finding) {
	status := weighed(o.dice, []daylightv1.EvidenceStatus{1, 2, 3, 4, 5}, func(s daylightv1.EvidenceStatus) float64 {
		return []float64{0, 18, 17, 33, 28, 4}[s]
	})
	m.EvidenceStatus = status.Enum()
	all := o.book().sources(m.GetTopic())
	switch status {
	case daylightv1.EvidenceStatus_EVIDENCE_STATUS_ALLEGED, daylightv1.EvidenceStatus_EVIDENCE_STATUS_CONSISTENT:
		m.Sources = []daylightv1.EvidenceSource{daylightv1.EvidenceSource_EVIDENCE_SOURCE_INTERVIEW_DETAINEE}
	case daylightv1.EvidenceStatus_EVIDENCE_STATUS_CORROBORATED:
		m.Sources = some(o.dice, o.between(2, 3), all...)
	default:
		m.Sources = some(o.dice, o.between(1, 2), all...)
	}
	o.links(m)
}

// links ties a finding to interviews, measurements and register checks on its topic.
func (o *outing) links(m *daylightv1.Finding) {
	has := func(s daylightv1.EvidenceSource) bool { return slices.Contains(m.Sources, s) }
	if n := len(o.words); n > 0 && has(daylightv1.EvidenceSource_EVIDENCE_SOURCE_INTERVIEW_DETAINEE) && o.chance(70) {
		m.InterviewIds = some(o.dice, o.between(1, 2), o.words[max(0, n-6):]...)
	}
	for _, x := range o.measures {
		if x.topic == m.GetTopic() && len(m.MeasurementIds) == 0 {
			m.MeasurementIds = []string{x.id}
			m.Sources = include(m.Sources, daylightv1.EvidenceSource_EVIDENCE_SOURCE_MEASUREMENT)
		}
	}
	for _, x := range o.checks {
		if x.topic == m.GetTopic() && len(m.RegisterCheckIds) == 0 {
			m.RegisterCheckIds = []string{x.id}
			m.Sources = include(m.Sources, daylightv1.EvidenceSource_EVIDENCE_SOURCE_REGISTER)
		}
	}
}

func include(all []daylightv1.EvidenceSource, s daylightv1.EvidenceSource) []daylightv1.EvidenceSource {
	if slices.Contains(all, s) {
		return all
	}
	return append(all, s)
}

// affected are the groups that such a place holds.
func (o *outing) affected() []string {
	if o.chance(45) {
		return []string{"ALL"}
	}
	switch o.place.group {
	case 1, 9:
		return some(o.dice, 1, "ADMIN_DETAINEES", "REMAND", "CHILDREN", "FOREIGN")
	case 2:
		return some(o.dice, o.between(1, 2), "REMAND", "SENTENCED", "LIFE_SENTENCED", "SERIOUS_ILLNESS", "FOREIGN", "LOW_HIERARCHY", "ISOLATED", "DRUG_DEPENDENT")
	case 3:
		return []string{"CHILDREN"}
	case 4:
		return some(o.dice, 1, "FOREIGN", "ASYLUM_STATELESS", "CHILDREN")
	case 5:
		return some(o.dice, o.between(1, 2), "PSYCHOSOCIAL_DISABILITY", "UNDER_GUARDIANSHIP", "BEDRIDDEN", "SERIOUS_ILLNESS", "ISOLATED")
	case 6:
		return some(o.dice, o.between(1, 2), "OLDER", "INTELLECTUAL_DISABILITY", "UNDER_GUARDIANSHIP", "BEDRIDDEN", "CHILDREN")
	}
	return []string{"MILITARY"}
}

// verify looks at what the office asked for before: a finding for each recommendation
// that is still open here.
func (o *outing) verify() {
	for _, r := range o.toVerify() {
		seen := weighed(o.dice, []daylightv1.ImplementationStatus{fully, partly, progressing, notImplemented, regressed}, func(s daylightv1.ImplementationStatus) float64 {
			return map[daylightv1.ImplementationStatus]float64{fully: 18, partly: 27, progressing: 22, notImplemented: 28, regressed: 5}[s]
		})
		o.checked(r, seen)
	}
}

// toVerify are at most half of what the visit writes at all.
func (o *outing) toVerify() []*recommendation {
	return o.place.open[:min(len(o.place.open), max(o.Findings/2, 1))]
}

func (o *outing) checked(r *recommendation, seen daylightv1.ImplementationStatus) {
	kind := concernKind
	switch seen {
	case fully:
		kind = progressKind
	case partly, progressing:
		kind = neutral
	case regressed:
		kind = regression
	}
	m := o.observation(r.topic, neutral)
	m.Kind = kind.Enum()
	m.Title = proto.String(o.phrase("check."+strings.ToLower(strings.TrimPrefix(seen.String(), "IMPLEMENTATION_STATUS_")), o.lang, map[string]string{"code": r.code}))
	m.Narrative = proto.String(m.GetTitle() + " " + o.phrase("check.how", o.lang, o.numbers()))
	m.ChecksId, m.ImplementationSeen, m.ImplementationBasis = &r.id, seen.Enum(), onTheSpot.Enum()
	if r.finding != "" {
		m.RepeatsId = &r.finding
	}
	o.rest(m)
	by := o.anybody()
	o.note(by, o.evening(), true, m)
	if kind == concernKind {
		o.concerns = append(o.concerns, concern{m.Id, r.topic, m.GetSeverityProposed(), kind, by})
	}
	r.seen = append(r.seen, sighting{o.visit, m.Id, seen})
}
