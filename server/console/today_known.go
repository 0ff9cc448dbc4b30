package console

import (
	"maps"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// know reads the records that the page names: in two readings, since where a visit went is
// known when it is.
func (d *today) know() (err error) {
	var refs []store.Ref
	visit := func(ids ...record.ID) {
		for _, id := range ids {
			refs = append(refs, store.Ref{Kind: record.Visit, ID: id})
		}
	}
	for _, p := range d.shownUrgent() {
		refs = append(refs, store.Ref{Kind: p.Kind, ID: p.ID})
		visit(p.Visit)
	}
	for _, u := range d.shownUploads() {
		visit(u.Visit)
	}
	visit(d.handedIn.IDs...)
	visit(d.out.IDs...)
	return d.learn(refs...)
}

// naming are lines that name records: which it knows.
type naming struct {
	*turn
	known map[record.ID]record.Message
}

// learn reads some records, and then the places that the visits among them went to.
func (d *naming) learn(refs ...store.Ref) (err error) {
	if d.known, err = d.peek(refs); err != nil {
		return err
	}
	refs = nil
	for _, m := range d.known {
		if v, is := m.(*daylightv1.Visit); is {
			if id, err := record.ParseID(v.GetFacilityId()); err == nil {
				refs = append(refs, store.Ref{Kind: record.Facility, ID: id})
			}
		}
	}
	places, err := d.peek(refs)
	maps.Copy(d.known, places)
	return err
}

func (t *turn) peek(refs []store.Ref) (map[record.ID]record.Message, error) {
	if len(refs) == 0 {
		return map[record.ID]record.Message{}, nil
	}
	return t.records().Desk().Peek(t.ctx(), refs...)
}

// called names a record by its own words. Of what is restricted no word stands on a page
// that was not opened for it: that leaves no line in the access log.
func (d *naming) called(kind record.Kind, id record.ID) look.Text {
	m := d.known[id]
	if m == nil || record.Restricted(m) {
		return d.say("office-today.restricted", "kind", d.saying().Kind(kind))
	}
	return d.name(m)
}

// at is where a visit went, and its code; nothing for one that is not in sight.
func (d *naming) at(visit record.ID) look.Text {
	v, is := d.known[visit].(*daylightv1.Visit)
	switch {
	case !is:
		return nil
	case record.Restricted(v):
		return d.say("office-today.restricted", "kind", d.saying().Kind(record.Visit))
	}
	place := d.placeOf(v)
	if code := v.GetCode(); code != "" {
		return joinedBy(place, look.Code(recordpage.FirstWords(code, mostOfName)))
	}
	if len(place) == 0 {
		return d.name(v)
	}
	return place
}

// placeOf names the place that a visit went to.
func (d *naming) placeOf(v *daylightv1.Visit) look.Text {
	id, err := record.ParseID(v.GetFacilityId())
	if m := d.known[id]; err == nil && m != nil {
		return d.called(record.Facility, id)
	}
	return nil
}

// joinedBy sets two sayings beside each other, of which either may be nothing.
func joinedBy(a, b look.Text) look.Text {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	return look.Dotted(a, b)
}
