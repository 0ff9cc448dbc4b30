package exchange

import (
	"slices"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// writer is who saves the record from a window that was opened with the token: with what
// this device has written to it since, in other windows. An edit implies all own earlier
// ones of its path, also such as the state no longer shows because somebody else has
// replaced them.
func (d *Device) writer(id record.ID, s *fold.State, token []byte) (record.Writer, error) {
	w := record.Writer{ID: d.self.ID, Former: d.self.Former}
	opened, first := record.ClockOf(token), d.firstOwn(s)
	if first == 0 || d.self.Clock <= opened {
		return w, nil // the window saw whatever there is
	}
	for l := d.self.Link; ; {
		e, err := d.book.Find(l)
		if err != nil || e == nil || e.Time <= opened || e.Seq < first {
			return w, err
		}
		if w.Since, err = d.wrote(w.Since, *e, id); err != nil {
			return w, err
		}
		l = e.Previous
	}
}

// wrote adds what an entry sets in a record, but for paths that a later one sets. What
// the office did not take, its author was told of.
func (d *Device) wrote(since []record.Written, e Noted, id record.ID) ([]record.Written, error) {
	if e.Decision == Refused || e.Decision == Held || !slices.Contains(e.Records, id) {
		return since, nil
	}
	edits, err := editsOf(e, id)
	if err != nil {
		return nil, err
	}
	for _, x := range edits {
		if !slices.ContainsFunc(since, func(w record.Written) bool { return w.Path == x.Path }) {
			since = append(since, record.Written{Path: x.Path, Dot: e.Dot, Value: x.Value})
		}
	}
	return since, nil
}

// firstOwn is where the first of this device's entries can be that a path of the record
// still knows as its writer's last; 0 for none.
func (d *Device) firstOwn(s *fold.State) (first fold.Seq) {
	s.Dots(func(dot fold.Dot) {
		if d.self.mine(dot.Writer) && (first == 0 || dot.Seq < first) {
			first = dot.Seq
		}
	})
	return first
}
