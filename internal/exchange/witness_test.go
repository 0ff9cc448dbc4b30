package exchange

import (
	"bytes"
	"maps"
	"slices"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
)

// witness remembers, for every save, what its author had on screen. From that it
// says which values may be gone.
type witness struct {
	saves map[fold.Link]*save
	// dots are the names that the office gave.
	dots map[fold.Dot]fold.Link
}

func newWitness() witness {
	return witness{map[fold.Link]*save{}, map[fold.Dot]fold.Link{}}
}

// spot is one path of one record.
type spot struct {
	id   record.ID
	path fold.Path
}

// save is one entry: what it set and what its author saw.
type save struct {
	by     string
	link   fold.Link
	edits  map[spot][]byte
	saw    screen
	amends *save // the version of the open change before; never shown to anyone
	// refused to these: the author, and copies of the phone, which were told that the
	// office did not take it. A restored office may take it after all; then what they
	// saved since stands over it.
	refused map[string]bool
}

// screen is what a form showed: all values of every path.
type screen map[spot][]*save

// look says whose values a phone shows.
func (p *phone) look(id record.ID, s *fold.State) screen {
	on := screen{}
	for _, path := range s.Paths() {
		at := spot{id, path}
		for _, e := range s.Entries(path) {
			on[at] = append(on[at], p.author(at, e))
		}
	}
	return on
}

// cleared says which clearings of elements a phone shows, by what is not there: whoever
// removes the record has seen what they took away go.
func (p *phone) cleared(id record.ID, s *fold.State) screen {
	gone := screen{}
	add := func(d fold.Dot, l fold.Link) {
		z := p.saves[l]
		if z == nil {
			return
		}
		for at, v := range z.edits {
			if at.id == id && at.path.Element && len(v) == 0 && s.Knows(at.path, d) && !slices.Contains(gone[at], z) {
				gone[at] = append(gone[at], z)
			}
		}
	}
	for d, l := range p.dots {
		add(d, l)
	}
	for _, e := range p.book.entries {
		add(e.Dot, e.Link)
	}
	return gone
}

// author finds the save that a value comes from. There is always one, and it wrote
// exactly these bytes.
func (p *phone) author(at spot, e fold.Entry) *save {
	var links []fold.Link
	for _, n := range p.book.entries {
		if n.Dot == e.Dot {
			links = append(links, n.Link)
		}
	}
	for _, l := range append(links, p.dots[e.Dot]) {
		if s := p.saves[l]; s != nil {
			if v, ok := s.edits[at]; ok && (bytes.Equal(v, e.Value) || at.path.Field == fold.FieldRemoved) {
				return s
			}
		}
	}
	p.fail("phone %s shows %q at %v, which nobody wrote", p.name, e.Value, at.path)
	return nil
}

// testify takes note of the entries that a phone has written or amended.
func (p *phone) testify(before *book, on screen) {
	for i, e := range p.book.entries {
		if e.Number == 0 || e.Peer != nil {
			continue
		}
		var old *save
		if i < len(before.entries) {
			if before.entries[i].Link == e.Link {
				continue
			}
			old = p.saves[before.entries[i].Link]
		}
		c, err := journal.DecodeChange(e.Payload)
		p.must(err)
		s := &save{by: p.name, link: e.Link, edits: map[spot][]byte{}, saw: maps.Clone(on), amends: old, refused: map[string]bool{}}
		for _, r := range c.Records {
			for _, x := range r.Edits {
				s.edits[spot{r.ID, x.Path}] = x.Value
			}
		}
		if old != nil {
			for at := range old.edits {
				s.saw[at] = append(slices.Clone(s.saw[at]), old.saw[at]...)
			}
		}
		for at := range s.edits {
			if cleared := p.clearedBefore(at, p.book.entries[:i], len(on[at]) == 0); cleared != nil {
				s.saw[at] = append(slices.Clone(s.saw[at]), cleared)
			}
		}
		for at := range s.edits {
			if at.path.Field == fold.FieldRemoved {
				p.remembers(s, at.id, p.book.entries[:i])
			}
		}
		p.saves[e.Link] = s
	}
}

// remembers adds, to what the author of a removal has seen of a record, what they
// themselves had cleared before: no screen shows it any more.
func (p *phone) remembers(s *save, id record.ID, entries []Noted) {
	for _, e := range entries {
		z := p.saves[e.Link]
		if z == nil || e.Peer != nil {
			continue
		}
		for at, v := range z.edits {
			if at.id == id && at.path.Element && len(v) == 0 {
				s.saw[at] = append(slices.Clone(s.saw[at]), z)
			}
		}
	}
}

// clearedBefore is the phone's last save at that spot, if it cleared an element: no
// screen shows that, but its author knows. Where nothing is on the screen, somebody else
// has cleared what it set: that its own value went is known too, also where the office
// no longer has, or does not take, whatever took it.
func (p *phone) clearedBefore(at spot, entries []Noted, gone bool) *save {
	for _, e := range slices.Backward(entries) {
		if s := p.saves[e.Link]; s != nil && e.Peer == nil {
			if v, ok := s.edits[at]; ok {
				if at.path.Element && (len(v) == 0 || gone) {
					return s
				}
				return nil
			}
		}
	}
	return nil
}

// over reports whether s was saved by somebody who had x on screen at that spot,
// or had on screen what replaced it.
func (s *save) over(at spot, x *save) bool {
	return s.overOnce(at, x, map[*save]bool{})
}

func (s *save) overOnce(at spot, x *save, been map[*save]bool) bool {
	if been[s] {
		return false
	}
	been[s] = true
	for _, y := range s.saw[at] {
		if y.shows(at, x) || y.overOnce(at, x, been) {
			return true
		}
	}
	return false
}

// mayCover reports whether s may stand over what x wrote there: its author had that
// on screen, or it was their own and the office had refused it.
func (s *save) mayCover(at spot, x *save) bool { return s.over(at, x) || x.refused[s.by] }

// shows reports whether whoever saw y there saw what x wrote: x is y, or y amended
// elsewhere.
func (y *save) shows(at spot, x *save) bool {
	for z := x; z != nil; z = z.amends {
		if z == y {
			return bytes.Equal(x.edits[at], y.edits[at])
		}
	}
	return false
}

// mayBeGone reports whether an entry that the office accepted was saved over it, as
// that log says.
func (w *world) mayBeGone(at spot, x *save, log []Logged) bool {
	for _, e := range log {
		_, admitted, _ := admission(w.ledger, e.Link, e.Known)
		if s := w.saves[e.Link]; (admitted || e.Decision == Accepted) && s != nil && s != x {
			if _, edits := s.edits[at]; edits && s.mayCover(at, x) {
				return true
			}
		}
	}
	return false
}

// hearRefusals notes what the phone knows to be refused.
func (p *phone) hearRefusals() {
	for _, e := range p.book.entries {
		if s := p.saves[e.Link]; s != nil && e.Peer == nil && (e.Decision == Refused || e.Decision == Held) {
			s.refused[p.name] = true
		}
	}
}

// checkTaken holds what every answer must keep: nothing of a phone's own that is
// pending flickers away, and at the end of a sync it shows what the office has.
func (p *phone) checkTaken(before *book, turn *turn, t Taken) {
	p.hearRefusals()
	for _, e := range p.book.entries {
		s := p.saves[e.Link]
		if s == nil || e.Number == 0 || e.Peer != nil && (e.Peer.Hidden || len(e.Payload) == 0) || e.Decision == Refused || e.Decision == Held || e.Number > uint64(len(before.entries)) {
			continue
		}
		for at, value := range s.edits {
			if p.blind(at.id) || turn.hidden[at.id] || p.heldNow(before, at.id) {
				continue
			}
			was, _ := fold.Decode(before.views[at.id].State)
			old := before.entries[e.Number-1]
			if old.Decision == 0 && has(was, at.path, old.Dot, value) && !has(p.state(at.id), at.path, e.Dot, value) &&
				!has(p.state(at.id), at.path, Ruled{Link: e.Link}.Admitted(), value) && !p.mayBeGone(at, s, turn.log) {
				p.fail("phone %s: what it wrote at %v of %s flickers away while pending", p.name, at.path, at.id)
			}
		}
	}
	if !t.More && t.Fault == 0 {
		p.same(turn.truth)
	}
}

// heldNow reports whether the answer held an entry that edits the record beside
// another: until the page brings it, the phone takes both away.
func (p *phone) heldNow(before *book, id record.ID) bool {
	return slices.ContainsFunc(p.book.entries, func(e Noted) bool {
		if e.Number == 0 {
			return false
		}
		was := before.entries[e.Number-1].Decision
		k, _, _ := p.ledger.Find(e.Link)
		_, admitted, _ := admission(p.ledger, e.Link, k)
		return (e.Decision == Held && was != Held || admitted && e.Decision == Accepted && was == 0) && slices.Contains(e.Records, id)
	})
}

// blind reports whether the phone's person may not see the record.
func (p *phone) blind(id record.ID) bool {
	if p.sight == nil {
		return false
	}
	r, ok := p.ledger.records[id]
	if !ok {
		r.ID = id
	}
	sees, err := p.sight.Sees(r)
	p.must(err)
	return !sees
}

func has(s *fold.State, path fold.Path, d fold.Dot, value []byte) bool {
	return slices.ContainsFunc(s.Entries(path), func(e fold.Entry) bool {
		return e.Dot == d && (bytes.Equal(e.Value, value) || path.Field == fold.FieldRemoved)
	})
}

// checkRest holds what must be when everybody has synced.
func (w *world) checkRest() {
	w.t.Helper()
	w.checkLog()
	for _, p := range w.phones {
		stranded := w.stranded(p)
		if len(stranded) > 0 {
			// They stay in sight, over what the office has.
			truth := map[record.ID][]byte{}
			w.must(Ask{Sight: p.sight}.seen(w.ledger)(func(id record.ID, state []byte) error {
				truth[id] = state
				return nil
			}))
			p.same(truth)
		} else {
			truth, err := DigestOf(Ask{Sight: p.sight}.seen(w.ledger))
			w.must(err)
			mine, err := DigestOf(p.book.States)
			w.must(err)
			if !bytes.Equal(mine.Sum, truth.Sum) || mine.Records != truth.Records {
				w.fail("phone %s holds other records than the office", p.name)
			}
		}
		w.checkBook(p, stranded)
	}
	w.checkKept()
	w.checkRemovals()
}

// checkLog: positions without gaps, each entry once, and the states are the fold
// of all accepted entries.
func (w *world) checkLog() {
	w.t.Helper()
	seen := map[fold.Link]bool{}
	replayed := map[record.ID]*fold.State{}
	for i := range w.ledger.log {
		e := w.ledger.log[len(w.ledger.log)-1-i] // backwards: the order must not matter
		if seen[e.Link] || e.Position != Position(len(w.ledger.log)-i) {
			w.fail("the log has an entry twice or a gap at %d", e.Position)
		}
		seen[e.Link] = true
		if e.Decision == Accepted {
			w.replay(e, replayed)
		}
	}
	for id, r := range w.ledger.records {
		var want []byte
		if s := replayed[id]; s != nil {
			want = s.Encode()
		}
		if !bytes.Equal(r.State, want) {
			w.fail("the state of %s is not the fold of the log:\n%x\n%x", id, r.State, want)
		}
		if _, err := fold.Decode(r.State); err != nil {
			w.fail("the state of %s: %v", id, err)
		}
	}
}

func (w *world) replay(e Logged, into map[record.ID]*fold.State) {
	c, err := journal.DecodeChange(e.Payload)
	w.must(err)
	at := fold.Stamp{Dot: e.Dot, Link: e.Link, Time: c.Time, Suspect: e.Suspect}
	for of := w.ledger.writers[e.Writer]; of.Branch && of.Parent.Seq > 0; of = w.ledger.writers[of.Parent.Writer] {
		at.Ancestors = append(at.Ancestors, of.Parent)
	}
	at.Resolve = func(l fold.Link) (fold.Dot, bool) {
		k, ok, _ := w.ledger.Find(l)
		if r, admitted, _ := admission(w.ledger, l, k); admitted && r.Position < e.Position {
			return r.Admitted(), true
		}
		return k.Dot, ok
	}
	if c.Ruling != nil {
		if c.Ruling.Kind != journal.Admit {
			return
		}
		held, err := WithheldBy(w.ledger, c.Ruling.Link)
		w.must(err)
		of := fold.Stamp{Dot: Ruled{Link: held.Link}.Admitted(), Link: held.Link, Time: held.Time, Suspect: held.Suspect, Resolve: at.Resolve}
		of.Ancestors = []fold.Dot{{Writer: held.Writer, Seq: held.Seq - 1}}
		for up := w.ledger.writers[held.Writer]; up.Branch && up.Parent.Seq > 0; up = w.ledger.writers[up.Parent.Writer] {
			of.Ancestors = append(of.Ancestors, up.Parent)
		}
		at, c = of, held.Change
	}
	for _, r := range c.Records {
		if into[r.ID] == nil {
			into[r.ID] = fold.New()
		}
		into[r.ID].Apply(at, r.Edits)
	}
}

// stranded gives the entries of others on a phone that follow one which nobody has any
// more: the office was restored to before it, and so was whoever wrote it. The office
// takes no chain with a hole, and they wait, shown, for whoever may yet bring it.
func (w *world) stranded(p *phone) map[fold.Link]bool {
	out := map[fold.Link]bool{}
	for more := true; more; {
		more = false
		for e := range p.book.all {
			if e.Peer == nil || e.Decision != 0 || e.Seq == 1 || out[e.Link] {
				continue
			}
			if out[e.Previous] || !w.anybodyHas(e.Previous) {
				out[e.Link], more = true, true
			}
		}
	}
	return out
}

func (w *world) anybodyHas(l fold.Link) bool {
	if _, ok, _ := w.ledger.Find(l); ok {
		return true
	}
	return slices.ContainsFunc(w.phones, func(p *phone) bool {
		e, err := p.book.Find(l)
		w.must(err)
		return e != nil
	})
}

// checkBook: every entry of a phone is in the office's log, under the same name
// and with the same answer; but for what is stranded.
func (w *world) checkBook(p *phone, stranded map[fold.Link]bool) {
	w.t.Helper()
	for e := range p.book.all {
		k, ok, _ := w.ledger.Find(e.Link)
		if e.Peer != nil {
			if e.Decision == 0 && len(e.Payload) > 0 && !stranded[e.Link] {
				w.fail("phone %s: entry %d of somebody else waits for an answer", p.name, e.Number)
			}
			continue
		}
		if !ok {
			w.fail("phone %s: entry %d is not in the office's log", p.name, e.Number)
		}
		if _, admitted, _ := admission(w.ledger, e.Link, k); admitted {
			k.Decision, k.Reason = Accepted, NoReason
		}
		if k.Dot != e.Dot || k.Decision != e.Decision || k.Reason != e.Reason || k.Suspect != e.Suspect {
			w.fail("phone %s: entry %d is %v %v %v %v here and %v %v %v %v at the office", p.name, e.Number,
				e.Dot, e.Decision, e.Reason, e.Suspect, k.Dot, k.Decision, k.Reason, k.Suspect)
		}
	}
}

// checkKept: a value is there byte for byte, or somebody who had it on screen saved
// over it.
func (w *world) checkKept() {
	w.t.Helper()
	for _, e := range w.ledger.log {
		s := w.saves[e.Link]
		if _, admitted, _ := admission(w.ledger, e.Link, e.Known); admitted {
			e.Dot, e.Decision = Ruled{Link: e.Link}.Admitted(), Accepted
		}
		if s == nil || e.Decision != Accepted {
			continue
		}
		for at, value := range s.edits {
			if at.path.Element && len(value) == 0 {
				continue
			}
			state, err := fold.Decode(w.ledger.records[at.id].State)
			w.must(err)
			if !has(state, at.path, e.Dot, value) && !w.mayBeGone(at, s, w.ledger.log) {
				w.fail("%q of phone %s (entry %d at the office) at %v is gone, though nobody who saw it saved over it",
					value, s.by, e.Position, at.path)
			}
		}
	}
}

// checkRemovals: whatever a removal covers was on the remover's screen, or is the
// remover's own.
func (w *world) checkRemovals() {
	w.t.Helper()
	for id, r := range w.ledger.records {
		state, err := fold.Decode(r.State)
		w.must(err)
		if !state.Removed() {
			continue
		}
		for _, path := range state.Paths() {
			for _, e := range state.Entries(path) {
				if path.Field != fold.FieldRemoved && !w.removedOnScreen(state, spot{id, path}, w.saves[w.dots[e.Dot]]) {
					w.fail("%q at %v was removed by somebody who had not seen it", e.Value, path)
				}
			}
		}
	}
}

func (w *world) removedOnScreen(state *fold.State, at spot, x *save) bool {
	return slices.ContainsFunc(state.Entries(fold.Path{Field: fold.FieldRemoved}), func(e fold.Entry) bool {
		return w.saves[w.dots[e.Dot]].mayRemove(at, x)
	})
}

// mayRemove reports whether s may remove what x wrote there: it may cover that, or its
// author had a removal on screen that may, and removed over it.
func (s *save) mayRemove(at spot, x *save) bool {
	removed := spot{at.id, fold.Path{Field: fold.FieldRemoved}}
	return s.mayCover(at, x) || slices.ContainsFunc(s.saw[removed], func(y *save) bool {
		return len(y.edits[removed]) > 0 && y.mayRemove(at, x)
	})
}
