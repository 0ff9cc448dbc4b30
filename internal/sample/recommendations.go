package sample

import (
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The statuses, bases and states, shorter.
const (
	notImplemented = daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_NOT_IMPLEMENTED
	progressing    = daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_IN_PROGRESS
	partly         = daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_PARTLY
	fully          = daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_FULLY
	regressed      = daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_REGRESSED

	byStatement = daylightv1.ImplementationBasis_IMPLEMENTATION_BASIS_AUTHORITY_STATEMENT
	byDocuments = daylightv1.ImplementationBasis_IMPLEMENTATION_BASIS_DOCUMENTS
	onTheSpot   = daylightv1.ImplementationBasis_IMPLEMENTATION_BASIS_FOLLOW_UP_VISIT

	draftState      = daylightv1.RecommendationState_RECOMMENDATION_STATE_DRAFT
	inReviewState   = daylightv1.RecommendationState_RECOMMENDATION_STATE_IN_REVIEW
	approvedState   = daylightv1.RecommendationState_RECOMMENDATION_STATE_APPROVED
	issuedState     = daylightv1.RecommendationState_RECOMMENDATION_STATE_ISSUED
	receivedState   = daylightv1.RecommendationState_RECOMMENDATION_STATE_RECEIVED
	answeredState   = daylightv1.RecommendationState_RECOMMENDATION_STATE_RESPONSE_RECEIVED
	verifiedState   = daylightv1.RecommendationState_RECOMMENDATION_STATE_UNDER_VERIFICATION
	doneState       = daylightv1.RecommendationState_RECOMMENDATION_STATE_CLOSED
	supersededState = daylightv1.RecommendationState_RECOMMENDATION_STATE_SUPERSEDED
	withdrawnState  = daylightv1.RecommendationState_RECOMMENDATION_STATE_WITHDRAWN
)

// recommendation is what is remembered of one while it is open.
type recommendation struct {
	id, code string
	visit    string
	place    *place
	topic    string
	finding  string
	urgent   bool
	lines    []*daylightv1.AddresseeLine
	texts    map[string]string
	repeats  int // how often it was made before

	issued, answered, ended bool
	// seen is what a visit has seen of it and the office has not weighed yet.
	seen []sighting
	// before is the one that it repeats, which has to make room.
	before *recommendation
}

// sighting is what a follow-up visit saw.
type sighting struct {
	visit   *visit
	finding string
	status  daylightv1.ImplementationStatus
}

// draft writes the recommendations of a visit: first those that have to be repeated.
func (w *world) draft(at time.Time, by int, v *visit, n int) (out []*recommendation) {
	b := w.send(at.Add(time.Minute))
	for _, r := range v.place.open {
		if len(r.seen) > 0 || !r.issued || r.ended || len(out) >= n || !w.chance(8) {
			continue // weighed in verified; this one is repeated without having been looked at
		}
		out = append(out, w.repeat(b, by, v, r, len(out)+1))
	}
	for _, r := range v.place.open {
		if r.issued && !r.ended && r.repeats < 6 && r.lastSeen() == notImplemented && len(out) < n && w.chance(60) {
			out = append(out, w.repeat(b, by, v, r, len(out)+1))
		}
	}
	for _, c := range v.concerns {
		if len(out) >= n {
			break
		}
		if c.kind == concernKind && c.severity >= daylightv1.FindingSeverity_FINDING_SEVERITY_MODERATE || c.kind == individualCase && w.chance(50) {
			r := &recommendation{topic: c.topic, finding: c.id, urgent: c.severity == critical}
			r.texts = w.wording(c.topic)
			out = append(out, w.newRecommendation(b, by, v, r, c.kind, len(out)+1))
		}
	}
	b.emit()
	w.after(b.Sent, 2, 6, func(at time.Time) { w.each(at, by, out, inReviewState) })
	return out
}

func (r *recommendation) lastSeen() daylightv1.ImplementationStatus {
	if n := len(r.seen); n > 0 {
		return r.seen[n-1].status
	}
	return 0
}

// repeat makes the same recommendation again.
func (w *world) repeat(b *sending, by int, v *visit, old *recommendation, n int) *recommendation {
	r := &recommendation{topic: old.topic, finding: old.finding, texts: old.texts, repeats: old.repeats + 1, before: old}
	return w.newRecommendation(b, by, v, r, concernKind, n)
}

func (w *world) wording(topic string) map[string]string {
	out := map[string]string{}
	for _, lang := range []string{"ru", "uk", "en"} {
		if lang == "ru" || w.chance(50) {
			out[lang] = w.sentence(topic, lang, "r")
		}
	}
	return out
}

func (w *world) newRecommendation(b *sending, by int, v *visit, r *recommendation, kind daylightv1.FindingKind, n int) *recommendation {
	at := b.Sent.Add(-time.Duration(w.between(10, 240)) * time.Minute)
	r.id, r.code = w.id(record.Recommendation, at), fmt.Sprintf("R-%s-%02d", v.code[2:], n)
	r.visit, r.place = v.id, v.place
	r.lines = w.addressees(v.place, r.topic, at)
	m := &daylightv1.Recommendation{
		Id: r.id, VisitId: &v.id, State: draftState.Enum(), Type: w.typeOf(r, kind).Enum(), Code: &r.code, Texts: r.texts, Horizon: w.horizon(r).Enum(),
		Level: proto.String(w.level(r)), Cost: proto.String(one(w.dice, "NO_COST", "EXISTING_BUDGET", "EXISTING_BUDGET", "NEW_BUDGET")),
		Topics: []string{r.topic}, Standards: w.standardsOf(r.topic), FindingIds: []string{r.finding}, FacilityIds: []string{v.place.id}, Addressees: r.lines,
		Rationale: proto.String(w.phrase("recommendation.why", v.lang, nil)), VocabularyVersion: proto.Uint32(1),
	}
	if r.before != nil {
		m.PredecessorId = &r.before.id
	}
	m = proto.CloneOf(m) // r keeps the lines and texts
	b.create(by, at, m)
	return r
}

func (w *world) typeOf(r *recommendation, kind daylightv1.FindingKind) daylightv1.RecommendationType {
	switch {
	case kind == individualCase:
		return daylightv1.RecommendationType_RECOMMENDATION_TYPE_REFERRAL
	case r.urgent:
		return daylightv1.RecommendationType_RECOMMENDATION_TYPE_URGENT
	case w.chance(6):
		return daylightv1.RecommendationType_RECOMMENDATION_TYPE_THEMATIC
	case w.chance(3):
		return daylightv1.RecommendationType_RECOMMENDATION_TYPE_LEGISLATIVE
	}
	return daylightv1.RecommendationType_RECOMMENDATION_TYPE_VISIT
}

func (w *world) horizon(r *recommendation) daylightv1.RecommendationHorizon {
	if r.urgent {
		return daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_URGENT
	}
	return one(w.dice, daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_SHORT, daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_SHORT,
		daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_MEDIUM, daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_LONG)
}

func (w *world) level(r *recommendation) string {
	if len(r.lines) > 1 {
		return "MINISTRY"
	}
	return one(w.dice, "FACILITY", "FACILITY", "FACILITY", "REGIONAL", "MINISTRY")
}

// addressees are the place's own authority, and for some topics a second one: each with
// its own dates.
func (w *world) addressees(p *place, topic string, at time.Time) []*daylightv1.AddresseeLine {
	bodies := []string{p.body}
	if second := w.book().second(topic); second != "" && second != p.body && w.chance(45) {
		bodies = append(bodies, second)
	}
	var out []*daylightv1.AddresseeLine
	for i, body := range bodies {
		out = append(out, &daylightv1.AddresseeLine{Id: w.id(record.Recommendation, at), Authority: proto.String(body), Order: proto.Uint32(uint32(i + 1))})
	}
	return out
}

// each takes recommendations one step further, all in one batch.
func (w *world) each(at time.Time, by int, all []*recommendation, to daylightv1.RecommendationState) {
	b := w.send(at)
	for i, r := range all {
		b.set(by, at.Add(time.Duration(i-len(all))*time.Minute), &daylightv1.Recommendation{Id: r.id, State: to.Enum()})
	}
	b.emit()
}

// approve approves what the report recommends, but for what is dropped; then it is sent.
func (w *world) approve(at time.Time, v *visit, of []*recommendation) {
	keep := slices.DeleteFunc(slices.Clone(of), func(r *recommendation) bool { return w.chance(2) })
	var dropped []*recommendation
	for _, r := range of {
		if !slices.Contains(keep, r) {
			dropped = append(dropped, r)
		}
	}
	w.each(at.Add(time.Minute), w.picked(func(p Person) bool { return p.Role == npmHead }), keep, approvedState)
	w.each(at.Add(2*time.Minute), w.holder(caseOfficer), dropped, withdrawnState)
	w.after(at, 1, 6, func(at time.Time) { w.issue(at, v, keep) })
}

// issue sends them: from now on the authority has a month, or a day.
func (w *world) issue(at time.Time, v *visit, of []*recommendation) {
	b := w.send(at)
	by := w.holder(caseOfficer)
	open := daylightv1.RecommendationHorizon_RECOMMENDATION_HORIZON_MEDIUM
	for i, r := range of {
		due := at.AddDate(0, 0, 30)
		if r.urgent {
			due = at.AddDate(0, 0, 3)
		}
		for _, l := range r.lines {
			l.SentOn, l.DueOn = proto.String(day(at)), proto.String(day(due))
			l.ImplementBy = proto.String(day(due.AddDate(0, w.between(1, 3*int(open)), 0)))
		}
		m := &daylightv1.Recommendation{Id: r.id, State: issuedState.Enum(), IssuedOn: proto.String(day(at)), Addressees: r.lines, Public: proto.Bool(w.chance(60)), ReportRef: proto.String(fmt.Sprintf("%s, § %d", v.code, w.between(8, 90)))}
		b.set(by, at.Add(time.Duration(i-len(of))*time.Minute), proto.CloneOf(m))
		r.issued = true
		if len(r.place.open) < most {
			r.place.open = append(r.place.open, r)
		}
	}
	b.emit()
	w.supersede(at, of)
	w.after(at, 3, 20, func(at time.Time) { w.receive(at, v, of) })
}

// supersede ends what was repeated.
func (w *world) supersede(at time.Time, of []*recommendation) {
	b := w.send(at.Add(time.Minute))
	by := w.picked(func(p Person) bool { return p.Role == npmHead })
	for _, r := range of {
		old := r.before
		if r.before = nil; old == nil || old.ended {
			continue
		}
		old.end()
		b.set(by, b.Sent, &daylightv1.Recommendation{Id: old.id, State: supersededState.Enum(), SupersededById: &r.id})
	}
	b.emit()
}

// end: nobody asks after it any more.
func (r *recommendation) end() {
	r.ended = true
	r.place.open = slices.DeleteFunc(r.place.open, func(o *recommendation) bool { return o == r })
}

// receive notes that the letter has come, for some; and waits for the answers.
func (w *world) receive(at time.Time, v *visit, of []*recommendation) {
	b := w.send(at)
	by := w.holder(follower)
	for _, r := range of {
		if r.ended || !w.chance(70) {
			continue
		}
		for _, l := range r.lines {
			l.ReceivedOn = proto.String(day(at))
		}
		b.set(by, at, proto.CloneOf(&daylightv1.Recommendation{Id: r.id, State: receivedState.Enum(), Addressees: r.lines}))
	}
	b.emit()
	for _, body := range bodiesOf(of) {
		if w.chance(80) {
			w.after(at, 10, 110, func(at time.Time) { w.answer(at, by, v, of, body, true) })
		}
		if w.chance(30) {
			w.after(at, 120, 400, func(at time.Time) { w.answer(at, by, v, of, body, false) })
		}
	}
	w.after(at, 300, 800, func(at time.Time) { w.giveUp(at, of) })
}

func bodiesOf(of []*recommendation) (out []string) {
	for _, r := range of {
		for _, l := range r.lines {
			out = append(out, l.GetAuthority())
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// answer is a letter of one authority about all that was asked of it: general, late, or
// saying that everything is done.
func (w *world) answer(at time.Time, by int, v *visit, of []*recommendation, body string, first bool) {
	b := w.send(at)
	number := proto.String(fmt.Sprintf("%d-%d/%d", w.between(1, 40), w.between(100, 9999), at.Year()))
	for i, r := range of {
		for _, l := range r.lines {
			if r.ended || l.GetAuthority() != body || w.chance(20) {
				continue
			}
			when := at.Add(time.Duration(i-len(of)) * time.Minute)
			b.create(by, when, w.reply(when, v, r, l, number, first))
			m := &daylightv1.Recommendation{Id: r.id}
			if !r.answered {
				r.answered = true
				m.State = answeredState.Enum()
			}
			if w.chance(45) {
				m.Assessments = []*daylightv1.Assessment{w.assessment(at, by, l.Id, one(w.dice, notImplemented, progressing, progressing, partly, partly, fully), one(w.dice, byStatement, byDocuments))}
			}
			if m.State != nil || m.Assessments != nil {
				b.set(by, when.Add(10*time.Second), m)
			}
		}
	}
	b.emit()
}

func (w *world) reply(at time.Time, v *visit, r *recommendation, l *daylightv1.AddresseeLine, number *string, first bool) *daylightv1.AuthorityReply {
	weights := []float64{0, 0, 15, 30, 15, 11, 7, 15, 3, 4}
	if !first {
		weights = []float64{0, 0, 2, 8, 10, 5, 5, 60, 2, 8}
	}
	response := weighed(w.dice, []daylightv1.AuthorityResponse{2, 3, 4, 5, 6, 7, 8, 9}, func(a daylightv1.AuthorityResponse) float64 { return weights[a] })
	m := &daylightv1.AuthorityReply{
		Id: w.id(record.AuthorityReply, at), VisitId: &r.visit, RecommendationId: &r.id, LineId: &l.Id, Response: response.Enum(),
		ReceivedOn: proto.String(day(at)), Dated: proto.String(day(at.AddDate(0, 0, -w.between(2, 9)))), Reference: number,
		Text: proto.String(w.phrase("reply."+short(response), v.lang, nil)),
	}
	if response == daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_EXTENSION_REQUESTED {
		m.ExtensionUntil = proto.String(day(at.AddDate(0, w.between(2, 8), 0)))
	}
	if response == daylightv1.AuthorityResponse_AUTHORITY_RESPONSE_CLAIMED_IMPLEMENTED && w.chance(40) {
		m.Evidence = proto.String(w.phrase("reply.evidence", v.lang, nil))
	}
	return m
}

func (w *world) assessment(at time.Time, by int, line string, status daylightv1.ImplementationStatus, basis daylightv1.ImplementationBasis) *daylightv1.Assessment {
	return &daylightv1.Assessment{Id: w.id(record.Recommendation, at), LineId: &line, Status: status.Enum(), Basis: basis.Enum(), On: proto.String(day(at)), By: proto.String(w.people[by].Name)}
}

// verified weighs what a visit has seen of the recommendations made before. What was
// said to be done often is not.
func (w *world) verified(at time.Time, v *visit) {
	b := w.send(at)
	by := w.holder(follower)
	for _, r := range slices.Clone(v.place.open) {
		n := len(r.seen)
		if n == 0 || r.seen[n-1].visit != v || r.ended {
			continue
		}
		seen := r.seen[n-1]
		m := &daylightv1.Recommendation{Id: r.id, State: verifiedState.Enum()}
		if n > 1 {
			m.State = nil
		}
		for _, l := range r.lines {
			a := w.assessment(at, by, l.Id, seen.status, onTheSpot)
			a.VisitId, a.FindingId = &v.id, &seen.finding
			m.Assessments = append(m.Assessments, a)
		}
		b.set(by, at.Add(-30*time.Minute), m)
		if seen.status == fully {
			r.end()
			b.set(by, at.Add(-20*time.Minute), &daylightv1.Recommendation{Id: r.id, State: doneState.Enum(), ClosedOn: proto.String(day(at))})
		}
	}
	b.emit()
}

// giveUp closes some that nobody could look at, on what the papers say.
func (w *world) giveUp(at time.Time, of []*recommendation) {
	b := w.send(at)
	by := w.holder(follower)
	for _, r := range of {
		if r.ended || !w.chance(35) {
			continue
		}
		r.end()
		status := one(w.dice, fully, partly, daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_NOT_VERIFIABLE, daylightv1.ImplementationStatus_IMPLEMENTATION_STATUS_NO_LONGER_RELEVANT)
		b.set(by, at, &daylightv1.Recommendation{
			Id: r.id, State: doneState.Enum(), ClosedOn: proto.String(day(at)), Assessments: []*daylightv1.Assessment{w.assessment(at, by, r.lines[0].Id, status, byDocuments)},
		})
	}
	b.emit()
}
