package sample

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/checklist"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// walk fills a checklist at random, within what its form allows.
type walk struct {
	dice
	*outing
	form *checklist.Form
	x    *checklist.Filling
	// last is the section at which the team stopped.
	last    int
	skipped map[checklist.Key]bool
}

// fill answers what is asked, then what is asked because of that.
func (w *walk) fill() {
	sections := w.form.Sections()
	for range 4 {
		did := false
		for _, i := range w.x.Items() {
			if slices.Index(sections, i.Question.Section()) >= w.last {
				break
			}
			switch {
			case i.Kind == checklist.ItemRepeat && i.CanAdd && i.Turns == 0 && !w.skipped[i.Key]:
				w.turns(i)
				did = true
			case i.Kind == checklist.ItemQuestion && i.Question.Answerable() && !i.Done && !i.ReadOnly && !w.skipped[i.Key]:
				w.answer(i)
				did = true
			}
		}
		if !did {
			return
		}
	}
}

// turns are the rooms, registers and talks of a visit.
func (w *walk) turns(i checklist.Item) {
	w.skipped[i.Key] = true
	for range w.between(2, 5) {
		if _, _, err := w.x.AddInstance(i.Question.Name, i.Key.Turn); err != nil {
			return
		}
	}
}

// tries is how often a value is drawn that the form might take.
const tries = 6

// answer gives an answer that the form takes, or says why there is none, or leaves it open.
func (w *walk) answer(i checklist.Item) {
	w.skipped[i.Key] = true
	switch {
	case w.dice.chance(2):
		return
	case i.States && w.dice.chance(6):
		w.withhold(i)
		return
	}
	for range tries {
		value := w.value(i.Question, i.Choices)
		if value == "" {
			break
		}
		if _, err := w.x.Set(i.Key, checklist.Given{Value: value}); err != nil {
			continue
		}
		if now, ok := w.x.Item(i.Key); ok && !now.Broken {
			return
		}
	}
	if _, err := w.x.Clear(i.Key); err == nil && i.States {
		w.withhold(i)
	}
}

// withhold says why there is no answer.
func (w *walk) withhold(i checklist.Item) {
	state := weighed(w.dice, []daylightv1.AnswerState{2, 3, 4, 5, 6}, func(s daylightv1.AnswerState) float64 {
		return []float64{0, 0, 30, 10, 30, 10, 20}[s]
	})
	g := checklist.Given{State: state}
	if state == daylightv1.AnswerState_ANSWER_STATE_NOT_ALLOWED_IN {
		g.Note = w.words("obstruction.effect")
	}
	_, _ = w.x.Set(i.Key, g)
}

// words are a sentence by the walk's own dice.
func (w *walk) words(name string) string {
	s := w.book().by[name]
	said := slices.Concat(s.said[w.lang+" p"], s.said[w.lang+" n"])
	if len(said) == 0 {
		said = slices.Concat(s.said["ru p"], s.said["ru n"])
	}
	text := one(w.dice, said...)
	for _, word := range []string{"n", "m", "pct", "days", "h", "deg"} {
		text = strings.ReplaceAll(text, "{"+word+"}", fmt.Sprint(w.dice.between(2, 30)))
	}
	return text
}

// value draws a value of the question's type; empty where none is drawn.
func (w *walk) value(q *checklist.Question, choices []checklist.Choice) string {
	inside := w.left.Sub(w.entered)
	at := w.place.local(w.entered.Add(time.Duration(w.dice.Float64() * float64(inside))))
	switch q.Type {
	case checklist.TypeText:
		return w.text(q)
	case checklist.TypeInteger:
		return strconv.Itoa(w.number(q.Name))
	case checklist.TypeDecimal:
		return strconv.FormatFloat(w.decimal(q.Name), 'f', 1, 64)
	case checklist.TypeRange:
		return strconv.Itoa(w.dice.between(0, 10))
	case checklist.TypeDate:
		return at.AddDate(0, 0, -w.dice.between(0, 60)).Format(time.DateOnly)
	case checklist.TypeTime:
		return at.Format("15:04:05.000Z07:00")
	case checklist.TypeDateTime:
		if q.Name == "arrival_time" {
			at = w.place.local(w.entered.Add(-time.Duration(w.dice.between(5, 60)) * time.Minute))
		}
		return at.Format("2006-01-02T15:04:05.000Z07:00")
	case checklist.TypeAcknowledge:
		return "OK"
	case checklist.TypeSelectOne, checklist.TypeSelectMultiple, checklist.TypeRank:
		return w.chosen(q, choices)
	}
	return ""
}

func (w *walk) text(q *checklist.Question) string {
	switch {
	case strings.Contains(q.Name, "code"):
		return w.code
	case strings.Contains(q.Name, "label"):
		return "R-" + strconv.Itoa(w.dice.between(1, 99))
	}
	return w.words("note.rest")
}

// number is a count of about the size that the question's name speaks of.
func (w *walk) number(name string) int {
	switch {
	case strings.HasPrefix(name, "cap_"):
		return max(w.place.capacity, 1)
	case strings.HasPrefix(name, "present_"):
		return max(w.place.present+w.dice.between(-2, 2), 0)
	case strings.HasPrefix(name, "room_"):
		return w.dice.between(1, 8)
	}
	return w.dice.between(0, 9)
}

// decimal is metres, or degrees.
func (w *walk) decimal(name string) float64 {
	switch {
	case strings.HasSuffix(name, "_temp"):
		return float64(w.dice.between(120, 290)) / 10
	case strings.HasSuffix(name, "_annex"):
		return float64(w.dice.between(0, 20)) / 10
	}
	return float64(w.dice.between(18, 75)) / 10
}

// chosen draws choices. What says that there was nothing, or no way in, is drawn seldom: a
// refusal at the gate leaves nothing to ask.
func (w *walk) chosen(q *checklist.Question, choices []checklist.Choice) string {
	choices = slices.DeleteFunc(slices.Clone(choices), func(c checklist.Choice) bool {
		return c.Retired || c.Name == "refused" && w.dice.chance(95) || c.Name == "not_done" && w.dice.chance(80)
	})
	if q.States { // those of a list are no choices
		choices = slices.DeleteFunc(choices, func(c checklist.Choice) bool {
			return checklist.StateNamed(c.Name) != 0
		})
	}
	if len(choices) == 0 {
		return ""
	}
	n := 1
	switch q.Type {
	case checklist.TypeSelectMultiple:
		n = w.dice.between(1, min(3, len(choices)))
	case checklist.TypeRank:
		n = len(choices)
	}
	var names []string
	for _, c := range some(w.dice, n, choices...) {
		names = append(names, c.Name)
	}
	return strings.Join(names, " ")
}
