package record

import (
	"slices"

	"github.com/daylight-npm/daylight/internal/fold"
)

// Naming says how dots are named where a token is read. A device that learns that
// its entries are a branch names them anew; tokens made before still carry the
// old names.
type Naming struct {
	// Generation is the number of renamings so far, Clock the last time that the device
	// gave or followed; a new token carries both.
	Generation uint32
	Clock      fold.Time
	// Renames are all of them, oldest first.
	Renames []Rename
}

// Rename gave the dots of From beyond Above to the writer To.
type Rename struct {
	From  fold.WriterID
	Above fold.Seq
	To    fold.WriterID
	// Generation is the naming that the rename led to: tokens of an earlier one are
	// read through it.
	Generation uint32
}

// read gives the present name of a dot that stands in a token of generation g.
func (n Naming) read(d fold.Dot, g uint32) fold.Dot {
	for _, r := range n.Renames {
		if r.Generation > g && d.Writer == r.From && d.Seq > r.Above {
			d.Writer = r.To
		}
	}
	return d
}

// Token is what the reader of one record was shown.
type Token struct {
	Kind       Kind
	ID         ID
	Generation uint32
	// Clock is when it was made: what the same device writes later has a later time. 0 for
	// one that the office made.
	Clock fold.Time
	// Paths are sorted; those that showed nothing are left out.
	Paths []SeenPath
}

// SeenPath is what one path showed: the value in front first. A cleared field
// that still has its entry showed an empty value.
type SeenPath struct {
	fold.Path
	Dots []SeenDot
}

// SeenDot is one value that was shown, by its dot and the hash of the value as
// the program that made the token writes it.
type SeenDot struct {
	fold.Dot
	Hash Hash
}

// at finds what a path showed; nil for nothing.
func (t *Token) at(p fold.Path) []SeenDot {
	if i, ok := slices.BinarySearchFunc(t.Paths, p, func(s SeenPath, p fold.Path) int { return s.Compare(p) }); ok {
		return t.Paths[i].Dots
	}
	return nil
}

// MakeToken makes the seen token of a record as this program shows it.
func MakeToken(kind Kind, id ID, s *fold.State, names Naming) []byte {
	p := planOfKind(kind)
	if p == nil {
		return nil
	}
	return p.token(id, s, p.decode(p.typ.New(), s), names)
}

// token makes the token of a state whose shown values are parts.
func (p *plan) token(id ID, s *fold.State, parts []part, names Naming) []byte {
	paths := s.Paths()
	t := Token{Kind: p.kind, ID: id, Generation: names.Generation, Clock: names.Clock, Paths: make([]SeenPath, 0, len(paths))}
	dots := make([]SeenDot, 0, len(paths))
	for _, path := range paths {
		from := len(dots)
		for i, e := range s.Entries(path) {
			h := emptyHash
			if i == 0 && len(e.Value) > 0 {
				h = hashOf(find(parts, path))
			} else if i > 0 {
				h = hashOf(p.normal(path, e.Value))
			}
			dots = append(dots, SeenDot{e.Dot, h})
		}
		t.Paths = append(t.Paths, SeenPath{path, dots[from:len(dots):len(dots)]})
	}
	return t.Encode()
}
