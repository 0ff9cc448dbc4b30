package checklist

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// MisfitCode says why an answer does not fit a newer version, or why it should be looked
// at there.
type MisfitCode string

// The codes. The first ones were left behind, and are asked again; those behind Carried
// were carried over.
const (
	MisfitQuestionGone    MisfitCode = "question-gone"
	MisfitRepeatGone      MisfitCode = "repeat-gone"
	MisfitMoved           MisfitCode = "moved"            // into a repeat, or out of one
	MisfitComputed        MisfitCode = "computed"         // a calculation makes the value now
	MisfitTypeChanged     MisfitCode = "type-changed"     // and the value is none of the new type
	MisfitChoiceGone      MisfitCode = "choice-gone"      // from the list
	MisfitAnsweredAlready MisfitCode = "answered-already" // otherwise, in the newer response

	MisfitChoiceRetired    MisfitCode = "choice-retired"    // carried over
	MisfitChoiceReworded   MisfitCode = "choice-reworded"   // carried over; it may mean something else now
	MisfitQuestionReworded MisfitCode = "question-reworded" // carried over; it may ask something else now
)

// MisfitTexts are the sentences by code, in English with {name} where a param stands: for
// catalogues.
func MisfitTexts() map[MisfitCode]string { return maps.Clone(misfitTexts) }

// Misfit is one answer that does not fit the newer version, or that somebody should look
// at there. The older response keeps it in any case.
type Misfit struct {
	// Key is the answer's in the older response; To in the newer one, empty where it was
	// left behind.
	Key, To Key
	Code    MisfitCode
	// Carried: it stands in the newer response and is to be looked at.
	Carried bool
	// Question is how the older version asks, in the response's language, as it is written.
	Question Text
	// Text is one sentence in English. Params are names of choices and of types, never what
	// somebody wrote.
	Text   string
	Params map[string]string
}

var misfitTexts = map[MisfitCode]string{
	MisfitQuestionGone:     "The newer version does not ask this.",
	MisfitRepeatGone:       "The newer version does not repeat these questions.",
	MisfitMoved:            "The newer version asks this in other turns: it is not clear in which one the answer belongs.",
	MisfitComputed:         "The newer version calculates this.",
	MisfitTypeChanged:      "The newer version asks for another sort of answer ({type}), and this one cannot be read as it.",
	MisfitChoiceGone:       "The newer version has no choice {choice} here.",
	MisfitAnsweredAlready:  "The newer response has another answer to this, which stays.",
	MisfitChoiceRetired:    "The newer version no longer offers the choice {choice}.",
	MisfitChoiceReworded:   "The newer version words the choice {choice} otherwise: look whether it still holds.",
	MisfitQuestionReworded: "The newer version words the question otherwise: look whether the answer still holds.",
}

// Carry gives a response to a newer version of a form with the answers of an older one:
// those that fit it, all states and notes, and the turns of repeats. It says of each
// answer that was left behind, or that should be looked at, why. The older response is
// not changed and loses nothing; the newer one says which it continues.
//
// Into is the newer response where there is one already, as a team-mate may have begun
// it: what is answered in it stays. With nil one is begun. Two devices that carry over
// the same response make the same one.
func Carry(from *Filling, to *Form, into *daylightv1.ChecklistResponse, o Options) (*daylightv1.ChecklistResponse, []Misfit) {
	old := from.Response()
	c := &carrying{from: from.form, to: to, language: cmp.Or(o.Language, old.GetLanguage())}
	if into == nil {
		visit, _ := record.ParseID(old.GetVisitId())
		into = Begin(to, CarriedID(from, to), visit, o)
		into.VisitId, into.Language = old.VisitId, old.Language
		c.begun = true
	} else {
		into = proto.Clone(into).(*daylightv1.ChecklistResponse)
	}
	if into.ContinuesId == nil && into.GetId() != old.GetId() {
		into.ContinuesId = proto.String(old.GetId())
	}
	c.new, c.now = into, o.clock()
	c.turns(old)
	for _, a := range c.inOrder(old.GetAnswers()) {
		c.answer(a)
	}
	return into, c.misfits
}

// CarriedID is the id of the response to another version that an older one is carried
// over to, the same on every device: of a visit's first response the visit's first to the
// other version.
func CarriedID(from *Filling, to *Form) record.ID {
	visit, _ := record.ParseID(from.r.GetVisitId())
	id, _ := record.ParseID(from.r.GetId())
	if id == ResponseID(visit, from.form.ID()) {
		return ResponseID(visit, to.ID())
	}
	return ResponseID(id, to.ID())
}

// carrying is one carry-over under way.
type carrying struct {
	from, to *Form
	language string
	now      time.Time

	new     *daylightv1.ChecklistResponse
	begun   bool // by this carry-over: its answers are defaults
	misfits []Misfit

	// moved are the turns of the older response, with their ids in the newer one.
	moved map[string]string
	// repeatOf names the repeat of each turn of the older response.
	repeatOf map[string]string
}

// inOrder are the answers in the order of the older form; those that it does not know at
// the end.
func (c *carrying) inOrder(answers []*daylightv1.Answer) []*daylightv1.Answer {
	place := func(a *daylightv1.Answer) int {
		if q := c.from.byName[ParseKey(a.GetKey()).Question]; q != nil {
			return q.index
		}
		return len(c.from.questions)
	}
	out := slices.Clone(answers)
	slices.SortStableFunc(out, func(a, b *daylightv1.Answer) int { return cmp.Compare(place(a), place(b)) })
	return out
}

// turns carries over the turns of the repeats that the newer version has too, those that
// stand in another behind it.
func (c *carrying) turns(old *daylightv1.ChecklistResponse) {
	c.moved, c.repeatOf = map[string]string{}, map[string]string{}
	all := slices.Clone(old.GetInstances())
	slices.SortStableFunc(all, func(a, b *daylightv1.RepeatInstance) int { return cmp.Compare(a.GetOrder(), b.GetOrder()) })
	for _, i := range all {
		c.repeatOf[i.GetId()] = i.GetRepeat()
	}
	count := map[string]int{} // turns of a repeat in one turn
	for left := all; len(left) > 0; {
		var later []*daylightv1.RepeatInstance
		for _, i := range left {
			if !c.turn(i, count) {
				later = append(later, i)
			}
		}
		if len(later) == len(left) {
			return // they stand in turns that nobody knows
		}
		left = later
	}
}

// turn carries one over, unless what it stands in has not been.
func (c *carrying) turn(i *daylightv1.RepeatInstance, count map[string]int) (done bool) {
	q := c.to.byName[i.GetRepeat()]
	if q == nil || q.Type != TypeRepeat {
		return true
	}
	parent, ok := c.moved[i.GetParent()]
	if i.GetParent() != "" && !ok {
		return c.repeatOf[i.GetParent()] == "" || !c.has(c.repeatOf[i.GetParent()])
	}
	outer := ""
	if q.Repeat != nil {
		outer = q.Repeat.Name
	}
	if outer != c.repeatOf[i.GetParent()] {
		return true // it repeats inside another one now
	}
	place := i.GetRepeat() + unit + parent
	count[place]++
	id := i.GetId()
	if q.Counted {
		response, _ := record.ParseID(c.new.GetId())
		above, _ := record.ParseID(parent)
		id = InstanceID(response, q.Name, above, count[place]).String()
	}
	c.moved[i.GetId()] = id
	if !slices.ContainsFunc(c.new.GetInstances(), func(n *daylightv1.RepeatInstance) bool { return n.GetId() == id }) {
		added := proto.Clone(i).(*daylightv1.RepeatInstance)
		added.Id = id
		if added.Parent = nil; parent != "" {
			added.Parent = proto.String(parent)
		}
		c.new.Instances = append(c.new.Instances, added)
	}
	return true
}

// has reports whether the newer version repeats under that name.
func (c *carrying) has(repeat string) bool {
	q := c.to.byName[repeat]
	return q != nil && q.Type == TypeRepeat
}

// answer carries one over as far as it fits.
func (c *carrying) answer(a *daylightv1.Answer) {
	key := ParseKey(a.GetKey())
	was := c.from.byName[key.Question]
	q := c.counterpart(key.Question, was)
	if why := c.misplaced(key, q); why != "" {
		if a.GetValue() != "" || a.GetState() != 0 || a.GetNote() != "" {
			c.say(key, Key{}, was, why, nil)
		}
		return
	}
	to := Key{q.Name, c.moved[key.Turn]}
	carried := proto.Clone(a).(*daylightv1.Answer)
	carried.Key = to.String()
	if carried.GetValue() != "" {
		value, why, params := c.value(was, q, carried.GetValue())
		if why != "" {
			c.say(key, Key{}, was, why, params)
			if carried.Value, carried.State = nil, nil; carried.GetNote() == "" {
				return
			}
		} else {
			carried.Value = &value
			if s := q.stateMeant(value); s != 0 { // a choice before, a state now
				carried.Value, carried.State = nil, s.Enum()
			}
		}
	}
	if !c.put(carried) {
		c.say(key, to, was, MisfitAnsweredAlready, nil)
		return
	}
	if carried.GetValue() != "" {
		c.lookAt(key, to, was, q, carried.GetValue())
	}
}

// counterpart is the question of the newer version: of the same name, or where a group
// came or went around it, the only one that is called that in both.
func (c *carrying) counterpart(name string, was *Question) *Question {
	if q := c.to.byName[name]; q != nil {
		return q
	}
	if was != nil && len(c.from.byCalled[was.Called]) == 1 && len(c.to.byCalled[was.Called]) == 1 {
		return c.to.byCalled[was.Called][0]
	}
	return nil
}

// misplaced says why an answer has no place in the newer version.
func (c *carrying) misplaced(key Key, q *Question) MisfitCode {
	switch {
	case key.Turn != "" && c.repeatOf[key.Turn] != "" && !c.has(c.repeatOf[key.Turn]):
		return MisfitRepeatGone
	case q == nil || q.role == contains || q.role == tells || q.StateOf != nil:
		return MisfitQuestionGone
	case q.derived() || q.role == remembers:
		return MisfitComputed
	case (q.Repeat == nil) != (key.Turn == ""),
		q.Repeat != nil && q.Repeat.Name != c.repeatOf[key.Turn],
		q.Repeat != nil && c.moved[key.Turn] == "":
		return MisfitMoved
	}
	return ""
}

// value gives the value as the newer question has it, or why it does not fit.
func (c *carrying) value(was, q *Question, value string) (string, MisfitCode, map[string]string) {
	typed := map[string]string{"type": string(q.Type)}
	if was != nil && was.Type.Select() != q.Type.Select() {
		return "", MisfitTypeChanged, typed
	}
	if q.Type.Select() {
		for _, name := range strings.Fields(value) {
			if q.list == nil || q.list.byName[name] == nil {
				return "", MisfitChoiceGone, map[string]string{"choice": name}
			}
		}
	}
	if q.role == computes && (was == nil || was.role == computes) {
		return value, "", nil // what a calculation kept
	}
	out, err := q.lexical(value, c.now)
	if err != nil || out == "" {
		return "", MisfitTypeChanged, typed
	}
	return out, "", nil
}

// put adds an answer to the newer response; false where that has another one.
func (c *carrying) put(a *daylightv1.Answer) bool {
	i := slices.IndexFunc(c.new.Answers, func(b *daylightv1.Answer) bool { return b.GetKey() == a.GetKey() })
	switch {
	case i < 0:
		c.new.Answers = append(c.new.Answers, a)
	case c.begun:
		c.new.Answers[i] = a
	default:
		b := c.new.Answers[i]
		if b.GetValue() != "" || b.GetState() > answered {
			return b.GetValue() == a.GetValue() && b.GetState() == a.GetState()
		}
		if b.GetNote() != "" {
			a.Note = b.Note
		}
		c.new.Answers[i] = a
	}
	return true
}

// lookAt says what somebody should look at in an answer that was carried over.
func (c *carrying) lookAt(key, to Key, was, q *Question, value string) {
	if was == nil {
		return
	}
	if reworded(was.row.GetLabels(), q.row.GetLabels()) {
		c.say(key, to, was, MisfitQuestionReworded, nil)
	}
	if was.list == nil || q.list == nil {
		return
	}
	for _, name := range strings.Fields(value) {
		before, now := was.list.byName[name], q.list.byName[name]
		params := map[string]string{"choice": name}
		switch {
		case now == nil:
		case now.retired:
			c.say(key, to, was, MisfitChoiceRetired, params)
		case before != nil && reworded(before.labels, now.labels):
			c.say(key, to, was, MisfitChoiceReworded, params)
		}
	}
}

// reworded reports whether two labels differ in every language that both have: a
// translation that was mended alone changes no meaning.
func reworded(before, now []*daylightv1.LocalText) bool {
	both := 0
	for _, b := range before {
		for _, n := range now {
			if b.GetLanguage() != n.GetLanguage() || b.GetText() == "" || n.GetText() == "" {
				continue
			}
			if both++; sameWords(b.GetText(), n.GetText()) {
				return false
			}
		}
	}
	return both > 0
}

func sameWords(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}

func (c *carrying) say(key, to Key, was *Question, code MisfitCode, params map[string]string) {
	m := Misfit{Key: key, To: to, Code: code, Params: params, Text: misfitTexts[code]}
	m.Carried = code == MisfitChoiceRetired || code == MisfitChoiceReworded || code == MisfitQuestionReworded
	for name, value := range params {
		m.Text = strings.ReplaceAll(m.Text, "{"+name+"}", strconv.Quote(value))
	}
	if was != nil {
		m.Question = was.Label(c.language)
	}
	c.misfits = append(c.misfits, m)
}
