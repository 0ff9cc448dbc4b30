package console

import (
	"time"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// placeMonthsAgo is the day so many months before today.
func (t *turn) placeMonthsAgo(n int) string {
	return t.locale.Now.In(t.locale.Zone).AddDate(0, -n, 0).Format(time.DateOnly)
}

// placeIDs are those of the places on a page.
func placeIDs(items []store.Item) (out []record.ID) {
	for _, i := range items {
		if id, err := record.ParseID(i.Message.GetId()); err == nil {
			out = append(out, id)
		}
	}
	return out
}

// placeTable is a page of the register, with where each place stands.
func (t *turn) placeTable(items []store.Item) ([]look.Part, error) {
	if len(items) == 0 {
		return []look.Part{look.Empty{Text: t.say("office-places.none"), Under: t.say("office-places.none-under")}}, nil
	}
	now, err := t.records().Desk().PlacesNow(t.ctx(), t.today(), placeIDs(items)...)
	if err != nil {
		return nil, err
	}
	table := look.Ledger{Stack: true, Caption: t.say("office-places.list-caption"), Head: []look.Column{{Text: t.say("field-place.place")}, {Text: t.saying().Field("region")}}}
	visits, owed := t.seesAtPlaces(record.Visit), t.seesAtPlaces(record.Recommendation)
	if visits {
		table.Head = append(table.Head, look.Column{Text: t.say("office-places.last-visit"), Whole: true})
	}
	if owed {
		table.Head = append(table.Head, look.Column{Text: t.say("office-places.open"), Right: true})
	}
	for _, i := range items {
		p := i.Message.(*daylightv1.Facility)
		line := look.Line{Href: "/places/" + p.GetId(), Cells: []look.Cell{{Text: t.name(p), Under: t.placeLine(p), Body: t.placeTags(i)}, {Text: t.placeRegion(p)}}}
		id, _ := record.ParseID(p.GetId())
		if visits {
			line.Cells = append(line.Cells, t.placeLastCell(now[id].Day, now[id].Visits))
		}
		if owed {
			line.Cells = append(line.Cells, t.placeOwedCell(now[id]))
		}
		table.Rows = append(table.Rows, line)
	}
	return []look.Part{table}, nil
}

func (t *turn) placeLastCell(day string, visits int64) look.Cell {
	if visits == 0 {
		return look.Cell{Text: t.say("office-places.never")}
	}
	return look.Cell{Text: t.placeDay(day), Under: t.say("office-places.visits-n", "n", int(visits))}
}

// placeDay is a day of a projection, YYYY-MM-DD, in short.
func (t *turn) placeDay(day string) look.Text {
	at, err := time.ParseInLocation(time.DateOnly, day, t.locale.Zone)
	if err != nil {
		return t.say("office-places.no-day")
	}
	return t.locale.ShortDay(at)
}

func (t *turn) placeOwedCell(now store.PlaceNow) look.Cell {
	c := look.Cell{Text: t.locale.Number(int(now.Open))}
	if now.Overdue > 0 {
		c.Under = t.say("office-places.overdue-n", "n", int(now.Overdue))
	}
	return c
}

// placeLine tells a place from others of its name.
func (t *turn) placeLine(p *daylightv1.Facility) look.Text {
	var parts []look.Text
	if p.GetCode() != "" {
		parts = append(parts, look.Code(p.GetCode()))
	}
	if p.GetMainType() != "" {
		parts = append(parts, t.code(vocabulary.PlaceType, p.GetMainType()))
	}
	return look.Dotted(parts...)
}

func (t *turn) placeRegion(p *daylightv1.Facility) look.Text {
	var parts []look.Text
	if p.GetRegion() != "" {
		parts = append(parts, look.Code(p.GetRegion()))
	}
	if p.GetTown() != "" {
		parts = append(parts, look.Typed(p.GetTown()))
	}
	return look.Dotted(parts...)
}

// placeTags say what state a place is in, where it is not simply in use, and that two versions
// stand.
func (t *turn) placeTags(i store.Item) (out []look.Part) {
	p := i.Message.(*daylightv1.Facility)
	if s := p.GetState(); s > daylightv1.FacilityState_FACILITY_STATE_ACTIVE {
		out = append(out, t.placeTag(vocabulary.ListOf(s.Descriptor()), s.String()))
	}
	if len(i.Status.GetConflicts()) > 0 {
		out = append(out, look.Tag{Icon: look.IconTwo, Text: t.say("office-places.two")})
	}
	return out
}

// placeTag is the tag of a code, or of an enum's value by its name.
func (t *turn) placeTag(list vocabulary.List, value string) look.Tag {
	code := vocabulary.Code(value)
	if n := len(list) + 1; len(value) > n && value[:n] == string(list)+"_" {
		code = vocabulary.Code(value[n:])
	}
	return look.TagOf(t.locale, list, code, t.terms().Label(list, code, t.locale.Tag))
}
