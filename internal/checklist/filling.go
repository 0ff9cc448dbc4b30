package checklist

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Options are what a filling takes from outside.
type Options struct {
	// Now is the clock, in the zone that counts as local. Nil: the moment 0 of Unix, in
	// UTC. While the response is not finished, expressions see it as it was at the last
	// change; once it is finished they see that moment, for ever.
	Now func() time.Time
	// NewID gives the ids of turns that people add. Nil: none can be added.
	NewID func() record.ID
	// Language is what labels are shown in; empty: the response's own, then the form's.
	Language string
	// LastSaved is the response to the same form that this device saved before, for
	// ${last-saved#name}. Nil: none.
	LastSaved *daylightv1.ChecklistResponse
	// Contested are the answers that stand beside those of the response, by key: two
	// people answered at once. The response's is the one that counts meanwhile.
	Contested map[string][]*daylightv1.Answer
}

// clock is the moment, as Now says.
func (o Options) clock() time.Time {
	if o.Now == nil {
		return time.Unix(0, 0).UTC()
	}
	return o.Now()
}

// Filling is a response under its form: what is relevant, what is calculated, what is
// missing. Every change is evaluated at once, as far as it reaches. A Filling is for one
// goroutine at a time.
type Filling struct {
	form     *Form
	r        *daylightv1.ChecklistResponse
	o        Options
	language string
	moment   time.Time

	root    *node
	fields  map[Key]*node
	turns   map[string]*node
	answers map[string]*daylightv1.Answer
	removed map[string]*bundle
	settled []Key

	// counted are the repeats whose turns an expression counts; kept the calculations
	// that keep their first value.
	counted, kept []*node

	wide    []wide
	current *cell
	running []*cell
	touched []*node
	clocked []*cell
	rows    map[*list]*listNode
	last    map[string]*daylightv1.Answer
}

// Begin makes the response of a visit to a form, with the answers that the form gives by
// default and the turns that it counts. Nothing is stored by it.
func Begin(f *Form, response, visit record.ID, o Options) *daylightv1.ChecklistResponse {
	r := &daylightv1.ChecklistResponse{
		Id: response.String(), VisitId: proto.String(visit.String()), ChecklistId: proto.String(f.id.String()),
		ChecklistCode: proto.String(f.Code()), ChecklistVersion: proto.String(f.Version()),
	}
	x := open(f, r, o)
	if x.language != "" {
		r.Language = proto.String(x.language)
	}
	x.root.each(x.initial)
	x.root.each(tell)
	x.settle()
	return x.Response()
}

// Open puts a response under its form. The response is not changed by it; what the form
// derives, as the turns that it counts, is added to the filling's own copy.
func Open(f *Form, r *daylightv1.ChecklistResponse, o Options) *Filling {
	x := open(f, proto.Clone(r).(*daylightv1.ChecklistResponse), o)
	x.root.each(func(n *node) {
		if n.q != nil {
			n.was = n.now()
			n.told = n.was.text
		}
	})
	x.settle()
	return x
}

func open(f *Form, r *daylightv1.ChecklistResponse, o Options) *Filling {
	x := &Filling{
		form: f, r: r, o: o, language: cmp.Or(o.Language, r.GetLanguage(), f.language),
		fields: map[Key]*node{}, turns: map[string]*node{}, removed: map[string]*bundle{},
		answers: make(map[string]*daylightv1.Answer, len(r.GetAnswers())),
		wide:    make([]wide, len(f.questions)), rows: map[*list]*listNode{},
	}
	x.o.Contested = maps.Clone(o.Contested)
	x.tick()
	for _, a := range r.GetAnswers() {
		if x.answers[a.GetKey()] == nil {
			x.answers[a.GetKey()] = a
		}
	}
	x.root = &node{x: x}
	x.fill(x.root, f.top)
	x.placeTurns()
	return x
}

// tick takes the moment of the change that follows.
func (x *Filling) tick() {
	x.moment = x.o.clock()
	if at, ok := x.end(); ok {
		x.moment = at
	}
}

// end is when the response was finished; a day without a time counts from its beginning.
func (x *Filling) end() (time.Time, bool) {
	s := x.r.GetFinishedAt()
	if s == "" {
		return time.Time{}, false
	}
	return inZone(append(slices.Clone(minuteLayouts), dayLayout), s, x.moment)
}

// ended is the end as an answer; empty before it.
func (x *Filling) ended() string {
	if at, ok := x.end(); ok {
		return at.Format(momentLayout)
	}
	return ""
}

// placeTurns puts the response's turns where they belong, those before which they stand
// first. One whose repeat or parent is not there is left alone.
func (x *Filling) placeTurns() {
	waiting := map[string][]*daylightv1.RepeatInstance{}
	for _, i := range x.r.GetInstances() {
		waiting[i.GetParent()] = append(waiting[i.GetParent()], i)
	}
	var place func(parent string)
	place = func(parent string) {
		all := waiting[parent]
		delete(waiting, parent)
		slices.SortStableFunc(all, byOrder)
		for _, i := range all {
			if at := x.repeatAt(i.GetRepeat(), parent); at != nil && x.turns[i.GetId()] == nil && i.GetId() != "" {
				x.place(at, i)
			}
		}
		for _, i := range all {
			if x.turns[i.GetId()] != nil {
				place(i.GetId())
			}
		}
	}
	place("")
}

func byOrder(a, b *daylightv1.RepeatInstance) int {
	return cmp.Or(cmp.Compare(a.GetOrder(), b.GetOrder()), cmp.Compare(a.GetId(), b.GetId()))
}

// repeatAt is the repeat of that name in a turn, or with an empty parent at the top; nil
// where there is none.
func (x *Filling) repeatAt(name, parent string) *node {
	q, ok := x.form.byName[name]
	if !ok || q.Type != TypeRepeat {
		return nil
	}
	at := x.root
	if q.Repeat != nil {
		at = x.turns[parent]
		if at == nil || at.q != q.Repeat {
			return nil
		}
	} else if parent != "" {
		return nil
	}
	return x.child(q, at)
}

// child is the node of a question that stands in a turn, or with the root outside all
// repeats, perhaps in groups there.
func (x *Filling) child(q *Question, at *node) *node {
	if q.Parent == at.q {
		return at.kids[q.slot]
	}
	return x.child(q.Parent, at).kids[q.slot]
}

// place makes the nodes of a turn, in its order among the others.
func (x *Filling) place(repeat *node, i *daylightv1.RepeatInstance) *node {
	n := &node{x: x, q: repeat.q, up: repeat, turn: i.GetId(), instance: i}
	x.turns[i.GetId()] = n
	x.fill(n, repeat.q.Children)
	at, _ := slices.BinarySearchFunc(repeat.kids, i, func(k *node, i *daylightv1.RepeatInstance) int { return byOrder(k.instance, i) })
	repeat.kids = slices.Insert(repeat.kids, at, n)
	repeat.up.below = nil
	return n
}

// Form is the form that it is filled under.
func (x *Filling) Form() *Form { return x.form }

// Response is a copy of the response as it is now, to be saved: of what was opened only
// answers, turns, the end and the language change. What this program or form does not
// know stays as it came.
func (x *Filling) Response() *daylightv1.ChecklistResponse {
	return proto.Clone(x.r).(*daylightv1.ChecklistResponse)
}

// Language is the language that labels are shown in.
func (x *Filling) Language() string { return x.language }

// settle brings what is stored to what the form derives: turns that are counted, values
// that are kept, calculations that a change triggers. It ends since the form has no loops,
// and is bounded should one have been missed.
func (x *Filling) settle() (changed []Key) {
	if x.r.GetFinishedAt() == "" {
		for range len(x.form.questions) + 2 {
			if !x.countTurns() && !x.keepValues() && !x.fire() {
				break
			}
		}
	}
	for i := 0; i < len(x.touched); i++ {
		n := x.touched[i]
		n.touched = false
		if n.gone || n.q == nil {
			continue
		}
		if is := n.now(); is != n.was {
			n.was = is
			changed = append(changed, n.key())
		}
		n.told = n.was.text
	}
	x.touched = x.touched[:0]
	return changed
}

// stream is a cell's own random numbers: two devices draw the same, and looking draws
// nothing.
type stream struct{ r *rand.Rand }

func (x *Filling) stream(c *cell) *stream {
	seed := sha256.Sum256([]byte(x.r.GetId() + unit + c.n.key().String() + unit + c.f.column))
	return &stream{rand.New(rand.NewPCG(binary.BigEndian.Uint64(seed[:8]), binary.BigEndian.Uint64(seed[8:16])))}
}

func (s *stream) next() float64 { return s.r.Float64() }

// lastSaved is a question's answer in the response before this one: outside repeats, or
// that of the first turn.
func (x *Filling) lastSaved(q *Question) string {
	if x.last == nil {
		x.last = map[string]*daylightv1.Answer{}
		for _, a := range x.o.LastSaved.GetAnswers() {
			if k := ParseKey(a.GetKey()).Question; x.last[k] == nil {
				x.last[k] = a
			}
		}
	}
	a := x.last[q.Name]
	if a.GetState() > answered && q.list != nil && q.list.states {
		return StateName(a.GetState())
	}
	return a.GetValue()
}
