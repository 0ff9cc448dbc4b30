package scenario

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// saved is one value that somebody saved, with what became of it since.
type saved struct {
	by   string
	step int
	// acked is the step of the sync after which its author knew it to be at the
	// office; 0 for not yet.
	acked int
	// away: its author's folder was set back and no longer holds it as its own.
	away bool
	// open: it may stand in a change that the next save of the same record amends.
	open bool
	// covered: somebody who had it on screen saved over it.
	covered bool
	// refused: its author was told so. A restored office may accept it after all, below
	// what the author saved since.
	refused bool

	kind             record.Kind
	id               record.ID
	field, key, json string
}

func (s saved) String() string {
	return fmt.Sprintf("%s of %s in step %d: %s %s %s", s.by, s.kind, s.step, s.field, s.key, clip(s.json))
}

func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "..."
	}
	return s
}

// values takes a message apart, by path.
func values(m record.Message) (map[fold.Path][]byte, error) {
	m = proto.Clone(m).(record.Message)
	r := m.ProtoReflect()
	r.Clear(r.Descriptor().Fields().ByName("seen"))
	r.Clear(r.Descriptor().Fields().ByName("removed"))
	edits, _, err := record.Diff(m, fold.New(), record.Writer{}, record.Naming{}, nil)
	parts := map[fold.Path][]byte{}
	for _, e := range edits {
		if e.Field > fold.FieldRemoved {
			parts[e.Path] = e.Value
		}
	}
	return parts, err
}

// Save saves messages for an author who had before on screen, and notes it for
// the oracle. Before is the zero Seen for a new record.
func (w *World) Save(a author, before []Seen, messages ...record.Message) error {
	w.tick()
	want := make([]record.Message, len(messages))
	for i, m := range messages {
		want[i] = proto.Clone(m).(record.Message)
	}
	if err := a.save(messages...); err != nil {
		return err
	}
	var changed []record.ID
	for i, m := range want {
		id, moved, err := w.note(a.name(), before[i], m)
		if err != nil {
			return err
		}
		if moved {
			changed = append(changed, id)
		}
	}
	if len(changed) > 0 {
		w.closeChanges(a.name(), changed...)
	}
	return nil
}

// note notes what one message changed, and whether it changed anything.
func (w *World) note(by string, before Seen, m record.Message) (record.ID, bool, error) {
	k, err := record.KindOf(m)
	if err != nil {
		return record.ID{}, false, err
	}
	id, err := record.IDOf(m)
	if err != nil {
		return id, false, err
	}
	after, err := values(m)
	if err != nil {
		return id, false, err
	}
	old := map[fold.Path][]byte{}
	if before.Message != nil {
		if old, err = values(before.Message); err != nil {
			return id, false, err
		}
	}
	for p, v := range after {
		if bytes.Equal(old[p], v) {
			continue
		}
		field, key := record.PathName(k, p)
		w.cover(by, id, field, key, before.screen(k, p, old[p]))
		w.saved = append(w.saved, &saved{
			by: by, step: w.step, open: true, kind: k, id: id, field: field, key: key, json: record.FieldJSON(k, p, v),
		})
	}
	for p, v := range old {
		if _, kept := after[p]; !kept {
			field, key := record.PathName(k, p)
			w.cover(by, id, field, key, before.screen(k, p, v))
		}
	}
	return id, !maps.EqualFunc(old, after, bytes.Equal), nil
}

// screen is every value of a path that somebody had on screen.
func (s Seen) screen(k record.Kind, p fold.Path, shown []byte) []string {
	all := []string{record.FieldJSON(k, p, shown)}
	field, key := record.PathName(k, p)
	for _, c := range s.Conflicts {
		if c.Field == field && c.Key == key {
			all = append(all, c.Values...)
		}
	}
	return all
}

// cover notes that somebody saved over values that were on their screen. What
// stood in a change that was still open leaves no trace: autosaves.
func (w *World) cover(by string, id record.ID, field, key string, seen []string) {
	w.saved = slices.DeleteFunc(w.saved, func(s *saved) bool {
		if s.id != id || s.field != field || s.key != key || !slices.Contains(seen, s.json) {
			return false
		}
		s.covered = true
		return s.open && s.by == by
	})
}

// closeChanges: what an author saves from now on begins a new change, but for the
// records that the last save was of.
func (w *World) closeChanges(by string, except ...record.ID) {
	for _, s := range w.saved {
		if s.by == by && !slices.Contains(except, s.id) {
			s.open = false
		}
	}
}

// acknowledge: a sync ended well that began when the author had saved up to step.
func (w *World) acknowledge(by string, step int) error {
	for _, s := range w.saved {
		if s.by != by || s.step > step || s.acked != 0 {
			continue
		}
		s.acked = w.step
		if slices.Contains([]string{"state", "severity_decided", "visit_id", "public"}, s.field) { // GUARDED and FIXED
			_, refused, err := w.inHistory(s)
			if err != nil {
				return err
			}
			s.refused = s.refused || refused
		}
	}
	return nil
}

// lost: what an author saved after a step and the office never had is gone with
// the folder that held it, and nobody can be blamed.
func (w *World) lost(by string, after int) {
	w.saved = slices.DeleteFunc(w.saved, func(s *saved) bool {
		s.away = s.away || s.by == by && s.step > after
		return s.by == by && s.step > after && s.acked == 0
	})
}

// officeLost: the office is as it was at a step. What its own people and strangers
// wrote since is lost; devices still have theirs.
func (w *World) officeLost(after int) {
	for _, x := range w.Strangers {
		x.renew()
	}
	w.saved = slices.DeleteFunc(w.saved, func(s *saved) bool {
		if s.acked > after {
			s.acked = 0
		}
		return s.acked == 0 && s.away || s.step > after && w.Device(s.by) == nil
	})
}

// account finds every value that was saved: shown, in a conflict, in the history,
// or refused and readable. A value that nobody saved over must still be shown or
// in a conflict, unless it was refused.
func (w *World) account() error {
	for _, s := range w.saved {
		shown, err := w.isShown(s)
		if err != nil {
			return fmt.Errorf("%v: %w", s, err)
		}
		if shown {
			continue
		}
		accepted, refused, err := w.inHistory(s)
		switch {
		case err != nil:
			return fmt.Errorf("%v: %w", s, err)
		case !accepted && !refused:
			return fmt.Errorf("LOST: %v", s)
		case !refused && !s.covered && !(s.refused && w.savedSince(s)):
			return fmt.Errorf("VANISHED, though nobody who had it on screen saved over it: %v", s)
		}
	}
	return nil
}

// savedSince reports whether the author, or a copy of the author's device, saved
// there again.
func (w *World) savedSince(s *saved) bool {
	return slices.ContainsFunc(w.saved, func(x *saved) bool {
		return x.step > s.step && x.id == s.id && x.field == s.field && x.key == s.key && x.by[0] == s.by[0]
	})
}

func (w *World) isShown(s *saved) (bool, error) {
	if strings.HasPrefix(s.field, "field ") {
		return w.isKept(s)
	}
	seen, err := w.Office.read(s.kind, s.id)
	if err != nil {
		return false, err
	}
	for _, c := range seen.Conflicts {
		if c.Field == s.field && c.Key == s.key && slices.Contains(c.Values, s.json) {
			return true, nil
		}
	}
	parts, err := values(seen.Message)
	for p, v := range parts {
		if field, key := record.PathName(s.kind, p); field == s.field && key == s.key {
			return record.FieldJSON(s.kind, p, v) == s.json, err
		}
	}
	return false, err
}

// isKept looks for a value of a field that this program does not know.
func (w *World) isKept(s *saved) (bool, error) {
	state, err := w.Strangers[0].state(s.id)
	if err != nil {
		return false, err
	}
	for _, p := range state.Paths() {
		field, key := record.PathName(s.kind, p)
		for _, e := range state.Entries(p) {
			if field == s.field && key == s.key && record.FieldJSON(s.kind, p, e.Value) == s.json {
				return true, nil
			}
		}
	}
	return false, nil
}

func (w *World) inHistory(s *saved) (accepted, refused bool, err error) {
	for next := ""; ; {
		entries, more, err := w.Office.Store.History(background(), s.kind, s.id, 0, next)
		if err != nil {
			return false, false, err
		}
		for _, e := range entries {
			for _, x := range e.Edits {
				if x.Field == s.field && x.Key == s.key && x.Json == s.json {
					accepted = accepted || e.Decision == "ACCEPTED"
					refused = refused || e.Decision != "ACCEPTED"
				}
			}
		}
		if next = more; next == "" {
			return accepted, refused, nil
		}
	}
}
