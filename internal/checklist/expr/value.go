package expr

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// ValueKind says which of the four types of XPath 1.0 a Value has.
type ValueKind uint8

// The types. Dates are texts that convert to numbers.
const (
	Text ValueKind = iota
	Number
	Bool
	Nodes
)

// A Value is what an expression gave.
type Value struct {
	kind   ValueKind
	one    bool // of Nodes: only ever one, so that its text decides as a condition (R2)
	truth  bool
	number float64
	text   string
	nodes  []Node
}

func textValue(s string) Value      { return Value{kind: Text, text: s} }
func numberValue(n float64) Value   { return Value{kind: Number, number: n} }
func boolValue(b bool) Value        { return Value{kind: Bool, truth: b} }
func nodesValue(nodes []Node) Value { return Value{kind: Nodes, nodes: nodes} }

// Kind is the type.
func (v Value) Kind() ValueKind { return v.kind }

// Nodes is the node-set; nil for any other type. It is shared: do not change it.
func (v Value) Nodes() []Node { return v.nodes }

// Text converts as string() does (XPath 1.0, 4.2): of nodes, the text of the first.
func (v Value) Text() string {
	switch v.kind {
	case Number:
		return formatNumber(v.number)
	case Bool:
		return strconv.FormatBool(v.truth)
	case Nodes:
		return firstText(v.nodes)
	}
	return v.text
}

// Number converts as number() does (XPath 1.0, 4.4): a date gives days since
// 1970-01-01, a dateTime days with a fraction, what is no number NaN. A dateTime
// without an offset counts as UTC here; inside expressions, as local.
func (v Value) Number() float64 { return v.numberIn(time.UTC) }

func (v Value) numberIn(zone *time.Location) float64 {
	switch v.kind {
	case Number:
		return v.number
	case Bool:
		if v.truth {
			return 1
		}
		return 0
	}
	return numberOf(v.Text(), zone)
}

// Bool converts as boolean() does (XPath 1.0, 4.3), but that a single question
// counts by its text (ruling R2): an answered one is true, also when it says false.
func (v Value) Bool() bool {
	switch v.kind {
	case Number:
		return v.number != 0 && !math.IsNaN(v.number)
	case Bool:
		return v.truth
	case Nodes:
		if v.one && (len(v.nodes) == 0 || v.nodes[0].Kind() == Answer) {
			return firstText(v.nodes) != ""
		}
		return len(v.nodes) > 0
	}
	return v.text != ""
}

// Stored is the text to store as an answer: "" for NaN (ruling R10) and infinities.
func (v Value) Stored() string {
	if v.kind == Number && (math.IsNaN(v.number) || math.IsInf(v.number, 0)) {
		return ""
	}
	return v.Text()
}

// scalar is the value with a single question turned into its text.
func (v Value) scalar() Value {
	if v.kind == Nodes && v.one {
		return textValue(firstText(v.nodes))
	}
	return v
}

func firstText(nodes []Node) string {
	if len(nodes) == 0 {
		return ""
	}
	return nodeText(nodes[0])
}

// nodeText is the text of an answer, or of all answers in a group, cut at MaxText.
func nodeText(n Node) string {
	if n.Kind() == Answer {
		return n.Text()
	}
	var b strings.Builder
	gather(&b, n, MaxDepth)
	return b.String()
}

func gather(b *strings.Builder, n Node, depth int) {
	if n.Kind() == Answer {
		if t := n.Text(); b.Len()+len(t) <= MaxText {
			b.WriteString(t)
		}
		return
	}
	for _, c := range n.Children() {
		if depth > 0 {
			gather(b, c, depth-1)
		}
	}
}

// formatNumber writes a number as XPath 1.0, 4.2 says: no exponent, no point for
// integers, no sign on zero, the fewest digits that read back the same.
func formatNumber(n float64) string {
	switch {
	case math.IsNaN(n):
		return "NaN"
	case math.IsInf(n, 1):
		return "Infinity"
	case math.IsInf(n, -1):
		return "-Infinity"
	case n == 0:
		return "0"
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// numberOf reads a text as number() does.
func numberOf(s string, zone *time.Location) float64 {
	s = strings.Trim(s, " \t\r\n")
	if s == "" || !digit(rune(s[0])) && s[0] != '-' && s[0] != '.' {
		return math.NaN()
	}
	if n := parseNumber(s); !math.IsNaN(n) {
		return n
	}
	if day, ok := parseDay(s); ok {
		return float64(day.Unix() / daySeconds)
	}
	if t, ok := parseDateTime(s, zone); ok {
		return daysOf(t)
	}
	return math.NaN()
}

// parseNumber reads digits with an optional minus and an optional point; NaN else.
func parseNumber(s string) float64 {
	digits, point := 0, false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' && !point:
			point = true
		case c == '-' && i == 0:
		default:
			return math.NaN()
		}
	}
	if digits == 0 {
		return math.NaN()
	}
	n, _ := strconv.ParseFloat(s, 64) // beyond the range: an infinity, as IEEE 754 rounds it
	return n
}
