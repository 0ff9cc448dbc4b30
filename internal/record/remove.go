package record

import (
	"fmt"

	"github.com/daylight-npm/daylight/internal/fold"
)

// Remove gives the edit that removes what the token showed, all of it. What the
// token did not show keeps the record visible, as a conflict. Removing is undone
// by saving the message without its field removed.
//
// The errors are those of Diff; a record that was never read is not removed.
func Remove(kind Kind, id ID, token []byte, s *fold.State, w Writer, names Naming, pending Pending) ([]fold.Edit, error) {
	d, err := openSaving(kind, id, token, s, w, names, pending)
	if err != nil {
		return nil, err
	}
	path := fold.Path{Field: fieldRemoved}
	// The remover's own dots are implied, so one that was written in another window
	// would be removed unseen.
	paths := append(s.Paths(), path)
	for _, x := range w.Since {
		paths = append(paths, x.Path)
	}
	for _, p := range paths {
		if err := d.stale(p); err != nil {
			return nil, err
		}
	}
	return []fold.Edit{{Path: path, Value: d.removal(), Supersedes: d.supersedes(path)}}, nil
}

// Resolve gives the edit that settles one path with a value (empty: clears it),
// also when the value is the one in front, over all values that the token showed.
// The value is the field's occurrence with its tag, as fold.Entry has it.
func Resolve(kind Kind, id ID, token []byte, path fold.Path, value []byte, s *fold.State, w Writer, names Naming, pending Pending) ([]fold.Edit, error) {
	d, err := openSaving(kind, id, token, s, w, names, pending)
	if err != nil {
		return nil, err
	}
	e := fold.Edit{Path: path, Value: value}
	f := d.plan.field(path.Field)
	if f == nil || path.Field == fieldID || path.Field == fieldRemoved {
		name, _ := d.plan.pathName(path)
		return nil, fault(name, "this program cannot settle this field", "settle it where the field can be edited")
	}
	if err := d.plan.checkEdit(e); err != nil {
		return nil, err
	}
	if err := d.stale(path); err != nil {
		return nil, err
	}
	e.Supersedes = d.supersedes(path)
	return []fold.Edit{e}, nil
}

// openSaving begins a save that needs a token.
func openSaving(kind Kind, id ID, token []byte, s *fold.State, w Writer, names Naming, pending Pending) (*saving, error) {
	p := planOfKind(kind)
	if p == nil {
		return nil, fmt.Errorf("%s is not a kind of record that this program knows", kind)
	}
	if len(token) == 0 {
		return nil, fault("seen", "it is not said what was seen of the record", "read the record first and send its seen token back")
	}
	return newSaving(p, id, token, s, w, names, pending)
}

// removal is everything that the token showed, the writer's own left out: the fold
// implies it. It says of each writer up to where they were seen, and so no more than
// what was seen of them without a gap: what a team-mate handed over may have come
// without what they wrote before.
func (d *saving) removal() []byte {
	seen := map[fold.WriterID]fold.Seq{}
	var links []fold.Link
	for _, path := range d.token.Paths {
		for _, shown := range path.Dots {
			if !d.names(path.Path, shown.Dot) {
				continue
			}
			u, unanswered := d.pending(shown.Dot, path.Path)
			switch {
			case !unanswered:
				seen[shown.Writer] = max(seen[shown.Writer], shown.Seq)
			case !u.Passing:
				links = append(links, u.Link)
			}
		}
	}
	for _, path := range d.state.Paths() {
		for _, e := range d.state.Entries(path) {
			if n, named := seen[e.Writer]; named && e.Seq <= n && !d.saw(path, e) {
				seen[e.Writer] = e.Seq - 1
			}
		}
	}
	var dots []fold.Dot
	for w, n := range seen {
		dots = append(dots, fold.Dot{Writer: w, Seq: n})
	}
	return fold.Removal(dots, links)
}
