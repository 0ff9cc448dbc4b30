package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/daylight-npm/daylight/client-sync/forms"
	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/checklist/xlsform"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// filling are the verbs of checklists.
var filling map[string]func(*Story, author, []string) error

func init() {
	filling = map[string]func(*Story, author, []string) error{
		"form": (*Story).addForm, "begin": (*Story).begin, "answer": (*Story).answer, "turn": (*Story).addTurn,
		"unturn": (*Story).removeTurn, "finish": (*Story).finish, "carry": (*Story).carry,
	}
}

// addForm: NAME, of the files NAME/survey.csv, NAME/choices.csv and NAME/settings.csv of
// the story.
func (s *Story) addForm(a author, args []string) error {
	t := xlsform.Tables{Name: args[0]}
	for name, into := range map[string]*xlsform.Table{"survey": &t.Survey, "choices": &t.Choices, "settings": &t.Settings} {
		text, ok := s.files[args[0]+"/"+name+".csv"]
		if !ok {
			continue
		}
		table, wrong := xlsform.ReadCSV(name, []byte(text))
		if wrong != nil {
			return fmt.Errorf("%s: %s", name, wrong.Text)
		}
		*into = table
	}
	r := xlsform.ReadTables(t)
	if r.Refused() {
		return fmt.Errorf("the form is refused: %+v", r.Remarks)
	}
	id, err := record.ParseID(r.Checklist.GetId())
	if err != nil {
		return err
	}
	s.kinds[args[0]], s.ids[args[0]] = record.Checklist, id
	return s.Save(a, []Seen{{}}, r.Checklist)
}

// begin: VISIT FORM RESPONSE, where the form is one of the story or a code that ships.
func (s *Story) begin(a author, args []string) error {
	d, ok := a.(*Device)
	if !ok || len(args) != 3 {
		return errors.New("DEVICE begin VISIT FORM RESPONSE")
	}
	form, err := s.form(d, args[1])
	if err != nil {
		return err
	}
	s.tick()
	x, err := d.Client.BeginChecklist(background(), s.id(args[0]).String(), form)
	if err != nil {
		return err
	}
	return s.begun(d, args[2], x)
}

// begun notes what was begun: what it says by default is written by whoever began it.
func (s *Story) begun(d *Device, name string, x *forms.Filling) error {
	r := x.Response()
	id, err := record.ParseID(r.GetId())
	if err != nil {
		return err
	}
	s.kinds[name], s.ids[name] = record.ChecklistResponse, id
	id, moved, err := s.note(d.Name, Seen{}, r)
	if moved {
		s.closeChanges(d.Name, id)
	}
	return err
}

func (s *Story) form(d *Device, name string) (string, error) {
	if s.kinds[name] == record.Checklist {
		return s.id(name).String(), nil
	}
	all, err := d.Client.Checklists(background(), "")
	if err != nil {
		return "", err
	}
	for _, f := range all {
		if f.Code == name {
			return f.ID.String(), nil
		}
	}
	return "", fmt.Errorf("no form %q is offered (%w)", name, errNotHere)
}

// filler saves what was filled by the way that apps do.
type filler struct {
	*Device
	x *forms.Filling
}

func (f filler) save(messages ...record.Message) error {
	if err := f.Client.SaveChecklist(background(), f.x); err != nil {
		return err
	}
	replace(messages[0], f.x.Response())
	return nil
}

// filled opens a response, lets do change it, and saves it.
func (s *Story) filled(a author, name string, do func(*Device, *forms.Filling) error) error {
	d, ok := a.(*Device)
	if !ok {
		return errors.New("only devices fill checklists")
	}
	seen, err := s.look(a, name)
	if err != nil {
		return err
	}
	x, err := d.Client.OpenChecklist(background(), s.id(name).String())
	if err != nil {
		return err
	}
	if err := do(d, x); err != nil {
		return err
	}
	for _, key := range x.Settled() { // perhaps with what stood in front
		for _, c := range seen.Conflicts {
			if c.Field == "answers" && c.Key == key.String() {
				s.cover(d.Name, s.id(name), c.Field, c.Key, c.Values)
			}
		}
	}
	return s.Save(filler{d, x}, []Seen{seen}, x.Response())
}

// answer: RESPONSE QUESTION=VALUE ..., in a turn QUESTION[TURN]; a VALUE after ! is a state:
// !not_asked.
func (s *Story) answer(a author, args []string) error {
	return s.filled(a, args[0], func(_ *Device, x *forms.Filling) error {
		for _, arg := range args[1:] {
			place, text, _ := strings.Cut(arg, "=")
			if err := s.give(x, s.question(place), text); err != nil {
				return fmt.Errorf("%s: %w", place, err)
			}
		}
		return nil
	})
}

// give gives one answer as a story writes it.
func (s *Story) give(x *forms.Filling, key forms.Key, text string) error {
	g := forms.Given{}
	if state, is := strings.CutPrefix(text, "!"); is {
		g.State = checklist.StateNamed(state)
	} else {
		value, _, err := s.parseValue(text)
		if err != nil {
			return err
		}
		g.Value = value
	}
	_, err := x.Set(key, g)
	return err
}

// question reads QUESTION or QUESTION[TURN].
func (s *Story) question(place string) forms.Key {
	name, turn, in := strings.Cut(strings.TrimSuffix(place, "]"), "[")
	if !in {
		return forms.Key{Question: name}
	}
	return forms.Key{Question: name, Turn: s.id(turn).String()}
}

// addTurn: RESPONSE REPEAT NAME, with QUESTION=VALUE ... in it
func (s *Story) addTurn(a author, args []string) error {
	return s.filled(a, args[0], func(_ *Device, x *forms.Filling) error {
		text, _, err := x.AddInstance(args[1], "")
		if err != nil {
			return err
		}
		if s.ids[args[2]], err = record.ParseID(text); err != nil {
			return err
		}
		for _, arg := range args[3:] {
			name, value, _ := strings.Cut(arg, "=")
			if err := s.give(x, forms.Key{Question: name, Turn: text}, value); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	})
}

// removeTurn: RESPONSE NAME
func (s *Story) removeTurn(a author, args []string) error {
	return s.filled(a, args[0], func(_ *Device, x *forms.Filling) error {
		_, err := x.RemoveInstance(s.id(args[1]).String())
		return err
	})
}

// finish: RESPONSE
func (s *Story) finish(a author, args []string) error {
	return s.filled(a, args[0], func(d *Device, x *forms.Filling) error {
		x.Finish(d.Now())
		return nil
	})
}

// carry: RESPONSE FORM NEW [MISFIT ...], where a misfit is QUESTION:CODE
func (s *Story) carry(a author, args []string) error {
	d, ok := a.(*Device)
	if !ok || len(args) < 3 {
		return errors.New("DEVICE carry RESPONSE FORM NEW")
	}
	form, err := s.form(d, args[1])
	if err != nil {
		return err
	}
	s.tick()
	x, misfits, err := d.Client.CarryChecklist(background(), s.id(args[0]).String(), form)
	if err != nil {
		return err
	}
	var got []string
	for _, m := range misfits {
		got = append(got, fmt.Sprintf("%s:%v", m.Key.Question, m.Code))
	}
	want := slices.Clone(args[3:])
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		return fmt.Errorf("what does not fit is %q", got)
	}
	return s.begun(d, args[2], x)
}

// expectFilled: what a device shows of a response:
//
//	filled R QUESTION = VALUE     what is answered or calculated; a state by its name,
//	                              irrelevant, none
//	filled R QUESTION = A | B     answers that stand beside each other
//	progress R DONE ASKED MISSING CONTESTED
//	asked R QUESTION yes|no       whether it stands on the page
//	offered R QUESTION TOPIC      a finding that the form suggests
func (s *Story) expectFilled(a author, args []string) error {
	d, ok := a.(*Device)
	if !ok {
		return errors.New("only devices fill checklists")
	}
	x, err := d.Client.OpenChecklist(background(), s.id(args[1]).String())
	if err != nil {
		return err
	}
	switch args[0] {
	case "filled":
		return s.expectAnswered(x, args[2], args[4:])
	case "progress":
		p := x.Progress().All
		got := fmt.Sprintf("%d %d %d %d", p.Done, p.Asked, p.Missing, p.Contested)
		if want := strings.Join(args[2:], " "); got != want {
			return fmt.Errorf("it is %s", got)
		}
	case "asked":
		item, ok := x.Item(s.question(args[2]))
		if want := args[3] == "yes"; (ok && item.Relevant) != want {
			return fmt.Errorf("it is asked: %v", !want)
		}
	case "offered":
		for _, o := range x.Offers() {
			if o.Suggested && o.Key == s.question(args[2]) && o.Finding.GetTopic() == args[3] && o.Finding.GetAnswerKey() == o.Key.String() {
				return nil
			}
		}
		return errors.New("no such finding is suggested")
	}
	return nil
}

func (s *Story) expectAnswered(x *forms.Filling, place string, args []string) error {
	item, ok := x.Item(s.question(place))
	var got, want []string
	shown := func(value string, state daylightv1.AnswerState) string {
		if name := forms.StateName(state); name != "" {
			return name
		}
		return value
	}
	switch {
	case !ok:
		got = []string{"unknown"}
	case !item.Relevant:
		got = []string{"irrelevant"}
	case len(item.Contested) > 0:
		for _, c := range item.Contested {
			got = append(got, shown(c.Value, c.State))
		}
	case shown(item.Value, item.State) == "":
		got = []string{"none"}
	default:
		got = []string{shown(item.Value, item.State)}
	}
	for _, arg := range args {
		if arg == "|" {
			continue
		}
		value, set, err := s.parseValue(arg)
		if err != nil {
			return err
		}
		if !set {
			value = "none"
		}
		want = append(want, value)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		return fmt.Errorf("it is %q", got)
	}
	return nil
}
