package checklist

import (
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Given is an answer as a person gives it: a value, or a state that says why there is
// none; with either, or alone, a note.
type Given struct {
	// Value is as typed, or as stored: digits of any script, a comma for a point, times
	// without an offset are understood.
	Value string
	// State is why there is no value; not set, or answered, with one.
	State daylightv1.AnswerState
	Note  string
}

// Changed says what a change did.
type Changed struct {
	// Value is what is stored now; Rewritten: it is not letter for letter what was given.
	Value     string
	Rewritten bool
	// Keys are the questions whose relevance, value or state is another than before, and
	// the turns that came, in no order; the one that was set among them.
	Keys []Key
}

// Set answers a question. An error is an *Error and refuses what can be no answer of the
// type; nothing has changed then. An answer that breaks the form's constraint is kept and
// flagged. Nothing given at all takes the answer away.
func (x *Filling) Set(k Key, g Given) (Changed, error) {
	n, err := x.asked(k)
	if err != nil {
		return Changed{}, err
	}
	a, err := n.q.answer(g, x.o.clock())
	if err != nil {
		return Changed{}, err
	}
	out := x.change(func() { x.store(n, a) })
	out.Value = a.GetValue()
	out.Rewritten = out.Value != g.Value && a.GetState() <= answered
	return out, nil
}

// Clear takes an answer away, with its state and note.
func (x *Filling) Clear(k Key) (Changed, error) { return x.Set(k, Given{}) }

// asked is the node of a question that a person may answer.
func (x *Filling) asked(k Key) (*node, error) {
	n := x.fields[k]
	if n == nil {
		return nil, refused("unknown-question", "", "the form has no question %q, or not in that turn", clipped(k.String()))
	}
	switch q := n.q; {
	case q.StateOf != nil:
		return nil, refused("computed", "give "+q.StateOf.Called+" its state", "%s follows from the state of %s", q.Called, q.StateOf.Called)
	case q.Computed:
		return nil, refused("computed", "", "%s is calculated, or filled in by the program", q.Called)
	case q.role != asks && q.role != attaches:
		return nil, q.notAsked()
	}
	if n.readOnly() {
		return nil, refused("read-only", "", "%s can only be read here", n.q.Called)
	}
	return n, nil
}

// answer is what is stored for what was given; nil for nothing.
func (q *Question) answer(g Given, now time.Time) (*daylightv1.Answer, error) {
	if err := plainText(g.Note, MaxNote); err != nil {
		return nil, err
	}
	state := g.State
	if g.Value != "" && state > answered {
		return nil, refused("state-with-value", "give one of the two", "an answer has a value, or a state that says why there is none")
	}
	value := ""
	if g.Value != "" {
		var err error
		if value, err = q.lexical(g.Value, now); err != nil {
			return nil, err
		}
		if s := q.stateMeant(value); s != 0 {
			value, state = "", s
		}
	}
	if state > answered && !q.States {
		return nil, refused("no-state", "choose one of its choices", "%s is always to be answered", q.Called)
	}
	return newAnswer(value, state, g.Note), nil
}

func newAnswer(value string, state daylightv1.AnswerState, note string) *daylightv1.Answer {
	a := &daylightv1.Answer{}
	switch {
	case value != "":
		a.State, a.Value = answered.Enum(), proto.String(value)
	case state > answered:
		a.State = state.Enum()
	case note == "":
		return nil
	}
	if note != "" {
		a.Note = proto.String(note)
	}
	return a
}

// stateMeant is the state that a choice stands for; 0 for a choice that is one.
func (q *Question) stateMeant(value string) daylightv1.AnswerState {
	if q.list == nil || !q.list.states || q.list.byName[value] == nil {
		return 0
	}
	return q.list.byName[value].state
}

// store puts an answer, or with nil none, into the response. What an older answer holds
// that this program does not know stays with it; who gave it when, as from paper, does
// not, since it is given anew.
func (x *Filling) store(n *node, a *daylightv1.Answer) {
	key := n.key().String()
	if len(x.o.Contested[key]) > 0 {
		delete(x.o.Contested, key)
		x.settled = append(x.settled, n.key())
		x.touch(n)
	}
	switch old := x.answers[key]; {
	case a == nil && old == nil:
		return
	case a == nil:
		delete(x.answers, key)
		x.r.Answers = slices.DeleteFunc(x.r.Answers, func(b *daylightv1.Answer) bool { return b.GetKey() == key })
	default:
		a.Key = key
		if old != nil && sameAnswer(old, a) {
			return
		}
		if old != nil {
			a.ProtoReflect().SetUnknown(old.ProtoReflect().GetUnknown())
		}
		x.answers[key] = a
		if i := slices.Index(x.r.Answers, old); old != nil && i >= 0 {
			x.r.Answers[i] = a
		} else {
			x.r.Answers = append(x.r.Answers, a)
		}
	}
	n.answer = x.answers[key]
	x.stirText(n)
}

// Settled are the answers that were contested and have been given anew since, perhaps as
// they stood: who saves them settles the conflict.
func (x *Filling) Settled() []Key { return slices.Clone(x.settled) }

// sameAnswer reports whether two say the same, whoever said it when.
func sameAnswer(a, b *daylightv1.Answer) bool {
	return max(a.GetState(), answered) == max(b.GetState(), answered) && a.GetValue() == b.GetValue() && a.GetNote() == b.GetNote()
}

// change makes a change and evaluates what it reaches.
func (x *Filling) change(do func()) Changed {
	x.tick()
	x.stirClock()
	do()
	return Changed{Keys: x.settle()}
}

// Refresh evaluates anew what the clock tells, as the day may have changed.
func (x *Filling) Refresh() Changed { return x.change(func() {}) }

// Finish says that the response is finished at a moment. From then on the clock of its
// expressions stands at that moment.
func (x *Filling) Finish(at time.Time) Changed {
	return x.finished(proto.String(at.Format(time.RFC3339)))
}

// Reopen takes the end back.
func (x *Filling) Reopen() Changed { return x.finished(nil) }

// finished moves the clock as well, so the end is set before the change takes the moment.
func (x *Filling) finished(at *string) Changed {
	x.r.FinishedAt = at
	return x.change(func() {
		for _, q := range x.form.questions {
			if q.Type == TypeEnd {
				for _, n := range x.everywhere(q) {
					x.stirText(n)
				}
			}
		}
	})
}

// initial gives a question its default, where it has one and nobody has answered.
func (x *Filling) initial(n *node) {
	if !n.isField() || n.answer != nil {
		return
	}
	r := n.q.rules
	value := r.literal
	switch {
	case n.q.Type == TypeStart:
		value = x.moment.Format(momentLayout)
	case n.q.Type == TypeToday:
		value = x.moment.Format(dayLayout)
	case r.initial != nil:
		// A cell of its own: what it reads is read once.
		c := &cell{n: n, f: r.initial, kind: textOf}
		before := x.current
		x.current = nil
		value = x.value(c, nil, nil).text
		x.current = before
	}
	x.storeValue(n, value)
}

// storeValue stores what the form itself gives; what can be no answer is left out.
func (x *Filling) storeValue(n *node, value string) bool {
	if n.q.role == asks {
		a, err := n.q.answer(Given{Value: value}, x.moment)
		if err != nil {
			return false
		}
		x.store(n, a)
		return true
	}
	x.store(n, newAnswer(strings.ToValidUTF8(value, "\ufffd"), 0, ""))
	return true
}
