package checklist

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// zone and clock are the place and time of the tests.
var (
	zone  = time.FixedZone("", 5*60*60)
	clock = time.Date(2026, 11, 23, 14, 30, 0, 0, zone)
)

// row is a row of a form as a sheet has it: type, name, then columns and what stands in
// them by turns. A type of "end" closes a group or repeat. A label is in English.
type row []string

// choiceRow is a row of the choices sheet: list, name, label, then columns.
type choiceRow []string

// sheet makes a form of rows and choices.
func sheet(rows []row, choices ...choiceRow) *daylightv1.Checklist {
	c := &daylightv1.Checklist{
		Id: FormID("test", "1").String(), Code: proto.String("test"), Version: proto.String("1"),
		DefaultLanguage: proto.String("en"), Languages: []string{"en", "ru"}, Titles: map[string]string{"en": "Test"},
	}
	var open []string
	seen := map[string]bool{}
	for i, r := range rows {
		if r[0] == "end" {
			open = open[:len(open)-1]
			continue
		}
		q := &daylightv1.ChecklistQuestion{Name: r[1], Order: proto.Uint32(uint32(i + 1))}
		kind, list, _ := strings.Cut(r[0], " ")
		q.Type = proto.String(kind)
		if list != "" {
			q.List = proto.String(list)
		}
		if seen[q.Name] {
			q.Called = proto.String(r[1])
			q.Name = strings.Join(append(slices.Clone(open), r[1]), "~")
		}
		seen[q.Name] = true
		if len(open) > 0 {
			q.Parent = proto.String(open[len(open)-1])
		}
		for k := 2; k < len(r); k += 2 {
			put(q, r[k], r[k+1])
		}
		if kind == "begin_group" || kind == "begin_repeat" {
			open = append(open, q.Name)
		}
		c.Questions = append(c.Questions, q)
	}
	for i, r := range choices {
		m := &daylightv1.ChecklistChoice{Key: r[0] + "/" + r[1], Order: proto.Uint32(uint32(i + 1))}
		if len(r) > 2 {
			m.Labels = text("en", r[2])
		}
		for k := 3; k < len(r); k += 2 {
			if r[k] == "ru" {
				m.Labels = append(m.Labels, text("ru", r[k+1])...)
				continue
			}
			m.Attributes = append(m.Attributes, &daylightv1.ChecklistAttribute{Name: r[k], Value: proto.String(r[k+1])})
		}
		c.Choices = append(c.Choices, m)
	}
	c.Rows = proto.Uint32(uint32(len(c.Questions) + len(c.Choices)))
	return c
}

func text(lang, s string) []*daylightv1.LocalText {
	return []*daylightv1.LocalText{{Language: lang, Text: proto.String(s)}}
}

func put(q *daylightv1.ChecklistQuestion, column, s string) {
	v := proto.String(s)
	switch column {
	case "label":
		q.Labels = append(q.Labels, text("en", s)...)
	case "label:ru":
		q.Labels = append(q.Labels, text("ru", s)...)
	case "hint":
		q.Hints = text("en", s)
	case "guidance":
		q.Guidance = text("en", s)
	case "relevant":
		q.Relevant = v
	case "constraint":
		q.Constraint = v
	case "constraint_message":
		q.ConstraintMessages = text("en", s)
	case "required":
		q.Required = v
	case "required_message":
		q.RequiredMessages = text("en", s)
	case "choice_filter":
		q.ChoiceFilter = v
	case "calculation":
		q.Calculation = v
	case "default":
		q.Default = v
	case "read_only":
		q.ReadOnly = v
	case "repeat_count":
		q.RepeatCount = v
	case "trigger":
		q.Trigger = v
	case "suggest":
		q.Suggest = v
	case "state_of":
		q.StateOf = v
	case "topic":
		q.Topic = v
	case "called":
		q.Called = v
	case "parameters":
		q.Parameters = v
	default:
		panic("no column " + column)
	}
}

// states are the choices of a list that has all states.
func states(list string, before ...choiceRow) []choiceRow {
	for _, s := range []string{"not_asked", "refused", "not_applicable", "not_allowed_in", "not_known"} {
		before = append(before, choiceRow{list, s, "Reason: " + s})
	}
	return before
}

func compiled(t testing.TB, rows []row, choices ...choiceRow) *Form {
	t.Helper()
	f, problems := Compile(sheet(rows, choices...))
	if f == nil {
		t.Fatalf("the form was refused: %v", problems)
	}
	return f
}

// options are a fixed clock and ids that count.
func options() Options {
	n := 0
	return Options{Now: func() time.Time { return clock }, NewID: func() record.ID {
		n++
		id, _ := record.ParseID(fmt.Sprintf("0190a6e2-7c1b-7000-8000-%012x", n))
		return id
	}}
}

var visit, _ = record.ParseID("0190a6e2-7c1b-7000-9000-000000000001")

// begun opens a response that was just begun.
func begun(t testing.TB, f *Form) *Filling {
	t.Helper()
	return Open(f, Begin(f, ResponseID(visit, f.ID()), visit, options()), options())
}

func filling(t testing.TB, rows []row, choices ...choiceRow) *Filling {
	t.Helper()
	return begun(t, compiled(t, rows, choices...))
}

// set answers by the key as text.
func (x *Filling) set(t testing.TB, key, value string) Changed {
	t.Helper()
	c, err := x.Set(ParseKey(key), Given{Value: value})
	if err != nil {
		t.Fatalf("%s = %q: %v", key, value, err)
	}
	return c
}

func (x *Filling) state(t testing.TB, key string, s daylightv1.AnswerState) {
	t.Helper()
	if _, err := x.Set(ParseKey(key), Given{State: s}); err != nil {
		t.Fatalf("%s: %v", key, err)
	}
}

func (x *Filling) add(t testing.TB, repeat, parent string) string {
	t.Helper()
	id, _, err := x.AddInstance(repeat, parent)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// value is what others read of a question.
func (x *Filling) read(t testing.TB, key string) string {
	t.Helper()
	n := x.fields[ParseKey(key)]
	if n == nil {
		t.Fatalf("there is no %q", key)
	}
	return n.text()
}

func (x *Filling) wants(t testing.TB, pairs ...string) {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if got := x.read(t, pairs[i]); got != pairs[i+1] {
			t.Errorf("%s is %q, not %q", pairs[i], got, pairs[i+1])
		}
	}
}

func (x *Filling) get(t testing.TB, key string) Item {
	t.Helper()
	it, ok := x.Item(ParseKey(key))
	if !ok {
		t.Fatalf("there is no %q", key)
	}
	return it
}

// page is the names of what stands on the page.
func (x *Filling) page() string {
	var out []string
	for _, it := range x.Items() {
		out = append(out, it.Question.Called)
	}
	return strings.Join(out, " ")
}

// codes are the codes of all flags with what they are about.
func (x *Filling) codes() string {
	var out []string
	for _, f := range x.Flags() {
		out = append(out, f.Code+" "+f.Key)
	}
	return strings.Join(out, ", ")
}

func stored(x *Filling, key string) *daylightv1.Answer { return x.answers[key] }
