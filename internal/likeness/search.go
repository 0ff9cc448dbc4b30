package likeness

import (
	"cmp"
	"slices"
	"strings"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Search is a set of places, ready to be looked for by what somebody types: words of a name
// in any script, a number, a code, a town or a region. It never changes.
type Search struct{ all []searched }

// searched is what a place is found by.
type searched struct {
	id, code, region string
	// names are what it is called, others what it was called, and where it is.
	names, others []lettered
}

// lettered is a text as it was written, in small letters, and by its sounds.
type lettered struct {
	text string
	name name
}

// NewSearch reads the places.
func NewSearch(facilities []*daylightv1.Facility) *Search {
	s := &Search{}
	for _, f := range facilities {
		p := searched{id: f.GetId(), code: lower(f.GetCode()), region: lower(f.GetRegion())}
		for _, n := range f.GetNames() {
			p.names = append(p.names, lettered{lower(n), readName(n)})
		}
		others := []string{f.GetTown(), f.GetDistrict(), f.GetAddress()}
		for _, n := range f.GetFormerNames() {
			others = append(others, n.GetName())
		}
		for _, n := range others {
			if n != "" {
				p.others = append(p.others, lettered{lower(n), readName(n)})
			}
		}
		s.all = append(s.all, p)
	}
	return s
}

// How well a place fits what was typed.
const (
	fitsNot    = iota
	fitsOther  // by a name that it had, or by where it is
	fitsSound  // by its letters and numbers, in another script or spelling
	fitsText   // as it is typed, somewhere in its names, or as its code begins
	fitsWholly // its code, or its region's
)

// Find gives the ids of the places that may be meant, the surest first. Nothing typed finds
// nothing.
func (s *Search) Find(typed string) (ids []string) {
	text, said := strings.TrimSpace(lower(typed)), readName(typed)
	if text == "" {
		return nil
	}
	type found struct {
		id   string
		fits int
	}
	var by []found
	for _, p := range s.all {
		if fits := p.fits(text, said); fits > fitsNot {
			by = append(by, found{p.id, fits})
		}
	}
	slices.SortStableFunc(by, func(a, b found) int { return cmp.Compare(b.fits, a.fits) })
	for _, f := range by {
		ids = append(ids, f.id)
	}
	return ids
}

func (p searched) fits(text string, said name) int {
	written := func(s lettered) bool { return strings.Contains(s.text, text) }
	sounding := func(s lettered) bool { return s.name.has(said) }
	switch {
	case p.code == text, p.region == text:
		return fitsWholly
	case strings.HasPrefix(p.code, text), slices.ContainsFunc(p.names, written):
		return fitsText
	case slices.ContainsFunc(p.names, sounding):
		return fitsSound
	case slices.ContainsFunc(p.others, written), slices.ContainsFunc(p.others, sounding):
		return fitsOther
	}
	return fitsNot
}

// has reports whether a name has everything that was said; the last letters of a word may
// not be typed yet, and one in five may differ.
func (n name) has(said name) bool {
	lacks := func(all []string) func(string) bool {
		return func(s string) bool { return !slices.Contains(all, s) }
	}
	if len(said.words)+len(said.numbers)+len(said.classes) == 0 ||
		slices.ContainsFunc(said.numbers, lacks(n.numbers)) || slices.ContainsFunc(said.classes, lacks(n.classes)) || slices.ContainsFunc(said.marks, lacks(n.marks)) {
		return false
	}
	return !slices.ContainsFunc(said.words, func(w string) bool {
		return !slices.ContainsFunc(n.words, func(x string) bool {
			return len(w) > 1 && strings.HasPrefix(x, w) || wordsAlike(w, x) > 0
		})
	})
}
