package checklist

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// drawnForm makes a form of groups, repeats in repeats, and expressions that name what
// stands before or after. One in which something needs itself is drawn anew.
func drawnForm(t *rapid.T) *Form {
	var rows []row
	var names []string
	for i := range rapid.IntRange(4, 14).Draw(t, "questions") {
		names = append(names, fmt.Sprintf("q%d", i))
	}
	name := func() string { return rapid.SampledFrom(names).Draw(t, "name") }
	open, repeats := 0, 0
	for _, n := range names {
		for open < 4 && rapid.IntRange(0, 4).Draw(t, "open") == 0 {
			kind := rapid.SampledFrom([]string{"begin_group", "begin_repeat"}).Draw(t, "kind")
			r := row{kind, fmt.Sprintf("g%d", len(rows)), "label", "G ${" + name() + "}"}
			if kind == "begin_repeat" {
				repeats++
				if rapid.IntRange(0, 2).Draw(t, "counted") == 0 {
					r = append(r, "repeat_count", "number(${"+name()+"}) mod 3")
				}
			}
			if rapid.IntRange(0, 2).Draw(t, "conditional") == 0 {
				r = append(r, "relevant", condition(t, name))
			}
			rows = append(rows, r)
			open++
		}
		rows = append(rows, drawnRow(t, n, name))
		for open > 0 && rapid.IntRange(0, 2).Draw(t, "close") == 0 {
			rows = append(rows, row{"end"})
			open--
		}
	}
	for range open {
		rows = append(rows, row{"end"})
	}
	c := sheet(rows, states("kind", choiceRow{"kind", "a", "A", "of", "1"}, choiceRow{"kind", "b", "B", "of", "2"}, choiceRow{"kind", "c", "C", "of", "1"})...)
	f, problems := Compile(c)
	for tries := 0; f == nil; tries++ {
		// Take the expression away that closes the circle, as the message asks.
		p := problems[len(problems)-1]
		if p.Code != "loop" || tries > 100 {
			t.Fatalf("%v", problems)
		}
		i := slices.IndexFunc(c.Questions, func(q *daylightv1.ChecklistQuestion) bool { return q.Name == p.Question })
		switch p.Column {
		case "relevant":
			c.Questions[i].Relevant = nil
		case "calculation":
			c.Questions[i].Calculation = nil
		case "repeat_count":
			c.Questions[i].RepeatCount = nil
		case "trigger":
			c.Questions[i].Trigger = nil
		}
		f, problems = Compile(c)
	}
	return f
}

func condition(t *rapid.T, name func() string) string {
	switch rapid.IntRange(0, 8).Draw(t, "condition") {
	case 0:
		return "${" + name() + "} = 'a'"
	case 1:
		return "${" + name() + "} > 2"
	case 2:
		return "selected(${" + name() + "}, 'b') or ${" + name() + "} = ''"
	case 3:
		return "count(${" + name() + "}) > 1"
	case 4:
		return "today() > '2026-11-24'"
	}
	if rapid.Bool().Draw(t, "negated") {
		return "not(${" + name() + "})"
	}
	return "${" + name() + "} != 'b'"
}

func drawnRow(t *rapid.T, n string, name func() string) row {
	r := row{rapid.SampledFrom([]string{"integer", "text", "select_one kind", "select_multiple kind", "calculate", "calculate", "decimal"}).Draw(t, "type"), n,
		"label", "Question ${" + name() + "}"}
	maybe := func(column, source string) {
		if rapid.IntRange(0, 2).Draw(t, column) == 0 {
			r = append(r, column, source)
		}
	}
	maybe("relevant", condition(t, name))
	if r[0] == "calculate" {
		r = append(r, "calculation", calculation(t, name))
		if rapid.IntRange(0, 3).Draw(t, "triggered") == 0 {
			r = append(r, "trigger", "${"+name()+"}")
		}
		return r
	}
	maybe("required", condition(t, name))
	maybe("constraint", rapid.SampledFrom([]string{". > ${" + name() + "}", "not(selected(., 'a') and count-selected(.) > 1)"}).Draw(t, "bound"))
	maybe("read_only", "${"+name()+"} = 'c'")
	maybe("default", rapid.SampledFrom([]string{"1", "a", "position(..)", "${" + name() + "}"}).Draw(t, "initial"))
	if strings.HasPrefix(r[0], "select") {
		maybe("choice_filter", "of = ${"+name()+"} or ${"+name()+"} = ''")
	}
	return r
}

func calculation(t *rapid.T, name func() string) string {
	n := "${" + name() + "}"
	return rapid.SampledFrom([]string{
		"sum(" + n + ")", "concat(" + n + ", '-', ${" + name() + "})", "if(" + n + " > 1, ${" + name() + "}, 'none')", "count(" + n + ")",
		"join(' ', " + n + ")", "position(..)", "once(random())", "int(random() * 10) + " + n, "now()", "coalesce(" + n + ", ${" + name() + "})",
		"jr:choice-name(" + n + ", '" + n + "')", "count-non-empty(../*)", "max(" + n + ", 1)",
	}).Draw(t, "calculation")
}

// snapshot is all that anyone can see of a filling.
func snapshot(x *Filling) string {
	var b strings.Builder
	x.root.each(func(n *node) {
		if n.q != nil {
			fmt.Fprintf(&b, "%s %v %q\n", n.key(), n.visible(), n.text())
		}
	})
	for _, it := range x.Items() {
		it.Question = nil
		fmt.Fprintf(&b, "%+v\n", it)
	}
	fmt.Fprintf(&b, "%+v\n", x.Progress().All)
	for _, f := range x.Flags() {
		fmt.Fprintf(&b, "%+v\n", f)
	}
	for _, table := range x.Rows() {
		fmt.Fprintf(&b, "%+v\n", table.Rows)
	}
	return b.String()
}

// step makes one random change.
func step(t *rapid.T, x *Filling) {
	turns := make([]string, 0, len(x.turns))
	for id := range x.turns {
		turns = append(turns, id)
	}
	slices.Sort(turns)
	switch rapid.IntRange(0, 9).Draw(t, "step") {
	case 0:
		var at []Key
		x.root.each(func(n *node) {
			if n.isRepeat() && len(n.kids) < 4 {
				at = append(at, n.key())
			}
		})
		if len(at) > 0 {
			k := rapid.SampledFrom(at).Draw(t, "repeat")
			x.AddInstance(k.Question, k.Turn)
		}
	case 1:
		if len(turns) > 0 {
			x.RemoveInstance(rapid.SampledFrom(turns).Draw(t, "turn"))
		}
	case 2:
		removed := make([]string, 0, len(x.removed))
		for id := range x.removed {
			removed = append(removed, id)
		}
		slices.Sort(removed)
		if len(removed) > 0 {
			x.RestoreInstance(rapid.SampledFrom(removed).Draw(t, "removed"))
		}
	default:
		keys := make([]Key, 0, len(x.fields))
		for k := range x.fields {
			keys = append(keys, k)
		}
		if len(keys) == 0 {
			return
		}
		slices.SortFunc(keys, func(a, b Key) int { return strings.Compare(a.String(), b.String()) })
		k := rapid.SampledFrom(keys).Draw(t, "key")
		g := Given{Value: rapid.SampledFrom([]string{"", "1", "2", "3", "7", "a", "b", "a b", "refused"}).Draw(t, "value")}
		if rapid.IntRange(0, 5).Draw(t, "stated") == 0 {
			g = Given{State: daylightv1.AnswerState_ANSWER_STATE_NOT_KNOWN, Note: "n"}
		}
		x.Set(k, g)
	}
}

func TestIncrementalEqualsFromScratch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawnForm(t)
		now := clock
		o := options()
		o.Now = func() time.Time { return now }
		x := Open(f, Begin(f, ResponseID(visit, f.ID()), visit, o), o)
		for i := range rapid.IntRange(1, 12).Draw(t, "steps") {
			if rapid.IntRange(0, 5).Draw(t, "later") == 0 {
				now = now.AddDate(0, 0, 1)
				x.Refresh()
			}
			look := rapid.Bool().Draw(t, "look")
			if look {
				snapshot(x)
			}
			before := x.Response()
			step(t, x)
			r := x.Response()
			y := Open(f, r, o)
			if a, b := snapshot(x), snapshot(y); a != b {
				t.Fatalf("after step %d the filling says\n%s\nand from scratch\n%s\nform %v\nbefore %v", i, a, b, f.message, before)
			}
			if !proto.Equal(y.Response(), r) {
				t.Fatalf("opening changed the response:\n%v\n%v\nform %v", r, y.Response(), f.message)
			}
		}
	})
}
