package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/daylight-npm/daylight/client-sync/forms"
)

// pageRowJSON is what stands on the page, for scripts.
type pageRowJSON struct {
	Key       string          `json:"key"`
	Kind      string          `json:"kind"`
	Type      string          `json:"type"`
	Label     string          `json:"label,omitempty"`
	Language  string          `json:"language,omitempty"`
	Hint      string          `json:"hint,omitempty"`
	Relevant  bool            `json:"relevant"`
	Turns     int             `json:"turns,omitempty"`
	Value     string          `json:"value,omitempty"`
	State     string          `json:"state,omitempty"`
	Display   string          `json:"display,omitempty"`
	Note      string          `json:"note,omitempty"`
	Done      bool            `json:"done"`
	Required  bool            `json:"required"`
	Missing   bool            `json:"missing"`
	ReadOnly  bool            `json:"read_only"`
	Broken    bool            `json:"broken"`
	Suggests  bool            `json:"suggests"`
	States    bool            `json:"states"`
	Choices   []choiceJSON    `json:"choices,omitempty"`
	Contested []candidateJSON `json:"contested,omitempty"`
	Flags     []flagJSON      `json:"flags,omitempty"`
}

type choiceJSON struct {
	Name  string `json:"name"`
	Label string `json:"label"`
}

type candidateJSON struct {
	Value   string `json:"value,omitempty"`
	State   string `json:"state,omitempty"`
	Display string `json:"display,omitempty"`
	Note    string `json:"note,omitempty"`
}

var kindWords = map[forms.ItemKind]string{
	forms.ItemGroup: "group", forms.ItemRepeat: "repeat", forms.ItemTurn: "turn", forms.ItemQuestion: "question", forms.ItemNote: "note",
}

func toPageRowJSON(it forms.Item) pageRowJSON {
	return pageRowJSON{
		Key: it.Key.String(), Kind: kindWords[it.Kind], Type: string(it.Question.Type),
		Label: it.Label.Text, Language: it.Label.Language, Hint: it.Hint.Text, Relevant: it.Relevant, Turns: it.Turns,
		Value: it.Value, State: forms.StateName(it.State), Display: it.Display, Note: it.Note,
		Done: it.Done, Required: it.Required, Missing: it.Missing, ReadOnly: it.ReadOnly, Broken: it.Broken, Suggests: it.Suggests, States: it.States,
		Choices: each(it.Choices, func(c forms.Choice) choiceJSON { return choiceJSON{c.Name, c.Label.Text} }),
		Contested: each(it.Contested, func(c forms.Candidate) candidateJSON {
			return candidateJSON{c.Value, forms.StateName(c.State), c.Display, c.Note}
		}),
		Flags: each(it.Flags, toFlagJSON),
	}
}

func (f *filling) show(ctx context.Context, args []string) error {
	x, err := f.response(ctx, args[0])
	if err != nil {
		return err
	}
	items := x.Items()
	if len(args) > 1 {
		key, err := keyIn(x, args[1])
		if err != nil {
			return err
		}
		it, _ := x.Item(key)
		if it.Kind == forms.ItemQuestion || it.Kind == forms.ItemNote {
			return f.detail(x, it)
		}
		items = below(items, key)
	}
	if f.json {
		return writeJSON(f.out, each(items, toPageRowJSON))
	}
	if len(args) == 1 {
		f.heading(x)
	}
	f.lines(x, items)
	if f.all && len(args) == 1 {
		f.hidden(x)
	}
	return nil
}

// below are an item and all that stands in it.
func below(items []forms.Item, key forms.Key) (out []forms.Item) {
	for _, it := range items {
		switch {
		case it.Key == key:
			out = append(out, it)
		case len(out) > 0 && it.Depth > out[0].Depth:
			out = append(out, it)
		case len(out) > 0:
			return out
		}
	}
	return out
}

// lines writes a page: groups and turns as headings, a line for each question.
func (f *filling) lines(x *forms.Filling, items []forms.Item) {
	words := wordsFor(x)
	table := tabwriter.NewWriter(f.out, 0, 0, 2, ' ', 0)
	for _, it := range items {
		label := oneLine(it.Label.Text)
		switch it.Kind {
		case forms.ItemGroup, forms.ItemTurn:
			_ = table.Flush() // each section has its own columns
			fmt.Fprintf(f.out, "%s\n", heading(it, clean(words.of(it.Key)), label))
		case forms.ItemRepeat:
			_ = table.Flush()
			fmt.Fprintf(f.out, "  %s  %s: %s\n", clean(it.Key.Question), label, count(it.Turns, "turn", "turns"))
		case forms.ItemNote:
			_ = table.Flush()
			fmt.Fprintf(f.out, "    %s\n", clean(strings.Join(strings.Fields(it.Label.Text), " ")))
		default:
			fmt.Fprintf(table, "%s %s\t%s\t%s\n", markOf(it), clean(words.of(it.Key)), dash(label), answerWords(it))
		}
	}
	_ = table.Flush()
}

func heading(it forms.Item, key, label string) string {
	switch {
	case it.Kind == forms.ItemTurn:
		return "  -- " + label + " (" + key + ")"
	case it.Depth == 0:
		return "== " + label + " (" + key + ")"
	case label == "":
		return "  --"
	}
	return "  -- " + label
}

// markOf is the one letter that stands before a question: what waits for a person first.
func markOf(it forms.Item) string {
	switch {
	case len(it.Contested) > 0:
		return "!"
	case it.Broken:
		return "?"
	case it.Missing:
		return "*"
	case it.Suggests:
		return "+"
	}
	return " "
}

// answerWords are what stands for an answer in a line.
func answerWords(it forms.Item) string {
	var out []string
	if len(it.Contested) > 0 {
		for _, c := range it.Contested {
			out = append(out, candidateWords(c))
		}
		return strings.Join(out, " | ")
	}
	text := candidateWords(forms.Candidate{Value: it.Value, State: it.State, Display: it.Display, Note: it.Note})
	if it.Question.Later {
		text += " (files come later)"
	}
	return text
}

func candidateWords(c forms.Candidate) string {
	text := dash(oneLine(c.Display))
	if name := forms.StateName(c.State); name != "" {
		text = "(" + strings.ReplaceAll(name, "_", " ") + ")"
	}
	if c.Note != "" {
		text += "  note: " + oneLine(c.Note)
	}
	return text
}

// hidden lists what is not asked now; what was answered of it is kept.
func (f *filling) hidden(x *forms.Filling) {
	words := wordsFor(x)
	table := tabwriter.NewWriter(f.out, 0, 0, 2, ' ', 0)
	head := "== Not asked now; what was answered is kept, and goes into no report\n"
	line := func(it forms.Item) {
		if head != "" {
			fmt.Fprint(f.out, head)
			head = ""
		}
		fmt.Fprintf(table, "  %s\t%s\t%s\n", clean(words.of(it.Key)), dash(oneLine(it.Label.Text)), answerWords(it))
	}
	for _, q := range x.Form().Questions() {
		if it, ok := x.Item(forms.Key{Question: q.Name}); ok && q.Repeat == nil && q.Answerable() && !it.Relevant {
			line(it)
		}
	}
	for _, a := range x.Response().GetAnswers() {
		key := forms.ParseKey(a.GetKey())
		if it, ok := x.Item(key); ok && key.Turn != "" && !it.Relevant {
			line(it)
		}
	}
	_ = table.Flush()
}

func (f *filling) next(ctx context.Context, args []string) error {
	x, err := f.response(ctx, args[0])
	if err != nil {
		return err
	}
	after := forms.Key{}
	if len(args) > 1 {
		if after, err = keyIn(x, args[1]); err != nil {
			return err
		}
	}
	key, ok := x.Next(after)
	if !ok {
		if f.json {
			return writeJSON(f.out, nil)
		}
		fmt.Fprintln(f.err, "Every question that is asked has an answer, or a reason why there is none.")
		return nil
	}
	it, _ := x.Item(key)
	return f.detail(x, it)
}

// detail shows one question with everything that helps to answer it.
func (f *filling) detail(x *forms.Filling, it forms.Item) error {
	if f.json {
		return writeJSON(f.out, toPageRowJSON(it))
	}
	fmt.Fprintf(f.out, "%s  %s\n", clean(wordsFor(x).of(it.Key)), clean(it.Label.Text))
	say := func(form string, args ...any) { fmt.Fprint(f.out, indented("  ", fmt.Sprintf(form, args...))) }
	for _, t := range []forms.Text{it.Hint, it.Guidance} {
		if t.Text != "" {
			say("%s", clean(t.Text))
		}
	}
	if it.Kind == forms.ItemNote {
		return nil
	}
	if !it.Relevant {
		say("not asked now; what was answered is kept")
	}
	if it.Done || it.Value != "" || it.Note != "" {
		say("answer: %s", answerWords(forms.Item{Question: it.Question, Value: it.Value, State: it.State, Display: it.Display, Note: it.Note}))
	}
	for i, c := range it.Contested {
		say("answer %d of %d: %s", i+1, len(it.Contested), candidateWords(c))
	}
	f.rules(it, say)
	if len(it.Choices) > 0 {
		table := tabwriter.NewWriter(f.out, 0, 0, 2, ' ', 0)
		for _, c := range it.Choices {
			fmt.Fprintf(table, "    %s\t%s\n", clean(c.Name), clean(c.Label.Text))
		}
		return table.Flush()
	}
	return nil
}

// rules says what holds for an answer.
func (f *filling) rules(it forms.Item, say func(string, ...any)) {
	if it.Broken {
		say("this breaks a rule of the form: %s", dash(clean(it.BrokenMessage.Text)))
	}
	for _, flag := range it.Flags {
		if flag.Code != "answer-missing" && flag.Code != "answer-contested" && flag.Code != "constraint-broken" {
			say("%s", clean(flag.Text))
		}
	}
	switch {
	case it.ReadOnly:
		say("calculated, or only to be read")
	case it.Missing && it.RequiredMessage.Text != "":
		say("%s", clean(it.RequiredMessage.Text))
	case it.Missing:
		say("must be answered, or say why not")
	}
	if it.Suggests {
		say("suggests a finding: %s", clean(it.Question.Topic))
	}
}
