package checklist

import (
	"slices"
	"strconv"
	"strings"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// ItemKind says what an item is on a page.
type ItemKind uint8

// The kinds of items.
const (
	ItemGroup    ItemKind = iota + 1
	ItemRepeat            // a repeat as a whole: where turns are added
	ItemTurn              // one turn of a repeat
	ItemQuestion          // asked, or to be shown: also computed ones that a page shows
	ItemNote
)

// Item is what a page shows of one row, as it is now.
type Item struct {
	// Key is the question's; of a repeat the name with the turn that it stands in, of a
	// turn the repeat's name with the turn itself.
	Key      Key
	Kind     ItemKind
	Question *Question
	// Depth counts the groups, repeats and turns around it.
	Depth int
	// Relevant is true in Items; an item asked for by its key may not be.
	Relevant bool

	// Label, Hint and Guidance have what they refer to filled in. The label of a turn is
	// its repeat's, with its position behind it where nothing of the turn stands in it.
	Label, Hint, Guidance Text

	// Turns is how many a repeat has; CanAdd: people may add one. Position is a turn's
	// place in its repeat, from 1; CanRemove: people may take it away.
	Turns, Position   int
	CanAdd, CanRemove bool

	// Value is what is stored, or what was calculated; State why there is none; Display
	// what a person reads for it: the labels of choices. Note is what was noted beside it.
	Value   string
	State   daylightv1.AnswerState
	Display string
	Note    string
	// Done: there is an answer, or a state that says why not.
	Done bool

	// ReadOnly: shown, not to be changed. Required: an answer or a state is wanted;
	// Missing: and there is none. RequiredMessage is the form's own words for it.
	ReadOnly, Required, Missing bool
	RequiredMessage             Text
	// Broken: the answer breaks the form's constraint, or is out of a range's bounds;
	// BrokenMessage is the form's own words for it, perhaps none.
	Broken        bool
	BrokenMessage Text

	// Choices are those offered now: not retired, let through by the filter, no states.
	Choices []Choice
	// States: why there is no answer can be said.
	States bool
	// Suggests: the form's own expression suggests a finding.
	Suggests bool

	// Contested are all answers that stand beside each other, that of the response first;
	// empty where there is one.
	Contested []Candidate
	// Flags are about this item alone.
	Flags []record.Flag
}

// Candidate is one of several answers that stand beside each other.
type Candidate struct {
	Value   string
	State   daylightv1.AnswerState
	Display string
	Note    string
}

// Items are what stands on the page now, in the order of the form.
func (x *Filling) Items() []Item {
	var out []Item
	x.walk(x.root, 0, func(n *node, depth int) {
		if n.onPage() {
			out = append(out, x.item(n, depth))
		}
	})
	return out
}

// walk visits what is relevant, in the order of the form.
func (x *Filling) walk(n *node, depth int, visit func(*node, int)) {
	for _, k := range n.kids {
		if !k.isTurn() && k.relevance != nil && !x.ensure(k.relevance).truth {
			continue
		}
		visit(k, depth)
		x.walk(k, depth+1, visit)
	}
}

// onPage reports whether a page shows the row.
func (n *node) onPage() bool {
	switch n.q.role {
	case contains, tells, attaches:
		return true
	case asks:
		return n.q.StateOf == nil
	}
	return false
}

// Item is the item of a key, relevant or not; false for a key that the form or the
// response does not have.
func (x *Filling) Item(k Key) (Item, bool) {
	n := x.nodeOf(k)
	if n == nil {
		return Item{}, false
	}
	depth := 0
	for up := n.up; up.q != nil; up = up.up {
		depth++
	}
	return x.item(n, depth), true
}

// nodeOf finds a question, group, repeat or turn by its key.
func (x *Filling) nodeOf(k Key) *node {
	if n := x.fields[k]; n != nil {
		return n
	}
	q := x.form.byName[k.Question]
	if q == nil {
		return nil
	}
	at := x.root
	if k.Turn != "" {
		at = x.turns[k.Turn]
		if at == nil || at.q == q {
			return at
		}
	}
	if at.q != q.Repeat {
		return nil
	}
	return x.child(q, at)
}

func (x *Filling) item(n *node, depth int) Item {
	lang := x.language
	it := Item{Key: n.key(), Question: n.q, Depth: depth, Relevant: n.visible()}
	it.Label, it.Hint, it.Guidance = x.fillIn(n, n.q.Label(lang)), x.fillIn(n, n.q.Hint(lang)), x.fillIn(n, n.q.Guidance(lang))
	switch {
	case n.isTurn():
		it.Kind = ItemTurn
		it.Position = n.position()
		it.Label = x.title(n, it.Position)
		it.CanRemove = !n.q.Counted || it.Position > n.up.wanted()
	case n.isRepeat():
		it.Kind, it.Turns = ItemRepeat, len(n.kids)
		it.CanAdd = !n.q.Counted && len(n.kids) < MaxTurns
		it.Flags = x.flagsOf(n)
	case n.q.Type == TypeGroup:
		it.Kind = ItemGroup
	case n.q.Type == TypeNote:
		it.Kind = ItemNote
	default:
		it.Kind = ItemQuestion
		x.answerItem(n, &it)
	}
	return it
}

// answerItem fills in what questions have.
func (x *Filling) answerItem(n *node, it *Item) {
	lang := x.language
	it.Note = n.answer.GetNote()
	it.Value, it.State = n.says()
	it.Display = x.display(n.q, it.Value, it.State)
	it.Done, it.Required, it.ReadOnly, it.Missing = n.done(), n.required(), n.readOnly(), n.missing()
	it.RequiredMessage = x.fillIn(n, n.q.RequiredMessage(lang))
	if it.Broken = n.broken(); it.Broken {
		it.BrokenMessage = x.fillIn(n, n.q.ConstraintMessage(lang))
	}
	it.States = n.q.States && !it.ReadOnly
	it.Choices = x.offered(n)
	it.Suggests = n.suggests()
	it.Contested = x.contested(n)
	if it.Relevant {
		it.Flags = x.flagsOf(n)
	}
}

// contested are the answers that stand beside each other. What the form itself fills in
// is nobody's contest.
func (x *Filling) contested(n *node) []Candidate {
	if n.q.role != asks && n.q.role != attaches || n.q.Computed {
		return nil
	}
	others := x.o.Contested[n.key().String()]
	if len(others) == 0 {
		return nil
	}
	out := []Candidate{x.candidate(n.q, n.answer)}
	for _, a := range others {
		if c := x.candidate(n.q, a); !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

func (x *Filling) candidate(q *Question, a *daylightv1.Answer) Candidate {
	c := Candidate{Value: a.GetValue(), State: a.GetState(), Note: a.GetNote()}
	if c.State == 0 && c.Value != "" {
		c.State = answered
	}
	c.Display = x.display(q, c.Value, c.State)
	return c
}

// display is what a person reads for a value: labels of choices, all else as it is
// stored. A state has words only where the list of choices has them.
func (x *Filling) display(q *Question, value string, state daylightv1.AnswerState) string {
	if state > answered && q.list != nil && q.list.states {
		value = StateName(state)
	}
	if !q.Type.Select() || value == "" {
		return value
	}
	parts := q.chosen(value)
	for i, name := range parts {
		if c := q.list.byName[name]; c != nil {
			parts[i] = c.in(x.form, x.language).Label.Text
		}
	}
	return strings.Join(parts, ", ")
}

// offered are the choices that can be chosen now.
func (x *Filling) offered(n *node) []Choice {
	if n.q.list == nil {
		return nil
	}
	out := make([]Choice, 0, len(n.q.list.choices))
	take := func(c *choice) {
		if c.retired || c.state != 0 && n.q.States {
			return
		}
		in := c.in(x.form, x.language)
		in.Label = x.fillIn(n, in.Label)
		out = append(out, in)
	}
	if f := n.view(filterView); f != nil {
		for _, i := range x.ensure(f).picks {
			take(n.q.list.choices[i])
		}
		return out
	}
	for _, c := range n.q.list.choices {
		take(c)
	}
	return out
}

// title is what a turn is called: its label where that says something of the turn, else
// the label with the turn's position.
func (x *Filling) title(n *node, position int) Text {
	label := n.q.Label(x.language)
	if strings.Contains(label.Text, "${") {
		if t := x.fillIn(n, label); strings.TrimSpace(t.Text) != "" {
			return t
		}
	}
	if label.Text == "" || strings.Contains(label.Text, "${") {
		label.Text = n.q.Called
	}
	return Text{label.Text + " " + strconv.Itoa(position), label.Language}
}

// fillIn puts answers where a text refers to them.
func (x *Filling) fillIn(n *node, t Text) Text {
	if !strings.Contains(t.Text, "${") {
		return t
	}
	t.Text = mentioned.ReplaceAllStringFunc(t.Text, func(m string) string {
		q := x.meant(n, strings.TrimSpace(m[2:len(m)-1]))
		if q == nil {
			return m
		}
		if all, _ := x.find(q, n); len(all) > 0 {
			return all[0].text()
		}
		return ""
	})
	return t
}

// Next is the first question after a key that is neither answered nor explained, or is
// contested; the zero Key asks from the start. After the last one it is false.
func (x *Filling) Next(after Key) (Key, bool) {
	passed, found := after == Key{}, Key{}
	x.walk(x.root, 0, func(n *node, _ int) {
		if passed && found == (Key{}) && n.asked() && (!n.done() || len(x.contested(n)) > 0) {
			found = n.key()
		}
		passed = passed || n.key() == after
	})
	return found, found != Key{}
}

// InstanceName is what the form says the response is called; empty where it says nothing.
func (x *Filling) InstanceName() string {
	f := x.form.instanceName
	if f == nil {
		return ""
	}
	return x.value(&cell{n: x.root, f: f, kind: textOf}, nil, nil).text
}
