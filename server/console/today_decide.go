package console

import (
	"net/url"
	"time"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// Of each sort of decision so many stand on the page; the page behind it has all.
const fewDecisions = 3

// decisions are what waits for somebody, what waits longest for others first.
func (d *today) decisions() (out []look.Decision) {
	out = append(out, d.overdue()...)
	out = append(out, d.versions()...)
	out = append(out, d.heldChanges()...)
	out = append(out, d.unclaimed()...)
	out = append(out, d.answers()...)
	out = append(out, d.cameIn(true)...)
	return append(out, d.cameIn(false)...)
}

// few bounds one sort, and says how many more there are where all of them stand.
func (d *today) few(items []look.Decision, all int, more look.Key, href string) []look.Decision {
	if len(items) > fewDecisions {
		items = items[:fewDecisions]
	}
	if left := all - len(items); left > 0 {
		items = append(items, look.Decision{Clock: d.locale.Number(left), ClockUnder: d.say("office-today.more"), Title: d.say(more, "n", left), Action: d.action("office-today.show", href)})
	}
	return items
}

// overdue is what each authority owes, the most first.
func (d *today) overdue() (out []look.Decision) {
	all := 0
	for _, o := range d.owed {
		if o.Overdue == 0 {
			continue
		}
		if all++; all > fewDecisions {
			continue
		}
		under := d.say("office-today.ages", "month", o.Month, "year", o.Year, "day", d.day(o.Oldest))
		out = append(out, look.Decision{Attend: true, Clock: d.locale.Number(o.Overdue), ClockUnder: d.say("office-today.overdue"),
			Title: d.say("office-today.owes", "n", o.Overdue, "authority", d.authority(o)), Under: under, Action: d.action("office-today.see", authorityHref(o))})
	}
	return d.few(out, all, "office-today.more-owe", "/authorities")
}

// answers are what authorities have said and nobody has judged.
func (d *today) answers() (out []look.Decision) {
	all := 0
	for _, o := range d.owed {
		if o.Answered == 0 {
			continue
		}
		if all++; all > fewDecisions {
			continue
		}
		name := look.Key("office-today.read")
		if d.rights.WritesKind(record.Recommendation) {
			name = "office-today.assess"
		}
		out = append(out, look.Decision{Clock: d.say("office-today.of-answers", "n", o.Answered),
			Title: d.say("office-today.answered", "authority", d.authority(o)), Under: d.say("office-today.unassessed"), Action: d.action(name, authorityHref(o))})
	}
	return d.few(out, all, "office-today.more-answered", "/authorities")
}

func (d *today) authority(o store.Debt) look.Text {
	if o.Authority == "" {
		return d.say("office-today.nobody")
	}
	return d.code("RESPONSIBLE_BODY", o.Authority)
}

func authorityHref(o store.Debt) string {
	if o.Authority == "" {
		return "/authorities"
	}
	return "/authorities/" + url.PathEscape(o.Authority)
}

// versions is all that stands in two versions, as one line.
func (d *today) versions() []look.Decision {
	fields, records := 0, 0
	var kinds []look.Text
	for _, c := range d.contested {
		fields, records = fields+c.Fields, records+c.Records
		kinds = append(kinds, d.say("office-today.of-kind", "kind", d.saying().Kind(c.Kind), "n", c.Records))
	}
	if fields == 0 {
		return nil
	}
	return []look.Decision{{Clock: d.say("office-today.of-fields", "n", fields), Title: d.say("office-today.two", "n", records),
		Under: d.locale.List(kinds...), Action: d.action("office-today.compare", "/two")}}
}

func (d *today) heldChanges() []look.Decision {
	if d.held == 0 {
		return nil
	}
	return []look.Decision{{Clock: d.say("office-today.of-changes", "n", d.held), Title: d.say("office-today.held"),
		Under: d.say("office-today.held-body"), Action: d.action("office-today.read", "/held")}}
}

// unclaimed are the visits that wait for a reviewer.
func (d *today) unclaimed() (out []look.Decision) {
	for _, id := range d.handedIn.IDs[:min(len(d.handedIn.IDs), fewDecisions)] {
		out = append(out, look.Decision{Clock: d.say("office-today.of-visits", "n", 1), Title: d.say("office-today.handed-in"),
			Under: d.at(id), Action: d.action("office-today.claim", "/visits/"+id.String()+"/review")})
	}
	return d.few(out, d.handedIn.N, "office-today.more-handed-in", "/visits")
}

// late reports whether a visit's report was out when something of it came.
func late(s daylightv1.VisitState) bool {
	return s >= daylightv1.VisitState_VISIT_STATE_FINAL && s != daylightv1.VisitState_VISIT_STATE_CANCELLED
}

// shownUploads are the uploads that the page names: the last ones, late ones by themselves.
func (d *today) shownUploads() (out []store.Upload) {
	n := map[bool]int{}
	for _, u := range d.uploads {
		if is := late(u.State); n[is] < fewDecisions {
			n[is]++
			out = append(out, u)
		}
	}
	return out
}

// cameIn is what devices have brought since yesterday: late edits, or all else.
func (d *today) cameIn(lateOnes bool) (out []look.Decision) {
	title, more := look.Key("office-today.came"), look.Key("office-today.more-came")
	if lateOnes {
		title, more = "office-today.late", "office-today.more-late"
	}
	all := 0
	for _, u := range d.uploads {
		if late(u.State) == lateOnes {
			all++
		}
	}
	for _, u := range d.shownUploads() {
		if late(u.State) == lateOnes {
			at := d.locale.When(time.UnixMilli(u.LastAt).In(d.locale.Zone))
			out = append(out, look.Decision{Clock: d.say("office-today.of-records", "n", u.Records), Title: d.say(title),
				Under: joinedBy(d.at(u.Visit), d.say("office-today.last", "when", at)), Action: d.action("office-today.read", "/visits/"+u.Visit.String())})
		}
	}
	return d.few(out, all, more, "/visits")
}
