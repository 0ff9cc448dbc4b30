package look

import (
	"slices"
	"strconv"
	"unicode/utf8"
)

// Questions are a form: what a page asks, sent together. It carries its seen token and
// whatever else has to come back as Hidden.
type Questions struct {
	// ID lets a button in the foot send it, by Button.Form.
	ID     string
	Action string
	// Get makes it a link with answers: for searching.
	Get    bool
	Hidden []Hidden
	// Files: it sends files.
	Files bool
	// Enter in a field sends the answers, whichever buttons stand in the form: without it a
	// browser takes the first of them, which may add or take out.
	Enter bool
	Data  map[string]string
	Body  []Part
}

// Hidden comes back with a form and is not shown.
type Hidden struct{ Name, Value string }

// Input is a question that is answered by writing.
type Input struct {
	Name  string
	Label Text
	// Hint stands under the label, Error beside the answer, as Form.Error gives it.
	Hint, Error Text
	// Value is what was typed, kept or refused.
	Value string
	// Rows makes it a field of that many lines.
	Rows int
	// Type is text unless it says email, password, search, tel, url, number, date, time,
	// datetime-local, month or file. For numbers take Numeric instead of number: a comma
	// is as good as a point.
	Type string
	// Numeric brings up digits.
	Numeric bool
	// Unit stands behind the number.
	Unit Text
	// Missing: required when a visit is submitted, and not answered. Typing goes on.
	Missing bool
	// Required: the form is not taken without it.
	Required bool
	// Sensitive: the browser neither remembers nor corrects it, nor sends it for
	// spelling.
	Sensitive bool
	// Autocomplete is what the browser may fill in: one-time-code, current-password.
	Autocomplete string
	// Placeholder is an example, never the label.
	Placeholder string
	// Tag is the language that is typed, where that is known.
	Tag string
	// Suggestions are offered while typing.
	Suggestions []string
	Min, Max    string
	Accept      string
	// Capture has the browser of a phone open its camera for a file.
	Capture bool
	Off     bool
	Mono    bool
	Data    map[string]string
	// Beside stands under the answer: when it was saved, two versions.
	Beside []Part
}

// Select is a question with many answers, of which one is chosen.
type Select struct {
	Name        string
	Label       Text
	Hint, Error Text
	Options     []Option
	// Choose puts "Choose…" first, which answers nothing.
	Choose   bool
	Missing  bool
	Required bool
	Off      bool
	Data     map[string]string
	Beside   []Part
}

// Option is one answer of a Select. Options with the same Group stand together.
type Option struct {
	Value    string
	Text     Text
	Selected bool
	Group    Text
}

// Group is a heading within a list of options.
type Group struct {
	Text    Text
	Options []Option
}

// Groups are the options by their groups, in order.
func (s Select) Groups() (out []Group) {
	for _, o := range s.Options {
		if n := len(out); n > 0 && out[n-1].Text.String() == o.Group.String() {
			out[n-1].Options = append(out[n-1].Options, o)
			continue
		}
		out = append(out, Group{o.Group, []Option{o}})
	}
	return out
}

// Choices is a question with few answers, all in sight.
type Choices struct {
	Name        string
	Legend      Text
	Hint, Error Text
	Options     []Choice
	// Many: several may be chosen.
	Many bool
	// Two sets them in two columns where they fit.
	Two bool
	// Unseen: the legend is read aloud only.
	Unseen   bool
	Missing  bool
	Required bool
	Off      bool
	Data     map[string]string
	Beside   []Part
}

// Choice is one answer of Choices.
type Choice struct {
	Value       string
	Text, Under Text
	Checked     bool
	Icon        Icon
	// Name instead of that of the question, for choices that are fields of their own.
	Name string
}

// Check is a question that is answered by a tick.
type Check struct {
	Name, Value string
	Text, Under Text
	Checked     bool
	Required    bool
	Error       Text
	Data        map[string]string
}

// Side sets questions beside each other where there is room.
type Side struct{ Body []Part }

// Saved says when and where an answer was kept. It is a status: a script may change it,
// and it is read aloud.
type Saved struct {
	// At is the clock, as Locale.ClockOrWhen says it. Text instead of the whole sentence.
	At, Text Text
	// ID is the name of the form or field that it speaks of.
	For string
}

// Problems are at the head of a form that was not taken: what is wrong, each leading to
// its field.
type Problems struct {
	Heading Text
	Items   []Link
}

func (Questions) partial() string { return "questions" }
func (Hidden) partial() string    { return "hidden" }
func (Input) partial() string     { return "input" }
func (Select) partial() string    { return "select" }
func (Choices) partial() string   { return "choices" }
func (Check) partial() string     { return "check" }
func (Side) partial() string      { return "side" }
func (Saved) partial() string     { return "saved" }
func (Problems) partial() string  { return "problems" }

// Kind is the type of the control.
func (i Input) Kind() string {
	switch i.Type {
	case "email", "password", "search", "tel", "url", "number", "date", "time", "datetime-local", "month", "file":
		return i.Type
	}
	return "text"
}

// ID is that of the control.
func (i Input) ID() string { return FieldID(i.Name) }

// ID is that of the control.
func (s Select) ID() string { return FieldID(s.Name) }

// ID is that of the first choice: a link to the question leads to it.
func (c Choices) ID() string { return FieldID(c.Name) }

// What stands in one line: few answers, each a word or two.
const (
	mostBrief = 4  // answers
	longBrief = 14 // letters
)

// Brief reports whether the answers are short enough for one line, also where two columns
// would be too narrow for longer ones.
func (c Choices) Brief() bool {
	return c.Two && len(c.Options) <= mostBrief && !slices.ContainsFunc(c.Options, func(o Choice) bool {
		return len(o.Under) > 0 || o.Icon != "" || utf8.RuneCountInString(o.Text.String()) > longBrief
	})
}

// At is the id of the choice at that place.
func (c Choices) At(i int) string {
	if i == 0 {
		return c.ID()
	}
	return c.ID() + "-" + strconv.Itoa(i)
}

// described are the ids of what is said about a control.
func described(id string, hint, err Text, missing bool) string {
	s := ""
	if len(hint) > 0 {
		s = id + "-h"
	}
	if len(err) > 0 || missing {
		if s != "" {
			s += " "
		}
		s += id + "-e"
	}
	return s
}

// Described are the ids of what is said about the control.
func (i Input) Described() string { return described(i.ID(), i.Hint, i.Error, i.Missing) }

// Described are the ids of what is said about the control.
func (s Select) Described() string { return described(s.ID(), s.Hint, s.Error, s.Missing) }

// Described are the ids of what is said about the question.
func (c Choices) Described() string { return described(c.ID(), c.Hint, c.Error, c.Missing) }
