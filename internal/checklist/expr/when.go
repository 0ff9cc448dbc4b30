package expr

import (
	"fmt"
	"math"
	"strings"
	"time"
)

func callToday(m *machine, _ *call) (Value, error) {
	return textValue(m.now().Format(dateForm)), nil
}

func callNow(m *machine, _ *call) (Value, error) {
	return textValue(m.now().Format(instantForm)), nil
}

func callDate(m *machine, c *call) (Value, error) {
	v, err := c.args[0].eval(m)
	if err != nil {
		return v, err
	}
	t, r := m.day(v)
	return m.dated(c, t, r, dateForm)
}

func callDateTime(m *machine, c *call) (Value, error) {
	v, err := c.args[0].eval(m)
	if err != nil {
		return v, err
	}
	t, r := m.instant(v)
	return m.dated(c, t, r, instantForm)
}

// dated writes what was read; what was no date gives empty and a note (ruling R7).
func (m *machine) dated(c *call, t time.Time, r reading, form string) (Value, error) {
	switch r {
	case readDate:
		return textValue(t.Format(form)), nil
	case readWrong:
		m.remark(c, "the value is not a date")
	}
	return textValue(""), nil
}

func callDecimalDateTime(m *machine, c *call) (Value, error) {
	v, err := c.args[0].eval(m)
	if err != nil {
		return v, err
	}
	n, err := m.number(v)
	return numberValue(n), err
}

// callDecimalTime gives the fraction of the local day.
func callDecimalTime(m *machine, c *call) (Value, error) {
	s, err := m.textOf(c, 0)
	if s = strings.TrimFunc(s, space); err != nil || s == "" {
		return numberValue(math.NaN()), err
	}
	if t, ok := parseDateTime(s, m.zone()); ok {
		t = t.In(m.zone())
		seconds := t.Hour()*3600 + t.Minute()*60 + t.Second()
		return numberValue(float64(seconds*1000+t.Nanosecond()/1e6) / dayMillis), nil
	}
	at, ok := parseClock(s)
	if !ok {
		m.remark(c, "the value is not a time")
		return numberValue(math.NaN()), nil
	}
	if at.hasOffset {
		_, local := m.now().Zone()
		at.millis = ((at.millis+(local-at.offset)*1000)%dayMillis + dayMillis) % dayMillis
	}
	return numberValue(float64(at.millis) / dayMillis), nil
}

func callFormatDate(m *machine, c *call) (Value, error) {
	return m.formatted(c, m.day)
}

func callFormatDateTime(m *machine, c *call) (Value, error) {
	return m.formatted(c, m.instant)
}

func (m *machine) formatted(c *call, read func(Value) (time.Time, reading)) (Value, error) {
	v, err := c.args[0].eval(m)
	if err != nil {
		return v, err
	}
	form, err := m.textOf(c, 1)
	if err != nil {
		return v, err
	}
	t, r := read(v.scalar())
	if r != readDate {
		return m.dated(c, t, r, "")
	}
	b := builder{m: m, c: c}
	rest := form
	for {
		plain, after, found := strings.Cut(rest, "%")
		if err := b.add(plain); err != nil {
			return v, err
		}
		if !found || after == "" {
			return textValue(b.String()), nil
		}
		part, ok := dateSign(after[0], t, m.world.Language())
		if rest = after[1:]; !ok {
			m.remark(c, "the form has a sign after % that does not exist")
			part, rest = "%", after // kept as it stands
		}
		if err := b.add(part); err != nil {
			return v, err
		}
	}
}

// The signs after % that format-date and format-date-time know.
const (
	daySigns  = "Yymnbdea%"
	timeSigns = daySigns + "HhMS3"
)

// dateSign writes what a sign after % stands for.
func dateSign(sign byte, t time.Time, language string) (string, bool) {
	switch sign {
	case 'Y':
		return t.Format("2006"), true
	case 'y':
		return t.Format("06"), true
	case 'm':
		return t.Format("01"), true
	case 'n':
		return t.Format("1"), true
	case 'b':
		return monthName(t.Month(), language), true
	case 'd':
		return t.Format("02"), true
	case 'e':
		return t.Format("2"), true
	case 'a':
		return dayName(t.Weekday(), language), true
	case 'H':
		return t.Format("15"), true
	case 'h':
		return fmt.Sprint(t.Hour()), true
	case 'M':
		return t.Format("04"), true
	case 'S':
		return t.Format("05"), true
	case '3':
		return fmt.Sprintf("%03d", t.Nanosecond()/1e6), true
	case '%':
		return "%", true
	}
	return "", false
}
