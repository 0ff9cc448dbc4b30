package look

import (
	"strconv"
	"strings"
)

// Figure is a picture with what it says in words, and its table.
type Figure struct {
	// Finding states what the picture shows; Caption says of what and when.
	Finding, Caption Text
	Drawing          Drawing
	Key              []KeyItem
	// Table is the same as numbers: every picture has one.
	Table Ledger
	// Full takes the whole width of a grid.
	Full bool
}

// KeyItem names a series by the class of its fill, c1 to c4.
type KeyItem struct {
	Class string
	Text  Text
}

// Drawing is a chart: shapes by class of the style, with no colour of their own. Draw 440
// to 480 units wide for half a desk, 900 for a full one.
type Drawing struct {
	Width, Height int
	// Told is the finding, read aloud instead of the picture.
	Told   Text
	Shapes []Shape
}

// Shape is a box, a circle, a line, a path or words.
type Shape struct {
	Class string
	// Box: X, Y, W, H. Circle: X, Y, R. Words: X, Y, Text, Anchor.
	X, Y, W, H, R float64
	// Points make a line through x,y pairs; Closed fills it.
	Points []float64
	Closed bool
	Text   Text
	// Anchor is start, middle or end.
	Anchor string
	// Title is shown beside the pointer; the table has it too.
	Title Text
}

// Trace is the path of Points.
func (s Shape) Trace() string {
	var b strings.Builder
	for i := 0; i+1 < len(s.Points); i += 2 {
		if i == 0 {
			b.WriteByte('M')
		} else {
			b.WriteByte('L')
		}
		b.WriteString(coordinate(s.Points[i]) + " " + coordinate(s.Points[i+1]))
	}
	if s.Closed {
		b.WriteByte('Z')
	}
	return b.String()
}

func coordinate(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// Picture is a picture of our own that came with the program, as in the guide: never one of
// a record.
type Picture struct {
	Src string
	// Alt says what is to be seen; Caption stands under it.
	Alt, Caption  Text
	Width, Height int
}

// QR is a code to scan: rows of dark modules, with the quiet zone added by the style.
type QR struct {
	Rows  [][]bool
	Label Text
}

// Size is the number of modules in a row.
func (q QR) Size() int { return len(q.Rows) }

// Path draws every run of dark modules.
func (q QR) Path() string {
	var b strings.Builder
	for y, row := range q.Rows {
		for x := 0; x < len(row); x++ {
			from := x
			for x < len(row) && row[x] {
				x++
			}
			if n := strconv.Itoa(x - from); x > from {
				b.WriteString("M" + strconv.Itoa(from) + " " + strconv.Itoa(y) + "h" + n + "v1h-" + n + "z")
			}
		}
	}
	return b.String()
}

// SixWords are words to compare aloud.
type SixWords struct{ Words []string }

// Sheet is a printed document: its class above, paragraphs with numbers.
type Sheet struct {
	// Class stands at one end of the first line and Beside at the other.
	Class, Beside Text
	Heading       Text
	Body          []Part
}

// Numbered is a paragraph of a document that can be cited.
type Numbered struct {
	Number Text
	Text   Text
}

// Ruled is a question on a sheet that is printed and filled in by hand: lines to write on,
// or boxes to tick.
type Ruled struct {
	Text  Text
	Lines int
	Boxes []Text
}

// Rules are the lines, one after another.
func (r Ruled) Rules() []struct{} { return make([]struct{}, max(0, r.Lines)) }

func (Ruled) partial() string    { return "ruled" }
func (Figure) partial() string   { return "figure" }
func (Picture) partial() string  { return "picture" }
func (QR) partial() string       { return "qr" }
func (SixWords) partial() string { return "six-words" }
func (Sheet) partial() string    { return "sheet" }
func (Numbered) partial() string { return "numbered" }
