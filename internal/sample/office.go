package sample

import (
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// afterwards is what becomes of a visit once its team is back.
func (w *world) afterwards(at time.Time, v *visit, recommendations int) {
	w.on(at.Add(time.Duration(w.between(14, 30))*time.Hour), func(at time.Time) {
		w.step(at, v.head(), v, consolidated)
		w.after(at, 1, 8, func(at time.Time) {
			w.step(at, v.head(), v, submitted)
			w.after(at, 3, 20, func(at time.Time) { w.review(at, v, recommendations, true) })
		})
	})
	w.after(at, 7, 20, func(at time.Time) { w.verified(at, v) })
}

// review takes the visit up. One in twenty goes back to its team.
func (w *world) review(at time.Time, v *visit, recommendations int, first bool) {
	by := w.holder(reviewer)
	w.step(at, by, v, underReview)
	if first {
		w.after(at, 1, 12, func(at time.Time) { w.decide(at, by, v) })
	}
	if first && w.chance(5) {
		w.after(at, 4, 10, func(at time.Time) {
			w.step(at, by, v, consolidated)
			w.after(at, 2, 9, func(at time.Time) {
				w.step(at, v.head(), v, submitted)
				w.after(at, 2, 9, func(at time.Time) { w.review(at, v, recommendations, false) })
			})
		})
		return
	}
	w.after(at, 20, 60, func(at time.Time) { w.report(at, v, recommendations) })
}

// decide says how severe each concern is, and asks about some.
func (w *world) decide(at time.Time, by int, v *visit) {
	b := w.send(at)
	when := at.Add(-3 * time.Hour)
	for i := range v.concerns {
		c := &v.concerns[i]
		if c.kind != concernKind || c.severity == 0 || w.chance(10) {
			continue
		}
		if w.chance(15) {
			c.severity = daylightv1.FindingSeverity(clamp(int(c.severity)+one(w.dice, -1, 1), 1, 4))
		}
		when = when.Add(time.Minute)
		b.set(by, when, &daylightv1.Finding{Id: c.id, SeverityDecided: c.severity.Enum()})
		if w.chance(5) {
			w.ask(b, by, when, v, *c)
		}
	}
	if len(v.concerns) > 0 && w.chance(8) {
		w.bothEdit(b, by, when, v)
	}
	b.emit()
}

// ask comments on a finding; its author, or the head, answers some days later.
func (w *world) ask(b *sending, by int, at time.Time, v *visit, c concern) {
	id := w.id(record.ReviewComment, at)
	kind := one(w.dice, daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_QUESTION, daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REQUEST, daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REMARK)
	m := &daylightv1.ReviewComment{
		Id: id, VisitId: &v.id, AboutKind: proto.String("finding"), AboutId: &c.id, Kind: kind.Enum(), Author: proto.String(w.people[by].Name),
		Text: proto.String(w.phrase("comment.question", v.lang, nil)),
	}
	if w.chance(70) {
		m.AboutField = proto.String(one(w.dice, "narrative", "severity_proposed", "evidence_status", "sources"))
	}
	b.create(by, at, m)
	if !w.chance(75) {
		return
	}
	w.after(b.Sent, 1, 9, func(at time.Time) {
		b := w.send(at)
		b.create(c.by, at.Add(-time.Hour), &daylightv1.ReviewComment{
			Id: w.id(record.ReviewComment, at), VisitId: &v.id, AboutKind: proto.String("finding"), AboutId: &c.id, ReplyTo: &id,
			Kind: daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REMARK.Enum(), Author: proto.String(w.people[c.by].Name), Text: proto.String(w.phrase("comment.answer", v.lang, nil)),
		})
		if w.chance(30) {
			b.set(c.by, at.Add(-50*time.Minute), &daylightv1.Finding{Id: c.id, Narrative: proto.String(w.sentence(c.topic, v.lang, "n") + " " + w.phrase("finding.basis", v.lang, w.numbers()))})
		}
		b.emit()
		w.on(at.Add(26*time.Hour), func(at time.Time) {
			b := w.send(at)
			b.set(by, at, &daylightv1.ReviewComment{Id: id, Settled: proto.Bool(true)})
			b.emit()
		})
	})
}

// bothEdit: the reviewer smooths a sentence while its author, who has no network, writes
// it anew.
func (w *world) bothEdit(b *sending, by int, at time.Time, v *visit) {
	c := v.concerns[w.IntN(len(v.concerns))]
	text := func() *string {
		return proto.String(w.sentence(c.topic, v.lang, "n") + " " + w.phrase("finding.basis", v.lang, w.numbers()))
	}
	b.set(c.by, at.Add(-40*time.Minute), &daylightv1.Finding{Id: c.id, Narrative: text(), Unit: proto.String(w.unit(v.place, v.lang))})
	b.set(by, at.Add(-20*time.Minute), &daylightv1.Finding{Id: c.id, Narrative: text()})
	if !w.chance(50) {
		return
	}
	w.after(b.Sent, 2, 30, func(at time.Time) { // somebody settles it
		b := w.send(at)
		b.set(by, at, &daylightv1.Finding{Id: c.id, Narrative: text()})
		b.emit()
	})
}

// report drafts the report with its recommendations, and takes it to its end.
func (w *world) report(at time.Time, v *visit, recommendations int) {
	by := w.holder(caseOfficer)
	w.step(at, by, v, drafted)
	of := w.draft(at, by, v, recommendations)
	w.after(at, 5, 20, func(at time.Time) {
		w.step(at, by, v, commented)
		w.after(at, 15, 45, func(at time.Time) {
			w.step(at, w.chief(), v, final)
			w.approve(at, v, of)
			w.published(at, v)
		})
	})
}

// chief is who approves.
func (w *world) chief() int {
	role := one(w.dice, ombudsperson, npmHead, npmHead)
	return w.picked(func(p Person) bool { return p.Role == role })
}

// published: six reports in ten are; then the visit is followed and closed.
func (w *world) published(at time.Time, v *visit) {
	if w.chance(60) {
		chief := w.chief()
		w.after(at, 5, 40, func(at time.Time) { w.step(at, chief, v, published) })
	}
	w.after(at, 45, 70, func(at time.Time) { w.step(at, w.holder(follower), v, inFollowUp) })
	w.after(at, 400, 900, func(at time.Time) {
		w.step(at, w.holder(follower), v, closedVisit)
		if w.chance(8) {
			w.after(at, 1, 5, func(at time.Time) { w.tooLate(at, v) })
		}
	})
}

// tooLate is a tablet that lay in a drawer: its visit has ended for its team.
func (w *world) tooLate(at time.Time, v *visit) {
	topic := w.topic(v.place)
	b := w.send(at)
	late := &daylightv1.Finding{
		Id: w.id(record.Finding, at), VisitId: &v.id, Kind: concernKind.Enum(), Topic: &topic, Title: proto.String(w.sentence(topic, v.lang, "t")),
		SeverityProposed: daylightv1.FindingSeverity_FINDING_SEVERITY_MODERATE.Enum(),
	}
	b.Steps = append(b.Steps, Step{By: v.head(), At: at.Add(-time.Hour), Message: late, Creates: true, Verdict: Held})
	b.emit()
}

// ownTerms are what the office adds to the vocabulary, and a law of its own.
func (w *world) ownTerms(at time.Time) {
	b := w.send(at)
	by := w.picked(func(p Person) bool { return p.Role == npmHead })
	for i, t := range []struct{ list, code, parent, ru, en string }{
		{"PLACE_TYPE", "X_TRANSPORT_DEPOT", "COURT_TRANSPORT", "Отстойник спецтранспорта", "Vehicle holding yard"},
		{"FINDING_TOPIC", "MAT.X_DUST", "MAT", "Запылённость", "Dust and sand"},
		{"AFFECTED_GROUP", "X_SEASONAL_WORKERS", "", "Сезонные рабочие", "Seasonal workers"},
		{"OBSTRUCTION_TYPE", "X_GATE_QUEUE", "", "Очередь на проходной", "Queue at the gate"},
	} {
		m := &daylightv1.Term{
			Id: w.id(record.Term, at), List: proto.String(t.list), Code: proto.String(t.code), Number: proto.Uint32(uint32(9001 + i)),
			Labels: map[string]string{"ru": t.ru, "en": t.en}, Reviewed: []string{"ru"},
		}
		if t.parent != "" {
			m.Parent = proto.String(t.parent)
		}
		b.create(by, at, m)
	}
	for i, code := range w.Countries {
		b.create(by, at, &daylightv1.Standard{
			Id: w.id(record.Standard, at), Ref: proto.String(code + "-LAW-" + string(rune('1'+i))), Instrument: proto.String(code + "-LAW"),
			InstrumentName: proto.String("National law on the mechanism (invented)"), Provision: proto.String("art. 12"),
			Titles: map[string]string{"ru": "Срок ответа на рекомендации", "en": "Term for answering recommendations"}, Topics: []string{"COOP.RECOMMENDATIONS"},
			Binding: daylightv1.StandardBinding_STANDARD_BINDING_NATIONAL.Enum(), Checked: daylightv1.StandardCheck_STANDARD_CHECK_UNSURE.Enum(),
		})
	}
	b.emit()
}
