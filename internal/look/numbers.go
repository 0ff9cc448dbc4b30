package look

import (
	"math"
	"strconv"
	"strings"
)

// groupGap stands between thousands: a narrow no-break space, which keeps "48 213" in its
// order also between Arabic words, as a plain space would not.
const groupGap = "\u202f"

// Number is a whole number. Arabic keeps the digits of the registers and forms that it is
// compared with, 0 to 9, as the offices of the Maghreb write and as codes are written.
func (l *Locale) Number(n int) Text { return Plain(l.number(n)) }

func (l *Locale) number(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "\u2212", s[1:]
	}
	return sign + grouped(s)
}

// grouped sets gaps between thousands, from five digits on, so that years stay whole.
func grouped(digits string) string {
	if len(digits) < 5 {
		return digits
	}
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(groupGap)
		}
		b.WriteRune(d)
	}
	return b.String()
}

// Decimal is a number with as many digits after the comma, or, for -1, as many as it has.
func (l *Locale) Decimal(v float64, digits int) Text {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Plain("—")
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', digits, 64)
	before, after, ok := strings.Cut(s, ".")
	out := grouped(before)
	if ok {
		out += l.comma() + after
	}
	if v < 0 && strings.Trim(s, "0.") != "" {
		out = "\u2212" + out
	}
	return Code(out)
}

func (l *Locale) comma() string {
	switch l.Tag {
	case "ru", "uk", "tk":
		return ","
	}
	return "."
}

// Percent is a share of one as whole percent, "91%" or "91 %" as the language has it.
func (l *Locale) Percent(share float64) Text {
	n := l.number(int(math.Round(share * 100)))
	switch l.Tag {
	case "ru", "uk":
		return Code(n + "\u00a0%")
	}
	return Code(n + "%")
}

// Of is "7 / 12": a count says of how many.
func (l *Locale) Of(n, of int) Text { return Code(l.number(n) + " / " + l.number(of)) }

// Measure is a number with its unit, which never part at the end of a line. The unit is a
// code as m2, m, min, h, d, C, lx, or any word, which is shown as it is.
func (l *Locale) Measure(v float64, unit string) Text {
	number := l.Decimal(v, -1)
	if unit == "" {
		return number
	}
	return wrapped("<bdi>", Text{{number.HTML() + "\u00a0", number.String() + "\u00a0"}, l.Unit(unit)[0]}, "</bdi>")
}

// Unit is what stands behind a number for the code of a unit.
func (l *Locale) Unit(unit string) Text {
	names := map[string]Key{"m2": "unit.m2", "m3": "unit.m3", "m": "unit.m", "cm": "unit.cm", "min": "unit.min", "h": "unit.h",
		"d": "unit.d", "C": "unit.celsius", "°C": "unit.celsius", "lx": "unit.lx", "%": "unit.percent", "persons": "unit.persons", "l": "unit.litre", "kcal": "unit.kcal", "dB": "unit.db", "ppm": "unit.ppm"}
	if k, ok := names[unit]; ok {
		return l.Say(k)
	}
	return Typed(unit)
}

// Bytes is the size of a file, in steps of 1000 as people's other devices say it.
func (l *Locale) Bytes(n int64) Text {
	step := Key("unit.byte")
	v := float64(n)
	for _, next := range []Key{"unit.kb", "unit.mb", "unit.gb", "unit.tb"} {
		if v < 1000 {
			break
		}
		v, step = v/1000, next
	}
	digits := 0
	if v < 10 && step != "unit.byte" && v != math.Trunc(v) {
		digits = 1
	}
	return Spaced(wrapped("<bdi>", append(l.Decimal(v, digits), append(Plain("\u00a0"), l.Say(step)...)...), "</bdi>"))
}

// List is "a, b and c".
func (l *Locale) List(items ...Text) (out Text) {
	for i, item := range items {
		switch {
		case i == 0:
		case i == len(items)-1:
			out = append(out, l.Say("list.last")...)
		default:
			out = append(out, l.Say("list.next")...)
		}
		out = append(out, item...)
	}
	return out
}
