package expr

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// lean and full write a term with as few brackets as the precedence allows, and with
// brackets around everything.
type written struct {
	lean  string
	full  string
	level int // how tightly its operator binds; 9: an operand
}

var operators = []struct {
	sign  string
	level int
}{
	{"or", 0}, {"and", 1}, {"=", 2}, {"!=", 2}, {"<", 3}, {"<=", 3}, {">", 3}, {">=", 3}, {"+", 4}, {"-", 4}, {"*", 5}, {"div", 5}, {"mod", 5},
}

func drawTerm(t *rapid.T, depth int) written {
	operand := func() written {
		s := rapid.SampledFrom([]string{"${held}", "${place}", "${persons}", "12", "2.5", "'x'", "''", "true()", ".", "../held", "${cell}[persons > 4]/area", "today()"}).Draw(t, "operand")
		return written{s, s, 9}
	}
	if depth == 0 {
		return operand()
	}
	switch rapid.IntRange(0, 5).Draw(t, "sort") {
	case 0:
		return operand()
	case 1:
		of := drawTerm(t, depth-1)
		return written{"-" + bracketed(of, 6), "(-" + of.full + ")", 6}
	case 2:
		a, b := drawTerm(t, depth-1), drawTerm(t, depth-1)
		return written{fmt.Sprintf("if(%s, %s, 1)", a.lean, b.lean), fmt.Sprintf("if(%s, %s, 1)", a.full, b.full), 9}
	}
	op := rapid.SampledFrom(operators).Draw(t, "operator")
	a, b := drawTerm(t, depth-1), drawTerm(t, depth-1)
	return written{
		bracketed(a, op.level) + " " + op.sign + " " + bracketed(b, op.level+1),
		"(" + a.full + " " + op.sign + " " + b.full + ")", op.level}
}

// bracketed is a term where what stands must bind at least as tightly.
func bracketed(w written, level int) string {
	if w.level >= level {
		return w.lean
	}
	return "(" + w.lean + ")"
}

func TestPrecedenceReadsAsBracketsSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawTerm(t, 4)
		lean, err := Compile(w.lean)
		if err != nil {
			t.Fatalf("%s: %v", w.lean, err)
		}
		full, err := Compile(w.full)
		if err != nil {
			t.Fatalf("%s: %v", w.full, err)
		}
		if a, b := show(lean.top), show(full.top); a != b {
			t.Fatalf("%s\nreads as %s\n%s\nreads as %s", w.lean, a, w.full, b)
		}
		world := garayol()
		s := Scope{World: world, Node: world.at("place")}
		a, errA := lean.Eval(s)
		b, errB := full.Eval(s)
		if errA != nil || errB != nil || a.Text() != b.Text() || a.Kind() != b.Kind() {
			t.Fatalf("%s gives %q, %v\n%s gives %q, %v", w.lean, a.Text(), errA, w.full, b.Text(), errB)
		}
	})
}

// show writes a compiled term with brackets around every operator. A chain of and or
// or is the same however it was bracketed from the left.
func show(t term) string {
	switch t := t.(type) {
	case *literal:
		return fmt.Sprintf("%q", t.value.Text())
	case *reference:
		return "${" + t.name + "}"
	case *negation:
		return "-(" + show(t.of) + ")"
	case *binary:
		return fmt.Sprintf("(%s %d %s)", show(t.left), t.op, show(t.right))
	case *logic:
		first := show(t.parts[0])
		for _, p := range t.parts[1:] {
			first = fmt.Sprintf("(%s %v %s)", first, t.or, show(p))
		}
		return first
	case *call:
		var args []string
		for _, a := range t.args {
			args = append(args, show(a))
		}
		return t.name + "(" + strings.Join(args, ",") + ")"
	case *path:
		out := fmt.Sprint("path", t.from)
		if t.start != nil {
			out += show(t.start)
		}
		for _, p := range t.own {
			out += "[" + show(p) + "]"
		}
		for _, s := range t.steps {
			out += fmt.Sprint("/", s.axis, s.name)
		}
		return out
	}
	return fmt.Sprintf("%T", t)
}

func TestNumbersComeBackFromTheirText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Float64().Draw(t, "number")
		s := formatNumber(n)
		back := numberOf(s, time.UTC)
		if math.IsInf(n, 0) || math.IsNaN(n) {
			if !math.IsNaN(back) {
				t.Fatalf("%s reads as %v", s, back)
			}
			return
		}
		if back != n || strings.ContainsAny(s, "eE+") || strings.HasSuffix(s, ".") || s == "-0" {
			t.Fatalf("%v writes as %s and reads as %v", n, s, back)
		}
		if e, err := Compile(s); err != nil || show(e.top) == "" {
			t.Fatalf("%s is no expression: %v", s, err)
		}
	})
}

func TestDaysComeBackFromTheirDate(t *testing.T) {
	w := garayol()
	date, number := compiled(t, `date(${held})`), compiled(t, `number(date(${held}))`)
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.IntRange(firstDay, lastDay).Draw(t, "day")
		w.at("held").text = fmt.Sprint(day)
		s := Scope{World: w, Node: w.at("place")}
		text, _ := date.Eval(s)
		back, err := number.Eval(s)
		if err != nil || back.Number() != float64(day) || len(text.Text()) != 10 {
			t.Fatalf("day %d is %q and comes back as %v", day, text.Text(), back.Number())
		}
	})
}

func drawValue(t *rapid.T, name string) Value {
	switch rapid.IntRange(0, 3).Draw(t, name+" sort") {
	case 0:
		return textValue(rapid.SampledFrom([]string{"", "a", "1", "-2.5", "2026-11-20", "2026-11-20T01:00Z", "NaN", "true", " 1 "}).Draw(t, name))
	case 1:
		return numberValue(rapid.SampledFrom([]float64{0, 1, -2.5, 20777, math.NaN(), math.Inf(1), 1e-13}).Draw(t, name))
	case 2:
		return boolValue(rapid.Bool().Draw(t, name))
	}
	var nodes []Node
	for _, s := range rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "1", "2026-11-20"}), 0, 3).Draw(t, name) {
		nodes = append(nodes, answer("q", s))
	}
	return Value{kind: Nodes, nodes: nodes, one: len(nodes) == 1 && rapid.Bool().Draw(t, name+" one")}
}

// Of single values, != is the opposite of =; of any, = and != read the same from
// both sides and < is > turned round. A set is less strict: that is XPath.
func TestComparisonsKeepTheirLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawValue(t, "a"), drawValue(t, "b")
		m := &machine{world: garayol(), steps: DefaultSteps}
		is := func(op operator, a, b Value) bool {
			yes, err := m.compare(op, a, b)
			if err != nil {
				t.Fatal(err)
			}
			return yes
		}
		single := func(v Value) bool { return v.kind != Nodes || v.one }
		if single(a) && single(b) && is(opEqual, a, b) == is(opUnequal, a, b) {
			t.Fatalf("%v and %v are both equal and not", a, b)
		}
		for op, turned := range map[operator]operator{opEqual: opEqual, opUnequal: opUnequal, opLess: opMore, opLessEqual: opMoreEqual} {
			if is(op, a, b) != is(turned, b, a) {
				t.Fatalf("%v and %v: %d and %d from the other side differ", a, b, op, turned)
			}
		}
		if single(a) && single(b) && is(opLess, a, b) && (is(opMore, a, b) || is(opMoreEqual, a, b)) {
			t.Fatalf("%v is less and more than %v", a, b)
		}
		if is(opLess, a, b) && !is(opLessEqual, a, b) {
			t.Fatalf("%v is less than %v, but not less or equal", a, b)
		}
	})
}

func TestSubstrCutsCharacters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		bound := rapid.OneOf(rapid.Float64(), rapid.Map(rapid.IntRange(-20, 20), func(n int) float64 { return float64(n) }))
		from, to := bound.Draw(t, "from"), bound.Draw(t, "to")
		out := substr(s, from, to)
		if !strings.Contains(s, out) || utf8.ValidString(s) && !utf8.ValidString(out) {
			t.Fatalf("substr(%q, %v, %v) is %q", s, from, to, out)
		}
		n := rapid.IntRange(0, utf8.RuneCountInString(s)).Draw(t, "cut")
		if substr(s, 0, float64(n))+substr(s, float64(n), math.Inf(1)) != s {
			t.Fatalf("%q is not its halves at %d", s, n)
		}
	})
}

func TestTranslateKeepsEveryCharacterItIsNotAskedAbout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.StringOfN(rapid.RuneFrom([]rune("abжé ")), 0, 8, -1)
		s, from, to := letters.Draw(t, "text"), letters.Draw(t, "from"), letters.Draw(t, "to")
		out := translate(s, from, to)
		var want strings.Builder
		for _, r := range s {
			i := slices.Index([]rune(from), r)
			switch {
			case i < 0:
				want.WriteRune(r)
			case i < utf8.RuneCountInString(to):
				want.WriteRune([]rune(to)[i])
			}
		}
		if out != want.String() {
			t.Fatalf("translate(%q, %q, %q) is %q, want %q", s, from, to, out, want.String())
		}
	})
}

func TestRoundingIsNearAndIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, places := rapid.Float64Range(-1e9, 1e9).Draw(t, "number"), rapid.IntRange(-4, 8).Draw(t, "places")
		out := round(n, places)
		nearest := 0.5*math.Pow(10, float64(-places)) + 2*(math.Nextafter(math.Abs(n), math.Inf(1))-math.Abs(n))
		if math.Abs(out-n) > nearest || round(out, places) != out {
			t.Fatalf("round(%v, %d) is %v, and again %v", n, places, out, round(out, places))
		}
	})
}

func TestSelectedFindsWhatSelectedAtNames(t *testing.T) {
	w := garayol()
	count, at, has := compiled(t, `count-selected(${issues})`), compiled(t, `selected-at(${issues}, ${held})`), compiled(t, `selected(${issues}, selected-at(${issues}, ${held}))`)
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-zж]{1,3}`), 0, 5).Draw(t, "choices")
		w.at("issues").text = strings.Join(words, strings.Repeat(" ", rapid.IntRange(1, 3).Draw(t, "blanks")))
		s := Scope{World: w, Node: w.at("place")}
		if n, _ := count.Eval(s); n.Number() != float64(len(words)) {
			t.Fatalf("%q counts %v", w.at("issues").text, n.Number())
		}
		for i, word := range words {
			w.at("held").text = fmt.Sprint(i)
			v, _ := at.Eval(s)
			found, _ := has.Eval(s)
			if v.Text() != word || !found.Bool() {
				t.Fatalf("%q at %d is %q", w.at("issues").text, i, v.Text())
			}
		}
	})
}

// Compile is a function of its source, and what it describes stands in the source.
func TestDescriptionsPointIntoTheSource(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source := drawTerm(t, 4).lean
		a, err := Compile(source)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := Compile(source)
		if !reflect.DeepEqual(a.References(), b.References()) || a.Uses() != b.Uses() {
			t.Fatal("two descriptions of one source")
		}
		for _, r := range a.References() {
			if !strings.HasPrefix(string([]rune(source)[r.At:]), "${"+r.Name+"}") {
				t.Fatalf("%s: no reference %s at %d", source, r.Name, r.At)
			}
		}
		for _, c := range a.Calls() {
			if !strings.HasPrefix(string([]rune(source)[c.At:]), c.Name+"(") {
				t.Fatalf("%s: no call %s at %d", source, c.Name, c.At)
			}
		}
	})
}
