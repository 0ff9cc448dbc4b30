package sample

import (
	"cmp"
	"container/heap"
	"slices"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
)

// world is the history as it is being played.
type world struct {
	Config
	dice
	people []Person
	busy   []time.Time // until when each person is out

	places []*place
	codes  int // the last code of a place
	visits int // the last number of a visit
	// owed are the findings and recommendations that visits to come still have to bring,
	// so that the average holds.
	owedFindings, owedRecommendations float64
	toCome                            int

	now    time.Time
	sent   time.Time // of the last batch
	events events
	out    []Batch
}

// event is something that will happen.
type event struct {
	at     time.Time
	number int // of those at the same time, as they were planned
	do     func(at time.Time)
}

type events struct {
	heap []event
	last int
}

// Len, Less, Swap, Push and Pop are heap.Interface: the earliest event is in front.
func (e *events) Len() int { return len(e.heap) }

// Less: see Len.
func (e *events) Less(i, j int) bool {
	a, b := e.heap[i], e.heap[j]
	return a.at.Before(b.at) || a.at.Equal(b.at) && a.number < b.number
}

// Swap: see Len.
func (e *events) Swap(i, j int) { e.heap[i], e.heap[j] = e.heap[j], e.heap[i] }

// Push: see Len.
func (e *events) Push(x any) { e.heap = append(e.heap, x.(event)) }

// Pop: see Len.
func (e *events) Pop() any {
	n := len(e.heap) - 1
	x := e.heap[n]
	e.heap[n] = event{}
	e.heap = e.heap[:n]
	return x
}

func newWorld(c Config) *world {
	w := &world{Config: c, dice: newDice(c.Seed, 1), people: People(c), toCome: c.Visits}
	w.busy = make([]time.Time, len(w.people))
	w.owedFindings = float64(c.Findings * c.Visits)
	w.owedRecommendations = float64(c.Recommendations * c.Visits)
	w.register()
	w.planYears()
	return w
}

// play calls yield for every batch, in the order in which they come.
func (w *world) play(yield func(Batch) bool) {
	for w.events.Len() > 0 {
		e := heap.Pop(&w.events).(event)
		if e.at.After(w.Until) {
			return
		}
		w.now = e.at
		e.do(e.at)
		for _, b := range w.out {
			if !yield(b) {
				return
			}
		}
		w.out = w.out[:0]
	}
}

// on plans what happens at a time; what is late happens next.
func (w *world) on(at time.Time, do func(at time.Time)) {
	if at.Before(w.now) {
		at = w.now.Add(time.Minute)
	}
	w.events.last++
	heap.Push(&w.events, event{at, w.events.last, do})
}

// after plans what happens some days later, in office hours.
func (w *world) after(at time.Time, from, to int, do func(at time.Time)) {
	w.on(w.workday(at.AddDate(0, 0, w.between(from, to))), do)
}

// workday is an hour of work on the day, or on the Monday after it.
func (w *world) workday(at time.Time) time.Time {
	switch at.Weekday() {
	case time.Saturday:
		at = at.AddDate(0, 0, 2)
	case time.Sunday:
		at = at.AddDate(0, 0, 1)
	}
	return time.Date(at.Year(), at.Month(), at.Day(), w.between(5, 14), w.between(0, 59), w.between(0, 59), 0, time.UTC)
}

// sending is a batch that is being made.
type sending struct {
	w *world
	Batch
}

// send begins a batch that reaches the office at that time, and emit ends it: device
// after device, as they first wrote something into it, each in the order of its times.
func (w *world) send(at time.Time) *sending { return &sending{w, Batch{Sent: at}} }

func (b *sending) emit() {
	if len(b.Steps) == 0 {
		return
	}
	var devices []int
	for _, s := range b.Steps {
		if !slices.Contains(devices, s.By) {
			devices = append(devices, s.By)
		}
	}
	slices.SortStableFunc(b.Steps, func(x, y Step) int {
		return cmp.Or(cmp.Compare(slices.Index(devices, x.By), slices.Index(devices, y.By)), x.At.Compare(y.At))
	})
	if b.Sent.Before(b.w.sent) {
		b.Sent = b.w.sent
	}
	b.w.sent = b.Sent
	b.w.out = append(b.w.out, b.Batch)
}

// create adds a new record, and set what becomes of an old one. A step that is said to
// be in the future was made just before it was sent.
func (b *sending) create(by int, at time.Time, m record.Message) {
	b.Steps = append(b.Steps, Step{By: by, At: b.when(at), Message: m, Creates: true})
}

func (b *sending) set(by int, at time.Time, m record.Message) {
	b.Steps = append(b.Steps, Step{By: by, At: b.when(at), Message: m})
}

func (b *sending) when(at time.Time) time.Time {
	if at.After(b.Sent) {
		return b.Sent
	}
	return at
}
