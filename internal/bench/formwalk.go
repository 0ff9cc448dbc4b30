package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/checklist"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// slowest is how long no answer may take.
const slowest = time.Second

// walked is what a random walk through a form came to.
type walked struct {
	answers, turns int
	refused        int           // values that the engine did not take
	worst          time.Duration // of one answer
	wrong          []string      // what must not be: shown by the table, and the walk then stops
}

// walk answers a form at random, adds and removes turns of its repeats, and after each
// step looks whether what was evaluated bit by bit is what comes out from scratch.
func walk(form *checklist.Form, seed uint64, steps int) (w walked) {
	defer func() {
		if p := recover(); p != nil {
			w.wrong = append(w.wrong, fmt.Sprintf("panic: %v", p))
		}
	}()
	r := rand.New(rand.NewPCG(seed, 2))
	o := clocked(r)
	x := begun(form, r, o)
	for range steps {
		items := x.Items()
		if len(items) == 0 || len(w.wrong) > 0 {
			break
		}
		start := time.Now()
		w.step(r, x, items[r.IntN(len(items))])
		took := time.Since(start)
		w.worst = max(w.worst, took)
		if took > slowest {
			w.wrong = append(w.wrong, fmt.Sprintf("a step took %v", took))
		}
		if d := fromScratch(form, x, o); d != "" {
			w.wrong = append(w.wrong, d)
		}
	}
	return w
}

// step does something with an item that can be done with it.
func (w *walked) step(r *rand.Rand, x *checklist.Filling, item checklist.Item) {
	var err error
	switch {
	case item.Kind == checklist.ItemRepeat && item.CanAdd && item.Turns < 6:
		_, _, err = x.AddInstance(item.Question.Name, item.Key.Turn)
		w.turns++
	case item.Kind == checklist.ItemTurn && item.CanRemove && r.IntN(3) == 0:
		_, err = x.RemoveInstance(item.Key.Turn)
	case item.Kind != checklist.ItemQuestion || item.ReadOnly || item.Question.Later:
		return
	case item.States && r.IntN(6) == 0:
		_, err = x.Set(item.Key, checklist.Given{State: daylightv1.AnswerState(2 + r.IntN(5))})
		w.answers++
	case r.IntN(10) == 0:
		_, err = x.Clear(item.Key)
	default:
		_, err = x.Set(item.Key, checklist.Given{Value: drawnValue(r, item)})
		w.answers++
	}
	if err != nil {
		w.refused++
	}
}

// drawnValue is a value that fits the question's type, though perhaps not its constraint.
func drawnValue(r *rand.Rand, item checklist.Item) string {
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(400)-30)
	switch item.Question.Type {
	case checklist.TypeInteger, checklist.TypeRange:
		return strconv.Itoa([]int{0, 1, 2, 3, 5, 12, 77, 120, -1, 999}[r.IntN(10)])
	case checklist.TypeDecimal:
		return strconv.FormatFloat(float64(r.IntN(4000))/16, 'f', -1, 64)
	case checklist.TypeDate:
		return day.Format(time.DateOnly)
	case checklist.TypeTime:
		return fmt.Sprintf("%02d:%02d", r.IntN(24), r.IntN(60))
	case checklist.TypeDateTime:
		return day.Format("2006-01-02T15:04:05.000+05:00")
	case checklist.TypeGeopoint:
		return "37.95 58.38 0 0"
	case checklist.TypeGeotrace:
		return "37.95 58.38 0 0; 37.96 58.39 0 0"
	case checklist.TypeGeoshape:
		return "37.95 58.38 0 0; 37.96 58.39 0 0; 37.97 58.38 0 0; 37.95 58.38 0 0"
	case checklist.TypeAcknowledge:
		return "OK"
	case checklist.TypeSelectOne, checklist.TypeSelectMultiple, checklist.TypeRank:
		return drawnChoices(r, item)
	}
	return []string{"AB-12", "Garaýol", "Joe", "0042", "yes"}[r.IntN(5)]
}

// drawnChoices are one or several of those offered; empty where none is.
func drawnChoices(r *rand.Rand, item checklist.Item) string {
	if len(item.Choices) == 0 {
		return ""
	}
	some := 1
	switch item.Question.Type {
	case checklist.TypeSelectMultiple:
		some = 1 + r.IntN(min(4, len(item.Choices)))
	case checklist.TypeRank:
		some = len(item.Choices)
	}
	var names []string
	for _, i := range r.Perm(len(item.Choices)) {
		if name := item.Choices[i].Name; !slices.Contains(names, name) && len(names) < some {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

// fromScratch says where a filling that was answered bit by bit differs from the same
// response opened anew; empty where it does not.
func fromScratch(form *checklist.Form, x *checklist.Filling, o checklist.Options) string {
	again := checklist.Open(form, x.Response(), o)
	a, b := x.Items(), again.Items()
	for i := range min(len(a), len(b)) {
		if p, q := facts(a[i]), facts(b[i]); p != q {
			return fmt.Sprintf("bit by bit %s, from scratch %s", p, q)
		}
	}
	if len(a) != len(b) {
		return fmt.Sprintf("%d items bit by bit, %d from scratch", len(a), len(b))
	}
	if p, q := fmt.Sprint(x.Progress().All), fmt.Sprint(again.Progress().All); p != q {
		return fmt.Sprintf("progress bit by bit %s, from scratch %s", p, q)
	}
	return ""
}

// facts is all of an item that evaluation decides.
func facts(it checklist.Item) string {
	names := make([]string, len(it.Choices))
	for i, c := range it.Choices {
		names[i] = c.Name
	}
	return fmt.Sprintf("%v %q %q %q %v %v %v %v %v %v %v %v", it.Key, it.Label.Text, it.Value, it.Display, it.State,
		it.Relevant, it.ReadOnly, it.Required, it.Missing, it.Broken, it.Turns, names)
}
