package expr

import (
	"math"
	"strconv"
	"strings"
)

func callPi(*machine, *call) (Value, error) { return numberValue(math.Pi), nil }

func callRandom(m *machine, _ *call) (Value, error) { return numberValue(m.world.Random()), nil }

func callRound(m *machine, c *call) (Value, error) {
	n, err := m.numberAt(c, 0)
	if err != nil {
		return Value{}, err
	}
	places := 0.0
	if len(c.args) == 2 {
		if places, err = m.numberAt(c, 1); err != nil {
			return Value{}, err
		}
	}
	if math.IsNaN(places) {
		return numberValue(math.NaN()), nil
	}
	return numberValue(round(n, int(min(max(places, -400), 400)))), nil
}

// round rounds the decimal text of a number, halves towards positive infinity
// (ruling R5): 1.005 to two places gives 1.01, -2.5 gives -2.
func round(n float64, places int) float64 {
	if math.IsNaN(n) || math.IsInf(n, 0) || n == 0 {
		return n
	}
	negative := n < 0
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(math.Abs(n), 'f', -1, 64), ".")
	digits, cut := whole+fraction, len(whole)+places
	if cut >= len(digits) {
		return n
	}
	if cut < 0 {
		return math.Copysign(0, n)
	}
	kept, next, rest := digits[:cut], digits[cut], strings.Trim(digits[cut+1:], "0")
	up := next >= '5'
	if negative && next == '5' && rest == "" {
		up = false
	}
	out, err := strconv.ParseFloat("0"+lift(kept, up)+"e"+strconv.Itoa(-places), 64)
	if err != nil {
		return n // rounded beyond the largest number
	}
	if negative {
		out = -out
	}
	return out
}

// lift adds one to a row of digits.
func lift(digits string, up bool) string {
	if !up {
		return digits
	}
	out := []byte("0" + digits)
	for i := len(out) - 1; i >= 0; i-- {
		if out[i] != '9' {
			out[i]++
			break
		}
		out[i] = '0'
	}
	return string(out)
}

func callSum(m *machine, c *call) (Value, error) {
	sum := 0.0
	err := m.each(c, 0, func(v Value) error {
		n, err := m.number(v)
		sum += n
		return err
	})
	return numberValue(sum), err
}

// extreme makes max and min. No values, or one that is no number, give NaN.
func extreme(better func(n, best float64) bool) func(*machine, *call) (Value, error) {
	return func(m *machine, c *call) (Value, error) {
		best, count := math.NaN(), 0
		err := m.each(c, 0, func(v Value) error {
			n, err := m.number(v)
			if count == 0 || math.IsNaN(n) || better(n, best) {
				best = n // a NaN stays: nothing is better than it
			}
			count++
			return err
		})
		return numberValue(best), err
	}
}
