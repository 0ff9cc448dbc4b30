package expr

import (
	"fmt"
	"math"
	"testing"
)

// worked is one example: an expression, the question that bears it, what `.` is, and
// what it gives. A text, a number and yes or no are told apart by their Go type.
type worked struct {
	no     int
	source string
	on     string // "" for a question outside the repeats
	own    string // the answer being given
	want   any
	from   string // the paragraph that it was worked out from
}

var nan, infinity = math.NaN(), math.Inf(1)

var examples = []worked{
	{1, `${held} - ${capacity}`, "", "", 30.0, "S Operators, X 3.5"},
	{2, `${held} div ${capacity}`, "", "", 1.25, "X 3.5"},
	{3, `round(${held} div ${capacity} * 100, 1)`, "", "", 125.0, "X 3.5, S round; prints without a point, X 4.2"},
	{4, `${held} + ${held_women}`, "", "", nan, "D-logic Empty values; R10"},
	{5, `${held} + coalesce(${held_women}, 0)`, "", "", 150.0, "D-logic Empty values, S coalesce"},
	{6, `if(${held_women} = '', 0, ${held_women}) + 1`, "", "", 1.0, "D-logic Empty values, S if"},
	{7, `17.5 mod 5`, "", "", 2.5, "X 3.5"},
	{8, `-7 mod 3`, "", "", -1.0, "X 3.5"},
	{9, `7 div 0`, "", "", infinity, "X 3.5"},
	{10, `5 > 4 > 3`, "", "", false, "X 3.4"},
	{11, `'12' + '3'`, "", "", 15.0, "X 3.5, S Operators"},
	{12, `'12' = 12.0`, "", "", true, "X 3.4"},
	{13, `'12' = '12.0'`, "", "", false, "X 3.4"},
	{14, `'2' > '10'`, "", "", false, "X 3.4"},
	{15, `true() = 'false'`, "", "", true, "X 3.4, 4.3"},
	{16, `boolean(${over})`, "", "", true, "S Functions, the note on stored booleans"},
	{17, `boolean-from-string(${over})`, "", "", false, "S boolean-from-string"},
	{18, `${access} = 'none' or ${held} > 100 and ${capacity} < 100`, "", "", false, "X 3.4, 3.7: and before or"},
	{19, `concat(${place}, ' (', ${held}, ')')`, "", "", "Garaýol (150)", "S concat"},
	{20, `concat(${name})`, "", "", "A1A2B1", "S concat over a node-set"},
	{21, `join(', ', ${name})`, "", "", "A1, A2, B1", "S join"},
	{22, `string-length(${place})`, "", "", 7.0, "X 4.2: characters; the bytes are 8"},
	{23, `normalize-space(${note_text})`, "", "", "cell 14", "X 4.2"},
	{24, `substr(${visit_date}, 0, 7)`, "", "", "2026-11", "S substr"},
	{25, `number(substring-after(${code}, '-'))`, "", "", 42.0, "X 4.2, 4.4"},
	{26, `substring-before(${code}, '/')`, "", "", "", "X 4.2"},
	{27, `translate(${code}, '-0', '/')`, "", "", "TM/42", "X 4.2"},
	{28, `regex(${code}, '[A-Z]{2}-[0-9]{4}')`, "", "", true, "S regex, D-fn"},
	{29, `regex(${code}, '[0-9]+')`, "", "", false, "D-fn regex; ruling R3"},
	{30, `selected(${issues}, 'heat')`, "", "", true, "S selected"},
	{31, `selected(${issues}, 'hea')`, "", "", false, "S selected"},
	{32, `selected(${harm}, 'water')`, "", "", false, "S selected"},
	{33, `not(selected(., 'none') and count-selected(.) > 1)`, "harm", "none water", false, "D-logic Constraints"},
	{34, `count-selected(${issues})`, "", "", 3.0, "S count-selected"},
	{35, `count-selected(${harm})`, "", "", 0.0, "S count-selected"},
	{36, `selected-at(${issues}, 0)`, "", "", "water", "D-fn selected-at; ruling R9"},
	{37, `selected-at(${issues}, 3)`, "", "", "", "S selected-at"},
	{38, `jr:choice-name(selected-at(${issues}, 1), '${issues}')`, "", "", "Heating", "S jr:choice-name, D-fn"},
	{39, `count(${cell})`, "", "", 3.0, "X 4.1, D-fn count"},
	{40, `sum(${persons})`, "", "", 15.0, "X 4.1"},
	{41, `sum(${age})`, "", "", 0.0, "X 4.1"},
	{42, `sum(${beds})`, "", "", nan, "X 4.1, D-logic Empty values; R10"},
	{43, `max(${persons}) - min(${persons})`, "", "", 2.0, "F 14.4, S max, min"},
	{44, `count-non-empty(${beds})`, "", "", 2.0, "S count-non-empty"},
	{45, `position(..)`, "cell[2]/persons", "", 2.0, "S position, D-fn"},
	{46, `position(..)`, "cell[2]/chk/q", "", 1.0, "S position: .. is the group"},
	{47, `position(../..)`, "cell[2]/chk/q", "", 2.0, "S Paths, position"},
	{48, `indexed-repeat(${name}, ${cell}, 3)`, "", "", "B1", "S indexed-repeat"},
	{49, `indexed-repeat(${name}, ${cell}, 9)`, "", "", "", "S indexed-repeat: no such node; X 4.2"},
	{50, `sum(${cell}[persons > 4]/area)`, "", "", 33.0, "D-logic Predicates, X 2.4"},
	{51, `count(${defect})`, "", "", 3.0, "D-rep, X 4.1"},
	{51, `count(${defect})`, "cell[1]/persons", "", 2.0, "D-rep, X 4.1: inside the first cell"},
	{52, `${cell}[position() = position(current()/..) - 1]/persons`, "cell[3]/persons", "", "6", "D-logic Dynamic defaults in repeats"},
	{53, `today() - ${visit_date}`, "", "", 3.0, "S Operators, number; R4"},
	{54, `date(today() + 14)`, "", "", "2026-12-07", "S date, D-fn date"},
	{55, `int((today() - date('1987-02-28')) div 365.25)`, "", "", 39.0, "S number, int"},
	{56, `${persons} = 6`, "", "", true, "X 3.4"},
	{57, `${persons} != 6`, "", "", true, "X 3.4"},
	{58, `format-date(${visit_date}, '%a %e %b %Y')`, "", "", "Fri 20 Nov 2026", "S format-date"},
	{59, `pulldata('places', 'label', 'name', 'p2')`, "", "", "Bedre", "S pulldata, L Data preloading"},
	{60, `sum(instance('places')/root/item[region = 'north']/population)`, "", "", 380.0, "D-data Aggregates, L Look up values"},
}

// edges are further figures for the same record.
var edges = []worked{
	{0, `decimal-date-time(${started})`, "", "", 20780.0416666667, "S decimal-date-time: 01:00 in UTC"},
	{0, `decimal-time(${arrival})`, "", "", 0.3854166667, "S decimal-time"},
	{0, `${visit_date} > ${last_visit}`, "", "", true, "S Operators"},
	{0, `${visit_date} >= today() - 7`, "", "", true, "S Operators"},
	{0, `${visit_date} = 20777`, "", "", true, "S number; R4"},
	{0, `number('1969-12-31')`, "", "", -1.0, "S number; R4"},
	{0, `format-date(${held_women}, '%Y')`, "", "", "", "E; S silent"},
	{0, `format-date-time(${started}, '%d.%m.%Y %H:%M')`, "", "", "23.11.2026 06:00", "S format-date-time"},
	{0, `if(${held_women}, 'a', 'b')`, "", "", "b", "R2"},
	{0, `round(2.5)`, "", "", 3.0, "X 4.4; R5"},
	{0, `round(-2.5)`, "", "", -2.0, "X 4.4; R5"},
	{0, `round(1250, -2)`, "", "", 1300.0, "X 4.4; R5"},
	{0, `int(-3.7)`, "", "", -3.0, "S int"},
	{0, `int('')`, "", "", nan, "S int"},
	{0, `string(0.1 + 0.2)`, "", "", "0.30000000000000004", "X 4.2"},
	{0, `string(4.50)`, "", "", "4.5", "X 4.2"},
	{0, `string(-0)`, "", "", "0", "X 4.2"},
	{0, `string(1000000000000 * 10000000000)`, "", "", "10000000000000000000000", "X 4.2; R12"},
	{0, `coalesce(${harm}, ${held_women})`, "", "", "", "S coalesce"},
	{0, `once(random())`, "", "0.25", "0.25", "S once"},
	{0, `digest('visit-17', 'SHA-256', 'hex')`, "", "", "31ca80e94f183d88c86391e4d3f7689886885ef96908c923905b4d256cbca631", "S digest"},
	{0, `base64-decode('0JDRiNGF0LDQsdCw0LQ=')`, "", "", "Ашхабад", "S base64-decode"},
	{0, `checklist(1, 2, 1, 0, 1)`, "", "", true, "S; R6"},
	{0, `weighted-checklist(3, -1, 1, 2, 1, 2)`, "", "", true, "S; R6"},
	{0, `round(distance('0 0 0 0; 0 1 0 0'))`, "", "", 111319.0, "S distance"},
	{0, `count(${cell}[defect/grade >= 2])`, "", "", 1.0, "X 2.4, 3.4"},
	{0, `pulldata('places', 'label', 'name', 'p9')`, "", "", "", "S pulldata"},
	{0, `not(${persons} = 6)`, "", "", false, "X 3.4"},
}

func TestWorkedExamples(t *testing.T) {
	for _, w := range examples {
		t.Run(fmt.Sprintf("%d %s", w.no, w.source), w.holds)
	}
}

func TestEdgesOfTheSameRecord(t *testing.T) {
	for _, w := range edges {
		t.Run(w.source, w.holds)
	}
}

func TestSixtyExamplesAreThere(t *testing.T) {
	for i, no := 0, 1; no <= 60; no++ {
		for i < len(examples) && examples[i].no < no {
			i++
		}
		if i == len(examples) || examples[i].no != no {
			t.Errorf("example %d is missing", no)
		}
	}
}

func (w worked) holds(t *testing.T) {
	world := garayol()
	s := Scope{World: world, Node: world.at(w.on)}
	if w.own != "" {
		s.Own = &w.own
	}
	v, err := compiled(t, w.source).Eval(s)
	if err != nil {
		t.Fatal(err)
	}
	if !gives(v, w.want) {
		t.Errorf("gives %#v %q, want %#v (%s)", v.Kind(), v.Text(), w.want, w.from)
	}
}

// gives compares a value with what is wanted. A set of nodes counts as its text.
func gives(v Value, want any) bool {
	switch want := want.(type) {
	case string:
		return (v.Kind() == Text || v.Kind() == Nodes) && v.Text() == want
	case bool:
		return v.Kind() == Bool && v.Bool() == want
	case float64:
		n := v.Number()
		return v.Kind() == Number && (n == want || math.IsNaN(n) && math.IsNaN(want) || math.Abs(n-want) < 1e-9)
	}
	return false
}

func TestChoiceNamesFollowTheLanguageShown(t *testing.T) {
	w := garayol()
	w.tongue = "ru"
	if got := w.eval(t, `jr:choice-name(selected-at(${issues}, 1), '${issues}')`, "").Text(); got != "Отопление" {
		t.Errorf("example 38 in Russian gives %q", got)
	}
}

func TestWhatIsStored(t *testing.T) {
	for source, want := range map[string]string{
		`${held} + ${held_women}`: "", `7 div 0`: "", `-7 div 0`: "", `round(${held} div ${capacity} * 100, 1)`: "125",
		`5 > 4 > 3`: "false", `${place}`: "Garaýol", `'NaN'`: "NaN", `0 div 0`: "", `-0`: "0",
	} {
		if got := garayol().eval(t, source, "").Stored(); got != want {
			t.Errorf("%s stores %q, want %q", source, got, want)
		}
	}
}
