package expr

import (
	"math"
	"testing"
)

// expect is a row of a table: an expression on a question, and what it gives.
type expect struct {
	source string
	on     string
	want   any
}

func hold(t *testing.T, w *country, rows ...expect) {
	t.Helper()
	for _, r := range rows {
		if v := w.eval(t, r.source, r.on); !gives(v, r.want) {
			t.Errorf("%s on %q gives %v %q, want %#v", r.source, r.on, v.Kind(), v.Text(), r.want)
		}
	}
}

func TestR1WhatIsNotRelevantReadsAsEmptyAndComesBack(t *testing.T) {
	w := garayol()
	w.at("held").hidden, w.at("cell[2]").hidden = true, true
	hold(t, w, expect{`${held}`, "", ""}, expect{`${held} = ''`, "", true}, expect{`coalesce(${held}, 'x')`, "", "x"},
		expect{`join('-', ${name})`, "", "A1--B1"}, expect{`count(${cell})`, "", 3.0}, expect{`count-non-empty(${name})`, "", 2.0},
		expect{`sum(${persons})`, "", nan})
	w.at("held").hidden = false
	hold(t, w, expect{`${held}`, "", "150"})
}

func TestR2AReferenceToOneQuestionIsAConditionByItsText(t *testing.T) {
	hold(t, garayol(),
		expect{`boolean(${held_women})`, "", false}, expect{`boolean(${over})`, "", true}, expect{`not(${harm})`, "", true},
		expect{`${held} and ${held_women}`, "", false}, expect{`if(${beds}, 1, 2)`, "cell[2]/persons", 2.0},
		expect{`boolean(../beds)`, "cell[2]/persons", false}, expect{`boolean(../beds)`, "cell[1]/persons", true},
		expect{`boolean(.)`, "harm", false}, expect{`boolean(current())`, "place", true}, expect{`boolean(/data/harm)`, "", false},
		expect{`${harm} = true()`, "", false}, expect{`${harm} != true()`, "", true},
		// sets count by their nodes
		expect{`boolean(${cell})`, "", true}, expect{`boolean(${visitor})`, "", false}, expect{`boolean(${age})`, "", false},
		expect{`boolean(${beds})`, "", true}, expect{`boolean(${cell}[beds = 5])`, "", true}, expect{`boolean(${cell}[beds = 7])`, "", false},
		expect{`count(${cell}[defect])`, "", 2.0}, expect{`count(${cell}[chk])`, "", 3.0}, expect{`boolean(../defect/grade)`, "cell[3]/persons", true},
		expect{`boolean(${cell}[1]/beds)`, "", true}, expect{`boolean(${cell}[2]/beds)`, "", true}, // X: a predicate makes a set
		expect{`boolean(..)`, "harm", true}, expect{`boolean(${chk})`, "cell[1]/chk/q", true}, // a group is there
	)
}

func TestR3RegexFitsTheWholeText(t *testing.T) {
	hold(t, garayol(),
		expect{`regex('abc', 'b')`, "", false}, expect{`regex('abc', '^b$')`, "", false}, expect{`regex('abc', 'a|abc')`, "", true},
		expect{`regex('abc', '^abc$')`, "", true}, expect{`regex(concat('a', '` + "\n" + `'), 'a')`, "", false},
		expect{`regex(${place}, '\p{L}+')`, "", true}, expect{`regex('Ашхабад', '\p{Lu}\p{Ll}*')`, "", true}, expect{`regex('07', '\d\d')`, "", true},
		expect{`regex('a_1', '\w+')`, "", true}, expect{`regex('Ж', '\p{IsCyrillic}')`, "", true}, expect{`regex('Ж', '\u0416')`, "", true},
		expect{`regex('', '')`, "", true}, expect{`regex('x', '')`, "", false}, expect{`regex('a]', '[]a]+')`, "", true}, expect{`regex('q', '[[:alpha:]]')`, "", true},
		expect{`regex('a.b', 'a\.b')`, "", true}, expect{`regex('aXb', 'a\.b')`, "", false}, expect{`regex('[', '\[')`, "", true})
}

func TestR4ADateIsAWholeNumberOfDays(t *testing.T) {
	hold(t, garayol(),
		expect{`number('2026-11-23')`, "", 20780.0}, expect{`date(6.9)`, "", "1970-01-07"}, expect{`date(-0.5)`, "", "1969-12-31"},
		expect{`date(20780)`, "", "2026-11-23"}, expect{`date(concat(20780))`, "", "2026-11-23"}, expect{`date('')`, "", ""},
		expect{`date(${started})`, "", "2026-11-23"}, expect{`date('2026-11-23T22:30:00Z')`, "", "2026-11-24"},
		expect{`number('2026-11-23T22:30:00Z')`, "", 20780.9375}, expect{`number('2026-11-23T03:30:00+05:00')`, "", 20779.9375},
		expect{`${started} = '2026-11-23'`, "", false}, expect{`${started} > '2026-11-23'`, "", true},
		expect{`number('2028-02-29') - number('2028-02-28')`, "", 1.0}, expect{`number('2027-02-29')`, "", nan})
}

func TestR5RoundingWorksOnTheDecimalDigits(t *testing.T) {
	hold(t, garayol(),
		expect{`round(1.005, 2)`, "", 1.01}, expect{`round(-2.5)`, "", -2.0}, expect{`round(-2.51)`, "", -3.0}, expect{`round(-1.005, 2)`, "", -1.0},
		expect{`round(-0.4)`, "", 0.0}, expect{`string(round(-0.4))`, "", "0"}, expect{`round(0.5)`, "", 1.0}, expect{`round(9.995, 2)`, "", 10.0},
		expect{`round(1250, -2)`, "", 1300.0}, expect{`round(49, -2)`, "", 0.0}, expect{`round(50, -2)`, "", 100.0}, expect{`round(-50, -2)`, "", 0.0},
		expect{`round(1, -400)`, "", 0.0}, expect{`round(1.5, 400)`, "", 1.5}, expect{`round('')`, "", nan}, expect{`round(1, '')`, "", nan},
		expect{`round(1 div 0)`, "", infinity}, expect{`round(12345.678, 1.9)`, "", 12345.7}, expect{`round(0)`, "", 0.0},
		expect{`round(2 div 3, 3)`, "", 0.667}, expect{`round(0.00000001234, 10)`, "", 0.0000000123})
}

func TestR6YesIsTheWordOrANumberAboveZero(t *testing.T) {
	hold(t, garayol(),
		expect{`checklist(2, 2, 'yes', 'no', 3, '0.5', 'x', '', -1, true())`, "", false},
		expect{`checklist(4, 4, 'yes', 'no', 3, '0.5', 'x', '', -1, true())`, "", true},
		expect{`checklist(-1, 0, 'no')`, "", true}, expect{`checklist(1, -1)`, "", false}, expect{`checklist(3, 3, ${persons})`, "", true},
		expect{`checklist('', 1, 'yes')`, "", false},
		expect{`weighted-checklist(5, 5, 'yes', 2, 'no', 10, 1, 3)`, "", true}, expect{`weighted-checklist(-1, 4, 'yes', 2, 1, 3)`, "", false},
		expect{`weighted-checklist(0, 0)`, "", true}, expect{`weighted-checklist(1, -1, 'yes', '')`, "", false})
}

func TestR7ADayThatIsNoneIsEmptyAndNoted(t *testing.T) {
	w := garayol()
	w.at("code").text = "2026-02-30"
	for _, source := range []string{`date(${code})`, `date-time(${code})`, `format-date(${code}, '%Y')`, `date(true())`, `date(99999999)`, `date(${place})`} {
		var notes []Note
		v, err := compiled(t, source).Eval(Scope{World: w, Node: w.at(""), Note: func(n Note) { notes = append(notes, n) }})
		if err != nil || v.Text() != "" {
			t.Errorf("%s gives %q, %v", source, v.Text(), err)
		}
		if len(notes) != 1 || notes[0].Text == "" {
			t.Errorf("%s notes %v", source, notes)
		}
	}
	if _, err := Compile(`date('2026-02-30')`); err == nil {
		t.Error("a literal that is no day compiles")
	}
}

func TestR8IndexedRepeatWithoutAnIndexIsEmpty(t *testing.T) {
	hold(t, garayol(),
		expect{`indexed-repeat(${name}, ${cell}, '')`, "", ""}, expect{`indexed-repeat(${name}, ${cell}, ${held_women})`, "", ""},
		expect{`indexed-repeat(${name}, ${cell}, 0)`, "", ""}, expect{`indexed-repeat(${name}, ${cell}, -1)`, "", ""},
		expect{`indexed-repeat(${name}, ${cell}, 2.9)`, "", "A2"}, expect{`indexed-repeat(${age}, ${visitor}, 1)`, "", ""})
}

func TestR9SelectedAtCountsFromZero(t *testing.T) {
	hold(t, garayol(),
		expect{`selected-at(${issues}, 0)`, "", "water"}, expect{`selected-at(${issues}, 2)`, "", "light"}, expect{`selected-at(${issues}, 1.9)`, "", "heat"},
		expect{`selected-at(${issues}, -1)`, "", ""}, expect{`selected-at(${issues}, '')`, "", ""}, expect{`selected-at(${harm}, 0)`, "", ""},
		expect{`selected-at('  a   b ', 1)`, "", "b"}, expect{`selected-at(${issues}, 1 div 0)`, "", ""})
}

func TestR10AnUnansweredInstanceMakesNaNOfWhichNothingIsStored(t *testing.T) {
	w := garayol()
	for _, source := range []string{`sum(${beds})`, `max(${beds})`, `min(${beds})`, `max(${age})`, `min(${age})`, `max(1, '', 3)`} {
		if v := w.eval(t, source, ""); !math.IsNaN(v.Number()) || v.Stored() != "" || v.Text() != "NaN" {
			t.Errorf("%s gives %q and stores %q", source, v.Text(), v.Stored())
		}
	}
	hold(t, w, expect{`max(${persons}, 9, '7')`, "", 9.0}, expect{`min(-1, ${persons})`, "", -1.0}, expect{`max('2026-01-02', '2026-01-01')`, "", 20455.0},
		expect{`sum(${beds}[. != ''])`, "", 9.0})
}

func TestR11APathWithoutANodeEqualsNothingAndDiffersFromNothing(t *testing.T) {
	hold(t, garayol(),
		expect{`../gone = ''`, "", false}, expect{`../gone != ''`, "", false}, expect{`Country = 'x'`, "", false}, expect{`string(Country)`, "", ""},
		expect{`instance('none')/root/item = ''`, "", false}, expect{`instance('places')/root/item[name = 'p9']/label = ''`, "", false},
		expect{`${visitor}/age < 1`, "", false}, expect{`${cell}[persons = 99]/name != 'x'`, "", false}, expect{`not(../gone = ../gone)`, "", true},
		expect{`../gone = false()`, "", true}, expect{`count(../gone)`, "", 0.0}, expect{`number(../gone)`, "", nan})
}

func TestR12NoExponentsInOrOut(t *testing.T) {
	hold(t, garayol(),
		expect{`number('1e3')`, "", nan}, expect{`number('1E3')`, "", nan}, expect{`string(pow(10, 21))`, "", "1000000000000000000000"},
		expect{`string(0.0000001)`, "", "0.0000001"}, expect{`string(1 div 3000000000)`, "", "0.0000000003333333333333333"},
		expect{`number('0x10')`, "", nan}, expect{`number('1_000')`, "", nan}, expect{`number('Infinity')`, "", nan}, expect{`number('+1')`, "", nan},
		expect{`number('--1')`, "", nan}, expect{`number('-')`, "", nan}, expect{`number('.')`, "", nan}, expect{`number('1.2.3')`, "", nan},
		expect{`number(' 12. ')`, "", 12.0}, expect{`number('-.5')`, "", -0.5}, expect{`number('1 2')`, "", nan}, expect{`number('٣')`, "", nan})
}

func TestR13DifferencesBelowTheTwelfthPlaceAreNone(t *testing.T) {
	hold(t, garayol(),
		expect{`6.1 - 7.8 = -1.7`, "", true}, expect{`6.1 - 7.8 != -1.7`, "", false}, expect{`0.1 + 0.2 = 0.3`, "", true},
		expect{`1 = 1.00000000001`, "", false}, expect{`1 div 0 = 1 div 0`, "", true}, expect{`1 div 0 = -1 div 0`, "", false},
		expect{`number('') = number('')`, "", false}, expect{`number('') != number('')`, "", true})
}

func TestR14AnEmptyChoiceIsNeverSelected(t *testing.T) {
	hold(t, garayol(),
		expect{`selected('', '')`, "", false}, expect{`selected('a b', '')`, "", false}, expect{`selected('a b', ' ')`, "", false},
		expect{`selected('a b', ' b ')`, "", true}, expect{`selected('a  b', 'b')`, "", true}, expect{`selected('a b', 'a b')`, "", false})
}
