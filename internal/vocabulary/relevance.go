package vocabulary

import (
	"slices"
	"strings"
	"time"
)

// weight is how much a topic matters at a type of place. The zero weight is nothing said.
type weight uint8

const (
	never weight = iota + 1
	also
	first
)

// weights are as relevance.csv spells them.
var weights = map[string]weight{"no": never, "also": also, "first": first}

// relevance is a row of that table: a type or group of places, and a topic or area.
type relevance struct{ place, topic Code }

// Matter is a topic that matters at a place.
type Matter struct {
	Term
	// First: it is among what a team looks at there on every visit.
	First bool
}

// TopicsFor gives the topics that are offered on a day and matter at a type of place, what
// matters first in front, each part in the order of the numbers. The closest row of the
// table decides: of the type before the group, of the topic before the area. Of a type
// that nobody knows, and of a topic that no row speaks of, nothing can be said: it is
// among the others.
func (s *Set) TopicsFor(placeType Code, on time.Time) (out []Matter) {
	group := Code("")
	if t, ok := s.Lookup(PlaceType, placeType); ok {
		group = t.Parent
	}
	for _, t := range s.Offered(FindingTopic, on) {
		if w := s.weigh(placeType, group, t); w != never {
			out = append(out, Matter{t, w == first})
		}
	}
	slices.SortStableFunc(out, func(a, b Matter) int { return firstTrue(a.First, b.First) })
	return out
}

func (s *Set) weigh(placeType, group Code, topic Term) weight {
	area := topic.Parent
	if area == "" {
		before, _, _ := strings.Cut(string(topic.Code), ".")
		area = Code(before)
	}
	for _, r := range []relevance{{placeType, topic.Code}, {placeType, area}, {group, topic.Code}, {group, area}} {
		if w := s.relevance[r]; w != 0 {
			return w
		}
	}
	return also
}
