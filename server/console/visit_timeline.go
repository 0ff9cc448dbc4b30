package console

import (
	"cmp"
	"slices"
	"time"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// happening is something that a record gives a time for.
type happening struct {
	// at is the clock on the wall of the place: the day and the hour as they were written.
	at    string
	text  look.Text
	whose look.Whose
}

// mostHappenings bounds the timeline; a visit of many days has its measurements in a table of
// their own.
const mostHappenings = 120

// timeline is what happened, hour by hour, as the records tell it. Interviews are not in it:
// their hours would tell who spoke.
func (v *visited) timeline() (look.Section, bool) {
	all := append(v.comings(), v.doings()...)
	slices.SortStableFunc(all, func(a, b happening) int { return cmp.Compare(a.at, b.at) })
	more := len(all) - mostHappenings
	all = all[:min(len(all), mostHappenings)]
	s := look.Section{ID: "timeline", Heading: v.say("office-visit.timeline")}
	var log look.Log
	day := ""
	for _, h := range all {
		local, ok := clockIn(h.at)
		if !ok {
			continue
		}
		if d := dayOfMoment(h.at); d != day {
			if len(log.Items) > 0 {
				s.Body = append(s.Body, log)
			}
			log, day = look.Log{}, d
			s.Body = append(s.Body, look.Para{Label: true, Text: v.weekday(d)})
		}
		log.Items = append(log.Items, look.Entry{Whose: h.whose, Text: look.Spaced(look.Strong(local), h.text)})
	}
	if len(log.Items) > 0 {
		s.Body = append(s.Body, log)
	}
	if more > 0 {
		s.Body = append(s.Body, look.Para{Small: true, Soft: true, Text: v.say("office-visit.first-only", "n", mostHappenings)})
	}
	return s, len(s.Body) > 0
}

// clockIn is the hour in a moment, on the wall of its place.
func clockIn(moment string) (clock look.Text, ok bool) {
	if len(moment) < len("2026-11-24T14:02") {
		return nil, false
	}
	return look.Code(moment[len("2026-11-24T"):len("2026-11-24T14:02")]), true
}

func (v *visited) weekday(day string) look.Text {
	at, err := time.ParseInLocation(time.DateOnly, day, v.locale.Zone)
	if err != nil {
		return look.Code(day)
	}
	return v.locale.Weekday(at)
}

// comings are the team's own ways in and out, and whom they asked.
func (v *visited) comings() (out []happening) {
	add := func(at string, text look.Text) {
		if at != "" {
			out = append(out, happening{at: at, text: text})
		}
	}
	add(v.GetArrivedAt(), v.saying().Field("arrived_at"))
	entered := v.GetEnteredAt()
	for _, s := range v.GetSessions() {
		if s.GetEnteredAt() != "" && s.GetEnteredAt()[:min(16, len(s.GetEnteredAt()))] == entered[:min(16, len(entered))] {
			entered = "" // it is told with the session
		}
	}
	add(entered, v.saying().Field("entered_at"))
	for _, s := range v.GetSessions() {
		add(s.GetEnteredAt(), look.Dotted(v.saying().Field("entered_at"), look.Typed(s.GetNote())))
		add(s.GetLeftAt(), v.saying().Field("left_at"))
	}
	for _, a := range v.GetAccess() {
		add(a.GetRequestedAt(), v.say("office-visit.asked", "what", v.enum(a.GetRight())))
		add(a.GetAnsweredAt(), v.say("office-visit.answered", "what", v.enum(a.GetRight()), "how", v.shortCode("ACCESS_RATING", a.GetRating(), true)))
	}
	for _, m := range v.GetMet() {
		add(m.GetAt(), v.say("office-visit.met", "who", look.Dotted(look.Typed(m.GetName()), look.Typed(m.GetOffice()))))
	}
	return out
}

// doings are what the records of the visit give a time for.
func (v *visited) doings() (out []happening) {
	add := func(at string, kind record.Kind, m record.Message, text look.Text) {
		if at != "" {
			h := happening{at: at, text: look.Spaced(look.Soft(v.saying().Kind(kind)), look.To(recordHref(kind, m.GetId()), text))}
			if kind == record.ObstructionIncident {
				h.whose = look.Offices
			}
			out = append(out, h)
		}
	}
	for _, item := range v.hanging[record.ObstructionIncident] {
		o := item.Message.(*daylightv1.ObstructionIncident)
		add(o.GetAt(), record.ObstructionIncident, o, v.code("OBSTRUCTION_TYPE", o.GetType()))
	}
	for _, item := range v.hanging[record.RegisterCheck] {
		c := item.Message.(*daylightv1.RegisterCheck)
		add(c.GetCheckedAt(), record.RegisterCheck, c, v.code("REGISTER_TYPE", c.GetRegisterType()))
	}
	for _, item := range v.hanging[record.Measurement] {
		m := item.Message.(*daylightv1.Measurement)
		add(m.GetMeasuredAt(), record.Measurement, m, v.enum(m.GetType()))
	}
	for _, item := range v.hanging[record.Finding] {
		f := item.Message.(*daylightv1.Finding)
		add(f.GetObservedAt(), record.Finding, f, v.name(f))
	}
	for _, item := range v.hanging[record.Undertaking] {
		u := item.Message.(*daylightv1.Undertaking)
		add(u.GetMadeAt(), record.Undertaking, u, v.name(u))
	}
	return out
}
