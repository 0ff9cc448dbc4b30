package report

import (
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// visited is what a row of answers says of its visit and place. What may not leave is empty.
type visited struct {
	code, day, place string
}

// placed is what a row of answers says of a place.
type placed struct {
	code, mainType string
}

// whereabouts are the visits and places of an office, as rows of answers name them: the
// texts of a row, so that a hundred thousand of them fit into memory.
type whereabouts struct {
	visits map[string]visited
	places map[string]placed
	// under are the records that are shown under another one.
	under map[string]string
}

// whereabouts reads all visits and places that are let out.
func (x *export) whereabouts() (*whereabouts, error) {
	w := &whereabouts{visits: map[string]visited{}, places: map[string]placed{}, under: map[string]string{}}
	err := x.from.Each(record.Visit, func(r Row) error {
		if m, ok := r.Message.(*daylightv1.Visit); ok && w.mayTell(x, record.Visit, r, m.GetMergedInto()) {
			w.visits[m.GetId()] = visited{m.GetCode(), dayOf(m), m.GetFacilityId()}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return w, x.from.Each(record.Facility, func(r Row) error {
		if m, ok := r.Message.(*daylightv1.Facility); ok && w.mayTell(x, record.Facility, r, m.GetMergedInto()) {
			w.places[m.GetId()] = placed{m.GetCode(), m.GetMainType()}
		}
		return nil
	})
}

// mayTell reports whether a record stands for itself and may leave; one that was joined to
// another is told by that one.
func (w *whereabouts) mayTell(x *export, k record.Kind, r Row, into string) bool {
	if r.Joined {
		w.under[r.Message.GetId()] = into
		return false
	}
	return (x.Removed || !r.Removed) && x.gate.judge(k, r) == let
}

// shown is the id of the record under which one is shown.
func (w *whereabouts) shown(id string) string {
	for range maxJoined {
		into, joined := w.under[id]
		if !joined {
			return id
		}
		id = into
	}
	return id
}

// cells are those of a visit: its id as the answer has it, then those of the record that it
// is shown under.
func (w *whereabouts) cells(visit string, l *labels) []any {
	v := w.visits[w.shown(visit)]
	id := w.shown(v.place)
	p, here := w.places[id]
	if !here {
		id = ""
	}
	return []any{text(visit), text(v.code), text(v.day), text(id), text(p.code), text(p.mainType), l.orNone("PLACE_TYPE", p.mainType)}
}

var visitColumns = []string{"visit.id", "visit.code", "visit.date", "place.id", "place.code", "place.type", "place.type_label"}

// orNone is the word for a code; nil for none.
func (l *labels) orNone(list, code string) any {
	if code == "" {
		return nil
	}
	return l.of(list, code)
}

// text is a cell; nil for an empty one.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}
