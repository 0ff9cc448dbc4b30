package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/daylight-npm/daylight/client-sync/forms"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// states are what --state takes.
var states = []daylightv1.AnswerState{forms.NotAsked, forms.Refused, forms.NotApplicable, forms.NotAllowedIn, forms.NotKnown}

func stateNamed(typed string) (daylightv1.AnswerState, error) {
	if typed == "" {
		return 0, nil
	}
	var names []string
	for _, s := range states {
		if forms.StateName(s) == strings.ReplaceAll(strings.ToLower(typed), "-", "_") {
			return s, nil
		}
		names = append(names, forms.StateName(s))
	}
	return 0, wrongUse("there is no state "+quoted(typed), didYouMean("--state ", typed, names, "The states are: "+strings.Join(names, ", ")+"."))
}

func (f *filling) answer(ctx context.Context, args []string) error {
	state, err := stateNamed(f.state)
	if err != nil {
		return err
	}
	values := args[2:]
	switch {
	case f.clear && (len(values) > 0 || state != 0 || f.noted), len(values) > 0 && state != 0:
		return wrongUse("checklist answer: an answer is one of VALUE, --state and --clear", "Use: daylight checklist answer RESPONSE KEY VALUE")
	case !f.clear && len(values) == 0 && state == 0 && !f.noted:
		return wrongUse("checklist answer: nothing is answered", "Give a VALUE, or --state, --note or --clear.")
	}
	x, err := f.response(ctx, args[0])
	if err != nil {
		return err
	}
	key, err := keyIn(x, args[1])
	if err != nil {
		return err
	}
	it, _ := x.Item(key)
	changed, err := x.Set(key, f.given(it, values, state))
	if err != nil {
		return err
	}
	if err := f.client.SaveChecklist(ctx, x); err != nil {
		return err
	}
	return f.answered(x, key, changed)
}

// given is the answer: what is not said stays as it is, a note beside a new value too.
func (f *filling) given(it forms.Item, values []string, state daylightv1.AnswerState) forms.Given {
	if f.clear {
		return forms.Given{}
	}
	g := forms.Given{Value: strings.Join(values, " "), State: state, Note: it.Note}
	if len(values) == 0 && state == 0 {
		g.Value, g.State = it.Value, it.State
	}
	if f.noted {
		g.Note = f.note
	}
	return g
}

// answered shows what stands now, and what is asked next.
func (f *filling) answered(x *forms.Filling, key forms.Key, changed forms.Changed) error {
	it, _ := x.Item(key)
	if f.json {
		return writeJSON(f.out, toPageRowJSON(it))
	}
	words := wordsFor(x)
	fmt.Fprintf(f.out, "%s %s  %s: %s\n", markOf(it), clean(words.of(key)), oneLine(it.Label.Text), answerWords(it))
	if it.Broken {
		fmt.Fprintf(f.err, "This breaks a rule of the form, and is kept: %s\n", dash(clean(it.BrokenMessage.Text)))
	}
	if !it.Relevant {
		fmt.Fprintln(f.err, "This is not asked now: the answer is kept, and goes into no report.")
	}
	if next, ok := x.Next(key); ok {
		after, _ := x.Item(next)
		fmt.Fprintf(f.err, "next: %s  %s\n", clean(words.of(next)), oneLine(after.Label.Text))
	}
	return nil
}

func (f *filling) add(ctx context.Context, args []string) error {
	x, err := f.response(ctx, args[0])
	if err != nil {
		return err
	}
	q, err := questionIn(x.Form(), args[1])
	if err != nil {
		return err
	}
	if !q.IsRepeat() {
		return wrongUse(q.Name+" is no repeat", `"daylight checklist show RESPONSE" says of each repeat how many turns it has.`)
	}
	parent := ""
	if q.Repeat != nil {
		at := q.Repeat.Name
		if len(args) > 2 {
			at = args[2]
		}
		key, err := keyIn(x, at+turnless(x, q.Repeat, at))
		if err != nil {
			return err
		}
		parent = key.Turn
	}
	id, _, err := x.AddInstance(q.Name, parent)
	if err != nil {
		return err
	}
	if err := f.client.SaveChecklist(ctx, x); err != nil {
		return err
	}
	return f.turn(x, q, id)
}

// turnless completes the name of a repeat that has one turn alone.
func turnless(x *forms.Filling, repeat *forms.Question, typed string) string {
	if !strings.Contains(typed, "/") && len(turnsOf(x, repeat)) == 1 {
		return "/1"
	}
	return ""
}

// turn shows a turn that was added.
func (f *filling) turn(x *forms.Filling, q *forms.Question, id string) error {
	key := forms.Key{Question: q.Name, Turn: id}
	it, _ := x.Item(key)
	if f.json {
		return writeJSON(f.out, map[string]any{"turn": id, "repeat": q.Name, "position": it.Position})
	}
	fmt.Fprintf(f.out, "%s  %s\n", clean(wordsFor(x).of(key)), oneLine(it.Label.Text))
	return nil
}

func (f *filling) drop(ctx context.Context, args []string) error {
	x, err := f.response(ctx, args[0])
	if err != nil {
		return err
	}
	key, err := keyIn(x, args[1])
	if err != nil {
		return err
	}
	if it, _ := x.Item(key); it.Kind != forms.ItemTurn {
		return wrongUse(quoted(args[1])+" is no turn of a repeat", "Say it with its number, as rooms/2.")
	}
	if _, err := x.RemoveInstance(key.Turn); err != nil {
		return err
	}
	if err := f.client.SaveChecklist(ctx, x); err != nil {
		return err
	}
	if f.json {
		return writeJSON(f.out, map[string]string{"removed": key.Turn})
	}
	fmt.Fprintf(f.out, "%s was taken away; its history keeps what was answered.\n", clean(args[1]))
	return nil
}
