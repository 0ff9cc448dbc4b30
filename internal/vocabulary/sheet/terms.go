package sheet

import (
	"fmt"
	"slices"
	"strconv"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// term compares one row of the terms.
func (c *comparison) term(l line) {
	list := vocabulary.List(l.get("list"))
	if !c.set.Has(list) {
		l.wrong("list", "there is no list %q; look at how the others are written", shown(string(list)))
		return
	}
	s, ok := l.code("code")
	name := fmt.Sprintf("%s.%s", list, s)
	if !ok || !l.once(name, "code") {
		return
	}
	now, known := c.set.Lookup(list, vocabulary.Code(s))
	m := c.set.TermRecord(list, vocabulary.Code(s))
	if known {
		l.sameNumber(now)
	} else if m = l.newTerm(list, s); m == nil {
		return
	}
	shipped, _ := vocabulary.Shipped().Lookup(list, vocabulary.Code(s))
	var steps []Step
	if !known {
		steps = append(steps, Step{"number", "", fmt.Sprint(m.GetNumber())})
	}
	var words []Step
	m.Labels, words = l.words(m.Labels, now.Labels, shipped.Labels)
	steps = append(steps, words...)
	steps = append(steps, l.reviewed(m, now)...)
	steps = append(steps, l.parent(m, now, shipped)...)
	steps = append(steps, l.standing(m, now, shipped)...)
	if !known && len(m.Labels) == 0 {
		l.wrong(l.head.languages[0], "a new term needs a label in one language at least")
	}
	if len(m.GetSeen()) == 0 {
		m.VocabularyVersion = proto.Uint32(vocabulary.Version)
	}
	l.took(name, !known, steps, m)
}

// sameNumber: numbers never move. An empty cell says nothing.
func (l line) sameNumber(now vocabulary.Term) {
	if s := l.get("number"); s != "" && s != fmt.Sprint(now.Number) {
		l.wrong("number", "is not the number of %s.%s, which is %d and never changes", now.List, now.Code, now.Number)
	}
}

// newTerm begins a term of the office's own; nil when that cannot be.
func (l line) newTerm(list vocabulary.List, code string) *daylightv1.Term {
	if vocabulary.Drives(list) {
		l.wrong("code", "the list %s drives the program: its values can be called something else, and none can be added", list)
		return nil
	}
	next := max(l.next[list], l.set.NextNumber(list))
	if s := l.get("number"); s != "" {
		n, err := strconv.ParseUint(s, 10, 32)
		if err != nil || n < uint64(next) {
			l.wrong("number", "a new term has the number %d or a later one; leave the cell empty to have it given", next)
			return nil
		}
		next = uint32(n)
	}
	if next+1 < next {
		l.wrong("number", "is the last number there is; leave the cell empty to have one given")
		return nil
	}
	l.next[list] = next + 1
	return &daylightv1.Term{List: proto.String(string(list)), Code: &code, Number: &next}
}

// reviewed takes over what the columns say; languages without a column stay as they are.
func (l line) reviewed(m *daylightv1.Term, now vocabulary.Term) (steps []Step) {
	kept := slices.DeleteFunc(slices.Clone(m.Reviewed), func(tag string) bool { return slices.Contains(l.head.languages, tag) })
	for _, tag := range l.head.languages {
		column := reviewedPrefix + tag
		says, was := l.yes(column), slices.Contains(now.Reviewed, tag)
		if says && !was && l.get(tag) == "" && clean(now.Labels[tag]) == "" {
			l.wrong(column, "says yes, and there is no label in %s to have been read", tag)
		}
		if says {
			kept = append(kept, tag)
		}
		if says != was {
			steps = append(steps, Step{column, yes(was), yes(says)})
		}
	}
	if len(steps) > 0 {
		slices.Sort(kept)
		m.Reviewed = kept
	}
	return steps
}

// parent moves the term to another group.
func (l line) parent(m *daylightv1.Term, now, shipped vocabulary.Term) []Step {
	to := vocabulary.Code(l.get("parent"))
	if to == "" {
		to = shipped.Parent
	}
	if to == now.Parent {
		return nil
	}
	groups := vocabulary.ParentList(vocabulary.List(m.GetList()))
	if _, ok := l.set.Lookup(groups, to); !ok && to != "" {
		if groups == "" {
			l.wrong("parent", "the list %s has no groups; leave the cell empty", m.GetList())
		} else {
			l.wrong("parent", "there is no %s %q", groups, shown(string(to)))
		}
		return nil
	}
	m.Parent = proto.String(string(to))
	if to == shipped.Parent {
		m.Parent = nil
	}
	return []Step{{"parent", string(now.Parent), string(to)}}
}

// standing hides, shows and retires the term. One that was removed or joined to another
// comes back when it is to be shown.
func (l line) standing(m *daylightv1.Term, now, shipped vocabulary.Term) (steps []Step) {
	hidden, retired := l.yes("hidden"), l.date("retired_on")
	if retired == "" {
		retired = shipped.RetiredOn
	}
	if hidden != now.Hidden {
		steps = append(steps, Step{"hidden", yes(now.Hidden), yes(hidden)})
		if m.Hidden = nil; hidden {
			m.Hidden = proto.Bool(true)
		} else {
			m.Removed, m.MergedInto = nil, nil
		}
		if !hidden && !now.Shipped && vocabulary.Drives(now.List) && now.Code != "" {
			l.wrong("hidden", "this value is of a newer program: this one cannot offer it")
		}
	}
	if retired != now.RetiredOn {
		steps = append(steps, Step{"retired_on", now.RetiredOn, retired})
		if m.RetiredOn = nil; retired != "" {
			m.RetiredOn = &retired
		}
	}
	return steps
}
