package look

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// shapesOf gives the shapes of a class.
func shapesOf(d Drawing, class string) (out []Shape) {
	for _, s := range d.Shapes {
		if s.Class == class {
			out = append(out, s)
		}
	}
	return out
}

// saidBy are the words of a drawing.
func saidBy(d Drawing) (out []string) {
	for _, s := range d.Shapes {
		if len(s.Text) > 0 {
			out = append(out, s.Text.String())
		}
	}
	return out
}

func someBars() Bars {
	return Bars{Told: Plain("Told"), Series: []KeyItem{{"c1", Plain("Minor")}, {"c2", Plain("Moderate")}, {"c3", Plain("Serious")}, {"c-over", Plain("Critical")}},
		Rows: []Bar{{Plain("2024"), []int{10, 20, 30, 0}}, {Plain("A name that is far too long for one line of the picture"), []int{5, 0, 0, 5}}}}
}

func TestBarsSayTheirNumbers(t *testing.T) {
	d := someBars().Drawing(reader("en"))
	for _, s := range []string{"2024", "60", "10", "20", "30", "5"} {
		if !slices.Contains(saidBy(d), s) {
			t.Errorf("%s is not said: %q", s, saidBy(d))
		}
	}
	first, second := shapesOf(d, "c1"), shapesOf(d, "c2")
	if len(first) != 2 || len(second) != 1 || math.Abs(first[0].W*2-second[0].W) > 2 {
		t.Errorf("the segments are %v and %v", first, second)
	}
	if len(shapesOf(d, "hatch")) < 5 {
		t.Error("the third series has no hatch")
	}
	words := strings.Join(saidBy(d), " ")
	for _, w := range strings.Fields("A name that is far too long for one line of the picture") {
		if !strings.Contains(words, w) {
			t.Errorf("%q of a long name is cut off", w)
		}
	}
}

func TestNamesKeepTheirOrderInADrawing(t *testing.T) {
	b := Bars{Series: someBars().Series, Rows: []Bar{{Plain("3 مايو 2021"), []int{1}}}}
	if !slices.Contains(saidBy(b.Drawing(reader("ar"))), "\u20683 مايو 2021\u2069") {
		t.Errorf("%q", saidBy(b.Drawing(reader("ar"))))
	}
}

func TestWholeBarsCompareShares(t *testing.T) {
	b := someBars()
	b.Whole = true
	d := b.Drawing(reader("en"))
	ends := map[float64]float64{}
	for _, s := range d.Shapes {
		if s.H > 0 {
			ends[s.Y] = max(ends[s.Y], s.X+s.W)
		}
	}
	var all []float64
	for _, x := range ends {
		all = append(all, x)
	}
	if len(all) != 2 || math.Abs(all[0]-all[1]) > 0.3 {
		t.Errorf("the bars end at %v", all)
	}
	if !slices.Contains(saidBy(d), "50%") {
		t.Error("there is no scale of shares")
	}
}

func TestADrawingKeepsWithinItself(t *testing.T) {
	start := time.Date(2018, 3, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(rt *rapid.T) {
		b := Bars{Series: someBars().Series, Whole: rapid.Bool().Draw(rt, "whole")}
		for range rapid.IntRange(0, 6).Draw(rt, "rows") {
			b.Rows = append(b.Rows, Bar{Typed(rapid.StringN(0, 30, 90).Draw(rt, "name")), rapid.SliceOfN(rapid.IntRange(-1, 90000), 0, 5).Draw(rt, "values")})
		}
		c := Course{LimitName: Plain("Limit")}
		for range rapid.IntRange(0, 12).Draw(rt, "marks") {
			n := rapid.IntRange(0, 5000).Draw(rt, "n")
			c.Marks = append(c.Marks, Mark{At: start.AddDate(0, 0, rapid.IntRange(0, 4000).Draw(rt, "day")), Value: n, Over: n > 300, Label: Plain("n")})
		}
		for range rapid.IntRange(0, 3).Draw(rt, "limits") {
			c.Limits = append(c.Limits, Limit{start.AddDate(0, 0, rapid.IntRange(-900, 5000).Draw(rt, "from")), rapid.IntRange(0, 900).Draw(rt, "limit")})
		}
		for _, d := range []Drawing{b.Drawing(reader("ru")), c.Drawing(reader("ar"))} {
			inside := func(x, y float64) {
				if x < 0 || y < 0 || x > float64(d.Width) || y > float64(d.Height) || math.IsNaN(x+y) {
					rt.Fatalf("%v %v lies outside of %d x %d", x, y, d.Width, d.Height)
				}
			}
			for _, s := range d.Shapes {
				inside(s.X, s.Y)
				inside(s.X+s.W+s.R, s.Y+s.H+s.R)
				for i := 0; i+1 < len(s.Points); i += 2 {
					inside(s.Points[i], s.Points[i+1])
				}
			}
		}
	})
}

func TestTicksAreRound(t *testing.T) {
	for most, want := range map[int][]int{1: {0, 1}, 5: {0, 1, 2, 3, 4, 5}, 7: {0, 2, 4, 6}, 60: {0, 20, 40, 60}, 411: {0, 100, 200, 300, 400}, 24000: {0, 5000, 10000, 15000, 20000}} {
		if got := ticks(most); !slices.Equal(got, want) {
			t.Errorf("%d: %v", most, got)
		}
	}
}

func TestACourseAgainstItsLimit(t *testing.T) {
	day := func(y, m int) time.Time { return time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC) }
	c := Course{Told: Plain("Told"), LimitName: Plain("Official capacity"), Limits: []Limit{{day(2022, 6), 350}, {day(2012, 1), 300}},
		Marks: []Mark{{day(2026, 2), 411, true, Plain("411")}, {day(2018, 4), 276, false, Plain("276")}, {day(2021, 5), 291, false, Plain("291")}, {day(2021, 6), 291, false, Plain("x")}, {day(2021, 7), 291, false, Plain("y")}}}
	d := c.Drawing(reader("en"))
	line := shapesOf(d, "c-line")[0].Points
	for i := 2; i < len(line); i += 2 {
		if line[i] < line[i-2] {
			t.Error("the line goes back in time")
		}
	}
	if over := shapesOf(d, "c-over"); len(over) != 1 || !over[0].Closed {
		t.Errorf("what is above the limit has no shape of its own: %v", over)
	}
	limit := shapesOf(d, "c-mark")[0].Points
	if len(limit) != 8 || limit[1] <= limit[len(limit)-1] || limit[2] != limit[4] || limit[3] != limit[1] || limit[5] != limit[7] {
		t.Errorf("the limit does not step up once: %v", limit)
	}
	said := saidBy(d)
	for _, s := range []string{"276", "291", "411", "Official capacity", "2018", "2019", "2025", "2026", "x"} {
		if !slices.Contains(said, s) {
			t.Errorf("%s is not said: %q", s, said)
		}
	}
	if slices.Contains(said, "y") {
		t.Error("labels lie over each other")
	}
	wrong := Course{Marks: []Mark{{day(1, 1), 5, false, nil}, {day(9999, 12), 4_000_000_000, false, nil}}}
	if d := wrong.Drawing(reader("en")); len(d.Shapes) > 60 {
		t.Errorf("days that cannot be make a drawing of %d shapes", len(d.Shapes))
	}
	if d := (Course{}).Drawing(reader("en")); len(d.Shapes) != 0 {
		t.Error("nothing is drawn of nothing")
	}
}

func TestHeatIsByTheStrongest(t *testing.T) {
	h := Heat{Caption: Plain("Findings"), Head: []Text{Plain("Area"), Plain("2024"), Plain("2026")}, Rows: []HeatRow{{Plain("Health"), []int{0, 11}}, {Plain("Contact"), []int{1, 5}}}}
	page := drawnParts(t, h)
	for _, s := range []string{`<td class="b0"><span class="h-cell">0`, `<td class="b5"><span class="h-cell">11`, `<td class="b1"><span class="h-cell">1<`, `<td class="b3"><span class="h-cell">5`, `<th scope="row">Health`} {
		if !strings.Contains(page, s) {
			t.Errorf("%s is not in %s", s, page)
		}
	}
}
