package expr

import (
	"reflect"
	"testing"
)

func TestDescription(t *testing.T) {
	for _, c := range []struct {
		shows  string
		source string
		what   func(*Expr) any
		want   any
	}{
		{"references in order", `${a} + ${b} - ${a}`, func(e *Expr) any { return e.References() },
			[]Reference{{Name: "a", At: 0}, {Name: "b", At: 7}, {Name: "a", At: 14}}},
		{"references in predicates and arguments", `count(${r}[x = ${a}])`, func(e *Expr) any { return e.References() },
			[]Reference{{Name: "r", At: 6}, {Name: "a", At: 15}}},
		{"a reference to what was last saved", `${last-saved#a}`, func(e *Expr) any { return e.References() },
			[]Reference{{Name: "a", At: 0, LastSaved: true}}},
		{"indexed-repeat names all nodes, but not in the index", `indexed-repeat(${a}, ${r}, ${i})`, func(e *Expr) any { return e.References() },
			[]Reference{{Name: "a", At: 15, All: true}, {Name: "r", At: 21, All: true}, {Name: "i", At: 27}}},
		{"a quoted reference, before what follows it", `concat(jr:choice-name(${a}, '${b}'), ${c})`, func(e *Expr) any { return e.References() },
			[]Reference{{Name: "a", At: 22}, {Name: "b", At: 29, Label: true}, {Name: "c", At: 37}}},
		{"a reference for its label without quotes", `jr:choice-name(${a}, ${a})`, func(e *Expr) any { return e.References() },
			[]Reference{{Name: "a", At: 15}, {Name: "a", At: 21, Label: true}}},
		{"a reference in a text is none", `'${a}'`, func(e *Expr) any { return len(e.References()) }, 0},
		{"calls in order", `if(not(${a}), now(), 1)`, func(e *Expr) any { return e.Calls() },
			[]Call{{"if", 0, 3}, {"not", 3, 1}, {"now", 14, 0}}},
		{"names in paths", `${r}[a > ../b]/c + /data/a + self::d`, func(e *Expr) any { return e.Names() }, []string{"a", "b", "c", "data", "d"}},
		{"columns of a list are no questions", `instance('x')/root/item[a = ${b} and ../c = current()/../d and ${r}[e]/f]/g + randomize(instance('x')/root/item)[h]/i + /data/j`,
			func(e *Expr) any { return e.Names() }, []string{"d", "e", "f", "data", "j"}},
		{"what stands in a predicate is not the question itself", `${r}[. = 1 and string-length() > 1] + ${a}/. + ./../b`, func(e *Expr) any { return e.Uses() }, Uses{Parent: true}},
		{"nor what a list's rows are asked", `instance('x')/root/*[.. = 1]/self::*`, func(e *Expr) any { return e.Uses() }, Uses{}},
		{"the question itself by its axis", `self::node()`, func(e *Expr) any { return e.Uses() }, Uses{Self: true}},
		{"bare words, not in predicates", `Country = ${r}[name = 'x'] or a/b`, func(e *Expr) any { return e.Bare() }, []Bare{{"Country", 0}, {"a", 30}}},
		{"a path from the parent is not bare", `../a + ./b + /c`, func(e *Expr) any { return len(e.Bare()) }, 0},
		{"lists and files, each once", `instance('x')/root + pulldata('y.csv', 'a', 'b', 1) + instance('x') + instance(${z})`,
			func(e *Expr) any { return e.Instances() }, []string{"x", "y"}},
		{"patterns", `regex(., '^a$') or regex(., 'b')`, func(e *Expr) any { return e.Patterns() }, []Pattern{{"^a$", 9, true}, {"b", 28, false}}},
		{"literals that answers are compared with", `selected(${a}, ' x ') or 'y' = ${b} or . != 'z' or selected(., 'w') or ${c} = '' or ${d} = 3`,
			func(e *Expr) any { return e.Choices() }, []Use{{"a", "x", 15}, {"b", "y", 25}, {"", "z", 44}, {"", "w", 63}}},
		{"a column is not compared with a choice", `instance('l')/root/item[name = 'x' and ${a} = 'y']`, func(e *Expr) any { return len(e.Choices()) }, 0},
		{"what a plain expression uses", `${a} = 1`, func(e *Expr) any { return e.Uses() }, Uses{}},
		{"what many things use", `. + .. + current()/* + /data + position(..) + now() + random() + once(1)`, func(e *Expr) any { return e.Uses() },
			Uses{Self: true, Parent: true, Current: true, Root: true, Any: true, Position: true, Clock: true, Random: true, Once: true}},
		{"today is the clock", `today()`, func(e *Expr) any { return e.Uses() }, Uses{Clock: true}},
		{"uuid is random", `uuid()`, func(e *Expr) any { return e.Uses() }, Uses{Random: true}},
		{"an order without a seed is random", `randomize(${r})`, func(e *Expr) any { return e.Uses() }, Uses{Random: true}},
		{"an order with a seed is not", `randomize(${r}, 1)`, func(e *Expr) any { return e.Uses() }, Uses{}},
		{"an argument left out is the question itself", `string-length()`, func(e *Expr) any { return e.Uses() }, Uses{Self: true}},
		{"axes written out", `parent::node()/self::* + child::node()`, func(e *Expr) any { return e.Uses() }, Uses{Parent: true, Any: true}},
		{"the source as given", ` ‘a’ `, func(e *Expr) any { return e.Source() }, ` ‘a’ `},
	} {
		t.Run(c.shows, func(t *testing.T) {
			if got := c.what(compiled(t, c.source)); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s\ngives %+v\nwant  %+v", c.source, got, c.want)
			}
		})
	}
}

func TestFunctionsAreACopy(t *testing.T) {
	delete(Functions(), "count")
	if _, ok := Functions()["count"]; !ok {
		t.Error("a caller took a function away")
	}
}
