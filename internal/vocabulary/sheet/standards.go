package sheet

import (
	"cmp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// standard compares one row of the standards.
func (c *comparison) standard(l line) {
	s, ok := l.code("ref")
	if !ok || !l.once(s, "ref") {
		return
	}
	now, known := c.set.Standard(vocabulary.Ref(s))
	m := c.set.StandardRecord(vocabulary.Ref(s))
	if !known {
		m = &daylightv1.Standard{Ref: &s}
	}
	shipped, _ := vocabulary.Shipped().Standard(vocabulary.Ref(s))
	var steps []Step
	m.Titles, steps = l.words(m.Titles, now.Titles, shipped.Titles)
	steps = append(steps, l.source(m, now)...)
	steps = append(steps, l.topics(m, now, shipped)...)
	steps = append(steps, l.force(m, now, shipped)...)
	steps = append(steps, l.time(m, now, shipped)...)
	if len(m.GetSeen()) == 0 {
		m.VocabularyVersion = proto.Uint32(vocabulary.Version)
	}
	l.took(s, !known, steps, m)
}

// source is where the provision stands. Of a shipped one only the name of the instrument
// can be put better.
func (l line) source(m *daylightv1.Standard, now vocabulary.Standard) (steps []Step) {
	change := func(column, was string, fixed bool, field **string) {
		text := l.get(column)
		switch {
		case text == clean(was):
		case fixed:
			l.wrong(column, "of a shipped standard this never changes; it is %q", shown(was))
		default:
			*field = &text
			steps = append(steps, Step{column, clean(was), text})
		}
	}
	change("instrument", now.Instrument, now.Shipped, &m.Instrument)
	change("provision", now.Provision, now.Shipped, &m.Provision)
	change("instrument_name", now.InstrumentName, false, &m.InstrumentName)
	if i := l.get("instrument"); i != clean(now.Instrument) && !code.MatchString(i) || i == "" && now.Ref == "" {
		l.wrong("instrument", "is not a code; use letters, digits, dot, dash, underscore and slash")
	}
	return steps
}

// topics are separated by a vertical bar, in any order.
func (l line) topics(m *daylightv1.Standard, now, shipped vocabulary.Standard) []Step {
	var to []string
	for topic := range strings.SplitSeq(l.get("topics"), "|") {
		if topic = strings.TrimSpace(topic); topic == "" {
			continue
		}
		if _, ok := l.set.Lookup(vocabulary.FindingTopic, vocabulary.Code(topic)); !ok && !slices.Contains(now.Topics, vocabulary.Code(topic)) {
			l.wrong("topics", "there is no topic %q", shown(topic))
		}
		to = append(to, topic)
	}
	if len(to) == 0 {
		to = sorted(shipped.Topics)
	}
	slices.Sort(to)
	to = slices.Compact(to)
	was := sorted(now.Topics)
	if slices.Equal(to, was) {
		return nil
	}
	if m.Topics = to; slices.Equal(to, sorted(shipped.Topics)) {
		m.Topics = nil
	}
	return []Step{{"topics", strings.Join(was, "|"), strings.Join(to, "|")}}
}

func sorted(topics []vocabulary.Code) (out []string) {
	for _, t := range topics {
		out = append(out, string(t))
	}
	slices.Sort(out)
	return out
}

// force is how far it binds, and how sure that is.
func (l line) force(m *daylightv1.Standard, now, shipped vocabulary.Standard) (steps []Step) {
	binding := daylightv1.StandardBinding(l.enum("binding", "STANDARD_BINDING"))
	if binding != now.Said {
		steps = append(steps, Step{"binding", bindingCode(now.Said), bindingCode(binding)})
		if m.Binding = nil; binding != 0 {
			m.Binding = binding.Enum()
		}
	}
	checked := cmp.Or(daylightv1.StandardCheck(l.enum("checked", "STANDARD_CHECK")), shipped.Checked)
	if checked != now.Checked {
		steps = append(steps, Step{"checked", checkCode(now.Checked), checkCode(checked)})
		if m.Checked = nil; checked != shipped.Checked {
			m.Checked = checked.Enum()
		}
	}
	return steps
}

// time is when it is cited.
func (l line) time(m *daylightv1.Standard, now, shipped vocabulary.Standard) (steps []Step) {
	change := func(column, was, shipped string, field **string) {
		to := cmp.Or(l.date(column), shipped)
		if to == was {
			return
		}
		steps = append(steps, Step{column, was, to})
		if *field = nil; to != "" && to != shipped {
			*field = &to
		}
	}
	change("applies_from", now.AppliesFrom, shipped.AppliesFrom, &m.AppliesFrom)
	change("retired_on", now.RetiredOn, shipped.RetiredOn, &m.RetiredOn)
	if hidden := l.yes("hidden"); hidden != now.Hidden {
		steps = append(steps, Step{"hidden", yes(now.Hidden), yes(hidden)})
		if m.Hidden = nil; hidden {
			m.Hidden = proto.Bool(true)
		} else {
			m.Removed, m.MergedInto = nil, nil
		}
	}
	return steps
}
