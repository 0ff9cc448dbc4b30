package checklist

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func TestWhatIsWrongWithAForm(t *testing.T) {
	deep := []row{}
	for i := range 14 {
		deep = append(deep, row{"begin_group", fmt.Sprintf("g%d", i)})
	}
	many := make([]row, 5000)
	for i := range many {
		many[i] = row{"text", fmt.Sprintf("q%d", i)}
	}
	for _, c := range []struct {
		name string
		rows []row
		want string // code and where, then a part of the message
		says string
	}{
		{"a circle of calculations", []row{{"calculate", "a", "calculation", "${b} + 1"}, {"calculate", "b", "calculation", "${c}"}, {"calculate", "c", "calculation", "${a}"}},
			"loop a calculation", "a (calculation) → b (calculation) → c (calculation) → a"},
		{"a circle of relevance", []row{{"text", "a", "relevant", "${b} = 1"}, {"text", "b", "relevant", "${a} = 1"}}, "loop a relevant", "a (relevant) → b (relevant) → a"},
		{"a circle through a group", []row{{"begin_group", "g", "relevant", "${a} = 1"}, {"text", "a"}, {"end"}}, "loop g relevant", "g (relevant) → g"},
		{"a calculation of itself", []row{{"calculate", "a", "calculation", "${a} + 1"}}, "loop a calculation", "a (calculation) → a"},
		{"a calculation of its own value", []row{{"calculate", "a", "calculation", ". + 1"}}, "loop a calculation", ""},
		{"a circle by a path", []row{{"calculate", "a", "calculation", "../b"}, {"calculate", "b", "calculation", "${a}"}}, "loop a calculation", "a (calculation) → b (calculation) → a"},
		{"a star that holds itself", []row{{"calculate", "a", "calculation", "count-non-empty(../*)"}}, "loop a calculation", ""},
		{"a circle of triggers", []row{{"calculate", "a", "calculation", "1", "trigger", "${b}"}, {"calculate", "b", "calculation", "${a} + 1"}}, "loop a trigger", "a (trigger) → b (calculation) → a"},
		{"an unknown name", []row{{"text", "held"}, {"calculate", "b", "calculation", "1 + ${hled}"}}, "unknown-reference b calculation", "write the name"},
		{"a misspelt name", []row{{"text", "held"}, {"calculate", "b", "calculation", "1 + ${hald}"}}, "unknown-reference b calculation", "did you mean ${held}?"},
		{"an unknown name in a label", []row{{"text", "a", "label", "So ${x}"}}, "unknown-reference a label", ""},
		{"an ambiguous name", []row{{"begin_group", "g"}, {"text", "a"}, {"end"}, {"begin_group", "h"}, {"text", "a"}, {"end"}, {"calculate", "b", "calculation", "${a}"}}, "ambiguous-reference b calculation", ""},
		{"an unknown function", []row{{"calculate", "b", "calculation", "selcted(1, 2)"}}, "unknown-function b calculation", "selcted"},
		{"prose", []row{{"calculate", "b", "calculation", "number of children"}}, "syntax b calculation", ""},
		{"an unknown type", []row{{"hologram", "b"}}, "unknown-type b type", "hologram"},
		{"groups too deep", deep, "nested-too-deep g12 ", "12 deep"},
		{"too many questions", many, "too-large  ", "5000 questions"},
		{"a wrong state_of", []row{{"select_one l", "b", "state_of", "b"}}, "bad-state-of b state_of", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := c.rows
			for range deepOf(rows) {
				rows = append(rows, row{"end"})
			}
			f, problems := Compile(sheet(rows))
			if f != nil {
				t.Fatal("the form was taken")
			}
			i := slices.IndexFunc(problems, func(p Problem) bool { return p.Fatal })
			p := problems[i]
			if got := p.Code + " " + p.Question + " " + p.Column; got != c.want || !strings.Contains(p.Error(), c.says) {
				t.Errorf("it says %s: %v", got, p)
			}
		})
	}
}

func deepOf(rows []row) int {
	n := 0
	for _, r := range rows {
		switch r[0] {
		case "begin_group", "begin_repeat":
			n++
		case "end":
			n--
		}
	}
	return n
}

func TestWhatIsOddAndCanBeFilled(t *testing.T) {
	f, problems := Compile(sheet([]row{{"select_one towns", "a"}, {"integer", "b", "default", "many"}, {"date", "c", "default", "2026-02-30"}}))
	if f == nil || len(problems) != 3 || problems[0].Code != "no-list" || problems[1].Code != "bad-default" || problems[2].Question != "c" {
		t.Errorf("problems are %v", problems)
	}
	if _, err := begun(t, f).Set(Key{Question: "a"}, Given{Value: "x"}); err == nil || !strings.Contains(err.Error(), "the list is empty") {
		t.Errorf("the answer of an empty list says %v", err)
	}
}

func TestAFormThatHasNotWhollyArrived(t *testing.T) {
	c := sheet([]row{{"text", "a"}, {"text", "b"}})
	c.Questions = c.Questions[:1]
	f, problems := Compile(c)
	if f != nil || problems[0].Code != "not-whole" || problems[0].Cure != "sync again" {
		t.Errorf("%v %v", f, problems)
	}
}

func TestDefaultsThatAreTextsAndExpressions(t *testing.T) {
	x := filling(t, []row{
		{"text", "prose", "default", "Call the office (soon)"}, {"text", "dash", "default", "north-west"}, {"date", "day", "default", "today()"},
		{"integer", "sum", "default", "1 + 2"}, {"integer", "twice", "default", "${sum} * 2"}, {"select_one l", "pick", "default", "b"},
		{"select_one s", "stated", "default", "refused"}, {"text", "hid", "default", "x", "relevant", "${sum} = 4"},
	}, append(states("s"), choiceRow{"l", "a"}, choiceRow{"l", "b"})...)
	x.wants(t, "prose", "Call the office (soon)", "dash", "north-west", "day", "2026-11-23", "sum", "3", "twice", "6", "pick", "b", "stated", "refused", "hid", "")
	if stored(x, "stated").GetState() != daylightv1.AnswerState_ANSWER_STATE_REFUSED || stored(x, "hid").GetValue() != "x" {
		t.Error("a default is not stored as an answer is")
	}
	x.set(t, "sum", "4")
	x.wants(t, "twice", "6", "hid", "x")
}

func TestOneMoreWhileTheLastSaysYes(t *testing.T) {
	x := filling(t, []row{
		{"calculate", "n", "calculation", "count(${person})"},
		{"begin_repeat", "person", "repeat_count", "if(${n} = 0 or ${person}[position() = ${n}]/more = 'yes', ${n} + 1, ${n})"},
		{"text", "more"}, {"text", "given", "default", "d"}, {"end"},
	})
	x.wants(t, "n", "1")
	for range 3 {
		last := x.r.GetInstances()[len(x.r.GetInstances())-1].GetId()
		x.set(t, "more/"+last, "yes")
	}
	x.wants(t, "n", "4")
	y := filling(t, []row{{"begin_repeat", "r", "repeat_count", "count(${r}) + 1"}, {"text", "a"}, {"text", "b", "default", "x"}, {"end"}})
	if len(y.r.GetInstances()) != 1 {
		t.Errorf("a repeat grew by itself to %d turns", len(y.r.GetInstances()))
	}
}

func TestACalculationThatRunsAwayIsStopped(t *testing.T) {
	var many []choiceRow
	for i := range 3000 {
		many = append(many, choiceRow{"big", fmt.Sprintf("c%d", i)})
	}
	x := filling(t, []row{
		{"select_one big", "a"},
		{"calculate", "run", "calculation", "count(instance('big')/root/item[count(instance('big')/root/item[name != ${a}]) > 1])"},
		{"calculate", "after", "calculation", "concat('[', ${run}, ']')"}, {"text", "fine"},
	}, many...)
	x.wants(t, "run", "", "after", "[]")
	if got := x.codes(); got != "runs-away run" {
		t.Errorf("the flags are %s", got)
	}
	x.set(t, "fine", "still")
	x.wants(t, "fine", "still")
}

// A circle that only the walk of a path shows: several questions have the name.
func TestACircleThatShowsOnlyWhenFilled(t *testing.T) {
	c := sheet([]row{
		{"begin_group", "g"}, {"calculate", "v", "calculation", "../../h/v"}, {"end"},
		{"begin_group", "h"}, {"calculate", "v", "calculation", "../../g/v"}, {"end"}, {"text", "z"},
	})
	f, problems := Compile(c)
	if f == nil {
		t.Fatal(problems)
	}
	x := begun(t, f)
	x.wants(t, "v", "", "h~v", "")
	if got := x.codes(); got != "runs-away v, runs-away h~v" {
		t.Errorf("the flags are %s", got)
	}
}

// Of two of one name, a path to the other is no circle.
func TestAPathToAnotherOfTheName(t *testing.T) {
	x := filling(t, []row{{"begin_group", "g"}, {"calculate", "v", "calculation", "../../h/v"}, {"end"}, {"begin_group", "h"}, {"text", "v"}, {"end"}})
	x.set(t, "h~v", "a")
	x.wants(t, "v", "a")
}

func TestLanguages(t *testing.T) {
	c := sheet([]row{{"select_one l", "a", "label", "Water", "label:ru", "Вода", "hint", "Hint"}, {"text", "b", "label:ru", "Имя"}, {"text", "c"}}, choiceRow{"l", "x", "Yes", "ru", "Да"}, choiceRow{"l", "y"})
	c.Titles["ru"] = "Проба"
	f, _ := Compile(c)
	for lang, want := range map[string][4]Text{
		"ru": {{"Вода", "ru"}, {"Hint", "en"}, {"Имя", "ru"}, {"Проба", "ru"}}, "ru-KZ": {{"Вода", "ru"}, {"Hint", "en"}, {"Имя", "ru"}, {"Проба", "ru"}},
		"en": {{"Water", "en"}, {"Hint", "en"}, {"Имя", "ru"}, {"Test", "en"}}, "tk": {{"Water", "en"}, {"Hint", "en"}, {"Имя", "ru"}, {"Test", "en"}},
	} {
		a, _ := f.Question("a")
		b, _ := f.Question("b")
		if got := [4]Text{a.Label(lang), a.Hint(lang), b.Label(lang), f.Title(lang)}; got != want {
			t.Errorf("%s: %v", lang, got)
		}
	}
	q, _ := f.Question("a")
	if got := q.Choices("ru"); got[0].Label != (Text{"Да", "ru"}) || got[1].Label != (Text{Text: "y"}) {
		t.Errorf("the choices are %v", got)
	}
}

// A column of a list that is called as the question that looks it up is no circle.
func TestALookUpIsNoCircle(t *testing.T) {
	x := filling(t, []row{{"select_one trees", "tree"}, {"calculate", "species", "calculation", "instance('trees')/root/item[name=${tree}]/species"}},
		choiceRow{"trees", "t1", "One", "species", "elm"})
	x.set(t, "tree", "t1")
	x.wants(t, "species", "elm")
}

func TestLastSaved(t *testing.T) {
	f := compiled(t, []row{{"text", "a", "default", "${last-saved#a}"}})
	o := options()
	o.LastSaved = &daylightv1.ChecklistResponse{Answers: []*daylightv1.Answer{{Key: "a", Value: proto.String("before")}}}
	if r := Begin(f, visit, visit, o); r.GetAnswers()[0].GetValue() != "before" {
		t.Errorf("the default is %v", r.GetAnswers())
	}
}

func TestAFormIsForAnyNumberOfGoroutines(t *testing.T) {
	f, _ := Compile(form500())
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			x := begun(t, f)
			x.set(t, "q0", "1")
			x.Items()
			x.Progress()
			x.Rows()
		})
	}
	all.Wait()
}

func TestAFormKnowsWhetherItReadsWhatWasSavedLast(t *testing.T) {
	for _, column := range []string{"default", "calculation", "relevant", "constraint", "required", "read_only", "suggest"} {
		for from, want := range map[string]bool{"last-saved#a": true, "a": false} {
			f := compiled(t, []row{{"text", "a"}, {"text", "b", column, "${" + from + "} = 'x'"}})
			if f.ReadsLastSaved() != want {
				t.Errorf("%s reads ${%s}: %v", column, from, !want)
			}
		}
	}
}
