package likeness

import (
	"slices"
	"strings"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Asked is what somebody types to find a place: words of its name in any script, its
// number, its code, its town or region.
type Asked struct {
	typed string
	name  name
}

// Ask reads what was typed.
func Ask(typed string) Asked {
	return Asked{typed: strings.TrimSpace(lower(typed)), name: readName(typed)}
}

// How well a place fits what was typed.
const (
	fitsCode   = 4 // the code, or the region's
	fitsText   = 3 // as it is typed, somewhere in its names
	fitsSound  = 2 // by its letters and numbers, in another script or spelling
	fitsFormer = 1 // by a name that it had, or by where it is
)

// Fits says how well a place is what was typed, more for better; 0: it is not.
func (a Asked) Fits(f *daylightv1.Facility) int {
	if a.typed == "" {
		return 0
	}
	if code := lower(f.GetCode()); code == a.typed || lower(f.GetRegion()) == a.typed {
		return fitsCode
	} else if strings.HasPrefix(code, a.typed) {
		return fitsText
	}
	for _, n := range f.GetNames() {
		if strings.Contains(lower(n), a.typed) {
			return fitsText
		}
	}
	for _, n := range f.GetNames() {
		if a.sounds(readName(n)) {
			return fitsSound
		}
	}
	for _, s := range append(hadNames(f), f.GetTown(), f.GetDistrict(), f.GetAddress()) {
		if s != "" && (strings.Contains(lower(s), a.typed) || a.sounds(readName(s))) {
			return fitsFormer
		}
	}
	return 0
}

func hadNames(f *daylightv1.Facility) (out []string) {
	for _, n := range f.GetFormerNames() {
		out = append(out, n.GetName())
	}
	return out
}

// sounds reports whether a name has everything that was typed; the last letters of a word
// may not be typed yet, and one in five may differ.
func (a Asked) sounds(n name) bool {
	in := func(all []string) func(string) bool {
		return func(s string) bool { return !slices.Contains(all, s) }
	}
	said := a.name
	if len(said.words)+len(said.numbers)+len(said.classes) == 0 ||
		slices.ContainsFunc(said.numbers, in(n.numbers)) || slices.ContainsFunc(said.classes, in(n.classes)) || slices.ContainsFunc(said.marks, in(n.marks)) {
		return false
	}
	return !slices.ContainsFunc(said.words, func(w string) bool {
		return !slices.ContainsFunc(n.words, func(x string) bool {
			return wordsAlike(w, x) > 0 || len(w) > 1 && strings.HasPrefix(x, w)
		})
	})
}
