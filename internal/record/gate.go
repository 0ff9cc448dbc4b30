package record

import (
	"slices"
	"strings"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Gated is a record that may not be used in some way, with every interview that closes it.
type Gated struct {
	Kind   Kind
	ID     string
	Closed []Closed
}

// Withheld is record.Withheld with what the visit holds: also a recommendation, an
// undertaking and a note are withheld for the findings that they are tied to, and while a
// consent is in conflict it counts as refused.
func (w *Whole) Withheld(msg Message, use Use) []Closed {
	return w.withheld(w.narrowed(), msg, use)
}

func (w *Whole) withheld(known map[string]interview, msg Message, use Use) (out []Closed) {
	if i, ok := msg.(*daylightv1.Interview); ok && known[i.GetId()] != nil {
		msg = known[i.GetId()]
	}
	out = withheld(known, msg, use)
	for _, f := range w.Findings {
		if slices.Contains(FindingsUnder(msg), f.GetId()) {
			out = append(out, withheld(known, f, use)...)
		}
	}
	slices.SortStableFunc(out, func(a, b Closed) int { return strings.Compare(a.Interview, b.Interview) })
	return slices.Compact(out)
}

// FindingsUnder are the ids of the findings whose content a record repeats, and for which
// it is withheld: those of a recommendation, an undertaking and a note.
func FindingsUnder(msg Message) []string {
	switch m := msg.(type) {
	case *daylightv1.Recommendation:
		return m.GetFindingIds()
	case *daylightv1.Undertaking:
		return m.GetFindingIds()
	case *daylightv1.Note:
		return m.GetFindingIds()
	}
	return nil
}

// narrowed are the interviews by id, with consents in conflict read as refused.
func (w *Whole) narrowed() map[string]interview {
	disputed := map[string][]string{}
	for _, c := range w.Conflicts {
		if c.Kind == Interview && c.Field == "consents" {
			disputed[c.ID] = append(disputed[c.ID], c.Key)
		}
	}
	out := interviewsByID(w.Interviews)
	for id, i := range out {
		out[id] = NarrowConsents(i, disputed[id])
	}
	return out
}

// Gate lists every record that some use is closed to, by kind and id, with the uses in
// their order. Pages and exports ask Withheld for each record that they are about to
// show; this is the whole at one look.
func (w *Whole) Gate() (out []Gated) {
	known := w.narrowed()
	for _, m := range w.records() {
		g := Gated{Kind: kindIn(m), ID: m.GetId()}
		for _, use := range Uses() {
			g.Closed = append(g.Closed, w.withheld(known, m, use)...)
		}
		if len(g.Closed) > 0 {
			out = append(out, g)
		}
	}
	return out
}
