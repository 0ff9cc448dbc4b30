package expr

import (
	"math"
	"strings"
)

func callIf(m *machine, c *call) (Value, error) {
	v, err := c.args[0].eval(m)
	if err != nil {
		return v, err
	}
	if v.Bool() {
		return c.args[1].eval(m)
	}
	return c.args[2].eval(m)
}

func callCoalesce(m *machine, c *call) (Value, error) {
	s, err := m.textOf(c, 0)
	if s == "" && err == nil {
		s, err = m.textOf(c, 1)
	}
	return textValue(s), err
}

func callOnce(m *machine, c *call) (Value, error) {
	own := ""
	if m.own != nil {
		own = *m.own
	} else {
		own = firstText(m.here(m.bearer))
	}
	if own != "" {
		return textValue(own), m.spendText(len(own))
	}
	v, err := c.args[0].eval(m)
	if err != nil {
		return v, err
	}
	return textValue(v.Stored()), nil
}

func callTrue(*machine, *call) (Value, error)  { return boolValue(true), nil }
func callFalse(*machine, *call) (Value, error) { return boolValue(false), nil }

func callNot(m *machine, c *call) (Value, error) {
	v, err := c.args[0].eval(m)
	return boolValue(!v.Bool()), err
}

func callBoolean(m *machine, c *call) (Value, error) {
	v, err := c.args[0].eval(m)
	return boolValue(v.Bool()), err
}

func callBooleanFromString(m *machine, c *call) (Value, error) {
	s, err := m.textOf(c, 0)
	return boolValue(s == "true" || s == "1"), err
}

// yes is ruling R6: the text yes, or a number above 0.
func (m *machine) yes(v Value) (bool, error) {
	n, err := m.number(v)
	return n > 0 || v.kind != Number && v.Text() == "yes", err
}

// bounds are the first two arguments, and whether a sum lies between them.
func (m *machine) bounds(c *call) (within func(float64) bool, err error) {
	least, err := m.numberAt(c, 0)
	if err != nil {
		return nil, err
	}
	most, err := m.numberAt(c, 1)
	if err != nil {
		return nil, err
	}
	return func(n float64) bool {
		return (least == -1 || n >= least) && (most == -1 || n <= most)
	}, nil
}

func callChecklist(m *machine, c *call) (Value, error) {
	within, err := m.bounds(c)
	if err != nil {
		return Value{}, err
	}
	count := 0.0
	err = m.each(c, 2, func(v Value) error {
		yes, err := m.yes(v)
		if yes {
			count++
		}
		return err
	})
	return boolValue(err == nil && within(count)), err
}

func callWeightedChecklist(m *machine, c *call) (Value, error) {
	within, err := m.bounds(c)
	if err != nil {
		return Value{}, err
	}
	sum := 0.0
	for i := 2; i+1 < len(c.args); i += 2 {
		v, err := c.args[i].eval(m)
		if err != nil {
			return v, err
		}
		yes, err := m.yes(v.scalar())
		if err != nil {
			return v, err
		}
		weight, err := m.numberAt(c, i+1)
		if err != nil {
			return v, err
		}
		if yes {
			sum += weight
		}
	}
	return boolValue(within(sum)), nil
}

// words goes through the names in a select_multiple, until do says stop.
func words(list string, do func(word string) (more bool)) {
	for len(list) > 0 {
		start := strings.IndexFunc(list, notSpace)
		if start < 0 {
			return
		}
		list = list[start:]
		end := strings.IndexFunc(list, space)
		if end < 0 {
			end = len(list)
		}
		if !do(list[:end]) {
			return
		}
		list = list[end:]
	}
}

func notSpace(r rune) bool { return !space(r) }

func callSelected(m *machine, c *call) (Value, error) {
	list, value, err := m.twoTexts(c)
	value = strings.TrimFunc(value, space)
	found := false
	words(list, func(word string) bool {
		found = word == value // no word is empty: ruling R14
		return !found
	})
	return boolValue(found), err
}

func callSelectedAt(m *machine, c *call) (Value, error) {
	list, err := m.textOf(c, 0)
	if err != nil {
		return Value{}, err
	}
	at, err := m.numberAt(c, 1)
	if err != nil {
		return Value{}, err
	}
	at = math.Trunc(at)
	out, n := "", 0.0
	words(list, func(word string) bool {
		if n == at {
			out = word
		}
		n++
		return n <= at
	})
	return textValue(out), nil
}

func callCountSelected(m *machine, c *call) (Value, error) {
	list, err := m.textOf(c, 0)
	n := 0.0
	words(list, func(string) bool {
		n++
		return true
	})
	return numberValue(n), err
}

func callChoiceName(m *machine, c *call) (Value, error) {
	value, err := m.textOf(c, 0)
	value = strings.TrimFunc(value, space)
	if value == "" || err != nil {
		return textValue(""), err
	}
	label := m.world.ChoiceName(c.made.(string), m.bearer, value)
	return textValue(label), m.spendText(len(label))
}
