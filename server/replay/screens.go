package replay

import (
	"cmp"
	"slices"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sample"
)

// screens is what everybody would have on screen: of each record which dots stand on
// its paths. It is all that is kept of the records, so it keeps little.
type screens map[record.ID]*screen

// screen is one record.
type screen struct {
	// made is the change that created it, with the fields that it set as a whole, by
	// their numbers. Elements of a set are not kept: nobody replaces those.
	made   fold.Dot
	fields uint64
	// since are the paths that were set otherwise, or again.
	since []standing
}

type standing struct {
	path fold.Path
	dots []fold.Dot
}

// shown is an edit that everybody has on screen from the next batch on.
type shown struct {
	fold.Dot
	journal.RecordEdits
}

// edits are those of a step, as its author makes them: what merges, then each guarded
// field by itself.
func (s screens) edits(w fold.WriterID, step sample.Step) (out []journal.RecordEdits, err error) {
	kind, err := record.KindOf(step.Message)
	if err != nil {
		return nil, err
	}
	id, err := record.IDOf(step.Message)
	if err != nil {
		return nil, err
	}
	if step.Removes {
		removal := fold.Edit{Path: fold.Path{Field: fold.FieldRemoved}, Value: fold.Removal(s[id].others(w), nil)}
		return []journal.RecordEdits{{Kind: kind, ID: id, Edits: []fold.Edit{removal}}}, nil
	}
	edits, _, err := record.Diff(step.Message, fold.New(), record.Writer{ID: w}, record.Naming{}, nil)
	if err != nil {
		return nil, err
	}
	if !step.Creates { // a record that nobody knew would be made
		edits = slices.DeleteFunc(edits, func(e fold.Edit) bool { return e.Field == fold.FieldID })
	}
	for i, e := range edits {
		edits[i].Supersedes = s[id].replaces(w, e.Path)
	}
	rest, guarded := record.Split(kind, edits)
	if len(rest) > 0 {
		out = append(out, journal.RecordEdits{Kind: kind, ID: id, Edits: rest})
	}
	for _, g := range guarded {
		out = append(out, journal.RecordEdits{Kind: kind, ID: id, Edits: g})
	}
	return out, nil
}

// on are the dots that stand on a path.
func (s *screen) on(p fold.Path) []fold.Dot {
	if s == nil {
		return nil
	}
	for _, x := range s.since {
		if x.path == p {
			return x.dots
		}
	}
	if !p.Element && s.fields&(1<<p.Field) != 0 {
		return []fold.Dot{s.made}
	}
	return nil
}

// replaces are the dots of other writers that an edit of the path names.
func (s *screen) replaces(w fold.WriterID, p fold.Path) (out []fold.Superseded) {
	for _, d := range s.on(p) {
		if d.Writer != w {
			out = append(out, fold.Superseded{Dot: d})
		}
	}
	slices.SortFunc(out, func(a, b fold.Superseded) int {
		return cmp.Or(slices.Compare(a.Dot.Writer[:], b.Dot.Writer[:]), cmp.Compare(a.Dot.Seq, b.Dot.Seq))
	})
	return out
}

// others are the dots of other writers that stand anywhere.
func (s *screen) others(w fold.WriterID) (out []fold.Dot) {
	if s == nil {
		return nil
	}
	all := []fold.Dot{s.made}
	for _, x := range s.since {
		all = append(all, x.dots...)
	}
	for _, d := range all {
		if d.Writer != w {
			out = append(out, d)
		}
	}
	return out
}

// show lets an edit stand from now on, in the place of what it replaces.
func (s screens) show(x shown) {
	r := s[x.ID]
	if r == nil {
		r = &screen{made: x.Dot}
		s[x.ID] = r
	}
	creates := x.Creates()
	for _, e := range x.Edits {
		rule, _ := record.RuleOf(x.Kind, e.Field)
		switch {
		case creates && !e.Element:
			r.fields |= 1 << e.Field
		case e.Element && rule == record.Set && creates:
		default:
			r.set(x.Dot, e)
		}
	}
}

func (r *screen) set(d fold.Dot, e fold.Edit) {
	left := slices.DeleteFunc(slices.Clone(r.on(e.Path)), func(o fold.Dot) bool {
		return o.Writer == d.Writer || slices.ContainsFunc(e.Supersedes, func(s fold.Superseded) bool { return s.Dot == o })
	})
	left = append(left, d)
	for i := range r.since {
		if r.since[i].path == e.Path {
			r.since[i].dots = left
			return
		}
	}
	r.since = append(r.since, standing{e.Path, left})
}
