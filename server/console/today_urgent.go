package console

import (
	"time"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// oneDay is how long there is to act on an allegation of ill-treatment, from when the office
// got it: the shortest term in the laws of the offices that this was made for.
const oneDay = 24 * time.Hour

// Of what cannot wait so many stand on the page, and so many where all are asked for.
const fewUrgent, manyUrgent = 8, 150

// shownUrgent are those of what cannot wait that the page names.
func (d *today) shownUrgent() []store.Pressing {
	most := fewUrgent
	if d.r.URL.Query().Get("urgent") == "all" {
		most = manyUrgent
	}
	return d.urgent[:min(len(d.urgent), most)]
}

func (d *today) urgencies() (out []look.Decision) {
	for _, p := range d.shownUrgent() {
		i := d.urgency(p)
		i.Urgent = true
		i.Clock, i.ClockUnder = d.clock(p)
		i.Under = joinedBy(i.Under, d.say("office-today.received", "when", d.locale.When(time.UnixMilli(p.ReceivedAt).In(d.locale.Zone))))
		out = append(out, i)
	}
	return out
}

// clock is what is left of the day that an allegation has, or how long ago all else came.
func (d *today) clock(p store.Pressing) (clock, under look.Text) {
	since := d.locale.Now.Sub(time.UnixMilli(p.ReceivedAt))
	switch {
	case !p.Allegation:
		return d.locale.Long(since), d.say("office-today.since")
	case since < oneDay:
		return d.locale.Long(oneDay - since), d.say("office-today.left")
	}
	return d.locale.Long(since - oneDay), d.say("office-today.over")
}

func (d *today) urgency(p store.Pressing) look.Decision {
	switch p.Kind {
	case record.Finding:
		return d.urgentFinding(p)
	case record.Interview:
		return d.urgentInterview(p)
	case record.ReprisalCase:
		return d.urgentCase(p)
	}
	return look.Decision{
		Tags:  []look.Tag{d.tag("ACCESS_RATING", "REFUSED")},
		Title: d.say("office-today.turned-away"), Under: d.at(p.Visit),
		Action: d.answer(p, "/visits/"+p.Visit.String(), with("/recommendations/new", "visit", p.Visit.String()), "office-today.write"),
	}
}

// answer is the button of what cannot wait: on with the draft there is, the way to act for
// whoever may, else to read it.
func (d *today) answer(p store.Pressing, read, act string, name look.Key) look.Part {
	switch {
	case !d.rights.WritesKind(record.Recommendation):
		return d.action("office-today.read", read)
	case p.Draft != (record.ID{}):
		return d.action("office-today.go-on", "/recommendations/"+p.Draft.String())
	}
	return d.action(name, act)
}

func (d *today) urgentFinding(p store.Pressing) look.Decision {
	href := "/findings/" + p.ID.String()
	i := look.Decision{Title: d.called(p.Kind, p.ID), Under: d.at(p.Visit), Action: d.answer(p, href, href, "office-today.decide-one")}
	if p.Critical {
		i.Tags = append(i.Tags, d.tag("FINDING_SEVERITY", "CRITICAL"))
	}
	f, shown := d.known[p.ID].(*daylightv1.Finding)
	if !shown || record.Restricted(f) {
		return i
	}
	if p.Allegation {
		i.Tags = append(i.Tags, d.tag("FINDING_TOPIC", f.GetTopic()))
	}
	if f.GetEvidenceStatus() != 0 {
		i.Tags = append(i.Tags, d.tag("EVIDENCE_STATUS", f.GetEvidenceStatus().String()[len("EVIDENCE_STATUS_"):]))
	}
	return i
}

// urgentInterview says nothing of who spoke.
func (d *today) urgentInterview(p store.Pressing) look.Decision {
	i := look.Decision{Under: d.at(p.Visit), Action: d.action("office-today.read", "/records/interview/"+p.ID.String())}
	if p.Imminent {
		i.Tags = append(i.Tags, d.tag("REPRISAL_RISK", "IMMINENT"))
		i.Title = d.say("office-today.speaker")
	}
	if p.Allegation {
		i.Tags = append(i.Tags, look.Tag{Icon: look.MarkAlleged, Text: d.say("office-today.alleged")})
		i.Title = d.say("office-today.untaken")
	}
	return i
}

func (d *today) urgentCase(p store.Pressing) look.Decision {
	i := look.Decision{Tags: []look.Tag{d.tag("REPRISAL_RISK", "IMMINENT")}, Title: d.say("office-today.danger"), Under: d.at(p.Visit)}
	href, name := "/records/reprisal_case/"+p.ID.String(), look.Key("office-today.read")
	if d.rights.WritesKind(record.ReprisalCase) {
		name = "office-today.name-who"
	}
	c, shown := d.known[p.ID].(*daylightv1.ReprisalCase)
	if shown && c.GetRisk() != daylightv1.ReprisalRisk_REPRISAL_RISK_IMMINENT {
		i.Tags = []look.Tag{{Kind: look.TagUrgent, Icon: look.IconAlert, Text: d.say("office-today.marked-urgent")}}
	}
	if shown && !record.Restricted(c) && c.GetResponsible() != "" {
		i.Under = joinedBy(i.Under, d.say("office-today.answers-for-it", "who", look.Typed(c.GetResponsible())))
		name = "office-today.read"
	}
	i.Action = d.action(name, href)
	return i
}
