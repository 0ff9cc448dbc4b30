package checklist

import (
	"math"
	"slices"
	"strconv"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// bundle is what went with a removed turn.
type bundle struct {
	instances []*daylightv1.RepeatInstance
	answers   []*daylightv1.Answer
}

// AddInstance adds a turn to a repeat; parent is the turn that the repeat stands in, empty
// at the top. It gives the turn's id.
func (x *Filling) AddInstance(repeat, parent string) (string, Changed, error) {
	at := x.repeatAt(repeat, parent)
	switch {
	case at == nil:
		return "", Changed{}, refused("unknown-repeat", "", "the form has no repeat %q there", clipped(repeat))
	case at.q.Counted:
		return "", Changed{}, refused("counted", "change the answer that it follows", "how often %s is asked follows from another answer", at.q.Called)
	case len(at.kids) >= MaxTurns:
		return "", Changed{}, refused("too-many", "use another response for the rest", "%s has %d turns, as many as it may", at.q.Called, MaxTurns)
	case x.o.NewID == nil:
		return "", Changed{}, refused("no-ids", "", "turns cannot be added here")
	}
	id := x.o.NewID().String()
	out := x.change(func() { x.addTurn(at, id, nextOrder(at)) })
	return id, out, nil
}

// nextOrder is behind all that are there.
func nextOrder(repeat *node) uint32 {
	most := uint32(0)
	for _, t := range repeat.kids {
		most = max(most, t.instance.GetOrder())
	}
	if most == math.MaxUint32 {
		return most
	}
	return most + 1
}

func (x *Filling) addTurn(repeat *node, id string, order uint32) {
	i := &daylightv1.RepeatInstance{Id: id, Repeat: proto.String(repeat.q.Name), Order: proto.Uint32(order)}
	if repeat.turn != "" {
		i.Parent = proto.String(repeat.turn)
	}
	x.r.Instances = append(x.r.Instances, i)
	n := x.place(repeat, i)
	x.stirMembers(repeat)
	n.each(x.touch)
	n.each(x.initial)
	n.each(tell)
}

// RemoveInstance takes a turn away, with what was answered in it and with the turns in
// it. RestoreInstance brings it back while the filling lives.
func (x *Filling) RemoveInstance(id string) (Changed, error) {
	n := x.turns[id]
	if n == nil {
		return Changed{}, refused("unknown-turn", "", "there is no such turn")
	}
	if n.q.Counted && n.position() <= n.up.wanted() {
		return Changed{}, refused("counted", "change the answer that it follows", "how often %s is asked follows from another answer", n.q.Called)
	}
	return x.change(func() { x.removed[id] = x.take(n) }), nil
}

// take takes a turn out of tree and response.
func (x *Filling) take(n *node) *bundle {
	ids := map[string]bool{}
	n.each(func(k *node) {
		k.gone = true
		if k.isTurn() {
			ids[k.turn] = true
			delete(x.turns, k.turn)
		}
		if k.isField() {
			delete(x.fields, k.key())
		}
	})
	isGone := func(k *node) bool { return k.gone }
	x.counted, x.kept = slices.DeleteFunc(x.counted, isGone), slices.DeleteFunc(x.kept, isGone)
	n.up.kids = slices.DeleteFunc(n.up.kids, func(k *node) bool { return k == n })
	out := &bundle{}
	x.r.Instances = slices.DeleteFunc(x.r.Instances, func(i *daylightv1.RepeatInstance) bool {
		if ids[i.GetId()] {
			out.instances = append(out.instances, i)
		}
		return ids[i.GetId()]
	})
	x.r.Answers = slices.DeleteFunc(x.r.Answers, func(a *daylightv1.Answer) bool {
		if !ids[ParseKey(a.GetKey()).Turn] {
			return false
		}
		out.answers = append(out.answers, a)
		delete(x.answers, a.GetKey())
		return true
	})
	x.stirMembers(n.up)
	n.each(x.stirText)
	return out
}

// RestoreInstance brings back a turn that was removed in this filling. A turn that a
// team-mate removed while answers were given in it comes back with its answers, where it
// stood at the top.
func (x *Filling) RestoreInstance(id string) (Changed, error) {
	b := x.removed[id]
	if b == nil {
		return x.restoreFromAnswers(id)
	}
	self := slices.IndexFunc(b.instances, func(i *daylightv1.RepeatInstance) bool { return i.GetId() == id })
	at := x.repeatAt(b.instances[self].GetRepeat(), b.instances[self].GetParent())
	if at == nil {
		return Changed{}, refused("no-place", "bring that back first", "what the turn stood in is not there any more")
	}
	return x.change(func() {
		delete(x.removed, id)
		x.r.Instances = append(x.r.Instances, b.instances...)
		for _, a := range b.answers {
			x.r.Answers = append(x.r.Answers, a)
			x.answers[a.GetKey()] = a
		}
		x.placeTurns()
		x.stirMembers(at)
		x.turns[id].each(x.touch)
	}), nil
}

// restoreFromAnswers makes a turn anew from the answers that were given in it.
func (x *Filling) restoreFromAnswers(id string) (Changed, error) {
	for _, a := range x.r.GetAnswers() {
		k := ParseKey(a.GetKey())
		q := x.form.byName[k.Question]
		if k.Turn != id || id == "" || q == nil || q.Repeat == nil || x.turns[id] != nil {
			continue
		}
		if at := x.repeatAt(q.Repeat.Name, ""); at != nil && len(at.kids) < MaxTurns {
			return x.change(func() { x.addTurn(at, id, nextOrder(at)) }), nil
		}
	}
	return Changed{}, refused("unknown-turn", "", "there is nothing of such a turn to bring back")
}

// wanted is how many turns the expression of a counted repeat asks for (ruling R15).
func (n *node) wanted() int {
	if n.count == nil || !n.visible() {
		return 0
	}
	v, err := strconv.ParseFloat(n.x.ensure(n.count).text, 64)
	if err != nil || math.IsNaN(v) || v < 1 {
		return 0
	}
	return int(math.Min(v, MaxTurns+1))
}

// countTurns adds the turns that expressions ask for, and reports whether it added any.
// Fewer are never taken away.
func (x *Filling) countTurns() (added bool) {
	for i := 0; i < len(x.counted); i++ {
		n := x.counted[i]
		if n.count.clean && n.counted && !n.q.growing {
			continue
		}
		n.counted = n.visible()
		response, _ := record.ParseID(x.r.GetId())
		parent, _ := record.ParseID(n.turn)
		for k := 1; k <= min(n.wanted(), MaxTurns) && len(n.kids) < MaxTurns && n.mayGrow(); k++ {
			id := InstanceID(response, n.q.Name, parent, k).String()
			if x.turns[id] == nil {
				x.addTurn(n, id, uint32(k))
				added = true
			}
		}
	}
	return added
}

// mayGrow holds a repeat back that is counted by what stands in it: the next turn comes
// when somebody has answered in the last one, so that none grows by itself.
func (n *node) mayGrow() bool {
	if !n.q.growing || len(n.kids) == 0 {
		return true
	}
	answered := false
	n.kids[len(n.kids)-1].each(func(k *node) {
		own := k.isField() && k.q.Answerable() && k.q.rules.initial == nil && k.q.rules.literal == ""
		answered = answered || own && k.done()
	})
	return answered
}

// keepValues stores what calculations with once() got first.
func (x *Filling) keepValues() (stored bool) {
	for _, n := range x.kept {
		if n.answer.GetValue() != "" || !n.visible() || n.value.clean && n.value.text == "" {
			continue
		}
		if v := x.ensure(n.value).text; v != "" && x.storeValue(n, v) && n.answer.GetValue() != "" {
			stored = true
		}
	}
	return stored
}

// fire makes the calculations anew that a changed answer triggers.
func (x *Filling) fire() (fired bool) {
	due := map[*node]bool{}
	var order []*node
	for _, n := range x.touched {
		if !n.isField() || len(n.q.triggered) == 0 || n.gone || n.text() == n.told {
			continue
		}
		n.told = n.text()
		for _, q := range n.q.triggered {
			all, _ := x.find(q, n)
			for _, t := range all {
				if !due[t] && t.visible() {
					due[t] = true
					order = append(order, t)
				}
			}
		}
	}
	slices.SortStableFunc(order, func(a, b *node) int { return a.q.index - b.q.index })
	for _, t := range order {
		t.value.clean = false
		before := t.answer.GetValue()
		x.storeTriggered(t, x.ensure(t.value).text)
		fired = fired || t.answer.GetValue() != before
	}
	return fired
}

// tell has triggers know a value as it is: what a form gives by default triggers nothing.
func tell(n *node) { n.told = n.text() }

// storeTriggered keeps the note that a person wrote beside the value.
func (x *Filling) storeTriggered(n *node, value string) {
	if value == "" {
		x.store(n, newAnswer("", 0, n.answer.GetNote()))
		return
	}
	x.storeValue(n, value)
}
