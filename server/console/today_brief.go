package console

import (
	"time"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// inBrief stands beside all that: who is out, the devices, the year, and what one is here.
func (d *today) inBrief() (out []look.Part, err error) {
	if d.out.N > 0 {
		out = append(out, d.outToday())
	}
	if d.rights.May(access.ReadDirectory) {
		f, err := d.directory.DeviceFigures(d.ctx())
		if err != nil {
			return nil, err
		}
		out = append(out, look.Leaf{Heading: d.say("office-today.devices"), Body: []look.Part{
			look.Pairs{Small: true, Items: []look.Fact{
				{Name: d.say("office-today.synced"), Value: d.locale.Of(f.Lately, f.Active)},
				{Name: d.say("office-today.silent"), Value: d.locale.Number(f.Silent)},
				{Name: d.say("office-today.not-let-in"), Value: d.locale.Number(f.Waiting)}}},
			look.Para{Small: true, Text: look.To("/devices", d.say("office-today.see-devices"))}}})
	}
	if atDesk(d.rights, record.Visit) {
		year, err := d.thisYear()
		if err != nil {
			return nil, err
		}
		out = append(out, year)
	}
	if roles := d.roles(d.session.Person); len(roles) > 0 {
		out = append(out, look.Leaf{Heading: d.say("office-today.roles"), Body: []look.Part{look.Points{Small: true, Items: roles}}})
	}
	return out, nil
}

func (d *today) outToday() look.Part {
	var items []look.Row
	for _, id := range d.out.IDs {
		row := look.Row{Href: "/visits/" + id.String(), Text: d.at(id)}
		if v, is := d.known[id].(*daylightv1.Visit); is && !record.Restricted(v) {
			row.Under = d.say("office-today.of-people", "n", len(v.GetTeam()))
		}
		items = append(items, row)
	}
	body := []look.Part{look.Rows{Items: items}}
	if left := d.out.N - len(items); left > 0 {
		body = append(body, look.Para{Small: true, Soft: true, Text: d.say("office-today.more-out", "n", left)})
	}
	return look.Leaf{Heading: d.say("office-today.out"), Body: body}
}

// thisYear counts the visits that were made, beside the same days of the year before.
func (d *today) thisYear() (look.Part, error) {
	now := d.locale.Now.In(d.locale.Zone)
	count := func(back int) (f store.VisitFigure, err error) {
		span := store.Span{From: now.AddDate(-back, 0, 0).Format("2006") + "-01-01", To: now.AddDate(-back, 0, 0).Format(time.DateOnly)}
		all, err := d.records().Desk().VisitFigures(d.ctx(), span, 0)
		if len(all) > 0 {
			f = all[0]
		}
		return f, err
	}
	is, err := count(0)
	if err != nil {
		return nil, err
	}
	was, err := count(1)
	if err != nil {
		return nil, err
	}
	number := func(name look.Key, n int64) look.Count {
		return look.Count{Name: d.say(name), Value: d.locale.Number(int(n)), Zero: n == 0}
	}
	return look.Leaf{Heading: d.say("office-today.year"), Body: []look.Part{
		look.Counts{Items: []look.Count{number("office-today.visits", is.Visits), number("office-today.places", is.Places), number("office-today.obstructed", is.Obstructed)}},
		look.Para{Small: true, Soft: true, Text: d.say("office-today.year-before", "visits", int(was.Visits), "places", int(was.Places), "obstructed", int(was.Obstructed))}}}, nil
}
