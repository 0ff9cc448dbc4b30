package fieldapp

import (
	"slices"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/terms"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// earlier is what this device knows of earlier visits to a place: the dossier of the visit
// there, where one is on the device, else the visits that its person has by other ways.
func (t *turn) earlier(place string) ([]look.Part, error) {
	var visits []look.Row
	var latest string
	for item, err := range t.client.List(t.ctx(), clientsync.Filter{Facility: place, Kind: clientsync.KindVisit}) {
		if err != nil {
			return nil, err
		}
		row, err := t.visitRow(item.Message.(*daylightv1.Visit))
		if err != nil {
			return nil, err
		}
		v := item.Message.(*daylightv1.Visit)
		row.Text, row.Under = t.visitTitle(v), look.Dotted(shortened(v.GetTitle()), t.labelOf(v.GetType()))
		visits = append(visits, row)
		latest = item.ID
	}
	slices.Reverse(visits)
	body := []look.Part{look.Empty{Text: t.say("field-place.no-visits"), Under: t.say("field-place.no-visits-under")}}
	if len(visits) > 0 {
		body = []look.Part{look.Rows{Items: visits}}
	}
	out := []look.Part{look.Section{Heading: t.say("field-place.visits"), Body: body}}
	if v, ok := t.visit(); ok && v.Message.(*daylightv1.Visit).GetFacilityId() == place {
		latest = v.ID
	}
	if latest == "" {
		return out, nil
	}
	d, err := t.client.Dossier(t.ctx(), latest)
	if err != nil {
		return nil, err
	}
	return append(out, t.dossierParts(d)...), nil
}

func (t *turn) visitTitle(v *daylightv1.Visit) look.Text {
	if day := t.day(beganOn(v)); len(day) > 0 {
		return day
	}
	return t.say("field-visit.visit")
}

// dossierParts are what is open from earlier visits, and what was found again and again.
func (t *turn) dossierParts(d *clientsync.Dossier) (out []look.Part) {
	var asked, promised, found []look.Row
	for _, r := range d.Recommendations {
		row := look.Row{Text: t.textIn(r.Recommendation.GetTexts()), Words: true, Tags: t.enumTag(r.Recommendation.GetState())}
		for _, line := range r.Lines {
			if due := t.day(line.Line.GetDueOn()); len(due) > 0 {
				row.Under = t.say("field-notes.due", "day", due)
			}
		}
		asked = append(asked, t.leading(row, clientsync.KindRecommendation, r.Recommendation.GetId()))
	}
	for _, u := range d.Undertakings {
		promised = append(promised, t.leading(undertakingKind.row(t, u), clientsync.KindUndertaking, u.GetId()))
	}
	for _, f := range d.Findings {
		row := look.Row{Text: shortened(f.Finding.GetTitle()), Words: true, Tags: t.severe(f.Finding), Under: look.Dotted(t.day(f.Day), t.code(terms.FindingTopic, f.Finding.GetTopic()))}
		if len(row.Text) == 0 {
			row.Text, row.Under = t.code(terms.FindingTopic, f.Finding.GetTopic()), t.day(f.Day)
		}
		if f.Times > 1 {
			row.Under = look.Dotted(row.Under, t.say("field-place.times", "n", f.Times))
		}
		found = append(found, t.leading(row, clientsync.KindFinding, f.Finding.GetId()))
	}
	for _, s := range []struct {
		title look.Key
		rows  []look.Row
	}{{"field-place.asked-for", asked}, {"field-place.promised", promised}, {"field-place.found-before", found}} {
		if len(s.rows) > 0 {
			out = append(out, look.Section{Heading: t.say(s.title), Body: []look.Part{look.Rows{Items: s.rows}}})
		}
	}
	return out
}

// leading makes a row lead to its record, where some area has a page for it.
func (t *turn) leading(row look.Row, kind clientsync.Kind, id string) look.Row {
	if t.hasPage(kind, "") {
		row.Href = t.href(kind, id)
	}
	return row
}

// textIn is one of the language versions of a text: the reader's, else the first.
func (t *turn) textIn(all map[string]string) look.Text {
	if all[t.locale.Tag] != "" {
		return shortened(all[t.locale.Tag])
	}
	for _, tag := range sortedKeys(all) {
		return shortened(all[tag])
	}
	return t.say("field-place.recommendation")
}
