package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// State is the number of a state in the enum of its kind: a visit's in VisitState, a
// recommendation's in RecommendationState. 0: none yet.
type State int32

// Step takes a record of a kind that has a life-cycle from one state to another.
type Step struct {
	Kind     record.Kind
	From, To State
}

// cycle is the life-cycle of a kind.
type cycle struct {
	// noun is what a person calls such a record; prefix and names are those of its enum.
	noun, prefix string
	names        map[int32]string
	// field has the state.
	field int32
	// computed are the states that are shown and never set.
	computed states
	rules    []rule
	hands    func(row) hand
}

var cycles = map[record.Kind]cycle{
	record.Visit: {
		noun: "visit", prefix: "VISIT_STATE_", names: daylightv1.VisitState_name,
		field: record.VisitState,
		rules: visitSteps, hands: func(r row) hand { return r.steps },
	},
	record.Recommendation: {
		noun: "recommendation", prefix: "RECOMMENDATION_STATE_", names: daylightv1.RecommendationState_name,
		field:    record.RecommendationState,
		computed: 1 << daylightv1.RecommendationState_RECOMMENDATION_STATE_OVERDUE,
		rules:    paperSteps, hands: func(r row) hand { return r.paper },
	},
}

// StateField is the field that has the state of records of the kind; false for a kind that
// has no life-cycle.
func StateField(k record.Kind) (int32, bool) {
	c, ok := cycles[k]
	return c.field, ok
}

// has reports whether v is in the set; a newer program's state is in none.
func (s states) has(v State) bool { return v >= 0 && v < 32 && s&(1<<v) != 0 }

// hands are those that may take the step. Whoever may set a state may set it again: that
// it stands there already is for package exchange to say, and no news to anybody.
func (s Step) hands() (by hand) {
	for _, r := range cycles[s.Kind].rules {
		if r.to.has(s.To) && (r.from.has(s.From) || s.From == s.To) {
			by |= r.by
		}
	}
	return by
}

// Who lists the roles that may take the step, in the order of their numbers; a role of
// the field only in the visit's team, or as its head. Empty: nobody may.
func (s Step) Who() (out []Role) {
	by := s.hands()
	for _, r := range Roles() {
		if by != 0 && cycles[s.Kind].hands(table[r])&by != 0 {
			out = append(out, r)
		}
	}
	return out
}

// String says to a person where the record stands and who could take the step, or that
// nobody can and where it goes from there. It holds codes only, and still tells where the
// record stands: it is for whoever may read that.
func (s Step) String() string {
	c, ok := cycles[s.Kind]
	if !ok {
		return "a " + s.Kind.String() + " has no steps"
	}
	stands := "the " + c.noun + " stands at " + c.name(s.From)
	if s.From == 0 {
		stands = "the " + c.noun + " has no state yet"
	}
	switch who := s.takers(); {
	case len(who) > 0:
		return stands + "; only " + orList(who) + " may take it to " + c.name(s.To)
	case c.computed.has(s.To):
		return stands + "; " + c.name(s.To) + " is computed and set by nobody"
	case s.To == 0:
		return stands + "; its state is not cleared by anybody"
	}
	return stands + "; nobody may take it from there to " + c.name(s.To) + c.instead(s.From)
}

// Takers are Who as a person calls them: roles of the office, and the field by its part in
// the visit, its head or anybody of its team.
func (s Step) Takers() (office []Role, head, anyone bool) {
	field := false
	for _, r := range s.Who() {
		if table[r].leads == Head {
			field = true
		} else {
			office = append(office, r)
		}
	}
	anyone = field && s.hands()&team != 0
	return office, field && !anyone, anyone
}

// takers says it in words.
func (s Step) takers() (out []string) {
	office, head, anyone := s.Takers()
	for _, r := range office {
		out = append(out, r.String())
	}
	switch {
	case anyone:
		out = append(out, "its team")
	case head:
		out = append(out, "its head")
	}
	return out
}

// instead says where a record goes from a state, by anybody.
func (c cycle) instead(from State) string {
	var to states
	for _, r := range c.rules {
		if r.from.has(from) {
			to |= r.to
		}
	}
	var names []string
	for v := State(1); v < 32; v++ {
		if to.has(v) && v != from {
			names = append(names, c.name(v))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return ", only to " + orList(names)
}

// name is a state without the enum's prefix.
func (c cycle) name(v State) string {
	full, known := c.names[int32(v)]
	switch {
	case v == 0:
		return "none"
	case !known:
		return fmt.Sprintf("state %d", int32(v))
	}
	return strings.TrimPrefix(full, c.prefix)
}

func orList(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// TakesSteps reports whether steps of records of the kind are taken at all.
func (r Rights) TakesSteps(k record.Kind) bool {
	c, ok := cycles[k]
	return ok && r.any(func(g Grant) bool { return c.hands(table[g.Role]) != 0 })
}

// VisitSteps lists the states to which the visit may be taken from where it stands, by
// number.
func (r Rights) VisitSteps(s Subject) []daylightv1.VisitState {
	s.Kind = record.Visit
	return stepsOf[daylightv1.VisitState](r, Write{Subject: s})
}

// RecommendationSteps lists the states to which the recommendation may be taken from one,
// by number. The State of the subject is that of its visit.
func (r Rights) RecommendationSteps(from daylightv1.RecommendationState, s Subject) []daylightv1.RecommendationState {
	s.Kind = record.Recommendation
	return stepsOf[daylightv1.RecommendationState](r, Write{Subject: s, From: State(from)})
}

func stepsOf[S ~int32](r Rights, w Write) (out []S) {
	w.Fields = []int32{cycles[w.Kind].field}
	for n := range cycles[w.Kind].names {
		w.To = State(n)
		if ok, _ := r.MayWrite(w); ok && w.To != w.step().From {
			out = append(out, S(n))
		}
	}
	slices.Sort(out)
	return out
}
