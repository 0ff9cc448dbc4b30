package likeness

import (
	"fmt"
	"math"
	"slices"
	"strings"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Places is a set of places, ready to be compared. What it finds does not depend on the
// order in which they are given.
type Places struct {
	all    []place
	blocks map[string]*block
}

// block is what shares one key. Those whose names bear numbers stand apart where the key
// is that of a word alone: two numbers that differ never go together, and equal ones have
// a block of their own.
type block struct{ bare, numbered []int }

// blockMost bounds the members of a block that is made of a word or a number. What so
// many have in common tells nobody apart: the pairs in it share another key as well, or
// are left alone.
const blockMost = 300

// NewPlaces reads the places. Leave out those that are removed or joined already.
func NewPlaces(facilities []*daylightv1.Facility) *Places {
	s := &Places{blocks: map[string]*block{}}
	for _, f := range facilities {
		p := readPlace(f)
		s.all = append(s.all, p)
		for _, k := range keysOf(&p) {
			b := s.blocks[k.text]
			if b == nil {
				b = &block{}
				s.blocks[k.text] = b
			}
			if k.numbered {
				b.numbered = append(b.numbered, len(s.all)-1)
			} else {
				b.bare = append(b.bare, len(s.all)-1)
			}
		}
	}
	return s
}

// key names a block.
type key struct {
	text string
	// numbered: of a word whose name bears a number; it meets only those without.
	numbered bool
	// cross: the block is one where the two kinds meet, and no two of one kind.
	cross bool
}

// The classes of blocks, by the first letter of the key.
const (
	byRow    = "r" // a row of a register
	byCode   = "c" // the office's code
	bySquare = "s" // a square on the map
	byWord   = "w" // consonants of a word, and all numbers of the name
	byAlone  = "a" // consonants of a word, whatever the numbers
	byNumber = "n" // the numbers of a name with the region or the class
)

// keysOf are the blocks that a place is in. Two places that are in none together are not
// compared: they share neither row, code, square, number nor the stump of a word.
func keysOf(p *place) []key {
	seen, out := map[key]bool{}, []key(nil)
	add := func(k key) {
		if !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	for _, r := range p.rows {
		add(key{text: byRow + r})
	}
	if p.code != "" {
		add(key{text: byCode + lower(p.code)})
	}
	if p.at != nil {
		add(key{text: square(p.at, 0, 0)})
	}
	for i := range p.names {
		nameKeys(&p.names[i], p, add)
	}
	return out
}

func nameKeys(n *name, p *place, add func(key)) {
	numbers := strings.Join(n.numbers, "/")
	words := n.words
	if len(words) > 1 {
		words = append(slices.Clone(words), n.whole)
	}
	for _, w := range words {
		for _, part := range stumps(w) {
			add(key{text: byWord + part + " " + numbers})
			add(key{text: byAlone + part, numbered: numbers != "", cross: true})
		}
	}
	if numbers != "" {
		for _, with := range append([]string{p.region, p.town.whole}, n.classes...) {
			if with != "" {
				add(key{text: byNumber + numbers + " " + with})
			}
		}
	} else if len(words) == 0 { // the northern one of the region, the prison of the town
		for _, mark := range n.marks {
			add(key{text: byNumber + " " + p.region + " " + mark})
		}
		for _, sort := range append(slices.Clone(n.classes), n.marks...) {
			add(key{text: byNumber + " " + p.town.whole + " " + sort})
		}
	}
}

// stumps are what a slip leaves of a word's consonants: the first of them but one, and
// the last.
func stumps(word string) []string {
	const first, last = 4, 3
	c := consonants(word)
	if len(c) < 2 {
		return []string{"=" + word}
	}
	out, head := []string{}, c[:min(first, len(c))]
	if len(c) < first {
		out = append(out, c)
	}
	for i := range head {
		if len(c) > 2 && (i == 0 || head[i] != head[i-1]) {
			out = append(out, head[:i]+head[i+1:])
		}
	}
	if len(c) > first {
		out = append(out, ">"+c[len(c)-last:])
	}
	return out
}

// perDegree is how many squares a degree of latitude has: each a little more than what
// two points may lie apart.
const perDegree = 40 // 2.8 km

// square names the square on the map so many steps from the one that a point is in. Along
// a parallel the squares are as wide as they are high.
func square(p *point, north, east int) string {
	row := int(math.Floor(p.lat*perDegree)) + north
	wide := math.Max(0.02, math.Cos(float64(row)/perDegree*math.Pi/180))
	column := int(math.Floor(p.lon*perDegree*wide)) + east
	return fmt.Sprintf("%s%d %d", bySquare, row, column)
}

// near are the keys of a place, and those of the squares around.
func near(p *place) []key {
	keys := keysOf(p)
	if p.at == nil {
		return keys
	}
	for north := -1; north <= 1; north++ {
		for east := -1; east <= 1; east++ {
			if north != 0 || east != 0 {
				keys = append(keys, key{text: square(p.at, north, east)})
			}
		}
	}
	return keys
}

// Of gives the places that may be the same as f, the surest first; never f itself. It
// need not be in the set: it may be what somebody is typing.
func (s *Places) Of(f *daylightv1.Facility) (out []Candidate) {
	p := readPlace(f)
	for _, i := range s.beside(&p, make([]bool, len(s.all)), nil) {
		other := &s.all[i]
		if other.id == p.id {
			continue
		}
		if v := judge(&p, other); v.likely() {
			out = append(out, Candidate{other.id, v.score, v.sorted()})
		}
	}
	sortCandidates(out)
	return out
}

// beside adds the places that share a block with p, each once: met, all false, is as it
// was when it returns.
func (s *Places) beside(p *place, met []bool, found []int) []int {
	for _, k := range near(p) {
		b := s.blocks[k.text]
		if b == nil {
			continue
		}
		for _, i := range b.meets(k) {
			if !met[i] {
				met[i] = true
				found = append(found, i)
			}
		}
	}
	for _, i := range found {
		met[i] = false
	}
	return found
}

// meets are the members that one with this key meets.
func (b *block) meets(k key) []int {
	word := strings.Contains(byWord+byAlone+byNumber, k.text[:1])
	switch {
	case word && len(b.bare)+len(b.numbered) > blockMost:
		return nil
	case k.cross && !k.numbered:
		return b.numbered
	}
	return b.bare
}

// Pairs gives every two places that may be one, the surest first.
func (s *Places) Pairs() (out []Pair) {
	met, found := make([]bool, len(s.all)), []int(nil)
	for i := range s.all {
		p := &s.all[i]
		found = s.beside(p, met, found[:0])
		for _, j := range found {
			q := &s.all[j]
			if !less(p.id, q.id) {
				continue
			}
			if v := judge(p, q); v.likely() {
				out = append(out, Pair{p.id, q.id, v.score, v.sorted()})
			}
		}
	}
	sortPairs(out)
	return out
}
