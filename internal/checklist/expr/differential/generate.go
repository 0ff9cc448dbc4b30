package main

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// deepest is how far operations and functions stand in each other.
const deepest = 5

// A writer makes expressions for one node of one record.
type writer struct {
	*rand.Rand
	bearer *Node
	far    bool   // what is written stands in a predicate over there, where . is another node
	item   string // "cell" or "item" inside a predicate, whose bare names these are; else empty
}

// questions outside every repeat, and those inside, by what they hold.
var (
	single = map[string][]string{
		"number": {"capacity", "held", "held_women"}, "text": {"place", "code", "over", "note_text", "access"},
		"date": {"visit_date", "last_visit"}, "moment": {"started"}, "time": {"arrival"}, "list": {"issues", "harm"},
	}
	inCell = map[string][]string{"number": {"persons", "area", "beds"}, "text": {"name"}}
	inItem = map[string][]string{"number": {"population"}, "text": {"name", "label", "region"}}
)

func (w *writer) chance(of int) bool { return w.IntN(of) == 0 }

// refer is ${name} as the bearer reads it, and whether that is one node.
func (w *writer) refer(name string) (t raw, one bool) {
	base, from := "/x/data", 0
	above := ancestors[name]
	for n := w.bearer; n != nil; n = n.parent {
		for i, repeat := range above {
			if n.Named == repeat && repeats[repeat] && i+1 > from {
				base, from = n.path(), i+1
			}
		}
	}
	one = !repeats[name]
	for _, left := range above[from:] {
		base += "/" + left
		one = one && !repeats[left]
	}
	path := base + "/" + name
	if one {
		path = "single(" + path + ")"
	}
	return raw{"${" + name + "}", path}, one
}

// column is an answer or column of the row that a predicate is asked about.
func column(name string) raw { return raw{name, "single(./" + name + ")"} }

// from is a path from the bearer, whole where the oracle stands elsewhere.
func (w *writer) from(path string) string {
	if w.far {
		return w.bearer.path() + "/" + path
	}
	return path
}

// leafOf is an answer that holds what is asked: a reference, the question itself, a
// column of the row in a predicate.
func (w *writer) leafOf(what string) term {
	if bare := map[string]map[string][]string{"cell": inCell, "item": inItem}[w.item][what]; bare != nil && w.chance(2) {
		return column(pick(w.Rand, bare))
	}
	names := single[what]
	if w.bearer.parent.Named != "data" && w.chance(2) {
		if inside := inCell[what]; inside != nil {
			names = inside
		}
	}
	switch {
	case w.item == "" && w.bearer.parent.Named == "cell" && what == "number" && w.chance(6):
		return raw{"../area", "single(" + w.from("..") + "/area)"}
	case w.item == "" && w.chance(12):
		return raw{".", "single(" + w.from(".") + ")"}
	case w.bearer.parent.Named == "cell" && what == "number" && w.chance(6):
		return raw{"current()/../persons", "single(" + w.bearer.parent.path() + "/persons)"}
	}
	t, _ := w.refer(pick(w.Rand, names))
	return t
}

func quoted(text string) raw {
	if strings.Contains(text, "'") {
		return same(`"` + text + `"`)
	}
	return same("'" + text + "'")
}

// number is an expression that gives one.
func (w *writer) number(d int) term {
	if d <= 0 || w.chance(5) {
		switch w.IntN(4) {
		case 0:
			return same(pick(w.Rand, strings.Split("0|1|2|3|10|100|0.5|2.5|1.005|7|365.25|0.1|0.2|1000000|12|4|5.0", "|")))
		case 1:
			return quoted(pick(w.Rand, strings.Split("5|-3|2.5|007|| 4 |abc|0.1", "|")))
		}
		return w.leafOf("number")
	}
	d--
	switch w.IntN(24) {
	case 0, 1, 2, 3, 4, 5:
		return w.reckon(d)
	case 6:
		return minus{w.number(d)}
	case 7:
		return call{name: "count", args: []term{w.set(d)}}
	case 8:
		return call{name: "count-non-empty", args: []term{w.leaves(d)}}
	case 9, 10:
		return call{name: "sum", args: []term{w.leaves(d)}}
	case 11:
		return call{name: pick(w.Rand, []string{"max", "min"}), args: w.several(func() term {
			if w.chance(2) {
				return w.leaves(d)
			}
			return w.number(d)
		})}
	case 12:
		return call{name: "string-length", args: []term{w.text(d)}}
	case 13:
		return call{name: "count-selected", args: []term{w.leafOf("list")}}
	case 14:
		return call{name: "number", args: []term{w.any(d)}}
	case 15:
		return call{name: "int", args: []term{w.number(d)}}
	case 16:
		return call{name: "round", args: []term{w.number(d)}}
	case 17:
		return call{name: "round", args: []term{w.number(d), same(pick(w.Rand, strings.Split("0|1|2|3|-1|-2", "|")))}}
	case 18:
		return w.function(d)
	case 19:
		return call{name: "if", args: []term{w.truth(d), w.number(d), w.number(d)}}
	case 20:
		return call{name: "decimal-date-time", args: []term{w.day(d)}}
	case 21:
		return binary{w.day(d), "-", w.day(d), false}
	case 22:
		return w.place(d)
	}
	return w.location(d)
}

// reckon is a sum, a product and the like.
func (w *writer) reckon(d int) term {
	left, op, right := w.number(d), pick(w.Rand, []string{"+", "-", "*", "div", "mod", "+", "-", "*"}), w.number(d)
	if w.chance(8) {
		right = w.any(d)
	}
	ours, _ := written(left, style{})
	ends := ours[len(ours)-1]
	tight := (op == "+" || op == "-" || op == "*") && (ends == '}' || ends == ')' || ends == '\'') && w.chance(2)
	return binary{left, op, right, tight}
}

// function is one whose last digits machines may differ in, hence rounded.
func (w *writer) function(d int) term {
	name := pick(w.Rand, strings.Split("abs|sqrt|exp|exp10|log|log10|sin|cos|tan|asin|acos|atan|pow|atan2|pi|decimal-time", "|"))
	inner := call{name: name}
	switch name {
	case "pi":
	case "pow":
		inner.args = []term{w.number(d), same(pick(w.Rand, strings.Split("0|1|2|3|0.5|-1", "|")))}
	case "atan2":
		inner.args = []term{w.number(d), w.number(d)}
	case "decimal-time":
		inner.args = []term{w.leafOf("time")}
	case "exp", "exp10", "tan":
		inner.args = []term{binary{w.number(d), "mod", same("5"), false}}
	default:
		inner.args = []term{w.number(d)}
	}
	if name == "abs" {
		return inner
	}
	return call{name: "round", args: []term{inner, same("6")}}
}

// place is where an instance stands among its like.
func (w *writer) place(d int) term {
	if w.item != "" {
		return same("position()")
	}
	switch w.bearer.parent.Named {
	case "cell", "defect", "chk":
		up := pick(w.Rand, []string{"..", "../.."})
		return call{name: "position", args: []term{raw{up, w.from(up)}}}
	}
	return call{name: "count", args: []term{w.set(d)}}
}

// location is a distance or an area, rounded.
func (w *writer) location(int) term {
	points := quoted(pick(w.Rand, strings.Split("0 0 0 0; 0 1 0 0|37.95 58.38 0 0; 37.96 58.39 0 0; 37.94 58.40 0 0|37.95 58.38|1 1; 2 2; 3 1; 1 1|91 0; 0 0|", "|")))
	return call{name: "round", args: []term{call{name: pick(w.Rand, []string{"area", "distance"}), args: []term{points}}, same("-1")}}
}

// truth is a condition.
func (w *writer) truth(d int) term {
	if d <= 0 || w.chance(10) {
		if w.chance(2) {
			return w.leafOf(pick(w.Rand, []string{"number", "text", "list"}))
		}
		return call{name: pick(w.Rand, []string{"true", "false"})}
	}
	d--
	if w.item == "" && w.chance(15) {
		return w.edge()
	}
	switch w.IntN(18) {
	case 0, 1, 2:
		return binary{w.number(d), pick(w.Rand, []string{"<", "<=", ">", ">=", "=", "!="}), w.number(d), false}
	case 3:
		return binary{w.any(d), pick(w.Rand, []string{"<", "<=", ">", ">=", "=", "!="}), w.any(d), false}
	case 4:
		return binary{w.leafOf("text"), pick(w.Rand, []string{"=", "!="}), w.text(d), false}
	case 5:
		return binary{w.leaves(d), pick(w.Rand, []string{"<", "<=", ">", ">=", "=", "!="}), w.number(d), false}
	case 6:
		return binary{w.day(d), pick(w.Rand, []string{"<", "<=", ">", ">=", "=", "!="}), w.day(d), false}
	case 7, 8:
		return binary{w.truth(d), pick(w.Rand, []string{"and", "or"}), w.truth(d), false}
	case 9:
		return binary{w.any(d), pick(w.Rand, []string{"and", "or"}), w.any(d), false}
	case 10:
		return call{name: pick(w.Rand, []string{"not", "boolean"}), args: []term{w.any(d)}}
	case 11:
		return call{name: pick(w.Rand, []string{"contains", "starts-with", "ends-with"}), args: []term{w.text(d), w.piece(d)}}
	case 12:
		return call{name: "regex", args: []term{w.text(d), quoted(pick(w.Rand, patterns))}}
	case 13:
		return call{name: "selected", args: []term{w.leafOf("list"), quoted(pick(w.Rand, strings.Split("water|heat|hea|none| light ||water heat", "|")))}}
	case 14:
		return call{name: "boolean-from-string", args: []term{w.any(d)}}
	case 15:
		return call{name: "checklist", args: append([]term{w.bound(), w.bound()}, w.several(func() term { return w.any(d) })...)}
	case 16:
		args := []term{w.bound(), w.bound()}
		for range 1 + w.IntN(3) {
			args = append(args, w.any(d), w.number(0))
		}
		return call{name: "weighted-checklist", args: args}
	}
	return call{name: "if", args: []term{w.truth(d), w.truth(d), w.truth(d)}}
}

var patterns = []string{`[A-Z]{2}-[0-9]{4}`, `[0-9]+`, `^[0-9]+$`, `.*`, `\p{L}+`, `(yes|no)`, `yes|no`, `[^ ]+`, `\d{1,3}`, `^TM`, `0042$`, `\s*cell\s+14\s*`, `-?\d+(\.\d+)?`, ``}

func (w *writer) bound() term { return same(pick(w.Rand, []string{"-1", "0", "1", "2", "3"})) }

func (w *writer) several(one func() term) (args []term) {
	for range 1 + w.IntN(3) {
		args = append(args, one())
	}
	return args
}

// piece is a short text to look for.
func (w *writer) piece(d int) term {
	if w.chance(3) {
		return w.text(d)
	}
	return quoted(pick(w.Rand, strings.Split("|a|-|TM|0|ý| |water|'|ж|00", "|")))
}

// text is an expression that gives one.
func (w *writer) text(d int) term {
	if d <= 0 || w.chance(6) {
		if w.chance(3) {
			return quoted(pick(w.Rand, texts))
		}
		return w.leafOf(pick(w.Rand, []string{"text", "text", "list", "date", "number"}))
	}
	d--
	switch w.IntN(24) {
	case 0, 1:
		return call{name: "string", args: []term{w.any(d)}}
	case 2, 3:
		return call{name: "concat", args: w.several(func() term {
			if w.chance(4) {
				return w.leaves(d)
			}
			return w.any(d)
		})}
	case 4:
		return call{name: "join", args: append([]term{w.piece(0)}, w.several(func() term { return w.leaves(d) })...)}
	case 5, 6:
		args := []term{w.text(d), same(pick(w.Rand, strings.Split("0|1|2|-2|-50|7|100", "|")))}
		if w.chance(2) {
			args = append(args, same(pick(w.Rand, strings.Split("0|1|3|5|-1|-3|100", "|"))))
		}
		return call{name: "substr", args: args}
	case 7:
		return call{name: pick(w.Rand, []string{"substring-before", "substring-after"}), args: []term{w.text(d), w.piece(d)}}
	case 8:
		return call{name: "translate", args: []term{w.text(d), quoted(pick(w.Rand, strings.Split("abc|-0|aab|ýa|жё| |", "|"))), quoted(pick(w.Rand, strings.Split("xyz|/||ABC|e", "|")))}}
	case 9:
		return call{name: "normalize-space", args: []term{w.text(d)}}
	case 10:
		return call{name: "coalesce", args: []term{w.any(d), w.any(d)}}
	case 11:
		return call{name: "selected-at", args: []term{w.leafOf("list"), same(pick(w.Rand, strings.Split("0|1|2|3|-1", "|")))}}
	case 12, 13:
		return call{name: "if", args: []term{w.truth(d), w.any(d), w.any(d)}}
	case 14:
		return call{name: "format-date", args: []term{w.day(d), quoted(pick(w.Rand, strings.Split("%Y-%m-%d|%a %e %b %Y|%d.%n.%y|%Y|", "|")))}}
	case 15:
		return call{name: "format-date-time", args: []term{w.moment(d), quoted(pick(w.Rand, strings.Split("%d.%m.%Y %H:%M|%Y-%m-%d %H:%M:%S.%3|%h:%M", "|")))}}
	case 16:
		return call{name: "string", args: []term{w.day(d)}}
	case 17:
		return call{name: "digest", args: []term{quoted(pick(w.Rand, []string{"visit-17", "", "abc"})), quoted(pick(w.Rand, strings.Split("MD5|SHA-1|SHA-256|SHA-384|SHA-512", "|"))), quoted(pick(w.Rand, []string{"hex", "base64"}))}}
	case 18:
		return w.index(d)
	case 19:
		return w.pull(d)
	case 20:
		if w.item == "" {
			return call{name: "once", args: []term{w.any(d)}}
		}
		return w.text(d)
	case 21:
		return w.shuffled()
	case 22:
		return call{name: "string", args: []term{w.leaves(d)}}
	}
	return call{name: "concat", args: []term{w.text(d), w.text(d)}}
}

func (w *writer) index(d int) term {
	there := *w
	there.far = true
	at := func() term {
		if w.chance(4) {
			return call{name: "int", args: []term{there.number(d)}}
		}
		return same(pick(w.Rand, strings.Split("1|2|3|4|0|9", "|")))
	}
	if w.item != "" {
		at = func() term { return same("2") }
	}
	switch w.IntN(3) {
	case 0:
		return indexed{"grade", []string{"cell", "defect"}, []term{at(), at()}}
	case 1:
		return indexed{"age", []string{"visitor"}, []term{at()}}
	}
	return indexed{pick(w.Rand, []string{"name", "persons", "area"}), []string{"cell"}, []term{at()}}
}

func (w *writer) pull(d int) term {
	value := term(quoted(pick(w.Rand, strings.Split("p1|p2|p3|p9||Alma|north", "|"))))
	if w.item == "" && w.chance(3) {
		value = call{name: "concat", args: []term{same("'p'"), call{name: "count", args: []term{w.set(d)}}}}
	}
	return pulled{pick(w.Rand, []string{"label", "region", "population"}), pick(w.Rand, []string{"name", "label", "region"}), value}
}

// shuffled is a sample in the order that the seed gives.
func (w *writer) shuffled() term {
	seed := same(pick(w.Rand, strings.Split("1|42|-7|2147483647|20261123|0", "|")))
	name := pick(w.Rand, []string{"name", "persons"})
	set := raw{"${cell}/" + name, "/x/data/cell/" + name}
	if w.chance(3) {
		set = raw{"instance('places')/root/item/label", "/x/places/root/item/label"}
	}
	return call{name: "join", args: []term{same("' '"), call{name: "randomize", args: []term{set, seed}}}}
}

// day is a date: an answer, a text, a reckoning, today.
func (w *writer) day(d int) term {
	if d <= 0 || w.chance(2) {
		switch w.IntN(6) {
		case 0:
			return call{name: "today"}
		case 1:
			return quoted(pick(w.Rand, dates))
		case 2:
			return w.leafOf("moment")
		}
		return w.leafOf("date")
	}
	d--
	switch w.IntN(4) {
	case 0:
		return call{name: "date", args: []term{w.day(d)}}
	case 1:
		return call{name: "date", args: []term{binary{call{name: "today"}, pick(w.Rand, []string{"+", "-"}), same(pick(w.Rand, strings.Split("1|14|31|365|0.9|1000", "|"))), false}}}
	case 2:
		return call{name: "if", args: []term{w.truth(d), w.day(d), w.day(d)}}
	}
	return call{name: "date", args: []term{same(pick(w.Rand, strings.Split("0|6|6.9|20780|-1|-0.5|19000.25", "|")))}}
}

func (w *writer) moment(int) term {
	switch w.IntN(4) {
	case 0:
		return call{name: "now"}
	case 1:
		return quoted(pick(w.Rand, moments))
	case 2:
		return call{name: "date-time", args: []term{w.leafOf("moment")}}
	}
	return w.leafOf("moment")
}

// any is an expression of whatever kind.
func (w *writer) any(d int) term {
	switch w.IntN(8) {
	case 0, 1:
		return w.number(d)
	case 2:
		return w.truth(d)
	case 3, 4:
		return w.text(d)
	case 5:
		return w.day(d)
	case 6:
		return w.set(d)
	}
	return w.leafOf(pick(w.Rand, []string{"number", "text", "list", "date", "time"}))
}

// set is a node-set: instances, or what leaves gives.
func (w *writer) set(d int) term {
	if w.chance(2) {
		return w.leaves(d)
	}
	name := pick(w.Rand, []string{"cell", "defect", "visitor"})
	if w.item == "" && w.chance(2) {
		return w.filter(name, "", d)
	}
	t, _ := w.refer(name)
	return t
}

// leaves is a node-set of answers or columns.
func (w *writer) leaves(d int) term {
	if w.item == "" {
		switch w.IntN(5) {
		case 0:
			return w.filter("cell", "/"+pick(w.Rand, []string{"persons", "area", "beds", "name", "chk/q", "defect/grade"}), d)
		case 1:
			return w.rows(d)
		}
	} else if w.item == "cell" && w.chance(2) {
		return raw{"defect/grade", "./defect/grade"}
	}
	name := pick(w.Rand, []string{"persons", "area", "beds", "name", "grade", "age"})
	if t, one := w.refer(name); !one {
		return t
	}
	return raw{"${cell}/" + name, "/x/data/cell/" + name}
}

// filter is a repeat's instances that a predicate keeps.
func (w *writer) filter(repeat, rest string, d int) term {
	base, _ := w.refer(repeat)
	if repeat != "cell" {
		return filtered{base, w.condition("", d-1), rest}
	}
	return filtered{base, w.condition("cell", d-1), rest}
}

// rows are columns of the attached file.
func (w *writer) rows(d int) term {
	base := raw{"instance('places')/root/item", "/x/places/root/item"}
	rest := "/" + pick(w.Rand, []string{"name", "label", "region", "population"})
	return filtered{base, w.condition("item", d-1), rest}
}

// condition is what stands in a predicate over the rows of item.
func (w *writer) condition(item string, d int) term {
	in := &writer{Rand: w.Rand, bearer: w.bearer, item: item}
	if item == "" {
		return binary{same("position()"), pick(w.Rand, []string{"=", "<", ">="}), same(pick(w.Rand, []string{"1", "2", "3"})), false}
	}
	columns := map[string]map[string][]string{"cell": inCell, "item": inItem}[item]
	one := func(what string) term { return column(pick(w.Rand, columns[what])) }
	switch w.IntN(7) {
	case 0:
		return same(pick(w.Rand, []string{"1", "2", "3", "4"}))
	case 1:
		return binary{same("position()"), pick(w.Rand, []string{"=", "<", ">=", "!="}), in.number(min(d, 2)), false}
	case 2:
		return binary{one("text"), pick(w.Rand, []string{"=", "!="}), quoted(pick(w.Rand, strings.Split("north|south|A1|A2|p1||Alma", "|"))), false}
	case 3:
		return call{name: "not", args: []term{binary{one("number"), "=", in.number(min(d, 2)), false}}}
	case 4:
		return binary{binary{one("number"), ">", same(strconv.Itoa(w.IntN(150))), false}, pick(w.Rand, []string{"and", "or"}), in.truth(min(d, 2)), false}
	case 5:
		return asked(in.truth(min(d, 2)))
	}
	return binary{one("number"), pick(w.Rand, []string{"<", "<=", ">", ">=", "=", "!="}), in.number(min(d, 2)), false}
}

// asked makes a condition of what stands alone in a predicate. The oracle forgets there
// that a reference was to one question, so it is told.
func asked(t term) term {
	switch t := t.(type) {
	case raw:
		return raw{t.ours, "boolean(" + t.theirs + ")"}
	case call:
		if t.name == "if" {
			return call{name: "boolean", args: []term{t}}
		}
	}
	return t
}

// edge is a condition where engines quarrel: the next to nothing between two numbers,
// halves, numbers too long to write, days that no calendar has, one day written twice.
func (w *writer) edge() term {
	dated := func() term { return w.leafOf(pick(w.Rand, []string{"date", "moment"})) }
	rounded := func(of string, places string) term { return call{name: "round", args: []term{same(of), same(places)}} }
	equal := pick(w.Rand, []string{"=", "!="})
	switch w.IntN(12) {
	case 0:
		sum := pick(w.Rand, strings.Split("0.1 + 0.2|6.1 - 7.8|1.1 * 3|0.3 - 0.1|4.35 * 100|1 - 0.9", "|"))
		return binary{same(sum), equal, same(pick(w.Rand, strings.Split("0.3|-1.7|3.3|0.2|435|0.1", "|"))), false}
	case 1:
		half := pick(w.Rand, strings.Split("2.5|-2.5|-0.5|0.5|-1.5|1.005|-1.005|2.675|1250|-1250|-1350|0.05|1.45", "|"))
		return binary{rounded(half, pick(w.Rand, []string{"0", "1", "2", "-2"})), equal, rounded(half, "0"), false}
	case 2:
		long := pick(w.Rand, strings.Split("1000000000000 * 10000000000|0.0000001|1 div 3000000000|100000000000000000000000|123456789012345678", "|"))
		return call{name: "contains", args: []term{call{name: "string", args: []term{same(long)}}, quoted(pick(w.Rand, []string{"e", "00000000", "+"}))}}
	case 3:
		return binary{dated(), equal, dated(), false}
	case 4:
		return binary{dated(), equal, quoted(pick(w.Rand, append(dates, moments...))), false}
	case 5:
		return binary{call{name: "date", args: []term{dated()}}, equal, call{name: "date", args: []term{w.leafOf("date")}}, false}
	case 6:
		args := []term{quoted(pick(w.Rand, astral)), same(pick(w.Rand, []string{"0", "1", "2", "-3"}))}
		return binary{call{name: "string-length", args: args[:1]}, equal, call{name: "string-length", args: []term{call{name: "substr", args: args}}}, false}
	}
	switch w.IntN(5) {
	case 0:
		return binary{call{name: "string-length", args: []term{call{name: "once", args: []term{binary{w.number(1), "div", same("0"), false}}}}}, equal, same("0"), false}
	case 1:
		return call{name: "weighted-checklist", args: []term{same("1"), w.bound(), w.leaves(1), same("1"), call{name: "false"}, same("2"), call{name: "true"}, w.leafOf("number")}}
	case 2:
		return binary{call{name: "decimal-time", args: []term{quoted(pick(w.Rand, times))}}, ">", same("0.5"), false}
	case 3:
		return call{name: "contains", args: []term{call{name: "sum", args: []term{w.leaves(0)}}, same("'00000'")}}
	}
	blank := pick(w.Rand, []string{"a\u00a0b", "\u2003a  b ", "a \u00a0 b"})
	return binary{call{name: "normalize-space", args: []term{quoted(blank)}}, equal, quoted(pick(w.Rand, []string{"a b", "a\u00a0b", "a \u00a0 b"})), false}
}
