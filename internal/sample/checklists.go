package sample

import (
	"hash/fnv"
	"slices"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// formsFor are the shipped forms for a type of place, compiled.
func formsFor(placeType string) []*checklist.Form { return shippedForms()[placeType] }

var shippedForms = sync.OnceValue(func() map[string][]*checklist.Form {
	out, all, compiled := map[string][]*checklist.Form{}, checklist.NewCatalogue(nil), map[record.ID]*checklist.Form{}
	for _, t := range placeTypes {
		for _, o := range all.Offered(t.code, "") {
			if compiled[o.ID] == nil {
				m, _ := all.Form(o.ID)
				compiled[o.ID], _ = checklist.Compile(m)
			}
			if f := compiled[o.ID]; f != nil {
				out[t.code] = append(out[t.code], f)
			}
		}
	}
	return out
})

// checklists are filled on half of the visits for which there is one. Their dice are their
// own, so that all else of a history is as it would be without them.
func (o *outing) checklists() {
	h := fnv.New64a()
	_, _ = h.Write([]byte(o.visit.id))
	d := newDice(o.Seed, h.Sum64())
	for _, f := range formsFor(o.place.placeType.code) {
		if d.chance(50) {
			o.checklist(d, f)
		}
	}
}

// checklist is one that two of the team fill by halves, each on their own device, and now and
// then both answer one question. One in five is not finished.
func (o *outing) checklist(d dice, f *checklist.Form) {
	visit, err := record.ParseID(o.visit.id)
	if err != nil {
		return
	}
	at := o.place.local(o.left.Add(-20 * time.Minute))
	options := checklist.Options{Now: func() time.Time { return at }, NewID: func() record.ID {
		id, _ := record.ParseID(d.id(record.ChecklistResponse, at))
		return id
	}}
	w := &walk{dice: d, outing: o, form: f, last: len(f.Sections()), skipped: map[checklist.Key]bool{}}
	unfinished := d.chance(20)
	if unfinished {
		w.last = d.between(2, w.last-1)
	}
	w.x = checklist.Open(f, checklist.Begin(f, checklist.ResponseID(visit, f.ID()), visit, options), options)
	w.fill()
	if !unfinished {
		w.x.Finish(at)
	}
	o.byHalves(w.x.Response(), w, at)
}

// byHalves writes the response down as two people made it: who began it has the first half.
func (o *outing) byHalves(r *daylightv1.ChecklistResponse, w *walk, at time.Time) {
	first, second := o.head(), o.team[len(o.team)-1]
	finished := r.FinishedAt
	r.FinishedAt = nil
	part := &daylightv1.ChecklistResponse{Id: r.Id}
	if second != first {
		part.Answers, r.Answers = half(w, r.Answers, questionOf)
		part.Instances, r.Instances = half(w, r.Instances, (*daylightv1.RepeatInstance).GetRepeat)
	}
	if len(part.Answers) > 0 {
		part.Answers = append(part.Answers, w.otherwise(r.Answers)...)
	}
	o.note(first, at.Add(-2*time.Hour), true, r)
	if len(part.Answers) > 0 {
		o.note(second, at.Add(-time.Hour), false, part)
	}
	if finished != nil {
		o.note(first, at, false, &daylightv1.ChecklistResponse{Id: r.Id, FinishedAt: finished})
	}
}

// half divides answers, or turns of repeats, by the sections of their questions.
func half[M any](w *walk, all []M, question func(M) string) (second, first []M) {
	for _, m := range all {
		if q, ok := w.form.Question(question(m)); ok && w.late(q) {
			second = append(second, m)
		} else {
			first = append(first, m)
		}
	}
	return second, first
}

func questionOf(a *daylightv1.Answer) string { return checklist.ParseKey(a.GetKey()).Question }

// late reports whether a question stands in the second half of the form.
func (w *walk) late(q *checklist.Question) bool {
	sections := w.form.Sections()
	return slices.Index(sections, q.Section()) >= len(sections)/2
}

// otherwise are answers that the second of the two gives too, and not as the first did.
func (w *walk) otherwise(first []*daylightv1.Answer) (out []*daylightv1.Answer) {
	if !w.chance(12) {
		return nil
	}
	for range w.between(1, 2) {
		a := proto.CloneOf(one(w.dice, first...))
		q, ok := w.form.Question(questionOf(a))
		if !ok || !q.Answerable() || slices.ContainsFunc(out, func(o *daylightv1.Answer) bool { return o.Key == a.Key }) {
			continue
		}
		value := w.value(q, q.Choices(""))
		if value != "" && value != a.GetValue() {
			a.Value, a.State = &value, daylightv1.AnswerState_ANSWER_STATE_ANSWERED.Enum()
			out = append(out, a)
		}
	}
	return out
}
