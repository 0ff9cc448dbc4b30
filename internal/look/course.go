package look

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Course is a number through time against a limit: a line with a mark for each time it was
// counted, and the limit as steps. A mark above the limit is a diamond, else it is round.
type Course struct {
	Marks []Mark
	// Limits hold from their day on, the first one also before.
	Limits []Limit
	// LimitName stands at the line of the limit.
	LimitName Text
	// Told is the finding, read aloud instead of the picture.
	Told Text
	// Width is 900 for a full desk where it is 0.
	Width int
}

// Mark is one count.
type Mark struct {
	At    time.Time
	Value int
	Over  bool
	// Label stands at the mark, where there is room for it.
	Label Text
}

// Limit holds from a day on.
type Limit struct {
	From  time.Time
	Value int
}

// The ground of a course, in units of the drawing.
const (
	courseLeft, courseTop  = 56.0, 26.0
	courseHigh, courseTail = 132.0, 24.0
	labelApart             = 40.0
)

// ground says where a day and a number lie; it holds whole years.
type ground struct {
	from, to time.Time
	right    float64
	most     int
}

func (g ground) x(at time.Time) float64 {
	inside := 14.0 // so that a mark at the edge is whole
	return courseLeft + inside + (g.right-courseLeft-2*inside)*float64(at.Sub(g.from))/float64(g.to.Sub(g.from))
}

func (g ground) y(n int) float64 {
	return courseTop + courseHigh*(1-float64(n)/float64(g.most))
}

// Drawing draws the course.
func (c Course) Drawing(l *Locale) Drawing {
	width := cmp.Or(c.Width, 900)
	d := Drawing{Width: width, Height: int(courseTop + courseHigh + courseTail), Told: c.Told}
	if len(c.Marks) == 0 {
		return d
	}
	marks := slices.SortedStableFunc(slices.Values(c.Marks), func(a, b Mark) int { return a.At.Compare(b.At) })
	first, last := marks[0].At.In(l.Zone).Year(), marks[len(marks)-1].At.In(l.Zone).Year()
	g := ground{newYear(first, l.Zone), newYear(last+1, l.Zone), float64(width) - 8, c.most()}
	d.Shapes = append(g.scale(l), g.years(first, last, l.Zone)...)
	d.Shapes = append(d.Shapes, c.limit(g)...)
	line := Shape{Class: "c-line"}
	for _, m := range marks {
		line.Points = append(line.Points, tenth(g.x(m.At)), tenth(g.y(m.Value)))
	}
	if len(marks) > 1 {
		d.Shapes = append(d.Shapes, line)
	}
	for _, m := range marks {
		d.Shapes = append(d.Shapes, g.mark(m))
	}
	d.Shapes = append(d.Shapes, g.labels(marks)...)
	return d
}

// most is the top of the scale: a round number above all.
func (c Course) most() int {
	most := 1
	for _, m := range c.Marks {
		most = max(most, m.Value)
	}
	for _, s := range c.Limits {
		most = max(most, s.Value)
	}
	step := ticks(most)
	if len(step) > 1 && step[len(step)-1] < most {
		return step[len(step)-1] + step[1]
	}
	return most
}

// scale are the lines of the numbers.
func (g ground) scale(l *Locale) (out []Shape) {
	for _, n := range ticks(g.most) {
		y := tenth(g.y(n))
		out = append(out, Shape{Class: "grid", Points: []float64{courseLeft, y, g.right, y}}, Shape{X: courseLeft - 8, Y: y + 4, Text: l.Number(n), Anchor: "end"})
	}
	return out
}

// years are the lines between years, each year named in its middle; of many, every second
// one, or third.
func (g ground) years(first, last int, zone *time.Location) (out []Shape) {
	bottom := courseTop + courseHigh
	every := 1 + (last-first)/15
	for year := first; year <= last; year += every {
		from, to := g.x(newYear(year, zone)), g.x(newYear(year+1, zone))
		if year > first {
			out = append(out, Shape{Class: "grid", Points: []float64{tenth(from), bottom, tenth(from), bottom + 10}})
		}
		out = append(out, Shape{X: tenth((from + to) / 2), Y: bottom + 18, Text: Plain(fmt.Sprint(year)), Anchor: "middle"})
	}
	return out
}

func newYear(year int, zone *time.Location) time.Time {
	return time.Date(year, time.January, 1, 0, 0, 0, 0, zone)
}

// limit are the steps of the limit, with its name where it begins.
func (c Course) limit(g ground) (out []Shape) {
	if len(c.Limits) == 0 {
		return nil
	}
	all := slices.SortedStableFunc(slices.Values(c.Limits), func(a, b Limit) int { return a.From.Compare(b.From) })
	line := Shape{Class: "c-mark", Points: []float64{courseLeft, tenth(g.y(all[0].Value))}}
	for i, s := range all[1:] {
		x := tenth(min(max(g.x(s.From), courseLeft), g.right))
		line.Points = append(line.Points, x, tenth(g.y(all[i].Value)), x, tenth(g.y(s.Value)))
	}
	last := all[len(all)-1]
	line.Points = append(line.Points, g.right, tenth(g.y(last.Value)))
	return []Shape{line, {Class: "halo", X: g.right, Y: tenth(g.y(last.Value) + 17), Text: c.LimitName, Anchor: "end"}}
}

func (g ground) mark(m Mark) Shape {
	x, y := tenth(g.x(m.At)), tenth(g.y(m.Value))
	if m.Over {
		return Shape{Class: "c-over", Points: []float64{x, y - 7, x + 7, y, x, y + 7, x - 7, y}, Closed: true}
	}
	return Shape{Class: "c2", X: x, Y: y, R: 6}
}

// labels stand over marks above the limit and under the others, else on the other side; a
// mark that is too near to two others has its number in the table alone.
func (g ground) labels(marks []Mark) (out []Shape) {
	far := -labelApart
	over, under := far, far
	for _, m := range marks {
		x, y := g.x(m.At), g.y(m.Value)
		up := m.Over || y > courseTop+courseHigh-26
		side, other := &under, &over
		if up {
			side, other = &over, &under
		}
		if x-*side < labelApart {
			up, side = !up, other
		}
		if len(m.Label) == 0 || x-*side < labelApart || !up && y > courseTop+courseHigh-26 {
			continue
		}
		*side = x
		at := y + 22
		if up {
			at = y - 12
		}
		out = append(out, Shape{Class: "ct halo", X: tenth(x), Y: tenth(at), Text: m.Label, Anchor: "middle"})
	}
	return out
}
