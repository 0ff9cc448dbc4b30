package expr

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func seeds(f *testing.F) {
	for _, w := range append(examples, edges...) {
		f.Add(w.source)
	}
	for _, s := range []string{"", "number of children", "${a b}", "selected(${a}, ‘b’)", "((((", "))))", "${", "'", "a.b()", "3,5", "=A1", "[[[", "regex(., '[')",
		"parent::node()", "child::", "*", "//", "/", "..", "-", "${a}[", "a b c", "1e3", "jr:choice-name(., '${issues}')", "@a", "::", "x:", "translate(., 'a', 'bc')",
		"uuid(9)", "intersects('0 0;1 1')", "format-date(., concat('%', '%é'))", "randomize(${name}, 7)[2]", "instance(concat('x'))", "${cell}[position() = last()]/.."} {
		f.Add(s)
	}
}

// Compile gives an Expr or an *Error that points into the source and says what to do.
func FuzzCompile(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, source string) {
		e, err := Compile(source)
		if err == nil {
			if e.Source() != source {
				t.Fatal("another source")
			}
			return
		}
		var wrong *Error
		if !errors.As(err, &wrong) {
			t.Fatalf("%T", err)
		}
		if wrong.At < 0 || wrong.At > utf8.RuneCountInString(source) || wrong.Text == "" || wrong.Cure == "" || wrong.Code == "" {
			t.Fatalf("%q: %#v", source, wrong)
		}
	})
}

// Eval gives a value, a *Failure or ErrSteps within the budget, and no text beyond MaxText.
func FuzzEval(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, source string) {
		e, err := Compile(source)
		if err != nil {
			return
		}
		w := garayol()
		w.at("code").text = strings.Repeat("ж9 ", 300)
		own, steps := "none water", 200_000
		for _, s := range []Scope{
			{World: w, Node: w.at("cell[2]/persons"), Steps: &steps},
			{World: w, Node: w.at("harm"), Own: &own, Steps: &steps},
			{World: w, Node: w.at("place"), Item: w.lists["places"].children[1], Steps: &steps},
		} {
			steps = 200_000
			v, err := e.Eval(s)
			var failure *Failure
			switch {
			case errors.Is(err, ErrSteps):
			case errors.As(err, &failure):
				if failure.At > utf8.RuneCountInString(source) || failure.Text == "" {
					t.Fatalf("%q: %#v", source, failure)
				}
			case err != nil:
				t.Fatalf("%q: %v", source, err)
			default:
				if len(v.Text()) > MaxText || steps < 0 {
					t.Fatalf("%q: %d bytes, %d steps left", source, len(v.Text()), steps)
				}
				v.Number()
				v.Bool()
				v.Stored()
			}
		}
	})
}
