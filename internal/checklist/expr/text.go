package expr

import (
	"math"
	"strings"
	"unicode/utf8"
)

// builder collects a text, pays for it, and stops at MaxText.
type builder struct {
	strings.Builder
	m *machine
	c *call
}

func (b *builder) add(s string) error {
	if b.Len()+len(s) > MaxText {
		return b.c.failure("the text would be longer than 1 MiB")
	}
	b.WriteString(s)
	return b.m.spendText(len(s))
}

func callString(m *machine, c *call) (Value, error) {
	s, err := m.textOf(c, 0)
	return textValue(s), err
}

func callConcat(m *machine, c *call) (Value, error) {
	b := builder{m: m, c: c}
	err := m.each(c, 0, func(v Value) error { return b.add(v.Text()) })
	return textValue(b.String()), err
}

func callJoin(m *machine, c *call) (Value, error) {
	separator, err := m.textOf(c, 0)
	if err != nil {
		return Value{}, err
	}
	b, first := builder{m: m, c: c}, true
	err = m.each(c, 1, func(v Value) error {
		if !first {
			if err := b.add(separator); err != nil {
				return err
			}
		}
		first = false
		return b.add(v.Text())
	})
	return textValue(b.String()), err
}

func callSubstr(m *machine, c *call) (Value, error) {
	s, err := m.textOf(c, 0)
	if err != nil {
		return Value{}, err
	}
	from, err := m.numberAt(c, 1)
	if err != nil {
		return Value{}, err
	}
	to := math.Inf(1)
	if len(c.args) == 3 {
		if to, err = m.numberAt(c, 2); err != nil {
			return Value{}, err
		}
	}
	return textValue(substr(s, from, to)), nil
}

// substr counts characters from 0, below 0 from the end. What is no number gives nothing.
func substr(s string, from, to float64) string {
	if math.IsNaN(from) || math.IsNaN(to) {
		return ""
	}
	length := float64(utf8.RuneCountInString(s))
	within := func(n float64) int {
		if n = math.Trunc(n); n < 0 {
			n += length
		}
		return int(min(max(n, 0), length))
	}
	first, end := within(from), within(to)
	if first >= end {
		return ""
	}
	start, stop, n := len(s), len(s), 0
	for i := range s {
		if n == first {
			start = i
		}
		if n == end {
			stop = i
			break
		}
		n++
	}
	return s[start:stop]
}

func callSubstringBefore(m *machine, c *call) (Value, error) {
	s, part, err := m.twoTexts(c)
	before, _, found := strings.Cut(s, part)
	if !found {
		before = ""
	}
	return textValue(before), err
}

func callSubstringAfter(m *machine, c *call) (Value, error) {
	s, part, err := m.twoTexts(c)
	_, after, _ := strings.Cut(s, part)
	return textValue(after), err
}

func callTranslate(m *machine, c *call) (Value, error) {
	s, from, err := m.twoTexts(c)
	if err != nil {
		return Value{}, err
	}
	to, err := m.textOf(c, 2)
	if err != nil {
		return Value{}, err
	}
	if err := m.spend(len(s)/16 + len(from)/4); err != nil {
		return Value{}, err
	}
	s = translate(s, from, to)
	if len(s) > MaxText {
		err = c.failure("the text would be longer than 1 MiB")
	}
	return textValue(s), err
}

func translate(s, from, to string) string {
	partners, target := make(map[rune]rune, len(from)), []rune(to)
	n := 0
	for _, r := range from {
		partner := rune(-1) // strings.Map drops it
		if n < len(target) {
			partner = target[n]
		}
		if _, ok := partners[r]; !ok {
			partners[r] = partner
		}
		n++
	}
	return strings.Map(func(r rune) rune {
		if partner, ok := partners[r]; ok {
			return partner
		}
		return r
	}, s)
}

// first is the argument, or the question's own value where it is left out.
func (m *machine) first(c *call) (string, error) {
	if len(c.args) == 0 {
		return m.ownText()
	}
	return m.textOf(c, 0)
}

func callStringLength(m *machine, c *call) (Value, error) {
	s, err := m.first(c)
	return numberValue(float64(utf8.RuneCountInString(s))), err
}

func callNormalizeSpace(m *machine, c *call) (Value, error) {
	s, err := m.first(c)
	return textValue(strings.Join(strings.FieldsFunc(s, space), " ")), err
}

// space is white space as XML has it.
func space(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }
