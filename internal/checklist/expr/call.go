package expr

import (
	"math"
	"strings"
)

// functions is what the names in signatures do.
var functions = map[string]func(*machine, *call) (Value, error){
	"string":           callString,
	"concat":           callConcat,
	"join":             callJoin,
	"substr":           callSubstr,
	"substring-before": callSubstringBefore,
	"substring-after":  callSubstringAfter,
	"translate":        callTranslate,
	"string-length":    callStringLength,
	"normalize-space":  callNormalizeSpace,
	"contains":         onTexts(strings.Contains),
	"starts-with":      onTexts(strings.HasPrefix),
	"ends-with":        onTexts(strings.HasSuffix),
	"regex":            callRegex,
	"digest":           callDigest,
	"base64-decode":    callBase64Decode,
	"extract-signed":   callExtractSigned,
	"uuid":             callUUID,
	"pulldata":         callPulldata,

	"if":                  callIf,
	"coalesce":            callCoalesce,
	"once":                callOnce,
	"true":                callTrue,
	"false":               callFalse,
	"not":                 callNot,
	"boolean":             callBoolean,
	"boolean-from-string": callBooleanFromString,
	"checklist":           callChecklist,
	"weighted-checklist":  callWeightedChecklist,

	"number":  onNumber(func(n float64) float64 { return n }),
	"int":     onNumber(math.Trunc),
	"round":   callRound,
	"floor":   onNumber(math.Floor),
	"ceiling": onNumber(math.Ceil),
	"abs":     onNumber(math.Abs),
	"sqrt":    onNumber(math.Sqrt),
	"exp":     onNumber(math.Exp),
	"exp10":   onNumber(func(n float64) float64 { return math.Pow(10, n) }),
	"log":     onNumber(math.Log),
	"log10":   onNumber(math.Log10),
	"pow":     onNumbers(math.Pow),
	"sin":     onNumber(math.Sin),
	"cos":     onNumber(math.Cos),
	"tan":     onNumber(math.Tan),
	"asin":    onNumber(math.Asin),
	"acos":    onNumber(math.Acos),
	"atan":    onNumber(math.Atan),
	"atan2":   onNumbers(math.Atan2),
	"pi":      callPi,
	"random":  callRandom,
	"sum":     callSum,
	"max":     extreme(func(n, best float64) bool { return n > best }),
	"min":     extreme(func(n, best float64) bool { return n < best }),

	"count":           callCount,
	"count-non-empty": callCountNonEmpty,
	"position":        callPosition,
	"last":            callLast,
	"indexed-repeat":  callIndexedRepeat,
	"instance":        callInstance,
	"current":         callCurrent,
	"randomize":       callRandomize,

	"today":             callToday,
	"now":               callNow,
	"date":              callDate,
	"date-time":         callDateTime,
	"decimal-date-time": callDecimalDateTime,
	"decimal-time":      callDecimalTime,
	"format-date":       callFormatDate,
	"format-date-time":  callFormatDateTime,

	"selected":       callSelected,
	"selected-at":    callSelectedAt,
	"count-selected": callCountSelected,
	"jr:choice-name": callChoiceName,

	"area":       callArea,
	"distance":   callDistance,
	"geofence":   callGeofence,
	"intersects": callIntersects,
}

func (c *call) eval(m *machine) (Value, error) {
	if err := m.spend(1); err != nil {
		return Value{}, err
	}
	return c.do(m, c)
}

func (c *call) failure(text string) error { return &Failure{At: c.at, Function: c.name, Text: text} }

func (m *machine) remark(c *call, text string) {
	if m.note != nil {
		m.note(Note{At: c.at, Function: c.name, Text: text})
	}
}

// textOf is the i-th argument as text.
func (m *machine) textOf(c *call, i int) (string, error) {
	v, err := c.args[i].eval(m)
	if err != nil {
		return "", err
	}
	return m.text(v)
}

// twoTexts are the first two arguments as texts.
func (m *machine) twoTexts(c *call) (a, b string, err error) {
	if a, err = m.textOf(c, 0); err == nil {
		b, err = m.textOf(c, 1)
	}
	return a, b, err
}

// numberAt is the i-th argument as a number.
func (m *machine) numberAt(c *call, i int) (float64, error) {
	v, err := c.args[i].eval(m)
	if err != nil {
		return 0, err
	}
	return m.number(v)
}

// nodesAt is the i-th argument as nodes.
func (m *machine) nodesAt(c *call, i int) ([]Node, error) {
	v, err := c.args[i].eval(m)
	if err == nil && v.kind != Nodes {
		err = c.failure("needs a question or repeat, not a text or number")
	}
	return v.nodes, err
}

// ownText is the value of `.`: what a function takes whose argument is left out.
func (m *machine) ownText() (string, error) {
	if m.own != nil && m.context == m.bearer {
		return *m.own, m.spendText(len(*m.own))
	}
	s := firstText(m.here(m.context))
	return s, m.spendText(len(s))
}

// each gives the values of the arguments from the i-th on, one by one: of a set all its nodes.
func (m *machine) each(c *call, from int, do func(Value) error) error {
	for i := from; i < len(c.args); i++ {
		v, err := c.args[i].eval(m)
		if err != nil {
			return err
		}
		if v.kind != Nodes {
			if err := do(v); err != nil {
				return err
			}
			continue
		}
		for _, n := range v.nodes {
			if err := m.spend(1); err != nil {
				return err
			}
			if err := do(textValue(nodeText(n))); err != nil {
				return err
			}
		}
	}
	return nil
}

// onTexts makes a function of two texts that says yes or no.
func onTexts(f func(a, b string) bool) func(*machine, *call) (Value, error) {
	return func(m *machine, c *call) (Value, error) {
		a, b, err := m.twoTexts(c)
		return boolValue(f(a, b)), err
	}
}

func onNumber(f func(float64) float64) func(*machine, *call) (Value, error) {
	return func(m *machine, c *call) (Value, error) {
		n, err := m.numberAt(c, 0)
		return numberValue(f(n)), err
	}
}

func onNumbers(f func(a, b float64) float64) func(*machine, *call) (Value, error) {
	return func(m *machine, c *call) (Value, error) {
		a, err := m.numberAt(c, 0)
		if err != nil {
			return Value{}, err
		}
		b, err := m.numberAt(c, 1)
		return numberValue(f(a, b)), err
	}
}
