package record

import (
	"bytes"
	"cmp"
	"errors"
	"iter"
	"slices"

	"github.com/daylight-npm/daylight/internal/fold"
)

// Writer is who saves. All its ids count as the same person at the same device.
type Writer struct {
	ID fold.WriterID
	// Former are the ids that this device had before: it found that it was a branch
	// or an older copy. In an edit they are listed like other writers.
	Former []fold.WriterID
	// Since is what it has written to the record since the token was made: of each path
	// the last value, whether or not it still stands. Nil at the office: there, whatever
	// replaced a value comes before what is saved now, in any log that has either.
	Since []Written
}

// Written is what a writer has set a path to.
type Written struct {
	fold.Path
	fold.Dot
	Value []byte
}

func (w Writer) is(id fold.WriterID) bool { return id == w.ID || slices.Contains(w.Former, id) }

// Unanswered is an edit that the server has not answered for.
type Unanswered struct {
	// Link is its entry's link.
	Link fold.Link
	// Supersedes is the list that the edit carried on the path asked for, in the
	// present naming.
	Supersedes []fold.Superseded
	// Passing: somebody else wrote it, and it came without the server: what its writer
	// wrote before may be there and not here.
	Passing bool
}

// Pending looks up the edit that an entry of a path comes from; false when the
// server has answered for it. Nil: everything is answered.
type Pending func(fold.Dot, fold.Path) (Unanswered, bool)

// Diff gives the edits that turn what msg's token showed into msg, in the order of
// the paths. s is the record as it is now. No edits and no error: nothing was
// changed.
//
// An edit supersedes what the token showed on its path, and whatever the unanswered
// edits among that superseded, so that the refusal of one does not raise the dead.
// creates is set when the creating change is not known yet: the first edit then
// sets the id.
//
// A *StaleError says that the writer itself has changed an edited path since; a
// *Problem that msg cannot be saved as it is. Call FillIDs and Validate before.
func Diff(msg Message, s *fold.State, w Writer, names Naming, pending Pending) (edits []fold.Edit, creates bool, err error) {
	p, err := planOf(msg)
	if err != nil {
		return nil, false, err
	}
	id, err := IDOf(msg)
	if err != nil {
		return nil, false, err
	}
	parts, err := p.parts(msg.ProtoReflect())
	if err != nil {
		return nil, false, cannotEncode(msg, err)
	}
	d, err := newSaving(p, id, msg.GetSeen(), s, w, names, pending)
	if err != nil {
		return nil, false, err
	}
	creates = !s.Complete()
	edits, err = d.compare(parts, creates)
	return edits, creates, err
}

// cannotEncode says in words why a message does not encode.
func cannotEncode(msg Message, err error) error {
	var problem *Problem
	if errors.As(err, &problem) {
		return err
	}
	if err := Validate(msg); err != nil {
		return err
	}
	return &Problem{Text: "the record cannot be written", Hint: err.Error()}
}

// saving is one save: what was seen, what is there, who writes.
type saving struct {
	plan    *plan
	token   *Token // in the present naming
	state   *fold.State
	writer  Writer
	pending Pending
}

func newSaving(p *plan, id ID, seen []byte, s *fold.State, w Writer, names Naming, pending Pending) (*saving, error) {
	t := &Token{Kind: p.kind, ID: id}
	if len(seen) > 0 {
		var err error
		if t, err = ParseToken(seen); err != nil {
			return nil, fault("seen", err.Error(), "read the record again and repeat the edit")
		}
	}
	if t.Kind != p.kind || t.ID != id {
		return nil, fault("seen", "the token belongs to another record", "read this record again and repeat the edit")
	}
	for _, path := range t.Paths {
		for i, d := range path.Dots {
			path.Dots[i].Dot = names.read(d.Dot, t.Generation)
		}
	}
	if pending == nil {
		pending = func(fold.Dot, fold.Path) (Unanswered, bool) { return Unanswered{}, false }
	}
	return &saving{p, t, s, w, pending}, nil
}

// compare makes the edits of all paths whose value is not the one shown.
func (d *saving) compare(parts []part, creates bool) (edits []fold.Edit, err error) {
	for x, shown := range sideBySide(parts, d.token.Paths) {
		same := hashOf(x.value) == shown && x.path.Field != fieldID
		if same || !d.concerns(x.path, creates) {
			continue
		}
		e, err := d.edit(x.path, x.value)
		if err != nil {
			return nil, err
		}
		edits = append(edits, e)
	}
	return edits, nil
}

// sideBySide walks what the message says and what the token showed, in the order
// of the paths: of each path the value and the hash of what was in front. What is
// missing on one side is an empty value.
func sideBySide(parts []part, seen []SeenPath) iter.Seq2[part, Hash] {
	return func(yield func(part, Hash) bool) {
		for len(parts) > 0 || len(seen) > 0 {
			var x part
			shown := emptyHash
			c := compareNext(parts, seen)
			if c <= 0 {
				x, parts = parts[0], parts[1:]
			}
			if c >= 0 {
				x.path = seen[0].Path
				if len(seen[0].Dots) > 0 {
					shown = seen[0].Dots[0].Hash
				}
				seen = seen[1:]
			}
			if !yield(x, shown) {
				return
			}
		}
	}
}

func compareNext(parts []part, seen []SeenPath) int {
	switch {
	case len(parts) == 0:
		return 1
	case len(seen) == 0:
		return -1
	}
	return parts[0].path.Compare(seen[0].Path)
}

// concerns reports whether a save may touch the path: the id only when it creates
// the record, and nothing that the descriptor does not know.
func (d *saving) concerns(path fold.Path, creates bool) bool {
	if path.Field == fieldID {
		return creates
	}
	f := d.plan.field(path.Field)
	return f != nil && f.Element() == path.Element
}

// edit makes the edit of one path that was found to differ.
func (d *saving) edit(path fold.Path, value []byte) (fold.Edit, error) {
	if path.Field == fieldRemoved && len(value) > 0 {
		return fold.Edit{}, fault("removed", "saving does not remove a record", "use Remove")
	}
	if err := d.stale(path); err != nil {
		return fold.Edit{}, err
	}
	if len(value) > 0 {
		value = d.carry(path, value)
	}
	return fold.Edit{Path: path, Value: value, Supersedes: d.supersedes(path)}, nil
}

// stale refuses an edit over the writer's own value that the token did not show, also
// where somebody else has replaced that since: the edit implies it, and what replaced it
// may yet be refused, or lost with a log.
func (d *saving) stale(path fold.Path) error {
	stale := slices.ContainsFunc(d.state.Entries(path), func(e fold.Entry) bool {
		return d.writer.is(e.Writer) && !d.saw(path, e)
	}) || slices.ContainsFunc(d.writer.Since, func(x Written) bool {
		stood := len(x.Value) > 0 || !path.Element // of an element that was cleared nothing stands
		return x.Path == path && stood && !d.saw(path, fold.Entry{Dot: x.Dot, Value: x.Value})
	})
	if !stale {
		return nil
	}
	name, _ := d.plan.pathName(path)
	return &StaleError{path, name}
}

func (d *saving) saw(path fold.Path, e fold.Entry) bool {
	for _, seen := range d.token.at(path) {
		if seen.Dot == e.Dot {
			// The fold itself rewrites a removal as it learns what links stand for.
			return path.Field == fieldRemoved || seen.Hash == hashOf(d.plan.normal(path, e.Value))
		}
	}
	return false
}

// names reports whether an edit names a dot that the token showed. The present id's
// are implied. One of a former id that the record no longer knows, because it was
// taken from this device meanwhile, may have been amended after it was shown: nobody
// could tell.
func (d *saving) names(path fold.Path, dot fold.Dot) bool {
	return dot.Writer != d.writer.ID && (!d.writer.is(dot.Writer) || d.state.Knows(path, dot))
}

// supersedes lists what an edit of the path replaces, sorted, each once. What an
// unanswered edit that the token did not show has replaced is no matter of this one.
func (d *saving) supersedes(path fold.Path) (out []fold.Superseded) {
	for _, seen := range d.token.at(path) {
		if d.names(path, seen.Dot) {
			out = append(out, d.name(seen.Dot, path))
		}
	}
	for _, e := range d.state.Entries(path) {
		if u, ok := d.pending(e.Dot, path); ok && d.saw(path, e) {
			for _, x := range u.Supersedes {
				if x.ByLink() || x.Dot.Writer != d.writer.ID {
					out = append(out, x)
				}
			}
		}
	}
	slices.SortFunc(out, compareSuperseded)
	return slices.Compact(out)
}

// name names a dot: by link while the server has not answered for it.
func (d *saving) name(dot fold.Dot, path fold.Path) fold.Superseded {
	if u, ok := d.pending(dot, path); ok {
		return fold.Superseded{Link: u.Link}
	}
	return fold.Superseded{Dot: dot}
}

// compareSuperseded puts dots before links.
func compareSuperseded(a, b fold.Superseded) int {
	return cmp.Or(
		bytes.Compare(a.Link[:], b.Link[:]),
		bytes.Compare(a.Dot.Writer[:], b.Dot.Writer[:]),
		cmp.Compare(a.Dot.Seq, b.Dot.Seq),
	)
}

// Split puts each guarded field into a change of its own, to be saved after the
// rest: the server may refuse one without refusing the others. So it does with each
// consent that was taken back, which is taken when the rest comes too late. rest is
// empty when nothing else was edited.
func Split(kind Kind, edits []fold.Edit) (rest []fold.Edit, alone [][]fold.Edit) {
	for _, e := range edits {
		rule, _ := RuleOf(kind, e.Field)
		if rule == Guarded || kind == Interview && e.Field == InterviewWithdrawals {
			alone = append(alone, []fold.Edit{e})
		} else {
			rest = append(rest, e)
		}
	}
	return rest, alone
}
