package look

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Charts are drawn here and nowhere else: from left to right in every language, by the
// classes of the style alone, so that they can be read in the dark and on paper. What a
// colour says is said by a word, a number or a hatch too.

// Bars are stacked bars, one under another.
type Bars struct {
	// Series are the segments of each bar, by class and name; the third is hatched.
	Series []KeyItem
	Rows   []Bar
	// Whole stretches every bar to the full length, so that shares can be compared; the
	// number at its end is what it is the whole of.
	Whole bool
	// Told is the finding, read aloud instead of the picture.
	Told Text
	// Width is 480 for half a desk where it is 0, or 900 for a full one.
	Width int
}

// Bar is one of them: a value for each series.
type Bar struct {
	Name   Text
	Values []int
}

// Sum is the length of the bar.
func (b Bar) Sum() (n int) {
	for _, v := range b.Values {
		n += max(0, v)
	}
	return n
}

// Measures of bars, in units of the drawing.
const (
	barThick   = 26.0
	barApart   = 12.0
	barsTop    = 8.0
	nameLine   = 15.0 // from one line of a name to the next
	letterWide = 7.8  // a letter of a name, in the widest script
	sumWide    = 54.0 // the number at the end of a bar
)

// Drawing draws the bars.
func (b Bars) Drawing(l *Locale) Drawing {
	width := float64(cmp.Or(b.Width, 480))
	names := b.nameWidth(width)
	d := Drawing{Width: int(width), Told: b.Told}
	long, most := width-names-sumWide, b.most()
	var rows []Shape
	y := barsTop
	for _, row := range b.Rows {
		lines := broken(row.Name.String(), int((names-10)/letterWide))
		high := max(barThick, nameLine*float64(len(lines)))
		for i, line := range lines {
			at := y + high/2 + 5 + nameLine*(float64(i)-float64(len(lines)-1)/2)
			rows = append(rows, Shape{Class: "ct", X: names - 10, Y: at, Text: isolated(l, line), Anchor: "end"})
		}
		rows = append(rows, b.segments(l, row, names, y+(high-barThick)/2, long, most)...)
		y += high + barApart
	}
	d.Height = int(y + 20)
	d.Shapes = append(b.axis(l, names, y, long, most), rows...)
	return d
}

func (b Bars) most() (n int) {
	for _, row := range b.Rows {
		n = max(n, row.Sum())
	}
	return max(1, n)
}

// nameWidth is the room for the names, at most two fifths of the drawing.
func (b Bars) nameWidth(width float64) float64 {
	longest := 0
	for _, row := range b.Rows {
		longest = max(longest, utf8.RuneCountInString(row.Name.String()))
	}
	return min(width*0.4, max(60, float64(longest)*letterWide+16))
}

// segments are the parts of a bar with their numbers, and the sum at its end.
func (b Bars) segments(l *Locale, row Bar, x, y, long float64, most int) (out []Shape) {
	whole := most
	if b.Whole {
		whole = max(1, row.Sum())
	}
	for i, v := range row.Values {
		if v <= 0 || i >= len(b.Series) {
			continue
		}
		w := long * float64(v) / float64(whole)
		class := b.Series[i].Class
		out = append(out, Shape{Class: class, X: tenth(x), Y: tenth(y), W: tenth(max(1, w-1)), H: barThick, Title: Dotted(b.Series[i].Text, l.Number(v))})
		if i == 2 {
			out = append(out, hatch(x, y, w-1)...)
		}
		if number := l.Number(v); w >= 8+float64(len(number.String()))*letterWide {
			out = append(out, Shape{Class: within(class, i), X: tenth(x + w/2), Y: tenth(y + 18), Text: number, Anchor: "middle"})
		}
		x += w
	}
	return append(out, Shape{Class: "ct", X: tenth(x + 8), Y: tenth(y + 18), Text: l.Number(row.Sum())})
}

// hatch are the strokes over a segment of the third series.
func hatch(x, y, w float64) (out []Shape) {
	for at := x + 4; at+6 < x+w; at += 7 {
		out = append(out, Shape{Class: "hatch", Points: []float64{tenth(at), tenth(y + barThick), tenth(at + 6), tenth(y)}})
	}
	return out
}

// within is the class of a number that stands on a fill.
func within(class string, series int) string {
	switch {
	case series == 2:
		return "ct halo" // which keeps the hatch off the digits
	case class == "c-lit", class == "c4":
		return "c-k0"
	case class == "g0", class == "g1", class == "g2":
		return "on-pale"
	}
	return "on-dark"
}

// axis are the lines behind the bars, with their numbers.
func (b Bars) axis(l *Locale, x, bottom, long float64, most int) (out []Shape) {
	tick := func(at float64, text Text) {
		out = append(out, Shape{Class: "grid", Points: []float64{tenth(at), 4, tenth(at), tenth(bottom - 4)}},
			Shape{X: tenth(at), Y: tenth(bottom + 12), Text: text, Anchor: "middle"})
	}
	if b.Whole {
		for _, share := range []float64{0, 0.5, 1} {
			tick(x+long*share, l.Percent(share))
		}
		return out
	}
	for _, n := range ticks(most) {
		tick(x+long*float64(n)/float64(most), l.Number(n))
	}
	return out
}

// ticks are round numbers from 0 to the most, three to six of them where there are so many.
func ticks(most int) (out []int) {
	step := 1
	for most/step > 5 {
		for _, by := range []int{2, 5, 10} { // 1, 2, 5, 10, 20, 50
			if next := magnitude(step) * by; next > step {
				step = next
				break
			}
		}
	}
	for n := 0; n <= most; n += step {
		out = append(out, n)
	}
	return out
}

// magnitude is the power of ten that a number begins with.
func magnitude(n int) int {
	m := 1
	for m*10 <= n {
		m *= 10
	}
	return m
}

// isolated is a name that keeps its own order in a drawing, which runs from left to right.
func isolated(l *Locale, s string) Text {
	if l.Direction() == "rtl" {
		s = "\u2068" + s + "\u2069" // FSI and PDI of Unicode's bidirectional algorithm
	}
	return Plain(s)
}

// broken breaks a name into lines of so many letters, at its spaces alone.
func broken(s string, most int) (lines []string) {
	for _, word := range strings.Fields(s) {
		last := len(lines) - 1
		if last >= 0 && utf8.RuneCountInString(lines[last])+1+utf8.RuneCountInString(word) <= most {
			lines[last] += " " + word
			continue
		}
		lines = append(lines, word)
	}
	if len(lines) == 0 {
		return []string{"—"}
	}
	return lines
}

// tenth rounds a coordinate: more digits only weigh.
func tenth(v float64) float64 {
	if v < 0 {
		return -tenth(-v)
	}
	return float64(int64(v*10+0.5)) / 10
}

// Heat is a table whose cells are the stronger the more they count.
type Heat struct {
	Caption Text
	// Head names the columns, the first that of the rows' names.
	Head []Text
	Rows []HeatRow
}

// HeatRow is a row of counts.
type HeatRow struct {
	Name   Text
	Values []int
}

// HeatCell is a cell as it is drawn.
type HeatCell struct {
	Text  Text
	Class string
}

// Cells are those of a row, by the strongest of the whole table.
func (h Heat) Cells(l *Locale, row HeatRow) (out []HeatCell) {
	most := 1
	for _, r := range h.Rows {
		most = max(most, slices.Max(append([]int{0}, r.Values...)))
	}
	for _, v := range row.Values {
		out = append(out, HeatCell{l.Number(v), []string{"b0", "b1", "b2", "b3", "b4", "b5"}[warmth(v, most)]})
	}
	return out
}

// warmth is the step of a count: 0 for none, 1 to 5 by its share of the most.
func warmth(v, most int) int {
	if v <= 0 {
		return 0
	}
	return min(5, 1+(v*5-1)/most)
}

func (Heat) partial() string { return "heat" }
