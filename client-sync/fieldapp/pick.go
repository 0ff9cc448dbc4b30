package fieldapp

import (
	"slices"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/terms"
	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Any number of many. Few are all in sight; of more, those that are chosen, then those that
// are likely, and the rest by groups that unfold.

const (
	mostInSight = 12
	// mostUngrouped is how many stand in sight where there is no group to look in.
	mostUngrouped = 2 * mostInSight
)

// several asks for any number of codes or values.
func (e *editor) several(q ask) look.Part {
	return e.severalFirst(q, nil)
}

// severalFirst is several with the values that are likely here.
func (e *editor) severalFirst(q ask, likely []string) look.Part {
	var all []offer
	for _, o := range e.options(q) {
		all = append(all, offer{look.Choice{Value: o.Value, Text: o.Text}, o.Group})
	}
	return e.offers(q, all, likely)
}

// topics asks for the topics that a record is about, those that matter at the place of its
// visit in sight.
func (e *editor) topics(q ask) look.Part {
	var likely []string
	if place := e.placeTypeOf(visitOf(e.item.Message)); place != "" {
		for _, m := range e.set.TopicsFor(terms.Code(place), e.locale.Now) {
			if m.First {
				likely = append(likely, string(m.Code))
			}
		}
	}
	return e.severalFirst(q, likely)
}

// offer is one answer, and the group that it stands in.
type offer struct {
	look.Choice
	group look.Text
}

// offers asks for any number of what is on offer. What is set and on offer no more stays,
// and can be taken out.
func (e *editor) offers(q ask, all []offer, likely []string) look.Part {
	now, err := recordpage.ReadSet(e.item.Message, q.path)
	if err != nil {
		panic("fieldapp: a page asks for " + q.path + ": " + err.Error())
	}
	if e.again != nil && (e.again.Has(q.path) || e.again.Ticked(recordpage.HasField, q.path)) {
		now = e.again.Values(q.path)
	}
	e.has = append(e.has, q.path)
	for _, value := range now {
		if !slices.ContainsFunc(all, func(o offer) bool { return o.Value == value }) {
			all = append(all, offer{Choice: look.Choice{Value: value, Text: e.code(e.listOf(q), value)}})
		}
	}
	for i := range all {
		all[i].Checked = slices.Contains(now, all[i].Value)
	}
	grouped := slices.ContainsFunc(all, func(o offer) bool { return len(o.group) > 0 })
	if len(all) > mostUngrouped || grouped && len(all) > mostInSight {
		return e.pick(q, all, likely)
	}
	options := []look.Choice{}
	for _, o := range all {
		options = append(options, o.Choice)
	}
	return look.Choices{Name: q.path, Legend: e.label(q), Hint: e.hint(q), Options: options, Many: true, Two: q.two,
		Error: e.refused[q.path], Missing: e.missing(q.path), Beside: e.beside(q.path)}
}

func (e *editor) pick(q ask, all []offer, likely []string) look.Part {
	chosen := look.PickGroup{Text: e.say("field-edit.pick-chosen"), InSight: true}
	first := look.PickGroup{Text: e.say("field-edit.pick-likely"), InSight: true}
	var groups []look.PickGroup
	for _, o := range all {
		switch {
		case o.Checked:
			chosen.Options = append(chosen.Options, o.Choice)
		case slices.Contains(likely, o.Value):
			first.Options = append(first.Options, o.Choice)
		default:
			groups = intoGroup(groups, o)
		}
	}
	if first.InSight = len(first.Options) <= mostInSight; !first.InSight {
		groups = append([]look.PickGroup{first}, groups...)
		first.Options = nil
	}
	for i := range groups {
		if len(groups[i].Text) == 0 {
			groups[i].Text = e.say("field-edit.pick-rest")
		}
	}
	return look.Pick{Name: q.path, Legend: e.label(q), Hint: e.hint(q), Groups: append([]look.PickGroup{chosen, first}, groups...),
		Find: e.say("field-edit.pick-find"), None: e.say("field-edit.pick-none"),
		Error: e.refused[q.path], Missing: e.missing(q.path), Beside: e.beside(q.path)}
}

// intoGroup adds an answer to the group of its name, which may stand further up.
func intoGroup(groups []look.PickGroup, o offer) []look.PickGroup {
	i := slices.IndexFunc(groups, func(g look.PickGroup) bool { return g.Text.String() == o.group.String() })
	if i < 0 {
		return append(groups, look.PickGroup{Text: o.group, Options: []look.Choice{o.Choice}})
	}
	groups[i].Options = append(groups[i].Options, o.Choice)
	return groups
}

// lines asks for any number of names that nobody has a code for: one a line.
func (e *editor) lines(q ask) look.Part {
	now, err := recordpage.ReadSet(e.item.Message, q.path)
	if err != nil {
		panic("fieldapp: a page asks for " + q.path + ": " + err.Error())
	}
	value := strings.Join(now, "\n")
	if e.again != nil && e.again.Has(q.path) {
		value = e.again.Value(q.path)
	}
	return look.Input{Name: q.path, Label: e.label(q), Hint: e.hint(q), Value: value, Rows: max(2, q.rows),
		Error: e.refused[q.path], Missing: e.missing(q.path), Beside: e.beside(q.path)}
}

// aboutFindings asks which findings of the visit a record is about; nothing where there are
// none.
func (e *editor) aboutFindings(path string) look.Part {
	var all []offer
	for item, err := range e.client.List(e.ctx(), clientsync.Filter{Kind: clientsync.KindFinding, Visit: visitOf(e.item.Message)}) {
		if err != nil {
			break // what is tied already stays on the page
		}
		f := item.Message.(*daylightv1.Finding)
		text := look.Written(gist(f))
		if gist(f) == "" {
			text = e.say("field-visit.finding")
		}
		all = append(all, offer{Choice: look.Choice{Value: item.ID, Text: text, Under: e.code(terms.FindingTopic, f.GetTopic())}})
	}
	now, _ := recordpage.ReadSet(e.item.Message, path)
	for _, id := range now {
		if !slices.ContainsFunc(all, func(o offer) bool { return o.Value == id }) {
			all = append(all, offer{Choice: look.Choice{Value: id, Text: e.say("field-finding.not-here")}})
		}
	}
	if len(all) == 0 {
		return look.Flow{}
	}
	return e.offers(ask{path: path, label: "field-notes.about-findings"}, all, nil)
}

// follows asks which visit to the same place this one goes back to; nothing where there is
// none.
func (e *editor) follows(v *daylightv1.Visit) (look.Part, error) {
	if v.GetFacilityId() == "" && v.GetFollowsId() == "" {
		return look.Flow{}, nil
	}
	var options []look.Option
	for item, err := range e.client.List(e.ctx(), clientsync.Filter{Kind: clientsync.KindVisit, Facility: v.GetFacilityId()}) {
		if err != nil {
			return nil, err
		}
		other := item.Message.(*daylightv1.Visit)
		if other.GetId() == v.GetId() || other.GetFacilityId() != v.GetFacilityId() || v.GetFacilityId() == "" {
			continue
		}
		text := look.Dotted(e.visitTitle(other), shortened(other.GetTitle()), e.labelOf(other.GetType()))
		options = append(options, look.Option{Value: other.GetId(), Text: text})
	}
	slices.Reverse(options) // the last before the others
	if id := v.GetFollowsId(); id != "" && !slices.ContainsFunc(options, func(o look.Option) bool { return o.Value == id }) {
		options = append(options, look.Option{Value: id, Text: e.say("field-finding.not-here")})
	}
	if len(options) == 0 {
		return look.Flow{}, nil
	}
	return e.chosen(ask{path: "follows_id", label: "field-visit.follows", hint: "field-visit.follows-hint"}, options), nil
}
